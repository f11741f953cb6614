package org.flinksqlatlas.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.calcite.sql.SqlNode;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.planner.calcite.FlinkPlannerImpl;
import org.apache.flink.table.planner.calcite.FlinkTypeFactory;
import org.apache.flink.table.planner.delegation.PlannerBase;
import org.apache.flink.table.types.logical.LogicalType;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells the result types of expressions as the planner's validator finds them. Answers requests, one JSON object a line:
 *
 * <pre>
 * {"columns": {"c0": "INT NOT NULL", …}, "ddl": ["CREATE TABLE …"], "from": "FROM t", "expressions": ["c0 + 1", …]}
 * </pre>
 *
 * with {@code {"types": ["INT NOT NULL", null, …]}}, null for an expression that is refused. The columns are those of a
 * table {@code t}, made without DDL, which has no columns of intervals; {@code proc} in it is processing time.
 */
public final class ExpressionTypes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PlannerBase planner;

    private ExpressionTypes(JsonNode columns, JsonNode ddl) {
        TableEnvironmentImpl environment = TableEnvironmentImpl.create(EnvironmentSettings.inStreamingMode());
        planner = (PlannerBase) environment.getPlanner();
        Schema.Builder schema = Schema.newBuilder();
        columns.fields().forEachRemaining(column -> schema.column(column.getKey(), column.getValue().asText()));
        schema.columnByExpression("proc", "PROCTIME()");
        environment.createTemporaryTable("t", TableDescriptor.forConnector("datagen").schema(schema.build()).build());
        for (JsonNode statement : ddl) environment.executeSql(statement.asText());
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err); // libraries that print must not break the protocol
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ExpressionTypes types = null;
        String tables = "";
        for (String line; (line = requests.readLine()) != null; ) {
            JsonNode request = JSON.readTree(line);
            ObjectNode answer = JSON.createObjectNode().put("id", "");
            try {
                String wanted = request.path("columns").toString() + request.path("ddl");
                if (types == null || !wanted.equals(tables)) {
                    types = new ExpressionTypes(request.path("columns"), request.path("ddl"));
                    tables = wanted;
                }
                List<String> expressions = new ArrayList<>();
                request.path("expressions").forEach(expression -> expressions.add(expression.asText()));
                ArrayNode found = answer.putArray("types");
                types.ask(expressions, request.path("from").asText(), found);
            } catch (Throwable failure) {
                answer.put("failure", failure.toString());
            }
            answers.println(JSON.writeValueAsString(answer));
            answers.flush();
        }
    }

    /** One statement tells the types of many expressions, unless one of them is refused: then each half is asked. */
    private void ask(List<String> expressions, String from, ArrayNode answers) {
        List<LogicalType> types = types(expressions, from);
        if (types != null) {
            types.forEach(type -> answers.add(printed(type)));
        } else if (expressions.size() == 1) {
            answers.addNull();
        } else {
            int half = expressions.size() / 2;
            ask(expressions.subList(0, half), from, answers);
            ask(expressions.subList(half, expressions.size()), from, answers);
        }
    }

    /** The types, or null when the planner refuses the statement. */
    private List<LogicalType> types(List<String> expressions, String from) {
        StringBuilder sql = new StringBuilder("SELECT ");
        for (int i = 0; i < expressions.size(); i++) {
            if (i > 0) sql.append(", ");
            sql.append(expressions.get(i)).append(" AS r").append(i);
        }
        try {
            FlinkPlannerImpl flink = planner.createFlinkPlanner();
            SqlNode validated = flink.validate(flink.parser().parseSqlList(sql.append(' ').append(from).toString()).get(0));
            List<LogicalType> types = new ArrayList<>();
            flink.getOrCreateSqlValidator().getValidatedNodeType(validated).getFieldList()
                    .forEach(field -> types.add(FlinkTypeFactory.toLogicalType(field.getType())));
            return types.size() == expressions.size() ? types : null;
        } catch (Throwable refused) {
            return null;
        }
    }

    /** Types that no column can have, such as that of NULL, have no serializable form. */
    private static String printed(LogicalType type) {
        try {
            return type.asSerializableString();
        } catch (RuntimeException none) {
            return type.asSummaryString();
        }
    }
}
