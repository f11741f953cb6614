import { expect, it } from 'vitest';
import { definition } from '../../server/src/features/definition';
import { fixture } from './fixture';

/** Checks that the name at the cursor leads to the marked one; no mark means that it leads nowhere. */
function check(marked: string): void {
  const { document, cursor, ranges } = fixture(marked);
  const found = definition(document, cursor);
  expect(found && { start: found.start, end: found.end }).toEqual(ranges[0]);
}

it('leads to the CREATE statement', () =>
  check(`
CREATE TABLE orders (a INT) WITH ('connector' = 'datagen');
             ~~~~~~
SELECT * FROM ord▮ers;`));
it('leads to the view', () =>
  check(`
CREATE TEMPORARY VIEW v AS SELECT 1 AS a;
                      ~
SELECT * FROM ▮v;`));
it('takes the last one above', () =>
  check(`
CREATE TABLE t (a INT) WITH ('connector' = 'datagen');
DROP TABLE t;
CREATE TABLE t (b INT) WITH ('connector' = 'datagen');
             ~
SELECT * FROM t▮;
DROP TABLE t;
CREATE TABLE t (c INT) WITH ('connector' = 'datagen');`));
it('leads nowhere from unknown tables and blanks', () => {
  check('SELECT * FROM un▮known;');
  check('SELECT ▮1;');
  check('▮');
});
