/** What a select gives over time: grouped rows change as further ones come, unless time says when a group is complete. */
import type { Call, Expression, GroupItem, NodeBase, Select } from '../language/ast';
import { changingInput } from '../rules/changing-input';
import type { Changes } from './changes';
import { isAggregateCall } from './group-check';
import type { QueryBinder } from './queries';
import type { RelationColumn, Scope } from './scope';
import { callName, some } from './traverse';
import type { LogicalType } from './types';

const QUERY_KINDS = new Set(['Query', 'Subquery', 'Exists', 'CollectionQuery']);
const isQuery = (node: NodeBase & { kind: string }): boolean => QUERY_KINDS.has(node.kind);

/** `columns` are those that the select gives. */
export function selectChanges(
  select: Select,
  scope: Scope,
  columns: readonly RelationColumn[],
  binder: QueryBinder,
): Changes {
  let changes: Changes = select.from ? scope.entries[0]?.relation.changes : 'append';
  if (binder.batch) return changes;
  // a condition with a query is a join of its own, by whatever it compares
  const nested = (e: Expression | undefined): boolean => e !== undefined && some(e, isQuery);
  const weaken = (): void => {
    changes = changes === 'change' ? 'change' : undefined;
  };
  if (nested(select.where) || nested(select.having) || select.items.some((i) => nested(i.expr))) weaken();
  // the first rows of each group: which rows these are may change, or not, by what they are ordered
  if (select.where && some(select.where, (node) => markOf(node, scope) === 'rank')) weaken();
  if (select.qualify) weaken();
  checkOver(select, scope, changes, binder);
  const grouped = select.groupBy !== undefined || select.having !== undefined;
  if (grouped || select.items.some((i) => some(i.expr, (node) => isAggregateCall(node, binder.context), isQuery))) {
    changes = groupChanges(select.groupBy?.items ?? [], scope, changes, binder);
  }
  if (select.quantifier === 'DISTINCT') {
    changes = distinctChanges(columns, scope, changes);
  }
  return changes;
}

function markOf(node: NodeBase & { kind: string }, scope: Scope): LogicalType['mark'] {
  if (node.kind !== 'ColumnRef') return undefined;
  const found = scope.resolve((node as Expression & { kind: 'ColumnRef' }).parts);
  return found.found === 'column' ? found.type.mark : undefined;
}

/** Settings by which windows give results early, or late ones again. */
const EARLY = ['table.exec.emit.early-fire.enabled', 'table.exec.emit.late-fire.enabled'];

function groupChanges(items: readonly GroupItem[], scope: Scope, input: Changes, binder: QueryBinder): Changes {
  if (scope.open) return undefined;
  const keys = new Set<string>();
  const marks = new Set<LogicalType['mark']>();
  for (const item of items) {
    if (item.kind === 'Call' && /^(TUMBLE|HOP|SESSION)$/.test(callName(item))) {
      return EARLY.some((key) => binder.context.setting(key) === 'true') ? undefined : 'append';
    }
    if (item.kind !== 'ColumnRef') {
      if (some(item, (node) => markOf(node, scope) !== undefined)) return undefined;
      continue;
    }
    const found = scope.resolve(item.parts);
    if (found.found !== 'column') return undefined;
    keys.add(found.column.name);
    marks.add(found.type.mark);
  }
  return keyChanges(keys, marks, scope, input);
}

function distinctChanges(columns: readonly RelationColumn[], scope: Scope, input: Changes): Changes {
  if (scope.open) return undefined;
  return keyChanges(new Set(columns.map((c) => c.name)), new Set(columns.map((c) => c.type.mark)), scope, input);
}

/** Rows of one group each, or of one window in it; groups of a key of the input are its rows. */
function keyChanges(
  keys: ReadonlySet<string>,
  marks: ReadonlySet<LogicalType['mark']>,
  scope: Scope,
  input: Changes,
): Changes {
  if (marks.has('window start') && marks.has('window end')) return 'append';
  if (marks.has('window start') || marks.has('window end')) return undefined;
  if (scope.entries.some((e) => e.relation.key?.every((name) => keys.has(name))))
    return input === 'change' ? input : undefined;
  return 'change';
}

/** OVER by time reads each row once, so its input must not change. */
function checkOver(select: Select, scope: Scope, changes: Changes, binder: QueryBinder): void {
  if (changes !== 'change') return;
  for (const item of select.items) {
    some(item.expr, (node) => {
      const call = node as Call;
      if (node.kind !== 'Call' || !call.over || call.over.kind !== 'WindowSpec') return false;
      const [first] = call.over.orderBy;
      const found = first?.expr.kind === 'ColumnRef' ? scope.resolve(first.expr.parts) : undefined;
      const timed = found?.found === 'column' && found.type.time !== undefined;
      const ranks = /^(ROW_NUMBER|RANK|DENSE_RANK)$/.test(callName(call));
      if (timed && !ranks) binder.context.reportPlanned(changingInput(call, 'OVER'));
      return false;
    });
  }
}
