import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { deliver, deliverWaiting, KeptForLater } from '../../server/src/atlas/deliver';
import { describeHistory } from '../../server/src/atlas/describeHistory';
import { PublishHistory } from '../../server/src/atlas/history';
import { publishMetrics } from '../../server/src/atlas/metrics';
import { Outbox, waitingId } from '../../server/src/atlas/outbox';
import { planPublish } from '../../server/src/atlas/publish';
import { type MetadataStore, StoreError } from '../../server/src/atlas/store';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { enrichOrders, enrichOrdersLess, segmentStatistics } from './jobs';

const root = mkdtempSync(join(tmpdir(), 'flink-outbox-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
let folder: string;
let outbox: Outbox;
let store: WorkspaceCatalog;
let time: number;
beforeEach(() => {
  folder = join(root, String(++folders));
  mkdirSync(folder);
  time = 1_000_000;
  outbox = new Outbox(join(folder, 'outbox'), () => time);
  store = new WorkspaceCatalog(folder, { namespace: 'prod' });
});

/** The store, failing as told at its nth change (counted from 1) or at every read. */
function failing(code: StoreError['code'], at: { change: number } | 'reads'): MetadataStore {
  let changes = 0;
  const fail = () => Promise.reject(new StoreError(code, 'It failed.'));
  return new Proxy(store as MetadataStore, {
    get(target, name) {
      if (at === 'reads' && (name === 'findByName' || name === 'knownTypes')) return fail;
      if (at !== 'reads' && (name === 'write' || name === 'remove') && ++changes === at.change) return fail;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

const summary = async () => (await planPublish(store, enrichOrders())).preview.summary;

describe('the outbox', () => {
  test('is empty after a publish', async () => {
    await deliver(outbox, store, enrichOrders(), { types: 'create' });
    expect(await outbox.list()).toEqual([]);
    expect(await summary()).toBe('');
  });

  test.each(['unreachable', 'timeout', 'not-ready', 'server-error'] as const)(
    'keeps what failed as %s, and delivers it later',
    async (code) => {
      const work = deliver(outbox, failing(code, 'reads'), enrichOrders(), { types: 'create' });
      await expect(work).rejects.toBeInstanceOf(KeptForLater);
      const [waiting] = await outbox.list();
      expect(waiting).toMatchObject({ attempts: 1, next: time + 5_000, error: { code, message: 'It failed.' } });
      expect(waiting?.job).toEqual(enrichOrders());

      expect(await deliverWaiting(outbox, () => store, 'due')).toEqual([]);
      time += 5_000;
      expect(await deliverWaiting(outbox, () => store, 'due')).toMatchObject([{ job: { name: 'enrich-orders' } }]);
      expect(await outbox.list()).toEqual([]);
      expect(await summary()).toBe('');
    },
  );

  test('keeps what was cancelled until it is retried by hand', async () => {
    const work = deliver(outbox, failing('cancelled', 'reads'), enrichOrders(), { types: 'create' });
    await expect(work).rejects.toBeInstanceOf(KeptForLater);
    const [waiting] = await outbox.list();
    expect(waiting).toMatchObject({ attempts: 1, held: true, error: { code: 'cancelled' } });
    time += 24 * 60 * 60_000;
    expect(await deliverWaiting(outbox, () => store, 'due')).toEqual([]);
    expect(await deliverWaiting(outbox, () => failing('timeout', 'reads'), { id: waiting?.id ?? '' })).toEqual([]);
    // somebody wants it now: it is tried again like everything else
    expect(await outbox.list()).toMatchObject([{ attempts: 2, next: time + 10_000 }]);
    expect(await deliverWaiting(outbox, () => store, { id: 'another' })).toEqual([]);
    expect(await deliverWaiting(outbox, () => store, { id: waiting?.id ?? '' })).toHaveLength(1);
    expect(await outbox.list()).toEqual([]);
  });

  test('keeps in its history what was published, and nothing where nothing was', async () => {
    const id = waitingId(store.info, 'prod', 'enrich-orders');
    expect(await outbox.history.of(id)).toEqual([]);
    const { pushed, metrics } = await deliver(outbox, store, enrichOrders(), { types: 'create' });
    time += 1;
    await deliver(outbox, store, enrichOrders(), { types: 'create' });
    expect(metrics).toMatchObject({ M: pushed });
    expect(await outbox.history.of(id)).toMatchObject([{ time: 1_000_000, job: 'enrich-orders', metrics }]);
    time += 1;
    await deliver(outbox, store, enrichOrdersLess(), { types: 'create' });
    expect((await outbox.history.of(id)).map((record) => record.time)).toEqual([1_000_002, 1_000_000]);
  });

  test('does not keep what was refused before anything was changed', async () => {
    const work = deliver(outbox, failing('forbidden', 'reads'), enrichOrders(), { types: 'create' });
    await expect(work).rejects.toMatchObject({ name: 'StoreError', code: 'forbidden' });
    expect(await outbox.list()).toEqual([]);
  });

  test('keeps what was refused in the middle', async () => {
    const work = deliver(outbox, failing('forbidden', { change: 1 }), enrichOrders(), { types: 'create' });
    await expect(work).rejects.toBeInstanceOf(KeptForLater);
    expect(await outbox.list()).toHaveLength(1);
  });

  test('waits longer after each failure, and keeps what is refused later', async () => {
    await deliver(outbox, failing('unreachable', 'reads'), enrichOrders(), { types: 'create' }).catch(() => {});
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      const [waiting] = await outbox.list();
      waits.push((waiting?.next ?? 0) - time);
      time = waiting?.next ?? 0;
      await deliverWaiting(outbox, () => failing('unauthorized', 'reads'), 'due');
    }
    expect(waits.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(waits.at(-1)).toBe(30 * 60_000);
    expect(await outbox.list()).toMatchObject([{ error: { code: 'unauthorized' } }]);
  });

  test('holds the newest of a job, once', async () => {
    const away = failing('unreachable', 'reads');
    await deliver(outbox, away, enrichOrders(), { types: 'create' }).catch(() => {});
    time += 1;
    await deliver(outbox, away, { ...enrichOrders(), description: 'newer' }, { types: 'create' }).catch(() => {});
    time += 1;
    await deliver(outbox, away, segmentStatistics(), { types: 'create' }).catch(() => {});
    const held = (await outbox.list()).map(({ job }) => `${job.name}: ${job.description}`);
    expect(held).toEqual(['enrich-orders: newer', expect.stringMatching(/^segment-statistics/)]);
  });

  test('is delivered by one process at a time, and a dead one does not hold it up', async () => {
    await deliver(outbox, failing('unreachable', 'reads'), enrichOrders(), { types: 'create' }).catch(() => {});
    const [waiting] = await outbox.list();
    const lock = join(folder, 'outbox', `${waiting?.id}.lock`);
    writeFileSync(lock, String(process.pid));
    expect(await deliverWaiting(outbox, () => store, 'all')).toEqual([]);
    // no process has this number: it is beyond what any system gives
    writeFileSync(lock, '99999999');
    expect(await deliverWaiting(outbox, () => store, 'all')).toHaveLength(1);
    expect(existsSync(lock)).toBe(false);
  });

  test('sets aside a file that cannot be read, and goes on', async () => {
    await deliver(outbox, failing('unreachable', 'reads'), enrichOrders(), { types: 'create' }).catch(() => {});
    writeFileSync(join(folder, 'outbox', 'broken.json'), '{');
    expect(await outbox.list()).toHaveLength(1);
    expect(readdirSync(join(folder, 'outbox'))).toContain('broken.json.unreadable');
  });

  test('can be emptied by hand', async () => {
    await deliver(outbox, failing('unreachable', 'reads'), enrichOrders(), { types: 'create' }).catch(() => {});
    const [waiting] = await outbox.list();
    await outbox.remove({ id: waiting?.id ?? '' });
    expect(await outbox.list()).toEqual([]);
  });

  test('that cannot be written is told before anything is sent', async () => {
    writeFileSync(join(folder, 'file'), '');
    const nowhere = new Outbox(join(folder, 'file', 'outbox'));
    await expect(deliver(nowhere, store, enrichOrders(), { types: 'create' })).rejects.toMatchObject({
      code: 'read-only',
    });
    expect(await summary()).not.toBe('');
  });

  test('is on disk before the first request', async () => {
    const seen: string[][] = [];
    const looking = new Proxy(store as MetadataStore, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          seen.push(readdirSync(join(folder, 'outbox')));
          return value.apply(target, args) as unknown;
        };
      },
    });
    await deliver(outbox, looking, enrichOrders(), { types: 'create' });
    expect(seen[0]).toContainEqual(expect.stringMatching(/\.json$/));
  });
});

describe('the history', () => {
  const record = (time: number) => ({
    time,
    job: 'daily|revenue <b>',
    store: { label: 'prod', url: 'https://atlas.example' },
    metrics: publishMetrics(10, 500, 250),
    changedAt: 0,
  });

  test('computes its figures', () => {
    expect(publishMetrics(10, 500, 250)).toEqual({ M: 10, T1: 500, T2: 250, PR: 20, PT: 750, EE: 0.0375 });
    expect(publishMetrics(0, 0, 0)).toEqual({ M: 0, T1: 0, T2: 0, PR: 0, PT: 0, EE: 0 });
  });

  test('is bounded, and a line that was cut off spoils nothing', async () => {
    const history = new PublishHistory(join(folder, 'history'));
    for (let time = 0; time < 450; time++) await history.add('job', record(time));
    writeFileSync(join(folder, 'history', 'job.jsonl'), '{"time":', { flag: 'a' });
    const records = await history.of('job');
    expect(records.length).toBeLessThanOrEqual(200);
    expect(records[0]?.time).toBe(449);
    expect(readFileSync(join(folder, 'history', 'job.jsonl'), 'utf8').split('\n').length).toBeLessThanOrEqual(402);
  });

  test('reads as a page that says what its figures mean', () => {
    const page = describeHistory('daily|revenue <b>', { ...store.info, label: 'prod' }, [record(0)]);
    expect(page).toContain('# Publishes of daily\\|revenue \\<b\\> to prod');
    expect(page).toContain('| 1970-01-01 00:00:00 | 10 | 0.50 | 0.25 | 20.0 | 0.75 | 0.0375 |  |');
    expect(page).toContain('**PR** (pieces/s): Push rate: M ÷ T1.');
    expect(describeHistory('a', store.info, [])).toContain('It has not been published from here yet.');
  });
});
