import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.File;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.FallbackKey;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.factories.CatalogFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.Factory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Loads every factory of a class path and writes, one JSON object a line, what it says of its options and what it really
 * accepts: a table is created with a key that nobody knows, bare and under each prefix that might be free, and the
 * factory's own verdict is noted.
 *
 * <p>Arguments: a file with lines {@code group TAB jar:jar:… TAB artefacts}, the samples file, the output file. Group
 * "base" stands for the application's class path.
 */
public final class Options {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String STRANGER = "no-such-option";

  public static void main(String[] args) throws Exception {
    ObjectNode samples = (ObjectNode) JSON.readTree(new File(args[1]));
    try (PrintWriter out = new PrintWriter(args[2])) {
      out.println(JSON.writeValueAsString(common()));
      for (String line : Files.readAllLines(Path.of(args[0]))) {
        String[] parts = line.split("\t", -1);
        ClassLoader parent = Options.class.getClassLoader();
        ClassLoader loader = parts[0].equals("base") ? parent : new URLClassLoader(urls(parts[1]), parent);
        Thread.currentThread().setContextClassLoader(loader);
        int found = 0;
        for (Factory factory : load(Factory.class, loader, parts[0])) {
          if (factory.getClass().getClassLoader() != loader) continue;
          try {
            ObjectNode dump = dump(factory, loader, samples);
            if (dump == null) continue;
            dump.put("group", parts[0]).put("artefact", artefact(factory.getClass(), parts[2]));
            out.println(JSON.writeValueAsString(dump));
            found++;
          } catch (Throwable e) {
            System.err.println(parts[0] + ": " + factory.getClass().getName() + ": " + e);
          }
        }
        found += holders(parts, loader, (ObjectNode) samples.get("holders"), out);
        System.err.println(parts[0] + ": " + found + " factories");
      }
    }
    System.exit(0);
  }

  static URL[] urls(String classPath) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String jar : classPath.split(File.pathSeparator)) if (!jar.isEmpty()) urls.add(new File(jar).toURI().toURL());
    return urls.toArray(new URL[0]);
  }

  /** group:artefact:version of the jar that a class came from, read off its path in Maven's local repository. */
  static String artefact(Class<?> type, String otherwise) {
    String[] path = type.getProtectionDomain().getCodeSource().getLocation().getPath().split("/repository/");
    if (path.length != 2) return otherwise;
    String[] names = path[1].split("/");
    int count = names.length;
    return String.join(".", Arrays.copyOf(names, count - 3)) + ":" + names[count - 3] + ":" + names[count - 2];
  }

  /** Like ServiceLoader, but a factory that cannot be loaded does not hide those after it. */
  static <T> List<T> load(Class<T> service, ClassLoader loader, String group) {
    List<T> found = new ArrayList<>();
    Iterator<T> all = ServiceLoader.load(service, loader).iterator();
    for (int failures = 0; failures < 50; ) {
      try {
        if (!all.hasNext()) break;
        found.add(all.next());
      } catch (Throwable e) {
        failures++;
        System.err.println(group + ": " + e + (e.getCause() == null ? "" : " <- " + e.getCause()));
      }
    }
    return found;
  }

  static boolean is(Factory factory, String... interfaces) {
    for (Class<?> c = factory.getClass(); c != null; c = c.getSuperclass()) if (is(c.getInterfaces(), interfaces)) return true;
    return false;
  }

  static boolean is(Class<?>[] declared, String... interfaces) {
    for (Class<?> i : declared) {
      if (Arrays.asList(interfaces).contains(i.getSimpleName()) || is(i.getInterfaces(), interfaces)) return true;
    }
    return false;
  }

  static ObjectNode dump(Factory factory, ClassLoader loader, ObjectNode samples) throws Exception {
    boolean source = factory instanceof DynamicTableSourceFactory;
    boolean sink = factory instanceof DynamicTableSinkFactory;
    boolean decodes = is(factory, "DeserializationFormatFactory", "DecodingFormatFactory", "BulkReaderFormatFactory");
    boolean encodes = is(factory, "SerializationFormatFactory", "EncodingFormatFactory", "BulkWriterFormatFactory");
    String kind =
        source || sink ? "connector"
            : decodes || encodes ? "format"
            : factory instanceof CatalogFactory ? "catalog"
            : is(factory, "ModuleFactory") ? "module"
            : is(factory, "ModelProviderFactory") ? "model"
            : null;
    if (kind == null) return null;
    ObjectNode dump = JSON.createObjectNode();
    dump.put("identifier", factory.factoryIdentifier()).put("kind", kind).put("class", factory.getClass().getName());
    if (kind.equals("format") && is(factory, "BulkReaderFormatFactory", "BulkWriterFormatFactory")) dump.put("bulk", true);
    ArrayNode roles = dump.putArray("roles");
    if (source || decodes) roles.add("source");
    if (sink || encodes) roles.add("sink");
    Map<String, ConfigOption<?>> declared = new LinkedHashMap<>();
    ArrayNode required = dump.putArray("required");
    for (ConfigOption<?> option : factory.requiredOptions()) {
      declared.put(option.key(), option);
      required.add(option.key());
    }
    for (ConfigOption<?> option : factory.optionalOptions()) declared.putIfAbsent(option.key(), option);
    ArrayNode options = dump.putArray("options");
    Set<String> deprecated = deprecated(factory);
    for (ConfigOption<?> option : declared.values()) {
      ObjectNode node = option(option);
      if (deprecated.contains(option.key())) node.put("deprecated", true);
      options.add(node);
    }
    if (factory instanceof DynamicTableFactory) {
      ArrayNode forward = dump.putArray("forward");
      try {
        for (ConfigOption<?> option : ((DynamicTableFactory) factory).forwardOptions()) forward.add(option.key());
      } catch (Throwable notThere) {
        // Factories built against older interfaces have none
      }
      if (factory.factoryIdentifier() != null) {
        ObjectNode probes = dump.putObject("probes");
        if (source) probes.set("source", probe(factory, declared, loader, samples, true));
        if (sink) probes.set("sink", probe(factory, declared, loader, samples, false));
      }
    }
    if (factory instanceof CatalogFactory) {
      Map<String, String> with = new LinkedHashMap<>(Map.of("type", factory.factoryIdentifier()));
      ObjectNode catalog = JSON.createObjectNode();
      for (ConfigOption<?> option : factory.requiredOptions()) with.put(option.key(), sample(option));
      if (samples.has("catalog " + factory.factoryIdentifier())) {
        samples.get("catalog " + factory.factoryIdentifier()).fields().forEachRemaining(e -> with.put(e.getKey(), e.getValue().asText()));
      }
      enforced(catalog, factory, with, some -> createCatalog(some, loader));
      String verdict = createCatalog(plus(with, STRANGER), loader);
      catalog.put("verdict", verdict == null ? "lax" : refuses(verdict, STRANGER) ? "strict" : "unknown");
      if (verdict != null && !refuses(verdict, STRANGER)) catalog.put("baseline", cut(verdict));
      dump.putObject("probes").set("catalog", catalog);
    }
    return dump;
  }

  /**
   * Connectors and catalogs whose factories declare no options, because code of their own reads them: the constants of
   * the named classes tell which there are. Nothing is known to be refused.
   */
  static int holders(String[] group, ClassLoader loader, ObjectNode holders, PrintWriter out) throws Exception {
    int found = 0;
    for (Map.Entry<String, com.fasterxml.jackson.databind.JsonNode> holder : holders.properties()) {
      String[] name = holder.getKey().split(" ");
      ObjectNode dump = JSON.createObjectNode().put("identifier", name[1]).put("kind", name[0]);
      dump.putArray("roles");
      if (name[0].equals("connector")) dump.withArray("roles").add("source").add("sink");
      dump.putArray("required");
      ArrayNode options = dump.putArray("options");
      for (com.fasterxml.jackson.databind.JsonNode className : holder.getValue()) {
        Class<?> type;
        try {
          type = Class.forName(className.asText(), true, loader);
        } catch (Throwable notHere) {
          continue;
        }
        if (type.getClassLoader() != loader) continue;
        dump.put("group", group[0]).put("artefact", artefact(type, group[2])).put("holder", true);
        for (java.lang.reflect.Field field : type.getFields()) {
          if (field.getType().getSimpleName().equals("ConfigOption") && java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
            field.setAccessible(true);
            options.add(foreignOption(field.get(null)));
          }
        }
      }
      if (options.isEmpty()) continue;
      out.println(JSON.writeValueAsString(dump));
      found++;
    }
    return found;
  }

  /** An option of a class that looks like Flink's ConfigOption and is not. */
  static ObjectNode foreignOption(Object option) throws Exception {
    if (option instanceof ConfigOption) return option((ConfigOption<?>) option);
    ObjectNode node = JSON.createObjectNode().put("key", (String) call(option.getClass(), option, "key"));
    Object byDefault = call(option.getClass(), option, "defaultValue");
    Class<?> type = byDefault == null ? String.class : byDefault.getClass();
    for (String getter : List.of("getClazz")) {
      try {
        type = (Class<?>) call(option.getClass(), option, getter);
      } catch (NoSuchMethodException none) {
        // The default tells the type
      }
    }
    if (byDefault instanceof List) {
      type = String.class;
      node.put("list", true);
    }
    if (type.isEnum()) {
      ArrayNode values = node.putArray("values");
      for (Object value : type.getEnumConstants()) values.add(value.toString());
    }
    node.put("type", type.isEnum() ? "enum" : type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
    if (byDefault != null) node.put("default", text(byDefault));
    return node;
  }

  /** The options that Flink itself adds to those of a connector. */
  static ObjectNode common() throws Exception {
    ObjectNode dump = JSON.createObjectNode().put("kind", "common");
    ArrayNode options = dump.putArray("options");
    for (java.lang.reflect.Field field : FactoryUtil.class.getFields()) {
      if (field.getType() == ConfigOption.class) options.add(option((ConfigOption<?>) field.get(null)));
    }
    return dump;
  }

  static ObjectNode option(ConfigOption<?> option) throws Exception {
    ObjectNode node = JSON.createObjectNode().put("key", option.key());
    Class<?> type = (Class<?>) call(ConfigOption.class, option, "getClazz");
    boolean list = (Boolean) call(ConfigOption.class, option, "isList");
    node.put("type", type.isEnum() ? "enum" : type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
    if (list) node.put("list", true);
    if (type.isEnum()) {
      ArrayNode values = node.putArray("values");
      for (Object value : type.getEnumConstants()) values.add(value.toString());
    }
    if (option.defaultValue() != null) {
      node.put("default", text(option.defaultValue()));
    }
    if (option.hasFallbackKeys()) {
      ArrayNode old = node.putArray("fallback");
      for (FallbackKey key : option.fallbackKeys()) old.add(key.getKey());
    }
    return node;
  }

  /** A value the way it would be written in a WITH clause. */
  static String text(Object value) {
    if (value instanceof java.time.Duration) return org.apache.flink.util.TimeUtils.formatWithHighestUnit((java.time.Duration) value);
    if (value instanceof List) return String.join(";", ((List<?>) value).stream().map(Options::text).toList());
    if (value instanceof Map) {
      return String.join(",", ((Map<?, ?>) value).entrySet().stream().map(e -> e.getKey() + ":" + text(e.getValue())).toList());
    }
    return value.toString();
  }

  static Object call(Class<?> type, Object target, String name) throws Exception {
    Method method = type.getDeclaredMethod(name);
    method.setAccessible(true);
    return method.invoke(target);
  }

  // ---- what the factory really accepts ----------------------------------------------------------------------

  /** verdict: "strict" it refuses unknown keys, "lax" it takes them, "unknown" it failed before it looked. */
  static ObjectNode probe(Factory factory, Map<String, ConfigOption<?>> declared, ClassLoader loader, ObjectNode samples, boolean source)
      throws Exception {
    ObjectNode result = JSON.createObjectNode();
    String id = factory.factoryIdentifier();
    Map<String, String> with = new LinkedHashMap<>();
    with.put("connector", id);
    for (ConfigOption<?> option : factory.requiredOptions()) with.put(option.key(), sample(option));
    for (ConfigOption<?> option : factory.optionalOptions()) {
      if (option.key().equals("format")) with.put("format", "json");
    }
    if (samples.has(id)) {
      samples.get(id).fields().forEachRemaining(e -> {
        if (e.getValue().isNull()) with.remove(e.getKey());
        else with.put(e.getKey(), e.getValue().asText());
      });
    }
    enforced(result, factory, with, options -> create(factory, options, loader, source));
    String plain = create(factory, with, loader, source);
    ArrayNode either = result.putArray("either");
    for (com.fasterxml.jackson.databind.JsonNode group : samples.path("either").path(id)) {
      Map<String, String> less = new HashMap<>(with);
      for (String key : group.asText().split("\\|")) less.remove(key);
      String message = create(factory, less, loader, source);
      if (message != null && !message.equals(plain)) either.add(group.asText());
    }
    if (plain != null) result.put("baseline", cut(plain));
    String bare = create(factory, plus(with, STRANGER), loader, source);
    if (bare != null && refuses(bare, STRANGER)) {
      result.put("verdict", "strict");
      ArrayNode supported = result.putArray("supported");
      for (String key : supported(bare)) supported.add(key);
      ArrayNode prefixes = result.putArray("prefixes");
      Set<String> candidates = prefixes(factory, declared);
      for (String format : List.of("format", "value.format", "key.format")) {
        if (!with.containsKey(format)) continue;
        String before = format.substring(0, format.length() - "format".length());
        candidates.add(before + with.get(format) + ".");
      }
      for (String prefix : candidates) {
        String verdict = create(factory, plus(with, prefix + STRANGER), loader, source);
        if (verdict == null || !refuses(verdict, prefix + STRANGER)) prefixes.add(prefix);
      }
    } else if (bare == null) {
      result.put("verdict", "lax");
    } else {
      result.put("verdict", "unknown");
    }
    return result;
  }

  /** The required keys without which the factory complains, naming them. */
  static void enforced(ObjectNode result, Factory factory, Map<String, String> with, Function<Map<String, String>, String> create) {
    ArrayNode keys = result.putArray("enforced");
    String plain = create.apply(with);
    for (ConfigOption<?> option : factory.requiredOptions()) {
      Map<String, String> less = new HashMap<>(with);
      less.remove(option.key());
      option.fallbackKeys().forEach(old -> less.remove(old.getKey()));
      String message = create.apply(less);
      if (message != null && !message.equals(plain) && message.contains(option.key())) keys.add(option.key());
    }
  }

  static String createCatalog(Map<String, String> with, ClassLoader loader) {
    try {
      FactoryUtil.createCatalog("c", with, new Configuration(), loader);
      return null;
    } catch (Throwable e) {
      return messages(e);
    }
  }

  static Map<String, String> plus(Map<String, String> with, String key) {
    Map<String, String> more = new HashMap<>(with);
    more.put(key, "1");
    return more;
  }

  static String sample(ConfigOption<?> option) throws Exception {
    if (option.hasDefaultValue()) return String.valueOf(option.defaultValue());
    Class<?> type = (Class<?>) call(ConfigOption.class, option, "getClazz");
    if (type.isEnum()) return type.getEnumConstants()[0].toString();
    if (type == Boolean.class) return "true";
    if (Number.class.isAssignableFrom(type)) return "1";
    if (type == java.time.Duration.class) return "1 s";
    if (option.key().endsWith("format")) return "json";
    return "x";
  }

  static boolean refuses(String message, String key) {
    return message.contains("Unsupported options") && message.contains(key);
  }

  static List<String> supported(String message) {
    int at = message.indexOf("Supported options:");
    return at < 0 ? List.of() : message.substring(at + 18).lines().map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  static String cut(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > 300 ? line.substring(0, 300) : line;
  }

  /** What the factory says against the table; null when it could be created. */
  static String create(Factory factory, Map<String, String> with, ClassLoader loader, boolean source) {
    try {
      ResolvedSchema resolved =
          new ResolvedSchema(
              List.of(
                  Column.physical("id", DataTypes.STRING().notNull()),
                  Column.physical("name", DataTypes.STRING()),
                  Column.physical("n", DataTypes.BIGINT())),
              List.of(),
              UniqueConstraint.primaryKey("PK", List.of("id")));
      CatalogTable table =
          CatalogTable.newBuilder()
              .schema(Schema.newBuilder().fromResolvedSchema(resolved).build())
              .options(with)
              .build();
      ResolvedCatalogTable resolvedTable = new ResolvedCatalogTable(table, resolved);
      ObjectIdentifier name = ObjectIdentifier.of("default_catalog", "default_database", "t");
      if (source) {
        FactoryUtil.createDynamicTableSource((DynamicTableSourceFactory) factory, name, resolvedTable, Map.of(), new Configuration(), loader, false);
      } else {
        FactoryUtil.createDynamicTableSink((DynamicTableSinkFactory) factory, name, resolvedTable, Map.of(), new Configuration(), loader, false);
      }
      return null;
    } catch (Throwable e) {
      return messages(e);
    }
  }

  /** The messages of a failure, innermost last, without those that only repeat all options. */
  static String messages(Throwable e) {
    StringBuilder text = new StringBuilder();
    for (Throwable t = e; t != null && t.getCause() != t; t = t.getCause()) {
      if (t.getMessage() == null || !t.getMessage().startsWith("Unable to create ")) text.append(t).append('\n');
    }
    return text.toString();
  }

  // ---- prefixes that might be free --------------------------------------------------------------------------

  static final Pattern PREFIX = Pattern.compile("[a-z][a-zA-Z0-9_.-]*\\.");

  /** Every dotted beginning of a declared option, and every text constant of the factory's package that ends in a dot. */
  static Set<String> prefixes(Factory factory, Map<String, ConfigOption<?>> declared) throws Exception {
    Set<String> found = new TreeSet<>();
    found.addAll(List.of("properties.", "debezium.", "jdbc.properties.", "fields."));
    for (String key : declared.keySet()) {
      for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
        if (!key.substring(0, dot + 1).contains("#")) found.add(key.substring(0, dot + 1));
      }
    }
    Set<String> seen = new TreeSet<>();
    for (Class<?> c = factory.getClass(); c != null && c != Object.class; c = c.getSuperclass()) {
      constants(c.getName(), c.getPackageName(), c.getClassLoader(), found, seen, 0);
    }
    return found;
  }

  /** The keys of options that the connector's classes mark as deprecated. */
  static Set<String> deprecated(Factory factory) throws Exception {
    Set<String> classes = new TreeSet<>();
    constants(factory.getClass().getName(), factory.getClass().getPackageName(), factory.getClass().getClassLoader(), new TreeSet<>(), classes, 0);
    Set<String> keys = new TreeSet<>();
    for (String name : classes) {
      if (!name.endsWith("Options")) continue;
      try {
        Class<?> type = Class.forName(name, true, factory.getClass().getClassLoader());
        for (java.lang.reflect.Field field : type.getDeclaredFields()) {
          if (field.getType() != ConfigOption.class || !field.isAnnotationPresent(Deprecated.class)) continue;
          field.setAccessible(true);
          keys.add(((ConfigOption<?>) field.get(null)).key());
        }
      } catch (Throwable cannotBeLoaded) {
        // Then nothing is known of its fields
      }
    }
    return keys;
  }

  /** Reads the constant pool of a class and of the classes of its connector that it names. */
  static void constants(String name, String root, ClassLoader loader, Set<String> found, Set<String> seen, int depth) throws Exception {
    if (depth > 2 || seen.size() > 400 || !seen.add(name)) return;
    List<String> classes = new ArrayList<>();
    try (InputStream file = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) return;
      DataInputStream in = new DataInputStream(file);
      in.readInt();
      in.readInt();
      int count = in.readUnsignedShort();
      String[] texts = new String[count];
      List<Integer> classIndexes = new ArrayList<>();
      for (int i = 1; i < count; i++) {
        int tag = in.readUnsignedByte();
        switch (tag) {
          case 1 -> texts[i] = in.readUTF();
          case 3, 4, 9, 10, 11, 12, 17, 18 -> in.readInt();
          case 5, 6 -> {
            in.readLong();
            i++;
          }
          case 7 -> classIndexes.add(in.readUnsignedShort());
          case 8, 16, 19, 20 -> in.readUnsignedShort();
          case 15 -> {
            in.readUnsignedByte();
            in.readUnsignedShort();
          }
          default -> throw new IllegalStateException("constant " + tag);
        }
      }
      for (String text : texts) if (text != null && PREFIX.matcher(text).matches()) found.add(text);
      for (int index : classIndexes) classes.add(texts[index].replace('/', '.'));
    }
    String family = family(root);
    for (String other : classes) {
      if (other.startsWith(family)) constants(other, root, loader, found, seen, depth + 1);
    }
  }

  /** The first five segments of a package: org.apache.flink.connector.jdbc. */
  static String family(String name) {
    String[] segments = name.split("\\.");
    return String.join(".", Arrays.copyOf(segments, Math.min(5, segments.length)));
  }
}
