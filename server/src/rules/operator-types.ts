import type { Problem } from '../language/problem';
import type { LogicalType } from '../semantics/types';
import { finding, type Rule, typeName } from './rule';

export const rule: Rule = {
  code: 'operator-types',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'The operator does not go with values of these types, and Flink does not convert them by itself. Convert one of them with `CAST(… AS …)`; put strings together with `||`.',
  example: "CREATE TABLE t (a INT, b STRING) WITH ('connector' = 'datagen');\nSELECT a + b FROM t;",
};

export function operatorTypes(
  range: { start: number; end: number },
  operator: string,
  left: LogicalType,
  right: LogicalType,
): Problem {
  const advice =
    operator === '+' ? 'Convert one of them with CAST, or join strings with ||.' : 'Convert one of them with CAST.';
  return finding(rule, range, `${operator} does not go with ${typeName(left)} and ${typeName(right)}. ${advice}`);
}
