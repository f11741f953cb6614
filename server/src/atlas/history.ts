/** What has been published, for each job and place: one file of JSON lines, the newest last, bounded. Holds no secret. */
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishRecord } from '../protocol';

/** So many publishes of a job are kept; a file grows to twice that before it is cut. */
const kept = 200;

export class PublishHistory {
  /** `folder`: where the files are; made when needed. */
  constructor(private readonly folder: string) {}

  /** Adds a publish of a job, `id` as `waitingId` gives it. Failing to write is no error: the publish has been done. */
  async add(id: string, record: PublishRecord): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      const path = this.pathOf(id);
      // one short write at the end of a file is whole also where several processes write
      await appendFile(path, lineOf(record), { mode: 0o600 });
      const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean);
      if (lines.length < 2 * kept) return;
      const beside = `${path}.${process.pid}`;
      await writeFile(beside, `${lines.slice(-kept).join('\n')}\n`, { mode: 0o600 });
      await rename(beside, path);
    } catch {
      // the disk is full or read-only
    }
  }

  /** The publishes of a job, newest first. */
  async of(id: string): Promise<PublishRecord[]> {
    let text: string;
    try {
      text = await readFile(this.pathOf(id), 'utf8');
    } catch {
      return [];
    }
    const records = text.split('\n').flatMap((line) => {
      try {
        return line ? [JSON.parse(line) as PublishRecord] : [];
      } catch {
        return [];
      }
    });
    return records.slice(-kept).reverse();
  }

  /**
   * What was published of a job goes on under another id: the job was renamed, which changed it in the store. Whoever had
   * not changed it before that has not changed it since either.
   */
  async move(from: string, to: string, times: { changedBefore: number; changedNow: number }): Promise<void> {
    const records = await this.of(from);
    const [last] = records;
    if (!last) return;
    const isOurs = last.changedAt >= times.changedBefore;
    const moved = [isOurs ? { ...last, changedAt: times.changedNow } : last, ...records.slice(1)];
    try {
      await writeFile(this.pathOf(to), moved.reverse().map(lineOf).join(''), { mode: 0o600 });
      await rm(this.pathOf(from));
    } catch {
      // the folder is read-only
    }
  }

  private pathOf(id: string): string {
    return join(this.folder, `${id}.jsonl`);
  }
}

function lineOf(record: PublishRecord): string {
  return `${JSON.stringify(record)}\n`;
}
