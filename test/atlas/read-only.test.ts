import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { enrichOrders } from './jobs';

// A folder that even the superuser may not write cannot be had everywhere, so the file system's answer is played.
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  mkdir: () => Promise.reject(Object.assign(new Error('EROFS: read-only file system, mkdir'), { code: 'EROFS' })),
}));

const folder = mkdtempSync(join(tmpdir(), 'flink-atlas-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a read-only workspace says so, and what to do instead', async () => {
  const store = new WorkspaceCatalog(folder, { namespace: 'prod' });
  const plan = await planPublish(store, enrichOrders());
  await expect(applyPublish(store, plan, { types: 'create' })).rejects.toMatchObject({
    code: 'read-only',
    message: `The workspace catalog in ${join(folder, '.flink-atlas')} cannot be written: the folder is read-only.`,
    advice: 'Change its permissions, or connect to an Atlas server.',
  });
});
