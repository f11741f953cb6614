/** A dataset as a store knows it, with what Flink jobs declare of it: enough to show it, or to write its DDL. */
import type { TableCard } from './cards';
import { card } from './describeTables';
import { type Entity, type EntityWithOwned, livingRefs, refsOf, textOf } from './entity';
import { type MetadataStore, StoreError } from './store';

export interface KnownDataset {
  /** What hovers show of it */
  card: TableCard;
  /** The column that was asked for, when it was one */
  column?: string;
  /** How the type's own attributes describe it: `topic`, `uri`, `path` … */
  attributes: Record<string, unknown>;
  /** What a job that reads or writes it declares */
  declared?: {
    /** Its DDL, secrets masked; may be cut */
    definition?: string;
    /** WITH options, secrets masked */
    options: Record<string, string>;
    primaryKey: string[];
    partitionKeys: string[];
    /** 'ts AS ts - INTERVAL '5' SECOND' */
    watermark?: string;
    /** How columns come about, where they are not plainly stored: 'metadata' */
    kinds: Record<string, string>;
  };
}

const gone = () => new StoreError('conflict', 'It is not there any more.', 'Refresh and try again.');

async function one(store: MetadataStore, guid: string, signal?: AbortSignal): Promise<EntityWithOwned> {
  const [found] = await store.findByGuid([guid], signal);
  if (!found) throw gone();
  return found;
}

/**
 * The dataset with a guid, or the one that a column with this guid belongs to. At most three requests. Throws a StoreError
 * when there is none.
 */
export async function readDataset(store: MetadataStore, guid: string, signal?: AbortSignal): Promise<KnownDataset> {
  const asked = await one(store, guid, signal);
  let found = asked;
  const isColumn = asked.entity.typeName.endsWith('_column');
  if (isColumn) {
    const [table] = refsOf(asked.entity.relationshipAttributes?.table);
    if (!table?.guid) throw gone();
    found = await one(store, table.guid, signal);
  }
  let schema: EntityWithOwned | undefined = found.entity.typeName === 'flink_table' ? found : undefined;
  const related = (end: string) => livingRefs(found.entity, end).find((ref) => ref.guid)?.guid;
  const other = related(schema ? 'dataset' : 'flinkTables');
  if (other) {
    const [end] = await store.findByGuid([other], signal);
    if (end && schema) found = end;
    else schema = end;
  }
  const column = isColumn ? textOf(asked.entity, 'name') : undefined;
  return {
    card: card(store, textOf(found.entity, 'name') ?? '', found, schema),
    ...(column ? { column } : {}),
    attributes: found.entity.attributes,
    ...(schema ? { declared: declaredBy(schema) } : {}),
  };
}

function declaredBy({ entity, owned }: EntityWithOwned): KnownDataset['declared'] {
  const definition = textOf(entity, 'definition');
  const watermark = textOf(entity, 'watermark');
  const columns: Entity[] = Object.values(owned).filter((each) => each.typeName === 'flink_column');
  return {
    ...(definition ? { definition } : {}),
    options: texts(entity.attributes.options),
    primaryKey: list(entity.attributes.primaryKey),
    partitionKeys: list(entity.attributes.partitionKeys),
    ...(watermark ? { watermark } : {}),
    kinds: Object.fromEntries(columns.map((each) => [textOf(each, 'name') ?? '', textOf(each, 'kind') ?? 'physical'])),
  };
}

function texts(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]));
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
