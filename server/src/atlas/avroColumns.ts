/** The columns of topics whose Avro schema a store knows: for topics of which no Flink job has declared any. */
import type { CardColumn } from './cards';
import { flinkType } from './columnTypes';
import { type Entity, type EntityWithOwned, livingRefs, type ObjectRef, qualifiedNameOf, textOf } from './entity';
import type { MetadataStore } from './store';

/** The columns of a topic. */
export interface AvroColumns {
  columns: CardColumn[];
  /** They are paths to the leaves of records in records, as the Kafka bridge writes them, and no columns of a table */
  isFlattened: boolean;
}

function guidsOf(refs: readonly ObjectRef[]): string[] {
  return refs.flatMap(({ guid }) => guid ?? []);
}

/** The last of a topic's schemas by name: versions are in their names. */
function schemaOf({ entity }: EntityWithOwned): string | undefined {
  const byName = livingRefs(entity, 'avroSchema').sort((a, b) =>
    (a.displayText ?? '').localeCompare(b.displayText ?? '', undefined, { numeric: true }),
  );
  return guidsOf(byName).at(-1);
}

/** The living types of a field but null, which only says that a value may be absent. */
function typesOf(field: Entity): ObjectRef[] {
  return livingRefs(field, 'type').filter((ref) => ref.guid && ref.displayText?.toLowerCase() !== 'null');
}

/**
 * Columns of each topic by its guid. Two requests for all topics that have a schema, one more where there are arrays and
 * maps, none where there is no schema. What lies in a record of a field is not looked at.
 */
export async function avroColumns(
  store: MetadataStore,
  topics: readonly EntityWithOwned[],
  signal?: AbortSignal,
): Promise<Map<string, AvroColumns>> {
  const schemas = new Map(
    topics.flatMap((topic) => {
      const guid = schemaOf(topic);
      return guid === undefined ? [] : [[topic.entity.guid, guid] as const];
    }),
  );
  if (schemas.size === 0) return new Map();
  const find = async (guids: readonly string[]): Promise<Map<string, Entity>> => {
    const found = guids.length > 0 ? await store.findByGuid([...new Set(guids)], signal) : [];
    return new Map(found.map(({ entity }) => [entity.guid, entity]));
  };
  const fieldsOf = new Map(
    [...(await find([...schemas.values()]))].map(([guid, entity]) => [guid, guidsOf(livingRefs(entity, 'fields'))]),
  );
  const fields = await find([...fieldsOf.values()].flat());
  const types = [...fields.values()].flatMap(typesOf);
  const collections = await find(
    types.flatMap(({ guid, typeName }) => (guid && typeName === 'avro_collection' ? guid : [])),
  );
  return new Map(
    [...schemas].map(([topic, schema]) => {
      const found = (fieldsOf.get(schema) ?? []).flatMap((guid) => fields.get(guid) ?? []);
      const columns = found.map((field) => columnOf(field, collections));
      return [topic, { columns, isFlattened: columns.some(({ name }) => name.includes('.')) }];
    }),
  );
}

/** A type in Avro's words. */
function written(
  { guid = '', typeName, displayText = '' }: ObjectRef,
  collections: ReadonlyMap<string, Entity>,
): string {
  const collection = collections.get(guid);
  if (collection) {
    const { type, items } = collection.attributes;
    const inside = [items].flat().filter((item) => item !== 'null');
    return `${type}<${inside.join(' | ')}>`;
  }
  return typeName === 'avro_enum' ? `enum ${displayText}` : displayText;
}

function columnOf(field: Entity, collections: ReadonlyMap<string, Entity>): CardColumn {
  const types = typesOf(field);
  const told = textOf(field, 'description');
  // the Kafka bridge ties no type to a field: it writes the kind of type in capitals where others describe the field
  const kind = types.length === 0 && /^[A-Z]+$/.test(told ?? '') ? told : undefined;
  const union = types.map((each) => written(each, collections)).sort();
  const type = kind?.toLowerCase() ?? union.join(' | ');
  const flink = kind ? flinkType('avro_kind', kind) : flinkType('avro_field', type);
  const description = textOf(field, 'userDescription') ?? textOf(field, 'doc') ?? (kind ? undefined : told);
  return {
    // and puts the schema's version behind its name
    name: (textOf(field, 'name') ?? '').replace(/\(v\d+\)$/, ''),
    guid: field.guid,
    qualifiedName: qualifiedNameOf(field),
    ...(type ? { type } : {}),
    ...(flink ? { flinkType: flink } : {}),
    ...(description ? { description } : {}),
    classifications: (field.classifications ?? []).map((each) => each.typeName),
  };
}
