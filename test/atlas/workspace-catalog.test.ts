import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { metadataStoreContract } from './contract';
import { enrichOrders } from './jobs';

const root = mkdtempSync(join(tmpdir(), 'flink-atlas-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function fresh(): string {
  const folder = join(root, String(++folders));
  mkdirSync(folder);
  return folder;
}

metadataStoreContract('workspace catalog', (namespace) => new WorkspaceCatalog(fresh(), { namespace }));

async function published(folder: string) {
  const store = new WorkspaceCatalog(folder, { namespace: 'prod', now: () => 1_700_000_000_000 });
  await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'create' });
  return store;
}

/** Files of the catalog with their texts. */
function files(folder: string): Record<string, string> {
  const catalog = join(folder, '.flink-atlas');
  const names = readdirSync(catalog, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    names.sort().map((name) => [name.replaceAll('\\', '/'), readFileSync(join(catalog, name), 'utf8')]),
  );
}

describe('the files of a workspace catalog', () => {
  test('are one an entity, named and written so that a diff can be read', async () => {
    const folder = fresh();
    await published(folder);
    const all = files(folder);
    expect(Object.keys(all).filter((name) => name.startsWith('kafka_topic/'))).toEqual([
      'kafka_topic/shop.enriched@prod.json',
      'kafka_topic/shop.orders@prod.json',
    ]);
    expect(all['kafka_topic/shop.orders@prod.json']).toBe(`{
  "typeName": "kafka_topic",
  "attributes": {
    "description": "Orders as accepted by checkout",
    "name": "Shop.Orders",
    "qualifiedName": "shop.orders@prod",
    "topic": "Shop.Orders",
    "uri": "kafka.shop.example:9092"
  },
  "createTime": 1700000000000,
  "updateTime": 1700000000000
}
`);
    const process = Object.keys(all).find((name) =>
      /^flink_process\/enrich-orders-enriched_orders@prod~\w{8}\.json$/.test(name),
    );
    const parsed = JSON.parse(all[process ?? ''] ?? '{}') as { attributes: Record<string, unknown> };
    expect(parsed.attributes.outputs).toEqual([
      { typeName: 'kafka_topic', uniqueAttributes: { qualifiedName: 'shop.enriched@prod' } },
    ]);
  });

  test('are the same however often and wherever the job is published', async () => {
    const [one, other] = [fresh(), fresh()];
    await published(one);
    await published(other);
    expect(files(one)).toEqual(files(other));
    await published(one);
    expect(files(one)).toEqual(files(other));
  });

  test('that cannot be read are named, and nothing is lost', async () => {
    const folder = fresh();
    const store = await published(folder);
    const path = join(folder, '.flink-atlas', 'kafka_topic', 'shop.orders@prod.json');
    writeFileSync(path, '{ "typeName": "kafka_topic", ');
    store.refresh();
    const before = files(folder);
    const plan = planPublish(store, { ...enrichOrders(), description: 'another' });
    await expect(plan).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('shop.orders@prod.json cannot be read'),
      advice: 'Mend the file, or restore it from version control.',
    });
    expect(files(folder)).toEqual(before);
  });

  test('with merge conflicts say that they have some', async () => {
    const folder = fresh();
    const store = await published(folder);
    const path = join(folder, '.flink-atlas', 'kafka_topic', 'shop.orders@prod.json');
    writeFileSync(path, '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n');
    store.refresh();
    await expect(store.status()).rejects.toMatchObject({
      message: expect.stringContaining('it has unresolved merge conflicts'),
    });
  });

  test('that another process adds are seen', async () => {
    const folder = fresh();
    const store = new WorkspaceCatalog(folder, { namespace: 'prod' });
    expect((await store.search({ typeName: 'flink_application', offset: 0, limit: 10 })).entities).toEqual([]);
    await published(folder);
    expect((await store.search({ typeName: 'flink_application', offset: 0, limit: 10 })).entities).toHaveLength(1);
  });
});
