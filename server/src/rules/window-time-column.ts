import type { Problem } from '../language/problem';
import { type LogicalType, printType } from '../semantics/types';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'window-time-column',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Windows over a stream need a time attribute: a column that the table declares with `WATERMARK FOR`, or a computed column `AS PROCTIME()`. An ordinary timestamp will not do.',
  example:
    "CREATE TABLE t (ts TIMESTAMP(3)) WITH ('connector' = 'datagen');\nSELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end;",
};

export function windowTimeColumn(range: { start: number; end: number }, column: string, type: LogicalType): Problem {
  return finding(
    rule,
    range,
    `Column \`${column}\` (${printType(type) ?? 'of unknown type'}) is not a time attribute. Declare WATERMARK FOR ${column} in its table, or use a PROCTIME() column.`,
  );
}
