import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;

/**
 * Writes which texts Flink reads as values of options of each type: one line for each text, with true or false.
 * Arguments: a file with lines of type, tab, text; the output file.
 */
public final class Values {
  enum Letters {
    A,
    B_C
  }

  public static void main(String[] args) throws Exception {
    Map<String, ConfigOption<?>> options =
        Map.of(
            "boolean", ConfigOptions.key("k").booleanType().noDefaultValue(),
            "integer", ConfigOptions.key("k").intType().noDefaultValue(),
            "long", ConfigOptions.key("k").longType().noDefaultValue(),
            "float", ConfigOptions.key("k").floatType().noDefaultValue(),
            "double", ConfigOptions.key("k").doubleType().noDefaultValue(),
            "duration", ConfigOptions.key("k").durationType().noDefaultValue(),
            "memory", ConfigOptions.key("k").memoryType().noDefaultValue(),
            "map", ConfigOptions.key("k").mapType().noDefaultValue(),
            "list", ConfigOptions.key("k").stringType().asList().noDefaultValue(),
            "enum", ConfigOptions.key("k").enumType(Letters.class).noDefaultValue());
    List<String> out = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] parts = line.split("\t", -1);
      boolean fine = true;
      try {
        Configuration.fromMap(Map.of("k", parts[1])).get(options.get(parts[0]));
      } catch (RuntimeException refused) {
        fine = false;
      }
      out.add(parts[0] + "\t" + parts[1] + "\t" + fine);
    }
    Files.write(Path.of(args[1]), out);
    System.exit(0);
  }
}
