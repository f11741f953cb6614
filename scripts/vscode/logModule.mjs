// VS Code's log files: its native module for them, compiled into the browser workbench where there is a compiler.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { npm } from '../lib/dependencies.mjs';
import { CACHE, run, step } from '../lib/steps.mjs';
import { installWorkbench, SERVER_MAIN } from './tools.mjs';

const HEADERS = 'node-api-headers@1.9.0';

/** Why the browser workbench cannot write log files on this machine; undefined when it can. */
export function whyNoLogFiles() {
  if (process.platform !== 'linux') return "VS Code's module for log files is compiled on Linux only";
  const compiler = spawnSync('g++', ['--version'], { stdio: 'ignore' });
  return compiler.status === 0 ? undefined : "VS Code's module for log files needs g++";
}

/**
 * Lets the browser workbench write log files. The module is compiled by g++ alone, against Node's stable interface from npm:
 * what VS Code itself does needs Python, make and a download of Node's headers besides. Does nothing where it cannot.
 */
export async function enableLogFiles() {
  if (whyNoLogFiles()) return;
  await installWorkbench();
  const module = createRequire(SERVER_MAIN)
    .resolve('@vscode/spdlog/package.json')
    .replace(/[^/]*$/, '');
  const target = path.join(module, 'build/Release/spdlog.node');
  if (existsSync(target)) return;
  await step("Compiling VS Code's module for log files (half a minute)", async () => {
    const headers = path.join(CACHE, 'node-api-headers');
    await npm(['install', '--prefix', headers, '--no-save', '--no-audit', '--no-fund', HEADERS], { cwd: CACHE });
    mkdirSync(path.dirname(target), { recursive: true });
    const addon = path.dirname(createRequire(module).resolve('node-addon-api'));
    const made = `${target}.${process.pid}`;
    const defines = ['NODE_GYP_MODULE_NAME=spdlog', 'NAPI_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'];
    await run('g++', [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-pthread', '-DFMT_CONSTEVAL='],
      ...defines.map((name) => `-D${name}`),
      ...[path.join(headers, 'node_modules/node-api-headers/include'), addon].map((one) => `-I${one}`),
      `-I${path.join(module, 'deps/spdlog/include')}`,
      ...['main.cc', 'logger.cc'].map((file) => path.join(module, 'src', file)),
      ...['-o', made],
    ]);
    renameSync(made, target);
  });
}
