/** The tree of registered jobs: jobs, their processes, what these read and write, and where columns come from. */

import type { TreeItem } from '../protocol';
import { age } from './age';
import { schemaName } from './desired';
import {
  type Entity,
  type EntityHeader,
  type EntityWithOwned,
  edgesOf,
  livingRefs,
  type ObjectRef,
  processGuids,
  qualifiedNameOf,
  textOf,
} from './entity';
import { findJobTypes, isPlainJobName, nameAbove } from './jobTypes';
import { typeLabel } from './mapping';
import type { TreeContext } from './service';
import { type MetadataStore, type SearchPage, StoreError, toUserError } from './store';

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
    ...(/^(input|output|field|column-source)$/.test(kind) ? { guid: entity.guid } : {}),
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

/** A job as a row: of which namespace, where that is not the connection's, when it was published and whose it is. */
export function jobTreeItem(store: MetadataStore, job: EntityHeader, context: TreeContext): TreeItem {
  const { file } = conf(job);
  const source = file ? context.resolveSource?.(file) : undefined;
  const item = itemOf(store, job, 'job');
  const owner = textOf(job, 'owner');
  const published =
    job.updateTime === undefined ? undefined : `published ${age((context.now ?? Date.now()) - job.updateTime)}`;
  const [namespace] = /@[^@]*$/.exec(item.qualifiedName ?? '') ?? [];
  const elsewhere = namespace === `@${store.namespace}` ? undefined : namespace;
  const description = [elsewhere, published, owner].filter(Boolean).join(' · ');
  return {
    ...item,
    hasChildren: true,
    ...(description ? { description } : {}),
    tooltip: lines(
      textOf(job, 'description'),
      owner && `Owner: ${owner}`,
      file && `Script: ${file}`,
      job.updateTime !== undefined &&
        `Published: ${new Date(job.updateTime).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      item.qualifiedName,
      job.classificationNames?.length ? `Classifications: ${job.classificationNames.join(', ')}` : undefined,
    ),
    ...(source ? { source } : {}),
  };
}

/** The job with a qualifiedName, if the store has it. Throws a StoreError. */
export async function findJob(
  store: MetadataStore,
  qualifiedName: string,
  signal?: AbortSignal,
): Promise<Entity | undefined> {
  const types = await findJobTypes(store, signal);
  return (await store.findByName(types.job, [qualifiedName], signal))[0]?.entity;
}

/**
 * A page of the registered jobs, by name; when there are more the last item is of kind 'more', and its id is the offset
 * to go on from. Throws a StoreError.
 */
export async function listJobs(
  store: MetadataStore,
  page: TreePage,
  context: TreeContext = {},
  signal?: AbortSignal,
): Promise<TreeItem[]> {
  const search = (typeName: string) => store.search({ typeName, attributes: ['conf'], ...page }, signal);
  // Nearly every server has the type for jobs: the search need not wait until that is known
  const [types, guess] = await Promise.all([
    findJobTypes(store, signal),
    search('flink_application').catch((error: unknown) => ({ error })),
  ]);
  if (types.job === 'Process') {
    const found = await search('Process');
    return withMore(await plainJobs(store, found.entities, signal), { more: found.more }, page, store, context);
  }
  if ('error' in guess) throw guess.error;
  return withMore(guess.entities, guess, page, store, context);
}

/** Part of a list: `limit` items at most, from the one at `offset`. */
export interface TreePage {
  offset: number;
  limit: number;
}

function withMore(
  jobs: readonly EntityHeader[],
  { more, total }: Pick<SearchPage, 'more' | 'total'>,
  page: TreePage,
  store: MetadataStore,
  context: TreeContext,
): TreeItem[] {
  const items = jobs.map((job) => jobTreeItem(store, job, context));
  return more ? [...items, moreItem(page.offset + page.limit, total, 'jobs')] : items;
}

/** The row that goes on from an offset. `total`: how many there are, undefined when nobody knows. */
export function moreItem(offset: number, total: number | undefined, what: string): TreeItem {
  return {
    id: String(offset),
    kind: 'more',
    label: `Show more ${what}`,
    ...(total === undefined ? {} : { description: `${total - offset} more`, count: total }),
    hasChildren: false,
  };
}

/** A page of items that are all there, with a row that goes on. */
export function pageOf<T>(all: readonly T[], page: TreePage, what: string, show: (item: T) => TreeItem): TreeItem[] {
  const end = page.offset + page.limit;
  const items = all.slice(page.offset, end).map(show);
  return all.length > end ? [...items, moreItem(end, all.length, what)] : items;
}

/** The jobs among plain processes: all but those that are named below another one. */
async function plainJobs(
  store: MetadataStore,
  found: readonly EntityHeader[],
  signal?: AbortSignal,
): Promise<EntityHeader[]> {
  const plain = found.filter((entity) => entity.typeName === 'Process');
  const names = plain.map(qualifiedNameOf).filter((name) => nameAbove(name) !== name);
  const parents = names.length > 0 ? await store.findByName('Process', [...new Set(names.map(nameAbove))], signal) : [];
  const owners = new Set(parents.map(({ entity }) => qualifiedNameOf(entity)));
  return plain.filter((entity) => isPlainJobName(qualifiedNameOf(entity), owners));
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
  const sources = inputs === 1 ? '1 source' : `${inputs} sources`;
  const line = source?.range?.start.line;
  // INSERT, or CREATE for a table that is made of a query
  const verb = /^[a-z]+/i.exec(sql ?? '')?.[0].toUpperCase();
  return {
    ...item,
    label: processLabel(item.label),
    description: [verb, line === undefined ? sources : `line ${line + 1}`].filter(Boolean).join(', '),
    tooltip: lines(textOf(process, 'description'), sources, sql, qualifiedNameOf(process)),
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

/** The living processes of a job, with what they own. Throws a StoreError. */
export async function processesOf(store: MetadataStore, job: Entity, signal?: AbortSignal): Promise<EntityWithOwned[]> {
  const types = await findJobTypes(store, signal);
  if (types.tied) return store.findByGuid(processGuids(job), signal);
  // nothing ties a process to its job here but its name
  const value = `${withoutNamespace(qualifiedNameOf(job))}/`;
  const where = { attribute: 'qualifiedName', operator: 'startsWith', value } as const;
  const { entities } = await store.search({ typeName: types.process, where, offset: 0, limit: 1000 }, signal);
  return store.findByGuid(
    entities.map((each) => each.guid),
    signal,
  );
}

/** The column lineage of a process, by the position that its names have in the script's order of publishing. */
function columnLineages(owned: Record<string, Entity>): Entity[] {
  return Object.values(owned).filter((each) => each.typeName === 'flink_column_lineage' && each.status !== 'DELETED');
}

/** The sources and sinks of a process, with their connectors as jobs declare them. One request for all of them. */
async function edgeItems(store: MetadataStore, process: Entity, signal?: AbortSignal): Promise<TreeItem[]> {
  const edges = (['inputs', 'outputs'] as const).flatMap((side) =>
    edgesOf(process, side).map((ref) => ({ ref, side })),
  );
  const nameOf = ({ typeName = '', uniqueAttributes, qualifiedName }: ObjectRef) =>
    schemaName({ typeName, qualifiedName: uniqueAttributes?.qualifiedName ?? qualifiedName ?? '' });
  const names = [...new Set(edges.map(({ ref }) => nameOf(ref)))];
  const known = await store.knownTypes(['flink_table'], signal);
  const found = known.size > 0 && names.length > 0 ? await store.findByName('flink_table', names, signal) : [];
  const tables = new Map(found.map((each) => [qualifiedNameOf(each.entity), each]));
  return edges.map(({ ref, side }) => {
    const table = tables.get(nameOf(ref));
    const connector = table && textOf(table.entity, 'connector');
    const item = refItem(store, ref, side === 'inputs' ? 'input' : 'output');
    return {
      ...item,
      ...(connector ? { description: connector } : {}),
      // Hive and databases have columns of their own
      hasChildren: Object.keys(table?.owned ?? {}).length > 0 || /^(hive|rdbms)_table$/.test(ref.typeName ?? ''),
    };
  });
}

/** The columns of a dataset: its own, else those that jobs declare of it. */
async function fieldItems(store: MetadataStore, guid: string, page: TreePage, signal?: AbortSignal) {
  const found = await one(store, guid, signal);
  const isColumn = (each: Entity) => each.typeName.endsWith('_column') && each.status !== 'DELETED';
  let columns = Object.values(found.owned).filter(isColumn);
  if (columns.length === 0) {
    const tables = livingRefs(found.entity, 'flinkTables');
    const schemas = await store.findByGuid(
      tables.map((ref) => ref.guid ?? ''),
      signal,
    );
    columns = schemas.flatMap(({ owned }) => Object.values(owned)).filter(isColumn);
  }
  const position = (each: Entity) => Number(each.attributes.position ?? 0);
  columns.sort((a, b) => position(a) - position(b) || byName(a, b));
  return pageOf(columns, page, 'columns', (each) => {
    const type = textOf(each, 'type') ?? textOf(each, 'data_type');
    const classifications = (each.classifications ?? []).map(({ typeName }) => typeName);
    const item = itemOf(store, each, 'field');
    return {
      ...item,
      ...(type ? { description: type } : {}),
      tooltip: lines(
        textOf(each, 'description') ?? textOf(each, 'comment'),
        type,
        classifications.length > 0 && `Classifications: ${classifications.join(', ')}`,
        item.qualifiedName,
      ),
    };
  });
}

/**
 * What stands under an item of the tree: processes under a job, sources, sinks and columns under a process, the columns of
 * a source or sink, and the columns that a column's values come from. Throws a StoreError; an id that no item has gives no
 * children.
 */
export async function children(
  store: MetadataStore,
  item: string,
  context: TreeContext = {},
  signal?: AbortSignal,
  page: TreePage = { offset: 0, limit: Number.POSITIVE_INFINITY },
): Promise<TreeItem[]> {
  const [kind, guid = ''] = item.split(/:(.*)/s);
  switch (kind) {
    case 'job':
      return (await processesOf(store, (await one(store, guid, signal)).entity, signal))
        .map(({ entity }) => entity)
        .sort(byName)
        .map((each) => processItem(store, each, context));
    case 'process': {
      const { entity, owned } = await one(store, guid, signal);
      const items = await edgeItems(store, entity, signal);
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
    case 'input':
    case 'output':
      return fieldItems(store, guid, page, signal);
    case 'columns': {
      const { owned } = await one(store, guid, signal);
      return pageOf(columnLineages(owned).sort(byName), page, 'columns', (lineage) => {
        const sources = edgesOf(lineage, 'inputs').map((ref) =>
          withoutNamespace(ref.uniqueAttributes?.qualifiedName ?? ''),
        );
        const expression = textOf(lineage, 'expression');
        const written = edgesOf(lineage, 'outputs')[0]?.guid;
        return {
          ...itemOf(store, lineage, 'column'),
          ...(written ? { guid: written } : {}),
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
