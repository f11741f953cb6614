import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DefinitionRequest,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  FileChangeType,
  HoverRequest,
  type MarkupContent,
} from 'vscode-languageserver-protocol';
import { ServerClient } from './server-client';

const base = mkdtempSync(path.join(os.tmpdir(), 'flink-sql-other-files-'));
const shop = path.join(base, 'shop');
const at = (name: string) => path.join(shop, name);
const uri = (name: string) => pathToFileURL(at(name)).href;
const ddl = (column: string) => `\n  CREATE TABLE orders (${column} BIGINT) WITH ('connector' = 'datagen');\n`;
let client: ServerClient;
beforeAll(async () => {
  mkdirSync(at('ddl'), { recursive: true });
  writeFileSync(at('ddl/orders.flink.sql'), ddl('id'));
  client = await ServerClient.start({ folders: [shop] });
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  rmSync(base, { recursive: true, force: true });
});

const changed = (...names: string[]) => {
  const changes = names.map((name) => {
    const type = !existsSync(at(name))
      ? FileChangeType.Deleted
      : FileChangeType[name.endsWith('.sql') ? 'Changed' : 'Created'];
    return { uri: uri(name), type };
  });
  return client.connection.sendNotification(DidChangeWatchedFilesNotification.method, { changes });
};
/** Waits until what was published last about the job is this: code and the first name in backticks. */
const isTold = (code: string, name: string) =>
  client.until(() => {
    const last = client.published.filter((one) => one.uri === uri('job.fql')).at(-1);
    const told = last?.diagnostics.map((one) => `${one.code} ${/`(.+?)`/.exec(String(one.message))?.[1]}`);
    return told?.join() === `${code} ${name}` ? true : undefined;
  });

describe('while the files are searched for the first time', () => {
  it('no table is told to be unknown', async () => {
    const busy = await ServerClient.start({ folders: [shop] });
    await busy.open(uri('early.fql'), 'SELECT * FROM orders, nothing;');
    const told = () =>
      busy.published.filter((one) => one.uri === uri('early.fql')).map((one) => one.diagnostics.length);
    await busy.until(() => (told().at(-1) === 1 ? true : undefined));
    // the first answer came before the search had ended
    expect(told()[0]).toBe(0);
    for (const { diagnostics } of busy.published) for (const one of diagnostics) expect(one.message).toMatch('nothing');
    await busy.stop();
  });
});

describe('a table that another file defines', () => {
  it('is known, and a mistake with it is told', async () => {
    await client.open(uri('job.fql'), 'SELECT id, x FROM orders;');
    await isTold('unknown-column', 'x');
  });
  it('says in its hover where it is from, and leads there', async () => {
    const params = { textDocument: { uri: uri('job.fql') }, position: { line: 0, character: 19 } };
    const hover = await client.connection.sendRequest(HoverRequest.type, params);
    expect((hover!.contents as MarkupContent).value).toContain('defined in ddl\\/orders\\.flink\\.sql');
    expect(await client.connection.sendRequest(DefinitionRequest.type, params)).toMatchObject([
      {
        targetUri: uri('ddl/orders.flink.sql'),
        targetRange: { start: { line: 1, character: 15 }, end: { line: 1, character: 21 } },
        originSelectionRange: { start: { line: 0, character: 18 }, end: { line: 0, character: 24 } },
      },
    ]);
  });
  it('follows the file on the disk', async () => {
    writeFileSync(at('ddl/orders.flink.sql'), ddl('x'));
    await changed('ddl/orders.flink.sql');
    await isTold('unknown-column', 'id');
  });
  it('follows the text of its editor, also when that is not saved', async () => {
    await client.open(uri('ddl/orders.flink.sql'), ddl('id'));
    await isTold('unknown-column', 'x');
    await client.change(uri('ddl/orders.flink.sql'), 2, 'x', {
      start: { line: 1, character: 23 },
      end: { line: 1, character: 25 },
    });
    await isTold('unknown-column', 'id');
    writeFileSync(at('ddl/orders.flink.sql'), ddl('id'));
    await client.close(uri('ddl/orders.flink.sql'));
    await isTold('unknown-column', 'x');
  });
  it('is found again in a folder that was renamed, and not in one that was deleted', async () => {
    renameSync(at('ddl'), at('tables'));
    // another column, so that it can be told apart
    writeFileSync(at('tables/orders.flink.sql'), ddl('x'));
    await changed('ddl', 'tables');
    await isTold('unknown-column', 'id');
    const params = { textDocument: { uri: uri('job.fql') }, position: { line: 0, character: 19 } };
    expect(await client.connection.sendRequest(DefinitionRequest.type, params)).toMatchObject([
      { targetUri: uri('tables/orders.flink.sql') },
    ]);
    rmSync(at('tables'), { recursive: true });
    await changed('tables');
    await isTold('unknown-table', 'orders');
  });
  it('is found in a folder that comes, and not when it has gone', async () => {
    const other = path.join(base, 'other');
    mkdirSync(other);
    writeFileSync(path.join(other, 'o.fql'), ddl('x'));
    const folder = { uri: pathToFileURL(other).href, name: 'other' };
    const tell = (event: { added: object[]; removed: object[] }) =>
      client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.method, { event });
    await tell({ added: [folder], removed: [] });
    await isTold('unknown-column', 'id');
    await tell({ added: [], removed: [folder] });
    await isTold('unknown-table', 'orders');
  });
});
