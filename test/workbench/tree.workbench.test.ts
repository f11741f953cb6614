// Browsing: lenses, the tree's groups and filter, and what is taken out of it into a script; with metadata that means harm.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session, samples } from './session';

const VIEW = 'Atlas: Flink jobs';

/** Writes entities as a workspace catalog keeps them. */
function writeCatalog(
  folder: string,
  entities: readonly { typeName: string; attributes: Record<string, unknown> }[],
): void {
  for (const entity of entities) {
    const directory = path.join(folder, '.flink-atlas', entity.typeName);
    mkdirSync(directory, { recursive: true });
    const name = createHash('sha1').update(String(entity.attributes.qualifiedName)).digest('hex');
    writeFileSync(path.join(directory, `${name}.json`), JSON.stringify(entity));
  }
}

describe('the sample shop', () => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession({ from: samples, open: 'enrich-orders.flink.sql', height: 1000 });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  const lens = (text: string | RegExp) => session.page.page.locator('.codelens-decoration', { hasText: text }).first();

  it('says above the INSERT that the job is not published yet', async () => {
    const { page } = session;
    await page.goTo(57);
    await lens(/⇪ Publish \(\d+ changes\)/).waitFor();
    await lens('not published yet').waitFor();
    await session.keep('tree-lens-new');
  });

  it('says when it was published, highlights the job, and counts the jobs', async () => {
    const { page } = session;
    await page.showView(VIEW);
    await page.treeRow('checkout-events').first().waitFor();
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish enrich-orders');
    await page.page.keyboard.press('Enter');
    await page.treeRow('enrich-orders').first().waitFor();
    await lens('published just now').waitFor();
    await page.clearNotifications();
    await page.page
      .locator('.sidebar .monaco-list-row .monaco-highlighted-label .highlight', { hasText: 'enrich-orders' })
      .waitFor();
    await session.keep('tree-lens-published');
    const [first] = (await page.treeRows()).filter((row) => row.startsWith('enrich-orders'));
    expect(first).toBe('enrich-orders published just now · orders-team');
  });

  it('groups the jobs by owner, folder and sink', async () => {
    const { page } = session;
    const group = async (by: string) => {
      await page.command('Flink SQL: Group Jobs By…', { settle: false });
      await page.waitForQuickInput('Group the jobs by');
      await page.quickRow(by).waitFor();
      await page.quickInput().fill(by);
      await page.page.keyboard.press('Enter');
    };
    await group('Owner');
    await page.treeRow('orders-team').first().waitFor();
    await session.keep('tree-by-owner');
    expect(await page.treeRows()).toContain('orders-team 1 job');
    await group('Sink');
    await page.treeRow('shop.enriched-orders.v1').first().waitFor();
    await session.keep('tree-by-sink');
    expect(await page.treeRows()).toContain('shop.enriched-orders.v1 Kafka topic · 1 job');
    await group('Nothing');
    await page.treeRow('published').first().waitFor();
  });

  it('filters while somebody types, says so, and can be cleared', async () => {
    const { page } = session;
    await page.command('Flink SQL: Filter Jobs', { settle: false });
    await page.quickInput().fill('PAY');
    await page.treeRow('checkout-events').first().waitFor({ state: 'detached' });
    await page.treeRow('payment-import').first().waitFor();
    await page.page.keyboard.press('Enter');
    await page.page.locator('.sidebar .message', { hasText: '1 job matches “PAY”.' }).waitFor();
    await session.keep('tree-filtered');
    await page.command('Flink SQL: Filter Jobs', { settle: false });
    await page.quickInput().fill('no such job');
    await page.page.locator('.sidebar .message', { hasText: 'No job matches “no such job”.' }).waitFor();
    expect(await page.page.locator('.sidebar .welcome-view-content').isVisible()).toBe(false);
    await session.keep('tree-filtered-to-nothing');
    // Esc takes it back
    await page.page.keyboard.press('Escape');
    await page.treeRow('payment-import').first().waitFor();
    await page.command('Flink SQL: Clear Filter');
    await page.treeRow('checkout-events').first().waitFor();
    await page.page.locator('.sidebar .message', { hasText: 'PAY' }).waitFor({ state: 'hidden' });
  });

  it('puts the name of a dataset into the script as the script calls it, and its DDL elsewhere', async () => {
    const { page } = session;
    await page.expand('enrich-orders');
    await page.expand('enriched_orders');
    await page.expand('shop.orders.v2');
    await page.treeRow('customer_id').first().waitFor();
    await session.keep('tree-columns');
    await page.openFile('enrich-orders.flink.sql');
    const drag = async (row: string) => {
      const from = await page.treeRow(row).first().boundingBox();
      const to = await page.place('ON o.customer_id', ';');
      if (!from || !to) throw new Error(`${row} is not there`);
      const { mouse } = page.page;
      await mouse.move(from.x + 80, from.y + from.height / 2);
      await mouse.down();
      await mouse.move(from.x + 120, from.y + 40, { steps: 3 });
      await mouse.move(to.x + 1, to.y + to.height / 2, { steps: 10 });
      await mouse.up();
    };
    await page.goTo(70);
    await drag('shop.orders.v2');
    const line = page.page
      .locator('.editor-instance .view-line', { hasText: 'ON o.customer_id = c.customer_id' })
      .first();
    await expect.poll(async () => (await line.innerText()).replaceAll('\u00a0', ' ')).toContain('c.customer_idorders;');
    await session.keep('tree-dropped');
  });
});

describe('ten thousand jobs', () => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession({
      from: samples,
      withoutCatalog: true,
      open: 'enrich-orders.flink.sql',
      height: 1000,
      prepare: (folder) =>
        writeCatalog(
          folder,
          Array.from({ length: 10_000 }, (_, index) => ({
            typeName: 'flink_application',
            attributes: {
              name: `job-${String(index).padStart(5, '0')}`,
              qualifiedName: `job-${index}@prod`,
              owner: `team-${index % 20}`,
              conf: { file: `jobs/${index % 7}/job.sql` },
            },
          })),
        ),
    });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  it('are paged, counted, filtered and grouped', async () => {
    const { page } = session;
    await page.showView(VIEW);
    await page.treeRow('job-00000').first().waitFor();
    await page.page.locator('.sidebar .message', { hasText: '10,000 jobs in all' }).waitFor();
    await session.keep('tree-10000');
    await page.command('Flink SQL: Filter Jobs', { settle: false });
    await page.quickInput().fill('9876');
    await page.treeRow('job-09876').first().waitFor();
    await page.page.keyboard.press('Enter');
    expect(await page.treeRows()).toHaveLength(1);
    await page.command('Flink SQL: Clear Filter');
    await page.treeRow('job-00000').first().waitFor();
  });
});
