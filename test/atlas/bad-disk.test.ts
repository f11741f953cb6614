// The outbox on a disk that is full or read-only: it says so, loses nothing, and leaves nothing behind that is in the way.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { deliver, deliverWaiting } from '../../server/src/atlas/deliver';
import { Outbox } from '../../server/src/atlas/outbox';
import { planPublish } from '../../server/src/atlas/publish';
import { type MetadataStore, StoreError } from '../../server/src/atlas/store';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { enrichOrders } from './jobs';

/** What the disk under the outbox refuses, of now on. */
const disk = vi.hoisted(() => ({ full: '' as '' | 'lock' | 'job', readOnly: false }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const error = (code: string) => Object.assign(new Error(`${code}: refused`), { code });
  const isOutbox = (path: unknown) => /[/\\]outbox[/\\]/.test(String(path));
  return {
    ...real,
    open: async (path: string, flags: string) => {
      const file = await real.open(path, flags);
      if (disk.full === 'lock') file.writeFile = () => Promise.reject(error('ENOSPC'));
      return file;
    },
    writeFile: async (path: string, text: string, options: object) => {
      if (disk.full !== 'job' || !isOutbox(path)) return real.writeFile(path, text, options);
      // as a disk that fills up in the middle
      await real.writeFile(path, text.slice(0, 10), options);
      throw error('ENOSPC');
    },
    rm: async (path: string, options: object) => {
      if (disk.readOnly && isOutbox(path)) throw error('EROFS');
      return real.rm(path, options);
    },
  };
});

const root = mkdtempSync(join(tmpdir(), 'flink-disk-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
let folder: string;
let outbox: Outbox;
let store: MetadataStore;
let time: number;
beforeEach(() => {
  Object.assign(disk, { full: '', readOnly: false });
  folder = join(root, String(++folders));
  mkdirSync(folder);
  time = 1_000_000_000;
  outbox = new Outbox(join(folder, 'outbox'), () => time);
  store = new WorkspaceCatalog(folder, { namespace: 'prod' });
});

/** The store, whose reads fail; `before` is called first. */
function away(before: () => void = () => {}): MetadataStore {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (name !== 'findByName') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return () => {
        before();
        return Promise.reject(new StoreError('unreachable', 'Nobody is there.'));
      };
    },
  });
}

const publish = (to = store) => deliver(outbox, to, enrichOrders(), { types: 'create' });
const summary = async () => (await planPublish(store, enrichOrders())).preview.summary;

test.each(['lock', 'job'] as const)('a disk that is full when the %s is written', async (full) => {
  disk.full = full;
  await expect(publish()).rejects.toMatchObject({
    code: 'read-only',
    message: `What is to be published cannot be kept in ${outbox.folder}.`,
    advice: 'Make the folder writable, or make room on the disk.',
  });
  expect(await summary()).not.toBe('');
  expect(readdirSync(outbox.folder)).toEqual([]);
  disk.full = '';
  await publish();
  expect(await summary()).toBe('');
});

test('a disk that is full when a failure is to be noted', async () => {
  const work = publish(
    away(() => {
      disk.full = 'job';
    }),
  );
  await expect(work).rejects.toMatchObject({ name: 'KeptForLater', code: 'unreachable' });
  disk.full = '';
  expect(await deliverWaiting(outbox, () => store, 'due')).toHaveLength(1);
  expect(await summary()).toBe('');
});

test('a folder that is read-only when all has arrived', async () => {
  disk.readOnly = true;
  await expect(publish()).rejects.toMatchObject({
    code: 'read-only',
    message: expect.stringMatching(/^What has been published cannot be taken out of /),
  });
  expect(await summary()).toBe('');
  disk.readOnly = false;
  rmSync(join(outbox.folder, readdirSync(outbox.folder).find((name) => name.endsWith('.lock')) ?? ''));
  expect(await deliverWaiting(outbox, () => store, 'all')).toMatchObject([{ pushed: 0 }]);
  expect(await outbox.list()).toEqual([]);
});

test.each([
  'null',
  '[]',
  '{"id":"x","job":{}}',
  '{"id":"x","job":{"name":"a","processes":[],"tables":[],"catalogs":[]}}',
  '',
])('what stands in a file is %s', async (text) => {
  await publish(away()).catch(() => {});
  writeFileSync(join(outbox.folder, 'broken.json'), text);
  expect(await deliverWaiting(outbox, () => store, 'all')).toHaveLength(1);
  expect(readdirSync(outbox.folder)).toContain('broken.json.unreadable');
});

test('a clock that is put back holds nothing up', async () => {
  await publish(away()).catch(() => {});
  time -= 24 * 60 * 60_000;
  expect(await deliverWaiting(outbox, () => store, 'due')).toHaveLength(1);
});
