// Tables of other files, and what findings offer: in a real VS Code, as people use them.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session } from './session';

const ddl = `-- The shop's topics
CREATE TABLE orders (
  order_id BIGINT,
  amount DECIMAL(10, 2)
) WITH ('connector' = 'kafka', 'topic' = 'shop.orders.v2', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
`;
const job = `CREATE TABLE totals (amount DECIMAL(10, 2)) WITH ('connector' = 'print');
INSERT INTO totals SELECT amout FROM orders;
`;

let session: Session;
beforeAll(async () => {
  session = await openSession({
    files: { 'job.fql': job, 'watched.fql': 'SELECT legacy.id FROM legacy, fresh;\n' },
    settings: { 'files.associations': { '**/legacy/*.sql': 'flinksql' } },
    prepare: (folder) => {
      mkdirSync(path.join(folder, 'ddl'));
      writeFileSync(path.join(folder, 'ddl/topics.flink.sql'), ddl);
      writeFileSync(path.join(folder, 'binary.fql'), Buffer.from([0, 1, 2, 3]));
      mkdirSync(path.join(folder, 'legacy'));
      writeFileSync(
        path.join(folder, 'legacy/all.sql'),
        "CREATE TABLE legacy (id INT) WITH ('connector' = 'datagen');",
      );
      writeFileSync(path.join(folder, 'ddl/other.sql'), "CREATE TABLE fresh (a INT) WITH ('connector' = 'datagen');");
    },
    open: 'job.fql',
  });
});
afterAll(() => session?.stop());
keepFailures(() => session);

describe('a table of another file', () => {
  it('says in its hover where it is from', async () => {
    const { page } = session;
    const card = await page.hover('FROM orders', 'orders', 'defined in ddl/topics.flink.sql');
    expect(card).toContain('DECIMAL(10, 2)');
    await session.keep('workspace-hover');
    await page.leave();
  });

  it('leads to its definition, also after an edit that is not saved', async () => {
    const { page } = session;
    await page.goTo(2, 'INSERT INTO totals SELECT amout FROM o'.length);
    await page.page.keyboard.press('F12');
    await page.waitForFile('topics.flink.sql');
    await page.page.keyboard.press('Control+Home');
    await page.type('CREATE TABLE newer (a INT) WITH (');
    await page.type("'connector' = 'datagen');");
    await page.openFile('job.fql');
    await page.goTo(2, 'INSERT INTO totals SELECT amout FROM o'.length);
    await page.page.keyboard.press('F12');
    await page.waitForFile('topics.flink.sql');
    await session.keep('workspace-definition');
    await page.openFile('job.fql');
  });
});

describe('a finding', () => {
  it('leads from its code to its page', async () => {
    const { page } = session;
    await page.hover('SELECT amout', 'amout', 'is not in');
    await session.keep('workspace-finding');
    await page.page.locator('.monaco-hover:not(.hidden) a.code-link').first().click();
    await page.page.locator('.tab.active[data-resource-name="unknown-column.md"]').waitFor();
    const preview = page.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await preview.getByRole('heading', { name: 'unknown-column', exact: true }).waitFor();
    await session.keep('workspace-page');
    await page.command('View: Close All Editors');
  });

  it('can be ignored on its line, and turned off', async () => {
    const { page } = session;
    await page.openFile('job.fql');
    await page.squiggles().first().waitFor();
    await page.goTo(2, 'INSERT INTO totals SELECT am'.length);
    const fix = await page.quickFix('Turn off unknown-column');
    await session.keep('workspace-fixes');
    await fix.click();
    await page.notification('unknown-column is turned off in this workspace.');
    expect(await page.problems(0)).toEqual([]);
    const settings = path.join(session.folder, '.vscode/settings.json');
    expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({ 'flinkSql.rules': { 'unknown-column': 'off' } });
    await page.pressInNotification('unknown-column is turned off', 'Undo');
    await page.openFile('job.fql');
    expect((await page.problems(1))[0]?.line).toBe(2);
  });
});

describe('the language status', () => {
  it('tells how many tables are known, and what could not be read', async () => {
    const { page } = session;
    await page.openFile('job.fql');
    await page.page.locator('#status\\.languageStatus').click();
    await page.page.getByText('4 tables in 3 files').first().waitFor();
    await page.page.getByText('1 file could not be read').first().waitFor();
    await session.keep('workspace-status');
    await page.leave();
  });
});

describe('the setting of rules', () => {
  it('completes codes and severities', async () => {
    const { page, folder } = session;
    mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    writeFileSync(path.join(folder, '.vscode/settings.json'), '{\n  "flinkSql.rules": {\n    \n  }\n}\n');
    await page.openFile('settings.json');
    await page.goTo(3, 5);
    await page.page.keyboard.press('Control+Space');
    const suggestion = page.page.locator('.suggest-widget .monaco-list-row', { hasText: 'nondeterministic-key' });
    await page.type('nondet');
    await suggestion.waitFor();
    await session.keep('workspace-setting');
    await page.page.keyboard.press('Escape');
    await page.command('View: Revert and Close Editor');
  });
});

describe('files that come and go beside the editor', () => {
  /** The names of unknown tables in the file that is open. */
  const unknown = async (count: number) => {
    const problems = await session.page.problems(count);
    return problems.map(({ text }) => /Table `(\w+)` is not defined/.exec(text)?.[1]);
  };
  const table = "CREATE TABLE fresh (id INT) WITH ('connector' = 'datagen');\n";

  it('are noticed, alone and with their folder', async () => {
    const { page, folder } = session;
    await page.command('View: Close All Editors');
    await page.openFile('watched.fql');
    // the plain .sql is Flink SQL by a setting of the editor, the other one is none
    expect(await unknown(1)).toEqual(['fresh']);

    mkdirSync(path.join(folder, 'made'));
    writeFileSync(path.join(folder, 'made/fresh.fql'), table);
    expect(await unknown(0)).toEqual([]);

    renameSync(path.join(folder, 'made'), path.join(folder, 'moved'));
    // the editor tells of the move when it likes: until then the definition is where it was
    const folderOfDefinition = async () => {
      await page.command('View: Close All Editors');
      await page.openFile('watched.fql');
      await page.goTo(1, 'SELECT legacy.id FROM legacy, fr'.length);
      await page.page.keyboard.press('F12');
      await page.page.locator('.tab.active[data-resource-name="fresh.fql"]').waitFor();
      return page.page.locator('.breadcrumbs-control').first().innerText();
    };
    await expect.poll(folderOfDefinition, { timeout: 60_000 }).toContain('moved');
    await page.command('View: Close All Editors');

    rmSync(path.join(folder, 'moved'), { recursive: true });
    await page.openFile('watched.fql');
    expect(await unknown(1)).toEqual(['fresh']);
    await session.keep('workspace-watched');
  });
});
