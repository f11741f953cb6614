import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jobsWithoutScript, type ScriptPlaces } from '../atlas/jobsWithoutScript';
import { type Outbox, waitingId } from '../atlas/outbox';
import { planRetire, type Retirement, renameJob, retire } from '../atlas/retire';
import { type MetadataStore, outcome, StoreError } from '../atlas/store';
import type { LostJob, Outcome, RetirePlan } from '../protocol';
import { OpenDocument } from './document';
import { jobOf } from './job-of';
import type { Settings } from './settings';
import { isInside, repositoryOf } from './source';
import { folderOf, type Stores } from './stores';

/** Plans that can still be carried out. */
const PLANS = 50;

/** Retiring and renaming jobs in the editor, and finding those whose script is gone. Errors come back as values. */
export class Retirer {
  private readonly plans = new Map<string, { store: MetadataStore; retirement: Retirement }>();

  constructor(
    private readonly stores: Stores,
    private readonly outbox: Outbox,
    private readonly folders: () => readonly string[],
    private readonly settings: () => Settings,
  ) {}

  /** What retiring a job, by its row in the tree, would remove. */
  plan(id: string, item: string, signal: AbortSignal): Promise<Outcome<RetirePlan>> {
    return outcome(async () => {
      await this.stores.ready;
      const store = this.stores.named(id);
      const retirement = await planRetire(store, guidOf(item), signal);
      const plan = { id: randomUUID(), store: store.info, job: retirement.job, removed: retirement.removed };
      this.plans.set(plan.id, { store, retirement });
      for (const [oldest] of this.plans) if (this.plans.size > PLANS) this.plans.delete(oldest);
      return plan;
    });
  }

  /** Carries out a plan. What waits of the job in the outbox would bring it back, and is taken out. */
  retire(id: string, signal: AbortSignal): Promise<Outcome<null>> {
    return outcome(async () => {
      const planned = this.plans.get(id);
      if (!planned)
        throw new StoreError('refused', 'This preview is too old.', 'Retire the job again to see a new one.');
      this.plans.delete(id);
      const { store, retirement } = planned;
      await retire(store, retirement, signal);
      await this.outbox.remove({ id: waitingId(store.info, store.namespace, retirement.job.name) });
      return null;
    });
  }

  /** Gives a job another name. What waits under the old one would bring that back, and is taken out. */
  rename(id: string, item: string, name: string, signal: AbortSignal): Promise<Outcome<null>> {
    return outcome(async () => {
      await this.stores.ready;
      const store = this.stores.named(id);
      const renamed = await renameJob(store, guidOf(item), name, signal);
      const idOf = (job: string) => waitingId(store.info, store.namespace, job);
      await this.outbox.remove({ id: idOf(renamed.from) });
      await this.outbox.history.move(idOf(renamed.from), idOf(name), renamed);
      return null;
    });
  }

  /** The jobs of a store whose script is gone from the repositories of the workspace's folders. */
  withoutScript(id: string, signal: AbortSignal): Promise<Outcome<LostJob[]>> {
    return outcome(async () => {
      await this.stores.ready;
      const store = this.stores.named(id);
      return jobsWithoutScript(store, await this.places(store), signal);
    });
  }

  private async places(store: MetadataStore): Promise<ScriptPlaces> {
    // a catalog in a folder is of that folder's jobs, whether it is in a repository or not
    const own = store.info.kind === 'workspace' ? folderOf(store.info) : undefined;
    const at = async (folder: string) => ({ folder, ...(await repositoryOf(folder)) });
    const all = await Promise.all((own === undefined ? this.folders() : [own]).map(at));
    const rootsOf = (repository: string | undefined) =>
      all.flatMap((place) => {
        const mine = repository === undefined ? own !== undefined : place.repository === repository;
        return mine && place.root ? [place.root] : [];
      });
    return {
      has: (repository) => rootsOf(repository).length > 0,
      jobIn: async (file, repository) => {
        for (const root of rootsOf(repository)) {
          const path = join(root, file);
          if (!isInside(path, root)) return undefined;
          try {
            const document = new OpenDocument(
              pathToFileURL(path).href,
              0,
              await readFile(path, 'utf8'),
              this.settings(),
            );
            return jobOf(document, { file }).name;
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return undefined;
          }
        }
        return null;
      },
    };
  }
}

/** 'job:…' is a job's row in the tree. */
function guidOf(item: string): string {
  return item.replace(/^job:/, '');
}
