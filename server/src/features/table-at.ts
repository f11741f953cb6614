import type { TableReference } from '../semantics/analysis';
import type { AnalysedDocument, Span } from './analysed-document';

export interface TableAt extends Span {
  reference: TableReference;
}

/** The table named at an offset of a document, with the place of the name; the cursor may stand right behind it. */
export function tableAt({ statements, analysis }: AnalysedDocument, offset: number): TableAt | undefined {
  const index = statementAt(statements, offset);
  const placed = statements[index];
  const tables = analysis.statements[index]?.tables;
  if (!placed || !tables) return undefined;
  const within = offset - placed.offset;
  const reference = tables.find(({ start, end }) => start <= within && within <= end);
  if (!reference) return undefined;
  return { reference, start: placed.offset + reference.start, end: placed.offset + reference.end };
}

/** Index of the last statement that begins at or before an offset; -1 before the first. */
export function statementAt(statements: AnalysedDocument['statements'], offset: number): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (statements[middle]!.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
