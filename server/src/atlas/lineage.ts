/** What a metadata store knows of datasets and processes and how they hang together, one step at a time. */
import type { CardColumn } from './cards';
import { classificationsOf, columnsOf, termsOf } from './describeTables';
import { type Key, schemaName } from './desired';
import { type Entity, type EntityWithOwned, edgesOf, type ObjectRef, qualifiedNameOf, refsOf, textOf } from './entity';
import type { MetadataStore } from './store';

/** A neighbour as its other end names it. */
export interface StoreLink {
  guid: string;
  typeName: string;
  name: string;
  deleted: boolean;
}

export interface StoreDataset extends Key {
  guid: string;
  name: string;
  description?: string;
  owner?: string;
  classifications: string[];
  terms: string[];
  columns: CardColumn[];
  /** Bootstrap servers of a topic */
  attributes: { uri?: string };
  deleted: boolean;
  webUrl?: string;
  /** Processes that write it and that read it */
  up: StoreLink[];
  down: StoreLink[];
}

export interface StoreColumnFlow {
  from: readonly Key[];
  to: readonly Key[];
  transformed: boolean;
  expression?: string;
}

export interface StoreProcess extends Key {
  guid: string;
  name: string;
  description?: string;
  owner?: string;
  job?: string;
  sink?: string;
  sql?: string;
  file?: string;
  deleted: boolean;
  webUrl?: string;
  /** Datasets that it reads and that it writes */
  up: StoreLink[];
  down: StoreLink[];
  columns: StoreColumnFlow[];
}

function linkOf(ref: ObjectRef): StoreLink {
  return {
    guid: ref.guid ?? '',
    typeName: ref.typeName ?? '',
    name: ref.displayText ?? ref.uniqueAttributes?.qualifiedName ?? '',
    deleted: ref.entityStatus === 'DELETED',
  };
}

/** The processes on one side of a dataset; what was taken out of a process, and column lineage, is left out. */
function processLinks(entity: Entity, attribute: 'outputFromProcesses' | 'inputToProcesses'): StoreLink[] {
  const links = refsOf(entity.relationshipAttributes?.[attribute])
    .filter((ref) => ref.relationshipStatus !== 'DELETED' || ref.entityStatus === 'DELETED')
    .filter((ref) => !ref.typeName?.endsWith('_column_lineage'))
    .map(linkOf);
  return inOrder(links);
}

/** The datasets on one side of a process: those it has now, and those that were deleted. */
function datasetLinks(process: Entity, side: 'inputs' | 'outputs'): StoreLink[] {
  const gone = refsOf(process.relationshipAttributes?.[side]).filter((ref) => ref.entityStatus === 'DELETED');
  return inOrder([...edgesOf(process, side), ...gone].map(linkOf));
}

/** Living ones first, each by name. */
function inOrder(links: StoreLink[]): StoreLink[] {
  return links.sort((a, b) => Number(a.deleted) - Number(b.deleted) || a.name.localeCompare(b.name));
}

function sharedOf(store: MetadataStore, entity: Entity) {
  const description = textOf(entity, 'userDescription') ?? textOf(entity, 'description') ?? textOf(entity, 'comment');
  const owner = textOf(entity, 'owner');
  const webUrl = store.webUrl(entity.guid);
  return {
    guid: entity.guid,
    typeName: entity.typeName,
    qualifiedName: qualifiedNameOf(entity),
    name: textOf(entity, 'name') ?? qualifiedNameOf(entity),
    deleted: entity.status === 'DELETED',
    ...(description ? { description } : {}),
    ...(owner ? { owner } : {}),
    ...(webUrl ? { webUrl } : {}),
  };
}

/** A dataset; `schema` is what Flink jobs declare of it, where it has no columns of its own. */
function datasetOf(store: MetadataStore, found: EntityWithOwned, schema: EntityWithOwned | undefined): StoreDataset {
  const { entity } = found;
  const own = columnsOf(found);
  const uri = textOf(entity, 'uri');
  return {
    ...sharedOf(store, entity),
    attributes: uri ? { uri } : {},
    classifications: classificationsOf(entity),
    terms: termsOf(entity),
    columns: own.length > 0 ? own : columnsOf(schema),
    up: processLinks(entity, 'outputFromProcesses'),
    down: processLinks(entity, 'inputToProcesses'),
  };
}

function processOf(store: MetadataStore, { entity, owned }: EntityWithOwned): StoreProcess {
  const conf = (entity.attributes.conf ?? {}) as Record<string, unknown>;
  const text = (key: string) => (typeof conf[key] === 'string' ? { [key]: conf[key] } : {});
  const sql = textOf(entity, 'queryText') ?? textOf(entity, 'operationText');
  const flows = Object.values(owned).filter((each) => each.typeName.endsWith('_column_lineage'));
  return {
    ...sharedOf(store, entity),
    ...(sql ? { sql } : {}),
    ...text('job'),
    ...text('sink'),
    ...text('sql'),
    ...text('file'),
    up: datasetLinks(entity, 'inputs'),
    down: datasetLinks(entity, 'outputs'),
    columns: flows.flatMap((flow) => {
      if (flow.status === 'DELETED') return [];
      const expression = textOf(flow, 'expression');
      return {
        from: edgesOf(flow, 'inputs').map(keyOfRef),
        to: edgesOf(flow, 'outputs').map(keyOfRef),
        transformed: textOf(flow, 'dependencyType') !== 'SIMPLE',
        ...(expression ? { expression } : {}),
      };
    }),
  };
}

function keyOfRef(ref: ObjectRef): Key {
  return {
    typeName: ref.typeName ?? '',
    qualifiedName: ref.uniqueAttributes?.qualifiedName ?? ref.qualifiedName ?? '',
  };
}

/**
 * Datasets by guid, those that exist, in any order: one request, and one more where some have no columns of their own.
 * Throws a StoreError.
 */
export async function readDatasets(
  store: MetadataStore,
  guids: readonly string[],
  signal?: AbortSignal,
): Promise<StoreDataset[]> {
  return withSchemas(store, await store.findByGuid(guids, signal), signal);
}

/** Datasets by type and qualifiedName, those that exist, in any order: one request a type. Throws a StoreError. */
export async function findDatasets(
  store: MetadataStore,
  keys: readonly Key[],
  signal?: AbortSignal,
): Promise<StoreDataset[]> {
  const names = new Map<string, Set<string>>();
  for (const { typeName, qualifiedName } of keys) {
    names.set(typeName, (names.get(typeName) ?? new Set()).add(qualifiedName));
  }
  const answers = await Promise.all([...names].map(([type, set]) => store.findByName(type, [...set], signal)));
  return withSchemas(store, answers.flat(), signal);
}

async function withSchemas(store: MetadataStore, found: readonly EntityWithOwned[], signal?: AbortSignal) {
  const bare = found.filter((each) => each.entity.typeName !== 'flink_table' && columnsOf(each).length === 0);
  const declared = bare.length > 0 && (await store.knownTypes(['flink_table'], signal)).has('flink_table');
  const names = bare.map(({ entity }) => schemaName({ ...entity, qualifiedName: qualifiedNameOf(entity) }));
  const schemas = declared ? await store.findByName('flink_table', names, signal) : [];
  const byName = new Map(schemas.map((schema) => [qualifiedNameOf(schema.entity), schema]));
  return found.map((each) => {
    const key = { typeName: each.entity.typeName, qualifiedName: qualifiedNameOf(each.entity) };
    return datasetOf(store, each, byName.get(schemaName(key)));
  });
}

/** Processes by guid, those that exist, in any order, with their column lineage: one request. Throws a StoreError. */
export async function readProcesses(
  store: MetadataStore,
  guids: readonly string[],
  signal?: AbortSignal,
): Promise<StoreProcess[]> {
  return (await store.findByGuid(guids, signal)).map((found) => processOf(store, found));
}
