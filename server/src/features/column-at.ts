import type { ParsedStatement } from '../language/script';
import type { ColumnReference, StatementAnalysis } from '../semantics/analysis';
import type { TableColumn, TableNode } from '../semantics/lineage';
import type { AnalysedDocument, Span } from './analysed-document';
import { statementAt } from './table-at';

export interface ColumnAt extends Span {
  /** Index of the statement in the document */
  index: number;
  reference: ColumnReference;
  /** The table it belongs to and its column there, as far as the script knows them */
  table?: TableNode;
  column?: TableColumn;
}

/** The column named at an offset of a document, also where a CREATE TABLE defines it; the cursor may stand right behind it. */
export function columnAt({ statements, analysis }: AnalysedDocument, offset: number): ColumnAt | undefined {
  const index = statementAt(statements, offset);
  const placed = statements[index];
  const within = offset - (placed?.offset ?? 0);
  const bound = analysis.statements[index];
  if (!placed || !bound) return undefined;
  const reference =
    bound.columns.find(({ start, end }) => start <= within && within <= end) ??
    defined(placed.statement, bound, within);
  if (!reference) return undefined;
  const name = reference.table;
  const table =
    name === undefined
      ? undefined
      : (analysis.tables.get(name) ?? bound.tables.find((one) => one.name === name && one.table)?.table);
  const column = table?.columns.find((one) => one.name === reference.column);
  return {
    index,
    reference,
    ...(table ? { table } : {}),
    ...(column ? { column } : {}),
    start: placed.offset + reference.start,
    end: placed.offset + reference.end,
  };
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
