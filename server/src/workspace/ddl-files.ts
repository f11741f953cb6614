import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import picomatch from 'picomatch';
import type { IndexStatus } from '../protocol';
import { type DdlFile, LARGEST, readDdl } from './ddl-file';
import type { DdlIndex } from './ddl-index';
import type { IndexSettings, Settings } from './settings';
import { isInside } from './source';

/** Files and folders looked at; bytes of DDL kept. What is beyond is not searched, and the status says so. */
const MOST_FILES = 20_000;
const MOST_FOLDERS = 100_000;
const MOST_BYTES = 64_000_000;
/** Files read at once. */
const AT_ONCE = 16;
/** Milliseconds of work after which whatever else waits gets its turn. */
const SLICE = 10;

/** A folder of the workspace, and what of it is searched. */
export interface SearchedFolder extends IndexSettings {
  readonly path: string;
  /** Put before paths for people, where there are several folders */
  readonly name?: string;
}

interface Search {
  readonly folder: SearchedFolder;
  readonly includes: (path: string) => boolean;
  readonly excludes: (path: string) => boolean;
}

/**
 * Keeps the index of DDL true to the files of the workspace: searches folders, reads what is new or changed, and lets the
 * text of open documents win over the disk. Works in the background, in slices; nothing here throws.
 */
export class DdlFiles {
  private searches: Search[] = [];
  /** What is read from open documents, by path */
  private readonly documents = new Map<string, DdlFile>();
  private readonly skipped = new Map<string, string>();
  /** Bytes of DDL by path; 0 of a file that defines nothing */
  private readonly sizes = new Map<string, number>();
  private bytes = 0;
  private cut = false;
  private work: Promise<void> = Promise.resolve();
  private waiting = 0;
  /** Searches begun; what an older one finds is dropped */
  private round = 0;

  /** `report` hears of each change of the status, many times while a search runs. */
  constructor(
    private readonly index: DdlIndex,
    private readonly settings: () => Settings,
    private readonly report: (status: IndexStatus) => void = () => {},
  ) {}

  get status(): IndexStatus {
    const { files, tables } = this.index;
    const skipped = [...this.skipped].map(([path, reason]) => ({ path: this.labelOf(path), reason }));
    return { busy: this.waiting > 0, files, tables, skipped, cut: this.cut };
  }

  /** Done when everything that is known of has been read. */
  get settled(): Promise<void> {
    return this.work;
  }

  /** Searches these folders from now on, all of them anew. */
  search(folders: readonly SearchedFolder[]): void {
    const round = ++this.round;
    this.searches = folders.map((folder) => ({
      folder,
      includes: matcher(folder.include),
      excludes: matcher(folder.exclude),
    }));
    this.skipped.clear();
    this.sizes.clear();
    this.bytes = 0;
    this.cut = false;
    this.later(async () => {
      const found = new Set<string>();
      for (const search of this.searches) await this.walk(search, search.folder.path, found, round);
      if (round !== this.round) return;
      for (const path of [...this.index.paths]) if (!found.has(path) && !this.documents.has(path)) this.set(path);
    });
  }

  /**
   * Looks again at files and folders that were made or deleted, and at files that were changed. Of the changed ones those
   * that are not searched cost nothing: an installation or a checkout may change thousands.
   */
  update(moved: readonly string[], changed: readonly string[] = []): void {
    const isSearched = (path: string) => this.searchOf(path)?.includes(this.within(path)) ?? false;
    const wanted = [...moved, ...changed.filter(isSearched)].filter((path) => !this.isExcluded(path));
    if (wanted.length === 0) return;
    const round = this.round;
    this.later(async () => {
      const gone = new Set<string>();
      for (const path of wanted) {
        if (round !== this.round) return;
        const search = this.searchOf(path);
        const what = await stat(path).catch(() => undefined);
        if (!what) gone.add(path);
        else if (what.isDirectory() && search) await this.walk(search, path, new Set(), round);
        else if (isSearched(path)) await this.read([path], round);
      }
      if (gone.size > 0) this.forget(gone);
    });
  }

  /** What an open document defines; undefined when it was closed, and the disk counts again. */
  setDocument(path: string, file: DdlFile | undefined): void {
    if (file) {
      this.documents.set(path, file);
      if (!this.isExcluded(path)) this.index.set(path, this.labelOf(path), file);
    } else if (this.documents.delete(path)) {
      if (this.searchOf(path)?.includes(this.within(path))) this.update([path]);
      else this.index.set(path, '', undefined);
    }
  }

  private later(task: () => Promise<void>): void {
    this.waiting++;
    this.work = this.work.then(task).catch(() => {
      // Whatever a file system may come up with: what could not be read is not indexed
    });
    this.work = this.work.then(() => {
      this.waiting--;
      this.report(this.status);
    });
    this.report(this.status);
  }

  /** Drops files that are gone, by themselves or with a folder around them. */
  private forget(gone: ReadonlySet<string>): void {
    for (const path of [...this.index.paths, ...this.skipped.keys()]) {
      let at = path;
      while (!gone.has(at) && dirname(at) !== at) at = dirname(at);
      if (!gone.has(at)) continue;
      this.skipped.delete(path);
      if (!this.documents.has(path)) this.set(path);
    }
  }

  /** Reads all files of a folder that match. Each real folder once, however many links lead to it. */
  private async walk(search: Search, start: string, found: Set<string>, round: number): Promise<void> {
    const seen = new Set<string>();
    const folders = [start];
    let batch: string[] = [];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      if (round !== this.round) return;
      if (seen.size >= MOST_FOLDERS || found.size >= MOST_FILES || this.bytes >= MOST_BYTES) {
        this.cut = true;
        break;
      }
      const real = await realpath(folder).catch(() => undefined);
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      for (const entry of await entriesOf(folder)) {
        const path = join(folder, entry.name);
        const within = this.within(path, search);
        if (search.excludes(within)) continue;
        const kind = await kindOf(entry, path);
        if (kind === 'folder') folders.push(path);
        else if (kind === 'file' && !found.has(path) && search.includes(within)) {
          found.add(path);
          batch.push(path);
        }
      }
      if (batch.length >= AT_ONCE) {
        await this.read(batch, round);
        batch = [];
      }
    }
    await this.read(batch, round);
  }

  private async read(paths: readonly string[], round: number): Promise<void> {
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      const some = paths.slice(at, at + AT_ONCE).filter((path) => !this.documents.has(path));
      const texts = await Promise.all(some.map((path) => readText(path)));
      let begun = performance.now();
      for (const [index, path] of some.entries()) {
        if (round !== this.round) return;
        const { text, reason } = texts[index]!;
        if (reason === undefined) this.skipped.delete(path);
        else this.skipped.set(path, reason);
        // Opened meanwhile: its text wins
        if (!this.documents.has(path)) this.set(path, text === undefined ? undefined : readDdl(text, this.settings()));
        if (performance.now() - begun < SLICE) continue;
        this.report(this.status);
        await setImmediate();
        begun = performance.now();
      }
    }
  }

  private set(path: string, file?: DdlFile): void {
    const size = typeof file?.ddl === 'string' ? file.ddl.length : 0;
    this.bytes += size - (this.sizes.get(path) ?? 0);
    if (size === 0) this.sizes.delete(path);
    else this.sizes.set(path, size);
    this.index.set(path, this.labelOf(path), file);
  }

  /** The folder of the workspace that a path is in: the innermost. */
  private searchOf(path: string): Search | undefined {
    const around = this.searches.filter(({ folder }) => path === folder.path || isInside(path, folder.path));
    return around.sort((a, b) => b.folder.path.length - a.folder.path.length)[0];
  }

  /** Whether a path, or a folder around it, is left out. */
  private isExcluded(path: string): boolean {
    const search = this.searchOf(path);
    if (!search) return false;
    const parts = this.within(path, search).split('/');
    return parts.some((_, index) => search.excludes(parts.slice(0, index + 1).join('/')));
  }

  /** A path within its folder of the workspace, with '/'. */
  private within(path: string, search = this.searchOf(path)): string {
    return search ? relative(search.folder.path, path).split(sep).join('/') : path;
  }

  private labelOf(path: string): string {
    const search = this.searchOf(path);
    if (!search) return basename(path);
    const within = this.within(path, search);
    return search.folder.name ? `${search.folder.name}/${within}` : within;
  }
}

/** Tests paths within a folder. A glob without '/' means the name of a file in any folder, as in VS Code's settings. */
function matcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => (glob.includes('/') ? glob.replace(/^\//, '') : `**/${glob}`));
  return patterns.length === 0 ? () => false : picomatch(patterns, { dot: true });
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What an entry of a folder is, links followed; neither for pipes, devices and links to nowhere. */
async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | undefined> {
  const what = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  return what?.isFile() ? 'file' : what?.isDirectory() ? 'folder' : undefined;
}

/** The text of a file, or why it has none for us. */
async function readText(path: string): Promise<{ text?: string; reason?: string }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > LARGEST) return { reason: `larger than ${LARGEST / 1_000_000} MB` };
      const content = await file.readFile();
      if (content.subarray(0, 8_000).includes(0)) return { reason: 'not a text' };
      return { text: content.toString('utf8') };
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    return { reason: code === 'EACCES' || code === 'EPERM' ? 'may not be read' : (error as Error).message };
  }
}
