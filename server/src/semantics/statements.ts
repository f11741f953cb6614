/** What each kind of statement defines, reads and writes. */
import type {
  AlterObject,
  AlterTable,
  Command,
  CreateMaterializedTable,
  CreateTable,
  CreateView,
  DropObject,
  Expression,
  Identifier,
  Name,
  Query,
  Statement,
  Update,
  Use,
} from '../language/ast';
import { duplicateColumn } from '../rules/duplicate-column';
import { duplicateObject } from '../rules/duplicate-object';
import { insertType } from '../rules/insert-type';
import { since } from '../rules/since';
import { temporaryFunction } from '../rules/temporary-function';
import { unknownColumn } from '../rules/unknown-column';
import { unknownObject } from '../rules/unknown-object';
import { viewColumns } from '../rules/view-columns';
import { type BoundColumn, type CatalogObject, DROPPED, fullName, keyParts, keys, type TableObject } from './catalog';
import { Collector } from './collector';
import type { Context, Path } from './context';
import { bindExpression } from './expressions';
import { checkNoAggregate } from './group-check';
import { bindInsert, sinkLineage } from './insert';
import type { ColumnLineage, StatementLineage, TableNode } from './lineage';
import { checkOptions, checkSecrets } from './option-check';
import { NONE } from './origins';
import { QueryBinder, relationOf } from './queries';
import { type Relation, type RelationColumn, Scope } from './scope';
import {
  addConstraints,
  addDefinitions,
  addQueryColumns,
  addWatermark,
  bindComputed,
  draftOf,
  emptyDraft,
  finishTable,
  likeDraft,
  nodeColumn,
  optionsOf,
  orderColumns,
  setOptions,
  type TableDraft,
} from './tables';
import { canStore, typeOf, UNKNOWN } from './types';

/** Binds one statement: its findings, references, lineage and effects go into the context. */
export function bindStatement(statement: Statement, context: Context): void {
  switch (statement.kind) {
    case 'QueryStatement': {
      const collector = new Collector();
      const relation = new QueryBinder(context, collector).result(statement.query);
      context.lineage.push(lineageOf(undefined, statement, relation, collector));
      return;
    }
    case 'Insert':
      bindInsert(statement, context);
      return;
    case 'Update':
      bindUpdate(statement, context);
      return;
    case 'Delete': {
      const table = context.resolveTable(statement.table.name, 'sink');
      const scope = aliasScope(table, statement.alias);
      const collector = new Collector();
      collector.include(table);
      if (statement.where) bindWhere(statement.where, scope, new QueryBinder(context, collector));
      const relation = {
        ...relationOf(table),
        columns: relationOf(table).columns.filter((c) => isPersisted(table, c.name)),
      };
      context.lineage.push(lineageOf(table.node.name, statement, relation, collector));
      return;
    }
    case 'StatementSet':
      for (const inner of statement.statements) if (inner.kind === 'Insert') bindInsert(inner, context);
      return;
    case 'Wrapping':
      bindStatement(statement.statement, context);
      return;
    case 'CreateTable':
      bindCreateTable(statement, context);
      return;
    case 'CreateView':
      bindCreateView(statement, context);
      return;
    case 'CreateMaterializedTable':
      bindCreateMaterializedTable(statement, context);
      return;
    case 'CreateCatalog': {
      const options = optionsOf(statement.options);
      checkSecrets(statement.options, context);
      const name = statement.name.name;
      if (name === '') return;
      const known = context.catalog(name);
      if (known && !known.failed) {
        if (!statement.ifNotExists) context.report(duplicateObject(statement.name, 'Catalog', name));
        return;
      }
      const catalog: CatalogObject = {
        name,
        inMemory: options.type === 'generic_in_memory',
        defaultDatabase: options['default-database'] ?? 'default',
        ...(context.broken ? { failed: true } : {}),
      };
      context.change(keys.catalog(name), catalog);
      context.change(keys.database(name, catalog.defaultDatabase), true);
      return;
    }
    case 'CreateDatabase': {
      const [catalog, name] = databaseOf(statement.name, context);
      if (!name) return;
      if (context.hasDatabase(catalog, name)) {
        if (!statement.ifNotExists) context.report(duplicateObject(statement.name, 'Database', name));
        return;
      }
      context.change(keys.database(catalog, name), context.broken ? 'failed' : true);
      return;
    }
    case 'CreateFunction': {
      const name = statement.name.parts.map((p) => p.name).join('.');
      const path = context.path(statement.name.parts);
      if (!path) return;
      const key = statement.system
        ? keys.systemFunction(path.name)
        : keys.function(path.catalog, path.database, path.name);
      if (statement.system) context.change(keys.systemFunctions, true);
      context.change(key, {
        name,
        className: statement.className.value,
        temporary: statement.temporary,
        system: statement.system,
      });
      return;
    }
    case 'CreateModel': {
      modelsSince(statement.name, context);
      const path = context.path(statement.name.parts);
      if (!path) return;
      const columns = (defs: readonly (typeof statement.input)[number][]): BoundColumn[] =>
        defs.map((d) => ({
          name: d.name.name,
          type: d.column.type === 'physical' ? typeOf(d.column.dataType) : UNKNOWN,
          kind: 'physical',
          from: NONE,
        }));
      if (statement.query) new QueryBinder(context, new Collector()).query(statement.query);
      context.change(keys.model(path.catalog, path.database, path.name), {
        name: fullName(path.catalog, path.database, path.name),
        input: columns(statement.input),
        output: columns(statement.output),
      });
      return;
    }
    case 'CreateConnection':
      return;
    case 'DropObject':
      bindDrop(statement, context);
      return;
    case 'AlterTable':
      bindAlterTable(statement, context);
      return;
    case 'AlterObject':
      bindAlterObject(statement, context);
      return;
    case 'SetOption':
      if (!statement.key || !statement.value) return;
      checkSecrets([{ key: statement.key, value: statement.value }], context);
      context.change(keys.setting(statement.key.value), statement.value.value);
      return;
    case 'ResetOption':
      if (statement.key) context.change(keys.setting(statement.key.value), undefined);
      else for (const [key] of context.state.of(keyParts(keys.setting(''))[0]!)) context.change(key, undefined);
      return;
    case 'Use':
      bindUse(statement, context);
      return;
    case 'Command':
      bindCommand(statement, context);
      return;
    case 'EmptyStatement':
    case 'InvalidStatement':
      return;
  }
}

/** Lineage of a query into a sink, columns labelled by the query's own names unless `names` says otherwise. */
export function lineageOf(
  sink: string | undefined,
  range: { start: number; end: number },
  relation: Relation,
  collector: Collector,
  names?: readonly string[],
): StatementLineage {
  const columns: ColumnLineage[] = uniqueNames(relation).map((name, i) => ({
    column: names?.[i] ?? name,
    from: relation.columns[i]!.from,
  }));
  return {
    ...(sink ? { sink } : {}),
    start: range.start,
    end: range.end,
    columns,
    indirect: collector.indirect,
    sources: collector.sources,
    partial: collector.partial || relation.open !== undefined,
  };
}

/** Lineage of a query into the table that it creates: a column that the query does not give is left empty. */
function createdLineage(
  sink: string | undefined,
  range: { start: number; end: number },
  draft: TableDraft,
  relation: Relation,
  collector: Collector,
): StatementLineage {
  if (draft.open) return lineageOf(sink, range, relation, collector);
  const given = new Map(relation.columns.map((c) => [c.name, c]));
  const columns = draft.columns
    .filter((c) => c.kind !== 'computed' && !c.virtual)
    .map((c) => ({ name: c.name, type: c.type, from: given.get(c.name)?.from ?? NONE }));
  return lineageOf(sink, range, { columns }, collector);
}

/** Names that occur again get a number, as the planner gives them: from 0, or of columns of VALUES from their place. */
export function uniqueNames(relation: Relation): string[] {
  const used: string[] = [];
  for (const column of relation.columns) {
    let name = column.name;
    for (let i = relation.ofValues ? used.length : 0; used.includes(name); i++) name = `${column.name}${i}`;
    used.push(name);
  }
  return used;
}

function withUniqueNames(relation: Relation): Relation {
  const names = uniqueNames(relation);
  return {
    ...relation,
    columns: relation.columns.map((c, i) => (c.name === names[i] ? c : { ...c, name: names[i]! })),
  };
}

/** The condition of DELETE and UPDATE. */
function bindWhere(where: Expression, scope: Scope, binder: QueryBinder): void {
  binder.condition(where, 'WHERE', 'filter', scope);
  checkNoAggregate(where, 'WHERE', binder.context);
}

function bindUpdate(statement: Update, context: Context): void {
  const table = context.resolveTable(statement.table.name, 'sink');
  const collector = new Collector();
  const binder = new QueryBinder(context, collector);
  collector.include(table);
  const scope = aliasScope(table, statement.alias);
  if (statement.where) bindWhere(statement.where, scope, binder);
  const values = new Map<string, RelationColumn>(relationOf(table).columns.map((c) => [c.name, c]));
  const assigned: ColumnLineage[] = [];
  for (const { column, value } of statement.assignments) {
    const name = column.parts.map((p) => p.name).join('.');
    const bound = bindExpression(value, scope, binder);
    bindExpression({ kind: 'ColumnRef', start: column.start, end: column.end, parts: column.parts }, scope, binder);
    if (assigned.some((a) => a.column === name)) context.report(duplicateColumn(column, name));
    const target = table.columns.find((c) => c.name === name);
    if (target && !canStore(bound.type, target.type)) {
      context.report(insertType(value, name, target.type, context.slice(value), bound.type));
    }
    values.set(name, { name, type: bound.type, from: bound.from });
    assigned.push({ column: name, from: bound.from });
  }
  const kept = sinkLineage(
    table.columns.filter((c) => isPersisted(table, c.name)),
    values,
  );
  context.lineage.push({
    sink: table.node.name,
    start: statement.start,
    end: statement.end,
    columns: table.open ? assigned : kept,
    indirect: collector.indirect,
    sources: collector.sources,
    partial: collector.partial || table.open,
  });
}

/** Whether a table keeps the column: it is neither computed nor read-only metadata. */
function isPersisted(table: TableObject, name: string): boolean {
  const column = table.columns.find((c) => c.name === name);
  return column !== undefined && column.kind !== 'computed' && !column.virtual;
}

function aliasScope(table: TableObject, alias: Identifier | undefined): Scope {
  const path = table.node.name.split('.');
  return new Scope([{ alias: alias?.name ?? path[path.length - 1]!, path, relation: relationOf(table) }]);
}

// ----------------------------------------------------------------------------------------------------------- create

function bindCreateTable(statement: CreateTable, context: Context): void {
  const path = context.path(statement.name.parts);
  let draft = emptyDraft();
  if (statement.like) {
    const source = context.resolveTable(statement.like.table, 'source');
    draft = likeDraft(source, statement.like);
  }
  setOptions(draft, statement.options);
  // the query's columns are there before keys, partitions and watermark are looked at
  let relation: Relation | undefined;
  const collector = new Collector();
  if (statement.query) relation = withUniqueNames(new QueryBinder(context, collector).result(statement.query));
  if (relation) addQueryColumns(draft, relation, statement);
  addDefinitions(draft, statement, statement.like, context);
  if (relation) {
    const { flinkVersion } = context.environment;
    const defines = statement.columns.length > 0 || statement.watermark || statement.distribution;
    if (flinkVersion === '1.20' && defines) {
      const range = { start: statement.start, end: statement.name.end };
      context.report(since(range, 'Columns, watermark and distribution beside AS', '2.0', flinkVersion));
    }
    checkCreated(statement, draft, relation, context);
    orderColumns(draft, statement);
    const sink = path && fullName(path.catalog, path.database, path.name);
    context.lineage.push(createdLineage(sink, statement, draft, relation, collector));
  }
  checkOptions(statement, draft, context);
  if (context.broken && draft.columns.length === 0) draft.open = true;
  if (!path) return;
  const table = finishTable(draft, path, 'table', statement.temporary, context.text);
  define(statement, path, table, statement.orReplace || statement.replace, context);
}

/** Columns that are written and that the query gives too must take the query's values. */
function checkCreated(statement: CreateTable, draft: TableDraft, relation: Relation, context: Context): void {
  for (const { name } of statement.columns) {
    const column = draft.columns.find((c) => c.name === name.name && c.kind === 'physical');
    const given = relation.columns.find((c) => c.name === name.name);
    if (column && given && !canStore(given.type, column.type))
      context.report(insertType(name, name.name, column.type, given.name, given.type));
  }
}

function bindCreateView(statement: CreateView, context: Context): void {
  const path = context.path(statement.name.parts);
  const collector = new Collector();
  context.definesView = true;
  const relation = new QueryBinder(context, collector).query(statement.query);
  if (!path) return;
  const name = fullName(path.catalog, path.database, path.name);
  const named = statement.columns.length;
  if (named > 0 && named !== relation.columns.length && !relation.open && !context.broken) {
    const range = { start: statement.columns[0]!.start, end: statement.columns[named - 1]!.end };
    context.report(viewColumns(range, named, relation.columns.length));
  }
  if (named === 0 && !relation.open) reportDuplicates(statement.query, relation, context);
  const names = uniqueNames(relation).map((own, i) => statement.columns[i]?.name.name ?? own);
  const columns: BoundColumn[] = relation.columns.map((column, i) => ({
    name: names[i]!,
    type: column.type,
    kind: 'physical',
    from: column.from,
    ...(column.unstable ? { unstable: column.unstable } : {}),
  }));
  const comments = statement.columns.map((c) => c.comment?.value);
  const node: TableNode = {
    name,
    kind: 'view',
    options: {},
    columns: columns.map((column, i) => nodeColumn(column, comments[i])),
    definition: context.text,
    ...(statement.comment ? { comment: statement.comment.value } : {}),
  };
  const view: TableObject = {
    node,
    columns,
    open: relation.open !== undefined,
    temporary: statement.temporary,
    sources: collector.sources,
    indirect: collector.indirect,
    changes: relation.changes,
    ...viewKey(relation, names),
    planned: context.planned,
  };
  context.lineage.push(lineageOf(name, statement, relation, collector, names));
  define(statement, path, view, statement.orReplace, context);
}

/** A view's key under the names of its columns. */
function viewKey(relation: Relation, names: readonly string[]): Pick<TableObject, 'key'> {
  const key = relation.key?.map((own) => names[relation.columns.findIndex((c) => c.name === own)] ?? own);
  return key ? { key } : {};
}

/** A view without a column list cannot have two columns of one name. */
function reportDuplicates(query: Query, relation: Relation, context: Context): void {
  const seen = new Set<string>();
  const at = relation.columns.findIndex((column) => seen.size === seen.add(column.name).size);
  if (at < 0) return;
  const { body } = query;
  const item = body.kind === 'Select' && !body.items.some((i) => i.expr.kind === 'Star') ? body.items[at] : undefined;
  context.report(duplicateColumn(item?.alias ?? item ?? query, relation.columns[at]!.name));
}

function bindCreateMaterializedTable(statement: CreateMaterializedTable, context: Context): void {
  const path = context.path(statement.name.parts);
  const collector = new Collector();
  const relation = withUniqueNames(new QueryBinder(context, collector).query(statement.query));
  if (!path) return;
  const draft = emptyDraft();
  setOptions(draft, statement.options);
  addQueryColumns(draft, relation, statement);
  addDefinitions(draft, statement, undefined, context);
  orderColumns(draft, statement);
  const table = finishTable(draft, path, 'materialized table', false, context.text);
  context.lineage.push(createdLineage(table.node.name, statement, draft, relation, collector));
  define({ ...statement, temporary: false }, path, table, statement.orAlter, context);
}

/** Puts a table in its catalog, unless one of its name is there already. */
function define(
  statement: { readonly name: Name; readonly temporary: boolean; readonly ifNotExists: boolean },
  path: Path,
  table: TableObject,
  replaces: boolean,
  context: Context,
): void {
  const key = (statement.temporary ? keys.temporaryTable : keys.table)(path.catalog, path.database, path.name);
  context.tables.push({
    start: statement.name.start,
    end: statement.name.end,
    name: table.node.name,
    role: 'definition',
    table: table.node,
  });
  const failed = context.broken || context.problems.some((p) => p.severity === 'error' && p.origin === 'semantics');
  if (!replaces) {
    const known = context.own(key);
    if (known && known !== DROPPED && (failed || !(known as TableObject).failed)) {
      if (!statement.ifNotExists && !(known as TableObject).failed) {
        const what = table.node.kind === 'view' ? 'View' : 'Table';
        context.report(duplicateObject(statement.name, what, statement.name.parts.map((p) => p.name).join('.')));
        context.change(key, { ...(known as TableObject), contested: true });
      }
      // what is there stays, and is what later statements see
      context.defines = table.node;
      return;
    }
  }
  context.defines = table.node;
  context.change(key, failed ? { ...table, open: table.open || context.broken, failed } : table);
}

// ------------------------------------------------------------------------------------------------- drop and alter

function bindDrop(statement: DropObject, context: Context): void {
  const name = statement.name;
  switch (statement.object) {
    case 'TABLE':
    case 'VIEW':
    case 'MATERIALIZED TABLE': {
      const path = context.path(name.parts);
      if (!path) return;
      if (statement.ifExists) noteMention(name, path, context);
      else context.resolveTable(name, 'mention');
      // a temporary object must be dropped as such before the permanent one it hides
      const hidden = !statement.temporary && context.table(path)?.temporary;
      const key = (statement.temporary ? keys.temporaryTable : keys.table)(path.catalog, path.database, path.name);
      if (!hidden) context.change(key, DROPPED);
      return;
    }
    case 'CATALOG': {
      const catalog = name.parts[0]?.name ?? '';
      if (catalog === '') return;
      if (!statement.ifExists && !context.catalog(catalog)) reportUnknownCatalog(name, catalog, context);
      // Flink keeps the catalog in use
      if (catalog !== context.currentCatalog) context.change(keys.catalog(catalog), undefined);
      return;
    }
    case 'DATABASE': {
      const [catalog, database] = databaseOf(name, context);
      if (!database) return;
      if (!statement.ifExists) checkDatabase(name, catalog, database, context);
      const inUse = catalog === context.currentCatalog && database === context.currentDatabase;
      if (!inUse) context.change(keys.database(catalog, database), undefined);
      return;
    }
    case 'FUNCTION': {
      const path = context.path(name.parts);
      if (!path) return;
      const key = statement.system
        ? keys.systemFunction(path.name)
        : keys.function(path.catalog, path.database, path.name);
      context.change(key, undefined);
      return;
    }
    case 'MODEL': {
      const path = context.path(name.parts);
      if (path && !statement.ifExists) checkModel(name, path, context);
      if (path) context.change(keys.model(path.catalog, path.database, path.name), undefined);
      return;
    }
    case 'CONNECTION':
      return;
  }
}

/** Flink 1.20 parses statements about models, but does not carry them out. */
function modelsSince(range: Name, context: Context): void {
  const { flinkVersion } = context.environment;
  if (flinkVersion === '1.20') context.report(since(range, 'Models', '2.0', flinkVersion));
}

function checkModel(range: Name, path: Path, context: Context): void {
  if (!context.isClosed(path.catalog) || context.view.get(keys.model(path.catalog, path.database, path.name))) return;
  const known = [...context.state.of('model')].map(([key]) => keyParts(key)[3]!);
  context.report(unknownObject(range, 'Model', path.name, known));
}

function noteMention(name: Name, path: Path, context: Context): void {
  const table = context.table(path);
  context.tables.push({
    start: name.start,
    end: name.end,
    name: fullName(path.catalog, path.database, path.name),
    role: 'mention',
    ...(table ? { table: table.node } : {}),
  });
}

function bindAlterTable(statement: AlterTable, context: Context): void {
  const path = context.path(statement.name.parts);
  if (!path) return;
  let table = context.table(path);
  if (table || statement.ifExists || statement.action.includes('PARTITION')) noteMention(statement.name, path, context);
  else table = context.resolveTable(statement.name, 'mention');
  if (!table || table.node.kind === 'unknown') {
    const draft = emptyDraft();
    draft.open = true;
    addConstraints(draft, statement, context);
    if (statement.query) new QueryBinder(context, new Collector()).query(statement.query);
    return;
  }
  const key = table.temporary ? keys.temporaryTable : keys.table;
  const draft = draftOf(table);
  let target = path;
  switch (statement.action) {
    case 'RENAME': {
      const to = statement.newName && context.path(statement.newName.parts);
      if (!to) return;
      // the new name stands in the old one's database when it is written without
      target = statement.newName!.parts.length === 1 ? { ...path, name: to.name } : to;
      context.change(key(path.catalog, path.database, path.name), DROPPED);
      break;
    }
    case 'RENAME COLUMN': {
      const from = statement.names[0]?.parts.at(-1)?.name;
      const to = statement.names[1]?.parts.at(-1)?.name ?? statement.newName?.parts.at(-1)?.name;
      if (!from || !to) return;
      checkColumns(draft, statement.names.slice(0, 1), context);
      draft.columns = draft.columns.map((c) => (c.name === from ? { ...c, name: to } : c));
      draft.primaryKey = draft.primaryKey?.map((c) => (c === from ? to : c));
      draft.partitionKeys = draft.partitionKeys.map((c) => (c === from ? to : c));
      break;
    }
    case 'SET':
      checkSecrets(statement.options, context);
      setOptions(draft, statement.options);
      break;
    case 'RESET': {
      const keysToReset = new Set(statement.keys.map((k) => k.value));
      draft.options = Object.fromEntries(Object.entries(draft.options).filter(([k]) => !keysToReset.has(k)));
      break;
    }
    case 'ADD':
    case 'MODIFY':
      alterColumns(statement, draft, context);
      break;
    case 'DROP COLUMN':
    case 'DROP': {
      checkColumns(draft, statement.names, context);
      const gone = new Set(statement.names.map((n) => n.parts.at(-1)?.name));
      draft.columns = draft.columns.filter((c) => !gone.has(c.name));
      break;
    }
    case 'DROP PRIMARY KEY':
    case 'DROP CONSTRAINT':
      draft.primaryKey = undefined;
      break;
    case 'DROP WATERMARK':
      draft.watermark = undefined;
      break;
    case 'AS': {
      if (!statement.query) return;
      const collector = new Collector();
      const relation = new QueryBinder(context, collector).query(statement.query);
      context.lineage.push(lineageOf(table.node.name, statement, relation, collector));
      break;
    }
    default:
      return;
  }
  const changed = finishTable(draft, target, table.node.kind, table.temporary, table.node.definition ?? context.text);
  context.defines = changed.node;
  context.change(key(target.catalog, target.database, target.name), changed);
}

/** Columns that an ALTER changes must be there. */
function checkColumns(draft: ReturnType<typeof draftOf>, names: readonly Name[], context: Context): void {
  if (draft.open) return;
  for (const name of names) {
    const part = name.parts[0];
    if (!part || name.parts.length > 1 || part.name === '' || draft.columns.some((c) => c.name === part.name)) continue;
    context.report(
      unknownColumn(
        part,
        undefined,
        draft.columns.map((c) => c.name),
      ),
    );
  }
}

function alterColumns(statement: AlterTable, draft: ReturnType<typeof draftOf>, context: Context): void {
  const computed = [];
  for (const def of statement.columns) {
    const name = def.name.name;
    if (name === '') continue;
    // a nested field changes the type of its column, which is not worked out here
    if (def.path.parts.length > 1) {
      const root = def.path.parts[0]!.name;
      draft.columns = draft.columns.map((c) => (c.name === root ? { ...c, type: UNKNOWN } : c));
      continue;
    }
    const column: BoundColumn = {
      name,
      type: def.column.type === 'physical' || def.column.type === 'metadata' ? typeOf(def.column.dataType) : UNKNOWN,
      kind: def.column.type === 'name' ? 'physical' : def.column.type,
      ...(def.column.type === 'metadata' && def.column.virtual ? { virtual: true } : {}),
      from: NONE,
    };
    if (def.column.type === 'computed') computed.push(def);
    if (def.comment) draft.comments.set(name, def.comment.value);
    const at = draft.columns.findIndex((c) => c.name === name);
    const place = def.position;
    if (!draft.open && statement.action === 'ADD' && at >= 0) context.report(duplicateColumn(def.name, name));
    if (statement.action === 'MODIFY') checkColumns(draft, [def.path], context);
    if (place && place !== 'FIRST' && !draft.open && !draft.columns.some((c) => c.name === place.name)) {
      context.report(
        unknownColumn(
          place,
          undefined,
          draft.columns.map((c) => c.name),
        ),
      );
    }
    if (at >= 0 && !place) {
      draft.columns[at] = column;
      continue;
    }
    if (at >= 0) draft.columns.splice(at, 1);
    const after = place && place !== 'FIRST' ? draft.columns.findIndex((c) => c.name === place.name) : -1;
    if (place === 'FIRST') draft.columns.unshift(column);
    else if (after >= 0) draft.columns.splice(after + 1, 0, column);
    else draft.columns.push(column);
  }
  bindComputed(draft, computed, context);
  addConstraints(draft, statement, context);
  if (statement.watermark) addWatermark(draft, statement.watermark, context);
}

function bindAlterObject(statement: AlterObject, context: Context): void {
  if (statement.object === 'MODEL') modelsSince(statement.name, context);
  if (statement.object === 'MODEL' && !statement.ifExists) {
    const path = context.path(statement.name.parts);
    if (path) checkModel(statement.name, path, context);
  }
  if (statement.object === 'FUNCTION' && statement.temporary) context.report(temporaryFunction(statement));
  if (statement.object !== 'VIEW') {
    if (statement.query) new QueryBinder(context, new Collector()).query(statement.query);
    return;
  }
  const path = context.path(statement.name.parts);
  if (!path) return;
  const view = context.table(path);
  if (view) noteMention(statement.name, path, context);
  else context.resolveTable(statement.name, 'mention');
  const key = view?.temporary ? keys.temporaryTable : keys.table;
  if (statement.action === 'RENAME' && view && statement.newName) {
    const to = context.path(statement.newName.parts);
    if (!to) return;
    const target = statement.newName.parts.length === 1 ? { ...path, name: to.name } : to;
    const name = fullName(target.catalog, target.database, target.name);
    context.change(key(path.catalog, path.database, path.name), DROPPED);
    context.change(key(target.catalog, target.database, target.name), { ...view, node: { ...view.node, name } });
    return;
  }
  if (!statement.query) return;
  const collector = new Collector();
  context.definesView = true;
  const relation = new QueryBinder(context, collector).query(statement.query);
  const name = fullName(path.catalog, path.database, path.name);
  const names = uniqueNames(relation);
  const columns: BoundColumn[] = relation.columns.map((c, i) => ({
    name: names[i]!,
    type: c.type,
    kind: 'physical',
    from: c.from,
  }));
  const node: TableNode = {
    name,
    kind: 'view',
    options: {},
    columns: columns.map((c) => nodeColumn(c, undefined)),
    definition: context.text,
  };
  context.defines = node;
  context.lineage.push(lineageOf(name, statement, relation, collector));
  context.change(key(path.catalog, path.database, path.name), {
    node,
    columns,
    open: relation.open !== undefined,
    temporary: view?.temporary ?? false,
    sources: collector.sources,
    indirect: collector.indirect,
    changes: relation.changes,
    ...viewKey(relation, names),
    planned: context.planned,
  });
}

// ------------------------------------------------------------------------------------------------- catalog in use

function databaseOf(name: Name, context: Context): [string, string | undefined] {
  const names = name.parts.map((p) => p.name).filter((n) => n !== '');
  return names.length > 1 ? [names[0]!, names[1]] : [context.currentCatalog, names[0]];
}

function checkDatabase(range: Name, catalog: string, database: string, context: Context): boolean {
  // also one whose CREATE DATABASE has errors: they are told there
  if (!context.isClosed(catalog) || context.view.get(keys.database(catalog, database)) !== undefined) return true;
  const known: string[] = [];
  for (const [key] of context.state.of('database')) {
    const [, of, name] = keyParts(key);
    if (of === catalog) known.push(name!);
  }
  context.report(unknownObject(range, 'Database', database, known));
  return false;
}

function reportUnknownCatalog(range: Name | Identifier, catalog: string, context: Context): void {
  // a cluster may have catalogs that no script creates
  if (!context.environment.strict) return;
  const known = [...context.state.of('catalog')].map(([key]) => keyParts(key)[1]!);
  context.report(unknownObject(range, 'Catalog', catalog, known));
}

function bindUse(statement: Use, context: Context): void {
  const name = statement.names[0];
  if (!name) return;
  if (statement.object === 'MODULES') {
    context.change(keys.modules, true);
    return;
  }
  if (statement.object === 'CATALOG') {
    const catalog = name.parts[0]?.name ?? '';
    if (catalog === '') return;
    const known = context.catalog(catalog);
    if (!known) {
      reportUnknownCatalog(name, catalog, context);
      if (context.environment.strict) return;
    }
    // its own statement says what is wrong; Flink stays in the catalog in use
    if (known?.failed && context.environment.strict) return;
    context.change(keys.currentCatalog, catalog);
    context.change(keys.currentDatabase, known?.defaultDatabase ?? 'default');
    return;
  }
  const [catalog, database] = databaseOf(name, context);
  if (!database || !checkDatabase(name, catalog, database, context)) return;
  context.change(keys.currentCatalog, catalog);
  context.change(keys.currentDatabase, database);
}

/** Commands that Flink refuses to plan when the table is not there; others find out when they run. */
const NEEDS_TABLE = /^(TRUNCATE|ANALYZE)/;

function bindCommand(statement: Command, context: Context): void {
  if (statement.verb === 'LOAD MODULE') context.change(keys.modules, true);
  for (const { object, name } of statement.names) {
    const path = context.path(name.parts);
    if (object === 'model' && statement.verb === 'SHOW CREATE MODEL') {
      modelsSince(name, context);
      if (path) checkModel(name, path, context);
    }
    if (object !== 'table' && object !== 'view') continue;
    if (!path) continue;
    if (NEEDS_TABLE.test(statement.verb)) context.resolveTable(name, 'mention');
    else noteMention(name, path, context);
  }
  const scope = new Scope([]);
  if (statement.verb === 'CALL') {
    const call = statement.exprs[0];
    const parts = call?.kind === 'Call' ? call.name.parts : [];
    const catalog = parts.length > 2 ? parts[0]! : undefined;
    if (catalog && catalog.name !== '' && !context.catalog(catalog.name)) {
      reportUnknownCatalog(catalog, catalog.name, context);
    }
    return;
  }
  const binder = new QueryBinder(context, new Collector());
  for (const expression of statement.exprs) bindExpression(expression, scope, binder);
}
