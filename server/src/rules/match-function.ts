import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'match-function',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Some functions speak of the rows of a pattern, so they can only stand in `MATCH_RECOGNIZE`. An aggregate in there reads the rows of one pattern variable, and all of them.',
  example: "CREATE TABLE t (a INT, p AS PROCTIME()) WITH ('connector' = 'datagen');\nSELECT MATCH_PROCTIME() FROM t;",
};

export function matchFunction(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `${name} can only be used in MATCH_RECOGNIZE.`);
}

export function matchVariables(range: { start: number; end: number }, variables: readonly string[]): Problem {
  return finding(
    rule,
    range,
    `An aggregate reads the rows of one pattern variable, not of ${variables.join(' and ')}.`,
  );
}

export function matchDistinct(range: { start: number; end: number }): Problem {
  return finding(rule, range, 'An aggregate in MATCH_RECOGNIZE reads all rows of its variable. Leave DISTINCT out.');
}
