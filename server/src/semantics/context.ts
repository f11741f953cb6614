import type { Identifier, Name, NodeBase } from '../language/ast';
import type { Problem } from '../language/problem';
import { mayBeNondeterministic } from '../rules/nondeterministic-key';
import { unknownTable } from '../rules/unknown-table';
import type { ColumnReference, TableReference } from './analysis';
import {
  type CatalogObject,
  type CatalogState,
  type CatalogView,
  DROPPED,
  type Effect,
  type Entry,
  fullName,
  keyParts,
  keys,
  type TableObject,
} from './catalog';
import type { Environment } from './environment';
import type { StatementLineage, TableNode } from './lineage';
import { NONE, origin } from './origins';
import { parseType } from './type-text';

/** A table's place in the catalogs. */
export interface Path {
  readonly catalog: string;
  readonly database: string;
  readonly name: string;
}

/** Everything that binding one statement needs and gathers. */
export class Context {
  readonly problems: Problem[] = [];
  readonly tables: TableReference[] = [];
  readonly columns: ColumnReference[] = [];
  readonly lineage: StatementLineage[] = [];
  readonly effects: Effect[] = [];
  /** Unknown tables whose severity depends on whether any table of the script resolves */
  readonly unresolved: Problem[] = [];
  defines: TableNode | undefined;
  /** The statement defines a view, which Flink checks but does not plan yet */
  definesView = false;
  /** Findings of planning a view */
  readonly planned: Problem[] = [];
  /** A column may be another value each time it is computed: worth a thorough look */
  mayBeUnstable: boolean;

  constructor(
    readonly text: string,
    readonly view: CatalogView,
    readonly state: CatalogState,
    readonly environment: Environment,
    /** The statement has syntax problems: what is missing may be there once they are mended */
    readonly broken: boolean,
  ) {
    this.mayBeUnstable = mayBeNondeterministic(text);
  }

  report(problem: Problem): void {
    // one mistake, one finding: the same place is not told the same twice (a CTE bound for each use)
    if (this.problems.some((p) => p.start === problem.start && p.end === problem.end && p.code === problem.code))
      return;
    this.problems.push(problem);
  }

  /** Reports what Flink finds when it plans a statement: of a view, when a statement uses it. */
  reportPlanned(problem: Problem): void {
    if (this.definesView) this.planned.push(problem);
    else this.report(problem);
  }

  change(key: string, value: Entry): void {
    this.effects.push({ key, value });
  }

  slice(node: NodeBase): string {
    return this.text.slice(node.start, node.end);
  }

  get currentCatalog(): string {
    return this.view.get(keys.currentCatalog) as string;
  }

  get currentDatabase(): string {
    return this.view.get(keys.currentDatabase) as string;
  }

  setting(key: string): string | undefined {
    const value = this.view.get(keys.setting(key));
    return typeof value === 'string' ? value : undefined;
  }

  /** undefined when no such catalog is known */
  catalog(name: string): CatalogObject | undefined {
    const entry = this.view.get(keys.catalog(name));
    return entry && entry !== DROPPED ? (entry as CatalogObject) : undefined;
  }

  /** A function of the script that hides the built-in one of its name. */
  systemFunction(name: string): Entry {
    return this.view.get(keys.systemFunctions) ? this.view.get(keys.systemFunction(name)) : undefined;
  }

  /** Nothing but this script can define something there. */
  isClosed(catalog: string): boolean {
    return this.catalog(catalog)?.inMemory ?? false;
  }

  hasDatabase(catalog: string, name: string): boolean {
    return this.view.get(keys.database(catalog, name)) === true;
  }

  /** Where an object of this name lives; undefined for names of no part or more than three. */
  path(parts: readonly Identifier[]): Path | undefined {
    const names = parts.map((p) => p.name);
    if (names.some((n) => n === '')) return undefined;
    if (names.length === 1) return { catalog: this.currentCatalog, database: this.currentDatabase, name: names[0]! };
    if (names.length === 2) return { catalog: this.currentCatalog, database: names[0]!, name: names[1]! };
    if (names.length === 3) return { catalog: names[0]!, database: names[1]!, name: names[2]! };
    return undefined;
  }

  /** The table at a place: the temporary one first, as Flink does; undefined when nothing is known of it. */
  table(path: Path): TableObject | undefined {
    const temporary = this.view.get(keys.temporaryTable(path.catalog, path.database, path.name));
    if (temporary && temporary !== DROPPED) return temporary as TableObject;
    const permanent = this.view.get(keys.table(path.catalog, path.database, path.name));
    if (!permanent || permanent === DROPPED) return undefined;
    const table = permanent as TableObject;
    // a catalog that lives on may have changed the table since its DDL was written
    return table.node.foundIn && !this.isClosed(path.catalog) ? opened(table) : table;
  }

  /** What the script itself put under a key: not what other files or stores know. */
  own(key: string): Entry {
    return this.view.own(key);
  }

  /** Names of tables that would resolve from here, as short as they may be written. */
  *tableNames(): Iterable<string> {
    for (const kind of ['table', 'temporary']) {
      for (const [key, value] of this.state.of(kind)) {
        if (value === DROPPED) continue;
        const [, catalog, database, name] = keyParts(key);
        if (catalog === this.currentCatalog && database === this.currentDatabase) yield name!;
        else if (catalog === this.currentCatalog) yield `${database}.${name}`;
        else yield `${catalog}.${database}.${name}`;
      }
    }
  }

  /**
   * Resolves a table by name and notes the reference. Never undefined: what nothing describes is an open table of kind
   * 'unknown'. `extra` are further names in scope (common table expressions) for suggestions.
   */
  resolveTable(name: Name, role: TableReference['role'], extra: Iterable<string> = []): TableObject {
    const path = this.path(name.parts);
    const found = path && this.table(path);
    const full = path ? fullName(path.catalog, path.database, path.name) : name.parts.map((p) => p.name).join('.');
    const object = found ?? unknownObjectTable(full);
    this.tables.push({ start: name.start, end: name.end, name: full, role, table: object.node });
    if (!found && path) this.reportUnknownTable(name, path, extra);
    return object;
  }

  private reportUnknownTable(name: Name, path: Path, extra: Iterable<string>): void {
    const writtenName = name.parts.map((p) => p.name).join('.');
    const known = this.catalog(path.catalog);
    // a catalog that this script does not create may be there on the cluster, with any table
    if (known ? !known.inMemory : !this.environment.strict) return;
    const candidates = [...this.tableNames(), ...extra];
    const problem = unknownTable(name, writtenName, candidates);
    this.report(problem);
    this.unresolved.push(problem);
  }
}

/** A table of which only the name is known. */
export function unknownObjectTable(name: string): TableObject {
  const node: TableNode = { name, kind: 'unknown', options: {}, columns: [] };
  return { node, columns: [], open: true, temporary: false, sources: [{ table: name, role: 'scan' }], indirect: [] };
}

const openTables = new WeakMap<TableObject, TableObject>();

/** The same table, which may have further columns. */
function opened(table: TableObject): TableObject {
  if (table.open) return table;
  let open = openTables.get(table);
  if (!open) {
    open = { ...table, open: true };
    openTables.set(table, open);
  }
  return open;
}

/** What the environment knows of a table, as the binder sees it; types are read where they can be. */
export function externalTable(node: TableNode): TableObject {
  return {
    node,
    columns: node.columns.map((c) => ({
      name: c.name,
      type: parseType(c.type),
      kind: c.kind,
      ...(c.virtual === undefined ? {} : { virtual: c.virtual }),
      from: c.kind === 'computed' ? NONE : origin(node.name, c.name),
    })),
    open: node.columns.length === 0 || node.kind === 'unknown',
    temporary: false,
    sources: [{ table: node.name, role: 'scan' }],
    indirect: [],
    ...(node.foundIn?.certain === false ? { contested: true } : {}),
  };
}
