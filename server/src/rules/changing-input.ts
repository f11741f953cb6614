import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'changing-input',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'What goes by time (OVER, windows, MATCH_RECOGNIZE, interval joins) reads every row once and cannot take one back. Rows of an aggregation, of a regular outer join, of `upsert-kafka` or of change data capture are replaced later. Put the aggregation behind it, or aggregate by windows.',
  example:
    "CREATE TABLE t (a INT, p AS PROCTIME()) WITH (\n  'connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json'\n);\nSELECT a, COUNT(a) OVER (PARTITION BY a ORDER BY p) FROM t;",
};

/** `what` cannot take changes: 'OVER', 'MATCH_RECOGNIZE'. */
export function changingInput(range: { start: number; end: number }, what: string): Problem {
  return finding(
    rule,
    range,
    `${what} reads each row once, but rows of this input are replaced later. Read a source that only appends, or aggregate afterwards.`,
  );
}
