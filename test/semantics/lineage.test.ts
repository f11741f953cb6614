import { describe, it } from 'vitest';
import { checkIndirect, checkLineage } from './check';

const TABLES = `
CREATE TABLE a (id INT, x STRING, amount DECIMAL(10, 2), ts TIMESTAMP(3), p AS PROCTIME(), twice AS id * 2,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'datagen');
CREATE TABLE b (id INT, y STRING, r ROW<f INT, g STRING>, arr ARRAY<ROW<u INT, v STRING>>, m MAP<STRING, INT>)
  WITH ('connector' = 'datagen');
CREATE TABLE s (k INT, v STRING) WITH ('connector' = 'print');
`;

const CASES: Record<string, [sql: string, lineage: string]> = {
  'plain columns': ['INSERT INTO s SELECT id, x FROM a', 's.k <- a.id\ns.v <- a.x'],
  expressions: [
    'INSERT INTO s SELECT id + 1, UPPER(x) || y FROM a JOIN b USING (id)',
    's.k <- a.id*, b.id*\ns.v <- a.x*, b.y*',
  ],
  constants: ["INSERT INTO s SELECT 1, 'a' FROM a", 's.k <-\ns.v <-'],
  'column list in other order': ['INSERT INTO s (v, k) SELECT x, id FROM a', 's.k <- a.id\ns.v <- a.x'],
  'partial column list': ['INSERT INTO s (v) SELECT x FROM a', 's.k <-\ns.v <- a.x'],
  'static partition': ['INSERT INTO s PARTITION (k = 1) SELECT x FROM a', 's.k <-\ns.v <- a.x'],
  'cast that Flink adds': ['INSERT INTO s SELECT CAST(id AS SMALLINT), x FROM a', 's.k <- a.id*\ns.v <- a.x'],
  'cast to its own type': ['SELECT CAST(id AS INT) AS i FROM a', 'i <- a.id'],
  star: ['SELECT * FROM a', 'id <- a.id\nx <- a.x\namount <- a.amount\nts <- a.ts\np <-\ntwice <- a.id*'],
  'star of a table': [
    'SELECT b.* FROM a JOIN b ON a.id = b.id',
    'id <- b.id\ny <- b.y\nr <- b.r\narr <- b.arr\nm <- b.m',
  ],
  'same name twice': ['SELECT a.id, b.id FROM a JOIN b ON a.id = b.id', 'id <- a.id\nid0 <- b.id'],
  'columns without a name': ['SELECT id, id + 1 FROM a', 'id <- a.id\nEXPR$1 <- a.id*'],
  'computed column': ['SELECT twice FROM a', 'twice <- a.id*'],
  'join using': [
    'SELECT * FROM a JOIN (SELECT id, y FROM b) USING (id)',
    'id <- a.id*, b.id*\nx <- a.x\namount <- a.amount\nts <- a.ts\np <-\ntwice <- a.id*\ny <- b.y',
  ],
  'natural join': ['SELECT id, y FROM a NATURAL JOIN b', 'id <- a.id*, b.id*\ny <- b.y'],
  'derived table': ['SELECT t.q FROM (SELECT x AS q FROM a) AS t', 'q <- a.x'],
  'renamed columns': ['SELECT q FROM (SELECT id, x FROM a) AS t (o, q)', 'q <- a.x'],
  'common table': ['WITH c AS (SELECT id AS i FROM a), d (j) AS (SELECT i FROM c) SELECT j FROM d', 'j <- a.id'],
  'union all': ['SELECT id FROM a UNION ALL SELECT id FROM b', 'id <- a.id, b.id'],
  except: ['SELECT id FROM a EXCEPT SELECT id FROM b', 'id <- a.id'],
  intersect: ['SELECT id FROM a INTERSECT SELECT id FROM b', 'id <- a.id, b.id'],
  values: ["SELECT i FROM (VALUES (1, 'a')) AS t (i, s)", 'i <-'],
  aggregates: ['SELECT x, COUNT(*) AS c, SUM(amount) AS s FROM a GROUP BY x', 'x <- a.x\nc <-\ns <- a.amount*'],
  'scalar subquery': ['SELECT (SELECT MAX(y) FROM b WHERE b.id = a.id) AS m FROM a', 'm <- b.y*'],
  'IN subquery': ['SELECT x IN (SELECT y FROM b) AS i FROM a', 'i <- a.x*, b.y*'],
  over: ['SELECT ROW_NUMBER() OVER (PARTITION BY x ORDER BY ts) AS n FROM a', 'n <- a.ts*, a.x*'],
  'named window': [
    'SELECT SUM(id) OVER w AS n FROM a WINDOW w AS (PARTITION BY x ORDER BY ts)',
    'n <- a.id*, a.ts*, a.x*',
  ],
  'row fields': ['SELECT r.f, b.r.g FROM b', 'f <- b.r*\ng <- b.r*'],
  collections: ["SELECT arr[1].u AS u, m['k'] AS k FROM b", 'u <- b.arr*\nk <- b.m*'],
  'fields of a row': ['SELECT r.* FROM b', 'f <- b.r*\ng <- b.r*'],
  unnest: ['SELECT id, u, v FROM b CROSS JOIN UNNEST(arr)', 'id <- b.id\nu <- b.arr*\nv <- b.arr*'],
  'unnest with names': ['SELECT k FROM b, UNNEST(m) AS t (k, v)', 'k <- b.m*'],
  'window function': [
    "SELECT window_start, window_time, x FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' HOUR))",
    'window_start <- a.ts*\nwindow_time <- a.ts*\nx <- a.x',
  ],
  'window function by name': [
    "SELECT window_end FROM TABLE(HOP(DATA => TABLE a, TIMECOL => DESCRIPTOR(ts), SLIDE => INTERVAL '1' MINUTE, SIZE => INTERVAL '1' HOUR))",
    'window_end <- a.ts*',
  ],
  'group window': [
    "SELECT TUMBLE_START(ts, INTERVAL '1' HOUR) AS w, x FROM a GROUP BY x, TUMBLE(ts, INTERVAL '1' HOUR)",
    'w <- a.ts*\nx <- a.x',
  ],
  'lookup join': [
    'SELECT a.id, c.y FROM a LEFT JOIN b FOR SYSTEM_TIME AS OF a.p AS c ON a.id = c.id',
    'id <- a.id\ny <- b.y',
  ],
  'match recognize': [
    `SELECT x, first_id FROM a MATCH_RECOGNIZE (PARTITION BY x ORDER BY ts MEASURES FIRST(A.id) AS first_id
       ONE ROW PER MATCH PATTERN (A B) DEFINE B AS B.id > A.id)`,
    'x <- a.x\nfirst_id <- a.id*',
  ],
  'create table as': ['CREATE TABLE n AS SELECT id, UPPER(x) AS u FROM a', 'n.id <- a.id\nn.u <- a.x*'],
  view: ['CREATE VIEW w (q) AS SELECT x FROM a', 'w.q <- a.x'],
  'through a view': [
    'CREATE VIEW w AS SELECT id + 1 AS q, x FROM a; INSERT INTO s SELECT q, x FROM w',
    's.k <- a.id*\ns.v <- a.x',
  ],
  'other database': [
    'SELECT default_database.a.x, default_catalog.default_database.a.id FROM a',
    'x <- a.x\nid <- a.id',
  ],
  update: ['UPDATE s SET v = UPPER(v) WHERE k = 1', 's.k <- s.k\ns.v <- s.v*'],
  'statement set': [
    'EXECUTE STATEMENT SET BEGIN INSERT INTO s SELECT id, x FROM a; INSERT INTO s SELECT id, y FROM b; END',
    's.k <- a.id\ns.v <- a.x\ns.k <- b.id\ns.v <- b.y',
  ],
  explain: ['EXPLAIN PLAN FOR INSERT INTO s SELECT id, x FROM a', 's.k <- a.id\ns.v <- a.x'],
  'field named without its row': ['SELECT f, b.g FROM b', 'f <- b.r*\ng <- b.r*'],
  'create table as, with columns': [
    "CREATE TABLE n (extra INT, id BIGINT) WITH ('connector' = 'print') AS SELECT id, x FROM a",
    'n.extra <-\nn.id <- a.id\nn.x <- a.x',
  ],
  'one cast casts the row': [
    "CREATE TABLE n (k BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'print'); INSERT INTO n SELECT id, ts FROM a",
    'n.k <- a.id*\nn.ts <- a.ts*',
  ],
  'count of what is never NULL': [
    "CREATE TABLE k (id INT NOT NULL, v INT) WITH ('connector' = 'datagen'); SELECT COUNT(id) AS c, COUNT(v) AS d, COUNT(DISTINCT id) AS e FROM k",
    'c <-\nd <- k.v*\ne <- k.id*',
  ],
  delete: ['DELETE FROM s WHERE k = 1', 's.k <- s.k\ns.v <- s.v'],
  'after ALTER': ['ALTER TABLE s RENAME v TO w; INSERT INTO s SELECT id, x FROM a', 's.k <- a.id\ns.w <- a.x'],
  'external source': [
    "CREATE CATALOG lake WITH ('type' = 'paimon'); SELECT t.q, t.r + 1 AS z FROM lake.db.t AS t",
    'q <- lake.db.t.q\nz <- lake.db.t.r*',
  ],
  'create table as, with a name twice': [
    'CREATE TABLE n AS SELECT a.id, b.id, y FROM a JOIN b ON a.id = b.id',
    'n.id <- a.id\nn.id0 <- b.id\nn.y <- b.y',
  ],
  'materialized table': [
    "CREATE MATERIALIZED TABLE n FRESHNESS = INTERVAL '1' HOUR AS SELECT x, SUM(amount) AS total FROM a GROUP BY x",
    'n.x <- a.x\nn.total <- a.amount*',
  ],
  'table function': [
    "CREATE FUNCTION split AS 'com.example.Split'; SELECT id, word FROM a, LATERAL TABLE(split(x)) AS t (word)",
    'id <- a.id\nword <- a.x*',
  ],
  'table function behind LEFT JOIN': [
    "CREATE FUNCTION split AS 'com.example.Split'; SELECT w.word FROM a LEFT JOIN LATERAL TABLE(split(x, id)) AS w (word) ON TRUE",
    'word <- a.id*, a.x*',
  ],
  'temporal join': [
    `CREATE TABLE rates (cur STRING, rate DECIMAL(10, 2), since TIMESTAMP(3), WATERMARK FOR since AS since, PRIMARY KEY (cur) NOT ENFORCED)
       WITH ('connector' = 'upsert-kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:1', 'key.format' = 'json', 'value.format' = 'json');
     SELECT a.id, a.amount * r.rate AS eur FROM a JOIN rates FOR SYSTEM_TIME AS OF a.ts AS r ON a.x = r.cur`,
    'id <- a.id\neur <- a.amount*, rates.rate*',
  ],
  'JSON access': ["SELECT JSON_VALUE(x, '$.a.b') AS b, JSON_QUERY(x, '$.c') AS c FROM a", 'b <- a.x*\nc <- a.x*'],
  'metadata columns': [
    `CREATE TABLE k (v STRING, sent TIMESTAMP(3) METADATA FROM 'timestamp', part INT METADATA FROM 'partition' VIRTUAL)
       WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:1', 'format' = 'json');
     INSERT INTO k SELECT v, sent FROM k WHERE part = 1`,
    'k.v <- k.v\nk.sent <- k.sent',
  ],
  'a window over a window': [
    `SELECT o.s FROM (SELECT window_time AS t, SUM(id) AS s FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
       GROUP BY window_start, window_end, window_time) AS o`,
    's <- a.id*',
  ],
  'query that joins its own common table': [
    'WITH c AS (SELECT id, x FROM a) SELECT l.x, r.id FROM c AS l JOIN c AS r ON l.id = r.id',
    'x <- a.x\nid <- a.id',
  ],
  'columns of VALUES twice': [
    'CREATE TABLE n AS SELECT p, q, q FROM (VALUES (1, 2)) AS t (p, q)',
    'n.p <-\nn.q <-\nn.q2 <-',
  ],
  'like keeps columns': ['CREATE TABLE l LIKE a; SELECT x, twice FROM l', 'x <- l.x\ntwice <- l.id*'],
};

describe('column lineage', () => {
  for (const [name, [sql, expected]] of Object.entries(CASES))
    it(name, () => checkLineage(`${TABLES}${sql}`, expected));
});

describe('indirect lineage', () => {
  const cases: Record<string, [sql: string, indirect: string[]]> = {
    filter: ['SELECT x FROM a WHERE id > 1', ['filter a.id']],
    join: ['SELECT x FROM a JOIN b ON a.id = b.id', ['join a.id', 'join b.id']],
    'group and having': ['SELECT x FROM a GROUP BY x HAVING SUM(id) > 1', ['group a.x', 'filter a.id']],
    order: ['SELECT x AS q FROM a ORDER BY q', ['order a.x']],
    over: ['SELECT SUM(id) OVER (PARTITION BY x ORDER BY ts) AS n FROM a', ['window a.ts', 'window a.x']],
    'filter of an aggregate': ['SELECT COUNT(*) FILTER (WHERE id > 1) FROM a', ['condition a.id']],
    'lookup join': [
      'SELECT a.x FROM a JOIN b FOR SYSTEM_TIME AS OF a.p ON a.id = b.id AND b.y = a.x',
      ['join a.id', 'join a.x', 'join b.id', 'join b.y'],
    ],
    'pattern of rows': [
      `SELECT * FROM a MATCH_RECOGNIZE (PARTITION BY x ORDER BY ts MEASURES FIRST(A.id) AS f PATTERN (A B) DEFINE B AS B.amount > 1)`,
      ['group a.x', 'order a.ts', 'condition a.amount'],
    ],
    'through a view': ['CREATE VIEW w AS SELECT x FROM a WHERE id > 1; SELECT x FROM w', ['filter a.id']],
  };
  for (const [name, [sql, expected]] of Object.entries(cases))
    it(name, () => checkIndirect(`${TABLES}${sql}`, expected));
});
