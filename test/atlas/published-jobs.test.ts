import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { PublishedJobs } from '../../server/src/atlas/publishedJobs';
import type { MetadataStore } from '../../server/src/atlas/store';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { enrichOrders, enrichOrdersLess, job } from './jobs';

const root = mkdtempSync(join(tmpdir(), 'flink-published-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let time: number;
let asked: string[];
let store: MetadataStore;
let count = 0;
beforeEach(() => {
  time = 1_000_000;
  asked = [];
  const folder = join(root, String(++count));
  mkdirSync(folder);
  store = new Proxy(new WorkspaceCatalog(folder, { namespace: 'prod', now: () => time }), {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (/^(find|search|lineage)/.test(String(name))) asked.push(`${String(name)} ${JSON.stringify(args)}`);
        return value.apply(target, args) as unknown;
      };
    },
  });
});

it('counts what a publish would change, and tells when the last one was', async () => {
  const published = new PublishedJobs();
  const before = await published.stateOf(store, enrichOrders());
  expect(before).toEqual({ changes: expect.any(Number), store: store.info.id });
  expect(before?.changes).toBeGreaterThan(5);

  const { treeItem } = await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'create' });
  published.forget();
  const state = { store: store.info.id, publishedAt: 1_000_000, treeItem };
  expect(await published.stateOf(store, enrichOrders())).toEqual({ ...state, changes: 0 });
  // one process and one column lineage less, and one edge
  expect(await published.stateOf(store, enrichOrdersLess())).toEqual({ ...state, changes: 4 });

  time += 5_000;
  await applyPublish(store, await planPublish(store, enrichOrdersLess()), { types: 'create' });
  published.forget();
  expect((await published.stateOf(store, enrichOrdersLess()))?.publishedAt).toBe(1_005_000);
});

it('asks the store once, however often the script changes', async () => {
  await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'create' });
  const published = new PublishedJobs();
  asked = [];
  await published.stateOf(store, enrichOrders());
  expect(asked.length).toBeGreaterThan(0);
  asked = [];
  for (const description of ['a', 'b', 'c']) {
    expect(await published.stateOf(store, { ...enrichOrders(), description })).toMatchObject({ changes: 1 });
  }
  expect(asked).toEqual([]);
});

it('says nothing of a script that writes nothing', async () => {
  expect(await new PublishedJobs().stateOf(store, job('idle', [], []))).toBeUndefined();
  expect(asked).toEqual([]);
});
