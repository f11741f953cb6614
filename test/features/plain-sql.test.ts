import { expect, it, vi } from 'vitest';

// The detection is a pure function beside the status bar item that uses it
vi.mock('vscode', () => ({}));
const { looksLikeFlinkSql } = await import('../../client/src/plainSql');

it.each([
  ["CREATE TABLE t (a INT) WITH ('connector' = 'kafka')", true],
  ["create table t (a int) with (\n  -- where it is\n  'connector'='datagen'\n)", true],
  ['CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts)', true],
  ["SET 'pipeline.name' = 'x';", true],
  ['EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END', true],
  ["SELECT * FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY))", true],
  ['SELECT * FROM o JOIN c FOR SYSTEM_TIME AS OF o.proc_time ON TRUE', true],
  ["CREATE TABLE t (id INT PRIMARY KEY NOT ENFORCED) WITH ('path' = '/x')", true],
  ['', false],
  ['SELECT * FROM orders;', false],
  ['CREATE TABLE t (id SERIAL PRIMARY KEY) WITH (fillfactor=70);', false],
  ['SET search_path = public;', false],
  ["COMMENT ON TABLE t IS 'a connector for things';", false],
  ['CREATE TABLE t (a INT) ENGINE=InnoDB;', false],
  ['MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE;', false],
])('%s → %s', (text, expected) => expect(looksLikeFlinkSql(text)).toBe(expected));
