/**
 * The lineage of a script, and what a metadata store knows around it, as one graph of datasets and processes with their
 * columns. A pure view of `semantics/lineage` and of what was read from the store; the panel, the command line and the
 * exports show it. Datasets are the same node where they are the same physical dataset.
 */
import { type Key, keyOf, schemaName, withKnownTypes } from '../atlas/desired';
import { type Job, publishedSql, shortName, writes } from '../atlas/job';
import type { StoreColumnFlow, StoreDataset, StoreLink, StoreProcess } from '../atlas/lineage';
import { datasetsOf, type MappingContext, typeLabel } from '../atlas/mapping';
import { redactText } from '../atlas/redact';
import type { PlacedStatement } from '../language/script';
import type {
  LineageColumn,
  LineageColumnEdge,
  LineageEdge,
  LineageExpansion,
  LineageGraph,
  LineageInfluence,
  LineageNode,
} from '../protocol';
import type { StatementAnalysis } from '../semantics/analysis';
import type { StatementLineage, TableNode } from '../semantics/lineage';
import type { AnalysedDocument, Span } from './analysed-document';
import { openLineageName } from './open-lineage-name';

type Range = NonNullable<NonNullable<LineageNode['source']>['range']>;

/** Neighbours of one node that are shown at once. */
export const NEIGHBOURS = 20;
/** Columns of one dataset that travel; of more, those with lineage and the first ones. */
export const MOST_COLUMNS = 10_000;

export interface ScriptContext {
  uri: string;
  /** The job that the script is */
  job: Pick<Job, 'name' | 'owner' | 'processes'>;
  mapping: MappingContext;
  /** Types that the store has; undefined where there is no store, or it was not asked */
  types?: ReadonlySet<string>;
  rangeOf(span: Span): Range;
}

/** A graph that is being put together. Nodes, edges and column edges are each kept once. */
export class LineageBuilder {
  readonly nodes = new Map<string, LineageNode>();
  private readonly edges = new Map<string, LineageEdge>();
  private readonly columnEdges = new Map<string, LineageColumnEdge>();
  private readonly influences = new Map<string, LineageInfluence>();
  /** Node ids by every key that a store may have the thing under */
  private readonly ids = new Map<string, string>();

  /** The node that stands for a thing of a store; undefined where the graph does not have it. */
  find(key: Key): LineageNode | undefined {
    return this.nodes.get(this.ids.get(keyOf(key)) ?? '');
  }

  add(node: LineageNode, keys: readonly Key[]): LineageNode {
    const known = this.nodes.get(node.id);
    if (known) return known;
    this.nodes.set(node.id, node);
    for (const key of keys) if (!this.ids.has(keyOf(key))) this.ids.set(keyOf(key), node.id);
    return node;
  }

  edge(edge: LineageEdge): void {
    const key = `${edge.from}\n${edge.to}`;
    if (!this.edges.has(key)) this.edges.set(key, edge);
  }

  columnEdge(edge: LineageColumnEdge): void {
    const key = [edge.from.node, edge.from.column, edge.to.node, edge.to.column, edge.process].join('\n');
    if (!this.columnEdges.has(key)) this.columnEdges.set(key, edge);
  }

  influence(from: LineageInfluence['from'], process: string, kind: LineageInfluence['kinds'][number]): void {
    const key = [from.node, from.column, process].join('\n');
    const known = this.influences.get(key);
    if (!known) this.influences.set(key, { from, process, kinds: [kind] });
    else if (!known.kinds.includes(kind)) known.kinds.push(kind);
  }

  graph(title: string, rest: Partial<LineageGraph> = {}): LineageGraph {
    return {
      title,
      nodes: [...this.nodes.values()].map((node) => {
        const columns = this.shownColumns(node);
        const all = node.columns.length;
        return { ...node, columns, ...(columns.length < all ? { columnCount: all } : {}) };
      }),
      edges: [...this.edges.values()],
      columnEdges: [...this.columnEdges.values()],
      influences: [...this.influences.values()],
      ...rest,
    };
  }

  /** All columns, or of very many those that take part in the lineage and the first of the others. */
  private shownColumns(node: LineageNode): LineageColumn[] {
    if (node.columns.length <= MOST_COLUMNS) return node.columns;
    const used = new Set<string>();
    for (const { from, to } of this.columnEdges.values())
      for (const end of [from, to]) if (end.node === node.id) used.add(end.column);
    let free = Math.max(0, MOST_COLUMNS - used.size);
    return node.columns.filter(({ name }) => used.has(name) || free-- > 0);
  }
}

// ------------------------------------------------------------------------------------------------ from a script

/** A writing part of a script at its place in the document. */
interface Write extends Span {
  lineage: StatementLineage & { sink: string };
  placed: PlacedStatement;
  bound: StatementAnalysis;
  /** 'INSERT', 'CREATE TABLE' … */
  verb: string;
  /** As its process is called in the store: the sink, with #2 … when several write to it */
  name: string;
}

function writesOf({ statements, analysis }: AnalysedDocument): Write[] {
  const seen = new Map<string, number>();
  return statements.flatMap((placed, index) => {
    const bound = analysis.statements[index];
    if (!bound || !writes(placed.statement.root)) return [];
    return bound.lineage.flatMap((lineage) => {
      const { sink } = lineage;
      // half typed: nobody knows yet what it writes to
      if (!sink) return [];
      const count = (seen.get(sink) ?? 0) + 1;
      seen.set(sink, count);
      const start = placed.offset + lineage.start;
      const sql = placed.statement.text.slice(lineage.start, lineage.end);
      return {
        lineage: { ...lineage, sink },
        placed,
        bound,
        start,
        end: placed.offset + lineage.end,
        verb: verbOf(sql),
        name: count === 1 ? shortName(sink) : `${shortName(sink)}#${count}`,
      };
    });
  });
}

/** 'INSERT INTO t …' → 'INSERT', 'CREATE TABLE t AS …' → 'CREATE TABLE' */
function verbOf(sql: string): string {
  const [, verb = '', object = ''] = /^\W*(\w+)(?:\s+(?:OR\s+\w+\s+)?(\w+(?:\s+TABLE)?))?/.exec(sql) ?? [];
  return /^(create|replace|alter)$/i.test(verb) ? `${verb} ${object}`.toUpperCase() : verb.toUpperCase();
}

/** What a dataset of no connector is called in people's words. */
function labelOfTable(table: TableNode): string {
  if (table.kind === 'unknown') return 'not described here';
  const { connector } = table.options;
  return connector ? `${connector} table` : table.kind;
}

/**
 * Adds what a script reads and writes; with `offset` only the statement there, where one that writes is there. Answers the
 * node of the statement at `offset` or `cursor`, else of the table that is made there, and under which keys a store would have
 * what was added.
 */
export function addScript(
  builder: LineageBuilder,
  document: AnalysedDocument,
  context: ScriptContext,
  { offset, cursor }: { offset?: number; cursor?: number } = {},
): { focus?: string; writes: number; sink?: string; keys: Key[] } {
  const all = writesOf(document);
  const writeAt = (at?: number) =>
    at === undefined ? undefined : all.find(({ start, end }) => start <= at && at <= end);
  const only = writeAt(offset);
  const here = only ?? writeAt(cursor);
  const shown = only ? [only] : all;
  const definitions = new Definitions(document, context);
  const keys: Key[] = [];
  const tables = new Map<string, LineageNode>();
  const nodeOf = (name: string) => {
    const node = tables.get(name) ?? addTable(builder, document, context, definitions, name, keys);
    tables.set(name, node);
    return node;
  };
  const batch = /^batch$/i.test(document.analysis.settings.get('execution.runtime-mode') ?? '');
  for (const write of shown) addWrite(builder, context, write, batch, nodeOf);
  const at = offset ?? cursor;
  const found = at === undefined || here ? undefined : definitions.at(at);
  // a table that nothing uses is shown when its lineage is asked for, not because the cursor happens to be in it
  const made = found !== undefined && (offset !== undefined || tables.has(found)) ? found : undefined;
  const focus = here ? processId(context, here) : made && nodeOf(made).id;
  return {
    writes: all.length,
    keys,
    ...(focus ? { focus } : {}),
    ...(only ? { sink: shortName(only.lineage.sink) } : {}),
  };
}

function processId({ job, mapping }: ScriptContext, { name }: Write): string {
  return processNodeId(`${job.name}/${name}@${mapping.namespace}`);
}

function processNodeId(qualifiedName: string): string {
  return `process ${qualifiedName}`;
}

/** Where tables and columns are made in a script. */
class Definitions {
  private readonly places = new Map<string, { name?: Span; columns: Map<string, Span>; statement: Span }>();

  constructor(
    document: AnalysedDocument,
    private readonly context: ScriptContext,
  ) {
    document.statements.forEach(({ statement, offset }, index) => {
      const bound = document.analysis.statements[index];
      const table = bound?.defines?.name;
      for (const { name, start, end } of bound?.tables ?? []) {
        // a table that the script only uses is shown where it first does
        if (!this.places.has(name))
          this.places.set(name, {
            name: { start: offset + start, end: offset + end },
            columns: new Map(),
            statement: { start: -1, end: -1 },
          });
      }
      if (table === undefined) return;
      const named = bound?.tables.find(({ role }) => role === 'definition');
      const { root } = statement;
      const columns = root.kind === 'CreateTable' ? root.columns : [];
      this.places.set(table, {
        ...(named ? { name: { start: offset + named.start, end: offset + named.end } } : {}),
        columns: new Map(
          columns.map(({ name }) => [name.name, { start: offset + name.start, end: offset + name.end }]),
        ),
        statement: { start: offset, end: offset + statement.text.length },
      });
    });
  }

  place(table: string, column?: string): LineageNode['source'] {
    const place = this.places.get(table);
    const span = (column === undefined ? undefined : place?.columns.get(column)) ?? place?.name;
    return span && { uri: this.context.uri, range: this.context.rangeOf(span) };
  }

  /** Planner name of the table that is made at an offset. */
  at(offset: number): string | undefined {
    for (const [name, { statement }] of this.places)
      if (statement.start <= offset && offset <= statement.end) return name;
    return undefined;
  }
}

/** Adds a table of the script under the name of the physical dataset behind it. */
function addTable(
  builder: LineageBuilder,
  { analysis }: AnalysedDocument,
  context: ScriptContext,
  definitions: Definitions,
  name: string,
  keys: Key[],
): LineageNode {
  const table = analysis.tables.get(name) ?? { name, kind: 'unknown', options: {}, columns: [] };
  const datasets = datasetsOf(table, context.mapping);
  const { types } = context;
  const first = datasets[0];
  const known = types ? datasets.map((dataset) => withKnownTypes(dataset, types)) : [];
  keys.push(...known.map(plainKey));
  const { foundIn } = table;
  const source = foundIn?.uri ? { uri: foundIn.uri } : definitions.place(name);
  const label = shortName(name);
  const stored = datasets.map((dataset) => dataset.name).join(', ');
  const columns = table.columns.map((column): LineageColumn => {
    const place = definitions.place(name, column.name);
    return {
      name: column.name,
      ...(column.type ? { type: column.type } : {}),
      ...(column.comment ? { description: redactText(column.comment) } : {}),
      ...(column.kind === 'physical' ? {} : { kind: column.kind }),
      ...(table.primaryKey?.includes(column.name) ? { primaryKey: true } : {}),
      ...(place ? { source: place } : {}),
    };
  });
  const made = builder.add(
    {
      // what is stored nowhere is the script's own
      id: first ? keyOf(first) : `table ${context.uri} ${name}`,
      kind: 'dataset',
      label,
      typeLabel: first && first.typeName !== 'flink_table' ? typeLabel(first.typeName) : labelOfTable(table),
      ...(stored && stored !== label ? { detail: stored } : {}),
      ...(first ? { typeName: first.typeName, qualifiedName: first.qualifiedName } : {}),
      ...(datasets.length > 1 ? { others: datasets.slice(1).map(plainKey) } : {}),
      addresses: first ? datasets.map(openLineageName) : [{ namespace: 'inmemory://', name: label }],
      ...(table.comment ? { description: redactText(table.comment) } : {}),
      columns,
      origin: 'script',
      ...(source ? { source } : {}),
    },
    [...datasets, ...known],
  );
  // two tables of the script on one dataset: the columns of both are its
  const names = new Set(made.columns.map((column) => column.name));
  made.columns.push(...columns.filter((column) => !names.has(column.name)));
  return made;
}

function plainKey({ typeName, qualifiedName }: Key): Key {
  return { typeName, qualifiedName };
}

function addWrite(
  builder: LineageBuilder,
  context: ScriptContext,
  write: Write,
  batch: boolean,
  nodeOf: (name: string) => LineageNode,
): void {
  const { lineage, placed, bound } = write;
  for (const { table } of lineage.sources) nodeOf(table);
  const { job } = context;
  const qualifiedName = `${job.name}/${write.name}@${context.mapping.namespace}`;
  const told = job.processes.find(({ name }) => name === write.name);
  const owner = told?.owner ?? job.owner;
  const process = builder.add(
    {
      id: processId(context, write),
      kind: 'process',
      label: write.verb,
      typeLabel: 'Flink process',
      detail: job.name,
      typeName: 'flink_process',
      qualifiedName,
      ...(told?.description ? { description: told.description } : {}),
      ...(owner ? { owner } : {}),
      columns: [],
      sql: publishedSql(placed.statement.text.slice(lineage.start, lineage.end)),
      ...(lineage.partial ? { partial: true } : {}),
      ...(batch ? { batch } : {}),
      origin: 'script',
      source: { uri: context.uri, range: context.rangeOf(write) },
    },
    [
      { typeName: 'flink_process', qualifiedName },
      { typeName: 'Process', qualifiedName },
    ],
  );
  for (const { table, role } of lineage.sources) {
    builder.edge({ from: nodeOf(table).id, to: process.id, ...(role === 'scan' ? {} : { role }) });
  }
  const sink = nodeOf(lineage.sink);
  builder.edge({ from: process.id, to: sink.id });
  const uses = bound.columns.filter(({ start, end }) => start >= lineage.start && end <= lineage.end);
  const usesByColumn = new Map<string, Span[]>();
  for (const { table, column, start, end } of uses) {
    const key = `${table}\n${column}`;
    usesByColumn.set(key, [...(usesByColumn.get(key) ?? []), { start, end }]);
  }
  for (const { column, from, expression } of lineage.columns) {
    // a column that is used several times: what the value comes from is the one in its expression
    const start = expression ? placed.statement.text.indexOf(expression, lineage.start) : -1;
    const end = start + (expression?.length ?? 0);
    for (const origin of from) {
      const own = usesByColumn.get(`${origin.table}\n${origin.column}`);
      const use = own?.find((one) => start >= 0 && one.start >= start && one.end <= end) ?? own?.[0];
      const range = use && context.rangeOf({ start: placed.offset + use.start, end: placed.offset + use.end });
      builder.columnEdge({
        from: { node: nodeOf(origin.table).id, column: origin.column },
        to: { node: sink.id, column },
        process: process.id,
        transformed: origin.transformed,
        ...(expression ? { expression: publishedSql(expression) } : {}),
        ...(range ? { source: { uri: context.uri, range } } : {}),
      });
    }
  }
  for (const { table, column, kind } of lineage.indirect) {
    builder.influence({ node: nodeOf(table).id, column }, process.id, kind);
  }
}

// -------------------------------------------------------------------------------------------------- from a store

/** What was read of a store, by guid; what is not there was not read. */
export interface StoreKnowledge {
  datasets: ReadonlyMap<string, StoreDataset>;
  processes: ReadonlyMap<string, StoreProcess>;
}

/** Finds the script behind a process of the store, when it is in the workspace. */
export type ResolveSource = (file: string, sink?: string) => LineageNode['source'] | undefined;

/** Adds a dataset that the store has, or tells a node of the script what the store knows of it. */
export function addDataset(builder: LineageBuilder, dataset: StoreDataset): LineageNode {
  const known = builder.find(dataset);
  if (known) {
    // what the script adds comes first; what the organisation says of it is added
    if (known.origin === 'script') known.origin = 'both';
    known.description = dataset.description ?? known.description;
    if (known.description === undefined) delete known.description;
    Object.assign(known, storeFacts(dataset));
    mergeColumns(known, dataset);
    return known;
  }
  const label = dataset.name;
  const address = dataset.qualifiedName.replace(/@[^@]*$/, '');
  return builder.add(
    {
      id: keyOf(dataset),
      kind: 'dataset',
      label,
      typeLabel: typeLabel(dataset.typeName),
      ...(address === label ? {} : { detail: address }),
      typeName: dataset.typeName,
      qualifiedName: dataset.qualifiedName,
      addresses: [openLineageName(dataset)],
      ...(dataset.description ? { description: dataset.description } : {}),
      ...storeFacts(dataset),
      columns: dataset.columns.map(storeColumn),
      origin: 'store',
    },
    [dataset],
  );
}

function storeFacts({ owner, classifications, terms, webUrl, deleted }: StoreDataset) {
  return {
    ...(owner ? { owner } : {}),
    ...(classifications.length > 0 ? { classifications } : {}),
    ...(terms.length > 0 ? { terms } : {}),
    ...(webUrl ? { webUrl } : {}),
    ...(deleted ? { status: 'deleted' as const } : {}),
  };
}

function storeColumn({ name, type, description, classifications }: StoreDataset['columns'][number]): LineageColumn {
  return {
    name,
    ...(type ? { type } : {}),
    ...(description ? { description } : {}),
    ...(classifications.length > 0 ? { classifications } : {}),
  };
}

/** Hive writes names in lower case; a column that only the store has stands at the end. */
function mergeColumns(node: LineageNode, dataset: StoreDataset): void {
  const byName = new Map(node.columns.map((column) => [column.name.toLowerCase(), column]));
  for (const column of dataset.columns) {
    const known = byName.get(column.name.toLowerCase());
    if (!known) node.columns.push(storeColumn(column));
    else {
      if (column.classifications.length > 0) known.classifications = column.classifications;
      known.description = column.description ?? known.description;
      if (known.description === undefined) delete known.description;
    }
  }
}

/** Adds a process that the store has; one of the script stays as the script has it. */
export function addProcess(builder: LineageBuilder, process: StoreProcess, resolve: ResolveSource): LineageNode {
  const known = builder.find(process);
  if (known) {
    if (known.origin === 'script') known.origin = 'both';
    if (process.webUrl) known.webUrl = process.webUrl;
    if (process.owner) known.owner = process.owner;
    if (process.description) known.description = process.description;
    return known;
  }
  const source = process.file ? resolve(process.file, process.sink) : undefined;
  const flink = process.job !== undefined || process.typeName === 'flink_process';
  const verb = process.sql ? verbOf(process.sql) : '';
  return builder.add(
    {
      id: processNodeId(process.qualifiedName),
      kind: 'process',
      label: flink ? verb || 'INSERT' : verb || process.name,
      typeLabel: typeLabel(process.typeName),
      detail: process.job ?? (flink ? process.name.replace(/\/[^/]*$/, '') : process.name),
      typeName: process.typeName,
      qualifiedName: process.qualifiedName,
      ...(process.description ? { description: process.description } : {}),
      ...(process.owner ? { owner: process.owner } : {}),
      columns: [],
      ...(process.sql ? { sql: publishedSql(process.sql) } : {}),
      ...(process.deleted ? { status: 'deleted' } : {}),
      origin: 'store',
      ...(source ? { source } : {}),
      ...(process.webUrl ? { webUrl: process.webUrl } : {}),
    },
    [process],
  );
}

/** The neighbours of a node that an expansion shows: the first so many. */
export function shownLinks(
  links: readonly StoreLink[],
  { limit = NEIGHBOURS }: LineageExpansion,
): readonly StoreLink[] {
  return links.slice(0, limit);
}

/**
 * Adds all edges of the store between nodes that the graph has, and counts for each node the neighbours it does not have.
 * The edges of the script's own processes are the script's: what was published of them before may be out of date.
 */
export function connect(builder: LineageBuilder, { datasets, processes }: StoreKnowledge): void {
  const columns = new ColumnNames(builder, [...datasets.values()]);
  const nodeOf = (link: StoreLink) => {
    const dataset = datasets.get(link.guid);
    const process = processes.get(link.guid);
    return dataset ? builder.find(dataset) : process ? builder.find(process) : undefined;
  };
  for (const process of processes.values()) {
    const node = builder.find(process);
    if (node?.origin !== 'store') continue;
    const hidden: Required<NonNullable<LineageNode['hidden']>> = { up: 0, down: 0 };
    for (const [direction, links] of [['up', process.up] as const, ['down', process.down] as const]) {
      for (const link of links) {
        const other = nodeOf(link);
        if (!other) {
          hidden[direction]++;
          continue;
        }
        const [from, to] = direction === 'up' ? [other, node] : [node, other];
        const gone = link.deleted || process.deleted;
        builder.edge({ from: from.id, to: to.id, ...(gone ? { status: 'deleted' } : {}) });
      }
    }
    if (hidden.up + hidden.down > 0) node.hidden = hidden;
    for (const flow of process.columns) addFlow(builder, columns, node, flow);
  }
  // a process of the script is in the graph whether or not it was read from the store
  const own = new Set(
    [...builder.nodes.values()].map(({ qualifiedName = '' }) => qualifiedName.replace(/@[^@]*$/, '')),
  );
  for (const dataset of datasets.values()) {
    const node = builder.find(dataset);
    if (!node) continue;
    for (const direction of ['up', 'down'] as const) {
      const missing = dataset[direction].filter((link) => !nodeOf(link) && !own.has(link.name));
      if (missing.length > 0) {
        node.hidden = { ...node.hidden, [direction]: (node.hidden?.[direction] ?? 0) + missing.length };
      }
    }
  }
}

function addFlow(builder: LineageBuilder, columns: ColumnNames, process: LineageNode, flow: StoreColumnFlow): void {
  for (const target of flow.to) {
    const to = columns.find(target);
    for (const origin of to ? flow.from : []) {
      const from = columns.find(origin);
      if (!to || !from) continue;
      const { transformed, expression } = flow;
      builder.columnEdge({ from, to, process: process.id, transformed, ...(expression ? { expression } : {}) });
    }
  }
}

/** Which column of which node a column's qualifiedName means: that of its table with the column's name before the '@'. */
class ColumnNames {
  private readonly nodes = new Map<string, LineageNode>();
  private readonly found = new Map<string, LineageColumnEdge['from'] | undefined>();

  constructor(builder: LineageBuilder, datasets: readonly StoreDataset[]) {
    for (const dataset of datasets) {
      const node = builder.find(dataset);
      if (!node) continue;
      const own = dataset.typeName.replace(/_table$/, '_column');
      this.nodes.set(keyOf({ typeName: own, qualifiedName: dataset.qualifiedName }), node);
      this.nodes.set(keyOf({ typeName: 'flink_column', qualifiedName: schemaName(dataset) }), node);
    }
  }

  find(key: Key): LineageColumnEdge['from'] | undefined {
    const id = keyOf(key);
    if (!this.found.has(id)) this.found.set(id, this.search(key));
    return this.found.get(id);
  }

  /** A column's name may have dots in it: the longest name of a table that is known counts. */
  private search({ typeName, qualifiedName }: Key): LineageColumnEdge['from'] | undefined {
    const at = qualifiedName.lastIndexOf('@');
    const [path, namespace] = at < 0 ? [qualifiedName, ''] : [qualifiedName.slice(0, at), qualifiedName.slice(at)];
    for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      const node = this.nodes.get(keyOf({ typeName, qualifiedName: path.slice(0, dot) + namespace }));
      const name = path.slice(dot + 1);
      if (!node) continue;
      const column = node.columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (!column) node.columns.push({ name });
      return { node: node.id, column: column?.name ?? name };
    }
    return undefined;
  }
}
