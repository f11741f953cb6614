import type { LostJob } from '../protocol';
import { type EntityHeader, qualifiedNameOf, textOf } from './entity';
import type { MetadataStore } from './store';
import { jobItem } from './tree';

/** Jobs asked for at once. */
const PAGE = 200;

/** Where scripts are looked for: the repositories at hand. */
export interface ScriptPlaces {
  /** Whether scripts of a repository, named by its remote, can be looked for; of those without one when undefined */
  has: (repository: string | undefined) => boolean;
  /** The name of the job in a file of a repository; null where there is no such file, undefined where it cannot be read */
  jobIn: (file: string, repository: string | undefined) => Promise<string | null | undefined>;
}

function conf(job: EntityHeader): Record<string, string> {
  return (job.attributes.conf ?? {}) as Record<string, string>;
}

/**
 * The registered jobs whose script is gone, or has become another job, by name. Jobs whose repository is not at hand are
 * left out: nothing is known of them. Reads only. Throws a StoreError.
 */
export async function jobsWithoutScript(
  store: MetadataStore,
  places: ScriptPlaces,
  signal?: AbortSignal,
): Promise<LostJob[]> {
  const known = await store.knownTypes(['flink_application'], signal);
  if (known.size === 0) return [];
  const lost: LostJob[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const request = { typeName: 'flink_application', attributes: ['conf'], offset, limit: PAGE };
    const { entities, more } = await store.search(request, signal);
    for (const job of entities) {
      const { file, repository } = conf(job);
      const name = textOf(job, 'name');
      if (!file || !name || !places.has(repository)) continue;
      const now = await places.jobIn(file, repository);
      if (now === undefined || now === name) continue;
      const qualifiedName = qualifiedNameOf(job);
      lost.push({ item: jobItem(job.guid), name, qualifiedName, file, ...(now === null ? {} : { now }) });
    }
    if (!more) return lost;
  }
}
