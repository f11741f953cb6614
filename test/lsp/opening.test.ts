// How many requests opening a file of 100 tables costs in all: cards, findings, lenses and the tree together. On a real
// Atlas the same is counted in test/atlas/opening.atlas.test.ts.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import { ourTypes } from '../../server/src/atlas/typedefs';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { describeScript } from '../atlas/jobs';
import { costOfOpening, scriptOf } from './opening';

let folder: string;
let store: WorkspaceCatalog;
let atlas: Server;

/** The part of Atlas's interface that reading takes, over a catalog in a folder. */
async function answer(request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const api = pathname.replace('/api/atlas/v2', '');
  const type = /uniqueAttribute\/type\/(\w+)/.exec(api)?.[1];
  const known = ['kafka_topic', 'rdbms_instance', 'rdbms_db', 'rdbms_table', 'rdbms_column', 'hdfs_path', ...ourTypes];
  if (api === '/types/typedefs/headers') return known.map((name) => ({ name, category: 'ENTITY' }));
  if (api === '/types/typedefs') return { businessMetadataDefs: [{ name: 'Flink' }, { name: 'Ops' }] };
  if (api === '/search/basic') return { entities: [] };
  const found = type
    ? await store.findByName(type, [...searchParams.values()])
    : await store.findByGuid(searchParams.getAll('guid'));
  return {
    entities: found.map(({ entity }) => entity),
    referredEntities: Object.assign({}, ...found.map(({ owned }) => owned)),
  };
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flink-sql-opening-'));
  store = new WorkspaceCatalog(folder, { namespace: 'prod' });
  atlas = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await answer(request)));
  });
  await new Promise<void>((done) => atlas.listen(0, '127.0.0.1', done));
  return async () => {
    atlas.close();
    atlas.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  };
});

const open = (...scripts: { name: string; text: string }[]) => {
  const url = `http://127.0.0.1:${(atlas.address() as AddressInfo).port}`;
  return costOfOpening(url, { type: 'basic', user: 'ann', password: 'secret' }, scripts);
};

it('of jobs that are not published', async () => {
  const [connecting, ...files] = await open(
    { name: 'first', text: scriptOf('first') },
    { name: 'second', text: scriptOf('second') },
  );
  expect(connecting).toEqual(['GET /v2/types/typedefs', 'GET /v2/types/typedefs/headers']);
  const names = 'GET /v2/entity/bulk/uniqueAttribute/type/Asset';
  const deleted = 'POST /v2/search/basic';
  expect(files).toEqual([
    [names, deleted],
    [names, deleted],
  ]);
});

it('of jobs that are published and share tables with others', async () => {
  for (const name of ['other', 'first', 'second']) {
    const job = describeScript(scriptOf(name, 'common'));
    await applyPublish(store, await planPublish(store, job), { types: 'create' });
  }
  const files = await open(
    { name: 'first', text: scriptOf('first', 'common') },
    { name: 'second', text: scriptOf('second', 'common') },
    { name: 'second, again', text: scriptOf('second', 'common') },
  );
  expect(files.slice(1).map((asked) => asked.length)).toEqual([2, 1, 0]);
});
