// Runs test/host inside VS Code's extension host: in a VS Code that @vscode/test-electron downloads, or where that cannot
// be had in the browser workbench through code.mjs.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CACHE, ROOT } from '../lib/steps.mjs';

const BUNDLE = path.join(ROOT, '.cache/host-tests/index.js');

let downloaded;

/** The path of a downloaded VS Code, which it downloads once; undefined where there is none to be had or no screen. */
export function downloadedVSCode() {
  downloaded ??= download();
  return downloaded;
}

async function download() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  try {
    const reachable = await fetch('https://update.code.visualstudio.com/api/releases/stable', {
      signal: AbortSignal.timeout(10_000),
    });
    if (!reachable.ok) return undefined;
    return await downloadAndUnzipVSCode({ cachePath: path.join(CACHE, 'vscode-test') });
  } catch {
    return undefined;
  }
}

/**
 * @param {string} report where the tests write their counts
 * @returns {Promise<{ passed: number, failed: number, skipped: string[] }>}
 */
export async function runHostTests(report) {
  await bundle();
  const { runTests } = await import('@vscode/test-electron');
  const real = await downloadedVSCode();
  console.log(real ? `In ${path.relative(ROOT, real)}` : 'In the extension host of the browser workbench');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flink-sql-folder-'));
  rmSync(report, { force: true });
  try {
    await runTests({
      vscodeExecutablePath: real ?? path.join(import.meta.dirname, 'code.mjs'),
      extensionDevelopmentPath: ROOT,
      extensionTestsPath: BUNDLE,
      launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust'],
      extensionTestsEnv: { FLINK_SQL_TEST_REPORT: report },
    });
  } catch (error) {
    // A test that fails is in the report; anything else is an error of its own
    if (!existsSync(report)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return JSON.parse(readFileSync(report, 'utf8'));
}

/** The tests are TypeScript; VS Code wants one CommonJS file. */
async function bundle() {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [path.join(ROOT, 'test/host/index.ts')],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}
