import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.Factory;

/**
 * What the real factories say to tables. Arguments: the file of groups (see Options), a file of cases, the output file. A
 * case is one JSON object a line with the group, the connector, the role and the options of a table; an answer is the case
 * with the factory's message, none when it takes the table.
 */
public final class Judge {
  public static void main(String[] args) throws Exception {
    Map<String, ClassLoader> loaders = new HashMap<>();
    Map<String, Factory> factories = new LinkedHashMap<>();
    ClassLoader parent = Judge.class.getClassLoader();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] parts = line.split("\t", -1);
      ClassLoader loader = parts[0].equals("base") ? parent : new URLClassLoader(Options.urls(parts[1]), parent);
      loaders.put(parts[0], loader);
      Thread.currentThread().setContextClassLoader(loader);
      for (Factory factory : Options.load(Factory.class, loader, parts[0])) {
        if (factory.getClass().getClassLoader() != loader) continue;
        if (factory instanceof DynamicTableSourceFactory) factories.put(parts[0] + " " + factory.factoryIdentifier() + " source", factory);
        if (factory instanceof DynamicTableSinkFactory) factories.put(parts[0] + " " + factory.factoryIdentifier() + " sink", factory);
      }
    }
    try (PrintWriter out = new PrintWriter(args[2])) {
      for (String line : Files.readAllLines(Path.of(args[1]))) {
        ObjectNode test = (ObjectNode) Options.JSON.readTree(line);
        String group = test.get("group").asText();
        Factory factory = factories.get(group + " " + test.get("connector").asText() + " " + test.get("role").asText());
        if (factory == null) continue;
        Map<String, String> with = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> option : test.get("options").properties()) with.put(option.getKey(), option.getValue().asText());
        Thread.currentThread().setContextClassLoader(loaders.get(group));
        String message = Options.create(factory, with, loaders.get(group), test.get("role").asText().equals("source"));
        if (message != null) test.put("message", message);
        out.println(Options.JSON.writeValueAsString(test));
      }
    }
    System.exit(0);
  }
}
