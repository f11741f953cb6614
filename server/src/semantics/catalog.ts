/**
 * What a script has defined up to a statement. Objects are immutable; binding a statement changes nothing but yields
 * effects, which are applied from top to bottom. Names are compared as Flink does: tables, columns, databases and
 * catalogs by case, functions without.
 */
import type { Problem } from '../language/problem';
import type { Changes } from './changes';
import type { IndirectOrigin, LineageSource, TableNode } from './lineage';
import type { Origins } from './origins';
import type { LogicalType } from './types';

/** A column as the binder sees it. `from` is where its values come from: itself for a physical column of a table. */
export interface BoundColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly kind: 'physical' | 'computed' | 'metadata';
  readonly virtual?: boolean;
  readonly from: Origins;
  /** Of a view: the function that makes it another value each time it is computed */
  readonly unstable?: string;
}

/** A table or view as the binder sees it. */
export interface TableObject {
  readonly node: TableNode;
  readonly columns: readonly BoundColumn[];
  /** true when there may be columns that are not in `columns`: nothing describes the table, or its DDL is broken */
  readonly open: boolean;
  readonly temporary: boolean;
  /** Its DDL has errors, so that Flink would not have created it: a later DDL of its name is not the second one */
  readonly failed?: boolean;
  /** Another DDL of its name was refused: which of the two is meant is not known, so its columns are no ground for findings */
  readonly contested?: boolean;
  /** What a view reads, views expanded; the table itself otherwise */
  readonly sources: readonly LineageSource[];
  /** What else decides about a view's rows */
  readonly indirect: readonly IndirectOrigin[];
  /** What a view's rows do over time */
  readonly changes?: Changes;
  /** Columns by which a view's rows are known to be one of each */
  readonly key?: readonly string[];
  /** What Flink finds wrong with a view once a statement uses it */
  readonly planned?: readonly Problem[];
}

export interface FunctionObject {
  readonly name: string;
  readonly className: string;
  /** Found in a temporary namespace of its own */
  readonly temporary: boolean;
  readonly system: boolean;
}

export interface ModelObject {
  readonly name: string;
  readonly input: readonly BoundColumn[];
  readonly output: readonly BoundColumn[];
}

export interface CatalogObject {
  readonly name: string;
  /** Flink keeps it in memory, so nothing but this script can define tables in it */
  readonly inMemory: boolean;
  readonly defaultDatabase: string;
  /** Its statement has errors, so that Flink would not have created it */
  readonly failed?: boolean;
}

/** Marks a key as removed: what the environment may know under it does not exist any more. */
export const DROPPED = Symbol('dropped');

export type Entry =
  | TableObject
  | FunctionObject
  | ModelObject
  | CatalogObject
  | string
  | boolean
  | typeof DROPPED
  | undefined;

/** One change that a statement makes; undefined removes. */
export interface Effect {
  readonly key: string;
  readonly value: Entry;
}

/** Joins the parts of a key; cannot stand in a name that a user would write. */
const SEPARATOR = '\u0001';

const TABLE = `table${SEPARATOR}`;
const TEMPORARY = `temporary${SEPARATOR}`;
const MODEL = `model${SEPARATOR}`;
const FUNCTION = `function${SEPARATOR}`;
const CATALOG = `catalog${SEPARATOR}`;
const DATABASE = `database${SEPARATOR}`;
const SETTING = `set${SEPARATOR}`;

export const keys = {
  table: (catalog: string, database: string, name: string) => TABLE + catalog + SEPARATOR + database + SEPARATOR + name,
  temporaryTable: (catalog: string, database: string, name: string) =>
    TEMPORARY + catalog + SEPARATOR + database + SEPARATOR + name,
  model: (catalog: string, database: string, name: string) => MODEL + catalog + SEPARATOR + database + SEPARATOR + name,
  function: (catalog: string, database: string, name: string) =>
    FUNCTION + catalog + SEPARATOR + database + SEPARATOR + name.toLowerCase(),
  systemFunction: (name: string) => FUNCTION + name.toLowerCase(),
  catalog: (name: string) => CATALOG + name,
  database: (catalog: string, name: string) => DATABASE + catalog + SEPARATOR + name,
  setting: (key: string) => SETTING + key,
  /** Functions of one part were created: before that nothing can hide a built-in one */
  systemFunctions: 'system functions',
  /** Modules were loaded that may bring functions of their own */
  modules: 'modules',
  currentCatalog: 'current catalog',
  currentDatabase: 'current database',
} as const;

/** The parts of a key: its kind and its names. */
export function keyParts(key: string): string[] {
  return key.split(SEPARATOR);
}

export const DEFAULT_CATALOG = 'default_catalog';
export const DEFAULT_DATABASE = 'default_database';

/** Full name as the planner prints it. */
export function fullName(catalog: string, database: string, name: string): string {
  return `${catalog}.${database}.${name}`;
}

/** Every name known at one point of a script. */
export class CatalogState {
  private readonly entries = new Map<string, Entry>();

  /** `catalog`: the one a cluster starts in when it is not Flink's own; nothing is known of what it holds. */
  constructor(catalog?: string, database = 'default') {
    const start: CatalogObject = { name: DEFAULT_CATALOG, inMemory: true, defaultDatabase: DEFAULT_DATABASE };
    this.entries.set(keys.catalog(DEFAULT_CATALOG), start);
    this.entries.set(keys.database(DEFAULT_CATALOG, DEFAULT_DATABASE), true);
    this.entries.set(keys.currentCatalog, DEFAULT_CATALOG);
    this.entries.set(keys.currentDatabase, DEFAULT_DATABASE);
    if (catalog && catalog !== DEFAULT_CATALOG) {
      this.entries.set(keys.catalog(catalog), { name: catalog, inMemory: false, defaultDatabase: database });
      this.entries.set(keys.currentCatalog, catalog);
      this.entries.set(keys.currentDatabase, database);
    }
  }

  get(key: string): Entry {
    return this.entries.get(key);
  }

  apply(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.value === undefined) this.entries.delete(effect.key);
      else this.entries.set(effect.key, effect.value);
    }
  }

  /** All entries whose key begins with `kind`. */
  *of(kind: string): Iterable<[string, Entry]> {
    const prefix = kind + SEPARATOR;
    for (const entry of this.entries) if (entry[0].startsWith(prefix)) yield entry;
  }
}

/** What a statement was told while it was bound: as long as each look-up would give the same again, what was bound holds. */
export interface Dependencies {
  /** By key, what the script had or else the environment */
  readonly any: Map<string, Entry>;
  /** By key, what the script itself had */
  readonly own: Map<string, Entry>;
}

/** What a statement reads of the state while it is bound, remembered. */
export class CatalogView {
  readonly dependencies: Dependencies = { any: new Map(), own: new Map() };

  constructor(
    private readonly state: CatalogState,
    /** What the environment knows beyond the script: other files, metadata stores. */
    private readonly external: (key: string) => Entry,
  ) {}

  get(key: string): Entry {
    const { any } = this.dependencies;
    const known = any.get(key);
    if (known !== undefined || any.has(key)) return known;
    const value = this.state.get(key) ?? this.external(key);
    any.set(key, value);
    return value;
  }

  /** What the script itself put under a key. */
  own(key: string): Entry {
    const value = this.state.get(key);
    this.dependencies.own.set(key, value);
    return value;
  }

  /** Whether every look-up of `dependencies` gives the same in the given state. */
  static holds({ any, own }: Dependencies, state: CatalogState, external: (key: string) => Entry): boolean {
    for (const [key, value] of any) if ((state.get(key) ?? external(key)) !== value) return false;
    for (const [key, value] of own) if (state.get(key) !== value) return false;
    return true;
  }
}
