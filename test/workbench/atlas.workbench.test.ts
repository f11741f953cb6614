// The main job end to end: a real VS Code against a real Apache Atlas.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { panelOf } from './panel';
import { keepFailures, openSession, type Session, samples } from './session';

const ORDERS = 'kafka_topic shop.orders.v2@prod';
const JOB = 'process enrich-orders/enriched_orders@prod';

const missing = whyNoAtlas();
const VIEW = 'Atlas: Flink jobs';
const WORDS = 'Put here by the governance team before anybody opened an editor.';

describe.skipIf(missing)(missing ? `a real Apache Atlas (${missing})` : 'a real Apache Atlas', () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let session: Session;
  /** The one job's id in Atlas, by the name it has there. */
  const guidOf = async (name: string): Promise<string> => {
    const by = `attr:qualifiedName=${encodeURIComponent(`${name}@prod`)}`;
    const found = await rest('GET', `/v2/entity/uniqueAttribute/type/flink_application?${by}`);
    return (found as { entity: { guid: string } }).entity.guid;
  };
  const rest = async (method: string, path: string, body?: unknown, of = atlas) => {
    const answer = await fetch(`${of.url}/api/atlas${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${of.user}:${of.password}`).toString('base64')}`,
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

  it('says above the INSERT when it was published', async () => {
    const { page } = session;
    await page.goTo(57);
    await page.page.locator('.codelens-decoration', { hasText: 'published just now' }).waitFor();
    await session.keep('atlas-lens');
  });

  it('draws the lineage that Atlas has', async () => {
    const { page } = session;
    const panel = panelOf(session);
    await page.clearNotifications();
    await page.command('Flink SQL: Show Lineage');
    await panel.choose(ORDERS);
    await panel.button('Lineage from Here').click();
    await expect.poll(panel.title).toMatch(/^shop\.orders\.v2 /);
    await panel.process('enrich-orders').waitFor();
    await panel.label('shop.enriched-orders.v1').waitFor();
    await session.keep('atlas-lineage');
    expect(await panel.title()).toBe('shop.orders.v2 2 datasets');
    // what else the job reads is a click away
    await panel.handle(JOB, 'show', 'up').click();
    await panel.label('customers').waitFor();
    expect(await panel.title()).toBe('shop.orders.v2 3 datasets');
    await panel.handle(ORDERS, 'hide', 'down').click();
    await panel.process('enrich-orders').waitFor({ state: 'detached' });
    await panel.handle(ORDERS, 'show', 'down').click();
    await panel.process('enrich-orders').waitFor();
    await page.command('View: Close All Editors');
    await page.openFile('enrich-orders.flink.sql');
  });

  it('tells that a colleague has published the job since, and keeps what they added', async () => {
    const { page } = session;
    await page.clearNotifications();
    colleaguePublishes();
    await page.openFile('enrich-orders.flink.sql');
    await page.goTo(57, 4);
    await page.type('Mine: ');
    await page.page.keyboard.press('Control+S');
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish enrich-orders to prod');
    await page.quickRow(/Changed by admin since you published it: \d.*\./).waitFor();
    await page.quickRow('Keep What Others Added').waitFor();
    await session.keep('atlas-changed-since');
    expect((await page.quickRows()).join('\n')).toContain('large_orders');
    await page.page.keyboard.press('Alt+d');
    await page.page.locator('.tab', { hasText: 'Publish enrich-orders.diff' }).waitFor();
    // not behind the list
    const removed = await page.place('-   process large_orders', 'large_orders');
    const list = await page.page.locator('.quick-input-widget:visible').boundingBox();
    expect(removed?.y).toBeGreaterThan((list?.y ?? 0) + (list?.height ?? 0));
    await session.keep('atlas-changed-since-diff');
    await page.quickRow('Keep What Others Added').click();
    await page.waitForQuickInput('Publish enrich-orders to prod, keeping what others added');
    await session.keep('atlas-merge');
    expect((await page.quickRows()).join('\n')).not.toContain('large_orders');
    await page.page.keyboard.press('Enter');
    await page.notification(/^enrich-orders published to prod: \d+ items? in/);
    await page.treeRow('large_orders').first().waitFor();
    await session.keep('atlas-merged');
    await page.clearNotifications();
  });

  it('renames the job, which stays the same in Atlas', async () => {
    const { page } = session;
    await page.clearNotifications();
    const before = await guidOf('enrich-orders');
    await page.treeRow('enrich-orders').first().click({ button: 'right' });
    await session.keep('atlas-row-menu');
    await page.page.locator('.monaco-menu .action-label', { hasText: 'Rename Job in Atlas' }).click();
    await page.waitForQuickInput('Rename enrich-orders in prod');
    await session.keep('atlas-rename');
    await page.quickInput().fill('orders@enriched');
    await page.quickMessage().filter({ hasText: 'A name has no @.' }).waitFor();
    await page.quickInput().fill('orders-enriched');
    await page.page.keyboard.press('Enter');
    await page.notification('enrich-orders is called orders-enriched in prod now.');
    await page.treeRow('orders-enriched').first().waitFor();
    await session.keep('atlas-renamed');
    expect(await guidOf('orders-enriched')).toBe(before);

    // the script follows, and nobody else has changed the job
    await page.clearNotifications();
    await page.goTo(5);
    const script = path.join(session.folder, 'enrich-orders.flink.sql');
    writeFileSync(script, readFileSync(script, 'utf8').replace("'enrich-orders'", "'orders-enriched'"));
    await page.page.locator('.editor-instance .view-line', { hasText: "'orders-enriched'" }).waitFor();
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish orders-enriched to prod');
    await page.quickRow('large_orders').waitFor();
    await session.keep('atlas-rename-script');
    expect((await page.quickRows()).join('\n')).toContain('What others added was kept last time.');
    expect((await page.quickRows()).join('\n')).not.toContain('Changed by');
    await page.page.keyboard.press('Escape');
  });

  it('is connected still after a reload of the window', async () => {
    const { page } = session;
    await page.page.reload();
    await page.waitForFile('enrich-orders.flink.sql');
    await page.showView(VIEW);
    await page.treeRow('orders-enriched').first().waitFor();
  });

  describe('a workspace of two folders, with an Atlas each', () => {
    const ways = new Map<string, { url: string; server: http.Server; written: string[] }>();
    let both: Session;
    let second: typeof atlas;

    beforeAll(async () => {
      await session.stop();
      second = await startAtlas();
      ways.set('prod', await openWay(atlas));
      ways.set('test', await openWay(second));
      const connection = (namespace: string) => ({ url: ways.get(namespace)?.url, namespace, timeout: 30_000 });
      both = await openSession({
        from: samples,
        withoutCatalog: true,
        roots: ['live', 'trial'],
        height: 1000,
        settings: { 'flinkSql.atlas.connections': { prod: connection('prod'), test: connection('test') } },
        prepare: (folder) => {
          const script = readFileSync(path.join(folder, 'enrich-orders.flink.sql'), 'utf8');
          for (const [root, picked] of [
            ['live', 'prod'],
            ['trial', 'test'],
          ] as const) {
            mkdirSync(path.join(folder, root, '.vscode'), { recursive: true });
            const settings = JSON.stringify({ 'flinkSql.atlas.connection': picked });
            writeFileSync(path.join(folder, root, '.vscode/settings.json'), settings);
            const text = script.replace("'enrich-orders'", `'${root}-job'`);
            writeFileSync(path.join(folder, root, `${root}.flink.sql`), text);
          }
        },
      });
    });
    keepFailures(() => both);
    afterAll(async () => {
      await both?.stop();
      for (const { server } of ways.values()) {
        server.closeAllConnections();
        server.close();
      }
      await second?.stop();
    });

    /** An address of its own for an Atlas, which signs in by itself and notes what is written through it. */
    async function openWay(of: typeof atlas) {
      const written: string[] = [];
      const authorization = `Basic ${Buffer.from(`${of.user}:${of.password}`).toString('base64')}`;
      const server = http.createServer((request, response) => {
        if (request.method !== 'GET' && request.url?.includes('/entity/')) written.push(request.url);
        const headers = { ...request.headers, authorization };
        const onward = http.request(`${of.url}${request.url}`, { method: request.method, headers });
        onward.on('response', (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        onward.on('error', () => response.destroy());
        request.pipe(onward);
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, written };
    }

    it('shows both in the tree', async () => {
      const { page } = both;
      await page.showView(VIEW);
      await page.treeRow('orders-enriched').waitFor();
      await page.treeRow(/^test\s*0 jobs/).waitFor();
      await both.keep('atlas-two');
      expect((await page.treeRows()).filter((row) => !row.startsWith(' ')).map((row) => row.split(' ')[0])).toEqual([
        'prod',
        'test',
      ]);
    });

    it.each([
      { root: 'live', own: 'prod', other: 'test', known: WORDS },
      { root: 'trial', own: 'test', other: 'prod', known: 'shop.orders.v2@test' },
    ])('hovers and publishes in $root with $own', async ({ root, own, other, known }) => {
      const { page } = both;
      await page.openFile(`${root}.flink.sql`);
      await page.page.locator('.statusbar-item', { hasText: own }).waitFor();
      const card = await page.hover('CREATE TABLE orders', 'orders', known);
      await both.keep(`atlas-two-hover-${own}`);
      expect(card).not.toContain(`@${other}`);
      await page.leave();
      await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
      await page.waitForQuickInput(`Publish ${root}-job to ${own}`);
      await both.keep(`atlas-two-preview-${own}`);
      const before = ways.get(other)?.written.length;
      await page.page.keyboard.press('Enter');
      await page.notification(new RegExp(`^${root}-job published to ${own}: \\d+ items in`));
      await both.keep(`atlas-two-published-${own}`);
      expect(ways.get(own)?.written).not.toEqual([]);
      expect(ways.get(other)?.written).toHaveLength(before ?? 0);
      const by = `attr:qualifiedName=${encodeURIComponent(`shop.orders.v2@${own}`)}`;
      await rest(
        'GET',
        `/v2/entity/uniqueAttribute/type/kafka_topic?${by}`,
        undefined,
        own === 'prod' ? atlas : second,
      );
      await page.clearNotifications();
    });
  });

  /** The same job published from another machine: its script has one INSERT more there. */
  function colleaguePublishes(): void {
    const theirs = mkdtempSync(path.join(os.tmpdir(), 'flink-sql-colleague-'));
    try {
      cpSync(samples, theirs, { recursive: true });
      const script = path.join(theirs, 'enrich-orders.flink.sql');
      const more = `
CREATE TABLE large_orders (order_id BIGINT NOT NULL) WITH (
  'connector' = 'kafka', 'topic' = 'shop.large-orders.v1', 'properties.bootstrap.servers' = 'kafka.shop.example:9092', 'format' = 'json'
);
INSERT INTO large_orders SELECT order_id FROM orders WHERE amount >= 500;
`;
      writeFileSync(script, readFileSync(script, 'utf8') + more);
      const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
      execFileSync(process.execPath, [cli, 'publish', script, '--atlas', atlas.url, '--namespace', 'prod', '--apply'], {
        env: {
          ...process.env,
          FLINK_SQL_OUTBOX: path.join(theirs, 'outbox'),
          FLINK_SQL_ATLAS_USER: atlas.user,
          FLINK_SQL_ATLAS_PASSWORD: atlas.password,
        },
      });
    } finally {
      rmSync(theirs, { recursive: true, force: true });
    }
  }
});
