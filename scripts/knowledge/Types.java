import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlNode;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.planner.calcite.FlinkPlannerImpl;
import org.apache.flink.table.planner.calcite.FlinkTypeFactory;
import org.apache.flink.table.planner.delegation.PlannerBase;

/**
 * Asks the planner for the type of expressions over columns of every type.
 *
 * <p>Arguments: a file of requests, the file of answers. A request is one JSON object a line: {@code call}, a template
 * with $1, $2 …, {@code name}, {@code from} (what follows the select list), and {@code sets}, for each argument the list of tokens to
 * try: a type's serialisable form (a column of it), or "=" and a literal. An answer holds {@code f} the name, {@code a}
 * the tokens and {@code t} the type, or no {@code t} when the planner refuses the call.
 */
public final class Types {
  static final ObjectMapper JSON = new ObjectMapper();
  static PlannerBase planner;
  static final Map<String, String> COLUMNS = new LinkedHashMap<>();

  public static void main(String[] args) throws Exception {
    List<JsonNode> requests = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) requests.add(JSON.readTree(line));
    TableEnvironmentImpl env = TableEnvironmentImpl.create(EnvironmentSettings.inStreamingMode());
    planner = (PlannerBase) env.getPlanner();
    for (JsonNode request : requests) {
      for (JsonNode set : request.get("sets")) {
        for (JsonNode token : set) {
          String type = token.asText();
          if (!type.startsWith("=")) COLUMNS.computeIfAbsent(type, t -> "c" + COLUMNS.size());
        }
      }
    }
    // Not by DDL, which has no columns of intervals
    Schema.Builder schema = Schema.newBuilder();
    COLUMNS.forEach((type, column) -> schema.column(column, type));
    schema.column("k", "INT").columnByExpression("proc", "PROCTIME()");
    env.createTemporaryTable("t", TableDescriptor.forConnector("datagen").schema(schema.build()).build());
    long start = System.nanoTime();
    int asked = 0;
    int typed = 0;
    try (PrintWriter out = new PrintWriter(args[1])) {
      for (JsonNode request : requests) {
        List<List<String>> combinations = combinations(request.get("sets"));
        // In batches first: one statement tells the types of many expressions, unless one of them is refused
        List<String> answers = new ArrayList<>();
        ask(request, combinations, answers, request.path("batch").asInt(1));
        for (int i = 0; i < combinations.size(); i++) {
          ObjectNode answer = JSON.createObjectNode().put("f", request.get("name").asText());
          ArrayNode tokens = answer.putArray("a");
          combinations.get(i).forEach(tokens::add);
          asked++;
          if (answers.get(i) != null) {
            answer.put("t", answers.get(i));
            typed++;
          }
          out.println(JSON.writeValueAsString(answer));
        }
      }
    }
    System.err.printf("%d expressions, %d typed, %.1f s%n", asked, typed, (System.nanoTime() - start) / 1e9);
    System.exit(0);
  }

  static List<List<String>> combinations(JsonNode sets) {
    List<List<String>> all = new ArrayList<>();
    all.add(List.of());
    for (JsonNode set : sets) {
      List<List<String>> longer = new ArrayList<>();
      for (List<String> before : all) {
        for (JsonNode token : set) {
          List<String> one = new ArrayList<>(before);
          one.add(token.asText());
          longer.add(one);
        }
      }
      all = longer;
    }
    return all;
  }

  static String expression(String call, List<String> tokens) {
    String text = call;
    for (int i = tokens.size(); i >= 1; i--) {
      String token = tokens.get(i - 1);
      text = text.replace("$" + i, token.startsWith("=") ? token.substring(1) : COLUMNS.get(token));
    }
    return text;
  }

  static void ask(JsonNode request, List<List<String>> combinations, List<String> answers, int size) {
    for (int from = 0; from < combinations.size(); from += size) {
      List<List<String>> part = combinations.subList(from, Math.min(combinations.size(), from + size));
      List<String> found = types(request, part);
      if (found != null) answers.addAll(found);
      else if (part.size() == 1) answers.add(null);
      else ask(request, part, answers, Math.max(1, size / 4));
    }
  }

  /** The types of the expressions, or null when the planner refuses the statement. */
  static List<String> types(JsonNode request, List<List<String>> combinations) {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < combinations.size(); i++) {
      if (i > 0) sql.append(", ");
      sql.append(expression(request.get("call").asText(), combinations.get(i))).append(" AS r").append(i);
    }
    sql.append(' ').append(request.get("from").asText());
    try {
      FlinkPlannerImpl flink = planner.createFlinkPlanner();
      SqlNode validated = flink.validate(flink.parser().parseSqlList(sql.toString()).get(0));
      RelDataType row = flink.getOrCreateSqlValidator().getValidatedNodeType(validated);
      List<String> types = new ArrayList<>();
      row.getFieldList().forEach(field -> types.add(FlinkTypeFactory.toLogicalType(field.getType()).asSerializableString()));
      return types;
    } catch (Throwable e) {
      return null;
    }
  }
}
