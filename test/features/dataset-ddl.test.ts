import { describe, expect, it } from 'vitest';
import type { CardColumn, TableCard } from '../../server/src/atlas/cards';
import type { KnownDataset } from '../../server/src/atlas/readDataset';
import { datasetDdl, datasetName } from '../../server/src/features/dataset-ddl';
import { fixture } from './fixture';

/** 'id BIGINT NOT NULL, name VARCHAR2(20)' to columns. */
function columns(text: string): CardColumn[] {
  return text
    .split(/,(?![^(<]*[)>])/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const [, name = '', type] = /^(\S+)\s*(.*)$/s.exec(part) ?? [];
      return { name, ...(type ? { type } : {}), guid: '', qualifiedName: '', classifications: [] };
    });
}

function dataset(
  typeName: string,
  qualifiedName: string,
  columnText: string | CardColumn[],
  rest: Partial<TableCard> & Pick<KnownDataset, 'attributes' | 'declared'> = { attributes: {} },
): KnownDataset {
  const { attributes, declared, ...card } = rest;
  return {
    attributes,
    declared,
    card: {
      table: '',
      typeLabel: '',
      typeName,
      name: qualifiedName.replace(/@.*$/, '').replace(/^.*[./]/, ''),
      qualifiedName,
      guid: 'g',
      classifications: [],
      terms: [],
      labels: [],
      columns: typeof columnText === 'string' ? columns(columnText) : columnText,
      upstream: [],
      downstream: [],
      status: 'active',
      ...card,
    },
  };
}

const declared = (rest: Partial<NonNullable<KnownDataset['declared']>>) => ({
  options: {},
  primaryKey: [],
  partitionKeys: [],
  kinds: {},
  ...rest,
});

/** Whatever it is made of, it is one statement without an error, and nothing in it is hidden. */
function sound(known: KnownDataset): string {
  const ddl = datasetDdl(known);
  const { document } = fixture('');
  document.edit(2, [{ text: ddl }]);
  expect(
    document.problems(true).filter(({ problem }) => problem.severity === 'error'),
    ddl,
  ).toEqual([]);
  expect(
    document.statements.map(({ statement }) => statement.root.kind),
    ddl,
  ).toEqual(['CreateTable']);
  expect(ddl).not.toMatch(/[\p{Cf}\r\0]/u);
  expect(ddl.endsWith(';\n')).toBe(true);
  return ddl;
}

function check(known: KnownDataset, expected: string): void {
  expect(`\n${sound(known)}`).toBe(expected);
}

it('is the one that a job declares, where one does', () => {
  const definition =
    "CREATE TABLE orders (\n  id BIGINT\n) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'k', 'format' = 'json')";
  const known = dataset('kafka_topic', 'shop.orders@prod', 'id BIGINT', {
    attributes: {},
    declared: declared({ definition }),
  });
  check(known, `\n${definition};\n`);
  expect(datasetName(known)).toBe('orders');
});

it('is made of what a job declares, where its DDL is cut', () =>
  check(
    dataset('kafka_topic', 'shop.orders@prod', 'id BIGINT, total DECIMAL(10, 2), ts TIMESTAMP(3), headers STRING', {
      attributes: {},
      description: "Ann's orders",
      declared: declared({
        definition: 'CREATE TABLE orders (id BIGINT, \n-- … cut',
        options: {
          connector: 'upsert-kafka',
          topic: 'shop.orders',
          'properties.bootstrap.servers': 'k:9092',
          'key.format': 'json',
          'value.format': 'json',
          'properties.sasl.jaas.config': '******',
        },
        primaryKey: ['id'],
        watermark: "ts AS ts - INTERVAL '5' SECOND",
        kinds: { headers: 'metadata' },
      }),
    }),
    `
CREATE TABLE orders (
  id BIGINT NOT NULL,
  total DECIMAL(10, 2),
  ts TIMESTAMP(3),
  PRIMARY KEY (id) NOT ENFORCED,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) COMMENT 'Ann''s orders' WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'shop.orders',
  'properties.bootstrap.servers' = 'k:9092',
  'key.format' = 'json',
  'value.format' = 'json',
  'properties.sasl.jaas.config' = '******'
);
`,
  ));

describe('a skeleton by type', () => {
  it('of a Kafka topic', () =>
    check(
      dataset('kafka_topic', 'shop.orders.v2@prod', 'id BIGINT, value STRING', {
        name: 'Shop.Orders.v2',
        attributes: { topic: 'Shop.Orders.v2', uri: 'kafka:9092' },
      }),
      `
CREATE TABLE \`Shop.Orders.v2\` (
  id BIGINT,
  \`value\` STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'Shop.Orders.v2',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = '…',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);
`,
    ));

  it('of a topic whose columns nobody knows', () =>
    check(
      dataset('kafka_topic', 'clicks@prod', ''),
      `
-- its columns are not known
CREATE TABLE clicks (
  \`value\` STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'clicks',
  'properties.bootstrap.servers' = '…',
  'properties.group.id' = '…',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'raw'
);
`,
    ));

  it('of a Hive table, with its types', () =>
    check(
      dataset(
        'hive_table',
        'sales.daily@prod',
        'day date, n int, tags array<string>, m map<string,double>, s struct<a:int,b:string>, odd uniontype<int,string>',
      ),
      `
-- odd is uniontype<int,string> there
CREATE TABLE sales.daily (
  \`day\` DATE,
  n INT,
  tags ARRAY<STRING>,
  m MAP<STRING, DOUBLE>,
  s ROW<a INT, b STRING>,
  odd STRING
) WITH (
  'connector' = 'hive'
);
`,
    ));

  it('of tables in databases', () => {
    check(
      dataset(
        'rdbms_table',
        'db.example:5432/crm.public.customers@prod',
        'id int8, name varchar(20), at timestamptz, data jsonb, price numeric(10,2)',
      ),
      `
CREATE TABLE customers (
  id BIGINT,
  name VARCHAR(20),
  \`at\` TIMESTAMP_LTZ(6),
  data STRING,
  price DECIMAL(10, 2)
) WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://db.example:5432/crm',
  'table-name' = 'public.customers'
);
`,
    );
    const url = (qualifiedName: string) =>
      /'url' = '(.*)'/.exec(sound(dataset('rdbms_table', qualifiedName, 'id NUMBER(10), n int unsigned')))?.[1];
    expect(url('db:3306/crm.customers@p')).toBe('jdbc:mysql://db:3306/crm');
    expect(url('db:1521/orcl.crm.customers@p')).toBe('jdbc:oracle:thin:@//db:1521/orcl');
    expect(url('db:1433/crm.dbo.customers@p')).toBe('jdbc:sqlserver://db:1433;databaseName=crm');
    expect(url('warehouse/crm.customers@p')).toBe('jdbc:…://warehouse/crm');
    expect(url('nonsense')).toBe('jdbc:…://…/…');
  });

  it.each([
    ['hdfs_path', 'hdfs://nn:8020/archive/orders@prod', 'hdfs://nn:8020/archive/orders'],
    ['aws_s3_v2_directory', 's3a://lake/raw/orders/@prod', 's3a://lake/raw/orders/'],
    ['gcp_storage_virtual_directory', 'gs://lake/orders/@prod', 'gs://lake/orders/'],
    ['adls_gen2_directory', 'abfss://data@account/orders@prod', 'abfss://data@account/orders'],
  ])('of files: %s', (type, qualifiedName, path) => {
    const ddl = sound(dataset(type, qualifiedName, 'id BIGINT'));
    expect(ddl).toContain(`'connector' = 'filesystem',\n  'path' = '${path}'`);
  });

  it('of what nothing says how to read', () =>
    check(
      dataset('DataSet', 'thing@prod', 'id BIGINT'),
      `
-- add WITH (…): how it is read is not known
CREATE TABLE thing (
  id BIGINT
);
`,
    ));
});

describe('hostile metadata', () => {
  const nasty = [
    "a'); DROP TABLE orders; --",
    '`; DROP TABLE x; --',
    '[click](command:workbench.action.quit)',
    '<img src=x onerror=alert(1)>',
    'line\nbreak\r\nand \u2028 more',
    '\u202egnp.exe\u202c',
    '$(trash) {{ name }}',
    "'''",
    '*/ /* -- ',
    'x'.repeat(100_000),
    '\0\u0007',
    '',
  ];

  it.each(nasty.map((text) => [text.slice(0, 40), text]))('%j as any text is one harmless statement', (_, text) => {
    const hostile = columns('id BIGINT').concat([
      { name: text, type: text, description: text, guid: '', qualifiedName: '', classifications: [text] },
      { name: text, type: 'INT', guid: '', qualifiedName: '', classifications: [] },
    ]);
    for (const type of ['kafka_topic', 'hive_table', 'rdbms_table', 'hdfs_path', 'DataSet', text]) {
      for (const definition of [
        undefined,
        text,
        `CREATE TABLE x (a INT); ${text}`,
        `CREATE TABLE x (a INT COMMENT '${text.replaceAll("'", "''")}')`,
      ]) {
        sound(
          dataset(type, `${text}@prod`, hostile, {
            name: text,
            description: text,
            attributes: { topic: text, uri: text, path: text },
            declared: declared({
              ...(definition === undefined ? {} : { definition }),
              primaryKey: [text],
              partitionKeys: [text],
              watermark: `id AS ${text}`,
              options: { [text]: text },
            }),
          }),
        );
      }
      sound(dataset(type, text, hostile, { name: text, attributes: { topic: text, uri: text, path: text } }));
    }
  });

  it('keeps a definition that is more than a table from being taken as it is', () => {
    for (const definition of [
      "CREATE TABLE x WITH ('connector' = 'print') AS SELECT * FROM secrets",
      'CREATE TABLE x LIKE y',
      'DROP TABLE x',
      'CREATE TABLE x (a INT); DROP TABLE x',
    ]) {
      const ddl = sound(
        dataset('kafka_topic', 'orders@prod', 'id BIGINT', { attributes: {}, declared: declared({ definition }) }),
      );
      expect(ddl).toMatch(/^CREATE TABLE \w+ \(\n {2}id BIGINT\n\) WITH/);
    }
  });

  it('writes 5,000 columns', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      name: `c${index}`,
      type: 'STRING',
      guid: '',
      qualifiedName: '',
      classifications: [],
    }));
    expect(sound(dataset('kafka_topic', 'wide@prod', many)).split('\n').length).toBeGreaterThan(5000);
  });
});
