package org.flinksqlatlas.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers requests, one JSON object a line, until its input ends:
 *
 * <pre>
 * {"id": "…", "mode": "parse"|"plan", "connectors": "stub"|"real", "batch": false, "translate": false, "sql": "one statement"}
 * {"id": "…", "mode": "parse"|"plan", "connectors": "stub"|"real", "batch": false, "script": "a; b; c"}
 * {"id": "…", "mode": "time", "sql": "…"}
 * </pre>
 *
 * with {@code {"id", "statements": [{"n", "line", "col", "kind", "parse", "validate", "convert", "error", "later", "lineage"}]}}
 * or, for "time", with {@code {"id", "ms"}}: how long the parser takes over all statements of the text.
 */
public final class Oracle {
    private static final Pattern RUNTIME_MODE =
            Pattern.compile("^\\s*SET\\s+'?execution\\.runtime-mode'?\\s*=\\s*'?(\\w+)'?", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Oracle() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err); // libraries that print must not break the protocol
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Judge parser = null;
        for (String line; (line = requests.readLine()) != null; ) {
            if (line.isBlank()) continue;
            JsonNode request = JSON.readTree(line);
            String mode = request.path("mode").asText("plan");
            ObjectNode answer = JSON.createObjectNode();
            answer.put("id", request.path("id").asText());
            try {
                if (mode.equals("plan")) {
                    Judge judge = new Judge(request.path("batch").asBoolean() || asksForBatch(request),
                            request.path("connectors").asText("stub").equals("stub"), request.path("translate").asBoolean());
                    answer.set("statements", statements(request, judge, true));
                } else {
                    if (parser == null) parser = new Judge(false, true, false);
                    if (mode.equals("time")) answer.put("ms", time(request.path("sql").asText(), parser));
                    else answer.set("statements", statements(request, parser, false));
                }
            } catch (Throwable failure) {
                answer.put("failure", failure.toString());
            }
            answers.println(JSON.writeValueAsString(answer));
            answers.flush();
        }
    }

    private static ArrayNode statements(JsonNode request, Judge judge, boolean plan) {
        List<Splitter.Statement> statements = request.has("script")
                ? Splitter.split(request.path("script").asText())
                : List.of(new Splitter.Statement(request.path("sql").asText(), 1, 1));
        ArrayNode verdicts = JSON.createArrayNode();
        for (Splitter.Statement statement : statements) {
            ObjectNode verdict = verdicts.addObject();
            verdict.put("n", verdicts.size() - 1).put("line", statement.line()).put("col", statement.column());
            if (plan) judge.plan(statement.sql(), verdict);
            else judge.parse(statement.sql(), verdict);
        }
        return verdicts;
    }

    /** The mode belongs to an environment from its start, so a script's first word about it decides for all of it. */
    private static boolean asksForBatch(JsonNode request) {
        Matcher set = RUNTIME_MODE.matcher(request.path("script").asText(request.path("sql").asText()));
        return set.find() && set.group(1).equalsIgnoreCase("batch");
    }

    private static double time(String script, Judge parser) {
        List<Splitter.Statement> statements = Splitter.split(script);
        long start = System.nanoTime();
        for (Splitter.Statement statement : statements) parser.parse(statement.sql(), JSON.createObjectNode());
        return (System.nanoTime() - start) / 1e6;
    }
}
