// Makes samples/.flink-atlas: what the organisation of the sample shop knows of its data before anybody opens a sample.
// Run it again after changing what it says: node scripts/atlas/seed-samples.mjs
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadAtlasEngine } from './engine.mjs';

const namespace = 'prod';
const at = `@${namespace}`;
const samples = join(import.meta.dirname, '..', '..', 'samples');
// always the same, so that the files are too
const now = Date.UTC(2026, 0, 15, 9, 30);

const kafka = (topic) => ({
  connector: 'kafka',
  topic,
  'properties.bootstrap.servers': 'kafka.shop.example:9092',
  format: 'json',
});
const postgres = (host, database, table) => ({
  connector: 'jdbc',
  url: `jdbc:postgresql://${host}.shop.example:5432/${database}`,
  'table-name': `public.${table}`,
});

/** name, type and comment of each column */
function table(name, options, columns, comment) {
  const full = name.includes('.') ? name : `default_catalog.default_database.${name}`;
  return {
    name: full,
    kind: 'table',
    options,
    columns: columns.map(([column, type, text]) => ({
      name: column,
      type,
      kind: 'physical',
      ...(text ? { comment: text } : {}),
    })),
    comment,
  };
}

const tables = {
  orders: table(
    'orders',
    kafka('shop.orders.v2'),
    [
      ['order_id', 'BIGINT NOT NULL', 'Number shown to the customer'],
      ['customer_id', 'BIGINT NOT NULL', 'Who ordered'],
      ['amount', 'DECIMAL(10, 2) NOT NULL', 'Gross, in the currency of the order'],
      ['currency', 'STRING NOT NULL', 'ISO 4217'],
      ['channel', 'STRING', 'web, app or shop'],
      ['ordered_at', 'TIMESTAMP(3) NOT NULL', 'When checkout accepted it'],
    ],
    'Orders as accepted by checkout, one event per order.',
  ),
  checkoutOrders: table('checkout_orders', postgres('checkout-db', 'checkout', 'orders'), [
    ['id', 'BIGINT NOT NULL'],
    ['customer', 'BIGINT NOT NULL'],
    ['gross', 'DECIMAL(10, 2) NOT NULL'],
    ['currency', 'STRING NOT NULL'],
    ['channel', 'STRING'],
    ['created', 'TIMESTAMP(3) NOT NULL'],
  ]),
  payments: table(
    'payments',
    kafka('shop.payments.v1'),
    [
      ['payment_id', 'STRING NOT NULL', 'Number of the payment provider'],
      ['order_id', 'BIGINT NOT NULL', 'The order that was paid'],
      ['paid', 'DECIMAL(10, 2) NOT NULL', 'Amount that arrived'],
      ['card', 'ROW<brand STRING, last4 STRING>', 'Brand and last four digits'],
      ['paid_at', 'TIMESTAMP(3) NOT NULL', 'When the provider booked it'],
    ],
    'Payments as reported by the payment provider, at least once.',
  ),
  provider: table('provider_feed', kafka('provider.payments.raw'), [
    ['id', 'STRING NOT NULL'],
    ['reference', 'STRING NOT NULL'],
    ['amount', 'DECIMAL(10, 2) NOT NULL'],
    ['card', 'ROW<brand STRING, last4 STRING>'],
    ['booked', 'TIMESTAMP(3) NOT NULL'],
  ]),
  customers: table(
    'customers',
    postgres('crm-db', 'crm', 'customers'),
    [
      ['customer_id', 'BIGINT NOT NULL', 'Number in the CRM'],
      ['email', 'STRING', 'For order confirmations only'],
      ['segment', 'STRING', 'private, business or partner'],
      ['country', 'STRING', 'ISO 3166, two letters'],
    ],
    'The customer master data of the CRM.',
  ),
  crmExport: table('crm_changes', kafka('crm.changes.v1'), [
    ['customer_id', 'BIGINT NOT NULL'],
    ['email', 'STRING'],
    ['segment', 'STRING'],
    ['country', 'STRING'],
  ]),
  revenue: table(
    'warehouse.sales.daily_revenue',
    { connector: 'hive' },
    [
      ['currency', 'STRING'],
      ['revenue', 'DECIMAL(38, 2)', 'Sum of the gross amounts'],
      ['orders', 'BIGINT'],
      ['order_day', 'STRING', 'yyyy-MM-dd'],
    ],
    'Revenue per day and currency, as reported to finance.',
  ),
  cube: table('warehouse.sales.revenue_cube', { connector: 'hive' }, [
    ['order_day', 'STRING'],
    ['revenue', 'DECIMAL(38, 2)'],
  ]),
  funnel: table(
    'order_funnel',
    { connector: 'elasticsearch-7', hosts: 'http://search.shop.example:9200', index: 'order-funnel' },
    [
      ['channel', 'STRING'],
      ['orders', 'BIGINT'],
      ['minute', 'TIMESTAMP(3)'],
    ],
  ),
};

/** A job of another team, with one process; `columns` maps a sink column to [source column, transformed?, expression?]. */
function job(name, owner, description, sink, source, columns) {
  return {
    name,
    owner,
    description,
    labels: [],
    quality: [],
    source: { file: `${name}/${name}.sql` },
    catalogs: new Map(),
    notes: [],
    tables: new Map([sink, source].map((each) => [each.name, each])),
    processes: [
      {
        name: sink.name.replace('default_catalog.default_database.', ''),
        labels: [],
        quality: [],
        sql: `INSERT INTO ${sink.name.split('.').pop()} SELECT … FROM ${source.name.split('.').pop()}`,
        sink: sink.name,
        sources: [source.name],
        columns: Object.entries(columns).map(([column, [from, expression]]) => ({
          column,
          from: [{ table: source.name, column: from, transformed: expression !== undefined }],
          ...(expression ? { expression } : {}),
        })),
      },
    ],
  };
}

const jobs = [
  job('checkout-events', 'checkout-team', 'Announces every accepted order.', tables.orders, tables.checkoutOrders, {
    order_id: ['id'],
    customer_id: ['customer'],
    amount: ['gross'],
    currency: ['currency'],
    channel: ['channel'],
    ordered_at: ['created'],
  }),
  job(
    'payment-import',
    'payments-team',
    'Brings in what the payment provider reports.',
    tables.payments,
    tables.provider,
    {
      payment_id: ['id'],
      order_id: ['reference', 'CAST(reference AS BIGINT)'],
      paid: ['amount'],
      card: ['card'],
      paid_at: ['booked'],
    },
  ),
  job(
    'customer-sync',
    'crm-team',
    'Keeps the customer table in step with the CRM.',
    tables.customers,
    tables.crmExport,
    {
      customer_id: ['customer_id'],
      email: ['email'],
      segment: ['segment', 'LOWER(segment)'],
      country: ['country'],
    },
  ),
  job('order-funnel', 'growth-team', 'Counts orders by channel for the live dashboard.', tables.funnel, tables.orders, {
    channel: ['channel'],
    orders: ['order_id', 'COUNT(order_id)'],
    minute: ['ordered_at', 'TUMBLE_END(ordered_at)'],
  }),
  job('revenue-cube', 'finance-analytics', 'Rolls revenue up for the monthly report.', tables.cube, tables.revenue, {
    order_day: ['order_day'],
    revenue: ['revenue', 'SUM(revenue)'],
  }),
];

/** What the governance team has added: owner, classifications and glossary terms by dataset. */
const governed = {
  [`kafka_topic shop.orders.v2${at}`]: {
    owner: 'checkout-team',
    classifications: ['GOLD'],
    terms: ['Order', 'Revenue'],
  },
  [`flink_column kafka_topic:shop.orders.v2.customer_id${at}`]: { classifications: ['PII'] },
  [`kafka_topic shop.payments.v1${at}`]: { owner: 'payments-team', classifications: ['PII'], terms: ['Payment'] },
  [`flink_column kafka_topic:shop.payments.v1.card${at}`]: { classifications: ['PII'] },
  [`rdbms_table crm-db.shop.example:5432/crm.public.customers${at}`]: {
    owner: 'crm-team',
    classifications: ['GOLD', 'PII'],
    terms: ['Customer'],
  },
  [`rdbms_column crm-db.shop.example:5432/crm.public.customers.email${at}`]: { classifications: ['PII'] },
  [`hive_table sales.daily_revenue${at}`]: {
    owner: 'finance-analytics',
    classifications: ['FINANCE'],
    terms: ['Revenue'],
  },
};

const { WorkspaceCatalog, applyPublish, planPublish } = await loadAtlasEngine();
rmSync(join(samples, '.flink-atlas'), { recursive: true, force: true });
const catalog = new WorkspaceCatalog(samples, { namespace, now: () => now });
for (const each of jobs) await applyPublish(catalog, await planPublish(catalog, each), { types: 'create' });

const terms = new Map();
for (const [key, { owner, classifications, terms: names = [] }] of Object.entries(governed)) {
  const [typeName, qualifiedName] = key.split(/ (.*)/s);
  const [found] = await catalog.findByName(typeName, [qualifiedName]);
  if (!found) throw new Error(`The jobs do not bring ${key}.`);
  await catalog.write([
    {
      guid: found.entity.guid,
      typeName,
      attributes: { qualifiedName, ...(owner ? { owner } : {}) },
      classifications: classifications.map((name) => ({ typeName: name })),
    },
  ]);
  for (const name of names) terms.set(name, [...(terms.get(name) ?? []), found.entity.guid]);
}
await catalog.assignTerms(terms);
console.log('samples/.flink-atlas is made.');
