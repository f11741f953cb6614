import type { Expression } from '../language/ast';
import type { Problem } from '../language/problem';
import type { StatementLineage, TableNode } from './lineage';

/** A place in a statement where a table, view or common table expression is named. Offsets in the statement's text. */
export interface TableReference {
  readonly start: number;
  readonly end: number;
  /** Fully qualified name it resolves to; the alias or CTE name as written when it is none of the catalog's objects */
  readonly name: string;
  readonly role: 'source' | 'sink' | 'definition' | 'mention';
  /** What is known of it; kind 'unknown' when nothing describes it; undefined for a CTE or alias */
  readonly table?: TableNode;
}

/** A place where a column is named. */
export interface ColumnReference {
  readonly start: number;
  readonly end: number;
  readonly column: string;
  /** Fully qualified table it belongs to; undefined when it comes from a subquery's own expression or is unknown */
  readonly table?: string;
  readonly type?: string;
  readonly expression?: Expression;
}

/** What binding one statement found. Offsets in the statement's text. */
export interface StatementAnalysis {
  /** Problems of semantics, options and hints; the syntax problems stay with the parsed statement */
  readonly problems: readonly Problem[];
  readonly tables: readonly TableReference[];
  readonly columns: readonly ColumnReference[];
  /** One entry for each write (several in a statement set), or one for a query or view */
  readonly lineage: readonly StatementLineage[];
  /** The table or view that it creates or changes, as it is afterwards */
  readonly defines?: TableNode;
}

/** A script bound from top to bottom as Flink runs it. `statements` runs parallel to the script's statements. */
export interface ScriptAnalysis {
  readonly statements: readonly StatementAnalysis[];
  /** Every table and view known at the end, by fully qualified name */
  readonly tables: ReadonlyMap<string, TableNode>;
  /** SET options in effect at the end */
  readonly settings: ReadonlyMap<string, string>;
}
