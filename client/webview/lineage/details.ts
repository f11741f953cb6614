import type { LineageColumn, LineageInfluence, LineageNode } from '../../../server/src/protocol';
import { html, plain, visible } from './dom';
import type { Choice, Model } from './model';

/** Rows of a list before '… and 12 more'. */
const ROWS = 60;
/** Characters of a name. */
const LONGEST = 300;

export interface Actions {
  choose(choice: Choice): void;
  reveal(choice: Choice): void;
  openInAtlas(node: string): void;
  copyName(node: string): void;
  around(node: string): void;
}

const kinds: Record<LineageInfluence['kinds'][number], string> = {
  filter: 'filters',
  join: 'joins',
  group: 'groups',
  order: 'orders',
  window: 'windows',
  condition: 'decides in a condition',
};

/** What is known of a choice, as the content of the side panel. */
export function details(model: Model, { node: id, column: name }: Choice, actions: Actions): Node[] {
  const node = model.nodes.get(id);
  if (!node) return [];
  const column = name === undefined ? undefined : node.columns.find((each) => each.name === name);
  return column ? ofColumn(model, node, column, actions) : ofNode(model, node, actions);
}

function button(label: string, run: () => void): HTMLElement {
  const element = html('button', { type: 'button', class: 'link' }, label);
  element.addEventListener('click', run);
  return element;
}

/** A name in one line; nobody reads more of it than this. */
function brief(text: string): string {
  return plain(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function lines(...parts: (Node | undefined | false | '')[]): Node[] {
  return parts.filter((part): part is Node => part instanceof Node);
}

function badges(names: readonly string[] | undefined): Node | undefined {
  if (!names?.length) return undefined;
  return html('p', { class: 'badges' }, ...names.map((name) => html('span', { class: 'badge' }, brief(name))));
}

function fact(label: string, value: string | Node | undefined): Node | undefined {
  return value === undefined ? undefined : html('div', { class: 'fact' }, html('dt', {}, label), html('dd', {}, value));
}

function list<T>(
  title: string,
  items: readonly T[],
  row: (item: T) => Node,
  all: number = items.length,
): Node | undefined {
  if (items.length === 0) return undefined;
  const rest = all - ROWS;
  const rows = items.slice(0, ROWS).map((item) => html('li', {}, row(item)));
  if (rest > 0) rows.push(html('li', { class: 'rest' }, `… and ${rest.toLocaleString('en')} more. Search finds them.`));
  return html('section', {}, html('h3', {}, title), html('ul', {}, ...rows));
}

/** A node or column to go to. */
function place(model: Model, choice: Choice, actions: Actions, note?: string): Node {
  const node = model.nodes.get(choice.node);
  const label = brief((node?.kind === 'process' ? (node.detail ?? node.label) : node?.label) ?? '');
  const text = choice.column === undefined ? label : `${label}.${brief(choice.column)}`;
  const link = button(text, () => actions.choose(choice));
  return note ? html('span', {}, link, html('span', { class: 'note' }, ` ${note}`)) : link;
}

function ofNode(model: Model, node: LineageNode, actions: Actions): Node[] {
  const choice = { node: node.id };
  const influences = model.graph.influences.filter((one) => one.process === node.id);
  const isProcess = node.kind === 'process';
  const columns = node.columnCount ?? node.columns.length;
  const title = isProcess ? `${node.detail ?? ''} · ${node.label}` : node.label;
  const others = (node.others ?? []).map(({ qualifiedName }) => qualifiedName).join(', ');
  return lines(
    html('h2', {}, brief(title)),
    html('p', { class: 'kind' }, brief(kindOf(node))),
    badges(node.classifications),
    node.description && html('p', { class: 'description' }, plain(node.description)),
    html(
      'p',
      { class: 'actions' },
      ...lines(
        node.source && button('Go to SQL', () => actions.reveal(choice)),
        node.webUrl && button('Open in Atlas', () => actions.openInAtlas(node.id)),
        node.origin !== 'script' && node.qualifiedName && button('Lineage from Here', () => actions.around(node.id)),
        node.qualifiedName && button('Copy Name', () => actions.copyName(node.id)),
      ),
    ),
    html(
      'dl',
      {},
      ...lines(
        fact('Owner', node.owner && brief(node.owner)),
        fact('Terms', node.terms?.map(brief).join(', ')),
        fact('Stored as', isProcess ? undefined : node.detail && brief(node.detail)),
        fact('Name in Atlas', node.qualifiedName && brief(node.qualifiedName)),
        fact('Also', others ? brief(others) : undefined),
        fact('Known by', knownBy(model, node)),
      ),
    ),
    node.partial && html('p', { class: 'warning' }, 'Some columns of this statement could not be traced.'),
    list(isProcess ? 'Reads' : 'Written by', model.edgesInto(node.id), ({ from, role }) =>
      place(model, { node: from }, actions, role === 'lookup' ? 'lookup' : role),
    ),
    list(isProcess ? 'Writes' : 'Read by', model.edgesOutOf(node.id), ({ to }) => place(model, { node: to }, actions)),
    list('Decides about the rows', influences, ({ from, kinds: how }) =>
      place(model, from, actions, how.map((kind) => kinds[kind]).join(', ')),
    ),
    list(
      `${columns.toLocaleString('en')} ${columns === 1 ? 'column' : 'columns'}`,
      model.columnsOf(node),
      (column) =>
        html(
          'span',
          { class: 'field' },
          button(brief(column.name), () => actions.choose({ node: node.id, column: column.name })),
          html('span', { class: 'note' }, brief(column.type ?? '')),
          ...(column.classifications ?? []).map((name) => html('span', { class: 'badge' }, brief(name))),
        ),
      columns,
    ),
    node.sql && html('section', {}, html('h3', {}, 'Statement'), html('pre', {}, visible(node.sql))),
  );
}

function ofColumn(model: Model, node: LineageNode, column: LineageColumn, actions: Actions): Node[] {
  const choice = { node: node.id, column: column.name };
  const influences = model.graph.influences.filter(({ from }) => from.node === node.id && from.column === column.name);
  const into = model.columnEdgesInto(choice);
  const expressions = [...new Set(into.flatMap(({ expression }) => expression ?? []))];
  const kind =
    column.kind === 'computed' ? 'computed column' : column.kind === 'metadata' ? 'metadata column' : 'column';
  return lines(
    html('h2', {}, brief(column.name)),
    html('p', { class: 'kind' }, brief(column.type ? `${column.type} · ${kind}` : kind)),
    badges(column.classifications),
    column.description && html('p', { class: 'description' }, plain(column.description)),
    html(
      'p',
      { class: 'actions' },
      ...lines((column.source ?? node.source) && button('Go to SQL', () => actions.reveal(choice))),
    ),
    html(
      'dl',
      {},
      ...lines(
        fact('Of', place(model, { node: node.id }, actions)),
        fact('Key', column.primaryKey ? 'part of the primary key' : undefined),
      ),
    ),
    ...expressions.slice(0, 5).map((expression) => html('pre', {}, visible(expression))),
    list('Comes from', into, ({ from, transformed }) =>
      place(model, from, actions, transformed ? 'changed' : 'as it is'),
    ),
    list('Goes to', model.columnEdgesOutOf(choice), ({ to, transformed }) =>
      place(model, to, actions, transformed ? 'changed' : 'as it is'),
    ),
    list('Decides about rows of', influences, ({ process, kinds: how }) =>
      place(model, { node: process }, actions, how.map((one) => kinds[one]).join(', ')),
    ),
  );
}

function kindOf(node: LineageNode): string {
  return [node.typeLabel, node.status === 'deleted' ? 'deleted' : undefined].filter(Boolean).join(' · ');
}

function knownBy(model: Model, node: LineageNode): string | undefined {
  const store = model.graph.store?.label;
  if (node.origin === 'store') return store && brief(store);
  if (node.origin === 'both') return store && `this script and ${brief(store)}`;
  return store && `this script; not in ${brief(store)} yet`;
}
