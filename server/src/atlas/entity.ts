/** The shapes of Atlas's v2 model that this product reads and writes, as the REST API and the workspace catalog carry them. */

/** A reference to an entity: by guid, or by type and unique attribute where the entity exists already. */
export interface ObjectRef {
  guid?: string;
  typeName?: string;
  uniqueAttributes?: { qualifiedName: string };
  /** Which relationship ties the two, where one attribute stands for several */
  relationshipType?: string;
  /** Only on what a store returns */
  displayText?: string;
  entityStatus?: EntityStatus;
  relationshipStatus?: EntityStatus;
  qualifiedName?: string;
}

export type EntityStatus = 'ACTIVE' | 'DELETED';

export interface Classification {
  typeName: string;
  /** Where it was put; another entity than the one that carries it when it has come along lineage */
  entityGuid?: string;
  attributes?: Record<string, unknown>;
}

export interface Entity {
  guid: string;
  typeName: string;
  attributes: Record<string, unknown>;
  relationshipAttributes?: Record<string, unknown>;
  classifications?: Classification[];
  labels?: string[];
  /** Business metadata: values by name and attribute */
  businessAttributes?: Record<string, Record<string, unknown>>;
  status?: EntityStatus;
  createdBy?: string;
  updatedBy?: string;
  /** Milliseconds since 1970 */
  createTime?: number;
  updateTime?: number;
  version?: number;
}

/** An entity with those that belong to it (the columns of a table, the processes of a job), by guid. */
export interface EntityWithOwned {
  entity: Entity;
  owned: Record<string, Entity>;
}

/** The little that search and lineage answers carry of an entity. */
export interface EntityHeader {
  guid: string;
  typeName: string;
  attributes: Record<string, unknown>;
  displayText?: string;
  status?: EntityStatus;
  classificationNames?: string[];
  meaningNames?: string[];
  /** Milliseconds since 1970 */
  updateTime?: number;
}

export interface LineageGraph {
  baseEntityGuid: string;
  guidEntityMap: Record<string, EntityHeader>;
  relations: { fromEntityId: string; toEntityId: string }[];
}

/** What a store is asked to write. A guid that begins with '-' stands for an entity to be made. */
export interface EntityToWrite {
  guid: string;
  typeName: string;
  attributes: Record<string, unknown>;
  relationshipAttributes?: Record<string, ObjectRef | ObjectRef[]>;
  classifications?: Classification[];
  labels?: string[];
}

/** The qualifiedName of an entity or header, '' when it has none. */
export function qualifiedNameOf(entity: { attributes: Record<string, unknown> }): string {
  const value = entity.attributes.qualifiedName;
  return typeof value === 'string' ? value : '';
}

/** A text attribute, undefined when it is absent, empty or no text. */
export function textOf(entity: { attributes: Record<string, unknown> }, attribute: string): string | undefined {
  const value = entity.attributes[attribute];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The references that an attribute or relationship attribute holds, whether it is one or many. */
export function refsOf(value: unknown): ObjectRef[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.filter((item): item is ObjectRef => typeof item === 'object' && item !== null && 'guid' in item);
}

/** Whether neither what is referred to nor the tie to it is deleted. */
export function isLiving({ entityStatus, relationshipStatus }: ObjectRef): boolean {
  return entityStatus !== 'DELETED' && relationshipStatus !== 'DELETED';
}

/** What an entity refers to by a relationship, without what is deleted. */
export function livingRefs(entity: Entity | undefined, relationship: string): ObjectRef[] {
  return refsOf(entity?.relationshipAttributes?.[relationship]).filter(isLiving);
}

/** What comes with the entity that owns it, by type: the attribute that leads to that. */
export const ownedBy: Readonly<Record<string, string>> = {
  flink_column: 'table',
  flink_column_lineage: 'process',
  hive_column: 'table',
  rdbms_column: 'table',
};

/** The relationship of a Hive table to the columns of its partitions; those of its other columns is `hive_table_columns`. */
export const PARTITION_KEYS = 'hive_table_partitionkeys';

/** Whether a type is a process by its name; what others have defined may be one all the same. */
export function isProcessType(typeName: string): boolean {
  return typeName === 'Process' || typeName === 'flink_application' || /_(process|column_lineage)$/.test(typeName);
}

/** Guids of the living processes of a job, as its entity refers to them. */
export function processGuids(application: Entity): string[] {
  return livingRefs(application, 'jobProcesses')
    .map((ref) => ref.guid ?? '')
    .filter((guid) => guid !== '');
}

/** What a process reads or writes, by name: one form of the list has names, the other qualifiedNames. */
export function edgesOf(process: Entity, side: 'inputs' | 'outputs'): ObjectRef[] {
  const related = new Map(refsOf(process.relationshipAttributes?.[side]).map((ref) => [ref.guid, ref]));
  return refsOf(process.attributes[side])
    .map((ref) => ({ ...related.get(ref.guid), ...ref }))
    .filter(isLiving)
    .sort((a, b) => (a.displayText ?? '').localeCompare(b.displayText ?? ''));
}

/** Attributes that say something and are no references to other entities, without what is empty. */
export function plainAttributes({ attributes }: { attributes: Record<string, unknown> }): Record<string, unknown> {
  const isRef = (value: unknown): boolean =>
    Array.isArray(value) ? value.some(isRef) : typeof value === 'object' && value !== null && 'guid' in value;
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined && !isRef(value)),
  );
}

/** Classifications put on the entity itself, not those that came along lineage. */
export function ownClassifications({ guid, classifications = [] }: Entity): Classification[] {
  return classifications.filter(({ entityGuid }) => entityGuid === undefined || entityGuid === guid);
}

/** Whether all words, in lower case, are in the names or the description of an entity, wherever. */
export function hasWords(entity: { attributes: Record<string, unknown> }, words: readonly string[]): boolean {
  const texts = ['name', 'qualifiedName', 'displayName', 'description', 'userDescription', 'comment'];
  const all = texts.map((attribute) => textOf(entity, attribute)?.toLowerCase() ?? '').join('\n');
  return words.every((word) => all.includes(word));
}
