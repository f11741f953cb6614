import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'constraint',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Flink does not own the data, so it cannot enforce constraints: a primary key must be declared `NOT ENFORCED`, a table has one at most, and UNIQUE is not supported.',
  example: "CREATE TABLE t (a INT PRIMARY KEY) WITH ('connector' = 'datagen');",
};

export function enforcedKey(range: { start: number; end: number }): Problem {
  return finding(rule, range, 'Flink cannot enforce a primary key. Write NOT ENFORCED after it.', [
    { title: 'Add NOT ENFORCED', edits: [{ start: range.end, end: range.end, text: ' NOT ENFORCED' }] },
  ]);
}

export function uniqueConstraint(range: { start: number; end: number }): Problem {
  return finding(rule, range, 'Flink does not support UNIQUE. Remove it, or declare a PRIMARY KEY … NOT ENFORCED.');
}

export function secondKey(range: { start: number; end: number }): Problem {
  return finding(
    rule,
    range,
    'The table has a primary key already. Name all columns of the key in one PRIMARY KEY (…).',
  );
}
