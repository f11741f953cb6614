import type { LineageColumnEdge, LineageEdge } from '../../../server/src/protocol';
import { drawCard, drawName, familyOf } from './cards';
import { html, plain, svg } from './dom';
import {
  type Bounds,
  type Box,
  boundsOf,
  columnEdgePoints,
  curve,
  distanceTo,
  type EdgePath,
  type Fonts,
  type Point,
} from './geometry';
import { type Choice, columnKey, type Lit, type Model } from './model';

/** Where the graph is seen from: a point of it is at (x + k · px, y + k · py) of the page. */
export interface View {
  x: number;
  y: number;
  k: number;
}

/** How much is drawn: everything, cards with names, or coloured blocks. */
type Detail = 'full' | 'names' | 'blocks';

const FULL = 0.55;
const NAMES = 0.22;
/** Pixels of the page around what is seen that are drawn as well, so that moving a bit draws nothing. */
const MARGIN = 400;
/** Milliseconds of a frame that drawing may take: while somebody moves, and otherwise. */
const SLICE = 5;
const AT_ONCE = 40;
/** Milliseconds without a change after which a zoom has come to rest, and between two drawings while it goes on. */
const REST = 120;
const BETWEEN = 300;
/** What is drawn is shown so many times larger or smaller while somebody zooms. */
const FARTHEST = 2.5;
/** So many lines of columns are drawn without being chosen. */
const MOST_FLOWS = 400;
/** Pixels beside a line that belong to it. */
const BESIDE = 5;

/** The head of an arrow. */
function arrow(id: string, on: string): SVGElement {
  return svg(
    'marker',
    {
      id,
      viewBox: '0 0 8 8',
      refX: 7.5,
      refY: 4,
      markerWidth: 7,
      markerHeight: 7,
      markerUnits: 'userSpaceOnUse',
      orient: 'auto',
    },
    svg('path', { class: `arrow ${on}`.trim(), d: 'M0 0.5L8 4L0 7.5z' }),
  );
}

function overlap(one: Bounds, other: Bounds): boolean {
  return one.left <= other.right && one.right >= other.left && one.top <= other.bottom && one.bottom >= other.top;
}

function boundsOfBox({ x, y, width, height }: Box): Bounds {
  return { left: x, top: y, right: x + width, bottom: y + height };
}

/** Draws a graph, only what is in sight and only as fine as can be seen. */
export class Scene {
  readonly element = svg('svg', { class: 'lineage', 'aria-hidden': 'true' });
  /** A layer of its own for the browser, which moves it without drawing it anew */
  readonly stage = html('div', { class: 'stage' }, this.element);
  private readonly root = svg('g', { class: 'full' });
  /** All of the graph as a few shapes, for seeing it from afar, and until something finer is there */
  private readonly shapeLayer = svg('g');
  private readonly edgeLayer = svg('g');
  private readonly flowLayer = svg('g');
  private readonly nodeLayer = svg('g');
  private readonly drawnNodes = new Map<string, SVGElement>();
  private readonly drawnEdges = new Map<EdgePath, SVGPathElement>();
  private flows: { edge: LineageColumnEdge; points: readonly Point[]; on: boolean }[] = [];
  private detail: Detail = 'full';
  /** Part of the graph that is drawn, or being drawn */
  private drawn: Bounds | undefined;
  private model: Model | undefined;
  private boxes: ReadonlyMap<string, Box> = new Map();
  private paths: readonly EdgePath[] = [];
  private chosen: Choice | undefined;
  private lit: Lit | undefined;
  private found: ReadonlySet<string> = new Set();
  private view: View = { x: 0, y: 0, k: 1 };
  private size = { width: 0, height: 0 };
  /** The zoom that it is drawn for */
  private scale = 1;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private drewAt = 0;

  constructor(private readonly fonts: Fonts) {
    this.root.append(this.shapeLayer, this.edgeLayer, this.flowLayer, this.nodeLayer);
    this.element.append(svg('defs', {}, arrow('arrow', ''), arrow('arrow-on', 'on')), this.root);
  }

  /** Whether columns and handles are on the screen */
  get showsParts(): boolean {
    return this.detail === 'full';
  }

  show(model: Model, boxes: ReadonlyMap<string, Box>, paths: readonly EdgePath[]): void {
    this.model = model;
    this.boxes = boxes;
    this.paths = paths;
    this.redraw(AT_ONCE);
  }

  highlight(chosen: Choice | undefined, lit: Lit | undefined, found: ReadonlySet<string>): void {
    this.chosen = chosen;
    this.lit = lit;
    this.found = found;
    for (const [id, element] of this.drawnNodes) this.mark(id, element);
    for (const [path, line] of this.drawnEdges) this.markEdge(path.edge, line);
    if (this.detail === 'full') this.drawFlows();
    else this.drawShapes();
    this.root.classList.toggle('some', lit !== undefined);
  }

  /**
   * Moves what is drawn, as one layer that the browser has the pixels of; only what comes into sight is drawn anew. While
   * somebody zooms, the layer is scaled, until it has gone too far or the zoom has come to rest.
   */
  move(view: View, width: number, height: number, zooming: boolean): void {
    this.view = view;
    this.size = { width, height };
    const { drawn } = this;
    const sight = this.sight();
    const inside =
      drawn !== undefined &&
      sight.left >= drawn.left &&
      sight.right <= drawn.right &&
      sight.top >= drawn.top &&
      sight.bottom <= drawn.bottom;
    const zoom = view.k / this.scale;
    if (zooming && inside && zoom >= 1 / FARTHEST && zoom <= FARTHEST) this.restSoon();
    else if (zooming && performance.now() - this.drewAt < BETWEEN) this.restSoon();
    else if (zoom !== 1 || !drawn) this.rest();
    else if (!inside) this.look(SLICE);
    this.place();
  }

  private restSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), REST);
  }

  /** Draws at the scale and as finely as it is seen. */
  private rest(): void {
    clearTimeout(this.timer);
    const { k } = this.view;
    const detail: Detail = k >= FULL ? 'full' : k >= NAMES ? 'names' : 'blocks';
    if (k !== this.scale) {
      this.scale = k;
      this.root.setAttribute('transform', `scale(${k})`);
    }
    if (detail !== this.detail) {
      this.root.classList.replace(this.detail, detail);
      this.detail = detail;
      this.redraw(AT_ONCE);
    } else this.look(AT_ONCE);
    this.place();
    this.drewAt = performance.now();
  }

  private place(): void {
    const { x, y, k } = this.view;
    // whole pixels, so that letters stay as they are drawn
    const [left, top] = k === this.scale ? [Math.round(x), Math.round(y)] : [x, y];
    this.stage.style.transform = `translate(${left}px, ${top}px) scale(${k / this.scale})`;
  }

  /** The part of the graph that is on the screen. */
  private sight(): Bounds {
    const { x, y, k } = this.view;
    return {
      left: -x / k,
      top: -y / k,
      right: (this.size.width - x) / k,
      bottom: (this.size.height - y) / k,
    };
  }

  /** The edge whose line is at a place of the graph, or a few pixels beside it; the lit ones first. */
  edgeAt(x: number, y: number): LineageEdge | LineageColumnEdge | undefined {
    const most = BESIDE / this.view.k;
    let best: LineageEdge | LineageColumnEdge | undefined;
    let least = most;
    const look = (edge: LineageEdge | LineageColumnEdge, points: readonly Point[], on: boolean) => {
      const distance = distanceTo(points, x, y) - (on ? most : 0);
      if (distance < least) [best, least] = [edge, distance];
    };
    for (const { edge, points, on } of this.flows) look(edge, points, on);
    for (const { edge, points, ...bounds } of this.paths) {
      const near = { left: x - most, right: x + most, top: y - most - 80, bottom: y + most + 80 };
      if (overlap(bounds, near)) look(edge, points, this.lit?.edges.has(edge) ?? false);
    }
    return best;
  }

  /** A copy that shows everything in full, for a file of its own. */
  complete(): SVGSVGElement {
    const scene = new Scene(this.fonts);
    if (this.model) scene.show(this.model, this.boxes, this.paths);
    scene.drawn = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    scene.fill(Infinity);
    const { left, top, right, bottom } = boundsOf(this.boxes.values());
    const pad = 24;
    const [width, height] = [right - left + 2 * pad, bottom - top + 2 * pad];
    const element = scene.element;
    element.removeAttribute('aria-hidden');
    element.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    element.setAttribute('viewBox', `${left - pad} ${top - pad} ${width} ${height}`);
    element.setAttribute('width', String(Math.ceil(width)));
    element.setAttribute('height', String(Math.ceil(height)));
    return element;
  }

  private redraw(budget: number): void {
    this.drawnNodes.clear();
    this.drawnEdges.clear();
    this.nodeLayer.replaceChildren();
    this.edgeLayer.replaceChildren();
    this.drawShapes();
    this.drawFlows();
    this.look(budget);
  }

  /** Draws what is in sight now. */
  private look(budget: number): void {
    const { left, top, right, bottom } = this.sight();
    const margin = MARGIN / this.view.k;
    this.drawn = { left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin };
    this.fill(budget);
  }

  /** Takes away what is out of sight and adds what is missing; goes on in the next frame when this one has no more time. */
  private fill(budget: number): void {
    cancelAnimationFrame(this.frame);
    const { drawn, detail } = this;
    if (!drawn || detail === 'blocks') return;
    for (const [id, element] of this.drawnNodes) {
      const box = this.boxes.get(id);
      if (box && overlap(boundsOfBox(box), drawn)) continue;
      element.remove();
      this.drawnNodes.delete(id);
    }
    for (const [path, line] of this.drawnEdges) {
      if (overlap(path, drawn)) continue;
      line.remove();
      this.drawnEdges.delete(path);
    }
    const end = performance.now() + budget;
    const sight = this.sight();
    // what is in sight first
    const done = this.addWithin(sight, end) && this.addWithin(drawn, end);
    if (!done) this.frame = requestAnimationFrame(() => this.fill(SLICE));
    else if (detail === 'full') this.shapeLayer.replaceChildren();
  }

  /** Adds what is missing of a part of the graph; false when the time did not suffice. */
  private addWithin(part: Bounds, end: number): boolean {
    const [nodes, edges] = [document.createDocumentFragment(), document.createDocumentFragment()];
    let inTime = true;
    for (const [id, box] of this.boxes) {
      if (this.drawnNodes.has(id) || !overlap(boundsOfBox(box), part)) continue;
      inTime = performance.now() < end;
      if (!inTime) break;
      const element = this.detail === 'full' ? drawCard(box, this.fonts) : drawName(box, this.fonts);
      this.mark(id, element);
      this.drawnNodes.set(id, element);
      nodes.append(element);
    }
    for (const path of this.detail === 'full' && inTime ? this.paths : []) {
      if (this.drawnEdges.has(path) || !overlap(path, part)) continue;
      const { role = '', status = '' } = path.edge;
      const element = svg('path', { class: `edge ${role} ${status}`.trim(), d: path.d });
      this.markEdge(path.edge, element);
      this.drawnEdges.set(path, element);
      edges.append(element);
    }
    this.nodeLayer.append(nodes);
    this.edgeLayer.append(edges);
    return inTime;
  }

  private mark(id: string, element: SVGElement): void {
    element.classList.toggle('on', this.lit?.nodes.has(id) ?? false);
    element.classList.toggle('chosen', this.chosen?.node === id && this.chosen.column === undefined);
    element.classList.toggle('found', this.found.has(id));
    for (const row of element.querySelectorAll('.column')) {
      const name = row.getAttribute('data-column') ?? '';
      row.classList.toggle('on', this.lit?.columns.has(columnKey(id, name)) ?? false);
      row.classList.toggle('chosen', this.chosen?.node === id && this.chosen.column === name);
    }
  }

  private markEdge(edge: LineageEdge, line: SVGPathElement): void {
    line.classList.toggle('on', this.lit?.edges.has(edge) ?? false);
  }

  // -------------------------------------------------------------------------------------------------- from afar

  /** Everything as a handful of shapes: from far away thousands of nodes are as quick as one. */
  private drawShapes(): void {
    const shapes = new Map<string, string[]>();
    const add = (kind: string, d: string) => {
      const list = shapes.get(kind);
      if (list) list.push(d);
      else shapes.set(kind, [d]);
    };
    for (const { edge, d } of this.paths) add(this.lit?.edges.has(edge) ? 'edge on' : 'edge', d);
    for (const { node, x, y, width, height } of this.boxes.values()) {
      const [left, top, w, h] = [x, y, width, height].map(Math.round) as [number, number, number, number];
      const round = node.kind === 'process' ? Math.min(20, h / 2) : 5;
      const corner = (dx: number, dy: number) => `a${round} ${round} 0 0 1 ${dx} ${dy}`;
      const d = [
        `M${left + round} ${top}h${w - 2 * round}${corner(round, round)}v${h - 2 * round}${corner(-round, round)}`,
        `h${2 * round - w}${corner(-round, -round)}v${2 * round - h}${corner(round, -round)}z`,
      ].join('');
      const lit = this.lit?.nodes.has(node.id) ? ' on' : '';
      const found = this.found.has(node.id) || this.chosen?.node === node.id ? ' chosen' : '';
      if (this.detail === 'blocks') add(`blocks ${lit || found ? 'chosen' : familyOf(node)}`, d);
      else {
        add(`card ${node.kind}${found}`, d);
        if (node.kind === 'dataset') add(`accent ${familyOf(node)}${lit}`, `M${left} ${top + 3}h5v${h - 6}h-5z`);
      }
    }
    const drawn = [...shapes].map(([kind, parts]) => svg('path', { class: `far ${kind}`, d: parts.join('') }));
    this.shapeLayer.replaceChildren(...drawn);
  }

  // --------------------------------------------------------------------------------------------- column lines

  private drawFlows(): void {
    const { model, lit } = this;
    this.flowLayer.replaceChildren();
    this.flows = [];
    if (!model || this.detail !== 'full') return;
    const { columnEdges, influences } = model.graph;
    const chosen = lit && lit.columnEdges.size > 0 ? lit.columnEdges : undefined;
    const both = ({ from, to }: LineageColumnEdge) =>
      (this.boxes.get(from.node)?.columns.length ?? 0) > 0 && (this.boxes.get(to.node)?.columns.length ?? 0) > 0;
    const rest = columnEdges.length > MOST_FLOWS ? [] : columnEdges.filter((edge) => both(edge) && !chosen?.has(edge));
    const line = (edge: LineageColumnEdge, on: string) => {
      const points = columnEdgePoints(this.boxes, edge.from, edge.to);
      if (!points) return;
      const path = svg('path', { class: `flow ${on}${edge.transformed ? ' transformed' : ''}`, d: curve(points) });
      if (edge.expression) path.append(svg('title', {}, plain(edge.expression.slice(0, 500))));
      this.flows.push({ edge, points, on: on !== '' });
      this.flowLayer.append(path);
    };
    for (const edge of rest) line(edge, '');
    for (const edge of chosen ?? []) line(edge, 'on');
    // what decides about the rows of the chosen process, or what the chosen column decides about
    for (const { from, process } of influences) {
      const wanted =
        this.chosen?.node === process ||
        (this.chosen?.column !== undefined && this.chosen.node === from.node && this.chosen.column === from.column);
      const target = this.boxes.get(process);
      if (!wanted || !target) continue;
      const points = columnEdgePoints(this.boxes, from, { node: process, column: '' });
      if (points) this.flowLayer.append(svg('path', { class: 'influence', d: curve(points) }));
    }
  }
}
