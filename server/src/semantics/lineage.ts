/**
 * The lineage of a script: one graph, computed by the binder while it resolves names. Everything that shows or sends
 * lineage (hover, code lens, panel, command line, Atlas) is a view of these values.
 */

/** A table, view or topic as the script knows it. */
export interface TableNode {
  /** Fully qualified as the planner prints it: catalog.database.object */
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialized table' | 'unknown';
  /** WITH options in effect (after LIKE), keys lower-cased as written. Empty when unknown. */
  readonly options: Readonly<Record<string, string>>;
  readonly columns: readonly TableColumn[];
  readonly comment?: string;
  readonly primaryKey?: readonly string[];
  readonly partitionKeys?: readonly string[];
  /** WATERMARK FOR column AS expression, as written */
  readonly watermark?: { readonly column: string; readonly expression: string };
  /** The DDL that made it, as written; undefined for tables that no DDL describes */
  readonly definition?: string;
  /** Where it was found, when no statement of the script makes it */
  readonly foundIn?: FoundIn;
}

/** Where a table was found beyond the script. */
export interface FoundIn {
  /** 'file': DDL of another file; 'store': a metadata store */
  readonly kind: 'file' | 'store';
  /** For people: the file's path in the workspace, the store's name */
  readonly label: string;
  /** The file's URI */
  readonly uri?: string;
  /** Labels of other places that describe a table of this name otherwise */
  readonly others?: readonly string[];
  /** false: what Flink will find may differ, so the columns are no ground for findings */
  readonly certain: boolean;
  /** The tables that a view reads, as its own file defines them */
  readonly reads?: readonly TableNode[];
}

export interface TableColumn {
  readonly name: string;
  /** Flink's serialisable form, 'DECIMAL(10, 2) NOT NULL'; undefined when it cannot be known */
  readonly type?: string;
  readonly kind: 'physical' | 'computed' | 'metadata';
  /** Metadata column that is only read */
  readonly virtual?: boolean;
  readonly comment?: string;
}

export interface ColumnOrigin {
  /** TableNode.name of the source table */
  readonly table: string;
  readonly column: string;
  /** false when the value is passed on as it is */
  readonly transformed: boolean;
}

export interface ColumnLineage {
  /** The sink's column */
  readonly column: string;
  readonly from: readonly ColumnOrigin[];
  /** The expression as written when it is not a plain column: 'SUM(o.amount)' */
  readonly expression?: string;
}

export type IndirectKind = 'filter' | 'join' | 'group' | 'order' | 'window' | 'condition';

export interface IndirectOrigin {
  readonly table: string;
  readonly column: string;
  readonly kind: IndirectKind;
}

/** A physical table that is read, and how. */
export interface LineageSource {
  readonly table: string;
  readonly role: 'scan' | 'lookup' | 'temporal';
  /** What an OPTIONS hint says of it here; it may then be elsewhere than its DDL says */
  readonly options?: Readonly<Record<string, string>>;
}

/** What one INSERT, CTAS, materialized table, UPDATE, view or query does with columns. */
export interface StatementLineage {
  /** undefined for a query whose result goes nowhere */
  readonly sink?: string;
  /** Range of the writing statement inside its statement's text (an INSERT inside a statement set has its own). */
  readonly start: number;
  readonly end: number;
  readonly columns: readonly ColumnLineage[];
  readonly indirect: readonly IndirectOrigin[];
  /** Names of all physical tables read (views expanded), in order of appearance, with how they are read */
  readonly sources: readonly LineageSource[];
  /** What an OPTIONS hint says of the sink */
  readonly sinkOptions?: Readonly<Record<string, string>>;
  /** true when some source or expression could not be resolved, so that columns may be missing */
  readonly partial: boolean;
}
