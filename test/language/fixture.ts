import { expect } from 'vitest';
import { parseScript } from '../../server/src/language/parser';
import type { ParseOptions } from '../../server/src/language/script';

/** A fixture's cases: texts separated by a line of dashes. */
export function cases(fixture: string): string[] {
  return fixture
    .split(/^-{3,}$/m)
    .map((part) => part.replace(/^\n+|\n+$/g, ''))
    .filter((part) => part !== '');
}

/** A line that marks the range above it with `~~~`, with the problem's code and sentence behind. */
const marker = /^( *)(~+) ?(.*)$/;

/**
 * Checks the problems of a SQL text. Under each line of code may stand a marker line: `~~~` under the range, then the
 * code, and after a colon the sentence; `^` stands for an empty range. Text without markers must have no problem.
 */
export function checkProblems(fixture: string, options: Partial<ParseOptions> = {}): void {
  const code: string[] = [];
  const expected: string[] = [];
  for (const line of fixture.split('\n')) {
    const found = marker.exec(line);
    if (!found) {
      code.push(line);
      continue;
    }
    const [, blanks, tildes, text] = found;
    expected.push(`${code.length}:${blanks!.length + 1}-${blanks!.length + tildes!.length + 1} ${text}`);
  }
  const text = code.join('\n');
  const script = parseScript(text, { flinkVersion: '2.3', templates: false, ...options });
  const actual = script.statements.flatMap(({ statement, offset }) =>
    statement.problems.map((problem) => {
      const before = text.slice(0, offset + problem.start);
      const line = before.split('\n').length;
      const column = before.length - before.lastIndexOf('\n');
      const told = expected.some((e) => e.includes(': ')) ? `: ${problem.message}` : '';
      return `${line}:${column}-${column + problem.end - problem.start} ${problem.code}${told}`;
    }),
  );
  expect(actual, text).toEqual(expected);
}
