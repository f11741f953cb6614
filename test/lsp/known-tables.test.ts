// What the editor knows of tables from a metadata store while typing: asked ahead, in few requests, without waiting.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  CodeActionRequest,
  type Diagnostic,
  DidChangeConfigurationNotification,
  HoverRequest,
  SignatureHelpRequest,
} from 'vscode-languageserver-protocol';
import { configureStores, fixColumns, metadataHover, refreshStores } from '../../server/src/protocol';
import { ServerClient } from './server-client';

let folder: string;
let uri: string;
let client: ServerClient;
let script: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flink-sql-known-'));
  uri = pathToFileURL(path.join(folder, 'job.fql')).href;
  client = await ServerClient.start({ folders: [folder] });
  return async () => {
    await client.stop();
    await rm(folder, { recursive: true, force: true });
  };
});

/** The position behind the first `word` after `text`. */
function placeOf(text: string, word: string) {
  const offset = script.indexOf(word, script.indexOf(text));
  const before = script.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length + 1 };
}

/** Writes a workspace catalog: one file for each entity. */
async function catalogOf(...entities: { typeName: string; attributes: Record<string, unknown> }[]): Promise<void> {
  for (const [index, entity] of entities.entries()) {
    const place = path.join(folder, '.flink-atlas', entity.typeName);
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, `${index}.json`), JSON.stringify(entity));
  }
}

const hiveTable = (name: string) => ({
  typeName: 'hive_table',
  attributes: { name, qualifiedName: `sales.${name}@primary` },
});
const hiveColumn = (table: string, name: string, type: string, classification?: string) => ({
  typeName: 'hive_column',
  attributes: { name, type, qualifiedName: `sales.${table}.${name}@primary` },
  relationshipAttributes: {
    table: { typeName: 'hive_table', uniqueAttributes: { qualifiedName: `sales.${table}@primary` } },
  },
  ...(classification ? { classifications: [{ typeName: classification }] } : {}),
});

describe('a table that only the store knows', () => {
  beforeEach(async () => {
    await catalogOf(
      hiveTable('orders'),
      hiveColumn('orders', 'id', 'bigint'),
      hiveColumn('orders', 'email', 'string', 'PII'),
    );
    script = `CREATE CATALOG warehouse WITH ('type' = 'hive');
SELECT id, email, ABS(email), nothing FROM warehouse.sales.orders;`;
    await client.open(uri, script);
  });

  it('gives its columns to the script as soon as it is known, and takes them back when the store goes', async () => {
    const wrong = (all: { code?: unknown }[]) => all.some(({ code }) => code === 'argument-types');
    await client.diagnostics(uri, 1, (all) => !wrong(all));
    await client.useCatalogs(folder);
    // Its type is known now; that it has no other columns is not said, for Hive may have more of them since
    const found = await client.diagnostics(uri, 1, wrong);
    expect(found.filter(({ code }) => code === 'unknown-column')).toEqual([]);
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: placeOf('SELECT', 'email'),
    });
    expect(JSON.stringify(hover?.contents)).toContain('email  STRING');
    await client.useCatalogs();
    await client.until(() => (wrong(client.published.at(-1)?.diagnostics ?? []) ? undefined : true));
  });

  it('has a card for itself and for its columns', async () => {
    await client.useCatalogs(folder);
    const card = await client.request(metadataHover, { uri, position: placeOf('FROM', 'orders') });
    expect(card?.markdown).toContain('`email` string ⚑ **PII**');
    const column = await client.request(metadataHover, { uri, position: placeOf('SELECT', 'email') });
    expect(column?.markdown).toMatch(/^\*\*email\*\* · column of orders/);
    expect(column?.known).toBe(true);
    expect(await client.request(metadataHover, { uri, position: placeOf('SELECT', 'nothing') })).toBeNull();
  });
});

describe('what the store does not go along with', () => {
  beforeEach(async () => {
    await catalogOf(
      hiveTable('orders'),
      hiveColumn('orders', 'id', 'bigint'),
      hiveColumn('orders', 'email', 'string', 'PII'),
      hiveTable('mails'),
      hiveColumn('mails', 'id', 'bigint'),
      hiveColumn('mails', 'mail', 'string'),
    );
    script = `CREATE CATALOG warehouse WITH ('type' = 'hive');
CREATE TABLE warehouse.sales.orders (
  id INT,
  email STRING
) WITH ('connector' = 'hive');
INSERT INTO warehouse.sales.mails SELECT id, email FROM warehouse.sales.orders;`;
    await client.open(uri, script);
  });
  const of = (code: string, all: readonly Diagnostic[]) => all.filter((one) => one.code === code);

  it('comes when the store is known, with fixes and places, and goes with it', async () => {
    await client.useCatalogs(folder);
    const found = await client.diagnostics(uri, 1, (all) => of('schema-drift', all).length > 0);
    const [drift] = of('schema-drift', found);
    expect(drift?.message).toMatch(/`id` is BIGINT there\.$/);
    expect(drift?.range.start).toEqual({ line: 1, character: 13 });
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: drift!.range,
      context: { diagnostics: [] },
    });
    expect(actions?.[0]?.title).toBe('Change id to BIGINT');
    // The card has a link that does the same, wherever the table is named
    const position = placeOf('FROM', 'orders');
    const card = await client.request(metadataHover, { uri, position });
    const args = encodeURIComponent(JSON.stringify([uri, position.line, position.character]));
    expect(card?.markdown).toContain(`· [Fix](command:flinkSql.fixColumns?${args})`);
    const edit = { range: expect.objectContaining({ start: { line: 2, character: 5 } }), newText: 'BIGINT' };
    expect(await client.request(fixColumns, { uri, position })).toEqual({ version: 1, edits: [edit] });
    expect(await client.request(fixColumns, { uri, position: placeOf('INSERT', 'mails') })).toBeNull();
    const [flow] = of('governance-classified', found);
    expect(flow?.message).toContain('warehouse.sales.orders.email (PII) → warehouse.sales.mails.mail');
    expect(flow?.relatedInformation?.[0]?.location.range.start).toEqual({ line: 3, character: 2 });

    await client.useCatalogs();
    await client.until(() =>
      of('governance-classified', client.published.at(-1)?.diagnostics ?? []).length === 0 ? true : undefined,
    );
    expect(of('schema-drift', client.published.at(-1)?.diagnostics ?? [])).toEqual([]);
  });

  it('stays while something else is edited, and follows what it is about', async () => {
    await client.useCatalogs(folder);
    await client.diagnostics(uri, 1, (all) => of('schema-drift', all).length > 0);
    const end = { line: 5, character: 200 };
    await client.change(uri, 2, '\nSELECT 1;', { start: end, end });
    expect(of('schema-drift', await client.diagnostics(uri, 2))).toHaveLength(1);
    const type = { start: { line: 2, character: 5 }, end: { line: 2, character: 8 } };
    await client.change(uri, 3, 'BIGINT', type);
    await client.diagnostics(uri, 3, (all) => of('schema-drift', all).length === 0);
  });

  it('is as severe as the settings say', async () => {
    await client.useCatalogs(folder);
    await client.diagnostics(uri, 1, (all) => of('governance-classified', all)[0]?.severity === 2);
    await client.connection.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { flinkSql: { governance: { PII: 'error' } } },
    });
    await client.diagnostics(uri, 1, (all) => of('governance-classified', all)[0]?.severity === 1);
    await client.connection.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { flinkSql: { governance: {}, rules: { 'schema-drift': 'off' } } },
    });
    await client.until(() => {
      const all = client.published.at(-1)?.diagnostics ?? [];
      return all.every(({ code }) => code !== 'schema-drift' && code !== 'governance-classified') ? true : undefined;
    });
  });
});

describe('an option that names a topic', () => {
  it('has the card of the topic', async () => {
    const topic = (name: string) => ({
      typeName: 'kafka_topic',
      attributes: { name, qualifiedName: `${name}@primary`, topic: name, uri: 'k:1' },
    });
    await catalogOf(topic('one'), topic('two'));
    script = "CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = 'one;two', 'format' = 'json');";
    await client.open(uri, script);
    await client.useCatalogs(folder);
    const card = (word: string) => client.request(metadataHover, { uri, position: placeOf("'topic' =", word) });
    expect((await card('one'))?.markdown).toMatch(/^\*\*one\*\*/);
    expect((await card('two'))?.markdown).toMatch(/^\*\*two\*\*/);
  });
});

it('functions are helped with while they are typed', async () => {
  script = "SELECT DATE_FORMAT(CURRENT_TIMESTAMP, 'x');";
  await client.open(uri, script);
  const help = await client.connection.sendRequest(SignatureHelpRequest.type, {
    textDocument: { uri },
    position: placeOf('SELECT', "'x'"),
  });
  expect(help).toMatchObject({ activeParameter: 1, signatures: [{ label: expect.stringContaining('DATE_FORMAT(') }] });
});

describe('a server', () => {
  let http: Server;
  let requests: string[];
  /** What it answers to names: those that it knows */
  let known: (name: string) => boolean;

  beforeEach(async () => {
    requests = [];
    http = createServer((request, response) => {
      requests.push(request.url ?? '');
      const names = [...new URL(request.url ?? '', 'http://x').searchParams.values()].filter((name) => known(name));
      const entities = names.map((qualifiedName) => ({
        guid: qualifiedName,
        typeName: 'kafka_topic',
        status: 'ACTIVE',
        attributes: { qualifiedName, name: qualifiedName.replace(/@.*/, '') },
      }));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ entities }));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return async () => {
      await new Promise((resolve) => {
        http.close(resolve);
        http.closeAllConnections();
      });
    };
  });
  const connect = () =>
    client.request(configureStores, {
      atlas: [
        {
          connection: {
            name: 'prod',
            url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
            namespace: 'prod',
            timeout: 5000,
          },
        },
      ],
      workspaceCatalogs: [],
    });

  it('is asked at most three times when a file of 100 tables is opened, and not again by their hovers', async () => {
    known = (name) => /^team\.topic-\d*[02468]@prod$/.test(name);
    const table = (n: number) =>
      `CREATE TABLE t${n} (a INT) WITH ('connector' = 'kafka', 'topic' = 'team.topic-${n}', 'properties.bootstrap.servers' = 'kafka.example:9092', 'format' = 'json');`;
    script = Array.from({ length: 100 }, (_, n) => table(n)).join('\n');
    await client.open(uri, script);
    await connect();
    for (const n of [0, 1, 50, 99]) {
      const card = await client.request(metadataHover, { uri, position: placeOf(`TABLE t${n} `, `t${n}`) });
      expect(card?.known).toBe(n % 2 === 0);
    }
    expect(requests.length).toBeLessThanOrEqual(3);
    expect(requests.length).toBeGreaterThan(0);
  });

  it('is asked anew by a refresh, and the next hover shows it', async () => {
    known = () => false;
    script =
      "CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = 'o', 'properties.bootstrap.servers' = 'k:1', 'format' = 'json');";
    await client.open(uri, script);
    await connect();
    const position = placeOf('TABLE', 't ');
    expect((await client.request(metadataHover, { uri, position }))?.known).toBe(false);
    known = (name) => name === 'o@prod';
    await client.request(refreshStores, {});
    expect((await client.request(metadataHover, { uri, position }))?.known).toBe(true);
  });
});
