import { T } from '../../knowledge/keywords';
import type { Argument, Call, Expression, Identifier, KeywordArg, Name, NamedArg, OrderItem, TableArg } from '../ast';
import { type Cursor, checkNonQuery, compoundName, describeKind, emptyIdentifier, identifier, name } from './cursor';
import {
  atomic,
  atomicAhead,
  enclosedAhead,
  expressionList,
  missingExpression,
  operandAhead,
  parseExpression,
  queryOrCommaList,
  valueAhead,
} from './expression';
import { Accept, FUNCTION, IDENT, V20, V22, V23 } from './grammar';
import { number, stringLiteral, unsignedNumber } from './literals';
import { explicitTable, orderBy, orderedQueryOrExpr, setSemanticsOrder, windowSpec } from './query';
import { intervalQualifier, plainDataType } from './types';

const none: readonly never[] = [];
type MutableCall = { -readonly [K in keyof Call]: Call[K] };

function newCall(start: number, callee: Name): MutableCall {
  return {
    kind: 'Call',
    start,
    end: callee.end,
    name: callee,
    args: none,
    quantifier: undefined,
    argsOrderBy: undefined,
    withinGroup: undefined,
    withinDistinct: undefined,
    filter: undefined,
    nulls: undefined,
    over: undefined,
    parenthesised: true,
  };
}

/** A keyword that was just taken, as an argument. */
function keyword(c: Cursor, from = c.at - 1): KeywordArg {
  const words: string[] = [];
  for (let i = from; i < c.at; i++) words.push(describeKind(c.kinds[i]!));
  return { kind: 'KeywordArg', start: c.starts[from]!, end: c.end, text: words.join(' ') };
}

/** The name of a function that is a keyword, written as it stands. */
function keywordName(c: Cursor): Name {
  const start = c.start;
  const end = c.ends[c.at]!;
  c.at++;
  const part: Identifier = { kind: 'Identifier', start, end, name: c.text.slice(start, end), quoted: false };
  return { kind: 'Name', start, end, parts: [part] };
}

// --------------------------------------------------------------------------------------------------- arguments

/** SimpleIdentifier => , if one stands here. */
function argumentName(c: Cursor): Identifier | undefined {
  if (c.peek(1) !== T.arrow || !c.isIdent()) return undefined;
  const found = identifier(c);
  c.at++;
  return found;
}

/** SimpleIdentifierOrList, of PARTITION BY. */
function partitionColumns(c: Cursor): Expression[] {
  const column = (): Expression => {
    const part = identifier(c, 'the name of a column');
    return { kind: 'ColumnRef', start: part.start, end: part.end, parts: [part] };
  };
  if (!c.eat(T.lparen)) return [column()];
  const columns = [column()];
  while (c.eat(T.comma)) columns.push(column());
  c.expect(T.rparen, "',' or ')'");
  return columns;
}

/** [PARTITION BY …] [ORDER BY …] behind a table or query that is an argument. */
function tableArgument(c: Cursor, start: number, source: TableArg['source']): TableArg {
  let partitionBy: Expression[] | undefined;
  let order: OrderItem[] | undefined;
  if (c.eat(T.PARTITION)) {
    c.expect(T.BY);
    partitionBy = partitionColumns(c);
  }
  if (c.is(T.ORDER)) order = setSemanticsOrder(c);
  return { kind: 'TableArg', start, end: c.end, source, partitionBy, orderBy: order };
}

/** AddArg0 and AddArg: `first` takes a bare query with its partitioning, too. */
function argument(c: Cursor, accept: Accept, first: boolean): Argument {
  const start = c.start;
  const named = argumentName(c);
  let value: NamedArg['value'];
  if (c.is(T.DEFAULT)) {
    const at = c.start;
    c.at++;
    value = { kind: 'DefaultValue', start: at, end: c.end };
  } else if (c.is(T.TABLE) && (!first || c.isIdent(c.peek(1)))) {
    const at = c.start;
    value = tableArgument(c, at, explicitTable(c));
  } else if (first) {
    const at = c.start;
    const inner = accept === Accept.SUB_QUERY ? Accept.NONCURSOR : accept === Accept.CURSOR ? Accept.ALL : accept;
    const node = orderedQueryOrExpr(c, inner);
    if (node.kind === 'Query') value = tableArgument(c, at, node);
    else if (c.is(T.PARTITION) || c.is(T.ORDER)) {
      const table = tableArgument(c, at, node.kind === 'Subquery' ? node.query : emptyQuery(node.start));
      value = table;
    } else value = node;
  } else value = parseExpression(c, accept);
  if (!named) return value;
  return { kind: 'NamedArg', start, end: c.end, name: named, value };
}

function emptyQuery(at: number): TableArg['source'] {
  return {
    kind: 'Query',
    start: at,
    end: at,
    with: undefined,
    body: { kind: 'MissingQuery', start: at, end: at },
    orderBy: undefined,
    offset: undefined,
    limit: undefined,
  };
}

/** The arguments between parentheses that stand here; `call` gets them. '(' is the next token. */
function argumentsInto(c: Cursor, call: MutableCall, accept: Accept, mayBeEmpty: boolean): void {
  c.expect(T.lparen);
  if (mayBeEmpty && c.eat(T.rparen)) return;
  if (mayBeEmpty && c.are(T.star, T.rparen)) {
    const start = c.start;
    c.at += 2;
    call.args = [{ kind: 'Star', start, end: start + 1, qualifier: none }];
    return;
  }
  if (mayBeEmpty && c.is(T.star)) {
    // LOOKAHEAD(2) '(' '*' has decided
    const start = c.start;
    c.at++;
    call.args = [{ kind: 'Star', start, end: start + 1, qualifier: none }];
    c.expect(T.rparen);
    return;
  }
  if (c.eat(T.DISTINCT)) call.quantifier = 'DISTINCT';
  else if (c.eat(T.ALL)) call.quantifier = 'ALL';
  call.args = argumentList(c, accept);
  c.recoverTo(T.rparen);
  c.expect(T.rparen, "',' or ')'");
}

/** AddArg0 (, AddArg)* */
export function argumentList(c: Cursor, accept: Accept): Argument[] {
  const args = [argument(c, accept, true)];
  for (;;) {
    if (!c.is(T.comma)) {
      c.recover(T.comma);
      if (!c.is(T.comma)) return args;
    }
    c.at++;
    checkNonQuery(c, accept);
    args.push(argument(c, accept, false));
  }
}

/** FunctionParameterList, `()` or `(*)`, as a call whose name the caller knows. */
export function functionArguments(c: Cursor): Call {
  const at = c.start;
  const call = newCall(at, { kind: 'Name', start: at, end: at, parts: none });
  argumentsInto(c, call, Accept.SUB_QUERY, true);
  call.end = c.end;
  return call;
}

// ------------------------------------------------------------------------------------------------- named calls

/** NamedFunctionCall, or NamedRoutineCall of NEW. */
export function namedCall(c: Cursor): Call {
  const start = c.start;
  const specific = c.eat(T.SPECIFIC);
  if (c.isIdent()) return callTail(c, start, compoundName(c).parts, specific);
  if ((c.flags[c.kind]! & FUNCTION) !== 0 || isStringAggregate(c.kind))
    return callTail(c, start, keywordName(c).parts, specific);
  c.fail('the name of a function');
  return newCall(start, { kind: 'Name', start: c.end, end: c.end, parts: [emptyIdentifier(c.end)] });
}

/** The parentheses of a function's call and what may follow them: WITHIN GROUP, FILTER, OVER, … */
export function callTail(c: Cursor, start: number, parts: readonly Identifier[], specific = false): Call {
  const callee: Name = { kind: 'Name', start: parts[0]!.start, end: parts[parts.length - 1]!.end, parts };
  const call = newCall(start, callee);
  const kind = parts.length === 1 && !specific && c.is(T.lparen) ? c.kinds[c.at - 1]! : T.EOF;
  if (isStringAggregate(kind)) stringAggregate(c, call);
  else if (c.version >= V22 && (kind === T.PERCENTILE_CONT || kind === T.PERCENTILE_DISC)) percentile(c, call);
  else argumentsInto(c, call, Accept.SUB_QUERY, true);
  if ((c.is(T.IGNORE) || c.is(T.RESPECT)) && c.peek(1) === T.NULLS) nullTreatment(c, call);
  if (c.are(T.WITHIN, T.DISTINCT)) {
    c.at += 2;
    c.expect(T.lparen);
    call.withinDistinct = expressionList(c, Accept.SUB_QUERY);
    c.expect(T.rparen);
  }
  withinGroup(c, call);
  if (c.eat(T.FILTER)) {
    c.expect(T.lparen);
    c.expect(T.WHERE);
    call.filter = parseExpression(c, Accept.SUB_QUERY);
    c.expect(T.rparen);
  }
  over(c, call);
  call.end = c.end;
  return call;
}

/** Aggregates whose arguments end in ORDER BY and SEPARATOR. */
export function isStringAggregate(kind: number): boolean {
  return kind === T.ARRAY_AGG || kind === T.ARRAY_CONCAT_AGG || kind === T.GROUP_CONCAT || kind === T.STRING_AGG;
}

function over(c: Cursor, call: MutableCall): void {
  if (!c.eat(T.OVER)) return;
  if (c.is(T.lparen)) call.over = windowSpec(c);
  else call.over = identifier(c, "'(' or the name of a window");
}

function withinGroup(c: Cursor, call: MutableCall): void {
  if (!c.eat(T.WITHIN)) return;
  c.expect(T.GROUP);
  c.expect(T.lparen);
  call.withinGroup = orderBy(c, true);
  c.expect(T.rparen);
}

function nullTreatment(c: Cursor, call: MutableCall): void {
  call.nulls = c.is(T.IGNORE) ? 'IGNORE' : 'RESPECT';
  c.at++;
  c.expect(T.NULLS);
}

function stringAggregate(c: Cursor, call: MutableCall): void {
  c.expect(T.lparen);
  if (c.eat(T.DISTINCT)) call.quantifier = 'DISTINCT';
  else if (c.eat(T.ALL)) call.quantifier = 'ALL';
  const args = [argument(c, Accept.SUB_QUERY, false)];
  while (c.eat(T.comma)) args.push(argument(c, Accept.SUB_QUERY, false));
  if (c.is(T.IGNORE) || c.is(T.RESPECT)) nullTreatment(c, call);
  if (c.is(T.ORDER)) call.argsOrderBy = orderBy(c, true);
  if (c.eat(T.SEPARATOR)) {
    args.push(keyword(c));
    args.push(stringLiteral(c));
  }
  call.args = args;
  c.expect(T.rparen, "',' or ')'");
}

function percentile(c: Cursor, call: MutableCall): void {
  c.expect(T.lparen);
  const args = [argument(c, Accept.SUB_QUERY, false)];
  if (c.eat(T.comma)) {
    args.push(number(c));
    if (c.is(T.IGNORE) || c.is(T.RESPECT)) nullTreatment(c, call);
    c.expect(T.rparen);
  } else c.expect(T.rparen, "',' or ')'");
  call.args = args;
}

// ------------------------------------------------------------------------------- functions with their own grammar

const timeUnits = [
  T.MILLISECOND, T.SECOND, T.MINUTE, T.HOUR, T.DAY, T.DOW, T.DOY, T.ISODOW, T.ISOYEAR, T.WEEK, T.MONTH, T.QUARTER,
  T.YEAR, T.EPOCH, T.DECADE, T.CENTURY, T.MILLENNIUM,
]; // biome-ignore format: a list
const weekdays = [T.SUNDAY, T.MONDAY, T.TUESDAY, T.WEDNESDAY, T.THURSDAY, T.FRIDAY, T.SATURDAY];
const timestampUnits = [
  T.FRAC_SECOND, T.MICROSECOND, T.NANOSECOND, T.SQL_TSI_FRAC_SECOND, T.SQL_TSI_MICROSECOND, T.SECOND, T.SQL_TSI_SECOND,
  T.MINUTE, T.SQL_TSI_MINUTE, T.HOUR, T.SQL_TSI_HOUR, T.DAY, T.SQL_TSI_DAY, T.WEEK, T.SQL_TSI_WEEK, T.MONTH,
  T.SQL_TSI_MONTH, T.QUARTER, T.SQL_TSI_QUARTER, T.YEAR, T.SQL_TSI_YEAR,
]; // biome-ignore format: a list
const aUnit = 'a unit of time (SECOND, MINUTE, HOUR, DAY, …)';

function isTimeUnit(c: Cursor, kind: number): boolean {
  if (timeUnits.includes(kind)) return true;
  if (kind === T.NANOSECOND || kind === T.MICROSECOND) return c.version >= V20;
  return c.version >= V22 && (kind === T.DAYOFWEEK || kind === T.DAYOFYEAR);
}

/** TimeUnitOrName; in Flink 1.20 TimeUnit, where a name must be one of Calcite's abbreviations (there are none). */
function timeUnit(c: Cursor, extract = false): Argument {
  const kind = c.kind;
  const early = extract && (kind === T.NANOSECOND || kind === T.MICROSECOND);
  if (isTimeUnit(c, kind) || early) {
    c.at++;
    const unit = keyword(c);
    if (kind === T.WEEK && c.version >= V20 && c.is(T.lparen) && weekdays.includes(c.peek(1))) {
      c.at += 2;
      c.expect(T.rparen);
      return { ...unit, end: c.end };
    }
    return unit;
  }
  const part = identifier(c, aUnit);
  if (c.version < V20 && part.name !== '')
    c.failRange(part.start, part.end, 'syntax/time-unit', `'${part.name}' is not a unit of time.`);
  return { kind: 'KeywordArg', start: part.start, end: part.end, text: part.name };
}

/** The unit of TIMESTAMPADD and TIMESTAMPDIFF. */
function timestampUnit(c: Cursor): Argument {
  if (c.version >= V20) return timeUnit(c);
  if (!timestampUnits.includes(c.kind)) {
    c.fail(aUnit);
    return missingExpression(c.end);
  }
  c.at++;
  return keyword(c);
}

const value = (c: Cursor): Expression => parseExpression(c, Accept.SUB_QUERY);
const plain = (c: Cursor): Expression => parseExpression(c, Accept.NON_QUERY);

/** BuiltinFunctionCall: a function whose arguments have a grammar of their own. */
export function builtinCall(c: Cursor): Expression {
  if (!c.enter()) return missingExpression(c.end);
  const made = builtin(c);
  c.leave();
  return made;
}

function builtin(c: Cursor): Expression {
  const start = c.start;
  const kind = c.kind;
  if (kind === T.MODEL) {
    c.at++;
    return { kind: 'ModelArg', start, name: compoundName(c, 'the name of a model'), end: c.end };
  }
  if ((kind === T.RUNNING || kind === T.FINAL) && !isNavigation(c)) {
    const callee = keywordName(c);
    const call = newCall(start, callee);
    // the call that RUNNING or FINAL stands before; since Flink 2.3 any operand
    if (c.version >= V23) call.args = [parseOperand(c)];
    else if (c.isIdent() || (c.flags[c.kind]! & FUNCTION) !== 0 || c.is(T.SPECIFIC)) call.args = [namedCall(c)];
    else c.fail('the call of a function');
    call.end = c.end;
    call.parenthesised = false;
    return call;
  }
  let modifier: KeywordArg | undefined;
  if (kind === T.RUNNING || kind === T.FINAL) {
    c.at++;
    modifier = keyword(c);
  }
  const call = newCall(start, keywordName(c));
  const which = c.kinds[c.at - 1]!;
  if (which === T.CAST || which === T.TRY_CAST || which === T.SAFE_CAST) return cast(c, start, which);
  if (dateTimeConstructor(which) || which === T.TUMBLE || which === T.HOP || which === T.SESSION) {
    argumentsInto(c, call, Accept.SUB_QUERY, false);
    call.end = c.end;
    return call;
  }
  c.expect(T.lparen);
  const args: Argument[] = modifier ? [modifier] : [];
  const closed = builtinArguments(c, which, args, call);
  if (!closed) {
    c.recoverTo(T.rparen);
    c.expect(T.rparen, "',' or ')'");
  }
  call.args = args;
  if (which === T.FLOOR || which === T.CEIL || which === T.CEILING) over(c, call);
  if (which === T.JSON_ARRAYAGG) {
    withinGroup(c, call);
    if (call.withinGroup && call.argsOrderBy)
      c.failRange(start, c.end, 'syntax/json-order', 'ORDER BY stands twice: inside JSON_ARRAYAGG and behind it.');
  }
  call.end = c.end;
  return call;
}

function dateTimeConstructor(kind: number): boolean {
  return kind === T.DATE || kind === T.TIME || kind === T.DATETIME || kind === T.TIMESTAMP;
}

/** [RUNNING | FINAL] (FIRST | LAST) '(' */
function isNavigation(c: Cursor): boolean {
  const next = c.peek(1);
  return (next === T.FIRST || next === T.LAST) && c.peek(2) === T.lparen;
}

/** Expression3, behind RUNNING and FINAL. */
function parseOperand(c: Cursor): Expression {
  return atomicAhead(c, c.at) ? atomic(c) : plain(c);
}

/** The arguments of one of these functions; true when its ')' is taken already. */
function builtinArguments(c: Cursor, which: number, args: Argument[], call: MutableCall): boolean {
  switch (which) {
    case T.EXTRACT:
      args.push(timeUnit(c, true));
      word(c, T.FROM, args);
      args.push(value(c));
      return false;
    case T.POSITION:
      // before 2.0 a sign was taken without a look at what it stands before
      if (c.version < V20 && (c.is(T.plus) || c.is(T.minus))) args.push(number(c));
      else if (atomicAhead(c, c.at)) args.push(atomic(c));
      else {
        c.fail('a value without operators');
        args.push(value(c));
      }
      word(c, T.IN, args);
      args.push(value(c));
      if (c.is(T.FROM)) {
        word(c, T.FROM, args);
        args.push(value(c));
      }
      return false;
    case T.CONVERT:
      convert(c, args);
      return false;
    case T.TRANSLATE:
      args.push(value(c));
      if (c.is(T.USING)) {
        word(c, T.USING, args);
        args.push(nameArgument(c));
      } else while (c.eat(T.comma)) args.push(value(c));
      return false;
    case T.OVERLAY:
      args.push(value(c));
      word(c, T.PLACING, args);
      args.push(value(c));
      word(c, T.FROM, args);
      args.push(value(c));
      if (c.is(T.FOR)) {
        word(c, T.FOR, args);
        args.push(value(c));
      }
      return false;
    case T.FLOOR:
    case T.CEIL:
    case T.CEILING:
      args.push(value(c));
      if (c.is(T.TO)) {
        word(c, T.TO, args);
        args.push(timeUnit(c));
      }
      return false;
    case T.SUBSTRING:
      args.push(value(c));
      if (!c.eat(T.comma)) word(c, T.FROM, args, "FROM or ','");
      args.push(value(c));
      if (c.is(T.FOR)) {
        word(c, T.FOR, args);
        args.push(value(c));
      } else if (c.eat(T.comma)) args.push(value(c));
      return false;
    case T.TRIM:
      return trim(c, args);
    case T.TIMESTAMPADD:
    case T.TIMESTAMPDIFF:
      args.push(timestampUnit(c));
      c.expect(T.comma);
      args.push(value(c));
      c.expect(T.comma);
      args.push(value(c));
      return false;
    case T.DATE_DIFF:
    case T.TIMESTAMP_DIFF:
    case T.DATETIME_DIFF:
    case T.TIME_DIFF:
      args.push(value(c));
      c.expect(T.comma);
      args.push(value(c));
      c.expect(T.comma);
      args.push(timeUnit(c));
      return false;
    case T.DATE_TRUNC:
      args.push(value(c));
      c.expect(T.comma);
      if (isTimeUnit(c, c.kind)) args.push(timeUnit(c));
      else args.push(value(c));
      return false;
    case T.TIMESTAMP_TRUNC:
    case T.DATETIME_TRUNC:
    case T.TIME_TRUNC:
      args.push(value(c));
      c.expect(T.comma);
      args.push(timeUnit(c));
      return false;
    case T.CONTAINS_SUBSTR:
      args.push(value(c));
      c.expect(T.comma);
      args.push(value(c));
      if (c.eat(T.comma)) {
        word(c, T.JSON_SCOPE, args);
        c.expect(T.arrow);
        args.push(value(c));
      }
      return false;
    case T.CLASSIFIER:
    case T.MATCH_NUMBER:
      return false;
    case T.FIRST:
    case T.LAST:
    case T.PREV:
    case T.NEXT:
      args.push(value(c));
      if (c.eat(T.comma)) args.push(number(c));
      return false;
    default:
      json(c, which, args, call);
      return false;
  }
}

/** Takes a keyword of a function's own grammar as an argument. */
function word(c: Cursor, kind: number, args: Argument[], what = ''): void {
  if (c.expect(kind, what)) args.push(keyword(c));
}

function nameArgument(c: Cursor, what = 'a name'): Expression {
  const part = identifier(c, what);
  return { kind: 'ColumnRef', start: part.start, end: part.end, parts: [part] };
}

function cast(c: Cursor, start: number, which: number): Expression {
  c.expect(T.lparen);
  const operand = value(c);
  c.expect(T.AS);
  const type = c.eat(T.INTERVAL) ? intervalQualifier(c) : plainDataType(c);
  c.recoverTo(T.rparen);
  c.expect(T.rparen);
  return { kind: 'Cast', start, end: c.end, op: describeKind(which), operand, type, format: undefined };
}

function convert(c: Cursor, args: Argument[]): void {
  if (c.version < V22 || valueAhead(c, T.USING, T.comma)) {
    args.push(value(c));
    if (c.version >= V22 && c.eat(T.comma)) {
      args.push(nameArgument(c));
      c.expect(T.comma);
      args.push(nameArgument(c));
      return;
    }
    word(c, T.USING, args);
    args.push(nameArgument(c));
    return;
  }
  const start = c.start;
  const type = c.eat(T.INTERVAL) ? intervalQualifier(c) : plainDataType(c);
  const from = Math.min(start, type.start);
  args.push({ kind: 'KeywordArg', start: from, end: type.end, text: c.text.slice(from, type.end) });
  c.expect(T.comma);
  args.push(value(c));
  if (!c.eat(T.comma)) return;
  if (c.eat(T.NULL)) args.push(keyword(c));
  else args.push(unsignedNumber(c));
}

function trim(c: Cursor, args: Argument[]): boolean {
  const flagged = c.is(T.BOTH) || c.is(T.TRAILING) || c.is(T.LEADING);
  if (flagged) {
    const next = c.peek(1);
    if (!c.beginsExpression(next) && next !== T.FROM && next !== T.rparen) c.fail('what to trim');
    c.at++;
    args.push(keyword(c));
  }
  const chars = c.is(T.FROM) || c.is(T.rparen) ? undefined : value(c);
  if (chars) args.push(chars);
  if (c.eat(T.rparen)) return true;
  word(c, T.FROM, args, "FROM or ')'");
  if (!flagged && !chars) c.failLast('syntax/trim', 'FROM in TRIM needs what to trim before it.');
  args.push(value(c));
  return false;
}

function json(c: Cursor, which: number, args: Argument[], call: MutableCall): void {
  switch (which) {
    case T.JSON_EXISTS:
      jsonCommon(c, args);
      if (c.is(T.TRUE) || c.is(T.FALSE) || c.is(T.UNKNOWN) || c.is(T.ERROR)) {
        const from = c.at++;
        c.expect(T.ON);
        c.expect(T.ERROR);
        args.push(keyword(c, from));
      }
      return;
    case T.JSON_VALUE:
      jsonCommon(c, args);
      returning(c, args);
      while (c.is(T.ERROR) || c.is(T.NULL) || c.is(T.DEFAULT)) {
        const from = c.at++;
        if (c.kinds[from] === T.DEFAULT) {
          args.push(keyword(c, from));
          args.push(plain(c));
        }
        const on = c.kinds[from] === T.DEFAULT ? c.at : from;
        c.expect(T.ON);
        if (!c.eat(T.EMPTY)) c.expect(T.ERROR, 'EMPTY or ERROR');
        args.push(keyword(c, on));
      }
      return;
    case T.JSON_QUERY:
      jsonCommon(c, args);
      returning(c, args);
      if (c.is(T.WITH) || c.is(T.WITHOUT)) {
        const from = c.at++;
        if (c.kinds[from] === T.WITH && !c.eat(T.CONDITIONAL)) c.eat(T.UNCONDITIONAL);
        c.eat(T.ARRAY);
        c.expect(T.WRAPPER);
        args.push(keyword(c, from));
      }
      while (c.is(T.ERROR) || c.is(T.NULL) || c.is(T.EMPTY)) {
        const from = c.at++;
        if (c.kinds[from] === T.EMPTY && !c.eat(T.ARRAY)) c.expect(T.OBJECT, 'ARRAY or OBJECT');
        c.expect(T.ON);
        if (!c.eat(T.EMPTY)) c.expect(T.ERROR, 'EMPTY or ERROR');
        args.push(keyword(c, from));
      }
      return;
    case T.JSON_OBJECT:
      if (!nameAhead(c) && c.beginsExpression() && c.peek(1) === T.lparen && c.at > 0 && !c.is(T.rparen)) {
        const text = 'Before a key that is the call of a function Flink needs KEY: JSON_OBJECT(KEY f(x) VALUE y).';
        c.failRange(c.start, c.ends[c.at]!, 'syntax/json-key', text, [
          { title: 'Write KEY before it', edits: [{ start: c.start, end: c.start, text: 'KEY ' }] },
        ]);
      }
      if (nameAhead(c) || (c.error && c.beginsExpression())) {
        nameAndValue(c, args);
        while (c.eat(T.comma)) nameAndValue(c, args);
      }
      nullClause(c, args);
      return;
    case T.JSON_OBJECTAGG:
      nameAndValue(c, args);
      nullClause(c, args);
      return;
    case T.JSON_ARRAY:
      if (c.beginsExpression()) {
        if (!operandAhead(c, c.at)) c.fail('an expression');
        args.push(plain(c));
        while (c.eat(T.comma)) args.push(plain(c));
      }
      nullClause(c, args);
      return;
    default:
      args.push(plain(c));
      if (c.is(T.ORDER)) call.argsOrderBy = orderBy(c, true);
      nullClause(c, args);
  }
}

function jsonCommon(c: Cursor, args: Argument[]): void {
  args.push(plain(c));
  c.expect(T.comma);
  args.push(plain(c));
  if (!c.eat(T.PASSING)) return;
  do {
    args.push(plain(c));
    c.expect(T.AS);
    identifier(c);
  } while (c.eat(T.comma));
}

function returning(c: Cursor, args: Argument[]): void {
  if (!c.is(T.RETURNING)) return;
  const start = c.start;
  c.at++;
  const type = plainDataType(c);
  args.push({ kind: 'KeywordArg', start, end: type.end, text: `RETURNING ${c.text.slice(type.start, type.end)}` });
}

/** LOOKAHEAD(2) of the first name and value of JSON_OBJECT. */
function nameAhead(c: Cursor): boolean {
  if (c.is(T.KEY)) return c.beginsExpression(c.peek(1));
  return c.beginsExpression() && valueAhead(c, T.VALUE, T.colon);
}

function nullClause(c: Cursor, args: Argument[]): void {
  if (!c.is(T.NULL) && !c.is(T.ABSENT)) return;
  const from = c.at++;
  c.expect(T.ON);
  c.expect(T.NULL);
  args.push(keyword(c, from));
}

function nameAndValue(c: Cursor, args: Argument[]): void {
  const keyed = c.is(T.KEY) && c.beginsExpression(c.peek(1));
  if (keyed) {
    c.at++;
    args.push(keyword(c));
  }
  args.push(plain(c));
  if (c.eat(T.colon)) {
    if (keyed) c.failLast('syntax/json-key', "KEY goes with VALUE, not with ':'.");
  } else word(c, T.VALUE, args, "VALUE or ':'");
  args.push(plain(c));
}

// ----------------------------------------------------------------------------------------------------- {fn …}

const jdbcTypes =
  /^(SQL_(CHAR|VARCHAR|DATE|TIME|TIMESTAMP|DECIMAL|NUMERIC|BOOLEAN|INTEGER|BINARY|VARBINARY|TINYINT|SMALLINT|BIGINT|REAL|DOUBLE|FLOAT|INTERVAL_(YEAR|YEAR_TO_MONTH|MONTH|DAY|DAY_TO_(HOUR|MINUTE|SECOND)|HOUR|HOUR_TO_(MINUTE|SECOND)|MINUTE|MINUTE_TO_SECOND|SECOND))|CHAR|VARCHAR|DATE|TIME|TIMESTAMP|DECIMAL|NUMERIC|BOOLEAN|INTEGER|BINARY|VARBINARY|TINYINT|SMALLINT|BIGINT|REAL|DOUBLE|FLOAT)$/;

/** JdbcFunctionCall: {fn name(…)} */
export function jdbcCall(c: Cursor): Expression {
  const start = c.start;
  c.at++;
  const kind = c.kind;
  let call: MutableCall;
  const own =
    kind === T.TIMESTAMPADD ||
    (kind === T.TIMESTAMPDIFF && c.peek(1) === T.lparen && (c.version >= V20 || timestampUnits.includes(c.peek(2)))) ||
    (c.version >= V20 &&
      (kind === T.DATE_DIFF ||
        kind === T.DATETIME_DIFF ||
        kind === T.DATE_TRUNC ||
        kind === T.TIMESTAMP_TRUNC ||
        kind === T.TIME_TRUNC ||
        kind === T.TIMESTAMP_DIFF ||
        kind === T.TIME_DIFF)) ||
    (c.version >= V22 && kind === T.CONTAINS_SUBSTR);
  if (own) call = builtin(c) as MutableCall;
  else if (kind === T.CONVERT) {
    call = newCall(start, keywordName(c));
    c.expect(T.lparen);
    const args: Argument[] = [value(c)];
    c.expect(T.comma);
    if (jdbcTypes.test(describeKind(c.kind))) {
      c.at++;
      args.push(keyword(c));
    } else c.fail('a JDBC type such as SQL_VARCHAR');
    c.expect(T.rparen);
    call.args = args;
  } else {
    const reserved =
      (c.flags[kind]! & FUNCTION) !== 0 ||
      kind === T.INSERT ||
      kind === T.LEFT ||
      kind === T.RIGHT ||
      kind === T.TRUNCATE ||
      kind === T.SUBSTRING;
    if (!reserved && (c.flags[kind]! & IDENT) === 0) c.fail('the name of a function');
    call = newCall(start, reserved ? keywordName(c) : name(c, 'the name of a function'));
    if (c.are(T.lparen, T.rparen)) c.at += 2;
    else if (c.are(T.lparen, T.star)) {
      c.at += 2;
      c.expect(T.rparen);
    } else call.args = queryOrCommaList(c, Accept.SUB_QUERY);
  }
  c.expect(T.rbrace);
  return { ...call, start, end: c.end };
}

/** CALL procedure(…), and TABLE(f(…)): NamedRoutineCall. */
export function routineCall(c: Cursor, accept: Accept, what: string): Call {
  const start = c.start;
  const callee = compoundName(c, what);
  const call = newCall(start, callee);
  if (c.expect(T.lparen) && !c.eat(T.rparen)) {
    call.args = argumentList(c, accept);
    c.recoverTo(T.rparen);
    c.expect(T.rparen, "',' or ')'");
  }
  call.end = c.end;
  return call;
}

/** ImplicitTableFunctionCallArgs: `f(…)` in FROM. '(' is the next token. */
export function tableFunctionCall(c: Cursor, callee: Name): Call {
  const call = newCall(callee.start, callee);
  c.at++;
  if (!c.eat(T.rparen)) {
    call.args = argumentList(c, Accept.CURSOR);
    c.recoverTo(T.rparen);
    c.expect(T.rparen, "',' or ')'");
  }
  call.end = c.end;
  return call;
}

/** True when '(' and two more tokens can begin the arguments of a table function: LOOKAHEAD(3). */
export function tableFunctionAhead(c: Cursor): boolean {
  if (!c.is(T.lparen)) return false;
  const next = c.peek(1);
  const second = c.peek(2);
  if (next === T.rparen || next === T.DEFAULT) return true;
  if (c.isIdent(next) && second === T.arrow) return true;
  return enclosedAhead(c, c.at + 1);
}
