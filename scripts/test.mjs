// `npm test`: sets up what is missing and runs every suite that can run here, one after another. At the end it lists what
// was skipped and why; the last line is the sum, `N passed, N failed, N skipped`.
//
//   npm test -- unit lsp         only these suites
//   npm test -- --require-all    skipping anything is a failure (also REQUIRE_ALL=1)
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { checkBudget } from './budget.mjs';
import { installDependencies, requireNode } from './lib/dependencies.mjs';
import { ROOT, run, runTool, step } from './lib/steps.mjs';
import { packageExtension } from './package.mjs';
import { findChromium } from './vscode/browser.mjs';
import { installWorkbench, whyNoWorkbench } from './vscode/tools.mjs';

requireNode();

const RESULTS = path.join(ROOT, '.cache/test-results');
const VSIX = path.join(ROOT, '.cache/flink-sql-atlas.vsix');

/** The suites that run the bundles of dist/. */
const NEED_BUILD = ['unit', 'lsp', 'package', 'conformance', 'atlas', 'workbench', 'host'];

/**
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} skipped one line for each test that was left out, with the reason
 */

/** @type {Record<string, { title: string, whyNot?: () => string | undefined | Promise<string | undefined>, run: () => Promise<Result> }>} */
const SUITES = {
  types: { title: 'Types', run: () => check('typescript/bin/tsc', ['-b']) },
  lint: { title: 'Lint', run: () => check('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']) },
  unit: { title: 'Unit tests', run: () => vitest('unit') },
  lsp: { title: 'Language server', run: () => vitest('lsp') },
  package: { title: 'Package and budget', run: packageWithinBudget },
  conformance: { title: 'Conformance with real Flink', run: conformance },
  atlas: { title: 'Real Apache Atlas', whyNot: whyNoAtlas, run: () => vitest('atlas') },
  workbench: {
    title: 'Real VS Code workbench',
    whyNot: whyNoBrowser,
    run: async () => {
      await installWorkbench();
      await packageExtension(VSIX);
      return vitest('workbench', { FLINK_SQL_VSIX: VSIX });
    },
  },
  host: { title: 'Inside the extension host', whyNot: whyNoHost, run: hostTests },
};

const options = process.argv.slice(2);
const requireAll = options.includes('--require-all') || process.env.REQUIRE_ALL === '1';
const asked = options.filter((option) => !option.startsWith('--'));
const unknown = [
  ...asked.filter((name) => !SUITES[name]),
  ...options.filter((option) => option.startsWith('--') && option !== '--require-all'),
];
if (unknown.length) {
  console.error(`Unknown: ${unknown.join(', ')}. Suites: ${Object.keys(SUITES).join(', ')}. Option: --require-all.`);
  process.exit(2);
}
const chosen = asked.length ? asked : Object.keys(SUITES);

await installDependencies();
mkdirSync(RESULTS, { recursive: true });
if (chosen.some((name) => NEED_BUILD.includes(name))) await step('Building the extension', build);

const total = { passed: 0, failed: 0, skipped: [] };
const broken = [];
for (const name of chosen) {
  const { title, whyNot, run } = SUITES[name];
  const started = Date.now();
  const reason = await whyNot?.();
  if (reason) {
    total.skipped.push(`${title}: ${reason}`);
    console.log(`\n── ${title}: skipped. ${reason}`);
    continue;
  }
  console.log(`\n── ${title}`);
  let result;
  try {
    result = await run();
  } catch (error) {
    console.error(error.message);
    result = { passed: 0, failed: 1, skipped: [] };
  }
  total.passed += result.passed;
  total.failed += result.failed;
  total.skipped.push(...result.skipped.map((line) => `${title}: ${line}`));
  if (result.failed) broken.push(title);
  const sum = `${result.passed} passed, ${result.failed} failed, ${result.skipped.length} skipped`;
  console.log(`── ${title}: ${sum} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

if (total.skipped.length) {
  console.log(`\nSkipped${requireAll ? ', and nothing may be' : ''}:`);
  for (const line of total.skipped) console.log(`  ${line}`);
}
if (broken.length) console.log(`\nFailed: ${broken.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
process.exitCode = total.failed || (requireAll && total.skipped.length) ? 1 : 0;

async function build() {
  await run(process.execPath, [path.join(ROOT, 'esbuild.mjs')]);
}

/** A check that passes or fails as one. */
async function check(tool, args) {
  await runTool(tool, args, { show: true });
  return { passed: 1, failed: 0, skipped: [] };
}

async function packageWithinBudget() {
  await packageExtension(VSIX);
  const { lines, passed, failed } = checkBudget(VSIX);
  console.log(lines.join('\n'));
  return { passed, failed, skipped: [] };
}

/** Runs one project of vitest.config.mjs and counts from its own report. */
async function vitest(project, env = {}) {
  const report = path.join(RESULTS, `${project}.json`);
  rmSync(report, { force: true });
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  let ended = 0;
  await runTool('vitest/vitest.mjs', args, { show: true, env }).catch(() => {
    ended = 1;
  });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: [] };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const result = { passed: 0, failed: 0, skipped: [] };
  for (const file of testResults) {
    const where = path.relative(ROOT, file.name).replaceAll('\\', '/');
    // A file that cannot even be loaded has no tests that could fail
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) result.failed++;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') result.passed++;
      else if (test.status === 'failed') result.failed++;
      else result.skipped.push(`${where}: ${test.fullName}`);
    }
  }
  // An error outside of every test, such as one thrown after the last
  if (ended && !result.failed) result.failed = 1;
  if (!result.passed && !result.failed && !result.skipped.length) result.skipped.push('there are no tests');
  return result;
}

/** Parser, binder and samples beside real Flink; see test/conformance/README.md. It says itself what it left out. */
async function conformance() {
  const summary = path.join(RESULTS, 'conformance.json');
  rmSync(summary, { force: true });
  const args = ['test/tool.mjs', 'test/conformance/main.ts', '--dist', '--summary', summary];
  await run(process.execPath, args, { show: true }).catch(() => undefined);
  if (!existsSync(summary)) return { passed: 0, failed: 1, skipped: [] };
  return JSON.parse(readFileSync(summary, 'utf8'));
}

async function hostTests() {
  const { runHostTests } = await import('./vscode/host.mjs');
  return runHostTests(path.join(RESULTS, 'host.json'));
}

async function whyNoAtlas() {
  const { whyNoAtlas } = await import('./atlas/atlas.mjs');
  return whyNoAtlas();
}

function whyNoBrowser() {
  return whyNoWorkbench() ?? (findChromium() ? undefined : 'Chromium is not installed (or set CHROMIUM to its path).');
}

async function whyNoHost() {
  const { downloadedVSCode } = await import('./vscode/host.mjs');
  return (await downloadedVSCode()) ? undefined : whyNoBrowser();
}
