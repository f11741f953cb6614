import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CancellationTokenSource,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  WorkDoneProgress,
} from 'vscode-languageserver-protocol';
import {
  applyPublish,
  metadataHover,
  type Outcome,
  planPublish,
  type Secret,
  type TreeItem,
  testConnection,
  treeChildren,
} from '../../server/src/protocol';
import { ServerClient } from './server-client';

const sample = path.join(import.meta.dirname, '../../samples/enrich-orders.flink.sql');
let client: ServerClient;
let folder: string;
let uri: string;
let script: string;
let version = 0;

beforeAll(async () => {
  script = await readFile(sample, 'utf8');
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flink-sql-lsp-'));
  await mkdir(path.join(folder, '.flink-atlas'));
  const file = path.join(folder, 'enrich-orders.flink.sql');
  await writeFile(file, script);
  uri = pathToFileURL(file).href;
  client = await ServerClient.start({ folders: [folder] });
  version = 1;
  await client.open(uri, script, version);
  return async () => {
    await client.stop();
    await rm(folder, { recursive: true, force: true });
  };
});

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}

async function publish() {
  const plan = value(await client.request(planPublish, { uri }));
  return value(await client.request(applyPublish, { plan: plan.id, types: 'present' }));
}

async function children(parent?: TreeItem): Promise<TreeItem[]> {
  const [store] = await client.useCatalogs(folder);
  return value(await client.request(treeChildren, { store: store!.id, parent: parent?.id }));
}

/** The position of the first `word` after `text`. */
function placeOf(text: string, word: string) {
  const offset = script.indexOf(word, script.indexOf(text));
  const before = script.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length + 1 };
}

describe('without any store', () => {
  it('a hover leads to connecting, as soon as it is known that there is none', async () => {
    const answer = client.request(metadataHover, { uri, position: placeOf('FROM orders', 'orders') });
    await client.useCatalogs();
    expect((await answer)?.markdown).toMatch(/^Not connected to Atlas · \[Connect\]/);
  });

  it('publishing says that there is no place yet', async () => {
    await client.useCatalogs();
    const outcome = await client.request(planPublish, { uri });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'not-configured' } });
  });
});

describe('with a workspace catalog', () => {
  beforeEach(async () => {
    await client.useCatalogs(folder);
  });

  it('a job is published, is in the tree down to its columns, and a second time changes nothing', async () => {
    expect(await children()).toEqual([]);
    const plan = value(await client.request(planPublish, { uri }));
    expect(plan.job.name).toBe('enrich-orders');
    expect(plan.summary).toMatch(/\+ 1 job/);
    expect(plan.missingTypes).toEqual([]);
    const result = value(await client.request(applyPublish, { plan: plan.id, types: 'present' }));
    expect(result.pushed).toBeGreaterThan(0);
    expect(client.storesChanged).toBeGreaterThan(0);

    const [job, ...otherJobs] = await children();
    expect(otherJobs).toEqual([]);
    expect(job).toMatchObject({ id: result.treeItem, kind: 'job', label: 'enrich-orders', source: { uri } });
    const [process, ...otherProcesses] = await children(job);
    expect(otherProcesses).toEqual([]);
    const line = placeOf('INSERT INTO', 'INSERT').line;
    expect(process).toMatchObject({
      kind: 'process',
      label: 'enriched_orders',
      source: { uri, range: { start: { line } } },
    });
    const parts = await children(process);
    expect(parts.map((item) => item.kind)).toEqual(['input', 'input', 'output', 'columns']);
    const columns = await children(parts.at(-1));
    const country = columns.find((column) => column.label === 'country');
    expect(country).toMatchObject({ kind: 'column', description: '← UPPER(c.country)' });
    expect(await children(country)).toMatchObject([{ kind: 'column-source', label: 'country' }]);

    const again = value(await client.request(planPublish, { uri }));
    expect(again.summary).toBe('');
  });

  it('the hover of a table offers to publish it, then shows what is known', async () => {
    const position = placeOf('FROM orders', 'orders');
    const before = await client.request(metadataHover, { uri, position });
    expect(before?.known).toBe(false);
    expect(before?.markdown).toMatch(/does not know this Kafka topic yet: `shop.orders.v2@/);
    expect(before?.markdown).toContain(
      `[Publish](command:flinkSql.publish?${encodeURIComponent(JSON.stringify([uri]))})`,
    );
    await publish();
    const after = await client.request(metadataHover, { uri, position });
    expect(after?.known).toBe(true);
    expect(after?.markdown).toContain('**shop\\.orders\\.v2** · Kafka topic');
    // The comment of the DDL was published as the description: the DDL's own hover says it already
    expect(after?.markdown).not.toContain('Orders as accepted by checkout, one event per order');
    expect(after?.markdown).toContain('↓ 1 downstream: enrich\\-orders');
    expect(after?.range.start.line).toBe(position.line);
  });

  it('there is no card where no table is', async () => {
    expect(await client.request(metadataHover, { uri, position: { line: 0, character: 3 } })).toBeNull();
    const elsewhere = { uri: 'file:///not-open.fql', position: { line: 0, character: 0 } };
    expect(await client.request(metadataHover, elsewhere)).toBeNull();
  });

  it('progress is reported under the token that was given', async () => {
    const plan = value(await client.request(planPublish, { uri }));
    const percentages: number[] = [];
    client.connection.onProgress(WorkDoneProgress.type, 'token', (progress) => {
      if (progress.kind === 'report') percentages.push(progress.percentage ?? -1);
    });
    value(await client.request(applyPublish, { plan: plan.id, types: 'present', workDoneToken: 'token' }));
    expect(percentages.at(-1)).toBe(100);
    expect([...percentages].sort((a, b) => a - b)).toEqual(percentages);
  });

  it('a cancelled publish writes nothing and says so', async () => {
    const plan = value(await client.request(planPublish, { uri }));
    const source = new CancellationTokenSource();
    const answer = client.request(applyPublish, { plan: plan.id, types: 'present' }, source.token);
    source.cancel();
    expect(await answer).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(await readdir(path.join(folder, '.flink-atlas'))).toEqual([]);
  });

  it('a plan is carried out once', async () => {
    const plan = value(await client.request(planPublish, { uri }));
    value(await client.request(applyPublish, { plan: plan.id, types: 'present' }));
    const outcome = await client.request(applyPublish, { plan: plan.id, types: 'present' });
    expect(outcome).toMatchObject({ ok: false, error: { message: 'This preview is too old.' } });
  });

  it('what is not saved is published too', async () => {
    await client.change(uri, ++version, script.replaceAll('enrich-orders', 'renamed-job'));
    expect(value(await client.request(planPublish, { uri })).job.name).toBe('renamed-job');
  });

  it.each([
    ['an empty document', ''],
    ['a document that writes nothing', 'SELECT 1;'],
    ['half-typed SQL', 'INSERT INTO'],
  ])('%s is no job, and that is said', async (_, text) => {
    await client.change(uri, ++version, text);
    const outcome = await client.request(planPublish, { uri });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });

  it('a statement with an error is left out, and that is said', async () => {
    await client.change(uri, ++version, `${script}\nINSERT INTO enriched_orders SELECT * FORM orders;\n`);
    const plan = value(await client.request(planPublish, { uri }));
    expect(plan.notes).toEqual([expect.stringMatching(/^The statement at line \d+ has errors and is left out\.$/)]);
  });

  it('changed files of the catalog are read anew, and the client is told', async () => {
    await publish();
    const position = placeOf('FROM orders', 'orders');
    await client.request(metadataHover, { uri, position });
    await rm(path.join(folder, '.flink-atlas'), { recursive: true });
    const told = client.storesChanged;
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: pathToFileURL(path.join(folder, '.flink-atlas')).href, type: FileChangeType.Deleted }],
    });
    await client.until(() => (client.storesChanged > told ? true : undefined));
    expect((await client.request(metadataHover, { uri, position }))?.markdown).toContain('does not know this');
  });

  it('a read-only folder is told', async () => {
    await chmod(folder, 0o755);
    await chmod(path.join(folder, '.flink-atlas'), 0o555);
    // Root may write everywhere: the server runs as nobody then
    const other = await ServerClient.start({ folders: [folder], uid: process.getuid?.() === 0 ? 65534 : undefined });
    await other.open(uri, script);
    await other.useCatalogs(folder);
    const plan = value(await other.request(planPublish, { uri }));
    const outcome = await other.request(applyPublish, { plan: plan.id, types: 'present' });
    await other.stop();
    expect(outcome).toMatchObject({ ok: false, error: { code: 'read-only' } });
  });

  it('a store that is not in use is told', async () => {
    const outcome = await client.request(treeChildren, { store: 'atlas:gone' });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'not-configured' } });
  });
});

describe('with a catalog in each of two folders', () => {
  it('a job is published to its own, and found in its own folder', async () => {
    const other = await mkdtemp(path.join(tmpdir(), 'flink-sql-lsp-'));
    await mkdir(path.join(other, '.flink-atlas'));
    await writeFile(path.join(other, 'enrich-orders.flink.sql'), script);
    const both = await ServerClient.start({ folders: [other, folder] });
    const stores = await both.useCatalogs(other, folder);
    await both.open(uri, script);
    const plan = value(await both.request(planPublish, { uri }));
    expect(plan.store).toEqual(stores[1]);
    const result = value(await both.request(applyPublish, { plan: plan.id, types: 'present' }));
    expect(value(await both.request(treeChildren, { store: stores[0]!.id }))).toEqual([]);
    const jobs = value(await both.request(treeChildren, { store: stores[1]!.id }));
    expect(jobs).toMatchObject([{ id: result.treeItem, source: { uri } }]);
    await both.stop();
    await rm(other, { recursive: true });
  });
});

describe('trying a connection', () => {
  let http: Server;
  let answer: { status: number; type: string; body: string };
  const secret: Secret = { type: 'basic', user: 'ann', password: 'planted-secret' };

  beforeEach(async () => {
    http = createServer((_, response) => {
      response.writeHead(answer.status, { 'content-type': answer.type });
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return async () => {
      await new Promise((resolve) => {
        http.close(resolve);
        http.closeAllConnections();
      });
    };
  });
  const local = () => `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const attempt = (url: string) =>
    client.request(testConnection, { connection: { name: 'test', url, namespace: 'prod', timeout: 2000 }, secret });

  it('with a wrong password', async () => {
    answer = { status: 401, type: 'application/json', body: '{}' };
    const outcome = await attempt(local());
    expect(outcome).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    expect(JSON.stringify(outcome)).not.toContain('planted-secret');
  });
  it('to a server that answers with a page', async () => {
    answer = { status: 200, type: 'text/html', body: '<html><body>Sign in</body></html>' };
    expect(await attempt(local())).toMatchObject({ ok: false, error: { message: expect.stringMatching(/page/) } });
  });
  it('to a host that does not exist', async () => {
    expect(await attempt('http://no-such-host.invalid:21000')).toMatchObject({
      ok: false,
      error: { code: 'unreachable', message: expect.stringContaining('no-such-host.invalid') },
    });
  });
  it('to a port where nobody listens', async () => {
    const url = local();
    await new Promise((resolve) => {
      http.close(resolve);
      http.closeAllConnections();
    });
    expect(await attempt(url)).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  });
  it('to something that is no address', async () => {
    expect(await attempt('no address')).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });
});
