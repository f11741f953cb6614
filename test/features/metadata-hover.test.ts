import { describe, expect, it } from 'vitest';
import type { CardColumn, ColumnCard, TableAnswer, TableCard } from '../../server/src/atlas/cards';
import { ago, columnCard, metadataHover, notConnected } from '../../server/src/features/metadata-hover';
import type { StoreInfo, UserError } from '../../server/src/protocol';
import type { TableNode } from '../../server/src/semantics/lineage';

const atlas: StoreInfo = { id: 'atlas:prod', kind: 'atlas', label: 'prod', url: 'https://atlas.example' };
const catalog: StoreInfo = {
  id: 'workspace:x',
  kind: 'workspace',
  label: 'shop (workspace catalog)',
  url: 'file:///x',
};
const NOW = Date.UTC(2026, 0, 3);
const asked = { uri: 'file:///a.fql', position: { line: 3, character: 7 }, now: NOW };
/** The arguments of the link that refreshes, encoded: the place of the hover */
const REFRESH = 'command:flinkSql.refreshHover?%5B%22file%3A%2F%2F%2Fa.fql%22%2C3%2C7%5D';
/** Those of the link that shows the lineage: where it is kept, type and name */
const lineageOf = (typeName: string, qualifiedName: string) =>
  `?${encodeURIComponent(JSON.stringify([{ store: 'atlas:prod', typeName, qualifiedName }]))}`;
const LINEAGE = lineageOf('kafka_topic', 'shop.orders.v2@prod');

const orders: TableNode = {
  name: 'default_catalog.default_database.orders',
  kind: 'table',
  options: { connector: 'kafka', topic: 'shop.orders.v2' },
  definition: 'CREATE TABLE orders …',
  columns: [
    { name: 'order_id', type: 'BIGINT NOT NULL', kind: 'physical' },
    { name: 'amount', type: 'DECIMAL(10, 2)', kind: 'physical' },
    { name: 'note', type: 'STRING', kind: 'physical' },
    { name: 'proc_time', type: 'TIMESTAMP_LTZ(3) NOT NULL', kind: 'computed' },
    { name: 'received_at', type: 'TIMESTAMP_LTZ(3)', kind: 'metadata', virtual: true },
  ],
};
const column = (name: string, type: string, ...classifications: string[]): CardColumn => ({
  name,
  guid: name,
  qualifiedName: `shop.orders.v2.${name}@prod`,
  type,
  flinkType: type.toUpperCase(),
  classifications,
});
const ordersCard: TableCard = {
  table: orders.name,
  typeLabel: 'Kafka topic',
  typeName: 'kafka_topic',
  name: 'shop.orders.v2',
  qualifiedName: 'shop.orders.v2@prod',
  guid: '1',
  description: 'Orders as accepted by checkout, one event per order.',
  owner: 'payments-team',
  classifications: ['PII', 'GOLD'],
  terms: ['Order', 'Revenue'],
  labels: [],
  columns: [column('order_id', 'BIGINT'), column('amount', 'DECIMAL(10,2)'), column('note', 'VARCHAR(2147483647)')],
  columnType: 'flink_column',
  upstream: ['checkout_service', 'legacy_orders_import'],
  downstream: ['enrich_orders', 'fraud_features', 'dwh.orders', 'a', 'b', 'c'],
  updateTime: Date.UTC(2026, 0, 1),
  updatedBy: 'kafka hook',
  status: 'active',
  webUrl: 'https://atlas.example/#!/detailPage/1',
};

/** Checks the card's Markdown, line by line; trailing blanks, which only break lines, are left out. */
function check(answer: Partial<TableCard> | TableAnswer, expected: string, table = orders, store = atlas): void {
  const whole: TableAnswer =
    'found' in answer ? answer : { table: table.name, found: true, card: { ...ordersCard, ...answer }, others: [] };
  const markdown = metadataHover(table, whole, { store, ...asked });
  const lines = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => line.trim());
  expect(lines(markdown)).toEqual(lines(expected));
}

const failure = (code: UserError['code'], message: string): TableAnswer => ({
  table: orders.name,
  found: false,
  error: { code, message },
});

describe('the card of a table', () => {
  it('says what it is, what it means, whose it is, its columns and what depends on it', () =>
    check(
      {},
      `
      **shop\\.orders\\.v2** · Kafka topic — Atlas ● prod
      \`shop.orders.v2@prod\`
      Orders as accepted by checkout, one event per order\\.
      Owner **payments\\-team** · Terms Order, Revenue · ⚑ **PII** ⚑ **GOLD**

      3 columns, as in this script
      ↑ 2 upstream: checkout\\_service, legacy\\_orders\\_import
      ↓ 6 downstream: enrich\\_orders, fraud\\_features, dwh\\.orders, a … and 2 more

      [Open in Atlas](https://atlas.example/#!/detailPage/1) · [Lineage](command:flinkSql.showLineage${LINEAGE}) · [Refresh](${REFRESH}) · updated 2 days ago by kafka hook`,
    ));

  it('names the columns that differ from the script, and those that are classified', () =>
    check(
      {
        columns: [column('order_id', 'STRING'), column('amount', 'decimal(10,2)', 'PII'), column('currency', 'STRING')],
        upstream: [],
        downstream: [],
        classifications: [],
        terms: [],
        updateTime: undefined,
      },
      `
      **shop\\.orders\\.v2** · Kafka topic — Atlas ● prod
      \`shop.orders.v2@prod\`
      Orders as accepted by checkout, one event per order\\.
      Owner **payments\\-team**

      \`amount\` decimal\\(10,2\\) ⚑ **PII**
      ± 3 columns differ from Atlas: \`currency\` is missing here, \`order_id\` is STRING there, \`note\` is only here

      [Open in Atlas](https://atlas.example/#!/detailPage/1) · [Lineage](command:flinkSql.showLineage${LINEAGE}) · [Refresh](${REFRESH})`,
    ));

  it('offers to mend what differs, with nothing in the link that a store holds', () => {
    const name = 'x) [y](command:evil) `';
    const answer: TableAnswer = {
      table: orders.name,
      found: true,
      card: { ...ordersCard, columns: [column(name, 'STRING')] },
      others: [],
    };
    const markdown = metadataHover(orders, answer, { store: atlas, ...asked, fixable: true });
    const [drift = ''] = markdown.split('\n').filter((line) => line.startsWith('±'));
    const link = drift.slice(drift.indexOf(' · ')).trim();
    expect(link).toBe(`· [Fix](${REFRESH.replace('refreshHover', 'fixColumns')})`);
    expect(metadataHover(orders, answer, { store: atlas, ...asked })).not.toContain('fixColumns');
  });

  it('speaks of one column', () =>
    check(
      {
        columns: [column('order_id', 'BIGINT')],
        description: undefined,
        owner: undefined,
        upstream: [],
        downstream: [],
        classifications: [],
        terms: [],
        updateTime: undefined,
      },
      `
      **shop\\.orders\\.v2** · Kafka topic — Atlas ● prod
      \`shop.orders.v2@prod\`

      1 column, as in this script

      [Open in Atlas](https://atlas.example/#!/detailPage/1) · [Lineage](command:flinkSql.showLineage${LINEAGE}) · [Refresh](${REFRESH})`,
      { ...orders, columns: orders.columns.slice(0, 1) },
    ));

  it('lists the columns itself where the script does not describe the table', () =>
    check(
      {
        typeLabel: 'Hive table',
        description: undefined,
        owner: undefined,
        classifications: [],
        terms: ['Order'],
        columns: [{ ...column('id', 'bigint'), description: 'The number' }],
        upstream: [],
        downstream: [],
        webUrl: undefined,
        status: 'deleted',
        updatedBy: undefined,
      },
      `
      **shop\\.orders\\.v2** · Hive table · **deleted** — shop \\(workspace catalog\\)
      \`shop.orders.v2@prod\`
      Terms Order

      \`id\` bigint The number

      [Lineage](command:flinkSql.showLineage${LINEAGE.replace('atlas%3Aprod', 'workspace%3Ax')}) · [Refresh](${REFRESH}) · updated 2 days ago`,
      { ...orders, kind: 'unknown', columns: [], definition: undefined },
      catalog,
    ));

  it('stays within 20 lines, however much there is', () => {
    const many = (prefix: string) => Array.from({ length: 5000 }, (_, index) => `${prefix}${index}`);
    const card: TableCard = {
      ...ordersCard,
      classifications: many('C'),
      terms: many('T'),
      labels: many('L'),
      description: 'word '.repeat(5000),
      columns: many('c').map((name) => column(name, 'INT', 'PII')),
      upstream: many('u'),
      downstream: many('d'),
    };
    const others = [card, card, card, card, card];
    const context = { store: atlas, ...asked };
    const markdown = metadataHover(orders, { table: orders.name, found: true, card, others }, context);
    expect(markdown.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(20);
    expect(markdown.length).toBeLessThan(6000);
  });
});

describe('a table that is not there', () => {
  it('is offered to be published', () =>
    check(
      {
        table: orders.name,
        found: false,
        expected: { typeLabel: 'Kafka topic', typeName: 'kafka_topic', qualifiedName: 'o@prod' },
      },
      `
      Atlas at prod does not know this Kafka topic yet: \`o@prod\`
      [Publish](command:flinkSql.publish?%5B%22file%3A%2F%2F%2Fa.fql%22%5D) · [Refresh](${REFRESH})`,
    ));
  it('has no place in Atlas when its connector has none', () =>
    check({ table: orders.name, found: false }, 'Tables of the connector `kafka` are not kept in Atlas.'));
  it('is not asked for when nothing says where it is', () =>
    check(
      { table: 't', found: false },
      'Nothing here says where this table is, so the workspace catalog was not asked.',
      { name: 't', kind: 'unknown', options: {}, columns: [] },
      catalog,
    ));
});

describe('a store that does not answer', () => {
  it('is one quiet line with a retry', () =>
    check(failure('unreachable', 'Atlas cannot be reached.'), `Atlas cannot be reached · [Retry](${REFRESH})`));
  it('is one quiet line that leads to the connection when the user is refused', () =>
    check(failure('unauthorized', 'No.'), 'No · [Connect again](command:flinkSql.connect?%5B%22prod%22%5D)'));
  it('is offered to be set up when there is none', () =>
    expect(notConnected()).toBe(
      'Not connected to Atlas · [Connect](command:flinkSql.connect) · [Use a workspace catalog](command:flinkSql.useWorkspaceCatalog)',
    ));
});

describe('the card of a column', () => {
  const known: ColumnCard = {
    typeName: 'flink_column',
    qualifiedName: 'kafka_topic:shop.orders.v2.amount@prod',
    column: { ...column('amount', 'DECIMAL(12, 2)', 'GOLD'), description: 'Gross' },
    table: ordersCard,
    upstream: ['checkout.orders.amount'],
    downstream: ['sales.daily_revenue.revenue', 'b.c'],
  };
  const checkColumn = (card: ColumnCard, own: { type?: string; comment?: string }, expected: string) => {
    const lines = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trim());
    expect(lines(columnCard(card, own, { store: atlas, ...asked }))).toEqual(lines(expected));
  };
  const links = `[Lineage](command:flinkSql.showLineage${lineageOf(known.typeName, known.qualifiedName)}) · [Refresh](${REFRESH})`;

  it('says what it means, how it is classified, another type there, and where its values come from and go to', () =>
    checkColumn(
      known,
      { type: 'DECIMAL(10, 2)' },
      `
      **amount** · column of shop\\.orders\\.v2 — Atlas ● prod
      Gross
      ⚑ **GOLD**
      Type \`DECIMAL(12, 2)\` in Atlas

      ↑ from \`checkout.orders.amount\`
      ↓ to \`sales.daily_revenue.revenue\`, \`b.c\`

      ${links}`,
    ));
  it('does not repeat what the script says', () =>
    checkColumn(
      { ...known, upstream: [], downstream: [], column: { ...known.column, classifications: [] } },
      { type: 'DECIMAL(12, 2) NOT NULL', comment: 'Gross' },
      `
      **amount** · column of shop\\.orders\\.v2 — Atlas ● prod

      ${links}`,
    ));
  it('stays within 20 lines and shows everything as text', () => {
    const hostile = '[x](command:workbench.action.quit) <b>$(bug)</b> \u202e'.repeat(500);
    const card: ColumnCard = {
      ...known,
      column: { ...column(hostile, hostile, ...Array(50).fill(hostile)), description: hostile },
      table: { ...ordersCard, name: hostile },
      upstream: Array(5000).fill(hostile),
      downstream: Array(5000).fill(hostile),
    };
    const markdown = columnCard(card, {}, { store: atlas, ...asked });
    expect(markdown.split('\n').length).toBeLessThanOrEqual(20);
    expect(markdown.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '').replace(/\\[^\w\s]/g, '')).not.toMatch(
      /\]\(command:work|[<>]|\$\(|\p{Cf}/u,
    );
  });
});

describe('hostile metadata', () => {
  const hostile = [
    '[click](command:workbench.action.quit)',
    '<img src=x onerror=alert(1)>',
    '$(bug) `code` **bold** | table |\n\n# heading\n- list',
    'https://evil.example and ![image](https://evil.example/x.png)',
    '\u202egnp.exe\u200b\u0007',
    '`'.repeat(50),
    'a'.repeat(100_000),
  ];
  for (const text of hostile) {
    it(`shows as text: ${JSON.stringify(text.slice(0, 40))}`, () => {
      const card: TableCard = {
        ...ordersCard,
        name: text,
        qualifiedName: text,
        typeLabel: text,
        description: text,
        owner: text,
        classifications: [text],
        terms: [text],
        labels: [text],
        columns: [{ ...column(text, text, text), description: text }],
        upstream: [text],
        downstream: [text],
        updatedBy: text,
        webUrl: `javascript:alert(${text})`,
      };
      const context = { store: { ...atlas, label: text }, ...asked };
      const markdown = metadataHover(orders, { table: orders.name, found: true, card, others: [card] }, context);
      // What is neither in a code span nor escaped must hold no link of another's making
      const outside = markdown.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '').replace(/\\[^\w\s]/g, '');
      const links = [...outside.matchAll(/\]\(([^)]*)\)/g)].map((match) => match[1]);
      expect(links.filter((link) => !link?.startsWith('command:flinkSql.showLineage?'))).toEqual([REFRESH]);
      expect(outside).not.toMatch(/[<>|]|\$\(|https?:|\p{Cf}/u);
      expect(outside).not.toContain('\u0007');
      expect(markdown.length).toBeLessThan(6000);
    });
  }
});

it.each([
  [10_000, 'just now'],
  [60_000, '1 minute ago'],
  [7_200_000, '2 hours ago'],
  [86_400_000 * 3, '3 days ago'],
  [86_400_000 * 800, '2 years ago'],
])('%d ms is %s', (milliseconds, text) => expect(ago(milliseconds)).toBe(text));
