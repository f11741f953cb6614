import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { deliver, deliverWaiting, KeptForLater } from '../atlas/deliver';
import { describeHistory } from '../atlas/describeHistory';
import { describeWaiting } from '../atlas/describeWaiting';
import type { Job } from '../atlas/job';
import { isTemporary, type Outbox, type WaitingJob, waitingId } from '../atlas/outbox';
import { planPublish } from '../atlas/publish';
import type { Plan, Progress } from '../atlas/service';
import { type MetadataStore, outcome, StoreError, toUserError } from '../atlas/store';
import type {
  Outcome,
  PublishOutcome,
  PublishPlan,
  PublishRecord,
  PublishResult,
  SavedOutcome,
  UserError,
  WaitingPublish,
} from '../protocol';
import type { OpenDocument } from './document';
import { jobOf } from './job-of';
import { sourceOf } from './source';
import type { Stores } from './stores';

/** Plans that can still be carried out; older previews must be made again. */
const PLANS = 20;
/** Milliseconds in which changes of the outbox's files count as one. */
const SETTLED = 100;
/** The longest that a timer of Node can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Publishing in the editor: plans, carrying them out through the outbox, and sending what waits in it when its time has
 * come. Several windows and the command line share an outbox; each job in it is delivered by one of them.
 */
export class Publisher {
  private readonly plans = new Map<string, { store: MetadataStore; plan: Plan; job: Job }>();
  private timer: NodeJS.Timeout | undefined;
  private watcher: FSWatcher | undefined;
  private settling: NodeJS.Timeout | undefined;
  private delivering: Promise<PublishResult[]> = Promise.resolve([]);
  private readonly stopped = new AbortController();
  /** By URI, the publish of a saved script that is under way, and the one that follows it */
  private readonly saved = new Map<string, { now: Promise<SavedOutcome>; next?: Promise<SavedOutcome> }>();
  /** Nothing is sent from a folder that is not trusted */
  private enabled = false;

  /** `tell` is called when what waits has changed, with what was delivered in the background. */
  constructor(
    private readonly stores: Stores,
    readonly outbox: Outbox,
    private readonly folders: () => readonly string[],
    private readonly tell: (waiting: number, delivered: PublishResult[]) => void,
  ) {}

  /**
   * Notices what other windows do to the outbox, and where that is `allowed` sends what is due. Called when other stores
   * are in use.
   */
  start(allowed: boolean): void {
    this.enabled = allowed;
    if (!this.watcher) {
      try {
        mkdirSync(this.outbox.folder, { recursive: true });
        this.watcher = watch(this.outbox.folder, () => {
          clearTimeout(this.settling);
          this.settling = setTimeout(() => void this.changed([]), SETTLED);
        });
        // a folder that goes away is no reason to end
        this.watcher.on('error', () => this.watcher?.close());
        this.watcher.unref();
      } catch {
        // it cannot be made or watched: publishing says so
      }
    }
    void (allowed ? this.deliver('due') : this.changed([]));
  }

  /** Ends what is being sent; it stays in the outbox. */
  stop(): void {
    this.stopped.abort();
    this.watcher?.close();
    clearTimeout(this.timer);
    clearTimeout(this.settling);
  }

  /** What publishing the job of a document would change. The plan is kept until it is carried out or too old. */
  plan(
    document: OpenDocument,
    { store: id, merge = false }: { store?: string | undefined; merge?: boolean | undefined },
    signal: AbortSignal,
  ): Promise<Outcome<PublishPlan>> {
    return outcome(async () => {
      const store = await this.storeFor(document, id);
      const job = await this.jobOf(document, signal);
      const plan = await planPublish(store, job, signal, { merge });
      this.plans.set(plan.preview.id, { store, plan, job });
      for (const [oldest] of this.plans) if (this.plans.size > PLANS) this.plans.delete(oldest);
      const last = await this.lastOf(store, job);
      const now = plan.preview.lastChange?.time ?? 0;
      const changedSince = last !== undefined && last.changedAt > 0 && now > last.changedAt;
      const keptBefore = last?.merge === true;
      return { ...plan.preview, ...(changedSince ? { changedSince } : {}), ...(keptBefore ? { keptBefore } : {}) };
    });
  }

  /** The last publish of a job from this machine. */
  private async lastOf(store: MetadataStore, job: Job): Promise<PublishRecord | undefined> {
    return (await this.outbox.history.of(waitingId(store.info, store.namespace, job.name)))[0];
  }

  /** Carries out a plan that was made before; what cannot be delivered now is in the outbox. */
  async apply(
    id: string,
    types: WaitingJob['types'],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<PublishOutcome> {
    const planned = this.plans.get(id);
    if (!planned) {
      const error = new StoreError('refused', 'This preview is too old.', 'Publish again to see a new one.');
      return { ok: false, error: toUserError(error) };
    }
    this.plans.delete(id);
    const { store, plan, job } = planned;
    try {
      return {
        ok: true,
        value: await deliver(this.outbox, store, job, { types, plan, recheck: true }, progress, signal),
      };
    } catch (error) {
      if (!(error instanceof KeptForLater)) return { ok: false, error: toUserError(error) };
      return { ok: false, error: toUserError(error.cause), kept: this.describe(error.waiting) };
    } finally {
      void this.changed([]);
    }
  }

  /**
   * Publishes the job of a saved document without asking. What a person should look at first is left to the user: a script
   * with errors, whose statements would be taken out; types to be made; changes by others. Saves while one is being published
   * share the one that follows, so that they do not pile up and the last state wins.
   */
  publishSaved(document: OpenDocument): Promise<SavedOutcome> {
    const { uri } = document;
    const begin = (): Promise<SavedOutcome> => {
      const entry: { now: Promise<SavedOutcome>; next?: Promise<SavedOutcome> } = {
        now: this.publishNow(document, this.stopped.signal).finally(() => {
          if (!entry.next) this.saved.delete(uri);
        }),
      };
      this.saved.set(uri, entry);
      return entry.now;
    };
    const under = this.saved.get(uri);
    if (!under) return begin();
    under.next ??= under.now.then(begin, begin);
    return under.next;
  }

  private async publishNow(document: OpenDocument, signal: AbortSignal): Promise<SavedOutcome> {
    await this.stores.ready;
    const { store, unclear, error } = this.stores.pick(document.uri);
    const left = (code: UserError['code'], message: string, advice: string, job?: string): SavedOutcome => ({
      did: 'left',
      ...(job === undefined ? {} : { job }),
      error: { code, message, advice },
    });
    if (!this.enabled || !store) return { did: 'nothing' };
    if (error || unclear) {
      return left('not-configured', 'It is not clear where to publish to.', 'Choose the connection of this folder.');
    }
    const job = await this.jobOf(document, signal);
    if (job.leftOut) return left('invalid', 'A statement has errors.', 'Mend it, and save again.', job.name);
    if (job.processes.length === 0) return { did: 'nothing' };
    // what the user kept stays until they say otherwise
    const merge = (await this.lastOf(store, job))?.merge;
    const planned = await this.plan(document, { store: store.info.id, merge }, signal);
    if (!planned.ok) {
      const kept = await this.keep(document, store.info.id, planned.error);
      if (kept.ok) return { did: 'kept', kept: kept.value, error: planned.error };
      return { did: 'left', job: job.name, error: planned.error };
    }
    const { id, summary, missingTypes, changedSince } = planned.value;
    if (summary === '') return { did: 'nothing' };
    const { label } = store.info;
    if (missingTypes.length > 0) {
      const advice = 'Publish once by hand, and agree to prepare it.';
      return left('types-missing', `${label} has no place for Flink's tables and columns yet.`, advice, job.name);
    }
    if (changedSince) {
      return left('conflict', `Somebody changed it in ${label} meanwhile.`, 'Publish by hand to see what.', job.name);
    }
    const outcome = await this.apply(id, 'present', () => {}, signal);
    if (outcome.ok) return { did: 'published', result: outcome.value };
    if (outcome.kept) return { did: 'kept', kept: outcome.kept, error: outcome.error };
    return { did: 'left', job: job.name, error: outcome.error };
  }

  /**
   * Puts the job of a document into the outbox, because its store could not even be asked: `error` is why. Types are not
   * made without the user's consent, so where they are missing it goes on waiting and says so.
   */
  keep(document: OpenDocument, id: string | undefined, error: UserError): Promise<Outcome<WaitingPublish>> {
    return outcome(async () => {
      const store = await this.storeFor(document, id);
      const job = await this.jobOf(document);
      const failure = new StoreError(error.code, error.message, error.advice);
      if (job.processes.length === 0 || !isTemporary(failure)) throw failure;
      const merge = (await this.lastOf(store, job))?.merge ?? false;
      const waiting = await this.outbox.put(store.info, store.namespace, job, { types: 'present', merge });
      const noted = await this.outbox.failed(waiting, failure);
      void this.changed([]);
      return this.describe(noted);
    });
  }

  /** What waits, oldest first. */
  async waiting(): Promise<WaitingPublish[]> {
    return (await this.outbox.list()).map((waiting) => this.describe(waiting));
  }

  /** Tries what waits now: one of it, or all. */
  async retry(id: string | undefined): Promise<{ delivered: PublishResult[]; waiting: WaitingPublish[] }> {
    await this.stores.ready;
    const delivered = this.enabled ? await this.deliver(id === undefined ? 'all' : { id }) : [];
    return { delivered, waiting: await this.waiting() };
  }

  /** Takes out unsent what waits: one of it, or all. */
  async discard(id: string | undefined): Promise<void> {
    for (const waiting of await this.outbox.list()) {
      if (id === undefined || waiting.id === id) await this.outbox.remove({ id: waiting.id });
    }
    await this.changed([]);
  }

  /** A text that says what waits, where for, and why. */
  show(id: string): Promise<Outcome<string>> {
    return outcome(async () => {
      const waiting = (await this.outbox.list()).find((each) => each.id === id);
      if (!waiting) throw new StoreError('conflict', 'It does not wait any more.', 'Refresh the tree.');
      return describeWaiting(waiting, this.outbox.now());
    });
  }

  /** The publishes of a job, as a Markdown page: of the job in a document, or of one by its qualifiedName. */
  history(
    { store: id, qualifiedName }: { store: string; qualifiedName?: string | undefined },
    document: OpenDocument | undefined,
  ): Promise<Outcome<string>> {
    return outcome(async () => {
      await this.stores.ready;
      const store = this.stores.named(id);
      const name = document ? (await this.jobOf(document)).name : (qualifiedName ?? '').replace(/@[^@]*$/, '');
      const records = await this.outbox.history.of(waitingId(store.info, store.namespace, name));
      return describeHistory(name, store.info, records);
    });
  }

  private async storeFor(document: OpenDocument, id: string | undefined): Promise<MetadataStore> {
    await this.stores.ready;
    const { store, error } = id === undefined ? this.stores.pick(document.uri) : { store: this.stores.named(id) };
    if (error) throw error;
    if (store) return store;
    throw new StoreError(
      'not-configured',
      'There is no place to publish to yet.',
      'Connect to Atlas, or use a workspace catalog.',
    );
  }

  private async jobOf(document: OpenDocument, signal?: AbortSignal): Promise<Job> {
    return jobOf(document, await sourceOf(document.uri, this.folders(), signal));
  }

  private describe({ id, job, store, namespace, since, attempts, next, held, error }: WaitingJob): WaitingPublish {
    return {
      id,
      job: job.name,
      store,
      connected: this.stores.at(store.url, namespace) !== undefined,
      since,
      attempts,
      ...(next === undefined ? {} : { next }),
      held: held ?? false,
      ...(error ? { error } : {}),
    };
  }

  /** Tries what waits, one call after the other. */
  private deliver(which: Parameters<typeof deliverWaiting>[2]): Promise<PublishResult[]> {
    const storeOf = ({ store, namespace }: WaitingJob) => this.stores.at(store.url, namespace);
    const mine = this.delivering.then(async () => {
      const delivered = await deliverWaiting(this.outbox, storeOf, which, this.stopped.signal).catch(() => []);
      await this.changed(delivered);
      return delivered;
    });
    this.delivering = mine;
    return mine;
  }

  /** Tells how much waits, and sets the timer for what is due next. */
  private async changed(delivered: PublishResult[]): Promise<void> {
    if (this.stopped.signal.aborted) return;
    const all = await this.outbox.list();
    this.tell(all.length, delivered);
    const due = all
      .filter(({ held, store, namespace }) => !held && this.stores.at(store.url, namespace))
      .map((waiting) => this.outbox.dueAt(waiting));
    clearTimeout(this.timer);
    if (due.length === 0 || !this.enabled) return;
    // what is being tried right now, here or in another window, is looked at again in a second
    const wait = Math.max(1_000, Math.min(...due) - this.outbox.now());
    this.timer = setTimeout(() => void this.deliver('due'), Math.min(wait, LONGEST));
    this.timer.unref();
  }
}
