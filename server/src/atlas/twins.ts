/**
 * Twins: living entities of one type and name. Atlas keeps no name unique between transactions that overlap, so a request
 * that a gateway delivers twice, or two publishers that make the same at the same moment, leave two. A look-up by name
 * gives one of them; only a search gives both. Removing one takes the name's entry out of the index that look-ups use, so
 * that the other is not found by its name either until it is named anew.
 */
import { writeAll } from './batches';
import { isEmpty } from './changes';
import { type Key, keyOf } from './desired';
import {
  type Entity,
  type EntityToWrite,
  type EntityWithOwned,
  livingRefs,
  type ObjectRef,
  ownClassifications,
  plainAttributes,
  qualifiedNameOf,
  refsOf,
} from './entity';
import { jobTypes } from './readBack';
import { type MetadataStore, StoreError } from './store';

/** What an entity is called for the moment in which it is named anew. */
const aside = '#aside';

/** The key of an entity, also where it is set aside. */
function realKey(entity: { typeName: string; attributes: Record<string, unknown> }): string {
  return keyOf({ typeName: entity.typeName, qualifiedName: qualifiedNameOf(entity).replace(aside, '') });
}

/**
 * Those of what was written in one go that may have a twin made at the same time: what was made, and not for something
 * made with it, which would have a twin too.
 */
export function mayHaveTwins(written: readonly EntityToWrite[]): Key[] {
  const made = written.filter(({ guid }) => guid.startsWith('-'));
  const guids = new Set<string | undefined>(made.map(({ guid }) => guid));
  const isOfMade = ({ relationshipAttributes = {} }: EntityToWrite) =>
    Object.values(relationshipAttributes).some((value) => refsOf(value).some((ref) => guids.has(ref.guid)));
  return made
    .filter((write) => !isOfMade(write))
    .map((write) => ({ typeName: write.typeName, qualifiedName: qualifiedNameOf(write) }));
}

/**
 * Whether more than one living entity has one of these names, or one has been left set aside; no where the store does not
 * let this user search, or cannot: what was published is there all the same.
 */
export async function haveTwins(store: MetadataStore, keys: readonly Key[], signal?: AbortSignal): Promise<boolean> {
  if (keys.length === 0) return false;
  try {
    const found = await sameNames(store, keys, signal);
    return [...found.values()].some((all) => all.length > 1 || all.some(({ isAside }) => isAside));
  } catch (error) {
    if (error instanceof StoreError && /^(forbidden|refused|server-error)$/.test(error.code)) return false;
    throw error;
  }
}

/** Guids of the living by key, from the index of searches. */
async function sameNames(
  store: MetadataStore,
  keys: readonly Key[],
  signal?: AbortSignal,
): Promise<Map<string, { guid: string; isAside: boolean }[]>> {
  const wanted = new Set(keys.map(keyOf));
  const names = [...new Set(keys.map(({ qualifiedName }) => qualifiedName))];
  const headers = await store.searchNames([...names, ...names.map((name) => name + aside)], signal);
  const found = new Map<string, { guid: string; isAside: boolean }[]>();
  for (const header of headers) {
    const key = realKey(header);
    if (!wanted.has(key)) continue;
    const isAside = qualifiedNameOf(header).endsWith(aside);
    found.set(key, [...(found.get(key) ?? []), { guid: header.guid, isAside }]);
  }
  return found;
}

/** The older one stays: all who look decide alike, so that two of them never remove both. */
function byAge(a: Entity, b: Entity): number {
  return (a.createTime ?? 0) - (b.createTime ?? 0) || (a.guid < b.guid ? -1 : 1);
}

const isOurs = (typeName: string) => typeName.startsWith('flink_');

/**
 * Whether `loser` can go: one of the `publishers` of the job made it, and nothing is said of it that is not said of the one
 * that stays.
 */
function mayGo(loser: Entity, survivor: Entity, publishers: ReadonlySet<string | undefined>): boolean {
  if (!isOurs(loser.typeName) && !publishers.has(loser.createdBy)) return false;
  const classified = new Set(ownClassifications(survivor).map(({ typeName }) => typeName));
  if (ownClassifications(loser).some(({ typeName }) => !classified.has(typeName))) return false;
  const terms = new Set(livingRefs(survivor, 'meanings').map(({ guid }) => guid));
  if (livingRefs(loser, 'meanings').some(({ guid }) => !terms.has(guid))) return false;
  // what publishers write is written anew to the one that stays
  const written = isOurs(loser.typeName)
    ? (name: string) => !/^(displayName|userDescription)$/.test(name)
    : () => false;
  const kept = plainAttributes(survivor);
  if (
    Object.entries(plainAttributes(loser)).some(
      ([name, value]) => !isEmpty(value) && isEmpty(kept[name]) && !written(name),
    )
  )
    return false;
  // processes of other kinds are not ours to change
  return ['inputToProcesses', 'outputFromProcesses'].every((side) =>
    livingRefs(loser, side).every(({ typeName = '' }) => isOurs(typeName) || typeName === 'Process'),
  );
}

type Stays = ReadonlyMap<string | undefined, Entity>;

/** A reference to what stays where it was one to a loser. */
function staying({ guid = '', typeName = '' }: ObjectRef, stays: Stays) {
  return { guid: stays.get(guid)?.guid ?? guid, typeName };
}

/** An update of an entity, with all that is mandatory in one: what it belongs to is too. */
function update(entity: Entity, attributes: Record<string, unknown>, stays: Stays): EntityToWrite {
  const single = Object.entries(entity.relationshipAttributes ?? {}).flatMap(([name, value]) => {
    const [ref] = Array.isArray(value) ? [] : livingRefs(entity, name);
    return ref ? [[name, staying(ref, stays)]] : [];
  });
  return {
    guid: entity.guid,
    typeName: entity.typeName,
    attributes: { ...plainAttributes(entity), ...attributes },
    ...(single.length > 0 ? { relationshipAttributes: Object.fromEntries(single) } : {}),
  };
}

/** Writes that let everything that refers to a loser refer to the one that stays instead. */
async function moves(
  store: MetadataStore,
  losers: readonly Entity[],
  stays: Stays,
  signal?: AbortSignal,
): Promise<EntityToWrite[]> {
  const own = new Set(['inputs', 'outputs', 'meanings']);
  const referring = new Set(
    losers.flatMap((loser) =>
      Object.entries(loser.relationshipAttributes ?? {})
        .filter(([name, value]) => Array.isArray(value) && !own.has(name))
        .flatMap(([name]) => livingRefs(loser, name).map(({ guid = '' }) => guid)),
    ),
  );
  for (const { guid } of losers) referring.delete(guid);
  const found = referring.size > 0 ? await store.findByGuid([...referring], signal) : [];
  return found
    .map(({ entity }) => entity)
    .filter((entity) => entity.status !== 'DELETED')
    .map((entity) => {
      const edges: Record<string, unknown> = {};
      for (const side of ['inputs', 'outputs']) {
        const refs = livingRefs(entity, side);
        if (!refs.some(({ guid }) => stays.has(guid))) continue;
        edges[side] = [...new Map(refs.map((ref) => [staying(ref, stays).guid, staying(ref, stays)])).values()];
      }
      return update(entity, edges, stays);
    });
}

/**
 * Leaves one of each name: lets what refers to the others refer to it, removes them, and sees to it that the name leads to
 * it. Those that somebody else has made, or of which something is said that would be lost, stay; gives a note for each.
 */
export async function mendTwins(store: MetadataStore, keys: readonly Key[], signal?: AbortSignal): Promise<string[]> {
  const found = await sameNames(store, keys, signal);
  const guids = [...found.values()].flat().map(({ guid }) => guid);
  const groups = new Map<string, EntityWithOwned[]>();
  for (const each of guids.length > 0 ? await store.findByGuid(guids, signal) : []) {
    // what is searched lags behind
    if (each.entity.status === 'DELETED') continue;
    const key = realKey(each.entity);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const all = [...groups.values()].flat().map(({ entity }) => entity);
  const publishers = new Set(
    all
      .filter(({ typeName }) => jobTypes.has(typeName))
      .flatMap(({ createdBy, updatedBy }) => (createdBy && updatedBy ? [createdBy, updatedBy] : [])),
  );
  const notes: string[] = [];
  const stays = new Map<string | undefined, Entity>();
  const losers: Entity[] = [];
  const survivors: Entity[] = [];
  for (const group of groups.values()) {
    const [survivor, ...others] = group.map(({ entity }) => entity).sort(byAge);
    if (!survivor) continue;
    survivors.push(survivor);
    for (const other of others) {
      if (mayGo(other, survivor, publishers)) {
        losers.push(other);
        stays.set(other.guid, survivor);
      } else {
        const name = qualifiedNameOf(survivor).replace(aside, '');
        notes.push(
          `${store.info.label} has ${name} twice, made by others or described apart; remove one of them there.`,
        );
      }
    }
  }
  await writeAll(store, await moves(store, losers, stays, signal), signal);
  for (const loser of losers) {
    const { labels = [] } = stays.get(loser.guid) ?? {};
    const survivor = stays.get(loser.guid)?.guid ?? '';
    const more = (loser.labels ?? []).filter((label) => !labels.includes(label));
    if (more.length > 0) await store.tag(survivor, { labels: [...labels, ...more] }, signal);
    if (Object.keys(loser.businessAttributes ?? {}).length > 0)
      await store.setBusinessMetadata(survivor, loser.businessAttributes as never, signal);
  }
  if (losers.length > 0)
    await store.remove(
      losers.map(({ guid }) => guid),
      signal,
    );
  await nameAnew(store, survivors, stays, signal);
  return notes;
}

/** Lets names lead to those of these that a look-up does not find by their name. */
async function nameAnew(
  store: MetadataStore,
  entities: readonly Entity[],
  stays: Stays,
  signal?: AbortSignal,
): Promise<void> {
  const byType = new Map<string, string[]>();
  for (const entity of entities) {
    byType.set(entity.typeName, [...(byType.get(entity.typeName) ?? []), qualifiedNameOf(entity)]);
  }
  const found = await Promise.all(
    [...byType].map(([type, names]) => store.findByName(type, names, signal, { bare: true })),
  );
  const known = new Set(found.flat().map(({ entity }) => keyOf({ ...entity, qualifiedName: qualifiedNameOf(entity) })));
  const hidden = entities.filter(
    (entity) =>
      qualifiedNameOf(entity).endsWith(aside) ||
      !known.has(keyOf({ typeName: entity.typeName, qualifiedName: qualifiedNameOf(entity) })),
  );
  if (hidden.length === 0) return;
  // only a name that changes is put into the index
  for (const suffix of [aside, '']) {
    const writes = hidden.map((entity) => {
      const name = qualifiedNameOf(entity).replace(aside, '') + suffix;
      return update(
        entity,
        { qualifiedName: name, ...(isOurs(entity.typeName) && entity.attributes.id ? { id: name } : {}) },
        stays,
      );
    });
    await writeAll(store, writes, signal);
  }
}
