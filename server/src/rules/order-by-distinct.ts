import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'order-by-distinct',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'With `SELECT DISTINCT`, rows can only be ordered by what is selected: other columns may differ in rows that became one.',
  example: "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');\nSELECT DISTINCT a FROM t ORDER BY b;",
};

export function orderByDistinct(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `\`${name}\` is not selected, so distinct rows cannot be ordered by it. Select it too.`);
}
