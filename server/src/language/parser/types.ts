import { T } from '../../knowledge/keywords';
import type { DataType, IntervalQualifier, Name, StringLiteral, TypeField } from '../ast';
import { type Cursor, compoundName, describeKind, identifier, quotedString } from './cursor';
import { V21, V23 } from './grammar';
import { stringLiteral } from './literals';

const none: readonly never[] = [];

function dataType(start: number, end: number, name: string): DataType {
  return {
    kind: 'DataType',
    start,
    end,
    name,
    params: none,
    elements: none,
    fields: none,
    args: none,
    userType: undefined,
    nullable: undefined,
  };
}

type Mutable = { -readonly [K in keyof DataType]: DataType[K] };

/** UnsignedIntLiteral: a whole number that fits 32 bits. */
export function unsignedInt(c: Cursor): number {
  if (!c.is(T.integer)) {
    if (c.skipPlaceholder()) return 0;
    c.fail('a whole number');
    return 0;
  }
  const value = Number(c.text.slice(c.start, c.ends[c.at]!));
  c.at++;
  if (value > 0x7fffffff) c.failLast('syntax/number-range', 'This number does not fit 32 bits.');
  return value;
}

/** PrecisionOpt: `(n)`, or nothing. */
export function precision(c: Cursor): number | undefined {
  if (!c.eat(T.lparen)) return undefined;
  const value = unsignedInt(c);
  c.expect(T.rparen);
  return value;
}

function addPrecision(c: Cursor, type: Mutable): void {
  const value = precision(c);
  if (value !== undefined) type.params = [value];
}

/** NullableOptDefaultTrue */
function nullable(c: Cursor): boolean | undefined {
  if (c.eat(T.NULL)) return true;
  if (!c.eat(T.NOT)) return undefined;
  c.expect(T.NULL);
  return false;
}

/** ExtendedDataType: a type with its nullability, and `ARRAY` or `MULTISET` behind it as often as they stand there. */
export function extendedDataType(c: Cursor): DataType {
  if (!c.enter()) return dataType(c.end, c.end, '');
  let type = typeName(c);
  for (;;) {
    // LOOKAHEAD(3): [NULL | NOT NULL] (MULTISET | ARRAY)
    const skip = c.is(T.NULL) ? 1 : c.are(T.NOT, T.NULL) ? 2 : 0;
    const kind = c.peek(skip);
    if (kind !== T.ARRAY && kind !== T.MULTISET) break;
    const elementNullable = nullable(c);
    if (elementNullable !== undefined) type = { ...type, nullable: elementNullable, end: c.end };
    c.at++;
    type = {
      ...dataType(type.start, c.end, kind === T.ARRAY ? 'ARRAY' : 'MULTISET'),
      elements: [type],
    };
  }
  const written = nullable(c);
  c.leave();
  return written === undefined ? type : { ...type, nullable: written, end: c.end };
}

/** DataType: as in CAST, where no nullability is written. */
export function plainDataType(c: Cursor): DataType {
  if (!c.enter()) return dataType(c.end, c.end, '');
  let type = typeName(c);
  while (c.is(T.ARRAY) || c.is(T.MULTISET)) {
    const name = c.is(T.ARRAY) ? 'ARRAY' : 'MULTISET';
    c.at++;
    type = { ...dataType(type.start, c.end, name), elements: [type] };
  }
  c.leave();
  return type;
}

/** AddColumnType of EXTEND: a type with an optional NOT NULL. */
export function notNullDataType(c: Cursor): DataType {
  const type = plainDataType(c);
  if (!c.eat(T.NOT)) return type;
  c.expect(T.NULL);
  return { ...type, nullable: false, end: c.end };
}

/** True when the next two tokens begin a type that is no user-defined one. */
export function beginsBuiltInType(c: Cursor): boolean {
  return !c.isIdent() && beginsType(c);
}

/** True when the next tokens can begin a type: the two-token test that the grammar's `TypedColumn` makes. */
export function beginsType(c: Cursor, distance = 0): boolean {
  const kind = c.peek(distance);
  switch (kind) {
    case T.STRING:
    case T.BYTES:
    case T.TIMESTAMP_LTZ:
    case T.ARRAY:
    case T.MULTISET:
    case T.MAP:
    case T.RAW:
    case T.ROW:
    case T.GEOMETRY:
    case T.BOOLEAN:
    case T.INTEGER:
    case T.INT:
    case T.TINYINT:
    case T.SMALLINT:
    case T.BIGINT:
    case T.REAL:
    case T.DOUBLE:
    case T.FLOAT:
    case T.BINARY:
    case T.VARBINARY:
    case T.DECIMAL:
    case T.DEC:
    case T.NUMERIC:
    case T.ANY:
    case T.CHARACTER:
    case T.CHAR:
    case T.VARCHAR:
    case T.DATE:
    case T.TIME:
    case T.TIMESTAMP:
      return true;
    case T.STRUCTURED:
    case T.VARIANT:
      return c.version >= V21;
    case T.BITMAP:
      return c.version >= V23;
    default:
      return c.isIdent(kind);
  }
}

/** TypeName */
function typeName(c: Cursor): DataType {
  const start = c.start;
  const kind = c.kind;
  const next = c.peek(1);
  const type: Mutable = dataType(start, start, '');
  const named = (words: number, text: string): DataType => {
    c.at += words;
    type.name = text;
    type.end = c.end;
    return type;
  };
  switch (kind) {
    case T.STRING:
    case T.BYTES:
      return named(1, describeKind(kind));
    case T.TIMESTAMP_LTZ:
      named(1, 'TIMESTAMP_LTZ');
      addPrecision(c, type);
      break;
    case T.ARRAY:
    case T.MULTISET: {
      if (next !== T.lt) return failType(c, type);
      named(2, describeKind(kind));
      if (!c.enter()) return type;
      const element = typeName(c);
      const written = nullable(c);
      type.elements = [written === undefined ? element : { ...element, nullable: written, end: c.end }];
      c.leave();
      c.expect(T.gt);
      break;
    }
    case T.MAP: {
      if (next !== T.lt) {
        if (c.isIdent()) break;
        return failType(c, type);
      }
      named(2, 'MAP');
      const key = extendedDataType(c);
      c.expect(T.comma);
      type.elements = [key, extendedDataType(c)];
      c.expect(T.gt);
      break;
    }
    case T.RAW: {
      if (next !== T.lparen) {
        if (c.isIdent()) break;
        return failType(c, type);
      }
      named(2, 'RAW');
      const args: StringLiteral[] = [stringLiteral(c)];
      c.expect(T.comma);
      args.push(stringLiteral(c));
      type.args = args;
      c.expect(T.rparen);
      break;
    }
    case T.ROW: {
      if (next === T.ne) return named(2, 'ROW');
      if (next !== T.lt && next !== T.lparen) {
        named(1, 'ROW');
        c.fail("'<' or '(' after ROW");
        return type;
      }
      named(2, 'ROW');
      type.fields = fields(c);
      c.expect(next === T.lt ? T.gt : T.rparen, next === T.lt ? "',' or '>'" : "',' or ')'");
      break;
    }
    case T.STRUCTURED: {
      if (next !== T.lt) return failType(c, type);
      named(2, 'STRUCTURED');
      type.args = [stringLiteral(c)];
      if (c.eat(T.comma)) type.fields = fields(c);
      c.expect(T.gt);
      break;
    }
    case T.BITMAP:
    case T.VARIANT:
    case T.BOOLEAN:
    case T.TINYINT:
    case T.SMALLINT:
    case T.BIGINT:
    case T.REAL:
    case T.FLOAT:
      return named(1, describeKind(kind));
    case T.GEOMETRY:
      named(1, 'GEOMETRY');
      c.failLast('syntax/geometry', 'Flink does not support the GEOMETRY type.');
      break;
    case T.INTEGER:
    case T.INT:
      return named(1, 'INT');
    case T.DOUBLE:
      if (next === T.PRECISION) return named(2, 'DOUBLE');
      return named(1, 'DOUBLE');
    case T.BINARY:
      if (next === T.VARYING) named(2, 'VARBINARY');
      else named(1, 'BINARY');
      addPrecision(c, type);
      break;
    case T.VARBINARY:
      named(1, 'VARBINARY');
      addPrecision(c, type);
      break;
    case T.DECIMAL:
    case T.DEC:
    case T.NUMERIC:
    case T.ANY:
      named(1, kind === T.ANY ? 'ANY' : 'DECIMAL');
      if (c.eat(T.lparen)) {
        const params = [unsignedInt(c)];
        if (c.eat(T.comma)) params.push(unsignedInt(c));
        type.params = params;
        c.expect(T.rparen);
      }
      break;
    case T.CHARACTER:
    case T.CHAR:
    case T.VARCHAR:
      if (kind !== T.VARCHAR && next === T.VARYING) named(2, 'VARCHAR');
      else named(1, kind === T.VARCHAR ? 'VARCHAR' : 'CHAR');
      addPrecision(c, type);
      if (c.eat(T.CHARACTER)) {
        c.expect(T.SET);
        identifier(c, 'the name of a character set');
      }
      break;
    case T.DATE:
      return named(1, 'DATE');
    case T.TIME:
    case T.TIMESTAMP:
      named(1, describeKind(kind));
      addPrecision(c, type);
      if (c.are(T.WITHOUT, T.TIME) && c.peek(2) === T.ZONE) c.at += 3;
      else if (c.eat(T.WITH)) {
        c.expect(T.LOCAL, 'LOCAL TIME ZONE');
        c.expect(T.TIME);
        c.expect(T.ZONE);
        type.name += ' WITH LOCAL TIME ZONE';
      }
      break;
    default:
      break;
  }
  if (type.name === '') {
    if (!c.isIdent()) return failType(c, type);
    const userType: Name = compoundName(c);
    type.name = '';
    type.userType = userType;
  }
  type.end = c.end;
  return type;
}

function failType(c: Cursor, type: Mutable): DataType {
  const kind = c.kind;
  if ((kind === T.STRUCTURED && c.version >= V21) || kind === T.ARRAY || kind === T.MULTISET || kind === T.MAP) {
    c.fail(`a data type; ${describeKind(kind)} needs its element types in <…>`);
    if (c.error) c.at++;
  } else c.fail('a data type');
  type.start = Math.min(type.start, c.end);
  type.end = c.end;
  return type;
}

/** ExtendedFieldNameTypeCommaList; every field may be left out, even with its comma kept (so the grammar says). */
function fields(c: Cursor): TypeField[] {
  const found: TypeField[] = [];
  if (c.isIdent()) found.push(field(c));
  while (c.eat(T.comma)) found.push(field(c));
  return found;
}

function field(c: Cursor): TypeField {
  const start = c.start;
  const fieldName = identifier(c, 'the name of a field');
  const type = extendedDataType(c);
  const comment = c.is(T.string) ? quotedString(c) : undefined;
  return { kind: 'TypeField', start: Math.min(start, fieldName.start), end: c.end, name: fieldName, type, comment };
}

// ---------------------------------------------------------------------------------------- interval qualifiers

const singular: Readonly<Record<number, string>> = {
  [T.YEAR]: 'YEAR',
  [T.YEARS]: 'YEAR',
  [T.QUARTER]: 'QUARTER',
  [T.QUARTERS]: 'QUARTER',
  [T.MONTH]: 'MONTH',
  [T.MONTHS]: 'MONTH',
  [T.WEEK]: 'WEEK',
  [T.WEEKS]: 'WEEK',
  [T.DAY]: 'DAY',
  [T.DAYS]: 'DAY',
  [T.HOUR]: 'HOUR',
  [T.HOURS]: 'HOUR',
  [T.MINUTE]: 'MINUTE',
  [T.MINUTES]: 'MINUTE',
  [T.SECOND]: 'SECOND',
  [T.SECONDS]: 'SECOND',
};
const units = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** The unit that a kind names, in the singular, or undefined when it names none in this version. */
export function intervalUnit(c: Cursor, kind = c.kind): string | undefined {
  const unit = singular[kind];
  if (unit === undefined) return undefined;
  if (c.version === 0 && (unit === 'QUARTER' || unit === 'WEEK')) return undefined;
  return unit;
}

/** IntervalQualifier, or IntervalQualifierStart when `single`. */
export function intervalQualifier(c: Cursor, single = false): IntervalQualifier {
  const start = c.start;
  const from = intervalUnit(c);
  if (from === undefined) {
    c.fail('a unit of time (SECOND, MINUTE, HOUR, DAY, MONTH, YEAR)');
    return {
      kind: 'IntervalQualifier',
      start: c.end,
      end: c.end,
      from: '',
      to: undefined,
      precision: undefined,
      fraction: undefined,
    };
  }
  c.at++;
  let to: string | undefined;
  let digits: number | undefined;
  let fraction: number | undefined;
  if (from === 'SECOND') {
    if (c.eat(T.lparen)) {
      digits = unsignedInt(c);
      if (c.eat(T.comma)) fraction = unsignedInt(c);
      c.expect(T.rparen);
    }
  } else {
    digits = precision(c);
    if (!single && c.is(T.TO) && from !== 'QUARTER' && from !== 'MONTH' && from !== 'WEEK') {
      const unit = intervalUnit(c, c.peek(1));
      const first = units.indexOf(from);
      const last = unit === undefined ? -1 : units.indexOf(unit);
      if (from === 'YEAR' ? unit === 'MONTH' : last > first) {
        c.at += 2;
        to = unit;
        // TO SECOND (n): the fraction's digits
        if (to === 'SECOND') fraction = precision(c);
      }
    }
  }
  return { kind: 'IntervalQualifier', start, end: c.end, from, to, precision: digits, fraction };
}
