// Taking jobs out of the catalog, and publishing on save, in a real VS Code.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session, samples } from './session';

const VIEW = 'Atlas: Flink jobs';

describe('jobs of the workspace catalog', () => {
  let session: Session;
  beforeAll(async () => {
    // what a task runs is of no matter here, only how it ends
    const task = {
      label: 'run job',
      type: 'process',
      command: process.execPath,
      args: ['-e', 'process.exit(0)'],
      problemMatcher: [],
    };
    session = await openSession({
      prepare: (folder) => {
        mkdirSync(path.join(folder, '.vscode'), { recursive: true });
        writeFileSync(path.join(folder, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
      },
      from: samples,
      open: 'enrich-orders.flink.sql',
      height: 1000,
      settings: {
        'flinkSql.publishOnSave': true,
        'flinkSql.publishAfterTasks': ['run job'],
        'files.autoSave': 'off',
      },
    });
  });
  keepFailures(() => session);
  afterAll(() => session?.stop());

  it('a job is published when a task of the setting, which ran it, has ended well', async () => {
    const { page } = session;
    await page.showView(VIEW);
    await page.waitForFile('enrich-orders.flink.sql');
    await page.page.keyboard.press('Control+P');
    await page.quickInput().fill('task run job');
    await page.quickRow('run job').click();
    await page.page.locator('.statusbar-item', { hasText: 'enrich-orders published to' }).waitFor();
    await session.keep('task-ran');
    // back from the terminal to the script
    await page.page.keyboard.press('Control+1');
  });

  it('a job is published when its script is saved', async () => {
    const { page } = session;
    await page.page
      .locator('.statusbar-item', { hasText: 'enrich-orders published to' })
      .waitFor({ state: 'detached' });
    await page.goTo(3, 4);
    await page.page.keyboard.type('Indeed: ');
    await page.page.keyboard.press('Control+S');
    await page.page.locator('.statusbar-item', { hasText: 'enrich-orders published to' }).waitFor();
    await session.keep('saved');
  });

  it('a job is retired after what goes was shown', async () => {
    const { page } = session;
    await page.command('Flink SQL: Retire Job from Atlas', { settle: false });
    await page.waitForQuickInput('Retire which job?');
    await page.quickRow('enrich-orders').click();
    const dialog = page.dialog('Retire enrich-orders from');
    await dialog.waitFor();
    await session.keep('retire');
    expect(await dialog.textContent()).toContain('− process enriched_orders');
    await dialog.getByText('Retire', { exact: true }).click();
    await page.notification(/^enrich-orders is retired from/);
    await page.treeRow('enrich-orders').waitFor({ state: 'detached' });
  });

  it('jobs without a script are found', async () => {
    const { page, folder } = session;
    await page.clearNotifications();
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish enrich-orders to');
    await page.page.keyboard.press('Enter');
    await page.notification(/^enrich-orders published to/);
    rmSync(path.join(folder, 'enrich-orders.flink.sql'));
    await page.command('Flink SQL: Find Jobs Without a Script', { settle: false });
    await page.waitForQuickInput(/^Jobs in .* without a script/);
    await page.quickRow('enrich-orders').waitFor();
    await session.keep('without-script');
    await page.page.keyboard.press('Escape');
  });
});
