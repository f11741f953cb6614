import type { Problem } from '../language/problem';
import { finding, nearest, type Rule, replacement } from './rule';

export const rule: Rule = {
  code: 'unknown-hint',
  severity: 'error',
  origin: 'semantics',
  explanation: 'Flink knows no hint of this name behind SELECT, or the hint lacks what it must say.',
  example: "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT /*+ BROADCASTS(t) */ a FROM t;",
};

export function unknownHint(
  range: { start: number; end: number },
  name: { start: number; end: number; name: string },
  known: readonly string[],
): Problem {
  const meant = nearest(name.name, known);
  const text = `There is no hint \`${name.name}\` in this version of Flink.`;
  if (!meant) return finding(rule, range, `${text} There are: ${known.join(', ')}.`);
  return finding(rule, range, `${text} Did you mean \`${meant}\`?`, [replacement(name, meant)]);
}

export function emptyHint(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `${name} must name tables and times, such as ${name}('orders' = '1 d').`);
}
