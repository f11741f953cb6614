import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'argument-count',
  severity: 'error',
  origin: 'semantics',
  explanation: 'A built-in function was given fewer or more arguments than it takes.',
  example: "CREATE TABLE t (a STRING) WITH ('connector' = 'datagen');\nSELECT UPPER(a, a) FROM t;",
};

/** `counts` are the numbers of arguments that the function takes. */
export function argumentCount(
  range: { start: number; end: number },
  name: string,
  counts: readonly number[],
  given: number,
): Problem {
  const wanted =
    counts.length === 0 ? 'other arguments' : `${counts.join(' or ')} argument${counts.at(-1) === 1 ? '' : 's'}`;
  return finding(rule, range, `${name} takes ${wanted}, not ${given}.`);
}
