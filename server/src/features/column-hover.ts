import { redactSql, redactText } from '../atlas/redact';
import type { AnalysedDocument, Span } from './analysed-document';
import { columnAt } from './column-at';
import { shortName } from './hover';
import { codeBlock, codeSpan, escapeMarkdown, shorten } from './markdown';

/**
 * What the script says of the column at an offset: its type, the table it belongs to, its comment, and in a statement that
 * writes where the values of a sink's column come from. Undefined where no column is named, or nothing is known of it.
 */
export function columnHover(document: AnalysedDocument, offset: number): ({ markdown: string } & Span) | undefined {
  const found = columnAt(document, offset);
  if (!found) return undefined;
  const { index, reference, table, column, start, end } = found;
  const type = reference.type ?? column?.type;
  if (!type && !column) return undefined;
  const parts = [codeBlock('flinksql', [`${shorten(reference.column, 80)}  ${shorten(type ?? '', 300)}`.trimEnd()])];
  if (table) parts.push(`Column of **${escapeMarkdown(shortName(table.name), 120)}**${kindOf(column)}`);
  if (column?.comment) parts.push(escapeMarkdown(redactText(column.comment)));
  const from = origins(document, index, reference.table, reference.column);
  if (from) parts.push(from);
  return { start, end, markdown: parts.join('\n\n') };
}

function kindOf(column: { kind: string; virtual?: boolean } | undefined): string {
  if (column?.kind === 'computed') return ', computed';
  if (column?.kind === 'metadata') return column.virtual ? ', metadata that is only read' : ', metadata';
  return '';
}

/** '`orders.amount` → SUM(o.amount) → daily_revenue.total', where the statement writes the column. */
function origins({ analysis }: AnalysedDocument, index: number, table: string | undefined, column: string) {
  const writes = analysis.statements[index]?.lineage.filter(({ sink }) => sink !== undefined && sink === table) ?? [];
  const lineage = writes.flatMap((write) => write.columns).find((written) => written.column === column);
  if (!lineage || table === undefined || lineage.from.length === 0) return undefined;
  const names = [...new Set(lineage.from.map((origin) => `${shortName(origin.table)}.${origin.column}`))];
  const shown = names.slice(0, 5).map((name) => codeSpan(name, 120));
  const rest = names.length - shown.length;
  const through = lineage.expression ? ` → ${codeSpan(redactSql(lineage.expression), 120)}` : '';
  const sink = codeSpan(`${shortName(table)}.${column}`, 120);
  return `${shown.join(', ')}${rest > 0 ? ` … and ${rest} more` : ''}${through} → ${sink}`;
}
