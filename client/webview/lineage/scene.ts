import type { LineageColumnEdge, LineageEdge, LineageNode } from '../../../server/src/protocol';
import { cut, plain, svg } from './dom';
import {
  BADGES,
  type Bounds,
  type Box,
  boundsOf,
  columnEdgePath,
  type EdgePath,
  type Fonts,
  HEADER,
  handleOf,
  PAD,
  ROW,
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
/** So many lines of columns are drawn without being chosen. */
const MOST_FLOWS = 400;

/** The family of a dataset, for its colour. */
export function familyOf(node: LineageNode): 'stream' | 'table' | 'file' | 'other' | 'work' {
  if (node.kind === 'process') return 'work';
  const type = `${node.typeName ?? ''} ${node.typeLabel}`.toLowerCase();
  if (/kafka|topic|kinesis|pulsar|stream|queue/.test(type)) return 'stream';
  if (/hive|rdbms|hbase|database|table_|view/.test(type)) return 'table';
  return /path|s3|adls|gcp|ozone|file|directory|folder|bucket|fs_/.test(type) ? 'file' : 'other';
}

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

/** Draws a graph, only what is in sight and only as fine as can be seen. */
export class Scene {
  readonly element = svg('svg', { class: 'lineage', 'aria-hidden': 'true' });
  private readonly root = svg('g');
  private readonly edgeLayer = svg('g');
  private readonly flowLayer = svg('g');
  private readonly nodeLayer = svg('g');
  private readonly drawnNodes = new Map<string, SVGGElement>();
  private readonly drawnEdges = new Map<EdgePath, SVGPathElement>();
  /** What the lines on the screen stand for */
  private readonly meanings = new WeakMap<Element, LineageEdge | LineageColumnEdge>();
  private detail: Detail = 'full';
  /** Part of the graph that is drawn */
  private drawn: Bounds | undefined;
  private model: Model | undefined;
  private boxes: ReadonlyMap<string, Box> = new Map();
  private paths: readonly EdgePath[] = [];
  private chosen: Choice | undefined;
  private lit: Lit | undefined;
  private found: ReadonlySet<string> = new Set();
  view: View = { x: 0, y: 0, k: 1 };

  constructor(private readonly fonts: Fonts) {
    this.root.append(this.edgeLayer, this.flowLayer, this.nodeLayer);
    this.element.append(svg('defs', {}, arrow('arrow', ''), arrow('arrow-on', 'on')), this.root);
  }

  show(model: Model, boxes: ReadonlyMap<string, Box>, paths: readonly EdgePath[]): void {
    this.model = model;
    this.boxes = boxes;
    this.paths = paths;
    this.redraw();
  }

  highlight(chosen: Choice | undefined, lit: Lit | undefined, found: ReadonlySet<string>): void {
    this.chosen = chosen;
    this.lit = lit;
    this.found = found;
    if (this.detail === 'blocks') this.redraw();
    else {
      for (const [id, group] of this.drawnNodes) this.mark(id, group);
      for (const [path, line] of this.drawnEdges) this.markEdge(path.edge, line);
      this.drawFlows();
    }
    this.root.classList.toggle('some', lit !== undefined);
  }

  /** Moves what is drawn; draws anew only when something comes into sight or is seen finer. */
  move(view: View, width: number, height: number): void {
    this.view = view;
    this.root.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.k})`);
    const detail: Detail = view.k >= FULL ? 'full' : view.k >= NAMES ? 'names' : 'blocks';
    const sight = {
      left: -view.x / view.k,
      top: -view.y / view.k,
      right: (width - view.x) / view.k,
      bottom: (height - view.y) / view.k,
    };
    const inside =
      this.drawn &&
      sight.left >= this.drawn.left &&
      sight.right <= this.drawn.right &&
      sight.top >= this.drawn.top &&
      sight.bottom <= this.drawn.bottom;
    if (detail === this.detail && inside) return;
    const margin = MARGIN / view.k;
    this.drawn = {
      left: sight.left - margin,
      top: sight.top - margin,
      right: sight.right + margin,
      bottom: sight.bottom + margin,
    };
    if (detail !== this.detail) {
      this.detail = detail;
      this.redraw();
    } else this.update();
  }

  /** The edge whose line is at a place of the window, or a few pixels beside it. */
  edgeAt(x: number, y: number): LineageEdge | LineageColumnEdge | undefined {
    for (const [dx, dy] of [0, 2, -2, 4, -4].flatMap((by) => [[0, by] as const, [by, 0] as const])) {
      const element = document.elementFromPoint(x + dx, y + dy);
      const edge = element && this.meanings.get(element);
      if (edge) return edge;
    }
    return undefined;
  }

  /** A copy that shows everything in full, for a file of its own. */
  complete(): SVGSVGElement {
    const scene = new Scene(this.fonts);
    scene.drawn = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    if (this.model) scene.show(this.model, this.boxes, this.paths);
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

  private redraw(): void {
    this.drawnNodes.clear();
    this.drawnEdges.clear();
    this.nodeLayer.replaceChildren();
    this.edgeLayer.replaceChildren();
    this.update();
  }

  private update(): void {
    if (this.detail === 'blocks') this.drawBlocks();
    else {
      this.keep(this.drawnNodes, this.nodeLayer, this.seenNodes(), (box) => this.drawNode(box));
      this.keepEdges();
    }
    this.drawFlows();
  }

  private *seenNodes(): Iterable<[string, Box]> {
    const { drawn } = this;
    for (const [id, box] of this.boxes) {
      const hidden =
        drawn &&
        (box.x > drawn.right ||
          box.x + box.width < drawn.left ||
          box.y > drawn.bottom ||
          box.y + box.height < drawn.top);
      if (!hidden) yield [id, box];
    }
  }

  /** Adds to a layer what has come into sight and takes away what has left it. */
  private keep(
    drawn: Map<string, SVGGElement>,
    layer: SVGGElement,
    seen: Iterable<[string, Box]>,
    draw: (box: Box) => SVGGElement,
  ): void {
    const wanted = new Map(seen);
    for (const [id, element] of drawn) {
      if (wanted.has(id)) continue;
      element.remove();
      drawn.delete(id);
    }
    const fresh = document.createDocumentFragment();
    for (const [id, box] of wanted) {
      if (drawn.has(id)) continue;
      const element = draw(box);
      this.mark(id, element);
      drawn.set(id, element);
      fresh.append(element);
    }
    layer.append(fresh);
  }

  private keepEdges(): void {
    const { drawn } = this;
    const fresh = document.createDocumentFragment();
    for (const path of this.paths) {
      const seen =
        !drawn ||
        !(path.left > drawn.right || path.right < drawn.left || path.top > drawn.bottom || path.bottom < drawn.top);
      const line = this.drawnEdges.get(path);
      if (seen && !line) {
        const { role = '', status = '' } = path.edge;
        const element = svg('path', { class: `edge ${role} ${status}`.trim(), d: path.d });
        this.markEdge(path.edge, element);
        this.meanings.set(element, path.edge);
        this.drawnEdges.set(path, element);
        fresh.append(element);
      } else if (!seen && line) {
        line.remove();
        this.drawnEdges.delete(path);
      }
    }
    this.edgeLayer.append(fresh);
  }

  private mark(id: string, group: SVGGElement): void {
    group.classList.toggle('on', this.lit?.nodes.has(id) ?? false);
    group.classList.toggle('chosen', this.chosen?.node === id && this.chosen.column === undefined);
    group.classList.toggle('found', this.found.has(id));
    for (const row of group.querySelectorAll('.column')) {
      const name = row.getAttribute('data-column') ?? '';
      row.classList.toggle('on', this.lit?.columns.has(columnKey(id, name)) ?? false);
      row.classList.toggle('chosen', this.chosen?.node === id && this.chosen.column === name);
    }
  }

  private markEdge(edge: LineageEdge, line: SVGPathElement): void {
    line.classList.toggle('on', this.lit?.edges.has(edge) ?? false);
  }

  // ---------------------------------------------------------------------------------------------------- blocks

  /** Everything as a handful of shapes: from far away thousands of nodes are as quick as one. */
  private drawBlocks(): void {
    const shapes = new Map<string, string[]>();
    const add = (kind: string, d: string) => {
      const list = shapes.get(kind);
      if (list) list.push(d);
      else shapes.set(kind, [d]);
    };
    for (const { node, x, y, width, height } of this.boxes.values()) {
      const family = this.lit?.nodes.has(node.id) || this.found.has(node.id) ? 'chosen' : familyOf(node);
      add(
        family,
        `M${Math.round(x)} ${Math.round(y)}h${Math.round(width)}v${Math.round(height)}h${-Math.round(width)}z`,
      );
    }
    const on = (path: EdgePath) => this.lit?.edges.has(path.edge) ?? false;
    const lines = (chosen: boolean) =>
      this.paths
        .filter((path) => on(path) === chosen)
        .map(({ d }) => d)
        .join('');
    this.edgeLayer.replaceChildren(
      svg('path', { class: 'edge far', d: lines(false) }),
      svg('path', { class: 'edge on far', d: lines(true) }),
    );
    this.nodeLayer.replaceChildren(
      ...[...shapes].map(([kind, parts]) => svg('path', { class: `blocks ${kind}`, d: parts.join('') })),
    );
    // all of it is drawn, wherever one looks
    this.drawn = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  }

  // ----------------------------------------------------------------------------------------------------- nodes

  private drawNode(box: Box): SVGGElement {
    const { node, x, y, width, height } = box;
    const classes = ['node', node.kind, familyOf(node), node.origin, node.status, node.partial && 'partial'];
    const group = svg('g', {
      class: classes.filter(Boolean).join(' '),
      'data-id': node.id,
      transform: `translate(${Math.round(x)} ${Math.round(y)})`,
    });
    const round = node.kind === 'process' ? 20 : 5;
    group.append(svg('rect', { class: 'card', width, height, rx: round }));
    if (node.kind === 'dataset')
      group.append(svg('path', { class: 'accent', d: `M5 0H4a4 4 0 0 0-4 4V${height - 4}a4 4 0 0 0 4 4h1z` }));
    if (this.detail === 'names') {
      const size = node.kind === 'process' ? 16 : 22;
      const font = this.fonts.label.replace(/\d+px/, `${size}px`);
      const name = cut(plain(box.node.kind === 'process' ? (node.detail ?? node.label) : node.label), font, width - 16);
      const text = svg(
        'text',
        { class: 'big', x: width / 2, y: Math.min(height, HEADER) / 2 + size / 3, 'text-anchor': 'middle' },
        name,
      );
      text.style.fontSize = `${size}px`;
      group.append(text);
      return group;
    }
    group.append(svg('title', {}, plain(`${node.label} · ${node.typeLabel}`.slice(0, 300))));
    const middle = node.kind === 'process';
    const at = middle ? { x: width / 2, 'text-anchor': 'middle' } : { x: PAD };
    group.append(
      svg('text', { class: 'label', ...at, y: middle ? 17 : 19 }, box.label),
      svg('text', { class: 'sub', ...at, y: middle ? 32 : 35 }, box.sub),
    );
    if (box.badges.length > 0) group.append(this.badges(box));
    if (box.columns.length > 0) group.append(...this.columns(box));
    for (const direction of ['up', 'down'] as const) {
      const handle = handleOf(box, direction);
      if (!handle) continue;
      const words = direction === 'up' ? 'upstream' : 'downstream';
      group.append(
        svg(
          'g',
          {
            class: `handle ${direction}`,
            transform: `translate(${Math.round(handle.x - x)} ${Math.round(handle.y - y)})`,
          },
          svg('title', {}, `Show what is ${words}`),
          svg('rect', { width: handle.width, height: 18, rx: 9 }),
          svg('text', { x: handle.width / 2, y: 13, 'text-anchor': 'middle' }, handle.text),
        ),
      );
    }
    return group;
  }

  private badges({ badges, width }: Box): SVGGElement {
    const group = svg('g', { transform: `translate(${PAD} ${HEADER - 4})` });
    const font = this.fonts.small;
    let x = 0;
    for (const [index, badge] of badges.entries()) {
      const text = cut(badge, font, 110);
      const size = Math.ceil(text.length * 6.4) + 12;
      if (x + size > width - 2 * PAD - 24 && index > 0) {
        group.append(svg('text', { class: 'sub', x, y: 11 }, `+${badges.length - index}`));
        break;
      }
      group.append(
        svg(
          'g',
          { class: 'badge', transform: `translate(${x} 0)` },
          svg('rect', { width: size, height: BADGES - 5, rx: 7 }),
          svg('text', { x: size / 2, y: 11, 'text-anchor': 'middle' }, text),
        ),
      );
      x += size + 4;
    }
    return group;
  }

  private columns(box: Box): SVGElement[] {
    const { width, head, more } = box;
    const rows: SVGElement[] = [svg('line', { class: 'rule', x1: 5, x2: width, y1: head, y2: head })];
    for (const [index, column] of box.columns.entries()) {
      const flagged = (column.classifications?.length ?? 0) > 0;
      const type = cut((column.type ?? '').replace(/ NOT NULL$/, ''), this.fonts.small, (width - 2 * PAD) * 0.45);
      const name = cut(column.name, this.fonts.small, width - 2 * PAD - type.length * 6.3 - (flagged ? 14 : 0) - 8);
      const row = svg(
        'g',
        { class: 'column', 'data-column': column.name, transform: `translate(0 ${head + 4 + index * ROW})` },
        svg('rect', { class: 'row', x: 5, width: width - 6, height: ROW }),
        svg('text', { x: PAD, y: 14, class: column.primaryKey ? 'name key' : 'name' }, name),
        svg('text', { class: 'type', x: width - PAD - (flagged ? 14 : 0), y: 14, 'text-anchor': 'end' }, type),
      );
      if (flagged) row.append(svg('path', { class: 'flag', d: `M${width - PAD - 8} 5h8l-2.5 3 2.5 3h-7v5h-1z` }));
      rows.push(row);
    }
    if (more > 0) {
      const y = head + 4 + box.columns.length * ROW + 14;
      rows.push(svg('text', { class: 'more', x: PAD, y }, `… and ${more.toLocaleString('en')} more`));
    }
    return rows;
  }

  // --------------------------------------------------------------------------------------------- column lines

  private drawFlows(): void {
    const { model, lit } = this;
    this.flowLayer.replaceChildren();
    if (!model || this.detail !== 'full') return;
    const { columnEdges, influences } = model.graph;
    const chosen = lit && lit.columnEdges.size > 0 ? lit.columnEdges : undefined;
    const both = ({ from, to }: LineageColumnEdge) =>
      (this.boxes.get(from.node)?.columns.length ?? 0) > 0 && (this.boxes.get(to.node)?.columns.length ?? 0) > 0;
    const rest = columnEdges.length > MOST_FLOWS ? [] : columnEdges.filter((edge) => both(edge) && !chosen?.has(edge));
    const line = (edge: LineageColumnEdge, on: string) => {
      const d = columnEdgePath(this.boxes, edge.from, edge.to);
      if (!d) return;
      const path = svg('path', { class: `flow ${on}${edge.transformed ? ' transformed' : ''}`, d });
      if (edge.expression) path.append(svg('title', {}, plain(edge.expression.slice(0, 500))));
      this.meanings.set(path, edge);
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
      const d = columnEdgePath(this.boxes, from, { node: process, column: '' });
      if (d) this.flowLayer.append(svg('path', { class: 'influence', d }));
    }
  }
}
