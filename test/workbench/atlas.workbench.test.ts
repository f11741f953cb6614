// The main job end to end: a real VS Code against a real Apache Atlas.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { keepFailures, openSession, type Session, samples } from './session';

const missing = whyNoAtlas();
const VIEW = 'Atlas: Flink jobs';
const WORDS = 'Put here by the governance team before anybody opened an editor.';

describe.skipIf(missing)(missing ? `a real Apache Atlas (${missing})` : 'a real Apache Atlas', () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let session: Session;
  const rest = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${atlas.url}/api/atlas${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${atlas.user}:${atlas.password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };

  beforeAll(async () => {
    atlas = await startAtlas();
    await rest('POST', '/v2/entity/bulk', {
      entities: [
        {
          typeName: 'kafka_topic',
          attributes: {
            name: 'shop.orders.v2',
            qualifiedName: 'shop.orders.v2@prod',
            topic: 'shop.orders.v2',
            uri: 'kafka.shop.example:9092',
            description: WORDS,
            owner: 'payments-team',
          },
        },
      ],
    });
    session = await openSession({
      from: samples,
      withoutCatalog: true,
      open: 'enrich-orders.flink.sql',
      height: 1000,
    });
  });
  keepFailures(() => session);
  afterAll(async () => {
    await session?.stop();
    await atlas?.stop();
  });

  it('says what is wrong with a wrong password, and connects with the right one', async () => {
    const { page } = session;
    const field = (placeholder: string) => page.page.locator(`.quick-input-widget:visible input.input${placeholder}`);
    await page.page.locator('.statusbar-item', { hasText: 'Not connected to Atlas' }).waitFor();
    await page.command('Flink SQL: Connect to Atlas', { settle: false });
    await field('[placeholder^="https://atlas"]').fill(atlas.url);
    await page.page.keyboard.press('Enter');
    await page.quickRow('User and password').waitFor();
    await page.page.keyboard.press('Enter');
    await page.quickMessage().filter({ hasText: 'Your user at' }).waitFor();
    await field('').fill(atlas.user);
    await page.page.keyboard.press('Enter');
    await field('[type="password"]').fill('not the password');
    await page.page.keyboard.press('Enter');
    await page.quickMessage().filter({ hasText: 'password' }).filter({ hasText: 'refused' }).waitFor();
    await session.keep('atlas-wrong-password');
    await field('[type="password"]').fill(atlas.password);
    await page.page.keyboard.press('Enter');
    await page.quickMessage().filter({ hasText: 'A name for this Atlas' }).waitFor();
    await field('').fill('prod');
    await page.page.keyboard.press('Enter');
    // Read from the names that are in Atlas already
    await page.quickMessage().filter({ hasText: '…@prod' }).waitFor();
    await session.keep('atlas-namespace');
    await page.page.keyboard.press('Enter');
    await page.notification('Connected to Atlas at prod');
    await session.keep('atlas-connected');
    await page.clearNotifications();
  });

  it('shows on a table what Atlas knows of it', async () => {
    const { page } = session;
    const card = await page.hover('CREATE TABLE orders', 'orders', WORDS);
    await session.keep('atlas-hover');
    expect(card).toContain('payments-team');
    expect(card).toContain('shop.orders.v2@prod');
    await page.leave();
  });

  it('publishes through the palette', async () => {
    const { page } = session;
    await page.showView(VIEW);
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish enrich-orders to prod');
    await page.quickRow('Publish, and Prepare Atlas').waitFor();
    await session.keep('atlas-publish-preview');
    await page.page.keyboard.press('Enter');
    await page.notification(/^enrich-orders published to prod: \d+ items in/);
    await session.keep('atlas-published');
  });

  it('lists the job in the tree, down to the columns', async () => {
    const { page } = session;
    await page.pressInNotification(/^enrich-orders published/, 'Show in Tree');
    // Comes expanded
    await page.expand('enriched_orders');
    await page.expand('8 columns');
    await page.treeRow('size_class').waitFor();
    await session.keep('atlas-tree');
    const rows = await page.treeRows();
    expect(rows.slice(0, 2)).toEqual([
      expect.stringMatching(/^enrich-orders published just now/),
      expect.stringMatching(/^ {2}enriched_orders INSERT, line \d+$/),
    ]);
    expect(rows.slice(2, 5).sort()).toEqual([
      '    customers Database table',
      '    shop.enriched-orders.v1 kafka',
      '    shop.orders.v2 kafka',
    ]);
    expect(rows[5]).toBe('    8 columns');
    const columns = rows.slice(6).map((row) => row.trim().split(' ')[0]);
    expect(columns.sort()).toEqual(
      ['country', 'currency', 'customer_id', 'gross_amount', 'order_id', 'ordered_at', 'segment', 'size_class'].sort(),
    );
  });

  it('has nothing to do when published again', async () => {
    const { page } = session;
    await page.clearNotifications();
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.notification('Atlas already has all of this.');
    await session.keep('atlas-published-again');
  });

  it('is connected still after a reload of the window', async () => {
    const { page } = session;
    await page.page.reload();
    await page.waitForFile('enrich-orders.flink.sql');
    await page.showView(VIEW);
    await page.treeRow('enrich-orders').first().waitFor();
  });
});
