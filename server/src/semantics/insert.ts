import type { Insert } from '../language/ast';
import { appendOnlySink } from '../rules/append-only-sink';
import { duplicateColumn } from '../rules/duplicate-column';
import { insertArity } from '../rules/insert-arity';
import { insertType } from '../rules/insert-type';
import { nondeterministicKey } from '../rules/nondeterministic-key';
import { readsOwnSink } from '../rules/reads-own-sink';
import { written } from '../rules/rule';
import { starIntoSink } from '../rules/star-into-sink';
import { unknownColumn } from '../rules/unknown-column';
import { untypedNull } from '../rules/untyped-null';
import { changesNeedKey } from '../rules/upsert-primary-key';
import { isEndless } from './boundedness';
import type { BoundColumn, TableObject } from './catalog';
import { type Changes, lacksKey, sinkChanges } from './changes';
import { Collector } from './collector';
import type { Context } from './context';
import { bindExpression } from './expressions';
import type { ColumnLineage } from './lineage';
import { NONE, transformed } from './origins';
import { hintedOptions, QueryBinder } from './queries';
import { type Relation, type RelationColumn, Scope } from './scope';
import { canStore, isUnknown, sameType, storesUnchanged, withNullable } from './types';

/** INSERT: what goes into which column, by position over the column list or the sink's writable columns. */
export function bindInsert(insert: Insert, context: Context): void {
  const table = context.resolveTable(insert.table.name, 'sink');
  const collector = new Collector();
  const binder = new QueryBinder(context, collector);
  const relation = binder.result(insert.source);
  const persisted = table.columns.filter((c) => c.kind !== 'computed' && !c.virtual);
  const fixed: string[] = [];
  for (const { column, value } of insert.partition?.values ?? []) {
    if (value) {
      if (value.kind === 'NullLiteral') context.report(untypedNull(value));
      bindExpression(value, new Scope([]), binder);
      fixed.push(column.name);
    }
  }
  const named = insert.columns?.map(({ parts }) =>
    parts.length === 1 ? parts[0]!.name : parts.map((p) => p.name).join('.'),
  );
  if (insert.columns && !table.open && !table.contested) {
    insert.columns.forEach((name, i) => {
      const first = name.parts[0]!;
      if (first.name === '') return;
      if (name.parts.length === 1 && persisted.some((c) => c.name === first.name)) {
        context.columns.push({ start: name.start, end: name.end, column: first.name, table: table.node.name });
      } else {
        context.report(
          unknownColumn(
            first,
            insert.table.name.parts.at(-1)!.name,
            persisted.map((c) => c.name),
          ),
        );
      }
      const full = named![i]!;
      if (named!.indexOf(full) < i) context.report(duplicateColumn(name, full));
    });
  }
  const targets = named ?? persisted.map((c) => c.name).filter((name) => !fixed.includes(name));
  const assigned = new Map<string, RelationColumn>();
  relation.columns.forEach((column, i) => {
    const target = targets[i];
    if (target !== undefined) assigned.set(target, column);
  });
  const complete = !relation.open && !table.contested && !(table.open && !named) && !context.broken;
  if (complete && relation.columns.length !== targets.length) {
    context.report(
      insertArity(insert.source, insert.table.name.parts.at(-1)!.name, targets.length, relation.columns.length),
    );
  } else if (complete) {
    checkTypes(insert, targets, relation.columns, persisted, context);
  }
  giveHints(insert, table, relation, collector, context, binder.batch);
  if (!binder.batch) checkKey(insert, table, targets, relation, context);
  checkChanges(insert, table, relation.changes, context);
  const columns = table.open
    ? relation.columns.map((column, i) => ({
        column: targets[i] ?? column.name,
        from: column.from,
        ...writtenAs(column),
      }))
    : sinkLineage(persisted, assigned);
  const sinkOptions = hintedOptions(insert.table.hints);
  context.lineage.push({
    sink: table.node.name,
    ...(sinkOptions ? { sinkOptions } : {}),
    start: insert.keyword,
    end: insert.end,
    columns,
    indirect: collector.indirect,
    sources: collector.sources,
    partial: collector.partial || table.open || relation.open !== undefined,
  });
}

/** A sink that only appends does not take rows that are replaced later. */
function checkChanges(insert: Insert, table: TableObject, changes: Changes, context: Context): void {
  if (changes === 'change' && lacksKey(table.node))
    context.reportPlanned(changesNeedKey(insert.table.name, table.node.options.connector!));
  if (changes !== 'change' || sinkChanges(table.node) !== 'append') return;
  const { connector, format, 'value.format': valueFormat } = table.node.options;
  const what = [connector, format ?? valueFormat].filter((word) => word !== undefined).join(', ');
  context.reportPlanned(appendOnlySink(insert.table.name, insert.table.name.parts.at(-1)!.name, what));
}

function giveHints(
  insert: Insert,
  table: TableObject,
  relation: Relation,
  collector: Collector,
  context: Context,
  batch: boolean,
): void {
  const name = table.node.name;
  const reads = collector.sources.some((s) => s.table === name && s.role === 'scan');
  if (insert.mode === 'INTO' && reads && !batch && isEndless(table.node.options)) {
    context.report(readsOwnSink(insert.table.name, insert.table.name.parts.map((p) => p.name).join('.')));
  }
  const body = insert.source.body;
  if (body.kind !== 'Select' || body.items.length !== 1 || table.open) return;
  const star = body.items[0]!.expr;
  if (star.kind !== 'Star' || body.from?.kind === 'DerivedTable' || insert.source.with) return;
  const plain = star.qualifier.length === 0 && body.from?.kind === 'TableRef' && !relation.open;
  context.report(starIntoSink(star, plain ? relation.columns.map((c) => written(c.name)) : undefined));
}

/** A primary key that is another one each time keeps no row up to date. */
function checkKey(
  insert: Insert,
  table: TableObject,
  targets: readonly string[],
  relation: Relation,
  context: Context,
): void {
  if (!table.node.primaryKey || table.contested) return;
  const { body } = insert.source;
  const plain = body.kind === 'Select' && !body.items.some(({ expr }) => expr.kind === 'Star');
  for (const [index, column] of relation.columns.entries()) {
    const target = targets[index];
    const call = column.unstable ?? (column.type.time === 'proctime' ? 'PROCTIME' : undefined);
    if (!call || target === undefined || !table.node.primaryKey.includes(target)) continue;
    const range = plain ? body.items[index]!.expr : insert.table.name;
    context.report(nondeterministicKey(range, call, target, insert.table.name.parts.at(-1)!.name));
  }
}

/**
 * Where a sink's columns get their values. When one column needs a cast, Flink casts the whole row to the sink's types,
 * all of them nullable: columns of another type, NOT NULL ones and time attributes are transformed then.
 */
export function sinkLineage(
  sink: readonly BoundColumn[],
  assigned: ReadonlyMap<string, RelationColumn>,
): ColumnLineage[] {
  const casts = sink.some((column) => {
    const source = assigned.get(column.name);
    return source !== undefined && !storesUnchanged(source.type, withNullable(column.type, true));
  });
  return sink.map((column) => {
    const source = assigned.get(column.name);
    if (!source) return { column: column.name, from: NONE };
    const same = !casts || (sameType(source.type, withNullable(column.type, true)) && !source.type.time);
    const from = same || isUnknown(source.type) ? source.from : transformed(source.from);
    return { column: column.name, from, ...writtenAs(source) };
  });
}

function writtenAs({ expression }: RelationColumn): { expression?: string } {
  return expression === undefined ? {} : { expression };
}

function checkTypes(
  insert: Insert,
  targets: readonly string[],
  columns: readonly RelationColumn[],
  known: readonly BoundColumn[],
  context: Context,
): void {
  for (let i = 0; i < columns.length; i++) {
    const name = targets[i]!;
    const sink = known[i]?.name === name ? known[i] : known.find((c) => c.name === name);
    const source = columns[i]!;
    if (!sink || canStore(source.type, sink.type)) continue;
    const body = insert.source.body;
    const item = body.kind === 'Select' && !body.items.some((x) => x.expr.kind === 'Star') ? body.items[i] : undefined;
    context.report(insertType(item ?? insert.source, sink.name, sink.type, source.name, source.type));
    return;
  }
}
