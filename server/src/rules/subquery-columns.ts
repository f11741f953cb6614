import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'subquery-columns',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A query that stands for a value must give one column; one behind IN as many as there are values before it.',
  example:
    "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');\nSELECT a FROM t WHERE a IN (SELECT a, b FROM t);",
};

export function subqueryColumns(range: { start: number; end: number }, wanted: number, given: number): Problem {
  return finding(
    rule,
    range,
    `This query must give ${wanted} column${wanted === 1 ? '' : 's'} here, but gives ${given}.`,
  );
}
