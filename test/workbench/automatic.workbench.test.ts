// Publishing by itself, in a real VS Code: only after a task that ran the script and ended well, and what becomes of saves
// of a script with errors, without a store, many in a row, and in a folder that is not trusted.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session, type SessionOptions, samples } from './session';

const SCRIPT = 'enrich-orders.flink.sql';
let session: Session;

const start = async (options: SessionOptions) => {
  session = await openSession({
    from: samples,
    withoutCatalog: true,
    open: SCRIPT,
    height: 900,
    ...options,
    settings: { 'files.autoSave': 'off', ...options.settings },
  });
};

/** All that the user's history holds of publishes, one line each. */
function publishes(): string[] {
  const folder = path.join(session.folder, '..', 'outbox', 'history');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    readFileSync(path.join(folder, name), 'utf8').split('\n').filter(Boolean),
  );
}

/** Jobs that wait in the outbox. */
function waiting(): string[] {
  const folder = path.join(session.folder, '..', 'outbox');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}

/** The catalog's entity of the job; undefined when it was never published. */
function published(job = 'enrich-orders'): { attributes: { description?: string } } | undefined {
  const folder = path.join(session.folder, '.flink-atlas', 'flink_application');
  const [name] = existsSync(folder) ? readdirSync(folder).filter((each) => each.startsWith(`${job}@`)) : [];
  return name === undefined ? undefined : JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

const status = (text: string | RegExp) => session.page.page.locator('.statusbar-item', { hasText: text });

/** Puts a word into the comment that describes the job, and saves. */
async function saveWith(word: string): Promise<void> {
  const { page } = session;
  await page.goTo(3, 4);
  await page.page.keyboard.type(`${word} `);
  await page.page.keyboard.press('Control+S');
  await saved();
}

/** Waits until the script is not changed any more. */
async function saved(): Promise<void> {
  await session.page.page.locator('.tab.active:not(.dirty)').waitFor();
}

/** What a task's command line shows of it. */
const tagOf = (task: string) => `--tag=${task.replaceAll(' ', '-')}`;

/** Makes a catalog in the folder before it is opened. */
const withCatalog = (folder: string) => mkdirSync(path.join(folder, '.flink-atlas'));

describe('after a task', () => {
  beforeAll(() =>
    start({
      prepare: (folder) => {
        withCatalog(folder);
        mkdirSync(path.join(folder, '.vscode'));
        const task = (label: string, script: string, ...args: string[]) => ({
          label,
          type: 'process',
          command: process.execPath,
          args: ['-e', script, '--', ...args, tagOf(label)],
          problemMatcher: [],
          presentation: { panel: 'dedicated', clear: true },
        });
        const tasks = [
          task('well', '', '-f', '${file}'),
          task('badly', 'process.exit(3)', '-f', '${file}'),
          task('long', 'console.log("began"); setInterval(() => {}, 1000)', '-f', '${file}'),
          task('another script', '', '-f', 'daily-revenue.flink.sql'),
          task('not one of the setting', '', '-f', '${file}'),
        ];
        writeFileSync(path.join(folder, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks }));
      },
      settings: {
        'flinkSql.publishAfterTasks': ['well', 'badly', 'long', 'another script'],
        // the script stays in sight
        'workbench.panel.opensMaximized': 'never',
        'terminal.integrated.gpuAcceleration': 'off',
      },
    }),
  );
  afterAll(() => session?.stop());
  keepFailures(() => session);

  const terminal = (text: string | RegExp) => session.page.page.locator('.terminal-wrapper.active', { hasText: text });
  async function run(task: string): Promise<void> {
    const { page } = session;
    // each publish would be one of its own
    await page.page.keyboard.press('Control+1');
    await saveWith(task);
    await page.page.keyboard.press('Control+P');
    await page.quickInput().fill(`task ${task}`);
    await page.quickRow(task).click();
  }

  it.each([
    ['that failed', 'badly', 'exit code: 3'],
    ['that ran another script', 'another script', 'press any key'],
    ['that the setting does not name', 'not one of the setting', 'press any key'],
  ])('one %s publishes nothing', async (_, task, end) => {
    await run(task);
    await terminal(new RegExp(`${tagOf(task)}.*${end}`, 'is')).waitFor();
    await session.keep(`task-${task.replaceAll(' ', '-')}`);
    expect(published()).toBeUndefined();
  });

  it('one that was cancelled publishes nothing', async () => {
    const { page } = session;
    await run('long');
    await terminal('began').first().waitFor();
    await page.command('Tasks: Terminate Task', { settle: false });
    await page.quickRow('long').click();
    // its terminal goes with it
    await page.page.locator('.terminal-wrapper', { hasText: 'began' }).waitFor({ state: 'detached' });
    await session.keep('task-cancelled');
    expect(published()).toBeUndefined();
  });

  it('one that ended well publishes what it ran, and nothing else ever was', async () => {
    await run('well');
    await status('enrich-orders published to').waitFor();
    expect(published()?.attributes.description).toContain('well long');
    expect(publishes()).toHaveLength(1);
    expect(published('daily-revenue')).toBeUndefined();
  });
});

describe('on save', () => {
  beforeAll(() => start({ prepare: withCatalog, settings: { 'flinkSql.publishOnSave': true } }));
  afterAll(() => session?.stop());
  keepFailures(() => session);

  it('a script with errors is left alone, and that is said', async () => {
    const { page } = session;
    await page.goTo(3, 4);
    await page.page.keyboard.press('Control+End');
    await page.type('\nINSERT INTO enriched_orders SELECT FROM WHERE;');
    await page.page.keyboard.press('Control+S');
    await status('enrich-orders not published').waitFor();
    await session.keep('save-errors');
    expect(published()).toBeUndefined();
    await page.page.keyboard.press('Control+Shift+K');
    await page.page.locator('.view-line', { hasText: 'FROM WHERE' }).waitFor({ state: 'detached' });
  });

  it('of many saves in a row the last state wins', async () => {
    const { page } = session;
    await page.goTo(3, 4);
    for (let count = 0; count < 12; count++) {
      await page.page.keyboard.type(`${count} `);
      await page.page.keyboard.press('Control+S');
    }
    await saved();
    const words = Array.from({ length: 12 }, (_, count) => count).join(' ');
    await expect.poll(() => published()?.attributes.description, { timeout: 20_000 }).toContain(words);
    await status('not published').waitFor({ state: 'detached' });
    await session.keep('save-many');
    expect(waiting()).toEqual([]);
    expect(publishes().length).toBeLessThanOrEqual(12);
  });
});

describe('on save, while Atlas is away', () => {
  beforeAll(async () => {
    const free = createServer();
    await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
    const { port } = free.address() as { port: number };
    await new Promise((done) => free.close(done));
    await start({
      settings: {
        'flinkSql.publishOnSave': true,
        'flinkSql.atlas.connections': { prod: { url: `http://127.0.0.1:${port}`, namespace: 'prod' } },
      },
      env: { FLINK_SQL_ATLAS_USER: 'ann', FLINK_SQL_ATLAS_PASSWORD: 'secret' },
    });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  it('the last state waits, once, however often it was saved', async () => {
    for (const word of ['one', 'two', 'three']) await saveWith(word);
    await status('enrich-orders waits to be published').waitFor();
    await session.keep('save-away');
    const content = () =>
      waiting().map((name) => readFileSync(path.join(session.folder, '..', 'outbox', name), 'utf8'));
    await expect.poll(content, { timeout: 20_000 }).toEqual([expect.stringContaining('three two one')]);
  });
});

describe('on save, without any store', () => {
  beforeAll(() => start({ settings: { 'flinkSql.publishOnSave': true } }));
  afterAll(() => session?.stop());
  keepFailures(() => session);

  it('nothing is done and nothing is said', async () => {
    const { page } = session;
    await saveWith('one');
    // asked after the save, and answered after it
    await page.goTo(10);
    await page.hover('CREATE TABLE orders', 'orders', 'Not connected to Atlas');
    await session.keep('save-without-store');
    await page.leave();
    expect([...publishes(), ...waiting()]).toEqual([]);
    expect(await page.page.locator('.notifications-toasts .notification-list-item').count()).toBe(0);
    expect(await status(/not published|waits to be published/).count()).toBe(0);
  });
});

describe('on save, in a folder that is not trusted', () => {
  beforeAll(() =>
    start({
      prepare: withCatalog,
      settings: {
        'flinkSql.publishOnSave': true,
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.untrustedFiles': 'open',
      },
    }),
  );
  afterAll(() => session?.stop());
  keepFailures(() => session);

  it('nothing is published', async () => {
    const { page } = session;
    await status('Restricted Mode').waitFor();
    await saveWith('one');
    await page.goTo(10);
    await page.hover('CREATE TABLE orders', 'orders', 'does not know this');
    await session.keep('save-untrusted');
    await page.leave();
    expect(published()).toBeUndefined();
    expect([...publishes(), ...waiting()]).toEqual([]);
  });
});
