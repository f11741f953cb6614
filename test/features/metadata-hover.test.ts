import { describe, expect, it } from 'vitest';
import type { TableAnswer, TableCard } from '../../server/src/atlas/cards';
import { ago, metadataHover, notConnected, sameType } from '../../server/src/features/metadata-hover';
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
const PLACE = '?%5B%22file%3A%2F%2F%2Fa.fql%22%2C3%2C7%5D';

const orders: TableNode = {
  name: 'default_catalog.default_database.orders',
  kind: 'table',
  options: { connector: 'kafka', topic: 'shop.orders.v2' },
  columns: [
    { name: 'order_id', type: 'BIGINT NOT NULL', kind: 'physical' },
    { name: 'amount', type: 'DECIMAL(10, 2)', kind: 'physical' },
    { name: 'note', type: 'STRING', kind: 'physical' },
    { name: 'proc_time', type: 'TIMESTAMP_LTZ(3) NOT NULL', kind: 'computed' },
    { name: 'received_at', type: 'TIMESTAMP_LTZ(3)', kind: 'metadata', virtual: true },
  ],
};
const column = (name: string, type: string, ...classifications: string[]) => ({ name, type, classifications });
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

      [Open in Atlas](https://atlas.example/#!/detailPage/1) · [Refresh](command:flinkSql.refreshHover${PLACE}) · updated 2 days ago by kafka hook`,
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
      ± 3 columns differ from this script
      missing here: \`currency\`
      only here: \`note\`
      \`order_id\` is STRING there

      [Open in Atlas](https://atlas.example/#!/detailPage/1) · [Refresh](command:flinkSql.refreshHover${PLACE})`,
    ));

  it('lists the columns itself where the script does not describe the table', () =>
    check(
      {
        typeLabel: 'Hive table',
        description: undefined,
        owner: undefined,
        classifications: [],
        terms: ['Order'],
        columns: [{ name: 'id', type: 'bigint', description: 'The number', classifications: [] }],
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

      [Refresh](command:flinkSql.refreshHover${PLACE}) · updated 2 days ago`,
      { ...orders, kind: 'unknown', columns: [] },
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
      [Publish](command:flinkSql.publish?%5B%22file%3A%2F%2F%2Fa.fql%22%5D) · [Refresh](command:flinkSql.refreshHover${PLACE})`,
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
    check(
      failure('unreachable', 'Atlas cannot be reached.'),
      `Atlas cannot be reached · [Retry](command:flinkSql.refreshHover${PLACE})`,
    ));
  it('is one quiet line that leads to the connection when the user is refused', () =>
    check(failure('unauthorized', 'No.'), 'No · [Connect again](command:flinkSql.connect?%5B%22prod%22%5D)'));
  it('is offered to be set up when there is none', () =>
    expect(notConnected()).toBe(
      'Not connected to Atlas · [Connect](command:flinkSql.connect) · [Use a workspace catalog](command:flinkSql.useWorkspaceCatalog)',
    ));
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
        columns: [{ name: text, type: text, description: text, classifications: [text] }],
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
      expect(links).toEqual([`command:flinkSql.refreshHover${PLACE}`]);
      expect(outside).not.toMatch(/[<>|]|\$\(|https?:|\p{Cf}/u);
      expect(outside).not.toContain('\u0007');
      expect(markdown.length).toBeLessThan(6000);
    });
  }
});

describe('types', () => {
  it.each([
    ['BIGINT NOT NULL', 'bigint', true],
    ['STRING', 'VARCHAR(2147483647)', true],
    ['DECIMAL(10, 2)', 'decimal(10,2)', true],
    ['INT', 'BIGINT', false],
    ['ARRAY<INT>', 'array<int>', true],
    ['ROW<a INT>', 'struct<a:int>', undefined],
  ])('%s here and %s there: the same is %s', (here, there, same) => expect(sameType(here, there)).toBe(same));
});

it.each([
  [10_000, 'just now'],
  [60_000, '1 minute ago'],
  [7_200_000, '2 hours ago'],
  [86_400_000 * 3, '3 days ago'],
  [86_400_000 * 800, '2 years ago'],
])('%d ms is %s', (milliseconds, text) => expect(ago(milliseconds)).toBe(text));
