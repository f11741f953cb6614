import { T } from '../../knowledge/keywords';
import type { Case, CaseWhen, Expression, Identifier, Query } from '../ast';
import {
  type Cursor,
  checkNonQuery,
  compoundName,
  danglingDot,
  describeKind,
  describeToken,
  emptyIdentifier,
  identifier,
  nameParts,
  type Operator,
} from './cursor';
import { builtinCall, callTail, functionArguments, isStringAggregate, jdbcCall, namedCall } from './functions';
import { Accept, BUILTIN, CONTEXT, EXPR, FUNCTION, IDENT, OPERATOR, PREFIX, V20, V21, V22, V23 } from './grammar';
import {
  continuesInterval,
  dateTimeLiteral,
  interval,
  isNumber,
  isString,
  number,
  specialLiteral,
  stringLiteral,
  unsignedNumber,
} from './literals';
import { leafQueryOrExpr, orderedQueryOrExpr, queryOf } from './query';
import { intervalQualifier, intervalUnit } from './types';

// ------------------------------------------------------------------------------------------- what may begin here

/** True when a kind begins OrderedQueryOrExpr. */
export function beginsQueryOrExpr(c: Cursor, kind: number): boolean {
  return (
    (c.flags[kind]! & EXPR) !== 0 ||
    kind === T.SELECT ||
    kind === T.VALUES ||
    kind === T.TABLE ||
    kind === T.WITH ||
    (kind === T.VALUE && c.version >= V20)
  );
}

/** True when the tokens at an index can begin AtomicRowExpression, looking at two of them as the grammar does. */
export function atomicAhead(c: Cursor, i: number): boolean {
  const kind = c.kinds[i]!;
  const flags = c.flags[kind]!;
  // Flink's test sees no more than the name of a function
  if ((flags & (IDENT | CONTEXT | FUNCTION)) !== 0) return true;
  const next = c.kinds[i + 1]!;
  if ((flags & BUILTIN) !== 0 && next === T.lparen) return true;
  switch (kind) {
    case T.string:
    case T.prefixedString:
    case T.unicodeString:
    case T.binaryString:
    case T.escapedString:
    case T.integer:
    case T.decimal:
    case T.approximate:
    case T.TRUE:
    case T.FALSE:
    case T.UNKNOWN:
    case T.NULL:
    case T.hook:
      return (flags & EXPR) !== 0;
    case T.DECIMAL:
      return c.version >= V22 && next === T.string;
    case T.plus:
    case T.minus:
      return isNumber(c, next);
    case T.lbraceD:
    case T.lbraceT:
    case T.lbraceTs:
      return next === T.string;
    case T.DATE:
    case T.TIME:
    case T.DATETIME:
      return next === T.string || (next === T.lparen && c.version >= V20);
    case T.TIMESTAMP:
      return next === T.string || ((next === T.lparen || next === T.WITH) && c.version >= V20);
    case T.INTERVAL:
      return continuesInterval(c, next);
    case T.lbraceFn:
      return (
        (c.flags[next]! & (IDENT | FUNCTION | BUILTIN)) !== 0 ||
        next === T.INSERT ||
        next === T.LEFT ||
        next === T.RIGHT ||
        next === T.TRUNCATE
      );
    case T.MULTISET:
    case T.ARRAY:
    case T.MAP:
      return next === T.lparen || next === T.lbracket;
    case T.PERIOD:
    case T.ARRAY_AGG:
    case T.ARRAY_CONCAT_AGG:
    case T.GROUP_CONCAT:
    case T.STRING_AGG:
      return next === T.lparen;
    case T.SPECIFIC:
      return (c.flags[next]! & (IDENT | FUNCTION)) !== 0;
    case T.NEW:
      return (c.flags[next]! & IDENT) !== 0;
    case T.CASE:
      return true;
    case T.NEXT:
    case T.CURRENT:
      return next === T.VALUE;
    case T.RUNNING:
    case T.FINAL:
      if (next === T.FIRST || next === T.LAST) return true;
      // before 2.3 only the call of a function could follow
      if (c.version < V23)
        return (c.flags[next]! & (IDENT | FUNCTION)) !== 0 || next === T.SPECIFIC || isStringAggregate(next);
      return (c.flags[next]! & EXPR) !== 0 && next !== T.NOT;
    default:
      return false;
  }
}

/**
 * True when the two tokens at an index can stand behind a '(' that encloses a value or query and is itself the first
 * token of a three-token test. A function's name counts as complete there: Flink's test does not see its '('.
 */
export function enclosedAhead(c: Cursor, i: number): boolean {
  const kind = c.kinds[i]!;
  const next = c.kinds[i + 1]!;
  const flags = c.flags[kind]!;
  // behind SELECT Flink's test forgets to stop: it goes through only for one token and the ')' behind it
  if (kind === T.SELECT) return (next === T.star || isOneToken(c, next)) && c.kinds[i + 2] === T.rparen;
  if (kind === T.WITH) return c.isIdent(next) || (next === T.RECURSIVE && c.version >= V22);
  if (kind === T.VALUES || (kind === T.VALUE && c.version >= V20))
    return next === T.lparen || next === T.ROW || next === T.CURSOR || c.beginsExpression(next);
  if (kind === T.TABLE) return c.isIdent(next);
  if ((flags & PREFIX) !== 0 || kind === T.lparen || kind === T.ROW || kind === T.CURSOR) return operandAhead(c, i);
  // two-token beginnings: CAST (, DATE '…', INTERVAL '…', CASE x
  if ((flags & IDENT) === 0 && !oneToken(kind) && (flags & CONTEXT) === 0) {
    const named = (flags & FUNCTION) !== 0 && (flags & BUILTIN) === 0;
    return !named && atomicAhead(c, i);
  }
  if ((flags & BUILTIN) !== 0 && next === T.lparen) return true;
  if (kind === T.MODEL && c.version >= V21 && c.isIdent(next)) return true;
  if (kind === T.MAP && next === T.lparen) return true;
  return endsOrContinues(c, kind, next);
}

/** True for a kind that is a whole value by itself. */
function isOneToken(c: Cursor, kind: number): boolean {
  return (c.flags[kind]! & (IDENT | CONTEXT | FUNCTION)) !== 0 || oneToken(kind);
}

function oneToken(kind: number): boolean {
  switch (kind) {
    case T.string:
    case T.prefixedString:
    case T.unicodeString:
    case T.binaryString:
    case T.escapedString:
    case T.integer:
    case T.decimal:
    case T.approximate:
    case T.TRUE:
    case T.FALSE:
    case T.UNKNOWN:
    case T.NULL:
    case T.hook:
      return true;
    default:
      return false;
  }
}

/**
 * LOOKAHEAD(2) of a value that `first` or `second` follows. A name counts as a whole value, so the call of a function
 * does not pass: Flink takes neither CONVERT(f(x) USING y) nor JSON_OBJECT(f(x) VALUE y).
 */
export function valueAhead(c: Cursor, first: number, second: number): boolean {
  const kind = c.kind;
  const next = c.peek(1);
  const flags = c.flags[kind]!;
  if ((flags & PREFIX) !== 0 || kind === T.lparen || kind === T.ROW || kind === T.CURSOR) return operandAhead(c, c.at);
  if ((flags & BUILTIN) !== 0 && next === T.lparen) return true;
  if (kind === T.MAP && next === T.lparen) return true;
  if (kind === T.CASE) return c.beginsExpression(next);
  if (kind === T.PERCENTILE_CONT || kind === T.PERCENTILE_DISC) return next === T.lparen;
  if (!isOneToken(c, kind)) return atomicAhead(c, c.at);
  return (
    next === first ||
    next === second ||
    next === T.dot ||
    (c.flags[next]! & OPERATOR) !== 0 ||
    (next === T.string && isString(c, kind))
  );
}

function endsOrContinues(c: Cursor, kind: number, next: number): boolean {
  switch (next) {
    case T.rparen:
    case T.comma:
    case T.dot:
    case T.UNION:
    case T.INTERSECT:
    case T.EXCEPT:
    case T.MINUS:
    case T.ORDER:
    case T.LIMIT:
    case T.OFFSET:
    case T.FETCH:
    case T.PARTITION:
      return true;
    case T.string:
    case T.UESCAPE:
      return isString(c, kind);
    default:
      return (c.flags[next]! & OPERATOR) !== 0;
  }
}

/** True when two tokens can begin AddExpression2b. */
export function operandAhead(c: Cursor, i: number): boolean {
  const kind = c.kinds[i]!;
  const next = c.kinds[i + 1]!;
  if ((c.flags[kind]! & PREFIX) !== 0) return (c.flags[next]! & EXPR) !== 0;
  if (atomicAhead(c, i)) return true;
  if (kind === T.lparen) return beginsQueryOrExpr(c, next);
  if (kind === T.ROW) return next === T.lparen;
  return kind === T.CURSOR && (c.flags[next]! & EXPR) !== 0;
}

// --------------------------------------------------------------------------------------------------- expressions

const UNARY = 80;
const ACCESS = 100;
const binaryPrecedence = new Map<number, number>([
  [T.star, 60],
  [T.slash, 60],
  [T.percent, 60],
  [T.concat, 60],
  [T.plus, 40],
  [T.minus, 40],
  [T.eq, 30],
  [T.gt, 30],
  [T.lt, 30],
  [T.le, 30],
  [T.ge, 30],
  [T.ne, 30],
  [T.ne2, 30],
  [T.CONTAINS, 30],
  [T.OVERLAPS, 30],
  [T.EQUALS, 30],
  [T.PRECEDES, 30],
  [T.SUCCEEDS, 30],
  [T.AND, 24],
  [T.OR, 22],
]);
const signs: Readonly<Record<number, string>> = {
  [T.star]: '*',
  [T.slash]: '/',
  [T.percent]: '%',
  [T.concat]: '||',
  [T.plus]: '+',
  [T.minus]: '-',
  [T.eq]: '=',
  [T.gt]: '>',
  [T.lt]: '<',
  [T.le]: '<=',
  [T.ge]: '>=',
  [T.ne]: '<>',
  [T.ne2]: '<>',
};
const opText = (kind: number): string => signs[kind] ?? describeKind(kind);

export function missingExpression(at: number): Expression {
  return { kind: 'MissingExpression', start: at, end: at };
}

/** Expression. Gives a missing one, and the error, where none stands. */
export function parseExpression(c: Cursor, accept: Accept): Expression {
  if (!c.enter()) return missingExpression(c.end);
  const base = c.operands.length;
  const opBase = c.operators.length;
  const outer = c.opBase;
  const outerEscape = c.strayEscape;
  c.opBase = opBase;
  c.strayEscape = -1;
  operand(c, accept);
  if ((c.flags[c.kinds[c.at]!]! & OPERATOR) !== 0) operatorLoop(c, accept, opBase);
  while (c.operators.length > opBase) reduce(c);
  const result = c.operands[base]!;
  c.operands.length = base;
  if (c.strayEscape >= 0)
    c.failRange(c.strayEscape, c.strayEscape + 6, 'syntax/escape', 'ESCAPE must directly follow the pattern of LIKE.');
  c.opBase = outer;
  c.strayEscape = outerEscape;
  c.leave();
  return result;
}

function push(c: Cursor, type: number, precedence: number, op: string, start: number): Operator {
  const made: Operator = { type, precedence, op, start, negated: false, symmetric: false, low: undefined };
  c.operators.push(made);
  return made;
}

/** Builds the nodes of all operators that bind at least as tightly as `precedence`. */
function reduceWhile(c: Cursor, opBase: number, precedence: number): void {
  const ops = c.operators;
  while (ops.length > opBase) {
    const top = ops[ops.length - 1]!;
    if (top.type === 2 || top.precedence < precedence) return;
    reduce(c);
  }
}

/** Takes the last operator off the stack and puts its node in the place of its operands. */
function reduce(c: Cursor): void {
  const op = c.operators.pop()!;
  const operands = c.operands;
  const right = operands.pop()!;
  if (op.type === 1) {
    if ((op.op === 'EXISTS' || op.op === 'UNIQUE') && right.kind === 'Subquery') {
      operands.push(
        op.op === 'EXISTS'
          ? { kind: 'Exists', start: op.start, end: right.end, query: right.query }
          : { kind: 'CollectionQuery', start: op.start, end: right.end, type: 'UNIQUE', query: right.query },
      );
    } else operands.push({ kind: 'Unary', start: op.start, end: right.end, op: op.op, operand: right });
    return;
  }
  const left = operands.pop()!;
  const start = left.start;
  const end = right.end;
  switch (op.type) {
    case 2: {
      // BETWEEN without AND: Flink places it right behind the expression
      const at = c.end;
      c.failRange(at, at, 'syntax/between', 'BETWEEN needs AND: x BETWEEN low AND high.');
      const high = missingExpression(at);
      operands.push({
        kind: 'Between',
        start,
        end,
        operand: left,
        negated: op.negated,
        symmetric: op.symmetric,
        low: right,
        high,
      });
      return;
    }
    case 3:
      operands.push({
        kind: 'Between',
        start,
        end,
        operand: left,
        negated: op.negated,
        symmetric: op.symmetric,
        low: op.low!,
        high: right,
      });
      return;
    case 4:
      operands.push({
        kind: 'LikeTest',
        start,
        end,
        operand: left,
        negated: op.negated,
        op: op.op,
        pattern: right,
        escape: undefined,
      });
      return;
    case 5:
      operands.push({
        kind: 'LikeTest',
        start,
        end,
        operand: left,
        negated: op.negated,
        op: op.op,
        pattern: op.low!,
        escape: right,
      });
      return;
    default:
      operands.push({ kind: 'Binary', start, end, op: op.op, left, right });
  }
}

/** A left-associative operator with two operands: its left side is complete, its right one follows. */
function binary(c: Cursor, opBase: number, op: string, precedence: number): void {
  reduceWhile(c, opBase, precedence);
  push(c, 0, precedence, op, 0);
}

function and(c: Cursor, opBase: number): void {
  const ops = c.operators;
  for (let i = ops.length - 1; i >= opBase; i--) {
    if (ops[i]!.type !== 2) continue;
    while (ops.length - 1 > i) reduce(c);
    const between = ops[i]!;
    between.type = 3;
    between.low = c.operands.pop()!;
    return;
  }
  binary(c, opBase, 'AND', 24);
}

/** Replaces the operand on top by one made of it, after what binds tighter is built. */
function postfix(c: Cursor, opBase: number, precedence: number, make: (operand: Expression) => Expression): void {
  reduceWhile(c, opBase, precedence);
  c.operands.push(make(c.operands.pop()!));
}

/** The loop of Expression2: operators with their right operands, as long as they follow. */
function operatorLoop(c: Cursor, accept: Accept, opBase: number): void {
  const outer = c.likes;
  c.likes = 0;
  for (;;) {
    const kind = c.kind;
    if ((c.flags[kind]! & OPERATOR) !== 0) {
      c.lookAhead(1);
      if (step(c, accept, opBase, kind)) continue;
    }
    if (c.likes === 0) break;
    // The innermost LIKE has taken all it can; an ESCAPE may follow, and then more operators.
    c.likes--;
    if (c.is(T.ESCAPE)) c.lookAhead(1);
    if (c.is(T.ESCAPE) && c.beginsExpression(c.peek(1))) {
      c.at++;
      likeEscape(c, opBase);
    }
  }
  c.likes = outer;
}

/**
 * ESCAPE: belongs to the nearest LIKE before it. Where looser operators stand in between, that LIKE is complete, and
 * Flink refuses the ESCAPE, though only when it has read the whole expression.
 */
function likeEscape(c: Cursor, opBase: number): void {
  const ops = c.operators;
  while (ops.length > opBase && ops[ops.length - 1]!.type !== 4 && inPattern(ops[ops.length - 1]!)) reduce(c);
  const like = ops.length > opBase ? ops[ops.length - 1]! : undefined;
  if (like?.type === 4) {
    like.type = 5;
    like.low = c.operands.pop()!;
    expression3(c, Accept.SUB_QUERY);
    return;
  }
  c.strayEscape = c.starts[c.at - 1]!;
  expression3(c, Accept.SUB_QUERY);
  c.operands.pop();
}

/** What stands in the pattern of the LIKE before it when ESCAPE comes. */
function inPattern(op: Operator): boolean {
  return op.type === 1 || op.precedence >= 32;
}

/** One operator. False when none follows here. */
function step(c: Cursor, accept: Accept, opBase: number, kind: number): boolean {
  const next = c.peek(1);
  switch (kind) {
    case T.NOT:
      if (next === T.IN) return inTest(c, accept, opBase, true);
      if (next === T.BETWEEN) return between(c, accept, opBase, true);
      if (next === T.LIKE || next === T.ILIKE || next === T.RLIKE || next === T.SIMILAR)
        return like(c, accept, opBase, true);
      if (next !== T.SUBMULTISET) return false;
      if (c.peek(2) !== T.OF) return operatorError(c);
      c.at += 3;
      checkNonQuery(c, accept);
      binary(c, opBase, 'NOT SUBMULTISET OF', 30);
      return operand(c, Accept.SUB_QUERY);
    case T.IN:
      return next === T.lparen && inTest(c, accept, opBase, false);
    case T.BETWEEN:
      return (
        (next === T.SYMMETRIC || next === T.ASYMMETRIC || c.beginsExpression(next)) && between(c, accept, opBase, false)
      );
    case T.LIKE:
    case T.ILIKE:
    case T.RLIKE:
      return c.beginsExpression(next) && like(c, accept, opBase, false);
    case T.SIMILAR:
      return next === T.TO && like(c, accept, opBase, false);
    case T.IS:
      return isTest(c, accept, opBase, next);
    case T.FORMAT:
      if (next !== T.JSON) return false;
      checkNonQuery(c, accept);
      c.at++;
      jsonRepresentation(c);
      postfix(c, opBase, 28, (value) => ({
        kind: 'IsTest',
        start: value.start,
        end: c.end,
        operand: value,
        negated: false,
        test: 'FORMAT JSON',
      }));
      return true;
    case T.lbracket:
      return itemAccess(c, opBase, next);
    case T.MEMBER:
    case T.SUBMULTISET:
      if (next !== T.OF) return false;
      if (!c.beginsExpression(c.peek(2))) return operatorError(c);
      c.at += 2;
      checkNonQuery(c, accept);
      binary(c, opBase, kind === T.MEMBER ? 'MEMBER OF' : 'SUBMULTISET OF', 30);
      return operand(c, Accept.SUB_QUERY);
    case T.IMMEDIATELY:
      if (next !== T.PRECEDES && next !== T.SUCCEEDS) return false;
      if (!c.beginsExpression(c.peek(2))) return operatorError(c);
      c.at += 2;
      checkNonQuery(c, accept);
      binary(c, opBase, next === T.PRECEDES ? 'IMMEDIATELY PRECEDES' : 'IMMEDIATELY SUCCEEDS', 30);
      return operand(c, Accept.SUB_QUERY);
    case T.MULTISET: {
      if (next !== T.UNION && next !== T.INTERSECT && next !== T.EXCEPT) return false;
      const third = c.peek(2);
      if (third !== T.ALL && third !== T.DISTINCT && !c.beginsExpression(third)) return operatorError(c);
      c.at += 2;
      const all = c.is(T.ALL);
      if (all || c.is(T.DISTINCT)) c.at++;
      checkNonQuery(c, accept);
      const op = `MULTISET ${describeKind(next)}${all ? ' ALL' : ''}`;
      binary(c, opBase, op, next === T.INTERSECT ? 18 : 14);
      return operand(c, Accept.SUB_QUERY);
    }
    default: {
      if (next === T.SOME || next === T.ANY || next === T.ALL) {
        const precedence = binaryPrecedence.get(kind)!;
        if (precedence === 30 && kind < T.plus) return quantified(c, accept, opBase, kind, next);
      }
      if (!c.beginsExpression(next)) return operandMissing(c, opBase, kind);
      if (!operandAhead(c, c.at + 1)) {
        c.lookAhead(2);
        return operatorError(c);
      }
      c.at++;
      if (kind === T.ne2) bangEqual(c);
      checkNonQuery(c, accept);
      if (kind === T.AND) and(c, opBase);
      else binary(c, opBase, opText(kind), binaryPrecedence.get(kind)!);
      return operand(c, Accept.SUB_QUERY);
    }
  }
}

/** The expression ends here: a BETWEEN that still waits for its AND is reported before what ends it. */
function checkBetween(c: Cursor, opBase: number): void {
  for (let i = c.operators.length - 1; i >= opBase; i--) {
    if (c.operators[i]!.type !== 2) continue;
    c.failRange(c.end, c.end, 'syntax/between', 'BETWEEN needs AND: x BETWEEN low AND high.');
    return;
  }
}

/** An operator that no value follows: always an error, at the operator, since nothing else takes one behind a value. */
function operandMissing(c: Cursor, opBase: number, kind: number): boolean {
  checkBetween(c, opBase);
  const clean = c.error === undefined;
  c.fail('a value on both sides of the operator');
  if (clean && c.error?.index === c.at)
    c.error.message = `${opText(kind)} must be followed by a value, found ${describeToken(c, c.at + 1)}.`;
  c.at++;
  if (kind === T.AND) and(c, opBase);
  else binary(c, opBase, opText(kind), binaryPrecedence.get(kind)!);
  c.operands.push(missingExpression(c.end));
  return true;
}

function bangEqual(c: Cursor): void {
  const start = c.starts[c.at - 1]!;
  c.failRange(start, c.end, 'syntax/not-equal', "Flink does not take '!='; write '<>'.", [
    { title: "Write '<>'", edits: [{ start, end: c.end, text: '<>' }] },
  ]);
}

/** An operator whose operand cannot be one: Flink reports the operator. */
function operatorError(c: Cursor): boolean {
  c.fail('the rest of the expression');
  if (c.error) c.at++;
  return c.beginsExpression() && operand(c, Accept.SUB_QUERY) && false;
}

function inTest(c: Cursor, accept: Accept, opBase: number, negated: boolean): boolean {
  checkNonQuery(c, accept);
  c.at += negated ? 2 : 1;
  const values = queryOrCommaList(c, Accept.NONCURSOR);
  postfix(c, opBase, 32, (left) => ({ kind: 'InTest', start: left.start, end: c.end, operand: left, negated, values }));
  return true;
}

function quantified(c: Cursor, accept: Accept, opBase: number, kind: number, next: number): boolean {
  checkNonQuery(c, accept);
  c.at++;
  if (kind === T.ne2) bangEqual(c);
  c.at++;
  const values = queryOrCommaList(c, Accept.NONCURSOR);
  const quantifier = next === T.ALL ? 'ALL' : next === T.ANY ? 'ANY' : 'SOME';
  const op = opText(kind);
  postfix(c, opBase, 32, (left) => ({
    kind: 'Quantified',
    start: left.start,
    end: c.end,
    operand: left,
    op,
    quantifier,
    values,
  }));
  return true;
}

function between(c: Cursor, accept: Accept, opBase: number, negated: boolean): boolean {
  checkNonQuery(c, accept);
  c.at += negated ? 2 : 1;
  const symmetric = c.is(T.SYMMETRIC);
  if (symmetric || c.is(T.ASYMMETRIC)) c.at++;
  reduceWhile(c, opBase, 32);
  const op = push(c, 2, 32, 'BETWEEN', 0);
  op.negated = negated;
  op.symmetric = symmetric;
  return operand(c, Accept.SUB_QUERY);
}

function like(c: Cursor, accept: Accept, opBase: number, negated: boolean): boolean {
  checkNonQuery(c, accept);
  if (negated) c.at++;
  const similar = c.is(T.SIMILAR);
  const op = similar ? 'SIMILAR TO' : describeKind(c.kind);
  c.at++;
  if (similar) c.expect(T.TO);
  // not left-associative: in a LIKE b LIKE c the second stands in the pattern of the first
  reduceWhile(c, opBase, 33);
  const made = push(c, 4, 32, op, 0);
  made.negated = negated;
  operand(c, Accept.SUB_QUERY);
  c.likes++;
  return true;
}

function isTest(c: Cursor, accept: Accept, opBase: number, next: number): boolean {
  if (next === T.DISTINCT && c.peek(2) === T.FROM) {
    c.at += 3;
    checkNonQuery(c, accept);
    binary(c, opBase, 'IS DISTINCT FROM', 40);
    return operand(c, Accept.SUB_QUERY);
  }
  if (next === T.NOT && c.peek(2) === T.DISTINCT) {
    c.at += 3;
    c.expect(T.FROM);
    checkNonQuery(c, accept);
    binary(c, opBase, 'IS NOT DISTINCT FROM', 40);
    return operand(c, Accept.SUB_QUERY);
  }
  switch (next) {
    case T.A:
    case T.NOT:
    case T.NULL:
    case T.TRUE:
    case T.FALSE:
    case T.UNKNOWN:
    case T.EMPTY:
    case T.JSON:
    case T.DISTINCT:
      break;
    default:
      return false;
  }
  checkNonQuery(c, accept);
  c.at++;
  const negated = c.eat(T.NOT);
  let test = describeKind(c.kind);
  switch (c.kind) {
    case T.A:
      c.at++;
      c.expect(T.SET);
      test = 'A SET';
      break;
    case T.NULL:
    case T.TRUE:
    case T.FALSE:
    case T.UNKNOWN:
    case T.EMPTY:
      c.at++;
      break;
    case T.JSON:
      c.at++;
      if (c.is(T.VALUE) || c.is(T.OBJECT) || c.is(T.ARRAY) || c.is(T.SCALAR)) {
        test = `JSON ${describeKind(c.kind)}`;
        c.at++;
      }
      break;
    default:
      test = '';
      c.fail('NULL, NOT NULL, TRUE, FALSE, DISTINCT FROM or JSON');
  }
  postfix(c, opBase, 28, (value) => ({
    kind: 'IsTest',
    start: value.start,
    end: c.end,
    operand: value,
    negated,
    test,
  }));
  return true;
}

/** JsonRepresentation, behind FORMAT. */
export function jsonRepresentation(c: Cursor): void {
  c.expect(T.JSON);
  if (c.is(T.ENCODING) && (c.peek(1) === T.UTF8 || c.peek(1) === T.UTF16 || c.peek(1) === T.UTF32)) c.at += 2;
}

function itemAccess(c: Cursor, opBase: number, next: number): boolean {
  const named =
    c.version >= V22 && (next === T.OFFSET || next === T.ORDINAL || next === T.SAFE_OFFSET || next === T.SAFE_ORDINAL);
  // since 2.2 Flink's test sees no more than the bracket
  if (c.version < V22 && !c.beginsExpression(next)) return false;
  c.at += named ? 2 : 1;
  const index = parseExpression(c, Accept.SUB_QUERY);
  c.expect(T.rbracket);
  postfix(c, opBase, ACCESS, (operand) => ({ kind: 'IndexAccess', start: operand.start, end: c.end, operand, index }));
  while (c.is(T.dot) && c.isIdent(c.peek(1))) {
    c.at++;
    const field = identifier(c);
    const operand = c.operands.pop()!;
    c.operands.push({ kind: 'FieldAccess', start: operand.start, end: c.end, operand, field });
  }
  return true;
}

/** AddExpression2b: prefix operators, an operand, and fields of it; always true, for the loop. */
function operand(c: Cursor, accept: Accept): boolean {
  while ((c.flags[c.kinds[c.at]!]! & PREFIX) !== 0) {
    const kind = c.kind;
    const start = c.start;
    c.at++;
    checkNonQuery(c, accept);
    if (kind === T.NOT) push(c, 1, 26, 'NOT', start);
    else if (kind === T.EXISTS || kind === T.UNIQUE) push(c, 1, 40, describeKind(kind), start);
    else push(c, 1, UNARY, kind === T.plus ? '+' : '-', start);
  }
  expression3(c, accept);
  while (c.kinds[c.at] === T.dot && c.operands.length > 0) {
    const value = c.operands.pop()!;
    if (!c.isIdent(c.peek(1))) {
      c.operands.push(value);
      if (c.peek(1) !== T.star || value.kind !== 'ColumnRef') {
        const parts: Identifier[] = [];
        danglingDot(c, parts);
        c.operands.pop();
        const field = parts[0] ?? emptyIdentifier(c.end);
        c.operands.push({ kind: 'FieldAccess', start: value.start, end: c.end, operand: value, field });
      }
      break;
    }
    c.at++;
    const field = identifier(c);
    if (c.is(T.lparen)) {
      const args = functionArguments(c);
      c.operands.push({
        ...args,
        name: { kind: 'Name', start: field.start, end: field.end, parts: [field] },
        args: [value, ...args.args],
        start: value.start,
        end: c.end,
      });
    } else c.operands.push({ kind: 'FieldAccess', start: value.start, end: c.end, operand: value, field });
  }
  return true;
}

/** Expression3: pushes an operand. */
function expression3(c: Cursor, accept: Accept): void {
  if (atomicAhead(c, c.at)) {
    const clean = accept === Accept.QUERY && !c.error;
    const made = atomic(c);
    c.operands.push(made);
    if (
      clean &&
      c.error &&
      made.kind === 'ColumnRef' &&
      made.parts[made.parts.length - 1]!.name === '' &&
      c.danglingAt >= 0
    ) {
      // the name is refused before the dot behind it is looked at
      const last = c.danglingAt;
      c.error = undefined;
      const at = c.at;
      c.at = last + 1;
      checkNonQuery(c, accept);
      c.at = at;
    } else checkNonQuery(c, accept);
    return;
  }
  if (c.beginsExpression()) c.lookAhead(1);
  const start = c.start;
  switch (c.kind) {
    case T.CURSOR: {
      c.at++;
      if (accept !== Accept.ALL && accept !== Accept.CURSOR)
        c.failLast('syntax/cursor', 'CURSOR may only stand in the arguments of a table function.');
      const value = parseExpression(c, Accept.QUERY);
      if (value.kind === 'Subquery')
        c.operands.push({ kind: 'CollectionQuery', start, end: c.end, type: 'CURSOR', query: value.query });
      else c.operands.push(value);
      return;
    }
    case T.ROW: {
      c.at++;
      const items = queryOrCommaList(c, accept);
      c.operands.push({ kind: 'RowConstructor', start, end: c.end, explicit: true, items });
      return;
    }
    case T.lparen: {
      const items = queryOrCommaList(c, accept);
      if (intervalUnit(c) !== undefined) {
        const only = items.length === 1 ? items[0]! : undefined;
        const qualifier = intervalQualifier(c);
        if (only?.kind !== 'Binary' || only.op !== '-')
          c.failRange(start, c.end, 'syntax/interval-expression', 'Only (a - b) may stand before a unit of time.');
        c.operands.push({
          kind: 'IntervalLiteral',
          start,
          end: c.end,
          negative: false,
          value: only ?? missingExpression(start),
          qualifier,
        });
        return;
      }
      if (items.length === 1) c.operands.push(items[0]!);
      else c.operands.push({ kind: 'RowConstructor', start, end: c.end, explicit: false, items });
      return;
    }
    default:
      c.fail(accept === Accept.QUERY ? 'a query' : 'an expression');
      c.operands.push(lenientOperand(c));
  }
}

/** After an error: something that looks like a call with its parentheses missing is taken as a column. */
function lenientOperand(c: Cursor): Expression {
  const kind = c.kind;
  const flags = c.flags[kind]!;
  if ((flags & (FUNCTION | BUILTIN)) !== 0 && (flags & 64) === 0) {
    const start = c.start;
    const end = c.ends[c.at]!;
    c.at++;
    const part: Identifier = { kind: 'Identifier', start, end, name: c.text.slice(start, end), quoted: false };
    return { kind: 'ColumnRef', start, end, parts: [part] };
  }
  return missingExpression(c.end);
}

function asExpression(node: Expression | Query): Expression {
  return node.kind === 'Query' ? { kind: 'Subquery', start: node.start, end: node.end, query: node } : node;
}

/** ParenthesizedQueryOrCommaList; a query comes as the only element, as a Subquery with the range of the parentheses. */
export function queryOrCommaList(c: Cursor, accept: Accept): Expression[] {
  const start = c.start;
  if (!c.expect(T.lparen)) return [];
  const first = accept === Accept.SUB_QUERY ? Accept.NONCURSOR : accept === Accept.CURSOR ? Accept.ALL : accept;
  const node = orderedQueryOrExpr(c, first);
  const items: Expression[] = [];
  if (node.kind === 'Query') {
    items.push(asExpression(node));
    if (!c.is(T.comma)) {
      c.recoverTo(T.rparen);
      c.expect(T.rparen, "')'");
      return [{ kind: 'Subquery', start, end: c.end, query: node }];
    }
  } else items.push(node);
  while (c.eat(T.comma)) {
    checkNonQuery(c, accept);
    items.push(parseExpression(c, accept));
  }
  c.recoverTo(T.rparen);
  c.expect(T.rparen, "',' or ')'");
  return items;
}

/** LOOKAHEAD(2) of lists: a comma, and something that begins a value behind it. */
export function anotherFollows(c: Cursor): boolean {
  if (!c.is(T.comma)) return false;
  c.lookAhead(1);
  return c.beginsExpression(c.peek(1)) || c.error !== undefined;
}

/** ExpressionCommaList: stops before a comma that no expression follows. */
export function expressionList(c: Cursor, accept: Accept): Expression[] {
  const items = [parseExpression(c, accept)];
  while (anotherFollows(c)) {
    c.at++;
    items.push(parseExpression(c, Accept.SUB_QUERY));
  }
  return items;
}

// ----------------------------------------------------------------------------------------- AtomicRowExpression

/** AtomicRowExpression; the caller knows by `atomicAhead` that one begins here. */
export function atomic(c: Cursor): Expression {
  const kind = c.kind;
  const flags = c.flags[kind]!;
  const next = c.peek(1);
  if (kind === T.placeholder && next !== T.dot && next !== T.lparen) {
    const start = c.start;
    c.at++;
    return { kind: 'Placeholder', start, end: c.end, text: c.text.slice(start, c.end) };
  }
  if (kind === T.identifier || kind === T.quotedIdentifier || kind === T.placeholder || kind === T.unicodeIdentifier)
    return columnOrCall(c);
  switch (kind) {
    case T.string:
    case T.prefixedString:
    case T.unicodeString:
    case T.binaryString:
    case T.escapedString: {
      const text = stringLiteral(c);
      if (kind === T.binaryString) return { kind: 'BinaryLiteral', start: text.start, end: text.end, hex: text.value };
      return text;
    }
    case T.plus:
    case T.minus:
      return number(c);
    case T.integer:
    case T.decimal:
    case T.approximate:
      return unsignedNumber(c);
    case T.DECIMAL:
      return unsignedNumber(c);
    case T.TRUE:
    case T.FALSE:
    case T.UNKNOWN:
    case T.NULL:
      return specialLiteral(c)!;
    case T.hook: {
      const start = c.start;
      c.at++;
      return { kind: 'DynamicParam', start, end: c.end };
    }
    case T.DATE:
    case T.TIME:
    case T.TIMESTAMP:
    case T.DATETIME:
      if (next !== T.lparen) return dateTimeLiteral(c)!;
      return builtinCall(c);
    case T.lbraceD:
    case T.lbraceT:
    case T.lbraceTs:
      return dateTimeLiteral(c)!;
    case T.INTERVAL:
      return interval(c);
    case T.lbraceFn:
      return jdbcCall(c);
    case T.MAP:
      if (next !== T.lparen && next !== T.lbracket) break;
      // before 2.2 'MAP (' took a query only; anything else is the call of a function of that name
      if (next === T.lparen && c.version < V22 && (c.peek(2) === T.WITH || !beginsQueryOrExpr(c, c.peek(2)))) break;
      return collection(c);
    case T.MULTISET:
      if (next === T.lparen && (c.peek(2) === T.WITH || !beginsQueryOrExpr(c, c.peek(2)))) {
        c.at++;
        c.fail("'['");
        c.at--;
      }
      return collection(c);
    case T.ARRAY:
      return collection(c);
    case T.PERIOD: {
      if (next !== T.lparen) break;
      const start = c.start;
      c.at += 2;
      const items = [parseExpression(c, Accept.SUB_QUERY)];
      c.expect(T.comma);
      items.push(parseExpression(c, Accept.SUB_QUERY));
      c.expect(T.rparen);
      return { kind: 'RowConstructor', start, end: c.end, explicit: true, items };
    }
    case T.CASE:
      return caseExpression(c);
    case T.NEXT:
    case T.CURRENT:
      if (next === T.VALUE) return sequence(c);
      break;
    case T.NEW: {
      const start = c.start;
      c.at++;
      const call = namedCall(c);
      return { ...call, start };
    }
    case T.SPECIFIC:
      return namedCall(c);
    case T.MODEL:
      if (c.version >= V21 && c.isIdent(next)) return builtinCall(c);
      break;
    case T.RUNNING:
    case T.FINAL:
      return builtinCall(c);
    default:
      break;
  }
  if ((flags & BUILTIN) !== 0 && next === T.lparen) return builtinCall(c);
  if ((flags & IDENT) !== 0) return columnOrCall(c);
  if ((flags & FUNCTION) !== 0 && next === T.lparen) return namedCall(c);
  if ((flags & CONTEXT) === 0) {
    c.lookAhead(1);
    c.fail('an expression');
    if (c.error) c.at++;
    return missingExpression(c.end);
  }
  const start = c.start;
  c.at++;
  const end = c.end;
  const part: Identifier = { kind: 'Identifier', start, end, name: c.text.slice(start, end), quoted: false };
  return {
    kind: 'Call',
    start,
    end,
    name: { kind: 'Name', start, end, parts: [part] },
    args: [],
    quantifier: undefined,
    argsOrderBy: undefined,
    withinGroup: undefined,
    withinDistinct: undefined,
    filter: undefined,
    nulls: undefined,
    over: undefined,
    parenthesised: false,
  };
}

/** A column, `t.*`, or the call of a function: told apart by the '(' behind the whole name. */
function columnOrCall(c: Cursor): Expression {
  const start = c.start;
  const parts = nameParts(c);
  if (c.is(T.lparen)) {
    if (parts[parts.length - 1]!.end === c.end || c.error === undefined) return callTail(c, start, parts);
  }
  if (c.are(T.dot, T.star)) {
    c.at += 2;
    // the grammar takes t.* as the name of a function; no function has it
    if (c.is(T.lparen)) return callTail(c, start, parts);
    return { kind: 'Star', start, end: c.end, qualifier: parts };
  }
  return { kind: 'ColumnRef', start, end: c.end, parts };
}

function caseExpression(c: Cursor): Case {
  const start = c.start;
  c.at++;
  c.depth++;
  const operandNode = c.is(T.WHEN) ? undefined : parseExpression(c, Accept.SUB_QUERY);
  const whens: CaseWhen[] = [];
  if (!c.is(T.WHEN)) c.fail('WHEN');
  while (c.is(T.WHEN)) {
    const from = c.start;
    c.at++;
    const conditions = expressionList(c, Accept.SUB_QUERY);
    c.expect(T.THEN);
    const result = parseExpression(c, Accept.SUB_QUERY);
    whens.push({ kind: 'CaseWhen', start: from, end: c.end, conditions, result });
  }
  const otherwise = c.eat(T.ELSE) ? parseExpression(c, Accept.SUB_QUERY) : undefined;
  c.depth--;
  c.expect(T.END, whens.length > 0 && !otherwise ? 'WHEN, ELSE or END' : 'END');
  return { kind: 'Case', start, end: c.end, operand: operandNode, whens, otherwise };
}

function sequence(c: Cursor): Expression {
  const start = c.start;
  const op = c.is(T.NEXT) ? 'NEXT VALUE FOR' : 'CURRENT VALUE FOR';
  c.at += 2;
  c.expect(T.FOR);
  const { parts } = compoundName(c, 'the name of a sequence');
  const column: Expression = { kind: 'ColumnRef', start: parts[0]!.start, end: c.end, parts };
  return { kind: 'Unary', start, end: c.end, op, operand: column };
}

function collection(c: Cursor): Expression {
  const start = c.start;
  const kind = c.kind;
  const type = kind === T.ARRAY ? 'ARRAY' : kind === T.MAP ? 'MAP' : 'MULTISET';
  c.at++;
  if (c.is(T.lbracket)) {
    c.at++;
    let items: Expression[] = [];
    if (kind === T.MULTISET) {
      items.push(parseExpression(c, Accept.NON_QUERY));
      while (c.eat(T.comma)) items.push(parseExpression(c, Accept.NON_QUERY));
    } else if (!c.is(T.rbracket) && (c.beginsExpression() || c.error === undefined)) {
      if (c.beginsExpression()) items = expressionList(c, Accept.NON_QUERY);
    }
    c.expect(T.rbracket, "',' or ']'");
    return { kind: 'CollectionConstructor', start, end: c.end, type, items };
  }
  if (kind !== T.MULTISET && c.version >= V22) {
    if (c.are(T.lparen, T.rparen)) {
      c.at += 2;
      return { kind: 'CollectionConstructor', start, end: c.end, type, items: [] };
    }
    const items = queryOrCommaList(c, Accept.ALL);
    const only = items.length === 1 ? items[0]! : undefined;
    if (only?.kind === 'Subquery') return { kind: 'CollectionQuery', start, end: c.end, type, query: only.query };
    return { kind: 'CollectionConstructor', start, end: c.end, type, items };
  }
  // one query in parentheses; ARRAY also with ORDER BY and UNION
  c.expect(T.lparen);
  const query = kind === T.ARRAY ? queryOf(c, orderedQueryOrExpr(c, Accept.QUERY)) : leafQuery(c);
  c.expect(T.rparen);
  return { kind: 'CollectionQuery', start, end: c.end, type, query };
}

function leafQuery(c: Cursor): Query {
  return queryOf(c, leafQueryOrExpr(c, Accept.QUERY));
}
