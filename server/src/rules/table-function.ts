import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'table-function',
  severity: 'error',
  origin: 'semantics',
  explanation: '`TABLE(…)` takes a function that gives rows. One that gives a single value stands in SELECT.',
  example: "SELECT * FROM TABLE(MD5('a'));",
};

export function noTableFunction(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `${name} gives a single value, not rows. Use it in SELECT.`);
}
