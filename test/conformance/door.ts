import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import esbuild from 'esbuild';
import { onLine } from './json-lines';
import { cache, root } from './paths';
import type { DoorAnswer } from './verdict';

const settings = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'silent',
  // The knowledge is read from where it lies in the sources
  define: { 'import.meta.dirname': JSON.stringify(join(root, 'server', 'src', 'knowledge')) },
} as const;

/**
 * Builds the batch door from the sources, so that a run never measures a stale bundle; or takes dist/ as it is.
 * Returns the script's path. Throws when the sources do not build.
 */
export async function buildDoor(dist: boolean): Promise<string> {
  if (dist) return join(root, 'dist', 'cli.js');
  mkdirSync(cache, { recursive: true });
  // Its own for each run: several may share the cache
  const outfile = join(cache, `door-${process.pid}.cjs`);
  process.once('exit', () => rmSync(outfile, { force: true }));
  await esbuild.build({ ...settings, entryPoints: [join(root, 'server', 'src', 'cli.ts')], outfile });
  return outfile;
}

export interface DoorRequest {
  readonly id: string;
  readonly script: string;
}

/**
 * Sends scripts through one process of the batch door and collects the answers by id. A script on which the process
 * ends, or gives no answer for `stall` milliseconds, has no answer; the rest is sent to a new process.
 */
export async function askDoor(
  door: string,
  flink: string,
  requests: readonly DoorRequest[],
  stall = 30_000,
): Promise<Map<string, DoorAnswer>> {
  const answers = new Map<string, DoorAnswer>();
  let rest = requests;
  for (let failures = 0; rest.length > 0; failures++) {
    if (failures === 20) throw new Error(`The batch door failed on ${failures} scripts: see above.`);
    const said = await runDoor(door, flink, rest, answers, stall);
    rest = rest.filter((request) => !answers.has(request.id));
    if (rest.length === 0) break;
    console.error(
      `The door gave no answer for ${rest[0]!.id} (Flink ${flink}): ${said.slice(0, failures < 3 ? 600 : 100)}`,
    );
    rest = rest.slice(1);
  }
  return answers;
}

/** Runs one process; gives what it said on stderr. */
function runDoor(
  door: string,
  flink: string,
  requests: readonly DoorRequest[],
  answers: Map<string, DoorAnswer>,
  stall: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [door, 'batch', '--flink', flink], { stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    let timer = setTimeout(() => child.kill('SIGKILL'), stall);
    onLine(child.stdout, (line) => {
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), stall);
      const answer = JSON.parse(line) as DoorAnswer & { error?: string };
      if (answer.statements) answers.set(answer.id, answer);
      else said += `${answer.error ?? line}\n`;
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(said.trim() || 'it took too long');
    });
    // The process may end early: what could not be written is then simply unanswered
    child.stdin.on('error', () => undefined);
    child.stdin.end(
      requests.map((request) => `${JSON.stringify({ id: request.id, script: request.script })}\n`).join(''),
    );
  });
}
