import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { describe, expect, it } from 'vitest';
import { datasetsOf } from '../../server/src/atlas/mapping';
import { mermaid } from '../../server/src/features/mermaid';
import { openLineage } from '../../server/src/features/open-lineage';
import { openLineageName } from '../../server/src/features/open-lineage-name';
import type { LineageGraph, LineageNode } from '../../server/src/protocol';

const node = (label: string, rest: Partial<LineageNode> = {}): LineageNode => ({
  id: label,
  kind: 'dataset',
  label,
  typeLabel: 'Kafka topic',
  columns: [{ name: 'a', type: 'INT', description: 'first', classifications: ['PII'] }],
  addresses: [{ namespace: 'kafka://k:9092', name: label }],
  origin: 'script',
  ...rest,
});
const graph: LineageGraph = {
  title: 'job',
  nodes: [
    node('in', { owner: 'team', description: 'rows', classifications: ['GOLD'] }),
    node('p', {
      kind: 'process',
      typeName: 'flink_process',
      qualifiedName: 'job/out@prod',
      label: 'INSERT',
      detail: 'job',
      sql: 'INSERT …',
      owner: 'team',
      description: 'copies',
      columns: [],
      source: { uri: 'file:///job.sql' },
    }),
    node('out', { columns: [{ name: 'a' }, { name: '__proto__' }, { name: 'n' }] }),
  ],
  edges: [
    { from: 'in', to: 'p' },
    { from: 'p', to: 'out' },
  ],
  columnEdges: [
    { from: { node: 'in', column: 'a' }, to: { node: 'out', column: 'a' }, process: 'p', transformed: false },
    {
      from: { node: 'in', column: 'a' },
      to: { node: 'out', column: '__proto__' },
      process: 'p',
      transformed: true,
      expression: 'a + 1',
    },
    {
      from: { node: 'in', column: 'a' },
      to: { node: 'out', column: 'n' },
      process: 'p',
      transformed: true,
      expression: 'SUM(a)',
    },
  ],
  influences: [{ from: { node: 'in', column: 'a' }, process: 'p', kinds: ['filter', 'group', 'window'] }],
};

describe('OpenLineage', () => {
  const folder = join(import.meta.dirname, 'openlineage');
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  for (const format of ['uri', 'date-time', 'uuid']) {
    ajv.addFormat(format, format === 'uri' ? (text: string) => URL.canParse(text) : true);
  }
  const schemas = readdirSync(folder).filter((file) => file.endsWith('.json'));
  for (const file of schemas) ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')) as object);
  const sources = new Map([
    ['file:///job.sql', { file: 'jobs/a b.sql', repository: 'git@git.example.org:shop/jobs.git', commit: 'abc' }],
  ]);
  const [event] = openLineage(graph, '2026-01-01T00:00:00.000Z', sources);

  it('is valid by the published schemas, event and facets', () => {
    const errors: unknown[] = [];
    const check = (schema: string, value: unknown) => {
      const validate = ajv.getSchema(schema);
      if (!validate) throw new Error(`no schema ${schema}`);
      if (!validate(value)) errors.push(schema, validate.errors);
    };
    check(event!.schemaURL, event);
    const facets = [event!.job, ...event!.inputs, ...event!.outputs].flatMap((one) => Object.values(one.facets));
    for (const facet of facets) check((facet as { _schemaURL: string })._schemaURL, facet);
    expect(errors).toEqual([]);
    // every kind of facet was there to be checked
    expect(new Set(facets.map((facet) => (facet as { _schemaURL: string })._schemaURL)).size).toBe(schemas.length - 1);
  });

  it('says how each column was made, and what decides about the rows', () => {
    const { fields, dataset } = event!.outputs[0]!.facets.columnLineage as unknown as {
      fields: Record<string, { inputFields: { field: string; transformations: { subtype: string }[] }[] }>;
      dataset: { transformations: { type: string; subtype: string }[] }[];
    };
    const how = Object.entries(fields).map(
      ([name, { inputFields }]) => `${name} ${inputFields[0]?.transformations[0]?.subtype}`,
    );
    expect(how).toEqual(['a IDENTITY', '__proto__ TRANSFORMATION', 'n AGGREGATION']);
    expect(dataset[0]?.transformations.map(({ type, subtype }) => `${type} ${subtype}`)).toEqual([
      'INDIRECT FILTER',
      'INDIRECT GROUP_BY',
      'INDIRECT WINDOW',
    ]);
  });

  it('names the job as a part of its application, and where its script is', () => {
    expect(`${event!.job.namespace} ${event!.job.name}`).toBe('prod job.out');
    expect(event!.job.facets.sourceCodeLocation).toMatchObject({
      url: 'https://git.example.org/shop/jobs/blob/abc/jobs/a%20b.sql',
      version: 'abc',
    });
  });

  const NAMES: [options: Record<string, string>, expected: string, name?: string][] = [
    [
      { connector: 'kafka', topic: 'Orders', 'properties.bootstrap.servers': 'b1:9092,b2:9092' },
      'kafka://b1:9092 Orders',
    ],
    [
      { connector: 'jdbc', url: 'jdbc:postgresql://db/shop', 'table-name': 'orders' },
      'postgres://db:5432 shop.public.orders',
    ],
    [
      { connector: 'mysql-cdc', hostname: 'db', 'database-name': 'shop', 'table-name': 'orders' },
      'mysql://db:3306 shop.orders',
    ],
    [
      { connector: 'jdbc', url: 'jdbc:sqlserver://db:1433;databaseName=shop', 'table-name': 'o' },
      'mssql://db:1433 shop.dbo.o',
    ],
    [{ connector: 'filesystem', path: 's3a://bucket/a/b/' }, 's3://bucket a/b'],
    [{ connector: 'filesystem', path: 'hdfs://nn:8020/a/b' }, 'hdfs://nn:8020 /a/b'],
    [{ connector: 'filesystem', path: 'file:///tmp/a' }, 'file /tmp/a'],
    [{ connector: 'filesystem', path: '/tmp/a' }, 'file /tmp/a'],
    [{ connector: 'filesystem', path: 'gs://bucket/a' }, 'gs://bucket a'],
    [
      { connector: 'filesystem', path: 'abfss://box@acc.dfs.core.windows.net/a' },
      'abfss://box@acc.dfs.core.windows.net a',
    ],
    [{ connector: 'hive' }, 'hive://prod db.t', 'c.db.t'],
    [{ connector: 'elasticsearch-7', hosts: 'http://es:9200', index: 'i' }, 'elasticsearch://es:9200 i'],
  ];
  it.each(NAMES)('names %j as its conventions do', (options, expected, name = 'default_catalog.default_database.t') => {
    const table = { name, kind: 'table' as const, options, columns: [] };
    const [dataset] = datasetsOf(table, { namespace: 'prod', catalogs: new Map() });
    const named = openLineageName(dataset!);
    expect(`${named.namespace} ${named.name}`).toBe(expected);
  });
});

describe('Mermaid', () => {
  it('has tables, or columns inside of them', () => {
    expect(mermaid(graph, false)).toBe(`%% job
flowchart LR
  n0["in<br/><small>Kafka topic</small>"]
  n1(["job<br/><small>INSERT</small>"])
  n2["out<br/><small>Kafka topic</small>"]
  n0 --> n1
  n1 --> n2
`);
    expect(mermaid(graph, true)).toBe(`%% job
flowchart LR
  subgraph n0["in<br/><small>Kafka topic</small>"]
    n0c0["a"]
  end
  n1(["job<br/><small>INSERT</small>"])
  subgraph n2["out<br/><small>Kafka topic</small>"]
    n2c0["a"]
    n2c1["__proto__"]
    n2c2["n"]
  end
  n0 --> n1
  n1 --> n2
  n0c0 --> n2c0
  n0c0 -.->|"a #43; 1"| n2c1
  n0c0 -.->|"SUM(a)"| n2c2
`);
  });

  it('lets no name become syntax', () => {
    const names = [
      '"]; click n0 "javascript:alert(1)"',
      '<img src=x onerror=alert(1)>',
      'end',
      '`# **bold**`',
      '%%{init: {}}%%',
      '',
      '$$x$$',
      '\u202eevil\n  x --> y',
    ];
    const hostile: LineageGraph = {
      ...graph,
      title: '%%{init}%%\nflowchart TD',
      nodes: names.map((name) => node(name)),
      edges: [],
      columnEdges: [],
    };
    for (const line of mermaid(hostile, true).split('\n').slice(2, -1)) {
      expect(line).toMatch(/^ {2}n\d+\["[\p{L}\p{N} ._/:,()=;#_-]*<br\/><small>Kafka topic<\/small>"\]$/u);
    }
    expect(mermaid(hostile, true).split('\n').slice(0, 2)).toEqual(['%% init flowchart TD', 'flowchart LR']);
  });
});
