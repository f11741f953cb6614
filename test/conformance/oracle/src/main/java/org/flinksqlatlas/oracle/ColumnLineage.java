package org.flinksqlatlas.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Match;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexLocalRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexPatternFieldRef;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.planner.plan.schema.TableSourceTable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of which tables each column of a plan takes its value from. Walks the plan before optimisation.
 * Calcite's own metadata query gives nothing for correlation, window functions, UNNEST and MATCH_RECOGNIZE, which is
 * why this exists. Conventions: a nested field counts as its top-level column, transformed; a measure of
 * MATCH_RECOGNIZE is transformed; COUNT(*) has no origin; EXCEPT takes its left side, other set operations all sides.
 */
final class ColumnLineage {
    private static final String METADATA_FIELD = "$metadata$";
    private static final Set<String> WINDOWS = Set.of("TUMBLE", "HOP", "CUMULATE", "SESSION");

    private record Origin(String table, String column, boolean transformed) {}

    private final Map<RelNode, List<Set<Origin>>> known = new IdentityHashMap<>();
    /** The rows that a correlation variable stands for. */
    private final Map<CorrelationId, RelNode> correlated = new HashMap<>();

    private ColumnLineage() {}

    /** Adds {@code {"sink", "columns": [{"column", "from": [{"table", "column", "transformed"}]}]}}. */
    static void put(ArrayNode to, String sink, List<String> columns, RelNode plan) {
        List<Set<Origin>> origins = new ColumnLineage().of(plan);
        ObjectNode flow = to.addObject();
        flow.put("sink", sink);
        ArrayNode list = flow.putArray("columns");
        for (int i = 0; i < columns.size(); i++) {
            ObjectNode column = list.addObject();
            column.put("column", columns.get(i));
            ArrayNode from = column.putArray("from");
            for (Origin origin : origins.get(i)) {
                from.addObject().put("table", origin.table).put("column", origin.column).put("transformed", origin.transformed);
            }
        }
    }

    private List<Set<Origin>> of(RelNode node) {
        List<Set<Origin>> origins = known.get(node);
        if (origins == null) {
            origins = compute(node);
            known.put(node, origins);
        }
        return origins;
    }

    private static Set<Origin> transformed(Set<Origin> origins) {
        Set<Origin> result = new LinkedHashSet<>();
        for (Origin origin : origins) result.add(new Origin(origin.table, origin.column, true));
        return result;
    }

    private static List<Set<Origin>> none(int columns) {
        return Collections.nCopies(columns, Set.of());
    }

    private List<Set<Origin>> compute(RelNode node) {
        int width = node.getRowType().getFieldCount();
        List<Set<Origin>> result = new ArrayList<>();
        if (node instanceof TableScan scan) return scan(scan);
        if (node instanceof Project project) {
            for (CorrelationId id : project.getVariablesSet()) correlated.put(id, project.getInput());
            for (RexNode expression : project.getProjects()) result.add(expression(expression, project.getInput()));
            return result;
        }
        if (node instanceof Calc calc) {
            for (RexLocalRef reference : calc.getProgram().getProjectList()) {
                result.add(expression(calc.getProgram().expandLocalRef(reference), calc.getInput()));
            }
            return result;
        }
        if (node instanceof Filter filter) {
            for (CorrelationId id : filter.getVariablesSet()) correlated.put(id, filter.getInput());
            return of(filter.getInput());
        }
        if (node instanceof Correlate correlate) {
            correlated.put(correlate.getCorrelationId(), correlate.getLeft());
            result.addAll(of(correlate.getLeft()));
            if (correlate.getJoinType().projectsRight()) result.addAll(of(correlate.getRight()));
            return result;
        }
        if (node instanceof Join join) {
            for (CorrelationId id : join.getVariablesSet()) correlated.put(id, join.getLeft());
            result.addAll(of(join.getLeft()));
            if (join.getJoinType().projectsRight()) result.addAll(of(join.getRight()));
            return result;
        }
        if (node instanceof Aggregate aggregate) return aggregate(aggregate, width);
        if (node instanceof SetOp operation) return setOperation(operation, width);
        if (node instanceof Uncollect uncollect) {
            Set<Origin> all = new LinkedHashSet<>();
            for (Set<Origin> origins : of(uncollect.getInput())) all.addAll(transformed(origins));
            return Collections.nCopies(width, all);
        }
        if (node instanceof TableFunctionScan function) return tableFunction(function, width);
        if (node instanceof Match match) return match(match);
        if (node instanceof Values) return none(width);
        if (node.getInputs().size() == 1 && node.getInput(0).getRowType().getFieldCount() == width) {
            return of(node.getInput(0)); // Sort, Snapshot, watermarks, hints: rows pass as they are
        }
        throw new IllegalStateException("no lineage through " + node.getRelTypeName());
    }

    private static List<Set<Origin>> scan(TableScan scan) {
        List<String> path = scan.getTable().getQualifiedName(); // what was pushed into the scan follows the name
        String table = String.join(".", path.size() > 3 ? path.subList(0, 3) : path);
        List<Set<Origin>> result = new ArrayList<>();
        for (String field : scan.getRowType().getFieldNames()) {
            result.add(Set.of(new Origin(table, declaredName(scan, field), false)));
        }
        return result;
    }

    /** A metadata column is scanned under its key; the script knows it under its declared name. */
    private static String declaredName(TableScan scan, String field) {
        if (!field.startsWith(METADATA_FIELD)) return field;
        String key = field.substring(METADATA_FIELD.length());
        TableSourceTable source = scan.getTable().unwrap(TableSourceTable.class);
        if (source == null) return key;
        return source.contextResolvedTable().getResolvedSchema().getColumns().stream()
                .filter(column -> column instanceof Column.MetadataColumn metadata
                        && metadata.getMetadataKey().orElse(metadata.getName()).equals(key))
                .map(Column::getName).findFirst().orElse(key);
    }

    private List<Set<Origin>> aggregate(Aggregate aggregate, int width) {
        List<Set<Origin>> input = of(aggregate.getInput());
        List<Set<Origin>> result = new ArrayList<>();
        for (int key : aggregate.getGroupSet()) result.add(input.get(key));
        for (AggregateCall call : aggregate.getAggCallList()) {
            Set<Origin> origins = new LinkedHashSet<>();
            for (int argument : call.getArgList()) origins.addAll(transformed(input.get(argument)));
            result.add(origins);
        }
        while (result.size() < width) result.add(Set.of());
        return result;
    }

    private List<Set<Origin>> setOperation(SetOp operation, int width) {
        List<Set<Origin>> result = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            Set<Origin> origins = new LinkedHashSet<>();
            if (operation instanceof Minus) origins.addAll(of(operation.getInput(0)).get(i));
            else for (RelNode input : operation.getInputs()) origins.addAll(of(input).get(i));
            result.add(origins);
        }
        return result;
    }

    private List<Set<Origin>> match(Match match) {
        List<Set<Origin>> input = of(match.getInput());
        List<String> inputNames = match.getInput().getRowType().getFieldNames();
        List<Set<Origin>> result = new ArrayList<>();
        for (String field : match.getRowType().getFieldNames()) {
            RexNode measure = match.getMeasures().get(field);
            int at = inputNames.indexOf(field);
            if (measure != null) result.add(transformed(expression(measure, match.getInput())));
            else result.add(at >= 0 ? input.get(at) : Set.of());
        }
        return result;
    }

    /**
     * Window functions pass their input on and add columns that come from the time column. Other functions over tables
     * pass on what keeps its name; the rest comes from the arguments, and from any input column unless they name some.
     */
    private List<Set<Origin>> tableFunction(TableFunctionScan function, int width) {
        RelNode input = function.getInputs().isEmpty() ? null : function.getInput(0);
        Set<Origin> arguments = arguments(function, input);
        if (input == null) return Collections.nCopies(width, arguments);
        List<String> inputNames = input.getRowType().getFieldNames();
        String name = function.getCall() instanceof RexCall call ? call.getOperator().getName().toUpperCase(Locale.ROOT) : "";
        // A function that names its columns in a descriptor reads these; any other may read all
        boolean described = function.getCall() instanceof RexCall call
                && call.getOperands().stream().anyMatch(operand -> operand.getKind() == SqlKind.DESCRIPTOR);
        Set<Origin> all = new LinkedHashSet<>(arguments);
        if (!described) for (RelNode each : function.getInputs()) for (Set<Origin> origins : of(each)) all.addAll(transformed(origins));
        List<Set<Origin>> result = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            boolean passed = i < inputNames.size() && inputNames.get(i).equals(function.getRowType().getFieldNames().get(i));
            if (WINDOWS.contains(name)) result.add(i < inputNames.size() ? of(input).get(i) : arguments);
            else if (name.endsWith("_CHANGELOG")) result.add(changelogColumn(function, i, input));
            else result.add(passed ? of(input).get(i) : all);
        }
        return result;
    }

    /** TO_CHANGELOG and FROM_CHANGELOG rename nothing: a column that the input lacks is the operation's code. */
    private Set<Origin> changelogColumn(TableFunctionScan function, int column, RelNode input) {
        int at = input.getRowType().getFieldNames().indexOf(function.getRowType().getFieldNames().get(column));
        return at >= 0 ? of(input).get(at) : Set.of();
    }

    private Set<Origin> arguments(TableFunctionScan function, RelNode input) {
        Set<Origin> origins = new LinkedHashSet<>();
        if (function.getCall() == null) return origins;
        origins.addAll(transformed(references(function.getCall(), input)));
        if (!(function.getCall() instanceof RexCall call) || input == null) return origins;
        for (RexNode operand : call.getOperands()) {
            if (!(operand instanceof RexCall descriptor) || descriptor.getKind() != SqlKind.DESCRIPTOR) continue;
            for (RexNode name : descriptor.getOperands()) { // Flink 2 keeps the columns of DESCRIPTOR as strings
                if (!(name instanceof RexLiteral literal)) continue;
                int at = input.getRowType().getFieldNames().indexOf(literal.getValueAs(String.class));
                if (at >= 0) origins.addAll(transformed(of(input).get(at)));
            }
        }
        return origins;
    }

    /** A plain reference, renamed or reinterpreted as a time attribute, passes a value on; anything else transforms. */
    private Set<Origin> expression(RexNode expression, RelNode input) {
        if (expression instanceof RexInputRef reference) return of(input).get(reference.getIndex());
        if (expression instanceof RexCall call
                && (call.getKind() == SqlKind.AS || call.getOperator().getName().equals("REINTERPRET"))) {
            return expression(call.getOperands().get(0), input);
        }
        return transformed(references(expression, input));
    }

    private Set<Origin> references(RexNode expression, RelNode input) {
        Set<Origin> origins = new LinkedHashSet<>();
        expression.accept(new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitInputRef(RexInputRef reference) {
                if (input != null && reference.getIndex() < input.getRowType().getFieldCount()) {
                    origins.addAll(of(input).get(reference.getIndex()));
                }
                return null;
            }

            @Override
            public Void visitPatternFieldRef(RexPatternFieldRef reference) {
                return visitInputRef(reference);
            }

            @Override
            public Void visitFieldAccess(RexFieldAccess access) {
                if (access.getReferenceExpr() instanceof RexCorrelVariable variable) {
                    RelNode rows = correlated.get(variable.id);
                    if (rows == null) throw new IllegalStateException("no rows for " + variable.id);
                    origins.addAll(of(rows).get(access.getField().getIndex()));
                    return null;
                }
                return super.visitFieldAccess(access);
            }

            /** The value of EXISTS comes from no column; that of a scalar subquery or IN from what it selects. */
            @Override
            public Void visitSubQuery(RexSubQuery query) {
                super.visitSubQuery(query);
                if (query.getKind() != SqlKind.EXISTS) for (Set<Origin> column : of(query.rel)) origins.addAll(column);
                return null;
            }
        });
        return origins;
    }
}
