package org.flinksqlatlas.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Cuts a script at its semicolons. Strings, quoted names and comments hide one, and a statement set
 * ({@code EXECUTE STATEMENT SET BEGIN … END}) keeps those between its own statements.
 */
final class Splitter {
    /** A statement without its leading blanks and comments, and where it starts in the script (1-based). */
    record Statement(String sql, int line, int column) {}

    private final String script;
    private final List<Statement> statements = new ArrayList<>();
    private int at = 0;
    private int start = 0;

    private Splitter(String script) {
        this.script = script;
    }

    static List<Statement> split(String script) {
        Splitter splitter = new Splitter(script);
        splitter.run();
        return splitter.statements;
    }

    private void run() {
        List<String> words = new ArrayList<>();
        boolean inSet = false;
        while (at < script.length()) {
            char c = script.charAt(at);
            if (skipComment()) continue;
            if (c == '\'' || c == '`' || c == '"') {
                skipQuoted(c);
                words.add("'");
            } else if (Character.isLetter(c)) {
                words.add(word());
                if (endsWith(words, "STATEMENT", "SET", "BEGIN")) inSet = true;
                else if (endsWith(words, ";", "END") || endsWith(words, "STATEMENT", "SET", "BEGIN", "END")) inSet = false;
            } else if (c == ';' && inSet) {
                words.add(";");
                at++;
            } else if (c == ';') {
                emit(at);
                start = ++at;
                words.clear();
            } else {
                at++;
            }
        }
        emit(script.length());
    }

    private static boolean endsWith(List<String> words, String... tail) {
        int n = words.size();
        return n >= tail.length && words.subList(n - tail.length, n).equals(List.of(tail));
    }

    private String word() {
        int from = at;
        while (at < script.length() && (Character.isLetterOrDigit(script.charAt(at)) || script.charAt(at) == '_')) at++;
        return script.substring(from, at).toUpperCase(Locale.ROOT);
    }

    private boolean skipComment() {
        if (script.startsWith("--", at)) {
            at = lineEnd(at);
            return true;
        }
        if (script.startsWith("/*", at)) {
            int end = script.indexOf("*/", at + 2);
            at = end < 0 ? script.length() : end + 2;
            return true;
        }
        return false;
    }

    private int lineEnd(int from) {
        int i = from;
        while (i < script.length() && script.charAt(i) != '\n' && script.charAt(i) != '\r') i++;
        return i;
    }

    /** Doubled quotes need no care: they read as two quoted parts side by side. */
    private void skipQuoted(char quote) {
        int end = script.indexOf(quote, at + 1);
        at = end < 0 ? script.length() : end + 1;
    }

    private void emit(int end) {
        int resume = at;
        at = start;
        while (at < end) {
            if (Character.isWhitespace(script.charAt(at))) at++;
            else if (script.startsWith("/*+", at) || !skipComment()) break;
        }
        int from = Math.min(at, end);
        at = resume;
        if (from >= end) return;
        int line = 1;
        int column = 1;
        for (int i = 0; i < from; i++) {
            char c = script.charAt(i);
            boolean lineBreak = c == '\n' || (c == '\r' && (i + 1 >= script.length() || script.charAt(i + 1) != '\n'));
            column = lineBreak ? 1 : column + 1;
            if (lineBreak) line++;
        }
        statements.add(new Statement(script.substring(from, end), line, column));
    }
}
