import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'default-value',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Flink knows no default values of columns. Leave the column out of the column list, so that it is NULL, or write a value.',
  example: "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'print');\nINSERT INTO t VALUES (DEFAULT, 1);",
};

export function defaultValue(range: { start: number; end: number }): Problem {
  return finding(
    rule,
    range,
    'Flink knows no default values. Leave the column out of the column list, or write a value.',
  );
}
