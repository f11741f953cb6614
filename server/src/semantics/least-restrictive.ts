/**
 * The type that values of several types have together: in CASE, in lists and rows of VALUES, in set operations, in the
 * constructors of arrays, maps and multisets. Source of the facts: what Flink's planner answers, which leaves it to
 * Calcite's SqlTypeFactoryImpl.leastRestrictive. Functions find theirs otherwise: see `commonType`.
 */
import {
  asDecimal,
  decimal,
  isBinary,
  isCharacter,
  isDateTime,
  isExactNumeric,
  isInteger,
  isInterval,
  isNumeric,
  type LogicalType,
  type RowField,
  rowOf,
  sameType,
  scalar,
  UNKNOWN,
  withNullable,
  withoutTime,
} from './types';

/**
 * The common type; NULL literals take any. UNKNOWN where one of the types is, undefined where there is none, also when
 * all are NULL.
 */
export function leastRestrictive(types: readonly LogicalType[]): LogicalType | undefined {
  const [first] = types;
  if (!first) return undefined;
  let nullable = false;
  let same = true;
  for (const type of types) {
    if (type.root === 'UNKNOWN') return UNKNOWN;
    nullable ||= type.nullable;
    same &&= type === first || sameType(type, first);
  }
  if (same) return first.root === 'NULL' ? undefined : timed(first, types);
  const found = family(types);
  return found && withNullable(timed(found, types), nullable);
}

/** A time attribute stays one when it is one everywhere. */
function timed(type: LogicalType, types: readonly LogicalType[]): LogicalType {
  return type.time && !types.every(({ time, root }) => time === type.time && root === type.root)
    ? withoutTime(type)
    : type;
}

function family(types: readonly LogicalType[]): LogicalType | undefined {
  let result: LogicalType | undefined;
  for (let i = 0; i < types.length; i++) {
    const type = types[i]!;
    if (type.root === 'NULL') continue;
    if (!result) {
      if (type.element || type.fields) return composite(types, type);
      result = type;
    }
    const next = types[i + 1];
    const before: LogicalType = result;
    if (isNumeric(type)) {
      // an exact number right in front of a date or time is taken for one
      if (isExactNumeric(type) && isExactNumeric(before) && next && isDateTime(next)) return next;
      if (!isNumeric(before)) return undefined;
      result = wider(before, type);
    } else if (isInterval(type)) {
      if (next && isDateTime(next)) return next;
      if (!isInterval(before) || before.root !== type.root) return undefined;
    } else if (isDateTime(type)) {
      if (next && (isInterval(next) || isInteger(next))) return type;
      result = later(before, type);
    } else if (isCharacter(type) || isBinary(type)) {
      result = longer(before, type);
    } else if (type.root !== before.root) {
      return undefined;
    }
    if (!result) return undefined;
  }
  return result;
}

/** The type of two numbers. */
function wider(a: LogicalType, b: LogicalType): LogicalType {
  if (sameType(a, b, false)) return a;
  if (!isExactNumeric(a)) {
    // of FLOAT and DOUBLE the first
    if (!isExactNumeric(b)) return a;
    return b.root === 'DECIMAL' ? scalar('DOUBLE', true) : a;
  }
  if (!isExactNumeric(b)) return a.root === 'DECIMAL' ? scalar('DOUBLE', true) : b;
  const x = asDecimal(a)!;
  const y = asDecimal(b)!;
  if (a.root !== 'DECIMAL' && b.root !== 'DECIMAL') return y.precision > x.precision ? b : a;
  // digits before the point are kept at the cost of those behind it
  const digits = Math.max(x.precision - x.scale, y.precision - y.scale);
  const scale = Math.min(Math.max(x.scale, y.scale), 38 - digits);
  return decimal(digits + scale, scale);
}

/** Of dates and times of one kind: the more precise one; a timestamp with and one without time zone may be mixed. */
function later(a: LogicalType, b: LogicalType): LogicalType | undefined {
  const stamps = (type: LogicalType): boolean => type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ';
  if (a.root !== b.root && !(stamps(a) && stamps(b))) return undefined;
  if (a.precision === b.precision) return a;
  return scalar(b.root, true, Math.max(a.precision ?? 0, b.precision ?? 0));
}

function longer(a: LogicalType, b: LogicalType): LogicalType | undefined {
  const characters = isCharacter(a);
  if (characters !== isCharacter(b) || (!characters && !isBinary(a))) return undefined;
  const varying = characters ? 'VARCHAR' : 'VARBINARY';
  const precision = Math.max(a.precision!, b.precision!);
  if (a.root === varying) return scalar(varying, true, precision);
  return scalar(a.precision === b.precision ? b.root : varying, true, precision);
}

/** Rows by their fields, arrays and maps by what they hold. */
function composite(types: readonly LogicalType[], first: LogicalType): LogicalType | undefined {
  const others = types.filter(({ root }) => root !== 'NULL');
  const root = first.root;
  // Flink 1.20 takes arrays and multisets together
  const lists = ({ root }: LogicalType): boolean => root === 'ARRAY' || root === 'MULTISET';
  if (others.some((type) => type.root !== root)) return others.every(lists) ? UNKNOWN : undefined;
  // beside a NULL the planner takes one of them as it is, and which is not known
  if (others.length < types.length && !others.every((type) => sameType(type, first, false))) return UNKNOWN;
  const part = (of: (type: LogicalType) => LogicalType | undefined): LogicalType | undefined =>
    leastRestrictive(others.map((type) => of(type) ?? UNKNOWN));
  if (root === 'ARRAY' || root === 'MULTISET') {
    const element = part((type) => type.element);
    return element && { root, nullable: true, element };
  }
  if (root === 'MAP') {
    const key = part((type) => type.key);
    const element = part((type) => type.element);
    // the planner takes some maps whose keys or values differ
    return key && element ? { root, nullable: true, key, element } : UNKNOWN;
  }
  if (root !== 'ROW') return others.every((type) => sameType(type, first, false)) ? first : undefined;
  // Flink 1.20 makes the fields nullable when one of the rows may be NULL, 2.3 keeps them
  const mixed = others.length === types.length && others.some(({ nullable }) => nullable !== first.nullable);
  if (mixed && first.fields!.some(({ type }) => !type.nullable)) return UNKNOWN;
  const fields: RowField[] = [];
  for (const [i, { name }] of first.fields!.entries()) {
    const type = part(({ fields: all }) => all![i]?.type);
    if (!type || others.some(({ fields: all }) => all!.length !== first.fields!.length)) return undefined;
    fields.push({ name, type });
  }
  return rowOf(fields);
}
