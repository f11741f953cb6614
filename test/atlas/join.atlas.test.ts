// On a real Apache Atlas: what Hive's hook, the Kafka bridge and others have told already stays theirs, and lineage runs through it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { describeTables } from '../../server/src/atlas/describeTables';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { schemaDrift } from '../../server/src/atlas/schemaDrift';
import { describeScript, table } from './jobs';

const problem = whyNoAtlas();

/** References inside one request. */
const to = (guid: string, typeName: string) => ({ guid, typeName });

interface Written {
  guid: string;
  typeName: string;
  attributes: Record<string, unknown>;
  relationshipAttributes?: Record<string, unknown>;
}

/** What the hooks and the bridge write of the datasets of the job below, each as its own source names it. */
const hooks: Written[] = [
  {
    guid: '-1',
    typeName: 'kafka_topic',
    attributes: {
      qualifiedName: 'shop.orders@prod',
      name: 'Shop.Orders',
      topic: 'Shop.Orders',
      uri: 'Shop.Orders',
      description: 'Shop.Orders',
      partitionCount: 12,
      owner: 'checkout',
    },
  },
  {
    guid: '-2',
    typeName: 'hive_db',
    attributes: { qualifiedName: 'sales@prod', name: 'sales', clusterName: 'prod', owner: 'dwh' },
  },
  {
    guid: '-3',
    typeName: 'hive_table',
    attributes: {
      qualifiedName: 'sales.daily@prod',
      name: 'daily',
      owner: 'hive',
      comment: 'By day',
      description: 'Revenue by day',
      tableType: 'MANAGED_TABLE',
      temporary: false,
      retention: 0,
      parameters: { transient_lastDdlTime: '1700000000' },
    },
    relationshipAttributes: { db: to('-2', 'hive_db') },
  },
  ...['order_id', 'amount'].map((name, position) => ({
    guid: `-3${position}`,
    typeName: 'hive_column',
    attributes: { qualifiedName: `sales.daily.${name}@prod`, name, type: 'bigint', position, owner: 'hive' },
    relationshipAttributes: { table: to('-3', 'hive_table') },
  })),
  {
    guid: '-4',
    typeName: 'hive_table',
    attributes: { qualifiedName: 'sales.monthly@prod', name: 'monthly', owner: 'hive' },
    relationshipAttributes: { db: to('-2', 'hive_db') },
  },
  {
    guid: '-5',
    typeName: 'hive_process',
    attributes: {
      qualifiedName: 'QUERY:sales.daily@prod:1->:INSERT:sales.monthly@prod:1',
      name: 'monthly',
      inputs: [to('-3', 'hive_table')],
      outputs: [to('-4', 'hive_table')],
      startTime: 1,
      endTime: 2,
      userName: 'hive',
      operationType: 'QUERY',
      queryText: 'insert into sales.monthly select * from sales.daily',
      queryPlan: 'Not Supported',
      queryId: 'q1',
    },
  },
  {
    guid: '-6',
    typeName: 'hdfs_path',
    attributes: {
      qualifiedName: 'hdfs://nn:8020/Events@prod',
      name: '/Events',
      path: 'hdfs://nn:8020/Events',
      clusterName: 'prod',
      owner: 'hdfs',
    },
  },
  {
    guid: '-7',
    typeName: 'hdfs_path',
    // no namespace: the hook gives it to HDFS only
    attributes: {
      qualifiedName: 'file:/data/rates',
      name: '/data/Rates',
      path: 'file:/data/Rates',
      clusterName: 'prod',
    },
  },
  {
    guid: '-8',
    typeName: 'aws_s3_v2_bucket',
    attributes: { qualifiedName: 's3a://lake@prod', name: 'Lake', partner: 'us' },
  },
  {
    guid: '-9',
    typeName: 'aws_s3_v2_directory',
    attributes: { qualifiedName: 's3a://lake/Out/@prod', name: 'Out', objectPrefix: '/Out/', owner: 'lake' },
    relationshipAttributes: { container: to('-8', 'aws_s3_v2_bucket') },
  },
  {
    guid: '-10',
    typeName: 'rdbms_instance',
    attributes: { qualifiedName: 'crm:5432@prod', name: 'CRM', rdbms_type: 'Postgres', hostname: 'crm', port: 5432 },
  },
  {
    guid: '-11',
    typeName: 'rdbms_db',
    attributes: { qualifiedName: 'crm:5432/crm@prod', name: 'crm', contact_info: 'crm-team' },
    relationshipAttributes: { instance: to('-10', 'rdbms_instance') },
  },
  {
    guid: '-12',
    typeName: 'rdbms_table',
    attributes: { qualifiedName: 'crm:5432/crm.public.customers@prod', name: 'customers', type: 'VIEW', owner: 'crm' },
    relationshipAttributes: { db: to('-11', 'rdbms_db') },
  },
  ...['order_id', 'segment'].map((name, index) => ({
    guid: `-12${index}`,
    typeName: 'rdbms_column',
    attributes: {
      qualifiedName: `crm:5432/crm.public.customers.${name}@prod`,
      name,
      data_type: 'text',
      isPrimaryKey: index === 0,
    },
    relationshipAttributes: { table: to('-12', 'rdbms_table') },
  })),
  {
    guid: '-13',
    typeName: 'hbase_namespace',
    attributes: { qualifiedName: 'ns@prod', name: 'ns', clusterName: 'prod' },
  },
  {
    guid: '-14',
    typeName: 'hbase_table',
    attributes: { qualifiedName: 'ns:Profiles@prod', name: 'ns:Profiles', uri: 'ns:Profiles', owner: 'hbase' },
    relationshipAttributes: { namespace: to('-13', 'hbase_namespace') },
  },
];

/** Reads all of them and writes Hive, S3 and Kafka. */
const script = `
SET 'pipeline.name' = 'join-all';
CREATE CATALOG h WITH ('type' = 'hive');
CREATE TABLE orders (order_id BIGINT, amount BIGINT) COMMENT 'Not theirs'
  WITH ('connector' = 'kafka', 'topic' = 'Shop.Orders', 'properties.bootstrap.servers' = 'b:9092', 'format' = 'json');
CREATE TABLE customers (order_id BIGINT, segment STRING) COMMENT 'Not theirs'
  WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://u:p@CRM/crm', 'table-name' = 'Customers');
CREATE TABLE events (order_id BIGINT) COMMENT 'Not theirs'
  WITH ('connector' = 'filesystem', 'path' = 'hdfs://nn:8020/Events/', 'format' = 'json');
CREATE TABLE rates (order_id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'file:///data/Rates', 'format' = 'csv');
CREATE TABLE profiles (order_id BIGINT, f ROW<a STRING>, PRIMARY KEY (order_id) NOT ENFORCED)
  WITH ('connector' = 'hbase-2.2', 'table-name' = 'ns:Profiles', 'zookeeper.quorum' = 'zk:2181');
CREATE TABLE lake (order_id BIGINT, segment STRING) COMMENT 'Not theirs'
  WITH ('connector' = 'filesystem', 'path' = 's3a://Lake/Out', 'format' = 'json');
USE CATALOG h;
CREATE TABLE sales.daily (order_id BIGINT, amount BIGINT) COMMENT 'Not theirs' WITH ('connector' = 'hive');
USE CATALOG default_catalog;
INSERT INTO h.sales.daily SELECT order_id, amount FROM orders WHERE order_id IN (SELECT order_id FROM events);
INSERT INTO lake SELECT c.order_id, c.segment FROM customers AS c
  JOIN rates AS r ON c.order_id = r.order_id JOIN profiles AS p ON p.order_id = r.order_id;
`;

describe.skipIf(problem)(`beside what others publish${problem ? ` (${problem})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let store: AtlasServer;

  const rest = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${atlas.url}/api/atlas/v2/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${atlas.user}:${atlas.password}`).toString('base64')}`,
        'content-type': 'application/json',
        'x-requested-with': 'XMLHttpRequest',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  /** Writes entities as another publisher would; gives their guids by stand-in. */
  const publish = async (entities: Written[]): Promise<Record<string, string>> =>
    (await rest('POST', 'entity/bulk', { entities })).guidAssignments;

  /** All that Atlas has of an entity itself: not which processes read and write it, nor what came along lineage. */
  const own = async (guid: string) => {
    const { entity } = await rest('GET', `entity/guid/${guid}`);
    const { attributes, status, createdBy, createTime, labels, customAttributes, businessAttributes } = entity;
    const { meanings } = entity.relationshipAttributes;
    const classifications = (entity.classifications ?? [])
      .filter((each: { entityGuid: string }) => each.entityGuid === guid)
      .map(({ typeName }: { typeName: string }) => typeName);
    return {
      attributes,
      status,
      createdBy,
      createTime,
      labels,
      customAttributes,
      businessAttributes,
      terms: meanings.map((each: { displayText: string }) => each.displayText),
      classifications,
    };
  };

  beforeAll(async () => {
    atlas = await startAtlas({ flinkTypes: true });
    store = new AtlasServer(
      { name: 'test', url: atlas.url, namespace: 'prod', timeout: 30_000 },
      { type: 'basic', user: atlas.user, password: atlas.password },
    );
  });
  afterAll(async () => {
    await atlas?.stop();
  });

  test('datasets of hooks and stewards are joined and stay as they are', async () => {
    const guids = await publish(hooks);
    await rest('POST', 'types/typedefs', {
      classificationDefs: [{ name: 'PII', superTypes: [], attributeDefs: [] }],
      businessMetadataDefs: [
        {
          name: 'Care',
          attributeDefs: [
            {
              name: 'level',
              typeName: 'string',
              isOptional: true,
              options: { applicableEntityTypes: '["DataSet"]', maxStrLength: '20' },
            },
          ],
        },
      ],
    });
    const glossary = await rest('POST', 'glossary', { name: 'Shop' });
    const term = await rest('POST', 'glossary/term', { name: 'Revenue', anchor: { glossaryGuid: glossary.guid } });
    const datasets = hooks.filter(({ typeName }) => !/^hive_(db|process)$|namespace$/.test(typeName));
    for (const { guid } of datasets) {
      const real = guids[guid] ?? '';
      await rest('POST', `entity/guid/${real}/classifications`, [{ typeName: 'PII', propagate: guid === '-1' }]);
      await rest('POST', `entity/guid/${real}/labels`, ['checked']);
      await rest('POST', `entity/guid/${real}/businessmetadata`, { Care: { level: 'high' } });
    }
    await rest(
      'POST',
      `glossary/terms/${term.guid}/assignedEntities`,
      datasets.map(({ guid }) => ({ guid: guids[guid] })),
    );
    const before = new Map(
      await Promise.all(hooks.map(async ({ guid }) => [guid, await own(guids[guid] ?? '')] as const)),
    );
    expect(before.get('-3')).toMatchObject({ terms: ['Revenue'], classifications: ['PII'], labels: ['checked'] });

    const job = describeScript(script, 'jobs/join.sql');
    const plan = await planPublish(store, job);
    const made = plan.preview.changes.filter(({ kind, what }) => kind === 'new' && what === 'dataset');
    expect(made).toEqual([]);
    await applyPublish(store, plan, { types: 'create' });

    for (const { guid, typeName, attributes } of hooks) {
      const [found] = await store.findByName(typeName, [String(attributes.qualifiedName)]);
      expect(found?.entity.guid).toBe(guids[guid]);
      expect(await own(guids[guid] ?? '')).toEqual(before.get(guid));
    }

    // Kafka → Flink → Hive → Hive
    const graph = await rest('GET', `lineage/${guids['-1']}?direction=OUTPUT&depth=0`);
    const reached = Object.values(
      graph.guidEntityMap as Record<string, { typeName: string; attributes: { qualifiedName: string } }>,
    );
    expect(reached.map(({ attributes }) => attributes.qualifiedName)).toEqual(
      expect.arrayContaining(['sales.daily@prod', 'sales.monthly@prod']),
    );
    expect(reached.map(({ typeName }) => typeName)).toEqual(expect.arrayContaining(['flink_process', 'hive_process']));
    const back = await rest('GET', `lineage/${guids['-4']}?direction=INPUT&depth=0`);
    expect(Object.keys(back.guidEntityMap)).toEqual(expect.arrayContaining([guids['-1'], guids['-6']]));
    const stores = await rest('GET', `lineage/${guids['-9']}?direction=INPUT&depth=0`);
    expect(Object.keys(stores.guidEntityMap)).toEqual(
      expect.arrayContaining([guids['-12'], guids['-7'], guids['-14']]),
    );
    // and what is classified upstream is, behind Flink, in Hive
    const { entity } = await rest('GET', `entity/guid/${guids['-4']}`);
    expect(entity.classifications.map((each: { entityGuid: string }) => each.entityGuid)).toContain(guids['-1']);

    expect((await planPublish(store, job)).preview.summary).toBe('');
  });

  test('the partitions of a Hive table are columns, kept where Hive keeps them', async () => {
    const column = (guid: string, name: string, type: string, relationshipType: string) => ({
      guid,
      typeName: 'hive_column',
      attributes: { qualifiedName: `sales.visits.${name}@prod`, name, type, position: 0, owner: 'hive' },
      relationshipAttributes: { table: { ...to('-2', 'hive_table'), relationshipType } },
    });
    // as Hive's hook writes them
    const guids = await publish([
      {
        guid: '-1',
        typeName: 'hive_db',
        attributes: { qualifiedName: 'sales@prod', name: 'sales', clusterName: 'prod' },
      },
      {
        guid: '-2',
        typeName: 'hive_table',
        attributes: { qualifiedName: 'sales.visits@prod', name: 'visits', owner: 'hive' },
        relationshipAttributes: { db: to('-1', 'hive_db') },
      },
      column('-3', 'user_id', 'bigint', 'hive_table_columns'),
      column('-4', 'dt', 'string', 'hive_table_partitionkeys'),
    ]);
    const partitioned = `SET 'pipeline.name' = 'partitions'; USE CATALOG h; USE sales; SET 'table.sql-dialect' = 'hive';
CREATE TABLE visits (User_Id BIGINT) PARTITIONED BY (dt STRING) STORED AS parquet;
CREATE TABLE visitors (user_id BIGINT) PARTITIONED BY (dt STRING, hr INT);
FROM visits INSERT OVERWRITE TABLE visitors PARTITION (dt, hr) SELECT user_id, dt, 0;`;
    const job = describeScript(partitioned, 'jobs/partitions.sql');
    const plan = await planPublish(store, job);
    await applyPublish(store, plan, { types: 'create' });
    const keysOf = async (qualifiedName: string) => {
      const [found] = await store.findByName('hive_table', [qualifiedName]);
      const { entity } = await rest('GET', `entity/guid/${found?.entity.guid}`);
      const names = (end: string) =>
        entity.relationshipAttributes[end].map((each: { displayText: string }) => each.displayText).sort();
      return { columns: names('columns'), partitionKeys: names('partitionKeys') };
    };
    expect(await keysOf('sales.visits@prod')).toEqual({ columns: ['user_id'], partitionKeys: ['dt'] });
    expect(await keysOf('sales.visitors@prod')).toEqual({ columns: ['user_id'], partitionKeys: ['dt', 'hr'] });
    const { guidEntityMap } = await rest('GET', `lineage/${guids['-4']}?direction=OUTPUT&depth=3`);
    const reached = Object.values(guidEntityMap as Record<string, { attributes: { qualifiedName: string } }>);
    expect(reached.map(({ attributes }) => attributes.qualifiedName)).toContain('sales.visitors.dt@prod');
    expect((await planPublish(store, job)).preview.summary).toBe('');

    const node = job.tables.get('h.sales.visits');
    if (!node) throw new Error('The script does not define it.');
    const [answer] = await describeTables(store, [node], job.catalogs);
    if (!answer?.found) throw new Error('It is not there.');
    expect(schemaDrift(node, answer.card)).toEqual([]);
  });

  test('a topic has the columns of its Avro schema, whatever their types', async () => {
    // one type entity for each field: Atlas ties a type to one field only
    const types: Record<string, Omit<Written, 'guid'>[]> = {
      id: [primitive('long')],
      note: [primitive('null'), primitive('string')],
      price: [primitive('decimal(10, 2)')],
      day: [primitive('date')],
      at: [primitive('timestamp-millis')],
      time: [primitive('time-millis')],
      key: [primitive('uuid')],
      tags: [collection('array', ['string'])],
      counts: [primitive('null'), collection('map', ['null', 'long'])],
      choice: [primitive('string'), primitive('long')],
      state: [{ typeName: 'avro_enum', attributes: { name: 'State', type: 'enum', symbols: ['NEW', 'PAID'] } }],
      hash: [{ typeName: 'avro_fixed', attributes: { name: 'Md5' } }],
      customer: [{ typeName: 'avro_record', attributes: { name: 'shop.Customer', type: 'record' } }],
      // a record in itself
      next: [primitive('null'), { typeName: 'avro_record', attributes: { name: 'shop.Node', type: 'record' } }],
    };
    let last = 100;
    const entities: Written[] = [];
    const add = (each: Omit<Written, 'guid'>) => {
      const guid = `-${++last}`;
      entities.push({ ...each, guid, attributes: { qualifiedName: `avro${guid}@prod`, ...each.attributes } });
      return to(guid, each.typeName);
    };
    const fields = Object.entries(types).map(([name, of]) =>
      add({
        typeName: 'avro_field',
        attributes: { name, doc: `The ${name}` },
        relationshipAttributes: { type: of.map(add) },
      }),
    );
    const schema = (version: number, of: unknown[]) =>
      add({
        typeName: 'avro_schema',
        attributes: { name: `Order(v${version})`, type: 'record', namespace: 'shop', versionId: version },
        relationshipAttributes: { fields: of },
      });
    const old = add({
      typeName: 'avro_field',
      attributes: { name: 'old' },
      relationshipAttributes: { type: [add(primitive('int'))] },
    });
    add({
      typeName: 'kafka_topic',
      attributes: { qualifiedName: 'avro.orders@prod', name: 'avro.orders', topic: 'avro.orders', uri: 'b:9092' },
      relationshipAttributes: { avroSchema: [schema(9, [old]), schema(10, fields)] },
    });
    await publish(entities);

    const node = table('orders', 'id BIGINT', { connector: 'kafka', topic: 'avro.orders' });
    const [answer] = await describeTables(store, [node], new Map());
    if (!answer?.found) throw new Error('It is not there.');
    const told = answer.card.columns.map(({ name, type, flinkType }) => `${name}: ${type} = ${flinkType}`);
    expect(told.sort()).toEqual([
      'at: timestamp-millis = undefined',
      'choice: long | string = undefined',
      'counts: map<long> = MAP<STRING, BIGINT>',
      'customer: shop.Customer = undefined',
      'day: date = DATE',
      'hash: Md5 = undefined',
      'id: long = BIGINT',
      'key: uuid = STRING',
      'next: shop.Node = undefined',
      'note: string = STRING',
      'price: decimal(10, 2) = DECIMAL(10, 2)',
      'state: enum State = STRING',
      'tags: array<string> = ARRAY<STRING>',
      'time: time-millis = undefined',
    ]);
    expect(answer.card.columns.map(({ description }) => description)).toContain('The price');
    expect(answer.card.flattened).toBeUndefined();
  });

  test('the fields of the Kafka bridge have names with a version, and their kind as description', async () => {
    const bridged = async (topic: string, kinds: Record<string, string>) => {
      const fields = Object.entries(kinds).map(([name, description], index) => ({
        guid: `-${index + 10}`,
        typeName: 'avro_field',
        attributes: { qualifiedName: `${name}@${topic}-value@v1@prod`, name: `${name}(v1)`, description },
      }));
      await publish([
        ...fields,
        {
          guid: '-2',
          typeName: 'avro_schema',
          attributes: { qualifiedName: `${topic}-value@v1@prod`, name: 'Order(v1)', type: 'RECORD', namespace: 'shop' },
          relationshipAttributes: { fields: fields.map(({ guid }) => to(guid, 'avro_field')) },
        },
        {
          guid: '-1',
          typeName: 'kafka_topic',
          attributes: { qualifiedName: `${topic}@prod`, name: topic, topic, uri: topic },
          relationshipAttributes: { avroSchema: [to('-2', 'avro_schema')] },
        },
      ]);
      const [answer] = await describeTables(store, [table('t', 'id BIGINT', { connector: 'kafka', topic })], new Map());
      if (!answer?.found) throw new Error('It is not there.');
      return answer.card;
    };
    // LONG may be a point in time, and UNION anything
    const flat = await bridged('bridged', { id: 'LONG', note: 'STRING', gone: 'UNION', state: 'ENUM' });
    expect(flat.columns.map(({ name, type, flinkType }) => `${name}: ${type} = ${flinkType}`).sort()).toEqual([
      'gone: union = undefined',
      'id: long = undefined',
      'note: string = STRING',
      'state: enum = STRING',
    ]);
    expect(flat.flattened).toBeUndefined();
    const nested = await bridged('nested', { id: 'LONG', 'customer.name': 'STRING' });
    expect(nested.columns.map(({ name }) => name).sort()).toEqual(['customer.name', 'id']);
    expect(nested.flattened).toBe(true);
  });
});

function primitive(name: string): Omit<Written, 'guid'> {
  return { typeName: 'avro_primitive', attributes: { name } };
}

function collection(type: string, items: string[]): Omit<Written, 'guid'> {
  return { typeName: 'avro_collection', attributes: { name: type, type, items } };
}
