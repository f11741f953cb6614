// Comparing two stores and making them alike, whatever stores these are.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { compareStores } from '../../server/src/atlas/compare';
import { type Entity, edgesOf, processGuids, qualifiedNameOf, refsOf } from '../../server/src/atlas/entity';
import type { Job } from '../../server/src/atlas/job';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import type { MetadataStore } from '../../server/src/atlas/store';
import { sync } from '../../server/src/atlas/sync';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { describeScript, enrichOrders, enrichOrdersLess, enrichOrdersRetyped } from './jobs';

/** One namespace for each test, for several may be on one server. */
let count = 0;

/** Makes a store whose datasets are in a namespace. */
type Make = (namespace: string) => MetadataStore;

/**
 * `make` gives the other store, `makeHere` the one it is compared with, when that is no new workspace catalog. A server's `settled`
 * waits until its search has caught up with its writes.
 */
export function syncContract(
  title: string,
  make: Make,
  settled: (store: MetadataStore, typeName: string, qualifiedName: string) => Promise<void> = async () => {},
  makeHere?: Make,
) {
  const root = mkdtempSync(join(tmpdir(), 'flink-sync-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  describe(title, () => {
    let here: MetadataStore;
    let other: MetadataStore;
    let ns: string;
    beforeEach(() => {
      other = make(`sync${++count}`);
      ns = other.namespace;
      here = makeHere?.(ns) ?? new WorkspaceCatalog(mkdtempSync(join(root, 'catalog-')), { namespace: ns });
    });

    const publish = async (store: MetadataStore, job: Job) => {
      await applyPublish(store, await planPublish(store, job), { types: 'create' });
      if (store.info.kind === 'atlas') await settled(store, 'flink_application', `${job.name}@${ns}`);
    };
    /** '< job enrich-orders' for what only the one here has, '>' for the other; '~ … attribute: a | b' for what differs. */
    const compare = async () => {
      const comparison = await compareStores(here, other);
      const seen = comparison.differences.filter(({ qualifiedName }) => qualifiedName.includes(`@${ns}`));
      const text = seen.map(({ state, what, label, attribute, here, there }) =>
        state === 'different'
          ? `~ ${what} ${label} ${attribute}: ${here} | ${there}`
          : `${state === 'here' ? '<' : '>'} ${what} ${label}`,
      );
      const ids = (pattern: RegExp) => seen.filter((_, index) => pattern.test(text[index] ?? '')).map(({ id }) => id);
      return { comparison, text: text.map((line) => line.replaceAll(`@${ns}`, '')), ids };
    };
    const named = async (store: MetadataStore, typeName: string, name: string): Promise<Entity> => {
      const [found] = await store.findByName(typeName, [`${name}@${ns}`]);
      if (!found) throw new Error(`${typeName} ${name} is not there`);
      return found.entity;
    };
    const everything = /./;

    test('what only one has is pushed, whole, and then both are alike', async () => {
      await publish(here, enrichOrders());
      const before = await compare();
      expect(before.text).toEqual([
        '< job enrich-orders',
        '< Database table customers',
        '< Path /archive/orders',
        '< Kafka topic shop.enriched',
        '< Kafka topic Shop.Orders',
      ]);
      const result = await sync(before.comparison, { push: before.ids(everything), pull: [] });
      expect(result).toEqual({ pushed: 5, pulled: 0, notes: [] });
      expect((await compare()).text).toEqual([]);
      const process = await named(other, 'flink_process', 'enrich-orders/enriched_orders');
      expect(edgesOf(process, 'outputs').map(({ displayText }) => displayText)).toEqual(['shop.enriched']);
      // publishing the same job there has nothing left to do
      expect((await planPublish(other, enrichOrders())).preview.summary).toBe('');
    });

    test('what only the other has is pulled, whole', async () => {
      await publish(other, enrichOrders());
      const before = await compare();
      expect(before.text[0]).toBe('> job enrich-orders');
      expect(before.text).toHaveLength(5);
      await sync(before.comparison, { push: [], pull: before.ids(everything) });
      expect((await compare()).text).toEqual([]);
      expect((await planPublish(here, enrichOrders())).preview.summary).toBe('');
    });

    test('a job brings along what it refers to; the rest stays', async () => {
      await publish(here, enrichOrders());
      const before = await compare();
      await sync(before.comparison, { push: before.ids(/^< job/), pull: [] });
      expect((await compare()).text).toEqual([]);
    });

    test('attributes are settled one by one, either way, and only these', async () => {
      await publish(here, enrichOrders());
      await publish(other, { ...enrichOrders(), description: 'Theirs.', owner: 'their-team' });
      const before = await compare();
      expect(before.text).toEqual([
        '~ job enrich-orders description: Adds the customer to every order. | Theirs.',
        '~ job enrich-orders owner: orders-team | their-team',
        '~ process enrich-orders/archive owner: orders-team | their-team',
        '~ process enrich-orders/enriched_orders owner: orders-team | their-team',
      ]);
      await sync(before.comparison, { push: before.ids(/ owner:/), pull: before.ids(/ description:/) });
      for (const store of [here, other]) {
        const { attributes } = await named(store, 'flink_application', 'enrich-orders');
        expect([attributes.description, attributes.owner]).toEqual(['Theirs.', 'orders-team']);
      }
      expect((await compare()).text).toEqual([]);
    });

    test('what is said of columns, and of their lineage, is settled too', async () => {
      await publish(here, enrichOrders());
      await publish(other, enrichOrdersRetyped());
      const before = await compare();
      expect(before.text).toEqual([
        '~ column lineage total dependencyType: EXPRESSION | SIMPLE',
        '~ column segment data_type: STRING | VARCHAR(20)',
        '~ column segment type: STRING | VARCHAR(20)',
      ]);
      await sync(before.comparison, { push: before.ids(/lineage|data_type/), pull: before.ids(/ type:/) });
      expect((await compare()).text).toEqual([]);
      const segment = await named(other, 'flink_column', 'kafka_topic:shop.enriched.segment');
      expect(segment.attributes.type).toBe('VARCHAR(20)');
    });

    test('columns of partitions stay such', async () => {
      const script = `SET 'pipeline.name' = 'visits'; USE CATALOG h; SET 'table.sql-dialect' = 'hive';
        CREATE TABLE visits (id BIGINT) PARTITIONED BY (dt STRING); INSERT INTO visits PARTITION (dt) SELECT 1, '1';`;
      await publish(here, describeScript(script));
      const first = await compare();
      await sync(first.comparison, { push: first.ids(everything), pull: [] });
      const column = () => named(other, 'hive_column', 'default.visits.dt');
      const tie = (entity: Entity) => refsOf(entity.relationshipAttributes?.table)[0]?.relationshipType;
      expect(tie(await column())).toBe('hive_table_partitionkeys');

      const mine = await named(here, 'hive_column', 'default.visits.dt');
      const { name, qualifiedName } = mine.attributes;
      const relationshipAttributes = { table: refsOf(mine.relationshipAttributes?.table)[0] ?? {} };
      const attributes = { name, qualifiedName, type: 'DATE' };
      await here.write([{ guid: mine.guid, typeName: mine.typeName, attributes, relationshipAttributes }]);
      const then = await compare();
      expect(then.text).toEqual(['~ column dt type: DATE | STRING']);
      await sync(then.comparison, { push: then.ids(everything), pull: [] });
      expect(tie(await column())).toBe('hive_table_partitionkeys');
      expect((await compare()).text).toEqual([]);
    });

    test('entries of maps are settled without their neighbours', async () => {
      await publish(here, enrichOrders());
      await publish(other, enrichOrders());
      const job = await named(other, 'flink_application', 'enrich-orders');
      const conf = { ...(job.attributes.conf as object), file: 'elsewhere.sql', extra: 'kept', commit: 'no news' };
      const { name, qualifiedName, id } = job.attributes;
      await other.write([{ guid: job.guid, typeName: job.typeName, attributes: { name, qualifiedName, id, conf } }]);
      const before = await compare();
      expect(before.text).toEqual([
        '~ job enrich-orders conf.extra:  | kept',
        '~ job enrich-orders conf.file: jobs/enrich-orders.sql | elsewhere.sql',
      ]);
      await sync(before.comparison, { push: before.ids(/conf\.file/), pull: [] });
      const after = (await named(other, 'flink_application', 'enrich-orders')).attributes.conf;
      expect(after).toMatchObject({ file: 'jobs/enrich-orders.sql', extra: 'kept' });
      expect((await compare()).text).toEqual(['~ job enrich-orders conf.extra:  | kept']);
    });

    test('edges that are gone here go there too, with the columns of the process', async () => {
      await publish(other, enrichOrders());
      await publish(here, enrichOrdersLess());
      const before = await compare();
      expect(before.text.filter((line) => /sources|sinks/.test(line))).not.toEqual([]);
      await sync(before.comparison, { push: before.ids(/^[<~]/), pull: [] });
      const left = (await compare()).text.filter((line) => !line.startsWith('>'));
      expect(left).toEqual([]);
      const topic = await named(other, 'kafka_topic', 'shop.enriched');
      const graph = await other.lineage(topic.guid, 'INPUT', 3);
      const theirs = Object.values(graph.guidEntityMap).map(qualifiedNameOf);
      const mine = await named(here, 'kafka_topic', 'shop.enriched');
      const graphHere = await here.lineage(mine.guid, 'INPUT', 3);
      expect(theirs.sort()).toEqual(Object.values(graphHere.guidEntityMap).map(qualifiedNameOf).sort());
    });

    test('classifications, labels and terms are settled too', async () => {
      await publish(here, enrichOrders());
      await publish(other, enrichOrders());
      const typeName = `Gold${ns.replace(/\W/g, '')}`;
      for (const store of [here, other])
        await store.createTypes({ classificationDefs: [{ name: typeName, superTypes: [], attributeDefs: [] }] });
      const topic = await named(here, 'kafka_topic', 'shop.orders');
      await here.tag(topic.guid, { classifications: [typeName], labels: ['checked'] });
      await here.assignTerms(new Map([[`Order${ns}`, [topic.guid]]]));
      const before = await compare();
      expect(before.text.filter((line) => line.includes('Kafka topic'))).toEqual([
        `~ Kafka topic Shop.Orders classifications: ${typeName} | `,
        '~ Kafka topic Shop.Orders labels: checked | ',
        `~ Kafka topic Shop.Orders terms: Order${ns} | `,
      ]);
      await sync(before.comparison, { push: before.ids(everything), pull: [] });
      expect((await compare()).text).toEqual([]);
      const there = await named(other, 'kafka_topic', 'shop.orders');
      await other.tag(there.guid, { classifications: [], labels: [] });
      const again = await compare();
      await sync(again.comparison, { push: [], pull: again.ids(/classifications|labels/) });
      expect((await compare()).text).toEqual([]);
      expect((await named(here, 'kafka_topic', 'shop.orders')).classifications ?? []).toEqual([]);
    });

    test('what a job has declared is compared when the job is gone', async () => {
      await publish(other, enrichOrders());
      const job = await named(other, 'flink_application', 'enrich-orders');
      await other.remove([job.guid, ...processGuids(job)]);
      const declared = ['hdfs_path:hdfs://nn.shop.example:8020/archive/orders', 'kafka_topic:shop.enriched'];
      if (other.info.kind === 'atlas')
        for (const name of declared) await settled(other, 'flink_table', `${name}@${ns}`);
      const before = await compare();
      // what a database says of its tables itself is looked at in a workspace catalog only
      expect(before.text.filter((line) => !line.includes('Database table'))).toEqual([
        '> Path /archive/orders',
        '> Kafka topic shop.enriched',
        '> Kafka topic Shop.Orders',
      ]);
      await sync(before.comparison, { push: [], pull: before.ids(everything) });
      expect((await compare()).text).toEqual([]);
      expect(await here.findByName('flink_table', [`kafka_topic:shop.enriched@${ns}`])).toHaveLength(1);
    });

    test('comparing changes nothing, and what only one side has cannot be taken from the other', async () => {
      await publish(here, enrichOrders());
      const { comparison, ids } = await compare();
      await expect(sync(comparison, { push: [], pull: ids(/^< job/) })).rejects.toMatchObject({ code: 'invalid' });
      expect(await other.findByName('flink_application', [`enrich-orders@${ns}`]).catch(() => [])).toEqual([]);
    });
  });
}
