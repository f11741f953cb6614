import { describe, expect, it } from 'vitest';
import { hover } from '../../server/src/features/hover';
import { fixture } from './fixture';

/** Checks the Markdown of the hover at the cursor, '' for none, and that it belongs to the marked name. */
function check(marked: string, expected: string): void {
  const { document, cursor, ranges } = fixture(marked);
  const found = hover(document, cursor);
  const lines = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.trimEnd());
  expect(lines(found?.markdown ?? '')).toEqual(lines(expected.replace(/^ {4}/gm, '')));
  if (ranges.length > 0) expect(found && { start: found.start, end: found.end }).toEqual(ranges[0]);
}

const orders = `
CREATE TABLE orders (
  order_id     BIGINT NOT NULL COMMENT 'Number shown
 to the customer',
  amount       DECIMAL(10, 2),
  received_at  TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  proc_time    AS PROCTIME(),
  ordered_at   TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ordered_at AS ordered_at - INTERVAL '5' SECOND,
  PRIMARY KEY (order_id) NOT ENFORCED
) COMMENT 'Orders, *as accepted*' WITH ('connector' = 'kafka');
`;
const ordersCard = `
    **orders** · kafka table · defined in line 1

    Orders, \\*as accepted\\*

    \`\`\`flinksql
    order_id     BIGINT NOT NULL            -- primary key · Number shown to the customer
    amount       DECIMAL(10, 2)
    received_at  TIMESTAMP_LTZ(3)           -- metadata, read only
    proc_time    TIMESTAMP_LTZ(3) NOT NULL  -- computed
    ordered_at   TIMESTAMP(3) NOT NULL      -- watermark −5 s
    \`\`\``;

describe('a table', () => {
  it('is told where it is read', () =>
    check(
      `${orders}SELECT * FROM ord▮ers AS o;
              ~~~~~~`,
      ordersCard,
    ));
  it('is told where it is joined, with the cursor behind it', () =>
    check(`${orders}SELECT 1 FROM orders AS a JOIN orders▮ AS b ON TRUE;`, ordersCard));
  it('is told where it is written', () => check(`${orders}INSERT INTO ▮orders (order_id) SELECT 1;`, ordersCard));
  it('is told where it is defined', () => check(orders.replace('TABLE orders', 'TABLE ord▮ers'), ordersCard));
  it('is told in a view, a subquery and a common table expression', () => {
    check(`${orders}CREATE VIEW v AS SELECT order_id FROM or▮ders;`, ordersCard);
    check(`${orders}SELECT 1 FROM orders WHERE order_id IN (SELECT order_id FROM or▮ders);`, ordersCard);
    check(`${orders}WITH o AS (SELECT order_id FROM or▮ders) SELECT * FROM o;`, ordersCard);
  });
  it('is told in a statement set', () =>
    check(`${orders}EXECUTE STATEMENT SET BEGIN INSERT INTO x SELECT order_id FROM or▮ders; END;`, ordersCard));
  it('is told while the statement is half-typed', () =>
    check(`${orders}SELECT o. FROM or▮ders AS o WHERE`, ordersCard));
});

it('keys of several columns and partitions stand under the columns', () =>
  check(
    "CREATE TABLE ▮`my tab` (a INT, b INT, PRIMARY KEY (a, b) NOT ENFORCED) PARTITIONED BY (b) WITH ('connector' = 'filesystem');",
    `
    **my tab** · filesystem table · defined in line 1

    \`\`\`flinksql
    a  INT NOT NULL
    b  INT NOT NULL
    \`\`\`

    Primary key \`a, b\` · Partitioned by \`b\``,
  ));

it('a view is told with the columns of its query', () =>
  check(
    `${orders}CREATE TEMPORARY VIEW big AS SELECT order_id, amount * 2 AS twice FROM orders;
SELECT * FROM bi▮g;`,
    `
    **big** · view · defined in line 11

    \`\`\`flinksql
    order_id  BIGINT NOT NULL
    twice     DECIMAL(21, 2)
    \`\`\``,
  ));

it('many columns end in how many more there are, within 20 lines', () => {
  const columns = Array.from({ length: 5000 }, (_, index) => `c${index} INT`).join(', ');
  const { document, cursor } = fixture(`CREATE TABLE wi▮de (${columns}) COMMENT 'x' WITH ('connector' = 'kafka');`);
  const { markdown } = hover(document, cursor)!;
  expect(markdown).toContain('-- … and 4988 more');
  expect(markdown.split('\n').length).toBeLessThanOrEqual(20);
});

it.each([
  ["ts - INTERVAL '1' HOUR", '−1 h'],
  ["`ts` - INTERVAL '10' MINUTES", '−10 min'],
  ['ts', 'ts'],
  ["ts - INTERVAL '0.5' SECOND", "ts - INTERVAL '0.5' SECOND"],
  ["other - INTERVAL '1' DAY", "other - INTERVAL '1' DAY"],
])('the watermark %s reads %s', (expression, told) => {
  const { document, cursor } = fixture(
    `CREATE TABLE ▮t (ts TIMESTAMP(3), other TIMESTAMP(3), WATERMARK FOR ts AS ${expression}) WITH ('connector' = 'datagen');`,
  );
  expect(hover(document, cursor)?.markdown).toContain(`ts     TIMESTAMP(3)  -- watermark ${told}\n`);
});

describe('nothing is told', () => {
  it('of an unknown table', () => check('SELECT * FROM unkn▮own;', ''));
  it('of a common table expression', () => check('WITH t AS (SELECT 1 AS a) SELECT * FROM ▮t;', ''));
  it('in blanks, keywords and empty documents', () => {
    check(`${orders}SEL▮ECT * FROM orders;`, '');
    check(`▮${orders}`, '');
    check('▮', '');
  });
});

it('hostile names and comments do not break out of the code block', () => {
  const { document, cursor } = fixture(
    "CREATE TABLE ▮t (`` ```\n[x](command:a) `` INT COMMENT '```\n![](http://x)') WITH ('connector' = '[x](command:b)');".replaceAll(
      '``',
      '`',
    ),
  );
  const found = hover(document, cursor);
  expect(found?.markdown ?? '').not.toMatch(/(?<!\\)\[x(?<!\\)\]\(command:b/);
});
