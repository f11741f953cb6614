import { expect, it } from 'vitest';
import { analyse } from './check';

/** Expressions and their types as the planner of Flink 2.3 finds them; undefined where we do not know. */
const CASES: Record<string, string | undefined> = {
  // literals
  "''": 'CHAR(0) NOT NULL',
  '0.50': 'DECIMAL(3, 2) NOT NULL',
  '-0.001': 'DECIMAL(4, 3) NOT NULL',
  '2147483648': 'BIGINT NOT NULL',
  '-2147483648': 'INT NOT NULL',
  '12345678901234567890': 'BIGINT NOT NULL',
  '1e3': 'DOUBLE NOT NULL',
  PI: 'DOUBLE NOT NULL',
  // the type of several values together
  'CASE WHEN b THEN ltz3 ELSE ts2 END': 'TIMESTAMP(3)',
  'CASE WHEN b THEN 1 ELSE ts2 END': 'TIMESTAMP(2)',
  'CASE WHEN b THEN f ELSE d END': 'FLOAT',
  'CASE WHEN b THEN NULL ELSE 1 END': 'INT',
  "CASE WHEN b THEN 'a' ELSE 'bcd' END": 'VARCHAR(3) NOT NULL',
  'CASE WHEN b THEN amount ELSE i END': 'DECIMAL(12, 2)',
  'ARRAY[i, NULL]': 'ARRAY<INT> NOT NULL',
  'MAP[s, NULL]': 'MAP<STRING, STRING> NOT NULL',
  'ARRAY[ltz3, -3]': 'ARRAY<TIMESTAMP_LTZ(3)> NOT NULL',
  // calls with keywords
  "JSON_VALUE(s, '$.a' RETURNING INT)": 'INT',
  "JSON_QUERY(s, '$.a' RETURNING ARRAY<STRING>)": 'ARRAY<STRING>',
  "TRIM(BOTH 'abc' FROM 'a')": 'VARCHAR(1) NOT NULL',
  'TIMESTAMPADD(MICROSECOND, 1, ts2)': 'TIMESTAMP(6)',
  "TIMESTAMPADD(HOUR, 1, DATE '2024-01-02')": 'TIMESTAMP(6) NOT NULL',
  '(ts2 - ltz3) SECOND': 'INTERVAL SECOND',
  'CEILING(amount)': 'DECIMAL(10, 0)',
  'TRY_CAST(1 AS INT)': 'INT',
  // aggregates
  'MAX(1)': 'INT',
  'COUNT(*)': 'BIGINT NOT NULL',
  'SUM(n) FILTER (WHERE b)': 'INT',
  // what is looked for in an array is cast to its elements' type
  'ARRAY_POSITION(ARRAY[1, 2], 1)': 'INT NOT NULL',
  'ARRAY_APPEND(ARRAY[1, 2], i)': 'ARRAY<INT>',
  "ARRAY_AGG(ROW(1, 'b'))": 'ARRAY<ROW<`EXPR$0` INT NOT NULL, `EXPR$1` CHAR(1) NOT NULL> NOT NULL> NOT NULL',
  "INSTR('abc', 'b', CAST(1 AS BIGINT), 1)": 'INT NOT NULL',
  // bytes or characters as what is put in
  'OVERLAY(CAST(s AS VARBINARY(40)) PLACING CAST(s AS VARCHAR(6)) FROM 2)': 'VARCHAR(46)',
  'OVERLAY(CAST(s AS VARBINARY(5)) PLACING CAST(s AS CHAR(2)) FROM 2)': 'VARBINARY(7)',
  // where versions differ, or the planner takes one of several
  "TIMESTAMPADD(MILLISECOND, 1, TIME '10:00:00')": undefined,
  'CASE WHEN b THEN ARRAY[i] WHEN i > 3 THEN ARRAY[amount] ELSE NULL END': undefined,
  'CASE WHEN b THEN ROW(1) ELSE CAST(ROW(1) AS ROW<`EXPR$0` INT NOT NULL>) END': 'ROW<`EXPR$0` INT NOT NULL> NOT NULL',
  'ARRAY[ARRAY[i], COLLECT(i)]': undefined,
  'no_such_function(1)': undefined,
};

for (const [sql, type] of Object.entries(CASES)) {
  it(`types ${sql}`, () => {
    const { tables } = analyse(
      `CREATE TABLE t (b BOOLEAN, i INT, n INT NOT NULL, f FLOAT, d DOUBLE, s STRING, amount DECIMAL(10, 2),
  ts2 TIMESTAMP(2), ltz3 TIMESTAMP_LTZ(3)) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT ${sql} AS r FROM t;`,
    );
    expect(tables.get('default_catalog.default_database.v')?.columns[0]?.type).toBe(type);
  });
}
