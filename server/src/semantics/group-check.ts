/** Which columns may be read where a query groups its rows, and where aggregates may stand. */

import { lookupFunction } from '../knowledge/functions';
import type { Call, Expression, GroupItem, NodeBase, OrderItem, Select } from '../language/ast';
import { aggregateNotAllowed, nestedAggregate } from '../rules/aggregate-not-allowed';
import { windowNotGrouped } from '../rules/group-window';
import { notGrouped } from '../rules/not-grouped';
import { orderByDistinct } from '../rules/order-by-distinct';
import type { Context } from './context';
import type { Relation, RelationColumn, Scope } from './scope';
import { callName, childrenOf, some } from './traverse';

type AnyNode = NodeBase & { readonly kind: string };

const QUERY_KINDS = new Set(['Query', 'Subquery', 'Exists', 'CollectionQuery']);
const isQuery = (node: AnyNode): boolean => QUERY_KINDS.has(node.kind);

/** Whether a call is of a built-in aggregate over a group's rows. */
export function isAggregateCall(node: AnyNode, context: Context): boolean {
  if (node.kind !== 'Call') return false;
  const call = node as Call;
  if (call.over || call.name.parts.length !== 1) return false;
  const name = callName(call);
  if (context.systemFunction(name)) return false;
  return lookupFunction(context.environment.flinkVersion, name)?.kinds.includes('aggregate') ?? false;
}

/** A call of something that is not built in may be an aggregate or not. */
function isForeignCall(node: AnyNode, context: Context): boolean {
  if (node.kind !== 'Call') return false;
  const call = node as Call;
  if (call.over) return false;
  const name = callName(call);
  return (
    call.name.parts.length > 1 ||
    context.systemFunction(name) !== undefined ||
    !lookupFunction(context.environment.flinkVersion, name)
  );
}

/** Reports an aggregate in a clause that is applied before rows are aggregated. */
export function checkNoAggregate(expression: GroupItem, clause: string, context: Context): void {
  const found = first(expression, (node) => isAggregateCall(node, context));
  if (found) context.report(aggregateNotAllowed(found, callName(found as Call), clause));
}

/** Reports aggregates in WHERE and GROUP BY. */
export function checkNoEarlyAggregate(select: Select, context: Context): void {
  if (select.where) checkNoAggregate(select.where, 'WHERE', context);
  for (const item of select.groupBy?.items ?? []) checkNoAggregate(item, 'GROUP BY', context);
}

/** Reports aggregates of aggregates, and columns that are not grouped, of a query that groups its rows or has aggregates. */
export function checkGrouping(select: Select, scope: Scope, context: Context): void {
  const aggregates = (node: AnyNode): boolean => isAggregateCall(node, context);
  for (const item of select.items) {
    const outside = first(item.expr as AnyNode, aggregates) as Call | undefined;
    const nested = outside?.args.map((a) => first(a as AnyNode, aggregates)).find((a) => a !== undefined);
    if (outside && nested) context.report(nestedAggregate(outside, callName(outside)));
  }
  const outputs = select.items.map((i) => i.expr);
  const computed: Expression[] = select.having ? [...outputs, select.having] : outputs;
  const grouping = select.groupBy !== undefined || select.having !== undefined;
  if (!grouping && !computed.some((e) => some(e, aggregates, isQuery))) return;
  new GroupCheck(select, scope, context).run(computed);
}

/** Reports what rows cannot be ordered by: columns that are not grouped, and of distinct rows those not selected. */
export function checkOrder(
  select: Select,
  items: readonly OrderItem[],
  relation: Relation,
  scope: Scope,
  context: Context,
): void {
  if (scope.open || relation.open || context.broken || select.qualify) return;
  const names = new Set(relation.columns.map((c) => c.name));
  for (const item of select.items) if (item.expr.kind === 'ColumnRef') names.add(item.expr.parts.at(-1)!.name);
  const others = items.map((i) => i.expr).filter((e) => e.kind === 'ColumnRef' && !names.has(e.parts.at(-1)!.name));
  const grouping = select.groupBy || select.having || scope.aggregates > 0;
  if (grouping) new GroupCheck(select, scope, context).run(others);
  else if (select.quantifier === 'DISTINCT') {
    const other = others.find((e) => e.kind === 'ColumnRef' && scope.resolve(e.parts).found === 'column');
    if (other) context.report(orderByDistinct(other, context.slice(other)));
  }
}

function first(node: AnyNode, test: (node: AnyNode) => boolean): AnyNode | undefined {
  if (test(node)) return node;
  for (const child of childrenOf(node)) {
    if (isQuery(child)) continue;
    const found = first(child, test);
    if (found) return found;
  }
  return undefined;
}

const ids = new WeakMap<RelationColumn, number>();
let lastId = 0;

/** A number that tells a column from all others. */
function idOf(column: RelationColumn): number {
  let id = ids.get(column);
  if (id === undefined) {
    id = ++lastId;
    ids.set(column, id);
  }
  return id;
}

class GroupCheck {
  private readonly grouped = new Set<string>();
  /** Kinds of nodes among them: only those are worth comparing */
  private readonly kinds = new Set<string>();
  private readonly columns = new Set<RelationColumn>();
  /** Calls in GROUP BY with their arguments */
  private readonly windows = new Set<string>();
  /** Something in GROUP BY is not understood: nothing is told then */
  private doubtful = false;

  constructor(
    select: Select,
    private readonly scope: Scope,
    private readonly context: Context,
  ) {
    for (const item of select.groupBy?.items ?? []) this.add(item);
  }

  /** A column of this query's own FROM clause, not of one around it. */
  private isOwn(column: RelationColumn): boolean {
    const { entries, common } = this.scope;
    return entries.some((e) => e.relation.columns.includes(column)) || common.get(column.name) === column;
  }

  run(expressions: readonly Expression[]): void {
    if (this.doubtful) return;
    for (const expression of expressions) {
      if (expression.kind === 'Star') this.checkStar(expression);
      else this.check(expression);
    }
  }

  private add(item: GroupItem): void {
    if (item.kind === 'GroupingSets' || item.kind === 'RowConstructor') {
      for (const inner of item.items) this.add(inner);
      return;
    }
    if (item.kind === 'ColumnRef') {
      const found = this.scope.resolve(item.parts);
      if (found.found !== 'column' || !this.isOwn(found.column)) this.doubtful = true;
      else if (item.parts.at(-1)!.name === found.column.name) this.columns.add(found.column);
    }
    if (item.kind === 'Call') this.windows.add(`${callName(item)} ${this.valueSignature(item.args)}`);
    this.kinds.add(item.kind);
    this.grouped.add(this.signature(item));
  }

  private checkStar(star: Expression & { kind: 'Star' }): void {
    if (star.qualifier.length > 0 || this.scope.open || this.grouped.size === 0) return;
    const columns = this.scope.entries.flatMap((e) => e.relation.columns);
    const missing = columns.find((c) => !this.columns.has(c) && !this.scope.common.has(c.name));
    if (missing) this.context.report(notGrouped(star, missing.name));
  }

  private check(expression: AnyNode): void {
    if (isQuery(expression)) return;
    if (this.kinds.has(expression.kind) && this.grouped.has(this.signature(expression))) return;
    if (isAggregateCall(expression, this.context) || isForeignCall(expression, this.context)) return;
    if (expression.kind === 'Call' && this.checkAuxiliary(expression as Call)) return;
    if (expression.kind === 'Lambda') return;
    if (expression.kind === 'ColumnRef') {
      const found = this.scope.resolve((expression as Expression & { kind: 'ColumnRef' }).parts);
      if (found.found !== 'column' || !this.isOwn(found.column)) return;
      if (this.columns.has(found.column)) return;
      this.context.report(notGrouped(expression, this.context.slice(expression)));
      return;
    }
    for (const child of childrenOf(expression)) this.check(child);
  }

  /** Whether a call speaks of a window in GROUP BY; tells where there is none with its arguments. */
  private checkAuxiliary(call: Call): boolean {
    const name = callName(call);
    const [, kind] = /^(TUMBLE|HOP|SESSION)_(?:START|END|ROWTIME|PROCTIME)$/.exec(name) ?? [];
    if (!kind) return /_(START|END|ROWTIME|PROCTIME)$/.test(name);
    const args = this.valueSignature(call.args);
    if (!this.windows.has(`${kind} ${args}`) && !this.context.broken) {
      const text = `${kind}(${call.args.map((a) => this.context.slice(a)).join(', ')})`;
      this.context.report(windowNotGrouped(call, name, text));
    }
    return true;
  }

  /** The same for expressions that mean the same, however their columns are qualified. */
  private signature(node: AnyNode): string {
    if (node.kind === 'ColumnRef') {
      const parts = (node as Expression & { kind: 'ColumnRef' }).parts;
      const found = this.scope.resolve(parts);
      if (found.found === 'column') {
        const id = this.isOwn(found.column) ? idOf(found.column) : undefined;
        const at = parts.findIndex((p) => p.name === found.column.name);
        const rest = parts.slice(at + 1).map((p) => p.name);
        if (id !== undefined) return `#${id}.${rest.join('.')}`;
      }
      return `?${parts.map((p) => p.name).join('.')}`;
    }
    const words: string[] = [node.kind];
    for (const [key, value] of Object.entries(node)) {
      if (key === 'start' || key === 'end' || key === 'kind' || key === 'quoted' || value === undefined) continue;
      words.push(`${key}:${this.valueSignature(value)}`);
    }
    return `(${words.join(' ')})`;
  }

  private valueSignature(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map((v) => this.valueSignature(v)).join(',')}]`;
    if (typeof value === 'object' && value !== null) {
      const node = value as AnyNode;
      if (node.kind === 'Name') {
        return (node as Call['name']).parts.map((p) => p.name.toUpperCase()).join('.');
      }
      return this.signature(node);
    }
    return String(value);
  }
}
