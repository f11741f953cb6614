// Many jobs in a real Atlas, besides those of the samples: all there, nothing written twice, lineage exactly the published
// graph. In full, which takes most of an hour: FLINK_SQL_SCALE_JOBS=1000 npx vitest run --project atlas scale
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { qualifiedNameOf } from '../../server/src/atlas/entity';
import type { Job } from '../../server/src/atlas/job';
import { applyPublish, planPublish } from '../../server/src/atlas/publish';
import type { MetadataStore } from '../../server/src/atlas/store';
import { listJobs } from '../../server/src/atlas/tree';
import { ourTypes, typedefsFor } from '../../server/src/atlas/typedefs';
import type { TableNode } from '../../server/src/semantics/lineage';
import { describeScript, insert, job, table } from './jobs';

const problem = whyNoAtlas();
const samplesFolder = join(import.meta.dirname, '..', '..', 'samples');
const jobCount = Number(process.env.FLINK_SQL_SCALE_JOBS ?? 50);
const columns = Array.from({ length: 3 }, (_, index) => `c${index}`);

const topic = (name: string): TableNode =>
  table(name, columns.map((column) => `${column} STRING`).join(', '), {
    connector: 'kafka',
    topic: name,
    'properties.bootstrap.servers': 'kafka:9092',
    format: 'json',
  });

/**
 * Job i reads what job i/2 writes, and two topics of its own: three processes, each with three
 * columns that come from three. A tree of jobs.
 */
function generate(index: number): Job {
  const upstream = topic(`out${index >> 1}_2`);
  const own = [topic(`in${index}_0`), topic(`in${index}_1`)];
  const sinks = [0, 1, 2].map((each) => topic(`out${index}_${each}`));
  const read = (name: string) =>
    Object.fromEntries(columns.map((column) => [column, columns.map((from) => `!${name}.${from}`)]));
  const [first, second, third] = sinks as [TableNode, TableNode, TableNode];
  const [left, right] = own as [TableNode, TableNode];
  const processes = [
    insert(first, [left], read(`in${index}_0`)),
    insert(second, [right], read(`in${index}_1`)),
    insert(third, index > 0 ? [upstream] : [left], read(index > 0 ? `out${index >> 1}_2` : 'in0_0')),
  ];
  return job(`job${index}`, processes, [upstream, ...own, ...sinks]);
}

describe.skipIf(problem)(`${jobCount} jobs in a real Atlas${problem ? ` (${problem})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let store: AtlasServer;
  const generated = Array.from({ length: jobCount }, (_, index) => generate(index));
  const samples = readdirSync(samplesFolder)
    .filter((file) => file.endsWith('.flink.sql') && file !== 'mistakes.flink.sql')
    .map((file) => describeScript(readFileSync(join(samplesFolder, file), 'utf8'), file));
  const jobs = [...samples, ...generated];
  const spent = { planning: 0, publishing: 0 };

  const connect = (namespace: string) =>
    new AtlasServer(
      { name: 'test', url: atlas.url, namespace, timeout: 60_000 },
      { type: 'basic', user: atlas.user, password: atlas.password },
    );
  /** Publishes; what was written, and how long it took with and without planning. */
  async function publish(target: MetadataStore, each: Job): Promise<unknown[]> {
    const writes: unknown[] = [];
    const watching = new Proxy(target, {
      get(from, name) {
        const value = Reflect.get(from, name, from) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === 'write' || name === 'remove') writes.push(args[0]);
          return value.apply(from, args) as unknown;
        };
      },
    });
    const start = performance.now();
    const plan = await planPublish(watching, each);
    spent.planning += performance.now() - start;
    await applyPublish(watching, plan, { types: 'create', recheck: false });
    spent.publishing += performance.now() - start;
    return writes;
  }

  beforeAll(async () => {
    atlas = await startAtlas();
    store = connect('scale');
    await store.createTypes(typedefsFor(ourTypes));
  });
  afterAll(async () => {
    await atlas?.stop();
  });

  test('are published, each with one write', { timeout: 3_600_000 }, async () => {
    let columnEdges = 0;
    for (const each of jobs) {
      expect(await publish(store, each)).toHaveLength(1);
      for (const { columns } of each.processes) columnEdges += columns.flatMap(({ from }) => from).length;
    }
    const processes = jobs.flatMap((each) => each.processes).length;
    console.log(
      `${jobs.length} jobs with ${processes} processes and ${columnEdges} column edges: ${Math.round(spent.publishing)} ms ` +
        `to publish, of which ${Math.round(spent.planning)} ms to plan`,
    );
  });

  test('are published again without a single write', { timeout: 3_600_000 }, async () => {
    for (const each of jobs) expect(await publish(store, each)).toEqual([]);
  });

  test('are all in the list', async () => {
    const names: string[] = [];
    for (let offset = 0; ; offset += 20) {
      const items = await listJobs(store, { offset, limit: 20 });
      names.push(...items.filter((item) => item.kind === 'job').map((item) => item.qualifiedName ?? ''));
      if (items.every((item) => item.kind !== 'more')) break;
    }
    const mine = names.filter((name) => name.endsWith('@scale')).sort();
    expect(mine).toEqual(jobs.map((each) => `${each.name}@scale`).sort());
  });

  test('have exactly the published lineage, of tables and of columns', { timeout: 3_600_000 }, async () => {
    const down = new Map<string, Set<string>>();
    const up = new Map<string, Set<string>>();
    const add = (from: string, to: string) => {
      down.set(from, (down.get(from) ?? new Set()).add(to));
      up.set(to, (up.get(to) ?? new Set()).add(from));
    };
    const name = (full: string) => full.replace('default_catalog.default_database.', '');
    for (const { processes } of generated) {
      for (const { sources, sink, columns: each } of processes) {
        for (const source of sources) add(name(source), name(sink));
        for (const { column, from } of each)
          for (const origin of from) add(`${name(origin.table)}.${origin.column}`, `${name(sink)}.${column}`);
      }
    }
    const reachable = (from: string, edges: typeof down) => {
      const reached = new Set([from]);
      for (const each of reached) for (const next of edges.get(each) ?? []) reached.add(next);
      return [...reached].sort();
    };
    // the root, from which all is reached, and some from all over the tree
    const some = Array.from({ length: 10 }, (_, index) => Math.floor((index * (jobCount - 1)) / 9));
    const starts = [
      'in0_0',
      ...some.flatMap((index) => [`out${index}_2`, `in${index}_1`, `out${index}_2.c${index % 3}`]),
    ];
    let compared = 0;
    for (const start of starts) {
      const isColumn = start.includes('.');
      const type = isColumn ? 'flink_column' : 'kafka_topic';
      const [found] = await store.findByName(type, [isColumn ? `kafka_topic:${start}@scale` : `${start}@scale`]);
      for (const [direction, edges] of [
        ['OUTPUT', down],
        ['INPUT', up],
      ] as const) {
        const graph = await store.lineage(found?.entity.guid ?? '', direction, 0);
        const nameOf = (guid: string) => {
          const header = graph.guidEntityMap[guid];
          return header?.typeName === type ? qualifiedNameOf(header).replace(/^kafka_topic:|@scale$/g, '') : undefined;
        };
        const reached = new Set([start, ...Object.keys(graph.guidEntityMap).map(nameOf)]);
        reached.delete(undefined);
        expect([...reached].sort()).toEqual(reachable(start, edges));
        // from dataset to dataset, through the processes between them
        const from = new Map<string, string[]>();
        for (const edge of graph.relations)
          from.set(edge.fromEntityId, [...(from.get(edge.fromEntityId) ?? []), edge.toEntityId]);
        const between = graph.relations.flatMap(({ fromEntityId, toEntityId }) =>
          (from.get(toEntityId) ?? []).map((next) => `${nameOf(fromEntityId)} → ${nameOf(next)}`),
        );
        const expected = [...reached].flatMap((from) => [...(down.get(from ?? '') ?? [])].map((to) => [from, to]));
        const pairs = expected.filter(([, to]) => reached.has(to)).map((pair) => pair.join(' → '));
        expect([...new Set(between.filter((pair) => !pair.includes('undefined')))].sort()).toEqual(pairs.sort());
        compared += pairs.length;
      }
    }
    console.log(`${2 * starts.length} traversals gave ${compared} edges, exactly those published`);
  });
});
