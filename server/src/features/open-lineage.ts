import type { JobSource } from '../atlas/job';
import type { LineageColumnEdge, LineageGraph, LineageInfluence, LineageNode } from '../protocol';

/** The parts of OpenLineage's events that are written here; facets are open. Source: OpenLineage, spec/OpenLineage.json. */
export interface JobEvent {
  eventTime: string;
  producer: string;
  schemaURL: string;
  job: { namespace: string; name: string; facets: Record<string, object> };
  inputs: OpenLineageDataset[];
  outputs: OpenLineageDataset[];
}

export interface OpenLineageDataset {
  namespace: string;
  name: string;
  facets: Record<string, object>;
}

interface InputField {
  namespace: string;
  name: string;
  field: string;
  transformations: { type: 'DIRECT' | 'INDIRECT'; subtype: string; description?: string; masking: boolean }[];
}

const producer = 'https://github.com/flink-sql-atlas/flink-sql-atlas';
const spec = 'https://openlineage.io/spec';

function facet(name: string, version: string, content: object): object {
  return { _producer: producer, _schemaURL: `${spec}/facets/${version}/${name}.json#/$defs/${name}`, ...content };
}

const subtypes: Record<LineageInfluence['kinds'][number], string> = {
  filter: 'FILTER',
  join: 'JOIN',
  group: 'GROUP_BY',
  order: 'SORT',
  window: 'WINDOW',
  condition: 'CONDITIONAL',
};

/** Flink's aggregate functions that people write; a call of one makes an expression an aggregation. */
const aggregate =
  /\b(?:SUM|SUM0|COUNT|AVG|MIN|MAX|LISTAGG|COLLECT|ARRAY_AGG|JSON_(?:ARRAY|OBJECT)AGG|STDDEV\w*|VAR\w*|FIRST_VALUE|LAST_VALUE|PERCENTILE)\s*\(/i;

/**
 * OpenLineage events of a graph: one JobEvent for each statement or process, with the schema of what it reads and writes and
 * the lineage of the columns. `time` in ISO 8601; `sources` says of scripts, by URI, where they are. Datasets of a process that the graph leaves out are left out here.
 */
export function openLineage(
  graph: LineageGraph,
  time: string,
  sources: ReadonlyMap<string, JobSource> = new Map(),
): JobEvent[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const ends = (process: LineageNode, side: 'from' | 'to') =>
    graph.edges
      .filter((edge) => edge[side === 'from' ? 'to' : 'from'] === process.id && edge.status !== 'deleted')
      .flatMap((edge) => nodes.get(edge[side]) ?? []);
  return graph.nodes
    .filter((node) => node.kind === 'process' && node.status !== 'deleted')
    .map((process) => {
      const columns = graph.columnEdges.filter((edge) => edge.process === process.id);
      const influences = graph.influences.filter((one) => one.process === process.id);
      return {
        eventTime: time,
        producer,
        schemaURL: `${spec}/2-0-2/OpenLineage.json#/$defs/JobEvent`,
        job: jobOf(process, sources.get(process.source?.uri ?? '')),
        inputs: ends(process, 'from').flatMap((node) => datasetsOf(node)),
        outputs: ends(process, 'to').flatMap((node) =>
          datasetsOf(node, columnLineage(node, columns, influences, nodes)),
        ),
      };
    });
}

/** 'enrich-orders/enriched_orders@prod' is the job enrich-orders.enriched_orders in the namespace prod. */
function jobOf(process: LineageNode, source: JobSource | undefined): JobEvent['job'] {
  const { qualifiedName = process.id } = process;
  const at = qualifiedName.lastIndexOf('@');
  const name = (at < 0 ? qualifiedName : qualifiedName.slice(0, at)).replace(/\/([^/]*)$/, '.$1');
  const flink = /^flink|^Process$/.test(process.typeName ?? '');
  const location = process.origin === 'store' ? undefined : locationOf(source);
  return {
    namespace: at < 0 ? 'default' : qualifiedName.slice(at + 1),
    name,
    facets: {
      jobType: facet('JobTypeJobFacet', '2-0-4', {
        processingType: flink && !process.batch ? 'STREAMING' : 'BATCH',
        integration: flink ? 'FLINK' : (process.typeName ?? '').replace(/_.*/, '').toUpperCase() || 'OTHER',
        jobType: flink ? 'JOB' : 'QUERY',
      }),
      ...(process.sql
        ? { sql: facet('SQLJobFacet', '1-1-0', { query: process.sql, ...(flink ? { dialect: 'flink' } : {}) }) }
        : {}),
      ...(process.description
        ? { documentation: facet('DocumentationJobFacet', '1-1-0', { description: process.description }) }
        : {}),
      ...(process.owner
        ? { ownership: facet('OwnershipJobFacet', '1-0-1', { owners: [{ name: process.owner }] }) }
        : {}),
      ...(location ? { sourceCodeLocation: facet('SourceCodeLocationJobFacet', '1-1-0', location) } : {}),
    },
  };
}

/** Where the script is, when its repository has a web address. */
function locationOf(source: JobSource | undefined): object | undefined {
  const repository = source?.repository?.replace(/^git@([^:/]+):/, 'https://$1/').replace(/\.git$/, '');
  if (!source || !repository || !/^https?:\/\//.test(repository) || !URL.canParse(repository)) return undefined;
  const version = source.commit ?? 'HEAD';
  return {
    type: 'git',
    url: new URL(`${repository}/blob/${version}/${source.file}`).href,
    repoUrl: repository,
    path: source.file,
    ...(source.commit ? { version: source.commit } : {}),
  };
}

function datasetsOf(node: LineageNode, columnFacet?: object): OpenLineageDataset[] {
  const tags = [
    ...(node.classifications ?? []).map((key) => ({ key, value: 'true', source: 'USER' })),
    ...node.columns.flatMap(({ name, classifications = [] }) =>
      classifications.map((key) => ({ key, value: 'true', source: 'USER', field: name })),
    ),
  ];
  const fields = node.columns
    .filter(({ kind }) => kind !== 'computed')
    .map(({ name, type, description }) => ({
      name,
      ...(type ? { type } : {}),
      ...(description ? { description } : {}),
    }));
  const facets = {
    ...(fields.length > 0 ? { schema: facet('SchemaDatasetFacet', '1-2-0', { fields }) } : {}),
    ...(node.description
      ? { documentation: facet('DocumentationDatasetFacet', '1-1-0', { description: node.description }) }
      : {}),
    ...(node.owner ? { ownership: facet('OwnershipDatasetFacet', '1-0-1', { owners: [{ name: node.owner }] }) } : {}),
    ...(tags.length > 0 ? { tags: facet('TagsDatasetFacet', '1-0-0', { tags }) } : {}),
    ...(columnFacet ? { columnLineage: columnFacet } : {}),
  };
  return addressesOf(node).map(({ namespace, name }) => ({ namespace, name, facets }));
}

function addressesOf(node: LineageNode | undefined): readonly { namespace: string; name: string }[] {
  return node?.addresses ?? [];
}

function columnLineage(
  sink: LineageNode,
  edges: readonly LineageColumnEdge[],
  influences: readonly LineageInfluence[],
  nodes: ReadonlyMap<string, LineageNode>,
): object | undefined {
  const fields: Record<string, { inputFields: InputField[] }> = {};
  for (const { from, to, transformed, expression } of edges) {
    if (to.node !== sink.id) continue;
    const subtype = !transformed ? 'IDENTITY' : aggregate.test(expression ?? '') ? 'AGGREGATION' : 'TRANSFORMATION';
    const description = transformed && expression ? { description: expression } : {};
    const inputFields = addressesOf(nodes.get(from.node)).map(({ namespace, name }) => ({
      namespace,
      name,
      field: from.column,
      transformations: [{ type: 'DIRECT' as const, subtype, ...description, masking: false }],
    }));
    // a column may be called __proto__
    const known = Object.hasOwn(fields, to.column) ? fields[to.column]! : { inputFields: [] };
    known.inputFields.push(...inputFields);
    Object.defineProperty(fields, to.column, { value: known, enumerable: true, configurable: true, writable: true });
  }
  const dataset = influences.flatMap(({ from, kinds }) =>
    addressesOf(nodes.get(from.node)).map(({ namespace, name }) => ({
      namespace,
      name,
      field: from.column,
      transformations: kinds.map((kind) => ({ type: 'INDIRECT' as const, subtype: subtypes[kind], masking: false })),
    })),
  );
  if (Object.keys(fields).length === 0 && dataset.length === 0) return undefined;
  return facet('ColumnLineageDatasetFacet', '1-2-0', { fields, ...(dataset.length > 0 ? { dataset } : {}) });
}
