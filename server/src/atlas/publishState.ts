/** How a job differs from what a store has of it, asked often: while its script is edited. */
import { countedChanges } from './changes';
import type { Job } from './job';
import { planPublish } from './publish';
import type { MetadataStore } from './store';
import { findJob, jobItem } from './tree';

/** How the job of a document stands in the store that it is published to. */
export interface PublishState {
  /** What a publish would change; 0 when the store has all of it */
  changes: number;
  /** Milliseconds since 1970 when the store's copy last changed; undefined when the store does not have the job */
  publishedAt?: number;
  /** For 'Show in Tree': id of the store, and of the job's row */
  store: string;
  treeItem?: string;
}

/**
 * What a publish of the job would change, worked out as for its preview, and when the store's copy last changed. Undefined
 * when the job writes nothing. Throws a StoreError.
 */
export async function publishState(store: MetadataStore, job: Job): Promise<PublishState | undefined> {
  if (job.processes.length === 0) return undefined;
  const { preview } = await planPublish(store, job);
  const found = await findJob(store, preview.job.qualifiedName);
  const changes = countedChanges(preview.changes).length;
  if (!found) return { changes, store: store.info.id };
  const publishedAt = preview.lastChange?.time ?? found.updateTime ?? 0;
  return { changes, publishedAt, store: store.info.id, treeItem: jobItem(found.guid) };
}
