/** What a store knows of tables, for hovers: one request for all of them, and one for those that are not there. */
import type { TableNode } from '../semantics/lineage';
import { avroColumns } from './avroColumns';
import type { CardColumn, TableAnswer, TableCard } from './cards';
import { flinkType } from './columnTypes';
import { type Key, keyOf, schemaName } from './desired';
import { type Entity, type EntityWithOwned, livingRefs, qualifiedNameOf, refsOf, textOf } from './entity';
import type { Job } from './job';
import { type Dataset, datasetsOf, mappingContext, typeLabel } from './mapping';
import { type MetadataStore, StoreError, toUserError } from './store';

export function classificationsOf(entity: Entity): string[] {
  return (entity.classifications ?? []).map((each) => each.typeName);
}

/** Whether the certificate that catalogs built on Atlas keep says so. */
function isDeprecated({ attributes }: Entity): boolean {
  return [attributes.certificateStatus, attributes.certificate].some(
    (value) => typeof value === 'string' && value.toLowerCase() === 'deprecated',
  );
}

/** Names of the glossary terms that an entity carries. */
export function termsOf(entity: Entity): string[] {
  return refsOf(entity.relationshipAttributes?.meanings)
    .map((ref) => ref.displayText ?? '')
    .filter((name) => name !== '');
}

/** Names of the living processes on one side of a dataset. Column lineage is not counted: its process is. */
function neighbours(entity: Entity, attribute: string): string[] {
  const names = livingRefs(entity, attribute)
    .filter((ref) => !ref.typeName?.endsWith('_column_lineage'))
    .map((ref) => {
      const name = ref.displayText ?? ref.guid ?? '';
      // a process is 'job/sink': people know the job
      return ref.typeName === 'flink_process' ? name.replace(/\/[^/]*$/, '') : name;
    });
  return [...new Set(names)].sort((a, b) => a.localeCompare(b));
}

export function columnsOf(found: EntityWithOwned | undefined): CardColumn[] {
  const columns = Object.values(found?.owned ?? {}).filter(
    (each) => each.typeName.endsWith('_column') && each.status !== 'DELETED',
  );
  const position = (each: Entity) => Number(each.attributes.position ?? 0);
  return columns
    .sort((a, b) => position(a) - position(b) || (textOf(a, 'name') ?? '').localeCompare(textOf(b, 'name') ?? ''))
    .map((each) => {
      const type = textOf(each, 'type') ?? textOf(each, 'data_type');
      const known = type === 'unknown' ? undefined : type;
      const { length } = each.attributes;
      const flink = flinkType(each.typeName, known, typeof length === 'number' && length > 0 ? length : undefined);
      const description = textOf(each, 'userDescription') ?? textOf(each, 'description') ?? textOf(each, 'comment');
      const kind = textOf(each, 'kind');
      return {
        name: textOf(each, 'name') ?? '',
        guid: each.guid,
        qualifiedName: qualifiedNameOf(each),
        ...(known ? { type: known } : {}),
        ...(flink ? { flinkType: flink } : {}),
        ...(kind ? { kind } : {}),
        ...(description ? { description } : {}),
        classifications: classificationsOf(each),
        ...(isDeprecated(each) ? { deprecated: true } : {}),
      };
    });
}

/** What hovers show of a dataset; `schema` is what Flink jobs declare of it. */
export function card(
  store: MetadataStore,
  table: string,
  found: EntityWithOwned,
  schema: EntityWithOwned | undefined,
): TableCard {
  const { entity } = found;
  const description = textOf(entity, 'userDescription') ?? textOf(entity, 'description') ?? textOf(entity, 'comment');
  const owner = textOf(entity, 'owner');
  const webUrl = store.webUrl(entity.guid);
  const own = columnsOf(found);
  const holder = own.length > 0 ? found : schema;
  const columnType = Object.values(holder?.owned ?? {}).find((each) => each.typeName.endsWith('_column'))?.typeName;
  const publishedBy = holder && textOf(holder.entity, 'publishedBy');
  const publishedAs = holder && textOf(holder.entity, 'publishedAs');
  const declared = schema ? textOf(schema.entity, 'description') : undefined;
  const told = description ?? declared;
  return {
    table,
    typeName: entity.typeName,
    typeLabel: typeLabel(entity.typeName),
    name: textOf(entity, 'name') ?? qualifiedNameOf(entity),
    qualifiedName: qualifiedNameOf(entity),
    guid: entity.guid,
    ...(told ? { description: told } : {}),
    ...(owner ? { owner } : {}),
    classifications: classificationsOf(entity),
    terms: termsOf(entity),
    labels: entity.labels ?? [],
    columns: own.length ? own : columnsOf(schema),
    ...(columnType ? { columnType } : {}),
    ...(publishedBy ? { publishedBy } : {}),
    ...(publishedAs ? { publishedAs } : {}),
    upstream: neighbours(entity, 'outputFromProcesses'),
    downstream: neighbours(entity, 'inputToProcesses'),
    ...(entity.updateTime ? { updateTime: entity.updateTime } : {}),
    ...(entity.updatedBy ? { updatedBy: entity.updatedBy } : {}),
    status: entity.status === 'DELETED' ? 'deleted' : 'active',
    ...(isDeprecated(entity) ? { deprecated: true } : {}),
    ...(webUrl ? { webUrl } : {}),
  };
}

/**
 * What the store knows of each table, in order: a card, or under which name it would be found, or the error that kept it
 * from answering. Cancellation alone is thrown. Tables that keep nothing (datagen, print) are found nowhere.
 */
export async function describeTables(
  store: MetadataStore,
  tables: readonly TableNode[],
  catalogs: Job['catalogs'],
  signal?: AbortSignal,
): Promise<TableAnswer[]> {
  const mapped = tables.map((table) => datasetsOf(table, mappingContext(store, catalogs)));
  try {
    const find = await fetchAll(store, mapped.flat(), signal);
    const bare = mapped.flat().flatMap((dataset) => {
      const entity = dataset.typeName === 'kafka_topic' ? find(dataset) : undefined;
      const isDeclared = find({ typeName: 'flink_table', qualifiedName: schemaName(dataset) });
      return entity && !isDeclared ? [entity] : [];
    });
    const avro = await avroColumns(store, bare, signal);
    return mapped.map((datasets, index) => {
      const table = tables[index]?.name ?? '';
      const cards = datasets.flatMap((dataset) => {
        const there = inAnyType(dataset).find((each) => find(each)) ?? dataset;
        const entity = find(there);
        const schema = find({ typeName: 'flink_table', qualifiedName: schemaName(there) });
        if (!entity) return [];
        const known = card(store, table, entity, schema);
        const { columns = [], isFlattened } = avro.get(entity.entity.guid) ?? {};
        if (columns.length === 0) return [known];
        return [{ ...known, columns, columnType: 'avro_field', ...(isFlattened ? { flattened: true as const } : {}) }];
      });
      const [first, ...others] = cards;
      if (first) return { table, found: true, card: first, others };
      const [expected] = datasets;
      if (!expected) return { table, found: false };
      const { typeName, qualifiedName } = expected;
      return { table, found: false, expected: { typeLabel: typeLabel(typeName), typeName, qualifiedName } };
    });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'cancelled') throw error;
    return tables.map((table) => ({ table: table.name, found: false, error: toUserError(error) }));
  }
}

/** A dataset in the types that Atlas has for it, the newer first. */
function inAnyType(dataset: Dataset): Dataset[] {
  return dataset.older ? [dataset, ...inAnyType(dataset.older)] : [dataset];
}

/** What stands in for a type that a server lacked when the dataset was published. */
const standIns = ['flink_table', 'DataSet'];

/**
 * Datasets, and what Flink declares of them, by type and name. All are asked for as datasets, whatever their types, in as
 * few requests as their names fit into; only where a name is that of a dataset of another type it is asked for again.
 */
async function fetchAll(
  store: MetadataStore,
  datasets: readonly Dataset[],
  signal?: AbortSignal,
): Promise<(key: Key) => EntityWithOwned | undefined> {
  const wanted = datasets.flatMap(inAnyType);
  const names = new Set(wanted.map(({ qualifiedName }) => qualifiedName));
  for (const dataset of wanted) if (!dataset.columns) names.add(schemaName(dataset));
  const found = new Map<string, EntityWithOwned>();
  const keep = (each: EntityWithOwned) =>
    found.set(keyOf({ typeName: each.entity.typeName, qualifiedName: qualifiedNameOf(each.entity) }), each);
  const find = ({ typeName, qualifiedName }: Key) =>
    [typeName, ...standIns].map((each) => found.get(keyOf({ typeName: each, qualifiedName }))).find(Boolean);
  const answers = await store.findByName('DataSet', [...names], signal);
  answers.forEach(keep);
  const taken = new Set(answers.map(({ entity }) => qualifiedNameOf(entity)));
  const hidden = new Map<string, Set<string>>();
  for (const dataset of wanted) {
    if (!taken.has(dataset.qualifiedName) || find(dataset)) continue;
    hidden.set(dataset.typeName, (hidden.get(dataset.typeName) ?? new Set()).add(dataset.qualifiedName));
  }
  if (hidden.size > 0) {
    const known = await store.knownTypes([...hidden.keys()], signal);
    const present = [...hidden].filter(([type]) => known.has(type));
    const others = await Promise.all(present.map(([type, set]) => store.findByName(type, [...set], signal)));
    others.flat().forEach(keep);
  }
  const missing = datasets.filter((dataset) => !inAnyType(dataset).some(find));
  (await deleted(store, missing, signal)).forEach(keep);
  return find;
}

/** Names asked for at once among what was deleted: it is a search, which takes longer the more it looks for. */
const mostDeleted = 100;

/** Datasets that are only there as deleted ones. Nice to know: where the search fails nobody is kept from the rest. */
async function deleted(
  store: MetadataStore,
  datasets: readonly Dataset[],
  signal?: AbortSignal,
): Promise<EntityWithOwned[]> {
  const names = [...new Set(datasets.map(({ qualifiedName }) => qualifiedName))].slice(0, mostDeleted);
  if (names.length === 0) return [];
  try {
    const headers = await store.findDeleted(names, signal);
    const wanted = headers.filter(({ typeName, attributes }) =>
      datasets.some((each) => each.typeName === typeName && each.qualifiedName === attributes.qualifiedName),
    );
    if (wanted.length === 0) return [];
    return await store.findByGuid([...new Set(wanted.map(({ guid }) => guid))], signal);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'cancelled') throw error;
    return [];
  }
}
