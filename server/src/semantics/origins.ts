/** Where the values of a column come from. Sets are immutable arrays without duplicates. */
import type { ColumnOrigin } from './lineage';

export type Origins = readonly ColumnOrigin[];

export const NONE: Origins = [];

export function origin(table: string, column: string): Origins {
  return [{ table, column, transformed: false }];
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
  return set.some((o) => o.column === item.column && o.table === item.table && o.transformed === item.transformed);
}

/** The same sources, as sources of a value computed from them. */
export function transformed(set: Origins): Origins {
  if (set.length === 0 || set.every((o) => o.transformed)) return set;
  const result: ColumnOrigin[] = [];
  for (const item of set) {
    const changed = item.transformed ? item : { ...item, transformed: true };
    if (!has(result, changed)) result.push(changed);
  }
  return result;
}
