import type { TableNode } from '../semantics/lineage';
import type { TableCard } from './cards';

const tables = new WeakMap<TableCard, TableNode>();

/**
 * A table that no DDL describes, as a store knows it: its columns with their Flink types. Undefined when the store has no
 * columns of it. The same object for the same card. What Hive and databases say of their columns is complete; what a Flink
 * job declared of a dataset may not be. `label` is the store's name.
 */
export function tableOf(card: TableCard, label: string): TableNode | undefined {
  if (card.columns.length === 0 || card.flattened || card.status === 'deleted') return undefined;
  let table = tables.get(card);
  if (!table) {
    table = {
      name: card.table,
      kind: 'table',
      options: {},
      columns: card.columns.map(({ name, flinkType, kind, description }) => ({
        name,
        kind: kind === 'metadata' ? 'metadata' : 'physical',
        ...(flinkType ? { type: flinkType } : {}),
        ...(description ? { comment: description } : {}),
      })),
      ...(card.description ? { comment: card.description } : {}),
      foundIn: { kind: 'store', label, certain: card.columnType !== 'flink_column' },
    };
    tables.set(card, table);
  }
  return table;
}
