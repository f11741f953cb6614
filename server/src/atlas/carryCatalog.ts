/** Carries what is in one metadata store into another: a workspace catalog into an Atlas server, say. */
import { writeAll } from './batches';
import {
  type Entity,
  type EntityToWrite,
  edgesOf,
  type ObjectRef,
  ownClassifications,
  plainAttributes,
  qualifiedNameOf,
  refsOf,
} from './entity';
import type { Progress } from './service';
import type { MetadataStore } from './store';
import { ourTypes, typedefsFor } from './typedefs';

/** More than any folder holds. */
const everything = 1_000_000;

function keyOf(entity: { typeName: string; attributes: Record<string, unknown> }): string {
  return `${entity.typeName} ${qualifiedNameOf(entity)}`;
}

/** What is referred to before what refers to it: containers, datasets, columns, jobs, processes. */
const order = [
  /_(instance|account|namespace|volume)$/,
  /_(db|bucket|container)$/,
  /^(?!flink_).*(?<!_column)$/,
  /^flink_table$/,
  /_column$/,
  /^flink_application$/,
  /_process$/,
  /_column_lineage$/,
];

function rank(entity: Entity): number {
  return order.findIndex((pattern) => pattern.test(entity.typeName));
}

/** Relationship attributes that lead to what an entity belongs to or stands in; the other ends of relationships follow from these. */
export const belongsTo = [
  'job',
  'table',
  'process',
  'dataset',
  'db',
  'instance',
  'namespace',
  'container',
  'parent',
  'account',
  'volume',
] as const;

/**
 * Writes everything that `to` lacks, with classifications and glossary terms. What `to` has already stays as it is.
 * Creates the types that are missing. Gives the number of pieces carried; throws a StoreError.
 */
export async function carryCatalog(
  from: MetadataStore,
  to: MetadataStore,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<number> {
  const headers = (await from.search({ typeName: 'Asset', offset: 0, limit: everything }, signal)).entities;
  const found = await from.findByGuid(
    headers.map((header) => header.guid),
    signal,
  );
  return carry(
    found.map(({ entity }) => entity),
    to,
    progress,
    signal,
  );
}

/**
 * Writes those of some entities of another store that `to` lacks. What they refer to must be among them, or in `to` under the
 * same name. Otherwise as `carryCatalog`.
 */
export async function carry(
  entities: readonly Entity[],
  to: MetadataStore,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<number> {
  await createTypes(to, entities, signal);
  // a folder's name is longer than that of the folder it is in
  const all = [...entities].sort((a, b) => rank(a) - rank(b) || qualifiedNameOf(a).length - qualifiedNameOf(b).length);
  const guids = new Map<string, string>();
  for (const typeName of new Set(all.map((entity) => entity.typeName))) {
    const names = all.filter((entity) => entity.typeName === typeName).map(qualifiedNameOf);
    for (const { entity } of await to.findByName(typeName, names, signal)) guids.set(keyOf(entity), entity.guid);
  }
  const missing = all.filter((entity) => !guids.has(keyOf(entity)));
  missing.forEach((entity, index) => {
    guids.set(keyOf(entity), `-${index + 1}`);
  });
  const byOldGuid = new Map(all.map((entity) => [entity.guid, guids.get(keyOf(entity)) ?? '']));
  const report = (done: number) => progress(done, missing.length, `${done} of ${missing.length}`);
  report(0);
  const writes = missing.map((entity) => toWrite(entity, guids, byOldGuid));
  const standIns = await writeAll(to, writes, signal, report);

  const terms = new Map<string, string[]>();
  for (const entity of missing) {
    for (const { displayText } of refsOf(entity.relationshipAttributes?.meanings)) {
      const guid = standIns.get(guids.get(keyOf(entity)) ?? '');
      if (displayText && guid) terms.set(displayText, [...(terms.get(displayText) ?? []), guid]);
    }
  }
  if (terms.size > 0) await to.assignTerms(terms, signal);
  to.refresh();
  return missing.length;
}

/** Creates the types of ours, and of classifications of these entities, that a store lacks. */
export async function createTypes(to: MetadataStore, entities: readonly Entity[], signal?: AbortSignal): Promise<void> {
  const classifications = [...new Set(entities.flatMap(ownClassifications).map((each) => each.typeName))];
  const known = await to.knownTypes([...ourTypes, ...classifications], signal);
  const absent = (names: readonly string[]) => names.filter((name) => !known.has(name));
  if (absent([...ourTypes, ...classifications]).length === 0) return;
  const classificationDefs = absent(classifications).map((name) => ({ name, superTypes: [], attributeDefs: [] }));
  await to.createTypes({ ...typedefsFor(absent(ourTypes)), classificationDefs }, signal);
}

function toWrite(
  entity: Entity,
  guids: ReadonlyMap<string, string>,
  byOldGuid: ReadonlyMap<string, string>,
): EntityToWrite {
  const swap = (ref: ObjectRef): ObjectRef => {
    const { guid = '', typeName, relationshipType } = ref;
    return {
      guid: byOldGuid.get(guid) ?? '',
      ...(typeName ? { typeName } : {}),
      ...(relationshipType ? { relationshipType } : {}),
    };
  };
  // references of other kinds follow from relationships
  const attributes = plainAttributes(entity);
  const found = (ref: ObjectRef) => ref.guid !== '';
  for (const side of ['inputs', 'outputs'] as const) {
    if (entity.attributes[side] !== undefined) attributes[side] = edgesOf(entity, side).map(swap).filter(found);
  }
  const relations = belongsTo.flatMap((name) => {
    const ref = refsOf(entity.relationshipAttributes?.[name])[0];
    const end = ref && swap(ref);
    return end && found(end) ? [[name, end] as const] : [];
  });
  const classifications = ownClassifications(entity).map(({ typeName, attributes: values }) => ({
    typeName,
    ...(values && Object.keys(values).length > 0 ? { attributes: values } : {}),
  }));
  return {
    guid: guids.get(keyOf(entity)) ?? '',
    typeName: entity.typeName,
    attributes,
    ...(relations.length ? { relationshipAttributes: Object.fromEntries(relations) } : {}),
    ...(classifications.length ? { classifications } : {}),
    ...(entity.labels?.length ? { labels: entity.labels } : {}),
  };
}
