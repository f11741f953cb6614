import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentDdl } from '../../server/src/workspace/ddl-file';
import { DdlFiles } from '../../server/src/workspace/ddl-files';
import { DdlIndex } from '../../server/src/workspace/ddl-index';
import { OpenDocument } from '../../server/src/workspace/document';
import { defaultIndex, readSettings } from '../../server/src/workspace/settings';

/** A workspace: files in a folder of their own, and the index of their DDL. */
class Workspace {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'flink-sql-index-'));
  readonly settings = readSettings({});
  readonly index: DdlIndex = new DdlIndex(
    (name, from) => this.index.find(name, from),
    () => this.settings,
  );
  readonly files = new DdlFiles(this.index, () => this.settings);

  write(files: Record<string, string | Buffer>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(this.at(name)), { recursive: true });
      writeFileSync(this.at(name), content);
    }
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  search(include: readonly string[] = defaultIndex.include): Promise<void> {
    this.files.search([{ path: this.folder, include, exclude: defaultIndex.exclude }]);
    return this.files.settled;
  }

  update(...names: string[]): Promise<void> {
    this.files.update(names.map((name) => this.at(name)));
    return this.files.settled;
  }

  open(name: string, text: string): OpenDocument {
    const uri = pathToFileURL(this.at(name)).href;
    const document = new OpenDocument(uri, 1, text, this.settings, (...about) => this.index.find(...about));
    this.edited(name, document);
    return document;
  }

  edited(name: string, document: OpenDocument): void {
    this.files.setDocument(this.at(name), documentDdl(document, document.lookUps, this.settings));
  }

  find(table: string, from: string) {
    return this.index.find(`default_catalog.default_database.${table}`, pathToFileURL(this.at(from)).href);
  }

  columns(table: string, from = 'job.fql'): string | undefined {
    const found = this.find(table, from);
    return found && `${found.foundIn!.label}: ${found.columns.map(({ name, type }) => `${name} ${type}`).join(', ')}`;
  }
}

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => rmSync(workspace.folder, { recursive: true, force: true }));

const table = (name: string, columns = 'a INT', topic = name) =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'kafka', 'topic' = '${topic}');\n`;
const codes = (document: OpenDocument) => document.problems(true).map(({ problem }) => problem.code);

describe('which files are searched', () => {
  const find = async (files: Record<string, string | Buffer>) => {
    workspace.write(files);
    await workspace.search();
    return workspace.columns('t');
  };
  it('those of Flink SQL, in all folders', async () =>
    expect(await find({ 'deep/down/t.flink.sql': table('t') })).toBe('deep/down/t.flink.sql: a INT'));
  it('not a plain .sql', async () => expect(await find({ 't.sql': table('t') })).toBeUndefined());
  it('a plain .sql that is Flink SQL here', async () => {
    workspace.write({ 'jobs/t.sql': table('t') });
    await workspace.search([...defaultIndex.include, '*.sql']);
    expect(workspace.columns('t')).toBe('jobs/t.sql: a INT');
  });
  for (const folder of ['node_modules/x', 'target/classes', '.git/hooks', 'a/.venv/b']) {
    it(`not ${folder}`, async () => expect(await find({ [`${folder}/t.fql`]: table('t') })).toBeUndefined());
  }
  it('links are followed, and loops of them end', async () => {
    workspace.write({ 'ddl/t.fql': table('t') });
    symlinkSync(workspace.folder, workspace.at('ddl/loop'), 'dir');
    symlinkSync(workspace.at('nowhere'), workspace.at('dangling.fql'));
    await workspace.search();
    expect(workspace.columns('t')).toBe('ddl/t.fql: a INT');
    expect(workspace.files.status).toMatchObject({ busy: false, files: 1, tables: 1, skipped: [] });
  });
  it('what cannot be read is told, and hides nothing else', async () => {
    const text = table('t');
    const large = text + '-- filler\n'.repeat(210_000);
    expect(await find({ 'a.fql': Buffer.from([0, 1, 2]), 'b.fql': large, 't.fql': text })).toBe('t.fql: a INT');
    expect(workspace.files.status.skipped).toEqual([
      { path: 'a.fql', reason: 'not a text' },
      { path: 'b.fql', reason: 'larger than 2 MB' },
    ]);
  });
});

describe('what a file defines', () => {
  const check = async (ddl: string, name: string, columns: string | undefined) => {
    workspace.write({ 'ddl.fql': ddl });
    await workspace.search();
    expect(
      workspace.index
        .find(name, 'file:///job.fql')
        ?.columns.map((c) => `${c.name} ${c.type}`)
        .join(', '),
    ).toBe(columns);
  };
  it('in the catalog that is in use there', () =>
    check(
      `CREATE CATALOG lake WITH ('type' = 'paimon'); USE CATALOG lake; USE shop; ${table('t')}`,
      'lake.shop.t',
      'a INT',
    ));
  it('as it is after the file has run', () =>
    check(
      `${table('t')} ${table('gone')} ALTER TABLE t ADD b STRING; ALTER TABLE t RENAME TO u; DROP TABLE gone;`,
      'default_catalog.default_database.u',
      'a INT, b STRING',
    ));
  it('not what it drops', () => check(`${table('t')} DROP TABLE t;`, 'default_catalog.default_database.t', undefined));
  it('between statements of other kinds, broken ones too', () =>
    check(
      `INSERT INTO x SELECT ';' FROM y; SELCT 1; ${table('t')} EXECUTE STATEMENT SET BEGIN INSERT INTO t SELECT 1; END;`,
      'default_catalog.default_database.t',
      'a INT',
    ));
});

describe('several files define the same', () => {
  it('the nearest is taken, then the first by path', async () => {
    workspace.write({ 'a/t.fql': table('t', 'a INT'), 'b/t.fql': table('t', 'b INT'), 't.fql': table('t', 'c INT') });
    await workspace.search();
    expect(workspace.columns('t', 'b/job.fql')).toBe('b/t.fql: b INT');
    expect(workspace.columns('t', 'job.fql')).toBe('t.fql: c INT');
    expect(workspace.columns('t', 'd/job.fql')).toBe('t.fql: c INT');
    expect(workspace.columns('t', 't.fql')).toBe('a/t.fql: a INT');
  });
  it('who differs is named, and nothing is reported on that ground', async () => {
    workspace.write({ 'a.fql': table('t', 'a INT'), 'b.fql': table('t', 'b INT') });
    await workspace.search();
    expect(workspace.find('t', 'job.fql')!.foundIn).toMatchObject({
      label: 'a.fql',
      others: ['b.fql'],
      certain: false,
    });
    expect(codes(workspace.open('job.fql', 'SELECT b FROM t WHERE a > TRUE;'))).toEqual([]);
  });
  it('where only options differ the columns are certain', async () => {
    workspace.write({ 'a.fql': table('t', 'a INT', 'x'), 'b.fql': table('t', 'a INT', 'y') });
    await workspace.search();
    expect(workspace.find('t', 'job.fql')!.foundIn).toMatchObject({ others: ['b.fql'], certain: true });
    expect(codes(workspace.open('job.fql', 'SELECT b FROM t;'))).toEqual(['unknown-column']);
  });
  it('no options are a ground for findings where they differ', async () => {
    const total = (connector: string) =>
      `CREATE TABLE total (n BIGINT) WITH ('connector' = '${connector}', 'topic' = 't', 'format' = 'json');\n`;
    const counts = () => workspace.open('job.fql', 'INSERT INTO total SELECT COUNT(*) FROM t GROUP BY a;');
    const source = "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');";
    workspace.write({ 'a.fql': total('kafka'), 't.fql': source });
    await workspace.search();
    expect(codes(counts())).toEqual(['append-only-sink']);
    workspace.write({ 'b.fql': total('upsert-kafka') });
    await workspace.update('b.fql');
    expect(codes(counts())).toEqual([]);
  });
  it('copies are no difference', async () => {
    workspace.write({ 'a.fql': `-- one\n${table('t')}`, 'b.fql': table('t').replace(' (', '\n(') });
    await workspace.search();
    expect(workspace.find('t', 'job.fql')!.foundIn).toEqual({
      kind: 'file',
      label: 'a.fql',
      uri: pathToFileURL(workspace.at('a.fql')).href,
      certain: true,
    });
  });
});

describe('a script that uses tables of others', () => {
  it('has their columns, and is told of mistakes', async () => {
    workspace.write({ 'ddl.fql': table('orders', 'id BIGINT, amount INT') });
    await workspace.search();
    expect(codes(workspace.open('job.fql', 'SELECT id FROM orders;'))).toEqual([]);
    expect(codes(workspace.open('job.fql', 'SELECT amout FROM orders;'))).toEqual(['unknown-column']);
  });
  it('stays a fragment: what nobody defines is only information', async () => {
    workspace.write({ 'ddl.fql': table('orders') });
    await workspace.search();
    const problems = workspace.open('job.fql', 'SELECT * FROM orders, nothing;').problems(true);
    expect(problems.map(({ problem: { code, severity } }) => [code, severity])).toEqual([
      ['unknown-table', 'information'],
    ]);
  });
  it('may define its own of the same name', async () => {
    workspace.write({ 'ddl.fql': table('t', 'a INT') });
    await workspace.search();
    expect(codes(workspace.open('job.fql', `${table('t', 'b INT')}SELECT b FROM t;`))).toEqual(['missing-option']);
  });
  it('finds no columns wrong in a catalog that lives on', async () => {
    workspace.write({ 'ddl.fql': table('lake.shop.t') });
    await workspace.search();
    const document = workspace.open('job.fql', 'SELECT a, b FROM lake.shop.t;');
    expect(codes(document)).toEqual([]);
    expect(document.analysis.statements[0]!.columns[0]).toMatchObject({ column: 'a', type: 'INT' });
  });
  it("has lineage through another file's view to the tables of that file", async () => {
    workspace.write({
      'tables.fql': table('orders', 'id BIGINT, amount INT', 'shop.orders'),
      'views.fql': 'CREATE VIEW big AS SELECT id, amount * 2 AS twice FROM orders WHERE amount > 9;',
    });
    await workspace.search();
    const { analysis } = workspace.open('job.fql', `${table('sink', 'x INT')}INSERT INTO sink SELECT twice FROM big;`);
    const name = 'default_catalog.default_database.orders';
    expect(analysis.statements[1]!.lineage[0]).toMatchObject({
      columns: [{ column: 'x', from: [{ table: name, column: 'amount', transformed: true }] }],
      sources: [{ table: name }],
    });
    expect(analysis.tables.get(name)!.options).toMatchObject({ topic: 'shop.orders' });
  });
  it('ends where files ask each other in a circle', async () => {
    workspace.write({
      'a.fql': `${table('x')}CREATE VIEW va AS SELECT * FROM y; CREATE VIEW wa AS SELECT * FROM wb;`,
      'b.fql': `${table('y', 'b INT')}CREATE VIEW vb AS SELECT * FROM x; CREATE VIEW wb AS SELECT * FROM wa;`,
    });
    await workspace.search();
    expect(workspace.columns('va')).toBe('a.fql: b INT');
    expect(workspace.columns('vb')).toBe('b.fql: a INT');
    expect(workspace.columns('wa')).toBe('a.fql: ');
  });
});

describe('changes', () => {
  it('give the same table while nothing about it changed', async () => {
    workspace.write({ 'a.fql': table('t'), 'b.fql': table('u') });
    await workspace.search();
    const before = workspace.find('t', 'job.fql');
    workspace.write({ 'a.fql': `-- moved\n${table('t')}SELECT 1;`, 'b.fql': table('u', 'b INT') });
    await workspace.update('a.fql', 'b.fql');
    expect(workspace.find('t', 'job.fql')).toBe(before);
    const document = workspace.open('a.fql', `${table('t')}SELECT 2;`);
    expect(workspace.find('t', 'job.fql')).toBe(before);
    document.edit(2, [{ range: { start: { line: 1, character: 7 }, end: { line: 1, character: 8 } }, text: '3' }]);
    workspace.edited('a.fql', document);
    expect(workspace.find('t', 'job.fql')).toBe(before);
  });
  it('of a file are noticed by those alone that asked for its tables', async () => {
    workspace.write({ 'a.fql': table('t'), 'b.fql': table('u') });
    await workspace.search();
    const one = workspace.open('one.fql', 'SELECT a FROM t;');
    const other = workspace.open('other.fql', 'SELECT a FROM u;');
    expect([codes(one), codes(other)]).toEqual([[], []]);
    workspace.write({ 'a.fql': table('t', 'b INT') });
    await workspace.update('a.fql');
    expect([one.refresh(), other.refresh()]).toEqual([true, false]);
    expect(codes(one)).toEqual(['unknown-column']);
  });
  it('of a table that the script makes itself are none of its business', async () => {
    workspace.write({ 'a.fql': table('t') });
    await workspace.search();
    const document = workspace.open('job.fql', `${table('t')}SELECT a FROM t;`);
    expect([...document.lookUps.keys()]).toEqual([]);
  });
  it('through a view are noticed too', async () => {
    workspace.write({ 'a.fql': table('t'), 'v.fql': 'CREATE VIEW v AS SELECT * FROM t;' });
    await workspace.search();
    const document = workspace.open('job.fql', 'SELECT a FROM v;');
    expect(codes(document)).toEqual([]);
    workspace.write({ 'a.fql': table('t', 'b INT') });
    await workspace.update('a.fql');
    expect(document.refresh()).toBe(true);
    expect(codes(document)).toEqual(['unknown-column']);
  });
  it('that are not saved win over the disk', async () => {
    workspace.write({ 'a.fql': table('t') });
    await workspace.search();
    const document = workspace.open('a.fql', table('t', 'b INT'));
    expect(workspace.columns('t')).toBe('a.fql: b INT');
    document.edit(2, [{ text: table('t', 'c INT') }]);
    workspace.edited('a.fql', document);
    expect(workspace.columns('t')).toBe('a.fql: c INT');
    workspace.files.setDocument(workspace.at('a.fql'), undefined);
    await workspace.files.settled;
    expect(workspace.columns('t')).toBe('a.fql: a INT');
  });
  it('new, renamed and deleted files and folders', async () => {
    workspace.write({ 'a/t.fql': table('t') });
    await workspace.search();
    workspace.write({ 'a/u.fql': table('u') });
    await workspace.update('a/u.fql');
    expect(workspace.columns('u')).toBe('a/u.fql: a INT');
    renameSync(workspace.at('a'), workspace.at('b'));
    await workspace.update('a', 'b');
    expect([workspace.columns('t'), workspace.columns('u')]).toEqual(['b/t.fql: a INT', 'b/u.fql: a INT']);
    rmSync(workspace.at('b'), { recursive: true });
    await workspace.update('b');
    expect([workspace.columns('t'), workspace.files.status.files]).toEqual([undefined, 0]);
  });
  it('of the folders of the workspace', async () => {
    workspace.write({ 'one/t.fql': table('t'), 'two/u.fql': table('u') });
    const folder = (name: string) => ({ path: workspace.at(name), name, ...defaultIndex });
    workspace.files.search([folder('one'), folder('two')]);
    await workspace.files.settled;
    expect([workspace.columns('t'), workspace.columns('u')]).toEqual(['one/t.fql: a INT', 'two/u.fql: a INT']);
    workspace.files.search([folder('two')]);
    await workspace.files.settled;
    expect([workspace.columns('t'), workspace.columns('u')]).toEqual([undefined, 'two/u.fql: a INT']);
  });
});
