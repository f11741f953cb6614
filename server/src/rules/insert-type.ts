import type { Problem } from '../language/problem';
import { type LogicalType, printType } from '../semantics/types';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'insert-type',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'The type of a value does not fit the column it is written to, and Flink would not convert it by itself. Convert it with `CAST(… AS …)`.',
  example:
    "CREATE TABLE t (a STRING) WITH ('connector' = 'datagen');\nCREATE TABLE s (a INT) WITH ('connector' = 'print');\nINSERT INTO s SELECT a FROM t;",
};

export function insertType(
  range: { start: number; end: number },
  sink: string,
  sinkType: LogicalType,
  source: string,
  sourceType: LogicalType,
): Problem {
  return finding(
    rule,
    range,
    `Column \`${sink}\` is ${printType({ ...sinkType, nullable: true })}, but \`${source}\` is ${printType({ ...sourceType, nullable: true })}. Write CAST(… AS ${printType({ ...sinkType, nullable: true })}).`,
  );
}
