import type { Problem } from '../language/problem';
import { finding, nearest, type Rule, replacement, written } from './rule';

export const rule: Rule = {
  code: 'unknown-object',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A catalog, database or model of this name is not defined above, in a place where nothing else can define it. Create it first or correct the name.',
  example: 'USE CATALOG lake_house;',
};

/** `what` in words: 'Catalog', 'Database', 'Model'. */
export function unknownObject(
  range: { start: number; end: number },
  what: string,
  name: string,
  candidates: Iterable<string>,
): Problem {
  const meant = nearest(name, candidates);
  const text = `${what} \`${name}\` does not exist here.`;
  if (!meant) return finding(rule, range, `${text} Create it above, or correct the name.`);
  return finding(rule, range, `${text} Did you mean \`${meant}\`?`, [replacement(range, written(meant))]);
}
