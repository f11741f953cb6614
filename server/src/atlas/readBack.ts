/** Looks whether what was written is there, once. */
import { keyOf } from './desired';
import { type Entity, type EntityToWrite, qualifiedNameOf } from './entity';
import { type MetadataStore, StoreError } from './store';

/** What comes along with its owner when that is asked for. */
const owned = /_column$|_column_lineage$/;

/** Of two with one name the older one stays; all publishers decide alike. */
function isOlder(a: Entity, b: Entity): boolean {
  const [first, second] = [a.createTime ?? 0, b.createTime ?? 0];
  return first === second ? a.guid < b.guid : first < second;
}

/**
 * Guids of what this publish has made although somebody else made the same at the same time: Atlas does not keep names
 * unique between transactions. `guids` are those given to the stand-ins of `writes`. Fails when something is missing.
 */
export async function findDuplicates(
  store: MetadataStore,
  writes: readonly EntityToWrite[],
  guids: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<string[]> {
  const names = new Map<string, string[]>();
  for (const write of writes) {
    if (owned.test(write.typeName)) continue;
    names.set(write.typeName, [...(names.get(write.typeName) ?? []), qualifiedNameOf(write)]);
  }
  const found = await Promise.all([...names].map(([type, list]) => store.findByName(type, list, signal)));
  const there = new Map<string, Entity[]>();
  for (const { entity, owned: children } of found.flat()) {
    for (const each of [entity, ...Object.values(children)]) {
      if (each.status === 'DELETED') continue;
      const key = keyOf({ typeName: each.typeName, qualifiedName: qualifiedNameOf(each) });
      there.set(key, [...(there.get(key) ?? []), each]);
    }
  }
  const lost: string[] = [];
  for (const write of writes) {
    const guid = guids.get(write.guid);
    if (!guid) continue;
    const same = there.get(keyOf({ typeName: write.typeName, qualifiedName: qualifiedNameOf(write) })) ?? [];
    const mine = same.find((each) => each.guid === guid);
    const others = same.filter((each) => each.guid !== guid);
    // what a name leads to is somebody else's, or is both
    if (others.length > 0 && (!mine || others.some((each) => isOlder(each, mine)))) lost.push(guid);
    if (same.length === 0 && !owned.test(write.typeName)) {
      throw new StoreError(
        'server-error',
        `${store.info.label} took ${qualifiedNameOf(write)} and does not have it.`,
        'Publish again.',
      );
    }
  }
  return lost;
}
