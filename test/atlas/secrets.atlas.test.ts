// Secrets planted wherever a script can hold one, and in the connection: nothing of them may be in what leaves the editor
// or is kept: Atlas, the workspace catalog, the outbox, the history, what the server and the command line say.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import {
  applyPublish,
  configureStores,
  describeWaiting,
  keepPublish,
  metadataHover,
  planPublish,
  publishHistory,
  testConnection,
  treeChildren,
  waitingPublishes,
} from '../../server/src/protocol';
import { ServerClient } from '../lsp/server-client';
import { leaks, secretive as script } from './secretive';

const problem = whyNoAtlas();
const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const folder = mkdtempSync(join(tmpdir(), 'flink-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const connectionSecret = 'planted-99';

/** All that is in a folder, as one text. */
function contents(path: string): string {
  return readdirSync(path)
    .map((name) => join(path, name))
    .map((each) => (statSync(each).isDirectory() ? contents(each) : `${each}\n${readFileSync(each, 'utf8')}`))
    .join('\n');
}

/** Runs the command line; all it wrote. */
function run(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, ...env }, cwd: folder });
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      text += data.toString();
    });
    child.on('close', () => done(text));
  });
}

describe.skipIf(problem)(`planted secrets${problem ? ` (${problem})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  const file = join(folder, 'secretive.flink.sql');
  const uri = pathToFileURL(file).href;
  const outbox = join(folder, 'outbox');

  beforeAll(async () => {
    mkdirSync(join(folder, '.flink-atlas'));
    writeFileSync(file, script);
    atlas = await startAtlas({ flinkTypes: true });
  });
  afterAll(async () => {
    await atlas?.stop();
  });

  /** Everything that Atlas holds, as one text. */
  async function all(): Promise<string> {
    const authorization = `Basic ${Buffer.from(`${atlas.user}:${atlas.password}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const texts: string[] = [];
    for (const typeName of ['Referenceable', 'flink_application', 'flink_process', 'flink_table', 'flink_column']) {
      const body = JSON.stringify({ typeName, limit: 1000, includeSubTypes: true });
      const found = await fetch(`${atlas.url}/api/atlas/v2/search/basic`, { method: 'POST', headers, body });
      const { entities = [] } = (await found.json()) as { entities?: { guid: string }[] };
      for (const { guid } of entities) {
        texts.push(await (await fetch(`${atlas.url}/api/atlas/v2/entity/guid/${guid}`, { headers })).text());
      }
    }
    expect(texts.length).toBeGreaterThan(10);
    return texts.join('\n');
  }

  test('are in nothing that the command line writes or says', async () => {
    const env = { FLINK_SQL_OUTBOX: outbox, FLINK_SQL_ATLAS_USER: 'ann', FLINK_SQL_ATLAS_PASSWORD: connectionSecret };
    const said = [
      await run(['publish', file, '--atlas', 'http://127.0.0.1:1', '--apply', '--json'], env),
      // a wrong password, so that the refusal is told
      await run(['publish', file, '--atlas', atlas.url, '--namespace', 'cli', '--apply'], env),
      await run(['publish', file, '--workspace', folder, '--apply', '--json'], env),
      await run(['publish', file, '--atlas', atlas.url, '--namespace', 'cli', '--json'], {
        FLINK_SQL_OUTBOX: outbox,
        FLINK_SQL_ATLAS_USER: atlas.user,
        FLINK_SQL_ATLAS_PASSWORD: atlas.password,
      }),
      await run(['jobs', '--workspace', folder, '--json'], env),
    ];
    expect(said.join('\n')).toContain('secretive');
    expect(leaks(said.join('\n'))).toEqual([]);
    expect(contents(outbox)).toContain('secretive');
    expect(leaks(contents(outbox))).toEqual([]);
    expect(contents(join(folder, '.flink-atlas'))).toContain('secretive');
    expect(leaks(contents(join(folder, '.flink-atlas')))).toEqual([]);
  });

  test("are in nothing that the editor's server keeps, sends or says", async () => {
    const client = await ServerClient.start({ folders: [folder], outbox });
    const said: string[] = [];
    client.process.stdout?.on('data', (data: Buffer) => said.push(data.toString()));
    const connection = { name: 'prod', url: atlas.url, namespace: 'editor', timeout: 20_000 };
    const away = { ...connection, name: 'away', url: 'http://127.0.0.1:1' };
    const wrong = { type: 'basic', user: 'ann', password: connectionSecret } as const;
    const secret = { type: 'basic', user: atlas.user, password: atlas.password } as const;
    await client.request(configureStores, {
      atlas: [
        { connection, secret },
        { connection: away, secret: wrong },
        { connection: { ...connection, name: 'refused', namespace: 'refused' }, secret: wrong },
      ],
      workspaceCatalogs: [],
      picks: { '': 'prod' },
    });
    await client.request(testConnection, { connection, secret: wrong });
    await client.request(testConnection, { connection: away, secret: { type: 'bearer', token: connectionSecret } });
    await client.open(uri, script);
    const plan = await client.request(planPublish, { uri, store: 'atlas:prod' });
    if (!plan.ok) throw new Error(plan.error.message);
    const result = await client.request(applyPublish, { plan: plan.value.id, types: 'create' });
    if (!result.ok) throw new Error(result.error.message);
    for (const store of ['atlas:away', 'atlas:refused']) {
      const failed = await client.request(planPublish, { uri, store });
      if (failed.ok) throw new Error(`${store} answered`);
      await client.request(keepPublish, { uri, store, error: failed.error });
    }
    const waiting = await client.request(waitingPublishes, {});
    expect(waiting.length).toBeGreaterThan(0);
    for (const { id } of waiting) await client.request(describeWaiting, { id });
    await client.request(publishHistory, { store: 'atlas:prod', uri });
    const open = async (parent?: string): Promise<void> => {
      const rows = await client.request(treeChildren, { store: 'atlas:prod', ...(parent ? { parent } : {}) });
      if (rows.ok) for (const row of rows.value) if (row.hasChildren) await open(row.id);
    };
    await open();
    const lines = script.split('\n');
    for (const [line, text] of lines.entries()) {
      const word = /TABLE (\w)/.exec(text);
      if (word) await client.request(metadataHover, { uri, position: { line, character: word.index + 6 } });
    }
    await client.stop();

    expect(said.join('')).toContain('secretive');
    expect(leaks(said.join(''))).toEqual([]);
    expect(leaks(contents(outbox))).toEqual([]);
    expect(leaks(await all())).toEqual([]);
  });
});
