import type { Problem } from '../language/problem';
import type { LogicalType } from '../semantics/types';
import { finding, type Rule, typeName } from './rule';

export const rule: Rule = {
  code: 'join-condition-types',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A join compares columns of types that have no common one, such as a number with a string, and Flink does not convert them by itself. Convert one side with `CAST(… AS …)`.',
  example:
    "CREATE TABLE a (id INT) WITH ('connector' = 'datagen');\nCREATE TABLE b (id STRING) WITH ('connector' = 'datagen');\nSET 'table.exec.state.ttl' = '1 d';\nSELECT a.id FROM a JOIN b ON a.id = b.id;",
};

export function joinConditionTypes(
  range: { start: number; end: number },
  left: LogicalType,
  right: LogicalType,
): Problem {
  return finding(
    rule,
    range,
    `This join compares ${typeName(left)} with ${typeName(right)}, which Flink does not convert. Convert one side with CAST.`,
  );
}
