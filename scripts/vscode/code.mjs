#!/usr/bin/env node
// Stands in for the `code` program where no VS Code can be downloaded, for tests inside the extension host: what
// @vscode/test-electron passes on runs in the real extension host of the browser workbench, with Chromium as the window.
// Ends with the exit code of the tests; what they write to the console goes to stdout.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { openWorkbench } from './page.mjs';
import { startWorkbench } from './workbench.mjs';

/** What test/host/index.ts puts before its lines, to tell them from VS Code's own. */
const TEST_OUTPUT = '[test] ';

const options = {};
let folder;
for (const argument of process.argv.slice(2)) {
  const option = /^--([\w-]+)(?:=(.*))?$/s.exec(argument);
  if (option) options[option[1]] = option[2] ?? true;
  else folder = path.resolve(argument);
}

const data = mkdtempSync(path.join(os.tmpdir(), 'flink-sql-host-'));
let workbench;
let browser;
try {
  // The smoke test driver is how a browser window reports the end of the tests
  workbench = await startWorkbench({ folder, data, args: ['--enable-smoke-test-driver'] });
  browser = await launchBrowser();
  const tests = promise();
  await openWorkbench(browser, workbench, {
    payload: ['extensionDevelopmentPath', 'extensionTestsPath'].map((name) => [name, path.resolve(options[name])]),
    prepare: (page) => listen(page, tests),
  });
  process.exitCode = await tests.ended;
} catch (error) {
  console.error(error);
  if (workbench) console.error(workbench.output());
  process.exitCode = 98;
} finally {
  await browser?.close();
  await workbench?.stop();
  rmSync(data, { recursive: true, force: true, maxRetries: 5 });
}

/** A promise with its two ends at hand. */
function promise() {
  const ends = {};
  ends.ended = new Promise((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return ends;
}

/** Passes on what the tests write, and the exit code when they have ended. */
async function listen(page, tests) {
  page.on('crash', () => tests.reject(new Error('the window crashed')));
  await page.exposeFunction('codeAutomationExit', (code) => tests.resolve(code));
  await page.exposeFunction('codeAutomationLog', (_type, values) => {
    const text = values.map(String).join(' ');
    if (process.env.DEBUG || text.startsWith(TEST_OUTPUT)) console.log(text.replace(TEST_OUTPUT, ''));
  });
}
