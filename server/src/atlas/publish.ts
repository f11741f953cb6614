/** Publishing: from a job to a plan that can be shown, and from a plan to a store that holds the job's desired state. */
import { randomUUID } from 'node:crypto';
import type { PublishPlan, PublishResult } from '../protocol';
import { batches, writeAll } from './batches';
import { type ChangeSet, changeSet, piecesOf, summarize } from './changes';
import { desiredState, typesOf } from './desired';
import type { Job } from './job';
import { datasetsOf, mappingContext } from './mapping';
import { publishMetrics } from './metrics';
import { readBack } from './readBack';
import type { Plan, Progress } from './service';
import { type MetadataStore, StoreError, throwIfAborted } from './store';
import { jobItem } from './tree';
import { haveTwins, mayHaveTwins, mendTwins } from './twins';
import { ourTypes, typedefsFor } from './typedefs';

interface FullPlan extends Plan {
  job: Job;
  set: ChangeSet;
  merge: boolean;
  /** How many publishes this process had done when the plan was made */
  made: number;
}

/** What a store knows of the types that a publish of the job may use. */
async function knownTypes(store: MetadataStore, job: Job, signal?: AbortSignal): Promise<Set<string>> {
  const context = mappingContext(store, job.catalogs);
  const wanted = new Set(ourTypes);
  for (const table of job.tables.values()) {
    for (const dataset of datasetsOf(table, context)) for (const type of typesOf(dataset)) wanted.add(type);
  }
  return store.knownTypes([...wanted], signal);
}

async function plan(
  store: MetadataStore,
  job: Job,
  { create, merge }: { create: boolean; merge: boolean },
  signal?: AbortSignal,
): Promise<FullPlan> {
  if (job.processes.length === 0) {
    throw new StoreError(
      'invalid',
      'There is nothing to publish: no statement here writes to a table.',
      'Add an INSERT, or mend the statements that have errors.',
    );
  }
  const made = queueOf(store).done;
  const known = await knownTypes(store, job, signal);
  const missing = ourTypes.filter((type) => !known.has(type));
  const types = create ? new Set([...known, ...ourTypes]) : known;
  const state = desiredState(job, { types, namespace: store.namespace, namespaces: store.namespaces });
  const set = await changeSet(store, state, { absentTypes: new Set(missing), merge }, signal);
  return {
    job,
    set,
    merge,
    made,
    preview: {
      id: randomUUID(),
      store: store.info,
      job: { name: job.name, qualifiedName: state.application.qualifiedName },
      changes: set.changes,
      summary: piecesOf(set) === 0 ? '' : summarize(set.changes),
      missingTypes: missing,
      notes: [...state.notes, ...set.notes],
      ...(set.lastChange ? { lastChange: set.lastChange } : {}),
      merge,
    },
  };
}

/**
 * Works out what publishing a job would change, supposing that missing types may be created. With `merge` nothing is taken
 * away: what others have added to the job stays. Reads only.
 * Throws a StoreError, 'invalid' when no statement of the job writes anything.
 */
export function planPublish(
  store: MetadataStore,
  job: Job,
  signal?: AbortSignal,
  { merge = false }: { merge?: boolean } = {},
): Promise<Plan> {
  return plan(store, job, { create: true, merge }, signal);
}

/** Whether two previews announce the same. */
function sameChanges(a: PublishPlan, b: PublishPlan): boolean {
  return JSON.stringify(a.changes) === JSON.stringify(b.changes);
}

/** Writes and removes what a plan says; gives the guids of what was made, by stand-in. */
async function carryOut(
  store: MetadataStore,
  set: ChangeSet,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const total = piecesOf(set);
  let done = 0;
  const step = (pieces: number) => {
    done += pieces;
    progress(done, total, `${done} of ${total}`);
  };
  step(0);
  if (set.replaced.length > 0) {
    throwIfAborted(signal);
    await store.remove(set.replaced, signal);
  }
  const guids = await writeAll(store, set.writes, signal, (pieces) => step(pieces - done));
  if (set.removals.length > 0) {
    throwIfAborted(signal);
    await store.remove(set.removals, signal);
    step(set.removals.length);
  }
  for (const { guid, labels, business } of set.annotations) {
    throwIfAborted(signal);
    const there = guids.get(guid) ?? guid;
    if (labels) await store.tag(there, { labels }, signal);
    if (business) await store.setBusinessMetadata(there, business, signal);
    step(1);
  }
  return guids;
}

/** Publishes of this process to one store follow each other; `done` counts those that changed something. */
const queues = new Map<string, { last: Promise<unknown>; done: number }>();

function queueOf(store: MetadataStore) {
  const queue = queues.get(store.info.url) ?? { last: Promise.resolve(), done: 0 };
  queues.set(store.info.url, queue);
  return queue;
}

function inOrder<T>(store: MetadataStore, work: () => Promise<T>): Promise<T> {
  const queue = queueOf(store);
  const mine = queue.last.then(work, work);
  queue.last = mine.catch(() => {});
  return mine;
}

/** Publishers elsewhere that make the same at the same time: so often is what came out double put right. */
const mostRepairs = 5;

/**
 * Carries a plan out: creates types on consent, writes in few bulks, removes what the job no longer has, and reads back
 * whether all of it is there once. With `recheck`, for plans that somebody has looked at meanwhile: when it would now do
 * something else it fails as 'conflict' and changes nothing. Throws a StoreError; what was written before it stays, and
 * the next plan takes it into account.
 */
export function applyPublish(
  store: MetadataStore,
  previewed: Plan,
  options: { types: 'create' | 'without' | 'present'; recheck?: boolean },
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<PublishResult> {
  return inOrder(store, () => apply(store, previewed as FullPlan, options, progress, signal));
}

async function apply(
  store: MetadataStore,
  before: FullPlan,
  { types, recheck = true }: { types: 'create' | 'without' | 'present'; recheck?: boolean },
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<PublishResult> {
  const { merge } = before;
  const missing = before.preview.missingTypes;
  if (missing.length > 0 && types === 'present') {
    throw new StoreError(
      'types-missing',
      `${store.info.label} has no place for Flink's tables and columns yet.`,
      'Publish again and agree to create it, or publish by table only.',
    );
  }
  const create = types !== 'without' || missing.length === 0;
  const spent = { pushing: 0, reading: 0 };
  const timed = async <T>(what: keyof typeof spent, work: Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await work;
    } finally {
      spent[what] += performance.now() - start;
    }
  };
  if (create && missing.length > 0) await timed('pushing', store.createTypes(typedefsFor(missing), signal));
  const queue = queueOf(store);
  const isOld = recheck || !create || before.made !== queue.done;
  let now = isOld ? await plan(store, before.job, { create, merge }, signal) : before;
  if (recheck && create && !sameChanges(before.preview, now.preview)) {
    throw new StoreError(
      'conflict',
      `${before.job.name} has changed in ${store.info.label} since you looked.`,
      'Look at the changes again and publish.',
    );
  }

  let pushed = 0;
  let changedAt = now.set.lastChange?.time ?? 0;
  let application = now.set.applicationGuid;
  for (let repairs = 0; ; repairs++) {
    const { set } = now;
    const pieces = piecesOf(set);
    let doubled: boolean;
    if (pieces === 0) {
      progress(1, 1, '');
      // a twin may have come to be after the publish that made the first
      const wholes = set.keys.filter(({ typeName }) => !typeName.includes('column'));
      doubled = await timed('reading', haveTwins(store, wholes, signal));
    } else {
      const guids = await timed('pushing', carryOut(store, set, progress, signal));
      queue.done++;
      pushed += pieces;
      const own = set.writes.find((write) => write.attributes.qualifiedName === now.preview.job.qualifiedName);
      application ??= guids.get(own?.guid ?? '');
      const [back, twins] = await timed(
        'reading',
        Promise.all([
          readBack(store, set, guids, signal),
          haveTwins(store, batches(set.writes).flatMap(mayHaveTwins), signal),
        ]),
      );
      changedAt = Math.max(changedAt, back.changedAt);
      doubled = back.astray || twins;
    }
    if (!doubled) break;
    if (repairs === mostRepairs) {
      throw new StoreError('conflict', 'Somebody else is publishing the same all the time.', 'Try again in a minute.');
    }
    const left = await timed('pushing', mendTwins(store, set.keys, signal));
    queue.done++;
    now = await plan(store, before.job, { create, merge }, signal);
    application = now.set.applicationGuid;
    now.preview.notes.push(...left);
    if (left.length > 0 && piecesOf(now.set) === 0) break;
  }
  const webUrl = application ? store.webUrl(application) : undefined;
  return {
    store: store.info,
    job: now.preview.job,
    pushed,
    metrics: publishMetrics(pushed, spent.pushing, spent.reading),
    changedAt,
    treeItem: jobItem(application ?? ''),
    ...(webUrl ? { webUrl } : {}),
    notes: now.preview.notes,
  };
}
