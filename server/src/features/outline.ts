import type { Statement, TableRef } from '../language/ast';
import type { PlacedStatement } from '../language/script';
import type { Span } from './analysed-document';

export type SymbolKind =
  | 'table'
  | 'view'
  | 'write'
  | 'query'
  | 'catalog'
  | 'database'
  | 'function'
  | 'model'
  | 'set'
  | 'column';

export interface OutlineItem extends Span {
  name: string;
  detail: string;
  kind: SymbolKind;
  /** The part that is selected when the item is chosen: the name */
  selection: Span;
  children: OutlineItem[];
}

/** The outline of a script: what it defines, with columns, and what it writes. SET, USE and the like are left out. */
export function outline(statements: readonly PlacedStatement[]): OutlineItem[] {
  return statements.flatMap(({ statement, offset }) => itemsOf(statement.root, offset));
}

function itemsOf(root: Statement, base: number): OutlineItem[] {
  const item = (
    kind: SymbolKind,
    named: { start: number; end: number } | undefined,
    name: string,
    detail: string,
    children: OutlineItem[] = [],
  ): OutlineItem[] => [
    {
      kind,
      name: name || '(no name yet)',
      detail,
      start: base + root.start,
      end: base + root.end,
      selection: within(root, named, base),
      children,
    },
  ];
  switch (root.kind) {
    case 'CreateTable': {
      const connector = root.options.find((option) => option.key.value === 'connector')?.value.value;
      const columns = root.columns.map((column) => ({
        kind: 'column' as const,
        name: column.name.name || '(no name yet)',
        detail:
          column.column.type === 'physical' || column.column.type === 'metadata' ? column.column.dataType.name : '',
        start: base + column.start,
        end: base + column.end,
        selection: within(column, column.name, base),
        children: [],
      }));
      return item('table', root.name, nameOf(root.name.parts), connector ?? 'table', columns);
    }
    case 'CreateMaterializedTable':
      return item('table', root.name, nameOf(root.name.parts), 'materialized table');
    case 'CreateView':
      return item('view', root.name, nameOf(root.name.parts), 'view');
    case 'CreateCatalog':
      return item('catalog', root.name, root.name.name, 'catalog');
    case 'CreateDatabase':
      return item('database', root.name, nameOf(root.name.parts), 'database');
    case 'CreateFunction':
      return item('function', root.name, nameOf(root.name.parts), 'function');
    case 'CreateModel':
      return item('model', root.name, nameOf(root.name.parts), 'model');
    case 'Insert':
      return item(
        'write',
        root.table,
        tableName(root.table),
        root.mode === 'INTO' ? 'insert into' : 'insert overwrite',
      );
    case 'Update':
      return item('write', root.table, tableName(root.table), 'update');
    case 'Delete':
      return item('write', root.table, tableName(root.table), 'delete from');
    case 'QueryStatement':
      return item('query', undefined, 'SELECT', 'query');
    case 'StatementSet': {
      const children = root.statements.flatMap((inner) => itemsOf(inner, base));
      return item('set', undefined, 'STATEMENT SET', `${children.length} writes`, children);
    }
    case 'Wrapping':
      return itemsOf(root.statement, base);
    default:
      return [];
  }
}

function nameOf(parts: readonly { name: string }[]): string {
  return parts.map((part) => part.name).join('.');
}

function tableName(table: TableRef): string {
  return nameOf(table.name.parts);
}

/** The selection must lie inside its item, also where the tree is of a half-typed text. */
function within(node: Span, named: Span | undefined, base: number): Span {
  const start = Math.min(Math.max(named?.start ?? node.start, node.start), node.end);
  const end = Math.min(Math.max(named?.end ?? start, start), node.end);
  return { start: base + start, end: base + end };
}
