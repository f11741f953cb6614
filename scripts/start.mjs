// `npm start`: from a fresh clone to the extension open on the sample shop. Node built-ins only until the dependencies are
// installed.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies, requireNode } from './lib/dependencies.mjs';
import { ROOT, run, step } from './lib/steps.mjs';
import { findProgram } from './vscode/browser.mjs';
import { whyNoWorkbench } from './vscode/tools.mjs';
import { QUIET_SETTINGS, startWorkbench } from './vscode/workbench.mjs';

const HELP = `npm start [-- options]     opens the extension on the sample shop

  --atlas      also starts a real Apache Atlas, with the samples' metadata in it (needs a JDK 11 to 17 and Maven)
  --browser    uses the browser workbench, also where the code command is there
  --port N     port of the browser workbench (default 8744)
  --fresh      starts from a new copy of the samples; without it your changes of the last time are kept
  --help       this text

Your VS Code is used when the code command is on the search path, with settings and extensions of its own; otherwise a
VS Code for the browser is installed from npm. The samples are opened as a copy in .cache/start/samples.
`;

/** A fixed port keeps what the browser remembers of the workbench from one start to the next. */
const PORT = 8744;

const WORK = path.join(ROOT, '.cache/start');
const SAMPLES = path.join(WORK, 'samples');
/** The sample that is open at the start. */
const FIRST = path.join(SAMPLES, 'enrich-orders.flink.sql');

requireNode();
const options = readOptions();
/** What has to be ended when this script ends, last first. @type {(() => unknown)[]} */
const cleanUps = [];

try {
  await main();
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  await cleanUp();
}

async function main() {
  const code = options.browser ? undefined : findCode();
  const impossible = code ? undefined : whyNoWorkbench();
  if (impossible) throw new Error(impossible);
  if (options.atlas) {
    // Said before anything is downloaded
    const { whyNoAtlas } = await import('./atlas/atlas.mjs');
    const missing = whyNoAtlas();
    if (missing) throw new Error(`${missing}\nWithout --atlas the samples open with an embedded catalog.`);
  }
  await installDependencies();
  await step('Building the extension', () => run(process.execPath, [path.join(ROOT, 'esbuild.mjs')]));
  if (options.fresh) rmSync(SAMPLES, { recursive: true, force: true });
  if (!existsSync(SAMPLES)) cpSync(path.join(ROOT, 'samples'), SAMPLES, { recursive: true });

  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
  });
  const { settings, env } = options.atlas ? await startAtlas() : { settings: {}, env: {} };
  if (code) await openInVSCode(code, settings, env, stopped);
  else await openInBrowser(settings, env, stopped);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        atlas: { type: 'boolean' },
        browser: { type: 'boolean' },
        fresh: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        port: { type: 'string', default: String(PORT) },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`${values.port} is not a port.`);
    return { ...values, port };
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** The user's own VS Code; undefined when there is none that could open a window here. */
function findCode() {
  // The code of a remote terminal talks to a window elsewhere and cannot load an extension from here
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  return ['code', 'code-insiders', 'codium'].map(findProgram).find(Boolean);
}

/**
 * Starts Atlas and puts the samples' metadata into it.
 * @returns {Promise<{ settings: Record<string, unknown>, env: Record<string, string> }>} what the extension needs to find it
 */
async function startAtlas() {
  const { startAtlas } = await import('./atlas/atlas.mjs');
  const atlas = await startAtlas({ log: (line) => console.log(`… ${line}`) });
  cleanUps.push(() => step('Stopping Apache Atlas', atlas.stop));
  const { carryCatalog } = await import('./atlas/carry.mjs');
  await step("Putting the samples' metadata into Atlas", () =>
    carryCatalog({ ...atlas, folder: path.join(ROOT, 'samples') }),
  );
  const env = { FLINK_SQL_ATLAS_USER: atlas.user, FLINK_SQL_ATLAS_PASSWORD: atlas.password };
  console.log(`✓ Apache Atlas answers at ${atlas.url} (user ${atlas.user}, password ${atlas.password})`);
  return { settings: { 'flinkSql.atlas.connections': { prod: { url: atlas.url, namespace: 'prod' } } }, env };
}

/** Opens a window of the user's VS Code. With Atlas it stays here until the window is closed, to stop Atlas then. */
async function openInVSCode(code, settings, env, stopped) {
  const data = path.join(WORK, 'vscode');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  const all = { ...QUIET_SETTINGS, ...settings };
  writeFileSync(path.join(data, 'User/settings.json'), JSON.stringify(all, null, 2));
  const args = [
    `--extensionDevelopmentPath=${ROOT}`,
    // Settings and extensions of its own: nothing of the user's is changed, and a window that is open already does not
    // take over (it would not have this environment)
    `--user-data-dir=${data}`,
    `--extensions-dir=${path.join(data, 'extensions')}`,
    '--disable-workspace-trust',
    '--skip-welcome',
    '--skip-release-notes',
    ...(options.atlas ? ['--wait'] : []),
    SAMPLES,
    FIRST,
  ];
  console.log(`✓ Opening the samples with ${code}`);
  if (options.atlas) console.log('Atlas runs until you close the window or press Ctrl+C here.');
  const child = spawn(code, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  const closed = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => (status ? reject(new Error(`${code} ended with ${status}.`)) : resolve()));
  });
  await Promise.race([closed, stopped]);
}

/** Serves the workbench until Ctrl+C. */
async function openInBrowser(settings, env, stopped) {
  const { packageExtension } = await import('./package.mjs');
  const vsix = await step('Packaging the extension', () => packageExtension(path.join(WORK, 'flink-sql-atlas.vsix')));
  const { installWorkbench } = await import('./vscode/tools.mjs');
  await installWorkbench();
  const workbench = await step('Starting the browser workbench', () =>
    startWorkbench({
      folder: SAMPLES,
      file: FIRST,
      data: path.join(WORK, 'browser'),
      vsix,
      settings,
      env,
      port: options.port,
    }),
  );
  cleanUps.push(() => workbench.stop());
  console.log(`\nOpen this address in your browser:\n\n    ${workbench.url}\n\nCtrl+C stops it.`);
  await Promise.race([stopped, workbench.ended]);
}

async function cleanUp() {
  for (const work of cleanUps.reverse()) await work();
}
