package org.flinksqlatlas.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.GenericInMemoryCatalog;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.operations.CollectModifyOperation;
import org.apache.flink.table.operations.CompileAndExecutePlanOperation;
import org.apache.flink.table.operations.CreateTableASOperation;
import org.apache.flink.table.operations.ExplainOperation;
import org.apache.flink.table.operations.ModifyOperation;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.operations.ReplaceTableAsOperation;
import org.apache.flink.table.operations.SinkModifyOperation;
import org.apache.flink.table.operations.StatementSetOperation;
import org.apache.flink.table.operations.command.ResetOperation;
import org.apache.flink.table.operations.command.SetOperation;
import org.apache.flink.table.operations.ddl.CreateCatalogOperation;
import org.apache.flink.table.operations.ddl.CreateTableOperation;
import org.apache.flink.table.operations.ddl.CreateViewOperation;
import org.apache.flink.table.operations.materializedtable.CreateMaterializedTableOperation;
import org.apache.flink.table.planner.calcite.FlinkPlannerImpl;
import org.apache.flink.table.planner.delegation.PlannerBase;
import org.apache.flink.table.planner.operations.PlannerQueryOperation;
import org.apache.flink.table.planner.operations.SqlNodeToOperationConversion;
import org.apache.flink.table.planner.parse.ExtendedParser;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One session of Flink's table environment, to which statements are given in order. DDL takes effect, jobs never run. */
final class Judge {
    /** Operations that change what later statements see; everything else is only judged. Jars are never fetched. */
    private static final Pattern TAKES_EFFECT = Pattern.compile("(Create|Drop|Alter|Use|Load|Unload).*");

    private final TableEnvironmentImpl environment;
    private final PlannerBase planner;
    private final boolean stubs;
    private final boolean translate;

    /**
     * With {@code stubs}, every connector name resolves to a stub, so that no connector jar is needed. With
     * {@code translate}, operators are made of finished plans too: some statements Flink explains but does not run.
     */
    Judge(boolean batch, boolean stubs, boolean translate) {
        environment = TableEnvironmentImpl.create(
                batch ? EnvironmentSettings.inBatchMode() : EnvironmentSettings.inStreamingMode());
        planner = (PlannerBase) environment.getPlanner();
        this.stubs = stubs;
        this.translate = translate;
        if (stubs) environment.loadModule("stub", new StubConnectors());
    }

    // ------------------------------------------------------------------------------------------------ parsing

    /** Parses only. Returns the tree, or null for a command, several statements or an error. */
    SqlNode parse(String sql, ObjectNode verdict) {
        try {
            Optional<Operation> command = ExtendedParser.INSTANCE.parse(sql);
            if (command.isPresent()) {
                verdict.put("parse", true).put("kind", "command:" + command.get().getClass().getSimpleName());
                return null;
            }
            SqlNodeList parsed = planner.createFlinkPlanner().parser().parseSqlList(sql);
            verdict.put("parse", true);
            if (parsed.size() != 1) {
                verdict.put("count", parsed.size());
                return null;
            }
            verdict.put("kind", parsed.get(0).getClass().getSimpleName());
            return parsed.get(0);
        } catch (Throwable rejected) {
            verdict.put("parse", false);
            Failure.put(verdict, "parse", rejected);
            return null;
        }
    }

    // ----------------------------------------------------------------------------------------------- planning

    /** Parses, validates, converts and plans a statement, tells its lineage, and lets DDL take effect. */
    void plan(String sql, ObjectNode verdict) {
        SqlNode parsed = parse(sql, verdict);
        if (parsed == null) {
            if (verdict.path("kind").asText().startsWith("command:")) {
                takeEffect(ExtendedParser.INSTANCE.parse(sql).orElseThrow(), verdict);
            }
            return;
        }
        if (!parsed.getKind().belongsTo(SqlKind.DDL) && !validates(sql, verdict)) return;
        Operation operation;
        try {
            operation = SqlNodeToOperationConversion
                    .convert(planner.createFlinkPlanner(), environment.getCatalogManager(), parsed)
                    .orElseThrow(() -> new TableException("Unsupported query"));
            verdict.put("convert", true);
        } catch (Throwable rejected) {
            verdict.put("convert", false);
            Failure.put(verdict, "convert", rejected);
            return;
        }
        List<Operation> flows = new ArrayList<>();
        collectFlows(operation, flows);
        ArrayNode lineage = verdict.arrayNode();
        for (Operation flow : flows) flow(flow, lineage, verdict);
        takeEffect(operation, verdict);
        if (operation instanceof CreateViewOperation view && !verdict.has("error")) viewLineage(view, lineage, verdict);
        if (!lineage.isEmpty()) verdict.set("lineage", lineage);
    }

    /** On a tree of its own, because validation rewrites it. */
    private boolean validates(String sql, ObjectNode verdict) {
        try {
            FlinkPlannerImpl fresh = planner.createFlinkPlanner();
            fresh.validate(fresh.parser().parseSqlList(sql).get(0));
            verdict.put("validate", true);
            return true;
        } catch (Throwable rejected) {
            verdict.put("validate", false);
            Failure.put(verdict, "validate", rejected);
            return false;
        }
    }

    private static void collectFlows(Operation operation, List<Operation> flows) {
        if (operation instanceof StatementSetOperation set) {
            for (ModifyOperation one : set.getOperations()) collectFlows(one, flows);
        } else if (operation instanceof ExplainOperation explain) {
            collectFlows(explain.getChild(), flows);
        } else if (operation instanceof CompileAndExecutePlanOperation compile) {
            collectFlows(compile.getOperation(), flows);
        } else if (operation instanceof ModifyOperation || operation instanceof QueryOperation
                || operation instanceof CreateMaterializedTableOperation) {
            flows.add(operation);
        }
    }

    /** Plans one write or query and adds its column lineage. */
    private void flow(Operation operation, ArrayNode lineage, ObjectNode verdict) {
        RelNode plan;
        try {
            plan = describe(operation, lineage);
        } catch (Throwable rejected) {
            if (!verdict.has("error")) Failure.put(verdict, "rel", rejected);
            return;
        }
        if (plan == null || verdict.has("error")) return;
        try {
            planner.optimize(plan);
        } catch (Throwable rejected) {
            Failure.put(verdict, "optimize", rejected);
            return;
        }
        if (!translate) return;
        try {
            planner.translate(List.of(job(operation, plan)));
        } catch (Throwable rejected) {
            Failure.put(verdict.putObject("later"), "translate", rejected);
        }
    }

    /** What runs in the end: a write as it is, the query of anything else with its result collected. */
    private ModifyOperation job(Operation operation, RelNode plan) {
        return operation instanceof SinkModifyOperation sink ? sink : new CollectModifyOperation(new PlannerQueryOperation(plan, () -> ""));
    }

    private RelNode describe(Operation operation, ArrayNode lineage) throws ReflectiveOperationException {
        if (operation instanceof SinkModifyOperation sink) {
            RelNode plan = planner.translateToRel(sink);
            RelNode written = plan.getInput(0);
            ResolvedSchema schema = sink.getContextResolvedTable().getResolvedSchema();
            List<String> columns = writtenColumns(schema, written.getRowType().getFieldNames());
            String name = sink.getContextResolvedTable().getIdentifier().asSummaryString();
            ColumnLineage.put(lineage, name, columns, written);
            return plan;
        }
        if (operation instanceof CreateTableASOperation create) {
            return describeCreated(create.getCreateTableOperation(), create.getChild(), lineage);
        }
        if (operation instanceof ReplaceTableAsOperation replace) {
            return describeCreated(replace.getCreateTableOperation(), replace.getChild(), lineage);
        }
        if (operation instanceof CreateMaterializedTableOperation create) {
            RelNode query = query(definitionQuery(create));
            List<String> columns = columns(create.getCatalogMaterializedTable(), query);
            ColumnLineage.put(lineage, create.getTableIdentifier().asSummaryString(), columns, query);
            return query;
        }
        if (operation instanceof PlannerQueryOperation query) {
            RelNode plan = query.getCalciteTree();
            ColumnLineage.put(lineage, null, plan.getRowType().getFieldNames(), plan);
            return plan;
        }
        return null;
    }

    /** The columns of CREATE TABLE … AS come from the table that it makes: it may declare some and reorder the query's. */
    private static RelNode describeCreated(CreateTableOperation create, QueryOperation child, ArrayNode lineage)
            throws ReflectiveOperationException {
        RelNode query = ((PlannerQueryOperation) child).getCalciteTree();
        Object table = create.getClass().getMethod("getCatalogTable").invoke(create);
        ColumnLineage.put(lineage, create.getTableIdentifier().asSummaryString(), columns(table, query), query);
        return query;
    }

    /** What the query's columns are called in the table made from it. */
    private static List<String> columns(Object table, RelNode query) {
        if (!(table instanceof ResolvedCatalogBaseTable<?> resolved)) return query.getRowType().getFieldNames();
        List<String> names = resolved.getResolvedSchema().getColumns().stream().filter(Column::isPersisted).map(Column::getName).toList();
        return names.size() == query.getRowType().getFieldCount() ? names : query.getRowType().getFieldNames();
    }

    /**
     * Names of what reaches the sink. Flink's plan puts physical columns first, in the schema's order, and after them
     * the persisted metadata columns by their metadata keys, wherever the schema declares them.
     */
    private static List<String> writtenColumns(ResolvedSchema schema, List<String> fields) {
        List<String> names = new ArrayList<>();
        for (Column column : schema.getColumns()) if (column.isPhysical()) names.add(column.getName());
        List<Column> persisted = new ArrayList<>(schema.getColumns().stream()
                .filter(column -> column instanceof Column.MetadataColumn && column.isPersisted()).toList());
        for (int i = names.size(); i < fields.size(); i++) {
            String key = fields.get(i);
            // A key that is a physical column's name too has a number behind it: then the next in order is meant
            Column column = persisted.stream().filter(each -> key(each).equals(key)).findFirst()
                    .orElse(persisted.isEmpty() ? null : persisted.get(0));
            persisted.remove(column);
            names.add(column == null ? key : column.getName());
        }
        return names.size() == fields.size() ? names : fields;
    }

    private static String key(Column column) {
        return ((Column.MetadataColumn) column).getMetadataKey().orElse(column.getName());
    }

    /** The method's name differs between the releases. */
    private static String definitionQuery(CreateMaterializedTableOperation create) throws ReflectiveOperationException {
        Object table = create.getCatalogMaterializedTable();
        for (String getter : List.of("getExpandedQuery", "getDefinitionQuery")) {
            try {
                return (String) table.getClass().getMethod(getter).invoke(table);
            } catch (NoSuchMethodException other) {
                continue;
            }
        }
        throw new NoSuchMethodException("definition query of " + table.getClass());
    }

    private RelNode query(String sql) {
        FlinkPlannerImpl fresh = planner.createFlinkPlanner();
        Operation operation = SqlNodeToOperationConversion
                .convert(fresh, environment.getCatalogManager(), fresh.parser().parse(sql)).orElseThrow();
        return ((PlannerQueryOperation) operation).getCalciteTree();
    }

    private void viewLineage(CreateViewOperation view, ArrayNode lineage, ObjectNode verdict) {
        try {
            RelNode plan = query("SELECT * FROM " + view.getViewIdentifier().asSerializableString());
            ColumnLineage.put(lineage, view.getViewIdentifier().asSummaryString(), plan.getRowType().getFieldNames(), plan);
        } catch (Throwable rejected) {
            Failure.put(verdict, "view", rejected);
        }
    }

    // ------------------------------------------------------------------------------------------------ effects

    private void takeEffect(Operation operation, ObjectNode verdict) {
        try {
            if (operation instanceof SetOperation set) {
                if (set.getKey().isPresent()) environment.getConfig().set(set.getKey().get(), set.getValue().orElse(""));
            } else if (operation instanceof CreateCatalogOperation catalog) {
                createCatalog(catalog);
            } else if (operation instanceof CreateTableASOperation create) {
                environment.executeInternal(create.getCreateTableOperation());
            } else if (operation instanceof ReplaceTableAsOperation replace) {
                environment.executeInternal(replace.getCreateTableOperation());
            } else if (operation instanceof CreateMaterializedTableOperation create) {
                environment.getCatalogManager().createTable(create.getCatalogMaterializedTable(), create.getTableIdentifier(), false);
            } else if (!(operation instanceof ResetOperation)
                    && TAKES_EFFECT.matcher(name(operation)).matches()) {
                environment.executeInternal(operation);
            }
        } catch (Throwable failed) {
            if (!verdict.has("error")) Failure.put(verdict, "apply", failed);
        }
    }

    private static String name(Operation operation) {
        return operation.getClass().getSimpleName();
    }

    /** A catalog whose jar is not there becomes an empty one in memory when stubs are on. */
    private void createCatalog(CreateCatalogOperation catalog) {
        try {
            environment.executeInternal(catalog);
        } catch (RuntimeException noFactory) {
            if (!stubs) throw noFactory;
            String database = catalog.getProperties().getOrDefault("default-database", "default");
            environment.registerCatalog(catalog.getCatalogName(), new GenericInMemoryCatalog(catalog.getCatalogName(), database));
        }
    }
}
