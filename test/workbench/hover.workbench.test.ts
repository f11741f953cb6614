// The hovers of tables, columns, topics, functions and options, and what the catalog says against a script, in a dark
// theme; and metadata that was written to do harm.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepFailures, openSession, type Session, samples } from './session';

const kafka = (topic: string) =>
  `WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = 'kafka.shop.example:9092', 'format' = 'json')`;

/** Reads and writes what the shop's catalog knows: a column that is missing, one of another type, and classified ones. */
const job = `CREATE TABLE payments (
  payment_id STRING,
  card       STRING,
  paid       DECIMAL(10, 2),
  fee        INT
) ${kafka('shop.payments.v1')};
CREATE TABLE orders (
  order_id    BIGINT,
  card_brand  STRING
) ${kafka('shop.orders.v2')};
INSERT INTO orders
SELECT CAST(payment_id AS BIGINT), UPPER(card) FROM payments;
`;

describe('hovers', () => {
  let session: Session;

  beforeAll(async () => {
    session = await openSession({
      from: samples,
      files: { 'governed.flink.sql': job },
      open: 'enrich-orders.flink.sql',
      height: 1200,
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
    });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  /** Hovers, keeps a picture, and checks what is to be read. */
  const look = async (name: string, line: string, word: string, expected: RegExp | string, ...texts: string[]) => {
    const { page } = session;
    const card = await page.hover(line, word, expected);
    await session.keep(`hover-${name}`);
    for (const text of texts) expect(card).toContain(text);
    await page.leave();
    return card;
  };

  it('a table', () =>
    look('table', 'CREATE TABLE orders', 'orders', 'Owner', 'shop.orders.v2@prod', 'Lineage', 'Refresh'));
  it('a database table with classified columns', () =>
    look('customers', 'CREATE TABLE customers', 'customers', 'PII', 'email'));
  it('the topic in the options', () => look('topic', "'topic' = 'shop.orders.v2'", 'shop.orders.v2', 'Owner', 'GOLD'));
  it('a column', () =>
    look('column', 'email        STRING', 'email', 'column of', 'PII', 'For order confirmations only'));
  it('where the values of a column come from', () =>
    look('origin', 'size_class    STRING', 'size_class', 'enriched_orders'));
  it('an option', () =>
    look('option', "'scan.startup.mode'", 'scan.startup.mode', 'option of kafka', 'earliest-offset'));
  it('a function', async () => {
    await session.page.goTo(65);
    await look('function', 'UPPER(c.country)', 'UPPER', 'Built-in function', 'UPPER(string)');
    await session.page.goTo(1);
  });

  it('columns that differ, and classified data that flows on', async () => {
    const { page } = session;
    await page.openFile('governed.flink.sql');
    await look('drift', 'CREATE TABLE payments', 'payments', 'differ from the workspace catalog', 'missing here');
    const flow = await look(
      'governance',
      'UPPER(card)',
      'card',
      'PII flows into',
      'payments.card (PII) → orders.card_brand',
    );
    expect(flow).toContain('card is classified PII in the workspace catalog');
    const problems = await page.problems(2);
    expect(problems.map(({ text }) => text).join('\n')).toMatch(
      /differ from the workspace catalog[\s\S]*PII flows into/,
    );
  });

  it('are mended by what is offered', async () => {
    const { page } = session;
    const fix = async (name: string, line: number, before: string, title: string | RegExp) => {
      const offered = page.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
      // what is open lists what was offered when it was opened: right after an edit that may be less
      const open = async () => {
        await page.page.keyboard.press('Escape');
        await page.goTo(line, before.length + 1);
        await page.page.keyboard.press('Control+.');
        return offered.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        );
      };
      await expect.poll(open, { timeout: 30_000 }).toBe(true);
      await session.keep(`hover-fix-${name}`);
      await offered.click();
      await offered.waitFor({ state: 'detached' });
    };
    await fix('flow', 12, 'SELECT CAST(payment_id AS BIGINT), UPPER(c', 'Write SHA256 of card');
    await page.place('UPPER(SHA256(card)) FROM payments', 'SHA256');
    await fix('drift', 1, 'CREATE TABLE pay', /^Take all \d+ columns from the workspace catalog$/);
    await page.place('order_id BIGINT', 'order_id');
    await session.keep(`hover-fix-all`);
    const text = (await page.page.locator('.editor-instance .view-line').allInnerTexts()).join('\n');
    expect(text.replaceAll('\u00a0', ' ')).not.toMatch(/^\s*fee\b/m);
    const told = async () => (await page.problems(1)).map((problem) => problem.text).join('\n');
    await expect.poll(told, { timeout: 30_000 }).not.toMatch(/of `payments` differ|: payments\.card/);
    await page.goTo(1);
    await page.page.keyboard.press('Control+Z');
    await page.page.locator('.view-line', { hasText: 'fee' }).first().waitFor();
  });

  it('a click on “Fix” makes the columns those of the catalog', async () => {
    const { page } = session;
    const text = () => page.page.locator('.editor-instance .view-lines').innerText();
    // the card's own link, which comes when the edit has been looked at; VS Code's quick fixes are in the hover too
    await page.hover('CREATE TABLE payments', 'payments', /is only here · Fix/);
    await session.keep(`hover-fix`);
    await page.page.locator('.monaco-hover:not(.hidden) a', { hasText: /^Fix$/ }).click();
    await page.page.locator('.view-line', { hasText: 'paid_at' }).first().waitFor();
    await session.keep(`hover-fixed`);
    expect(await text()).not.toMatch(/fee/);
    const card = await look('mended', 'CREATE TABLE payments', 'payments', 'as in this script');
    expect(card).not.toContain('Fix');
  });
});

describe('metadata that was written to do harm', () => {
  const evil =
    '[click](command:workbench.action.closeWindow) <img src="https://evil.example/x.png"> $(bug) **b** \u202edne';
  let session: Session;

  beforeAll(async () => {
    session = await openSession({
      files: {
        'job.fql': `CREATE TABLE evil (a INT, b STRING) ${kafka('evil')};\nCREATE TABLE sink (x STRING) ${kafka('sink')};\nINSERT INTO sink SELECT b FROM evil;\n`,
      },
      prepare: (folder) => {
        let count = 0;
        const write = (typeName: string, entity: object) => {
          const place = path.join(folder, '.flink-atlas', typeName);
          mkdirSync(place, { recursive: true });
          writeFileSync(path.join(place, `${count++}.json`), JSON.stringify({ typeName, ...entity }));
        };
        const classifications = [{ typeName: evil }, { typeName: 'PII' }];
        const attributes = { name: evil, description: evil.repeat(100), owner: evil };
        const meanings = [{ displayText: evil }];
        write('kafka_topic', {
          attributes: { ...attributes, qualifiedName: 'evil@primary', topic: evil, uri: evil },
          classifications: [classifications[0]],
          meanings,
          labels: [evil],
        });
        const table = 'kafka_topic:evil@primary';
        write('flink_table', {
          attributes: { ...attributes, qualifiedName: table, publishedBy: `${evil}@primary`, publishedAs: 'sink' },
        });
        for (let n = 0; n < 5000; n++) {
          const name = n === 0 ? 'b' : `${n} ${evil.repeat(n === 1 ? 200 : 1)}`;
          write('flink_column', {
            attributes: {
              ...attributes,
              name,
              type: n === 0 ? 'INT' : 'STRING',
              position: n,
              qualifiedName: `${n}@primary`,
            },
            relationshipAttributes: {
              table: { typeName: 'flink_table', uniqueAttributes: { qualifiedName: table } },
            },
            ...(n < 20 ? { classifications } : {}),
          });
        }
      },
      open: 'job.fql',
      height: 1200,
    });
  });
  afterAll(() => session?.stop());
  keepFailures(() => session);

  /** What the hover that is open could do or load: links, pictures, icons. */
  const parts = () =>
    session.page.page.locator('.monaco-hover:not(.hidden) .hover-contents').evaluateAll((contents) => ({
      links: contents.flatMap((one) =>
        [...one.querySelectorAll('a')].map((link) => link.getAttribute('data-href') ?? link.href),
      ),
      images: contents.reduce((sum, one) => sum + one.querySelectorAll('img, b > b').length, 0),
      bugs: contents.reduce((sum, one) => sum + one.querySelectorAll('.codicon-bug').length, 0),
      lines: Math.max(...contents.map((one) => (one.textContent ?? '').length)),
    }));
  // Beside our commands: the page of the finding, and the place that it points to
  const harmless = /^(command:flinkSql\.(showLineage|refreshHover|fixColumns)\b|flinksql-rule:|$)/;

  it('shows as text on a table', async () => {
    const { page } = session;
    const card = await page.hover('CREATE TABLE evil', 'evil', '· Fix');
    await session.keep('hover-hostile-table');
    expect(card).toContain('[click](command:workbench.action.closeWindow)');
    expect(card).toMatch(/… and \d+ more/);
    expect(card).not.toContain('\u202e');
    const { links, images, bugs, lines } = await parts();
    expect(links.filter((link) => !harmless.test(link))).toEqual([]);
    expect({ images, bugs }).toEqual({ images: 0, bugs: 0 });
    const [fix = ''] = links.filter((link) => link.includes('fixColumns'));
    expect(JSON.parse(decodeURIComponent(fix.replace(/^[^?]*\?/, '')))).toEqual([
      expect.stringMatching(/job\.fql$/),
      expect.any(Number),
      expect.any(Number),
    ]);
    expect(lines).toBeLessThan(8000);
    await page.leave();
  });

  it('shows as text on a column, and in what is told against the script', async () => {
    const { page } = session;
    await page.hover('SELECT b FROM', 'b', 'column of');
    await session.keep('hover-hostile-column');
    const { links, images, bugs } = await parts();
    expect(links.filter((link) => !harmless.test(link))).toEqual([]);
    expect({ images, bugs }).toEqual({ images: 0, bugs: 0 });
    await page.leave();
    const problems = await page.problems(2);
    const texts = problems.map(({ text }) => text);
    expect(texts.find((text) => text.includes('differ from'))).toMatch(/and 4\d\d\d more/);
    expect(texts.find((text) => text.includes('PII flows into'))).toContain('evil.b (PII) → sink.x');
    expect(Math.max(...texts.map(({ length }) => length))).toBeLessThan(1000);
  });
});
