/** What a store knows of tables, for hovers: one request for each kind of dataset, however many tables. */
import type { TableNode } from '../semantics/lineage';
import type { CardColumn, TableAnswer, TableCard } from './cards';
import { keyOf, schemaName, typesOf, withKnownTypes } from './desired';
import { type Entity, type EntityWithOwned, qualifiedNameOf, refsOf, textOf } from './entity';
import type { Job } from './job';
import { type Dataset, datasetsOf, typeLabel } from './mapping';
import { type MetadataStore, StoreError, toUserError } from './store';

function classificationsOf(entity: Entity): string[] {
  return (entity.classifications ?? []).map((each) => each.typeName);
}

/** Names of the glossary terms that an entity carries. */
function termsOf(entity: Entity): string[] {
  return refsOf(entity.relationshipAttributes?.meanings)
    .map((ref) => ref.displayText ?? '')
    .filter((name) => name !== '');
}

/** Names of the living processes on one side of a dataset. Column lineage is not counted: its process is. */
function neighbours(entity: Entity, attribute: string): string[] {
  const names = refsOf(entity.relationshipAttributes?.[attribute])
    .filter((ref) => ref.entityStatus !== 'DELETED' && ref.relationshipStatus !== 'DELETED')
    .filter((ref) => !ref.typeName?.endsWith('_column_lineage'))
    .map((ref) => {
      const name = ref.displayText ?? ref.guid ?? '';
      // a process is 'job/sink': people know the job
      return ref.typeName === 'flink_process' ? name.replace(/\/[^/]*$/, '') : name;
    });
  return [...new Set(names)].sort((a, b) => a.localeCompare(b));
}

function columnsOf(found: EntityWithOwned | undefined): CardColumn[] {
  const columns = Object.values(found?.owned ?? {}).filter(
    (each) => each.typeName.endsWith('_column') && each.status !== 'DELETED',
  );
  const position = (each: Entity) => Number(each.attributes.position ?? 0);
  return columns
    .sort((a, b) => position(a) - position(b) || (textOf(a, 'name') ?? '').localeCompare(textOf(b, 'name') ?? ''))
    .map((each) => {
      const type = textOf(each, 'type') ?? textOf(each, 'data_type');
      const description = textOf(each, 'description') ?? textOf(each, 'comment');
      return {
        name: textOf(each, 'name') ?? '',
        ...(type && type !== 'unknown' ? { type } : {}),
        ...(description ? { description } : {}),
        classifications: classificationsOf(each),
      };
    });
}

function card(
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
    upstream: neighbours(entity, 'outputFromProcesses'),
    downstream: neighbours(entity, 'inputToProcesses'),
    ...(entity.updateTime ? { updateTime: entity.updateTime } : {}),
    ...(entity.updatedBy ? { updatedBy: entity.updatedBy } : {}),
    status: entity.status === 'DELETED' ? 'deleted' : 'active',
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
  const mapped = tables.map((table) => datasetsOf(table, { namespace: store.namespace, catalogs }));
  try {
    const types = await store.knownTypes([...new Set(['flink_table', ...mapped.flat().flatMap(typesOf)])], signal);
    const wanted = mapped.map((datasets) => datasets.map((dataset) => withKnownTypes(dataset, types)));
    const found = await fetchAll(store, wanted.flat(), types, signal);
    return wanted.map((datasets, index) => {
      const table = tables[index]?.name ?? '';
      const cards = datasets.flatMap((dataset) => {
        const entity = found.get(keyOf(dataset));
        const schema = found.get(keyOf({ typeName: 'flink_table', qualifiedName: schemaName(dataset) }));
        return entity ? [card(store, table, entity, schema)] : [];
      });
      const [first, ...others] = cards;
      if (first) return { table, found: true, card: first, others };
      const [expected] = mapped[index] ?? [];
      if (!expected) return { table, found: false };
      const { typeName, qualifiedName } = expected;
      return { table, found: false, expected: { typeLabel: typeLabel(typeName), typeName, qualifiedName } };
    });
  } catch (error) {
    if (error instanceof StoreError && error.code === 'cancelled') throw error;
    return tables.map((table) => ({ table: table.name, found: false, error: toUserError(error) }));
  }
}

async function fetchAll(
  store: MetadataStore,
  datasets: readonly Dataset[],
  types: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Map<string, EntityWithOwned>> {
  const names = new Map<string, Set<string>>();
  const want = (typeName: string, qualifiedName: string) => {
    const set = names.get(typeName) ?? new Set();
    names.set(typeName, set.add(qualifiedName));
  };
  for (const dataset of datasets) {
    want(dataset.typeName, dataset.qualifiedName);
    if (types.has('flink_table') && !dataset.columns) want('flink_table', schemaName(dataset));
  }
  const answers = await Promise.all([...names].map(([type, set]) => store.findByName(type, [...set], signal)));
  const found = new Map<string, EntityWithOwned>();
  for (const each of answers.flat()) {
    found.set(keyOf({ typeName: each.entity.typeName, qualifiedName: qualifiedNameOf(each.entity) }), each);
  }
  return found;
}
