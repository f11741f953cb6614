import { describe, expect, test } from 'vitest';
import type { NodeBase } from '../../server/src/language/ast';
import { parseScript, parseStatement } from '../../server/src/language/parser';
import { type AnyNode, children, nodeAt, walk } from '../../server/src/language/tree';

const options = { flinkVersion: '2.3', templates: false };

/** A tree in a line: kinds with their names, nested in parentheses. */
function outline(node: NodeBase): string {
  const { kind, name } = node as AnyNode & { name?: unknown };
  const own = typeof name === 'string' ? `${kind} ${name || '…'}` : kind;
  const below = children(node).map(outline);
  return below.length === 0 ? own : `${own}(${below.join(' ')})`;
}

/** Names of all tables, in order, and of all columns. */
function names(text: string): { tables: string[]; columns: string[] } {
  const tables: string[] = [];
  const columns: string[] = [];
  walk(parseStatement(text, options).root, (node) => {
    const parts = (from: unknown) => (from as { name: string }[]).map((part) => part.name || '…').join('.');
    if (node.kind === 'TableRef') tables.push(parts((node as unknown as { name: { parts: unknown } }).name.parts));
    if (node.kind === 'ColumnRef') columns.push(parts((node as unknown as { parts: unknown }).parts));
  });
  return { tables, columns };
}

describe('a half-typed query keeps what stands around the cursor', () => {
  test.each([
    ['SELECT o. FROM orders o JOIN', ['orders', '…'], ['o.…']],
    ['SELECT o. , b FROM orders o', ['orders'], ['o.…', 'b']],
    ['SELECT a, FROM orders', ['orders'], ['a']],
    ['SELECT FROM orders WHERE b = 1', ['orders'], ['b']],
    ['SELECT a FROM orders WHERE', ['orders'], ['a']],
    ['SELECT a FROM orders WHERE b = AND c = 1', ['orders'], ['a', 'b', 'c']],
    ['SELECT a FROM orders o JOIN  ON o.x = 1', ['orders', '…'], ['a', 'o.x']],
    ['SELECT a FROM orders, WHERE b > 1', ['orders'], ['a', 'b']],
    ['SELECT SUM( FROM orders GROUP BY c', ['orders'], ['c']],
    ['SELECT a FROM orders GROUP BY', ['orders'], ['a']],
    ['SELECT a FROM (SELECT b. FROM orders b) x WHERE c', ['orders'], ['a', 'b.…', 'c']],
    ['INSERT INTO sink SELECT  FROM orders', ['sink', 'orders'], []],
    ['INSERT INTO sink (a, ) SELECT b FROM orders', ['sink', 'orders'], ['b']],
    ['WITH x AS (SELECT a. FROM orders a) SELECT * FROM x', ['orders', 'x'], ['a.…']],
    ['SELECT CASE WHEN a FROM orders', ['orders'], ['a']],
    ['SELECT a FROM orders UNION ALL SELECT b. FROM payments', ['orders', 'payments'], ['a', 'b.…']],
  ])('%s', (text, tables, columns) => {
    const found = names(text);
    expect(found.tables.filter((t) => t !== '…' || tables.includes('…'))).toEqual(tables);
    expect(found.columns).toEqual(columns);
    expect(parseStatement(text, options).problems).toHaveLength(1);
  });
});

test('a broken column keeps the others and the options', () => {
  const text =
    "CREATE TABLE t (a INT, b , c STRING, order INT, PRIMARY KEY (a) NOT ENFORCED) WITH ('connector' = 'kafka')";
  const root = parseStatement(text, options).root;
  if (root.kind !== 'CreateTable') throw new Error(root.kind);
  expect(root.columns.map((column) => column.name.name)).toEqual(['a', 'b', 'c', 'order']);
  expect(root.constraints).toHaveLength(1);
  expect(root.options.map((option) => `${option.key.value}=${option.value.value}`)).toEqual(['connector=kafka']);
});

test.each([
  'insert into partition )',
  'CREATE TABLE LIKE COUNT',
  'select/*+ %',
  'SELECT CAST( ,',
  'EXPLAIN STATEMENT SET',
  'SELECT * FROM t MATCH_RECOGNIZE (SUBSET (',
  'ALTER TABLE t ADD DISTRIBUTION b',
  'SELECT SUM(a) OVER (RANGE BETWEEN',
])('every node of %s has a range, inside of that of its parent', (text) => {
  walk(parseStatement(text, options).root, (node, parent) => {
    expect([node.kind, node.start <= node.end]).toEqual([node.kind, true]);
    if (parent) expect([node.kind, parent.start <= node.start && node.end <= parent.end]).toEqual([node.kind, true]);
  });
});

test('every broken statement of a script has one problem, and the others have none', () => {
  const { statements } = parseScript('SELECT a FROM; SELECT 1; SELCT b; CREATE TABLE x (a INT,); SELECT 2', options);
  expect(statements.map((placed) => placed.statement.problems.length)).toEqual([1, 0, 1, 1, 0]);
});

test('the nodes of a statement', () => {
  expect(outline(parseStatement('SELECT a.b + 1 AS c FROM t WHERE NOT x IS NULL', options).root)).toBe(
    'QueryStatement(Query(Select(SelectItem(Binary(ColumnRef(Identifier a Identifier b) NumberLiteral) Identifier c) ' +
      'TableRef(Name(Identifier t)) Unary(IsTest(ColumnRef(Identifier x))))))',
  );
});

describe('operators bind as in Flink', () => {
  const shape = (node: NodeBase): string => {
    const n = node as AnyNode & { op?: string; parts?: { name: string }[]; text?: string; name?: string };
    if (n.kind === 'ColumnRef') return n.parts!.map((p) => p.name).join('.');
    if (n.kind === 'NumberLiteral') return n.text!;
    const below = children(node).map(shape);
    const word = n.op ?? n.kind;
    return below.length === 1 ? `(${word} ${below[0]})` : `(${below.join(` ${word} `)})`;
  };
  test.each([
    ['a + b * c', '(a + (b * c))'],
    ['a - b - c', '((a - b) - c)'],
    ['NOT a = b AND c', '((NOT (a = b)) AND c)'],
    ['a OR b AND c', '(a OR (b AND c))'],
    ['a BETWEEN b AND c AND d', '((a Between b Between c) AND d)'],
    ['a BETWEEN b + 1 AND c OR d', '((a Between (b + 1) Between c) OR d)'],
    ['- a * b', '((- a) * b)'],
    ['a || b = c', '((a || b) = c)'],
    ['a LIKE b ESCAPE c AND d', '((a LIKE b LIKE c) AND d)'],
    ['a LIKE b AND c LIKE d', '((a LIKE b) AND (c LIKE d))'],
    ['a IS NULL OR b', '((IsTest a) OR b)'],
    ['a IN (1, 2) AND b', '((a InTest 1 InTest 2) AND b)'],
    ['a[1].b + c', '(((a IndexAccess 1) FieldAccess ()) + c)'],
    ['(a + b) * c', '((a + b) * c)'],
  ])('%s', (expression, tree) => {
    const root = parseStatement(`SELECT ${expression}`, options).root;
    if (root.kind !== 'QueryStatement' || root.query.body.kind !== 'Select') throw new Error(root.kind);
    expect(shape(root.query.body.items[0]!.expr)).toBe(tree);
  });
});

test('the node at an offset is the innermost one', () => {
  const text = 'SELECT orders.amount FROM orders';
  const root = parseStatement(text, options).root;
  const at = (offset: number) => {
    const node = nodeAt(root, offset);
    return node && `${node.kind} ${text.slice(node.start, node.end)}`;
  };
  expect(at(16)).toBe('Identifier amount');
  expect(at(8)).toBe('Identifier orders');
  expect(at(28)).toBe('Identifier orders');
});
