// The lineage panel in a real workbench: searched, opened and closed by mouse and keys, following the script, exported and
// restored; and with metadata that was written to do harm, in a folder that nobody trusts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelOf } from './panel';
import { artifacts, keepFailures, openSession, type Session, samples } from './session';

const ORDERS = 'kafka_topic shop.orders.v2@prod';
const CUSTOMERS = 'rdbms_table crm-db.shop.example:5432/crm.public.customers@prod';
const ENRICHED = 'kafka_topic shop.enriched-orders.v1@prod';
const JOB = 'process enrich-orders/enriched_orders@prod';

/** Two statements in one job, the second from line 4 on. */
const twoSinks = `CREATE TABLE source (id BIGINT) WITH ('connector' = 'datagen');
CREATE TABLE alpha (id BIGINT) WITH ('connector' = 'print');
CREATE TABLE beta (id BIGINT) WITH ('connector' = 'print'); INSERT INTO alpha SELECT id FROM source;
INSERT INTO beta SELECT id FROM source;
`;

const script = readFileSync(path.join(samples, 'enrich-orders.flink.sql'), 'utf8');
const lineOf = (text: string) => script.split('\n').findIndex((line) => line.includes(text)) + 1;

describe('the lineage of a sample', () => {
  let session: Session;
  let panel: ReturnType<typeof panelOf>;
  beforeAll(async () => {
    session = await openSession({
      from: samples,
      files: { 'two.flink.sql': twoSinks },
      settings: { 'files.autoSave': 'off' },
      width: 1800,
      height: 900,
    });
    panel = panelOf(session);
    await session.page.command('View: Toggle Primary Side Bar Visibility');
    // not by its address: a reload would then open the script and nothing else
    await session.page.openFile('enrich-orders.flink.sql');
  });
  keepFailures(() => session);
  afterAll(() => session?.stop());

  const toScript = () => session.page.page.locator('.editor-instance .view-lines').first().click();

  it('is shown beside the script', async () => {
    await session.page.command('Flink SQL: Show Lineage');
    await panel.label('orders').waitFor();
    await panel.label('enriched_orders').waitFor();
    await panel.handle(ORDERS, 'show', 'up').waitFor();
    await session.keep('lineage-beside');
    expect(await panel.title()).toBe('enrich-orders 3 datasets');
    await expect.poll(panel.chosen).toEqual([]);
  });

  it('goes to the SQL of what is clicked: a dataset, the statement, and an edge of it', async () => {
    await panel.choose(CUSTOMERS);
    await expect.poll(panel.chosen).toEqual([CUSTOMERS]);
    await panel.details('Database table').waitFor();
    await session.keep('lineage-chosen');
    await panel.expectLine(lineOf('CREATE TABLE customers'));
    await panel.choose(JOB);
    // the whole statement is selected: the cursor is at its end
    await panel.expectLine(lineOf('ON o.customer_id'));
    await panel.choose(ENRICHED);
    await panel.expectLine(lineOf('CREATE TABLE enriched_orders'));
    await panel.clickLine('.edge.lookup');
    await expect.poll(panel.chosen).toEqual([JOB]);
    await panel.expectLine(lineOf('ON o.customer_id'));
    await panel.press('Escape');
    await expect.poll(panel.chosen).toEqual([]);
  });

  it('shows columns, and goes to the expression that fills one', async () => {
    await panel.press('c');
    await panel.column(ENRICHED, 'size_class').waitFor();
    await panel.press('0');
    await panel.column(ENRICHED, 'size_class').click();
    await panel.frame.locator('.flow.on').first().waitFor();
    await session.keep('lineage-columns');
    expect(await panel.details('size_class').innerText()).toContain('CASE WHEN');
    await panel.expectLine(lineOf('size_class    STRING'));
    await panel.clickLine('.flow.on');
    await panel.expectLine(lineOf('CASE WHEN'));
    await panel.press('Escape');
    await panel.press('c');
    await panel.column(ENRICHED, 'size_class').waitFor({ state: 'detached' });
  });

  it('is walked through by keys, which open and close, and go to the SQL', async () => {
    await panel.choose(ORDERS);
    await panel.press('ArrowRight');
    await expect.poll(panel.chosen).toEqual([JOB]);
    await panel.press('ArrowRight');
    await expect.poll(panel.chosen).toEqual([ENRICHED]);
    expect(await panel.says()).toBe('enriched_orders, Kafka topic, 1 in, 0 out');
    await panel.press('Enter');
    await panel.column(ENRICHED, 'order_id').waitFor();
    await panel.press('ArrowDown');
    await panel.press('ArrowDown');
    await expect.poll(panel.chosen).toEqual([`${ENRICHED} customer_id`]);
    await panel.press('ArrowLeft');
    // its origin is opened as far
    await expect.poll(panel.chosen).toEqual([`${ORDERS} customer_id`]);
    await panel.press(' ');
    await panel.expectLine(lineOf('customer_id  BIGINT NOT NULL'));
    for (const id of [ORDERS, ENRICHED]) {
      await panel.choose(id);
      await panel.press('Backspace');
      await panel.column(id, 'customer_id').waitFor({ state: 'detached' });
    }
    await panel.press('Escape');
  });

  it('shows what is beyond a dataset and hides it again, by mouse and by key', async () => {
    await panel.press('0');
    await panel.handle(ORDERS, 'show', 'up').click();
    await panel.process('checkout-events').waitFor();
    await panel.press('0');
    await panel.handle(ORDERS, 'hide', 'up').waitFor();
    await session.keep('lineage-expanded');
    expect(await panel.handle(ORDERS, 'show', 'up').count()).toBe(0);
    await panel.handle(ORDERS, 'hide', 'up').click();
    await panel.process('checkout-events').waitFor({ state: 'detached' });
    await panel.handle(ORDERS, 'show', 'up').waitFor();

    await panel.choose(ORDERS);
    await panel.press('Enter');
    await panel.process('checkout-events').waitFor();
    await panel.process('order-funnel').waitFor();
    await panel.press('Backspace');
    await panel.process('checkout-events').waitFor({ state: 'detached' });
    await panel.process('order-funnel').waitFor({ state: 'detached' });
    await panel.press('Escape');
  });

  it('is searched', async () => {
    await panel.search('cust');
    expect(await panel.hits()).toMatch(/^1 of \d+$/);
    await expect.poll(panel.chosen).toEqual([CUSTOMERS]);
    await panel.press('Enter', panel.searchBox);
    expect(await panel.hits()).toMatch(/^2 of \d+$/);
    // the card is opened as far as the column that was found
    await panel.search('gross_am');
    await panel.press('Enter', panel.searchBox);
    await expect.poll(panel.chosen).toEqual([`${ENRICHED} gross_amount`]);
    await session.keep('lineage-found');
    await panel.search('no such thing');
    expect(await panel.hits()).toBe('nothing');
    await panel.press('Escape', panel.searchBox);
    expect(await panel.hits()).toBe('');
    await panel.press('Escape');
  });

  it('leads to the lineage of a dataset in the catalog, and back', async () => {
    await panel.choose(ORDERS);
    await panel.button('Lineage from Here').click();
    await panel.process('order-funnel').waitFor();
    await panel.process('checkout-events').waitFor();
    await session.keep('lineage-catalog');
    expect(await panel.title()).toMatch(/^shop.orders.v2 \d datasets$/);
    await expect.poll(panel.chosen).toEqual([ORDERS]);
    // what is shown without being asked for can be hidden as well
    await panel.handle(ORDERS, 'hide', 'down').click();
    await panel.process('order-funnel').waitFor({ state: 'detached' });
    await panel.button('Go back to what was shown before').click();
    await panel.node(JOB).waitFor();
    expect(await panel.title()).toBe('enrich-orders 3 datasets');
  });

  it('follows the script while it changes', async () => {
    const { page } = session;
    await toScript();
    await page.page.keyboard.press('Control+End');
    await page.type(
      "\nCREATE TABLE audit (id BIGINT) WITH ('connector' = 'print'); INSERT INTO audit SELECT order_id FROM orders",
    );
    await panel.label('audit').waitFor();
    await session.keep('lineage-typed');
    expect(await panel.title()).toBe('enrich-orders 4 datasets');
    // the cursor is in the new INSERT
    await page.command('Flink SQL: Show Lineage');
    await expect.poll(panel.chosen).toEqual(['process enrich-orders/audit@prod']);
    await toScript();
    await page.command('File: Revert File');
    await panel.label('audit').waitFor({ state: 'detached' });
  });

  it('chooses the statement at the cursor when it is opened', async () => {
    const { page } = session;
    await toScript();
    await page.openFile('two.flink.sql');
    await page.goTo(4, 3);
    await page.command('Flink SQL: Show Lineage');
    await expect.poll(panel.chosen).toEqual(['process two.flink.sql/beta@prod']);
    await panel.label('alpha').waitFor();
    await session.keep('lineage-at-cursor');
    await toScript();
    await page.openFile('enrich-orders.flink.sql');
    await page.command('Flink SQL: Show Lineage');
    await panel.node(ENRICHED).waitFor();
  });

  it('is exported', async () => {
    const saved = async (format: string, ending: string) => {
      const name = await panel.export(format);
      expect(name).toBe(`enrich-orders.${ending}`);
      return readFileSync(path.join(session.folder, name));
    };
    const svg = (await saved('SVG', 'lineage.svg')).toString();
    expect(svg).toMatch(/^<svg .*enriched_orders.*<\/svg>$/s);
    expect(svg).not.toMatch(/var\(|<script|https?:(?!\/\/www\.w3\.org\/)/);
    writeFileSync(path.join(artifacts, 'lineage-exported.svg'), svg);
    const png = await saved('PNG', 'lineage.png');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThan(400);
    writeFileSync(path.join(artifacts, 'lineage-exported.png'), png);
    expect((await saved('Mermaid', 'mmd')).toString()).toMatch(/^%% enrich-orders\nflowchart LR\n/);
    const events = JSON.parse((await saved('OpenLineage', 'openlineage.json')).toString());
    expect(events).toMatchObject([{ job: { name: expect.stringContaining('enrich-orders') } }]);
    await panel.chooseExport('Copy as Mermaid');
    await session.page.page.locator('.statusbar-item', { hasText: 'Lineage copied' }).waitFor();
  });

  it('stands as it was after a reload of the window', async () => {
    const { page } = session;
    await panel.press('0');
    await panel.handle(ORDERS, 'show', 'down').click();
    await panel.process('order-funnel').waitFor();
    await panel.handle(ORDERS, 'show', 'up').click();
    await panel.process('checkout-events').waitFor();
    await panel.handle(ORDERS, 'hide', 'up').click();
    await panel.process('checkout-events').waitFor({ state: 'detached' });
    await panel.choose(CUSTOMERS);
    const loaded = page.page.waitForEvent('load');
    await page.command('Developer: Reload Window', { settle: false });
    await loaded;
    await panel.process('order-funnel').waitFor();
    await panel.handle(ORDERS, 'hide', 'down').waitFor();
    await panel.handle(ORDERS, 'show', 'up').waitFor();
    await session.keep('lineage-restored');
    await expect.poll(panel.chosen).toEqual([CUSTOMERS]);
    expect(await panel.process('checkout-events').count()).toBe(0);
  });

  it('takes its colours from the theme, in high contrast too', async () => {
    const { page } = session;
    await panel.press('Escape');
    const before = await panel.colours();
    await page.page.keyboard.press('Control+K');
    await page.page.keyboard.press('Control+T');
    await page.quickInput().fill('Dark High Contrast');
    await page.quickRow('Dark High Contrast').waitFor();
    await page.page.keyboard.press('Enter');
    await expect.poll(async () => (await panel.colours()).drawn.body).toBe('rgb(0, 0, 0)');
    await session.keep('lineage-high-contrast');
    const after = await panel.colours();
    expect(after.named).toEqual(after.drawn);
    expect(before.named).toEqual(before.drawn);
    expect(after.drawn).not.toEqual(before.drawn);
  });
});

describe('metadata that was written to do harm, in a folder that nobody trusts', () => {
  const evil =
    '[click](command:workbench.action.closeWindow) <img src="https://evil.example/x.png"> <b>b</b> \u202edne';
  const endless = evil.repeat(120);
  const EVIL = 'kafka_topic evil@primary';
  const kafka = (topic: string) =>
    `WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = 'k:9092', 'format' = 'json')`;
  const named = (typeName: string, qualifiedName: string) => ({ typeName, uniqueAttributes: { qualifiedName } });
  const asked: string[] = [];
  let session: Session;
  let panel: ReturnType<typeof panelOf>;

  beforeAll(async () => {
    session = await openSession({
      files: {
        'job.fql': [
          `SET 'pipeline.name' = '${evil}';`,
          `CREATE TABLE \`${evil}\` (a INT, b STRING) COMMENT '${evil}' ${kafka('evil')};`,
          `CREATE TABLE sink (x STRING) ${kafka('sink')};`,
          `INSERT INTO sink SELECT CONCAT(b, '${evil}') FROM \`${evil}\`;`,
        ].join('\n'),
      },
      prepare: writeHarm,
      settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
      open: 'job.fql',
      width: 1800,
      height: 900,
    });
    panel = panelOf(session);
    session.page.page.on('request', (request) => asked.push(request.url()));
    await session.page.command('View: Toggle Primary Side Bar Visibility');
  });
  keepFailures(() => session);
  afterAll(() => session?.stop());

  function writeHarm(folder: string): void {
    let count = 0;
    const write = (typeName: string, attributes: object, more: object = {}) => {
      const place = path.join(folder, '.flink-atlas', typeName);
      mkdirSync(place, { recursive: true });
      const told = { name: evil, description: endless, owner: evil };
      const entity = { typeName, attributes: { ...told, ...attributes }, ...more };
      writeFileSync(path.join(place, `${count++}.json`), JSON.stringify(entity));
    };
    const table = 'kafka_topic:evil@primary';
    const told = { classifications: [{ typeName: evil }, { typeName: 'PII' }], meanings: [{ displayText: evil }] };
    write('kafka_topic', { qualifiedName: 'evil@primary', topic: evil, uri: evil }, told);
    write('kafka_topic', { name: endless, qualifiedName: `${endless}@primary`, topic: endless });
    write('flink_process', {
      name: endless,
      qualifiedName: `${endless}/x@primary`,
      conf: { sql: endless, job: endless, sink: evil, file: evil },
      inputs: [named('kafka_topic', 'evil@primary')],
      outputs: [named('kafka_topic', `${endless}@primary`)],
    });
    write(
      'flink_table',
      { qualifiedName: table },
      { relationshipAttributes: { dataset: named('kafka_topic', 'evil@primary') } },
    );
    for (let position = 0; position < 5000; position++)
      write(
        'flink_column',
        {
          name: position === 1 ? endless : `${position} ${evil}`,
          type: evil,
          position,
          qualifiedName: `${position}@primary`,
        },
        { relationshipAttributes: { table: named('flink_table', table) }, ...(position < 20 ? told : {}) },
      );
  }

  const expectHarmless = async () => {
    expect(await panel.harm()).toEqual({
      active: 0,
      // VS Code's own, and ours
      scripts: 2,
      reordered: false,
      title: 'Lineage',
      tooWide: 0,
      wideCards: 0,
    });
    expect(asked.filter((url) => url.includes('evil.example'))).toEqual([]);
  };

  it('is text on cards, in the details and in what is beyond', async () => {
    const { page } = session;
    await page.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await page.command('Flink SQL: Show Lineage');
    await panel.handle(EVIL, 'show', 'down').waitFor();
    await expectHarmless();
    await panel.choose(EVIL);
    await panel.details('5,002 columns').waitFor();
    await session.keep('lineage-hostile');
    expect(await panel.frame.locator('.details').innerText()).toContain(
      '[click](command:workbench.action.closeWindow)',
    );
    await expectHarmless();
    await panel.handle(EVIL, 'show', 'down').click();
    await panel.handle(EVIL, 'hide', 'down').waitFor();
    await panel.press('Escape');
    await panel.press('0');
    await session.keep('lineage-hostile-beyond');
    await expectHarmless();
  });

  it('is a card of some columns where there are five thousand', async () => {
    const rows = panel.node(EVIL).locator('.column');
    await panel.choose(EVIL);
    await panel.press('Escape');
    await panel.press('c');
    await panel.node(EVIL).locator('.more', { hasText: '… and 4,990 more' }).waitFor();
    expect(await rows.count()).toBe(12);
    await session.keep('lineage-hostile-columns');
    await panel.node(EVIL).locator('.more').click();
    await panel.node(EVIL).locator('.more', { hasText: '… and 4,890 more' }).waitFor();
    expect(await rows.count()).toBe(112);
    // further ones take the place of the first
    await panel.search('4321 [');
    await panel.press('Enter', panel.searchBox);
    await panel.node(EVIL).locator('.column.chosen').waitFor();
    expect(await rows.count()).toBe(112);
    await panel
      .node(EVIL)
      .locator('.more', { hasText: /^… 4,\d+ before$/ })
      .waitFor();
    await session.keep('lineage-hostile-found');
    await expectHarmless();
  });
});
