import type { Problem } from '../language/problem';
import type { LogicalType } from '../semantics/types';
import { finding, type Rule, typeName } from './rule';

export const rule: Rule = {
  code: 'implicit-conversion',
  severity: 'warning',
  origin: 'hint',
  explanation:
    'Flink plans a comparison of a string with a number but does not run it: it converts neither by itself. Convert one of them with `CAST(… AS …)`.',
  example: "CREATE TABLE t (a STRING) WITH ('connector' = 'datagen');\nSELECT a FROM t WHERE a = 1;",
};

export function implicitConversion(
  range: { start: number; end: number },
  left: LogicalType,
  right: LogicalType,
): Problem {
  return finding(
    rule,
    range,
    `Flink does not run a comparison of ${typeName(left)} with ${typeName(right)}. Convert one of them with CAST.`,
  );
}
