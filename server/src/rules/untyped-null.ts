import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'untyped-null',
  severity: 'error',
  origin: 'semantics',
  explanation: 'A bare NULL has no type, and here nothing gives it one. Write `CAST(NULL AS type)`.',
  example: "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT a, NULL AS b FROM t;",
};

export function untypedNull(range: { start: number; end: number }): Problem {
  return finding(rule, range, 'NULL has no type here. Write CAST(NULL AS …) with the type that is meant.');
}

export function untypedParameter(range: { start: number; end: number }): Problem {
  return finding(rule, range, 'A parameter has no type here, and Flink SQL fills in none. Write the value.');
}
