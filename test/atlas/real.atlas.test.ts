// The contract on a real Apache Atlas 2.1.0: as it is delivered, and with the types for Flink that 2.2 and later have.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { carryCatalog } from '../../server/src/atlas/carryCatalog';
import { refsOf } from '../../server/src/atlas/entity';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { planRetire, renameJob, retire } from '../../server/src/atlas/retire';
import { children, listJobs } from '../../server/src/atlas/tree';
import { ourTypes } from '../../server/src/atlas/typedefs';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { CountingProxy } from '../lsp/opening';
import { metadataStoreContract } from './contract';
import { describeScript, enrichOrders } from './jobs';

const problem = whyNoAtlas();

describe.skipIf(problem).each([{ flinkTypes: false }, { flinkTypes: true }])(
  `real Atlas, flink types beforehand: $flinkTypes${problem ? ` (${problem})` : ''}`,
  ({ flinkTypes }) => {
    let atlas: Awaited<ReturnType<typeof startAtlas>>;
    const connect = (namespace: string, password = atlas.password, url = atlas.url) =>
      new AtlasServer({ name: 'test', url, namespace, timeout: 30_000 }, { type: 'basic', user: atlas.user, password });

    beforeAll(async () => {
      atlas = await startAtlas({ flinkTypes });
    });
    afterAll(async () => {
      await atlas?.stop();
    });

    test('tells its version and who we are', async () => {
      expect(await connect('x').status()).toEqual({ version: '2.1.0', user: 'admin' });
    });

    test('has the stock types or none', async () => {
      const known = await connect('x').knownTypes(ourTypes);
      expect([...known]).toEqual(flinkTypes ? ['flink_application', 'flink_process'] : []);
    });

    test('without our types, lineage is published by table and says so', async () => {
      const store = connect('plain');
      const plan = await planPublish(store, enrichOrders());
      expect(plan.preview.missingTypes).toEqual(flinkTypes ? ourTypes.slice(2) : ourTypes);
      await expect(applyPublish(store, plan, { types: 'present' })).rejects.toMatchObject({ code: 'types-missing' });
      const result = await applyPublish(store, plan, { types: 'without' });
      expect(result.notes).toContain('Lineage is published by table only: the types for columns are missing.');

      const [topic] = await store.findByName('kafka_topic', ['shop.orders@plain']);
      const graph = await store.lineage(topic?.entity.guid ?? '', 'OUTPUT', 3);
      const reached = Object.values(graph.guidEntityMap).map((header) => header.attributes.qualifiedName);
      expect(reached).toContain('shop.enriched@plain');

      const jobs = await listJobs(store, { offset: 0, limit: 100 });
      expect(jobs.map((item) => item.qualifiedName)).toContain('enrich-orders@plain');
      const processes = await children(store, result.treeItem);
      expect(processes.map((item) => item.label)).toEqual(['archive', 'enriched_orders']);
      const again = await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'without' });
      expect(again.pushed).toBe(0);

      const byPath = await planPublish(store, { ...enrichOrders(), name: 'jobs/enrich.flink.sql' });
      const named = await applyPublish(store, byPath, { types: 'without' });
      const listed = (await listJobs(store, { offset: 0, limit: 100 })).map((item) => item.qualifiedName);
      expect(listed).toContain('jobs/enrich.flink.sql@plain');
      expect(listed.filter((name) => name?.endsWith('/archive@plain'))).toEqual([]);
      const below = await children(store, named.treeItem);
      expect(below.map((item) => item.label)).toEqual(['archive', 'enriched_orders']);
    });

    test('a wrong password is named', async () => {
      await expect(connect('x', 'wrong').status()).rejects.toMatchObject({
        code: 'unauthorized',
        message: expect.stringMatching(/^127\.0\.0\.1:\d+ refused the user admin with this password\.$/),
      });
    });

    test('an unknown guid is simply not there', async () => {
      const store = connect('x');
      expect(await store.findByGuid(['00000000-0000-0000-0000-000000000000', 'nonsense'])).toEqual([]);
    });

    test("the samples' catalog can be carried into it, once", async () => {
      const samples = new WorkspaceCatalog(join(import.meta.dirname, '..', '..', 'samples'));
      const store = connect(samples.namespace);
      expect(await carryCatalog(samples, store)).toBeGreaterThan(50);
      const [topic] = await store.findByName('kafka_topic', ['shop.orders.v2@prod']);
      expect(topic?.entity.attributes).toMatchObject({ owner: 'checkout-team' });
      expect(topic?.entity.classifications?.map((each) => each.typeName)).toContain('GOLD');
      const terms = refsOf(topic?.entity.relationshipAttributes?.meanings).map((term) => term.displayText);
      expect(terms.sort()).toEqual(['Order', 'Revenue']);
      const jobs = await listJobs(store, { offset: 0, limit: 100 });
      expect(jobs.map((item) => item.label)).toContain('checkout-events');
      expect(await carryCatalog(samples, store)).toBe(0);
    });

    // it takes long, and does so whatever the types are
    if (flinkTypes) {
      test('a job of many columns is published, renamed and retired in parts that do not last', async () => {
        const proxy = await CountingProxy.before(atlas.url);
        try {
          const store = connect('wide', atlas.password, proxy.url);
          const columns = (prefix: string) => Array.from({ length: 110 }, (_, n) => `${prefix}${n} INT`).join(', ');
          const create = (name: string, prefix: string) =>
            `CREATE TABLE ${name} (${columns(prefix)}) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'kafka:9092');`;
          const script = `${create('a', 'a')} ${create('b', 'b')} INSERT INTO b SELECT * FROM a;`;
          const job = describeScript(script, 'jobs/wide.sql');
          const controller = new AbortController();
          const stop = (done: number) => done >= 100 && controller.abort();
          const begun = applyPublish(
            store,
            await planPublish(store, job),
            { types: 'create' },
            stop,
            controller.signal,
          );
          await expect(begun).rejects.toMatchObject({ code: 'cancelled' });
          // goes on where it has ended
          const { pushed, treeItem } = await applyPublish(store, await planPublish(store, job), { types: 'create' });
          expect(pushed).toBe(6 + 3 * 110 - 100);
          expect((await planPublish(store, job)).preview.summary).toBe('');

          const guid = treeItem.replace('job:', '');
          await renameJob(store, guid, 'wider');
          const renamed = await planPublish(store, { ...job, name: 'wider' });
          expect(renamed.preview.changes.filter(({ kind, what }) => kind !== 'unchanged' && what !== 'job')).toEqual(
            [],
          );

          await retire(store, await planRetire(store, guid));
          const left = await store.findByName('flink_process', ['wider/b@wide']);
          expect(left.filter(({ entity }) => entity.status !== 'DELETED')).toEqual([]);
          expect(Math.max(...proxy.changed)).toBe(100);
        } finally {
          proxy.stop();
        }
      });
    }

    metadataStoreContract('contract', (namespace) => connect(`${namespace}-contract`));
  },
);
