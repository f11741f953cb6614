/** As what jobs and their processes are kept: Flink's types, or plain processes where a server has none for Flink. */
import { type EntityHeader, qualifiedNameOf } from './entity';
import type { MetadataStore } from './store';

export interface JobTypes {
  job: 'flink_application' | 'Process';
  process: 'flink_process' | 'Process';
  /** Whether a process refers to its job; otherwise its name tells */
  tied: boolean;
}

/** Which types a store has for jobs. Throws a StoreError. */
export async function findJobTypes(store: MetadataStore, signal?: AbortSignal): Promise<JobTypes> {
  const known = await store.knownTypes(['flink_application', 'flink_process', 'flink_job_processes'], signal);
  return {
    job: known.has('flink_application') ? 'flink_application' : 'Process',
    process: known.has('flink_process') ? 'flink_process' : 'Process',
    tied: known.has('flink_job_processes'),
  };
}

/** The name that a plain process is below, as its job would be called: 'a/b/c@ns' → 'a/b@ns'. */
export function nameAbove(qualifiedName: string): string {
  return qualifiedName.replace(/\/[^/]*(?=@[^@]*$)/, '');
}

/**
 * Whether a plain process is a job: it is, unless it is named below another one. A job that is called by its file's path
 * has slashes in its name too. `names` holds the qualifiedNames of the others.
 */
export function isPlainJobName(qualifiedName: string, names: ReadonlySet<string>): boolean {
  const above = nameAbove(qualifiedName);
  return above === qualifiedName || !names.has(above);
}

/** The qualifiedName of the job that a process belongs to. */
export function jobNameOf(process: EntityHeader): string {
  const qualifiedName = qualifiedNameOf(process);
  const conf = process.attributes.conf;
  const job = typeof conf === 'object' && conf !== null ? (conf as Record<string, unknown>).job : undefined;
  return typeof job === 'string' ? `${job}${/@[^@]*$/.exec(qualifiedName)?.[0] ?? ''}` : nameAbove(qualifiedName);
}
