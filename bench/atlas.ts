// How much our work adds to what Atlas itself takes, side by side in one run on a real Atlas. Figures and ratios.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AtlasServer } from '../server/src/atlas/atlasServer';
import { deliver } from '../server/src/atlas/deliver';
import { describeTables } from '../server/src/atlas/describeTables';
import type { EntityToWrite } from '../server/src/atlas/entity';
import type { Job } from '../server/src/atlas/job';
import { Outbox } from '../server/src/atlas/outbox';
import { planPublish } from '../server/src/atlas/publish';
import type { MetadataStore } from '../server/src/atlas/store';
import { listJobs } from '../server/src/atlas/tree';
import { ourTypes, typedefsFor } from '../server/src/atlas/typedefs';
import { metadataHover } from '../server/src/features/metadata-hover';
import type { TableNode } from '../server/src/semantics/lineage';
import { TableAnswers } from '../server/src/workspace/table-answers';
import { insert, job, table } from '../test/atlas/jobs';
import { root } from '../test/conformance/paths';
import { costOfOpening, scriptOf } from '../test/lsp/opening';

/** What of scripts/atlas/atlas.mjs is used here. */
interface AtlasScript {
  whyNoAtlas: () => string | undefined;
  startAtlas: (options: {
    flinkTypes: boolean;
  }) => Promise<{ url: string; user: string; password: string; stop: () => Promise<void> }>;
}

/** Jobs published and as many posted, in turn. */
const ROUNDS = 6;
const columns = Array.from({ length: 10 }, (_, index) => `c${index}`);

function topic(name: string): TableNode {
  return table(name, columns.map((column) => `${column} STRING`).join(', '), {
    connector: 'kafka',
    topic: name,
    'properties.bootstrap.servers': 'kafka:9092',
    format: 'json',
  });
}

/** A job of three processes between topics of its own, ten columns each. */
function generate(name: string): Job {
  const sources = [0, 1, 2].map((each) => topic(`${name}_in${each}`));
  const sinks = [0, 1, 2].map((each) => topic(`${name}_out${each}`));
  const processes = sinks.map((sink, index) =>
    insert(
      sink,
      [sources[index] as TableNode],
      Object.fromEntries(columns.map((each) => [each, [`${name}_in${index}.${each}`]])),
    ),
  );
  return job(name, processes, [...sources, ...sinks]);
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1] ?? Number.NaN;
const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

export interface AtlasFigures {
  /** Milliseconds for all rounds, and pieces of one of them */
  publish: number;
  post: number;
  /** Milliseconds of `publish` that went into pushing and into reading back; the rest is comparing */
  pushing: number;
  reading: number;
  pieces: number;
  /** Milliseconds: medians of the first page of the tree, and of the bare search behind it */
  page: number;
  search: number;
  /** Requests that opening files of 100 tables causes in all: once for the connection, for the first file, for the second */
  requests: number[];
  /** Milliseconds: median of a card whose answer is known already */
  hover: number;
}

/** The figures, or why there are none. */
export async function atlasFigures(): Promise<AtlasFigures | string> {
  // not bundled: it finds its files beside itself
  const script = pathToFileURL(join(root, 'scripts', 'atlas', 'atlas.mjs')).href;
  const { startAtlas, whyNoAtlas } = (await import(script)) as AtlasScript;
  const problem = whyNoAtlas();
  if (problem) return problem;
  const atlas = await startAtlas({ flinkTypes: true });
  const folder = mkdtempSync(join(tmpdir(), 'flink-bench-'));
  try {
    const secret = { type: 'basic', user: atlas.user, password: atlas.password } as const;
    const store = new AtlasServer({ name: 'bench', url: atlas.url, namespace: 'bench', timeout: 120_000 }, secret);
    const authorization = `Basic ${Buffer.from(`${atlas.user}:${atlas.password}`).toString('base64')}`;
    const post = (path: string, body: string) =>
      fetch(`${atlas.url}/api/atlas${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      }).then((answer) => answer.text());
    await store.createTypes(typedefsFor(ourTypes));
    const outbox = new Outbox(folder);
    const spent = { publish: [] as number[], post: [] as number[], pushing: 0, reading: 0 };
    const publish = async (each: Job) => {
      const written: EntityToWrite[] = [];
      const watching: MetadataStore = new Proxy(store, {
        get(target, name) {
          const value = Reflect.get(target, name, target) as unknown;
          if (name === 'write') {
            return (entities: EntityToWrite[]) => {
              written.push(...entities);
              return target.write(entities);
            };
          }
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      const { ms, value } = await timed(async () =>
        deliver(outbox, watching, each, { types: 'create', plan: await planPublish(watching, each) }),
      );
      spent.pushing += value.metrics.T1;
      spent.reading += value.metrics.T2;
      return { ms, written };
    };
    // warms the server up, and tells what is posted
    const { written } = await publish(generate('warm'));
    const bodyOf = (name: string) => JSON.stringify({ entities: written }).replaceAll('warm', name);
    await post('/v2/entity/bulk', bodyOf('warmed'));
    Object.assign(spent, { pushing: 0, reading: 0 });

    for (let round = 0; round < ROUNDS; round++) {
      const ours = async () => spent.publish.push((await publish(generate(`ours${round}`))).ms);
      const plain = async () =>
        spent.post.push((await timed(() => post('/v2/entity/bulk', bodyOf(`plain${round}`)))).ms);
      for (const each of round % 2 ? [ours, plain] : [plain, ours]) await each();
    }

    const request = {
      typeName: 'flink_application',
      attributes: ['conf'],
      excludeDeletedEntities: true,
      includeSubTypes: true,
      sortBy: 'name',
      sortOrder: 'ASCENDING',
      offset: 0,
      limit: 101,
    };
    const page: number[] = [];
    const search: number[] = [];
    for (let round = 0; round < 15; round++) {
      search.push((await timed(() => post('/v2/search/basic', JSON.stringify(request)))).ms);
      page.push((await timed(() => listJobs(store, { offset: 0, limit: 100 }))).ms);
    }

    const files = ['first', 'second'].map((name) => ({ name, text: scriptOf(name) }));
    const requests = (await costOfOpening(atlas.url, secret, files)).map((asked) => asked.length);
    const answers = new TableAnswers((asked, tables, catalogs) => describeTables(asked, tables, catalogs), Date.now);
    const shown = topic('ours0_in0');
    await answers.get(store, shown, new Map());
    const hover: number[] = [];
    for (let round = 0; round < 200; round++) {
      const context = {
        store: store.info,
        uri: 'file:///job.sql',
        position: { line: 0, character: 0 },
        now: Date.now(),
      };
      hover.push(
        (await timed(async () => metadataHover(shown, await answers.get(store, shown, new Map()), context))).ms,
      );
    }
    return {
      hover: median(hover),
      publish: sum(spent.publish),
      post: sum(spent.post),
      pushing: spent.pushing,
      reading: spent.reading,
      pieces: written.length,
      page: median(page),
      search: median(search),
      requests,
    };
  } finally {
    await atlas.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
