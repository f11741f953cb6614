import type { Problem } from '../language/problem';
import { finding, nearest, type Rule, replacement } from './rule';

export const rule: Rule = {
  code: 'unknown-function',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Flink has no built-in function of this name, and none is created above, in a catalog that is kept in memory. Correct the name, create the function with `CREATE FUNCTION`, or load the module that brings it.',
  example: "CREATE TABLE t (a STRING) WITH ('connector' = 'datagen');\nSELECT UPER(a) FROM t;",
};

export function unknownFunction(
  range: { start: number; end: number },
  name: string,
  candidates: Iterable<string>,
): Problem {
  const meant = nearest(name, candidates);
  const text = `There is no function \`${name}\` here.`;
  return meant
    ? finding(rule, range, `${text} Did you mean \`${meant}\`?`, [replacement(range, meant)])
    : finding(rule, range, `${text} Create it with CREATE FUNCTION, or load the module that brings it.`);
}
