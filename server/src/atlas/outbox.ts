/**
 * What is to be published and has not arrived: one file a job and store, on disk before the first request and until the
 * store has all of it. Delivering again is harmless: each delivery asks the store what it lacks. Holds no secret.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { StoreInfo, UserError } from '../protocol';
import { PublishHistory } from './history';
import type { Job } from './job';
import { StoreError, toUserError } from './store';

export interface WaitingJob {
  /** The same for the same job and store: publishing anew replaces what waits */
  id: string;
  store: StoreInfo;
  namespace: string;
  job: Job;
  /** Whether the user has agreed to create missing types */
  types: 'create' | 'without' | 'present';
  /** Whether what others have added to the job stays */
  merge?: boolean;
  /** Another one each time the job is put in */
  token: string;
  /** Milliseconds since 1970 */
  since: number;
  attempts: number;
  /** When to try again; undefined while it is being tried for the first time */
  next?: number;
  /** The user has cancelled it: it is not tried again by itself */
  held?: boolean;
  error?: UserError;
}

/** What is the same for the same job in the same place. */
export function waitingId(store: StoreInfo, namespace: string, job: string): string {
  return createHash('sha256').update(`${store.url}\n${namespace}\n${job}`).digest('hex').slice(0, 16);
}

/**
 * The folder of the outbox, the same for the editor and the command line of a user, so that a newer publish of either
 * takes the place of what waits: FLINK_SQL_OUTBOX, else in the user's folder for such state.
 */
export function outboxFolder(env: NodeJS.ProcessEnv): string {
  const state = env.LOCALAPPDATA ?? env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
  return env.FLINK_SQL_OUTBOX ?? join(state, 'flink-sql-atlas', 'outbox');
}

/** The longest wait between attempts, in milliseconds. */
const longestWait = 30 * 60_000;

/** Waits between attempts, in milliseconds: twice as long each time, up to the longest. */
function backoff(attempts: number): number {
  return Math.min(longestWait, 5_000 * 2 ** Math.max(0, attempts - 1));
}

/** A claim older than this is left over from a process that has died, even where its number is in use again. */
const longestDelivery = 15 * 60_000;

/** Whether an error may go away by itself, so that what failed should be tried again. */
export function isTemporary(error: unknown): boolean {
  return error instanceof StoreError && /^(unreachable|timeout|not-ready|server-error|cancelled)$/.test(error.code);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Maps are kept as lists of pairs. */
function serialize(waiting: WaitingJob): string {
  const { job } = waiting;
  return JSON.stringify(
    { ...waiting, job: { ...job, tables: [...job.tables], catalogs: [...job.catalogs] } },
    undefined,
    1,
  );
}

/** Throws where the text is none of what `serialize` gives: a disk that was full or a crash may have left anything. */
function parse(text: string): WaitingJob {
  const value = JSON.parse(text) as WaitingJob & { job: { tables: never; catalogs: never } };
  const { id, store, namespace, job } = value;
  const isWhole =
    [id, store.url, namespace, job.name].every((each) => typeof each === 'string') &&
    [job.processes, job.tables, job.catalogs].every(Array.isArray);
  if (!isWhole) throw new Error('not a job that waits');
  return { ...value, job: { ...value.job, tables: new Map(value.job.tables), catalogs: new Map(value.job.catalogs) } };
}

export class Outbox {
  /** What has been published from here */
  readonly history: PublishHistory;

  /** `folder`: where the files are; made when needed. `now`: milliseconds since 1970. */
  constructor(
    readonly folder: string,
    readonly now: () => number = Date.now,
  ) {
    this.history = new PublishHistory(join(folder, 'history'));
  }

  /** Puts a job in, in the place of what waits of it already. On disk when it resolves; throws a StoreError when it cannot be. */
  async put(
    store: StoreInfo,
    namespace: string,
    job: Job,
    options: Pick<WaitingJob, 'types' | 'merge'>,
  ): Promise<WaitingJob> {
    const id = waitingId(store, namespace, job.name);
    const token = randomUUID();
    const waiting: WaitingJob = { id, store, namespace, job, ...options, token, since: this.now(), attempts: 0 };
    await this.save(waiting);
    return waiting;
  }

  /** Everything that waits, oldest first. Files that cannot be read are set aside, not lost. */
  async list(): Promise<WaitingJob[]> {
    let names: string[];
    try {
      names = await readdir(this.folder);
    } catch {
      return [];
    }
    const all: WaitingJob[] = [];
    for (const name of names.filter((each) => each.endsWith('.json'))) {
      const path = join(this.folder, name);
      try {
        all.push(parse(await readFile(path, 'utf8')));
      } catch (error) {
        const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
        if (!gone) await rename(path, `${path}.unreadable`).catch(() => {});
      }
    }
    return all.sort((a, b) => a.since - b.since);
  }

  /** Those whose time has come. */
  async due(): Promise<WaitingJob[]> {
    const now = this.now();
    return (await this.list()).filter((waiting) => !waiting.held && this.dueAt(waiting) <= now);
  }

  /** When to try it next. What is further away than any wait was noted by a clock that has been put back since: now. */
  dueAt({ next, since }: Pick<WaitingJob, 'next' | 'since'>): number {
    const at = next ?? since;
    const now = this.now();
    return at - now > longestWait ? now : at;
  }

  /**
   * Notes a failed attempt and when to try again, which is never where the user has cancelled it; nothing when the job
   * was put in anew meanwhile. Gives what waits now. Where the note cannot be written it waits all the same.
   */
  async failed(waiting: WaitingJob, error: unknown): Promise<WaitingJob> {
    if (!(await this.isCurrent(waiting))) return waiting;
    const { next: _, held: __, ...rest } = waiting;
    const attempts = waiting.attempts + 1;
    const cancelled = error instanceof StoreError && error.code === 'cancelled';
    const again = cancelled ? { held: true } : { next: this.now() + backoff(attempts) };
    const { detail: ___, ...why } = toUserError(error);
    const noted = { ...rest, attempts, ...again, error: why };
    await this.save(noted).catch(() => {});
    return noted;
  }

  /** Takes out what has arrived or was discarded; a newer one of the same job stays. Throws a StoreError when it cannot be. */
  async remove(waiting: Pick<WaitingJob, 'id'> & Partial<WaitingJob>): Promise<void> {
    if (waiting.token !== undefined && !(await this.isCurrent(waiting as WaitingJob))) return;
    try {
      await rm(this.pathOf(waiting.id), { force: true });
    } catch (error) {
      throw new StoreError(
        'read-only',
        `What has been published cannot be taken out of ${this.folder} and would be sent again.`,
        'Make the folder writable.',
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  /**
   * Runs `work` while no other process delivers the same job; undefined when one does. A claim whose process has died
   * is taken over.
   */
  async claimed<T>(id: string, work: () => Promise<T>): Promise<T | undefined> {
    const lock = join(this.folder, `${id}.lock`);
    if (!(await this.claim(lock))) return undefined;
    try {
      return await work();
    } finally {
      // one that cannot be removed is out of date in a while
      await rm(lock, { force: true }).catch(() => {});
    }
  }

  private async claim(lock: string): Promise<boolean> {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await mkdir(this.folder, { recursive: true });
        const file = await open(lock, 'wx');
        try {
          await file.writeFile(String(process.pid));
        } catch (error) {
          await rm(lock, { force: true }).catch(() => {});
          throw error;
        } finally {
          await file.close();
        }
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(this.folder, error);
      }
      try {
        const [pid, { mtimeMs }] = await Promise.all([readFile(lock, 'utf8'), stat(lock)]);
        // either way: the clock may have been put back
        const fresh = Math.abs(Date.now() - mtimeMs) < longestDelivery;
        // another call in this process, or another process; an empty file is being written this moment
        if (fresh && (pid === '' || isAlive(Number(pid)))) return false;
        await rm(lock, { force: true });
      } catch {
        // it was let go meanwhile
      }
    }
    return false;
  }

  private async isCurrent(waiting: WaitingJob): Promise<boolean> {
    try {
      return parse(await readFile(this.pathOf(waiting.id), 'utf8')).token === waiting.token;
    } catch {
      return false;
    }
  }

  private pathOf(id: string): string {
    return join(this.folder, `${id}.json`);
  }

  private async save(waiting: WaitingJob): Promise<void> {
    const beside = join(this.folder, `.${waiting.id}-${randomUUID().slice(0, 8)}`);
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(beside, serialize(waiting), { mode: 0o600, flush: true });
      await rename(beside, this.pathOf(waiting.id));
    } catch (error) {
      await rm(beside, { force: true }).catch(() => {});
      throw unwritable(this.folder, error);
    }
  }
}

function unwritable(folder: string, error: unknown): StoreError {
  return new StoreError(
    'read-only',
    `What is to be published cannot be kept in ${folder}.`,
    'Make the folder writable, or make room on the disk.',
    error instanceof Error ? error.message : String(error),
  );
}
