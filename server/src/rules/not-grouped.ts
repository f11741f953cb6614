import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'not-grouped',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A query that groups rows gives one row for each group, so outside aggregates it can only use what it groups by. Add the column to `GROUP BY`, or aggregate it.',
  example: "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');\nSELECT a, SUM(b) FROM t;",
};

/** `text` as written. */
export function notGrouped(range: { start: number; end: number }, text: string): Problem {
  return finding(rule, range, `\`${text}\` is neither grouped by nor aggregated. Add it to GROUP BY, or aggregate it.`);
}
