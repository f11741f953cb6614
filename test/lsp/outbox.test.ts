// Publishing where nobody answers: what is kept, what is told of it, and what becomes of it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  applyPublish,
  configureStores,
  describeWaiting,
  discardWaiting,
  keepPublish,
  type Outcome,
  planPublish,
  publishHistory,
  publishSaved,
  retryWaiting,
  treeChildren,
  waitingPublishes,
} from '../../server/src/protocol';
import { ServerClient } from './server-client';

let folder: string;
let uri: string;
let script: string;
let outbox: string;
const clients: ServerClient[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flink-sql-outbox-'));
  outbox = path.join(folder, 'outbox');
  uri = pathToFileURL(path.join(folder, 'enrich-orders.flink.sql')).href;
  script = await readFile(path.join(import.meta.dirname, '../../samples/enrich-orders.flink.sql'), 'utf8');
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.stop();
  await rm(folder, { recursive: true });
});

async function start(): Promise<ServerClient> {
  const client = await ServerClient.start({ folders: [folder], outbox });
  clients.push(client);
  return client;
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

/** The address of a port that nobody listens on. */
async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}

function useAtlas(client: ServerClient, url: string, mayPublish = true) {
  const connection = { name: 'prod', url, namespace: 'prod', timeout: 2_000 };
  const secret = { type: 'basic', user: 'ann', password: 'planted-secret' } as const;
  return client.request(configureStores, { atlas: [{ connection, secret }], workspaceCatalogs: [], mayPublish });
}

async function keep(client: ServerClient) {
  await client.open(uri, script);
  const planned = await client.request(planPublish, { uri });
  if (planned.ok) throw new Error('somebody answered');
  return value(await client.request(keepPublish, { uri, error: planned.error }));
}

it('keeps a job that cannot even be compared, says so in all windows, and forgets it when told to', async () => {
  const url = await nobody();
  const [one, other] = [await start(), await start()];
  await useAtlas(one, url);
  await useAtlas(other, url);
  const kept = await keep(one);
  expect(kept).toMatchObject({
    job: 'enrich-orders',
    connected: true,
    attempts: 1,
    held: false,
    error: { code: 'unreachable', message: expect.stringMatching(/^Nothing answers at 127/) },
  });
  expect((kept.next ?? 0) - kept.since).toBeGreaterThanOrEqual(5_000);
  await other.until(() => other.waiting.find(({ waiting }) => waiting === 1));
  expect(await other.request(waitingPublishes, {})).toEqual([kept]);

  const text = value(await other.request(describeWaiting, { id: kept.id }));
  expect(text).toContain('# enrich-orders waits to be published to prod');
  expect(text).toContain('    reads orders, customers\n    writes enriched_orders\n');

  const { delivered, waiting } = await other.request(retryWaiting, {});
  expect([delivered, waiting]).toMatchObject([[], [{ id: kept.id, attempts: 2 }]]);

  await one.request(discardWaiting, { id: kept.id });
  await other.until(() => (other.waiting.at(-1)?.waiting === 0 ? true : undefined));
  expect(await other.request(waitingPublishes, {})).toEqual([]);
});

it('a newer publish of a job takes the place of what waits', async () => {
  const client = await start();
  await useAtlas(client, await nobody());
  const first = await keep(client);
  await client.change(uri, 2, script.replace('-- @owner', '-- newer\n-- @owner'));
  const planned = await client.request(planPublish, { uri });
  const second = value(
    await client.request(keepPublish, { uri, error: planned.ok ? { code: 'timeout', message: '' } : planned.error }),
  );
  expect(second.id).toBe(first.id);
  expect(await client.request(waitingPublishes, {})).toEqual([second]);
});

it('keeps nothing of what was refused, or is no job', async () => {
  const client = await start();
  await useAtlas(client, await nobody());
  await client.open(uri, 'SELECT 1;');
  const away = { code: 'unreachable', message: 'Away.' } as const;
  expect(await client.request(keepPublish, { uri, error: away })).toMatchObject({ ok: false });
  await client.change(uri, 2, script);
  const refused = { code: 'unauthorized', message: 'No.' } as const;
  expect(await client.request(keepPublish, { uri, error: refused })).toMatchObject({ ok: false, error: refused });
  expect(await client.request(waitingPublishes, {})).toEqual([]);
});

/** What waits for the catalog of the folder, made by a publish that was cancelled, as if the process had been killed. */
async function waitsForCatalog(): Promise<void> {
  await mkdir(path.join(folder, '.flink-atlas'));
  const client = await start();
  await client.useCatalogs(folder);
  await client.open(uri, script);
  const away = { code: 'unreachable', message: 'Away.' } as const;
  const { id } = value(await client.request(keepPublish, { uri, error: away }));
  await clients.pop()?.stop();
  const file = path.join(outbox, `${id}.json`);
  const { next: _, ...killed } = JSON.parse(await readFile(file, 'utf8')) as { next: number };
  await writeFile(file, JSON.stringify({ ...killed, types: 'create' }));
  await writeFile(path.join(outbox, `${id}.lock`), '99999999');
}

it('what a dead server left behind is sent at the next start, and is in the history', async () => {
  await waitsForCatalog();
  const client = await start();
  const [store] = await client.useCatalogs(folder);
  const { delivered } = await client.until(() => client.waiting.find((each) => each.delivered.length > 0));
  expect(delivered).toMatchObject([{ job: { name: 'enrich-orders' } }]);
  await client.until(() => (client.storesChanged > 0 ? true : undefined));
  const jobs = value(await client.request(treeChildren, { store: store?.id ?? '' }));
  expect(jobs.map((item) => item.label)).toEqual(['enrich-orders']);
  expect(await client.request(waitingPublishes, {})).toEqual([]);
  const page = value(
    await client.request(publishHistory, { store: store?.id ?? '', qualifiedName: jobs[0]?.qualifiedName ?? '' }),
  );
  expect(page).toMatch(/\| \d{4}-\d\d-\d\d [\d:]+ \| \d+ \| [\d.]+ \|/);
});

it('nothing is sent from a folder that is not trusted', async () => {
  await waitsForCatalog();
  const client = await start();
  const mayPublish = false;
  await client.request(configureStores, { atlas: [], workspaceCatalogs: [pathToFileURL(folder).href], mayPublish });
  await client.until(() => client.waiting.find(({ waiting }) => waiting === 1));
  await client.open(uri, script);
  const plan = value(await client.request(planPublish, { uri }));
  expect(plan.summary).not.toBe('');
});

it('a cancelled publish waits until it is wanted', async () => {
  await mkdir(path.join(folder, '.flink-atlas'));
  const client = await start();
  await client.useCatalogs(folder);
  await client.open(uri, script);
  const { CancellationTokenSource } = await import('vscode-languageserver-protocol');
  const plan = value(await client.request(planPublish, { uri }));
  const source = new CancellationTokenSource();
  const answer = client.request(applyPublish, { plan: plan.id, types: 'present' }, source.token);
  source.cancel();
  const outcome = await answer;
  expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' }, kept: { held: true } });
  const { delivered } = await client.request(retryWaiting, { id: outcome.kept?.id ?? '' });
  expect(delivered).toHaveLength(1);
  expect(await client.request(waitingPublishes, {})).toEqual([]);
});

/** A server on the catalog of the folder, with the script open. */
async function onCatalog(text = script): Promise<ServerClient> {
  await mkdir(path.join(folder, '.flink-atlas'), { recursive: true });
  const client = await start();
  await client.useCatalogs(folder);
  await client.open(uri, text);
  return client;
}

/** Another process publishes the same job, with a second process, under another outbox: a colleague. */
async function colleague(): Promise<void> {
  const extra = `${script}\nINSERT INTO enriched_orders SELECT * FROM enriched_orders;\n`;
  const other = await ServerClient.start({ folders: [folder], outbox: path.join(folder, 'colleague') });
  await other.useCatalogs(folder);
  await other.open(uri, extra);
  const plan = value(await other.request(planPublish, { uri }));
  value((await other.request(applyPublish, { plan: plan.id, types: 'create' })) as Outcome<unknown>);
  await other.stop();
}

it('publishes what is saved, once, and leaves a script with errors alone', async () => {
  const client = await onCatalog();
  expect(await client.request(publishSaved, { uri })).toMatchObject({ did: 'published' });
  expect(await client.request(publishSaved, { uri })).toEqual({ did: 'nothing' });
  await client.change(uri, 2, `${script}\nINSERT INTO enriched_orders SELECT * FORM orders;\n`);
  expect(await client.request(publishSaved, { uri })).toMatchObject({
    did: 'left',
    job: 'enrich-orders',
    error: { message: 'A statement has errors.' },
  });
  await client.change(uri, 3, 'SELECT 1;');
  expect(await client.request(publishSaved, { uri })).toEqual({ did: 'nothing' });
});

it('saves in a row do not pile up, and the last state wins', async () => {
  const client = await onCatalog();
  const saves = [];
  for (let version = 2; version < 12; version++) {
    await client.change(uri, version, script.replace('UPPER(c.country)', `CONCAT(c.country, '${version}')`));
    saves.push(client.request(publishSaved, { uri }));
  }
  const outcomes = await Promise.all(saves);
  expect(outcomes.map(({ did }) => did)).not.toContain('left');
  expect(outcomes.at(-1)?.did).toBe('published');
  expect(value(await client.request(planPublish, { uri })).summary).toBe('');
  const times = new Set(outcomes.flatMap((each) => (each.did === 'published' ? [JSON.stringify(each.result)] : [])));
  expect(times.size).toBeLessThanOrEqual(2);
});

it('what is saved while Atlas is away waits', async () => {
  const client = await start();
  await useAtlas(client, await nobody());
  await client.open(uri, script);
  expect(await client.request(publishSaved, { uri })).toMatchObject({ did: 'kept', kept: { job: 'enrich-orders' } });
});

it('tells that somebody else changed the job since, and can keep what was added', async () => {
  const client = await onCatalog();
  const first = value(await client.request(planPublish, { uri }));
  expect(first.changedSince).toBeUndefined();
  value((await client.request(applyPublish, { plan: first.id, types: 'create' })) as Outcome<unknown>);
  expect(value(await client.request(planPublish, { uri })).changedSince).toBeUndefined();
  await colleague();
  expect(await client.request(publishSaved, { uri })).toMatchObject({ did: 'left', error: { code: 'conflict' } });

  let over = value(await client.request(planPublish, { uri }));
  expect(over).toMatchObject({ changedSince: true, lastChange: { by: expect.any(String) } });
  expect(over.changes).toContainEqual(
    expect.objectContaining({ kind: 'removed', what: 'process', label: 'enriched_orders#2' }),
  );
  const merged = value(await client.request(planPublish, { uri, merge: true }));
  expect(merged.changes.filter(({ kind }) => kind === 'removed')).toEqual([]);
  expect(merged).toMatchObject({ summary: '', merge: true });

  // what was kept once stays when a file is saved, until a publish by hand says otherwise
  await client.change(uri, 2, script.replace('-- One row', '-- Just one row'));
  const kept = value(await client.request(planPublish, { uri, merge: true }));
  value((await client.request(applyPublish, { plan: kept.id, types: 'create' })) as Outcome<unknown>);
  await client.change(uri, 3, script);
  expect(await client.request(publishSaved, { uri })).toMatchObject({ did: 'published' });
  over = value(await client.request(planPublish, { uri }));
  expect(over).toMatchObject({ keptBefore: true });
  expect(over.changedSince).toBeUndefined();
  expect(over.changes).toContainEqual(expect.objectContaining({ kind: 'removed', label: 'enriched_orders#2' }));
  value((await client.request(applyPublish, { plan: over.id, types: 'create' })) as Outcome<unknown>);
  const after = value(await client.request(planPublish, { uri }));
  expect(after).toMatchObject({ summary: '' });
  expect(after.keptBefore).toBeUndefined();
});
