package org.flinksqlatlas.oracle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/** What an exception of Flink says and where: {@code {"stage", "pos": [line, column, endLine, endColumn] | null, "message"}}. */
final class Failure {
    private static final int LONGEST_MESSAGE = 1000;

    private Failure() {}

    static void put(ObjectNode verdict, String stage, Throwable thrown) {
        SqlParserPos position = null;
        String message = null;
        String deepest = null;
        for (Throwable t = thrown; t != null && t != t.getCause(); t = t.getCause()) {
            if (t.getMessage() != null) deepest = t.getMessage();
            if (t instanceof SqlParseException parse) {
                position = parse.getPos();
                message = parse.getMessage();
            } else if (t instanceof CalciteContextException context) {
                position = new SqlParserPos(context.getPosLine(), context.getPosColumn(), context.getEndPosLine(), context.getEndPosColumn());
                message = context.getCause() != null ? context.getCause().getMessage() : context.getMessage();
            } else if (t.getClass().getSimpleName().equals("SqlValidateException")) {
                SqlParserPos own = errorPosition(t);
                if (own != null) position = own;
                message = t.getMessage();
            }
        }
        ObjectNode error = verdict.putObject("error");
        error.put("stage", stage);
        if (position == null || position.getLineNum() == 0) error.putNull("pos");
        else {
            error.putArray("pos").add(position.getLineNum()).add(position.getColumnNum())
                    .add(position.getEndLineNum()).add(position.getEndColumnNum());
        }
        error.put("message", cut(message != null ? message : String.valueOf(thrown.getMessage())));
        if (deepest != null && !deepest.equals(message)) error.put("cause", cut(deepest));
    }

    /** The exception lies in a package that the planner's jar and the parser's jar do not share across versions. */
    private static SqlParserPos errorPosition(Throwable t) {
        try {
            return (SqlParserPos) t.getClass().getMethod("getErrorPosition").invoke(t);
        } catch (ReflectiveOperationException absent) {
            return null;
        }
    }

    private static String cut(String message) {
        return message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    }
}
