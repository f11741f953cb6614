/** Where two metadata stores differ: jobs and datasets that only one has, and attributes that both have with other values. */
import type { StoreDifference } from '../protocol';
import { belongsTo } from './carryCatalog';
import {
  type Entity,
  type EntityWithOwned,
  edgesOf,
  type ObjectRef,
  ownClassifications,
  qualifiedNameOf,
  refsOf,
  textOf,
} from './entity';
import { typeLabel } from './mapping';
import type { Progress } from './service';
import { type MetadataStore, throwIfAborted } from './store';

/** Jobs asked for at once, and more than any folder holds. */
const PAGE = 500;
const EVERYTHING = 1_000_000;

export interface Comparison {
  here: Side;
  there: Side;
  differences: Difference[];
  /** Pieces that both have alike */
  same: number;
}

/** A difference with what it is about. */
export interface Difference extends StoreDifference {
  /** The pieces that only one has: what is named, and what belongs to it */
  members?: readonly Entity[];
  /** The same piece in both */
  both?: { here: Entity; there: Entity };
}

/** What was read of a store. */
export class Side {
  readonly byKey = new Map<string, Entity>();
  readonly byGuid = new Map<string, Entity>();
  /** What a column, or the lineage of one, belongs to, by guid: not all stores say it in what belongs to something */
  readonly owners = new Map<string, Entity>();

  constructor(readonly store: MetadataStore) {}

  add(found: readonly EntityWithOwned[]): Entity[] {
    const added: Entity[] = [];
    for (const { entity, owned } of found) {
      for (const each of [entity, ...Object.values(owned)]) {
        for (const name of ['columns', 'partitionKeys', 'columnLineages'])
          for (const { guid = '' } of refsOf(each.relationshipAttributes?.[name])) this.owners.set(guid, each);
        if (each.status === 'DELETED' || qualifiedNameOf(each) === '' || this.byGuid.has(each.guid)) continue;
        this.byGuid.set(each.guid, each);
        this.byKey.set(keyOf(each), each);
        added.push(each);
      }
    }
    return added;
  }

  /**
   * Entities with all that they refer to, through any number of steps, of what was read; of what another side lacks also what
   * belongs to it.
   */
  closure(entities: Iterable<Entity>, other: Side): Entity[] {
    const all = new Set(entities);
    for (const each of all) {
      const parts = other.byKey.has(keyOf(each)) ? [] : downward(each).filter(({ typeName }) => !isProcess(typeName));
      for (const { guid = '' } of [...upward(each), ...parts]) {
        const other = this.byGuid.get(guid);
        if (other) all.add(other);
      }
    }
    return [...all];
  }
}

/**
 * Compares what two stores have of jobs, of what these read and write, and of what they have declared; of a workspace catalog
 * everything. Other datasets of a server are not looked at: they are not Flink's. Reads only; throws a StoreError.
 */
export async function compareStores(
  here: MetadataStore,
  there: MetadataStore,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<Comparison> {
  const sides = { here: new Side(here), there: new Side(there) };
  for (const [index, side] of [sides.here, sides.there].entries()) {
    progress(index, 3, `Reading ${side.store.info.label}`);
    await readAll(side, signal);
  }
  progress(2, 3, 'Comparing');
  // what one side has may be on the other without a job
  await readNamed(sides.here, [...sides.there.byKey.values()], signal);
  await readNamed(sides.there, [...sides.here.byKey.values()], signal);
  const alone = [...onlyIn(sides.here, sides.there, 'here'), ...onlyIn(sides.there, sides.here, 'there')];
  const different: Difference[] = [];
  let same = 0;
  for (const [key, mine] of sides.here.byKey) {
    const other = sides.there.byKey.get(key);
    if (!other) continue;
    const found = differencesOf(mine, other);
    different.push(...found);
    if (found.length === 0) same++;
  }
  const differences = [...alone, ...different].sort(byLabel);
  differences.forEach((difference, index) => {
    difference.id = String(index + 1);
  });
  return { ...sides, differences, same };
}

export function keyOf(entity: { typeName: string; attributes: Record<string, unknown> }): string {
  return `${entity.typeName} ${qualifiedNameOf(entity)}`;
}

async function readAll(side: Side, signal: AbortSignal | undefined): Promise<void> {
  const { store } = side;
  if (store.info.kind === 'workspace') {
    const { entities } = await store.search({ typeName: 'Asset', offset: 0, limit: EVERYTHING }, signal);
    side.add(
      await store.findByGuid(
        entities.map(({ guid }) => guid),
        signal,
      ),
    );
    return;
  }
  // what jobs have declared may be there without them
  const starts = ['flink_application', 'flink_table'];
  const known = await store.knownTypes(starts, signal);
  for (const typeName of starts.filter((type) => known.has(type))) {
    for (let offset = 0, more = true; more; offset += PAGE) {
      const page = await store.search({ typeName, offset, limit: PAGE }, signal);
      const guids = page.entities.map(({ guid }) => guid).filter((guid) => !side.byGuid.has(guid));
      if (guids.length > 0) await follow(side, side.add(await store.findByGuid(guids, signal)), signal);
      more = page.more;
    }
  }
}

/** Reads what a store has under the names of some entities. */
async function readNamed(side: Side, entities: readonly Entity[], signal: AbortSignal | undefined): Promise<void> {
  const wanted = entities.filter((entity) => !side.byKey.has(keyOf(entity)));
  const types = new Set(wanted.map(({ typeName }) => typeName));
  const known = await side.store.knownTypes([...types], signal);
  for (const typeName of known) {
    const names = wanted.filter((entity) => entity.typeName === typeName).map(qualifiedNameOf);
    await follow(side, side.add(await side.store.findByName(typeName, names, signal)), signal);
  }
}

/** Reads what entities refer to and what belongs to them, until there is no more. Lineage of others is not followed. */
async function follow(side: Side, entities: readonly Entity[], signal: AbortSignal | undefined): Promise<void> {
  const asked = new Set<string>();
  for (let layer = [...entities]; layer.length > 0; ) {
    throwIfAborted(signal);
    const wanted = new Set<string>();
    for (const entity of layer) {
      for (const { guid = '', entityStatus, relationshipStatus } of [...upward(entity), ...downward(entity)]) {
        if (entityStatus === 'DELETED' || relationshipStatus === 'DELETED' || guid === '') continue;
        if (!side.byGuid.has(guid) && !asked.has(guid)) wanted.add(guid);
      }
    }
    for (const guid of wanted) asked.add(guid);
    layer = wanted.size > 0 ? side.add(await side.store.findByGuid([...wanted], signal)) : [];
  }
}

function upward(entity: Entity): ObjectRef[] {
  const ends = belongsTo.flatMap((name) => refsOf(entity.relationshipAttributes?.[name]));
  return [...edgesOf(entity, 'inputs'), ...edgesOf(entity, 'outputs'), ...ends];
}

function isProcess(typeName = ''): boolean {
  return /_process$|_lineage$/.test(typeName);
}

function downward(entity: Entity): ObjectRef[] {
  return ['jobProcesses', 'columnLineages', 'columns', 'partitionKeys', 'flinkTables'].flatMap((name) =>
    refsOf(entity.relationshipAttributes?.[name]),
  );
}

/** What only one side has: each with what belongs to it, and is missing with it. */
function onlyIn(side: Side, other: Side, state: 'here' | 'there'): Difference[] {
  const missing = [...side.byKey].filter(([key]) => !other.byKey.has(key)).map(([, entity]) => entity);
  const alone = new Set(missing);
  const parts = new Map<Entity, Entity[]>();
  for (const entity of missing) {
    const root = rootOf(entity, side, alone);
    parts.set(root, [...(parts.get(root) ?? []), entity]);
  }
  // folders, databases and the like come along with what is in them
  const containers = new Set(missing.flatMap((entity) => containersOf(entity, side)));
  return [...parts]
    .filter(([root]) => !containers.has(root))
    .map(([root, members]) => ({ ...titleOf(root), id: '', state, pieces: members.length, members }));
}

/** Up to what it belongs to, as long as that is missing too. */
function rootOf(entity: Entity, side: Side, missing: ReadonlySet<Entity>): Entity {
  const [owner] = ['job', 'process', 'table', 'dataset']
    .flatMap((name) => refsOf(entity.relationshipAttributes?.[name]))
    .map(({ guid = '' }) => side.byGuid.get(guid));
  return owner && missing.has(owner) ? rootOf(owner, side, missing) : entity;
}

function containersOf(entity: Entity, side: Side): Entity[] {
  return ['db', 'instance', 'namespace', 'container', 'parent', 'account', 'volume']
    .flatMap((name) => refsOf(entity.relationshipAttributes?.[name]))
    .flatMap(({ guid = '' }) => side.byGuid.get(guid) ?? []);
}

function titleOf(entity: Entity): Pick<StoreDifference, 'what' | 'label' | 'qualifiedName'> {
  const qualifiedName = qualifiedNameOf(entity);
  const label = textOf(entity, 'name') ?? qualifiedName;
  return { what: wordOf(entity.typeName), label, qualifiedName };
}

function wordOf(typeName: string): string {
  if (typeName === 'flink_application') return 'job';
  if (typeName === 'flink_process') return 'process';
  if (typeName.endsWith('_column_lineage')) return 'column lineage';
  if (typeName.endsWith('_column')) return 'column';
  return typeName === 'flink_table' ? 'schema' : typeLabel(typeName);
}

/** What a server sets by itself, or what says the same as another attribute; the commit alone is no news. */
const ignored = new Set([
  'qualifiedName',
  'id',
  'inputs',
  'outputs',
  'replicatedTo',
  'replicatedFrom',
  'createTime',
  'modifiedTime',
  'conf.commit',
]);

function differencesOf(here: Entity, there: Entity): Difference[] {
  const mine = valuesOf(here);
  const theirs = valuesOf(there);
  const title = titleOf(here);
  const names = new Set([...mine.keys(), ...theirs.keys()]);
  return [...names].flatMap((attribute): Difference[] => {
    const [a, b] = [mine.get(attribute) ?? '', theirs.get(attribute) ?? ''];
    if (a === b) return [];
    return [{ ...title, id: '', state: 'different', attribute, here: a, there: b, both: { here, there } }];
  });
}

/** What there is to compare of an entity, as text by name; the entries of maps as 'conf.sql'. What is empty is absent. */
function valuesOf(entity: Entity): Map<string, string> {
  const values = new Map<string, string>();
  const put = (name: string, value: unknown) => {
    const text = textOfValue(value);
    if (text !== '' && !ignored.has(name)) values.set(name, text);
  };
  for (const [name, value] of Object.entries(entity.attributes)) {
    if (refsOf(value).length > 0) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, entry] of Object.entries(value)) put(`${name}.${key}`, entry);
    } else put(name, value);
  }
  for (const side of ['inputs', 'outputs'] as const) {
    const edges = edgesOf(entity, side).map((ref) => ref.uniqueAttributes?.qualifiedName ?? ref.qualifiedName ?? '');
    if (edges.length > 0) values.set(EDGES[side], edges.sort().join(', '));
  }
  put(
    CLASSIFICATIONS,
    ownClassifications(entity)
      .map(({ typeName }) => typeName)
      .sort(),
  );
  put(LABELS, [...(entity.labels ?? [])].sort());
  put(TERMS, termsOf(entity).sort());
  return values;
}

/** Names of differences that are no attributes. */
export const EDGES = { inputs: 'sources', outputs: 'sinks' } as const;
export const CLASSIFICATIONS = 'classifications';
export const LABELS = 'labels';
export const TERMS = 'terms';

export function termsOf(entity: Entity): string[] {
  return refsOf(entity.relationshipAttributes?.meanings).flatMap(({ displayText }) => displayText ?? []);
}

/** '' for what is empty, zero or false: servers fill these in where nothing was said. */
function textOfValue(value: unknown): string {
  if (value === undefined || value === null || value === false || value === 0) return '';
  if (Array.isArray(value)) return value.map(textOfValue).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Jobs first, then what they consist of, then datasets; by name. */
function byLabel(a: Difference, b: Difference): number {
  const order = ['job', 'process', 'column lineage'];
  const rank = ({ what }: Difference) => (order.indexOf(what) + order.length + 1) % (order.length + 1);
  return (
    rank(a) - rank(b) ||
    a.qualifiedName.localeCompare(b.qualifiedName) ||
    (a.attribute ?? '').localeCompare(b.attribute ?? '')
  );
}
