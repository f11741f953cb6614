/**
 * Types of columns as metadata stores keep them, as Flink types: Hive's by Flink's HiveTypeUtil, those of databases by the
 * type mappers of Flink's JDBC catalogs, Avro's by Flink's avro format. What has no one counterpart is unknown.
 */
import { parseType } from '../semantics/type-text';
import {
  asDecimal,
  hasUnknown,
  isBinary,
  isCharacter,
  isTimestamp,
  type LogicalType,
  printType,
} from '../semantics/types';

/**
 * The Flink type of a column of `columnType` (hive_column, rdbms_column, flink_column, avro_field; avro_kind where only the kind
 * of an Avro type is known, without the logical type on it) whose type is written as `text`, in Flink's printed form; undefined where it cannot be known. `length` is that of rdbms_column.
 */
export function flinkType(columnType: string, text: string | undefined, length?: number): string | undefined {
  if (!text) return undefined;
  const written =
    columnType === 'rdbms_column'
      ? (databaseType(text, length) ?? text)
      : columnType === 'avro_field'
        ? avroType(text)
        : columnType === 'avro_kind'
          ? avroKinds[text]
          : text;
  const type = parseType(written);
  if (hasUnknown(type)) return undefined;
  // Hive's timestamps have nanoseconds, and no precision in their name
  const hive = columnType === 'hive_column' && /^timestamp$/i.test(text.trim());
  return hive ? 'TIMESTAMP(9)' : printType(type);
}

const avroTypes: Readonly<Record<string, string>> = {
  string: 'STRING',
  bytes: 'BYTES',
  int: 'INT',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  uuid: 'STRING',
};

/** Of the other kinds Flink's type depends on what is inside, or on a logical type: a LONG may be a point in time. */
const avroKinds: Readonly<Record<string, string>> = {
  STRING: 'STRING',
  ENUM: 'STRING',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
};

/** An Avro type in words: 'long', 'decimal(10, 2)', 'enum State', 'array<long>', 'map<long>'. */
function avroType(text: string): string | undefined {
  const [, kind, items = ''] = /^(array|map)<(.+)>$/.exec(text) ?? [];
  if (kind) {
    const inner = avroType(items);
    return inner && (kind === 'array' ? `ARRAY<${inner}>` : `MAP<STRING, ${inner}>`);
  }
  if (text.startsWith('enum ')) return 'STRING';
  if (/^decimal\(\d+, ?\d+\)$/.test(text)) return text.toUpperCase();
  return Object.hasOwn(avroTypes, text) ? avroTypes[text] : undefined;
}

/** By name in lower case without lengths and UNSIGNED; `n` stands for the lengths as they are written. */
const databaseTypes: Readonly<Record<string, string>> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int2: 'SMALLINT',
  smallserial: 'SMALLINT',
  mediumint: 'INT',
  int: 'INT',
  integer: 'INT',
  int4: 'INT',
  serial: 'INT',
  bigint: 'BIGINT',
  int8: 'BIGINT',
  bigserial: 'BIGINT',
  real: 'FLOAT',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  double: 'DOUBLE',
  'double precision': 'DOUBLE',
  decimal: 'DECIMAL n',
  numeric: 'DECIMAL n',
  number: 'DECIMAL n',
  bool: 'BOOLEAN',
  boolean: 'BOOLEAN',
  char: 'CHAR n',
  character: 'CHAR n',
  bpchar: 'CHAR n',
  nchar: 'CHAR n',
  varchar: 'VARCHAR n',
  varchar2: 'VARCHAR n',
  nvarchar: 'VARCHAR n',
  nvarchar2: 'VARCHAR n',
  'character varying': 'VARCHAR n',
  text: 'STRING',
  tinytext: 'STRING',
  mediumtext: 'STRING',
  longtext: 'STRING',
  clob: 'STRING',
  json: 'STRING',
  date: 'DATE',
  time: 'TIME(0)',
  datetime: 'TIMESTAMP n',
  timestamp: 'TIMESTAMP n',
  'timestamp without time zone': 'TIMESTAMP n',
  timestamptz: 'TIMESTAMP_LTZ n',
  'timestamp with time zone': 'TIMESTAMP_LTZ n',
  bytea: 'BYTES',
  binary: 'BYTES',
  varbinary: 'BYTES',
  blob: 'BYTES',
  tinyblob: 'BYTES',
  mediumblob: 'BYTES',
  longblob: 'BYTES',
};

const unsigned: Readonly<Record<string, string>> = {
  TINYINT: 'SMALLINT',
  SMALLINT: 'INT',
  INT: 'BIGINT',
  BIGINT: 'DECIMAL(20, 0)',
};

function databaseType(text: string, length: number | undefined): string | undefined {
  const match =
    /^([a-z][a-z0-9_ ]*?)\s*(?:\(\s*(\d+)(?:\s*,\s*(\d+))?[^)]*\))?(\s+with(?:out)? time zone)?(\s+unsigned)?$/.exec(
      text.trim().toLowerCase(),
    );
  if (!match) return undefined;
  const [, name = '', first = length?.toString(), second, zone = '', isUnsigned] = match;
  if (name === 'tinyint' && first === '1') return 'BOOLEAN';
  const known = databaseTypes[name + zone.replace(/\s+/g, ' ')];
  if (!known) return undefined;
  if (isUnsigned) return unsigned[known] ?? known;
  if (!known.endsWith(' n')) return known;
  const root = known.slice(0, -2);
  // Without a length a text is of any, and a number of a precision that only the database knows
  if (first === undefined) return root === 'DECIMAL' ? undefined : /CHAR/.test(root) ? 'STRING' : `${root}(6)`;
  return `${root}(${[first, second].filter((part) => part !== undefined).join(', ')})`;
}

/**
 * Whether values of the store's type may be declared as the script's: 'same' when Flink would take both alike, 'wider' when
 * the script's has room for all of them, 'other' when values change or are lost; undefined when one of the two is unknown.
 * NOT NULL is left out: DDL promises it, stores do not keep it.
 */
export function compareTypes(
  script: string | undefined,
  store: string | undefined,
): 'same' | 'wider' | 'other' | undefined {
  const a = parseType(script);
  const b = parseType(store);
  if (!script || !store || hasUnknown(a) || hasUnknown(b)) return undefined;
  return compare(a, b);
}

type Comparison = 'same' | 'wider' | 'other';

function compare(a: LogicalType, b: LogicalType): Comparison {
  // Lengths of texts and bytes are hardly ever held: formats and connectors read them all alike
  if ((isCharacter(a) && isCharacter(b)) || (isBinary(a) && isBinary(b))) return 'same';
  if (isTimestamp(a) && a.root === b.root) return 'same';
  const [exact, otherExact] = [asDecimal(a), asDecimal(b)];
  if (exact && otherExact) {
    const digits = order(exact.precision - exact.scale, otherExact.precision - otherExact.scale);
    return worst([digits, order(exact.scale, otherExact.scale)]);
  }
  if (a.root === 'DOUBLE' && b.root === 'FLOAT') return 'wider';
  if (a.root !== b.root) return 'other';
  switch (a.root) {
    case 'ARRAY':
    case 'MULTISET':
      return compare(a.element ?? a, b.element ?? b);
    case 'MAP':
      return worst([compare(a.key ?? a, b.key ?? b), compare(a.element ?? a, b.element ?? b)]);
    case 'ROW': {
      const others = new Map(b.fields?.map(({ name, type }) => [name, type]));
      const fields = a.fields ?? [];
      if (fields.some(({ name }) => !others.has(name))) return 'other';
      return worst(fields.map(({ name, type }) => compare(type, others.get(name) ?? type)));
    }
    default:
      return 'same';
  }
}

function order(a: number, b: number): Comparison {
  return a === b ? 'same' : a > b ? 'wider' : 'other';
}

function worst(all: readonly Comparison[]): Comparison {
  return all.includes('other') ? 'other' : all.includes('wider') ? 'wider' : 'same';
}
