// Many jobs in a real Atlas: all there, nothing written twice, lineage exactly the published graph. FLINK_SQL_SCALE_JOBS
// sets their number; 1000 take minutes.
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
import { insert, job, table } from './jobs';

const problem = whyNoAtlas();
const jobCount = Number(process.env.FLINK_SQL_SCALE_JOBS ?? 50);
const columns = Array.from({ length: 7 }, (_, index) => `c${index}`);

const topic = (name: string): TableNode =>
  table(name, columns.map((column) => `${column} STRING`).join(', '), {
    connector: 'kafka',
    topic: name,
    'properties.bootstrap.servers': 'kafka:9092',
    format: 'json',
  });

/** Job i reads what job i/2 writes, and two topics of its own: three processes, each with seven columns. */
function generate(index: number): Job {
  const upstream = topic(`out${index >> 1}_0`);
  const own = [topic(`in${index}_0`), topic(`in${index}_1`)];
  const sinks = [0, 1, 2].map((each) => topic(`out${index}_${each}`));
  const read = (name: string) => Object.fromEntries(columns.map((column) => [column, [`${name}.${column}`]]));
  const [first, second, third] = sinks as [TableNode, TableNode, TableNode];
  const [left, right] = own as [TableNode, TableNode];
  const processes = [
    insert(first, [left], read(`in${index}_0`)),
    insert(second, [right], read(`in${index}_1`)),
    insert(third, index > 0 ? [upstream] : [left], read(index > 0 ? `out${index >> 1}_0` : 'in0_0')),
  ];
  return job(`job${index}`, processes, [upstream, ...own, ...sinks]);
}

describe.skipIf(problem)(`${jobCount} jobs in a real Atlas${problem ? ` (${problem})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let store: AtlasServer;
  const jobs = Array.from({ length: jobCount }, (_, index) => generate(index));
  const spent = { planning: 0, publishing: 0, posting: 0 };

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
    const posted: unknown[] = [];
    let publishing = 0;
    for (const each of jobs) {
      const writes = await publish(store, each);
      expect(writes).toHaveLength(1);
      // a few jobs are enough to compare
      if (posted.length === 10) continue;
      posted.push(...writes);
      publishing = spent.publishing;
    }
    // the plainest possible client: the same pieces, under other names, in the same bulks
    const plain = connect('plain');
    const rename = (text: string) => text.replaceAll('@scale', '@plain');
    const guids = new Map<string, string>();
    for (const write of posted) {
      const entities = JSON.parse(rename(JSON.stringify(write))) as {
        guid: string;
        attributes: { qualifiedName: string };
      }[];
      // what existed was referred to by guid: here too
      const text = JSON.stringify(entities).replace(/"guid":"([0-9a-f-]{36})"/g, (all, guid: string) => {
        const other = guids.get(guid);
        return other ? `"guid":"${other}"` : all;
      });
      const start = performance.now();
      const made = await plain.write(JSON.parse(text) as never);
      spent.posting += performance.now() - start;
      for (const entity of entities) {
        const [there] = await store.findByName((entity as unknown as { typeName: string }).typeName, [
          entity.attributes.qualifiedName.replaceAll('@plain', '@scale'),
        ]);
        const guid = made.get(entity.guid);
        if (there && guid) guids.set(there.entity.guid, guid);
      }
    }
    const ratio = (publishing / spent.posting).toFixed(2);
    console.log(
      `${jobCount} jobs: ${Math.round(spent.publishing)} ms to publish, of which ${Math.round(spent.planning)} ms to plan; ` +
        `the first ${posted.length} took ${ratio} times as long as posting the same plainly`,
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

  test('have exactly the published lineage, of tables and of columns', { timeout: 600_000 }, async () => {
    const edges = new Map<string, Set<string>>();
    const add = (from: string, to: string) => edges.set(from, (edges.get(from) ?? new Set()).add(to));
    const name = (full: string) => full.replace('default_catalog.default_database.', '');
    for (const each of jobs) {
      for (const process of each.processes) {
        for (const source of process.sources) add(name(source), name(process.sink));
        for (const column of process.columns) {
          for (const origin of column.from)
            add(`${name(origin.table)}.${origin.column}`, `${name(process.sink)}.${column.column}`);
        }
      }
    }
    const reachable = (from: string) => {
      const reached = new Set([from]);
      for (const each of reached) for (const next of edges.get(each) ?? []) reached.add(next);
      return [...reached].sort();
    };
    const starts = ['in0_0', `in${jobCount - 1}_1`, 'out0_0', 'in0_0.c3', 'out1_0.c6'];
    for (const start of starts) {
      const isColumn = start.includes('.');
      const qualifiedName = isColumn ? `kafka_topic:${start}@scale` : `${start}@scale`;
      const [found] = await store.findByName(isColumn ? 'flink_column' : 'kafka_topic', [qualifiedName]);
      const graph = await store.lineage(found?.entity.guid ?? '', 'OUTPUT', 0);
      const reached = Object.values(graph.guidEntityMap)
        .filter((header) => header.typeName === (isColumn ? 'flink_column' : 'kafka_topic'))
        .map((header) => qualifiedNameOf(header).replace(/^kafka_topic:|@scale$/g, ''));
      expect(reached.sort()).toEqual(reachable(start));
    }
  });
});
