import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'stream-order',
  severity: 'hint',
  origin: 'hint',
  explanation:
    "A stream has no end after which it could be sorted, so Flink plans `ORDER BY` on anything but a time attribute, ascending, but does not run it. Add `LIMIT`, order by time first, or run the job in batch mode (`SET 'execution.runtime-mode' = 'batch'`).",
  example: "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT a FROM t ORDER BY a;",
};

export function streamOrder(range: { start: number; end: number }): Problem {
  return finding(
    rule,
    range,
    'A stream can only be sorted by a time attribute, ascending. Add LIMIT, or run the job in batch mode.',
  );
}
