// The page of the lineage panel: toolbar, graph, details. It shows what the extension sends, and asks it for everything else.
import type {
  LineageDirection,
  LineageExpansion,
  LineageGraph,
  LineageTarget,
  UserError,
} from '../../../server/src/protocol';
import { details } from './details';
import { html, plain } from './dom';
import { toPng, toSvg } from './export';
import {
  type Box,
  boundsOf,
  boxesOf,
  FIRST_COLUMNS,
  type Fonts,
  HEADER,
  type Hit,
  hitAt,
  MORE_COLUMNS,
  MOST_ROWS,
  place,
  questionOf,
  ROW,
  rowTop,
} from './geometry';
import { Layout } from './layout';
import pageStyle from './lineage.css';
import type { FromPage, PanelState, ToPage } from './messages';
import { type Choice, type Lit, Model } from './model';
import { Scene, type View } from './scene';
import sceneStyle from './scene.css';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
};

const vscode = acquireVsCodeApi();
const post = (message: FromPage) => vscode.postMessage(message);

const sheets = [pageStyle, sceneStyle].map((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
});
document.adoptedStyleSheets = [...document.adoptedStyleSheets, ...sheets];

const LEAST_ZOOM = 0.02;
const MOST_ZOOM = 2.5;
/** The smallest at which the first view begins: names can be read. */
const LEAST_READABLE = 0.42;
/** Neighbours that a click on a handle shows, and that one more click adds. */
const FIRST_NEIGHBOURS = 20;
const MORE_NEIGHBOURS = 50;
/** Columns of one dataset that the search may open the card for. */
const MOST_HITS = 500;

const family = getComputedStyle(document.documentElement).getPropertyValue('--vscode-font-family') || 'sans-serif';
const fonts: Fonts = { label: `600 13px ${family}`, small: `11px ${family}` };

// ------------------------------------------------------------------------------------------------------- elements

const button = (label: string, title: string, run: () => void) => {
  const element = html('button', { type: 'button', title, 'aria-label': title }, label);
  element.addEventListener('click', run);
  return element;
};

const heading = html('h1');
const search = html('input', {
  type: 'text',
  placeholder: 'Find a dataset, job or column',
  'aria-label': 'Find a dataset, job or column',
  spellcheck: 'false',
});
const hits = html('span', { class: 'hits', role: 'status' });
const back = button('←', 'Go back to what was shown before', () => post({ type: 'back' }));
const whole = button('Whole Job', 'Show the lineage of the whole job', () => post({ type: 'whole' }));
back.hidden = true;
whole.hidden = true;
const columnsButton = button('Columns', 'Show the columns of all datasets (C)', () => toggleAllColumns());
const percent = html('output', { 'aria-label': 'Zoom' });
const graphElement = html('div', {
  class: 'graph',
  tabindex: '0',
  role: 'application',
  'aria-label':
    'Lineage graph. The arrow keys move between datasets and jobs, Enter opens, Backspace closes, Space goes to the SQL.',
});
const says = html('div', { class: 'says', role: 'status', 'aria-live': 'polite' });
const emptyText = html('p');
const emptyButton = button('Try Again', 'Try again', () => post({ type: 'retry' }));
const empty = html('div', { class: 'empty', hidden: true }, emptyText, emptyButton);
const notice = html('div', { class: 'notice', role: 'status', hidden: true });
const progress = html('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Loading', hidden: true });
const keys = html(
  'div',
  { class: 'keys', 'aria-hidden': 'true' },
  'Arrows move · Enter opens · Backspace closes · Space goes to the SQL · F finds · + − 0 zoom · Esc',
);
const side = html('aside', { class: 'details', 'aria-label': 'Details', hidden: true });
const scene = new Scene(fonts);
graphElement.append(scene.stage, empty, keys);
document.body.append(
  html(
    'header',
    { class: 'bar', role: 'toolbar', 'aria-label': 'Lineage' },
    back,
    heading,
    whole,
    html('div', { class: 'search' }, search, hits),
    columnsButton,
    html(
      'div',
      { class: 'zoom' },
      button('−', 'Zoom out (−)', () => zoomBy(1 / 1.25)),
      percent,
      button('+', 'Zoom in (+)', () => zoomBy(1.25)),
    ),
    button('Fit', 'Show everything (0)', () => fitAll()),
    button('Export…', 'Export as SVG, PNG, Mermaid or OpenLineage', () => post({ type: 'export' })),
  ),
  progress,
  notice,
  html('main', { class: 'main' }, graphElement, side),
  says,
);

// ---------------------------------------------------------------------------------------------------------- state

const kept = vscode.getState();
const layout = new Layout();
let target: LineageTarget | undefined;
let expanded: LineageExpansion[] = [];
let model = new Model({ title: '', nodes: [], edges: [], columnEdges: [], influences: [] });
let boxes: ReadonlyMap<string, Box> = new Map();
let open = new Map<string, number>();
let allColumns = false;
let chosen: Choice | undefined;
/** The node to be chosen as soon as it is on the screen */
let wanted: string | undefined;
let hovered: Choice | undefined;
let found: readonly Choice[] = [];
let foundAt = -1;
let view: View = { x: 40, y: 40, k: 1 };
/** The place to stay where it is when the graph is laid out anew: what was clicked, else what is chosen. */
let anchor: string | undefined;
let complete = false;
let layouts = 0;
/** Nothing was shown yet: then all of it is brought into sight */
let fresh = true;

function keepState(): void {
  if (!target) return;
  vscode.setState({
    target,
    expanded,
    open: Object.fromEntries(open),
    allColumns,
    ...(chosen ? { chosen } : {}),
    view,
  });
}

// -------------------------------------------------------------------------------------------------------- drawing

let scheduled = false;
/** Whether the next frame is one of many of a zoom that goes on */
let zooming = false;
function schedule(goesOn = false): void {
  zooming = goesOn;
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    scene.move(view, graphElement.clientWidth, graphElement.clientHeight, zooming);
    percent.textContent = `${Math.round(view.k * 100)} %`;
  });
}

/** How many columns each node shows. */
function openColumns(): ReadonlyMap<string, number> {
  if (!allColumns) return open;
  const all = new Map(open);
  for (const { id, columns } of model.graph.nodes) if (columns.length > 0 && !all.has(id)) all.set(id, FIRST_COLUMNS);
  return all;
}

/** Lays the graph out and draws it; what is the anchor stays where it is on the screen. */
async function arrange(): Promise<void> {
  const current = model;
  const next = boxesOf(current, openColumns(), fonts);
  const answer = await layout.run(questionOf(current, next));
  if (current !== model) return;
  const paths = place(current, next, answer);
  const stay = anchor ?? chosen?.node ?? nearestToMiddle()?.node.id;
  const before = stay === undefined ? undefined : boxes.get(stay);
  const after = stay === undefined ? undefined : next.get(stay);
  boxes = next;
  scene.show(current, boxes, paths);
  if (fresh) start();
  else if (before && after)
    view = { ...view, x: view.x + (before.x - after.x) * view.k, y: view.y + (before.y - after.y) * view.k };
  anchor = undefined;
  if (wanted !== undefined && boxes.has(wanted)) {
    choose({ node: wanted });
    wanted = undefined;
  } else {
    highlight();
    keepState();
  }
  schedule();
  // for tests and measurements: what is on the screen, and how often it was laid out
  document.body.dataset.ready = String(current.graph.nodes.length);
  document.body.dataset.layouts = String(++layouts);
}

/** The first view: the kept one, else what it is about, else everything, as far as it can be read. */
function start(): void {
  fresh = false;
  if (kept?.view && JSON.stringify(kept.target) === JSON.stringify(target)) {
    view = kept.view;
    // the view is one of the graph with everything in it
    fresh = !complete;
    return;
  }
  fitAll(LEAST_READABLE);
  const focus = model.graph.focus;
  if (focus && boxes.has(focus) && !chosen) choose({ node: focus }, false);
  else if (view.k <= LEAST_READABLE && boxes.size > 0) {
    // too much to be read at once: begin where the data comes in
    const first = [...boxes.values()].sort((a, b) => a.x - b.x || a.y - b.y)[0];
    if (first) view = { ...view, x: 40 - first.x * view.k, y: graphElement.clientHeight / 3 - first.y * view.k };
  }
}

function nearestToMiddle(): Box | undefined {
  const x = (graphElement.clientWidth / 2 - view.x) / view.k;
  const y = (graphElement.clientHeight / 2 - view.y) / view.k;
  let best: Box | undefined;
  let least = Infinity;
  for (const box of boxes.values()) {
    const distance = Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
    if (distance < least) [best, least] = [box, distance];
  }
  return best;
}

function highlight(): void {
  const about = hovered ?? chosen;
  const lit: Lit | undefined = about && boxes.has(about.node) ? model.lit(about) : undefined;
  scene.highlight(chosen, lit, new Set(search.value === '' ? [] : found.map(({ node }) => node)));
}

// ----------------------------------------------------------------------------------------------------------- zoom

function clampZoom(k: number): number {
  return Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, k));
}

function zoomAt(factor: number, x: number, y: number): void {
  const k = clampZoom(view.k * factor);
  view = { k, x: x - ((x - view.x) * k) / view.k, y: y - ((y - view.y) * k) / view.k };
}

function zoomBy(factor: number): void {
  zoomAt(factor, graphElement.clientWidth / 2, graphElement.clientHeight / 2);
  schedule();
  keepState();
}

function fitAll(least = LEAST_ZOOM): void {
  const { left, top, right, bottom } = boundsOf(boxes.values());
  const [width, height] = [graphElement.clientWidth, graphElement.clientHeight];
  const k = Math.max(least, Math.min(1, (width - 60) / (right - left), (height - 80) / (bottom - top)));
  view = { k: clampZoom(k), x: (width - (left + right) * k) / 2, y: (height - 20 - (top + bottom) * k) / 2 };
  schedule();
  keepState();
}

/** Brings a node or column into sight, moving no more than is needed. */
function bringIntoSight({ node, column }: Choice, toMiddle = false): void {
  const box = boxes.get(node);
  if (!box) return;
  const row = box.columns.findIndex(({ name }) => name === column);
  const y = row < 0 ? box.y : box.y + rowTop(box, row);
  const height = row < 0 ? Math.min(box.height, HEADER) : ROW;
  if (toMiddle && view.k < 0.7) view = { ...view, k: 1 };
  const [w, h] = [graphElement.clientWidth, graphElement.clientHeight];
  const [left, top] = [view.x + box.x * view.k, view.y + y * view.k];
  const [right, bottom] = [left + box.width * view.k, top + height * view.k];
  if (toMiddle) view = { ...view, x: view.x + w / 2 - (left + right) / 2, y: view.y + h / 2 - (top + bottom) / 2 };
  else {
    const [padX, padY] = [Math.min(60, w / 6), Math.min(40, h / 6)];
    if (left < padX) view.x += padX - left;
    else if (right > w - padX) view.x -= right - (w - padX);
    if (top < padY) view.y += padY - top;
    else if (bottom > h - padY) view.y -= bottom - (h - padY);
  }
  schedule();
}

// -------------------------------------------------------------------------------------------------------- choosing

/** Chooses a node or column, shows what is known of it, and reads it out. */
function choose(choice: Choice | undefined, intoSight = true): void {
  chosen = choice;
  hovered = undefined;
  const narrower = side.hidden && choice !== undefined;
  showDetails();
  graphElement.classList.toggle('choice', choice !== undefined);
  if (choice && (intoSight || narrower)) bringIntoSight(choice);
  highlight();
  keepState();
  const node = choice && model.nodes.get(choice.node);
  if (!node) return;
  const up = model.edgesInto(node.id).length;
  const down = model.edgesOutOf(node.id).length;
  const name = choice.column === undefined ? node.label : `${choice.column}, column of ${node.label}`;
  says.textContent = plain(`${name.slice(0, 200)}, ${node.typeLabel}, ${up} in, ${down} out`);
}

function showDetails(): void {
  const shown = chosen && model.nodes.has(chosen.node) ? chosen : undefined;
  const wide = graphElement.clientWidth;
  side.hidden = !shown;
  if (shown) {
    const close = button('✕', 'Close the details', () => choose(undefined));
    close.className = 'close';
    side.replaceChildren(
      close,
      ...details(model, shown, {
        choose: (choice) => {
          showColumn(choice);
          choose(choice, true);
        },
        reveal: ({ node, column }) =>
          post({ type: 'reveal', node, focus: true, ...(column === undefined ? {} : { column }) }),
        openInAtlas: (node) => post({ type: 'openInAtlas', node }),
        copyName: (node) => post({ type: 'copyName', node }),
        around: (node) => post({ type: 'around', node }),
      }),
    );
    side.scrollTop = 0;
  }
  // the graph is narrower or wider now
  if (wide !== graphElement.clientWidth) schedule();
}

/** Opens a card as far as a column of it. */
function showColumn({ node, column }: Choice): void {
  const known = model.nodes.get(node);
  if (column === undefined || !known) return;
  const at = model.columnsOf(known).findIndex(({ name }) => name === column);
  const last = openColumns().get(node) ?? 0;
  if (at < 0 || (at < last && at >= last - MOST_ROWS)) return;
  open.set(node, FIRST_COLUMNS + Math.ceil(Math.max(0, at + 1 - FIRST_COLUMNS) / MORE_COLUMNS) * MORE_COLUMNS);
  anchor = node;
  void arrange().then(() => bringIntoSight({ node, column }));
}

function toggleColumns(id: string): void {
  const node = model.nodes.get(id);
  if (!node || node.columns.length === 0) return;
  const shown = openColumns().get(id) ?? 0;
  open.set(id, shown > 0 ? 0 : FIRST_COLUMNS);
  anchor = id;
  void arrange();
}

function toggleAllColumns(): void {
  allColumns = !allColumns;
  open = new Map();
  columnsButton.setAttribute('aria-pressed', String(allColumns));
  void arrange();
}

/** Shows neighbours of a node that the store has; where they are shown already, more of them. */
function expand(id: string, direction: LineageDirection): void {
  const shown = model.nodes.get(id)?.opened?.[direction];
  anchor = id;
  post({ type: 'expand', node: id, direction, limit: shown ? shown + MORE_NEIGHBOURS : FIRST_NEIGHBOURS });
}

/** Hides again what an expansion shows. */
function collapse(id: string, direction: LineageDirection): void {
  anchor = id;
  post({ type: 'expand', node: id, direction, limit: 0 });
}

/** Enter and double click: what is hidden beside a node, else its columns. */
function openNode(id: string): void {
  const hidden = model.nodes.get(id)?.hidden;
  if (hidden?.up) expand(id, 'up');
  if (hidden?.down) expand(id, 'down');
  if (!hidden?.up && !hidden?.down) toggleColumns(id);
}

/** Backspace: takes back what was opened of a node, its neighbours first. */
function closeNode(id: string): void {
  const opened = model.nodes.get(id)?.opened;
  if (opened?.up) collapse(id, 'up');
  if (opened?.down) collapse(id, 'down');
  if (!opened?.up && !opened?.down && openColumns().get(id)) toggleColumns(id);
}

function reveal(choice: Choice): void {
  post({ type: 'reveal', node: choice.node, ...(choice.column === undefined ? {} : { column: choice.column }) });
}

// ---------------------------------------------------------------------------------------------------------- search

/** Finds nodes and columns by a piece of their names; the best first. */
function find(text: string): readonly Choice[] {
  const word = text.trim().toLowerCase();
  if (word === '') return [];
  const starts: Choice[] = [];
  const others: Choice[] = [];
  const columns: Choice[] = [];
  for (const node of model.graph.nodes) {
    const names = [node.label, node.detail ?? '', node.qualifiedName ?? ''].map((name) => name.toLowerCase());
    if (names[0]?.startsWith(word)) starts.push({ node: node.id });
    else if (names.some((name) => name.includes(word))) others.push({ node: node.id });
    for (const { name } of node.columns) {
      if (columns.length < MOST_HITS && name.toLowerCase().includes(word))
        columns.push({ node: node.id, column: name });
    }
  }
  return [...starts, ...others, ...columns];
}

search.addEventListener('input', () => {
  found = find(search.value);
  foundAt = -1;
  if (found.length > 0) step(1, false);
  else {
    hits.textContent = search.value === '' ? '' : 'nothing';
    highlight();
  }
});

function step(by: number, select = true): void {
  if (found.length === 0) return;
  foundAt = (foundAt + by + found.length) % found.length;
  hits.textContent = `${foundAt + 1} of ${found.length}`;
  const choice = found[foundAt];
  if (!choice) return;
  if (select || choice.column === undefined) showColumn(choice);
  chosen = choice;
  hovered = undefined;
  showDetails();
  bringIntoSight(choice, true);
  highlight();
  keepState();
}

search.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
  else if (event.key === 'Escape') {
    search.value = '';
    hits.textContent = '';
    found = [];
    highlight();
    graphElement.focus();
  } else return;
  event.preventDefault();
});

// -------------------------------------------------------------------------------------------------------- keyboard

/** The node beside another one: along an edge where there is one, the nearest in that direction otherwise. */
function neighbour(from: Box, key: string): Box | undefined {
  const id = from.node.id;
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const edges = key === 'ArrowLeft' ? model.edgesInto(id) : model.edgesOutOf(id);
    const ends = edges.flatMap((edge) => boxes.get(key === 'ArrowLeft' ? edge.from : edge.to) ?? []);
    return ends.sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y))[0];
  }
  const down = key === 'ArrowDown';
  let best: Box | undefined;
  let least = Infinity;
  const middle = from.x + from.width / 2;
  for (const box of boxes.values()) {
    if (box === from || (down ? box.y <= from.y : box.y >= from.y)) continue;
    const distance = Math.abs(box.y - from.y) + 3 * Math.abs(box.x + box.width / 2 - middle);
    if (distance < least) [best, least] = [box, distance];
  }
  return best;
}

function moveBy(key: string): void {
  const box = boxes.get(chosen?.node ?? '');
  if (!box || !chosen) {
    const first = nearestToMiddle();
    if (first) choose({ node: first.node.id });
    return;
  }
  const { node, column } = chosen;
  const row = box.columns.findIndex(({ name }) => name === column);
  if (row >= 0 && (key === 'ArrowLeft' || key === 'ArrowRight')) {
    const edge = key === 'ArrowLeft' ? model.columnEdgesInto(chosen)[0] : model.columnEdgesOutOf(chosen)[0];
    const end = key === 'ArrowLeft' ? edge?.from : edge?.to;
    if (end) {
      showColumn(end);
      choose(end);
    }
    return;
  }
  // down from the head of an open card into its rows, and out of them at both ends
  if (key === 'ArrowDown' && row < box.columns.length - 1 && box.columns.length > 0) {
    choose({ node, column: box.columns[row + 1]!.name });
  } else if (key === 'ArrowUp' && row >= 0) {
    choose(row === 0 ? { node } : { node, column: box.columns[row - 1]!.name });
  } else {
    const next = neighbour(box, key);
    if (next) choose({ node: next.node.id });
  }
}

document.addEventListener('keydown', (event) => {
  const typing = event.target === search;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
    search.focus();
    search.select();
    event.preventDefault();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const inGraph = event.target === graphElement || event.target === document.body;
  const run = shortcut(event.key, inGraph);
  if (!run) return;
  event.preventDefault();
  run();
});

function shortcut(key: string, inGraph: boolean): (() => void) | undefined {
  switch (key) {
    case '+':
    case '=':
      return () => zoomBy(1.25);
    case '-':
      return () => zoomBy(1 / 1.25);
    case '0':
      return () => fitAll();
    case 'f':
    case 'F':
    case '/':
      return () => {
        search.focus();
        search.select();
      };
    case 'c':
    case 'C':
      return () => toggleAllColumns();
    case 'Escape':
      return () => {
        choose(undefined);
        graphElement.focus();
      };
  }
  if (!inGraph) return undefined;
  if (key.startsWith('Arrow')) return () => moveBy(key);
  const choice = chosen;
  if (!choice) return undefined;
  if (key === 'Enter') return () => openNode(choice.node);
  if (key === 'Backspace') return () => closeNode(choice.node);
  return key === ' ' ? () => reveal(choice) : undefined;
}

// ----------------------------------------------------------------------------------------------------------- mouse

/** Where in the graph the mouse is. */
function placeOf({ clientX, clientY }: MouseEvent): [x: number, y: number] {
  const { left, top } = graphElement.getBoundingClientRect();
  return [(clientX - left - view.x) / view.k, (clientY - top - view.y) / view.k];
}

function hitOf(event: MouseEvent): Hit | undefined {
  return hitAt(boxes.values(), ...placeOf(event), scene.showsParts);
}

let drag: { x: number; y: number; moved: boolean } | undefined;
graphElement.addEventListener('pointerdown', (event) => {
  if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
  drag = { x: event.clientX, y: event.clientY, moved: false };
  graphElement.setPointerCapture(event.pointerId);
});
graphElement.addEventListener('pointermove', (event) => {
  if (!drag) return hover(event);
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.moved && Math.hypot(dx, dy) < 4) return;
  drag = { x: event.clientX, y: event.clientY, moved: true };
  graphElement.classList.add('dragging');
  view = { ...view, x: view.x + dx, y: view.y + dy };
  schedule();
});
graphElement.addEventListener('pointerup', (event) => {
  const moved = drag?.moved ?? true;
  drag = undefined;
  graphElement.classList.remove('dragging');
  if (moved) keepState();
  else click(event);
});
graphElement.addEventListener('pointercancel', () => {
  drag = undefined;
  graphElement.classList.remove('dragging');
});
graphElement.addEventListener('pointerleave', () => {
  if (!hovered) return;
  hovered = undefined;
  highlight();
});

function click(event: PointerEvent): void {
  const hit = hitOf(event);
  const edge = hit ? undefined : scene.edgeAt(...placeOf(event));
  if (edge && 'process' in edge) {
    choose(edge.to, false);
    post({ type: 'revealEdge', from: edge.from, to: edge.to });
  } else if (edge) {
    // a line between a dataset and a process stands in the process's statement
    const process = model.nodes.get(edge.from)?.kind === 'process' ? edge.from : edge.to;
    choose({ node: process }, false);
    reveal({ node: process });
  } else if (!hit) choose(undefined);
  else if (hit.what === 'show') expand(hit.id, hit.direction);
  else if (hit.what === 'hide') collapse(hit.id, hit.direction);
  else if (hit.what === 'rows') {
    open.set(hit.id, hit.last);
    anchor = hit.id;
    void arrange();
  } else {
    const choice = hit.what === 'column' ? { node: hit.id, column: hit.column } : { node: hit.id };
    choose(choice, false);
    // the second click of a double click opens the node instead
    if (event.detail < 2) reveal(choice);
  }
}

graphElement.addEventListener('dblclick', (event) => {
  const hit = hitOf(event);
  if (hit?.what === 'node') openNode(hit.id);
});

/** A column under the mouse shows where its values come from and go to. */
function hover(event: PointerEvent): void {
  const hit = hitOf(event);
  graphElement.classList.toggle('over', (hit ?? scene.edgeAt(...placeOf(event))) !== undefined);
  const next = hit?.what === 'column' ? { node: hit.id, column: hit.column } : undefined;
  if (next?.node === hovered?.node && next?.column === hovered?.column) return;
  hovered = next;
  highlight();
}

graphElement.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault();
    const { left, top } = graphElement.getBoundingClientRect();
    // a pinch on a touch pad comes as a wheel with Ctrl
    if (event.ctrlKey || event.metaKey) {
      zoomAt(Math.exp(-event.deltaY / 150), event.clientX - left, event.clientY - top);
      schedule(true);
    } else {
      const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      view = { ...view, x: view.x - dx, y: view.y - dy };
      schedule();
    }
  },
  { passive: false },
);
new ResizeObserver(() => schedule()).observe(graphElement);

// -------------------------------------------------------------------------------------------------------- messages

function show(graph: LineageGraph, whatIsKnown: boolean, chooseFocus: boolean): void {
  model = new Model(graph);
  complete = whatIsKnown;
  // what only the store knows is chosen again when the store has answered
  if (complete && chosen && !model.nodes.has(chosen.node)) chosen = undefined;
  const datasets = graph.nodes.filter(({ kind }) => kind === 'dataset').length;
  const count = html('span', { class: 'count' }, ` ${datasets} ${datasets === 1 ? 'dataset' : 'datasets'}`);
  const title = plain(graph.title.slice(0, 400));
  heading.replaceChildren(title, count);
  heading.title = title;
  whole.hidden = !(target && 'uri' in target && target.line !== undefined);
  progress.hidden = complete;
  notice.hidden = true;
  if (graph.problem) warn(graph.problem);
  sayEmpty(graph.empty ?? (graph.nodes.length === 0 ? 'There is no lineage to show.' : undefined), false);
  found = find(search.value);
  showDetails();
  if (chooseFocus && graph.focus) wanted = graph.focus;
  void arrange();
}

/** Says above the graph what keeps it from being whole or up to date. */
function warn({ message, advice }: UserError): void {
  const retry = button('Try Again', 'Try again', () => post({ type: 'retry' }));
  notice.replaceChildren(plain([message, advice].filter(Boolean).join(' ')), ' ', retry);
  notice.hidden = false;
}

function sayEmpty(text: string | undefined, retry: boolean): void {
  empty.hidden = text === undefined;
  emptyText.textContent = text ?? '';
  emptyButton.hidden = !retry;
  keys.hidden = text !== undefined;
}

addEventListener('message', async ({ data }: MessageEvent<ToPage>) => {
  switch (data.type) {
    case 'loading':
      progress.hidden = false;
      return;
    case 'graph': {
      const other = JSON.stringify(data.target) !== JSON.stringify(target);
      target = data.target;
      expanded = data.expanded;
      if (other) {
        const same = kept && fresh && JSON.stringify(kept.target) === JSON.stringify(target);
        fresh = true;
        open = new Map(same ? Object.entries(kept.open) : []);
        allColumns = same ? kept.allColumns : allColumns;
        chosen = same ? kept.chosen : undefined;
        columnsButton.setAttribute('aria-pressed', String(allColumns));
      }
      back.hidden = !data.back;
      return show(data.graph, data.complete, data.choose);
    }
    case 'error':
      progress.hidden = true;
      if (data.stale) return warn(data.error);
      model = new Model({ title: '', nodes: [], edges: [], columnEdges: [], influences: [] });
      boxes = new Map();
      scene.show(model, boxes, []);
      choose(undefined);
      return sayEmpty(plain([data.error.message, data.error.advice].filter(Boolean).join(' ')), true);
    case 'render': {
      const rendered = data.format === 'svg' ? toSvg(scene).text : await toPng(scene);
      return post({ type: 'rendered', request: data.request, data: rendered });
    }
  }
});

columnsButton.setAttribute('aria-pressed', 'false');
graphElement.focus();
schedule();
post({ type: 'ready' });
