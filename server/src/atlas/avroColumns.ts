/** The columns of topics whose Avro schema a store knows: for topics of which no Flink job has declared any. */
import type { CardColumn } from './cards';
import { flinkType } from './columnTypes';
import { type Entity, type EntityWithOwned, type ObjectRef, qualifiedNameOf, refsOf, textOf } from './entity';
import type { MetadataStore } from './store';

function living(refs: readonly ObjectRef[]): string[] {
  return refs
    .filter((ref) => ref.entityStatus !== 'DELETED' && ref.relationshipStatus !== 'DELETED')
    .flatMap(({ guid }) => guid ?? []);
}

/** The last of a topic's schemas by name: versions are in their names. */
function schemaOf({ entity }: EntityWithOwned): string | undefined {
  const refs = refsOf(entity.relationshipAttributes?.avroSchema);
  const byName = [...refs].sort((a, b) =>
    (a.displayText ?? '').localeCompare(b.displayText ?? '', undefined, { numeric: true }),
  );
  return living(byName).at(-1);
}

/**
 * Columns of each topic by its guid. Two requests for all topics that have a schema, none where there is none. A field's
 * type is known to Flink where it is a primitive one.
 */
export async function avroColumns(
  store: MetadataStore,
  topics: readonly EntityWithOwned[],
  signal?: AbortSignal,
): Promise<Map<string, CardColumn[]>> {
  const schemas = new Map(
    topics.flatMap((topic) => {
      const guid = schemaOf(topic);
      return guid === undefined ? [] : [[topic.entity.guid, guid] as const];
    }),
  );
  if (schemas.size === 0) return new Map();
  const found = await store.findByGuid([...new Set(schemas.values())], signal);
  const fieldsOf = new Map(
    found.map(({ entity }) => [entity.guid, living(refsOf(entity.relationshipAttributes?.fields))]),
  );
  const fields = await store.findByGuid([...new Set([...fieldsOf.values()].flat())], signal);
  const byGuid = new Map(fields.map(({ entity }) => [entity.guid, columnOf(entity)]));
  return new Map(
    [...schemas].map(([topic, schema]) => [
      topic,
      (fieldsOf.get(schema) ?? []).flatMap((guid) => byGuid.get(guid) ?? []),
    ]),
  );
}

function columnOf(field: Entity): CardColumn {
  const type = refsOf(field.relationshipAttributes?.type)[0]?.displayText;
  const flink = flinkType('avro_field', type);
  const description = textOf(field, 'userDescription') ?? textOf(field, 'doc') ?? textOf(field, 'description');
  return {
    name: textOf(field, 'name') ?? '',
    guid: field.guid,
    qualifiedName: qualifiedNameOf(field),
    ...(type ? { type } : {}),
    ...(flink ? { flinkType: flink } : {}),
    ...(description ? { description } : {}),
    classifications: (field.classifications ?? []).map((each) => each.typeName),
  };
}
