/** Carries chosen differences between two stores: from here to there (push) or from there to here (pull). */
import type { SyncResult } from '../protocol';
import { writeAll } from './batches';
import { carry, createTypes } from './carryCatalog';
import {
  CLASSIFICATIONS,
  type Comparison,
  type Difference,
  EDGES,
  keyOf,
  LABELS,
  type Side,
  TERMS,
  termsOf,
} from './compare';
import {
  type Entity,
  type EntityToWrite,
  edgesOf,
  type ObjectRef,
  ownClassifications,
  ownedBy,
  PARTITION_KEYS,
  plainAttributes,
  refsOf,
} from './entity';
import type { Progress } from './service';
import { type MetadataStore, StoreError, throwIfAborted } from './store';

/** Ids of the differences to be settled, by direction. */
export interface Choice {
  push: readonly string[];
  pull: readonly string[];
}

/**
 * Settles the chosen differences of a comparison. What only one side has is made on the other, with what it refers to; where both
 * have it, the value of one takes the place of the other's. Nothing is ever removed but edges and values. Throws a StoreError:
 * 'invalid' for a choice that a comparison does not have.
 */
export async function sync(
  comparison: Comparison,
  choice: Choice,
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<SyncResult> {
  const { here, there } = comparison;
  const push = chosen(comparison, choice.push, 'here');
  const pull = chosen(comparison, choice.pull, 'there');
  const [first, second] = [piecesOf(push), piecesOf(pull)];
  const notes: string[] = [];
  const report = (done: number) => progress(done, first + second, `${done} of ${first + second}`);
  report(0);
  await settle(push, here, there, notes, report, signal);
  report(first);
  await settle(pull, there, here, notes, (done) => report(first + done), signal);
  report(first + second);
  return { pushed: push.length, pulled: pull.length, notes };
}

/** The differences of these ids; what only one side has can only go to the other. */
function chosen({ differences }: Comparison, ids: readonly string[], from: 'here' | 'there'): Difference[] {
  const byId = new Map(differences.map((difference) => [difference.id, difference]));
  return ids.map((id) => {
    const difference = byId.get(id);
    if (!difference) throw new StoreError('invalid', 'This comparison is too old.', 'Compare again.');
    if (difference.state === 'different' || difference.state === from) return difference;
    throw new StoreError(
      'invalid',
      `${difference.label} is only on the other side, so it cannot be taken from this one.`,
    );
  });
}

/** How many pieces differences are about. */
function piecesOf(differences: readonly Difference[]): number {
  return differences.reduce((sum, { members }) => sum + (members?.length ?? 1), 0);
}

async function settle(
  differences: readonly Difference[],
  from: Side,
  to: Side,
  notes: string[],
  report: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (differences.length === 0) return;
  const missing = differences.flatMap(({ members = [] }) => [...members]);
  const edges = differences.filter(({ attribute }) => attribute === EDGES.inputs || attribute === EDGES.outputs);
  // what new edges lead to must be there
  const ends = edges.flatMap((difference) => from.closure([pair(difference, from).source], to));
  const needed = from.closure(missing, to);
  // what the missing refer to comes along, uncounted
  const carried = (done: number) => report(Math.min(done, missing.length));
  await carry([...new Set([...needed, ...ends])], to.store, carried, signal);
  const writes: EntityToWrite[] = [];
  const differing = [...byEntity(differences)];
  for (const own of differing) writes.push(...(await writesOf(own, from, to, signal)));
  await writeAll(to.store, writes, signal, (done) => report(missing.length + done));
  for (const own of differing) {
    throwIfAborted(signal);
    await tag(own, from, to, notes, signal);
  }
  to.store.refresh();
}

function byEntity(differences: readonly Difference[]): Iterable<Difference[]> {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    if (!difference.both) continue;
    const key = keyOf(difference.both.here);
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return groups.values();
}

/** The piece on the side that it is taken from, and on the other. */
function pair({ both }: Difference, from: Side): { source: Entity; target: Entity } {
  if (!both) throw new StoreError('invalid', 'This comparison is too old.', 'Compare again.');
  return from.byGuid.get(both.here.guid) === both.here
    ? { source: both.here, target: both.there }
    : { source: both.there, target: both.here };
}

/** What is to be written of one piece; where that cannot be, the piece is made anew at once. */
async function writesOf(
  differences: readonly Difference[],
  from: Side,
  to: Side,
  signal: AbortSignal | undefined,
): Promise<EntityToWrite[]> {
  const [first] = differences;
  if (!first) return [];
  const { source, target } = pair(first, from);
  const names = new Set(differences.map(({ attribute = '' }) => attribute));
  const edges = (['inputs', 'outputs'] as const).filter((side) => names.has(EDGES[side]));
  if (edges.some((side) => losesEdges(source, target, side)) && to.store.keepsRemovedEdges) {
    await makeAnew(source, target, from, to, signal);
    return [];
  }
  const attributes = await attributesOf(source, target, names, edges, to.store, signal);
  if (Object.keys(attributes).length === 0) return [];
  // a server wants all that is mandatory, also where nothing of it changes: so is what a column belongs to
  const owner = to.owners.get(target.guid);
  const relation = ownedBy[target.typeName];
  const isPartition = refsOf(owner?.relationshipAttributes?.partitionKeys).some(({ guid }) => guid === target.guid);
  const tie = isPartition ? { relationshipType: PARTITION_KEYS } : {};
  return [
    {
      guid: target.guid,
      typeName: target.typeName,
      attributes: { ...plainAttributes(target), ...attributes },
      ...(owner && relation
        ? { relationshipAttributes: { [relation]: { guid: owner.guid, typeName: owner.typeName, ...tie } } }
        : {}),
    },
  ];
}

/** Settles what a store keeps beside the attributes of one piece. */
async function tag(
  differences: readonly Difference[],
  from: Side,
  to: Side,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const [first] = differences;
  if (!first) return;
  const { source, target } = pair(first, from);
  const names = new Set(differences.map(({ attribute = '' }) => attribute));
  if (names.has(CLASSIFICATIONS) || names.has(LABELS)) {
    if (names.has(CLASSIFICATIONS)) await createTypes(to.store, [source], signal);
    await to.store.tag(
      target.guid,
      {
        ...(names.has(CLASSIFICATIONS)
          ? { classifications: ownClassifications(source).map(({ typeName }) => typeName) }
          : {}),
        ...(names.has(LABELS) ? { labels: source.labels ?? [] } : {}),
      },
      signal,
    );
  }
  if (names.has(TERMS)) await addTerms(first.label, source, target, to.store, notes, signal);
}

/** The values that are taken over, by attribute: entries of maps are put into the map that the target has. */
async function attributesOf(
  source: Entity,
  target: Entity,
  names: ReadonlySet<string>,
  edges: readonly ('inputs' | 'outputs')[],
  to: MetadataStore,
  signal: AbortSignal | undefined,
): Promise<Record<string, unknown>> {
  const attributes: Record<string, unknown> = {};
  const special = new Set<string>([CLASSIFICATIONS, LABELS, TERMS, EDGES.inputs, EDGES.outputs]);
  for (const name of names) {
    if (special.has(name)) continue;
    const [, map = '', key] = /^([^.]+)\.(.+)$/s.exec(name) ?? [];
    if (key === undefined) {
      attributes[name] = source.attributes[name] ?? null;
      continue;
    }
    const value = mapOf(source, map)[key];
    const { [key]: _, ...others } = (attributes[map] as Record<string, unknown>) ?? mapOf(target, map);
    attributes[map] = value === undefined ? others : { ...others, [key]: value };
  }
  for (const side of edges) attributes[side] = await refsIn(edgesOf(source, side), to, signal);
  return attributes;
}

function mapOf(entity: Entity, name: string): Record<string, unknown> {
  const value = entity.attributes[name];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function nameOf(ref: ObjectRef): string {
  return ref.uniqueAttributes?.qualifiedName ?? ref.qualifiedName ?? '';
}

/** References of one store as another knows the same names. */
async function refsIn(
  refs: readonly ObjectRef[],
  to: MetadataStore,
  signal: AbortSignal | undefined,
): Promise<ObjectRef[]> {
  const found: ObjectRef[] = [];
  for (const typeName of new Set(refs.map((ref) => ref.typeName ?? ''))) {
    const names = refs.filter((ref) => ref.typeName === typeName).map(nameOf);
    for (const { entity } of await to.findByName(typeName, names, signal)) found.push({ guid: entity.guid, typeName });
  }
  return found;
}

function losesEdges(source: Entity, target: Entity, side: 'inputs' | 'outputs'): boolean {
  const kept = new Set(edgesOf(source, side).map(nameOf));
  return edgesOf(target, side).some((ref) => !kept.has(nameOf(ref)));
}

/** Where a store keeps showing edges that were taken out, the process is made anew, with the column lineage it has at the source. */
async function makeAnew(
  source: Entity,
  target: Entity,
  from: Side,
  to: Side,
  signal: AbortSignal | undefined,
): Promise<void> {
  const owned = [...from.byGuid.values()].filter((entity) =>
    refsOf(entity.relationshipAttributes?.process).some(({ guid }) => guid === source.guid),
  );
  await to.store.remove([target.guid], signal);
  await carry(from.closure([source, ...owned], to), to.store, undefined, signal);
}

/** Terms are only ever added: taking one away is for the stewards of the glossary. */
async function addTerms(
  label: string,
  source: Entity,
  target: Entity,
  to: MetadataStore,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const before = new Set(termsOf(target));
  const added = termsOf(source).filter((term) => !before.has(term));
  if (added.length > 0) await to.assignTerms(new Map(added.map((term) => [term, [target.guid]])), signal);
  const kept = [...before].filter((term) => !termsOf(source).includes(term));
  if (kept.length > 0) notes.push(`${label} keeps the terms ${kept.join(', ')}: terms are only added.`);
}
