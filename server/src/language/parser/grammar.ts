import { FIRST_KEYWORD, T } from '../../knowledge/keywords';
import { isKeyword, isReserved, KIND_COUNT } from '../lexer';

/** Bits of the version, as in `KEYWORD_VERSIONS`: the grammar asks `p.version >= V20`. */
export const V20 = 1;
export const V21 = 2;
export const V22 = 3;
export const V23 = 4;

/** What a kind of token can begin or be, as bits; one table a version. */
export const IDENT = 1;
/** Begins an expression (FIRST of Expression3, and the prefix operators). */
export const EXPR = 2;
/** May continue an expression: an operator, or the first word of one. */
export const OPERATOR = 4;
/** A reserved word that is the name of a function when '(' follows. */
export const FUNCTION = 8;
/** A function without parentheses: CURRENT_DATE, USER, … */
export const CONTEXT = 16;
/** A function with a grammar of its own, whose '(' must follow. */
export const BUILTIN = 32;
/** Ends a clause of a query: where recovery stops. */
export const CLAUSE = 64;
export const PREFIX = 128;

const functionNames = [
  T.ABS, T.AVG, T.CARDINALITY, T.CEILING, T.CHAR, T.CHAR_LENGTH, T.CHARACTER_LENGTH, T.COALESCE, T.COLLECT, T.COVAR_POP,
  T.COVAR_SAMP, T.CUME_DIST, T.COUNT, T.CURRENT_DATE, T.CURRENT_TIME, T.CURRENT_TIMESTAMP, T.DENSE_RANK, T.ELEMENT,
  T.EVERY, T.EXP, T.FIRST_VALUE, T.FLOOR, T.FUSION, T.INTERSECTION, T.GROUPING, T.HOUR, T.LAG, T.LEAD, T.LEFT,
  T.LAST_VALUE, T.LN, T.LOCALTIME, T.LOCALTIMESTAMP, T.LOWER, T.MAX, T.MIN, T.MINUTE, T.MOD, T.MONTH, T.NTH_VALUE,
  T.NTILE, T.NULLIF, T.OCTET_LENGTH, T.PERCENTILE_CONT, T.PERCENTILE_DISC, T.PERCENT_RANK, T.POWER, T.RANK,
  T.REGR_COUNT, T.REGR_SXX, T.REGR_SYY, T.RIGHT, T.ROW_NUMBER, T.SECOND, T.SOME, T.SQRT, T.STDDEV_POP, T.STDDEV_SAMP,
  T.SUM, T.UPPER, T.TRUNCATE, T.USER, T.VAR_POP, T.VAR_SAMP, T.YEAR,
]; // biome-ignore format: a list
const contextVariables = [
  T.CURRENT_CATALOG, T.CURRENT_DATE, T.CURRENT_DEFAULT_TRANSFORM_GROUP, T.CURRENT_PATH, T.CURRENT_ROLE,
  T.CURRENT_SCHEMA, T.CURRENT_TIME, T.CURRENT_TIMESTAMP, T.CURRENT_USER, T.LOCALTIME, T.LOCALTIMESTAMP, T.SESSION_USER,
  T.SYSTEM_USER, T.USER,
]; // biome-ignore format: a list
const builtins = [
  T.CAST, T.EXTRACT, T.POSITION, T.CONVERT, T.TRANSLATE, T.OVERLAY, T.FLOOR, T.CEIL, T.CEILING, T.SUBSTRING, T.TRIM,
  T.TIMESTAMPADD, T.TIMESTAMPDIFF, T.TRY_CAST, T.CLASSIFIER, T.MATCH_NUMBER, T.FIRST, T.LAST, T.PREV, T.NEXT,
  T.JSON_EXISTS, T.JSON_VALUE, T.JSON_QUERY, T.JSON_OBJECT, T.JSON_OBJECTAGG, T.JSON_ARRAY, T.JSON_ARRAYAGG, T.TUMBLE,
  T.HOP, T.SESSION,
]; // biome-ignore format: a list
const builtinsSince20 = [
  T.DATE_DIFF, T.DATE_TRUNC, T.DATETIME_DIFF, T.TIMESTAMP_DIFF, T.TIMESTAMP_TRUNC, T.TIME_DIFF, T.TIME_TRUNC,
]; // biome-ignore format: a list
const builtinsSince22 = [T.SAFE_CAST, T.CONTAINS_SUBSTR, T.DATETIME_TRUNC];
const otherExpressions = [
  T.string, T.prefixedString, T.unicodeString, T.binaryString, T.integer, T.decimal, T.approximate, T.lparen, T.lbraceD,
  T.lbraceT, T.lbraceTs, T.lbraceFn, T.hook, T.placeholder, T.TRUE, T.FALSE, T.UNKNOWN, T.NULL, T.DATE, T.TIME,
  T.TIMESTAMP, T.INTERVAL, T.MULTISET, T.ARRAY, T.MAP, T.PERIOD, T.SPECIFIC, T.NEW, T.CASE, T.NEXT, T.CURRENT,
  T.CURSOR, T.ROW, T.RUNNING, T.FINAL, T.ARRAY_AGG, T.ARRAY_CONCAT_AGG, T.GROUP_CONCAT, T.STRING_AGG,
]; // biome-ignore format: a list
const operators = [
  T.NOT, T.IN, T.BETWEEN, T.LIKE, T.ILIKE, T.RLIKE, T.SIMILAR, T.eq, T.gt, T.lt, T.le, T.ge, T.ne, T.ne2, T.plus,
  T.minus, T.star, T.slash, T.percent, T.concat, T.AND, T.OR, T.IS, T.MEMBER, T.SUBMULTISET, T.CONTAINS, T.OVERLAPS,
  T.EQUALS, T.PRECEDES, T.SUCCEEDS, T.IMMEDIATELY, T.MULTISET, T.lbracket, T.FORMAT,
]; // biome-ignore format: a list
const clauses = [
  T.FROM, T.WHERE, T.GROUP, T.HAVING, T.WINDOW, T.QUALIFY, T.ORDER, T.LIMIT, T.OFFSET, T.FETCH, T.UNION, T.INTERSECT,
  T.EXCEPT, T.MINUS, T.JOIN, T.INNER, T.LEFT, T.RIGHT, T.FULL, T.CROSS, T.NATURAL, T.ON, T.USING, T.SELECT,
]; // biome-ignore format: a list

function flagsOf(bit: number): Uint8Array {
  const flags = new Uint8Array(KIND_COUNT);
  const mark = (kinds: readonly number[], flag: number) => {
    for (const kind of kinds) if (kind < FIRST_KEYWORD || isKeyword[bit]![kind] !== 0) flags[kind]! |= flag;
  };
  mark([T.identifier, T.quotedIdentifier, T.unicodeIdentifier, T.placeholder], IDENT | EXPR);
  for (let kind = FIRST_KEYWORD; kind < KIND_COUNT; kind++)
    if (isKeyword[bit]![kind] !== 0 && isReserved[bit]![kind] === 0) flags[kind]! |= IDENT | EXPR;
  mark(functionNames, FUNCTION | EXPR);
  mark(contextVariables, CONTEXT | EXPR);
  mark(builtins, BUILTIN | EXPR);
  if (bit >= V20) mark(builtinsSince20, BUILTIN | EXPR);
  if (bit >= V22) mark(builtinsSince22, BUILTIN | EXPR);
  mark(otherExpressions, EXPR);
  if (bit >= V20) mark([T.escapedString, T.DATETIME], EXPR);
  if (bit >= V21) mark([T.MODEL], EXPR);
  if (bit >= V22) mark([T.DECIMAL], EXPR);
  mark([T.plus, T.minus, T.NOT, T.EXISTS, T.UNIQUE], EXPR | PREFIX);
  mark(operators, OPERATOR);
  mark(clauses, CLAUSE);
  return flags;
}

const cache: (Uint8Array | undefined)[] = [];
/** The table of flags of a version, by its bit. */
export function grammarFlags(bit: number): Uint8Array {
  const known = cache[bit];
  if (known) return known;
  const made = flagsOf(bit);
  cache[bit] = made;
  return made;
}

/** What kind of expression may stand where one is parsed; the names are those of Calcite's ExprContext. */
// biome-ignore lint/suspicious/noConstEnum: its members are inlined into the bundle
export const enum Accept {
  ALL,
  NONCURSOR,
  QUERY,
  QUERY_OR_JOIN,
  NON_QUERY,
  SUB_QUERY,
  CURSOR,
}
