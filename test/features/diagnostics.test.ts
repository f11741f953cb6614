import { describe, expect, it } from 'vitest';
import { diagnostics } from '../../server/src/features/diagnostics';
import { quickFixes } from '../../server/src/features/quick-fixes';
import { fixture } from './fixture';

/** Checks that the problems are exactly what has tildes under it, with these messages. */
function check(marked: string, ...messages: (string | RegExp)[]): void {
  const { document, ranges } = fixture(marked);
  const found = document.problems(true).filter(({ problem }) => problem.severity === 'error');
  expect(found.map(({ start, end }) => ({ start, end }))).toEqual(ranges);
  expect(found.map(({ problem }) => problem.message)).toEqual(
    messages.map((message) => expect.stringMatching(message)),
  );
}

describe('problems stand at their place in the document', () => {
  it('in a later statement, after comments', () =>
    check(
      `
-- first
SELECT 1;
/* second */ SELCT 2;
             ~~~~~`,
      /SELECT/,
    ));
  it('one for each broken statement', () =>
    check(
      `
SELCT 1;
~~~~~
SELECT 2;
SELCT 3;
~~~~~`,
      /SELECT/,
      /SELECT/,
    ));
  it('none in a script that is right', () =>
    check("CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT a FROM t;"));
});

describe('while typing', () => {
  const problemsAt = (marked: string) => {
    const { document, text, cursor } = fixture(marked);
    return diagnostics(text, document.statements, () => [], cursor).length;
  };
  it('what is missing at the cursor is not told', () => {
    expect(problemsAt('SELECT a FROM ▮')).toBe(0);
    expect(problemsAt('SELECT a, ▮\nFROM t;')).toBe(0);
    expect(problemsAt('SEL▮')).toBe(0);
    expect(problemsAt('SELECT 1;\nINSERT INTO t SELECT o. ▮')).toBe(0);
  });
  it('what is wrong elsewhere is', () => {
    expect(problemsAt('SELCT 1;\nSELECT 2 ▮')).toBe(1);
    expect(problemsAt('SELECT a FROM WHERE b = ▮1')).toBe(1);
  });
});

/** Checks the text after the first repair of the problem at the cursor. */
function checkFix(marked: string, expected: string): void {
  const { document, text, cursor } = fixture(marked);
  const [fix] = quickFixes(document.problems(true), { start: cursor, end: cursor });
  const repaired = [...(fix?.edits ?? [])]
    .sort((a, b) => b.start - a.start)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
  expect(repaired).toBe(expected);
}

describe('a quick fix', () => {
  const table = "CREATE TABLE t (amount INT) WITH ('connector' = 'datagen');";
  it('edits the document at the place of its statement', () =>
    checkFix(`-- one\n${table}\n  SELECT am▮out FROM t;`, `-- one\n${table}\n  SELECT amount FROM t;`));
  it('is not offered elsewhere', () =>
    checkFix(`${table}\nSELECT amout FROM t;\nSELECT▮ 2;`, `${table}\nSELECT amout FROM t;\nSELECT 2;`));
});
