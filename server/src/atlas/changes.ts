/** Desired state minus what a store has: what a publish writes and removes, and how that reads as a preview. */
import type { Change, ChangeKind } from '../protocol';
import { type Annotation, annotations } from './annotations';
import { asTree, type LooseChange, things } from './changeTree';
import { type Desired, type DesiredState, type Key, keyOf, type Tie, type Value } from './desired';
import {
  type Entity,
  type EntityToWrite,
  type EntityWithOwned,
  edgesOf,
  livingRefs,
  ownedBy,
  processGuids,
  qualifiedNameOf,
  refsOf,
  textOf,
} from './entity';
import { jobTypes } from './readBack';
import type { MetadataStore } from './store';

export interface ChangeSet {
  writes: EntityToWrite[];
  /** Guids of what `writes` makes anew under the same name; to be removed first */
  replaced: string[];
  /** Guids of what the job no longer has, owners before what they own */
  removals: string[];
  changes: Change[];
  /** guid of the job, when the store has it */
  applicationGuid: string | undefined;
  /** Labels and business metadata to be set when all else is there */
  annotations: Annotation[];
  /** All that the job is made of, what it shares with others too */
  keys: Key[];
  /** Who changed the job or one of its processes last, and when by the store's clock, in milliseconds since 1970 */
  lastChange: { time: number; by: string } | undefined;
  notes: string[];
}

/** How many pieces a change set pushes. */
export function piecesOf({ writes, removals, annotations: set }: ChangeSet): number {
  return writes.length + removals.length + set.length;
}

function nameOf(entity: Entity): Key {
  return { typeName: entity.typeName, qualifiedName: qualifiedNameOf(entity) };
}

/** Everything found in the store for a job, by key and by guid. */
class Existing {
  readonly byKey = new Map<string, Entity>();
  readonly byGuid = new Map<string, Entity>();

  add(found: EntityWithOwned[]): void {
    for (const { entity, owned } of found) {
      for (const each of [entity, ...Object.values(owned)]) {
        if (each.status === 'DELETED') continue;
        this.byGuid.set(each.guid, each);
        this.byKey.set(keyOf(nameOf(each)), each);
      }
    }
  }
}

function groupByType(keys: readonly Key[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { typeName, qualifiedName } of keys) {
    const names = groups.get(typeName) ?? [];
    groups.set(typeName, names);
    names.push(qualifiedName);
  }
  return groups;
}

/**
 * Reads what the store has of a desired state: one request for each type. Owners come with what they own: a process with
 * its column lineage, a table with its columns.
 */
async function readExisting(
  store: MetadataStore,
  state: DesiredState,
  absentTypes: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Existing> {
  const existing = new Existing();
  const fetch = async (entities: readonly Desired[]) => {
    const groups = [...groupByType(entities)].filter(([type]) => !absentTypes.has(type));
    const found = await Promise.all(groups.map(([type, names]) => store.findByName(type, names, signal)));
    for (const part of found) existing.add(part);
  };
  await fetch(state.entities.filter(({ typeName }) => !ownedBy[typeName]));
  const application = existing.byKey.get(keyOf(state.application));
  const others = application ? processGuids(application).filter((guid) => !existing.byGuid.has(guid)) : [];
  if (others.length > 0) existing.add(await store.findByGuid(others, signal));
  // An owner that has nothing of ours may have been published while the types that tie the two were missing
  const isThere = (key: Key | undefined) => key !== undefined && existing.byKey.has(keyOf(key));
  const ownerOf = ({ typeName, relations }: Desired) => relations[ownedBy[typeName] ?? ''];
  const ours = state.entities.filter(({ typeName }) => /^flink_column/.test(typeName));
  const owners = new Set(ours.filter(isThere).map(ownerOf));
  await fetch(ours.filter((entity) => isThere(ownerOf(entity)) && !owners.has(ownerOf(entity))));
  return existing;
}

/** What a store does not tell from a value that is absent. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Equal as far as a store can tell: absent, null and empty are the same, and the order of a map's keys is nothing. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (typeof a === 'object' && typeof b === 'object') {
    const keys = new Set([...Object.keys(a as object), ...Object.keys(b as object)]);
    // the commit alone is no news: it changes with every edit of other parts of the file
    keys.delete('commit');
    return [...keys].every((key) => sameValue((a as never)[key], (b as never)[key]));
  }
  return String(a) === String(b);
}

function shown(value: unknown): string {
  const text = isEmpty(value) ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}

const attributeWords: Record<string, string> = { conf: 'settings', publishedBy: 'published by', publishedAs: 'role' };

/** Details of a change of map attributes name the keys that differ, others show both values. */
function detail(attribute: string, before: unknown, after: Value): string {
  const name = attributeWords[attribute] ?? attribute;
  if (typeof after === 'object' && !Array.isArray(after)) {
    const old = (before ?? {}) as Record<string, string>;
    const keys = [...new Set([...Object.keys(old), ...Object.keys(after)])].filter((key) => old[key] !== after[key]);
    return `${name}: ${keys.join(', ')}`;
  }
  return `${name}: ${shown(before)} → ${shown(after)}`;
}

/** Whether the job may write a shared entity that exists: it does already, its owner is gone, or it writes what the owner only reads. */
function mayWrite(desired: Desired, existing: Entity, owners: ReadonlySet<string>): boolean {
  const by = textOf(existing, 'publishedBy');
  if (by === undefined || by === desired.attributes.publishedBy) return true;
  if (!owners.has(by)) return true;
  return desired.attributes.publishedAs === 'sink' && textOf(existing, 'publishedAs') === 'source';
}

/** The newest change of the job itself among what exists. */
function lastChange(existing: Existing): ChangeSet['lastChange'] {
  let last: ChangeSet['lastChange'];
  for (const { typeName, updateTime = 0, updatedBy = '' } of existing.byGuid.values()) {
    if (jobTypes.has(typeName) && updateTime > (last?.time ?? 0)) last = { time: updateTime, by: updatedBy };
  }
  return last;
}

/**
 * Works out what a publish of `state` would do to the store, where `absentTypes` are about to be made. With `merge` the
 * job keeps processes and edges that the script does not have. Reads only.
 */
export async function changeSet(
  store: MetadataStore,
  state: DesiredState,
  { absentTypes, merge }: { absentTypes: ReadonlySet<string>; merge: boolean },
  signal?: AbortSignal,
): Promise<ChangeSet> {
  const existing = await readExisting(store, state, absentTypes, signal);
  const replaced = store.keepsRemovedEdges && !merge ? withLessEdges(state, existing) : new Set<string>();
  const guids = new Map<string, string>();
  state.entities.forEach((entity, index) => {
    const guid = replaced.has(keyOf(entity)) ? undefined : existing.byKey.get(keyOf(entity))?.guid;
    guids.set(keyOf(entity), guid ?? `-${index + 1}`);
  });
  const labels = new Map(state.entities.map((entity) => [guids.get(keyOf(entity)) ?? '', entity.label]));
  const ref = (key: Key) => ({ guid: guids.get(keyOf(key)) ?? '', typeName: key.typeName });
  const tie = ({ relationshipType, ...key }: Tie) => ({
    ...ref(key),
    ...(relationshipType ? { relationshipType } : {}),
  });
  const owners = await livingOwners(store, state, existing, signal);

  const set: ChangeSet = {
    writes: [],
    replaced: [],
    removals: [],
    changes: [],
    applicationGuid: existing.byKey.get(keyOf(state.application))?.guid,
    annotations: [],
    keys: state.entities.map(({ typeName, qualifiedName }) => ({ typeName, qualifiedName })),
    lastChange: lastChange(existing),
    notes: [],
  };
  const changes: LooseChange[] = [];
  const say = (kind: ChangeKind, desired: Desired, details: string[] = []) => {
    const { what, label } = desired;
    const [owner = what === 'process' ? state.application : undefined] = Object.values(desired.relations);
    changes.push({ kind, what, label, details, key: keyOf(desired), ...(owner ? { owner: keyOf(owner) } : {}) });
  };
  const heldBy = new Map<string, boolean>();
  const whole = (desired: Desired): EntityToWrite => {
    const relations = Object.entries(desired.relations);
    const known = (keys: Key[] | undefined) => keys?.filter((key) => guids.has(keyOf(key))).map(ref);
    const [inputs, outputs] = [known(desired.inputs), known(desired.outputs)];
    return {
      guid: guids.get(keyOf(desired)) ?? '',
      typeName: desired.typeName,
      attributes: {
        ...desired.attributes,
        qualifiedName: desired.qualifiedName,
        ...(inputs ? { inputs } : {}),
        ...(outputs ? { outputs } : {}),
      },
      ...(relations.length
        ? { relationshipAttributes: Object.fromEntries(relations.map(([name, key]) => [name, tie(key)])) }
        : {}),
    };
  };

  for (const desired of state.entities) {
    const guid = guids.get(keyOf(desired)) ?? '';
    const found = existing.byKey.get(keyOf(desired));
    const relations = Object.entries(desired.relations);
    if (!found) {
      // columns of a table that others keep are theirs to add
      const table = desired.relations.table;
      if (desired.typeName === 'hive_column' && table && existing.byKey.has(keyOf(table))) {
        set.notes.push(
          `Column ${desired.label} is not in the store's ${table.qualifiedName}; its lineage is left out.`,
        );
        guids.delete(keyOf(desired));
        continue;
      }
      set.writes.push(whole(desired));
      say('new', desired);
      if (desired.what === 'process') addEdges(changes, desired, []);
      continue;
    }

    if (desired.owner === 'foreign') {
      say('unchanged', desired);
      continue;
    }
    // a column follows the table that it belongs to
    const holder = desired.relations.table ? heldBy.get(keyOf(desired.relations.table)) : undefined;
    const writable = desired.owner === 'job' || (holder ?? mayWrite(desired, found, owners));
    heldBy.set(keyOf(desired), writable);

    const details: string[] = [];
    const attributes: Record<string, unknown> = {};
    if (writable) {
      for (const [name, value] of Object.entries(desired.attributes)) {
        if (sameValue(found.attributes[name], value)) continue;
        attributes[name] = value;
        details.push(detail(name, found.attributes[name], value));
      }
    }
    for (const side of ['inputs', 'outputs'] as const) {
      const wanted = desired[side]?.filter((key) => guids.has(keyOf(key)));
      if (!wanted) continue;
      const edges = edgesOf(found, side);
      const before = new Set(edges.map((each) => each.guid));
      const after = new Set<string | undefined>(wanted.map((key) => ref(key).guid));
      const kept = merge ? edges.filter((each) => !after.has(each.guid)) : [];
      for (const each of kept) after.add(each.guid);
      if (before.size === after.size && [...after].every((each) => before.has(each))) continue;
      attributes[side] = [...wanted.map(ref), ...kept.map(({ guid = '', typeName = '' }) => ({ guid, typeName }))];
      if (desired.what === 'process') {
        for (const each of edges) {
          if (each.guid && after.has(each.guid)) continue;
          const name = each.displayText ?? qualifiedNameOf({ attributes: each.uniqueAttributes ?? {} });
          const other = labels.get(each.guid ?? '') ?? name.replace(/@[^@]*$/, '');
          const label = side === 'inputs' ? `${other} → ${desired.label}` : `${desired.label} → ${other}`;
          changes.push({ kind: 'removed', what: 'edge', label, details: [], owner: keyOf(desired) });
        }
        addEdges(changes, { ...desired, [side === 'inputs' ? 'outputs' : 'inputs']: [] }, [...before], guids);
      } else details.push(side);
    }
    const rewired = relations.some(([name, key]) => {
      const now = refsOf(found.relationshipAttributes?.[name]).filter((each) => each.relationshipStatus !== 'DELETED');
      // owned entities come without their relationship attributes from some stores
      return found.relationshipAttributes !== undefined && !now.some((each) => each.guid === ref(key).guid);
    });
    if (replaced.has(keyOf(desired))) {
      // with what stewards have added to it
      const kept = Object.fromEntries(
        ['displayName', 'userDescription'].map((name) => [name, found.attributes[name]]).filter(([, value]) => value),
      );
      const own = (found.classifications ?? [])
        .filter((each) => (each.entityGuid ?? found.guid) === found.guid)
        .map(({ typeName, attributes }) => ({ typeName, ...(attributes ? { attributes } : {}) }));
      const write = whole(desired);
      set.writes.push({
        ...write,
        attributes: { ...kept, ...write.attributes },
        ...(own.length ? { classifications: own } : {}),
      });
      set.replaced.push(found.guid);
      const same = Object.keys(attributes).length === 0;
      say(same ? 'unchanged' : 'changed', desired, details);
      continue;
    }
    if (Object.keys(attributes).length === 0 && !rewired) {
      say('unchanged', desired);
      continue;
    }
    set.writes.push({
      guid,
      typeName: desired.typeName,
      // what is mandatory must be in every update
      attributes: {
        name: found.attributes.name,
        ...(desired.attributes.id !== undefined ? { id: desired.attributes.id } : {}),
        ...attributes,
        qualifiedName: desired.qualifiedName,
      },
      // the owner of a column or of column lineage is mandatory too
      ...(relations.length
        ? { relationshipAttributes: Object.fromEntries(relations.map(([name, key]) => [name, tie(key)])) }
        : {}),
    });
    say('changed', desired, details);
  }
  if (!merge) findRemovals(set, changes, state, existing, guids);
  const notes = new Set<string>();
  const metadata = new Set(
    state.entities.flatMap(({ business = {} }) => Object.keys(business).map((name) => name.split('.')[0] ?? '')),
  );
  const known = metadata.size > 0 ? await store.knownBusinessMetadata([...metadata], signal) : metadata;
  const places = {
    existing: (key: Key) => existing.byKey.get(keyOf(key)),
    guidOf: (key: Key) => guids.get(keyOf(key)) ?? '',
    known,
    replaced,
  };
  set.annotations = annotations(state.entities, places, changes, notes);
  set.changes = asTree(changes);
  set.notes.push(...notes);
  return set;
}

/** Guids of the datasets that a desired process reads or writes, those that exist. */
function existingEdges(desired: Desired, side: 'inputs' | 'outputs', existing: Existing): Set<string | undefined> {
  return new Set(desired[side]?.map((key) => existing.byKey.get(keyOf(key))?.guid));
}

/** Keys of processes and column lineage that have edges they should not have; with a process goes its column lineage. */
function withLessEdges(state: DesiredState, existing: Existing): Set<string> {
  const less = new Set<string>();
  for (const desired of state.entities) {
    const found = existing.byKey.get(keyOf(desired));
    if (!found || !desired.inputs) continue;
    const owner = desired.relations.process;
    const loses = (['inputs', 'outputs'] as const).some((side) => {
      const wanted = existingEdges(desired, side, existing);
      return edgesOf(found, side).some((edge) => !wanted.has(edge.guid));
    });
    if (loses || (owner && less.has(keyOf(owner)))) less.add(keyOf(desired));
  }
  return less;
}

/** The edges that a process did not have, as changes: one for each source and sink. */
function addEdges(
  changes: LooseChange[],
  process: Desired,
  before: readonly (string | undefined)[],
  guids?: ReadonlyMap<string, string>,
): void {
  const owner = keyOf(process);
  const isNew = (key: Key) => !before.includes(guids?.get(keyOf(key)));
  const name = (key: Key) => (key as Partial<Desired>).label ?? key.qualifiedName;
  const add = (label: string) => changes.push({ kind: 'new', what: 'edge', label, details: [], owner });
  for (const key of process.inputs ?? []) if (isNew(key)) add(`${name(key)} → ${process.label}`);
  for (const key of process.outputs ?? []) if (isNew(key)) add(`${process.label} → ${name(key)}`);
}

/** Processes and column lineage that the store has under the job and the script no longer has. */
function findRemovals(
  set: ChangeSet,
  changes: LooseChange[],
  state: DesiredState,
  existing: Existing,
  guids: ReadonlyMap<string, string>,
): void {
  const wanted = new Set(guids.values());
  const prefix = `${state.application.label}/`;
  const gone = (typeName: string, what: string, text: (entity: Entity) => string) => {
    for (const entity of existing.byGuid.values()) {
      if (entity.typeName !== typeName || wanted.has(entity.guid) || set.replaced.includes(entity.guid)) continue;
      if (!qualifiedNameOf(entity).startsWith(prefix)) continue;
      // the store removes it with its process
      const owner = refsOf(entity.relationshipAttributes?.process)[0]?.guid ?? '';
      if (set.removals.includes(owner)) continue;
      set.removals.push(entity.guid);
      const process = existing.byGuid.get(owner);
      const belongsTo = process ? nameOf(process) : state.application;
      changes.push({ kind: 'removed', what, label: text(entity), details: [], owner: keyOf(belongsTo) });
    }
  };
  gone('flink_process', 'process', (entity) =>
    qualifiedNameOf(entity)
      .slice(prefix.length)
      .replace(/@[^@]*$/, ''),
  );
  gone('flink_column_lineage', 'column lineage', (entity) =>
    qualifiedNameOf(entity)
      .slice(prefix.length)
      .replace(/@[^@]*:/, '.'),
  );
}

/** Those of the jobs named as owners of shared entities that still are in the store. */
async function livingOwners(
  store: MetadataStore,
  state: DesiredState,
  existing: Existing,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const datasetOf = (desired: Desired) => existing.byKey.get(keyOf(desired.relations.dataset ?? desired));
  /** By name, whether it was seen */
  const others = new Map<string, boolean>();
  for (const desired of state.entities) {
    if (desired.owner !== 'shared') continue;
    const found = existing.byKey.get(keyOf(desired));
    const by = found ? textOf(found, 'publishedBy') : undefined;
    if (by && by !== state.application.qualifiedName) others.set(by, others.get(by) || uses(datasetOf(desired), by));
  }
  // A process of the job is seen at the dataset, mostly; the store is only asked for the others
  const asked = [...others].filter(([, isSeen]) => !isSeen).map(([name]) => name);
  const found = asked.length > 0 ? await store.findByName('flink_application', asked, signal) : [];
  const living = new Set(found.map(({ entity }) => qualifiedNameOf(entity)));
  return new Set([...others.keys()].filter((name) => others.get(name) || living.has(name)));
}

/** Whether a living process of a job reads or writes a dataset, as the dataset tells. */
function uses(dataset: Entity | undefined, job: string): boolean {
  const prefix = `${job.replace(/@[^@]*$/, '')}/`;
  return ['inputToProcesses', 'outputFromProcesses']
    .flatMap((side) => livingRefs(dataset, side))
    .some(({ typeName, displayText }) => typeName === 'flink_process' && displayText?.startsWith(prefix));
}

const plural: Record<string, string> = { process: 'processes', 'column lineage': 'column lineages' };

/** The changes that a summary counts: what stays as it is is none, and new edges come with their process. */
export function countedChanges(changes: readonly Change[]): Change[] {
  return changes.filter(({ kind, what }) => kind !== 'unchanged' && !(what === 'edge' && kind === 'new'));
}

/** '+ 1 job  + 2 processes  ~ 1 dataset  − 1 edge'; '' when nothing would change. */
export function summarize(changes: readonly Change[]): string {
  const counts = new Map<string, number>();
  const signs = { new: '+', changed: '~', removed: '−', unchanged: '' };
  for (const { kind, what } of countedChanges(changes)) {
    const key = `${signs[kind]} ${what}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rank = ([key]: [string, number]) => '+~−'.indexOf(key.charAt(0)) * things.length + things.indexOf(key.slice(2));
  return [...counts]
    .sort((a, b) => rank(a) - rank(b))
    .map(([key, count]) => {
      const [sign, what = ''] = [key.slice(0, 1), key.slice(2)];
      return `${sign} ${count.toLocaleString('en')} ${count === 1 ? what : (plural[what] ?? `${what}s`)}`;
    })
    .join('  ');
}
