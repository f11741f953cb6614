import type { ParsedStatement } from '../language/script';
import type { ColumnReference, StatementAnalysis } from '../semantics/analysis';
import type { AnalysedDocument, Span } from './analysed-document';
import { shortName } from './hover';
import { codeBlock, codeSpan, escapeMarkdown, shorten } from './markdown';
import { statementAt } from './table-at';

/**
 * What the script says of the column at an offset: its type, the table it belongs to, its comment, and in a statement that
 * writes where the values of a sink's column come from. Undefined where no column is named, or nothing is known of it.
 */
export function columnHover(document: AnalysedDocument, offset: number): ({ markdown: string } & Span) | undefined {
  const { statements, analysis } = document;
  const index = statementAt(statements, offset);
  const placed = statements[index];
  const within = offset - (placed?.offset ?? 0);
  const bound = analysis.statements[index];
  if (!placed || !bound) return undefined;
  const reference =
    bound.columns.find(({ start, end }) => start <= within && within <= end) ??
    defined(placed.statement, bound, within);
  if (!reference) return undefined;
  const table = reference.table === undefined ? undefined : analysis.tables.get(reference.table);
  const column = table?.columns.find(({ name }) => name === reference.column);
  const type = reference.type ?? column?.type;
  if (!type && !table) return undefined;
  const parts = [codeBlock('flinksql', [`${shorten(reference.column, 80)}  ${shorten(type ?? '', 300)}`.trimEnd()])];
  if (table) parts.push(`Column of **${escapeMarkdown(shortName(table.name), 120)}**${kindOf(column)}`);
  if (column?.comment) parts.push(escapeMarkdown(column.comment));
  const from = origins(document, index, reference.table, reference.column);
  if (from) parts.push(from);
  return { start: placed.offset + reference.start, end: placed.offset + reference.end, markdown: parts.join('\n\n') };
}

/** The column whose name in a CREATE TABLE is at an offset. */
function defined(
  { root }: ParsedStatement,
  { defines }: StatementAnalysis,
  offset: number,
): ColumnReference | undefined {
  const columns = root.kind === 'CreateTable' && defines ? root.columns : [];
  const column = columns.find(({ name }) => name.start <= offset && offset <= name.end)?.name;
  return column && { start: column.start, end: column.end, column: column.name, table: defines?.name };
}

function kindOf(column: { kind: string; virtual?: boolean } | undefined): string {
  if (column?.kind === 'computed') return ', computed';
  if (column?.kind === 'metadata') return column.virtual ? ', metadata that is only read' : ', metadata';
  return '';
}

/** 'from orders.amount, changed by SUM(o.amount)', where the statement writes the column. */
function origins({ analysis }: AnalysedDocument, index: number, table: string | undefined, column: string) {
  const writes = analysis.statements[index]?.lineage.filter(({ sink }) => sink !== undefined && sink === table) ?? [];
  const lineage = writes.flatMap((write) => write.columns).find((written) => written.column === column);
  if (!lineage || lineage.from.length === 0) return undefined;
  const names = lineage.from.slice(0, 5).map((origin) => codeSpan(`${shortName(origin.table)}.${origin.column}`, 120));
  const rest = lineage.from.length - names.length;
  const through = lineage.expression ? ` through ${codeSpan(lineage.expression, 120)}` : '';
  return `Comes from ${names.join(', ')}${rest > 0 ? ` … and ${rest} more` : ''}${through}`;
}
