/** The tree of registered jobs: jobs, their processes, what these read and write, and where columns come from. */
import type { TreeItem } from '../protocol';
import {
  type Entity,
  type EntityHeader,
  edgesOf,
  type ObjectRef,
  processGuids,
  qualifiedNameOf,
  textOf,
} from './entity';
import { typeLabel } from './mapping';
import type { TreeContext } from './service';
import { type MetadataStore, StoreError, toUserError } from './store';

/** Id of a job's item, for revealing it after a publish. */
export function jobItem(guid: string): string {
  return `job:${guid}`;
}

function conf(entity: { attributes: Record<string, unknown> }): Record<string, string> {
  const value = entity.attributes.conf;
  return typeof value === 'object' && value !== null ? (value as Record<string, string>) : {};
}

/** Without the namespace: 'orders@prod' is 'orders'. */
function withoutNamespace(qualifiedName: string): string {
  return qualifiedName.replace(/@[^@]*$/, '');
}

function lines(...parts: (string | undefined | false)[]): string {
  return parts.filter(Boolean).join('\n');
}

/** What items of one entity share. */
function itemOf(store: MetadataStore, entity: Entity | EntityHeader, kind: TreeItem['kind']): TreeItem {
  const qualifiedName = qualifiedNameOf(entity);
  const webUrl = store.webUrl(entity.guid);
  return {
    id: `${kind}:${entity.guid}`,
    kind,
    label: textOf(entity, 'name') ?? withoutNamespace(qualifiedName),
    hasChildren: false,
    qualifiedName,
    typeName: entity.typeName,
    status: entity.status === 'DELETED' ? 'deleted' : 'active',
    ...(webUrl ? { webUrl } : {}),
  };
}

function refItem(store: MetadataStore, ref: ObjectRef, kind: TreeItem['kind']): TreeItem {
  const qualifiedName = ref.uniqueAttributes?.qualifiedName ?? ref.qualifiedName ?? '';
  return {
    ...itemOf(
      store,
      {
        guid: ref.guid ?? '',
        typeName: ref.typeName ?? '',
        attributes: { name: ref.displayText, qualifiedName },
        ...(ref.entityStatus ? { status: ref.entityStatus } : {}),
      },
      kind,
    ),
    description: typeLabel(ref.typeName ?? ''),
    tooltip: lines(qualifiedName, typeLabel(ref.typeName ?? '')),
  };
}

function jobTreeItem(store: MetadataStore, job: EntityHeader, context: TreeContext): TreeItem {
  const { file } = conf(job);
  const source = file ? context.resolveSource?.(file) : undefined;
  const item = itemOf(store, job, 'job');
  const owner = textOf(job, 'owner');
  return {
    ...item,
    hasChildren: true,
    ...(owner ? { description: owner } : {}),
    tooltip: lines(
      textOf(job, 'description'),
      owner && `Owner: ${owner}`,
      file && `Script: ${file}`,
      item.qualifiedName,
      job.classificationNames?.length ? `Classifications: ${job.classificationNames.join(', ')}` : undefined,
    ),
    ...(source ? { source } : {}),
  };
}

/** Where a server has no types for Flink, jobs and processes are plain processes; their names tell them apart. */
async function jobTypes(store: MetadataStore, signal?: AbortSignal) {
  const known = await store.knownTypes(['flink_application', 'flink_process', 'flink_job_processes'], signal);
  return {
    job: known.has('flink_application') ? 'flink_application' : 'Process',
    process: known.has('flink_process') ? 'flink_process' : 'Process',
    tied: known.has('flink_job_processes'),
  };
}

/** The job with a qualifiedName, if the store has it. Throws a StoreError. */
export async function findJob(
  store: MetadataStore,
  qualifiedName: string,
  signal?: AbortSignal,
): Promise<Entity | undefined> {
  const types = await jobTypes(store, signal);
  return (await store.findByName(types.job, [qualifiedName], signal))[0]?.entity;
}

/**
 * A page of the registered jobs, by name; when there are more the last item is of kind 'more', and its id is the offset
 * to go on from. Throws a StoreError.
 */
export async function listJobs(
  store: MetadataStore,
  page: { offset: number; limit: number },
  context: TreeContext = {},
  signal?: AbortSignal,
): Promise<TreeItem[]> {
  const types = await jobTypes(store, signal);
  const found = await store.search({ typeName: types.job, attributes: ['conf'], ...page }, signal);
  const jobs = types.job === 'Process' ? await plainJobs(store, found.entities, signal) : found.entities;
  const items = jobs.map((job) => jobTreeItem(store, job, context));
  if (found.more) {
    items.push({
      id: String(page.offset + page.limit),
      kind: 'more',
      label: 'Show more jobs',
      hasChildren: false,
    });
  }
  return items;
}

/**
 * The jobs among plain processes: all but those that are named below another one. A job that is called by its file's path
 * has slashes in its name too.
 */
async function plainJobs(
  store: MetadataStore,
  found: readonly EntityHeader[],
  signal?: AbortSignal,
): Promise<EntityHeader[]> {
  const plain = found.filter((entity) => entity.typeName === 'Process');
  const above = (name: string) => name.replace(/\/[^/]*(?=@[^@]*$)/, '');
  const names = plain.map(qualifiedNameOf).filter((name) => above(name) !== name);
  const parents = names.length > 0 ? await store.findByName('Process', [...new Set(names.map(above))], signal) : [];
  const owners = new Set(parents.map(({ entity }) => qualifiedNameOf(entity)));
  return plain.filter((entity) => {
    const name = qualifiedNameOf(entity);
    return above(name) === name || !owners.has(above(name));
  });
}

/** 'enrich-orders/enriched_orders' is 'enriched_orders' under its job. */
function processLabel(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function processItem(store: MetadataStore, process: Entity, context: TreeContext): TreeItem {
  const { file, sink, sql } = conf(process);
  const inputs = edgesOf(process, 'inputs').length;
  const source = file ? context.resolveSource?.(file, sink) : undefined;
  const item = itemOf(store, process, 'process');
  return {
    ...item,
    label: processLabel(item.label),
    description: inputs === 1 ? '1 source' : `${inputs} sources`,
    tooltip: lines(textOf(process, 'description'), sql, qualifiedNameOf(process)),
    hasChildren: true,
    ...(source ? { source } : {}),
  };
}

async function one(store: MetadataStore, guid: string, signal?: AbortSignal) {
  const [found] = await store.findByGuid([guid], signal);
  if (!found) {
    throw new StoreError('conflict', 'It is not there any more.', 'Refresh the tree.');
  }
  return found;
}

function byName(a: Entity, b: Entity): number {
  return (textOf(a, 'name') ?? '').localeCompare(textOf(b, 'name') ?? '');
}

/** The living processes of a job. Throws a StoreError. */
export async function processesOf(store: MetadataStore, guid: string, signal?: AbortSignal): Promise<Entity[]> {
  const types = await jobTypes(store, signal);
  const { entity } = await one(store, guid, signal);
  if (types.tied) {
    const found = await store.findByGuid(processGuids(entity), signal);
    return found.map((each) => each.entity);
  }
  // nothing ties a process to its job here but its name
  const value = `${withoutNamespace(qualifiedNameOf(entity))}/`;
  const where = { attribute: 'qualifiedName', operator: 'startsWith', value } as const;
  const { entities } = await store.search({ typeName: types.process, where, offset: 0, limit: 1000 }, signal);
  const found = await store.findByGuid(
    entities.map((each) => each.guid),
    signal,
  );
  return found.map((each) => each.entity);
}

/** The column lineage of a process, by the position that its names have in the script's order of publishing. */
function columnLineages(owned: Record<string, Entity>): Entity[] {
  return Object.values(owned).filter((each) => each.typeName === 'flink_column_lineage' && each.status !== 'DELETED');
}

/**
 * What stands under an item of the tree: processes under a job, sources, sinks and columns under a process, and the
 * columns that a column's values come from. Throws a StoreError; an id that no item has gives no children.
 */
export async function children(
  store: MetadataStore,
  item: string,
  context: TreeContext = {},
  signal?: AbortSignal,
): Promise<TreeItem[]> {
  const [kind, guid = ''] = item.split(/:(.*)/s);
  switch (kind) {
    case 'job':
      return (await processesOf(store, guid, signal)).sort(byName).map((each) => processItem(store, each, context));
    case 'process': {
      const { entity, owned } = await one(store, guid, signal);
      const items = [
        ...edgesOf(entity, 'inputs').map((ref) => refItem(store, ref, 'input')),
        ...edgesOf(entity, 'outputs').map((ref) => refItem(store, ref, 'output')),
      ];
      const columns = columnLineages(owned).length;
      if (columns > 0) {
        items.push({
          id: `columns:${guid}`,
          kind: 'columns',
          label: columns === 1 ? '1 column' : `${columns} columns`,
          hasChildren: true,
        });
      }
      return items;
    }
    case 'columns': {
      const { owned } = await one(store, guid, signal);
      return columnLineages(owned)
        .sort(byName)
        .map((lineage) => {
          const sources = edgesOf(lineage, 'inputs').map((ref) =>
            withoutNamespace(ref.uniqueAttributes?.qualifiedName ?? ''),
          );
          const expression = textOf(lineage, 'expression');
          return {
            ...itemOf(store, lineage, 'column'),
            ...(expression ? { description: `← ${expression}` } : {}),
            tooltip: lines(expression, sources.length > 0 && `from ${sources.join(', ')}`),
            hasChildren: sources.length > 0,
          };
        });
    }
    case 'column': {
      const { entity } = await one(store, guid, signal);
      return edgesOf(entity, 'inputs').map((ref) => ({
        ...refItem(store, ref, 'column-source'),
        description: withoutNamespace(ref.uniqueAttributes?.qualifiedName ?? '').replace(/^[a-z]\w*:(?!\/\/)/, ''),
      }));
    }
    default:
      return [];
  }
}

/** The row that stands for a store that cannot be asked: what happened, and that a click tries again. */
export function errorItem(error: unknown): TreeItem {
  const user = toUserError(error);
  return {
    id: 'error',
    kind: 'error',
    label: user.message,
    hasChildren: false,
    error: user,
    ...(user.advice ? { tooltip: user.advice } : {}),
  };
}
