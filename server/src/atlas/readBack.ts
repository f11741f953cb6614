/** Looks whether what was written is there, once. */
import { type Key, keyOf } from './desired';
import { type Entity, type EntityToWrite, qualifiedNameOf } from './entity';
import { type MetadataStore, StoreError } from './store';

/** The job's own, whose time of change tells of the last publish. */
export const jobTypes: ReadonlySet<string> = new Set(['flink_application', 'flink_process', 'Process']);

/** What a publish finds of itself in the store. */
export interface ReadBack {
  /** Whether a name leads elsewhere than to what was written, or nowhere although that is there */
  astray: boolean;
  /** When the job or one of its processes was changed last, by the store's clock in milliseconds since 1970; 0: not known */
  changedAt: number;
}

/**
 * Looks for all that was written, by name. `guids` are those given to the stand-ins of `writes`; `keys` are what the job is
 * made of. Fails when something is missing.
 */
export async function readBack(
  store: MetadataStore,
  { writes, keys }: { writes: readonly EntityToWrite[]; keys: readonly Key[] },
  guids: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<ReadBack> {
  const names = new Map<string, Set<string>>();
  const own = keys.filter(({ typeName }) => jobTypes.has(typeName));
  const written = writes.map((write) => ({ typeName: write.typeName, qualifiedName: qualifiedNameOf(write) }));
  for (const { typeName, qualifiedName } of [...own, ...written]) {
    names.set(typeName, (names.get(typeName) ?? new Set()).add(qualifiedName));
  }
  const found = await Promise.all(
    [...names].map(([type, list]) => store.findByName(type, [...list], signal, { bare: true })),
  );
  const there = new Map<string, Entity>();
  let changedAt = 0;
  for (const { entity } of found.flat()) {
    if (jobTypes.has(entity.typeName)) changedAt = Math.max(changedAt, entity.updateTime ?? 0);
    if (entity.status === 'DELETED') continue;
    there.set(keyOf({ typeName: entity.typeName, qualifiedName: qualifiedNameOf(entity) }), entity);
  }
  const guidOf = (write: EntityToWrite) => guids.get(write.guid) ?? write.guid;
  const strays = writes.filter(
    (write) =>
      there.get(keyOf({ typeName: write.typeName, qualifiedName: qualifiedNameOf(write) }))?.guid !== guidOf(write),
  );
  const lost = strays.filter(
    (write) => !there.has(keyOf({ typeName: write.typeName, qualifiedName: qualifiedNameOf(write) })),
  );
  const hidden = lost.length > 0 ? await store.findByGuid(lost.map(guidOf), signal) : [];
  const missing = lost.find((write) => !hidden.some(({ entity }) => entity.guid === guidOf(write)));
  if (missing) {
    throw new StoreError(
      'server-error',
      `${store.info.label} took ${qualifiedNameOf(missing)} and does not have it.`,
      'Publish again.',
    );
  }
  return { astray: strays.length > 0, changedAt };
}
