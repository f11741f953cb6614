import { describe, expect, it } from 'vitest';
import { parseScript } from '../../server/src/language/parser';
import { analyseScript } from '../../server/src/semantics/analyse';
import { definedTables } from '../../server/src/semantics/defined-tables';

/** Checks that the syntax alone gives the tables that binding finds, and which of them one statement says whole. */
function check(sql: string, expected: Record<string, boolean>, environment = {}): void {
  const statements = parseScript(sql, { flinkVersion: '2.3', templates: false }).statements.map((s) => s.statement);
  const roots = statements.map(({ root }) => root);
  const defined = definedTables(roots, environment);
  expect(Object.fromEntries([...defined].map(([name, { whole }]) => [name, whole]))).toEqual(expected);
  const bound = analyseScript(statements, { flinkVersion: '2.3', ...environment });
  expect([...bound.tables.keys()].sort()).toEqual(Object.keys(expected).sort());
}

const table = (name: string) => `CREATE TABLE ${name} (a INT) WITH ('connector' = 'datagen');`;

describe('the tables that a script defines', () => {
  it('in the catalog and database in use', () =>
    check(
      `${table('a')} CREATE DATABASE d; USE d; ${table('b')} ${table('other.c')}
      CREATE CATALOG x WITH ('type' = 'generic_in_memory', 'default-database' = 'main'); USE CATALOG x; ${table('c')}
      USE default_catalog.d; ${table('e')} USE CATALOG default_catalog; ${table('f')}
      USE CATALOG hive; USE sales; ${table('g')} ${table('x.main.h')}`,
      {
        'default_catalog.default_database.a': true,
        'default_catalog.d.b': true,
        'default_catalog.other.c': true,
        'x.main.c': true,
        'default_catalog.d.e': true,
        'default_catalog.default_database.f': true,
        'hive.sales.g': true,
        'x.main.h': true,
      },
    ));
  it('of all kinds', () =>
    check(
      `${table('a')} CREATE TEMPORARY VIEW v AS SELECT * FROM a; CREATE TABLE l LIKE a;
      CREATE TABLE c WITH ('connector' = 'print') AS SELECT * FROM a;`,
      {
        'default_catalog.default_database.a': true,
        'default_catalog.default_database.v': false,
        'default_catalog.default_database.l': false,
        'default_catalog.default_database.c': false,
      },
    ));
  it('after DROP and ALTER', () =>
    check(
      `${table('a')} ${table('b')} ${table('d.c')} DROP TABLE a; ALTER TABLE b ADD x INT; ALTER TABLE d.c RENAME TO e;
      CREATE VIEW v AS SELECT 1 AS one; ALTER VIEW v RENAME TO w;`,
      {
        'default_catalog.default_database.b': false,
        'default_catalog.d.e': false,
        'default_catalog.default_database.w': false,
      },
    ));
  it('where the cluster starts elsewhere', () =>
    check(table('a'), { 'hive.sales.a': true }, { defaultCatalog: 'hive', defaultDatabase: 'sales' }));
});
