import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'view-columns',
  severity: 'error',
  origin: 'semantics',
  explanation: 'The column list of a view must name each column that its query gives, no more and no fewer.',
  example: "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');\nCREATE VIEW v (x) AS SELECT a, b FROM t;",
};

export function viewColumns(range: { start: number; end: number }, named: number, given: number): Problem {
  return finding(rule, range, `The view names ${named} column${named === 1 ? '' : 's'}, but its query gives ${given}.`);
}
