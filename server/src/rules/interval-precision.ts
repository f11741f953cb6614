import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'interval-precision',
  severity: 'error',
  origin: 'semantics',
  explanation:
    "The number of an interval has two digits unless more are asked for: `INTERVAL '100' DAY` must be `INTERVAL '100' DAY(3)`.",
  example: "SELECT INTERVAL '100' DAY;",
};

/** `at` is the end of the unit, behind which the number of digits stands. */
export function intervalPrecision(
  range: { start: number; end: number },
  unit: string,
  digits: number,
  allowed: number,
  at: number,
): Problem {
  const text = `${unit}(${digits})`;
  const fixes =
    allowed === 2 ? [{ title: `Change to ${text}`, edits: [{ start: at, end: at, text: `(${digits})` }] }] : [];
  return finding(
    rule,
    range,
    `The number of this interval has ${digits} digits, but ${unit} takes ${allowed}. Write ${text}.`,
    fixes,
  );
}
