import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.internal.TableEnvironmentImpl;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionKind;
import org.apache.flink.table.planner.calcite.FlinkPlannerImpl;
import org.apache.flink.table.planner.delegation.PlannerBase;
import org.apache.flink.table.planner.functions.sql.FlinkSqlOperatorTable;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.TypeInference;

/**
 * Writes, one JSON object a line, every function that SQL can call: its names, kinds, numbers and names of arguments, as
 * the planner's operator table and the built-in definitions have them, and which numbers of arguments the planner's
 * validator really refuses. Arguments: the output file.
 */
public final class Functions {
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    Map<String, ObjectNode> found = new TreeMap<>();
    for (SqlOperator operator : FlinkSqlOperatorTable.instance(false).getOperatorList()) operator(found, operator);
    for (SqlOperator operator : FlinkSqlOperatorTable.instance(true).getOperatorList()) operator(found, operator);
    for (BuiltInFunctionDefinition definition : BuiltInFunctionDefinitions.getDefinitions()) definition(found, definition);

    TableEnvironmentImpl env = TableEnvironmentImpl.create(EnvironmentSettings.inStreamingMode());
    PlannerBase planner = (PlannerBase) env.getPlanner();
    env.executeSql(
        "CREATE TABLE t (i INT, s STRING, d DOUBLE, ts TIMESTAMP(3), b BOOLEAN, a ARRAY<INT>, m MAP<STRING, INT>) WITH ('connector' = 'datagen')");
    try (PrintWriter out = new PrintWriter(args[0])) {
      for (ObjectNode function : found.values()) {
        counts(planner, function);
        out.println(JSON.writeValueAsString(function));
      }
    }
    System.err.println(found.size() + " functions");
    System.exit(0);
  }

  static ObjectNode entry(Map<String, ObjectNode> found, String name) {
    return found.computeIfAbsent(name.toUpperCase(Locale.ROOT), upper -> JSON.createObjectNode().put("name", upper));
  }

  static void operator(Map<String, ObjectNode> found, SqlOperator operator) {
    if (!operator.getName().matches("[A-Za-z_$][A-Za-z0-9_$ ]*")) return;
    ObjectNode entry = entry(found, operator.getName());
    ObjectNode node = entry.withArray("operators").addObject();
    node.put("class", operator.getClass().getName());
    node.put("syntax", operator.getSyntax().name());
    node.put("operatorKind", operator.getKind().name());
    node.put("function", operator instanceof SqlFunction);
    node.put("aggregate", operator.isAggregator());
    node.put("group", operator.isGroup() || operator.isGroupAuxiliary());
    node.put("table", operator instanceof org.apache.calcite.sql.SqlTableFunction);
    node.put("over", operator.requiresOver());
    node.put("deterministic", operator.isDeterministic());
    try {
      SqlOperandCountRange range = operator.getOperandCountRange();
      node.put("min", range.getMin()).put("max", range.getMax());
    } catch (RuntimeException | AssertionError notDeclared) {
      node.put("min", 0).put("max", -1);
    }
  }

  static void definition(Map<String, ObjectNode> found, BuiltInFunctionDefinition definition) {
    definition(found, definition, definition.getSqlName());
    // Definitions that the planner calls itself answer to their own name too
    if (definition.hasRuntimeImplementation() && !definition.getName().equalsIgnoreCase(definition.getSqlName())) {
      definition(found, definition, definition.getName());
    }
  }

  static void definition(Map<String, ObjectNode> found, BuiltInFunctionDefinition definition, String name) {
    ObjectNode entry = entry(found, name);
    ObjectNode node = entry.withArray("definitions").addObject();
    node.put("call", definition.getName());
    node.put("kind", definition.getKind().name());
    node.put("runtime", definition.hasRuntimeImplementation());
    node.put("internal", definition.isInternal());
    node.put("deterministic", definition.isDeterministic());
    try {
      TypeInference inference = definition.getTypeInference(null);
      ArgumentCount count = inference.getInputTypeStrategy().getArgumentCount();
      node.put("min", count.getMinCount().orElse(0)).put("max", count.getMaxCount().orElse(-1));
      signature(node, inference, definition);
    } catch (Throwable e) {
      node.put("error", e.toString());
    }
  }

  static void signature(ObjectNode node, TypeInference inference, BuiltInFunctionDefinition definition) {
    try {
      node.put(
          "signature",
          org.apache.flink.table.types.inference.TypeInferenceUtil.generateSignature(inference, definition.getName(), definition));
    } catch (Throwable none) {
      // Special forms have none
    }
    try {
      Optional<?> statics = (Optional<?>) TypeInference.class.getMethod("getStaticArguments").invoke(inference);
      if (statics.isEmpty()) return;
      ArrayNode names = node.putArray("arguments");
      for (Object argument : (List<?>) statics.get()) {
        ObjectNode one = names.addObject().put("name", (String) get(argument, "getName")).put("optional", (Boolean) get(argument, "isOptional"));
        Optional<?> type = (Optional<?>) get(argument, "getDataType");
        if (type.isPresent()) one.put("type", ((DataType) type.get()).getLogicalType().asSerializableString());
        one.put("traits", String.valueOf(get(argument, "getTraits")));
      }
    } catch (ReflectiveOperationException older) {
      // Flink 1.20 has no static arguments
    }
  }

  static Object get(Object target, String name) throws ReflectiveOperationException {
    return target.getClass().getMethod(name).invoke(target);
  }

  /** What the validator says to 0, 1, 2, … arguments: "ok", "count" (a wrong number of them), "none" (no such function) or "other". */
  static void counts(PlannerBase planner, ObjectNode function) {
    ObjectNode verdicts = function.putObject("counts");
    String name = function.get("name").asText();
    String call = name.matches("[A-Z_][A-Z0-9_]*") ? name : "`" + name + "`";
    List<String> parameters = new ArrayList<>();
    for (int n = 0; n <= 9; n++) {
      String verdict = null;
      for (String column : new String[] {"i", "s", "ts", "d", "a", "m", "b"}) {
        parameters.clear();
        for (int i = 0; i < n; i++) parameters.add(column);
        String sql = "SELECT " + call + "(" + String.join(", ", parameters) + ") FROM t";
        String one = verdict(planner, sql);
        if (verdict == null || one.equals("ok")) verdict = one;
        if (verdict.equals("ok") || verdict.equals("count") || verdict.equals("none")) break;
      }
      verdicts.put(Integer.toString(n), verdict);
    }
  }

  static String verdict(PlannerBase planner, String sql) {
    FlinkPlannerImpl flink = planner.createFlinkPlanner();
    org.apache.calcite.sql.SqlNode node;
    try {
      node = flink.parser().parseSqlList(sql).get(0);
    } catch (Throwable e) {
      return "syntax";
    }
    try {
      flink.validate(node);
      return "ok";
    } catch (Throwable e) {
      StringBuilder text = new StringBuilder();
      for (Throwable t = e; t != null; t = t.getCause()) text.append(t.getMessage()).append('\n');
      if (text.indexOf("Invalid number of arguments") >= 0) return "count";
      if (text.indexOf("No match found for function signature") >= 0) return "none";
      String first = text.toString().strip();
      return "other: " + first.substring(0, Math.min(160, first.length())).replace('\n', ' ');
    }
  }
}
