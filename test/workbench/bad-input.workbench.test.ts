// What people see when something is not as it should be: no catalog, no Atlas, a folder that cannot be written to, files
// of odd sizes. Whatever goes wrong is one sentence where they look, and never a box that has to be clicked away.
import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session, type SessionOptions, samples } from './session';

const VIEW = 'Atlas: Flink jobs';
const kafka = (topic: string) => `WITH (
  'connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = 'kafka.example:9092', 'format' = 'json'
)`;
const job = `SET 'pipeline.name' = 'copy-orders';
CREATE TABLE orders (id BIGINT, amount DECIMAL(10, 2)) ${kafka('orders')};
CREATE TABLE copies (id BIGINT, amount DECIMAL(10, 2)) ${kafka('copies')};
INSERT INTO copies SELECT id, amount FROM orders;
`;

let session: Session;
const open = async (options: SessionOptions) => {
  session = await openSession(options);
  return session.page;
};
afterEach(() => session?.stop());
keepFailures(() => session);

describe('nothing is configured', () => {
  it('is welcomed by the view, and told by the hover how to go on', async () => {
    const page = await open({ files: { 'job.fql': job }, open: 'job.fql' });
    await page.showView(VIEW);
    const view = page.page.locator('.sidebar .welcome-view-content');
    await view.getByText('No Atlas at hand?').waitFor();
    await view.locator('.monaco-button', { hasText: 'Connect to Atlas' }).waitFor();
    await page.hover('FROM orders', 'orders', 'Not connected to Atlas');
    await session.keep('bad-not-connected');
  });
});

describe('Atlas cannot be reached', () => {
  it('leaves the hover its definition and one quiet line, and the tree a row that tries again', async () => {
    const page = await open({
      files: { 'job.fql': job },
      open: 'job.fql',
      settings: { 'flinkSql.atlas.connections': { prod: { url: 'http://127.0.0.1:1' } } },
    });
    await page.hover('FROM orders', 'orders', /BIGINT/);
    const card = await page.hover('FROM orders', 'orders', 'Nothing answers at 127.0.0.1:1');
    expect(card.match(/Nothing answers/g)).toHaveLength(1);
    await session.keep('bad-unreachable-hover');
    await page.leave();
    await page.showView(VIEW);
    await page.treeRow('Nothing answers at 127.0.0.1:1').waitFor();
    expect(await page.treeRows()).toHaveLength(1);
    await session.keep('bad-unreachable-tree');
    expect(await page.page.locator('.notifications-toasts .notification-list-item').count()).toBe(0);
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.notification('Atlas cannot be reached. Saved; will be sent when it is back.');
    await session.keep('bad-unreachable-publish');
  });
});

describe('connecting to what is no Atlas', () => {
  const server = http.createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html><body>Please sign in</body></html>');
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => server.close());

  it('says under the address what is wrong with it', async () => {
    const page = await open({ files: { 'job.fql': job }, open: 'job.fql' });
    await page.command('Flink SQL: Connect to Atlas', { settle: false });
    const address = page.page.locator('.quick-input-widget:visible input.input[placeholder^="https://atlas"]');

    await address.fill('atlas.example.org');
    await page.page.keyboard.press('Enter');
    await page.quickMessage().filter({ hasText: 'http:// or https://' }).waitFor();

    await address.fill('http://no-such-host.invalid:21000');
    await page.page.keyboard.press('Enter');
    await page.quickMessage().filter({ hasText: 'no-such-host.invalid' }).waitFor();
    await session.keep('bad-connect-unknown-host');

    await address.fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await page.page.keyboard.press('Enter');
    // A gateway may send strangers to a page and let those in who have a password
    await page.quickRow('User and password').waitFor();
    await page.page.keyboard.press('Enter');
    await page.quickMessage().filter({ hasText: 'Your user at' }).waitFor();
    await page.quickInput().fill('somebody');
    await page.page.keyboard.press('Enter');
    await page.quickMessage().filter({ hasText: 'The password of somebody' }).waitFor();
    await page.quickInput().fill('secret');
    await page.page.keyboard.press('Enter');
    await page.quickMessage().filter({ hasText: 'login page' }).waitFor();
    await session.keep('bad-connect-login-page');
  });
});

describe('the folder cannot be written to', () => {
  it('says so when publishing, and what to do', async () => {
    const page = await open({ from: samples, open: 'enrich-orders.flink.sql', prepare: makeCatalogReadOnly });
    await page.hover('CREATE TABLE orders', 'orders', 'orders');
    await page.leave();
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish enrich-orders');
    await page.page.keyboard.press('Enter');
    await page.notification('cannot be written: the folder is read-only');
    await session.keep('bad-read-only');
  });

  /** Permissions do not stop the superuser, but nobody can write to the kernel's own file system. */
  function makeCatalogReadOnly(folder: string): void {
    const catalog = path.join(folder, '.flink-atlas');
    if (process.getuid?.() === 0) {
      rmSync(catalog, { recursive: true, force: true });
      symlinkSync('/sys/kernel', catalog);
    } else chmodSync(catalog, 0o555);
  }
});

describe('files of odd sizes', () => {
  it('takes an empty file, a half-typed one and one of 5 MB', async () => {
    const halfTyped = job.split('\n').length;
    const statement = 'INSERT INTO copies SELECT id, amount FROM orders WHERE amount > 1000 AND id <> 42;\n';
    const large = `${job}${statement.repeat(Math.ceil((5 * 1024 * 1024) / statement.length))}SELCT 1;\n`;
    const page = await open({
      files: { 'empty.fql': '', 'half.fql': `${job}SELECT o. FROM orders AS o JOIN\n`, 'large.fql': large },
      open: 'empty.fql',
    });
    expect(await page.problems(0)).toEqual([]);
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.page.locator('.notifications-toasts .notification-list-item').first().waitFor();
    await session.keep('bad-empty-publish');
    await page.clearNotifications();

    await page.openFile('half.fql');
    await page.hover('FROM orders;', 'orders', 'BIGINT');
    await page.leave();
    const [problem] = await page.problems(1);
    expect(problem?.line).toBe(halfTyped);
    await session.keep('bad-half-typed');

    await page.openFile('large.fql');
    const last = large.split('\n').length - 1;
    const problems = await page.problems(2);
    expect(problems.map(({ line }) => line).sort((a, b) => a - b)).toEqual([halfTyped, last]);
    await page.goTo(last);
    await page.squiggles().first().waitFor();
    await page.hover('FROM orders', 'orders', 'BIGINT');
    await session.keep('bad-large');
  });
});
