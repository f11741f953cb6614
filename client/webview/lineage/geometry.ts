import type { LineageColumn, LineageDirection, LineageEdge, LineageNode } from '../../../server/src/protocol';
import { cut, widthOf } from './dom';
import type { LayoutAnswer, LayoutRequest } from './layout';
import { columnKey, type Model } from './model';

export const HEADER = 44;
export const BADGES = 20;
export const ROW = 20;
export const PAD = 12;
const NARROW = 150;
const WIDE = 280;
/** Columns of a card before '… and 12 more', and how many more each click shows */
export const FIRST_COLUMNS = 12;
export const MORE_COLUMNS = 100;

export interface Fonts {
  label: string;
  small: string;
}

/** A node's place and what of it is shown. */
export interface Box {
  node: LineageNode;
  x: number;
  y: number;
  width: number;
  height: number;
  label: string;
  sub: string;
  /** Height above the columns */
  head: number;
  columns: readonly LineageColumn[];
  /** Columns that are not shown */
  more: number;
  badges: readonly string[];
}

export interface EdgePath {
  edge: LineageEdge;
  d: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Which nodes show their columns, and how many. */
export type OpenColumns = ReadonlyMap<string, number>;

/** The boxes of all nodes, not yet in their places. */
export function boxesOf(model: Model, open: OpenColumns, fonts: Fonts): Map<string, Box> {
  return new Map(
    model.graph.nodes.map((node) => [
      node.id,
      node.kind === 'process' ? pill(node, fonts) : card(model, node, open, fonts),
    ]),
  );
}

function pill(node: LineageNode, fonts: Fonts): Box {
  const top = node.detail ?? node.label;
  const bottom = node.detail && node.detail !== node.label ? node.label : node.typeLabel;
  const inner = Math.min(200, Math.max(70, widthOf(top, fonts.label), widthOf(bottom, fonts.small)));
  const label = cut(top, fonts.label, inner);
  const sub = cut(bottom, fonts.small, inner);
  const size = { width: Math.ceil(inner) + 36, height: 40 };
  return { node, x: 0, y: 0, ...size, label, sub, head: 40, columns: [], more: 0, badges: [] };
}

function card(model: Model, node: LineageNode, open: OpenColumns, fonts: Fonts): Box {
  const most = open.get(node.id) ?? 0;
  const columns = most > 0 ? model.columnsOf(node).slice(0, most) : [];
  const more = most > 0 ? node.columns.length - columns.length : 0;
  const below = node.detail ? `${node.typeLabel} · ${node.detail}` : node.typeLabel;
  const wanted = Math.max(
    widthOf(node.label.slice(0, 80), fonts.label),
    widthOf(below.slice(0, 80), fonts.small),
    columns.length > 0 ? 196 : 0,
  );
  const width = Math.ceil(Math.min(WIDE, Math.max(NARROW, wanted + 2 * PAD + 4)));
  const inner = width - 2 * PAD;
  const badges = node.classifications ?? [];
  const head = HEADER + (badges.length > 0 ? BADGES : 0);
  const rows = columns.length + (more > 0 ? 1 : 0);
  return {
    node,
    x: 0,
    y: 0,
    width,
    height: head + (rows > 0 ? rows * ROW + 8 : 0),
    label: cut(node.label, fonts.label, inner),
    sub: cut(below, fonts.small, inner),
    head,
    columns,
    more,
    badges,
  };
}

/** What the layout is asked. */
export function questionOf(model: Model, boxes: ReadonlyMap<string, Box>): Omit<LayoutRequest, 'request'> {
  return {
    nodes: [...boxes.values()].map(({ node, width, height }) => ({ id: node.id, width, height })),
    edges: model.graph.edges.map(({ from, to }) => [from, to]),
  };
}

/** Puts boxes into their places and draws the edges between them. */
export function place(model: Model, boxes: ReadonlyMap<string, Box>, answer: LayoutAnswer): EdgePath[] {
  for (const [id, x, y] of answer.nodes) Object.assign(boxes.get(id) ?? {}, { x, y });
  return model.graph.edges.flatMap((edge, index) => {
    const from = boxes.get(edge.from);
    const to = boxes.get(edge.to);
    if (!from || !to) return [];
    return edgePath(edge, [outOf(from), ...(answer.edges[index] ?? []), into(to)]);
  });
}

type Point = readonly [x: number, y: number];

function headMiddle(box: Box): number {
  return box.y + Math.min(HEADER, box.height) / 2;
}
export function outOf(box: Box): Point {
  return [box.x + box.width, headMiddle(box)];
}
export function into(box: Box): Point {
  return [box.x, headMiddle(box)];
}

/** Where a column's line leaves or enters: at its row, at the head of the card when the row is not shown. */
export function columnPort(box: Box, column: string, side: 'in' | 'out'): Point {
  const index = box.columns.findIndex((each) => each.name === column);
  const y = index < 0 ? headMiddle(box) : box.y + box.head + 4 + index * ROW + ROW / 2;
  return [side === 'in' ? box.x : box.x + box.width, y];
}

/** A smooth line through points that leaves and enters level. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let [x, y] = first;
  let d = `M${round(x)} ${round(y)}`;
  for (const [nextX, nextY] of rest) {
    const bend = nextX > x ? Math.max(16, (nextX - x) / 2) : 80;
    d += `C${round(x + bend)} ${round(y)} ${round(nextX - bend)} ${round(nextY)} ${round(nextX)} ${round(nextY)}`;
    x = nextX;
    y = nextY;
  }
  return d;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function edgePath(edge: LineageEdge, points: readonly Point[]): EdgePath {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const d = curve(points);
  // lines that lead back bend out by 80
  return {
    edge,
    d,
    left: Math.min(...xs) - 80,
    right: Math.max(...xs) + 80,
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
}

export interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export function boundsOf(boxes: Iterable<Box>): Bounds {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y, width, height, node } of boxes) {
    bounds.left = Math.min(bounds.left, x - (node.hidden?.up ? 40 : 0));
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x + width + (node.hidden?.down ? 40 : 0));
    bounds.bottom = Math.max(bounds.bottom, y + height);
  }
  return bounds.left === Infinity ? { left: 0, top: 0, right: 1, bottom: 1 } : bounds;
}

/** What is at a place of the graph. */
export type Hit =
  | { what: 'node'; id: string }
  | { what: 'column'; id: string; column: string }
  | { what: 'more'; id: string }
  | { what: 'hidden'; id: string; direction: LineageDirection };

/** The handle beside a card that shows what the store has beyond it. */
export function handleOf(
  box: Box,
  direction: LineageDirection,
): { x: number; y: number; width: number; text: string } | undefined {
  const count = box.node.hidden?.[direction] ?? 0;
  if (count === 0) return undefined;
  const text = `+${count > 999 ? '999…' : count}`;
  const width = 16 + text.length * 7;
  const x = direction === 'up' ? box.x - width - 6 : box.x + box.width + 6;
  return { x, y: headMiddle(box) - 9, width, text };
}

export function hitAt(boxes: Iterable<Box>, x: number, y: number): Hit | undefined {
  for (const box of boxes) {
    const { id } = box.node;
    if (y < box.y || y > box.y + box.height || x < box.x - 60 || x > box.x + box.width + 60) continue;
    for (const direction of ['up', 'down'] as const) {
      const handle = handleOf(box, direction);
      if (handle && x >= handle.x && x <= handle.x + handle.width && y >= handle.y && y <= handle.y + 18)
        return { what: 'hidden', id, direction };
    }
    if (x < box.x || x > box.x + box.width) continue;
    const row = Math.floor((y - box.y - box.head - 4) / ROW);
    const column = row >= 0 ? box.columns[row] : undefined;
    if (column) return { what: 'column', id, column: column.name };
    return box.more > 0 && row >= box.columns.length ? { what: 'more', id } : { what: 'node', id };
  }
  return undefined;
}

/** The line of a column edge, under the cards. */
export function columnEdgePath(
  boxes: ReadonlyMap<string, Box>,
  from: { node: string; column: string },
  to: { node: string; column: string },
): string | undefined {
  const source = boxes.get(from.node);
  const target = boxes.get(to.node);
  return source && target && curve([columnPort(source, from.column, 'out'), columnPort(target, to.column, 'in')]);
}

export { columnKey };
