import type { Problem } from '../language/problem';
import type { LogicalType } from '../semantics/types';
import { finding, type Rule, typeName } from './rule';

export const rule: Rule = {
  code: 'argument-types',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'The function does not take arguments of these types, and Flink does not convert them by itself. Convert them with `CAST(… AS …)`.',
  example: "CREATE TABLE t (a STRING) WITH ('connector' = 'datagen');\nSELECT SUM(a) FROM t;",
};

export function argumentTypes(
  range: { start: number; end: number },
  name: string,
  types: readonly LogicalType[],
): Problem {
  const given = types.map(typeName).join(', ');
  return finding(rule, range, `${name} does not take ${given}. Convert with CAST, or use another function.`);
}

/** `*` as an argument of anything but COUNT. */
export function starArgument(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `${name} takes a value. Only COUNT counts rows by *.`);
}
