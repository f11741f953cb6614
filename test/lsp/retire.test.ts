// Taking jobs out of a store, renaming them there, and finding those whose script is gone.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  applyPublish,
  jobsWithoutScript,
  keepPublish,
  type Outcome,
  planPublish,
  planRetire,
  publishHistory,
  renameJob,
  retireJob,
  treeChildren,
  waitingPublishes,
} from '../../server/src/protocol';
import { ServerClient } from './server-client';

let folder: string;
let client: ServerClient;
let store: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flink-sql-retire-'));
  await mkdir(path.join(folder, '.flink-atlas'));
  client = await ServerClient.start({ folders: [folder] });
  store = (await client.useCatalogs(folder))[0]?.id ?? '';
});
afterEach(async () => {
  await client.stop();
  await rm(folder, { recursive: true });
});

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

const uriOf = (name: string) => pathToFileURL(path.join(folder, name)).href;

/** Publishes the job of a new file; its row in the tree. */
async function publish(file: string, job: string): Promise<string> {
  const script = await readFile(path.join(import.meta.dirname, '../../samples/enrich-orders.flink.sql'), 'utf8');
  const text = script.replaceAll("'enrich-orders'", `'${job}'`);
  await writeFile(path.join(folder, file), text);
  await client.open(uriOf(file), text);
  const plan = value(await client.request(planPublish, { uri: uriOf(file) }));
  return value(await client.request(applyPublish, { plan: plan.id, types: 'create' })).treeItem;
}

const jobs = async () => value(await client.request(treeChildren, { store })).map(({ label }) => label);

it('shows what goes, and takes it out with what waits of it', async () => {
  const item = await publish('a.flink.sql', 'a');
  await publish('b.flink.sql', 'b');
  const away = { code: 'unreachable', message: 'Away.' } as const;
  value(await client.request(keepPublish, { uri: uriOf('a.flink.sql'), error: away }));
  const plan = value(await client.request(planRetire, { store, item }));
  expect(plan).toMatchObject({ job: { name: 'a' }, removed: ['job a', 'process enriched_orders'] });
  expect(await jobs()).toEqual(['a', 'b']);
  value(await client.request(retireJob, { plan: plan.id }));
  expect(await jobs()).toEqual(['b']);
  expect(await client.request(waitingPublishes, {})).toEqual([]);
  expect(await client.request(retireJob, { plan: plan.id })).toMatchObject({ ok: false });
});

it('gives a job another name, and its history with it', async () => {
  const item = await publish('a.flink.sql', 'a');
  await publish('b.flink.sql', 'b');
  expect(await client.request(renameJob, { store, item, name: 'b' })).toMatchObject({
    ok: false,
    error: { code: 'conflict', message: 'There is a job b already.' },
  });
  value(await client.request(renameJob, { store, item, name: 'c' }));
  expect(await jobs()).toEqual(['b', 'c']);
  expect(value(await client.request(publishHistory, { store, qualifiedName: 'c@primary' }))).toMatch(/\| \d{4}-/);
  // whoever renamed it has changed it, not somebody else
  const script = await readFile(path.join(folder, 'a.flink.sql'), 'utf8');
  await client.change(uriOf('a.flink.sql'), 2, script.replace("'a'", "'c'"));
  const plan = value(await client.request(planPublish, { uri: uriOf('a.flink.sql') }));
  expect(plan).toMatchObject({ job: { name: 'c' }, summary: '' });
  expect(plan.changedSince).toBeUndefined();
});

it.each(['in a folder', 'in a repository'])(
  'finds jobs whose script is gone or is another job now, %s',
  async (where) => {
    if (where === 'in a repository') {
      const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args]);
      git('init', '--quiet');
      git('remote', 'add', 'origin', 'https://ann:planted-secret@git.example/shop.git');
    }
    await publish('stays.flink.sql', 'stays');
    await publish('gone.flink.sql', 'gone');
    await publish('before.flink.sql', 'before');
    expect(value(await client.request(jobsWithoutScript, { store }))).toEqual([]);
    await rename(path.join(folder, 'gone.flink.sql'), path.join(folder, 'elsewhere.sql'));
    const text = await readFile(path.join(folder, 'before.flink.sql'), 'utf8');
    await writeFile(path.join(folder, 'before.flink.sql'), text.replaceAll("'before'", "'after'"));
    expect(value(await client.request(jobsWithoutScript, { store }))).toEqual([
      expect.objectContaining({ name: 'before', file: 'before.flink.sql', now: 'after' }),
      expect.objectContaining({ name: 'gone', file: 'gone.flink.sql' }),
    ]);
    if (where === 'in a repository') {
      // another repository at hand knows nothing of these
      execFileSync('git', ['-C', folder, 'remote', 'set-url', 'origin', 'https://git.example/other.git']);
      expect(value(await client.request(jobsWithoutScript, { store }))).toEqual([]);
    }
  },
);
