// The everyday things on the sample shop, with the catalog that comes with it.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session, samples } from './session';

const jobs = readdirSync(samples).filter((name) => name.endsWith('.flink.sql') && name !== 'mistakes.flink.sql');

/**
 * The places that the sample itself calls wrong: from the comment that says so to the next empty line, 1-based. Advice may
 * be a mere hint, which VS Code underlines with dots and leaves out of its Problems panel.
 */
function deliberateMistakes(): { first: number; last: number; wrong: boolean }[] {
  const lines = readFileSync(path.join(samples, 'mistakes.flink.sql'), 'utf8').split('\n');
  return lines.flatMap((text, index) => {
    if (!/^-- (Wrong|Advice):/.test(text)) return [];
    const length = lines.slice(index).indexOf('');
    return [{ first: index + 1, last: length < 0 ? lines.length : index + length, wrong: text.startsWith('-- Wrong') }];
  });
}

describe('the sample shop', () => {
  let session: Session;
  /** Problems of the file of mistakes, which stays open */
  let found = 0;

  beforeAll(async () => {
    session = await openSession({
      from: samples,
      open: 'mistakes.flink.sql',
      height: 1400,
      settings: { 'workbench.colorTheme': 'Default Light Modern' },
    });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  it('underlines each deliberate mistake once, and nothing else', async () => {
    const { page } = session;
    const places = deliberateMistakes();
    await page.squiggles().first().waitFor();
    await session.keep(`samples-mistakes`);
    const problems = await page.problems(places.filter(({ wrong }) => wrong).length);
    const counts = places.map(({ first, last, wrong }) => ({
      first,
      wrong,
      count: problems.filter(({ line }) => line >= first && line <= last).length,
    }));
    const unexpected = counts.filter(({ wrong, count }) => count > 1 || (wrong && count === 0));
    expect(unexpected, JSON.stringify(problems, null, 1)).toEqual([]);
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(problems.length);
    found = problems.length;
  });

  it.each(jobs)('finds nothing wrong in %s', async (name) => {
    const { page } = session;
    await page.openFile(name);
    // A hover shows that the server has read the file
    const create = readFileSync(path.join(samples, name), 'utf8')
      .split('\n')
      .find((line) => line.startsWith('CREATE TABLE'));
    const table = create?.split(' ')[2] ?? '';
    await page.hover(create ?? '', table, table);
    await page.leave();
    // What is told of classified data is no mistake of the script
    const problems = (await page.problems(found)).filter(({ text }) => !/PII flows into|is classified PII/.test(text));
    expect(problems).toHaveLength(found);
  });

  it('shows on a table what the catalog knows of it', async () => {
    const { page } = session;
    await page.openFile('enrich-orders.flink.sql');
    const card = await page.hover('CREATE TABLE orders', 'orders', 'Owner');
    await session.keep(`samples-hover`);
    expect(card).toContain('shop.orders.v2@prod');
    expect(card).toContain('BIGINT');
    await page.leave();
  });

  it('publishes the open job to the catalog, where the tree has it', async () => {
    const { page, folder } = session;
    const before = entries(folder, 'flink_application');
    await page.showView('Atlas: Flink jobs');
    await page.treeRow('checkout-events').first().waitFor();
    expect(await page.treeRow('enrich-orders').count()).toBe(0);
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish enrich-orders to shop (workspace catalog)');
    await session.keep(`samples-preview`);
    await page.page.keyboard.press('Enter');
    await page.notification(/^enrich-orders published to shop \(workspace catalog\): \d+ items in/);
    await page.treeRow('enrich-orders').first().waitFor();
    await session.keep(`samples-published`);
    expect(entries(folder, 'flink_application')).toHaveLength(before.length + 1);
  });

  it('says where nothing would change', async () => {
    const { page } = session;
    await page.clearNotifications();
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.notification('already has all of this');
  });
});

/** The files of one type in the workspace catalog of a folder. */
function entries(folder: string, type: string): string[] {
  return readdirSync(path.join(folder, '.flink-atlas', type));
}
