// Where tables live, connector by connector: what the DDL says on the left, type and qualifiedName on the right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mappingDocs } from '../../scripts/atlas/mapping-docs.mjs';
import { withKnownTypes } from '../../server/src/atlas/desired';
import { connectorRows, type Dataset, datasetsOf, parseJdbcUrl } from '../../server/src/atlas/mapping';
import { table } from './jobs';

const catalogs = new Map<string, Record<string, string>>([
  ['warehouse', { type: 'hive' }],
  ['lake', { type: 'paimon', warehouse: 's3://lake/paimon' }],
  ['ice', { type: 'iceberg', 'catalog-type': 'hive', uri: 'thrift://hms:9083' }],
  ['pg', { type: 'jdbc', 'base-url': 'jdbc:postgresql://db.example:5432/' }],
  ['dor', { type: 'doris', fenodes: 'fe:8030', 'jdbc-url': 'jdbc:mysql://fe:9030' }],
  ['flu', { type: 'fluss', 'bootstrap.servers': 'f1:9123,f2:9123' }],
  ['icehadoop', { type: 'iceberg', 'catalog-type': 'hadoop', warehouse: 'hdfs://nn/ice' }],
  ['icerest', { type: 'iceberg', 'catalog-type': 'rest', uri: 'https://rest.example:8181', warehouse: 's3://lake' }],
  ['iceglue', { type: 'iceberg', 'catalog-type': 'glue', warehouse: 's3://lake' }],
  ['icedefault', { type: 'iceberg', uri: 'thrift://hms:9083', warehouse: 'hdfs://nn/ice' }],
  ['lakejdbc', { type: 'paimon', metastore: 'jdbc', uri: 'jdbc:mysql://db/paimon', warehouse: 'hdfs://nn/lake' }],
  ['hoodie', { type: 'hudi', 'catalog.path': 'hdfs://nn/hudi' }],
  ['lakehive', { type: 'paimon', metastore: 'hive', uri: 'thrift://hms:9083', warehouse: 'hdfs://nn/lake' }],
  [
    'icejdbc',
    {
      type: 'iceberg',
      'catalog-type': 'jdbc',
      uri: 'jdbc:mysql://u:planted-secret@db:3306/ice?password=planted-secret',
    },
  ],
  ['iceuser', { type: 'iceberg', 'catalog-type': 'rest', uri: 'https://u:planted-secret@rest:8181/' }],
  ['hoodiehms', { type: 'hudi', mode: 'hms', 'catalog.path': 'hdfs://nn/hudi' }],
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
  ['t', { connector: 'filesystem', path: 'file:///tmp/x' }, [['hdfs_path file:/tmp/x']]],
  ['t', { connector: 'filesystem', path: '/tmp/x' }, [['hdfs_path /tmp/x']]],
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
  ['t', { connector: 'legacy-csv', path: 'hdfs://nn/in.csv' }, [['hdfs_path hdfs://nn/in.csv@prod']]],
  // Atlas's extractor gives a namespace to hdfs:// only, and writes all others small
  ['t', { connector: 'filesystem', path: 'oss://Bucket/In/' }, [['hdfs_path oss://bucket/in']]],
  ['t', { connector: 'filesystem', path: 'viewfs://nn/Data' }, [['hdfs_path viewfs://nn/data']]],
  ['t', { connector: 'filesystem', path: 'cos://own/Data' }, [['hdfs_path cos://own/Data@cos']]],
  ['t', { connector: 'filesystem', path: 'hdfs://NN/Data/' }, [['hdfs_path hdfs://NN/Data@prod']]],
  ['t', { connector: 'filesystem', path: 's3://AKIA:planted-secret@bucket' }, [['aws_s3_v2_bucket s3://bucket@prod']]],
  ['t', { connector: 'filesystem', path: 's3://******@bucket' }, [['aws_s3_v2_bucket s3://bucket@prod']]],
  ['t', { connector: 'filesystem', path: 'hdfs://me:planted-secret@nn:8020/a' }, [['hdfs_path hdfs://nn:8020/a@prod']]],
  [
    't',
    { connector: 'filesystem', path: 'abfss://Box@Acct.dfs.core.windows.net/In/Day/' },
    [
      [
        'adls_gen2_directory abfss://box@acct/In/Day@prod',
        'adls_gen2_directory abfss://box@acct/In@prod',
        'adls_gen2_container abfss://box@acct@prod',
        'adls_gen2_account abfss://acct@prod',
      ],
    ],
  ],
  ['t', { connector: 'filesystem', path: 'ofs://om/vol' }, [['ozone_volume ofs://vol@prod']]],
  [
    't',
    { connector: 'filesystem', path: 'ofs://om/vol/buck/' },
    [['ozone_bucket ofs://vol.buck@prod', 'ozone_volume ofs://vol@prod']],
  ],
  // Atlas's extractor takes s3 and s3a only
  ['t', { connector: 'filesystem', path: 's3n://bucket/in' }, [['hdfs_path s3n://bucket/in']]],
  [
    't',
    { connector: 'filesystem', path: 'o3fs://buck.vol.om/a/b' },
    [
      [
        'ozone_key o3fs://buck.vol.om/a/b@prod',
        'ozone_key o3fs://buck.vol.om/a@prod',
        'ozone_bucket o3fs://vol.buck@prod',
        'ozone_volume o3fs://vol@prod',
      ],
    ],
  ],
  [
    't',
    { connector: 'dynamic-kafka', 'stream-ids': 'a;b' },
    [['flink_table dynamic-kafka://a@prod'], ['flink_table dynamic-kafka://b@prod']],
  ],
  [
    't',
    { connector: 'vitess-cdc', hostname: 'vt', keyspace: 'shop', 'table-name': 'o' },
    [['rdbms_table vt/shop.o@prod', 'rdbms_db vt/shop@prod', 'rdbms_instance vt@prod']],
  ],
  [
    't',
    { connector: 'tidb-cdc', 'pd-addresses': 'pd0:2379,pd1:2379', 'database-name': 'd', 'table-name': 'o' },
    [['rdbms_table pd0:2379/d.o@prod', 'rdbms_db pd0:2379/d@prod', 'rdbms_instance pd0:2379@prod']],
  ],
  [
    't',
    { connector: 'oceanbase-cdc', hostname: 'ob', 'table-list': 'd.a, d.b' },
    [
      ['rdbms_table ob:2881/d.a@prod', 'rdbms_db ob:2881/d@prod', 'rdbms_instance ob:2881@prod'],
      ['rdbms_table ob:2881/d.b@prod', 'rdbms_db ob:2881/d@prod', 'rdbms_instance ob:2881@prod'],
    ],
  ],
  [
    't',
    { connector: 'oracle-cdc', url: 'jdbc:oracle:thin:@db:1521:XE', 'schema-name': 'S', 'table-name': 'T' },
    [['rdbms_table db:1521/XE.S.T@prod', 'rdbms_db db:1521/XE@prod', 'rdbms_instance db:1521@prod']],
  ],
  [
    't',
    { connector: 'sqs', 'queue-url': 'https://sqs.eu-west-1.amazonaws.com/1/jobs', 'aws.region': 'eu-west-1' },
    [['flink_table sqs://eu-west-1/jobs@prod']],
  ],
  [
    't',
    { connector: 'http-sink', url: 'https://u:planted-secret@api.example:8443/v1/orders?key=planted-secret' },
    [['flink_table http://api.example:8443/v1/orders@prod']],
  ],
  [
    't',
    {
      connector: 'starrocks',
      'jdbc-url': 'jdbc:mysql://fe:9030',
      'load-url': 'fe:8030',
      'database-name': 'd',
      'table-name': 't',
    },
    [['flink_table starrocks://fe:9030/d.t@prod']],
  ],
  [
    't',
    {
      connector: 'starrocks',
      'jdbc-url': 'jdbc:mysql://fe:9030',
      'scan-url': 'fe:8030',
      'database-name': 'd',
      'table-name': 't',
    },
    [['flink_table starrocks://fe:9030/d.t@prod']],
  ],
  [
    't',
    { connector: 'doris', fenodes: 'fe:8030', 'table.identifier': 'd.t' },
    [['flink_table doris://fe:8030/d.t@prod']],
  ],
  ['dor.d.t', {}, [['flink_table doris://fe:8030/d.t@prod']]],
  ['flu.d.t', {}, [['flink_table fluss://f1:9123/d.t@prod']]],
  ['icehadoop.sales.orders', {}, [['hdfs_path hdfs://nn/ice/sales/orders@prod']]],
  ['icerest.sales.orders', {}, [['flink_table iceberg://rest.example:8181/sales.orders@prod']]],
  ['iceglue.sales.orders', {}, [['flink_table iceberg://glue/sales.orders@prod']]],
  ['icedefault.Sales.Orders', {}, [['hive_table sales.orders@prod', 'hive_db sales@prod']]],
  ['lakejdbc.sales.orders', {}, [['hdfs_path hdfs://nn/lake/sales.db/orders@prod']]],
  ['hoodie.sales.orders', {}, [['hdfs_path hdfs://nn/hudi/sales/orders@prod']]],
  ['hoodiehms.sales.orders', {}, [['hive_table sales.orders@prod', 'hive_db sales@prod']]],
  [
    't',
    {
      connector: 'iceberg',
      'catalog-name': 'c',
      'catalog-type': 'hive',
      'catalog-database': 'd',
      'catalog-table': 'o',
    },
    [['hive_table d.o@prod', 'hive_db d@prod']],
  ],
  // a table that a metastore keeps is the Hive table, wherever its files are
  [
    'hoodiehms.sales.orders',
    { connector: 'hudi', path: 's3://lake/o' },
    [['hive_table sales.orders@prod', 'hive_db sales@prod']],
  ],
  ['lakehive.Sales.Orders', { path: 's3://lake/o' }, [['hive_table sales.orders@prod', 'hive_db sales@prod']]],
  ['icejdbc.sales.orders', {}, [['flink_table iceberg://db:3306/ice/sales.orders@prod']]],
  ['iceuser.sales.orders', {}, [['flink_table iceberg://rest:8181/sales.orders@prod']]],
  [
    't',
    { connector: 'jdbc', url: 'jdbc:hive2://hs2:10000/Sales;principal=hive/_HOST@R', 'table-name': 'Daily' },
    [['hive_table sales.daily@prod', 'hive_db sales@prod']],
  ],
  [
    't',
    { connector: 'jdbc', url: 'jdbc:hive2://hs2:10000', 'table-name': 'ops.daily' },
    [['hive_table ops.daily@prod', 'hive_db ops@prod']],
  ],
  ...(
    [
      // Flink puts these names into SQL as they are, so PostgreSQL, Oracle and Db2 read them in letters of their own
      ['jdbc:postgresql://db/crm', 'Sales.Customers', 'db:5432/crm.sales.customers'],
      ['jdbc:postgresql://db/crm', '"Sales"."Customers"', 'db:5432/crm.Sales.Customers'],
      ['jdbc:postgresql://db/crm?currentSchema=sales,public', 'customers', 'db:5432/crm.sales.customers'],
      ['jdbc:oracle:thin:@//db:1521/xe', 'sales.customers', 'db:1521/XE.SALES.CUSTOMERS'],
      ['jdbc:db2://db:50000/crm:currentSchema=SALES;', 'customers', 'db:50000/CRM.SALES.CUSTOMERS'],
      ['jdbc:sqlserver://db;databaseName=crm', '[Sales].[Order Items]', 'db:1433/crm.Sales.Order Items'],
      ['jdbc:sqlserver://db\\Sales;databaseName=crm', 'items', 'db\\sales/crm.dbo.items'],
      ['jdbc:mysql://db', 'shop.orders', 'db:3306/shop.orders'],
      ['jdbc:mysql://db/other', 'shop.orders', 'db:3306/shop.orders'],
      ['jdbc:mysql://[fe80::1]/shop', 'orders', '[fe80::1]:3306/shop.orders'],
    ] as const
  ).map(([url, name, expected]): [string, Record<string, string>, string[][]] => [
    't',
    { connector: 'jdbc', url, 'table-name': name },
    [
      [
        `rdbms_table ${expected}@prod`,
        `rdbms_db ${expected.replace(/\..*$|(?<=\/[^/]*)\..*$/, '')}@prod`,
        `rdbms_instance ${expected.replace(/\/.*$/, '')}@prod`,
      ],
    ],
  ]),
  [
    't',
    { connector: 'mysql-cdc', hostname: 'my', 'database-name': 'shop', 'table-name': 'orders|items' },
    [
      ['rdbms_table my:3306/shop.orders@prod', 'rdbms_db my:3306/shop@prod', 'rdbms_instance my:3306@prod'],
      ['rdbms_table my:3306/shop.items@prod', 'rdbms_db my:3306/shop@prod', 'rdbms_instance my:3306@prod'],
    ],
  ],
  [
    't',
    { connector: 'mysql-cdc', hostname: 'my', 'database-name': 'shop_[0-9]+', 'table-name': 'orders_.*' },
    [['flink_table mysql://my:3306/shop_[0-9]+.orders_.*@prod']],
  ],
  [
    't',
    { connector: 'sqlserver-cdc', hostname: 'ms', 'database-name': 'crm', 'table-name': 'sales.items' },
    [['rdbms_table ms:1433/crm.sales.items@prod', 'rdbms_db ms:1433/crm@prod', 'rdbms_instance ms:1433@prod']],
  ],
  [
    't',
    { connector: 'mongodb-cdc', hosts: 'mo', database: 'd', collection: 'c' },
    [['flink_table mongodb://mo:27017/d.c@prod']],
  ],
  [
    't',
    { connector: 'mongodb', uri: 'mongodb+srv://mo.example/?x=y', database: 'd', collection: 'c' },
    [['flink_table mongodb://mo.example/d.c@prod']],
  ],
  [
    't',
    { connector: 'elasticsearch-7', hosts: 'https://u:planted-secret@es:9200', index: 'i' },
    [['flink_table elasticsearch://es:9200/i@prod']],
  ],
  ['unknown.db.t', {}, [['flink_table unknown.db.t@prod']]],
  ['t', { connector: 'acme' }, [['flink_table acme://t@prod']]],
  ['t', { connector: 'datagen' }, []],
  ['t', { connector: 'print' }, []],
  ['t', { connector: 'blackhole' }, []],
  ['t', {}, []],
])('%s %o', (name, options, expected) => {
  const node = table(name, 'a INT', options);
  const datasets = datasetsOf(node, { namespace: 'prod', namespaces: { 'other:9092': 'test', cos: 'cos' }, catalogs });
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
  ['jdbc:db2://db:50001/crm:user=u;password=planted-secret;', 'db2 db:50001 crm'],
  ['jdbc:oracle:thin:u/planted-secret@db:1521:XE', 'oracle db:1521 XE'],
  ['jdbc:oracle:thin:@tcps://db:2484/service?wallet_location=/w', 'oracle db:2484 service'],
  ['jdbc:oracle:thin:@//[::1]:1521/service:dedicated/inst', 'oracle [::1]:1521 service'],
  ['jdbc:oracle:thin:@h1:1521,h2:1521/service', 'oracle h1:1521 service'],
  [
    'jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=DB)(PORT=1522))(CONNECT_DATA=(SERVICE_NAME=svc)))',
    'oracle db:1522 svc',
  ],
  ['jdbc:oracle:thin:@prod_db', 'oracle prod_db:undefined '],
  ['jdbc:sqlserver://;serverName=DB;portNumber=1444;databaseName=crm', 'sqlserver db:1444 crm'],
  ['jdbc:sqlserver://db\\Sales:1450;database=crm', 'sqlserver db\\sales:1450 crm'],
  ['jdbc:sqlserver://db;instanceName=Sales', 'sqlserver db\\sales:undefined '],
  ['jdbc:postgresql:crm', 'postgresql localhost:5432 crm'],
  ['jdbc:postgresql:///crm', 'postgresql localhost:5432 crm'],
  ['jdbc:postgresql://[2001:DB8::1]:5433,[::2]/crm', 'postgresql [2001:db8::1]:5433 crm'],
  ['jdbc:mysql:loadbalance://h1:3307,h2/shop', 'mysql h1:3307 shop'],
  ['jdbc:mysql://address=(host=h1)(port=3307)(user=u),address=(host=h2)/shop', 'mysql h1:3307 shop'],
  ['jdbc:mysql://(host=h1,port=3307),(host=h2)/shop', 'mysql h1:3307 shop'],
  ['jdbc:mysql://h1', 'mysql h1:3306 '],
  ['jdbc:mariadb:sequential://h1,h2/shop', 'mariadb h1:3306 shop'],
  ['jdbc:derby://h:1527/shop;create=true', 'derby h:1527 shop'],
  // inside the job: nothing that others could reach
  ['jdbc:derby:memory:shop;create=true', 'derby :undefined '],
  ['jdbc:sqlite:/tmp/a.db', 'sqlite :undefined '],
  ['jdbc:trino://t/cat/sch', 'trino t:8080 cat.sch'],
  ['not a url', undefined],
])('%s', (url, expected) => {
  const place = parseJdbcUrl(url);
  expect(place ? `${place.vendor} ${place.host}:${place.port} ${place.database}` : undefined).toBe(expected);
});

test.each([
  // as the hooks write it: S3's is the folder, Google's the one above
  ['s3a://bucket/In/Day', { objectPrefix: '/In/Day/' }],
  ['gs://bucket/In/Day', { objectPrefix: '/In/' }],
  ['hdfs://nn/In', { path: 'hdfs://nn/In', clusterName: 'prod' }],
  ['file:///In', { path: 'file:/In', clusterName: 'prod' }],
])('what is told of %s when it is made', (uri, expected) => {
  const node = table('t', 'a INT', { connector: 'filesystem', path: uri });
  expect(datasetsOf(node, { namespace: 'prod', catalogs }).map((each) => each.attributes)).toEqual([expected]);
});

test.each([
  [['aws_s3_v2_directory', 'aws_s3_v2_bucket', 'aws_s3_pseudo_dir'], 'aws_s3_v2_directory s3a://bucket/In/@prod'],
  [['aws_s3_pseudo_dir', 'aws_s3_bucket'], 'aws_s3_pseudo_dir s3a://bucket/in@prod,aws_s3_bucket s3a://bucket@prod'],
  [['flink_table'], 'flink_table s3a://bucket/In/@prod'],
  [[], 'DataSet s3a://bucket/In/@prod'],
])('on an Atlas with the types %j', (types, expected) => {
  const node = table('t', 'a INT', { connector: 'filesystem', path: 's3a://Bucket/In' });
  const [found] = datasetsOf(node, { namespace: 'prod', catalogs });
  const names = found ? chain(withKnownTypes(found, new Set(types))) : [];
  expect(names.slice(0, expected.split(',').length).join()).toBe(expected);
});

const namespaces = {
  'Kafka-EU:9092': 'eu',
  'kafka-us': 'us',
  kafka: 'other-kafka',
  'hdfs://nn2/': 'dr',
  'nn2:8020': 'exact',
  s3: 'cloud',
  'secret-bucket': 'vault',
  hive: 'hive1',
  jdbc: 'db',
  postgresql: 'pg',
  'crm.example:5433': 'crm',
  abfs: 'azure',
  'acct2.dfs.core.windows.net': 'azure2',
  elasticsearch: 'search',
};
const at = (servers: string) => ({ connector: 'kafka', topic: 't', 'properties.bootstrap.servers': servers });
const path = (uri: string) => ({ connector: 'filesystem', path: uri });

test.each<[string, string, Record<string, string>]>([
  ['eu', 't', at('kafka-eu:9092')],
  ['eu', 't', at('b1:9092, KAFKA-EU:9092')],
  ['us', 't', at('kafka-us:9093')],
  ['other-kafka', 't', at('kafka-eu:9093')],
  ['dr', 't', path('hdfs://nn2/a')],
  ['exact', 't', path('hdfs://nn2:8020/a')],
  ['dr', 't', path('hdfs://nn2:8021/a')],
  ['prod', 't', path('hdfs://nn1/a')],
  ['cloud', 't', path('s3://bucket/a')],
  ['cloud', 't', path('s3a://bucket/a')],
  ['vault', 't', path('s3a://secret-bucket/a')],
  ['azure', 't', path('abfss://box@acct.dfs.core.windows.net/a')],
  ['azure2', 't', path('abfss://box@acct2.dfs.core.windows.net/a')],
  ['hive1', 'warehouse.a.b', {}],
  ['hive1', 'ice.a.b', {}],
  ['cloud', 'lake.a.b', {}],
  ['pg', 't', { connector: 'jdbc', url: 'jdbc:postgresql://db/crm', 'table-name': 'c' }],
  ['crm', 't', { connector: 'jdbc', url: 'jdbc:postgresql://crm.example:5433/crm', 'table-name': 'c' }],
  ['db', 't', { connector: 'mysql-cdc', hostname: 'my', 'database-name': 'shop', 'table-name': 'orders' }],
  ['search', 't', { connector: 'elasticsearch-7', hosts: 'http://es:9200', index: 'i' }],
  ['prod', 't', { connector: 'mongodb', uri: 'mongodb://mo:27017', database: 'd', collection: 'c' }],
  ['prod', 'unknown.db.t', {}],
])('the namespace %s of %s %j', (expected, name, options) => {
  const datasets = datasetsOf(table(name, 'a INT', options), { namespace: 'prod', namespaces, catalogs });
  const found = datasets.flatMap(chain).map((text) => text.replace(/^.*@/, ''));
  expect([...new Set(found)]).toEqual([expected]);
});

test('every connector and catalog that Flink is known to have is mapped', () => {
  const mapped = new Set(connectorRows.flatMap(({ connectors }) => connectors));
  const { factories } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../server/src/knowledge/options.json'), 'utf8'),
  ) as { factories: { kind: string; id: string }[] };
  const wanted = factories.flatMap(({ kind, id }) =>
    kind === 'connector' ? [id] : kind === 'catalog' ? [`catalog:${id}`] : [],
  );
  expect(wanted.length).toBeGreaterThan(50);
  expect(wanted.filter((id) => !mapped.has(id))).toEqual([]);
});

test('the documentation says what the code does', () => {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'atlas-mapping.md');
  expect(readFileSync(file, 'utf8')).toBe(mappingDocs(connectorRows));
});
