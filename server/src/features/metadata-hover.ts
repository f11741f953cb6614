import type { CardColumn, ColumnCard, TableAnswer, TableCard } from '../atlas/cards';
import { compareTypes } from '../atlas/columnTypes';
import { type ColumnDrift, schemaDrift } from '../atlas/schemaDrift';
import type { StoreInfo, UserError } from '../protocol';
import type { TableNode } from '../semantics/lineage';
import { codeSpan, commandLink, escapeMarkdown, someOf, webLink } from './markdown';

/** Names shown of upstream and downstream before '… and 14 more'. */
const NAMES = 4;
const COLUMNS = 6;
/** Characters of a name that goes into a link. */
const LONGEST_NAME = 1_000;

export interface CardContext {
  store: StoreInfo;
  /** The document that asks */
  uri: string;
  /** Where in the document, for the links that refresh the hover and mend the table; zero-based */
  position: { line: number; character: number };
  /** Milliseconds since 1970, for 'updated 2 days ago' */
  now: number;
  /** Whether a quick fix makes the script's columns those of the store */
  fixable?: boolean;
}

/** The hover card of a table: what the store knows of it, a quiet line where it knows nothing or cannot be reached. */
export function metadataHover(table: TableNode, answer: TableAnswer, context: CardContext): string {
  if (answer.found) return card(table, answer.card, answer.others, context);
  if ('error' in answer) return unreachable(answer.error, context);
  const { store, uri } = context;
  const atlas = store.kind === 'atlas';
  if (!answer.expected) {
    const { connector } = table.options;
    const place = placeName(store);
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
  const gone = known.status === 'deleted' ? ' · **deleted**' : '';
  const head = [
    `**${escapeMarkdown(known.name, 120)}** · ${escapeMarkdown(known.typeLabel, 60)}${gone} — ${placeBadge(store)}`,
    codeSpan(known.qualifiedName),
  ];
  // What the script's hover says already is not said twice
  if (known.description && known.description !== table.comment) head.push(escapeMarkdown(known.description));
  const people = peopleAndBadges(known);
  if (people) head.push(people);
  for (const other of others.slice(0, 2)) {
    head.push(`also ${escapeMarkdown(other.typeLabel, 60)} ${codeSpan(other.qualifiedName)}`);
  }
  const rest = [...columnLines(table, known, context), ...flowLines(known)];
  const links = [
    ...linksOf(known, context),
    ...(known.updateTime === undefined ? [] : [`updated ${ago(now - known.updateTime)}${by(known.updatedBy)}`]),
  ].join(' · ');
  return sections(head, rest, [links]);
}

function sections(...parts: readonly (readonly string[])[]): string {
  return parts
    .filter((section) => section.length > 0)
    .map((section) => section.join('  \n'))
    .join('\n\n');
}

/** A store in words, as in 'differs from Atlas'. */
export function placeName(store: StoreInfo): string {
  return store.kind === 'atlas' ? 'Atlas' : 'the workspace catalog';
}

/** 'Atlas ● prod' */
function placeBadge(store: StoreInfo): string {
  return store.kind === 'atlas' ? `Atlas ● ${escapeMarkdown(store.label, 60)}` : escapeMarkdown(store.label, 60);
}

function linksOf(
  { typeName, qualifiedName, webUrl }: { typeName: string; qualifiedName: string; webUrl?: string },
  context: CardContext,
): string[] {
  return [
    ...(webUrl ? [webLink('Open in Atlas', webUrl)] : []),
    // A name of any length must not make the hover one
    ...(qualifiedName.length > LONGEST_NAME
      ? []
      : [commandLink('Lineage', 'flinkSql.showLineage', { store: context.store.id, typeName, qualifiedName })]),
    refreshLink('Refresh', context),
  ];
}

/**
 * The hover card of a column: what it means, what may not be done with it, and where its values come from and go to, as the
 * store knows it. `type` and `comment` are the script's, which are not said twice.
 */
export function columnCard(
  known: ColumnCard,
  { type, comment }: { type?: string; comment?: string },
  context: CardContext,
): string {
  const { column, table } = known;
  const head = [
    `**${escapeMarkdown(column.name, 120)}** · column of ${escapeMarkdown(table.name, 120)} — ${placeBadge(context.store)}`,
  ];
  if (column.description && column.description !== comment) head.push(escapeMarkdown(column.description));
  if (column.classifications.length > 0) head.push(badges(column.classifications));
  if (column.type && compareTypes(type, column.flinkType) !== 'same') {
    head.push(`Type ${codeSpan(column.type, 120)} in ${placeName(context.store)}`);
  }
  const flow = [...flowOf('↑ from', known.upstream), ...flowOf('↓ to', known.downstream)];
  return sections(head, flow, [linksOf(known, context).join(' · ')]);
}

/** '↑ from `crm.changes.email`, `crm.old.mail` … and 3 more' */
function flowOf(direction: string, names: readonly string[]): string[] {
  return names.length > 0 ? [`${direction} ${codeNames(names)}`] : [];
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
 * How the columns compare to the script's. Where no DDL describes the table, the store's columns are listed; elsewhere the
 * script's hover shows them already, and only classified ones and differences are named here.
 */
function columnLines(table: TableNode, known: TableCard, context: CardContext): string[] {
  if (known.columns.length === 0) return [];
  if (table.definition === undefined) return listed(known.columns, known.columns.length);
  const classified = known.columns.filter((column) => column.classifications.length > 0);
  return [...listed(classified, classified.length), driftLine(schemaDrift(table, known), known, context)];
}

function listed(columns: readonly CardColumn[], total: number): string[] {
  const shown = columns.slice(0, COLUMNS).map(columnLine);
  const rest = total - shown.length;
  return rest > 0 ? [...shown, `… and ${rest} more columns`] : shown;
}

function columnLine({ name, type, description, classifications }: CardColumn): string {
  const parts = [`${codeSpan(name, 60)}${type ? ` ${escapeMarkdown(type, 80)}` : ''}`];
  if (classifications.length > 0) parts.push(badges(classifications));
  if (description) parts.push(escapeMarkdown(description, 80));
  return parts.join(' ');
}

/**
 * '± 2 columns differ from Atlas: `currency` is missing here, `note` is only here · Fix'. The link says where the hover is, as
 * the one that refreshes does: nothing that a store holds is in it.
 */
function driftLine(drift: readonly ColumnDrift[], known: TableCard, context: CardContext): string {
  const { length } = known.columns;
  if (drift.length === 0) return `${length} ${length === 1 ? 'column' : 'columns'}, as in this script`;
  const words = {
    missing: () => 'is missing here',
    extra: () => 'is only here',
    retyped: (there?: string) => `is ${escapeMarkdown(there ?? 'of another type', 80)} there`,
  };
  const shown = drift.slice(0, NAMES).map(({ kind, name, there }) => `${codeSpan(name, 60)} ${words[kind](there)}`);
  const rest = drift.length - shown.length;
  const count = `± ${drift.length} ${drift.length === 1 ? 'column differs' : 'columns differ'} from ${placeName(context.store)}`;
  const fix = context.fixable ? ` · ${linkHere('Fix', 'flinkSql.fixColumns', context)}` : '';
  return `${count}: ${shown.join(', ')}${rest > 0 ? ` … and ${rest} more` : ''}${fix}`;
}

function codeNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES).map((name) => codeSpan(name, 60));
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` … and ${rest} more` : '');
}

function flowLines({ upstream, downstream }: TableCard): string[] {
  return [
    ...(upstream.length > 0 ? [`↑ ${upstream.length} upstream: ${someOf(upstream, NAMES)}`] : []),
    ...(downstream.length > 0 ? [`↓ ${downstream.length} downstream: ${someOf(downstream, NAMES)}`] : []),
  ];
}

function refreshLink(title: string, context: CardContext): string {
  return linkHere(title, 'flinkSql.refreshHover', context);
}

/** A link that runs a command on the place of the hover. */
function linkHere(title: string, command: string, { uri, position }: CardContext): string {
  return commandLink(title, command, uri, position.line, position.character);
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
