/** Queries: scopes, expansion of `*`, set operations, and the columns that come out. */
import type {
  Call,
  ColumnRef,
  Expression,
  GroupItem,
  Hint,
  Identifier,
  Join,
  Query,
  QueryBody,
  Select,
  SelectItem,
  Star,
  TableRef,
  TableSource,
  Values,
} from '../language/ast';
import type { Problem } from '../language/problem';
import { ambiguousColumn } from '../rules/ambiguous-column';
import { argumentCount } from '../rules/argument-count';
import { changingInput } from '../rules/changing-input';
import { conditionType } from '../rules/condition-type';
import { duplicateAlias } from '../rules/duplicate-alias';
import { duplicateColumn } from '../rules/duplicate-column';
import { groupWindowArguments } from '../rules/group-window';
import { hintTable } from '../rules/hint-table';
import { joinConditionTypes } from '../rules/join-condition-types';
import { joinState } from '../rules/join-state';
import { isRandom, nondeterministicCall, nondeterministicGroup } from '../rules/nondeterministic-key';
import { setOperationMismatch, setOperationTypes, valuesTypes } from '../rules/set-operation-mismatch';
import { streamOrder } from '../rules/stream-order';
import { temporalJoinType, temporalKey, temporalPeriod, temporalTypes, temporalVersions } from '../rules/temporal-join';
import { emptyHint, unknownHint } from '../rules/unknown-hint';
import { unknownQualifier } from '../rules/unknown-qualifier';
import { untypedNull, untypedParameter } from '../rules/untyped-null';
import { viewColumns } from '../rules/view-columns';
import { viewHint } from '../rules/view-hint';
import { windowTimeColumn } from '../rules/window-time-column';

import { isEndless } from './boundedness';
import type { TableObject } from './catalog';
import { type Changes, sourceChanges, together } from './changes';

import { Collector } from './collector';
import type { Context } from './context';
import { bindExpression, bindWindow, type ExpressionContext, influence } from './expressions';
import { checkGrouping, checkNoAggregate, checkNoEarlyAggregate, checkOrder } from './group-check';
import { leastRestrictive } from './least-restrictive';
import type { IndirectKind } from './lineage';
import { bindMatchRecognize } from './match-recognize';
import { NONE, type Origins, origin, transformed, union } from './origins';
import { bindPivot, bindUnpivot } from './pivot';
import { type Relation, type RelationColumn, Scope, type ScopeEntry } from './scope';
import { selectChanges } from './select-changes';
import { bindTableFunction, bindUnnest } from './table-functions';
import { callName, some } from './traverse';
import {
  BOOLEAN,
  commonType,
  intervalOf,
  isDateTime,
  isInterval,
  isUnknown,
  type LogicalType,
  typeOf,
  UNKNOWN,
  withNullable,
} from './types';

/** Columns that USING or NATURAL made one, by name; none in most queries. */
interface CommonColumns {
  columns?: Map<string, RelationColumn>;
}

/** A common table expression: bound once, where it is defined. */
interface CommonTableEntry {
  readonly relation: Relation;
  readonly collector: Collector;
}

/** What a query is bound with: the statement's context, what it gathers, and the common table expressions in sight. */
export class QueryBinder implements ExpressionContext {
  /** Conditions of the select whose FROM is bound, which the planner may move into its joins */
  private where: Expression | undefined;

  constructor(
    readonly context: Context,
    readonly collector: Collector,
    private readonly commonTables: ReadonlyMap<string, CommonTableEntry> = new Map(),
  ) {}

  /** Tables are read once and whole: time attributes are not needed. */
  get batch(): boolean {
    return this.context.setting('execution.runtime-mode')?.toLowerCase() === 'batch';
  }

  /** A relation that is alone in its scope. */
  scopeOf(relation: Relation): Scope {
    return new Scope([anonymous(relation)]);
  }

  readonly bindSubquery = (query: Query, scope: Scope): Relation => {
    scope.subqueries++;
    return this.query(query, scope);
  };

  /** Binds a query; `outer` is the scope around a subquery, whose columns it may use. */
  query(query: Query, outer?: Scope): Relation {
    const binder = query.with ? this.withTables(query, outer) : this;
    const { relation, scope } = binder.body(query.body, outer);
    if (query.orderBy) binder.orderBy(query, relation, scope, outer);
    // the first rows by some order change when another one comes; any first rows stay
    if (!query.limit && !query.offset) return relation;
    return withChanges(relation, query.orderBy ? this.changing(relation) : relation.changes);
  }

  /** A query that is the whole statement, or what it writes. */
  result(query: Query): Relation {
    const relation = this.query(query);
    const [first] = query.orderBy ?? [];
    if (!first || query.limit || query.offset || this.batch || first.expr.kind !== 'ColumnRef') return relation;
    const { name } = first.expr.parts.at(-1)!;
    const column = relation.columns.find((c) => c.name === name);
    const sortable = !column || isUnknown(column.type) || (column.type.time !== undefined && !first.descending);
    if (!sortable) this.context.report(streamOrder(first));
    return relation;
  }

  /** Of rows that are replaced as others come: in a batch job none are. */
  private changing(input: Relation): Changes {
    return this.batch ? input.changes : 'change';
  }

  private withTables(query: Query, outer: Scope | undefined): QueryBinder {
    const tables = new Map(this.commonTables);
    for (const common of query.with!.tables) {
      const collector = new Collector();
      if (query.with!.recursive) {
        const columns = common.columns.map((c) => ({ name: c.name, type: UNKNOWN, from: NONE }));
        tables.set(common.name.name, { relation: { columns, open: {} }, collector });
      }
      const bound = new QueryBinder(this.context, collector, tables).query(common.query, outer);
      this.checkNames(common.columns, bound, `\`${common.name.name}\``);
      if (common.columns.length === 0 && !bound.open) this.checkDuplicates(common.query, bound);
      tables.set(common.name.name, { relation: renamed(bound, common.columns), collector });
    }
    return new QueryBinder(this.context, this.collector, tables);
  }

  /** A common table whose columns are not listed cannot have two of one name. */
  private checkDuplicates(query: Query, relation: Relation): void {
    const seen = new Set<string>();
    const twice = relation.columns.find((column) => seen.size === seen.add(column.name).size);
    const { start } = query.body;
    if (twice) this.context.report(duplicateColumn({ start, end: start + 'SELECT'.length }, twice.name));
  }

  /** A list of column names fits the relation that it names. */
  private checkNames(names: readonly Identifier[], relation: Relation, what: string): void {
    if (names.length === 0 || this.context.broken) return;
    const seen = new Set<string>();
    for (const name of names) {
      if (seen.has(name.name)) this.context.report(duplicateColumn(name, name.name));
      seen.add(name.name);
    }
    if (relation.open || names.length === relation.columns.length) return;
    const range = { start: names[0]!.start, end: names[names.length - 1]!.end };
    this.context.report(viewColumns(range, names.length, relation.columns.length, what));
  }

  private orderBy(query: Query, relation: Relation, inner: Scope | undefined, outer?: Scope): void {
    const items = query.orderBy!;
    const { body } = query;
    if (body.kind === 'Select' && inner) checkOrder(body, items, relation, inner, this.context);
    const explicit = body.kind === 'Select' && !body.items.some((i) => i.expr.kind === 'Star');
    const scope = new Scope(inner?.entries ?? [{ alias: '', path: [], relation }], outer);
    if (inner) scope.common = inner.common;
    scope.aliases = new Map(relation.columns.map((c) => [c.name, c]));
    if (inner?.windows) scope.windows = inner.windows;
    for (const item of items) {
      const name = item.expr.kind === 'ColumnRef' && item.expr.parts.length === 1 ? item.expr.parts[0]! : undefined;
      if (explicit && name && relation.columns.filter((c) => c.name === name.name).length > 1) {
        this.context.report(ambiguousColumn(name, []));
      } else if (item.expr.kind === 'NumberLiteral') {
        const column = relation.columns[Number(item.expr.text) - 1];
        if (column) this.collector.influence(column.from, 'order');
      } else {
        influence(item.expr, 'order', scope, this);
      }
    }
  }

  private body(body: QueryBody, outer?: Scope): { relation: Relation; scope?: Scope } {
    switch (body.kind) {
      case 'Select':
        return this.select(body, outer);
      case 'SetOperation':
        return { relation: this.setOperation(body, outer) };
      case 'Values':
        return { relation: this.values(body, outer) };
      case 'TableQuery':
        return { relation: this.tableRef(body.table).relation };
      case 'Query':
        return { relation: this.query(body, outer) };
      case 'MissingQuery':
        this.collector.partial = true;
        return { relation: { columns: [], open: {} } };
    }
  }

  private setOperation(body: QueryBody & { kind: 'SetOperation' }, outer?: Scope): Relation {
    const left = this.body(body.left, outer).relation;
    const right = this.body(body.right, outer).relation;
    const open = left.open ?? right.open;
    if (!open && left.columns.length !== right.columns.length) {
      const place = selectList(body.right) ?? body.right;
      this.context.report(setOperationMismatch(place, body.op, left.columns.length, right.columns.length));
    }
    const columns = left.columns.map((column, i) => {
      const other = right.columns[i];
      if (!other) return column;
      const type = typeTogether([column.type, other.type]);
      if (!type && left.columns.length === right.columns.length) {
        this.context.report(setOperationTypes(body, body.op, column.name, column.type, other.type));
      }
      const from = body.op === 'EXCEPT' || body.op === 'MINUS' ? column.from : union(column.from, other.from);
      const unstable = column.unstable ?? other.unstable;
      return { name: column.name, type: type ?? UNKNOWN, from, ...(unstable ? { unstable } : {}) };
    });
    if (body.op !== 'UNION') for (const c of right.columns) this.collector.influence(c.from, 'filter');
    const both = together(left.changes, right.changes);
    const result = open ? { columns, open } : { columns };
    if ((body.op === 'UNION' && body.all) || this.batch) return withChanges(result, both);
    return { ...result, changes: 'change', key: columns.map((c) => c.name) };
  }

  private values(body: Values, outer?: Scope): Relation {
    const scope = new Scope([], outer);
    const rows = body.rows.map((row) =>
      (row.kind === 'RowConstructor' ? row.items : [row]).map((item) => {
        if (item.kind === 'NullLiteral') this.context.report(untypedNull(item));
        if (item.kind === 'DynamicParam') this.context.report(untypedParameter(item));
        return bindExpression(item, scope, this);
      }),
    );
    const uneven = rows.findIndex((row) => row.length !== rows[0]!.length);
    if (uneven >= 0) this.context.report(valuesTypes(body, Math.min(rows[uneven]!.length, rows[0]!.length)));
    const columns = (rows[0] ?? []).map((_, i) => {
      const cells = rows.map((row) => row[i]).filter((cell) => cell !== undefined);
      const type = typeTogether(cells.map((c) => c.type));
      if (!type) this.context.report(valuesTypes(body, i));
      return {
        name: `EXPR$${i}`,
        type: type ?? UNKNOWN,
        from: union(...cells.map((c) => c.from)),
      };
    });
    // the planner sees whether all rows differ, and in what
    const differ = new Set(body.rows.map((row) => this.context.slice(row))).size === body.rows.length;
    return { columns, changes: 'append', ...(differ ? { key: [] } : {}) };
  }

  // ------------------------------------------------------------------------------------------------- select

  private select(select: Select, outer?: Scope): { relation: Relation; scope: Scope } {
    const around = this.where;
    this.where = select.where;
    const scope = select.from ? this.from(select.from, outer) : new Scope([], outer);
    this.where = around;
    for (const hint of select.hints) this.checkHint(hint, select, scope);
    scope.grouped = select.groupBy !== undefined;
    if (select.windows.length > 0) {
      const windows = new Map<string, Origins>();
      scope.windows = windows;
      for (const window of select.windows) windows.set(window.name.name, bindWindow(window.spec, scope, this));
    }
    if (select.where) {
      this.condition(select.where, 'WHERE', 'filter', scope);
      if (scope.entries.length > 1) this.checkCompared(select.where, scope, scope.entries);
    }
    for (const item of select.groupBy?.items ?? []) this.groupItem(item, scope);
    const early = scope.aggregates;
    const columns: RelationColumn[] = [];
    let open: Relation['open'];
    for (const item of select.items) {
      if (item.expr.kind === 'Star') {
        const expanded = this.star(item.expr, scope);
        // a name that is there already gets a number
        for (const column of expanded.columns) columns.push(renumbered(column, columns));
        open ??= expanded.open;
      } else {
        columns.push(this.selectItem(item, columns.length, scope));
      }
    }
    if (select.having) this.condition(select.having, 'HAVING', 'filter', scope);
    if (early > 0) checkNoEarlyAggregate(select, this.context);
    if (scope.aggregates > early || select.groupBy || select.having) checkGrouping(select, scope, this.context);
    if (select.qualify) {
      const inner = new Scope(scope.entries, scope.parent);
      inner.common = scope.common;
      if (scope.windows) inner.windows = scope.windows;
      inner.aliases = new Map(columns.map((c) => [c.name, c]));
      influence(select.qualify, 'filter', inner, this);
    }
    // a condition that never holds leaves the planner a query of no table
    const never = select.having !== undefined && isNever(select.having);
    const distinct = select.quantifier === 'DISTINCT';
    const given = never || distinct ? columns.map((c) => (never ? { ...c, from: NONE } : withoutRank(c))) : columns;
    const twice = given.find((column, i) => given.findIndex((c) => c.name === column.name) < i)?.name;
    const relation = { columns: given, ...(open ? { open } : {}), ...(twice ? { twice } : {}) };
    const ofValues = isOfValues(select) ? { ofValues: true } : {};
    return { relation: { ...relation, ...selectChanges(select, scope, given, this), ...ofValues }, scope };
  }

  /** A hint about joins or state names relations of its own FROM clause. */
  private checkHint(hint: Hint, select: Select, scope: Scope): void {
    const name = hint.name.name.toUpperCase();
    if (this.context.broken) return;
    const version = this.context.environment.flinkVersion;
    const hints = version === '1.20' || version === '2.0' ? QUERY_HINTS : [...QUERY_HINTS, 'MULTI_JOIN'];
    if (!hints.includes(name)) this.context.report(unknownHint(hint, hint.name, hints));
    if (name === 'STATE_TTL' && hint.options.length === 0) this.context.report(emptyHint(hint, name));
    if (!TABLE_HINTS.has(name) || !select.from) return;
    const known = new Set(scope.entries.flatMap((e) => [e.alias, e.path.at(-1) ?? '']));
    for (const source of namedSources(select.from, true)) known.add(source.name);
    const names = [
      ...hint.options.map((o) => ({ start: o.key.start, end: o.key.end, name: o.key.value })),
      ...hint.args.flatMap((a) =>
        a.kind === 'ColumnRef'
          ? [{ start: a.start, end: a.end, name: a.parts.at(-1)!.name }]
          : a.kind === 'StringLiteral'
            ? [{ start: a.start, end: a.end, name: a.value }]
            : [],
      ),
    ];
    const wrong = names.find((n) => !known.has(n.name.split('.').at(-1)!));
    if (wrong)
      this.context.report(
        hintTable(
          wrong,
          name,
          wrong.name,
          [...known].filter((k) => k !== ''),
        ),
      );
  }

  /** Binds a condition, which must be true or false. */
  condition(expression: Expression, clause: string, kind: IndirectKind, scope: Scope): void {
    const { type } = influence(expression, kind, scope, this);
    if (type.root === 'BOOLEAN' || type.root === 'NULL' || isUnknown(type)) return;
    this.context.report(conditionType(expression, clause, type));
  }

  private selectItem(item: SelectItem, position: number, scope: Scope): RelationColumn {
    const bound = bindExpression(item.expr, scope, this);
    if (item.expr.kind === 'NullLiteral') this.context.report(untypedNull(item.expr));
    const name = item.alias?.name ?? impliedName(item.expr) ?? `EXPR$${position}`;
    const unstable = this.unstable(item.expr, scope);
    const column = { name, type: bound.type, from: bound.from, ...(unstable ? { unstable } : {}) };
    return item.expr.kind === 'ColumnRef' ? column : { ...column, expression: this.context.slice(item.expr) };
  }

  /** The function that makes an expression another value each time it is computed, if there is one. */
  private unstable(expression: Expression, scope: Scope): string | undefined {
    if (!this.context.mayBeUnstable || this.batch) return undefined;
    let found: string | undefined;
    some(expression, (node) => {
      found = nondeterministicCall(node);
      if (node.kind === 'ColumnRef') {
        const column = scope.resolve((node as Expression & { kind: 'ColumnRef' }).parts);
        if (column.found === 'column') found = column.column.unstable;
      }
      return found !== undefined;
    });
    return found;
  }

  private groupItem(item: GroupItem, scope: Scope): void {
    if (item.kind === 'GroupingSets') for (const inner of item.items) this.groupItem(inner, scope);
    else if (item.kind === 'RowConstructor') for (const inner of item.items) this.groupItem(inner, scope);
    else if (item.kind !== 'NumberLiteral') {
      influence(item, 'group', scope, this);
      const call = this.unstable(item, scope);
      if (call && isRandom(call)) this.context.report(nondeterministicGroup(item, call));
      if (item.kind === 'Call') this.checkGroupWindow(item, scope);
    }
  }

  /** A window in GROUP BY takes intervals and needs a time attribute, except in a batch job. */
  private checkGroupWindow(call: Call, scope: Scope): void {
    const name = callName(call);
    if (this.context.broken || !/^(TUMBLE|HOP|SESSION)$/.test(name)) return;
    const least = name === 'HOP' ? 3 : 2;
    if (call.args.length < least || call.args.length > least + 1) {
      this.context.report(argumentCount(call, name, [least], call.args.length));
      return;
    }
    const [type, ...others] = call.args.map((arg): LogicalType => {
      if (arg.kind === 'IntervalLiteral') return intervalOf(arg.qualifier);
      if (/^(String|Number|Boolean|DateTime)Literal$/.test(arg.kind)) return BOOLEAN;
      const found = arg.kind === 'ColumnRef' ? scope.resolve(arg.parts) : undefined;
      return found?.found === 'column' ? found.type : UNKNOWN;
    });
    const fits = (t: LogicalType, i: number): boolean =>
      isUnknown(t) || (i < least - 1 ? isInterval(t) : t.root === 'TIME');
    if (!(isUnknown(type!) || isDateTime(type!)) || !others.every(fits)) {
      this.context.report(groupWindowArguments(call, name));
      return;
    }
    const [time] = call.args;
    if (this.batch || time?.kind !== 'ColumnRef' || isUnknown(type!) || type!.time) return;
    this.context.reportPlanned(windowTimeColumn(time, time.parts.at(-1)!.name, type!));
  }

  private star(star: Star, scope: Scope): Relation {
    if (star.qualifier.length > 0) {
      const names = star.qualifier.map((q) => q.name);
      const entry = scope.entry(names);
      if (entry) return entry.relation;
      // row.* expands the fields of a ROW column
      const column = scope.resolve(star.qualifier);
      if (column.found === 'column') {
        const fields = column.type.root === 'ROW' ? column.type.fields! : undefined;
        if (!fields) return { columns: [], open: {} };
        return { columns: fields.map((f) => ({ name: f.name, type: f.type, from: transformed(column.from) })) };
      }
      if (!scope.open && names.every((n) => n !== '')) {
        this.context.report(unknownQualifier(star.qualifier[0]!, names.join('.'), [...scope.tableNames()]));
      }
      return { columns: [], open: {} };
    }
    const columns: RelationColumn[] = [...scope.common.values()];
    let open: Relation['open'];
    for (const entry of scope.entries) {
      const { twice } = entry.relation;
      if (twice && !this.context.broken) this.context.report(ambiguousColumn({ ...star, name: twice }, []));
      for (const column of entry.relation.columns) if (!scope.common.has(column.name)) columns.push(column);
      if (entry.relation.open) open ??= entry.relation.open;
    }
    return open ? { columns, open } : { columns };
  }

  // --------------------------------------------------------------------------------------------------- from

  /** The scope of a FROM clause. */
  from(source: TableSource, outer?: Scope): Scope {
    const common: CommonColumns = {};
    const entries = this.source(source, outer, [], common);
    if (entries.length > 1) this.checkAliases(source, entries);
    const scope = new Scope(entries, outer);
    if (common.columns) scope.common = common.columns;
    return scope;
  }

  private checkAliases(source: TableSource, entries: readonly ScopeEntry[]): void {
    const seen = new Set<string>();
    for (const { alias } of entries) {
      if (alias !== '' && seen.has(alias)) {
        const places = namedSources(source).filter((s) => s.name === alias);
        this.context.report(duplicateAlias(places.at(-1) ?? source, alias));
      }
      seen.add(alias);
    }
  }

  /** `before` are the relations to the left, which lateral ones may use. */
  private source(
    source: TableSource,
    outer: Scope | undefined,
    before: readonly ScopeEntry[],
    common: CommonColumns,
  ): ScopeEntry[] {
    switch (source.kind) {
      case 'TableRef':
        return [this.tableRef(source)];
      case 'Aliased': {
        const inner = this.source(source.source, outer, before, {});
        const relation = inner.length === 1 ? inner[0]!.relation : merged(inner);
        this.checkNames(source.columns, relation, 'The alias');
        return [{ alias: source.alias.name, path: [source.alias.name], relation: renamed(relation, source.columns) }];
      }
      case 'DerivedTable': {
        const scope = source.lateral ? new Scope(before, outer) : outer;
        return [anonymous(this.query(source.query, scope))];
      }
      case 'TableFunction':
        return [anonymous(bindTableFunction(source, new Scope(before, outer), this))];
      case 'Unnest':
        return [anonymous(bindUnnest(source, new Scope(before, outer), this))];
      case 'Join':
        return this.join(source, outer, before, common);
      case 'Snapshot':
        return this.snapshot(source, outer, before, common);
      case 'Nested':
        return this.source(source.source, outer, before, common);
      case 'Sample':
        return this.source(source.source, outer, before, common);
      case 'MatchRecognize': {
        const inner = this.source(source.source, outer, before, {});
        return [anonymous(bindMatchRecognize(source, inner, outer, this))];
      }
      case 'Pivot': {
        const inner = this.source(source.source, outer, before, {});
        return [anonymous(bindPivot(source, inner, outer, this))];
      }
      case 'Unpivot': {
        const inner = this.source(source.source, outer, before, {});
        return [anonymous(bindUnpivot(source, inner))];
      }
    }
  }

  private snapshot(
    source: TableSource & { kind: 'Snapshot' },
    outer: Scope | undefined,
    before: readonly ScopeEntry[],
    common: CommonColumns,
  ): ScopeEntry[] {
    const scope = new Scope(before, outer);
    const period = influence(source.period, 'join', scope, this);
    const mark = this.collector.sources.length;
    const entries = this.source(source.source, outer, before, common);
    if (before.length === 0) return entries;
    // a versioned table is joined by its event time; one looked up in the outside world by processing time
    const byEventTime = period.type.time === 'rowtime';
    const role = byEventTime ? 'temporal' : 'lookup';
    for (let i = mark; i < this.collector.sources.length; i++) {
      this.collector.sources[i] = { ...this.collector.sources[i]!, role };
    }
    const plain = source.period.kind !== 'Call';
    if (!isUnknown(period.type) && !period.type.time && plain)
      this.context.reportPlanned(temporalPeriod(source.period));
    else if (byEventTime) this.checkVersions(source.source, period.type);
    return entries;
  }

  /** A table joined by event time needs a key and a watermark; what a view or query gives is not worked out here. */
  private checkVersions(source: TableSource, time: LogicalType): void {
    if (
      source.kind !== 'TableRef' ||
      (source.name.parts.length === 1 && this.commonTables.has(source.name.parts[0]!.name))
    )
      return;
    const path = this.context.path(source.name.parts);
    const table = path && this.context.table(path);
    if (!table || table.open || table.node.kind !== 'table') return;
    const name = path.name;
    if (!table.node.primaryKey) this.context.reportPlanned(temporalVersions(source.name, name, 'primary key'));
    else if (!table.node.watermark) this.context.reportPlanned(temporalVersions(source.name, name, 'watermark'));
    else {
      const own = table.columns.find((c) => c.type.time === 'rowtime')?.type;
      if (own && own.root !== time.root) this.context.reportPlanned(temporalTypes(source.name, name, time, own));
    }
  }

  private join(
    join: Join,
    outer: Scope | undefined,
    before: readonly ScopeEntry[],
    common: CommonColumns,
  ): ScopeEntry[] {
    let left = this.source(join.left, outer, before, common);
    let right = this.source(join.right, outer, [...before, ...left], common);
    if (join.type === 'RIGHT' || join.type === 'FULL') left = left.map(nullableEntry);
    if (join.type === 'LEFT' || join.type === 'FULL' || join.type === 'LEFT ASOF') right = right.map(nullableEntry);
    const names = join.natural ? sharedNames(left, right) : (join.using ?? []).map((c) => c.name);
    if (names.length > 0) common.columns ??= new Map();
    for (const name of names) {
      const a = columnOf(left, name);
      const b = columnOf(right, name);
      if (!a || !b) continue;
      const first = common.columns?.get(name) ?? a;
      this.collector.influence(union(first.from, b.from), 'join');
      common.columns?.set(name, {
        name,
        type: commonType([first.type, b.type]) ?? UNKNOWN,
        from: transformed(union(first.from, b.from)),
      });
    }
    const entries = [...left, ...right];
    this.checkJoinType(join, [...before, ...left]);
    if (join.on || join.matchCondition) {
      const scope = new Scope([...before, ...entries], outer);
      if (common.columns) scope.common = common.columns;
      scope.joining = true;
      if (join.on) {
        this.condition(join.on, 'ON', 'join', scope);
        if (scope.aggregates > 0) checkNoAggregate(join.on, 'ON', this.context);
        this.checkTemporalKey(join, join.on, scope, right);
        this.checkCompared(join.on, scope, entries);
      }
      if (join.matchCondition) influence(join.matchCondition, 'join', scope, this);
    }
    this.adviseOnState(join, left, right);
    const changes = this.batch
      ? together(...[...left, ...right].map((e) => e.relation.changes))
      : this.joinChanges(join, left, right);
    const result = join.type === 'LEFT SEMI' ? left : entries;
    return result.map((entry) => ({ ...entry, relation: withChanges(entry.relation, changes) }));
  }

  /** What a join compares has a common type: columns of one side with those of another, as they are or cast. */
  private checkCompared(condition: Expression, scope: Scope, entries: readonly ScopeEntry[]): void {
    const sideOf = (e: Expression): { entry: number; type: LogicalType } | undefined => {
      if (e.kind === 'Cast' && e.type.kind === 'DataType') {
        const inner = sideOf(e.operand);
        return inner && { entry: inner.entry, type: typeOf(e.type) };
      }
      const found = e.kind === 'ColumnRef' ? scope.resolve(e.parts) : undefined;
      if (found?.found !== 'column') return undefined;
      const entry = entries.findIndex(({ relation }) => relation.columns.includes(found.column));
      return entry < 0 ? undefined : { entry, type: found.type };
    };
    for (const part of conjuncts(condition)) {
      if (part.kind !== 'Binary' || part.op !== '=') continue;
      const [left, right] = [sideOf(part.left), sideOf(part.right)];
      if (!left || !right || left.entry === right.entry) continue;
      if (!leastRestrictive([left.type, right.type]))
        this.context.reportPlanned(joinConditionTypes(part, left.type, right.type));
    }
  }

  /** A join with the versions of a table compares all of the table's key; conditions elsewhere are not looked at. */
  private checkTemporalKey(join: Join, on: Expression, scope: Scope, right: readonly ScopeEntry[]): void {
    const snapshot = behindAlias(join.right);
    const [entry] = right;
    if (snapshot.kind !== 'Snapshot' || !entry || entry.relation.open || this.where) return;
    if (snapshot.period.kind !== 'ColumnRef' || snapshot.source.kind !== 'TableRef') return;
    const period = scope.resolve(snapshot.period.parts);
    if (period.found !== 'column' || period.type.time !== 'rowtime') return;
    const table = snapshot.source.name.parts.at(-1)!.name;
    const compared = new Set<string>();
    for (const part of conjuncts(on)) {
      if (part.kind !== 'Binary' || part.op !== '=') continue;
      for (const side of [part.left, part.right]) {
        const found = side.kind === 'ColumnRef' ? scope.resolve(side.parts) : undefined;
        if (found?.found === 'column' && entry.relation.columns.includes(found.column)) compared.add(found.column.name);
      }
    }
    const path = this.context.path(snapshot.source.name.parts);
    const keys = path && this.context.table(path)?.node.primaryKey;
    const lacking = keys?.find((column) => !compared.has(column));
    if (lacking || (compared.size === 0 && entry.relation.columns.length > 0))
      this.context.reportPlanned(temporalKey(on, table, lacking));
  }

  /** RIGHT and FULL JOIN do not go with a right side that depends on the left row. */
  private checkJoinType(join: Join, left: readonly ScopeEntry[]): void {
    if ((join.type !== 'RIGHT' && join.type !== 'FULL') || this.context.broken) return;
    const right = behindAlias(join.right);
    const dependent =
      right.kind === 'Snapshot'
        ? right.period
        : right.kind === 'TableFunction'
          ? right.call
          : right.kind === 'Unnest'
            ? right
            : undefined;
    const scope = new Scope(left);
    const refers = (node: { kind: string }): boolean =>
      node.kind === 'ColumnRef' && scope.resolve((node as ColumnRef).parts).found === 'column' && !scope.open;
    if (dependent && some(dependent, refers)) this.context.report(temporalJoinType(join.right, join.type));
  }

  /** What a join gives over time: one by time gives rows once, any other takes them back when a side does, or has none yet. */
  private joinChanges(join: Join, left: readonly ScopeEntry[], right: readonly ScopeEntry[]): Changes {
    const before = left[0]?.relation.changes;
    const kind = behindAlias(join.right).kind;
    if (kind === 'Snapshot' || kind === 'TableFunction' || kind === 'Unnest') return before;
    if (behindAlias(join.left).kind === 'Snapshot') return undefined;
    const both = together(before, right[0]?.relation.changes);
    if (this.mayJoinByTime(join, [...left, ...right])) {
      if (both === 'change' && join.on && this.isInterval(join.on, left, right))
        this.context.reportPlanned(changingInput(join.on, 'An interval join'));
      return undefined;
    }
    if (both === 'change') return 'change';
    if (join.type === 'LEFT' || join.type === 'RIGHT' || join.type === 'FULL') {
      // a condition on the side that may be missing makes an inner join of it
      return this.where || (kind === 'DerivedTable' && isLateral(join.right)) ? undefined : 'change';
    }
    return join.type === 'ASOF' || join.type === 'LEFT ASOF' ? undefined : both;
  }

  /** `l.ts BETWEEN r.ts - … AND r.ts + …` of two time attributes of one kind. */
  private isInterval(on: Expression, left: readonly ScopeEntry[], right: readonly ScopeEntry[]): boolean {
    const timeOf = (e: Expression, entries: readonly ScopeEntry[]): string | undefined => {
      const found = e.kind === 'ColumnRef' ? new Scope(entries).resolve(e.parts) : undefined;
      return found?.found === 'column' ? found.type.time : undefined;
    };
    return conjuncts(on).some((part) => {
      if (part.kind !== 'Between' || part.negated) return false;
      const bounds = [part.low, part.high].map((e) => (e.kind === 'Binary' && /^[+-]$/.test(e.op) ? e.left : e));
      for (const [own, other] of [
        [left, right],
        [right, left],
      ] as const) {
        const time = timeOf(part.operand, own);
        if (time && bounds.every((e) => timeOf(e, other) === time)) return true;
      }
      return false;
    });
  }

  /** Whether a condition compares time attributes or windows, so that the planner may take the join for one by time. */
  private mayJoinByTime(join: Join, entries: readonly ScopeEntry[]): boolean {
    const scope = new Scope(entries);
    const timed = (node: { kind: string }): boolean => {
      if (node.kind !== 'ColumnRef') return false;
      const found = scope.resolve((node as ColumnRef).parts);
      return found.found !== 'column' || found.type.time !== undefined || found.type.mark !== undefined;
    };
    if (join.using || join.natural)
      return entries.some((e) => e.relation.columns.some((c) => c.type.time || c.type.mark));
    return [join.on, this.where].some((condition) => condition && some(condition, timed));
  }

  /** A join of two streams on anything but time keeps both for ever, unless the state has a time to live. */
  private adviseOnState(join: Join, left: readonly ScopeEntry[], right: readonly ScopeEntry[]): void {
    const condition = join.on ?? join.using;
    // no time, written as 0 or 0 ms, is for ever
    const forEver = /^0*\s*[a-z]*$/i.test(this.context.setting('table.exec.state.ttl')?.trim() ?? '');
    if (!condition || this.batch || !forEver) return;
    if (!this.isStream(join.left, left) || !this.isStream(join.right, right)) return;
    const scope = new Scope([...left, ...right]);
    const isTime = (parts: readonly Identifier[]) => {
      const found = scope.resolve(parts);
      return found.found === 'column' && found.type.time !== undefined;
    };
    const byTime = join.on
      ? some(join.on, (node) => node.kind === 'ColumnRef' && isTime((node as Expression & { kind: 'ColumnRef' }).parts))
      : join.using!.some(({ name }) => columnOf(left, name)?.type.time !== undefined);
    if (byTime || /STATE_TTL/i.test(this.context.text)) return;
    const range = join.on ?? { start: join.using![0]!.start, end: join.using!.at(-1)!.end };
    this.context.report(joinState(range));
  }

  /** A table that never ends, as far as its connector tells. */
  private isStream(source: TableSource, entries: readonly ScopeEntry[]): boolean {
    if (source.kind === 'Aliased') return this.isStream(source.source, entries);
    if (source.kind !== 'TableRef') return false;
    if (source.hints.length === 0) return entries[0]?.relation.endless ?? false;
    const path = this.context.path(source.name.parts);
    const options = (path && this.context.table(path)?.node.options) ?? {};
    return isEndless({ ...options, ...hintedOptions(source.hints) });
  }

  /** A table by name: a common table expression, or one of the catalog's. */
  tableRef(ref: TableRef): ScopeEntry {
    const parts = ref.name.parts;
    const last = parts[parts.length - 1];
    const name = last?.name ?? '';
    const common = parts.length === 1 ? this.commonTables.get(name) : undefined;
    if (common) {
      this.context.tables.push({ start: ref.name.start, end: ref.name.end, name, role: 'source' });
      this.collector.include(common.collector);
      return { alias: name, path: [name], relation: common.relation };
    }
    if (name === '') {
      this.collector.partial = true;
      return anonymous({ columns: [], open: {} });
    }
    const table = this.context.resolveTable(ref.name, 'source', this.commonTables.keys());
    const hint = ref.hints.find((h) => h.name.name.toUpperCase() === 'OPTIONS');
    if (hint && table.node.kind === 'view') this.context.report(viewHint(hint, name));
    if (table.open || table.contested) this.collector.partial = true;
    const wrong = table.planned?.[0];
    if (wrong) this.context.reportPlanned(ofView(wrong, ref.name, name));
    if (table.columns.some(({ unstable }) => unstable)) this.context.mayBeUnstable = true;
    const options = hintedOptions(ref.hints);
    this.collector.include(options ? { ...table, sources: table.sources.map((s) => ({ ...s, options })) } : table);
    const relation = relationOf(table);
    return { alias: name, path: relation.path ?? [name], relation };
  }
}

/** What the OPTIONS hints behind a table's name give it. */
export function hintedOptions(hints: readonly Hint[]): Record<string, string> | undefined {
  const given = hints
    .filter(({ name }) => name.name.toUpperCase() === 'OPTIONS')
    .flatMap((hint) => hint.options.map(({ key, value }) => [key.value, value.value] as const));
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

const relations = new WeakMap<TableObject, Relation>();

/** A table's columns as a relation. */
export function relationOf(table: TableObject): Relation {
  let relation = relations.get(table);
  if (!relation) {
    relation = makeRelation(table);
    relations.set(table, relation);
  }
  return relation;
}

/** The type of a column of several queries or rows: where none is theirs as they are, Flink casts some of them. */
function typeTogether(types: readonly LogicalType[]): LogicalType | undefined {
  return leastRestrictive(types) ?? commonType(types);
}

function makeRelation(table: TableObject): Relation {
  const { name, options } = table.node;
  const endless = isEndless(options);
  const columns = table.columns.map((c) => ({
    name: c.name,
    type: table.contested ? UNKNOWN : c.type,
    from: c.from,
    table: name,
    ...(c.unstable ? { unstable: c.unstable } : {}),
  }));
  const path = name.split('.');
  if (table.contested || table.open) return { columns, open: { table: name }, endless, path };
  const changes = table.node.kind === 'view' ? table.changes : sourceChanges(table.node);
  const key = table.node.kind === 'view' ? table.key : table.node.primaryKey;
  return { columns, changes, endless, path, ...(key ? { key } : {}) };
}

/** A finding in a view's definition, told where the view is used. */
function ofView(problem: Problem, at: { start: number; end: number }, view: string): Problem {
  const { fixes, ...rest } = problem;
  return { ...rest, start: at.start, end: at.end, message: `In the view \`${view}\`: ${problem.message}` };
}

function withChanges(relation: Relation, changes: Changes): Relation {
  return relation.changes === changes ? relation : { ...relation, changes };
}

/** What an alias or brackets stand around. */
function behindAlias(source: TableSource): TableSource {
  return source.kind === 'Aliased' || source.kind === 'Nested' ? behindAlias(source.source) : source;
}

/** `SELECT b, a FROM (VALUES …)`, which the planner makes VALUES of again. */
function isOfValues(select: Select): boolean {
  const from = select.from && behindAlias(select.from);
  const whole = !select.where && !select.groupBy && !select.quantifier && !select.qualify;
  return (
    whole &&
    from?.kind === 'DerivedTable' &&
    from.query.body.kind === 'Values' &&
    select.items.every((i) => i.expr.kind === 'ColumnRef')
  );
}

/** Whether a condition can be seen to hold for no row. */
function isNever(condition: Expression): boolean {
  if (condition.kind === 'BooleanLiteral') return condition.value === false;
  if (condition.kind !== 'Binary') return false;
  if (condition.op === 'AND') return isNever(condition.left) || isNever(condition.right);
  return (
    /^(=|<>|!=|<|>|<=|>=)$/.test(condition.op) &&
    [condition.left, condition.right].some((e) => e.kind === 'NullLiteral')
  );
}

/** The parts of a condition that all must hold. */
function conjuncts(condition: Expression): Expression[] {
  return condition.kind === 'Binary' && condition.op === 'AND'
    ? [...conjuncts(condition.left), ...conjuncts(condition.right)]
    : [condition];
}

/** What a side of a set operation selects. */
function selectList(body: QueryBody): { start: number; end: number } | undefined {
  if (body.kind === 'Query') return body.with || body.orderBy ? undefined : selectList(body.body);
  return body.kind === 'Select' ? { start: body.items[0]!.start, end: body.items.at(-1)!.end } : undefined;
}

function isLateral(source: TableSource): boolean {
  const inner = behindAlias(source);
  return inner.kind === 'DerivedTable' && inner.lateral;
}

function renumbered(column: RelationColumn, before: readonly RelationColumn[]): RelationColumn {
  let name = column.name;
  for (let i = 0; before.some((c) => c.name === name); i++) name = `${column.name}${i}`;
  return name === column.name ? column : { ...column, name };
}

/** By the number of a row among distinct ones the planner does not choose first rows as it does among all. */
function withoutRank(column: RelationColumn): RelationColumn {
  return column.type.mark?.startsWith('rank') ? { ...column, type: { ...column.type, mark: 'some rank' } } : column;
}

/** What a select item is called without an alias. */
function impliedName(expression: Expression): string | undefined {
  if (expression.kind === 'ColumnRef') return expression.parts[expression.parts.length - 1]!.name;
  // CURRENT_TIMESTAMP and its like are identifiers to the planner
  if (expression.kind === 'Call' && !expression.parenthesised) return expression.name.parts.at(-1)!.name;
  return undefined;
}

function anonymous(relation: Relation): ScopeEntry {
  return { alias: '', path: [], relation };
}

/** The relation under new column names; those beyond the list keep theirs. */
export function renamed(relation: Relation, names: readonly Identifier[]): Relation {
  if (names.length === 0) return relation;
  const columns = relation.columns.map((column, i) => {
    const name = names[i];
    // renamed columns are no longer the table's own
    if (!name) return column;
    const { type, from, unstable } = column;
    return { name: name.name, type, from, ...(unstable ? { unstable } : {}) };
  });
  if (!relation.open) {
    const key = relation.key?.map((own) => columns[relation.columns.findIndex((c) => c.name === own)]?.name ?? own);
    return { columns, changes: relation.changes, ...(key ? { key } : {}) };
  }
  for (const extra of names.slice(columns.length))
    columns.push({ name: extra.name, type: UNKNOWN, from: relation.open.from ?? NONE });
  return { columns };
}

export function merged(entries: readonly ScopeEntry[]): Relation {
  const open = entries.find((e) => e.relation.open)?.relation.open;
  const columns = entries.flatMap((e) => e.relation.columns);
  return withChanges(open ? { columns, open } : { columns }, entries[0]?.relation.changes);
}

function nullableEntry(entry: ScopeEntry): ScopeEntry {
  const columns = entry.relation.columns.map((c) => ({ ...c, type: withNullable(c.type, true) }));
  return { ...entry, relation: { ...entry.relation, columns } };
}

function columnOf(entries: readonly ScopeEntry[], name: string): RelationColumn | undefined {
  for (const entry of entries) {
    const column = entry.relation.columns.find((c) => c.name === name);
    if (column) return column;
  }
  const open = entries.find((e) => e.relation.open);
  if (!open) return undefined;
  const table = open.relation.open!.table;
  return { name, type: UNKNOWN, from: table ? origin(table, name) : NONE };
}

function sharedNames(left: readonly ScopeEntry[], right: readonly ScopeEntry[]): string[] {
  const names = new Set(right.flatMap((e) => e.relation.columns.map((c) => c.name)));
  return [...new Set(left.flatMap((e) => e.relation.columns.map((c) => c.name)))].filter((n) => names.has(n));
}

/** Hints that may stand behind SELECT (FlinkHintStrategies); newer versions know MULTI_JOIN too. */
const QUERY_HINTS = [
  'BROADCAST',
  'SHUFFLE_HASH',
  'SHUFFLE_MERGE',
  'NEST_LOOP',
  'LOOKUP',
  'STATE_TTL',
  'OPTIONS',
  'ALIAS',
];

/** Hints whose arguments are tables. */
const TABLE_HINTS = new Set(['BROADCAST', 'SHUFFLE_HASH', 'SHUFFLE_MERGE', 'NEST_LOOP', 'STATE_TTL']);

/** The names that the relations of a FROM clause go by, where they are written; with `behind` also those behind aliases. */
function namedSources(source: TableSource, behind = false): { name: string; start: number; end: number }[] {
  switch (source.kind) {
    case 'Aliased': {
      const own = { name: source.alias.name, start: source.alias.start, end: source.alias.end };
      return behind ? [own, ...namedSources(source.source, true)] : [own];
    }
    case 'TableRef': {
      const last = source.name.parts.at(-1);
      return last ? [{ name: last.name, start: source.name.start, end: source.name.end }] : [];
    }
    case 'Join':
      return [...namedSources(source.left, behind), ...namedSources(source.right, behind)];
    case 'Nested':
    case 'Sample':
    case 'Snapshot':
      return namedSources(source.source, behind);
    default:
      return [];
  }
}
