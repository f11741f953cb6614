// Lays a graph out from left to right. Runs in a worker, so that the page stays fluid meanwhile.
import { Graph, layout } from '@dagrejs/dagre';
import type { LayoutAnswer, LayoutRequest } from './layout';

/** Above so many nodes the best ranking takes too long: 16 s for 1,000 nodes, where the second best takes 2 s. */
const LARGE = 250;

addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => {
  const graph = new Graph();
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 18,
    ranksep: 56,
    edgesep: 10,
    ranker: data.nodes.length > LARGE ? 'tight-tree' : 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of data.nodes) graph.setNode(id, { width, height });
  for (const [from, to] of data.edges) graph.setEdge(from, to);
  layout(graph);
  const answer: LayoutAnswer = {
    request: data.request,
    nodes: data.nodes.map(({ id, width, height }) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, x - width / 2, y - height / 2];
    }),
    edges: data.edges.map(([from, to]) => {
      const { points = [] } = graph.edge(from, to) as { points?: { x: number; y: number }[] };
      return points.slice(1, -1).map(({ x, y }) => [x, y]);
    }),
  };
  postMessage(answer);
});
