import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../server/src/rules';
import { rule as ignoreCommentRule } from '../../server/src/rules/ignore-comment';
import { rulesPage } from '../../server/src/rules/page';
import { rulesSetting } from '../../server/src/rules/setting';
import { syntaxCodes } from '../../server/src/rules/syntax';
import { analyse, checkFindings } from './check';

const TABLES = `CREATE TABLE orders (id BIGINT, amount DECIMAL(10, 2), ts TIMESTAMP(3), moment TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');
CREATE TABLE other (id BIGINT, name STRING) WITH ('connector' = 'datagen');
CREATE TABLE s (k BIGINT, v STRING) WITH ('connector' = 'print');
`;

const APPENDING = `CREATE TABLE k (n BIGINT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'json');
`;

const CASES: Record<string, string> = {
  'everything right': 'INSERT INTO s SELECT id, name FROM other',
  'unknown table': `SELECT * FROM oders
              ~~~~~ unknown-table`,
  'unknown column': `SELECT amout FROM orders
       ~~~~~ unknown-column`,
  'unknown column of a table': `SELECT o.amout FROM orders AS o
         ~~~~~ unknown-column`,
  'names are compared by case': `SELECT Amount FROM orders
       ~~~~~~ unknown-column`,
  'alias hides the name': `SELECT orders.id FROM orders AS o
       ~~~~~~ unknown-qualifier`,
  'ambiguous column': `SELECT id FROM orders, other
       ~~ ambiguous-column`,
  'unknown function': `SELECT UPER(name) FROM other
       ~~~~ unknown-function`,
  'number of arguments': `SELECT UPPER(name, name) FROM other
       ~~~~~~~~~~~~~~~~~ argument-count`,
  'column that is not grouped': `SELECT name, SUM(id) FROM other
       ~~~~ not-grouped`,
  'grouped by an expression': 'SELECT UPPER(name), COUNT(*) FROM other GROUP BY UPPER(name)',
  'grouped by a qualified name': 'SELECT o.name, COUNT(*) FROM other AS o GROUP BY name',
  'group windows':
    "SELECT TUMBLE_START(ts, INTERVAL '1' HOUR), SUM(amount) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' HOUR)",
  'alias in GROUP BY': `SELECT name AS n, COUNT(*) FROM other GROUP BY n
                                               ~ unknown-column`,
  'alias in ORDER BY': 'SELECT name AS n FROM other ORDER BY n',
  'aggregate in WHERE': `SELECT name FROM other WHERE SUM(id) > 1
                             ~~~~~~~ aggregate-not-allowed`,
  'sides of a union': `SELECT id, name FROM other UNION ALL SELECT id FROM orders
                                            ~~ set-operation-mismatch`,
  'window over an ordinary column': `SELECT window_start FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(moment), INTERVAL '1' HOUR))
                                                               ~~~~~~ window-time-column`,
  'window over a time attribute':
    "SELECT window_start FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' HOUR))",
  'too few columns': `INSERT INTO s SELECT id FROM other
              ~~~~~~~~~~~~~~~~~~~~ insert-arity`,
  'wrong type': `INSERT INTO s SELECT name, name FROM other
                     ~~~~ insert-type`,
  'column list with an unknown column': `INSERT INTO s (k, w) SELECT id, name FROM other
                  ~ unknown-column`,
  'duplicate column': `CREATE TABLE d (a INT, a STRING) WITH ('connector' = 'datagen')
                       ~ duplicate-column`,
  'primary key of unknown column': `CREATE TABLE d (a INT, PRIMARY KEY (b) NOT ENFORCED) WITH ('connector' = 'datagen')
                                    ~ unknown-column`,
  'watermark on a string': `CREATE TABLE d (a STRING, WATERMARK FOR a AS a) WITH ('connector' = 'datagen')
                                        ~ watermark`,
  'table exists': `CREATE TABLE other (a INT) WITH ('connector' = 'datagen')
             ~~~~~ duplicate-object`,
  'table dropped': `DROP TABLE other; SELECT * FROM other
                                ~~~~~ unknown-table`,
  'temporary table hides': "CREATE TEMPORARY TABLE other (z INT) WITH ('connector' = 'datagen'); SELECT z FROM other",
  'another database': 'CREATE DATABASE db; USE db; SELECT * FROM default_database.other',
  'external catalog is silent':
    "CREATE CATALOG lake WITH ('type' = 'paimon'); USE CATALOG lake; SELECT a, b + 1 FROM t WHERE c > UPPER(d)",
  'created function': "CREATE FUNCTION f AS 'com.example.F'; SELECT f(name) FROM other",
  'function with an unknown table':
    'SELECT t.word FROM other, LATERAL TABLE(SPLITT(name)) AS t (word)\n                                        ~~~~~~ unknown-function',
  'correlated subquery': 'SELECT name FROM other WHERE EXISTS (SELECT 1 FROM orders WHERE orders.id = other.id)',
  'unknown qualifier': `SELECT orders.* FROM orders AS o
       ~~~~~~ unknown-qualifier`,
  'wrong option of kafka': `CREATE TABLE k (a INT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'json',
  'startup-mode' = 'earliest-offset')
  ~~~~~~~~~~~~~~ unknown-option`,
  'wrong value of an option': `CREATE TABLE k (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = 'many')
                                                                          ~~~~~~ option-value`,
  'options of a format': `CREATE TABLE k (a INT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'json',
  'json.ignore-parse-errors' = 'true', 'json.ignore-errors' = 'true')
                                       ~~~~~~~~~~~~~~~~~~~~ unknown-option`,
  'event time through a view':
    "CREATE VIEW v AS SELECT ts, id FROM orders; SELECT window_start FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '1' HOUR))",
  'event time through UNION ALL':
    "CREATE VIEW v AS SELECT ts FROM orders UNION ALL SELECT ts FROM orders; SELECT window_start FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '1' HOUR))",
  'event time lost in an aggregate': `CREATE VIEW v AS SELECT MAX(ts) AS ts FROM orders; SELECT window_start FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '1' HOUR))
                                                                                                             ~~ window-time-column`,
  'column added by ALTER': 'ALTER TABLE other ADD extra INT; SELECT extra FROM other',
  'column dropped by ALTER': `ALTER TABLE other DROP name; SELECT name FROM other
                                    ~~~~ unknown-column`,
  'key of a column that DDL lacks': `ALTER TABLE other ADD (x INT, name STRING)
                              ~~~~ duplicate-column`,
  'argument of the wrong type': `SELECT SUM(name) FROM other
       ~~~~~~~~~ argument-types`,
  'comparison of what cannot be compared': `SELECT id FROM other WHERE (id = 1) = 5
                            ~~~~~~~~~~~ operator-types`,
  'update of the wrong type': `UPDATE s SET k = TRUE WHERE v = 'a'
                 ~~~~ insert-type`,
  'grouped by a window far away':
    "CREATE TABLE k (n BIGINT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'json'); INSERT INTO k SELECT COUNT(*) FROM (SELECT window_start AS w, window_end AS e, id FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' HOUR))) GROUP BY w, e",
  'a second CREATE after a broken one':
    "CREATE TABLE c (a INT, a INT) WITH ('connector' = 'datagen');\n                       ~ duplicate-column\nCREATE TABLE c (a INT) WITH ('connector' = 'datagen')",
  'a table defined twice is no ground for more': `CREATE TABLE other (a INT, b INT) WITH ('connector' = 'datagen');
             ~~~~~ duplicate-object
INSERT INTO other SELECT a, b FROM other`,
  'rows of different length': `INSERT INTO s VALUES (1, 'a'), (2)
              ~~~~~~~~~~~~~~~~~~~~ set-operation-mismatch`,
  'window of an ordinary column': `SELECT COUNT(*) FROM orders GROUP BY TUMBLE(moment, INTERVAL '1' HOUR)
                                            ~~~~~~ window-time-column`,
  'aggregate in ON': `SELECT o.id FROM orders AS o JOIN other AS p ON SUM(o.id) = p.id
                                                ~~~~~~~~~ aggregate-not-allowed`,
  'scalar subquery of two columns': `SELECT (SELECT id, name FROM other) FROM orders
       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ subquery-columns`,
  'kafka without a topic': `CREATE TABLE k (a INT) WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'json')
                                           ~~~~~~~ missing-option`,
  'generator of what is no column': `CREATE TABLE k (amount INT) WITH ('connector' = 'datagen',
  'fields.amout.min' = '1')
  ~~~~~~~~~~~~~~~~~~ unknown-option`,
  'sequence without its end': `CREATE TABLE k (a INT) WITH ('connector' = 'datagen', 'fields.a.start' = '1',
  'fields.a.kind' = 'sequence')
                    ~~~~~~~~~~ missing-option`,
  'bound that is no number': `CREATE TABLE k (a INT) WITH ('connector' = 'datagen',
  'fields.a.max' = 'many')
                   ~~~~~~ option-value`,
  'format of time stamps': `CREATE TABLE k (a INT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'json',
  'json.timestamp-format.standard' = 'ISO')
                                     ~~~~~ option-value`,
  'a table that is only copied from may be incomplete': `CREATE TABLE base (a INT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE k WITH ('topic' = 't', 'properties.bootstrap.servers' = 'b:9092') LIKE base`,
  'rows that are replaced, into a sink that appends': `${APPENDING}CREATE VIEW sums AS SELECT SUM(id) AS n FROM other GROUP BY name;
INSERT INTO k SELECT n FROM sums WHERE n > 1
            ~ append-only-sink`,
  'rows of an outer join, into a sink that appends': `${APPENDING}INSERT INTO k SELECT o.id FROM other AS o LEFT JOIN s ON o.id = s.k
            ~ append-only-sink`,
  'rows of a lookup, into a sink that appends': `${APPENDING}CREATE VIEW now AS SELECT id, PROCTIME() AS p FROM other;
INSERT INTO k SELECT o.id FROM now AS o LEFT JOIN s FOR SYSTEM_TIME AS OF o.p ON o.id = s.k`,
  'a join by time, into a sink that appends': `${APPENDING}INSERT INTO k SELECT o.id FROM orders AS o LEFT JOIN orders AS p ON o.id = p.id AND o.ts BETWEEN p.ts - INTERVAL '1' HOUR AND p.ts`,
  'a batch job changes nothing': `${APPENDING}SET 'execution.runtime-mode' = 'batch'; INSERT INTO k SELECT SUM(id) FROM other GROUP BY name`,
  'OVER by time of what changes': `CREATE VIEW sums AS SELECT SUM(id) AS n, PROCTIME() AS p FROM other GROUP BY name;
SELECT COUNT(*) OVER (ORDER BY p) FROM sums
       ~~~~~~~~~~~~~~~~~~~~~~~~~~ changing-input`,
  'what is wrong with a view once it is used': `CREATE VIEW counted AS SELECT COUNT(*) OVER (ORDER BY p) AS n FROM (SELECT SUM(id) AS n, PROCTIME() AS p FROM other GROUP BY name);
SELECT n FROM counted
              ~~~~~~~ changing-input`,
  'two columns of one name, by their table': `SELECT t.id FROM (SELECT id, amount AS id FROM orders) AS t
         ~~ ambiguous-column`,
  'two columns of one name, in ORDER BY': `SELECT id, amount AS id FROM orders ORDER BY id
                                             ~~ ambiguous-column`,
  'two columns of one name in a common table': `WITH c AS (SELECT id, amount AS id FROM orders) SELECT 1 FROM c
           ~~~~~~ duplicate-column`,
  'two fields of one name': `CREATE TABLE d (r ROW<a INT, a STRING>) WITH ('connector' = 'datagen')
                             ~ duplicate-column`,
  'a field without its row, in DDL': `CREATE TABLE d (r ROW<a INT>, b AS a + 1) WITH ('connector' = 'datagen')
                                   ~ unknown-column`,
  'a window that GROUP BY lacks': `SELECT TUMBLE_START(ts, INTERVAL '1' HOUR) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' DAY)
       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ group-window`,
  'a window in GROUP BY by a number': `SELECT COUNT(*) FROM orders GROUP BY TUMBLE(ts, 5)
                                     ~~~~~~~~~~~~~ group-window`,
  'a window in GROUP BY with one interval too few': `SELECT COUNT(*) FROM orders GROUP BY HOP(ts, INTERVAL '1' HOUR)
                                     ~~~~~~~~~~~~~~~~~~~~~~~~~~ argument-count`,
  'intervals in the wrong place': `SELECT * FROM TABLE(TUMBLE(TABLE orders, INTERVAL '1' HOUR, DESCRIPTOR(ts)))
                    ~~~~~~ window-arguments`,
  'an interval that is no constant, in a view that nobody uses':
    'CREATE VIEW w AS SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL 5 MINUTE))',
  'a cast that there is none for': `SELECT CAST(id AS DATE) FROM other
       ~~~~~~~~~~~~~~~~ cast-types`,
  'a condition of FILTER that is none': `SELECT COUNT(*) FILTER (WHERE id + 1) FROM other
                              ~~~~~~ condition-type`,
  'keys of windows that have none': `SELECT * FROM TABLE(TUMBLE(TABLE orders PARTITION BY id, DESCRIPTOR(ts), INTERVAL '1' HOUR))
                    ~~~~~~ window-arguments`,
  'an expression in DESCRIPTOR': `SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(UPPER(ts)), INTERVAL '1' HOUR))
                                                          ~~ window-arguments`,
  'an interval of too many digits': `SELECT ts + INTERVAL '100' DAY FROM orders
                     ~~~~~ interval-precision`,
  'an interval with its digits': "SELECT ts + INTERVAL '100' DAY(3) FROM orders",
  'a list of several types': `SELECT id FROM other WHERE id IN (1, TRUE)
                                  ~~~~~~~ collection`,
  'LIKE of a number': `SELECT id FROM other WHERE id LIKE 'a'
                           ~~~~~~~~~~~ operator-types`,
  'ordered by what is not grouped': `SELECT name, COUNT(*) FROM other GROUP BY name ORDER BY id
                                                        ~~ not-grouped`,
  'distinct rows ordered by another column': `SELECT DISTINCT name FROM other ORDER BY id
                                         ~~ order-by-distinct`,
  'a condition of DELETE that is none': `DELETE FROM s WHERE k + 1
                    ~~~~~ condition-type`,
  'FULL JOIN of a lookup': `SELECT a.id FROM (SELECT id, PROCTIME() AS p FROM other) AS a FULL JOIN s FOR SYSTEM_TIME AS OF a.p AS b ON a.id = b.k
                                                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ temporal-join`,
  'the second column of one name, through *':
    'SELECT t.id0 FROM (SELECT * FROM orders AS o JOIN other AS p ON o.id = p.id) AS t WHERE t.id > 1',
  'a number joined with a string': `SELECT o.id FROM orders AS o JOIN other AS p ON o.id = p.name
                                                ~~~~~~~~~~~~~ join-condition-types`,
  'a number joined with a string that is cast': `SELECT o.id FROM orders AS o, other AS p WHERE o.id = CAST(p.name AS BIGINT)`,
  'an aggregate of two pattern variables': `SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES SUM(A.amount + B.amount) AS s PATTERN (A B) DEFINE A AS A.id > 1)
                                                           ~~~~~~~~~~~~~~~~~~~~~~~~ match-function`,
  'a sorted stream': `SELECT id FROM other ORDER BY id
                              ~~ stream-order`,
  'a stream sorted by its time': 'SELECT id, ts FROM orders ORDER BY ts',
  'a string compared with a number': `SELECT id FROM other WHERE name = 1
                           ~~~~~~~~ implicit-conversion`,
  'first rows of a window over what changes': `CREATE TABLE c (a INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'debezium-json');
SELECT a FROM (SELECT a, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY a) AS n FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '1' HOUR))) WHERE n <= 3
                                                                                                                                                                         ~~~~~~ changing-input`,
  'first rows by number, into a sink that appends': `${APPENDING}INSERT INTO k SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY name ORDER BY id) AS n FROM other) WHERE n <= 3
            ~ append-only-sink`,
  'an interval join of what changes': `CREATE TABLE c (a INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'debezium-json');
SELECT c.a FROM c JOIN orders AS o ON c.ts BETWEEN o.ts - INTERVAL '1' HOUR AND o.ts
                                      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ changing-input`,
  'two columns of one name, by *': `SELECT * FROM (SELECT id, amount AS id FROM orders)
       ~ ambiguous-column`,
  'a star that only COUNT takes': `SELECT MAX(*) FROM orders
           ~ argument-types`,
  'a definition that is no condition': `SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.id AS i PATTERN (A) DEFINE A AS A.id + 1)
                                                                                             ~~~~~~~~ condition-type`,
  'a row of no table, into a sink that appends': `${APPENDING}INSERT INTO k SELECT DISTINCT 1`,
  'rows that are replaced, into a table without a key': `CREATE TABLE j (n BIGINT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://h/d', 'table-name' = 'j');
INSERT INTO j SELECT SUM(id) FROM other GROUP BY name
            ~ upsert-primary-key`,
  'a URI of another kind': `CREATE TABLE k (a INT) WITH ('connector' = 'mongodb', 'database' = 'd', 'collection' = 'c',
  'uri' = 'host:27017')
          ~~~~~~~~~~~~ option-value`,
  'unknown connector is silent': "CREATE TABLE k (a INT) WITH ('connector' = 'homemade', 'x' = 'y')",
};

describe('in an editor, where the cluster may have catalogs of its own', () => {
  const env = { flinkVersion: '2.3', strict: false };
  for (const [name, sql] of Object.entries({
    'a catalog that the script does not create':
      'USE CATALOG lake; SELECT a FROM t; INSERT INTO db.s SELECT b FROM lake.db.u',
    'a table of such a catalog by its whole name': 'SELECT a FROM lake.db.t',
    'a table of the catalog in memory': `SELECT id FROM lake.db.t
UNION ALL SELECT id FROM oders
                         ~~~~~ unknown-table`,
  }))
    it(name, () => checkFindings(sql, env));
});

describe('findings', () => {
  for (const [name, sql] of Object.entries(CASES)) it(name, () => checkFindings(TABLES + sql));
});

describe('rules', () => {
  // What a metadata store confirms is tested where there is one
  for (const rule of rules.filter(({ code, origin }) => code !== ignoreCommentRule.code && origin !== 'metadata')) {
    it(`${rule.code}: the example has the finding, and nothing else that is wrong`, () => {
      const found = analyse(rule.example, { flinkVersion: rule.since ?? '1.20', strict: true }).statements.flatMap(
        (s) => s.problems,
      );
      expect(found.filter((p) => p.severity === 'error' || p.code === rule.code).map((p) => p.code)).toEqual([
        rule.code,
      ]);
    });
  }

  it('the page and the setting are up to date', () => {
    expect(readFileSync(join('docs', 'rules.md'), 'utf8')).toBe(rulesPage());
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
    const setting = contributes.configuration.properties['flinkSql.rules'];
    expect(setting).toEqual(JSON.parse(JSON.stringify(rulesSetting())));
  });

  it('every code of a syntax error is explained, and no other', () => {
    const folder = join('server', 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /^(language|cli)\W.*\.ts$/.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8'));
    const used = sources.flatMap((source) => source.match(/(?<=')syntax\/[\w-]+(?=')/g) ?? []);
    expect(Object.keys(syntaxCodes).sort()).toEqual([...new Set(used)].sort());
  });

  it('codes are unique', () => {
    expect(new Set(rules.map((r) => r.code)).size).toBe(rules.length);
  });
});

describe('messages', () => {
  it('tells the kafka option that was meant, and what is missing', () => {
    const sql =
      "CREATE TABLE k (a INT) WITH ('connector' = 'kafka', 'topic' = 't', 'startup-mode' = 'earliest-offset', 'format' = 'json')";
    const messages = analyse(sql).statements[0]!.problems.map((p) => p.message);
    expect(messages).toEqual([
      '`startup-mode` is not an option of the kafka connector. Did you mean `scan.startup.mode`?',
      'The kafka connector needs `properties.bootstrap.servers`, which is missing here.',
    ]);
  });

  it('tells a mistyped required option once', () => {
    const sql =
      "CREATE TABLE k (a INT) WITH ('connector' = 'kafka', 'topic' = 't', 'bootstrap.servers' = 'b', 'format' = 'json')";
    expect(analyse(sql).statements[0]!.problems.map((p) => p.message)).toEqual([
      '`bootstrap.servers` is not an option of the kafka connector. Did you mean `properties.bootstrap.servers`?',
    ]);
  });

  it('offers the repair', () => {
    const problem = analyse(`${TABLES}SELECT amout FROM orders`).statements.at(-1)!.problems[0]!;
    expect(problem.fixes?.map((f) => f.edits.map((e) => e.text))).toEqual([['amount']]);
  });
});

describe('a fragment', () => {
  it('tells unknown tables as information where nothing resolves', () => {
    const problems = analyse('SELECT a FROM t', { flinkVersion: '2.3' }).statements[0]!.problems;
    expect(problems.map((p) => `${p.severity} ${p.code}`)).toEqual(['information unknown-table']);
  });
});
