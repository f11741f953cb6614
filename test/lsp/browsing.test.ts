import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import {
  applyPublish,
  card,
  classifications,
  datasetText,
  type Outcome,
  planPublish,
  search,
  type TreeItem,
  treeChildren,
  treePath,
} from '../../server/src/protocol';
import { ServerClient } from './server-client';

const samples = path.join(import.meta.dirname, '../../samples');
let client: ServerClient;
let folder: string;
let uri: string;
let script: string;
let store: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flink-sql-browsing-'));
  await mkdir(path.join(folder, '.flink-atlas'));
  script = await readFile(path.join(samples, 'enrich-orders.flink.sql'), 'utf8');
  const file = path.join(folder, 'enrich-orders.flink.sql');
  await writeFile(file, script);
  uri = pathToFileURL(file).href;
  client = await ServerClient.start({ folders: [folder] });
  await client.open(uri, script);
  store = (await client.useCatalogs(folder))[0]!.id;
  const plan = value(await client.request(planPublish, { uri }));
  value(await client.request(applyPublish, { plan: plan.id, types: 'present' }));
  return async () => {
    await client.stop();
    await rm(folder, { recursive: true, force: true });
  };
});

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

async function rows(parent?: TreeItem, view = {}): Promise<TreeItem[]> {
  return value(await client.request(treeChildren, { store, parent: parent?.id, ...view }));
}

it('names a dataset as the script calls it, else as jobs do, and writes its DDL', async () => {
  const [job] = await rows();
  const [process] = await rows(job);
  const topic = (await rows(process)).find(({ label }) => label === 'shop.orders.v2');
  expect(topic).toMatchObject({ kind: 'input', description: 'kafka', guid: expect.any(String) });
  const ask = async (guid: string, of?: string) => value(await client.request(datasetText, { store, guid, uri: of }));
  expect((await ask(topic!.guid!)).name).toBe('orders');

  const other = pathToFileURL(path.join(folder, 'other.fql')).href;
  await client.open(
    other,
    script.replace('CREATE TABLE orders (', 'CREATE TABLE `my orders` (').replace('FROM orders', 'FROM `my orders`'),
  );
  const { name, ddl } = await ask(topic!.guid!, other);
  expect(name).toBe('`my orders`');
  expect(ddl).toMatch(/^CREATE TABLE orders \(\n/);
  expect(ddl).toContain("'topic' = 'shop.orders.v2'");

  const field = (await rows(topic)).find(({ label }) => label === 'ordered_at');
  expect(await ask(field!.guid!, other)).toEqual({ name: 'ordered_at', ddl });
});

it('finds the way to the job of a document, through its group', async () => {
  const [job] = await rows();
  expect(await client.request(treePath, { uri })).toMatchObject({ store, path: [{ id: job!.id, kind: 'job' }] });
  const [group] = await rows(undefined, { group: 'owner' });
  expect(group).toMatchObject({ kind: 'group', label: 'orders-team', count: 1 });
  const found = await client.request(treePath, { uri, group: 'owner' });
  expect(found?.path.map(({ id }) => id)).toEqual([group!.id, job!.id]);
  expect(await rows(group, { group: 'owner' })).toMatchObject([{ id: job!.id }]);
  expect(await rows(undefined, { filter: 'nothing like it' })).toEqual([]);

  const unknown = pathToFileURL(path.join(folder, 'unknown.fql')).href;
  await client.open(unknown, script.replaceAll('enrich-orders', 'another-job'));
  expect(await client.request(treePath, { uri: unknown })).toBeNull();
});

it('searches, and opens what was found as a page', async () => {
  const { hits, problems } = await client.request(search, { text: 'orders type:dataset' });
  expect(problems).toEqual([]);
  expect(hits.map(({ name }) => name)).toContain('shop.orders.v2');
  const topic = hits.find(({ name }) => name === 'shop.orders.v2')!;
  const page = value(await client.request(card, { store, kind: 'dataset', guid: topic.guid }));
  expect(page.title).toBe('shop.orders.v2');
  expect(page.markdown).toContain('# shop\\.orders\\.v2');
  expect(page.markdown).toContain('**Read by** enrich\\-orders');

  const [job] = (await client.request(search, { text: 'type:job enrich' })).hits;
  expect(value(await client.request(card, { store, kind: 'job', guid: job!.guid })).markdown).toContain('⇢ shop');
  expect(await client.request(classifications, {})).toEqual([]);
  expect(await client.request(card, { store, kind: 'dataset', guid: 'gone' })).toMatchObject({ ok: false });
  expect(await client.request(card, { store: 'gone', kind: 'term', guid: 'x' })).toMatchObject({ ok: false });
});
