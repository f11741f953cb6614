import { describe, expect, it } from 'vitest';
import { diagnostics } from '../../server/src/features/diagnostics';
import { quickFixes } from '../../server/src/features/quick-fixes';
import { OpenDocument } from '../../server/src/workspace/document';
import { readSettings } from '../../server/src/workspace/settings';
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

describe("statements in Hive's dialect", () => {
  it('are Hive’s business, until the dialect is changed back', () =>
    check(
      `
SET 'table.sql-dialect' = 'hive';
CREATE TABLE logs (line STRING) PARTITIONED BY (day STRING) STORED AS PARQUET;
INSERT OVERWRITE TABLE logs PARTITION (day) SELECT line, some_udf(day) FROM raw_logs LATERAL VIEW explode(parts) p AS part;
SET 'table.sql-dialect' = 'default';
SELCT 1;
~~~~~`,
      /SELECT/,
    ));
  it('also when it is reset', () =>
    check(
      `
SET 'table.sql-dialect' = 'hive';
ALTER TABLE t SET SERDE 'x';
RESET 'table.sql-dialect';
SELCT 1;
~~~~~`,
      /SELECT/,
    ));
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

/** Checks the text after the first offer for the problem at the cursor whose title has these words; none is no change. */
function checkFix(marked: string, expected: string, words = ''): void {
  const { document, text, cursor } = fixture(marked);
  const offers = quickFixes(document.text, document.problems(true), { start: cursor, end: cursor });
  const fix = offers.find(({ title }) => title.includes(words));
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

  const titles = (marked: string) => {
    const { document, cursor } = fixture(marked);
    return quickFixes(document.text, document.problems(true), { start: cursor, end: cursor }).map(({ title }) => title);
  };
  it('repairs first, then ignores, then turns off', () =>
    expect(titles(`${table}\nSELECT am▮out FROM t;`)).toEqual([
      'Change to amount',
      'Ignore unknown-column on this line',
      'Turn off unknown-column',
    ]));
  it('cannot ignore what Flink cannot read', () => expect(titles('SEL▮CT 1;')).toEqual(['Write SELECT']));
});

describe('ignoring a finding', () => {
  const table = "CREATE TABLE t (amount INT) WITH ('connector' = 'datagen');\n";
  const ignore = (marked: string, expected: string) => checkFix(`${table}${marked}`, `${table}${expected}`, 'Ignore');
  it('stands at the end of the line', () =>
    ignore('SELECT am▮out\nFROM t;', 'SELECT amout -- flink-sql: ignore unknown-column\nFROM t;'));
  it('stands behind another comment', () =>
    ignore('SELECT am▮out -- why\nFROM t;', 'SELECT amout -- why -- flink-sql: ignore unknown-column\nFROM t;'));
  it('joins others', () =>
    ignore(
      'SELECT am▮out, o.x -- flink-sql: ignore unknown-qualifier\nFROM t;',
      'SELECT amout, o.x -- flink-sql: ignore unknown-qualifier, unknown-column\nFROM t;',
    ));
  it('keeps line ends of Windows', () =>
    ignore('SELECT am▮out\r\nFROM t;', 'SELECT amout -- flink-sql: ignore unknown-column\r\nFROM t;'));
  it('goes above a line that ends inside of a string or comment', () => {
    ignore("  SELECT am▮out, 'a\nb' FROM t;", "  -- flink-sql: ignore unknown-column\n  SELECT amout, 'a\nb' FROM t;");
    ignore('SELECT am▮out /* a\nb */ FROM t;', '-- flink-sql: ignore unknown-column\nSELECT amout /* a\nb */ FROM t;');
  });
  it('is not offered where there is no room for it', () =>
    ignore("SELECT 'a\nb', am▮out, 'c\nd' FROM t;", "SELECT 'a\nb', amout, 'c\nd' FROM t;"));
  it('works', () => {
    const { document } = fixture(`${table}SELECT amout -- flink-sql: ignore unknown-column\nFROM t;`);
    expect(document.problems(true)).toEqual([]);
  });
});

describe('a comment that ignores nothing', () => {
  const told = (text: string, rules?: Record<string, 'off' | 'error'>) => {
    const { document } = fixture(text);
    return diagnostics(text, document.statements, () => [], undefined, rules).map(
      ({ problem: { severity, message }, start, end }) => `${severity} ${text.slice(start, end)}: ${message}`,
    );
  };
  it('is told, with what was meant', () => {
    expect(told('SELECT 1; -- flink-sql: ignore unused-tabel, not-grouped')).toEqual([
      'information unused-tabel: `unused-tabel` is not the code of a finding, so nothing is ignored. Did you mean `unused-table`?',
    ]);
    checkFix('SELECT 1; -- flink-sql: ignore unused-ta▮bel', 'SELECT 1; -- flink-sql: ignore unused-table');
  });
  it('may not want to ignore errors of syntax', () =>
    expect(told('SELECT 1; -- flink-sql: ignore syntax/unexpected')).toEqual([
      'information syntax/unexpected: Errors of syntax cannot be ignored. Comment the statement out instead.',
    ]));
  it('is as severe as the settings say', () => {
    expect(told('-- flink-sql: ignore x', { 'ignore-comment': 'off' })).toEqual([]);
    expect(told('-- flink-sql: ignore xyz', { 'ignore-comment': 'error' })[0]).toMatch(/^error/);
  });
});

describe('the severity of a rule', () => {
  const told = (text: string, rules: object) => {
    const document = new OpenDocument('file:///a.fql', 1, text, readSettings({ rules }));
    return document.problems(true).map(({ problem: { code, severity } }) => `${code} ${severity}`);
  };
  const script = "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT b FROM t;";
  it('is what the user set', () => {
    expect(told(script, {})).toEqual(['unknown-column error']);
    expect(told(script, { 'unknown-column': 'info' })).toEqual(['unknown-column information']);
    expect(told(script, { 'unknown-column': 'off' })).toEqual([]);
  });
  it('is its own where the user set nonsense', () =>
    expect(told(script, { 'unknown-column': 'loud', nonsense: 'off' })).toEqual(['unknown-column error']));
  it('cannot be set for errors of syntax', () =>
    expect(told('SELCT 1;', { 'syntax/mistyped': 'off', syntax: 'off' })).toEqual(['syntax/mistyped error']));
  it('is kept in a fragment', () => {
    expect(told('SELECT a FROM t;', {})).toEqual(['unknown-table information']);
    expect(told('SELECT a FROM t;', { 'unknown-table': 'warning' })).toEqual(['unknown-table warning']);
  });
});

describe('the catalog that the cluster starts in', () => {
  const told = (text: string, settings: object) => {
    const document = new OpenDocument('file:///a.fql', 1, text, readSettings(settings));
    return document.problems(true).map(({ problem: { code } }) => code);
  };
  const script = "CREATE TEMPORARY TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT * FROM t, lake_table;";
  it('is searched by nobody when it is not in memory', () => {
    expect(told(script, {})).toEqual(['unknown-table']);
    expect(told(script, { defaultCatalog: 'hive' })).toEqual([]);
    expect(told(`USE CATALOG default_catalog;\n${script}`, { defaultCatalog: 'hive' })).toEqual(['unknown-table']);
  });
  it('names the tables', () => {
    const document = new OpenDocument(
      'file:///a.fql',
      1,
      'SELECT * FROM orders;',
      readSettings({ defaultCatalog: 'hive', defaultDatabase: 'sales' }),
    );
    expect(document.analysis.statements[0]!.tables[0]!.name).toBe('hive.sales.orders');
  });
});
