import type { Pivot, Unpivot } from '../language/ast';
import { bindExpression, influence } from './expressions';
import { leastRestrictive } from './least-restrictive';
import { transformed, union } from './origins';
import { merged, type QueryBinder } from './queries';
import { type Relation, type RelationColumn, Scope, type ScopeEntry } from './scope';
import { childrenOf } from './traverse';
import { UNKNOWN } from './types';

/** PIVOT: what is neither aggregated nor an axis stays; each value gives a column for each aggregate. */
export function bindPivot(
  pivot: Pivot,
  input: readonly ScopeEntry[],
  outer: Scope | undefined,
  binder: QueryBinder,
): Relation {
  const relation = merged(input);
  const scope = new Scope(input, outer);
  const used = new Set<string>();
  const note = (node: { start: number; end: number; kind?: string }): void => {
    if (node.kind === 'ColumnRef') used.add((node as Pivot['axes'][number]).parts.at(-1)!.name);
    for (const child of childrenOf(node)) note(child);
  };
  for (const item of pivot.aggregates) note(item.expr);
  const axes = pivot.axes.map((axis) => {
    note(axis);
    return influence(axis, 'group', scope, binder).from;
  });
  const aggregates = pivot.aggregates.map((item) => ({
    name: item.alias?.name,
    bound: bindExpression(item.expr, scope, binder),
  }));
  const columns: RelationColumn[] = relation.columns.filter((c) => !used.has(c.name));
  for (const entry of pivot.values) {
    const label = entry.alias?.name ?? entry.values.map((v) => binder.context.slice(v)).join('_');
    for (const { name, bound } of aggregates) {
      const from = transformed(union(bound.from, ...axes));
      columns.push({ name: name ? `${label}_${name}` : label, type: bound.type, from });
    }
  }
  return relation.open ? { columns, open: relation.open } : { columns };
}

/** UNPIVOT: the columns that are turned into rows go; the axes and measures come. */
export function bindUnpivot(unpivot: Unpivot, input: readonly ScopeEntry[]): Relation {
  const relation = merged(input);
  const turned = new Set(unpivot.values.flatMap((v) => v.columns.map((c) => c.name)));
  const columns: RelationColumn[] = relation.columns.filter((c) => !turned.has(c.name));
  for (const axis of unpivot.axes) columns.push({ name: axis.name, type: UNKNOWN, from: [] });
  unpivot.measures.forEach((measure, i) => {
    const parts = unpivot.values.flatMap((v) => relation.columns.filter((c) => c.name === v.columns[i]?.name));
    const type = leastRestrictive(parts.map((p) => p.type)) ?? UNKNOWN;
    columns.push({ name: measure.name, type, from: transformed(union(...parts.map((p) => p.from))) });
  });
  return relation.open ? { columns, open: relation.open } : { columns };
}
