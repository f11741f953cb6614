import { execFile } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobSource } from '../atlas/job';

/** Milliseconds for one call of git. */
const GIT_TIMEOUT = 3_000;

/**
 * Where a document is, as Atlas keeps it: its path in its git repository with remote and commit, else its path in its
 * workspace folder, else its bare name. `git` failing or missing is no error.
 */
export async function sourceOf(uri: string, folders: readonly string[], signal?: AbortSignal): Promise<JobSource> {
  const path = pathOf(uri);
  if (path === undefined) return { file: uri.replace(/^[a-z][\w+.-]*:\/*/i, '') };
  const directory = dirname(path);
  const [root, ignored] = await Promise.all([
    git(directory, ['rev-parse', '--show-toplevel'], signal),
    git(directory, ['check-ignore', '--', path], signal),
  ]);
  // A file that its repository ignores is not in it
  if (!root || ignored) {
    const folder = folders.map(pathOf).find((candidate) => candidate !== undefined && isInside(path, candidate));
    return { file: folder ? slashed(relative(folder, path)) : basename(path) };
  }
  const file = slashed(relative(root, realPath(path)));
  const [remote, commit] = await Promise.all([
    git(directory, ['remote', 'get-url', 'origin'], signal),
    git(directory, ['log', '-1', '--format=%H', '--', path], signal),
  ]);
  return {
    file,
    ...(remote ? { repository: withoutCredentials(remote) } : {}),
    ...(commit ? { commit } : {}),
  };
}

/** The repository around a folder, given as a URI: its root, and its remote without credentials; the folder itself else. */
export async function repositoryOf(folder: string): Promise<{ root: string; repository?: string } | undefined> {
  const path = pathOf(folder);
  if (path === undefined) return undefined;
  const root = await git(path, ['rev-parse', '--show-toplevel']);
  const remote = root && (await git(root, ['remote', 'get-url', 'origin']));
  return { root: root || path, ...(remote ? { repository: withoutCredentials(remote) } : {}) };
}

/**
 * The document that a path kept in Atlas stands for, when it is in one of the folders or in the repository around one.
 * The path is untrusted: what lies outside of these is not found.
 */
export function findSource(file: string, folders: readonly string[]): string | undefined {
  if (file === '' || isAbsolute(file) || file.includes('\0')) return undefined;
  for (const folder of folders.map(pathOf)) {
    if (folder === undefined) continue;
    for (let root = folder; ; root = dirname(root)) {
      const path = resolve(root, file);
      if (isInside(path, folder) && isFile(path)) return path;
      if (isRepository(root) || dirname(root) === root) break;
    }
  }
  return undefined;
}

/** The path of a file URI; undefined for any other. */
export function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

function git(directory: string, args: string[], signal?: AbortSignal): Promise<string> {
  return new Promise((answer) => {
    const options = { cwd: directory, timeout: GIT_TIMEOUT, signal, windowsHide: true };
    execFile('git', args, options, (error, stdout) => answer(error ? '' : stdout.trim()));
  });
}

function withoutCredentials(remote: string): string {
  return remote.replace(/^([a-z][\w+.-]*:\/\/)[^/@]*@/i, '$1');
}

/** Whether a path is in a folder, at any depth. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way);
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // A name that the file system does not take, too long for one, is no file
    return false;
  }
}

/** Whether a folder is the top of a git repository. */
export function isRepository(folder: string): boolean {
  return statSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined;
}

/** git answers real paths; where the document's path goes through a link, it must be compared as a real one too. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
