/** What a store knows of one column: its place in the table's card, and where its values come from and go to. */
import type { CardColumn, ColumnCard, TableCard } from './cards';
import { type EntityHeader, qualifiedNameOf } from './entity';
import type { MetadataStore } from './store';

/** The column of a card by name; without regard to case where the store keeps it so. */
export function findColumn({ columns, columnType }: TableCard, name: string): CardColumn | undefined {
  const isCaseless = columnType === 'hive_column' || columnType === 'rdbms_column';
  const wanted = name.toLowerCase();
  return columns.find((column) => column.name === name || (isCaseless && column.name.toLowerCase() === wanted));
}

/** Asks for a column's lineage, one step in both directions: one request. Throws a StoreError. */
export async function describeColumn(
  store: MetadataStore,
  table: TableCard,
  column: CardColumn,
  signal?: AbortSignal,
): Promise<ColumnCard> {
  const { guid, qualifiedName } = column;
  const graph = await store.lineage(guid, 'BOTH', 1, signal);
  const reached = (from: 'fromEntityId' | 'toEntityId', to: 'fromEntityId' | 'toEntityId') => {
    const processes = graph.relations.filter((edge) => edge[from] === guid).map((edge) => edge[to]);
    const columns = graph.relations.filter((edge) => processes.includes(edge[from])).map((edge) => edge[to]);
    const headers = [...new Set(columns)].flatMap((each) => graph.guidEntityMap[each] ?? []);
    return headers
      .filter((header) => header.guid !== guid)
      .map(columnLabel)
      .sort();
  };
  const webUrl = store.webUrl(guid);
  return {
    typeName: table.columnType ?? 'flink_column',
    qualifiedName,
    ...(webUrl ? { webUrl } : {}),
    column,
    table,
    upstream: reached('toEntityId', 'fromEntityId'),
    downstream: reached('fromEntityId', 'toEntityId'),
  };
}

/** 'kafka_topic:shop.orders.v2.amount@prod' is 'shop.orders.v2.amount' to people. */
function columnLabel(header: EntityHeader): string {
  return (
    qualifiedNameOf(header)
      .replace(/^[a-z0-9_]+:(?!\/\/)/, '')
      .replace(/@[^@]*$/, '') ||
    (header.displayText ?? '')
  );
}
