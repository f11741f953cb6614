import type { UserError } from '../protocol';

/** What a store knows of a table, for hovers. All texts are untrusted. */
export interface TableCard {
  /** Planner name of the table that was asked for */
  table: string;
  /** Planner-independent type in words: 'Kafka topic' */
  typeLabel: string;
  typeName: string;
  name: string;
  qualifiedName: string;
  guid: string;
  description?: string;
  owner?: string;
  classifications: string[];
  /** Glossary terms */
  terms: string[];
  labels: string[];
  columns: CardColumn[];
  /** Type of its columns in the store: hive_column, rdbms_column, flink_column, avro_field; undefined when it has none */
  columnType?: string;
  /** Its columns are paths to the leaves of records in records, not the columns that a table has */
  flattened?: true;
  /** qualifiedName of the job that declares the columns, and as what; of flink_column only */
  publishedBy?: string;
  publishedAs?: string;
  /** Jobs and processes that write to it, by name */
  upstream: string[];
  /** Jobs and processes that read it, by name */
  downstream: string[];
  /** Milliseconds since 1970 */
  updateTime?: number;
  updatedBy?: string;
  status: 'active' | 'deleted';
  /** Its certificate says that it is not to be used any more */
  deprecated?: boolean;
  webUrl?: string;
}

export interface CardColumn {
  name: string;
  guid: string;
  qualifiedName: string;
  /** As the store writes it */
  type?: string;
  /** The same as a Flink type, printed; undefined where it has none */
  flinkType?: string;
  /** 'physical' or 'metadata', of flink_column only */
  kind?: string;
  description?: string;
  classifications: string[];
  deprecated?: boolean;
}

/** What a store knows of one column, for its hover. */
export interface ColumnCard {
  typeName: string;
  qualifiedName: string;
  webUrl?: string;
  column: CardColumn;
  table: TableCard;
  /** 'table.column' that its values come from, and that they go to */
  upstream: string[];
  downstream: string[];
}

/** The answer for one table: what the store knows, or where it would be looked for and was not. */
export type TableAnswer =
  | { table: string; found: true; card: TableCard; others: TableCard[] }
  /** `expected`: type in words and qualifiedName under which it would be; undefined when the connector has no place */
  | { table: string; found: false; expected?: { typeLabel: string; typeName: string; qualifiedName: string } }
  | { table: string; found: false; error: UserError };
