import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'insert-arity',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A query that is inserted must give exactly one value for each column that is written: each column of the column list, or without one each physical and writable metadata column of the table, except those fixed by PARTITION.',
  example:
    "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');\nCREATE TABLE s (a INT, b INT) WITH ('connector' = 'print');\nINSERT INTO s SELECT a FROM t;",
};

export function insertArity(
  range: { start: number; end: number },
  sink: string,
  wanted: number,
  given: number,
): Problem {
  const count = (n: number): string => (n === 1 ? '1 column' : `${n} columns`);
  return finding(rule, range, `\`${sink}\` takes ${count(wanted)}, but the query gives ${count(given)}.`);
}
