import type { Problem } from '../language/problem';
import { finding, nearest, type Rule, replacement } from './rule';

export const rule: Rule = {
  code: 'ignore-comment',
  severity: 'information',
  origin: 'hint',
  explanation:
    'A comment `-- flink-sql: ignore …` names something that is not the code of a finding, so it silences nothing. Errors of syntax cannot be silenced: mend them, or comment the statement out.',
  example: 'SELECT 1; -- flink-sql: ignore unused-tabel',
};

/** `-- flink-sql: ignore` at the end of a line, with codes or without */
export const IGNORE = /--\s*flink-sql:\s*ignore\b([^\n]*)$/;
const EVERY = new RegExp(IGNORE.source, 'gm');

/** The comments of a whole text that name what is no code. `codes` are those that exist. */
export function ignoreComment(text: string, codes: ReadonlySet<string>): Problem[] {
  if (!text.includes('flink-sql:')) return [];
  return [...text.matchAll(EVERY)].flatMap((comment) => {
    const list = comment.index + comment[0].length - comment[1]!.length;
    return [...comment[1]!.matchAll(/[^\s,]+/g)].flatMap(({ index, 0: name }) => {
      if (codes.has(name)) return [];
      const range = { start: list + index, end: list + index + name.length };
      if (name.startsWith('syntax/')) {
        return [finding(rule, range, 'Errors of syntax cannot be ignored. Comment the statement out instead.')];
      }
      const meant = nearest(name, codes);
      const text = `\`${name}\` is not the code of a finding, so nothing is ignored.`;
      return meant
        ? [finding(rule, range, `${text} Did you mean \`${meant}\`?`, [replacement(range, meant)])]
        : [finding(rule, range, text)];
    });
  });
}
