/** What a select gives over time: grouped rows change as further ones come, unless time says when a group is complete. */
import type { Call, Expression, GroupItem, NodeBase, Select } from '../language/ast';
import { changingInput } from '../rules/changing-input';
import type { Changes } from './changes';
import type { QueryBinder } from './queries';
import type { Relation, RelationColumn, Scope } from './scope';
import { callName, some } from './traverse';
import type { LogicalType } from './types';

type Node = NodeBase & { readonly kind: string };
type Result = Pick<Relation, 'changes' | 'key'>;
type Mark = LogicalType['mark'];

/**
 * `columns` are those that the select gives. The key is one that the planner may know of its rows: where rows of a group
 * are of a key already, grouping them changes nothing.
 */
export function selectChanges(
  select: Select,
  scope: Scope,
  columns: readonly RelationColumn[],
  binder: QueryBinder,
): Result {
  const input: Changes = select.from ? scope.entries[0]?.relation.changes : 'append';
  if (binder.batch) return { changes: input };
  const distinct = select.quantifier === 'DISTINCT';
  let changes = input;
  // a condition with a query is a join of its own, by whatever it compares
  if (scope.subqueries > 0 || select.qualify) changes = weaker(changes);
  if (select.where && hasMark(scope)) changes = firstRows(select.where, scope, changes, binder);
  if (scope.overs > 0) checkOver(select, scope, changes, binder);
  const grouped = select.groupBy !== undefined || select.having !== undefined || scope.aggregates > 0;
  if (grouped) changes = groupChanges(select.groupBy?.items ?? [], scope, changes, binder);
  // without FROM there is one row, which the planner computes
  if (!select.from) return { changes: grouped || distinct ? undefined : 'append', key: [] };
  // rows of groups are distinct as a rule, which the planner knows
  if (distinct && grouped) changes = weaker(changes);
  else if (distinct) {
    const given = select.items.flatMap((i) => (i.expr.kind === 'ColumnRef' ? [i.expr.parts.at(-1)!.name] : []));
    const names = new Set([...columns.map((c) => c.name), ...given]);
    changes = keyChanges(names, new Set(columns.map((c) => c.type.mark)), scope, changes);
  }
  if (grouped || distinct) return { changes, key: columns.map((c) => c.name) };
  return { changes, key: keptKey(scope, columns) };
}

/** Whether some column here numbers rows or bounds windows. */
function hasMark(scope: Scope): boolean {
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    if (s.entries.some(({ relation }) => relation.columns.some(({ type }) => type.mark || type.fields))) return true;
  }
  return false;
}

const weaker = (changes: Changes): Changes => (changes === 'change' ? 'change' : undefined);

/** A key of what is selected from, as far as its columns are selected. */
function keptKey(scope: Scope, columns: readonly RelationColumn[]): readonly string[] | undefined {
  for (const { relation } of scope.entries) {
    const names = relation.key?.map((name) => {
      const own = relation.columns.find((c) => c.name === name);
      return columns.find((c) => own && c.from === own.from && c.type === own.type)?.name;
    });
    if (names?.every((name) => name !== undefined)) return names as string[];
  }
  return undefined;
}

/**
 * The first rows of each group change as others come. Of a window they do not, and where time orders them it depends on
 * how: then nothing is known. Neither can take changes, the latter in old versions only.
 */
function firstRows(where: Expression, scope: Scope, changes: Changes, { context }: QueryBinder): Changes {
  const marks = new Set<Mark>();
  some(where, (node) => {
    marks.add(markOf(node, scope));
    return false;
  });
  const found = (mark: Mark): boolean => marks.has(mark) && some(where, (node) => isFirst(node, scope, mark));
  const old = context.environment.flinkVersion === '1.20';
  if (changes === 'change' && (found('rank in window') || (old && found('rank by time'))))
    context.reportPlanned(changingInput(where, 'The choice of the first rows'));
  if (found('rank') || found('rank by time')) return 'change';
  return [...marks].some((mark) => mark !== undefined && /rank/.test(mark)) ? weaker(changes) : changes;
}

/** `rank <= 5` and its like, from which the planner takes how many rows to keep. */
function isFirst(node: Node, scope: Scope, mark: Mark): boolean {
  if (node.kind !== 'Binary') return false;
  const { op, left, right } = node as Expression & { kind: 'Binary' };
  const number = right.kind === 'NumberLiteral' && /^[1-9]\d*$/.test(right.text);
  return number && /^(<=|<|=)$/.test(op) && markOf(left, scope) === mark && !(op === '<' && right.text === '1');
}

function markOf(node: Node, scope: Scope): Mark {
  if (node.kind !== 'ColumnRef') return undefined;
  const found = scope.resolve((node as Expression & { kind: 'ColumnRef' }).parts);
  return found.found === 'column' ? found.type.mark : undefined;
}

/** Settings by which windows give results early, or late ones again. */
const EARLY = ['table.exec.emit.early-fire.enabled', 'table.exec.emit.late-fire.enabled'];

function groupChanges(items: readonly GroupItem[], scope: Scope, input: Changes, binder: QueryBinder): Changes {
  if (scope.open) return undefined;
  const keys = new Set<string>();
  const marks = new Set<Mark>();
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

/** Rows of one group each, or of one window in it; groups of a key of the input are its rows. */
function keyChanges(keys: ReadonlySet<string>, marks: ReadonlySet<Mark>, scope: Scope, input: Changes): Changes {
  if (scope.open) return undefined;
  if (marks.has('window start') && marks.has('window end')) return 'append';
  if (marks.has('window start') || marks.has('window end')) return undefined;
  if (scope.entries.some((e) => e.relation.key?.every((name) => keys.has(name)))) return weaker(input);
  return 'change';
}

/** OVER reads each row once, so its input must not change; newer planners can do otherwise where it does not go by time. */
function checkOver(select: Select, scope: Scope, changes: Changes, binder: QueryBinder): void {
  if (changes !== 'change') return;
  const old = binder.context.environment.flinkVersion === '1.20';
  for (const item of select.items) {
    some(item.expr, (node) => {
      const call = node as Call;
      if (node.kind !== 'Call' || !call.over || call.over.kind !== 'WindowSpec') return false;
      const [first] = call.over.orderBy;
      const found = first?.expr.kind === 'ColumnRef' ? scope.resolve(first.expr.parts) : undefined;
      const timed = found?.found === 'column' && found.type.time !== undefined;
      const ranks = /^(ROW_NUMBER|RANK|DENSE_RANK)$/.test(callName(call));
      if ((timed || old) && !ranks) binder.context.reportPlanned(changingInput(call, 'OVER'));
      return false;
    });
  }
}
