import { describe, expect, it } from 'vitest';
import { parseScript } from '../../server/src/language/parser';
import { analyse } from './check';

const kafka = (name: string, more = '') =>
  `CREATE TABLE ${name} (id BIGINT, name STRING, ts TIMESTAMP(3), p AS PROCTIME(), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'k:9092', 'format' = 'json'${more});`;
const upsert = (name: string, columns: string, key: string) =>
  `CREATE TABLE ${name} (${columns}, PRIMARY KEY (${key}) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'k:9092', 'key.format' = 'json', 'value.format' = 'json');`;
const TABLES = [
  kafka('a'),
  kafka('b'),
  kafka('ended', ", 'scan.bounded.mode' = 'latest-offset'"),
  kafka('unended', ", 'scan.bounded.mode' = 'unbounded'"),
  "CREATE TABLE dim (id BIGINT, name STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'jdbc', 'url' = 'jdbc:x', 'table-name' = 'd');",
  upsert('keyed', 'id STRING, name STRING', 'id'),
  upsert('days', 'd DATE, n BIGINT', 'd'),
  upsert('moments', 'moment TIMESTAMP_LTZ(3), name STRING', 'moment'),
  "CREATE TABLE plain (id STRING, name STRING) WITH ('connector' = 'print');",
].join('\n');

/** Checks at which texts a piece of advice is given; none at all when there is no text. */
function check(code: string, sql: string, ...at: string[]): void {
  const script = `${TABLES}\n${sql}`;
  const placed = parseScript(script, { flinkVersion: '2.3', templates: false }).statements;
  const found = analyse(script).statements.flatMap(({ problems }, i) => {
    const all = [...placed[i]!.statement.problems, ...problems];
    const errors = all.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    expect(errors, 'the script must be right').toEqual([]);
    const { text } = placed[i]!.statement;
    return problems.filter((p) => p.code === code).map(({ start, end }) => text.slice(start, end));
  });
  expect(found).toEqual(at);
}

type Cases = Record<string, [sql: string, ...at: string[]]>;
const run = (code: string, cases: Cases) =>
  describe(code, () => {
    for (const [name, [sql, ...at]] of Object.entries(cases)) it(name, () => check(code, sql, ...at));
  });

const join = (more: string) => `SELECT a.name FROM a JOIN ${more}`;
run('join-state', {
  'two streams': [join('b ON a.id = b.id'), 'a.id = b.id'],
  'by USING': ['SELECT a.name FROM a JOIN b USING (id)', 'id'],
  'one that is told to be unbounded': [join('unended AS u ON a.id = u.id'), 'a.id = u.id'],
  'not with a time to live': [`SET 'table.exec.state.ttl' = '1 d'; ${join('b ON a.id = b.id')}`],
  'with one of nothing': [`SET 'table.exec.state.ttl' = '0 ms'; ${join('b ON a.id = b.id')}`, 'a.id = b.id'],
  'not with a hint of it': ["SELECT /*+ STATE_TTL('a' = '1d', 'b' = '1d') */ a.name FROM a JOIN b ON a.id = b.id"],
  'not within an interval': [join("b ON a.id = b.id AND a.ts BETWEEN b.ts AND b.ts + INTERVAL '1' HOUR")],
  'not with what ends': [join('ended AS e ON a.id = e.id')],
  'not with what a hint ends': [join("b /*+ OPTIONS('scan.bounded.mode' = 'latest-offset') */ ON a.id = b.id")],
  'not with a look-up': [join('dim FOR SYSTEM_TIME AS OF a.p ON a.id = dim.id')],
  'not with a table that ends by itself': [join('dim ON a.id = dim.id')],
  'not of windows': [
    `SELECT l.name FROM (SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' HOUR))) AS l
     JOIN (SELECT * FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '1' HOUR))) AS r
     ON l.id = r.id AND l.window_start = r.window_start AND l.window_end = r.window_end`,
  ],
  'not in a batch job': [`SET 'execution.runtime-mode' = 'batch'; ${join('b ON a.id = b.id')}`],
});

run('nondeterministic-key', {
  'a random key': ['INSERT INTO keyed SELECT UUID(), name FROM a', 'UUID()'],
  'inside of an expression': ["INSERT INTO keyed SELECT CONCAT('x-', UUID()), name FROM a", "CONCAT('x-', UUID())"],
  'the time of processing': ['INSERT INTO days SELECT CURRENT_DATE, COUNT(*) FROM a GROUP BY name', 'CURRENT_DATE'],
  'a column of the time of processing': ['INSERT INTO moments SELECT p, name FROM a', 'p'],
  'from a subquery': ['INSERT INTO keyed SELECT k, name FROM (SELECT UUID() AS k, name FROM a) AS s', 'k'],
  'from a common table expression, renamed': [
    'INSERT INTO keyed WITH c (k, n) AS (SELECT UUID(), name FROM a) SELECT k, n FROM c',
    'k',
  ],
  'from a view': ['CREATE VIEW v AS SELECT UUID() AS k, name FROM a; INSERT INTO keyed SELECT k, name FROM v', 'k'],
  'from one side of a union': [
    'INSERT INTO keyed SELECT name, name FROM a UNION ALL SELECT UUID(), name FROM b',
    'keyed',
  ],
  'into the columns that are named': ['INSERT INTO keyed (name, id) SELECT UUID(), name FROM a'],
  'a random group': ['SELECT COUNT(*) FROM a GROUP BY RAND_INTEGER(10)', 'RAND_INTEGER(10)'],
  'not in other columns': ['INSERT INTO keyed SELECT name, UUID() FROM a'],
  'not without a key': ['INSERT INTO plain SELECT UUID(), name FROM a'],
  'not of a given time': [
    "INSERT INTO keyed SELECT CAST(UNIX_TIMESTAMP('2025-01-01 00:00:00') AS STRING), name FROM a",
  ],
  'not in a batch job': ["SET 'execution.runtime-mode' = 'batch'; INSERT INTO keyed SELECT UUID(), name FROM ended"],
  'not a group by day': ['SELECT COUNT(*) FROM a GROUP BY CURRENT_DATE'],
});

run('reads-own-sink', {
  'a stream': ['INSERT INTO a (id, name, ts) SELECT id, name, ts FROM a', 'a'],
  'not a table that is looked up': [
    'INSERT INTO dim SELECT a.id, dim.name FROM a JOIN dim FOR SYSTEM_TIME AS OF a.p ON a.id = dim.id',
  ],
  'not one that ends': ['INSERT INTO dim SELECT id + 1, name FROM dim'],
  'not in a batch job': [
    "SET 'execution.runtime-mode' = 'batch'; INSERT INTO ended (id, name, ts) SELECT id, name, ts FROM ended",
  ],
});

const jaas = (password: string) =>
  `, 'properties.sasl.jaas.config' = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="${password}";'`;
const passwordOf = (sql: string, value?: string): [string, ...string[]] => (value ? [sql, `'${value}'`] : [sql]);
run('plain-password', {
  'of a catalog': passwordOf(
    "CREATE CATALOG c WITH ('type' = 'jdbc', 'default-database' = 'd', 'username' = 'u', 'password' = 'p4ss', 'base-url' = 'jdbc:postgresql://h:5432')",
    'p4ss',
  ),
  'of the session': passwordOf("SET 's3.secret-key' = 'abc'", 'abc'),
  'set later': passwordOf("ALTER TABLE dim SET ('password' = 'p4ss')", 'p4ss'),
  'in an address': passwordOf(
    "ALTER TABLE dim SET ('url' = 'jdbc:mysql://h/d?user=u&password=p')",
    'jdbc:mysql://h/d?user=u&password=p',
  ),
  'of a user in an address': passwordOf("ALTER TABLE dim SET ('url' = 'mongodb://u:p4ss@h/d')", 'mongodb://u:p4ss@h/d'),
  'not a port in an address': passwordOf("ALTER TABLE dim SET ('url' = 'hdfs://h:8020/a@b')"),
  'not one that is filled in': passwordOf("SET 's3.secret-key' = '${KEY}'"),
  'not one in an address that is': passwordOf("ALTER TABLE dim SET ('url' = 'jdbc:mysql://h/d?password=${P}')"),
  'of Kafka': [
    kafka('secured', jaas('p4ss')),
    `'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="p4ss";'`,
  ],
  'not one of Kafka that is filled in': [kafka('secured', jaas('${P}'))],
});
