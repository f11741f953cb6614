/**
 * Flink's logical types: how they are written, printed, compared and cast. Source of the facts: the classes of
 * org.apache.flink.table.types.logical and LogicalTypeCasts.
 */
import type { DataType, IntervalQualifier } from '../language/ast';

export type TypeRoot =
  | 'UNKNOWN'
  | 'NULL'
  | 'CHAR'
  | 'VARCHAR'
  | 'BOOLEAN'
  | 'BINARY'
  | 'VARBINARY'
  | 'DECIMAL'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INT'
  | 'BIGINT'
  | 'FLOAT'
  | 'DOUBLE'
  | 'DATE'
  | 'TIME'
  | 'TIMESTAMP'
  | 'TIMESTAMP_TZ'
  | 'TIMESTAMP_LTZ'
  | 'INTERVAL_MONTH'
  | 'INTERVAL_DAY'
  | 'ARRAY'
  | 'MULTISET'
  | 'MAP'
  | 'ROW'
  | 'STRUCTURED'
  | 'RAW'
  | 'VARIANT'
  | 'BITMAP'
  | 'DESCRIPTOR';

export interface RowField {
  readonly name: string;
  readonly type: LogicalType;
}

/** A logical type. Immutable; UNKNOWN stands for whatever cannot be known and is compatible with everything. */
export interface LogicalType {
  readonly root: TypeRoot;
  readonly nullable: boolean;
  /** CHAR, VARCHAR, BINARY, VARBINARY: length. DECIMAL: total digits. TIME and TIMESTAMP…: fractional digits. */
  readonly precision?: number;
  readonly scale?: number;
  /** ARRAY, MULTISET: the element; MAP: the value */
  readonly element?: LogicalType;
  readonly key?: LogicalType;
  readonly fields?: readonly RowField[];
  /** Class of STRUCTURED and RAW, or the units of an interval */
  readonly detail?: string;
  /** A time attribute: event time or processing time */
  readonly time?: 'rowtime' | 'proctime';
  /** What the planner knows of a value beyond its type: a bound of the row's window, or its number among others */
  readonly mark?: 'window start' | 'window end' | 'rank' | 'rank by time' | 'rank in window' | 'some rank';
}

/** Length of STRING and BYTES. */
export const MAX_LENGTH = 2147483647;

const MAX_PRECISION = 38;

export const UNKNOWN: LogicalType = { root: 'UNKNOWN', nullable: true };
export const NULL: LogicalType = { root: 'NULL', nullable: true };

export function timestamp(precision: number, nullable = true): LogicalType {
  return scalar('TIMESTAMP', nullable, precision);
}

export function timestampLtz(precision: number, nullable = true): LogicalType {
  return scalar('TIMESTAMP_LTZ', nullable, precision);
}

export function decimal(precision: number, scale: number, nullable = true): LogicalType {
  return scalar('DECIMAL', nullable, precision, scale);
}

export function arrayOf(element: LogicalType, nullable = true): LogicalType {
  return { root: 'ARRAY', nullable, element };
}

export function mapOf(key: LogicalType, element: LogicalType, nullable = true): LogicalType {
  return { root: 'MAP', nullable, key, element };
}

export function multisetOf(element: LogicalType, nullable = true): LogicalType {
  return { root: 'MULTISET', nullable, element };
}

export function rowOf(fields: readonly RowField[], nullable = true): LogicalType {
  return { root: 'ROW', nullable, fields };
}

export function withNullable(type: LogicalType, nullable: boolean): LogicalType {
  if (type.nullable === nullable) return type;
  let other = others.get(type);
  if (!other) {
    other = { ...type, nullable };
    others.set(type, other);
    others.set(other, type);
  }
  return other;
}

/** The same type with the other nullability, made once. */
const others = new WeakMap<LogicalType, LogicalType>();

const scalars = new Map<TypeRoot, Map<number, LogicalType>>();

/** A type without parts, the same object each time. */
export function scalar(root: TypeRoot, nullable: boolean, precision?: number, scale?: number): LogicalType {
  let ofRoot = scalars.get(root);
  if (!ofRoot) {
    ofRoot = new Map();
    scalars.set(root, ofRoot);
  }
  // precisions are below 2^31 and scales below 128, so that the number is exact
  const key = ((precision ?? -1) + 1) * 256 + ((scale ?? -1) + 1) * 2 + (nullable ? 1 : 0);
  let type = ofRoot.get(key);
  if (!type) {
    type = {
      root,
      nullable,
      ...(precision === undefined ? {} : { precision }),
      ...(scale === undefined ? {} : { scale }),
    };
    ofRoot.set(key, type);
  }
  return type;
}

export const BOOLEAN = scalar('BOOLEAN', true);
export const INT = scalar('INT', true);
export const BIGINT = scalar('BIGINT', true);
export const DOUBLE = scalar('DOUBLE', true);
export const STRING = scalar('VARCHAR', true, MAX_LENGTH);
export const BYTES = scalar('VARBINARY', true, MAX_LENGTH);
export const DATE = scalar('DATE', true);

/** The type as a time attribute. */
export function withTime(type: LogicalType, time: 'rowtime' | 'proctime'): LogicalType {
  if (type.time === time) return type;
  const known = attributes[time];
  let timed = known.get(type);
  if (!timed) {
    timed = { ...type, time };
    known.set(type, timed);
    plain.set(timed, withoutTime(type));
  }
  return timed;
}

/** The type as an ordinary value: without being a time attribute or a window's bound. */
export function withoutTime(type: LogicalType): LogicalType {
  if (!type.time && !type.mark) return type;
  let ordinary = plain.get(type);
  if (!ordinary) {
    const { time, mark, ...rest } = type;
    ordinary = rest;
    plain.set(type, ordinary);
  }
  return ordinary;
}

const attributes = {
  rowtime: new WeakMap<LogicalType, LogicalType>(),
  proctime: new WeakMap<LogicalType, LogicalType>(),
};
const plain = new WeakMap<LogicalType, LogicalType>();

export function isUnknown(type: LogicalType): boolean {
  return type.root === 'UNKNOWN';
}

const SIMPLE: Readonly<Record<string, TypeRoot>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INT: 'INT',
  INTEGER: 'INT',
  BIGINT: 'BIGINT',
  FLOAT: 'FLOAT',
  REAL: 'FLOAT',
  DOUBLE: 'DOUBLE',
  'DOUBLE PRECISION': 'DOUBLE',
  DATE: 'DATE',
  NULL: 'NULL',
  VARIANT: 'VARIANT',
  BITMAP: 'BITMAP',
  DESCRIPTOR: 'DESCRIPTOR',
};

const LENGTHS: Readonly<Record<string, TypeRoot>> = {
  CHAR: 'CHAR',
  CHARACTER: 'CHAR',
  VARCHAR: 'VARCHAR',
  'CHAR VARYING': 'VARCHAR',
  'CHARACTER VARYING': 'VARCHAR',
  BINARY: 'BINARY',
  VARBINARY: 'VARBINARY',
  'BINARY VARYING': 'VARBINARY',
};

/** The logical type that a written data type stands for; UNKNOWN for user-defined and broken ones. */
export function typeOf(written: DataType | IntervalQualifier): LogicalType {
  if (written.kind === 'IntervalQualifier') return intervalOf(written);
  const nullable = written.nullable ?? true;
  const name = written.name.toUpperCase();
  const simple = SIMPLE[name];
  if (simple) return scalar(simple, nullable);
  const length = LENGTHS[name];
  if (length) {
    const usual = length === 'VARCHAR' || length === 'VARBINARY' ? MAX_LENGTH : 1;
    return scalar(length, nullable, written.params[0] ?? usual);
  }
  switch (name) {
    case 'STRING':
      return scalar('VARCHAR', nullable, MAX_LENGTH);
    case 'BYTES':
      return scalar('VARBINARY', nullable, MAX_LENGTH);
    case 'DECIMAL':
    case 'DEC':
    case 'NUMERIC':
      return scalar('DECIMAL', nullable, written.params[0] ?? 10, written.params[1] ?? 0);
    case 'TIME':
    case 'TIME WITHOUT TIME ZONE':
      return scalar('TIME', nullable, written.params[0] ?? 0);
    case 'TIMESTAMP':
    case 'TIMESTAMP WITHOUT TIME ZONE':
      return scalar('TIMESTAMP', nullable, written.params[0] ?? 6);
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP WITH LOCAL TIME ZONE':
      return scalar('TIMESTAMP_LTZ', nullable, written.params[0] ?? 6);
    case 'TIMESTAMP WITH TIME ZONE':
      return { root: 'TIMESTAMP_TZ', nullable, precision: written.params[0] ?? 6 };
    case 'ARRAY':
      return { root: 'ARRAY', nullable, element: written.elements[0] ? typeOf(written.elements[0]) : UNKNOWN };
    case 'MULTISET':
      return { root: 'MULTISET', nullable, element: written.elements[0] ? typeOf(written.elements[0]) : UNKNOWN };
    case 'MAP':
      return {
        root: 'MAP',
        nullable,
        key: written.elements[0] ? typeOf(written.elements[0]) : UNKNOWN,
        element: written.elements[1] ? typeOf(written.elements[1]) : UNKNOWN,
      };
    case 'ROW':
      return {
        root: 'ROW',
        nullable,
        fields: written.fields.map((f) => ({ name: f.name.name, type: typeOf(f.type) })),
      };
    case 'STRUCTURED':
      return {
        root: 'STRUCTURED',
        nullable,
        detail: written.args[0]?.value ?? '',
        fields: written.fields.map((f) => ({ name: f.name.name, type: typeOf(f.type) })),
      };
    case 'RAW':
      return { root: 'RAW', nullable, detail: written.args.map((a) => `'${a.value}'`).join(', ') };
  }
  return UNKNOWN;
}

const MONTH_UNITS = new Set(['YEAR', 'QUARTER', 'MONTH']);

export function intervalOf(qualifier: IntervalQualifier, nullable = true): LogicalType {
  const months = MONTH_UNITS.has(qualifier.from);
  return {
    root: months ? 'INTERVAL_MONTH' : 'INTERVAL_DAY',
    nullable,
    detail: qualifier.to ? `${qualifier.from} TO ${qualifier.to}` : qualifier.from,
  };
}

function identifier(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replace(/`/g, '``')}\``;
}

/** The type as Flink prints it: 'DECIMAL(10, 2) NOT NULL'; undefined when it is not known. */
export function printType(type: LogicalType): string | undefined {
  let text = texts.get(type);
  if (text === undefined && type.root !== 'UNKNOWN') {
    const plain = printed(type);
    text = plain === undefined ? '' : type.nullable || type.root === 'NULL' ? plain : `${plain} NOT NULL`;
    texts.set(type, text);
  }
  return text === '' ? undefined : text;
}

/** Types are shared by many columns; '' for those that cannot be printed. */
const texts = new WeakMap<LogicalType, string>();

function printed(type: LogicalType): string | undefined {
  switch (type.root) {
    case 'UNKNOWN':
      return undefined;
    case 'VARCHAR':
      return type.precision === MAX_LENGTH ? 'STRING' : `VARCHAR(${type.precision})`;
    case 'VARBINARY':
      return type.precision === MAX_LENGTH ? 'BYTES' : `VARBINARY(${type.precision})`;
    case 'CHAR':
    case 'BINARY':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return `${type.root}(${type.precision})`;
    case 'TIMESTAMP_TZ':
      return `TIMESTAMP(${type.precision}) WITH TIME ZONE`;
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'INTERVAL_DAY':
    case 'INTERVAL_MONTH':
      return `INTERVAL ${type.detail}`;
    case 'ARRAY':
    case 'MULTISET': {
      const element = printType(type.element ?? UNKNOWN);
      return element && `${type.root}<${element}>`;
    }
    case 'MAP': {
      const key = printType(type.key ?? UNKNOWN);
      const value = printType(type.element ?? UNKNOWN);
      return key && value && `MAP<${key}, ${value}>`;
    }
    case 'ROW':
    case 'STRUCTURED': {
      const fields: string[] = type.root === 'STRUCTURED' ? [`'${type.detail}'`] : [];
      for (const field of type.fields ?? []) {
        const text = printType(field.type);
        if (text === undefined) return undefined;
        fields.push(`${identifier(field.name)} ${text}`);
      }
      return `${type.root}<${fields.join(', ')}>`;
    }
    case 'RAW':
      return `RAW(${type.detail})`;
    default:
      return type.root;
  }
}

/** Same type, nullability aside at the top when `nullability` is false. Time attributes equal their plain type. */
export function sameType(a: LogicalType, b: LogicalType, nullability = true): boolean {
  if (a === b) return true;
  if (a.root !== b.root || a.precision !== b.precision || a.scale !== b.scale) return false;
  if (nullability && a.nullable !== b.nullable) return false;
  if (a.detail !== b.detail && a.root !== 'INTERVAL_DAY' && a.root !== 'INTERVAL_MONTH') return false;
  if (a.element && !(b.element && sameType(a.element, b.element))) return false;
  if (a.key && !(b.key && sameType(a.key, b.key))) return false;
  if (a.fields) {
    if (a.fields.length !== b.fields?.length) return false;
    return a.fields.every((field, i) => {
      const other = b.fields![i]!;
      return field.name === other.name && sameType(field.type, other.type);
    });
  }
  return true;
}

/** Whether something in the type is unknown. */
export function hasUnknown(type: LogicalType): boolean {
  if (type.root === 'UNKNOWN') return true;
  if (type.element && hasUnknown(type.element)) return true;
  if (type.key && hasUnknown(type.key)) return true;
  return type.fields?.some((field) => hasUnknown(field.type)) ?? false;
}

const NUMERIC_ORDER: readonly TypeRoot[] = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'DECIMAL', 'FLOAT', 'DOUBLE'];
const INTEGER_DIGITS: Partial<Record<TypeRoot, number>> = { TINYINT: 3, SMALLINT: 5, INT: 10, BIGINT: 19 };

export function isNumeric(type: LogicalType): boolean {
  return NUMERIC_ORDER.includes(type.root);
}
export function isExactNumeric(type: LogicalType): boolean {
  return isNumeric(type) && type.root !== 'FLOAT' && type.root !== 'DOUBLE';
}
export function isInteger(type: LogicalType): boolean {
  return INTEGER_DIGITS[type.root] !== undefined;
}
export function isCharacter(type: LogicalType): boolean {
  return type.root === 'CHAR' || type.root === 'VARCHAR';
}
export function isBinary(type: LogicalType): boolean {
  return type.root === 'BINARY' || type.root === 'VARBINARY';
}
export function isTimestamp(type: LogicalType): boolean {
  return type.root === 'TIMESTAMP' || type.root === 'TIMESTAMP_LTZ' || type.root === 'TIMESTAMP_TZ';
}
export function isDateTime(type: LogicalType): boolean {
  return isTimestamp(type) || type.root === 'DATE' || type.root === 'TIME';
}
export function isInterval(type: LogicalType): boolean {
  return type.root === 'INTERVAL_DAY' || type.root === 'INTERVAL_MONTH';
}

/** An exact numeric type as a decimal; undefined for others. */
export function asDecimal(type: LogicalType): { precision: number; scale: number } | undefined {
  if (type.root === 'DECIMAL') return { precision: type.precision!, scale: type.scale! };
  const digits = INTEGER_DIGITS[type.root];
  return digits === undefined ? undefined : { precision: digits, scale: 0 };
}

/** Fits a decimal's digits into 38, giving up scale but keeping at least 6 digits of it, as LogicalTypeMerging does. */
export function adjustDecimal(precision: number, scale: number, nullable: boolean): LogicalType {
  if (precision <= MAX_PRECISION) return decimal(precision, scale, nullable);
  const digits = precision - scale;
  const kept = Math.max(MAX_PRECISION - digits, Math.min(scale, 6));
  return decimal(MAX_PRECISION, kept, nullable);
}

/** The type that all of `types` can be widened to without loss, as LogicalTypeMerging finds it; UNKNOWN when not known, undefined when there is none. */
export function commonType(types: readonly LogicalType[]): LogicalType | undefined {
  const nullable = types.some((t) => t.nullable);
  let result: LogicalType | undefined;
  for (const type of types) {
    if (isUnknown(type)) return UNKNOWN;
    if (type.root === 'NULL') continue;
    if (!result) result = type;
    else {
      const merged = merge(result, type);
      if (!merged) return undefined;
      result = merged;
    }
  }
  if (!result) return NULL;
  // a time attribute stays one when it is one everywhere
  const same = types.every((t) => t.time === result.time && t.root === result.root);
  return withNullable(same ? result : withoutTime(result), nullable);
}

function merge(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (isUnknown(a) || isUnknown(b)) return UNKNOWN;
  if (sameType(a, b, false)) return a;
  if (isCharacter(a) && isCharacter(b)) {
    const root = a.root === 'CHAR' && b.root === 'CHAR' && a.precision === b.precision ? 'CHAR' : 'VARCHAR';
    return { root, nullable: true, precision: Math.max(a.precision!, b.precision!) };
  }
  if (isBinary(a) && isBinary(b)) {
    const root = a.root === 'BINARY' && b.root === 'BINARY' && a.precision === b.precision ? 'BINARY' : 'VARBINARY';
    return { root, nullable: true, precision: Math.max(a.precision!, b.precision!) };
  }
  if (isNumeric(a) && isNumeric(b)) {
    if (isExactNumeric(a) && isExactNumeric(b)) {
      if (a.root !== 'DECIMAL' && b.root !== 'DECIMAL') {
        return NUMERIC_ORDER.indexOf(a.root) > NUMERIC_ORDER.indexOf(b.root) ? a : b;
      }
      const x = asDecimal(a)!;
      const y = asDecimal(b)!;
      // Digits before the point are kept at the cost of those behind it
      const digits = Math.max(x.precision - x.scale, y.precision - y.scale);
      const scale = Math.min(Math.max(x.scale, y.scale), MAX_PRECISION - digits);
      return decimal(digits + scale, scale);
    }
    if (a.root === 'FLOAT' && b.root === 'FLOAT') return a;
    const approximate = a.root === 'DOUBLE' || b.root === 'DOUBLE' || a.root === 'DECIMAL' || b.root === 'DECIMAL';
    return { root: approximate ? 'DOUBLE' : 'FLOAT', nullable: true };
  }
  if (isTimestamp(a) && isTimestamp(b)) {
    const precision = Math.max(a.precision!, b.precision!);
    if (a.root === b.root) return { root: a.root, nullable: true, precision };
    return { root: 'TIMESTAMP_LTZ', nullable: true, precision };
  }
  if (a.root === 'DATE' && isTimestamp(b)) return b;
  if (b.root === 'DATE' && isTimestamp(a)) return a;
  if (a.root === 'TIME' && b.root === 'TIME') return a.precision! >= b.precision! ? a : b;
  if (a.root === b.root) {
    if (isInterval(a)) return a;
    if (a.root === 'ARRAY' || a.root === 'MULTISET') {
      const element = commonType([a.element!, b.element!]);
      return element && { root: a.root, nullable: true, element };
    }
    if (a.root === 'MAP') {
      const key = commonType([a.key!, b.key!]);
      const element = commonType([a.element!, b.element!]);
      return key && element && { root: 'MAP', nullable: true, key, element };
    }
    if (a.root === 'ROW') {
      if (a.fields!.length !== b.fields!.length) return undefined;
      const fields: RowField[] = [];
      for (let i = 0; i < a.fields!.length; i++) {
        const type = commonType([a.fields![i]!.type, b.fields![i]!.type]);
        if (!type) return undefined;
        fields.push({ name: a.fields![i]!.name, type });
      }
      return rowOf(fields);
    }
  }
  return undefined;
}

/** Roots that a value of each root turns into without a written cast (LogicalTypeCasts.supportsImplicitCast). */
const INTERVALS: readonly TypeRoot[] = ['INTERVAL_MONTH', 'INTERVAL_DAY'];
const IMPLICIT: Readonly<Partial<Record<TypeRoot, readonly TypeRoot[]>>> = {
  CHAR: ['VARCHAR'],
  VARCHAR: [],
  BOOLEAN: [],
  BINARY: ['VARBINARY'],
  VARBINARY: [],
  DECIMAL: ['FLOAT', 'DOUBLE', ...INTERVALS],
  TINYINT: ['DECIMAL', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', ...INTERVALS],
  SMALLINT: ['DECIMAL', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', ...INTERVALS],
  INT: ['DECIMAL', 'BIGINT', 'FLOAT', 'DOUBLE', ...INTERVALS],
  BIGINT: ['DECIMAL', 'FLOAT', 'DOUBLE', ...INTERVALS],
  FLOAT: ['DECIMAL', 'DOUBLE'],
  DOUBLE: ['DECIMAL'],
  DATE: [],
  TIME: [],
  TIMESTAMP: ['DATE', 'TIME', 'TIMESTAMP_LTZ'],
  TIMESTAMP_LTZ: ['TIMESTAMP'],
  TIMESTAMP_TZ: [],
  INTERVAL_MONTH: ['DECIMAL', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT'],
  INTERVAL_DAY: ['DECIMAL', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT'],
  ARRAY: [],
  MULTISET: [],
  MAP: [],
  ROW: [],
};

/**
 * Whether a query's column may be written to a sink's column, with the cast that Flink adds by itself. Doubtful cases
 * answer true: only a clear mismatch is told.
 */
export function canStore(from: LogicalType, to: LogicalType): boolean {
  if (isUnknown(from) || isUnknown(to) || from.root === 'NULL') return true;
  if (to.root === 'STRUCTURED' || to.root === 'RAW' || to.root === 'VARIANT') return true;
  if (from.root === to.root) {
    if (from.root === 'ROW') {
      return (
        from.fields!.length === to.fields!.length && from.fields!.every((f, i) => canStore(f.type, to.fields![i]!.type))
      );
    }
    if (from.root === 'ARRAY' || from.root === 'MULTISET') return canStore(from.element!, to.element!);
    if (from.root === 'MAP') return canStore(from.key!, to.key!) && canStore(from.element!, to.element!);
    return true;
  }
  return IMPLICIT[from.root]?.includes(to.root) ?? true;
}

/**
 * Whether a value passes into a sink column as it is, so that Flink adds no cast (LogicalTypeCasts.supportsAvoidingCast,
 * length and nullability aside).
 */
export function storesUnchanged(from: LogicalType, to: LogicalType): boolean {
  if (isUnknown(from) || isUnknown(to)) return true;
  if (from.root === to.root) {
    switch (from.root) {
      case 'VARCHAR':
      case 'VARBINARY':
        return from.precision! <= to.precision!;
      case 'ARRAY':
      case 'MULTISET':
        return storesUnchanged(from.element!, to.element!) && (to.element!.nullable || !from.element!.nullable);
      case 'MAP':
        return storesUnchanged(from.key!, to.key!) && storesUnchanged(from.element!, to.element!);
      case 'ROW':
        return (
          from.fields!.length === to.fields!.length &&
          from.fields!.every((f, i) => storesUnchanged(f.type, to.fields![i]!.type))
        );
      default:
        return sameType(from, to, false);
    }
  }
  if (from.root === 'CHAR' && to.root === 'VARCHAR') return from.precision! <= to.precision!;
  if (from.root === 'BINARY' && to.root === 'VARBINARY') return from.precision! <= to.precision!;
  return false;
}
