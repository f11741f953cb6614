// Atlas away and back, in a real VS Code with a real Apache Atlas: what waits, and what becomes of it.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { keepFailures, openSession, type Session, samples } from './session';

const missing = whyNoAtlas();
const VIEW = 'Atlas: Flink jobs';

describe.skipIf(missing)(missing ? `Atlas away and back (${missing})` : 'Atlas away and back', () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let session: Session;
  let port: number;
  let way: Server | undefined;
  const sockets = new Set<Socket>();

  /** Opens the way to Atlas on the address that the connection has. */
  async function open(): Promise<void> {
    const target = Number(new URL(atlas.url).port);
    way = createServer((socket) => {
      const onward = connect(target, '127.0.0.1');
      for (const each of [socket, onward]) {
        sockets.add(each);
        each.on('error', () => {});
        each.on('close', () => sockets.delete(each));
      }
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((done) => way?.listen(port ?? 0, '127.0.0.1', done));
    port = (way.address() as { port: number }).port;
  }

  async function shut(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => way?.close(done));
  }

  beforeAll(async () => {
    atlas = await startAtlas();
    await open();
    await shut();
    session = await openSession({
      from: samples,
      withoutCatalog: true,
      open: 'enrich-orders.flink.sql',
      height: 1000,
      settings: {
        'flinkSql.atlas.connections': { prod: { url: `http://127.0.0.1:${port}`, namespace: 'prod', timeout: 30_000 } },
      },
      env: { FLINK_SQL_ATLAS_USER: atlas.user, FLINK_SQL_ATLAS_PASSWORD: atlas.password },
    });
  });
  keepFailures(() => session);
  afterAll(async () => {
    await session?.stop();
    await shut();
    await atlas?.stop();
  });

  it('keeps what cannot be sent, and says so', async () => {
    const { page } = session;
    await page.showView(VIEW);
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.notification('Atlas cannot be reached. Saved; will be sent when it is back.');
    await page.treeRow('Waiting to be published').waitFor();
    await session.keep('outbox-kept');
    const rows = await page.treeRows();
    expect(rows[0]).toBe('Waiting to be published 1');
    expect(rows[1]).toMatch(/^ {2}enrich-orders next \d\d:\d\d:\d\d · Nothing answers at 127\.0\.0\.1:\d+\.$/);
  });

  it('shows what waits', async () => {
    const { page } = session;
    await page.pressInNotification('Atlas cannot be reached.', 'Show');
    await page.waitForFile('Waiting enrich-orders.diff');
    await session.keep('outbox-shown');
  });

  it('does not prepare Atlas without being asked, and says why it waits still', async () => {
    const { page } = session;
    await open();
    await page.command('Flink SQL: Send What Waits to Be Published', { settle: false });
    await page.notification(/^enrich-orders waits still\. prod has no place for Flink's tables and columns yet\./);
    await session.keep('outbox-waits-still');
    await page.clearNotifications();
  });

  it('a publish by hand takes the place of what waits', async () => {
    const { page } = session;
    await page.openFile('enrich-orders.flink.sql');
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish enrich-orders to prod');
    await page.page.keyboard.press('Alt+d');
    await page.page.locator('.tab', { hasText: 'Publish enrich-orders.diff' }).waitFor();
    await session.keep('outbox-diff');
    await page.page.keyboard.press('Enter');
    await page.notification(/^enrich-orders published to prod: \d+ items in .*Push .* items\/s; readable after/);
    await session.keep('outbox-published');
    await page.treeRow('Waiting to be published').waitFor({ state: 'detached' });
  });

  it('explains its figures beside the history', async () => {
    const { page } = session;
    await page.pressInNotification(/^enrich-orders published/, 'Explain Figures');
    await page.page.locator('.tab', { hasText: 'Publishes of enrich-orders to prod' }).waitFor();
    // the page is rendered in a frame of its own
    const frame = page.page.frameLocator('iframe.webview.ready').frameLocator('iframe');
    await frame.getByText('Push rate: M ÷ T1.').waitFor();
    await session.keep('outbox-history');
  });
});
