// Node built-ins only: this is what installs everything else.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, run, step } from './steps.mjs';

/** Stops with a sentence when this Node is too old for the project. */
export function requireNode() {
  if (Number(process.versions.node.split('.')[0]) >= 20) return;
  console.error(`This project needs Node 20 or newer; this is ${process.version}. Install it from https://nodejs.org.`);
  process.exit(1);
}

/** Runs npm, the one that started this script when there is one. */
export function npm(args, options = {}) {
  const env = { npm_config_update_notifier: 'false', ...options.env };
  const self = process.env.npm_execpath;
  return self?.endsWith('.js')
    ? run(process.execPath, [self, ...args], { ...options, env })
    : run('npm', args, { ...options, env });
}

/** Whether node_modules holds exactly what package-lock.json asks for on this platform. */
function upToDate() {
  const packages = (file) => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages;
  try {
    const wanted = packages('package-lock.json');
    const there = packages('node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([name, entry]) => name === '' || (there[name] ? there[name].version === entry.version : entry.optional),
    );
  } catch {
    return false;
  }
}

/** Installs the dependencies from npm, unless they are there already. */
export async function installDependencies() {
  if (upToDate()) return;
  await step('Installing the dependencies from npm', () => npm(['ci', '--no-audit', '--no-fund']));
}
