import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { CachedReads } from '../../server/src/atlas/cachedReads';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { publishState } from '../../server/src/atlas/publishState';
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
  const before = await publishState(store, enrichOrders());
  expect(before).toEqual({ changes: expect.any(Number), store: store.info.id });
  expect(before?.changes).toBeGreaterThan(5);

  const { treeItem } = await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'create' });
  const state = { store: store.info.id, publishedAt: 1_000_000, treeItem };
  expect(await publishState(store, enrichOrders())).toEqual({ ...state, changes: 0 });
  // one process and one column lineage less, and one edge
  expect(await publishState(store, enrichOrdersLess())).toEqual({ ...state, changes: 4 });

  time += 5_000;
  await applyPublish(store, await planPublish(store, enrichOrdersLess()), { types: 'create' });
  expect((await publishState(store, enrichOrdersLess()))?.publishedAt).toBe(1_005_000);
});

it('asks the store once, however often the script changes', async () => {
  await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'create' });
  const reads = new CachedReads(store).within(Number.POSITIVE_INFINITY);
  asked = [];
  await publishState(reads, enrichOrders());
  expect(asked.length).toBeGreaterThan(0);
  asked = [];
  for (const description of ['a', 'b', 'c']) {
    expect(await publishState(reads, { ...enrichOrders(), description })).toMatchObject({ changes: 1 });
  }
  expect(asked).toEqual([]);
});

it('says nothing of a script that writes nothing', async () => {
  expect(await publishState(store, job('idle', [], []))).toBeUndefined();
  expect(asked).toEqual([]);
});

describe('what was read', () => {
  const ask = { typeName: 'flink_application', names: ['enrich-orders@prod'] };
  beforeEach(async () => {
    await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'create' });
    asked = [];
  });

  it('is shared by all, whatever type they ask for, and asked anew by who wants it newer', async () => {
    let now = 0;
    const reads = new CachedReads(store, () => now);
    const names = ['enrich-orders@prod', 'shop.enriched@prod', 'nothing@prod'];
    await Promise.all([reads.readAhead(names), reads.readAhead(names)]);
    const find = async (typeName: string, name: string, age: number) =>
      (await reads.within(age).findByName(typeName, [name, 'nothing@prod'])).map(({ entity }) => entity.typeName);
    expect(await find('flink_application', 'enrich-orders@prod', 10)).toEqual(['flink_application']);
    expect(await find('Process', 'enrich-orders@prod', 10)).toEqual(['flink_application']);
    expect(await find('DataSet', 'shop.enriched@prod', 10)).toEqual(['kafka_topic']);
    expect(asked).toHaveLength(1);
    now = 11;
    expect(await find('DataSet', 'shop.enriched@prod', 10)).toEqual(['kafka_topic']);
    expect(asked).toHaveLength(2);
    // what one has asked for anew is new for all
    expect(await find('kafka_topic', 'shop.enriched@prod', 5)).toEqual(['kafka_topic']);
    expect(asked).toHaveLength(2);
  });

  it('is asked for by type where another type has the name', async () => {
    const one = await store.findByName('flink_application', ask.names);
    const hiding = new Proxy(store, {
      get: (target, name) =>
        name === 'findByName'
          ? async (type: string, names: string[]) => {
              asked.push(type);
              return type === 'kafka_topic'
                ? [{ entity: { ...one[0]!.entity, typeName: 'kafka_topic' }, owned: {} }].filter(() => names.length > 0)
                : target.findByName(type, names);
            }
          : Reflect.get(target, name, target),
    });
    asked = [];
    const reads = new CachedReads(hiding);
    await reads.readAhead(ask.names);
    const [topic] = await reads.within(10).findByName('kafka_topic', ask.names);
    expect(topic?.entity.typeName).toBe('kafka_topic');
    expect(asked.filter((each) => !each.startsWith('find'))).toEqual(['Asset', 'kafka_topic']);
  });

  it('does not keep failures', async () => {
    let fails = true;
    const failing = new Proxy(store, {
      get: (target, name) =>
        name === 'findByName'
          ? async (type: string, names: string[]) => {
              if (fails) throw new Error('away');
              return target.findByName(type, names);
            }
          : Reflect.get(target, name, target),
    });
    const reads = new CachedReads(failing);
    await expect(reads.readAhead(ask.names)).rejects.toThrow('away');
    fails = false;
    expect(await reads.within(10).findByName(ask.typeName, ask.names)).toHaveLength(1);
  });
});
