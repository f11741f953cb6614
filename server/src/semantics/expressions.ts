/** Expressions: names resolved, types where they can be known, and where the value comes from. */
import type {
  Argument,
  Binary,
  Call,
  Case,
  Cast,
  ColumnRef,
  Expression,
  Identifier,
  OrderItem,
  Query,
  WindowSpec,
} from '../language/ast';
import { ambiguousColumn } from '../rules/ambiguous-column';
import { defaultValue } from '../rules/default-value';
import { operatorTypes } from '../rules/operator-types';
import { unknownColumn, unknownField } from '../rules/unknown-column';
import { untypedNull } from '../rules/untyped-null';
import type { Collector } from './collector';
import type { Context } from './context';
import { checkFunction } from './function-check';
import { resultType } from './functions';
import type { IndirectKind } from './lineage';
import { NONE, type Origins, transformed, union } from './origins';
import { fieldType, type Relation, Scope } from './scope';
import { callName } from './traverse';
import {
  adjustDecimal,
  arrayOf,
  asDecimal,
  BOOLEAN,
  commonType,
  decimal,
  INT,
  intervalOf,
  isCharacter,
  isDateTime,
  isExactNumeric,
  isInterval,
  isNumeric,
  isUnknown,
  type LogicalType,
  mapOf,
  multisetOf,
  NULL,
  printType,
  rowOf,
  STRING,
  sameType,
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
  return { type, from: transformed(union(...from)) };
}

/** Binds an expression in a scope. Never throws; what cannot be known has type UNKNOWN. */
export function bindExpression(expression: Expression, scope: Scope, of: ExpressionContext): Value {
  switch (expression.kind) {
    case 'ColumnRef':
      return bindColumn(expression, scope, of);
    case 'StringLiteral':
      return { type: { root: 'CHAR', nullable: false, precision: Math.max(1, expression.value.length) }, from: NONE };
    case 'NumberLiteral':
      return { type: numberType(expression.text), from: NONE };
    case 'BooleanLiteral':
      return { type: withNullable(BOOLEAN, expression.value === null), from: NONE };
    case 'NullLiteral':
      return { type: NULL, from: NONE };
    case 'BinaryLiteral':
      return {
        type: { root: 'BINARY', nullable: false, precision: Math.max(1, expression.hex.length >> 1) },
        from: NONE,
      };
    case 'DateTimeLiteral':
      return { type: dateTimeType(expression.type, expression.value), from: NONE };
    case 'IntervalLiteral':
      return value(intervalOf(expression.qualifier, false), bindExpression(expression.value, scope, of).from);
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
      return value(elementType(operand.type), operand.from, index.from);
    }
    case 'Unary': {
      const operand = bindExpression(expression.operand, scope, of);
      const type = expression.op === 'NOT' ? withNullable(BOOLEAN, operand.type.nullable) : withoutTime(operand.type);
      // a plus sign does nothing
      if (expression.op === '+') return { type, from: operand.from };
      return value(expression.op === 'NOT' || expression.op === '-' ? type : UNKNOWN, operand.from);
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
      const parts = [expression.operand, ...expression.values].map((e) => bindExpression(e, scope, of));
      return value(booleanOf(parts), ...parts.map((p) => p.from));
    }
    case 'LikeTest': {
      const parts = [expression.operand, expression.pattern].map((e) => bindExpression(e, scope, of));
      if (expression.escape) parts.push(bindExpression(expression.escape, scope, of));
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
      return value(collectionType(expression.type, items), ...items.map((i) => i.from));
    }
    case 'CollectionQuery': {
      const relation = of.bindSubquery(expression.query, scope);
      return value(UNKNOWN, ...relation.columns.map((c) => c.from));
    }
    case 'Lambda': {
      const inner = new Scope([], scope);
      inner.parameters = new Set(expression.params.map((p) => p.name));
      return value(UNKNOWN, bindExpression(expression.body, inner, of).from);
    }
  }
}

function bindColumn(ref: ColumnRef, scope: Scope, of: ExpressionContext): Value {
  const found = scope.resolve(ref.parts);
  const last = ref.parts[ref.parts.length - 1]!;
  switch (found.found) {
    case 'column': {
      const type = printType(found.type);
      of.context.columns.push({
        start: ref.start,
        end: ref.end,
        column: found.column.name || last.name,
        ...(found.column.table ? { table: found.column.table } : {}),
        ...(type ? { type } : {}),
      });
      return { type: found.type, from: found.from };
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
      of.context.report(unknownColumn(found.part, undefined, [...scope.tableNames()]));
      return NOTHING;
    case 'unknown':
      of.context.report(unknownColumn(last, undefined, [...scope.columnNames()]));
      return NOTHING;
  }
}

function bindBinary(expression: Binary, scope: Scope, of: ExpressionContext): Value {
  const left = bindExpression(expression.left, scope, of);
  const right = bindExpression(expression.right, scope, of);
  if (ARITHMETIC.has(expression.op) || expression.op === '||') {
    const bare = [expression.left, expression.right].find((e) => e.kind === 'NullLiteral');
    if (bare) of.context.report(untypedNull(bare));
  }
  if (!goTogether(expression.op, left.type, right.type)) {
    of.context.report(operatorTypes(expression, expression.op, left.type, right.type));
  }
  return value(binaryType(expression.op, left.type, right.type), left.from, right.from);
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%']);

/** Whether an arithmetic operator takes these types; doubtful ones are taken to go together. */
function goTogether(op: string, left: LogicalType, right: LogicalType): boolean {
  if (!ARITHMETIC.has(op)) return true;
  const a = family(left);
  const b = family(right);
  if (!a || !b) return true;
  if (a === 'number' && b === 'number') return true;
  if (a === 'text' || b === 'text' || a === 'truth' || b === 'truth') return false;
  return true;
}

function family(type: LogicalType): 'number' | 'text' | 'truth' | 'time' | undefined {
  if (isNumeric(type)) return 'number';
  if (isCharacter(type)) return 'text';
  if (type.root === 'BOOLEAN') return 'truth';
  return isDateTime(type) || isInterval(type) ? 'time' : undefined;
}

const COMPARISONS = new Set(['=', '<>', '!=', '<', '>', '<=', '>=', 'AND', 'OR', '==']);

function binaryType(op: string, left: LogicalType, right: LogicalType): LogicalType {
  if (COMPARISONS.has(op)) return withNullable(BOOLEAN, left.nullable || right.nullable);
  if (op === 'IS DISTINCT FROM' || op === 'IS NOT DISTINCT FROM') return withNullable(BOOLEAN, false);
  if (isUnknown(left) || isUnknown(right)) return UNKNOWN;
  const nullable = left.nullable || right.nullable;
  if (op === '||') {
    if (!isCharacter(left) || !isCharacter(right)) return UNKNOWN;
    const length = Math.min(left.precision! + right.precision!, STRING.precision!);
    const fixed = left.root === 'CHAR' && right.root === 'CHAR';
    return { root: fixed ? 'CHAR' : 'VARCHAR', nullable, precision: length };
  }
  if (isDateTime(left) && isInterval(right)) return withNullable(withoutTime(left), nullable);
  if (op === '+' && isInterval(left) && isDateTime(right)) return withNullable(withoutTime(right), nullable);
  if (isNumeric(left) && isNumeric(right)) return arithmeticType(op, left, right, nullable);
  return UNKNOWN;
}

/** Arithmetic on numbers, as FlinkTypeSystem derives it. */
function arithmeticType(op: string, left: LogicalType, right: LogicalType, nullable: boolean): LogicalType {
  const isDecimal = left.root === 'DECIMAL' || right.root === 'DECIMAL';
  if (isDecimal && isExactNumeric(left) && isExactNumeric(right)) {
    const a = asDecimal(left)!;
    const b = asDecimal(right)!;
    switch (op) {
      case '+':
      case '-': {
        const scale = Math.max(a.scale, b.scale);
        return adjustDecimal(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale, nullable);
      }
      case '*':
        return adjustDecimal(a.precision + b.precision, a.scale + b.scale, nullable);
      case '/': {
        const scale = Math.max(6, a.scale + b.precision + 1);
        return adjustDecimal(a.precision - a.scale + b.scale + scale, scale, nullable);
      }
      case '%': {
        const scale = Math.max(a.scale, b.scale);
        return adjustDecimal(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale, nullable);
      }
    }
    return UNKNOWN;
  }
  const common = commonType([left, right]);
  return common ? withNullable(common, nullable) : UNKNOWN;
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
  return value(commonType(results) ?? UNKNOWN, ...from);
}

function bindCast(expression: Cast, scope: Scope, of: ExpressionContext): Value {
  const operand = bindExpression(expression.operand, scope, of);
  if (expression.format) bindExpression(expression.format, scope, of);
  const target = typeOf(expression.type);
  const tries = expression.op === 'TRY_CAST' || expression.op === 'SAFE_CAST';
  const type = isUnknown(target) ? target : withNullable(target, tries || operand.type.nullable);
  // a cast to the type that a value has already does nothing
  if (!tries && !isUnknown(target) && sameType(operand.type, type, false)) {
    return { type: withoutTime(operand.type), from: operand.from };
  }
  return value(type, operand.from);
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
  if (call.filter) of.collector.influence(bindExpression(call.filter, scope, of).from, 'condition');
  // a count of values that are never NULL counts rows, and does not look at them
  if (name === 'COUNT' && call.quantifier !== 'DISTINCT' && !call.over) {
    args.forEach((type, i) => {
      if (!type.nullable) from[i] = NONE;
    });
  }
  if (call.over) from.push(bindOver(call.over, scope, of));
  const known = checkFunction(call, of.context);
  const type = known ? resultType(name, args) : UNKNOWN;
  return value(type, ...from);
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

function elementType(type: LogicalType): LogicalType {
  if (type.root === 'ARRAY' || type.root === 'MAP') return withNullable(type.element!, true);
  return UNKNOWN;
}

function collectionType(kind: string, items: readonly Value[]): LogicalType {
  if (kind === 'MAP') {
    const key = commonType(items.filter((_, i) => i % 2 === 0).map((i) => i.type));
    const element = commonType(items.filter((_, i) => i % 2 === 1).map((i) => i.type));
    return key && element && items.length > 0 ? mapOf(key, element, false) : UNKNOWN;
  }
  const element = commonType(items.map((i) => i.type));
  if (!element || items.length === 0) return UNKNOWN;
  return kind === 'ARRAY' ? arrayOf(element, false) : multisetOf(element, false);
}

function numberType(text: string): LogicalType {
  if (/[eE]/.test(text)) return { root: 'DOUBLE', nullable: false };
  const dot = text.indexOf('.');
  if (dot < 0) {
    const digits = BigInt(/^\d+$/.test(text) ? text : '0');
    if (digits <= 2147483647n) return withNullable(INT, false);
    if (digits <= 9223372036854775807n) return { root: 'BIGINT', nullable: false };
    return decimal(text.length, 0, false);
  }
  const whole = text.slice(0, dot).replace(/^0+/, '');
  const scale = text.length - dot - 1;
  return decimal(Math.max(1, whole.length + scale), scale, false);
}

function dateTimeType(type: string, text: string): LogicalType {
  if (type === 'DATE') return { root: 'DATE', nullable: false };
  const fraction = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  if (type.startsWith('TIMESTAMP')) return { root: 'TIMESTAMP', nullable: false, precision: fraction };
  if (type === 'TIME') return { root: 'TIME', nullable: false, precision: fraction };
  return UNKNOWN;
}
