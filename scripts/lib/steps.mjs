// What start, test and the set-up scripts share: paths, showing progress, running other programs.
// Node built-ins only: this runs before anything is installed.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this checkout. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Where downloads and scratch files live; may be shared between checkouts through FLINK_SQL_CACHE. */
export const CACHE = path.resolve(process.env.FLINK_SQL_CACHE || path.join(ROOT, '.cache'));

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/**
 * Runs one long step and shows what is going on and for how long: a counter on a terminal, two lines elsewhere.
 * @template T
 * @param {string} title what is being done, "Installing the dependencies"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` gives; its error passes through
 */
export async function step(title, work) {
  const started = Date.now();
  const live = process.stdout.isTTY;
  const show = () => process.stdout.write(`\r… ${title} ${seconds(started)} `);
  let timer;
  if (live) {
    show();
    timer = setInterval(show, 1000);
  } else console.log(`… ${title}`);
  try {
    const result = await work();
    console.log(`${live ? '\r' : ''}✓ ${title} (${seconds(started)})`);
    return result;
  } catch (error) {
    console.log(`${live ? '\r' : ''}✗ ${title} (${seconds(started)})`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** A program that ended with an error; `output` is all it wrote. */
export class ProgramError extends Error {
  constructor(command, code, output) {
    // The cause is at one of the ends
    const lines = output.trim().split('\n');
    const shown = lines.length > 40 ? [...lines.slice(0, 15), '…', ...lines.slice(-24)] : lines;
    super(`${command} ended with ${code}:\n${shown.join('\n')}`.trim());
    this.output = output;
  }
}

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, show?: boolean }} [options] `show` passes its output
 *   through instead of collecting it; `env` is added to this process's environment
 * @returns {Promise<string>} its output (stdout and stderr together)
 * @throws {ProgramError} when it does not end with 0
 */
export function run(command, args, { cwd = ROOT, env = {}, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      shell: process.platform === 'win32' && !path.isAbsolute(command),
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => reject(new ProgramError(command, error.message, output)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new ProgramError([path.basename(command), ...args].join(' '), code ?? signal, output));
    });
  });
}

/** Runs a script of an installed package with this Node: `runTool('vitest/vitest.mjs', ['run'])`. */
export const runTool = (script, args, options) =>
  run(process.execPath, [path.join(ROOT, 'node_modules', script), ...args], options);
