import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'group-window',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'TUMBLE, HOP and SESSION in `GROUP BY` take a time column and intervals. TUMBLE_START, TUMBLE_END and their like speak of a window in `GROUP BY` and repeat its arguments exactly.',
  example:
    "CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');\nSELECT TUMBLE_START(ts, INTERVAL '1' HOUR) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' DAY);",
};

/** TUMBLE_START and its like without the window that they speak of. `text` is the window as it would have to be written. */
export function windowNotGrouped(range: { start: number; end: number }, name: string, text: string): Problem {
  return finding(rule, range, `${name} speaks of a window that is not in GROUP BY. There must be ${text}.`);
}

/** Arguments that a window in GROUP BY does not take. */
export function groupWindowArguments(range: { start: number; end: number }, name: string): Problem {
  const intervals = name === 'HOP' ? 'two intervals' : 'an interval';
  return finding(rule, range, `${name} takes a time column and ${intervals} here.`);
}
