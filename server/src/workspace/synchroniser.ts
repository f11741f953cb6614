import { randomUUID } from 'node:crypto';
import { type Comparison, compareStores } from '../atlas/compare';
import type { Progress } from '../atlas/service';
import { StoreError } from '../atlas/store';
import { type Choice, sync } from '../atlas/sync';
import type { StoreComparison, SyncResult } from '../protocol';
import type { Stores } from './stores';

/** Comparisons that can still be acted on; older ones must be made again. */
const KEPT = 3;

/** Compares stores for the editor and settles what the user has chosen of the differences. */
export class Synchroniser {
  private readonly comparisons = new Map<string, Comparison>();

  constructor(private readonly stores: Stores) {}

  /** Compares two stores in use, by id. Throws a StoreError. */
  async compare(here: string, there: string, progress: Progress, signal: AbortSignal): Promise<StoreComparison> {
    await this.stores.ready;
    const [mine, theirs] = [here, there].map((id) => this.stores.get(id));
    if (!mine || !theirs || mine === theirs) {
      throw new StoreError('not-configured', 'Comparing needs two places for metadata.', 'Connect to Atlas.');
    }
    for (const store of [mine, theirs]) store.refresh();
    const comparison = await compareStores(mine, theirs, progress, signal);
    const id = randomUUID();
    this.comparisons.set(id, comparison);
    for (const [oldest] of this.comparisons) if (this.comparisons.size > KEPT) this.comparisons.delete(oldest);
    const otherNames = mine.namespace !== theirs.namespace;
    return {
      id,
      here: mine.info,
      there: theirs.info,
      differences: comparison.differences.map(({ members: _, both: __, ...difference }) => difference),
      same: comparison.same,
      notes: otherNames
        ? [`Names end in @${mine.namespace} here and in @${theirs.namespace} there, so the same dataset has two names.`]
        : [],
    };
  }

  /** Settles chosen differences of a comparison, once. Throws a StoreError. */
  async sync(id: string, choice: Choice, progress: Progress, signal: AbortSignal): Promise<SyncResult> {
    const comparison = this.comparisons.get(id);
    if (!comparison) throw new StoreError('refused', 'This comparison is too old.', 'Compare again.');
    this.comparisons.delete(id);
    return sync(comparison, choice, progress, signal);
  }
}
