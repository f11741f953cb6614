import { expect, it } from 'vitest';
import { folding } from '../../server/src/features/folding';
import { fixture } from './fixture';

/** Checks the folds as line ranges, 1-based, with their kind. */
function check(sql: string, ...expected: string[]): void {
  const { document, text } = fixture(sql);
  const line = (offset: number) => text.slice(0, offset).split('\n').length;
  const folds = folding(text, document.statements).map(
    ({ start, end, kind }) => `${line(start)}-${line(end)}${kind ? ` ${kind}` : ''}`,
  );
  expect(folds.filter((fold) => !/^(\d+)-\1\b/.test(fold))).toEqual(expected);
}

it('statements, comments before them, and the writes of a statement set', () =>
  check(
    `
-- what this is
-- and why
CREATE TABLE t (
  a INT
);

SELECT 1; -- one line

EXECUTE STATEMENT SET
BEGIN
  INSERT INTO t
  SELECT 1;
END;
`,
    '3-5',
    '1-2 comment',
    '9-13',
    '11-12',
  ));

it('nothing in an empty script', () => check(''));
