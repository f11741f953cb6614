import { expect, it } from 'vitest';
import { type OutlineItem, outline } from '../../server/src/features/outline';
import { fixture } from './fixture';

/** Checks the outline as indented lines `kind name: detail`, and that selections lie inside their items. */
function check(sql: string, expected: string): void {
  const { document, text } = fixture(sql);
  const lines: string[] = [];
  const write = (item: OutlineItem, indent: string) => {
    lines.push(`${indent}${item.kind} ${item.name}: ${item.detail}`);
    const { start, end, selection } = item;
    expect(start).toBeLessThanOrEqual(selection.start);
    expect(selection.start).toBeLessThanOrEqual(selection.end);
    expect(selection.end).toBeLessThanOrEqual(end);
    expect(end).toBeLessThanOrEqual(text.length);
    for (const child of item.children) write(child, `${indent}  `);
  };
  for (const item of outline(document.statements)) write(item, '');
  expect(lines).toEqual(
    expected.trim() === ''
      ? []
      : expected
          .replace(/^\n|\n *$/g, '')
          .split('\n')
          .map((line) => line.replace(/^ {4}/, '')),
  );
}

it('shows what a script defines and writes', () =>
  check(
    `
SET 'pipeline.name' = 'x';
CREATE CATALOG warehouse WITH ('type' = 'hive');
CREATE DATABASE warehouse.sales;
USE CATALOG warehouse;
CREATE TABLE orders (id BIGINT, name AS UPPER('a'), part INT METADATA) WITH ('connector' = 'kafka');
CREATE TEMPORARY VIEW v AS SELECT * FROM orders;
CREATE FUNCTION f AS 'org.example.F';
INSERT INTO a.b.sink SELECT * FROM v;
INSERT OVERWRITE sink SELECT * FROM v;
EXECUTE STATEMENT SET BEGIN
  INSERT INTO a1 SELECT 1;
  INSERT INTO a2 SELECT 2;
END;
SELECT 1;
`,
    `
    catalog warehouse: catalog
    database warehouse.sales: database
    table orders: kafka
      column id: BIGINT
      column name: 
      column part: INT
    view v: view
    function f: function
    write a.b.sink: insert into
    write sink: insert overwrite
    set STATEMENT SET: 2 writes
      write a1: insert into
      write a2: insert into
    query SELECT: query`,
  ));

it('is there for half-typed statements', () => {
  check('CREATE TABLE ', 'table (no name yet): table');
  check('INSERT INTO ', 'write (no name yet): insert into');
});

it('is empty for an empty script', () => check('-- nothing\n', ''));
