import { basename } from 'node:path';
import type { SearchedFolder } from './ddl-files';
import { defaultIndex, type Settings } from './settings';
import { pathOf } from './source';

/** The part of a connection that asks the editor for its settings. */
interface EditorSettings {
  getConfiguration(items: { scopeUri?: string; section?: string }[]): Promise<unknown[]>;
}

/**
 * The folders of a workspace that are searched for DDL, given as URIs; those that are not on the disk are left out. The
 * editor's own settings count too: what `files.associations` makes Flink SQL is included, what `files.exclude` hides is not.
 */
export async function searchedFolders(
  folders: readonly string[],
  settings: Settings,
  editor: EditorSettings | undefined,
): Promise<SearchedFolder[]> {
  const { include, exclude } = settings.index ?? defaultIndex;
  const located = folders.flatMap((uri) => {
    const path = pathOf(uri);
    return path === undefined ? [] : [{ uri, path }];
  });
  const items = located.map(({ uri }) => ({ scopeUri: uri, section: 'files' }));
  const answers = editor && items.length > 0 ? await editor.getConfiguration(items).catch(() => []) : [];
  return located.map(({ path }, index) => {
    const { associations, exclude: hidden } = (answers[index] ?? {}) as Record<string, unknown>;
    return {
      path,
      ...(located.length > 1 ? { name: basename(path) } : {}),
      include: include.length === 0 ? [] : [...include, ...globsOf(associations, 'flinksql')],
      exclude: [...exclude, ...globsOf(hidden, true)],
    };
  });
}

/** The globs that a setting gives a value. */
function globsOf(setting: unknown, value: unknown): string[] {
  if (typeof setting !== 'object' || setting === null) return [];
  return Object.entries(setting).flatMap(([glob, given]) => (given === value ? [glob] : []));
}
