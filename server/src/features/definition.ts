import type { AnalysedDocument, Span } from './analysed-document';
import { statementAt, tableAt } from './table-at';

/**
 * Where the table or view at an offset is made in the script: the name in its CREATE statement. The last one above counts,
 * as Flink runs scripts from top to bottom; the first one below where there is none above. Undefined for other tables.
 */
export function definition(document: AnalysedDocument, offset: number): (Span & { origin: Span }) | undefined {
  const found = tableAt(document, offset);
  if (!found) return undefined;
  const { statements, analysis } = document;
  const { name } = found.reference;
  const makers = statements.flatMap((_, index) => (analysis.statements[index]?.defines?.name === name ? [index] : []));
  const here = statementAt(statements, offset);
  const index = makers.filter((maker) => maker <= here).at(-1) ?? makers[0];
  const placed = index === undefined ? undefined : statements[index];
  const named = analysis.statements[index ?? -1]?.tables.find((table) => table.role === 'definition');
  if (!placed || !named) return undefined;
  const { start, end } = found;
  return { start: placed.offset + named.start, end: placed.offset + named.end, origin: { start, end } };
}
