// Statements in Hive's dialect, in the shapes of Flink's documentation of it: what they define, and where columns come from.
import { describe, expect, it } from 'vitest';
import { parseScript } from '../../server/src/language/parser';
import { walk } from '../../server/src/language/tree';
import { analyse, checkLineage } from './check';

const HIVE = `SET 'table.sql-dialect' = 'hive';\n`;
const TABLES = `${HIVE}
CREATE TABLE visits (User_Id BIGINT, tags ARRAY<STRING>, payload STRING, m MAP<STRING, INT>) PARTITIONED BY (dt STRING, hr STRING);
CREATE TABLE users (id BIGINT, name STRING);
CREATE TABLE s (k BIGINT, v STRING) PARTITIONED BY (dt STRING, hr STRING);
CREATE TABLE small (k BIGINT);
`;
const options = { flinkVersion: '2.3', templates: false };

describe('tables', () => {
  /** Name, columns with types, comment, keys and options of what a statement defines. */
  const defined = (sql: string) => {
    const [[name, table] = []] = analyse(`${HIVE}${sql}`).tables;
    const columns = table?.columns.map((column) => `${column.name} ${column.type}`).join(', ');
    return [
      `${name?.replace(/^default_catalog\.default_database\.|^default_catalog\./, '')}(${columns})`,
      table?.comment,
      table?.partitionKeys?.join(),
      table?.primaryKey?.join(),
      JSON.stringify(table?.options),
    ];
  };
  const cases: Record<string, [sql: string, ...expected: (string | undefined)[]]> = {
    'with partitions': [
      "CREATE TABLE t (a INT COMMENT 'x') COMMENT 'all' PARTITIONED BY (dt STRING COMMENT 'day', hr INT)",
      't(a INT, dt STRING, hr INT)',
      'all',
      'dt,hr',
      undefined,
      '{}',
    ],
    'with all that Hive keeps': [
      `CREATE EXTERNAL TABLE IF NOT EXISTS shop.Orders (\`Id\` BIGINT COMMENT "it's the key", year INT NOT NULL ENABLE NOVALIDATE,
         s STRUCT<a: INT, b: ARRAY<STRING>>, CONSTRAINT pk PRIMARY KEY (id) DISABLE NOVALIDATE RELY, UNIQUE (year) DISABLE)
       COMMENT "all orders" PARTITIONED BY (dt STRING) CLUSTERED BY (id) SORTED BY (id ASC) INTO 4 BUCKETS
       ROW FORMAT SERDE 'org.x.Serde' WITH SERDEPROPERTIES ('a' = 'b') STORED AS INPUTFORMAT 'i' OUTPUTFORMAT 'o'
       LOCATION 'hdfs://nn/orders' TBLPROPERTIES ('k' = 'v', "sink.partition-commit.trigger" = 'process-time')`,
      'shop.orders(id BIGINT NOT NULL, year INT NOT NULL, s ROW<a INT, b ARRAY<STRING>>, dt STRING)',
      'all orders',
      'dt',
      'id',
      '{"k":"v","sink.partition-commit.trigger":"process-time"}',
    ],
    delimited: [
      "CREATE TABLE t (m MAP<BIGINT, STRING>) ROW FORMAT DELIMITED COLLECTION ITEMS TERMINATED BY ';' MAP KEYS TERMINATED BY ':'",
      't(m MAP<BIGINT, STRING>)',
      undefined,
      undefined,
      undefined,
      '{}',
    ],
    'from a query': [
      "CREATE TABLE t STORED AS ORC TBLPROPERTIES ('a' = 'b') AS SELECT 1 AS one",
      't(one INT NOT NULL)',
      undefined,
      undefined,
      undefined,
      '{"a":"b"}',
    ],
    'with columns that are added': [
      'CREATE TABLE t (a INT); ALTER TABLE t ADD COLUMNS (b STRING, c STRUCT<d: INT>) CASCADE',
      't(a INT, b STRING, c ROW<d INT>)',
      undefined,
      undefined,
      undefined,
      '{}',
    ],
    'a view': [
      "CREATE VIEW IF NOT EXISTS v (k COMMENT 'key') COMMENT 'one' TBLPROPERTIES ('a' = 'b') AS SELECT 'x' AS y",
      'v(k CHAR(1) NOT NULL)',
      'one',
      undefined,
      undefined,
      '{}',
    ],
  };
  for (const [name, [sql, ...expected]] of Object.entries(cases))
    it(name, () => expect(defined(sql)).toEqual(expected));
});

describe('column lineage', () => {
  const cases: Record<string, [sql: string, lineage: string]> = {
    'a partition that is given': [
      "INSERT OVERWRITE TABLE s PARTITION (dt = '2024-01-01', hr) IF NOT EXISTS SELECT user_id, payload, hr FROM visits",
      's.k <- visits.user_id\ns.v <- visits.payload\ns.dt <-\ns.hr <- visits.hr',
    ],
    'partitions of the query': [
      'INSERT INTO s PARTITION (dt, hr) SELECT user_id, payload, dt, hr FROM visits',
      's.k <- visits.user_id\ns.v <- visits.payload\ns.dt <- visits.dt\ns.hr <- visits.hr',
    ],
    'letters of any case': ['INSERT INTO TABLE SMALL SELECT V.USER_ID FROM Visits v', 'small.k <- visits.user_id'],
    'several from one': [
      'FROM visits v INSERT OVERWRITE TABLE small SELECT user_id WHERE payload == "it\'s" INSERT INTO users SELECT user_id, payload LIMIT 3',
      'small.k <- visits.user_id\nusers.id <- visits.user_id\nusers.name <- visits.payload',
    ],
    'one, after a query with a name': [
      'WITH q AS (SELECT user_id AS u FROM visits) FROM q INSERT INTO small SELECT u',
      'small.k <- visits.user_id',
    ],
    'lateral views': [
      `INSERT INTO users SELECT user_id + n + pos, concat(t.tag, e, a) FROM visits LATERAL VIEW OUTER explode(tags) t AS tag
       LATERAL VIEW posexplode(tags) p AS pos, e LATERAL VIEW json_tuple(payload, 'a', 'b') j AS a, b LATERAL VIEW explode(m) mm AS c, n`,
      'users.id <- visits.m*, visits.tags*, visits.user_id*\nusers.name <- visits.payload*, visits.tags*',
    ],
    'a lateral view without names': [
      'INSERT INTO users SELECT user_id, col FROM visits LATERAL VIEW explode(tags) t',
      'users.id <- visits.user_id\nusers.name <- visits.tags*',
    ],
    'a semi join, sorted and distributed': [
      `INSERT INTO users SELECT v.user_id, payload FROM visits v LEFT SEMI JOIN users u ON v.user_id = u.id
       WHERE payload RLIKE 'a' AND dt <=> hr DISTRIBUTE BY user_id SORT BY payload DESC LIMIT 10`,
      'users.id <- visits.user_id\nusers.name <- visits.payload',
    ],
    'clusters in a query of a query': [
      'INSERT INTO small SELECT q.user_id FROM (SELECT user_id FROM visits CLUSTER BY user_id) q GROUP BY q.user_id WITH CUBE',
      'small.k <- visits.user_id',
    ],
    'grouping sets': [
      'INSERT INTO small SELECT count(*) FROM visits GROUP BY dt, hr GROUPING SETS ((dt, hr), dt, ())',
      'small.k <-',
    ],
    'a window': [
      'INSERT INTO small SELECT sum(user_id) OVER (DISTRIBUTE BY dt SORT BY hr) FROM visits',
      'small.k <- visits.dt*, visits.hr*, visits.user_id*',
    ],
    'words that Flink reserves': [
      'CREATE TABLE w (year INT, value BIGINT, count INT); INSERT INTO small SELECT w.value + count(*) FROM w WHERE year > 2020 AND w.count > 1 GROUP BY value',
      'small.k <- w.value*',
    ],
    'units of time': [
      "INSERT INTO small SELECT second FROM (SELECT user_id AS second, dt AS day FROM visits) q WHERE d > interval '1 2:3:4' day to second AND extract(day FROM d) = 1",
      'small.k <- visits.user_id',
    ],
    'a sample': [
      'INSERT INTO small SELECT user_id FROM visits TABLESAMPLE(BUCKET 3 OUT OF 32 ON user_id) v',
      'small.k <- visits.user_id',
    ],
    'escaped quotes': [
      String.raw`INSERT INTO users SELECT user_id, concat(payload, 'it\'s', "a \"b\"") FROM visits`,
      'users.id <- visits.user_id\nusers.name <- visits.payload*',
    ],
    values: ["INSERT OVERWRITE TABLE users VALUES (1, 'a'), (2, 'b')", 'users.id <-\nusers.name <-'],
  };
  for (const [name, [sql, expected]] of Object.entries(cases))
    it(name, () => checkLineage(`${TABLES}${sql}`, expected));
});

it('what is only explained is not written', () => {
  const [, placed] = parseScript(`${HIVE}EXPLAIN INSERT OVERWRITE TABLE s PARTITION (dt) SELECT 1`, options).statements;
  expect([placed?.statement.root.kind, placed?.statement.problems]).toEqual(['Wrapping', []]);
});

describe('what has no counterpart', () => {
  const problems = (sql: string) =>
    parseScript(`${HIVE}${sql}`, options).statements.map(({ statement }) => statement.problems.length);
  it.each([
    "INSERT OVERWRITE DIRECTORY '/out' STORED AS ORC SELECT * FROM t",
    "FROM t INSERT OVERWRITE TABLE a SELECT x INSERT OVERWRITE LOCAL DIRECTORY '/out' SELECT x",
    "INSERT INTO a SELECT TRANSFORM(x) USING 'cat' AS (y) FROM t",
    "LOAD DATA INPATH '/in' INTO TABLE t",
  ])('is not read: %s', (sql) => expect(problems(sql)).toEqual([0, 1]));
});

describe('a statement in the making', () => {
  const whole = `FROM visits v LATERAL VIEW explode(tags) t AS tag INSERT OVERWRITE TABLE s PARTITION (dt = "x", hr) SELECT a SORT BY a`;
  it('never breaks the reader, and every node stays in the text', () => {
    for (const text of [
      whole,
      'CREATE EXTERNAL TABLE a.b (c STRUCT<d: INT> COMMENT "x") PARTITIONED BY (e INT) TBLPROPERTIES ("a" = "b") AS SELECT 1',
    ])
      for (let end = 0; end <= text.length; end++)
        for (const written of [text.slice(0, end), text.slice(end)]) {
          const [, placed] = parseScript(`${HIVE}${written}`, options).statements;
          if (!placed) continue;
          const { root } = placed.statement;
          walk(root, (node, parent) => {
            expect(node.start, written).toBeGreaterThanOrEqual(0);
            expect(node.end, written).toBeLessThanOrEqual(written.length);
            expect(node.start, written).toBeLessThanOrEqual(node.end);
            if (parent) expect([node.start >= parent.start, node.end <= parent.end], written).toEqual([true, true]);
          });
        }
  });
});
