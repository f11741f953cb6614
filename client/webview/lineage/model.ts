import type {
  LineageColumn,
  LineageColumnEdge,
  LineageEdge,
  LineageGraph,
  LineageNode,
} from '../../../server/src/protocol';

/** What is chosen: a node, or a column of one. */
export interface Choice {
  node: string;
  column?: string;
}

/** What belongs to a choice: everything that its values come from and go to. */
export interface Lit {
  nodes: ReadonlySet<string>;
  /** Of `LineageGraph.edges` */
  edges: ReadonlySet<LineageEdge>;
  columns: ReadonlySet<string>;
  columnEdges: ReadonlySet<LineageColumnEdge>;
}

export function columnKey(node: string, column: string): string {
  return `${node}\n${column}`;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

const none: readonly never[] = [];

/** A graph with what is asked of it again and again. */
export class Model {
  readonly nodes: ReadonlyMap<string, LineageNode>;
  private readonly into = new Map<string, LineageEdge[]>();
  private readonly outOf = new Map<string, LineageEdge[]>();
  private readonly columnInto = new Map<string, LineageColumnEdge[]>();
  private readonly columnOutOf = new Map<string, LineageColumnEdge[]>();
  /** Columns that take part in the lineage */
  private readonly used = new Map<string, Set<string>>();

  constructor(readonly graph: LineageGraph) {
    this.nodes = new Map(graph.nodes.map((node) => [node.id, node]));
    for (const edge of graph.edges) {
      push(this.into, edge.to, edge);
      push(this.outOf, edge.from, edge);
    }
    for (const edge of graph.columnEdges) {
      push(this.columnInto, columnKey(edge.to.node, edge.to.column), edge);
      push(this.columnOutOf, columnKey(edge.from.node, edge.from.column), edge);
      for (const { node, column } of [edge.from, edge.to]) {
        const used = this.used.get(node) ?? new Set();
        this.used.set(node, used.add(column));
      }
    }
  }

  edgesInto(node: string): readonly LineageEdge[] {
    return this.into.get(node) ?? none;
  }

  edgesOutOf(node: string): readonly LineageEdge[] {
    return this.outOf.get(node) ?? none;
  }

  columnEdgesInto({ node, column = '' }: Choice): readonly LineageColumnEdge[] {
    return this.columnInto.get(columnKey(node, column)) ?? none;
  }

  columnEdgesOutOf({ node, column = '' }: Choice): readonly LineageColumnEdge[] {
    return this.columnOutOf.get(columnKey(node, column)) ?? none;
  }

  /** Columns with lineage first, each part in the table's order. */
  columnsOf(node: LineageNode): readonly LineageColumn[] {
    const used = this.used.get(node.id);
    if (!used || used.size >= node.columns.length) return node.columns;
    const first = (column: LineageColumn) => (used.has(column.name) ? 0 : 1);
    // stable: what is equal keeps its order
    return [...node.columns].sort((a, b) => first(a) - first(b));
  }

  /** Everything upstream and downstream of a choice. */
  lit(choice: Choice): Lit {
    const nodes = new Set([choice.node]);
    const edges = new Set<LineageEdge>();
    const columns = new Set<string>();
    const columnEdges = new Set<LineageColumnEdge>();
    if (choice.column === undefined) {
      this.walk(
        choice.node,
        (id) => this.edgesOutOf(id),
        (edge) => edge.to,
        nodes,
        edges,
      );
      this.walk(
        choice.node,
        (id) => this.edgesInto(id),
        (edge) => edge.from,
        nodes,
        edges,
      );
      return { nodes, edges, columns, columnEdges };
    }
    for (const down of [true, false]) {
      const waiting = [{ node: choice.node, column: choice.column }];
      const seen = new Set<string>();
      for (let at = waiting.pop(); at; at = waiting.pop()) {
        const key = columnKey(at.node, at.column);
        if (seen.has(key)) continue;
        seen.add(key);
        columns.add(key);
        nodes.add(at.node);
        for (const edge of down ? this.columnEdgesOutOf(at) : this.columnEdgesInto(at)) {
          columnEdges.add(edge);
          nodes.add(edge.process);
          waiting.push(down ? edge.to : edge.from);
        }
      }
    }
    return { nodes, edges, columns, columnEdges };
  }

  private walk(
    start: string,
    next: (id: string) => readonly LineageEdge[],
    end: (edge: LineageEdge) => string,
    nodes: Set<string>,
    edges: Set<LineageEdge>,
  ): void {
    const waiting = [start];
    const seen = new Set<string>();
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      nodes.add(id);
      for (const edge of next(id)) {
        edges.add(edge);
        waiting.push(end(edge));
      }
    }
  }
}
