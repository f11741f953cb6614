// Browsing: lenses, the tree's groups and filter, and what is taken out of it into a script; with metadata that means harm.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScript } from '../../server/src/language/parser';
import { expectPlain, keepFailures, openSession, type Session, samples, writeCatalog } from './session';

const VIEW = 'Atlas: Flink jobs';

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

describe('searching', () => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession({ from: samples, open: 'enrich-orders.flink.sql', height: 900 });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  const search = async (text: string) => {
    const { page } = session;
    await page.command('Flink SQL: Search Atlas', { settle: false });
    await page.waitForQuickInput('Search Atlas');
    await page.quickInput().fill(text);
  };

  it('follows the typing over datasets, columns, jobs and terms', async () => {
    const { page } = session;
    await page.hover('CREATE TABLE orders', 'orders', 'Owner');
    await page.leave();
    await search('order');
    await page.quickRow('order-funnel').waitFor();
    await page.quickRow('Glossary term').waitFor();
    await session.keep('search-order');
    await page.quickInput().fill('order type:column');
    await page.quickRow('order_id').waitFor();
    await page.quickInput().fill('tag:');
    await page.quickRow('classification').waitFor();
    await session.keep('search-tags');
    await page.quickInput().fill('tag:PII');
    await page.quickRow('⚑ PII').waitFor();
    await session.keep('search-tag');
    await page.quickInput().fill('nothing has this');
    await page.quickRow('Nothing has these words').waitFor();
    await page.page.keyboard.press('Escape');
  });

  it('opens what is known with Enter', async () => {
    const { page } = session;
    await search('shop.orders.v2');
    await page.quickRow('Kafka topic · shop.orders.v2@prod').waitFor();
    await page.page.keyboard.press('Enter');
    const body = page.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await body.locator('h1', { hasText: 'shop.orders.v2' }).waitFor();
    await body.locator('table', { hasText: 'customer_id' }).waitFor();
    await session.keep('search-card');
    await page.command('View: Close All Editors');
  });

  it('inserts the name as the script calls it, and the DDL', async () => {
    const { page } = session;
    await page.openFile('enrich-orders.flink.sql');
    await page.goTo(71);
    await search('shop.orders.v2');
    const row = page.quickRow('Kafka topic · shop.orders.v2@prod');
    await row.waitFor();
    await row.hover();
    await row.locator('[aria-label="Insert Name"]').click();
    await page.page.locator('.editor-instance .view-line', { hasText: /^orders$/ }).waitFor();
    await search('customers');
    await page.quickRow('Database table').waitFor();
    await page.quickRow('Database table').hover();
    await page.quickRow('Database table').locator('[aria-label="Insert DDL"]').click();
    await page.page.locator('.editor-instance .view-line', { hasText: "'connector' = 'jdbc'," }).last().waitFor();
    await session.keep('search-inserted');
  });
});

describe('metadata that means harm', () => {
  const nasty = [
    '<img src=x onerror="document.title=1">',
    '[click](command:workbench.action.closeWindow)',
    '$(trash) $(error) icons',
    '\u202egnp.exe turned\u202c around',
    "Robert'); DROP TABLE jobs; --",
    'long '.repeat(2000).trim(),
  ];
  const name = (typeName: string, qualifiedName: string) => ({ typeName, uniqueAttributes: { qualifiedName } });
  // What a link, an icon and text that is turned around would do, in a script's own names
  const evil = `evil ${nasty.slice(0, 4).join(' ')}`;
  const kafka = (topic: string) =>
    `WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json')`;
  const script = `SET 'pipeline.name' = '${evil} ${nasty[5]}';
CREATE TABLE \`${evil}\` (\`${nasty[1]}\` BIGINT COMMENT '${evil}') COMMENT '${evil}' ${kafka(evil)};
CREATE TABLE \`sink ${evil}\` (\`${nasty[2]}\` BIGINT) ${kafka(`sink ${evil}`)};
INSERT INTO \`sink ${evil}\` SELECT \`${nasty[1]}\` FROM \`${evil}\`;
`;
  const wideColumns = Array.from(
    { length: 5000 },
    (_, column) => `\`${nasty[1]} ${nasty[3]} ${column}\` BIGINT`,
  ).join();
  const wide = `SET 'pipeline.name' = 'wide';
CREATE TABLE source (${wideColumns}) ${kafka('wide')};
CREATE TABLE sink (${wideColumns}) ${kafka('wide-sink')};
INSERT INTO sink SELECT * FROM source;
`;
  let session: Session;
  beforeAll(async () => {
    session = await openSession({
      files: { 'job.fql': 'SELECT 1;\n', 'evil.fql': script, 'wide.fql': wide, 'empty.fql': '\n' },
      open: 'job.fql',
      height: 900,
      prepare: (folder) =>
        writeCatalog(
          folder,
          nasty.flatMap((text, index) => {
            const [job, topic] = [`${text} job ${index}@x`, `${text} topic ${index}@x`];
            const base = { description: text, owner: text };
            const columns = Array.from({ length: index === 0 ? 5000 : 2 }, (_, column) => `${text} ${column}`);
            return [
              {
                typeName: 'flink_application',
                attributes: { ...base, name: `nasty${index} ${text}`, qualifiedName: job, conf: { file: text } },
              },
              {
                typeName: 'flink_process',
                attributes: {
                  ...base,
                  name: `x/${text}`,
                  qualifiedName: `${text}/sink ${index}@x`,
                  conf: { sql: text, job: text, sink: text, file: text },
                  inputs: [],
                  outputs: [name('kafka_topic', topic)],
                },
                relationshipAttributes: { job: name('flink_application', job) },
              },
              {
                typeName: 'kafka_topic',
                attributes: { ...base, name: `nasty${index} ${text}`, topic: text, uri: text, qualifiedName: topic },
                classifications: [{ typeName: text.slice(0, 40) }],
              },
              {
                typeName: 'flink_table',
                attributes: {
                  name: text,
                  qualifiedName: `kafka_topic:${topic}`,
                  connector: text,
                  options: { [text]: text },
                  definition: text,
                },
                relationshipAttributes: { dataset: name('kafka_topic', topic) },
              },
              ...columns.map((column, position) => ({
                typeName: 'flink_column',
                attributes: {
                  name: column,
                  qualifiedName: `kafka_topic:${topic}.${column}`,
                  type: text,
                  description: text,
                  position,
                },
                relationshipAttributes: { table: name('flink_table', `kafka_topic:${topic}`) },
              })),
            ];
          }),
        ),
    });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  const expectHarmless = (where: string) => expectPlain(session, where);

  it('is plain text in the tree, its tooltips and its messages', async () => {
    const { page } = session;
    await page.showView(VIEW);
    await page.treeRow('nasty0').first().waitFor();
    await page.expand('nasty0');
    await page.page.keyboard.press('Escape');
    const process = page.page.locator('.sidebar .monaco-list-row[aria-level="2"]').first();
    await process.locator('.monaco-tl-twistie').click();
    const topic = page.page.locator('.sidebar .monaco-list-row[aria-level="3"]').first();
    await topic.waitFor();
    await topic.locator('.monaco-tl-twistie').click();
    await page.page.locator('.sidebar .monaco-list-row[aria-level="4"]').first().waitFor();
    await topic.hover();
    await page.page.locator('.workbench-hover, .monaco-hover').first().waitFor();
    await session.keep('harm-tree');
    await expectHarmless('.sidebar, .monaco-hover, .workbench-hover');
    await page.command('Flink SQL: Filter Jobs', { settle: false });
    await page.quickInput().fill('[click](command:workbench');
    await page.page.locator('.sidebar .message', { hasText: '1 job matches “[click](command:workbench”.' }).waitFor();
    await session.keep('harm-filter');
    await expectHarmless('.sidebar');
    await page.page.keyboard.press('Escape');
  });

  it('is plain text in groups', async () => {
    const { page } = session;
    await page.command('Flink SQL: Group Jobs By…', { settle: false });
    await page.waitForQuickInput('Group the jobs by');
    await page.quickInput().fill('Owner');
    await page.page.keyboard.press('Enter');
    await page.treeRow('1 job').first().waitFor();
    await session.keep('harm-groups');
    await expectHarmless('.sidebar');
  });

  it('is plain text in a search and on its pages', async () => {
    const { page } = session;
    await page.command('Flink SQL: Search Atlas', { settle: false });
    await page.waitForQuickInput('Search Atlas');
    await page.quickInput().fill('nasty type:dataset');
    await page.quickRow('nasty5').waitFor();
    await session.keep('harm-search');
    await expectHarmless('.quick-input-widget .monaco-list');
    await page.quickInput().fill('nasty0 type:dataset');
    await page.quickRow('nasty1').waitFor({ state: 'hidden' });
    await page.quickRow('nasty0').waitFor();
    await page.page.keyboard.press('Enter');
    const body = page.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await body.locator('h1', { hasText: 'nasty0' }).waitFor();
    await session.keep('harm-card');
    expect(await body.locator('img, a[href^="command:"]').count()).toBe(0);
    expect(await body.locator('body').innerText()).toContain('and 4700 more columns');
    await page.command('View: Close All Editors');
  });

  it('is one quoted name in the script', async () => {
    const { page } = session;
    await page.openFile('job.fql');
    await page.goTo(2);
    await page.command('Flink SQL: Search Atlas', { settle: false });
    await page.waitForQuickInput('Search Atlas');
    await page.quickInput().fill('nasty4 type:dataset');
    const row = page.quickRow('nasty4');
    await row.waitFor();
    await row.hover();
    await row.locator('[aria-label="Insert Name"]').click();
    await page.page
      .locator('.editor-instance .view-line', { hasText: "`nasty4 Robert'); DROP TABLE jobs; --`" })
      .waitFor();
    await session.keep('harm-inserted');
  });

  it('is one CREATE TABLE in the script', async () => {
    const { page, folder } = session;
    await page.openFile('empty.fql');
    for (const each of ['nasty1', 'nasty4']) {
      await page.command('Flink SQL: Search Atlas', { settle: false });
      await page.waitForQuickInput('Search Atlas');
      await page.quickInput().fill(`${each} type:dataset`);
      const row = page.quickRow(each);
      await row.waitFor();
      await row.hover();
      await row.locator('[aria-label="Insert DDL"]').click();
      await page.page.locator('.editor-instance .view-line', { hasText: each }).first().waitFor();
    }
    await session.keep('harm-ddl');
    await page.page.keyboard.press('Control+S');
    const kinds = () => {
      const inserted = readFileSync(path.join(folder, 'empty.fql'), 'utf8');
      const { statements } = parseScript(inserted, { flinkVersion: '2.3', templates: true });
      return statements.map(({ statement }) => statement.root.kind);
    };
    await expect.poll(kinds).toEqual(['CreateTable', 'CreateTable']);
  });

  it('is plain text above the script, in the preview, and in what is said of a publish', async () => {
    const { page } = session;
    await page.openFile('evil.fql');
    await page.page.locator('.codelens-decoration', { hasText: 'not published yet' }).waitFor();
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish evil <img');
    await page.quickRow('Publish').waitFor();
    await session.keep('harm-preview');
    await expectHarmless('.quick-input-widget .monaco-list, .quick-input-widget .quick-input-title');
    await page.page.keyboard.press('Alt+d');
    await page.page.locator('.editor-instance .view-line', { hasText: '+ job evil' }).waitFor();
    await session.keep('harm-preview-text');
    await expectHarmless('.tabs-container');
    await page.page.keyboard.press('Enter');
    await page.notification(/^evil .* published to shop/);
    await page.page.locator('.codelens-decoration', { hasText: 'published just now' }).waitFor();
    await session.keep('harm-published');
    await expectHarmless('.notifications-toasts .notification-list-item-message, .codelens-decoration');
    await page.clearNotifications();
  });

  it('is one row for thousands of columns in the preview, which opens, can be searched, and is in the diff', async () => {
    const { page } = session;
    await page.openFile('wide.fql');
    await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
    await page.waitForQuickInput('Publish wide');
    const group = /^\s*5,000 column lineages/;
    await page.quickRow(group).waitFor();
    await session.keep('harm-wide-preview');
    expect((await page.quickRows()).filter((row) => row.includes('5,000 columns'))).toHaveLength(2);
    await page.quickRow(group).click();
    await page.quickRow(/turned around 0/).waitFor();
    await session.keep('harm-wide-opened');
    await page.quickRow(group).click();
    await page.quickRow(/turned around 0/).waitFor({ state: 'detached' });
    await page.quickInput().fill('4999');
    await page.quickRow(/turned around 4999/).waitFor();
    await session.keep('harm-wide-searched');
    await expectHarmless('.quick-input-widget .monaco-list, .quick-input-widget .quick-input-title');
    await page.quickInput().fill('');
    await page.quickRow(group).waitFor();
    await page.page.keyboard.press('Alt+d');
    await page.page
      .locator('.editor-instance .view-line', { hasText: '+     column lineage sink.[click]' })
      .first()
      .waitFor();
    await session.keep('harm-wide-text');
    await expectHarmless('.tabs-container');
    await page.page.keyboard.press('Escape');
    await page.quickInput().waitFor({ state: 'hidden' });
    await page.page.locator('.tab', { hasText: 'Publish wide.diff' }).waitFor({ state: 'detached' });
  });

  it('is plain text when a job is retired', async () => {
    const { page } = session;
    await page.command('Flink SQL: Retire Job from Atlas', { settle: false });
    await page.waitForQuickInput('Retire which job?');
    await page.quickInput().fill('evil');
    await page.quickRow('evil').click();
    const dialog = page.dialog('Retire evil');
    await dialog.waitFor();
    await session.keep('harm-retire');
    await expectHarmless('.monaco-dialog-box .dialog-message-container');
    await dialog.getByText('Retire', { exact: true }).click();
    await page.notification(/^evil .* is retired from/);
    await session.keep('harm-retired');
    await expectHarmless('.notifications-toasts .notification-list-item-message');
    await page.clearNotifications();
  });

  it('is plain text in what a server says, and in what waits for it', async () => {
    const { page, folder } = session;
    await page.openFile('evil.fql');
    let status = 400;
    const server = http.createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ errorCode: 'ATLAS-400-00-001', errorMessage: evil }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const machine = path.join(folder, '../data/Machine/settings.json');
      const settings = JSON.parse(readFileSync(machine, 'utf8')) as object;
      writeFileSync(machine, JSON.stringify({ ...settings, 'flinkSql.atlas.connections': { evil: { url } } }));
      mkdirSync(path.join(folder, '.vscode'), { recursive: true });
      writeFileSync(path.join(folder, '.vscode/settings.json'), '{ "flinkSql.atlas.connection": "evil" }');
      await page.page.locator('.statusbar-item', { hasText: 'evil' }).waitFor();
      await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
      await page.notification('Atlas refused: evil <img');
      await session.keep('harm-refused');
      await expectHarmless('.notifications-toasts .notification-list-item-message, .sidebar');
      await page.clearNotifications();
      status = 503;
      await page.command('Flink SQL: Publish Lineage to Atlas', { settle: false });
      await page.notification('is not ready.');
      await page.treeRow('Waiting to be published').waitFor();
      // rows that are drawn anew under the mouse take their hover away
      const hovered = async () => {
        await page.page.mouse.move(2, 2);
        await page.treeRow(/^evil .*next/).hover();
        const card = page.page.locator('.workbench-hover, .monaco-hover').first();
        return card.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        );
      };
      await expect.poll(hovered, { timeout: 30_000 }).toBe(true);
      await session.keep('harm-waiting');
      // the row's own buttons are icons
      await expectHarmless('.sidebar .monaco-icon-label-container, .monaco-hover, .workbench-hover');
      await page.pressInNotification('is not ready.', 'Show');
      await page.page.locator('.editor-instance .view-line', { hasText: '# evil' }).first().waitFor();
      await session.keep('harm-waiting-text');
      await expectHarmless('.tabs-container');
    } finally {
      server.closeAllConnections();
      server.close();
    }
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
