// What hovers and the checks while typing get from a real Apache Atlas, and what it costs: requests are counted on the way.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { describeColumn, findColumn } from '../../server/src/atlas/describeColumn';
import { describeTables } from '../../server/src/atlas/describeTables';
import { describeJob } from '../../server/src/atlas/job';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { storeFindings, tablesOf } from '../../server/src/features/store-findings';
import { parseScript } from '../../server/src/language/parser';
import { analyseScript } from '../../server/src/semantics/analyse';
import type { TableNode } from '../../server/src/semantics/lineage';

const problem = whyNoAtlas();
const kafka = (topic: string) =>
  `WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = 'kafka.example:9092', 'format' = 'json')`;

/** A script, bound. */
function bind(text: string) {
  const { statements } = parseScript(text, { flinkVersion: '2.3', templates: false });
  const parsed = statements.map(({ statement }) => statement);
  return {
    text,
    statements,
    analysis: analyseScript(parsed, { flinkVersion: '2.3', strict: true }),
    source: { file: 'x.fql' },
  };
}

describe.skipIf(problem)(`hovers from a real Atlas${problem ? ` (${problem})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let proxy: Server;
  let requests: string[] = [];
  let store: AtlasServer;
  const rest = async (method: string, path: string, body: unknown) => {
    const answer = await fetch(`${atlas.url}/api/atlas${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${atlas.user}:${atlas.password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const publish = async (text: string) =>
    applyPublish(store, await planPublish(store, describeJob(bind(text))), { types: 'create' });

  beforeAll(async () => {
    atlas = await startAtlas();
    proxy = createServer((request, response) => {
      requests.push(request.url ?? '');
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const { host: _, connection: __, ...headers } = request.headers;
        const answer = await fetch(`${atlas.url}${request.url}`, {
          method: request.method ?? 'GET',
          headers: headers as Record<string, string>,
          ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
        });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    store = new AtlasServer(
      { name: 'test', url, namespace: 'prod', timeout: 60_000 },
      { type: 'basic', user: atlas.user, password: atlas.password },
    );
  });
  afterAll(async () => {
    proxy?.close();
    await atlas?.stop();
  });
  beforeEach(() => {
    requests = [];
  });

  test('100 tables of three kinds cost at most three requests', async () => {
    const table = (n: number, options: Record<string, string>): TableNode => ({
      name: `default_catalog.default_database.t${n}`,
      kind: 'table',
      options,
      columns: [],
    });
    const tables = Array.from({ length: 100 }, (_, n) =>
      n % 3 === 0
        ? table(n, { connector: 'kafka', topic: `team.department.topic-${n}`, 'properties.bootstrap.servers': 'k:1' })
        : n % 3 === 1
          ? table(n, {
              connector: 'jdbc',
              url: 'jdbc:postgresql://crm-db.shop.example:5432/crm',
              'table-name': `sales.table_${n}`,
            })
          : table(n, {
              connector: 'filesystem',
              path: `hdfs://nn.shop.example:8020/archive/orders/table_${n}`,
              format: 'csv',
            }),
    );
    await rest('POST', '/v2/entity/bulk', {
      entities: tables.flatMap(({ options: { topic } }) =>
        topic
          ? [
              {
                typeName: 'kafka_topic',
                attributes: { name: topic, qualifiedName: `${topic}@prod`, topic, uri: 'k:1' },
              },
            ]
          : [],
      ),
    });
    const answers = await describeTables(store, tables, new Map());
    expect(answers.filter(({ found }) => found)).toHaveLength(34);
    expect(answers.filter((answer) => 'error' in answer)).toEqual([]);
    expect(requests.length).toBeLessThanOrEqual(3);
  });

  test('a classification that comes along lineage silences what was told before the publish', async () => {
    await publish(`SET 'pipeline.name' = 'import';
CREATE TABLE crm (id BIGINT, email STRING) ${kafka('crm')};
CREATE TABLE customers (id BIGINT, email STRING) ${kafka('customers')};
INSERT INTO customers SELECT id, email FROM crm;`);
    await rest('POST', '/v2/types/typedefs', {
      classificationDefs: [{ name: 'PII', superTypes: [], attributeDefs: [] }],
      entityDefs: [],
      enumDefs: [],
      structDefs: [],
      relationshipDefs: [],
    });
    const [column] = await store.findByName('flink_column', ['kafka_topic:customers.email@prod']);
    await rest('POST', `/v2/entity/guid/${column?.entity.guid}/classifications`, [{ typeName: 'PII' }]);

    const script = bind(`SET 'pipeline.name' = 'mail';
CREATE TABLE customers (id BIGINT, email STRING) ${kafka('customers')};
CREATE TABLE mails (id BIGINT, address STRING) ${kafka('mails')};
INSERT INTO mails SELECT id, LOWER(email) FROM customers;`);
    const findings = async () => {
      const answers = await describeTables(store, [...tablesOf(script).values()], new Map());
      const found = storeFindings(script, {
        answers: new Map(answers.map((answer) => [answer.table, answer])),
        place: 'Atlas',
        governance: { classifications: { PII: 'warning' }, masking: [] },
        isOwnJob: (name) => name === 'mail@prod',
      });
      return [...found.values()].flat().map(({ severity, message }) => `${severity} ${message}`);
    };
    expect(await findings()).toEqual([
      'information PII flows into what Atlas does not know yet: customers.email (PII) → mails.address.',
    ]);
    await publish(script.text);
    expect(await findings()).toEqual([]);
  });

  test('a column is told with where its values come from and go to, in one request', async () => {
    const { analysis } = bind(`CREATE TABLE customers (id BIGINT, email STRING) ${kafka('customers')};`);
    const [answer] = await describeTables(store, [...analysis.tables.values()], new Map());
    if (!answer?.found) throw new Error('It is not there.');
    expect(answer.card.upstream).toEqual(['import']);
    expect(answer.card.downstream).toEqual(['mail']);
    const column = findColumn(answer.card, 'email');
    requests = [];
    const card = await describeColumn(store, answer.card, column!);
    expect(requests).toHaveLength(1);
    expect(card).toMatchObject({ upstream: ['crm.email'], downstream: ['mails.address'] });
    expect(card.column.classifications).toEqual(['PII']);
  });

  test('what was deleted is told as deleted where a script reads it, and is no table for the binder', async () => {
    const [topic, living] = ['deleted.topic', 'living.topic'].map((name) => ({
      typeName: 'kafka_topic',
      attributes: { name, qualifiedName: `${name}@prod`, topic: name, uri: name },
    }));
    await rest('POST', '/v2/entity/bulk', { entities: [topic, living] });
    await rest(
      'DELETE',
      '/v2/entity/uniqueAttribute/type/kafka_topic?attr:qualifiedName=deleted.topic@prod',
      undefined,
    );
    const tables = ['deleted.topic', 'living.topic', 'unknown.topic'].map(
      (name): TableNode => ({
        name: `default_catalog.default_database.${name}`,
        kind: 'table',
        options: { connector: 'kafka', topic: name, 'properties.bootstrap.servers': 'k:1' },
        columns: [],
      }),
    );
    // the index of a search follows the write a moment later
    await expect
      .poll(async () => (await describeTables(store, tables, new Map())).map((one) => one.found && one.card.status), {
        timeout: 30_000,
      })
      .toEqual(['deleted', 'active', false]);
  });
});
