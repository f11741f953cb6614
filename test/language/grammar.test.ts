import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { KEYWORD_VERSIONS } from '../../server/src/knowledge/keywords';
import { statementKind } from '../../server/src/language/kind';
import { parseStatement } from '../../server/src/language/parser';
import { cases } from './fixture';

const read = (name: string) => readFileSync(path.join(import.meta.dirname, 'fixtures', name), 'utf8');

/** `-- since 2.1` or `-- until 1.20` on the first line says in which versions the statement is taken; else in all. */
function taken(text: string, version: string): boolean {
  const since = /^-- since (\S+)/.exec(text)?.[1];
  const until = /^-- until (\S+)/.exec(text)?.[1];
  const index = KEYWORD_VERSIONS.indexOf(version);
  return (
    (since === undefined || index >= KEYWORD_VERSIONS.indexOf(since)) &&
    (until === undefined || index <= KEYWORD_VERSIONS.indexOf(until))
  );
}

describe.each(KEYWORD_VERSIONS)('Flink %s', (flinkVersion) => {
  const options = { flinkVersion, templates: false };
  test.each(cases(read('accepted.sql')))('%s', (text) => {
    const problems = parseStatement(text.replace(/^-- (since|until).*\n/, ''), options).problems;
    expect(problems.length === 0, problems[0]?.message).toBe(taken(text, flinkVersion));
  });
});

test.each(cases(read('rejected.sql')))('Flink stops in %s', (text) => {
  // ▮ stands where Flink's own parser reports the error, in all versions
  const at = text.indexOf('▮');
  const sql = text.replace('▮', '');
  for (const flinkVersion of KEYWORD_VERSIONS) {
    const problems = parseStatement(sql, { flinkVersion, templates: false }).problems;
    expect([flinkVersion, ...problems.map((problem) => problem.start)]).toEqual([flinkVersion, at]);
  }
});

test.each([
  ['SELECT 1', 'SELECT'],
  ['INSERT INTO t SELECT 1', 'INSERT'],
  ['CREATE TEMPORARY VIEW v AS SELECT 1', 'CREATE VIEW'],
  ['REPLACE TABLE t AS SELECT 1', 'REPLACE TABLE'],
  ['ALTER MATERIALIZED TABLE t SUSPEND', 'ALTER MATERIALIZED TABLE'],
  ['DROP TEMPORARY FUNCTION f', 'DROP FUNCTION'],
  ['EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END', 'STATEMENT SET'],
  ["SHOW TABLES LIKE 'a%'", 'SHOW TABLES'],
  ['USE CATALOG c', 'USE CATALOG'],
  ['USE d', 'USE'],
  ['SET k = v', 'SET'],
  ['QUIT', 'QUIT'],
  ['EXPLAIN SELECT 1', 'EXPLAIN'],
  ['CALL p(1)', 'CALL'],
  ['what is this', 'UNKNOWN'],
])('%s is a statement of kind %s', (text, kind) => {
  expect(statementKind(parseStatement(text, { flinkVersion: '2.3', templates: false }).root)).toBe(kind);
});
