import type { JobSource } from '../atlas/job';
import type { LineageFormat, LineageGraph } from '../protocol';
import { mermaid } from './mermaid';
import { openLineage } from './open-lineage';

/** A graph as text for other tools. `time` in ISO 8601; `source` is where the script is, when it is known. */
export function lineageExport(
  graph: LineageGraph,
  format: LineageFormat,
  { columns, time, source }: { columns: boolean; time: string; source?: JobSource | undefined },
): string {
  if (format === 'mermaid') return mermaid(graph, columns);
  const value = format === 'openlineage' ? openLineage(graph, time, source) : columns ? graph : withoutColumns(graph);
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function withoutColumns(graph: LineageGraph): LineageGraph {
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, columns: [] })), columnEdges: [], influences: [] };
}
