import { expect, test } from 'vitest';
import { describeTables } from '../../server/src/atlas/describeTables';
import type { Entity, EntityWithOwned, ObjectRef } from '../../server/src/atlas/entity';
import type { MetadataStore } from '../../server/src/atlas/store';
import type { TableNode } from '../../server/src/semantics/lineage';

const entity = (
  guid: string,
  typeName: string,
  attributes: Record<string, unknown>,
  relations: Record<string, ObjectRef[]> = {},
): EntityWithOwned => ({
  entity: {
    guid,
    typeName,
    attributes: { qualifiedName: guid, ...attributes },
    relationshipAttributes: relations,
  } as Entity,
  owned: {},
});
const ref = (guid: string, displayText = guid): ObjectRef => ({ guid, displayText, entityStatus: 'ACTIVE' });

/** The shape in which Atlas's Avro model keeps the schema of a topic. */
const known = [
  entity(
    'orders@prod',
    'kafka_topic',
    { name: 'orders' },
    {
      avroSchema: [ref('v1', 'orders-value@v1'), ref('v10', 'orders-value@v10'), ref('v9', 'orders-value@v9')],
    },
  ),
  entity('v10', 'avro_schema', {}, { fields: [ref('f1'), ref('f2'), { ...ref('f3'), relationshipStatus: 'DELETED' }] }),
  entity('f1', 'avro_field', { name: 'id', doc: 'The number' }, { type: [ref('t', 'long')] }),
  entity('f2', 'avro_field', { name: 'customer' }, { type: [ref('u', 'shop.Customer')] }),
  entity('f3', 'avro_field', { name: 'gone' }, { type: [ref('t', 'long')] }),
];

const store = {
  namespace: 'prod',
  info: { kind: 'atlas' },
  findByName: async (_: string, names: string[]) => known.filter(({ entity: { guid } }) => names.includes(guid)),
  findByGuid: async (guids: string[]) => known.filter(({ entity: { guid } }) => guids.includes(guid)),
  webUrl: () => undefined,
} as unknown as MetadataStore;
const topic = (name: string): TableNode => ({
  name: `c.d.${name}`,
  kind: 'table',
  options: { connector: 'kafka', topic: name },
  columns: [],
});

test('a folder is found in the types that S3 had before Atlas 2.1', async () => {
  const older = entity('s3a://lake/out@prod', 'aws_s3_pseudo_dir', { name: '/out', description: 'The lake' });
  const stored = {
    ...store,
    findByName: async (_: string, names: string[]) => (names.includes(older.entity.guid) ? [older] : []),
  };
  const node = { ...topic('out'), options: { connector: 'filesystem', path: 's3a://Lake/Out' } };
  const [answer] = await describeTables(stored as MetadataStore, [node], new Map());
  expect(answer).toMatchObject({ found: true, card: { typeLabel: 'S3 folder', description: 'The lake' } });
});

test('a topic has the columns of its newest Avro schema, with the types that Flink reads them as', async () => {
  const [answer] = await describeTables(store, [topic('orders')], new Map());
  if (!answer?.found) throw new Error('It is not there.');
  expect(answer.card.columnType).toBe('avro_field');
  expect(answer.card.columns).toMatchObject([
    { name: 'id', type: 'long', flinkType: 'BIGINT', description: 'The number' },
    { name: 'customer', type: 'shop.Customer' },
  ]);
  expect(answer.card.columns[1]?.flinkType).toBeUndefined();
});
