import type { JobSource } from '../atlas/job';
import type { LineageFormat, LineageGraph } from '../protocol';
import { mermaid } from './mermaid';
import { openLineage } from './open-lineage';

/** A graph as text for other tools. `time` in ISO 8601; `sources` says of scripts, by URI, where they are. */
export function lineageExport(
  graph: LineageGraph,
  format: LineageFormat,
  { columns, time, sources }: { columns: boolean; time: string; sources?: ReadonlyMap<string, JobSource> },
): string {
  if (format === 'mermaid') return mermaid(graph, columns);
  const value = format === 'openlineage' ? openLineage(graph, time, sources) : columns ? graph : withoutColumns(graph);
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function withoutColumns(graph: LineageGraph): LineageGraph {
  return { ...graph, nodes: graph.nodes.map((node) => ({ ...node, columns: [] })), columnEdges: [], influences: [] };
}
