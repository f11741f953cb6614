import { expect, it } from 'vitest';
import { Model } from '../../client/webview/lineage/model';
import type { LineageGraph } from '../../server/src/protocol';

/** 'a > p > b' as edges, 'a.x > b.y' as a column edge through the process p. */
function graphOf(...lines: string[]): LineageGraph {
  const ids = new Set<string>();
  const graph: LineageGraph = { title: '', nodes: [], edges: [], columnEdges: [], influences: [] };
  for (const line of lines) {
    const parts = line.split(' > ');
    for (const [index, part] of parts.entries()) {
      const [node = '', column] = part.split('.');
      ids.add(node);
      const before = parts[index - 1];
      if (before === undefined) continue;
      const [from = '', source] = before.split('.');
      if (column === undefined || source === undefined) graph.edges.push({ from, to: node });
      else
        graph.columnEdges.push({
          from: { node: from, column: source },
          to: { node, column },
          process: 'p',
          transformed: false,
        });
    }
  }
  graph.nodes = [...ids].map((id) => ({
    id,
    kind: 'dataset' as const,
    label: id,
    typeLabel: '',
    columns: ['z', 'x', 'y'].map((name) => ({ name })),
    origin: 'script' as const,
  }));
  return graph;
}

it('lights what a node comes from and goes to, not its siblings', () => {
  const { nodes, edges } = new Model(graphOf('a > p > b > q > c', 'a > r > d')).lit({ node: 'b' });
  expect([...nodes].sort()).toEqual(['a', 'b', 'c', 'p', 'q']);
  expect(edges.size).toBe(4);
});

it('lights the way of a column, with the processes on it', () => {
  const lit = new Model(graphOf('a.x > b.y', 'b.y > c.z', 'a.y > b.x', 'd.x > b.y')).lit({ node: 'b', column: 'y' });
  expect([...lit.columns].map((key) => key.replace('\n', '.')).sort()).toEqual(['a.x', 'b.y', 'c.z', 'd.x']);
  expect([...lit.nodes]).toContain('p');
  expect(lit.columnEdges.size).toBe(3);
});

it('ends in loops', () => {
  expect(new Model(graphOf('a > p > a')).lit({ node: 'a' }).edges.size).toBe(2);
  expect(new Model(graphOf('a.x > b.x', 'b.x > a.x')).lit({ node: 'a', column: 'x' }).columns.size).toBe(2);
});

it('has columns with lineage first, each part in its order', () => {
  const model = new Model(graphOf('a.x > b.y', 'a.y > b.y'));
  expect(model.columnsOf(model.nodes.get('a')!).map(({ name }) => name)).toEqual(['x', 'y', 'z']);
});
