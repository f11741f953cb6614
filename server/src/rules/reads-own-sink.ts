import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'reads-own-sink',
  severity: 'hint',
  origin: 'hint',
  explanation:
    'The statement writes into a table that it also reads. On a stream this feeds the job with its own output, which seldom is meant.',
  example:
    "CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');\nINSERT INTO t SELECT a + 1 FROM t;",
};

export function readsOwnSink(range: { start: number; end: number }, table: string): Problem {
  return finding(
    rule,
    range,
    `This statement writes into \`${table}\` and reads it too: the job would read its own output.`,
  );
}
