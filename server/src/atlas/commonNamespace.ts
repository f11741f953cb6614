import { qualifiedNameOf } from './entity';
import type { MetadataStore } from './store';

/** Datasets looked at; one hook gives all of them the same namespace. */
const SAMPLE = 50;

/**
 * The namespace that most datasets of a store have: 'prod' where they are called orders@prod. Undefined where there are none,
 * or where they cannot be listed. Never throws.
 */
export async function commonNamespace(store: MetadataStore, signal?: AbortSignal): Promise<string | undefined> {
  const found = await store.search({ typeName: 'DataSet', offset: 0, limit: SAMPLE }, signal).catch(() => undefined);
  const counts = new Map<string, number>();
  for (const entity of found?.entities ?? []) {
    const namespace = /@([^@\s]+)$/.exec(qualifiedNameOf(entity))?.[1];
    if (namespace) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
