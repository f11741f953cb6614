/** Built-in functions: which there are, and the type of their result where it is certain. */
import {
  adjustDecimal,
  arrayOf,
  BIGINT,
  BOOLEAN,
  commonType,
  DATE,
  DOUBLE,
  decimal,
  INT,
  isUnknown,
  type LogicalType,
  multisetOf,
  STRING,
  timestamp,
  timestampLtz,
  UNKNOWN,
  withNullable,
  withoutTime,
} from './types';

type Infer = (args: readonly LogicalType[]) => LogicalType;

const anyNullable = (args: readonly LogicalType[]): boolean => args.some((a) => a.nullable);
/** Of a fixed type, NULL when an argument is */
const strict =
  (type: LogicalType): Infer =>
  (args) =>
    withNullable(type, anyNullable(args));
const always =
  (type: LogicalType): Infer =>
  () =>
    type;
const first: Infer = (args) => (args[0] ? withoutTime(args[0]) : UNKNOWN);
const firstNullable: Infer = (args) => (args[0] ? withNullable(withoutTime(args[0]), true) : UNKNOWN);
const common: Infer = (args) => commonType(args) ?? UNKNOWN;

const string = strict(STRING);
const notNull = (type: LogicalType): LogicalType => withNullable(type, false);

/** Result types of the functions that jobs use most; the rest is unknown. */
const RESULTS: Readonly<Record<string, Infer>> = {
  UPPER: string,
  LOWER: string,
  INITCAP: string,
  CONCAT: string,
  CONCAT_WS: string,
  SUBSTRING: string,
  SUBSTR: string,
  REPLACE: string,
  REVERSE: string,
  LPAD: always(STRING),
  RPAD: always(STRING),
  REPEAT: string,
  REGEXP_REPLACE: always(STRING),
  REGEXP_EXTRACT: always(STRING),
  SPLIT_INDEX: always(STRING),
  MD5: string,
  SHA1: string,
  SHA256: string,
  UUID: always(notNull({ ...STRING, root: 'CHAR', precision: 36 })),
  CHAR_LENGTH: strict(INT),
  CHARACTER_LENGTH: strict(INT),
  POSITION: strict(INT),
  LOCATE: strict(INT),
  DATE_FORMAT: string,
  FROM_UNIXTIME: string,
  UNIX_TIMESTAMP: (args) => withNullable(BIGINT, anyNullable(args)),
  TO_DATE: always(DATE),
  TO_TIMESTAMP: always(timestamp(3)),
  TO_TIMESTAMP_LTZ: always(timestampLtz(3)),
  CURRENT_TIMESTAMP: always(timestampLtz(3, false)),
  NOW: always(timestampLtz(3, false)),
  CURRENT_ROW_TIMESTAMP: always(timestampLtz(3, false)),
  LOCALTIMESTAMP: always(timestamp(3, false)),
  CURRENT_DATE: always(notNull(DATE)),
  PROCTIME: always({ ...timestampLtz(3, false), time: 'proctime' }),
  EXTRACT: strict(BIGINT),
  YEAR: strict(BIGINT),
  QUARTER: strict(BIGINT),
  MONTH: strict(BIGINT),
  WEEK: strict(BIGINT),
  DAYOFYEAR: strict(BIGINT),
  DAYOFMONTH: strict(BIGINT),
  DAYOFWEEK: strict(BIGINT),
  HOUR: strict(BIGINT),
  MINUTE: strict(BIGINT),
  SECOND: strict(BIGINT),
  TIMESTAMPDIFF: strict(INT),
  COALESCE: (args) => {
    const type = commonType(args);
    return type && !isUnknown(type)
      ? withNullable(
          withoutTime(type),
          args.every((a) => a.nullable),
        )
      : UNKNOWN;
  },
  IFNULL: (args) => {
    const type = commonType(args);
    return type && !isUnknown(type)
      ? withNullable(
          withoutTime(type),
          args.every((a) => a.nullable),
        )
      : UNKNOWN;
  },
  GREATEST: common,
  LEAST: common,
  NULLIF: firstNullable,
  SQRT: strict(DOUBLE),
  LN: strict(DOUBLE),
  LOG10: strict(DOUBLE),
  EXP: strict(DOUBLE),
  POWER: strict(DOUBLE),
  RAND: always(notNull(DOUBLE)),
  CARDINALITY: strict(INT),
  COUNT: always(notNull(BIGINT)),
  APPROX_COUNT_DISTINCT: always(notNull(BIGINT)),
  SUM: (args) => {
    const type = args[0];
    if (!type) return UNKNOWN;
    return type.root === 'DECIMAL' ? decimal(38, type.scale!) : withNullable(type, true);
  },
  AVG: (args) => {
    const type = args[0];
    if (!type) return UNKNOWN;
    return type.root === 'DECIMAL' ? adjustDecimal(38, Math.max(6, type.scale!), true) : withNullable(type, true);
  },
  MIN: firstNullable,
  MAX: firstNullable,
  FIRST_VALUE: firstNullable,
  LAST_VALUE: firstNullable,
  LAG: firstNullable,
  LEAD: firstNullable,
  LISTAGG: always(STRING),
  COLLECT: (args) => (args[0] ? multisetOf(args[0], false) : UNKNOWN),
  ARRAY_AGG: (args) => (args[0] ? arrayOf(args[0]) : UNKNOWN),
  ROW_NUMBER: always(notNull(BIGINT)),
  RANK: always(notNull(BIGINT)),
  DENSE_RANK: always(notNull(BIGINT)),
  GROUPING: always(notNull(BIGINT)),
  GROUPING_ID: always(notNull(BIGINT)),
  JSON_VALUE: always(STRING),
  JSON_QUERY: always(STRING),
  JSON_STRING: string,
  JSON_OBJECT: always(notNull(STRING)),
  JSON_ARRAY: always(notNull(STRING)),
  JSON_EXISTS: always(BOOLEAN),
  TRIM: string,
  LTRIM: string,
  RTRIM: string,
  ABS: first,
};

/** The type of a built-in function's result; UNKNOWN when it is not certain. */
export function resultType(name: string, args: readonly LogicalType[]): LogicalType {
  const infer = RESULTS[name];
  if (!infer) return UNKNOWN;
  return infer(args);
}

/** Table functions that assign rows to windows. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(['TUMBLE', 'HOP', 'CUMULATE', 'SESSION']);
