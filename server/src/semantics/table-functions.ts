/** Functions in FROM: window functions, UNNEST, and everything else that makes a table of its arguments. */
import { lookupFunction } from '../knowledge/functions';
import type { Argument, Call, ColumnRef, Expression, Name, NodeBase, TableFunction, Unnest } from '../language/ast';
import { argumentCount } from '../rules/argument-count';
import { argumentTypes } from '../rules/argument-types';
import { noTableFunction } from '../rules/table-function';
import { unknownColumn } from '../rules/unknown-column';
import { unknownObject } from '../rules/unknown-object';
import { windowDescriptor, windowInterval, windowPartition } from '../rules/window-arguments';
import { windowTimeColumn } from '../rules/window-time-column';
import { keyParts, keys, type ModelObject } from './catalog';
import type { Context } from './context';
import { bindExpression } from './expressions';
import { checkFunction } from './function-check';
import { WINDOW_FUNCTIONS } from './functions';
import { checkModelFunction } from './model-functions';
import { NONE, type Origins, transformed, union } from './origins';
import type { QueryBinder } from './queries';
import { type Relation, type RelationColumn, Scope } from './scope';
import { callName, some } from './traverse';
import {
  DOUBLE,
  INT,
  isTimestamp,
  isUnknown,
  type LogicalType,
  STRING,
  timestamp,
  UNKNOWN,
  withNullable,
  withoutTime,
} from './types';

/** What a table function yields; `scope` holds the relations to its left. */
export function bindTableFunction(source: TableFunction, scope: Scope, binder: QueryBinder): Relation {
  const name = callName(source.call);
  if (WINDOW_FUNCTIONS.has(name) && source.call.args.some((a) => tableOf(a))) {
    return bindWindowFunction(source.call, scope, binder);
  }
  const from: Origins[] = [];
  const inputs: Relation[] = [];
  const descriptors: ColumnRef[][] = [];
  let vector: LogicalType | undefined;
  let model: ModelObject | undefined;
  for (const arg of source.call.args) {
    const table = tableOf(arg);
    const modelName = modelOf(arg);
    if (table) inputs.push(bindTableArgument(table, scope, binder));
    else if (modelName) model = resolveModel(modelName, binder.context);
    else if (isDescriptor(arg)) {
      descriptors.push(descriptorColumns(arg));
      checkDescriptor(arg, name, binder.context);
    } else
      for (const e of expressionsOf(arg)) {
        const bound = bindExpression(e, scope, binder);
        vector ??= bound.type;
        from.push(bound.from);
      }
  }
  const builtIn = checkFunction(source.call, binder.context);
  const columns = descriptors.map((list) => list.map((d) => describe(d, inputs, binder)));
  const described = columns.flat();
  if (builtIn) {
    checkModelFunction(source.call, model, columns, vector, binder.context);
    const kinds = lookupFunction(binder.context.environment.flinkVersion, name)?.kinds;
    if (kinds?.length === 1 && kinds[0] === 'scalar' && source.call.parenthesised)
      binder.context.report(noTableFunction(source.call, name));
  }
  if (builtIn && inputs.length > 0) {
    const known = knownTable(name, inputs[0]!, model, described, from);
    if (known) return known;
  }
  for (const input of inputs) for (const column of input.columns) from.push(column.from);
  // the columns of a function are not known here: one that is named later comes from all arguments
  const all = transformed(union(...from));
  return { columns: [], open: { from: all } };
}

/** A column named in DESCRIPTOR must be one of a table argument, and stand there without its table. */
function describe(column: ColumnRef, inputs: readonly Relation[], binder: QueryBinder): RelationColumn | undefined {
  if (column.parts.length > 1) binder.context.report(windowDescriptor(column, 'The function'));
  const part = column.parts.at(-1)!;
  const columns = inputs.flatMap((i) => i.columns);
  const found = columns.find((c) => c.name === part.name);
  if (!found && inputs.length > 0 && !inputs.some((i) => i.open) && part.name !== '') {
    binder.context.report(
      unknownColumn(
        part,
        undefined,
        columns.map((c) => c.name),
      ),
    );
  }
  return found;
}

/** What the built-in functions over a table yield, where it follows from their arguments. */
function knownTable(
  name: string,
  input: Relation,
  model: ModelObject | undefined,
  described: readonly (RelationColumn | undefined)[],
  others: readonly Origins[],
): Relation | undefined {
  const computed = transformed(union(...described.map((c) => c?.from ?? NONE), ...others));
  const extend = (columns: readonly RelationColumn[]): Relation => ({
    columns: [...input.columns, ...columns],
    ...(input.open ? { open: input.open } : {}),
  });
  switch (name) {
    case 'ML_PREDICT':
      return model && extend(model.output.map((c) => ({ name: c.name, type: c.type, from: computed })));
    case 'VECTOR_SEARCH':
      return extend([{ name: 'score', type: DOUBLE, from: computed }]);
    case 'TO_CHANGELOG':
      // a column that tells what happened to the row, in front of the row
      return {
        columns: [{ name: described[0]?.name ?? 'op', type: STRING, from: NONE }, ...input.columns],
        ...(input.open ? { open: input.open } : {}),
      };
  }
  return undefined;
}

function resolveModel(name: Name, context: Context): ModelObject | undefined {
  const path = context.path(name.parts);
  if (!path) return undefined;
  const entry = context.view.get(keys.model(path.catalog, path.database, path.name));
  if (!entry && context.isClosed(path.catalog)) {
    const known = [...context.state.of('model')].map(([key]) => keyParts(key)[3]!);
    context.report(unknownObject(name, 'Model', path.name, known));
  }
  return entry as ModelObject | undefined;
}

function modelOf(arg: Argument): Name | undefined {
  if (arg.kind === 'ModelArg') return arg.name;
  return arg.kind === 'NamedArg' ? modelOf(arg.value) : undefined;
}

function isDescriptor(arg: Argument): boolean {
  const inner = arg.kind === 'NamedArg' ? arg.value : arg;
  return inner.kind === 'Call' && callName(inner) === 'DESCRIPTOR';
}

/** Only columns stand in DESCRIPTOR: Flink takes anything else for the name of one. */
function checkDescriptor(arg: Argument, name: string, context: Context): void {
  const inner = arg.kind === 'NamedArg' ? arg.value : arg;
  const wrong = inner.kind === 'Call' ? inner.args.find((a) => a.kind !== 'ColumnRef') : undefined;
  if (!wrong || context.broken) return;
  let at: NodeBase = wrong;
  some(wrong, (node) => {
    if (node.kind === 'ColumnRef') at = node;
    return node.kind === 'ColumnRef';
  });
  context.report(windowDescriptor(at, name));
}

function descriptorColumns(arg: Argument): ColumnRef[] {
  const inner = arg.kind === 'NamedArg' ? arg.value : arg;
  return inner.kind === 'Call' ? inner.args.filter((a): a is ColumnRef => a.kind === 'ColumnRef') : [];
}

/** Parameters of the window functions, in order; the last one may be left out. */
const WINDOW_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  TUMBLE: ['DATA', 'TIMECOL', 'SIZE', 'OFFSET'],
  HOP: ['DATA', 'TIMECOL', 'SLIDE', 'SIZE', 'OFFSET'],
  CUMULATE: ['DATA', 'TIMECOL', 'STEP', 'SIZE', 'OFFSET'],
  SESSION: ['DATA', 'TIMECOL', 'GAP'],
};

/** The arguments by parameter. Beside named ones Flink passes over others, and takes one that is named twice once. */
function windowArguments(call: Call): Map<string, Argument> {
  const parameters = WINDOW_PARAMETERS[callName(call)] ?? [];
  const named = call.args.some((arg) => arg.kind === 'NamedArg');
  const given = new Map<string, Argument>();
  call.args.forEach((arg, i) => {
    if (arg.kind === 'NamedArg') given.set(arg.name.name.toUpperCase(), arg.value);
    else if (!named) given.set(parameters[i] ?? `${i}`, arg);
  });
  return given;
}

/** The table, DESCRIPTOR with columns, and constant intervals. What Flink finds before it plans is told at the call. */
function checkWindowArguments(call: Call, scope: Scope, binder: QueryBinder): void {
  const { context } = binder;
  if (context.broken) return;
  const name = callName(call);
  const parameters = WINDOW_PARAMETERS[name] ?? [];
  const given = windowArguments(call);
  const least = parameters.length - (name === 'SESSION' ? 0 : 1);
  if (given.size < least || given.size > parameters.length) {
    context.report(argumentCount(call, name, [least], given.size));
    return;
  }
  const table = tableOf(given.get('DATA') ?? call);
  if (name !== 'SESSION' && table?.partitionBy?.length) context.report(windowPartition(call.name, name));
  for (const [parameter, arg] of given) {
    if (parameter === 'DATA') continue;
    if (parameter === 'TIMECOL') {
      if (isDescriptor(arg)) checkDescriptor(arg, name, context);
      else context.report(windowDescriptor(call.name, name));
    } else if (isDescriptor(arg) || (arg.kind !== 'IntervalLiteral' && /Literal$/.test(arg.kind))) {
      context.report(windowInterval(call.name, name));
    } else if (arg.kind === 'IntervalLiteral') {
      if (arg.value.kind !== 'StringLiteral') context.reportPlanned(windowInterval(arg, name));
      bindExpression(arg, scope, binder);
    } else if (arg.kind === 'ColumnRef') {
      bindExpression(arg, new Scope([], scope), binder);
    }
  }
}

function bindWindowFunction(call: Call, scope: Scope, binder: QueryBinder): Relation {
  checkWindowArguments(call, scope, binder);
  const tableArg = call.args.map(tableOf).find((t) => t !== undefined)!;
  const input = bindTableArgument(tableArg, scope, binder);
  const descriptor = call.args.map(descriptorOf).find((d) => d !== undefined);
  const timeName = descriptor?.kind === 'ColumnRef' ? descriptor.parts[descriptor.parts.length - 1] : undefined;
  const time = timeName && input.columns.find((c) => c.name === timeName.name);
  let from: Origins = NONE;
  let type: LogicalType = UNKNOWN;
  if (time) {
    from = transformed(time.from);
    type = time.type;
    binder.context.columns.push({
      start: timeName.start,
      end: timeName.end,
      column: time.name,
      ...(time.table ? { table: time.table } : {}),
    });
    if (!isUnknown(type) && !type.time && !binder.batch) {
      binder.context.reportPlanned(windowTimeColumn(timeName, time.name, type));
    }
  } else if (timeName && !input.open) {
    binder.context.report(
      unknownColumn(
        timeName,
        undefined,
        input.columns.map((c) => c.name),
      ),
    );
  }
  const bound = isTimestamp(type) ? withNullable(timestamp(3), false) : UNKNOWN;
  const columns: RelationColumn[] = [
    ...input.columns,
    { name: 'window_start', type: { ...bound, mark: 'window start' }, from },
    { name: 'window_end', type: { ...bound, mark: 'window end' }, from },
    { name: 'window_time', type: isTimestamp(type) ? withNullable(type, false) : UNKNOWN, from },
  ];
  return { columns, changes: input.changes, ...(input.open ? { open: input.open } : {}) };
}

function bindTableArgument(arg: Argument & { kind: 'TableArg' }, scope: Scope, binder: QueryBinder): Relation {
  const relation =
    arg.source.kind === 'Query' ? binder.query(arg.source, scope.parent) : binder.tableRef(arg.source).relation;
  const inner = binder.scopeOf(relation);
  for (const item of arg.partitionBy ?? [])
    binder.collector.influence(bindExpression(item, inner, binder).from, 'group');
  for (const item of arg.orderBy ?? [])
    binder.collector.influence(bindExpression(item.expr, inner, binder).from, 'order');
  return relation;
}

function tableOf(arg: Argument): (Argument & { kind: 'TableArg' }) | undefined {
  if (arg.kind === 'TableArg') return arg;
  return arg.kind === 'NamedArg' ? tableOf(arg.value) : undefined;
}

/** The first column of DESCRIPTOR(column). */
function descriptorOf(arg: Argument): Expression | undefined {
  const inner = arg.kind === 'NamedArg' ? arg.value : arg;
  if (inner.kind !== 'Call' || callName(inner) !== 'DESCRIPTOR') return undefined;
  const first = inner.args[0];
  return first && first.kind === 'ColumnRef' ? first : undefined;
}

function expressionsOf(arg: Argument): Expression[] {
  switch (arg.kind) {
    case 'KeywordArg':
    case 'ModelArg':
    case 'TableArg':
      return [];
    case 'NamedArg':
      return expressionsOf(arg.value);
    default:
      return arg.kind === 'Call' && callName(arg) === 'DESCRIPTOR' ? [] : [arg];
  }
}

/** UNNEST(array, …): a row of ROW elements gives its fields as columns. */
export function bindUnnest(source: Unnest, scope: Scope, binder: QueryBinder): Relation {
  const columns: RelationColumn[] = [];
  const open: Origins[] = [];
  for (const arg of source.args) {
    const bound = bindExpression(arg, scope, binder);
    const from = transformed(bound.from);
    const type = bound.type;
    if (type.root === 'ARRAY' || type.root === 'MULTISET') {
      const element = type.element!;
      if (element.root === 'ROW') {
        for (const field of element.fields!) columns.push({ name: field.name, type: withoutTime(field.type), from });
      } else if (isUnknown(element)) {
        open.push(from);
      } else {
        columns.push({ name: `EXPR$${columns.length}`, type: element, from });
      }
    } else if (type.root === 'MAP') {
      columns.push({ name: 'KEY', type: type.key!, from }, { name: 'VALUE', type: type.element!, from });
    } else {
      if (!isUnknown(type) && !/^(NULL|RAW|VARIANT|STRUCTURED)$/.test(type.root))
        binder.context.report(argumentTypes(source, 'UNNEST', [type]));
      open.push(from);
    }
  }
  if (source.ordinality) {
    const from = union(...columns.map((c) => c.from), ...open);
    columns.push({ name: 'ORDINALITY', type: withNullable(INT, false), from });
  }
  return open.length > 0 ? { columns, open: { from: union(...open) } } : { columns };
}
