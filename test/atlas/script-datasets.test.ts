// Which datasets a script's statements read and write, however the tables come about: the script on the left, 'sink ⇐ sources' on the right.
import { expect, test } from 'vitest';
import { desiredState } from '../../server/src/atlas/desired';
import { datasetsOf } from '../../server/src/atlas/mapping';
import { ourTypes } from '../../server/src/atlas/typedefs';
import { describeScript } from './jobs';

const kafka = (topic: string) =>
  `WITH ('connector'='kafka','topic'='${topic}','properties.bootstrap.servers'='b:9092','format'='json')`;
const a = `CREATE TABLE a (x INT) ${kafka('a')};`;
const s = `CREATE TABLE s (x INT) ${kafka('s')};`;

test.each<[string, string, string[]]>([
  [
    'hints that put a table elsewhere',
    `${a}${s} INSERT INTO s /*+ OPTIONS('topic'='s2') */ SELECT x FROM a /*+ OPTIONS('topic'='a2') */;
     INSERT INTO s SELECT x FROM a;`,
    ['s2@prod ⇐ a2@prod', 's@prod ⇐ a@prod'],
  ],
  [
    'one table at two places in one statement',
    `${a}${s} INSERT INTO s SELECT x FROM a /*+ OPTIONS('topic'='a2') */ UNION ALL SELECT x FROM a;`,
    ['s@prod ⇐ a2@prod, a@prod'],
  ],
  [
    'a hint that leaves a table where it is',
    `${a}${s} INSERT INTO s SELECT x FROM a /*+ OPTIONS('scan.startup.mode'='earliest-offset') */;`,
    ['s@prod ⇐ a@prod'],
  ],
  [
    'a hint inside a view',
    `${a}${s} CREATE VIEW v AS SELECT x FROM a /*+ OPTIONS('topic'='a2') */; INSERT INTO s SELECT x FROM v;`,
    ['s@prod ⇐ a2@prod'],
  ],
  ['LIKE', `${a} CREATE TABLE s WITH ('topic'='t2') LIKE a; INSERT INTO s SELECT x FROM a;`, ['t2@prod ⇐ a@prod']],
  [
    'CTAS and RTAS',
    `${a} CREATE TABLE s ${kafka('t2')} AS SELECT x FROM a;
     CREATE OR REPLACE TABLE r WITH ('connector'='filesystem','path'='hdfs://nn/r','format'='json') AS SELECT x FROM a;`,
    ['t2@prod ⇐ a@prod', 'hdfs://nn/r@prod ⇐ a@prod'],
  ],
  [
    'temporary tables, a statement set, EXPLAIN and EXECUTE',
    `CREATE TEMPORARY TABLE a (x INT) ${kafka('a')}; CREATE TEMPORARY TABLE s (x INT) ${kafka('s')};
     EXECUTE STATEMENT SET BEGIN INSERT INTO s SELECT x FROM a; INSERT INTO s SELECT x + 1 FROM a; END;
     EXPLAIN INSERT INTO s SELECT x FROM a; EXECUTE INSERT INTO s SELECT x FROM a;`,
    ['s@prod ⇐ a@prod', 's@prod ⇐ a@prod', 's@prod ⇐ a@prod'],
  ],
  [
    "Hive's dialect in a catalog that somebody else has created",
    `SET 'table.sql-dialect' = 'hive';
     INSERT INTO ours.sales.daily SELECT n, some_udf(n) FROM ours.sales.visits;
     INSERT OVERWRITE TABLE ours.sales.daily SELECT n FROM ours.sales.visits LATERAL VIEW explode(parts) p AS part;`,
    ['sales.daily@prod ⇐ sales.visits@prod', 'sales.daily@prod ⇐ sales.visits@prod'],
  ],
  [
    "a table that Hive's dialect has made, in Flink's dialect",
    `USE CATALOG ours; SET 'table.sql-dialect' = 'hive';
     CREATE EXTERNAL TABLE Daily (n INT) PARTITIONED BY (dt STRING) STORED AS orc LOCATION 'hdfs://nn/daily';
     FROM visits INSERT OVERWRITE TABLE daily PARTITION (dt) SELECT n, dt INSERT INTO TABLE names SELECT name;
     SET 'table.sql-dialect' = 'default';
     CREATE TABLE t (n INT) ${kafka('t')}; INSERT INTO daily SELECT n, 'x' FROM t;`,
    [
      'default.daily@prod ⇐ default.visits@prod',
      'default.names@prod ⇐ default.visits@prod',
      'default.daily@prod ⇐ t@prod',
    ],
  ],
  [
    'tables of catalogs that no DDL describes',
    `CREATE CATALOG h WITH ('type'='hive');
     CREATE CATALOG pg WITH ('type'='jdbc','base-url'='jdbc:postgresql://db:5432','default-database'='crm','username'='u','password'='p');
     CREATE CATALOG p WITH ('type'='paimon','warehouse'='s3://lake/w');
     CREATE CATALOG i WITH ('type'='iceberg','catalog-type'='hive','uri'='thrift://hms:9083');
     INSERT INTO p.d.o SELECT * FROM h.Sales.Daily;
     INSERT INTO i.d.o SELECT * FROM pg.crm.\`public.customers\`;
     USE CATALOG pg; INSERT INTO p.d.q SELECT * FROM customers;
     USE CATALOG h; USE sales; INSERT INTO daily2 PARTITION (dt='2024') SELECT n FROM daily;`,
    [
      's3://lake/w/d.db/o/@prod ⇐ sales.daily@prod',
      'd.o@prod ⇐ db:5432/crm.public.customers@prod',
      's3://lake/w/d.db/q/@prod ⇐ db:5432/crm.public.customers@prod',
      'sales.daily2@prod ⇐ sales.daily@prod',
    ],
  ],
  [
    'tables in a Hive catalog that are not Hive’s',
    `CREATE CATALOG h WITH ('type'='hive'); USE CATALOG h;
     CREATE TEMPORARY TABLE src (x INT) ${kafka('a')}; CREATE TABLE gen (x INT) ${kafka('g')};
     CREATE TABLE nat (x INT) WITH ('connector'='hive');
     INSERT INTO gen SELECT x FROM src; INSERT INTO nat SELECT x FROM src;`,
    ['g@prod ⇐ a@prod', 'default.nat@prod ⇐ a@prod'],
  ],
  [
    'a materialized table',
    `CREATE CATALOG p WITH ('type'='paimon','warehouse'='hdfs://nn/w'); USE CATALOG p; CREATE TABLE o (x INT);
     CREATE MATERIALIZED TABLE m FRESHNESS = INTERVAL '30' SECOND AS SELECT x FROM o;`,
    ['hdfs://nn/w/default.db/m@prod ⇐ hdfs://nn/w/default.db/o@prod'],
  ],
  [
    'a table that is looked up, and what keeps nothing',
    `CREATE TABLE a (x INT, p AS PROCTIME()) ${kafka('a')};
     CREATE TABLE d (x INT, n STRING) WITH ('connector'='jdbc','url'='jdbc:mysql://db:3306/shop','table-name'='d');
     CREATE TABLE s (x INT, n STRING) WITH ('connector'='print');
     INSERT INTO s SELECT a.x, d.n FROM a JOIN d FOR SYSTEM_TIME AS OF a.p ON a.x = d.x;`,
    [' ⇐ a@prod, db:3306/shop.d@prod'],
  ],
])('%s', (_, script, expected) => {
  const job = describeScript(script);
  const names = (table: string) => {
    const node = job.tables.get(table);
    return node
      ? datasetsOf(node, { namespace: 'prod', catalogs: job.catalogs }).map((each) => each.qualifiedName)
      : [];
  };
  expect(job.processes.map((each) => `${names(each.sink).join()} ⇐ ${each.sources.flatMap(names).join(', ')}`)).toEqual(
    expected,
  );
});

test('the columns of a table are those of the place that a hint puts it', () => {
  const job = describeScript(`${a}${s} INSERT INTO s SELECT x FROM a /*+ OPTIONS('topic'='a2') */;`);
  const types = new Set([...ourTypes, 'DataSet', 'kafka_topic']);
  const state = desiredState(job, { namespace: 'prod', types });
  const lineage = state.entities.find((each) => each.what === 'column lineage');
  expect(lineage?.inputs?.map((each) => each.qualifiedName)).toEqual(['kafka_topic:a2.x@prod']);
  expect(state.entities.filter((each) => each.qualifiedName.includes('a@prod'))).toEqual([]);
});

test('columns that are computed are the job’s own, those of metadata are read and written', () => {
  const job = describeScript(
    `CREATE TABLE a (x INT, ts TIMESTAMP(3) METADATA FROM 'timestamp', y AS x + 1) ${kafka('a')};
     CREATE TABLE s (x INT, ts TIMESTAMP(3) METADATA FROM 'timestamp', off BIGINT METADATA FROM 'offset' VIRTUAL) ${kafka('s')};
     INSERT INTO s SELECT y, ts FROM a;`,
  );
  const types = new Set([...ourTypes, 'DataSet', 'kafka_topic']);
  const { entities } = desiredState(job, { namespace: 'prod', types });
  const names = (what: string) => entities.filter((each) => each.what === what).map((each) => each.qualifiedName);
  expect(names('column')).toEqual([
    'kafka_topic:s.x@prod',
    'kafka_topic:s.ts@prod',
    'kafka_topic:s.off@prod',
    'kafka_topic:a.x@prod',
    'kafka_topic:a.ts@prod',
  ]);
  const lineage = entities.filter((each) => each.what === 'column lineage');
  expect(lineage.map((each) => each.inputs?.map(({ qualifiedName }) => qualifiedName))).toEqual([
    ['kafka_topic:a.x@prod'],
    ['kafka_topic:a.ts@prod'],
  ]);
});
