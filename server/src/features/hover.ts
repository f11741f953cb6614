import { redactText } from '../atlas/redact';
import type { TableColumn, TableNode } from '../semantics/lineage';
import type { AnalysedDocument, Span } from './analysed-document';
import { codeBlock, codeSpan, escapeMarkdown, shorten, someOf } from './markdown';
import { tableAt } from './table-at';

/** Columns shown before '… and 14 more'; with the lines around them a hover stays within 20. */
const COLUMNS = 12;

/**
 * What the script says of the table at an offset: name, connector, comment, columns with types, key and watermark.
 * Undefined where no table is named, or where the script does not describe the one that is.
 */
export function hover(document: AnalysedDocument, offset: number): ({ markdown: string } & Span) | undefined {
  const found = tableAt(document, offset);
  const table = found?.reference.table;
  // What only a metadata store knows is told by its card
  if (!found || !table || table.definition === undefined) return undefined;
  const { start, end } = found;
  return { start, end, markdown: describe(table, table.foundIn ? undefined : definitionLine(document, table.name)) };
}

function describe(table: TableNode, line: number | undefined): string {
  const { connector } = table.options;
  const { foundIn } = table;
  const what = connector && table.kind === 'table' ? `${escapeMarkdown(connector, 60)} table` : table.kind;
  const found = foundIn ? ` · defined in ${escapeMarkdown(foundIn.label)}` : '';
  const place = line === undefined ? found : ` · defined in line ${line}`;
  const parts = [`**${escapeMarkdown(shortName(table.name), 120)}** · ${what}${place}`];
  if (table.comment) parts.push(escapeMarkdown(redactText(table.comment)));
  const columns = columnLines(table);
  if (columns.length > 0) parts.push(codeBlock('flinksql', columns));
  const notes: string[] = [];
  if (foundIn?.others) notes.push(`Defined differently in ${someOf(foundIn.others, 3)}; the nearest is taken`);
  if (table.primaryKey && table.primaryKey.length > 1) {
    notes.push(`Primary key ${codeSpan(table.primaryKey.join(', '))}`);
  }
  if (table.partitionKeys && table.partitionKeys.length > 0) {
    notes.push(`Partitioned by ${codeSpan(table.partitionKeys.join(', '))}`);
  }
  if (notes.length > 0) parts.push(notes.join(' · '));
  return parts.join('\n\n');
}

/** One line for each column, aligned: name, type, and as a comment what is special about it. */
function columnLines(table: TableNode): string[] {
  const shown = table.columns.slice(0, COLUMNS);
  const rows = shown.map((column) => ({
    name: shorten(column.name, 40),
    type: shorten(column.type ?? '', 60),
    remark: remarkOf(column, table),
  }));
  const nameWidth = Math.max(0, ...rows.map((row) => row.name.length));
  const typeWidth = Math.max(0, ...rows.filter((row) => row.remark).map((row) => row.type.length));
  const lines = rows.map(({ name, type, remark }) =>
    `${name.padEnd(nameWidth)}  ${remark ? `${type.padEnd(typeWidth)}  -- ${remark}` : type}`.trimEnd(),
  );
  const rest = table.columns.length - shown.length;
  return rest > 0 ? [...lines, `-- … and ${rest} more`] : lines;
}

function remarkOf(column: TableColumn, table: TableNode): string {
  const remarks: string[] = [];
  if (table.primaryKey?.length === 1 && table.primaryKey[0] === column.name) remarks.push('primary key');
  if (table.watermark?.column === column.name) remarks.push(`watermark ${delay(table.watermark)}`);
  if (column.kind === 'computed') remarks.push('computed');
  if (column.kind === 'metadata') remarks.push(column.virtual ? 'metadata, read only' : 'metadata');
  if (column.comment) remarks.push(shorten(redactText(column.comment).replace(/\s+/g, ' '), 80));
  return remarks.join(' · ');
}

/** `ts - INTERVAL '5' SECOND` as '−5 s', any other watermark as it is written. */
function delay({ column, expression }: NonNullable<TableNode['watermark']>): string {
  const [, of, amount, unit] = /^`?(\w+)`?\s*-\s*INTERVAL\s*'(\d+)'\s*(\w+)$/i.exec(expression.trim()) ?? [];
  const short = of === column && unit && units[unit.toUpperCase().replace(/S$/, '')];
  return short ? `−${amount} ${short}` : shorten(expression.replace(/\s+/g, ' '), 60);
}

const units: Record<string, string> = { SECOND: 's', MINUTE: 'min', HOUR: 'h', DAY: 'd' };

/** The 1-based line where the last statement that makes the table begins. */
function definitionLine({ text, statements, analysis }: AnalysedDocument, name: string): number | undefined {
  const placed = statements.filter((_, index) => analysis.statements[index]?.defines?.name === name).at(-1);
  return placed && text.slice(0, placed.offset).split('\n').length;
}

/** 'default_catalog.default_database.orders' → 'orders': the catalog and database that Flink starts with say nothing. */
export function shortName(name: string): string {
  return name.replace(/^`?default_catalog`?\.`?default_database`?\./, '');
}
