import type { Problem } from '../language/problem';
import { type LogicalType, printType } from '../semantics/types';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'watermark',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'The column of a watermark carries the event time, so it must be a TIMESTAMP or TIMESTAMP_LTZ of precision 0 to 3. Convert other columns with a computed column.',
  example: "CREATE TABLE t (ts STRING, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');",
};

export function watermarkColumn(range: { start: number; end: number }, name: string, type: LogicalType): Problem {
  return finding(
    rule,
    range,
    `Column \`${name}\` cannot have a watermark: it is ${printType(type)}, and must be TIMESTAMP(3) or TIMESTAMP_LTZ(3). Convert it with a computed column.`,
  );
}

/** A watermark on processing time. */
export function watermarkProctime(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `Column \`${name}\` is processing time, which has no watermark. Remove the watermark.`);
}

/** The expression of a watermark has the wrong type. */
export function watermarkExpression(range: { start: number; end: number }, type: LogicalType): Problem {
  return finding(
    rule,
    range,
    `A watermark must be TIMESTAMP(3) or TIMESTAMP_LTZ(3), but this is ${printType({ ...type, nullable: true })}.`,
  );
}
