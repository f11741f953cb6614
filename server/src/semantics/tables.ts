/** Tables as their DDL describes them: columns, keys, options, LIKE and ALTER. */
import type {
  ColumnDef,
  CreateMaterializedTable,
  CreateTable,
  LikeClause,
  LikeOption,
  Property,
  TableConstraint,
  Watermark,
} from '../language/ast';
import { enforcedKey, secondKey, uniqueConstraint } from '../rules/constraint';
import { duplicateColumn, duplicateMetadata } from '../rules/duplicate-column';
import { primaryKeyColumn } from '../rules/primary-key';
import { unknownColumn } from '../rules/unknown-column';
import { watermarkColumn, watermarkExpression, watermarkProctime } from '../rules/watermark';
import type { BoundColumn, TableObject } from './catalog';
import { fullName } from './catalog';
import { Collector } from './collector';
import type { Context, Path } from './context';
import { checkType } from './data-type';
import { bindExpression } from './expressions';
import type { TableColumn, TableNode } from './lineage';
import { NONE, origin } from './origins';
import { QueryBinder } from './queries';
import { type Relation, Scope } from './scope';
import {
  isTimestamp,
  isUnknown,
  type LogicalType,
  printType,
  typeOf,
  UNKNOWN,
  withNullable,
  withoutTime,
  withTime,
} from './types';

/** A table while it is put together. */
export interface TableDraft {
  columns: BoundColumn[];
  comments: Map<string, string>;
  options: Record<string, string>;
  primaryKey: readonly string[] | undefined;
  partitionKeys: readonly string[];
  watermark: TableNode['watermark'];
  comment: string | undefined;
  open: boolean;
}

export function emptyDraft(): TableDraft {
  return {
    columns: [],
    comments: new Map(),
    options: {},
    primaryKey: undefined,
    partitionKeys: [],
    watermark: undefined,
    comment: undefined,
    open: false,
  };
}

/** The draft that an existing table starts from. */
export function draftOf(table: TableObject): TableDraft {
  const node = table.node;
  return {
    columns: [...table.columns],
    comments: new Map(node.columns.flatMap((c) => (c.comment === undefined ? [] : [[c.name, c.comment] as const]))),
    options: { ...node.options },
    primaryKey: node.primaryKey,
    partitionKeys: node.partitionKeys ?? [],
    watermark: node.watermark,
    comment: node.comment,
    open: table.open,
  };
}

/** The table that a draft describes, in its catalog. */
export function finishTable(
  draft: TableDraft,
  path: Path,
  kind: TableNode['kind'],
  temporary: boolean,
  definition: string,
): TableObject {
  const name = fullName(path.catalog, path.database, path.name);
  const keyed = new Set(draft.primaryKey);
  const timed = draft.columns.map((column): BoundColumn => {
    // a primary key's columns are NOT NULL, and a watermark makes an event time of its column
    let type = keyed.has(column.name) ? withNullable(column.type, false) : column.type;
    if (column.name === draft.watermark?.column && isTimestamp(type)) type = withTime(type, 'rowtime');
    const from =
      column.kind === 'computed'
        ? column.from.map((o) => (o.table === '' ? { ...o, table: name } : o))
        : origin(name, column.name);
    return { ...column, type, from };
  });
  const node: TableNode = {
    name,
    kind,
    options: draft.options,
    columns: timed.map((column) => nodeColumn(column, draft.comments.get(column.name))),
    definition,
    ...(draft.comment === undefined ? {} : { comment: draft.comment }),
    ...(draft.primaryKey ? { primaryKey: draft.primaryKey } : {}),
    ...(draft.partitionKeys.length > 0 ? { partitionKeys: draft.partitionKeys } : {}),
    ...(draft.watermark ? { watermark: draft.watermark } : {}),
  };
  return {
    node,
    columns: timed,
    open: draft.open,
    temporary,
    sources: [{ table: name, role: 'scan' }],
    indirect: [],
  };
}

export function nodeColumn(column: BoundColumn, comment: string | undefined): TableColumn {
  const type = printType(column.type);
  return {
    name: column.name,
    kind: column.kind,
    ...(type ? { type } : {}),
    ...(column.virtual ? { virtual: true } : {}),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** The written columns, constraints and watermark of a CREATE TABLE added to a draft. */
export function addDefinitions(
  draft: TableDraft,
  written: Pick<CreateTable, 'columns' | 'constraints' | 'watermark' | 'partitionedBy' | 'comment' | 'distribution'>,
  like: LikeClause | undefined,
  context: Context,
): void {
  const overwriting = new Set(like?.options.filter((o) => o.merge === 'OVERWRITING').map((o) => o.feature));
  const inherited = new Set(draft.columns.map((c) => c.name));
  const seen = new Set<string>();
  const computed: ColumnDef[] = [];
  const metadata = new Set<string>();
  for (const def of written.columns) {
    const name = def.name.name;
    if (name === '' || def.column.type === 'name') continue;
    if (seen.has(name)) {
      context.report(duplicateColumn(def.name, name));
      continue;
    }
    seen.add(name);
    const column = writtenColumn(def);
    if (inherited.has(name)) {
      const at = draft.columns.findIndex((c) => c.name === name);
      const kind = draft.columns[at]!.kind;
      const may =
        (kind === 'computed' && column.kind === 'computed' && overwriting.has('GENERATED')) ||
        (kind === 'metadata' && column.kind === 'metadata' && overwriting.has('METADATA')) ||
        overwriting.has('ALL');
      if (!may && like && !draft.open) context.report(duplicateColumn(def.name, name));
      draft.columns[at] = column;
    } else {
      draft.columns.push(column);
    }
    if (def.comment) draft.comments.set(name, def.comment.value);
    if (def.column.type === 'computed') computed.push(def);
    else checkType(def.column.dataType, context);
    if (def.column.type === 'metadata') {
      const key = def.column.from?.value ?? name;
      if (metadata.has(key)) context.report(duplicateMetadata(def.name, key));
      metadata.add(key);
    }
  }
  bindComputed(draft, computed, context);
  addConstraints(draft, written, context);
  for (const column of written.distribution?.columns ?? []) checkColumn(draft, column, context);
  if (written.watermark) addWatermark(draft, written.watermark, context);
  if (written.partitionedBy.length > 0) {
    for (const key of written.partitionedBy) checkColumn(draft, key, context);
    draft.partitionKeys = written.partitionedBy.map((k) => k.name).filter((n) => n !== '');
  }
  if (written.comment) draft.comment = written.comment.value;
}

function writtenColumn(def: ColumnDef): BoundColumn {
  const name = def.name.name;
  switch (def.column.type) {
    case 'physical':
      return { name, type: typeOf(def.column.dataType), kind: 'physical', from: NONE };
    case 'metadata':
      return {
        name,
        type: typeOf(def.column.dataType),
        kind: 'metadata',
        ...(def.column.virtual ? { virtual: true } : {}),
        from: NONE,
      };
    case 'computed':
      return { name, type: UNKNOWN, kind: 'computed', from: NONE };
    case 'name':
      return { name, type: UNKNOWN, kind: 'physical', from: NONE };
  }
}

/** Computed columns see the physical and metadata columns, not each other. */
export function bindComputed(draft: TableDraft, defs: readonly ColumnDef[], context: Context): void {
  if (defs.length === 0) return;
  const scope = tableScope(draft, (c) => c.kind !== 'computed');
  const binder = new QueryBinder(context, new Collector());
  for (const def of defs) {
    if (def.column.type !== 'computed') continue;
    const bound = bindExpression(def.column.expr, scope, binder);
    const at = draft.columns.findIndex((c) => c.name === def.name.name);
    if (at >= 0) draft.columns[at] = { ...draft.columns[at]!, type: bound.type, from: bound.from };
  }
}

/** The columns of the table itself; their origins get the table's name when it is finished. */
function tableScope(draft: TableDraft, which: (column: BoundColumn) => boolean): Scope {
  const columns = draft.columns
    .filter(which)
    .map((c) => ({ name: c.name, type: c.type, from: c.kind === 'computed' ? c.from : origin('', c.name) }));
  const relation: Relation = draft.open ? { columns, open: { table: '' } } : { columns };
  const scope = new Scope([{ alias: '', path: [], relation }]);
  scope.peeks = false;
  return scope;
}

export function addConstraints(
  draft: TableDraft,
  written: { readonly columns: readonly ColumnDef[]; readonly constraints: readonly TableConstraint[] },
  context: Context,
): void {
  let keyed = false;
  const check = (constraint: TableConstraint): boolean => {
    if (constraint.type !== 'PRIMARY KEY') {
      context.report(uniqueConstraint(constraint));
      return false;
    }
    if (keyed) context.report(secondKey(constraint));
    else if (constraint.enforced !== false) context.report(enforcedKey(constraint));
    keyed = true;
    return true;
  };
  for (const def of written.columns) {
    if (def.constraint && check(def.constraint)) draft.primaryKey = [def.name.name];
  }
  for (const constraint of written.constraints) {
    if (!check(constraint)) continue;
    for (const column of constraint.columns) {
      if (!checkColumn(draft, column, context)) continue;
      if (constraint.columns.some((c) => c.name === column.name && c.start < column.start)) {
        context.report(duplicateColumn(column, column.name));
      }
      const found = draft.columns.find((c) => c.name === column.name);
      if (found && found.kind !== 'physical') context.report(primaryKeyColumn(column, column.name));
    }
    draft.primaryKey = constraint.columns.map((c) => c.name).filter((n) => n !== '');
  }
}

function checkColumn(draft: TableDraft, name: { start: number; end: number; name: string }, context: Context): boolean {
  if (name.name === '' || draft.open) return true;
  if (draft.columns.some((c) => c.name === name.name)) {
    context.columns.push({ start: name.start, end: name.end, column: name.name });
    return true;
  }
  context.report(
    unknownColumn(
      name,
      undefined,
      draft.columns.map((c) => c.name),
    ),
  );
  return false;
}

export function addWatermark(draft: TableDraft, watermark: Watermark, context: Context): void {
  const parts = watermark.column.parts;
  const name = parts.map((p) => p.name).join('.');
  const scope = tableScope(draft, () => true);
  const binder = new QueryBinder(context, new Collector());
  if (parts.length === 1 && !checkColumn(draft, parts[0]!, context)) return;
  const bound = bindExpression(watermark.expr, scope, binder);
  const type = draft.columns.find((c) => c.name === name)?.type;
  if (type?.time === 'proctime') context.report(watermarkProctime(watermark.column, name));
  else if (type && !isUnknown(type) && !isRowtime(type)) context.report(watermarkColumn(watermark.column, name, type));
  else if (!isUnknown(bound.type) && !isRowtime(bound.type)) {
    context.report(watermarkExpression(watermark.expr, bound.type));
  }
  draft.watermark = { column: name, expression: context.slice(watermark.expr) };
}

/** A column of this type can carry the event time. */
function isRowtime(type: LogicalType): boolean {
  return (type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ') && type.precision! <= 3;
}

export function setOptions(draft: TableDraft, properties: readonly Property[]): void {
  draft.options = { ...draft.options, ...optionsOf(properties) };
}

export function optionsOf(properties: readonly Property[]): Record<string, string> {
  const options: Record<string, string> = {};
  for (const property of properties) options[property.key.value] = property.value.value;
  return options;
}

/** What LIKE takes over from another table. Without options: everything, and options may be overwritten. */
export function likeDraft(source: TableObject, clause: LikeClause): TableDraft {
  const draft = emptyDraft();
  const base = draftOf(source);
  const takes = (feature: LikeOption['feature']): boolean => {
    let all = true;
    let own: boolean | undefined;
    for (const option of clause.options) {
      const included = option.merge !== 'EXCLUDING';
      if (option.feature === 'ALL') all = included;
      else if (option.feature === feature) own = included;
    }
    return own ?? all;
  };
  draft.columns = base.columns.filter(
    (c) => c.kind === 'physical' || (c.kind === 'computed' ? takes('GENERATED') : takes('METADATA')),
  );
  draft.comments = base.comments;
  draft.open = base.open;
  if (takes('OPTIONS')) draft.options = base.options;
  if (takes('CONSTRAINTS')) draft.primaryKey = base.primaryKey;
  if (takes('PARTITIONS')) draft.partitionKeys = base.partitionKeys;
  if (takes('WATERMARKS')) draft.watermark = base.watermark;
  // the columns are the new table's own now
  const own = new Set(source.node.columns.map((c) => c.name));
  draft.columns = draft.columns.map((c) => ({
    ...c,
    from: c.from.map((o) => (o.table === source.node.name && own.has(o.column) ? { ...o, table: '' } : o)),
  }));
  return draft;
}

/** Puts the columns that are written in front of those that only the query gives, as Flink orders them. */
export function orderColumns(draft: TableDraft, written: CreateTable | CreateMaterializedTable): void {
  const names = written.columns.filter((c) => c.column.type !== 'name').map((c) => c.name.name);
  const first = names.map((n) => draft.columns.find((c) => c.name === n)).filter((c) => c !== undefined);
  const taken = new Set(first.map((c) => c.name));
  draft.columns = [...first, ...draft.columns.filter((c) => !taken.has(c.name))];
}

/** Columns that a query gives to the table it creates. Those that are written too are put in place by `addDefinitions`. */
export function addQueryColumns(
  draft: TableDraft,
  relation: Relation,
  written: CreateTable | CreateMaterializedTable,
): void {
  const names = written.columns.filter((c) => c.column.type === 'name').map((c) => c.name.name);
  const byName = new Map(relation.columns.map((c) => [c.name, c]));
  const ordered =
    names.length === relation.columns.length
      ? names.map((n) => byName.get(n)).filter((c) => c !== undefined)
      : relation.columns;
  for (const column of ordered) {
    draft.columns.push({ name: column.name, type: withoutTime(column.type), kind: 'physical', from: NONE });
  }
  if (relation.open) draft.open = true;
}
