// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of SQL templates
import { describe, expect, test } from 'vitest';
import { parseScript, parseStatement } from '../../server/src/language/parser';
import { checkProblems } from './fixture';

const options = { flinkVersion: '2.3', templates: false };
const texts = (script: string, templates = false) =>
  parseScript(script, { ...options, templates }).statements.map((placed) => placed.statement.text.trimEnd());

describe('where statements end', () => {
  test.each<[string, string[]]>([
    ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
    [
      "SELECT ';'; SELECT `;`; SELECT 1 -- ;\n; SELECT /* ; */ 2;",
      ["SELECT ';'", 'SELECT `;`', 'SELECT 1 -- ;', 'SELECT /* ; */ 2'],
    ],
    [';;  ; -- nothing\n /* here */ ;', []],
    ['\ufeffSELECT 1;\r\nSELECT 2\r\n', ['SELECT 1', 'SELECT 2']],
    [
      'EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END; INSERT INTO b SELECT 2; END; SELECT 1',
      [
        'EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END; INSERT INTO b SELECT 2; END',
        'SELECT 1',
      ],
    ],
    ['BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;', ['BEGIN STATEMENT SET', 'INSERT INTO a SELECT 1', 'END']],
    ["SELECT 'not closed; SELECT 2", ["SELECT 'not closed; SELECT 2"]],
  ])('%s', (script, expected) => expect(texts(script)).toEqual(expected));

  test('offsets lead back into the script', () => {
    const script = '-- first\nSELECT 1;\n\n/* second */ SELECT 2;';
    expect(parseScript(script, options).statements.map((p) => [p.regionStart, p.offset])).toEqual([
      [0, 9],
      [18, 33],
    ]);
  });
});

describe('statements of the SQL client', () => {
  test.each([
    ['SET', undefined, undefined],
    ["SET 'a.b' = 'c d'", 'a.b', 'c d'],
    ['SET a.b=c', 'a.b', 'c'],
    ["set a.b = 'c d' ", 'a.b', 'c d'],
  ])('%s', (text, key, value) => {
    const { root, problems } = parseStatement(text, options);
    if (root.kind !== 'SetOption') throw new Error(root.kind);
    expect([root.key?.value, root.value?.value, problems.length]).toEqual([key, value, 0]);
    if (root.key && value === 'c') expect(text.slice(root.value!.start, root.value!.end)).toBe('c');
  });

  test('what the client does not know is left to the grammar', () => {
    checkProblems('SET a b\n    ~ syntax/unexpected');
    checkProblems("RESET 'a'");
    checkProblems('SETTLE\n~~~~~~ syntax/statement');
  });
});

describe('templates', () => {
  test.each([
    "SELECT ${columns} FROM ${db}.orders_${env} WHERE ts > {{ start }} AND a = '${x}'",
    "CREATE TABLE ${t} (a INT) WITH ('connector' = ${connector}, ${more})",
    'SELECT * FROM t {% if x %} WHERE a = 1 {% endif %} LIMIT {{ n }}',
    "{{ config(materialized = 'table') }} SELECT 1",
    '${statement}',
    'SELECT a ${extra} FROM t ${where}',
    'INSERT INTO t SELECT ${f}(a), b.${c} FROM u',
  ])('%s is accepted with templates, and an error without', (text) => {
    expect(parseStatement(text, { ...options, templates: true }).problems).toEqual([]);
    expect(parseStatement(text, options).problems).toHaveLength(1);
  });

  test('a mistake in a statement without placeholders is told all the same', () => {
    checkProblems('SELECT a FROM ${t}; SELECT a, FROM t\n                              ~~~~ syntax/trailing-comma', {
      templates: true,
    });
  });

  test('placeholders with a value read as that value, at the place where they stand', () => {
    const text = "INSERT INTO ${db}.t_${env} SELECT ${c}, '${topic}' FROM `${db}`.u LIMIT ${n} ${rest}";
    const variables = { db: 'shop', env: 'prod', c: 'a', topic: 'orders', n: '10' };
    const { root, problems } = parseStatement(text, { ...options, templates: true, variables });
    if (root.kind !== 'Insert' || root.source.body.kind !== 'Select') throw new Error(root.kind);
    expect(problems).toEqual([]);
    const table = root.table.name;
    expect(table.parts.map((part) => part.name)).toEqual(['shop', 't_prod']);
    expect(text.slice(table.start, table.end)).toBe('${db}.t_${env}');
    expect(root.source.body.items.map((item) => item.expr)).toMatchObject([
      { kind: 'ColumnRef', parts: [{ name: 'a' }] },
      { kind: 'StringLiteral', value: 'orders' },
    ]);
    expect(root.source.body.from).toMatchObject({ name: { parts: [{ name: 'shop' }, { name: 'u' }] } });
    expect(root.source.limit).toMatchObject({ kind: 'NumberLiteral', text: '10' });
  });

  test('a semicolon inside a placeholder ends nothing', () => {
    expect(texts('SELECT {{ a; b }}; SELECT 2', true)).toEqual(['SELECT {{ a; b }}', 'SELECT 2']);
  });
});

describe('texts that are deep or long', () => {
  test.each([
    ['parentheses', '('.repeat(10_000)],
    ['closed parentheses', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
    ['types', `CREATE TABLE t (a ${'ARRAY<'.repeat(10_000)}`],
    ['CASE', 'SELECT CASE '.padEnd(60_000, 'CASE ')],
    ['sub-queries', 'SELECT * FROM ('.repeat(5_000)],
  ])('%s end in one problem', (_, text) => {
    expect(parseStatement(text, options).problems).toHaveLength(1);
  });

  test.each([
    ['operators', `SELECT ${'a + '.repeat(50_000)}a`],
    ['columns', `SELECT ${'a, '.repeat(50_000)}a FROM t`],
    ['a string', `SELECT '${'x'.repeat(1_000_000)}'`],
    ['unions', `SELECT 1${' UNION ALL SELECT 1'.repeat(20_000)}`],
    ['joins', `SELECT * FROM t${' JOIN t ON TRUE'.repeat(20_000)}`],
    ['prefix operators', `SELECT ${'NOT '.repeat(50_000)}a`],
  ])('%s are taken', (_, text) => {
    expect(parseStatement(text, options).problems).toEqual([]);
  });

  test('nesting as people write it is taken', () => {
    expect(parseStatement(`SELECT ${'('.repeat(200)}1${')'.repeat(200)}`, options).problems).toEqual([]);
  });
});
