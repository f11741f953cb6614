import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { CodeLensRequest } from 'vscode-languageserver-protocol';
import { applyPublish, type Outcome, planPublish } from '../../server/src/protocol';
import { ServerClient } from './server-client';

const sample = path.join(import.meta.dirname, '../../samples/enrich-orders.flink.sql');
let folder: string;
let script: string;
let uri: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flink-sql-lens-'));
  await mkdir(path.join(folder, '.flink-atlas'));
  script = await readFile(sample, 'utf8');
  const file = path.join(folder, 'enrich-orders.flink.sql');
  await writeFile(file, script);
  uri = pathToFileURL(file).href;
  return () => rm(folder, { recursive: true, force: true });
});

async function titles(client: ServerClient): Promise<(string | undefined)[]> {
  const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
  return (lenses ?? []).map(({ command }) => command?.title);
}

/** Waits until the server says that there are other lenses than before. */
async function afterChange(client: ServerClient, before: number): Promise<(string | undefined)[]> {
  await client.until(() => (client.lensesChanged > before ? true : undefined));
  return titles(client);
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

it('follows the job from its first publish to an edit and back', async () => {
  const client = await ServerClient.start({ folders: [folder] });
  await client.open(uri, script);
  expect(await titles(client)).toEqual(['⇪ Publish', '⇄ Lineage']);
  await client.useCatalogs(folder);
  expect(await afterChange(client, 0)).toEqual([
    expect.stringMatching(/^⇪ Publish \(\d+ changes\)$/),
    '⇄ Lineage',
    'not published yet',
  ]);

  let before = client.lensesChanged;
  const plan = value(await client.request(planPublish, { uri }));
  value(await client.request(applyPublish, { plan: plan.id, types: 'present' }));
  expect(await afterChange(client, before)).toEqual(['⇪ Publish', '⇄ Lineage', 'published just now']);

  before = client.lensesChanged;
  await client.change(uri, 2, script.replace('UPPER(c.country)', 'LOWER(c.country)'));
  // Until the typing rests, what was known before stands
  expect(await titles(client)).toEqual(['⇪ Publish', '⇄ Lineage', 'published just now']);
  expect(await afterChange(client, before)).toEqual([
    '⇪ Publish (2 changes)',
    '⇄ Lineage',
    'published just now · 2 changes not published',
  ]);
  await client.stop();
});

it('can be turned off', async () => {
  const client = await ServerClient.start({ folders: [folder], settings: { codeLens: false } });
  await client.open(uri, script);
  await client.useCatalogs(folder);
  expect(await titles(client)).toEqual([]);
  await client.stop();
});
