// The recipes of docs/publishing.md, run as they stand there, on the workspace catalog.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'flink-hook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [hook = '', pipeline = ''] = [
  ...readFileSync(join(root, 'docs', 'publishing.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g),
].map(([, text]) => text?.replace('--atlas "$FLINK_SQL_ATLAS"', `--workspace "${folder}"`));

const cli = join(folder, '.cli', 'cli.cjs');
const repository = join(folder, 'repository');
const env = { ...process.env, FLINK_SQL_CLI: cli, FLINK_SQL_OUTBOX: join(folder, 'outbox') };
const git = (...args: string[]) =>
  execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const jobs = () => {
  const text = execFileSync(process.execPath, [cli, 'jobs', '--workspace', folder, '--json'], {
    env,
    encoding: 'utf8',
  });
  return (JSON.parse(text) as { jobs: { name: string; description: string }[] }).jobs.map(
    ({ name, description }) => `${name}: ${description.split(' ')[0]}`,
  );
};

describe.skipIf(process.platform === 'win32')('publishing by itself', () => {
  beforeAll(async () => {
    await build({
      entryPoints: [join(root, 'server', 'src', 'cli.ts')],
      outfile: cli,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      define: { 'import.meta.dirname': JSON.stringify(join(root, 'server', 'src', 'knowledge')) },
      logLevel: 'warning',
    });
    mkdirSync(repository);
    git('init', '--quiet');
    writeFileSync(join(repository, '.git', 'hooks', 'post-commit'), hook, { mode: 0o755 });
    cpSync(join(root, 'samples', 'enrich-orders.flink.sql'), join(repository, 'enrich orders.flink.sql'));
  });

  test('a commit publishes the scripts in it', () => {
    git('add', '.');
    git('commit', '--quiet', '-m', 'one');
    expect(jobs()).toEqual(['enrich-orders: Adds']);
  });

  test('a script with errors is left alone, and the commit made', () => {
    const file = join(repository, 'enrich orders.flink.sql');
    const script = readFileSync(file, 'utf8');
    const wrong = `${script.replace('-- Adds', '-- Joins')}\nINSERT INTO enriched_orders SELECT * FORM orders;\n`;
    writeFileSync(file, wrong);
    git('commit', '--quiet', '-am', 'two');
    expect(git('log', '-1', '--format=%s')).toBe('two\n');
    expect(jobs()).toEqual(['enrich-orders: Adds']);
    writeFileSync(file, script);
  });

  test('a pipeline publishes all scripts, and keeps what each took', () => {
    cpSync(join(root, 'samples', 'daily-revenue.flink.sql'), join(repository, 'daily-revenue.flink.sql'));
    git('add', '.');
    const run = () => {
      execFileSync('sh', ['-c', pipeline], { cwd: repository, env });
      const { jobs: all } = JSON.parse(readFileSync(join(repository, 'published.json'), 'utf8')) as {
        jobs: { result: { pushed: number; metrics: { M: number } } }[];
      };
      return all.map(({ result }) => result.metrics.M);
    };
    const [first = 0, second] = run();
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(0);
    expect(run()).toEqual([0, 0]);
  });
});
