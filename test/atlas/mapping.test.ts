// Where tables live, connector by connector: what the DDL says on the left, type and qualifiedName on the right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mappingDocs } from '../../scripts/atlas/mapping-docs.mjs';
import { connectorRows, type Dataset, datasetsOf, parseJdbcUrl } from '../../server/src/atlas/mapping';
import { table } from './jobs';

const catalogs = new Map<string, Record<string, string>>([
  ['warehouse', { type: 'hive' }],
  ['lake', { type: 'paimon', warehouse: 's3://lake/paimon' }],
  ['ice', { type: 'iceberg', 'catalog-type': 'hive', uri: 'thrift://hms:9083' }],
  ['pg', { type: 'jdbc', 'base-url': 'jdbc:postgresql://db.example:5432/' }],
]);

function chain(dataset: Dataset): string[] {
  const up = dataset.parent ? chain(dataset.parent.dataset) : [];
  return [`${dataset.typeName} ${dataset.qualifiedName}`, ...up];
}

const kafka = { connector: 'kafka', 'properties.bootstrap.servers': 'b1:9092,b2:9092' };

test.each<[string, Record<string, string>, string[][]]>([
  ['t', { ...kafka, topic: 'Shop.Orders' }, [['kafka_topic shop.orders@prod']]],
  ['t', { ...kafka, connector: 'upsert-kafka', topic: 'a;b' }, [['kafka_topic a@prod'], ['kafka_topic b@prod']]],
  ['t', { ...kafka, 'topic-pattern': 'shop\\..*' }, [['flink_table kafka://b1:9092/shop\\..*@prod']]],
  ['t', { ...kafka, 'properties.bootstrap.servers': 'other:9092', topic: 'x' }, [['kafka_topic x@test']]],
  ['warehouse.Sales.Daily', {}, [['hive_table sales.daily@prod', 'hive_db sales@prod']]],
  ['warehouse.sales.daily', { connector: 'hive' }, [['hive_table sales.daily@prod', 'hive_db sales@prod']]],
  ['t', { connector: 'filesystem', path: 'hdfs://nn:8020/a//b/' }, [['hdfs_path hdfs://nn:8020/a/b@prod']]],
  ['t', { connector: 'filesystem', path: 'file:///tmp/x' }, [['hdfs_path file:/tmp/x@prod']]],
  ['t', { connector: 'filesystem', path: '/tmp/x' }, [['hdfs_path /tmp/x@prod']]],
  [
    't',
    { connector: 'filesystem', path: 's3a://Bucket/in/day' },
    [
      [
        'aws_s3_v2_directory s3a://bucket/in/day/@prod',
        'aws_s3_v2_directory s3a://bucket/in/@prod',
        'aws_s3_v2_bucket s3a://bucket@prod',
      ],
    ],
  ],
  [
    't',
    { connector: 'filesystem', path: 'abfss://box@acct.dfs.core.windows.net/in' },
    [
      [
        'adls_gen2_directory abfss://box@acct/in@prod',
        'adls_gen2_container abfss://box@acct@prod',
        'adls_gen2_account abfss://acct@prod',
      ],
    ],
  ],
  [
    't',
    { connector: 'filesystem', path: 'gs://bucket/in' },
    [['gcp_storage_virtual_directory gs://bucket/in/@prod', 'gcp_storage_bucket gs://bucket@prod']],
  ],
  [
    't',
    { connector: 'filesystem', path: 'ofs://om/vol/buck/key' },
    [['ozone_key ofs://om/vol/buck/key@prod', 'ozone_bucket ofs://vol.buck@prod', 'ozone_volume ofs://vol@prod']],
  ],
  [
    't',
    { connector: 'jdbc', url: 'jdbc:postgresql://DB.example/crm', 'table-name': 'customers' },
    [
      [
        'rdbms_table db.example:5432/crm.public.customers@prod',
        'rdbms_db db.example:5432/crm@prod',
        'rdbms_instance db.example:5432@prod',
      ],
    ],
  ],
  [
    'pg.crm.sales.customers',
    {},
    [
      [
        'rdbms_table db.example:5432/crm.sales.customers@prod',
        'rdbms_db db.example:5432/crm@prod',
        'rdbms_instance db.example:5432@prod',
      ],
    ],
  ],
  [
    't',
    { connector: 'mysql-cdc', hostname: 'my', 'database-name': 'shop', 'table-name': 'orders' },
    [['rdbms_table my:3306/shop.orders@prod', 'rdbms_db my:3306/shop@prod', 'rdbms_instance my:3306@prod']],
  ],
  [
    't',
    {
      connector: 'postgres-cdc',
      hostname: 'pg',
      port: '5433',
      'database-name': 'crm',
      'schema-name': 's',
      'table-name': 'c',
    },
    [['rdbms_table pg:5433/crm.s.c@prod', 'rdbms_db pg:5433/crm@prod', 'rdbms_instance pg:5433@prod']],
  ],
  [
    't',
    { connector: 'hbase-2.2', 'table-name': 'ns:t', 'zookeeper.quorum': 'zk:2181' },
    [['hbase_table ns:t@prod', 'hbase_namespace ns@prod']],
  ],
  [
    't',
    { connector: 'elasticsearch-7', hosts: 'http://es:9200;http://es2:9200', index: 'i' },
    [['flink_table elasticsearch://es:9200/i@prod']],
  ],
  [
    't',
    { connector: 'kinesis', 'stream.arn': 'arn:aws:kinesis:eu-west-1:1:stream/s' },
    [['flink_table kinesis://eu-west-1/s@prod']],
  ],
  [
    't',
    { connector: 'mongodb', uri: 'mongodb://u:planted-secret@mo:27017', database: 'd', collection: 'c' },
    [['flink_table mongodb://mo:27017/d.c@prod']],
  ],
  [
    'lake.sales.orders',
    {},
    [
      [
        'aws_s3_v2_directory s3://lake/paimon/sales.db/orders/@prod',
        'aws_s3_v2_directory s3://lake/paimon/sales.db/@prod',
        'aws_s3_v2_directory s3://lake/paimon/@prod',
        'aws_s3_v2_bucket s3://lake@prod',
      ],
    ],
  ],
  ['ice.sales.orders', {}, [['hive_table sales.orders@prod', 'hive_db sales@prod']]],
  ['t', { connector: 'hudi', path: 'hdfs://nn/hudi/t' }, [['hdfs_path hdfs://nn/hudi/t@prod']]],
  ['unknown.db.t', {}, [['flink_table unknown.db.t@prod']]],
  ['t', { connector: 'acme' }, [['flink_table acme://t@prod']]],
  ['t', { connector: 'datagen' }, []],
  ['t', { connector: 'print' }, []],
  ['t', { connector: 'blackhole' }, []],
  ['t', {}, []],
])('%s %o', (name, options, expected) => {
  const node = table(name, 'a INT', options);
  const datasets = datasetsOf(node, { namespace: 'prod', namespaces: { 'other:9092': 'test' }, catalogs });
  expect(datasets.map(chain)).toEqual(expected);
  expect(JSON.stringify(datasets)).not.toContain('planted-secret');
});

test.each([
  ['jdbc:mysql://h1:3307,h2:3306/shop?user=a', 'mysql h1:3307 shop'],
  ['jdbc:oracle:thin:@db:1521:XE', 'oracle db:1521 XE'],
  ['jdbc:oracle:thin:@//db:1522/service', 'oracle db:1522 service'],
  ['jdbc:sqlserver://db;databaseName=crm;encrypt=true', 'sqlserver db:1433 crm'],
  ['jdbc:postgresql://u:planted-secret@db:5432/crm?password=planted-secret', 'postgresql db:5432 crm'],
  ['jdbc:db2://db:50001/crm', 'db2 db:50001 crm'],
  ['not a url', undefined],
])('%s', (url, expected) => {
  const place = parseJdbcUrl(url);
  expect(place ? `${place.vendor} ${place.host}:${place.port} ${place.database}` : undefined).toBe(expected);
});

test('the documentation says what the code does', () => {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'atlas-mapping.md');
  expect(readFileSync(file, 'utf8')).toBe(mappingDocs(connectorRows));
});
