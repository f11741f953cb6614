import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'match-function',
  severity: 'error',
  origin: 'semantics',
  explanation: 'The function speaks of the rows of a pattern, so it can only stand in `MATCH_RECOGNIZE`.',
  example: "CREATE TABLE t (a INT, p AS PROCTIME()) WITH ('connector' = 'datagen');\nSELECT MATCH_PROCTIME() FROM t;",
};

export function matchFunction(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `${name} can only be used in MATCH_RECOGNIZE.`);
}
