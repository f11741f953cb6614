/** Looks whether what was written is there, once. */
import { type Key, keyOf } from './desired';
import { type Entity, type EntityToWrite, qualifiedNameOf } from './entity';
import { type MetadataStore, StoreError } from './store';

/** The job's own, whose time of change tells of the last publish. */
export const jobTypes: ReadonlySet<string> = new Set(['flink_application', 'flink_process', 'Process']);

/** Of two with one name the older one stays; all publishers decide alike. */
function isOlder(a: Entity, b: Entity): boolean {
  const [first, second] = [a.createTime ?? 0, b.createTime ?? 0];
  return first === second ? a.guid < b.guid : first < second;
}

/** What a publish finds of itself in the store. */
export interface ReadBack {
  /** Guids of what this publish has made although somebody else made the same at the same time */
  duplicates: string[];
  /** When the job or one of its processes was changed last, by the store's clock in milliseconds since 1970; 0: not known */
  changedAt: number;
}

/**
 * Looks for all that was written, by name. Atlas does not keep names unique between transactions, so what was made at the
 * same time by somebody else is there twice. `guids` are those given to the stand-ins of `writes`; `own` are the job and its
 * processes. Fails when something is missing.
 */
export async function readBack(
  store: MetadataStore,
  { writes, own }: { writes: readonly EntityToWrite[]; own: readonly Key[] },
  guids: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<ReadBack> {
  const names = new Map<string, Set<string>>();
  const keys = writes.map((write) => ({ typeName: write.typeName, qualifiedName: qualifiedNameOf(write) }));
  for (const { typeName, qualifiedName } of [...own, ...keys]) {
    names.set(typeName, (names.get(typeName) ?? new Set()).add(qualifiedName));
  }
  const found = await Promise.all(
    [...names].map(([type, list]) => store.findByName(type, [...list], signal, { bare: true })),
  );
  const there = new Map<string, Entity[]>();
  let changedAt = 0;
  for (const { entity } of found.flat()) {
    if (jobTypes.has(entity.typeName)) changedAt = Math.max(changedAt, entity.updateTime ?? 0);
    if (entity.status === 'DELETED') continue;
    const key = keyOf({ typeName: entity.typeName, qualifiedName: qualifiedNameOf(entity) });
    there.set(key, [...(there.get(key) ?? []), entity]);
  }
  const duplicates: string[] = [];
  for (const write of writes) {
    const same = there.get(keyOf({ typeName: write.typeName, qualifiedName: qualifiedNameOf(write) })) ?? [];
    if (same.length === 0) {
      throw new StoreError(
        'server-error',
        `${store.info.label} took ${qualifiedNameOf(write)} and does not have it.`,
        'Publish again.',
      );
    }
    const guid = guids.get(write.guid);
    if (!guid) continue;
    const mine = same.find((each) => each.guid === guid);
    const others = same.filter((each) => each.guid !== guid);
    // what a name leads to is somebody else's, or is both
    if (others.length > 0 && (!mine || others.some((each) => isOlder(each, mine)))) duplicates.push(guid);
  }
  return { duplicates, changedAt };
}
