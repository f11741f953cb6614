import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSource, sourceOf } from '../../server/src/workspace/source';

let base: string;
const uri = (...parts: string[]) => pathToFileURL(path.join(base, ...parts)).href;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd: path.join(base, 'repo'),
  });

beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'flink-sql-source-')));
  mkdirSync(path.join(base, 'repo/jobs'), { recursive: true });
  writeFileSync(path.join(base, 'repo/jobs/a.fql'), 'SELECT 1;');
  writeFileSync(path.join(base, 'secret.txt'), 'x');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('where a script is', () => {
  it('outside of a repository: its path in the workspace folder, or its name', async () => {
    expect(await sourceOf(uri('repo/jobs/a.fql'), [uri('repo')])).toEqual({ file: 'jobs/a.fql' });
    expect(await sourceOf(uri('repo/jobs/a.fql'), [])).toEqual({ file: 'a.fql' });
    expect(await sourceOf('untitled:Untitled-1', [])).toEqual({ file: 'Untitled-1' });
  });

  it('in a repository: its path there, the remote without credentials, and its last commit', async () => {
    git('init', '-q');
    git('remote', 'add', 'origin', 'https://ann:planted-secret@git.example.org/shop/jobs.git');
    git('add', '.');
    git('commit', '-q', '-m', 'x');
    const commit = git('rev-parse', 'HEAD').toString().trim();
    const repository = 'https://git.example.org/shop/jobs.git';
    const expected = { file: 'jobs/a.fql', repository, commit };
    expect(await sourceOf(uri('repo/jobs/a.fql'), [uri('repo/jobs')])).toEqual(expected);
    symlinkSync(path.join(base, 'repo'), path.join(base, 'link'));
    expect(await sourceOf(uri('link/jobs/a.fql'), [uri('link')])).toEqual(expected);
  });

  it('ignored by its repository: its path in the workspace folder', async () => {
    git('init', '-q');
    writeFileSync(path.join(base, 'repo/.gitignore'), 'jobs/\n');
    expect(await sourceOf(uri('repo/jobs/a.fql'), [uri('repo/jobs')])).toEqual({ file: 'a.fql' });
  });
});

describe('the script that a path stands for', () => {
  const find = (file: string, folder: string) => {
    const found = findSource(file, [uri(folder)]);
    return found && path.relative(base, found).split(path.sep).join('/');
  };
  it('is in the folder', () => expect(find('jobs/a.fql', 'repo')).toBe('repo/jobs/a.fql'));
  it('is in the folder, from the root of the repository around it', () => {
    git('init', '-q');
    expect(find('jobs/a.fql', 'repo/jobs')).toBe('repo/jobs/a.fql');
  });
  it.each([
    '../secret.txt',
    '/etc/passwd',
    '',
    'jobs',
    'jobs/none.fql',
    'a\0b',
    '..',
    '../repo/../secret.txt',
    'long '.repeat(2000),
  ])('is not there: %j', (file) => expect(find(file, 'repo')).toBeUndefined());
});
