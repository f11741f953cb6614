import type { CardColumn, TableAnswer, TableCard } from '../atlas/cards';
import type { StoreInfo, UserError } from '../protocol';
import type { TableNode } from '../semantics/lineage';
import { codeSpan, commandLink, escapeMarkdown, someOf, webLink } from './markdown';

/** Names shown of upstream and downstream before '… and 14 more'. */
const NAMES = 4;
const COLUMNS = 6;

export interface CardContext {
  store: StoreInfo;
  /** The document that asks */
  uri: string;
  /** Where in the document, for the link that refreshes the hover; zero-based */
  position: { line: number; character: number };
  /** Milliseconds since 1970, for 'updated 2 days ago' */
  now: number;
}

/** The hover card of a table: what the store knows of it, a quiet line where it knows nothing or cannot be reached. */
export function metadataHover(table: TableNode, answer: TableAnswer, context: CardContext): string {
  if (answer.found) return card(table, answer.card, answer.others, context);
  if ('error' in answer) return unreachable(answer.error, context);
  const { store, uri } = context;
  const atlas = store.kind === 'atlas';
  if (!answer.expected) {
    const { connector } = table.options;
    const place = atlas ? 'Atlas' : 'the workspace catalog';
    if (connector) return `Tables of the connector ${codeSpan(connector, 60)} are not kept in ${place}.`;
    return `Nothing here says where this table is, so ${place} was not asked.`;
  }
  const where = atlas ? `Atlas at ${escapeMarkdown(store.label)}` : 'The workspace catalog';
  const { typeLabel, qualifiedName } = answer.expected;
  return [
    `${where} does not know this ${escapeMarkdown(typeLabel)} yet: ${codeSpan(qualifiedName)}`,
    [commandLink('Publish', 'flinkSql.publish', uri), refreshLink('Refresh', context)].join(' · '),
  ].join('  \n');
}

/** The line of a hover when there is no store to ask. */
export function notConnected(): string {
  const connect = commandLink('Connect', 'flinkSql.connect');
  const catalog = commandLink('Use a workspace catalog', 'flinkSql.useWorkspaceCatalog');
  return `Not connected to Atlas · ${connect} · ${catalog}`;
}

/** The line of a hover when the settings pick a store that there is not. */
export function notPicked(error: UserError): string {
  const choose = commandLink('Choose Connection', 'flinkSql.chooseConnection');
  return `${escapeMarkdown(error.message.replace(/\.$/, ''))} · ${choose}`;
}

function unreachable(error: UserError, context: CardContext): string {
  const remedy =
    error.code === 'unauthorized' || error.code === 'forbidden' || error.code === 'not-atlas'
      ? commandLink('Connect again', 'flinkSql.connect', context.store.label)
      : refreshLink('Retry', context);
  return `${escapeMarkdown(error.message.replace(/\.$/, ''))} · ${remedy}`;
}

function card(table: TableNode, known: TableCard, others: readonly TableCard[], context: CardContext): string {
  const { store, now } = context;
  const place = store.kind === 'atlas' ? `Atlas ● ${escapeMarkdown(store.label, 60)}` : escapeMarkdown(store.label, 60);
  const gone = known.status === 'deleted' ? ' · **deleted**' : '';
  const head = [
    `**${escapeMarkdown(known.name, 120)}** · ${escapeMarkdown(known.typeLabel, 60)}${gone} — ${place}`,
    codeSpan(known.qualifiedName),
  ];
  // What the script's hover says already is not said twice
  if (known.description && known.description !== table.comment) head.push(escapeMarkdown(known.description));
  const people = peopleAndBadges(known);
  if (people) head.push(people);
  for (const other of others.slice(0, 2)) {
    head.push(`also ${escapeMarkdown(other.typeLabel, 60)} ${codeSpan(other.qualifiedName)}`);
  }
  const rest = [...columnLines(table, known), ...flowLines(known)];
  const links = [
    ...(known.webUrl ? [webLink('Open in Atlas', known.webUrl)] : []),
    refreshLink('Refresh', context),
    ...(known.updateTime === undefined ? [] : [`updated ${ago(now - known.updateTime)}${by(known.updatedBy)}`]),
  ].join(' · ');
  return [head, rest, [links]]
    .filter((section) => section.length > 0)
    .map((section) => section.join('  \n'))
    .join('\n\n');
}

function peopleAndBadges({ owner, terms, classifications, labels }: TableCard): string {
  const parts: string[] = [];
  if (owner) parts.push(`Owner **${escapeMarkdown(owner, 80)}**`);
  if (terms.length > 0) parts.push(`Terms ${someOf(terms, 5)}`);
  if (labels.length > 0) parts.push(`Labels ${someOf(labels, 5)}`);
  if (classifications.length > 0) parts.push(badges(classifications));
  return parts.join(' · ');
}

function badges(classifications: readonly string[]): string {
  const shown = classifications.slice(0, 6).map((name) => `⚑ **${escapeMarkdown(name, 60)}**`);
  return [...shown, ...(classifications.length > 6 ? [`… and ${classifications.length - 6} more`] : [])].join(' ');
}

/**
 * How the columns compare to the script's. Where the script says nothing of the table, the store's columns are listed;
 * elsewhere the script's hover shows them already, and only classified ones and differences are named here.
 */
function columnLines(table: TableNode, known: TableCard): string[] {
  if (known.columns.length === 0) return [];
  if (table.columns.length === 0) {
    const shown = known.columns.slice(0, COLUMNS).map(columnLine);
    const rest = known.columns.length - shown.length;
    return rest > 0 ? [...shown, `… and ${rest} more columns`] : shown;
  }
  const lines = known.columns
    .filter((column) => column.classifications.length > 0)
    .slice(0, COLUMNS)
    .map(columnLine);
  return [...lines, ...differences(table, known)];
}

function columnLine({ name, type, description, classifications }: CardColumn): string {
  const parts = [`${codeSpan(name, 60)}${type ? ` ${escapeMarkdown(type, 80)}` : ''}`];
  if (classifications.length > 0) parts.push(badges(classifications));
  if (description) parts.push(escapeMarkdown(description, 80));
  return parts.join(' ');
}

/**
 * What is missing here, missing there, and typed otherwise; one line each. Computed and metadata columns are the script's
 * own and not in the data, so they need not be there.
 */
function differences(table: TableNode, known: TableCard): string[] {
  const here = new Map(
    table.columns.filter((column) => column.kind === 'physical').map((column) => [column.name, column]),
  );
  const there = new Map(known.columns.map((column) => [column.name, column]));
  const every = new Set(table.columns.map((column) => column.name));
  const missingHere = known.columns.filter((column) => !every.has(column.name)).map((column) => column.name);
  const missingThere = [...here.keys()].filter((name) => !there.has(name));
  const retyped = [...here.values()].flatMap(({ name, type }) => {
    const other = there.get(name)?.type;
    return type && other && sameType(type, other) === false
      ? [`${codeSpan(name, 60)} is ${escapeMarkdown(other, 80)} there`]
      : [];
  });
  const lines: string[] = [];
  const count = missingHere.length + missingThere.length + retyped.length;
  if (count === 0) return [`${known.columns.length} columns, as in this script`];
  lines.push(`± ${count} ${count === 1 ? 'column differs' : 'columns differ'} from this script`);
  if (missingHere.length > 0) lines.push(`missing here: ${codeNames(missingHere)}`);
  if (missingThere.length > 0) lines.push(`only here: ${codeNames(missingThere)}`);
  if (retyped.length > 0) {
    const rest = retyped.length - NAMES;
    lines.push(retyped.slice(0, NAMES).join(', ') + (rest > 0 ? ` … and ${rest} more` : ''));
  }
  return lines;
}

function codeNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES).map((name) => codeSpan(name, 60));
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` … and ${rest} more` : '');
}

/**
 * Whether two types are the same, as far as that can be said: undefined when the other one is not written as Flink
 * writes types (a Hive or database type), so that no difference is claimed that may be none.
 */
export function sameType(flink: string, other: string): boolean | undefined {
  const normal = (type: string) =>
    type
      .toUpperCase()
      .replace(/\bNOT NULL\b/g, '')
      .replace(/\bVARCHAR\s*\(\s*2147483647\s*\)/g, 'STRING')
      .replace(/\bVARBINARY\s*\(\s*2147483647\s*\)/g, 'BYTES')
      .replace(/\bINTEGER\b/g, 'INT')
      .replace(/\b(?:NUMERIC|DEC)\b/g, 'DECIMAL')
      .replace(/\bDECIMAL\s*\(\s*(\d+)\s*\)/g, 'DECIMAL($1,0)')
      .replace(/\s+/g, '');
  if (normal(flink) === normal(other)) return true;
  return /^[A-Z][A-Z_ ]*(?:\([\d, ]*\))?(?: NOT NULL)?$/.test(other) ? false : undefined;
}

function flowLines({ upstream, downstream }: TableCard): string[] {
  return [
    ...(upstream.length > 0 ? [`↑ ${upstream.length} upstream: ${someOf(upstream, NAMES)}`] : []),
    ...(downstream.length > 0 ? [`↓ ${downstream.length} downstream: ${someOf(downstream, NAMES)}`] : []),
  ];
}

function refreshLink(title: string, { uri, position }: CardContext): string {
  return commandLink(title, 'flinkSql.refreshHover', uri, position.line, position.character);
}

function by(user: string | undefined): string {
  return user ? ` by ${escapeMarkdown(user, 60)}` : '';
}

/** 'just now', '5 minutes ago', '2 days ago' */
export function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  const units: [string, number][] = [
    ['year', 525_600],
    ['month', 43_800],
    ['day', 1440],
    ['hour', 60],
    ['minute', 1],
  ];
  const [unit, size] = units.find(([, length]) => minutes >= length) ?? ['minute', 1];
  const count = Math.floor(minutes / size);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
