// A real VS Code from npm alone: the package code-server carries VS Code's own server and web workbench, with a real
// Node extension host. It needs a newer Node than this project, which npm has as a package as well.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npm } from '../lib/dependencies.mjs';
import { CACHE, run, step } from '../lib/steps.mjs';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

const folder = path.join(CACHE, `vscode-${CODE_SERVER}-${NODE}`);
const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const codeServer = path.join(folder, 'node_modules/code-server');

/** The Node executable that VS Code's server runs on. */
export const SERVER_NODE = path.join(folder, 'node_modules', nodePackage, 'bin/node');

/** The script that starts VS Code's server. */
export const SERVER_MAIN = path.join(codeServer, 'lib/vscode/out/server-main.js');

/** Why the browser workbench cannot be had on this machine; undefined when it can. */
export function whyNoWorkbench() {
  if (process.platform === 'win32') return 'the browser workbench does not run on Windows; install VS Code instead';
  if (!['x64', 'arm64'].includes(process.arch)) return `there is no browser workbench for ${process.arch} processors`;
  return undefined;
}

/**
 * Installs the workbench into the cache folder (about 800 MB, a minute); does nothing when it is there.
 * Native modules are left out on purpose (no compiler needed): VS Code then writes no log files of its own (`logModule.mjs`
 * lets it) and has no terminal, nothing else.
 */
export async function installWorkbench() {
  const done = path.join(folder, '.installed');
  if (existsSync(done)) return;
  await step('Installing the browser workbench from npm (about 1 minute, 800 MB)', async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "name": "workbench", "private": true, "version": "0.0.0" }\n');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await npm(['install', '--no-save', ...quiet, `${nodePackage}@${NODE}`, `code-server@${CODE_SERVER}`], {
      cwd: folder,
    });
    // What code-server's own post-install does, but without compiling
    const env = { PATH: `${path.dirname(SERVER_NODE)}${path.delimiter}${process.env.PATH}` };
    for (const part of ['lib/vscode', 'lib/vscode/extensions']) {
      await npm(['install', '--omit=dev', ...quiet], { cwd: path.join(codeServer, part), env });
    }
    await run(SERVER_NODE, [SERVER_MAIN, '--version']);
    writeFileSync(done, '');
  });
}
