/** Where the columns of a table's DDL differ from those that a metadata store knows of the same data. Pure. */
import type { TableColumn, TableNode } from '../semantics/lineage';
import type { CardColumn, TableCard } from './cards';
import { compareTypes } from './columnTypes';

export interface ColumnDrift {
  /** 'missing' in the script, 'extra' in the script, or 'retyped' between the two */
  kind: 'missing' | 'extra' | 'retyped';
  name: string;
  /** Flink type in the script */
  here?: string;
  /** Flink type in the store; undefined where the store's type has none */
  there?: string;
}

/**
 * How the columns differ, missing ones first. Computed and metadata columns are the script's own and not in the data.
 * Types differ only where values would change or be lost: a wider type, or a text of another length, is no difference.
 */
export function schemaDrift(table: TableNode, card: TableCard): ColumnDrift[] {
  if (table.columns.length === 0 || card.columns.length === 0) return [];
  // Hive and most databases do not distinguish upper and lower case
  const isCaseless = card.columnType === 'hive_column' || card.columnType === 'rdbms_column';
  const key = (name: string) => (isCaseless ? name.toLowerCase() : name);
  const here = new Map(table.columns.map((column) => [key(column.name), column]));
  const there = new Map(card.columns.map((column) => [key(column.name), column]));
  const missing = card.columns.filter((column) => column.kind !== 'metadata' && !here.has(key(column.name)));
  const physical = table.columns.filter((column) => column.kind === 'physical');
  return [
    ...missing.map(({ name, flinkType }) => ({ kind: 'missing' as const, name, ...typed('there', flinkType) })),
    ...physical.flatMap((column): ColumnDrift[] => {
      const other = there.get(key(column.name));
      if (!other) return [{ kind: 'extra', name: column.name, ...typed('here', column.type) }];
      if (!isRetyped(column, other, card)) return [];
      return [
        { kind: 'retyped', name: column.name, ...typed('here', column.type), ...typed('there', other.flinkType) },
      ];
    }),
  ];
}

function typed<K extends 'here' | 'there'>(side: K, type: string | undefined): { [key in K]?: string } {
  return (type ? { [side]: type } : {}) as { [key in K]?: string };
}

function isRetyped({ type }: TableColumn, other: CardColumn, { columnType }: TableCard): boolean {
  if (compareTypes(type, other.flinkType) !== 'other') return false;
  if (columnType !== 'rdbms_column') return true;
  // Drivers read these pairs either way, depending on their settings
  const pair = [type, other.flinkType].map((each) => each?.replace(/[ (].*/, ''));
  const isOneOf = (...roots: string[]) => pair.every((root) => roots.includes(root ?? ''));
  return !isOneOf('TIMESTAMP', 'TIMESTAMP_LTZ') && !isOneOf('BOOLEAN', 'TINYINT', 'SMALLINT', 'INT');
}

/**
 * Whether the store's columns say how the data is: those of a database, of Hive's metastore and of an Avro schema do, and
 * what another job declares of the data that it writes. Flattened columns, and what this job published itself, or others that only read, does not.
 */
export function isAuthoritative(card: TableCard, isOwnJob: (qualifiedName: string) => boolean): boolean {
  if (card.status === 'deleted' || card.flattened) return false;
  if (card.columnType !== 'flink_column') return card.columnType !== undefined;
  return card.publishedAs === 'sink' && card.publishedBy !== undefined && !isOwnJob(card.publishedBy);
}
