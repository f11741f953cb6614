import type { Problem } from '../language/problem';
import { type LogicalType, printType } from '../semantics/types';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'condition-type',
  severity: 'error',
  origin: 'semantics',
  explanation: 'WHERE, HAVING and ON take a condition, which is true or false. Compare the value with something.',
  example: "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT a FROM t WHERE a;",
};

export function conditionType(range: { start: number; end: number }, clause: string, type: LogicalType): Problem {
  return finding(
    rule,
    range,
    `${clause} takes a condition, but this is ${printType({ ...type, nullable: true })}. Compare it with something.`,
  );
}
