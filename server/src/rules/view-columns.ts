import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'view-columns',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A list of column names, of a view or behind an alias, must name each column of the query or table, no more and no fewer.',
  example: "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');\nCREATE VIEW v (x) AS SELECT a, b FROM t;",
};

/** `what` has the list: 'The view', 'The alias'. */
export function viewColumns(
  range: { start: number; end: number },
  named: number,
  given: number,
  what = 'The view',
): Problem {
  return finding(
    rule,
    range,
    `${what} names ${named} column${named === 1 ? '' : 's'}, but there ${given === 1 ? 'is' : 'are'} ${given}.`,
  );
}
