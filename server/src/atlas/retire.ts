/** Unregistering and renaming jobs. */
import { writeAll } from './batches';
import { schemaName } from './desired';
import {
  type Entity,
  type EntityToWrite,
  type EntityWithOwned,
  edgesOf,
  livingRefs,
  qualifiedNameOf,
  textOf,
} from './entity';
import { type MetadataStore, StoreError, throwIfAborted } from './store';
import { processesOf } from './tree';

/** What retiring a job would remove, in the user's words, and by guid. */
export interface Retirement {
  job: { name: string; qualifiedName: string };
  /** 'job enrich-orders', 'process enriched_orders', 'schema shop.enriched', in the order of removal */
  removed: string[];
  guids: string[];
}

async function readJob(store: MetadataStore, guid: string, signal?: AbortSignal) {
  const [found] = await store.findByGuid([guid], signal);
  if (!found || found.entity.status === 'DELETED') {
    throw new StoreError('conflict', 'The job is not registered any more.', 'Refresh the tree.');
  }
  const processes = await processesOf(store, found.entity, signal);
  return { job: found.entity, processes: processes.filter(({ entity }) => entity.status !== 'DELETED') };
}

/** Whether other processes than these read or write a dataset. */
function isUsedByOthers(dataset: Entity, own: ReadonlySet<string>): boolean {
  return ['inputToProcesses', 'outputFromProcesses'].some((side) =>
    livingRefs(dataset, side).some((ref) => !ref.typeName?.endsWith('_column_lineage') && !own.has(ref.guid ?? '')),
  );
}

/**
 * What retiring a job would remove: the job, its processes with their column lineage, and what it alone has declared of
 * datasets. The datasets themselves stay: they are there whether a job uses them or not. Reads only.
 */
export async function planRetire(store: MetadataStore, guid: string, signal?: AbortSignal): Promise<Retirement> {
  const { job, processes } = await readJob(store, guid, signal);
  const own = new Set(processes.map(({ entity }) => entity.guid));
  const name = textOf(job, 'name') ?? qualifiedNameOf(job);
  const retirement: Retirement = {
    job: { name, qualifiedName: qualifiedNameOf(job) },
    removed: [`job ${name}`],
    guids: [],
  };
  for (const { entity } of processes) {
    retirement.removed.push(`process ${(textOf(entity, 'name') ?? '').replace(/^.*\//, '')}`);
  }

  const edges = processes.flatMap(({ entity }) => [...edgesOf(entity, 'inputs'), ...edgesOf(entity, 'outputs')]);
  const datasets = await store.findByGuid([...new Set(edges.map((ref) => ref.guid ?? ''))], signal);
  const alone = datasets.map(({ entity }) => entity).filter((entity) => !isUsedByOthers(entity, own));
  const names = alone.map((entity) =>
    schemaName({ typeName: entity.typeName, qualifiedName: qualifiedNameOf(entity) }),
  );
  const known = await store.knownTypes(['flink_table'], signal);
  const schemas = known.size > 0 ? await store.findByName('flink_table', names, signal) : [];
  const mine = schemas
    .map(({ entity }) => entity)
    .filter((entity) => textOf(entity, 'publishedBy') === qualifiedNameOf(job));
  for (const entity of mine) retirement.removed.push(`schema ${textOf(entity, 'name') ?? qualifiedNameOf(entity)}`);

  // much takes several requests: what leads to the rest goes last, so that retiring again finds what is left
  retirement.guids = [...mine.map((entity) => entity.guid), ...own, job.guid];
  return retirement;
}

/** Carries out what `planRetire` found; where the store deletes softly it can be looked up still. */
export async function retire(store: MetadataStore, plan: Retirement, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  await store.remove(plan.guids, signal);
  store.refresh();
}

/** A job that has another name now. The times are when it had changed last, by the store's clock, as of ChangeSet's. */
export interface Renamed {
  /** The name that it had */
  from: string;
  changedBefore: number;
  changedNow: number;
}

/**
 * Gives a job another name; it stays the same job, with its processes, column lineage and whatever was said of it.
 * Fails as 'conflict' when another job has the name.
 */
export async function renameJob(
  store: MetadataStore,
  guid: string,
  name: string,
  signal?: AbortSignal,
): Promise<Renamed> {
  const known = await readJob(store, guid, signal);
  const { job, processes } = known;
  const before = textOf(job, 'name') ?? '';
  const [, namespace = ''] = /@([^@]*)$/.exec(qualifiedNameOf(job)) ?? [];
  const after = `${name}@${namespace}`;
  const [taken] = await store.findByName(job.typeName, [after], signal);
  if (taken) {
    throw new StoreError(
      'conflict',
      `There is a job ${name} already.`,
      'Choose another name, or retire that one first.',
    );
  }
  const renamed = (text: string) => (text.startsWith(`${before}/`) ? `${name}${text.slice(before.length)}` : text);
  // the job last: what an end between two bulks leaves is found by its old name, so that it can be renamed again
  const writes: EntityToWrite[] = [];
  for (const { entity, owned } of processes) {
    const qualifiedName = renamed(qualifiedNameOf(entity));
    const conf = { ...(entity.attributes.conf as Record<string, string> | undefined), job: name };
    const attributes = { name: renamed(textOf(entity, 'name') ?? ''), qualifiedName, id: qualifiedName, conf };
    for (const lineage of Object.values(owned)) {
      const process = { guid: entity.guid, typeName: entity.typeName };
      writes.push(write(lineage, { qualifiedName: renamed(qualifiedNameOf(lineage)) }, { process }));
    }
    writes.push(write(entity, attributes, { job: { guid: job.guid, typeName: job.typeName } }));
  }
  for (const { entity } of await publishedTables(store, qualifiedNameOf(job), processes, signal)) {
    writes.push(write(entity, { publishedBy: after }));
  }
  writes.push(write(job, { name, qualifiedName: after, id: after }));
  await writeAll(store, writes, signal);
  store.refresh();
  // in a folder the guid is made of the name
  const [now] = await store.findByName(job.typeName, [after], signal);
  const changedNow = now ? changedAt(await readJob(store, now.entity.guid, signal)) : 0;
  return { from: before, changedBefore: changedAt(known), changedNow };
}

/** When a job or one of its processes changed last. */
function changedAt({ job, processes }: Awaited<ReturnType<typeof readJob>>): number {
  return Math.max(...[job, ...processes.map(({ entity }) => entity)].map(({ updateTime = 0 }) => updateTime));
}

function write(
  entity: Entity,
  attributes: Record<string, unknown>,
  relationshipAttributes?: EntityToWrite['relationshipAttributes'],
): EntityToWrite {
  return {
    guid: entity.guid,
    typeName: entity.typeName,
    attributes: { name: entity.attributes.name, qualifiedName: qualifiedNameOf(entity), ...attributes },
    ...(relationshipAttributes ? { relationshipAttributes } : {}),
  };
}

/** What a job keeps the description of. */
async function publishedTables(
  store: MetadataStore,
  job: string,
  processes: readonly EntityWithOwned[],
  signal?: AbortSignal,
): Promise<EntityWithOwned[]> {
  const edges = processes.flatMap(({ entity }) => [...edgesOf(entity, 'inputs'), ...edgesOf(entity, 'outputs')]);
  const names = edges.map((ref) =>
    schemaName({ typeName: ref.typeName ?? '', qualifiedName: ref.uniqueAttributes?.qualifiedName ?? '' }),
  );
  const known = await store.knownTypes(['flink_table'], signal);
  if (known.size === 0) return [];
  const found = await store.findByName('flink_table', [...new Set(names)], signal);
  return found.filter(({ entity }) => textOf(entity, 'publishedBy') === job);
}
