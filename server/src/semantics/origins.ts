/** Where the values of a column come from. Sets are immutable arrays without duplicates. */
import type { ColumnOrigin } from './lineage';

export type Origins = readonly ColumnOrigin[];

export const NONE: Origins = [];

/** An origin that knows itself as one of a computed value, so that this is made once. */
class Origin implements ColumnOrigin {
  #computed: Origins | undefined;

  constructor(
    readonly table: string,
    readonly column: string,
    readonly transformed: boolean,
  ) {}

  get computed(): Origins {
    if (this.transformed) return [this];
    this.#computed ??= [new Origin(this.table, this.column, true)];
    return this.#computed;
  }
}

export function origin(table: string, column: string): Origins {
  return [new Origin(table, column, false)];
}

/** The union; a column that comes both as it is and transformed is there twice, as it is two ways that values take. */
export function union(...sets: readonly Origins[]): Origins {
  if (sets.length === 2) {
    if (sets[0]!.length === 0) return sets[1]!;
    if (sets[1]!.length === 0) return sets[0]!;
  }
  let result: ColumnOrigin[] | undefined;
  let single: Origins = NONE;
  for (const set of sets) {
    if (set.length === 0 || set === single) continue;
    if (!result && single.length === 0) {
      single = set;
      continue;
    }
    result ??= [...single];
    for (const item of set) if (!has(result, item)) result.push(item);
  }
  return result ?? single;
}

function has(set: Origins, item: ColumnOrigin): boolean {
  for (const o of set) {
    if (o === item) return true;
    if (o.column === item.column && o.table === item.table && o.transformed === item.transformed) return true;
  }
  return false;
}

/** The one origin of a value computed from another one. */
function computed(item: ColumnOrigin): Origins {
  if (item instanceof Origin) return item.computed;
  return [item.transformed ? item : new Origin(item.table, item.column, true)];
}

/** The same sources, as sources of a value computed from them. */
export function transformed(set: Origins): Origins {
  if (set.length === 1) return set[0]!.transformed ? set : computed(set[0]!);
  let plain = false;
  for (const item of set) plain ||= !item.transformed;
  if (!plain) return set;
  const result: ColumnOrigin[] = [];
  for (const item of set) {
    const changed = item.transformed ? item : computed(item)[0]!;
    if (!has(result, changed)) result.push(changed);
  }
  return result;
}
