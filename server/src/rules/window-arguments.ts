import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'window-arguments',
  severity: 'error',
  origin: 'semantics',
  explanation:
    "A window function takes a table, `DESCRIPTOR(column)` and constant intervals, in this order. Intervals are constant only when their number is quoted: `INTERVAL '5' MINUTE`.",
  example:
    "CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');\nSELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL 5 MINUTE));",
};

export function windowDescriptor(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `${name} takes DESCRIPTOR(column) here, with the column that carries the time.`);
}

export function windowInterval(range: { start: number; end: number }, name: string): Problem {
  return finding(
    rule,
    range,
    `${name} takes a constant interval here, such as INTERVAL '5' MINUTE, its number in quotes.`,
  );
}

/** Only SESSION has windows of its own for each key. */
export function windowPartition(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `${name} takes its table without PARTITION BY. Group by the columns behind it instead.`);
}
