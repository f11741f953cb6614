// Jobs as `describeJob` would read them out of scripts, for the tests of what comes after.
import { describeJob, type Job, type JobProcess } from '../../server/src/atlas/job';
import { parseScript } from '../../server/src/language/parser';
import { analyseScript } from '../../server/src/semantics/analyse';
import type { TableColumn, TableNode } from '../../server/src/semantics/lineage';

/** The job of a script, as the editor reads it. */
export function describeScript(text: string, file = 'jobs/shop.sql'): Job {
  const { statements } = parseScript(text, { flinkVersion: '2.3', templates: false });
  const analysis = analyseScript(
    statements.map((placed) => placed.statement),
    { flinkVersion: '2.3' },
  );
  const hasErrors = (_: unknown, index: number) =>
    [...statements[index]!.statement.problems, ...analysis.statements[index]!.problems].some(
      (each) => each.severity === 'error',
    );
  return describeJob({ text, statements, analysis, source: { file }, hasErrors });
}

/** 'order_id BIGINT NOT NULL, amount DECIMAL(10, 2)' to columns. */
function columns(text: string): TableColumn[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim().split(/ (.*)/s))
    .map(([name = '', type = '']) => ({ name, type, kind: 'physical' }));
}

export function table(
  name: string,
  columnText: string,
  options: Record<string, string>,
  rest: Partial<TableNode> = {},
) {
  const node: TableNode = {
    name: name.includes('.') ? name : `default_catalog.default_database.${name}`,
    kind: 'table',
    options,
    columns: columns(columnText),
    ...rest,
  };
  return node;
}

/** A process that writes `sink`; `from` maps each sink column to 'source.column' names, '!' marks a transformed one. */
export function insert(sink: TableNode, sources: TableNode[], from: Record<string, string[]>): JobProcess {
  const full = (short: string) => sources.find((source) => source.name.endsWith(`.${short}`))?.name ?? short;
  return {
    name: sink.name.replace('default_catalog.default_database.', ''),
    labels: [],
    quality: [],
    sql: `INSERT INTO ${sink.name.split('.').pop()} SELECT …`,
    sink: sink.name,
    sources: sources.map((source) => source.name),
    columns: Object.entries(from).map(([column, origins]) => ({
      column,
      from: origins.map((origin) => {
        const transformed = origin.startsWith('!');
        const [short = '', name = ''] = origin.replace('!', '').split('.');
        return { table: full(short), column: name, transformed };
      }),
    })),
  };
}

export function job(name: string, processes: JobProcess[], tables: TableNode[]): Job {
  return {
    name,
    description: 'Adds the customer to every order.',
    owner: 'orders-team',
    labels: [],
    quality: [],
    source: { file: `jobs/${name}.sql` },
    processes,
    tables: new Map(tables.map((each) => [each.name, each])),
    catalogs: new Map(),
    notes: [],
  };
}

const kafka = (topic: string) => ({
  connector: 'kafka',
  topic,
  'properties.bootstrap.servers': 'kafka.shop.example:9092',
  'properties.sasl.jaas.config': 'org.apache…PlainLoginModule required password="planted-secret-1";',
  format: 'json',
});

export const orders = table(
  'orders',
  'order_id BIGINT NOT NULL, customer_id BIGINT, amount DECIMAL(10, 2)',
  kafka('Shop.Orders'),
  {
    comment: 'Orders as accepted by checkout',
    definition: "CREATE TABLE orders (…) WITH ('properties.sasl.jaas.config' = 'planted-secret-2')",
  },
);
export const customers = table(
  'customers',
  'customer_id BIGINT NOT NULL, segment STRING',
  {
    connector: 'jdbc',
    url: 'jdbc:postgresql://reader:planted-secret-3@crm-db.shop.example:5432/crm?password=planted-secret-4',
    'table-name': 'customers',
    password: 'planted-secret-5',
  },
  { primaryKey: ['customer_id'] },
);
export const enriched = table('enriched_orders', 'order_id BIGINT NOT NULL, segment STRING, total DECIMAL(38, 2)', {
  ...kafka('shop.enriched'),
  connector: 'upsert-kafka',
});
export const archive = table('archive', 'order_id BIGINT, amount DECIMAL(10, 2)', {
  connector: 'filesystem',
  path: 'hdfs://nn.shop.example:8020/archive/orders',
  format: 'parquet',
});

const enrich = insert(enriched, [orders, customers], {
  order_id: ['orders.order_id'],
  segment: ['customers.segment'],
  total: ['!orders.amount'],
});
const keep = insert(archive, [orders], { order_id: ['orders.order_id'], amount: ['orders.amount'] });

/** Two processes: orders and customers into a topic, orders into files. */
export function enrichOrders(): Job {
  return job('enrich-orders', [enrich, keep], [orders, customers, enriched, archive]);
}

/** The same job without its archive, and no longer reading customers. */
export function enrichOrdersLess(): Job {
  const less = insert(enriched, [orders], { order_id: ['orders.order_id'], total: ['!orders.amount'] });
  return job('enrich-orders', [less], [orders, enriched]);
}

/** The same job with another type of a column in a topic and in a database, and of the lineage of one. */
export function enrichOrdersRetyped(): Job {
  const retyped = (node: TableNode, columns: string) => table(node.name.split('.').pop() ?? '', columns, node.options);
  const wide = retyped(enriched, 'order_id BIGINT NOT NULL, segment VARCHAR(20), total DECIMAL(38, 2)');
  const master = retyped(customers, 'customer_id BIGINT NOT NULL, segment VARCHAR(20)');
  const changed = insert(wide, [orders, master], {
    order_id: ['orders.order_id'],
    segment: ['customers.segment'],
    total: ['orders.amount'],
  });
  return job('enrich-orders', [changed, keep], [orders, master, wide, archive]);
}

/** A second job that reads what the first writes, and declares fewer columns of it. */
export function segmentStatistics(): Job {
  const source = table('enriched_orders', 'segment STRING, total DECIMAL(38, 2)', kafka('shop.enriched'));
  const sink = table('statistics', 'segment STRING, total DECIMAL(38, 2)', {
    connector: 'elasticsearch-7',
    hosts: 'http://search.shop.example:9200',
    index: 'segments',
  });
  const process = insert(sink, [source], { segment: ['enriched_orders.segment'], total: ['!enriched_orders.total'] });
  return job('segment-statistics', [process], [source, sink]);
}
