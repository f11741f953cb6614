/** Expressions: names resolved, types where they can be known, and where the value comes from. */

import {
  acceptsTypes,
  type CallContext,
  type FunctionKnowledge,
  lookupFunction,
  resultType,
} from '../knowledge/functions';
import type {
  Argument,
  Binary,
  Call,
  Case,
  Cast,
  CollectionConstructor,
  ColumnRef,
  Expression,
  Identifier,
  InTest,
  IntervalLiteral,
  OrderItem,
  Query,
  Subquery,
  WindowSpec,
} from '../language/ast';
import { ambiguousColumn } from '../rules/ambiguous-column';
import { argumentCount } from '../rules/argument-count';
import { argumentTypes, starArgument } from '../rules/argument-types';
import { castTypes } from '../rules/cast-types';
import { mixedElements, mixedList, oddMap, wrongIndex } from '../rules/collection';
import { conditionType } from '../rules/condition-type';
import { defaultValue } from '../rules/default-value';
import { implicitConversion } from '../rules/implicit-conversion';
import { intervalPrecision } from '../rules/interval-precision';
import { matchFunction } from '../rules/match-function';
import { operatorTypes } from '../rules/operator-types';
import { subqueryColumns } from '../rules/subquery-columns';
import { unknownColumn, unknownField } from '../rules/unknown-column';
import { unknownQualifier } from '../rules/unknown-qualifier';
import { untypedNull } from '../rules/untyped-null';
import type { ColumnReference } from './analysis';
import { canCast } from './casts';
import type { Collector } from './collector';
import type { Context } from './context';
import { checkType } from './data-type';
import { checkFunction } from './function-check';
import { typeInContext } from './functions';
import { leastRestrictive } from './least-restrictive';
import type { IndirectKind } from './lineage';
import { NONE, type Origins, transformed, union } from './origins';
import { fieldType, type Relation, Scope } from './scope';
import { callName } from './traverse';
import { parseType } from './type-text';
import {
  arrayOf,
  BOOLEAN,
  decimal,
  INT,
  intervalOf,
  isCharacter,
  isInteger,
  isNumeric,
  isUnknown,
  type LogicalType,
  mapOf,
  multisetOf,
  NULL,
  printType,
  rowOf,
  sameType,
  scalar,
  typeOf,
  UNKNOWN,
  withNullable,
  withoutTime,
} from './types';

/** A bound expression. */
export interface Value {
  readonly type: LogicalType;
  readonly from: Origins;
}

const NOTHING: Value = { type: UNKNOWN, from: NONE };

/** What an expression needs of the query around it. */
export interface ExpressionContext {
  readonly context: Context;
  readonly collector: Collector;
  /** Binds a query nested in the expression, which may refer to the columns of `scope`. */
  readonly bindSubquery: (query: Query, scope: Scope) => Relation;
}

function value(type: LogicalType, ...from: readonly Origins[]): Value {
  return { type, from: transformed(from.length === 1 ? from[0]! : union(...from)) };
}

const constants = new WeakMap<LogicalType, Value>();

/** A value that comes from no column; one for each type. */
function constant(type: LogicalType): Value {
  let known = constants.get(type);
  if (!known) {
    known = { type, from: NONE };
    constants.set(type, known);
  }
  return known;
}

/** Binds an expression in a scope. Never throws; what cannot be known has type UNKNOWN. */
export function bindExpression(expression: Expression, scope: Scope, of: ExpressionContext): Value {
  switch (expression.kind) {
    case 'ColumnRef':
      return bindColumn(expression, scope, of);
    case 'StringLiteral':
      return constant(scalar('CHAR', false, expression.value.length));
    case 'NumberLiteral':
      return constant(numberType(expression.text));
    case 'BooleanLiteral':
      return constant(withNullable(BOOLEAN, expression.value === null));
    case 'NullLiteral':
      return constant(NULL);
    case 'BinaryLiteral':
      return {
        type: { root: 'BINARY', nullable: false, precision: Math.max(1, expression.hex.length >> 1) },
        from: NONE,
      };
    case 'DateTimeLiteral':
      return { type: dateTimeType(expression.type, expression.value), from: NONE };
    case 'IntervalLiteral':
      checkInterval(expression, of.context);
      return bindInterval(expression, scope, of);
    case 'DefaultValue':
      of.context.report(defaultValue(expression));
      return NOTHING;
    case 'Star':
    case 'DynamicParam':
    case 'Placeholder':
    case 'ModelArg':
    case 'MissingExpression':
      return NOTHING;
    case 'FieldAccess': {
      const operand = bindExpression(expression.operand, scope, of);
      const type = fieldType(operand.type, expression.field.name);
      if (!type && expression.field.name) {
        of.context.report(unknownField(expression.field, expression.field.name, operand.type));
      }
      return value(type ?? UNKNOWN, operand.from);
    }
    case 'IndexAccess': {
      const operand = bindExpression(expression.operand, scope, of);
      const index = bindExpression(expression.index, scope, of);
      if (expression.index.kind === 'NullLiteral') of.context.report(untypedNull(expression.index));
      if (!canIndex(operand.type, index.type)) of.context.report(wrongIndex(expression, operand.type, index.type));
      return value(elementType(operand.type), operand.from, index.from);
    }
    case 'Unary': {
      const operand = bindExpression(expression.operand, scope, of);
      // a minus before digits is the number's own
      if (expression.op === '-' && expression.operand.kind === 'NumberLiteral') {
        return { type: numberType(expression.operand.text, true), from: NONE };
      }
      // a plus sign does nothing
      if (expression.op === '+') return { type: withoutTime(operand.type), from: operand.from };
      if (expression.op === 'NOT') return value(withNullable(BOOLEAN, operand.type.nullable), operand.from);
      const sign = expression.op === '-' ? 'U-' : expression.op;
      const type = resultType(of.context.environment.flinkVersion, sign, { types: [operand.type] });
      return value(withoutTime(type), operand.from);
    }
    case 'Binary':
      return bindBinary(expression, scope, of);
    case 'IsTest':
      return value(withNullable(BOOLEAN, false), bindExpression(expression.operand, scope, of).from);
    case 'Between': {
      const parts = [expression.operand, expression.low, expression.high].map((e) => bindExpression(e, scope, of));
      return value(booleanOf(parts), ...parts.map((p) => p.from));
    }
    case 'InTest': {
      const [only] = expression.values;
      if (only?.kind === 'Subquery') return bindInQuery(expression, only, scope, of);
      const parts = [expression.operand, ...expression.values].map((e) => bindExpression(e, scope, of));
      if (parts.length > 2 && !leastRestrictive(parts.slice(1).map((p) => p.type)))
        of.context.report(mixedList(expression.values));
      return value(booleanOf(parts), ...parts.map((p) => p.from));
    }
    case 'LikeTest': {
      const parts = [expression.operand, expression.pattern].map((e) => bindExpression(e, scope, of));
      if (expression.escape) parts.push(bindExpression(expression.escape, scope, of));
      const wrong = parts.find((p) => !isCharacter(p.type) && !OPAQUE.has(p.type.root));
      if (wrong && /^(LIKE|SIMILAR TO)$/.test(expression.op))
        of.context.report(operatorTypes(expression, expression.op, parts[0]!.type, parts[1]!.type));
      return value(booleanOf(parts), ...parts.map((p) => p.from));
    }
    case 'Quantified': {
      const parts = [expression.operand, ...expression.values].map((e) => bindExpression(e, scope, of));
      return value(BOOLEAN, ...parts.map((p) => p.from));
    }
    case 'Exists':
      of.bindSubquery(expression.query, scope);
      return { type: withNullable(BOOLEAN, false), from: NONE };
    case 'Subquery': {
      const relation = of.bindSubquery(expression.query, scope);
      const column = relation.columns[0];
      if (!relation.open && relation.columns.length !== 1 && !of.context.broken) {
        of.context.report(subqueryColumns(expression, 1, relation.columns.length));
      }
      return column && relation.columns.length === 1
        ? value(withNullable(withoutTime(column.type), true), column.from)
        : value(UNKNOWN, ...relation.columns.map((c) => c.from));
    }
    case 'Case':
      return bindCase(expression, scope, of);
    case 'Cast':
      return bindCast(expression, scope, of);
    case 'Call':
      return bindCall(expression, scope, of);
    case 'RowConstructor': {
      const items = expression.items.map((e) => bindExpression(e, scope, of));
      const fields = items.map((item, i) => ({ name: `EXPR$${i}`, type: item.type }));
      return value(rowOf(fields, false), ...items.map((i) => i.from));
    }
    case 'CollectionConstructor': {
      const items = expression.items.map((e) => bindExpression(e, scope, of));
      checkCollection(expression, items, of);
      return value(collectionType(expression.type, items), ...items.map((i) => i.from));
    }
    case 'CollectionQuery': {
      const relation = of.bindSubquery(expression.query, scope);
      return value(UNKNOWN, ...relation.columns.map((c) => c.from));
    }
    case 'Lambda': {
      const inner = new Scope([], scope);
      inner.parameters = new Set(expression.params.map((p) => p.name));
      const { from } = bindExpression(expression.body, inner, of);
      scope.aggregates += inner.aggregates;
      scope.overs += inner.overs;
      scope.subqueries += inner.subqueries;
      return value(UNKNOWN, from);
    }
  }
}

/** A column reference that prints its type when somebody asks. */
class BoundReference implements ColumnReference {
  constructor(
    readonly start: number,
    readonly end: number,
    readonly column: string,
    readonly table: string | undefined,
    private readonly logicalType: LogicalType,
  ) {}

  get type(): string | undefined {
    return printType(this.logicalType);
  }
}

function bindColumn(ref: ColumnRef, scope: Scope, of: ExpressionContext): Value {
  const found = scope.resolve(ref.parts);
  const last = ref.parts[ref.parts.length - 1]!;
  switch (found.found) {
    case 'column': {
      const { name, table } = found.column;
      of.context.columns.push(new BoundReference(ref.start, ref.end, name || last.name, table, found.type));
      return found;
    }
    case 'ambiguous':
      of.context.report(ambiguousColumn(found.part, found.in));
      return NOTHING;
    case 'no column':
      of.context.report(
        unknownColumn(
          found.part,
          found.entry.alias,
          found.entry.relation.columns.map((c) => c.name),
        ),
      );
      return NOTHING;
    case 'no field':
      of.context.report(unknownField(found.part, found.part.name, found.type));
      return NOTHING;
    case 'no table':
      of.context.report(unknownQualifier(found.part, found.part.name, [...scope.tableNames()]));
      return NOTHING;
    case 'unknown':
      if (
        ref.parts.length === 1 &&
        !last.quoted &&
        lookupFunction(of.context.environment.flinkVersion, last.name)?.bare
      )
        return { type: resultType(of.context.environment.flinkVersion, last.name, { types: [] }), from: NONE };
      of.context.report(unknownColumn(last, undefined, [...scope.columnNames()]));
      return NOTHING;
  }
}

/** INTERVAL '1' DAY, or the difference of two dates or times in a unit: (a - b) DAY. */
function bindInterval(expression: IntervalLiteral, scope: Scope, of: ExpressionContext): Value {
  const difference = expression.value;
  if (difference.kind !== 'Binary' || difference.op !== '-') {
    const { type, from } = bindExpression(difference, scope, of);
    const nullable = difference.kind !== 'StringLiteral' && type.nullable;
    return value(intervalOf(expression.qualifier, nullable), from);
  }
  const left = bindExpression(difference.left, scope, of);
  const right = bindExpression(difference.right, scope, of);
  return value(intervalOf(expression.qualifier, left.type.nullable || right.type.nullable), left.from, right.from);
}

function bindBinary(expression: Binary, scope: Scope, of: ExpressionContext): Value {
  const { op } = expression;
  const left = bindExpression(expression.left, scope, of);
  const right = bindExpression(expression.right, scope, of);
  if (left.type.root === 'NULL' || right.type.root === 'NULL') {
    const bare = [expression.left, expression.right].find((e) => e.kind === 'NullLiteral');
    if (bare && NEEDS_TYPE.has(op)) of.context.report(untypedNull(bare));
  }
  // conditions of joins are made into operators elsewhere, which do not mind
  if (mixesText(left.type, right.type) && !scope.joining && COMPARISONS.has(SAME_AS[op] ?? op))
    of.context.report(implicitConversion(expression, left.type, right.type));
  return { type: operatorType(op, left, right, expression, of), from: transformed(union(left.from, right.from)) };
}

/** A string beside a number. */
function mixesText(a: LogicalType, b: LogicalType): boolean {
  return (isCharacter(a) && isNumeric(b)) || (isNumeric(a) && isCharacter(b));
}

/** Operators whose operands must have a type of their own. */
const NEEDS_TYPE = new Set(['+', '-', '*', '/', '%', '||']);
/** Operators that take and give what another one does. */
const SAME_AS: Readonly<Record<string, string>> = { '!=': '<>', '<=': '<', '>': '<', '>=': '<' };
const COMPARISONS = new Set(['=', '<>', '<']);
const COLLECTIONS: ReadonlySet<string> = new Set(['ARRAY', 'MAP', 'MULTISET', 'ROW']);
const OPAQUE: ReadonlySet<string> = new Set([
  'UNKNOWN',
  'NULL',
  'RAW',
  'VARIANT',
  'STRUCTURED',
  'BITMAP',
  'DESCRIPTOR',
]);

/** Whether values of two types can be compared; doubtful cases can. */
function areComparable(a: LogicalType, b: LogicalType): boolean {
  if (OPAQUE.has(a.root) || OPAQUE.has(b.root)) return true;
  if (COLLECTIONS.has(a.root) || COLLECTIONS.has(b.root)) {
    if (a.root !== b.root) return false;
    if (a.root === 'ROW') {
      const others = b.fields!;
      return a.fields!.length === others.length && a.fields!.every((f, i) => areComparable(f.type, others[i]!.type));
    }
    return true;
  }
  return (
    (a.root === 'BOOLEAN') === (b.root === 'BOOLEAN') ||
    isCharacter(a) ||
    isCharacter(b) ||
    isNumeric(a) ||
    isNumeric(b)
  );
}
const TRUTHS = new Set(['AND', 'OR', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM']);

/** The type of an operator's result; reports operands that the planner refuses. */
function operatorType(op: string, left: Value, right: Value, whole: Expression, of: ExpressionContext): LogicalType {
  const version = of.context.environment.flinkVersion;
  const types = [left.type, right.type];
  const sign = SAME_AS[op] ?? op;
  const comparable = !COMPARISONS.has(sign) || areComparable(left.type, right.type);
  if (acceptsTypes(version, sign, types) === false || !comparable) {
    of.context.report(operatorTypes(whole, op, left.type, right.type));
    return UNKNOWN;
  }
  if (op.startsWith('IS ')) return withNullable(BOOLEAN, false);
  if (TRUTHS.has(op)) return withNullable(BOOLEAN, left.type.nullable || right.type.nullable);
  return withoutTime(resultType(version, sign, { types }));
}

/** A call's arguments; few rules ask for the values of literals. */
class CallSite implements CallContext {
  constructor(
    readonly types: readonly LogicalType[],
    private readonly written: readonly Expression[],
    readonly use: 'all' | 'over' | undefined,
  ) {}

  get literals(): (number | string | undefined)[] {
    return literals(this.written);
  }
}

/** The values of arguments that are literals. */
function literals(written: readonly Expression[]): (number | string | undefined)[] {
  return written.map((e) => {
    if (e.kind === 'StringLiteral') return e.value;
    if (e.kind === 'NumberLiteral') return Number(e.text);
    if (e.kind === 'Unary' && e.op === '-' && e.operand.kind === 'NumberLiteral') return -Number(e.operand.text);
    return undefined;
  });
}

function bindCase(expression: Case, scope: Scope, of: ExpressionContext): Value {
  const from: Origins[] = [];
  if (expression.operand) from.push(bindExpression(expression.operand, scope, of).from);
  const results: LogicalType[] = [];
  for (const when of expression.whens) {
    for (const condition of when.conditions) from.push(bindExpression(condition, scope, of).from);
    const result = bindExpression(when.result, scope, of);
    from.push(result.from);
    results.push(result.type);
  }
  if (expression.otherwise) {
    const otherwise = bindExpression(expression.otherwise, scope, of);
    from.push(otherwise.from);
    results.push(otherwise.type);
  } else {
    results.push(NULL);
  }
  return value(leastRestrictive(results) ?? UNKNOWN, ...from);
}

function bindCast(expression: Cast, scope: Scope, of: ExpressionContext): Value {
  const operand = bindExpression(expression.operand, scope, of);
  if (expression.format) bindExpression(expression.format, scope, of);
  if (expression.type.kind === 'DataType') checkType(expression.type, of.context);
  const target = typeOf(expression.type);
  const tries = expression.op === 'TRY_CAST' || expression.op === 'SAFE_CAST';
  if (!canCast(operand.type, target)) of.context.report(castTypes(expression, operand.type, target));
  const type = isUnknown(target) ? target : withNullable(target, tries || operand.type.nullable);
  // a cast to the type that a value has already does nothing, except that it ends a time attribute
  if (!isUnknown(target) && !operand.type.time && sameType(operand.type, type, false)) {
    return { type: withNullable(withoutTime(operand.type), type.nullable), from: operand.from };
  }
  return value(type, operand.from);
}

/** Functions that number rows; by a condition on their value the planner knows queries for the first rows. */
const RANKS = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK']);

/** Which first rows a condition on a rank keeps: when they go by time or by window, they may never change. */
function rankMark(over: WindowSpec | Identifier, name: string, scope: Scope): LogicalType['mark'] {
  if (over.kind !== 'WindowSpec' || over.base || name !== 'ROW_NUMBER') return 'some rank';
  const typeOfColumn = (e: Expression): LogicalType => {
    const found = e.kind === 'ColumnRef' ? scope.resolve(e.parts) : undefined;
    return found?.found === 'column' ? found.type : UNKNOWN;
  };
  const [first] = over.orderBy;
  const type = first ? typeOfColumn(first.expr) : UNKNOWN;
  const keys = over.partitionBy.map(typeOfColumn);
  if (!first || isUnknown(type) || keys.some(isUnknown)) return 'some rank';
  const marks = keys.map((t) => t.mark);
  if (marks.includes('window start') && marks.includes('window end')) return 'rank in window';
  if (marks.some((mark) => mark !== undefined)) return 'some rank';
  return type.time === undefined ? 'rank' : first.descending ? 'rank by time' : 'some rank';
}

function bindCall(call: Call, scope: Scope, of: ExpressionContext): Value {
  const name = callName(call);
  const args: LogicalType[] = [];
  const from: Origins[] = [];
  for (const arg of call.args) {
    const bound = bindArgument(arg, scope, of);
    if (!bound) continue;
    args.push(bound.type);
    from.push(bound.from);
  }
  indirectOrder(call.argsOrderBy, scope, of);
  indirectOrder(call.withinGroup, scope, of);
  for (const item of call.withinDistinct ?? []) bindExpression(item, scope, of);
  if (call.filter) {
    const condition = influence(call.filter, 'condition', scope, of);
    if (!/^(BOOLEAN|NULL|UNKNOWN)$/.test(condition.type.root))
      of.context.report(conditionType(call.filter, 'FILTER', condition.type));
  }
  // a count of values that are never NULL counts rows, and does not look at them
  if (name === 'COUNT' && call.quantifier !== 'DISTINCT' && !call.over) {
    args.forEach((type, i) => {
      if (!type.nullable) from[i] = NONE;
    });
  }
  if (call.over) {
    scope.overs++;
    from.push(bindOver(call.over, scope, of));
  }
  const star = call.args.find((a) => a.kind === 'Star');
  if (star && name !== 'COUNT' && lookupFunction(of.context.environment.flinkVersion, name))
    of.context.report(starArgument(star, name));
  const [first, second] = call.args;
  if (name === 'COUNT' && first?.kind === 'NullLiteral') of.context.report(untypedNull(first));
  else if (name === 'COUNT' && second && call.quantifier === 'DISTINCT')
    of.context.reportPlanned(argumentCount(call, name, [1], call.args.length));
  const known = checkFunction(call, of.context);
  if (!known) return value(UNKNOWN, ...from);
  const knowledge = lookupFunction(of.context.environment.flinkVersion, name);
  if (!call.over && knowledge?.kinds.includes('aggregate')) scope.aggregates++;
  const type = callType(call, name, knowledge, args, scope, of);
  return value(call.over && RANKS.has(name) ? { ...type, mark: rankMark(call.over, name, scope) } : type, ...from);
}

/** The type of a built-in function's result; reports arguments that the planner refuses. */
function callType(
  call: Call,
  name: string,
  knowledge: FunctionKnowledge | undefined,
  types: readonly LogicalType[],
  scope: Scope,
  of: ExpressionContext,
): LogicalType {
  const version = of.context.environment.flinkVersion;
  const kinds = knowledge?.kinds;
  if (kinds?.length === 1 && kinds[0] === 'match' && !scope.inMatch) {
    of.context.report(matchFunction(call, name));
    return UNKNOWN;
  }
  const contextual = typeInContext(name, types);
  if (contextual) return contextual;
  const plain = call.args.every((a) => a.kind !== 'KeywordArg' && a.kind !== 'NamedArg');
  const returning = plain ? undefined : returningType(call);
  if (returning) return returning;
  if (!plain) return withoutTime(keywordCallType(call, name, types) ?? resultType(version, name, { types }));
  if (!of.context.broken && acceptsTypes(version, name, types) === false) {
    of.context.report(argumentTypes(call, name, types));
    return UNKNOWN;
  }
  // with FILTER a group may have no value either
  const use = call.over ? 'over' : scope.grouped && !call.filter ? undefined : 'all';
  const written = call.args as readonly Expression[];
  return withoutTime(resultType(version, name, new CallSite(types, written, use)));
}

/** The type of calls with keywords for which another rule holds than for the function's name. */
function keywordCallType(call: Call, name: string, types: readonly LogicalType[]): LogicalType | undefined {
  // What is taken off stands before what it is taken off from
  if (name === 'TRIM' && types.length === 2) {
    const [, text] = types;
    const nullable = types.some((type) => type.nullable);
    return text && isCharacter(text) ? scalar('VARCHAR', nullable, text.precision) : UNKNOWN;
  }
  const [unit] = call.args;
  if (name !== 'TIMESTAMPADD' || unit?.kind !== 'KeywordArg') return undefined;
  const [count, time] = types;
  const digits = FRACTIONS[unit.text];
  if (!time || digits === undefined) return undefined;
  const nullable = (count?.nullable ?? true) || time.nullable;
  if (time.root === 'DATE') return scalar('TIMESTAMP', nullable, 6);
  // A time of day with a fraction added is another type in each version
  if (time.root === 'TIME' && digits > 0) return UNKNOWN;
  if (time.root !== 'TIMESTAMP' && time.root !== 'TIMESTAMP_LTZ') return undefined;
  return scalar(time.root, nullable, Math.max(time.precision!, digits));
}

/** Units of time within a day, with the fractional digits of a second that each needs. */
const FRACTIONS: Readonly<Record<string, number>> = { HOUR: 0, MINUTE: 0, SECOND: 0, MILLISECOND: 3, MICROSECOND: 6 };

/** The type that JSON_VALUE or JSON_QUERY is told to give. */
function returningType(call: Call): LogicalType | undefined {
  for (const arg of call.args) {
    if (arg.kind === 'KeywordArg' && arg.text.startsWith('RETURNING ')) return parseType(arg.text.slice(10));
  }
  return undefined;
}

/** An argument's value; undefined for keywords. */
function bindArgument(arg: Argument, scope: Scope, of: ExpressionContext): Value | undefined {
  switch (arg.kind) {
    case 'KeywordArg':
    case 'ModelArg':
      return undefined;
    case 'NamedArg':
      return bindArgument(arg.value, scope, of);
    case 'TableArg':
      return arg.source.kind === 'Query'
        ? value(UNKNOWN, ...of.bindSubquery(arg.source, scope).columns.map((c) => c.from))
        : undefined;
    default:
      return bindExpression(arg, scope, of);
  }
}

function indirectOrder(items: readonly OrderItem[] | undefined, scope: Scope, of: ExpressionContext): void {
  for (const item of items ?? []) of.collector.influence(bindExpression(item.expr, scope, of).from, 'order');
}

/** OVER (…) or OVER w: what partitions and orders decides about the value too. */
function bindOver(over: WindowSpec | Identifier, scope: Scope, of: ExpressionContext): Origins {
  if (over.kind === 'Identifier') {
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const window = s.windows?.get(over.name);
      if (window) return window;
    }
    return NONE;
  }
  return bindWindow(over, scope, of);
}

/** The columns that a window specification depends on. */
export function bindWindow(spec: WindowSpec, scope: Scope, of: ExpressionContext): Origins {
  const from: Origins[] = [];
  for (const bound of [spec.frame?.from, spec.frame?.to])
    if (bound?.value?.kind === 'NullLiteral') of.context.report(untypedNull(bound.value));
  if (spec.base) from.push(scope.windows?.get(spec.base.name) ?? NONE);
  for (const item of spec.partitionBy) from.push(bindExpression(item, scope, of).from);
  for (const item of spec.orderBy) from.push(bindExpression(item.expr, scope, of).from);
  const all = union(...from);
  of.collector.influence(all, 'window');
  return all;
}

/** Binds expressions for what they decide only: conditions, keys. */
export function influence(expression: Expression, kind: IndirectKind, scope: Scope, of: ExpressionContext): Value {
  const bound = bindExpression(expression, scope, of);
  of.collector.influence(bound.from, kind);
  return bound;
}

function booleanOf(parts: readonly Value[]): LogicalType {
  return withNullable(
    BOOLEAN,
    parts.some((p) => p.type.nullable),
  );
}

/** `x IN (SELECT …)`: as many columns as values before it. */
function bindInQuery(test: InTest, subquery: Subquery, scope: Scope, of: ExpressionContext): Value {
  const operand = bindExpression(test.operand, scope, of);
  const relation = of.bindSubquery(subquery.query, scope);
  const wanted = test.operand.kind === 'RowConstructor' ? test.operand.items.length : 1;
  if (!relation.open && relation.columns.length !== wanted && !isUnknown(operand.type) && !of.context.broken) {
    of.context.report(subqueryColumns(subquery, wanted, relation.columns.length));
  }
  return value(BOOLEAN, operand.from, ...relation.columns.map((c) => c.from));
}

/** The number of an interval of one unit fits its precision. */
function checkInterval({ value: number, qualifier }: IntervalLiteral, context: Context): void {
  if (number.kind !== 'StringLiteral' || context.broken) return;
  const [, digits] = /^\s*[-+]?0*(\d+)/.exec(number.value) ?? [];
  const allowed = qualifier.precision ?? 2;
  if (!digits || digits.length <= allowed || !/^\s*[-+]?\d+(\.\d+)?\s*$/.test(number.value)) return;
  context.report(intervalPrecision(number, qualifier.from, digits.length, allowed, qualifier.end));
}

/** Whether a value can be read at an index or key of this type; doubtful cases can. */
function canIndex(type: LogicalType, index: LogicalType): boolean {
  if (isUnknown(index) || index.root === 'NULL') return true;
  if (type.root === 'ARRAY') return isInteger(index);
  if (type.root === 'MAP')
    return !(isCharacter(type.key!) && isNumeric(index)) && !(isNumeric(type.key!) && isCharacter(index));
  return !isCharacter(type) && !isNumeric(type) && type.root !== 'BOOLEAN';
}

function checkCollection(expression: CollectionConstructor, items: readonly Value[], of: ExpressionContext): void {
  if (of.context.broken) return;
  const types = items.map((i) => i.type);
  if (expression.type !== 'MAP') {
    if (!together(types)) of.context.report(mixedElements(expression, expression.type.toLowerCase()));
    return;
  }
  if (types.length % 2 === 1) of.context.report(oddMap(expression));
  else if ([0, 1].some((odd) => !together(types.filter((_, i) => i % 2 === odd)))) {
    of.context.report(mixedElements(expression, 'map'));
  }
}

function elementType(type: LogicalType): LogicalType {
  if (type.root === 'ARRAY' || type.root === 'MAP') return withNullable(type.element!, true);
  return UNKNOWN;
}

/** NULL literals alone have no type of their own, but go together. */
function together(types: readonly LogicalType[]): boolean {
  return leastRestrictive(types) !== undefined || types.every(({ root }) => root === 'NULL');
}

function collectionType(kind: string, items: readonly Value[]): LogicalType {
  // a NULL takes the type of the first item that has one
  const known = items.find(({ type }) => type.root !== 'NULL');
  if (!known) return UNKNOWN;
  const types = items.map(({ type }) => (type.root === 'NULL' ? withNullable(known.type, true) : type));
  if (kind === 'MAP') {
    const key = leastRestrictive(types.filter((_, i) => i % 2 === 0));
    const element = leastRestrictive(types.filter((_, i) => i % 2 === 1));
    return key && element ? mapOf(key, element, false) : UNKNOWN;
  }
  const element = leastRestrictive(types);
  if (!element) return UNKNOWN;
  return kind === 'ARRAY' ? arrayOf(element, false) : multisetOf(element, false);
}

function numberType(text: string, negative = false): LogicalType {
  if (/[eE]/.test(text)) return { root: 'DOUBLE', nullable: false };
  const dot = text.indexOf('.');
  // Every digit counts, also a zero in front
  if (dot >= 0 && dot < text.length - 1) return decimal(text.length - 1, text.length - dot - 1, false);
  if (text.length < 10) return withNullable(INT, false);
  // Flink looks at the lowest 64 bits, also of a number that has more
  const written = BigInt(/^\d+/.exec(text)?.[0] ?? '0');
  const digits = BigInt.asIntN(64, negative ? -written : written);
  return digits >= -2147483648n && digits <= 2147483647n ? withNullable(INT, false) : scalar('BIGINT', false);
}

function dateTimeType(type: string, text: string): LogicalType {
  if (type === 'DATE') return { root: 'DATE', nullable: false };
  const fraction = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  if (type.startsWith('TIMESTAMP')) return { root: 'TIMESTAMP', nullable: false, precision: fraction };
  if (type === 'TIME') return { root: 'TIME', nullable: false, precision: fraction };
  return UNKNOWN;
}
