import { expect, it } from 'vitest';
import { parseScript } from '../../server/src/language/parser';
import { analyseScript } from '../../server/src/semantics/analyse';
import type { TableNode } from '../../server/src/semantics/lineage';
import { analyse, environment } from './check';

const script = (sql: string) =>
  parseScript(sql, { flinkVersion: '2.3', templates: false }).statements.map((placed) => placed.statement);

it('binds again only what depends on the statement that changed', () => {
  const before = script(`CREATE TABLE a (x INT) WITH ('connector' = 'datagen');
CREATE TABLE b (y INT) WITH ('connector' = 'datagen');
SELECT x FROM a;
SELECT y FROM b;`);
  const [changed] = script("CREATE TABLE a (x STRING) WITH ('connector' = 'datagen')");
  const first = analyseScript(before, environment);
  const second = analyseScript([changed!, ...before.slice(1)], environment);
  const same = second.statements.map((s, i) => s === first.statements[i]);
  expect(same).toEqual([false, true, false, true]);
});

it('binds again what a new statement in front defines', () => {
  const [select] = script('SELECT x FROM a');
  const [create] = script("CREATE TABLE a (x INT) WITH ('connector' = 'datagen')");
  expect(analyseScript([select!], environment).statements[0]!.problems.map((p) => p.code)).toEqual(['unknown-table']);
  expect(analyseScript([create!, select!], environment).statements[1]!.problems).toEqual([]);
});

it('asks the environment for tables that the script does not define', () => {
  const node: TableNode = {
    name: 'default_catalog.default_database.known',
    kind: 'table',
    options: {},
    columns: [{ name: 'a', type: 'INT', kind: 'physical' }],
  };
  const findTable = (name: string): TableNode | undefined => (name === node.name ? node : undefined);
  const [select] = script('SELECT a, b FROM known');
  const bound = analyseScript([select!], { ...environment, findTable }).statements[0]!;
  expect(bound.problems.map((p) => p.code)).toEqual(['unknown-column']);
  expect(bound.columns.map((c) => [c.column, c.type])).toEqual([['a', 'INT']]);
});

it('describes tables and settings at the end of the script', () => {
  const analysis = analyse(`SET 'pipeline.name' = 'job';
CREATE TABLE a (x INT NOT NULL COMMENT 'the x', y AS x + 1, ts TIMESTAMP(3) METADATA FROM 'timestamp' VIRTUAL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, PRIMARY KEY (x) NOT ENFORCED)
COMMENT 'all a' PARTITIONED BY (x) WITH ('connector' = 'datagen');`);
  expect([...analysis.settings]).toEqual([['pipeline.name', 'job']]);
  const node = analysis.tables.get('default_catalog.default_database.a')!;
  expect({ ...node, definition: undefined }).toEqual({
    name: 'default_catalog.default_database.a',
    kind: 'table',
    options: { connector: 'datagen' },
    columns: [
      { name: 'x', kind: 'physical', type: 'INT NOT NULL', comment: 'the x' },
      { name: 'y', kind: 'computed', type: 'INT NOT NULL' },
      { name: 'ts', kind: 'metadata', type: 'TIMESTAMP(3)', virtual: true },
    ],
    comment: 'all a',
    primaryKey: ['x'],
    partitionKeys: ['x'],
    watermark: { column: 'ts', expression: "ts - INTERVAL '5' SECOND" },
    definition: undefined,
  });
});
