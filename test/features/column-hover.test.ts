import { describe, expect, it } from 'vitest';
import { columnHover } from '../../server/src/features/column-hover';
import { fixture } from './fixture';

/** Checks the Markdown of the hover at the cursor, '' for none, and that it belongs to the marked name. */
function check(marked: string, expected: string): void {
  const { document, cursor, ranges } = fixture(marked);
  const found = columnHover(document, cursor);
  expect(found?.markdown ?? '').toBe(expected.replace(/^\n/, '').replace(/^ {4}/gm, '').trimEnd());
  if (ranges.length > 0) expect(found && { start: found.start, end: found.end }).toEqual(ranges[0]);
}

const tables = `
CREATE TABLE orders (id BIGINT NOT NULL COMMENT 'The *number*', amount DECIMAL(10, 2), proc_time AS PROCTIME()) WITH ('connector' = 'datagen');
CREATE TABLE sums (id BIGINT, total DECIMAL(38, 2)) WITH ('connector' = 'print');
`;

describe('a column', () => {
  it('is told with type, table and comment', () =>
    check(
      `${tables}SELECT i▮d FROM orders;
       ~~`,
      `
    \`\`\`flinksql
    id  BIGINT NOT NULL
    \`\`\`

    Column of **orders**

    The \\*number\\*`,
    ));
  it('is not told in its type', () =>
    check(
      `
CREATE TABLE t (ts TIMESTAMP(3) METADATA FROM 'timestamp' VIRTUAL, a ST▮RING) WITH ('connector' = 'datagen');`,
      '',
    ));
  it('is told by its name in the definition', () =>
    check(
      `
CREATE TABLE t (t▮s TIMESTAMP(3) METADATA FROM 'timestamp' VIRTUAL) WITH ('connector' = 'datagen');
                ~~`,
      `
    \`\`\`flinksql
    ts  TIMESTAMP(3)
    \`\`\`

    Column of **t**, metadata that is only read`,
    ));
  it('is told as computed', () =>
    check(
      `${tables}SELECT o.proc_▮time FROM orders AS o;`,
      `
    \`\`\`flinksql
    proc_time  TIMESTAMP_LTZ(3) NOT NULL
    \`\`\`

    Column of **orders**, computed`,
    ));
  it('is not told where there is none, or where nothing is known of it', () => {
    check(`${tables}SEL▮ECT id FROM orders;`, '');
    check('SELECT a▮bc FROM nowhere;', '');
    check('▮', '');
  });
});

it('a column of a sink is told with where its values come from', () =>
  check(
    `${tables}INSERT INTO sums (id, to▮tal) SELECT id, SUM(amount) FROM orders GROUP BY id;`,
    `
    \`\`\`flinksql
    total  DECIMAL(38, 2)
    \`\`\`

    Column of **sums**

    \`orders.amount\` → \`SUM(amount)\` → \`sums.total\``,
  ));
