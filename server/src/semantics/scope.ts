/** Names visible at one place of a query, resolved as Calcite's scopes do. */
import type { Identifier } from '../language/ast';
import type { Changes } from './changes';
import { type Origins, origin, transformed } from './origins';
import { type LogicalType, UNKNOWN, withNullable } from './types';

export interface RelationColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly from: Origins;
  /** Full name of the table it is a column of; undefined for what a query computes */
  readonly table?: string;
  /** The expression as written, of a column that a query computes */
  readonly expression?: string;
  /** The function that makes it another value each time it is computed */
  readonly unstable?: string;
}

/** What a table, subquery or function yields. */
export interface Relation {
  readonly columns: readonly RelationColumn[];
  /** There may be further columns: of the named table, or computed from the given ones */
  readonly open?: { readonly table?: string; readonly from?: Origins };
  /** What its rows do over time; of a relation in FROM, those of everything that is joined there */
  readonly changes?: Changes;
  /** A name that two columns have, as they were written */
  readonly twice?: string;
  /** Nothing but columns of VALUES */
  readonly ofValues?: boolean;
  /** Columns by which the planner may know its rows to be one of each */
  readonly key?: readonly string[];
  /** A table that never ends, as far as its connector tells */
  readonly endless?: boolean;
  /** Of a table: its database and catalog, outermost first, and its own name */
  readonly path?: readonly string[];
}

/** A relation in FROM under the name that qualifies its columns. */
export interface ScopeEntry {
  /** '' when it has none */
  readonly alias: string;
  /** Database and catalog of a table without alias, outermost first, ending in its own name */
  readonly path: readonly string[];
  readonly relation: Relation;
}

export type Resolution =
  | { readonly found: 'column'; readonly column: RelationColumn; readonly type: LogicalType; readonly from: Origins }
  | { readonly found: 'ambiguous'; readonly part: Identifier; readonly in: readonly string[] }
  | { readonly found: 'unknown' }
  | { readonly found: 'no column'; readonly part: Identifier; readonly entry: ScopeEntry }
  | { readonly found: 'no field'; readonly part: Identifier; readonly type: LogicalType }
  | { readonly found: 'no table'; readonly part: Identifier };

const SOMETHING: Resolution = {
  found: 'column',
  column: { name: '', type: UNKNOWN, from: [] },
  type: UNKNOWN,
  from: [],
};

const NOTHING_COMMON: ReadonlyMap<string, RelationColumn> = new Map();

export class Scope {
  /** Select-list aliases that may be used here besides columns (ORDER BY) */
  aliases?: ReadonlyMap<string, RelationColumn>;
  /** WINDOW clause of the select */
  windows?: ReadonlyMap<string, Origins>;
  /** Rows are grouped by GROUP BY, so that aggregates are of groups */
  grouped = false;
  /** The condition of a join */
  joining = false;
  /** Inside MATCH_RECOGNIZE, where functions of patterns may stand */
  matching = false;
  /** Columns that USING or NATURAL made one, by name */
  common: ReadonlyMap<string, RelationColumn> = NOTHING_COMMON;
  /** How many aggregates over a group's rows, calls with OVER and queries inside expressions were bound here so far */
  aggregates = 0;
  overs = 0;
  subqueries = 0;
  /** Fields of ROW columns may be named without their column; not so in DDL */
  peeks = true;
  /** Names that stand for values without a table: lambda parameters */
  parameters?: ReadonlySet<string>;

  constructor(
    readonly entries: readonly ScopeEntry[],
    readonly parent?: Scope,
  ) {}

  /** Anything may be a column here. */
  get open(): boolean {
    return this.entries.some((e) => e.relation.open) || (this.parent?.open ?? false);
  }

  /** Whether this or an outer scope is inside MATCH_RECOGNIZE. */
  get inMatch(): boolean {
    return this.matching || (this.parent?.inMatch ?? false);
  }

  /** Every column that may be written without a qualifier. */
  *columnNames(): Iterable<string> {
    for (const entry of this.entries) for (const column of entry.relation.columns) yield column.name;
    if (this.parent) yield* this.parent.columnNames();
  }

  *tableNames(): Iterable<string> {
    for (const entry of this.entries) if (entry.alias) yield entry.alias;
    if (this.parent) yield* this.parent.tableNames();
  }

  resolve(parts: readonly Identifier[]): Resolution {
    if (parts.length === 1) return parts[0]!.name === '' ? SOMETHING : this.unqualified(parts);
    if (parts.length === 2 && parts[0]!.name !== '' && parts[1]!.name !== '') {
      const column = this.aliased(parts[0]!.name, parts[1]!.name);
      if (column) return { found: 'column', column, type: column.type, from: column.from };
    }
    const names = parts.map((p) => p.name);
    if (names.some((n) => n === '')) return SOMETHING;
    // the longest prefix that names a table wins
    for (let length = names.length - 1; length >= 1; length--) {
      const entry = this.entry(names.slice(0, length));
      if (entry) {
        const rest = parts.slice(length);
        const twice = entry.relation.columns.filter(({ name }) => name === rest[0]!.name).length > 1;
        if (twice) return { found: 'ambiguous', part: rest[0]!, in: [] };
        const column = columnIn(entry, rest[0]!.name);
        if (column) return fields(column, rest.slice(1));
        // a table's alias may also be the name of a ROW column
        const asColumn = length === 1 ? this.unqualified(parts) : undefined;
        if (asColumn?.found === 'column') return asColumn;
        return { found: 'no column', part: rest[0]!, entry };
      }
    }
    return this.unqualified(parts);
  }

  /** The only column of that name of the relation of that alias: the usual case of a name of two parts. */
  private aliased(alias: string, name: string): RelationColumn | undefined {
    const relation = this.entries.find((entry) => entry.alias === alias)?.relation;
    let only: RelationColumn | undefined;
    for (const column of relation?.columns ?? []) {
      if (column.name !== name) continue;
      if (only) return undefined;
      only = column;
    }
    return only;
  }

  /** The relation that a qualifier names, from the innermost scope out. */
  entry(qualifier: readonly string[]): ScopeEntry | undefined {
    for (const entry of this.entries) {
      if (qualifier.length === 1 ? entry.alias === qualifier[0] : endsWith(entry.path, qualifier)) return entry;
    }
    return this.parent?.entry(qualifier);
  }

  /** The alias of each relation with a column of this name, as often as it has one. */
  private aliasesOf(name: string): string[] {
    return this.entries.flatMap(({ alias, relation }) =>
      relation.columns.filter((column) => column.name === name).map(() => alias),
    );
  }

  private unqualified(parts: readonly Identifier[]): Resolution {
    const first = parts[0]!;
    if (this.parameters?.has(first.name)) return SOMETHING;
    const alias = this.aliases?.get(first.name);
    if (alias) return fields(alias, parts.slice(1));
    const common = this.common.get(first.name);
    if (common) return fields(common, parts.slice(1));
    let hit: RelationColumn | undefined;
    let several = false;
    for (const entry of this.entries) {
      for (const column of entry.relation.columns) {
        if (column.name !== first.name) continue;
        if (hit) several = true;
        else hit = column;
      }
    }
    if (several) return { found: 'ambiguous', part: first, in: this.aliasesOf(first.name) };
    if (hit) return fields(hit, parts.slice(1));
    // the fields of ROW columns can be named without the column
    const inner = this.peeks ? this.entries.flatMap((e) => nested(e.relation, first.name)) : [];
    if (inner.length > 0) return inner.length > 1 ? SOMETHING : fields(inner[0]!, parts.slice(1));
    const open = this.entries.filter((e) => e.relation.open);
    if (open.length === 1 && !this.parent?.open) {
      // exactly one relation can have it, unless an outer one does
      const outer = this.parent?.unqualified(parts);
      if (outer?.found === 'column') return outer;
      return fields(openColumn(open[0]!, first.name), parts.slice(1));
    }
    if (open.length > 0) return SOMETHING;
    if (this.parent) return this.parent.unqualified(parts);
    return parts.length > 1 ? { found: 'no table', part: first } : { found: 'unknown' };
  }
}

function endsWith(path: readonly string[], tail: readonly string[]): boolean {
  if (tail.length > path.length) return false;
  const offset = path.length - tail.length;
  return tail.every((name, i) => path[offset + i] === name);
}

function columnIn(entry: ScopeEntry, name: string): RelationColumn | undefined {
  const column = entry.relation.columns.find((c) => c.name === name) ?? nested(entry.relation, name)[0];
  return column ?? (entry.relation.open ? openColumn(entry, name) : undefined);
}

/** Fields of this name inside ROW columns, as columns of their own: those that are least deep. */
function nested(relation: Relation, name: string): RelationColumn[] {
  let level = relation.columns.filter((c) => c.type.root === 'ROW');
  while (level.length > 0) {
    const hits: RelationColumn[] = [];
    const next: RelationColumn[] = [];
    for (const column of level) {
      for (const field of column.type.fields!) {
        const inside: RelationColumn = {
          ...column,
          name: field.name,
          type: column.type.nullable ? withNullable(field.type, true) : field.type,
          from: transformed(column.from),
        };
        if (field.name === name) hits.push(inside);
        if (field.type.root === 'ROW') next.push(inside);
      }
    }
    if (hits.length > 0) return hits;
    level = next;
  }
  return [];
}

function openColumn(entry: ScopeEntry, name: string): RelationColumn {
  const table = entry.relation.open?.table;
  return table
    ? { name, type: UNKNOWN, from: origin(table, name), table }
    : { name, type: UNKNOWN, from: entry.relation.open?.from ?? [] };
}

/** Follows the fields of a ROW. */
function fields(column: RelationColumn, rest: readonly Identifier[]): Resolution {
  if (rest.length === 0) return { found: 'column', column, type: column.type, from: column.from };
  let type = column.type;
  for (const part of rest) {
    const next = fieldType(type, part.name);
    if (!next) return { found: 'no field', part, type };
    type = next;
  }
  return { found: 'column', column, type, from: transformed(column.from) };
}

/** The type of a field of a ROW; undefined when the type has no such field. Nullable when the row is. */
export function fieldType(type: LogicalType, name: string): LogicalType | undefined {
  if (type.root !== 'ROW' && type.root !== 'STRUCTURED')
    return type.root === 'UNKNOWN' || type.root === 'RAW' || type.root === 'VARIANT' ? UNKNOWN : undefined;
  const field = type.fields!.find((f) => f.name === name);
  if (field) return type.nullable ? withNullable(field.type, true) : field.type;
  if (type.root === 'STRUCTURED') return UNKNOWN;
  // fields of inner rows can be named without the row between
  for (const inner of type.fields!) {
    const found = inner.type.root === 'ROW' ? fieldType(inner.type, name) : undefined;
    if (found) return withNullable(found, true);
  }
  return undefined;
}
