import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'temporary-function',
  severity: 'error',
  origin: 'semantics',
  explanation: 'Flink does not support ALTER for temporary functions. Drop the function and create it again.',
  example: "ALTER TEMPORARY FUNCTION f AS 'com.example.F';",
};

export function temporaryFunction(range: { start: number; end: number }): Problem {
  return finding(rule, range, 'Temporary functions cannot be altered. Drop this one and create it again.');
}
