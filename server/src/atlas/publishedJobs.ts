/** How jobs differ from what a store has of them, asked often: while their scripts are edited. */
import { cachedReads } from './cachedReads';
import { countedChanges } from './changes';
import { processGuids } from './entity';
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

export class PublishedJobs {
  private stores = new Map<MetadataStore, ReturnType<typeof cachedReads>>();

  /**
   * What a publish of the job would change, worked out as for its preview, and when the store's copy last changed. What
   * the store has is read once and then remembered, so that asking again after an edit costs no request unless other
   * tables are used. Undefined when the job writes nothing. Throws a StoreError.
   */
  async stateOf(store: MetadataStore, job: Job): Promise<PublishState | undefined> {
    if (job.processes.length === 0) return undefined;
    const cached = this.stores.get(store) ?? cachedReads(store);
    this.stores.set(store, cached);
    const { preview } = await planPublish(cached.store, job);
    const found = await findJob(cached.store, preview.job.qualifiedName);
    const changes = countedChanges(preview.changes).length;
    if (!found) return { changes, store: store.info.id };
    const processes = await cached.store.findByGuid(processGuids(found));
    const times = [found, ...processes.map(({ entity }) => entity)].map(({ updateTime }) => updateTime ?? 0);
    return { changes, publishedAt: Math.max(...times), store: store.info.id, treeItem: jobItem(found.guid) };
  }

  /** Forgets what was read, after something was published or a refresh was asked for. */
  forget(): void {
    this.stores = new Map();
  }
}
