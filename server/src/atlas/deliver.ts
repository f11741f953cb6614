/** Publishing that survives: through the outbox, so that what cannot be delivered now is delivered later. */
import type { PublishRecord, PublishResult } from '../protocol';
import type { Job } from './job';
import { isTemporary, type Outbox, type WaitingJob, waitingId } from './outbox';
import { applyPublish, planPublish } from './publish';
import type { Plan, Progress } from './service';
import { type MetadataStore, StoreError } from './store';

/** The job is in the outbox and will be delivered; `cause` is why it was not now. */
export class KeptForLater extends StoreError {
  constructor(
    override readonly cause: StoreError,
    readonly waiting: WaitingJob,
  ) {
    super(
      cause.code,
      `${cause.message} What you published is saved and will be sent later.`,
      cause.advice,
      cause.detail,
    );
    this.name = 'KeptForLater';
  }
}

/** The store, with a note whether it was asked to change anything. */
function watched(store: MetadataStore): { store: MetadataStore; hasWritten: () => boolean } {
  let written = false;
  const changing = new Set<PropertyKey>(['write', 'remove', 'createTypes']);
  const watching = new Proxy(store, {
    get(target, name) {
      if (changing.has(name)) written = true;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { store: watching, hasWritten: () => written };
}

async function attempt(
  outbox: Outbox,
  waiting: WaitingJob,
  store: MetadataStore,
  plan: Plan | undefined,
  progress: Progress | undefined,
  signal: AbortSignal | undefined,
  { isFirst, recheck }: { isFirst: boolean; recheck: boolean },
): Promise<PublishResult> {
  const { store: watching, hasWritten } = watched(store);
  let result: PublishResult;
  try {
    const now = plan ?? (await planPublish(watching, waiting.job, signal, { merge: waiting.merge ?? false }));
    result = await applyPublish(watching, now, { types: waiting.types, recheck }, progress, signal);
  } catch (error) {
    // refused while the user is there and before anything was changed: nothing needs to wait
    if (isFirst && !isTemporary(error) && !hasWritten()) {
      await outbox.remove(waiting);
      throw error;
    }
    const noted = await outbox.failed(waiting, error);
    throw error instanceof StoreError ? new KeptForLater(error, noted) : error;
  }
  await outbox.remove(waiting);
  if (result.pushed > 0) await outbox.history.add(waiting.id, recordOf(waiting, result, outbox.now()));
  return result;
}

function recordOf(
  { job, store, merge }: WaitingJob,
  { metrics, changedAt }: PublishResult,
  time: number,
): PublishRecord {
  const { label, url } = store;
  const { commit } = job.source;
  const more = { ...(commit ? { commit } : {}), ...(merge ? { merge } : {}) };
  return { time, job: job.name, store: { label, url }, metrics, changedAt, ...more };
}

/**
 * Publishes a job; with a plan that one is carried out, with `recheck` only if it still holds. Throws KeptForLater when the job is in the
 * outbox now, or another StoreError when it was refused and nothing has changed.
 */
export async function deliver(
  outbox: Outbox,
  store: MetadataStore,
  job: Job,
  options: { types: WaitingJob['types']; plan?: Plan | undefined; recheck?: boolean },
  progress?: Progress,
  signal?: AbortSignal,
): Promise<PublishResult> {
  const { info, namespace } = store;
  const put = () =>
    outbox.put(info, namespace, job, { types: options.types, merge: options.plan?.preview.merge ?? false });
  // claimed first: no other window takes it up between
  const result = await outbox.claimed(waitingId(info, namespace, job.name), async () =>
    attempt(outbox, await put(), store, options.plan, progress, signal, {
      isFirst: true,
      recheck: options.recheck ?? false,
    }),
  );
  if (result) return result;
  const being = new StoreError('not-ready', 'The same job is being published right now.');
  throw new KeptForLater(being, await outbox.failed(await put(), being));
}

/**
 * Tries what waits in the outbox: what is due, all of it, or one by its id. `storeOf` gives the store of a waiting job, undefined when it
 * is not connected. Gives what was delivered; failures are noted in the outbox.
 */
export async function deliverWaiting(
  outbox: Outbox,
  storeOf: (waiting: WaitingJob) => MetadataStore | undefined,
  which: 'due' | 'all' | { id: string },
  signal?: AbortSignal,
): Promise<PublishResult[]> {
  const delivered: PublishResult[] = [];
  for (const waiting of which === 'due' ? await outbox.due() : await outbox.list()) {
    if (signal?.aborted) break;
    if (typeof which === 'object' && which.id !== waiting.id) continue;
    const store = storeOf(waiting);
    if (!store) continue;
    try {
      const result = await outbox.claimed(waiting.id, () =>
        attempt(outbox, waiting, store, undefined, undefined, signal, { isFirst: false, recheck: false }),
      );
      if (result) delivered.push(result);
    } catch (error) {
      // it is noted in the outbox
      if (!(error instanceof StoreError)) throw error;
    }
  }
  return delivered;
}
