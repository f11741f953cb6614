/** Publishing: from a job to a plan that can be shown, and from a plan to a store that holds the job's desired state. */
import { randomUUID } from 'node:crypto';
import type { PublishPlan, PublishResult } from '../protocol';
import { type ChangeSet, changeSet, summarize } from './changes';
import { desiredState, typesOf } from './desired';
import { type EntityToWrite, refsOf } from './entity';
import type { Job } from './job';
import { datasetsOf, type MappingContext } from './mapping';
import type { Plan, Progress } from './service';
import { type MetadataStore, StoreError, throwIfAborted } from './store';
import { jobItem } from './tree';
import { ourTypes, typedefsFor } from './typedefs';

interface FullPlan extends Plan {
  job: Job;
  set: ChangeSet;
}

/** What a store knows of the types that a publish of the job may use. */
async function knownTypes(store: MetadataStore, job: Job, signal?: AbortSignal): Promise<Set<string>> {
  const context: MappingContext = { namespace: store.namespace, catalogs: job.catalogs };
  const wanted = new Set(ourTypes);
  for (const table of job.tables.values()) {
    for (const dataset of datasetsOf(table, context)) for (const type of typesOf(dataset)) wanted.add(type);
  }
  return store.knownTypes([...wanted], signal);
}

async function plan(store: MetadataStore, job: Job, create: boolean, signal?: AbortSignal): Promise<FullPlan> {
  if (job.processes.length === 0) {
    throw new StoreError(
      'invalid',
      'There is nothing to publish: no statement here writes to a table.',
      'Add an INSERT, or mend the statements that have errors.',
    );
  }
  const known = await knownTypes(store, job, signal);
  const missing = ourTypes.filter((type) => !known.has(type));
  const types = create ? new Set([...known, ...ourTypes]) : known;
  const state = desiredState(job, { types, namespace: store.namespace });
  const set = await changeSet(store, state, new Set(missing), signal);
  return {
    job,
    set,
    preview: {
      id: randomUUID(),
      store: store.info,
      job: { name: job.name, qualifiedName: state.application.qualifiedName },
      changes: set.changes,
      summary: set.writes.length + set.removals.length === 0 ? '' : summarize(set.changes),
      missingTypes: missing,
      notes: [...state.notes, ...set.notes],
    },
  };
}

/**
 * Works out what publishing a job would change, supposing that missing types may be created. Reads only.
 * Throws a StoreError, 'invalid' when no statement of the job writes anything.
 */
export function planPublish(store: MetadataStore, job: Job, signal?: AbortSignal): Promise<Plan> {
  return plan(store, job, true, signal);
}

/** Whether two previews announce the same. */
function sameChanges(a: PublishPlan, b: PublishPlan): boolean {
  return JSON.stringify(a.changes) === JSON.stringify(b.changes);
}

/** Atlas takes bulks of any size, but holds a transaction for each: so many pieces and so many characters at most. */
const batchPieces = 1000;
const batchCharacters = 4_000_000;

function batches(writes: readonly EntityToWrite[]): EntityToWrite[][] {
  const result: EntityToWrite[][] = [];
  let size = 0;
  for (const write of writes) {
    const characters = JSON.stringify(write).length;
    const last = result[result.length - 1];
    if (last && last.length < batchPieces && size + characters <= batchCharacters) {
      last.push(write);
      size += characters;
    } else {
      result.push([write]);
      size = characters;
    }
  }
  return result;
}

/** Replaces stand-in guids by those that earlier batches got. */
function resolved(write: EntityToWrite, guids: ReadonlyMap<string, string>): EntityToWrite {
  const swap = (record: Record<string, unknown> | undefined) => {
    if (!record) return undefined;
    const entries = Object.entries(record).map(([name, value]) => {
      if (refsOf(value).length === 0) return [name, value];
      const swapped = refsOf(value).map((ref) => ({ ...ref, guid: guids.get(ref.guid ?? '') ?? ref.guid }));
      return [name, Array.isArray(value) ? swapped : swapped[0]];
    });
    return Object.fromEntries(entries);
  };
  const relationshipAttributes = swap(write.relationshipAttributes);
  return {
    ...write,
    attributes: swap(write.attributes) ?? {},
    ...(relationshipAttributes ? { relationshipAttributes } : {}),
  };
}

/**
 * Carries a plan out: creates types on consent, writes in few bulks, removes what the job no longer has.
 * With `recheck`, for plans that somebody has looked at meanwhile: when it would now do something else it fails as
 * 'conflict' and changes nothing. Throws a StoreError; what was written before it stays, and the next plan takes it into
 * account.
 */
export async function applyPublish(
  store: MetadataStore,
  previewed: Plan,
  options: { types: 'create' | 'without' | 'present'; recheck?: boolean },
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<PublishResult> {
  const before = previewed as FullPlan;
  const start = performance.now();
  const missing = before.preview.missingTypes;
  let create = true;
  if (missing.length > 0) {
    if (options.types === 'present') {
      throw new StoreError(
        'types-missing',
        `${store.info.label} has no place for Flink's tables and columns yet.`,
        'Publish again and agree to create it, or publish by table only.',
      );
    }
    create = options.types === 'create';
    if (create) await store.createTypes(typedefsFor(missing), signal);
  }
  const { recheck = true } = options;
  const now = recheck || !create ? await plan(store, before.job, create, signal) : before;
  if (create && !sameChanges(before.preview, now.preview)) {
    throw new StoreError(
      'conflict',
      `${before.job.name} has changed in ${store.info.label} since you looked.`,
      'Look at the changes again and publish.',
    );
  }
  const { set } = now;
  const total = set.writes.length + set.removals.length;
  const guids = new Map<string, string>();
  let done = 0;
  if (set.replaced.length > 0) {
    throwIfAborted(signal);
    await store.remove(set.replaced, signal);
  }
  for (const batch of batches(set.writes)) {
    throwIfAborted(signal);
    progress(done, total, `${done} of ${total}`);
    const made = await store.write(
      batch.map((write) => resolved(write, guids)),
      signal,
    );
    for (const [standIn, guid] of made) guids.set(standIn, guid);
    done += batch.length;
  }
  if (set.removals.length > 0) {
    throwIfAborted(signal);
    progress(done, total, `${done} of ${total}`);
    await store.remove(set.removals, signal);
    done += set.removals.length;
  }
  progress(done, total, `${done} of ${total}`);
  if (total > 0) store.refresh();
  const standIn = set.writes.find(
    (write) => write.attributes.qualifiedName === now.preview.job.qualifiedName && write.guid.startsWith('-'),
  )?.guid;
  const guid = set.applicationGuid ?? guids.get(standIn ?? '') ?? '';
  const webUrl = store.webUrl(guid);
  return {
    store: store.info,
    job: now.preview.job,
    pushed: total,
    elapsed: Math.round(performance.now() - start),
    treeItem: jobItem(guid),
    ...(webUrl ? { webUrl } : {}),
    notes: now.preview.notes,
  };
}
