import type { Property } from '../language/ast';
import type { TableNode } from '../semantics/lineage';
import type { AnalysedDocument, Span } from './analysed-document';
import { innermost, nodesAt } from './nodes-at';

/** Options of a table whose values say which data it stands for. */
const dataOptions =
  /^(topic|topics|topic-pattern|path|table-path|table-name|table\.identifier|database-name|schema-name|database|collection|index|stream|stream\.arn|delivery-stream|url|uri)$/;

export interface DatasetAt extends Span {
  table: TableNode;
  /** The part of the value at the offset: one topic of a list */
  name: string;
}

/** The table whose data the value of an option at an offset names: a topic, a path, a database table, an index. */
export function datasetAt(document: AnalysedDocument, offset: number): DatasetAt | undefined {
  const at = nodesAt(document, offset);
  const property = at && innermost<Property & { kind: 'Property' }>(at.path, 'Property');
  const table = at && document.analysis.statements[at.index]?.defines;
  if (!property || !table || at.path.at(-1) !== property.value || !dataOptions.test(property.key.value))
    return undefined;
  const { start, end } = property.value;
  const text = at.statement.text.slice(start, end);
  const within = offset - at.base - start;
  const from = Math.max(text.lastIndexOf(';', within - 1), 0) + 1;
  const to = text.indexOf(';', within);
  const name = text.slice(from, to < 0 ? text.length - 1 : to).trim();
  return { table, name, start: at.base + start, end: at.base + end };
}
