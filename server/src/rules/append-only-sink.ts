import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'append-only-sink',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Rows of this query are replaced as further ones come in (an aggregation without a window, an outer join, a source of changes), and this sink can only append. Write into a sink that takes changes (`upsert-kafka`, `jdbc` with a primary key, a changelog format such as `debezium-json`), or aggregate by windows.',
  example:
    "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nCREATE TABLE s (a INT, n BIGINT) WITH (\n  'connector' = 'kafka', 'topic' = 's', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json'\n);\nINSERT INTO s SELECT a, COUNT(*) FROM t GROUP BY a;",
};

/** `what` is the connector, with its format where that matters. */
export function appendOnlySink(range: { start: number; end: number }, sink: string, what: string): Problem {
  return finding(
    rule,
    range,
    `\`${sink}\` (${what}) can only append, but rows of this query are replaced later. Aggregate by windows, or write into a sink that takes changes, such as upsert-kafka.`,
  );
}
