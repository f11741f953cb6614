// A real Atlas behind a proxy that breaks things: whatever happens in a publish, after a retry Atlas has what it should.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { deliver, deliverWaiting, KeptForLater } from '../../server/src/atlas/deliver';
import { qualifiedNameOf } from '../../server/src/atlas/entity';
import { Outbox } from '../../server/src/atlas/outbox';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { type MetadataStore, StoreError } from '../../server/src/atlas/store';
import {
  applyPublish as applyPublishRequest,
  configureStores,
  planPublish as planPublishRequest,
} from '../../server/src/protocol';
import { ServerClient } from '../lsp/server-client';
import { enrichOrders, enrichOrdersLess, segmentStatistics } from './jobs';

const problem = whyNoAtlas();
const kafka = (topic: string) =>
  `WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = 'k:9092', 'format' = 'json')`;
const killedScript = `-- @job killed
CREATE TABLE a (id BIGINT, name STRING) ${kafka('a')};
CREATE TABLE b (id BIGINT, name STRING) ${kafka('b')};
INSERT INTO b SELECT id, UPPER(name) FROM a;`;
/** The same with more than goes into one bulk */
const wideScript = (() => {
  const names = Array.from({ length: 60 }, (_, i) => `c${i}`).join(', ');
  const columns = names.replaceAll(',', ' STRING,');
  return `-- @job killed
CREATE TABLE a (${columns} STRING) ${kafka('a')};
CREATE TABLE b (${columns} STRING) ${kafka('b')};
INSERT INTO b SELECT ${names} FROM a;`;
})();
const folder = mkdtempSync(join(tmpdir(), 'flink-faults-'));

/** What happens to one request; `pass` sends it on and gives Atlas's answer. */
type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
  pass: () => Promise<{ status: number; body: Buffer }>,
) => unknown;

/** What Atlas is only given after the client has long given up, as a stalled connection does. */
const late: (() => Promise<unknown>)[] = [];

const status =
  (code: number): Fault =>
  (_, response) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end('{}');
  };

const faults: Record<string, Fault> = {
  'connection refused': (request) => request.socket.destroy(),
  'reset after Atlas has done it': async (request, _, pass) => {
    await pass();
    request.socket.destroy();
  },
  401: status(401),
  403: status(403),
  409: status(409),
  429: status(429),
  500: status(500),
  503: status(503),
  'a page instead of data': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html></html>');
  },
  'an answer that is cut off': async (_, response, pass) => {
    const { body } = await pass();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body.subarray(0, Math.max(1, body.length >> 1)));
  },
  'an answer that drips': async (_, response, pass) => {
    await pass();
    response.writeHead(200, { 'content-type': 'application/json' });
    const drip = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(drip));
  },
  'no answer': () => {},
  'a stall that ends after the retry': (_, __, pass) => {
    late.push(pass);
  },
};

describe.skipIf(problem)(`a real Atlas with faults${problem ? ` (${problem})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let proxy: string;
  /** Decides about each request: undefined lets it through. */
  let treat: (request: IncomingMessage) => Fault | undefined = () => undefined;
  const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const pass = () =>
        new Promise<{ status: number; body: Buffer }>((done, fail) => {
          const onward = forward(
            `${atlas.url}${request.url}`,
            { method: request.method, headers: { ...request.headers, host: new URL(atlas.url).host } },
            (answer) => {
              const body: Buffer[] = [];
              answer.on('data', (chunk: Buffer) => body.push(chunk));
              answer.on('end', () => done({ status: answer.statusCode ?? 500, body: Buffer.concat(body) }));
            },
          );
          onward.on('error', fail);
          onward.end(Buffer.concat(chunks));
        });
      const through = async () => {
        const answer = await pass();
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(answer.body);
      };
      const treated = async () => {
        const fault = treat(request);
        await (fault ? fault(request, response, pass) : through());
      };
      // Atlas itself may break off what two deliveries at once have brought it to
      treated().catch(() => request.socket.destroy());
    });
  });

  beforeAll(async () => {
    atlas = await startAtlas({ flinkTypes: true });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const direct = connect(atlas.url, 'first');
    await applyPublish(direct, await planPublish(direct, enrichOrders()), { types: 'create' });
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await atlas?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function connect(url: string, namespace: string, timeout = 20_000): MetadataStore {
    const secret = { type: 'basic', user: atlas.user, password: atlas.password } as const;
    return new AtlasServer({ name: 'test', url, namespace, timeout }, secret);
  }

  /** Atlas has everything once: nothing to change, and one of each name. */
  async function expectComplete(namespace: string, job = enrichOrders()) {
    const direct = connect(atlas.url, namespace);
    expect((await planPublish(direct, job)).preview.summary).toBe('');
    await expectOnce(namespace);
  }

  /** No name stands for two things, and each leads to its one. */
  async function expectOnce(namespace: string) {
    const direct = connect(atlas.url, namespace);
    const where = { attribute: 'qualifiedName', operator: 'contains', value: `@${namespace}` } as const;
    const { entities } = await direct.search({ typeName: 'Asset', where, offset: 0, limit: 1000 });
    // the index lags behind: what it names is looked up
    const found = await direct.findByGuid(entities.map((header) => header.guid));
    const active = found
      .map(({ entity }) => entity)
      .filter((entity) => entity.status !== 'DELETED' && qualifiedNameOf(entity).includes(`@${namespace}`));
    // no search that finds nothing
    expect(active.length).toBeGreaterThan(3);
    const byName = new Map(active.map((entity) => [`${entity.typeName} ${qualifiedNameOf(entity)}`, entity]));
    expect(active.map((entity) => `${entity.typeName} ${qualifiedNameOf(entity)}`).sort()).toEqual(
      [...byName.keys()].sort(),
    );
    for (const typeName of new Set(active.map((entity) => entity.typeName))) {
      const names = active.filter((entity) => entity.typeName === typeName);
      const led = await direct.findByName(typeName, names.map(qualifiedNameOf), undefined, { bare: true });
      expect(led.map(({ entity }) => entity.guid).sort()).toEqual(names.map(({ guid }) => guid).sort());
    }
  }

  const isChange = (request: IncomingMessage) => request.method !== 'GET';

  let count = 0;
  describe.each([
    { when: 'while Atlas is asked', hits: (request: IncomingMessage) => !isChange(request) },
    { when: 'while Atlas is changed', hits: isChange },
  ])('$when', ({ hits }) => {
    test.each(Object.keys(faults))('%s', async (name) => {
      const namespace = `fault${++count}`;
      const outbox = new Outbox(join(folder, namespace));
      treat = (request) => (hits(request) ? faults[name] : undefined);
      const publishing = deliver(outbox, connect(proxy, namespace, 1_000), enrichOrders(), { types: 'create' });
      const failure = await publishing.then(
        () => undefined,
        (error: unknown) => error,
      );
      treat = () => undefined;
      expect(failure).toBeDefined();
      const waiting = await outbox.list();
      expect(waiting.length).toBe(failure instanceof KeptForLater ? 1 : 0);
      // what was refused outright is published anew by the user, the rest by the outbox
      const store = connect(proxy, namespace);
      if (waiting.length) await deliverWaiting(outbox, () => store, 'all');
      else await deliver(outbox, store, enrichOrders(), { types: 'create' });
      expect((await outbox.list()).map((waiting) => waiting.error)).toEqual([]);
      for (const done of late.splice(0)) await done();
      await expectComplete(namespace);
    });
  });

  test('a stall of 30 s, for one who waits and for one who does not', { timeout: 180_000 }, async () => {
    const stalls: Promise<unknown>[] = [];
    // the first write of each: they follow each other
    treat = (request) =>
      isChange(request) && request.url?.startsWith('/api/atlas/v2/entity/bulk') && stalls.length < 2
        ? (_, response, pass) => {
            const stalled = new Promise((over) => setTimeout(over, 30_000)).then(pass).then((answer) => {
              response.writeHead(answer.status, { 'content-type': 'application/json' });
              response.end(answer.body);
            });
            stalls.push(stalled);
          }
        : undefined;
    const outbox = new Outbox(join(folder, 'stall'));
    const patient = deliver(outbox, connect(proxy, 'patient', 60_000), enrichOrders(), { types: 'create' });
    const hasty = deliver(outbox, connect(proxy, 'hasty', 1_000), enrichOrders(), { types: 'create' });
    await expect(hasty).rejects.toMatchObject({ name: 'KeptForLater', code: 'timeout' });
    expect((await patient).pushed).toBeGreaterThan(0);
    await Promise.all(stalls);
    treat = () => undefined;
    await deliverWaiting(outbox, () => connect(proxy, 'hasty'), 'all');
    expect(await outbox.list()).toEqual([]);
    await expectComplete('patient');
    await expectComplete('hasty');
  });

  test.each([
    ['knows nothing yet', 200],
    ['is broken', 500],
  ])('an index that %s', async (how, code) => {
    treat = (request) =>
      request.url?.includes('/search/')
        ? (_, response) => {
            response.writeHead(code, { 'content-type': 'application/json' });
            response.end('{}');
          }
        : undefined;
    const namespace = `index-${how.replaceAll(' ', '-')}`;
    const outbox = new Outbox(join(folder, namespace));
    await deliver(outbox, connect(proxy, namespace), enrichOrders(), { types: 'create' });
    await deliver(outbox, connect(proxy, namespace), enrichOrdersLess(), { types: 'create' });
    expect(await outbox.list()).toEqual([]);
    treat = () => undefined;
    await expectComplete(namespace, enrichOrdersLess());
  });

  test('nobody listens, then somebody does', async () => {
    const outbox = new Outbox(join(folder, 'refused'));
    const { port } = server.address() as AddressInfo;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    const store = connect(proxy, 'refused');
    await expect(deliver(outbox, store, enrichOrders(), { types: 'create' })).rejects.toMatchObject({
      name: 'KeptForLater',
      message: expect.stringMatching(/^Nothing answers at/),
    });
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    expect(await deliverWaiting(outbox, () => store, 'all')).toHaveLength(1);
    await expectComplete('refused');
  });

  test('every change delivered twice', async () => {
    treat = (request) =>
      isChange(request)
        ? async (_, response, pass) => {
            await pass();
            const { status: code, body } = await pass();
            response.writeHead(code, { 'content-type': 'application/json' });
            response.end(body);
          }
        : undefined;
    const store = connect(proxy, 'twice');
    await applyPublish(store, await planPublish(store, enrichOrders()), { types: 'create' }).catch(() => {});
    treat = () => undefined;
    const plan = await planPublish(store, enrichOrders());
    if (plan.preview.summary) await applyPublish(store, plan, { types: 'create' });
    await expectComplete('twice');
  });

  test.each(['the first', 'the last'])(
    'every change delivered twice at the same instant, %s answer counts',
    async (which) => {
      const namespace = `instant-${which.slice(4)}`;
      treat = (request) =>
        isChange(request)
          ? async (_, response, pass) => {
              const both = [pass(), pass()];
              const answers = which === 'the first' ? [await Promise.race(both)] : await Promise.all(both);
              const answer = answers.find(({ status: code }) => code < 300) ?? answers[0];
              await Promise.all(both);
              response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json' });
              response.end(answer?.body);
            }
          : undefined;
      const outbox = new Outbox(join(folder, namespace));
      const store = connect(proxy, namespace);
      await deliver(outbox, store, enrichOrders(), { types: 'create' }).catch(() => {});
      treat = () => undefined;
      await deliver(outbox, store, enrichOrders(), { types: 'create' }).catch((error: unknown) => {
        // nothing but that Atlas itself is stalled by what it was given at once
        if (!(error instanceof KeptForLater && error.cause instanceof StoreError && error.cause.code === 'timeout'))
          throw error;
      });
      await sendWaiting(outbox, store);
      await expectComplete(namespace);
    },
    300_000,
  );

  /** Sends what waits, as the editor does after a while, until nothing does. */
  async function sendWaiting(outbox: Outbox, store: MetadataStore) {
    for (let attempt = 0; attempt < 20 && (await outbox.list()).length > 0; attempt++)
      await deliverWaiting(outbox, () => store, 'all');
    expect(await outbox.list()).toEqual([]);
  }

  test('several publishers at the same time, of jobs that share tables', async () => {
    const namespace = 'together';
    const jobs = [
      enrichOrders(),
      segmentStatistics(),
      ...['a', 'b', 'c', 'd'].map((name) => ({ ...enrichOrders(), name })),
    ];
    await Promise.all(
      jobs.map(async (job) => {
        const outbox = new Outbox(join(folder, `${namespace}-${job.name}`));
        const store = connect(proxy, namespace);
        await deliver(outbox, store, job, { types: 'create' }).catch(() => {});
        await sendWaiting(outbox, store);
        expect((await outbox.list()).map((waiting) => waiting.error)).toEqual([]);
      }),
    );
    for (const job of jobs) await expectComplete(namespace, job);
  });

  test('cancelled at every request of an update', async () => {
    for (let step = 1; ; step++) {
      const namespace = `cancel${step}`;
      const direct = connect(atlas.url, namespace);
      await applyPublish(direct, await planPublish(direct, enrichOrders()), { types: 'create' });
      const outbox = new Outbox(join(folder, namespace));
      const abort = new AbortController();
      let seen = 0;
      treat = () => {
        if (++seen === step) abort.abort();
        return undefined;
      };
      const store = connect(proxy, namespace);
      const done = await deliver(outbox, store, enrichOrdersLess(), { types: 'create' }, undefined, abort.signal).then(
        () => true,
        () => false,
      );
      treat = () => undefined;
      // Atlas may still be at work on what was cancelled, and refuse the first attempts because of it
      for (let attempt = 0; attempt < 20 && (await outbox.list()).length > 0; attempt++) {
        await deliverWaiting(outbox, () => store, 'all');
      }
      expect((await outbox.list()).map((waiting) => waiting.error)).toEqual([]);
      await expectComplete(namespace, enrichOrdersLess());
      if (done) break;
      expect(step).toBeLessThan(40);
    }
  });

  test('several processes at the same time, of jobs that share tables', async () => {
    const namespace = 'processes';
    const scripts = ['one', 'two', 'three', 'four'].map((name) => {
      const script = join(folder, `${name}.sql`);
      writeFileSync(
        script,
        `-- @job ${name}
         CREATE TABLE a (id BIGINT, name STRING) ${kafka('shared')};
         CREATE TABLE b (id BIGINT, name STRING) ${kafka(`sink-${name}`)};
         INSERT INTO b SELECT id, UPPER(name) FROM a;`,
      );
      return script;
    });
    // a gate, so that all have planned before the first of them writes
    let writing = 0;
    const gates: (() => void)[] = [];
    treat = (request) =>
      request.url?.startsWith('/api/atlas/v2/entity/bulk') && request.method === 'POST' && writing < scripts.length
        ? async (_, response, pass) => {
            writing++;
            await new Promise<void>((open) => {
              gates.push(open);
              if (writing === scripts.length) for (const gate of gates) gate();
            });
            const { status: code, body } = await pass();
            response.writeHead(code, { 'content-type': 'application/json' });
            response.end(body);
          }
        : undefined;
    const codes = await Promise.all(scripts.map((script) => publishFile(script, namespace)));
    treat = () => undefined;
    expect(codes.filter((code) => code === 1)).toEqual([]);
    // those that stood in each other's way are kept, and sent by the next
    for (const script of scripts) expect(await publishFile(script, namespace)).toBe(0);
    await expectOnce(namespace);
    let changes = 0;
    treat = (request) => {
      if (isChange(request) && !request.url?.includes('/search/')) changes++;
      return undefined;
    };
    for (const script of scripts) expect(await publishFile(script, namespace)).toBe(0);
    treat = () => undefined;
    expect(changes).toBe(0);
    const direct = connect(atlas.url, namespace);
    const [topic] = await direct.findByName('kafka_topic', [`shared@${namespace}`]);
    const graph = await direct.lineage(topic?.entity.guid ?? '', 'OUTPUT', 3);
    const reached = Object.values(graph.guidEntityMap).map(qualifiedNameOf).sort();
    expect(reached).toEqual(
      [
        `shared@${namespace}`,
        ...['one', 'two', 'three', 'four'].flatMap((name) => [`${name}/b@${namespace}`, `sink-${name}@${namespace}`]),
      ].sort(),
    );
  });

  test('two who publish one job at the same time, each with another script', async () => {
    const namespace = 'two';
    let writing = 0;
    let open = () => {};
    const both = new Promise<void>((done) => {
      open = done;
    });
    treat = (request) =>
      request.url?.startsWith('/api/atlas/v2/entity/bulk') && request.method === 'POST' && writing < 2
        ? async (_, response, pass) => {
            if (++writing === 2) open();
            await both;
            const { status: code, body } = await pass();
            response.writeHead(code, { 'content-type': 'application/json' });
            response.end(body);
          }
        : undefined;
    const scripts = ['a', 'c'].map((source) => {
      const script = join(folder, `two-${source}.sql`);
      writeFileSync(script, killedScript.replace(/\ba\b/g, source).replace('killed', 'two'));
      return script;
    });
    const publishAs = (script: string, who: string) => publishFile(script, namespace, undefined, `two-${who}`);
    const codes = await Promise.all(scripts.map((script, index) => publishAs(script, String(index))));
    treat = () => undefined;
    expect(codes.filter((code) => code === 1)).toEqual([]);
    // the last one has the word, as always
    for (const script of scripts) expect(await publishAs(script, 'last')).toBe(0);
    await expectOnce(namespace);
    const direct = connect(atlas.url, namespace);
    const [topic] = await direct.findByName('kafka_topic', [`b@${namespace}`]);
    const graph = await direct.lineage(topic?.entity.guid ?? '', 'INPUT', 3);
    expect(Object.values(graph.guidEntityMap).map(qualifiedNameOf).sort()).toEqual([
      `b@${namespace}`,
      `c@${namespace}`,
      `two/b@${namespace}`,
    ]);
  });

  /** Publishes a file in a process of its own; its exit code, null when it was killed. */
  function publishFile(
    script: string,
    namespace: string,
    onStart: (kill: () => void) => void = () => {},
    outbox = namespace,
  ) {
    return new Promise<number | null>((done) => {
      const child = spawn(
        process.execPath,
        [cli, 'publish', script, '--atlas', proxy, '--namespace', namespace, '--apply'],
        {
          env: {
            ...process.env,
            FLINK_SQL_OUTBOX: join(folder, outbox),
            FLINK_SQL_ATLAS_USER: atlas.user,
            FLINK_SQL_ATLAS_PASSWORD: atlas.password,
          },
          stdio: 'ignore',
        },
      );
      onStart(() => child.kill('SIGKILL'));
      child.on('close', done);
    });
  }

  /** The same, again where it was kept for later. */
  async function publishAtLast(script: string, namespace: string) {
    let code: number | null = 2;
    for (let attempt = 0; attempt < 3 && code === 2; attempt++) code = await publishFile(script, namespace);
    expect(code).toBe(0);
  }

  /** The editor's server, on the proxy, with an outbox of its own. */
  async function editor(namespace: string) {
    const client = await ServerClient.start({ folders: [folder], outbox: join(folder, namespace) });
    const connection = { name: 'prod', url: proxy, namespace, timeout: 20_000 };
    const secret = { type: 'basic', user: atlas.user, password: atlas.password } as const;
    await client.request(configureStores, { atlas: [{ connection, secret }], workspaceCatalogs: [] });
    return client;
  }

  test("the editor's server is killed at every request of a publish, and the next one finishes it", {
    timeout: 900_000,
  }, async () => {
    const uri = pathToFileURL(join(folder, 'job.flink.sql')).href;
    const planned = async (client: ServerClient) => {
      await client.open(uri, killedScript);
      const plan = await client.request(planPublishRequest, { uri });
      if (!plan.ok) throw new Error(plan.error.message);
      return plan.value;
    };
    for (const after of [false, true]) {
      for (let step = 1; ; step++) {
        const namespace = `editor${after ? 'after' : 'before'}${step}`;
        const client = await editor(namespace);
        const { id } = await planned(client);
        let seen = 0;
        let struck = false;
        const killed = new Promise<'killed'>((done) => client.process.once('exit', () => done('killed')));
        treat = () =>
          ++seen !== step
            ? undefined
            : async (_, __, pass) => {
                if (after) await pass();
                struck = true;
                client.process.kill('SIGKILL');
              };
        const applying = client.request(applyPublishRequest, { plan: id, types: 'create' }).then(
          () => 'done' as const,
          () => killed,
        );
        await Promise.race([applying, killed]);
        treat = () => undefined;
        // what the editor asks beside the publish, for its lenses, may be what ended it, right after the publish too
        if (struck) await killed;
        else {
          await client.stop();
          expect(step).toBeGreaterThan(3);
          break;
        }
        client.connection.dispose();
        // the next start of the editor, and nothing else
        const next = await editor(namespace);
        const empty = () => (next.waiting.at(-1)?.waiting === 0 ? true : undefined);
        await next.until(empty);
        expect((await planned(next)).summary).toBe('');
        await next.stop();
        await expectOnce(namespace);
        await expectLineage(namespace);
        expect(step).toBeLessThan(40);
      }
    }
  });

  /** `a` flows through the job into `b`, and nowhere else. */
  async function expectLineage(namespace: string) {
    const direct = connect(atlas.url, namespace);
    const [topic] = await direct.findByName('kafka_topic', [`a@${namespace}`]);
    const graph = await direct.lineage(topic?.entity.guid ?? '', 'OUTPUT', 3);
    expect(Object.values(graph.guidEntityMap).map(qualifiedNameOf).sort()).toEqual([
      `a@${namespace}`,
      `b@${namespace}`,
      `killed/b@${namespace}`,
    ]);
  }

  // what a publish does beside its requests (its entry in the outbox before the first, taking it out and the history after
  // the last) lies between two of these moments, and changes nothing in Atlas
  test.each([
    { when: 'request of a first publish', of: killedScript, before: undefined, least: 3 },
    { when: 'write of more than one bulk', of: wideScript, before: undefined, least: 2 },
    {
      when: 'request of a publish that takes away',
      of: killedScript,
      least: 5,
      before: `-- @job killed
CREATE TABLE a (id BIGINT, name STRING) ${kafka('a')};
CREATE TABLE b (id BIGINT, name STRING) ${kafka('b')};
CREATE TABLE c (id BIGINT, name STRING) ${kafka('c')};
CREATE TABLE d (id BIGINT, name STRING) ${kafka('d')};
INSERT INTO b SELECT id, name FROM a UNION ALL SELECT id, name FROM c;
INSERT INTO d SELECT id, name FROM a;`,
    },
  ])('killed at every $when, before and after Atlas has done it', { timeout: 900_000 }, async (tried) => {
    const { when, of, before, least } = tried;
    const script = join(folder, 'job.sql');
    writeFileSync(script, of);
    const counts = (request: IncomingMessage) =>
      !when.startsWith('write') || (isChange(request) && !request.url?.includes('/search/'));
    const earlier = join(folder, 'earlier.sql');
    if (before) writeFileSync(earlier, before);
    const run = (namespace: string, onRequest: (kill: () => void, seen: number) => Fault | undefined) =>
      publishFile(script, namespace, (kill) => {
        let seen = 0;
        treat = (request) => (counts(request) ? onRequest(kill, ++seen) : undefined);
      });
    for (const after of [false, true]) {
      for (let step = 1; ; step++) {
        const namespace = `kill${when.replace(/\W/g, '')}${after ? 'after' : 'before'}${step}`;
        treat = () => undefined;
        if (before) await publishAtLast(earlier, namespace);
        const code = await run(namespace, (kill, seen) =>
          seen !== step
            ? undefined
            : async (_, __, pass) => {
                if (after) await pass();
                kill();
              },
        );
        if (code === 0) {
          expect(step).toBeGreaterThan(least);
          break;
        }
        expect(code).toBeNull();
        // the command line again, as a user or a timer would
        expect(await run(namespace, () => undefined)).toBe(0);
        expect(await new Outbox(join(folder, namespace)).list()).toEqual([]);
        await expectOnce(namespace);
        await expectLineage(namespace);
        expect(step).toBeLessThan(40);
      }
      // nothing is left to write
      if (of === wideScript) {
        let writes = 0;
        await run(`kill${when.replace(/\W/g, '')}${after ? 'after' : 'before'}1`, () => {
          writes++;
          return undefined;
        });
        expect(writes).toBe(0);
      }
    }
  });
});
