// Secrets planted wherever a user of VS Code has them: in the script, in the form that connects, in the proxy of the settings
// and of the environment. After everyday work nothing of them may be in any file that the workbench, the extension or its
// server wrote, in what the browser keeps, or in anything that was on the screen.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAtlas, whyNoAtlas } from '../../scripts/atlas/atlas.mjs';
import { enableLogFiles, whyNoLogFiles } from '../../scripts/vscode/logModule.mjs';
import { leaks, secretive } from '../atlas/secretive';
import { panelOf } from './panel';
import { keepFailures, openSession, type Session } from './session';

const missing = whyNoAtlas();
const VIEW = 'Atlas: Flink jobs';
const SCRIPT = 'secretive.flink.sql';
const ATLAS = 'http://atlas.shop.example';
const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
/** Beyond those of the script: the passwords and the token of the form, the proxy of the settings, that of the environment */
const wrong = 'planted-90';
const right = 'planted-91';
const token = 'planted-92';
const gate = 'planted-93';
const elsewhere = 'planted-94';
/** Each secret as it is, and as basic authentication and addresses write it */
const written = [
  ...[wrong, right].map((password) => basic('ann', password)),
  basic('gate', gate),
  basic('other', elsewhere),
].map((header) => header.slice('Basic '.length));

/** What a text holds of the secrets. */
const found = (text: string) => [...leaks(text), ...written.filter((each) => text.includes(each))];

/** All files in a folder, with what they hold. */
function filesOf(folder: string): { name: string; text: string }[] {
  return readdirSync(folder).flatMap((each) => {
    const name = path.join(folder, each);
    const stats = statSync(name, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return filesOf(name);
    return stats?.isFile() ? [{ name, text: readFileSync(name, 'latin1') }] : [];
  });
}

describe.skipIf(missing)(`planted secrets${missing ? ` (${missing})` : ''}`, () => {
  let atlas: Awaited<ReturnType<typeof startAtlas>>;
  let way: Server;
  let isBusy = false;
  let session: Session;
  /** All that was on the screen, time after time */
  const seen: string[] = [];
  /** What VS Code has logged */
  let logs: ReturnType<typeof filesOf> = [];
  /** What came to Atlas's door with the right credentials */
  const signedIn = new Set<string>();

  beforeAll(async () => {
    await enableLogFiles();
    atlas = await startAtlas({ flinkTypes: true });
    // a proxy that asks for a password, and Atlas behind it, with users of its own
    way = createServer((request, response) => {
      const { headers, method = 'GET', url = '' } = request;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        // as a careless one does it, with what it was sent
        const errorMessage = `Not for ${headers.authorization}, ${Buffer.from(headers.authorization?.split(' ')[1] ?? '', 'base64')}`;
        const refuse = (status: number) =>
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(JSON.stringify({ errorCode: 'ATLAS-500-00-001', errorMessage }));
        if (headers['proxy-authorization'] !== basic('gate', gate)) return refuse(407);
        const { authorization = '' } = headers;
        if (![basic('ann', right), `Bearer ${token}`].includes(authorization)) return refuse(401);
        signedIn.add(authorization);
        if (isBusy && method !== 'GET') return refuse(500);
        const { pathname, search } = new URL(url, ATLAS);
        const answer = await fetch(atlas.url + pathname + search, {
          method,
          headers: { authorization: basic(atlas.user, atlas.password), 'content-type': 'application/json' },
          ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
        });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    await new Promise<void>((done) => way.listen(0, '127.0.0.1', done));
    const proxy = `http://gate:${gate}@127.0.0.1:${(way.address() as AddressInfo).port}`;
    session = await openSession({
      files: { [SCRIPT]: secretive, 'notes.fql': '' },
      open: SCRIPT,
      height: 1000,
      settings: { 'http.proxy': proxy, 'flinkSql.trace.server': 'verbose' },
      env: {
        HTTP_PROXY: `http://other:${elsewhere}@127.0.0.1:1`,
        NO_PROXY: '127.0.0.1,localhost',
      },
      // as talkative as it can be
      args: ['--log', 'trace'],
    });
  });
  keepFailures(() => session);
  afterAll(async () => {
    await session?.stop();
    way?.close();
    way?.closeAllConnections();
    await atlas?.stop();
  });

  /** Keeps what is on the screen, frames included, as a text and as a picture; the script itself is left out. */
  const look = async (name: string) => {
    await session.keep(`secrets-${name}`);
    const { page } = session.page;
    const parts = [
      ...[
        '.quick-input-widget',
        '.notifications-toasts',
        '.notifications-center',
        '.monaco-hover',
        '.monaco-dialog-box',
      ],
      ...['.sidebar', '.panel', '.part.statusbar', '.title', '.breadcrumbs-below-tabs'],
    ];
    seen.push(...(await page.locator(parts.join(', ')).allTextContents()));
    // a frame may go while it is looked at: the next look sees what came in its place
    const texts = page
      .frames()
      .slice(1)
      .map((frame) =>
        frame
          .locator('body')
          .allInnerTexts()
          .catch(() => []),
      );
    seen.push(...(await Promise.all(texts)).flat());
  };
  const field = (more = '') => session.page.page.locator(`.quick-input-widget:visible input.input${more}`);
  const enter = () => session.page.page.keyboard.press('Enter');
  const message = (text: string) => session.page.quickMessage().filter({ hasText: text }).waitFor();
  const clear = () => session.page.clearNotifications();

  it('connects with a password, after a wrong one, and with a token', async () => {
    const { page } = session;
    await page.command('Flink SQL: Connect to Atlas', { settle: false });
    await field('[placeholder^="https://atlas"]').fill(ATLAS);
    await enter();
    await page.quickRow('User and password').click();
    await message('Your user at');
    await field().fill('ann');
    await enter();
    await field('[type="password"]').fill(wrong);
    await enter();
    await message('refused');
    await look('refused');
    await field('[type="password"]').fill(right);
    await enter();
    await message('A name for this Atlas');
    await field().fill('prod');
    await enter();
    await message('namespace');
    await field().fill('prod');
    await enter();
    await page.notification('Connected to Atlas at prod');
    await look('connected');
    await clear();

    await page.command('Flink SQL: Connect to Atlas', { settle: false });
    await page.quickRow('Connect to Another Atlas').click();
    await field('[placeholder^="https://atlas"]').fill(ATLAS);
    await enter();
    await page.quickRow(/token/i).click();
    await field('[type="password"]').fill(token);
    await enter();
    await message('A name for this Atlas');
    await field().fill('second');
    await enter();
    await message('namespace');
    await field().fill('second');
    await enter();
    await page.notification('Connected to Atlas at second');
    await look('connected-again');
    await clear();
    expect([...signedIn].sort()).toEqual([basic('ann', right), `Bearer ${token}`]);
  });

  it('hovers, publishes, and fails to', async () => {
    const { page } = session;
    await page.showView(VIEW);
    await page.openFile(SCRIPT);
    for (const [line, word] of [
      ['CREATE TABLE a', 'a ('],
      ["'topic' = 'a'", "'topic'"],
    ] as const) {
      await page.hover(line, word, /./);
      await look(`hover-${word.replace(/\W/g, '')}`);
      await page.leave();
    }
    const publish = async () => {
      await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
      await page.waitForQuickInput('Publish secretive to');
      await page.page.keyboard.press('Alt+d');
      await page.page.locator('.tab', { hasText: 'Publish secretive.diff' }).waitFor();
      await look('preview');
      await enter();
    };
    await publish();
    await page.notification(/^secretive published to/);
    await look('published');
    await page.pressInNotification(/^secretive published/, 'Explain Figures');
    await page.page.locator('.tab', { hasText: 'Publishes of secretive' }).waitFor();
    await look('history');
    await clear();

    await page.openFile(SCRIPT);
    await page.command('Flink SQL: Choose Connection', { settle: false });
    await page.quickRow('prod').click();
    await page.page.locator('.statusbar-item', { hasText: 'prod' }).waitFor();
    isBusy = true;
    await publish();
    await page.notification(/Saved; will be sent/);
    await look('failed');
    await page.pressInNotification(/Saved; will be sent/, 'Show');
    await page.page.locator('.tab', { hasText: 'Waiting secretive.diff' }).waitFor();
    seen.push(await page.page.locator('.editor-instance .view-lines').last().innerText());
    await look('waiting');
    isBusy = false;
    await page.treeRow('Waiting to be published').waitFor({ state: 'detached' });
    await clear();
  });

  it('searches, puts DDL into a file, shows lineage and exports it', async () => {
    const { page, folder } = session;
    const search = async (text: string, row: string) => {
      await page.command('Flink SQL: Search Atlas', { settle: false });
      await page.waitForQuickInput('Search Atlas');
      await field().fill(text);
      await page.quickRow(row).waitFor();
      await look(`search-${text}`);
    };
    await page.openFile('notes.fql');
    await search('crm', 'Database table');
    await page.quickRow('Database table').hover();
    await page.quickRow('Database table').locator('[aria-label="Insert DDL"]').click();
    await page.page.locator('.editor-instance .view-line', { hasText: 'CREATE TABLE' }).first().waitFor();
    await page.page.keyboard.press('Control+S');
    await search('secretive', 'secretive');
    await enter();
    await page.page
      .locator('.tab', { hasText: /^secretive/ })
      .first()
      .waitFor();
    await look('page');
    await page.openFile(SCRIPT);
    await page.command('Flink SQL: Show Lineage');
    const panel = panelOf(session);
    await panel.frame.locator('.node').first().waitFor();
    await look('lineage');
    for (const [format, ending] of [
      ['SVG', 'lineage.svg'],
      ['Mermaid', 'mmd'],
      ['OpenLineage', 'openlineage.json'],
      ['JSON', 'lineage.json'],
    ] as const) {
      const name = await panel.export(format);
      seen.push(name);
      expect(name).toBe(`secretive.${ending}`);
      expect(readdirSync(folder)).toContain(name);
    }
    await look('exported');
  });

  it('leaves nothing of them in any file, in what the browser keeps, or on the screen', async () => {
    const { page, base } = session;
    // On a slow machine VS Code gives a webview the focus back so late that it closes what a command has opened
    await page.page.locator(`.tab[data-resource-name="${SCRIPT}"]`).click();
    await page.page.locator('.monaco-editor.focused').first().waitFor();
    await page.command('Flink SQL: Show Connection', { settle: false });
    await page.quickRow('Show the Log').click();
    await page.page.locator('.panel .view-lines').first().waitFor();
    await look('log');
    const state = JSON.stringify(await page.page.context().storageState({ indexedDB: true }));
    // VS Code in a browser keeps its SecretStorage there, encrypted; on a desktop it is in the system's keyring
    expect(state).toContain('secrets.provider');
    await page.close();
    await session.workbench.stop();

    const files = filesOf(base).map(({ name, text }) => ({ name: path.relative(base, name), text }));
    logs = files.filter(({ name }) => /^data\/logs\//.test(name));
    // VS Code keeps copies of the settings, and with them of the proxy that the user wrote there
    const settings = /^data\/(User|Machine)\/(settings\.json$|History\/|caches\/CachedConfigurations\/)/;
    // and so talkative it writes down the environment that it is started with
    const environment = /^data\/logs\/[^/]+\/remoteagent\.log$/;
    const leaking = files
      .filter(({ name }) => name !== `shop/${SCRIPT}`)
      .flatMap(({ name, text }) => found(text).map((secret) => ({ name, secret })))
      .filter(({ name, secret }) => !(secret === gate && settings.test(name)))
      .filter(({ name, secret }) => !(secret === elsewhere && environment.test(name)));
    expect(leaking).toEqual([]);
    expect(found(state)).toEqual([]);
    expect(found(seen.join('\n'))).toEqual([]);
    // it was there to be found
    const all = (part: RegExp) =>
      files
        .filter(({ name }) => part.test(name))
        .map(({ text }) => text)
        .join('\n');
    expect(all(/^outbox\/history/)).toContain('secretive');
    expect(all(/^shop\/secretive\.(lineage|openlineage|mmd)/)).toContain('secretive');
    expect(all(/^shop\/notes\.fql$/)).toContain('CREATE TABLE');
    expect(seen.join('\n')).toContain('secretive published to');
  });

  const noLogs = whyNoLogFiles();
  it.skipIf(noLogs)(`has looked into VS Code's log files${noLogs ? ` (${noLogs})` : ''}`, () => {
    const [ours] = logs.filter(({ name }) => name.endsWith('Flink SQL.log'));
    const text = Buffer.from(ours?.text ?? '', 'latin1').toString();
    expect(text).toMatch(/flinkSql\/applyPublish: .* \[500 ATLAS-500-00-001 Not for Basic …, ann:…\]/);
  });
});
