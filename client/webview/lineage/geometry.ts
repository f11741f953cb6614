import type { LineageColumn, LineageDirection, LineageEdge, LineageNode } from '../../../server/src/protocol';
import { cut, widthOf } from './dom';
import type { LayoutAnswer, LayoutRequest } from './layout';
import type { Model } from './model';

export const HEADER = 44;
export const BADGES = 20;
export const ROW = 20;
export const PAD = 12;
const NARROW = 150;
const WIDE = 280;
/** Columns of a card before '… and 12 more', how many more each click shows, and how many a card shows at most */
export const FIRST_COLUMNS = 12;
export const MORE_COLUMNS = 100;
export const MOST_ROWS = FIRST_COLUMNS + MORE_COLUMNS;

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
  /** Columns before and after them that are not shown */
  before: number;
  more: number;
  badges: readonly string[];
}

export interface EdgePath {
  edge: LineageEdge;
  points: readonly Point[];
  d: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Which nodes show their columns, and up to which: a card shows the last `MOST_ROWS` before it. */
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
  return { node, x: 0, y: 0, ...size, label, sub, head: 40, columns: [], before: 0, more: 0, badges: [] };
}

function card(model: Model, node: LineageNode, open: OpenColumns, fonts: Fonts): Box {
  const last = open.get(node.id) ?? 0;
  const before = Math.max(0, Math.min(last, node.columns.length) - MOST_ROWS);
  const columns = last > 0 ? model.columnsOf(node).slice(before, last) : [];
  const more = last > 0 ? (node.columnCount ?? node.columns.length) - before - columns.length : 0;
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
  const rows = columns.length + (before > 0 ? 1 : 0) + (more > 0 ? 1 : 0);
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
    before,
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

export type Point = readonly [x: number, y: number];

function headMiddle(box: Box): number {
  return box.y + Math.min(HEADER, box.height) / 2;
}
export function outOf(box: Box): Point {
  return [box.x + box.width, headMiddle(box)];
}
export function into(box: Box): Point {
  return [box.x, headMiddle(box)];
}

/** The upper edge of a row of a card, counted from the card's; rows are columns, the one before them is -1. */
export function rowTop({ head, before }: Box, row: number): number {
  return head + 4 + (row + (before > 0 ? 1 : 0)) * ROW;
}

/** Where a column's line leaves or enters: at its row, at the head of the card when the row is not shown. */
export function columnPort(box: Box, column: string, side: 'in' | 'out'): Point {
  const index = box.columns.findIndex((each) => each.name === column);
  const y = index < 0 ? headMiddle(box) : box.y + rowTop(box, index) + ROW / 2;
  return [side === 'in' ? box.x : box.x + box.width, y];
}

/** The two points towards which a line bends between two others, so that it leaves and enters level. */
function bends([x, y]: Point, [nextX, nextY]: Point): [Point, Point] {
  const bend = nextX > x ? Math.max(16, (nextX - x) / 2) : 80;
  return [
    [x + bend, y],
    [nextX - bend, nextY],
  ];
}

/** A smooth line through points. */
export function curve(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const all = before ? [...bends(before, point), point] : [point];
      return `${before ? 'C' : 'M'}${all.map(([x, y]) => `${round(x)} ${round(y)}`).join(' ')}`;
    })
    .join('');
}

/** Pieces of which each bend is made when distances are measured. */
const PIECES = 16;

/** How far a place is from the line through points. */
export function distanceTo(points: readonly Point[], x: number, y: number): number {
  let least = Infinity;
  for (let index = 1; index < points.length; index++) {
    const [a, d] = [points[index - 1]!, points[index]!];
    const [b, c] = bends(a, d);
    let [fromX, fromY] = a;
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      const u = 1 - t;
      const at = (i: 0 | 1) => u * u * u * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t * t * t * d[i];
      const [toX, toY] = [at(0), at(1)];
      const [dx, dy] = [toX - fromX, toY - fromY];
      const along = dx * dx + dy * dy;
      const part = along === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / along));
      least = Math.min(least, Math.hypot(fromX + part * dx - x, fromY + part * dy - y));
      [fromX, fromY] = [toX, toY];
    }
  }
  return least;
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
    points,
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
    bounds.left = Math.min(bounds.left, x - (node.hidden?.up ? 50 : 0));
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x + width + (node.hidden?.down ? 50 : 0));
    bounds.bottom = Math.max(bounds.bottom, y + height);
  }
  return bounds.left === Infinity ? { left: 0, top: 0, right: 1, bottom: 1 } : bounds;
}

/** What is at a place of the graph. `last`: up to which column a card is to be opened. */
export type Hit =
  | { what: 'node'; id: string }
  | { what: 'column'; id: string; column: string }
  | { what: 'rows'; id: string; last: number }
  | { what: 'show' | 'hide'; id: string; direction: LineageDirection };

/** A button beside a card that shows what the store has beyond it, or hides it again. */
export interface Handle {
  what: 'show' | 'hide';
  direction: LineageDirection;
  x: number;
  y: number;
  width: number;
  text: string;
}

export const HANDLE = 18;

/** The handles of a card: one above the other where there are two on one side. */
export function handlesOf(box: Box): Handle[] {
  const { hidden = {}, opened = {} } = box.node;
  return (['up', 'down'] as const).flatMap((direction) => {
    const [more = 0, shown = 0] = [hidden[direction], opened[direction]];
    const both = more > 0 && shown > 0;
    const handle = (what: Handle['what'], text: string, shift: number): Handle => {
      const width = 11 + text.length * 7;
      const x = direction === 'up' ? box.x - width - 6 : box.x + box.width + 6;
      return { what, direction, x, y: headMiddle(box) - HANDLE / 2 + (both ? shift : 0), width, text };
    };
    return [
      ...(more > 0 ? [handle('show', `+${more > 999 ? '999…' : more}`, -HANDLE / 2 - 1)] : []),
      ...(shown > 0 ? [handle('hide', '−', HANDLE / 2 + 1)] : []),
    ];
  });
}

/** `parts`: whether columns and handles are drawn, so that they can be hit. */
export function hitAt(boxes: Iterable<Box>, x: number, y: number, parts: boolean): Hit | undefined {
  for (const box of boxes) {
    const { id } = box.node;
    if (y < box.y || y > box.y + Math.max(box.height, HEADER) || x < box.x - 60 || x > box.x + box.width + 60) continue;
    for (const { what, direction, ...at } of parts ? handlesOf(box) : []) {
      if (x >= at.x && x <= at.x + at.width && y >= at.y && y <= at.y + HANDLE) return { what, id, direction };
    }
    if (x < box.x || x > box.x + box.width || y > box.y + box.height) continue;
    if (!parts) return { what: 'node', id };
    const row = Math.floor((y - box.y - rowTop(box, 0)) / ROW);
    const { length } = box.columns;
    const column = row >= 0 ? box.columns[row] : undefined;
    if (column) return { what: 'column', id, column: column.name };
    const last = box.before + length;
    if (row === -1 && box.before > 0) return { what: 'rows', id, last: Math.max(MOST_ROWS, last - MORE_COLUMNS) };
    if (row >= length && box.more > 0) return { what: 'rows', id, last: last + MORE_COLUMNS };
    return { what: 'node', id };
  }
  return undefined;
}

/** The ends of a column edge's line. */
export function columnEdgePoints(
  boxes: ReadonlyMap<string, Box>,
  from: { node: string; column: string },
  to: { node: string; column: string },
): readonly Point[] | undefined {
  const source = boxes.get(from.node);
  const target = boxes.get(to.node);
  return source && target && [columnPort(source, from.column, 'out'), columnPort(target, to.column, 'in')];
}
