import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.flink.configuration.ConfigOption;

/**
 * Writes, one JSON object a line, every configuration option that Flink's jars on the class path declare: those that SET
 * can change, and those of the cluster. Arguments: the output file.
 */
public final class Settings {
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    Map<String, ObjectNode> found = new TreeMap<>();
    byte[] mark = "Lorg/apache/flink/configuration/ConfigOption;".getBytes(StandardCharsets.ISO_8859_1);
    for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!new File(path).getName().startsWith("flink-")) continue;
      try (JarFile jar = new JarFile(path)) {
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
          if (!entry.getName().matches("org/apache/flink/.*\\.class")) continue;
          byte[] bytes;
          try (InputStream in = jar.getInputStream(entry)) {
            bytes = in.readAllBytes();
          }
          if (contains(bytes, mark)) read(entry.getName().replace('/', '.').replaceAll("\\.class$", ""), found);
        }
      }
    }
    try (PrintWriter out = new PrintWriter(args[0])) {
      for (ObjectNode option : found.values()) out.println(JSON.writeValueAsString(option));
    }
    System.err.println(found.size() + " settings");
    System.exit(0);
  }

  static boolean contains(byte[] bytes, byte[] part) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(new String(part, StandardCharsets.ISO_8859_1));
  }

  /** The constants of a class. The options of connectors and formats are declared the same way, but are no settings. */
  static void read(String name, Map<String, ObjectNode> found) {
    if (name.matches(".*\\.(connector|connectors|formats|factories|catalog|module|filesystem|functions\\.ml|ml|secret)\\..*")) return;
    try {
      Class<?> type = Class.forName(name, false, Settings.class.getClassLoader());
      for (Field field : type.getDeclaredFields()) {
        if (field.getType() != ConfigOption.class || !Modifier.isStatic(field.getModifiers())) continue;
        field.setAccessible(true);
        ConfigOption<?> option = (ConfigOption<?>) field.get(null);
        ObjectNode node = Options.option(option);
        if (field.isAnnotationPresent(Deprecated.class)) node.put("deprecated", true);
        node.put("class", type.getSimpleName());
        found.putIfAbsent(option.key(), node);
      }
    } catch (Throwable cannotBeLoaded) {
      System.err.println(name + ": " + cannotBeLoaded);
    }
  }
}
