import { describe, expect, it } from 'vitest';
import { describeJob } from '../../server/src/atlas/job';
import { WorkspaceCatalog } from '../../server/src/atlas/workspaceCatalog';
import { lineageExport } from '../../server/src/features/lineage-export';
import { addScript, LineageBuilder, MOST_COLUMNS } from '../../server/src/features/lineage-graph';
import type { LineageExpansion, LineageGraph } from '../../server/src/protocol';
import { LineageReader } from '../../server/src/workspace/lineage';
import { fixture } from './fixture';

const kafka = (topic: string) =>
  `WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = 'k:9092')`;
const TABLES = `
CREATE TABLE orders (id BIGINT, amount DECIMAL(10, 2), country STRING, p AS PROCTIME()) ${kafka('shop.orders')};
CREATE TABLE customers (id BIGINT, name STRING, PRIMARY KEY (id) NOT ENFORCED)
  WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db:5432/crm', 'table-name' = 'customers');
CREATE TABLE enriched (id BIGINT, amount DECIMAL(10, 2), name STRING) ${kafka('shop.enriched')};
CREATE TABLE log (line STRING) WITH ('connector' = 'print');
`;

/** A script as the graph takes it; its job is called 'job' where it names none. */
function traced(sql: string, uri = 'file:///fixture.fql') {
  const { document, text, cursor } = fixture(sql);
  const { statements, analysis } = document;
  const job = describeJob({ text, statements, analysis, source: { file: 'job' } });
  const mapping = { namespace: 'prod', catalogs: new Map() };
  const context = { uri, job, mapping, rangeOf: (span: { start: number; end: number }) => document.rangeOf(span) };
  return { document, context, ...(cursor < 0 ? {} : { offset: cursor }) };
}

/** One line a node, then one an edge, an influence and a column edge: '(job)' is a process. */
function print(graph: LineageGraph): string {
  const names = new Map(
    graph.nodes.map((node) => [node.id, node.kind === 'process' ? `(${node.detail})` : node.label]),
  );
  const marks = (node: LineageGraph['nodes'][number]) =>
    [
      node.status,
      node.origin === 'script' ? '' : node.origin,
      node.hidden?.up && `+${node.hidden.up} up`,
      node.hidden?.down && `+${node.hidden.down} down`,
    ]
      .filter(Boolean)
      .map((mark) => ` ${mark}`)
      .join('');
  const end = ({ node, column }: { node: string; column: string }) => `${names.get(node)}.${column}`;
  return [
    ...graph.nodes.map((node) => `${names.get(node.id)}: ${node.typeLabel}${marks(node)}`),
    ...graph.edges.map(({ from, to, role, status }) =>
      [`${names.get(from)} → ${names.get(to)}`, role, status].filter(Boolean).join(' '),
    ),
    ...graph.influences.map(({ from, process, kinds }) => `${end(from)} ${kinds.join('+')} ${names.get(process)}`),
    ...graph.columnEdges.map(({ from, to, transformed }) => `${end(from)} ${transformed ? '~>' : '->'} ${end(to)}`),
  ].join('\n');
}

function ofScript(sql: string): LineageGraph {
  const { document, context, offset } = traced(sql);
  const builder = new LineageBuilder();
  const { focus } = addScript(builder, document, context, { offset });
  return builder.graph(context.job.name, focus ? { focus } : {});
}

/** Checks the graph of a script; the tables above stand before it. */
function check(sql: string, expected: string): void {
  expect(print(ofScript(TABLES + sql))).toBe(expected.trim());
}

describe('the graph of a script', () => {
  it('has tables by how they are read, and columns by how they are changed', () => {
    check(
      `INSERT INTO enriched SELECT o.id, o.amount * 2, c.name FROM orders AS o
         JOIN customers FOR SYSTEM_TIME AS OF o.p AS c ON o.id = c.id WHERE o.country = 'DE';`,
      `
orders: Kafka topic
customers: Database table
(job): Flink process
enriched: Kafka topic
orders → (job)
customers → (job) lookup
(job) → enriched
orders.id join (job)
customers.id join (job)
orders.country filter (job)
orders.id -> enriched.id
orders.amount ~> enriched.amount
customers.name -> enriched.name`,
    );
  });

  it('looks through views, and shows what is stored nowhere', () => {
    check(
      `CREATE VIEW v AS SELECT CONCAT(country, '!') AS line FROM orders; INSERT INTO log SELECT line FROM v;`,
      `
orders: Kafka topic
(job): Flink process
log: print table
orders → (job)
(job) → log
orders.country ~> log.line`,
    );
  });

  it('has one node for two tables on one topic, and a loop where a job reads what it writes', () => {
    check(
      `CREATE TABLE again (id BIGINT, extra STRING) ${kafka('shop.orders')};
       INSERT INTO again (id) SELECT id FROM orders;`,
      `
orders: Kafka topic
(job): Flink process
orders → (job)
(job) → orders
orders.id -> orders.id`,
    );
  });

  it('goes on through broken statements, and knows no more of unknown tables than their names', () => {
    check(
      'INSERT INTO log SELECT x FROM nowhere; INSERT INTO enriched (id) SELECT id, FROM orders;',
      `
nowhere: not described here
(job): Flink process
log: print table
orders: Kafka topic
(job): Flink process
enriched: Kafka topic
nowhere → (job)
(job) → log
orders → (job)
(job) → enriched
nowhere.x -> log.line
orders.id -> enriched.id`,
    );
  });

  it('has only the statement at the cursor, inside statement sets too', () => {
    const sql = `EXECUTE STATEMENT SET BEGIN
      INSERT INTO log SELECT country FROM orders;
      INSERT INTO enri▮ched (id) SELECT id FROM customers;
    END;`;
    const graph = ofScript(TABLES + sql);
    expect(print(graph)).toMatch(/^customers: Database table\n\(job\): Flink process\nenriched: Kafka topic\n/);
    expect(graph.focus).toBe('process job/enriched@prod');
  });

  it('has all statements around the one at the cursor, when only its place is asked for', () => {
    const { document, context, offset } = traced(
      `${TABLES} CREATE TABLE unused (a INT) WITH ('connector' = 'print');
      INSERT INTO log SELECT country FROM orders; INSERT INTO enri▮ched (id) SELECT id FROM customers;`,
    );
    const focusAt = (cursor: number) => {
      const builder = new LineageBuilder();
      const { focus } = addScript(builder, document, context, { cursor });
      return `${focus} of ${builder.nodes.size}`;
    };
    expect(focusAt(offset!)).toBe('process job/enriched@prod of 6');
    expect(focusAt(document.text.indexOf('TABLE enriched'))).toBe('kafka_topic shop.enriched@prod of 6');
    expect(focusAt(document.text.indexOf('TABLE unused'))).toBe('undefined of 6');
  });

  it('begins with the table that is made at the cursor', () => {
    const graph = ofScript(TABLES.replace('CREATE TABLE enriched', 'CREATE ▮TABLE enriched'));
    expect(graph.focus).toBe('kafka_topic shop.enriched@prod');
  });

  it('tells where tables, columns, statements and expressions are', () => {
    const sql = `${TABLES}INSERT INTO log SELECT UPPER(country) FROM orders;`;
    const { document } = fixture(sql);
    const graph = ofScript(sql);
    const twice = `${TABLES}INSERT INTO enriched (amount, name) SELECT amount, CONCAT('x', amount) FROM orders;`;
    const [first, second] = ofScript(twice).columnEdges.map(({ source }) => source?.range?.start.character ?? 0);
    expect(twice.slice(TABLES.length).slice(first)).toMatch(/^amount, CONCAT/);
    expect(twice.slice(TABLES.length).slice(second)).toMatch(/^amount\) FROM/);
    const textAt = (
      source:
        | {
            range?: Parameters<typeof document.offsetAt>[0] extends never
              ? never
              : { start: { line: number; character: number }; end: { line: number; character: number } };
          }
        | undefined,
    ) =>
      source?.range && sql.slice(1).slice(document.offsetAt(source.range.start), document.offsetAt(source.range.end));
    const orders = graph.nodes.find(({ label }) => label === 'orders');
    expect(textAt(orders?.source)).toBe('orders');
    expect(textAt(orders?.columns[1]?.source)).toBe('amount');
    expect(textAt(graph.nodes.find(({ kind }) => kind === 'process')?.source)).toMatch(/^INSERT INTO log .* orders$/);
    expect(textAt(graph.columnEdges[0]?.source)).toBe('country');
  });

  it('keeps secrets out', () => {
    const graph = ofScript(`${TABLES}
      CREATE TABLE t (id BIGINT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:mysql://u:hunter2@h/d', 'table-name' = 't', 'password' = 'hunter2');
      INSERT INTO log SELECT CAST(id AS STRING) FROM t /*+ OPTIONS('password' = 'hunter2') */;`);
    expect(print(graph)).toContain('t: Database table');
    for (const format of ['json', 'mermaid', 'openlineage'] as const) {
      expect(lineageExport(graph, format, { columns: true, time: '2026-01-01T00:00:00Z' })).not.toContain('hunter2');
    }
  });

  it('joins scripts where one writes what another reads, and nothing that is only called the same', () => {
    const builder = new LineageBuilder();
    const scripts = [
      `SET 'pipeline.name' = 'a'; ${TABLES} INSERT INTO enriched (id) SELECT id FROM orders; INSERT INTO log SELECT country FROM orders;`,
      `SET 'pipeline.name' = 'b'; ${TABLES} INSERT INTO log SELECT name FROM enriched;`,
    ];
    scripts.forEach((sql, index) => {
      const { document, context } = traced(sql, `file:///${index}.fql`);
      addScript(builder, document, context);
    });
    const edges = print(builder.graph(''))
      .split('\n')
      .filter((line) => line.includes('→'));
    expect(edges).toEqual([
      'orders → (a)',
      '(a) → enriched',
      'orders → (a)',
      '(a) → log',
      'enriched → (b)',
      '(b) → log',
    ]);
    expect(builder.graph('').nodes.filter(({ label }) => label === 'log')).toHaveLength(2);
  });

  it('sends of very many columns those with lineage', () => {
    const last = `c${MOST_COLUMNS + 99}`;
    const wide = Array.from({ length: MOST_COLUMNS + 100 }, (_, index) => `c${index} STRING`).join(', ');
    const graph = ofScript(
      `${TABLES} CREATE TABLE wide (${wide}) ${kafka('wide')}; INSERT INTO log SELECT ${last} FROM wide;`,
    );
    const { columns = [], columnCount } = graph.nodes.find(({ label }) => label === 'wide') ?? {};
    expect(columns).toHaveLength(MOST_COLUMNS);
    expect(columnCount).toBe(MOST_COLUMNS + 100);
    expect(columns.at(-1)?.name).toBe(last);
  });
});

describe('the graph with a store', () => {
  const store = new WorkspaceCatalog(`${import.meta.dirname}/../../samples`);
  const sample = `SET 'pipeline.name' = 'mine';
    CREATE TABLE o (order_id BIGINT, amount DECIMAL(10, 2)) ${kafka('shop.orders.v2')};
    CREATE TABLE s (order_id BIGINT) ${kafka('mine')};
    INSERT INTO s SELECT order_id FROM o;`;
  const topic = 'kafka_topic shop.orders.v2@prod';
  const ask = (expanded: LineageExpansion[]) => new LineageReader().ofScript(traced(sample), store, expanded);

  it('adds what the store knows of a dataset, and counts what is beyond it', async () => {
    const graph = await ask([]);
    expect(print(graph)).toMatch(/^o: Kafka topic both \+1 up \+1 down\n\(mine\): Flink process\ns: Kafka topic\n/);
    const [orders] = graph.nodes;
    expect(orders).toMatchObject({ owner: 'checkout-team', classifications: ['GOLD'], terms: ['Order', 'Revenue'] });
    expect(orders?.columns.find(({ name }) => name === 'customer_id')).toMatchObject({ classifications: ['PII'] });
  });

  it('goes on step by step, into other jobs and up to their columns', async () => {
    expect(print(await ask([{ node: topic, direction: 'up' }]))).toBe(
      `
o: Kafka topic both +1 down
(mine): Flink process
s: Kafka topic
(checkout-events): Flink process store
orders: Database table store
o → (mine)
(mine) → s
orders → (checkout-events)
(checkout-events) → o
o.order_id -> s.order_id
orders.gross -> o.amount
orders.channel -> o.channel
orders.currency -> o.currency
orders.customer -> o.customer_id
orders.id -> o.order_id
orders.created -> o.ordered_at`.trim(),
    );
  });

  it('begins with a job, a process, a column or a dataset of the store', async () => {
    const reader = new LineageReader();
    const nodes = async (typeName: string, qualifiedName: string) => {
      const graph = await reader.ofStore(store, { typeName, qualifiedName }, []);
      return `${graph.title}: ${graph.nodes.map(({ label, detail, kind }) => (kind === 'process' ? `(${detail})` : label)).join(', ')}`;
    };
    expect(await nodes('flink_application', 'order-funnel@prod')).toBe(
      'order-funnel: (order-funnel), shop.orders.v2, order-funnel',
    );
    expect(await nodes('flink_process', 'order-funnel/order_funnel@prod')).toBe(
      'order-funnel/order_funnel: (order-funnel), shop.orders.v2, order-funnel',
    );
    const around = 'shop.orders.v2: shop.orders.v2, (checkout-events), orders, (order-funnel), order-funnel';
    expect(await nodes('kafka_topic', 'shop.orders.v2@prod')).toBe(around);
    expect(await nodes('flink_column', 'kafka_topic:shop.orders.v2.amount@prod')).toBe(around);
    await expect(nodes('kafka_topic', 'nothing@prod')).rejects.toThrow(
      'is not in samples (workspace catalog) any more',
    );
  });

  it('says what was opened, so that it can be closed, also what is open from the beginning', async () => {
    const opened = ({ nodes }: LineageGraph) =>
      nodes.flatMap(({ label, opened }) => (opened ? `${label} ${JSON.stringify(opened)}` : []));
    expect(opened(await ask([{ node: topic, direction: 'up' }]))).toEqual(['o {"up":1}']);
    // nothing is in the graph because of it
    expect(
      opened(
        await ask([
          { node: topic, direction: 'up' },
          { node: 'nothing', direction: 'up' },
        ]),
      ),
    ).toHaveLength(1);
    const key = { typeName: 'kafka_topic', qualifiedName: 'shop.orders.v2@prod' };
    const around = (expanded: LineageExpansion[]) => new LineageReader().ofStore(store, key, expanded);
    expect(opened(await around([]))).toEqual(['shop.orders.v2 {"up":1,"down":1}']);
    const closed = await around([{ node: topic, direction: 'up', limit: 0 }]);
    expect(opened(closed)).toEqual(['shop.orders.v2 {"down":1}']);
    expect(print(closed)).toMatch(/^shop.orders.v2: Kafka topic store \+1 up\n/);
  });

  it('asks the store once, also while the script changes', async () => {
    let asked = 0;
    const count = <A extends unknown[], R>(run: (...args: A) => R) => ({
      value: (...args: A) => {
        asked++;
        return run(...args);
      },
    });
    const counting: typeof store = Object.create(store, {
      findByGuid: count(store.findByGuid.bind(store)),
      findByName: count(store.findByName.bind(store)),
    });
    const reader = new LineageReader();
    const expanded: LineageExpansion[] = [{ node: topic, direction: 'up' }];
    await reader.ofScript(traced(sample), counting, expanded);
    const first = asked;
    await reader.ofScript(traced(`${sample} INSERT INTO s SELECT order_id + 1 FROM o;`), counting, expanded);
    expect(first).toBeGreaterThan(0);
    expect(asked).toBe(first);
  });

  it('shows what the script says where the store fails, and why it does', async () => {
    const failing: typeof store = Object.create(store, {
      knownTypes: { value: () => Promise.reject(new Error('gone')) },
    });
    const graph = await new LineageReader().ofScript(traced(sample), failing, []);
    expect(graph.problem?.message).toContain('gone');
    expect(print(graph)).toContain('o → (mine)');
  });
});

describe('an empty graph', () => {
  it('says why, and what to do', async () => {
    const empty = async (sql: string) => (await new LineageReader().ofScript(traced(sql), undefined, [])).empty;
    expect(await empty('')).toMatch(/^This script is empty/);
    expect(await empty(TABLES)).toMatch(/^This script does not write anything yet/);
    expect(await empty(`${TABLES} INSERT INTO log SELECT name FROM customers;`)).toBeUndefined();
  });
});
