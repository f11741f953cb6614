import type { Problem } from '../language/problem';
import type { LogicalType } from '../semantics/types';
import { finding, type Rule, typeName } from './rule';

export const rule: Rule = {
  code: 'cast-types',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Values of this type cannot be cast to the other one. Go over a type between them (`CAST(CAST(x AS STRING) AS BYTES)`), or use a function that converts (`TO_TIMESTAMP_LTZ`, `UNIX_TIMESTAMP`).',
  example: "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT CAST(a AS DATE) FROM t;",
};

export function castTypes(range: { start: number; end: number }, from: LogicalType, to: LogicalType): Problem {
  return finding(
    rule,
    range,
    `A value of type ${typeName(from)} cannot be cast to ${typeName(to)}. Cast it over STRING, or use a function that converts.`,
  );
}
