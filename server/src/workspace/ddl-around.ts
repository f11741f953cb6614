import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import type { TableNode } from '../semantics/lineage';
import { DdlFiles, type SearchedFolder } from './ddl-files';
import { DdlIndex } from './ddl-index';
import { defaultIndex, type Settings } from './settings';
import { isInside, isRepository } from './source';

/**
 * The tables that other files define, for scripts that are read without an editor. `patterns` are files, folders and globs
 * from the current folder; without any, the repository around a script is searched as the editor searches its folder.
 */
export class DdlAround {
  private readonly indexes = new Map<string, Promise<DdlIndex>>();

  constructor(
    private readonly settings: Settings,
    private readonly patterns: readonly string[] = [],
  ) {}

  /** What is known beyond the script at a path. Searches once; never fails, what cannot be read defines nothing. */
  async for(path: string): Promise<(name: string) => TableNode | undefined> {
    const folders =
      this.patterns.length > 0 ? this.patterns.map(searchedBy) : [{ path: rootOf(path), ...defaultIndex }];
    const key = JSON.stringify(folders);
    const index = this.indexes.get(key) ?? this.search(folders);
    this.indexes.set(key, index);
    const found = await index;
    return (name) => found.find(name, pathToFileURL(path).href);
  }

  private async search(folders: readonly SearchedFolder[]): Promise<DdlIndex> {
    const index: DdlIndex = new DdlIndex(
      (...about) => index.find(...about),
      () => this.settings,
    );
    const files = new DdlFiles(index, () => this.settings);
    files.search(folders);
    await files.settled;
    return index;
  }
}

/** What a pattern of the command line searches. */
function searchedBy(pattern: string): SearchedFolder {
  const what = statSync(pattern, { throwIfNoEntry: false });
  if (what?.isDirectory()) return { path: resolve(pattern), ...defaultIndex };
  const { base, glob } = picomatch.scan(pattern.replaceAll('\\', '/'));
  if (what || !glob) return { path: dirname(resolve(pattern)), include: [basename(pattern)], exclude: [] };
  return { path: resolve(base), include: [glob], exclude: defaultIndex.exclude };
}

/** The repository around a file, else the current folder when the file is in it, else the file's own. */
function rootOf(path: string): string {
  const own = dirname(path);
  for (let folder = own; ; folder = dirname(folder)) {
    if (isRepository(folder)) return folder;
    if (dirname(folder) === folder) break;
  }
  return isInside(path, process.cwd()) ? process.cwd() : own;
}
