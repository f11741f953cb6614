import { expect, it } from 'vitest';
import { datasetAt } from '../../server/src/features/dataset-at';
import { fixture } from './fixture';

/** Checks which data the option at the cursor names, '' for none, and that the marked value is meant. */
function check(marked: string, expected: string): void {
  const { document, cursor, ranges } = fixture(marked);
  const found = datasetAt(document, cursor);
  expect(found ? `${found.table.name.split('.').at(-1)} ${found.name}` : '').toBe(expected);
  if (ranges.length > 0) expect(found && { start: found.start, end: found.end }).toEqual(ranges[0]);
}

const kafka = (topic: string) => `CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = ${topic});`;

it('a topic, and the one of a list that is meant', () => {
  check(
    `
CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = 'ord▮ers');
                                                              ~~~~~~~~`,
    't orders',
  );
  check(kafka("'a▮;b;c'"), 't a');
  check(kafka("'a; b▮;c'"), 't b');
  check(kafka("'a;b;▮c'"), 't c');
});
it('a path, a table, an index', () => {
  check("CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'path' = 's3://b/▮c');", 't s3://b/c');
  check("CREATE TABLE t (a INT) WITH ('connector' = 'jdbc', 'table-name' = 'pub▮lic.t');", 't public.t');
});
it('nothing else', () => {
  check("CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'top▮ic' = 'a');", '');
  check("CREATE TABLE t (a INT) WITH ('connector' = 'kaf▮ka');", '');
  check('SELECT ▮1;', '');
});
