// Connections in a real VS Code: an Atlas whose certificate a company has signed, beside the catalog of the folder.
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { makeCertificates, noOpenssl } from '../atlas/certificates';
import { expectPlain, keepFailures, openSession, type Session, samples, writeCatalog } from './session';

const missing = whyNoAtlas() ?? noOpenssl;
const evil =
  'evil [click](command:workbench.action.closeWindow) <img src=x onerror="document.title=1"> $(trash) \u202egnp';
const VIEW = 'Atlas: Flink jobs';

const MANY = 5000;

/** Puts thousands of topics into a catalog, one of them with thousands of columns. */
function writeMany(folder: string): void {
  const ref = (typeName: string, qualifiedName: string) => ({ typeName, uniqueAttributes: { qualifiedName } });
  const table = ref('flink_table', 'kafka_topic:many0@prod');
  const every = <T>(make: (index: number) => T) => Array.from({ length: MANY }, (_, index) => make(index));
  const topic = (index: number) => ({ name: `many${index} ${evil}`, topic: `many${index}`, uri: 'kafka:9092' });
  writeCatalog(folder, [
    ...every((index) => ({
      typeName: 'kafka_topic',
      attributes: { ...topic(index), description: evil, qualifiedName: `many${index}@prod` },
    })),
    {
      typeName: 'flink_table',
      attributes: { name: evil, ...table.uniqueAttributes, connector: 'kafka' },
      relationshipAttributes: { dataset: ref('kafka_topic', 'many0@prod') },
    },
    ...every((position) => ({
      typeName: 'flink_column',
      attributes: {
        name: `c${position} ${evil}`,
        qualifiedName: `kafka_topic:many0.c${position}@prod`,
        type: 'INT',
        position,
      },
      relationshipAttributes: { table },
    })),
  ]);
}

describe.skipIf(missing)(`an Atlas behind https, and a catalog${missing ? ` (${missing})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let certificates: ReturnType<typeof makeCertificates>;
  let proxy: https.Server;
  let url: string;
  let session: Session;

  beforeAll(async () => {
    atlas = await startAtlas();
    certificates = makeCertificates();
    const options = {
      cert: readFileSync(certificates.file('server.pem')),
      key: readFileSync(certificates.file('server.key')),
    };
    proxy = https.createServer(options, (request, response) => {
      const onward = http.request(`${atlas.url}${request.url}`, { method: request.method, headers: request.headers });
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    url = `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    session = await openSession({
      from: samples,
      open: 'enrich-orders.flink.sql',
      height: 1000,
      prepare: (folder) =>
        writeCatalog(folder, [
          {
            typeName: 'kafka_topic',
            attributes: {
              name: evil,
              topic: evil,
              uri: evil,
              description: evil,
              owner: evil,
              qualifiedName: `${evil}@prod`,
            },
          },
        ]),
    });
  });
  keepFailures(() => session);
  afterAll(async () => {
    await session?.stop();
    proxy?.closeAllConnections();
    proxy?.close();
    certificates?.remove();
    await atlas?.stop();
  });

  const status = (text: string) => session.page.page.locator('.statusbar-item', { hasText: text }).waitFor();
  const field = (more = '') => session.page.page.locator(`.quick-input-widget:visible input.input${more}`);
  const enter = () => session.page.page.keyboard.press('Enter');

  /** Answers what is asked of a user with a password: a connection of this name, and of the namespace. */
  const signIn = async (name: string) => {
    const asked = (text: string) => session.page.quickMessage().filter({ hasText: text }).waitFor();
    await asked('Your user at');
    await field().fill(atlas.user);
    await enter();
    await field('[type="password"]').fill(atlas.password);
    await enter();
    await asked('A name for this Atlas');
    await field().fill(name);
    await enter();
    await asked('namespace');
    await field().fill(name);
    await enter();
  };

  it('says that the certificate is not trusted, and connects once its authority is chosen', async () => {
    const { page } = session;
    await status('shop (workspace catalog)');
    await page.command('Flink SQL: Connect to Atlas', { settle: false });
    await field('[placeholder^="https://atlas"]').fill(url);
    await enter();
    await page.quickMessage().filter({ hasText: 'signed by an authority that is not trusted here' }).waitFor();
    await session.keep('connect-untrusted');
    await page.page.locator('.quick-input-widget:visible [aria-label="Choose a Certificate to Trust"]').click();
    await page.page.locator('.quick-input-widget:visible', { hasText: 'The certificate of the authority' }).waitFor();
    // The dialog writes the folder into the field when it has read it
    await page.quickRow('mistakes.flink.sql').waitFor();
    await field().fill(certificates.file('ca.pem'));
    await page.quickRow('ca.pem').waitFor();
    await session.keep('connect-choose-authority');
    await enter();
    await page.quickMessage().filter({ hasText: 'The address of the Atlas server' }).waitFor();
    await enter();
    await page.quickRow('User and password').waitFor();
    await session.keep('connect-sign-in');
    await enter();
    await signIn('prod');
    await page.notification('Connected to Atlas at prod');
    await page.clearNotifications();
    await status('prod');
  });

  it('shows both in the tree', async () => {
    const { page } = session;
    await page.showView(VIEW);
    await page.treeRow('shop (workspace catalog)').waitFor();
    expect((await page.treeRows()).filter((row) => !row.startsWith(' ')).map((row) => row.split(' ')[0])).toEqual([
      'prod',
      'shop',
    ]);
    await session.keep('connect-both');
  });

  it('compares them, and carries all of the catalog to Atlas', async () => {
    const { page } = session;
    await page.command('Flink SQL: Compare Workspace Catalog with Atlas', { settle: false });
    await page.waitForQuickInput('shop (workspace catalog) ⇄ prod');
    await page.quickRow('checkout-events').waitFor();
    await session.keep('compare-differences');
    await field().fill('evil');
    await page.quickRow('evil [click]').waitFor();
    await session.keep('compare-hostile');
    await expectPlain(session, '.quick-input-widget .monaco-list');
    await page.page.locator('.quick-input-widget:visible [aria-label="Show All Differences in an Editor"]').click();
    await page.page.locator('.tab', { hasText: 'Compare shop' }).waitFor();
    await session.keep('compare-text');
    await field().fill('checkout-events');
    await enter();
    await page.quickRow('Do It').waitFor();
    await session.keep('compare-one-chosen');
    await field().fill('');
    await page.quickRow('All to prod').click();
    await page.quickRow('Do It').waitFor();
    await session.keep('compare-all-chosen');
    await page.quickRow('Do It').click();
    await page.notification(/^\d+ differences carried to prod\./);
    await session.keep('compare-done');
    await page.clearNotifications();
    await page.command('Flink SQL: Compare Workspace Catalog with Atlas', { settle: false });
    await page.notification(/^shop \(workspace catalog\) and prod are alike: \d+ pieces of metadata\.$/);
    await page.clearNotifications();
  });

  it('shows thousands of differences, of which one can be found and carried', async () => {
    const { page } = session;
    writeMany(session.folder);
    await page.command('Flink SQL: Compare Workspace Catalog with Atlas', { settle: false });
    await page.waitForQuickInput(`shop (workspace catalog) ⇄ prod: 5,000 differences`);
    await page.quickRow('with 5,001 more that belong to it').waitFor();
    await session.keep('compare-many');
    await field().fill('many4999 ');
    await page.quickRow('many4999 evil').waitFor();
    await page.quickRow('many4998').waitFor({ state: 'detached' });
    await enter();
    await page.quickRow('Do It').waitFor();
    await session.keep('compare-many-chosen');
    expect((await page.quickRows()).join('\n')).toContain('1 to prod');
    await expectPlain(session, '.quick-input-widget .monaco-list, .quick-input-widget .quick-input-title');
    await page.page.locator('.quick-input-widget:visible [aria-label="Show All Differences in an Editor"]').click();
    await page.page.locator('.tab', { hasText: 'Compare shop' }).waitFor();
    await session.keep('compare-many-text');
    await page.quickRow('Do It').click();
    await page.notification('1 difference carried to prod.');
    await page.clearNotifications();
  });

  it('lets the workspace pick the other by name, and says when it picks what there is not', async () => {
    const { page } = session;
    await page.command('Flink SQL: Choose Connection', { settle: false });
    await page.quickRow('Workspace catalog').waitFor();
    await session.keep('connect-choose');
    await page.quickRow('Workspace catalog').click();
    await status('shop (workspace catalog)');
    const settings = path.join(session.folder, '.vscode/settings.json');
    expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual({ 'flinkSql.atlas.connection': 'workspace' });
    writeFileSync(settings, JSON.stringify({ 'flinkSql.atlas.connection': 'prodd' }));
    await status('Unknown connection');
    const card = await page.hover('CREATE TABLE orders', 'orders', 'pick the connection “prodd”');
    expect(card).toContain('Choose Connection');
    await session.keep('connect-unknown');
    await page.leave();
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.notification('pick the connection “prodd”, which you do not have');
    await session.keep('connect-unknown-publish');
    await page.clearNotifications();
  });

  it('leaves the folder what it has picked when another Atlas is connected', async () => {
    const { page } = session;
    writeFileSync(path.join(session.folder, '.vscode/settings.json'), '{ "flinkSql.atlas.connection": "prod" }');
    await status('prod');
    await page.command('Flink SQL: Connect to Atlas', { settle: false });
    await page.quickRow('Connect to Another Atlas').click();
    await field('[placeholder^="https://atlas"]').fill(atlas.url);
    await enter();
    await page.quickRow('User and password').click();
    await signIn('second');
    await page.notification('Connected to Atlas at second. The jobs here still belong to prod');
    await session.keep('connect-keeps');
    await status('prod');
    // the same jobs, of another connection's namespace
    await page.treeRow(/^checkout-events@prod/).waitFor();
    await page.clearNotifications();
    await page.command('Flink SQL: Disconnect from Atlas', { settle: false });
    await page.quickRow('second').click();
    await page.notification('Disconnected from Atlas at second.');
    await page.clearNotifications();
  });

  it('forgets it when disconnected', async () => {
    const { page } = session;
    writeFileSync(path.join(session.folder, '.vscode/settings.json'), '{}');
    await status('prod');
    await page.command('Flink SQL: Disconnect from Atlas', { settle: false });
    await page.notification('Disconnected from Atlas at prod.');
    await status('shop (workspace catalog)');
  });
});
