// Takes the README's pictures of the sample shop in a real workbench: `npm run screenshots` (needs Chromium).
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { requireNode } from './lib/dependencies.mjs';
import { ROOT, step } from './lib/steps.mjs';
import { buildAndPackage } from './package.mjs';
import { launchBrowser } from './vscode/browser.mjs';
import { openWorkbench } from './vscode/page.mjs';
import { startWorkbench } from './vscode/workbench.mjs';

requireNode();

const base = mkdtempSync(path.join(os.tmpdir(), 'flink-sql-screenshots-'));
const folder = path.join(base, 'shop');
cpSync(path.join(ROOT, 'samples'), folder, { recursive: true });
const vsix = await step('Packaging the extension', () => buildAndPackage(path.join(base, 'extension.vsix')));
const workbench = await startWorkbench({
  folder,
  data: path.join(base, 'data'),
  vsix,
  settings: {
    'workbench.colorTheme': 'Default Light Modern',
    'editor.minimap.enabled': false,
    'editor.hover.delay': 100,
    'editor.occurrencesHighlight': 'off',
    'workbench.layoutControl.enabled': false,
  },
});
const browser = await launchBrowser();

/** The 1-based line of a sample that contains a text. */
const lineOf = (name, text) =>
  readFileSync(path.join(folder, name), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

try {
  const page = await openWorkbench(browser, workbench, {
    file: path.join(folder, 'mistakes.flink.sql'),
    width: 1100,
    height: 640,
  });
  const keep = (name) => page.screenshot(path.join(ROOT, 'media/screenshots', `${name}.png`));
  await page.command('View: Toggle Primary Side Bar Visibility');

  await step('diagnostics.png', async () => {
    await page.goTo(lineOf('mistakes.flink.sql', 'AS value'));
    await page.squiggles().first().waitFor();
    await page.hover('SELECT order_id AS value', 'value', /reserved/);
    await keep('diagnostics');
    await page.leave();
  });
  await step('hover.png', async () => {
    await page.openFile('enrich-orders.flink.sql');
    await page.goTo(lineOf('enrich-orders.flink.sql', 'FROM orders AS o'));
    await page.hover('FROM orders AS o', 'orders', /Owner/);
    await keep('hover');
    await page.leave();
  });
  await step('publish.png', async () => {
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish enrich-orders');
    await page.toast('Comparing').waitFor({ state: 'hidden' });
    await keep('publish');
    await page.page.keyboard.press('Enter');
    await page.notification('enrich-orders published');
  });
  await step('tree.png', async () => {
    await page.pressInNotification('enrich-orders published', 'Show in Tree');
    await page.expand('enriched_orders');
    await page.treeRow('8 columns').waitFor();
    await page.toast('Publishing').waitFor({ state: 'hidden' });
    await page.leave();
    await keep('tree');
  });
} finally {
  await browser.close();
  await workbench.stop();
  rmSync(base, { recursive: true, force: true, maxRetries: 10 });
}
