// What opening a file asks of Atlas: scripts of many tables, a proxy that counts, and a client that waits for all of it.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { configureStores, metadataHover, type Secret, treePath } from '../../server/src/protocol';
import { ServerClient } from './server-client';

/** Tables of a script, and statements that write. */
const TABLES = 100;
const INSERTS = 8;

const connectors: ((name: string) => string)[] = [
  (name) =>
    `'connector' = 'kafka', 'topic' = 'shop.checkout.${name}.v2', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json'`,
  (name) =>
    `'connector' = 'upsert-kafka', 'topic' = 'shop.state.${name}', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json'`,
  (name) =>
    `'connector' = 'jdbc', 'url' = 'jdbc:postgresql://crm-db.shop.example:5432/crm', 'table-name' = 'sales.${name}'`,
  (name) => `'connector' = 'filesystem', 'path' = 'hdfs://nn.shop.example:8020/archive/${name}', 'format' = 'json'`,
];

/**
 * A job of 100 tables of several kinds. Each statement writes a table of its own from one of the others; `job` names it
 * all, so that two jobs share tables only where `shared` says so.
 */
export function scriptOf(job: string, shared = job): string {
  const columns = 'id BIGINT, customer STRING, amount DECIMAL(10, 2), note STRING, ts TIMESTAMP(3)';
  const declared = Array.from({ length: TABLES }, (_, index) => {
    const name = `${index < INSERTS ? job : shared}_t${index}`;
    const key = index % 4 === 1 ? ', PRIMARY KEY (id) NOT ENFORCED' : '';
    return `CREATE TABLE t${index} (${columns}${key}) WITH (${connectors[index % 4]!(name)});`;
  });
  const written = Array.from(
    { length: INSERTS },
    (_, index) => `INSERT INTO t${index} SELECT id, UPPER(customer), amount, note, ts FROM t${index + INSERTS};`,
  );
  return [`SET 'pipeline.name' = '${job}';`, ...declared, ...written].join('\n');
}

function piecesIn(url: string, body: Buffer): number {
  if (body.length === 0) return url.split('guid=').length - 1;
  return (JSON.parse(body.toString()) as { entities: unknown[] }).entities.length;
}

/** A server between the editor and Atlas that remembers what is asked of Atlas. */
export class CountingProxy {
  /** 'GET /v2/types/typedefs/headers' of each request, in order; without the names that are asked for */
  requests: string[] = [];
  /** How many pieces each request that changes some was about */
  readonly changed: number[] = [];
  private readonly server: Server;

  private constructor(atlas: string) {
    this.server = createServer((request, response) => {
      const { method = 'GET', url = '' } = request;
      this.requests.push(`${method} ${url.replace(/^\/api\/atlas/, '').replace(/\?.*/s, '')}`);
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        if (method !== 'GET' && url.includes('/entity/bulk')) this.changed.push(piecesIn(url, Buffer.concat(chunks)));
        const { host: _, connection: __, ...headers } = request.headers;
        const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {};
        const answer = await fetch(atlas + url, { method, headers: headers as Record<string, string>, ...body });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
  }

  /** Listens before an Atlas at an address. */
  static async before(atlas: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(atlas);
    await new Promise<void>((done) => proxy.server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What was asked since the last time. */
  take(): string[] {
    const taken = this.requests;
    this.requests = [];
    return taken;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Whether a request is made once for a connection, however many files are opened: which types there are. */
export function isOnce(request: string): boolean {
  return /^GET \/v2\/types\/typedefs(\/headers)?$/.test(request);
}

/**
 * Opens scripts one after the other in an editor that has just connected to an Atlas, and waits for all that follows: cards,
 * findings, lenses, the row of the job in the tree. Answers what was asked of Atlas: once for the connection, and for each.
 */
export async function costOfOpening(
  atlas: string,
  secret: Secret,
  scripts: readonly { name: string; text: string }[],
): Promise<string[][]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'flink-sql-opening-'));
  const proxy = await CountingProxy.before(atlas);
  // Business metadata is asked for too where the settings name some
  const businessMetadata = { 'Flink.owner': '${owner}', 'Ops.file': '${file}', 'Third.job': '${job}' };
  const client = await ServerClient.start({ folders: [folder], settings: { atlas: { businessMetadata } } });
  try {
    const connection = { name: 'test', url: proxy.url, namespace: 'prod', timeout: 60_000 };
    const costs: string[][] = [];
    for (const [index, { name, text }] of scripts.entries()) {
      const uri = pathToFileURL(path.join(folder, `${name}.fql`)).href;
      const lenses = client.lensesChanged;
      await client.open(uri, text);
      if (index === 0) {
        await client.request(configureStores, { atlas: [{ connection, secret }], workspaceCatalogs: [] });
      }
      await client.until(() => (client.lensesChanged > lenses ? true : undefined));
      const line = text.split('\n').findIndex((each) => each.startsWith('INSERT'));
      for (const word of ['INTO t', 'FROM t']) {
        const position = { line, character: text.split('\n')[line]!.indexOf(word) + word.length };
        const card = await client.request(metadataHover, { uri, position });
        if (!card || /Retry/.test(card.markdown)) throw new Error(`No card behind ${word}: ${card?.markdown}`);
      }
      await client.request(treePath, { uri, group: 'application' });
      costs.push(proxy.take());
    }
    return [costs.flat().filter(isOnce).sort(), ...costs.map((asked) => asked.filter((request) => !isOnce(request)))];
  } finally {
    await client.stop();
    proxy.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
