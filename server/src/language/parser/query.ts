import { T } from '../../knowledge/keywords';
import type {
  CommonTable,
  Expression,
  FrameBound,
  GroupBy,
  GroupItem,
  Hint,
  Identifier,
  NamedWindow,
  OrderItem,
  Property,
  Query,
  QueryBody,
  Select,
  SelectItem,
  SetOperation,
  TableRef,
  TableSource,
  WindowFrame,
  WindowSpec,
  With,
} from '../ast';
import { type Cursor, checkNonQuery, checkQuery, compoundName, identifier, unquote } from './cursor';
import {
  anotherFollows,
  beginsQueryOrExpr,
  expressionList,
  missingExpression,
  operandAhead,
  parseExpression,
} from './expression';
import { Accept, V20, V22 } from './grammar';
import { isNumber, isString, number, numberOrParam, stringLiteral } from './literals';
import { identifierList, joinAhead, joinTable, tableRef } from './table';

const none: readonly never[] = [];

// ------------------------------------------------------------------------------------------------- whole queries

/** A query from what stood where a query may stand: a subquery in parentheses is unwrapped, a value gives an empty one. */
export function queryOf(c: Cursor, node: Expression | Query): Query {
  if (node.kind === 'Query') return node;
  if (node.kind === 'Subquery') return wrap(node.query, node.start, node.end);
  const body: QueryBody = { kind: 'MissingQuery', start: node.start, end: node.end };
  return wrap(body, node.start, Math.max(node.end, c.at > 0 ? node.end : node.start));
}

function wrap(body: QueryBody, start: number, end: number): Query {
  return { kind: 'Query', start, end, with: undefined, body, orderBy: undefined, offset: undefined, limit: undefined };
}

/** OrderedQueryOrExpr(ACCEPT_QUERY) as every statement uses it. */
export function query(c: Cursor): Query {
  return queryOf(c, orderedQueryOrExpr(c, Accept.QUERY));
}

/** OrderedQueryOrExpr: a query with ORDER BY and LIMIT, or a value. */
export function orderedQueryOrExpr(c: Cursor, accept: Accept): Expression | Query {
  if (!c.enter()) return missingExpression(c.end);
  const node = orderByLimit(c, queryOrExpr(c, accept));
  c.leave();
  return node;
}

/** QueryOrExpr: [WITH …] leaf (UNION leaf)* */
function queryOrExpr(c: Cursor, accept: Accept): Expression | Query {
  const start = c.start;
  const withList = c.is(T.WITH) ? withClause(c) : undefined;
  const first = leafQueryOrExpr(c, accept);
  return setOperations(c, accept, start, withList, first);
}

/** The body of a query from a leaf. */
function bodyOf(c: Cursor, node: Expression | Query): QueryBody {
  if (node.kind === 'Query') return node.with || node.orderBy || node.limit || node.offset ? node : node.body;
  if (node.kind === 'Subquery')
    return wrap(
      node.query.with || node.query.orderBy || node.query.limit || node.query.offset ? node.query : node.query.body,
      node.start,
      node.end,
    );
  return queryOf(c, node).body;
}

/** ( AddSetOpQuery )* behind a first operand. INTERSECT binds tighter than UNION and EXCEPT. */
export function setOperations(
  c: Cursor,
  accept: Accept,
  start: number,
  withList: With | undefined,
  first: Expression | Query,
): Expression | Query {
  if (!isSetOperator(c.kind)) {
    if (!withList) return first;
    const body = bodyOf(c, first);
    return { ...wrap(body, start, c.end), with: withList };
  }
  const operands: QueryBody[] = [bodyOf(c, first)];
  const ops: { op: SetOperation['op']; all: boolean }[] = [];
  const fold = () => {
    const { op, all } = ops.pop()!;
    const right = operands.pop()!;
    const left = operands.pop()!;
    operands.push({ kind: 'SetOperation', start: left.start, end: right.end, op, all, left, right });
  };
  while (isSetOperator(c.kind)) {
    if (ops.length === 0 && operands.length === 1 && first.kind !== 'Query' && first.kind !== 'Subquery')
      checkNonQuery(c, Accept.QUERY);
    const kind = c.kind;
    const op = kind === T.UNION ? 'UNION' : kind === T.INTERSECT ? 'INTERSECT' : kind === T.EXCEPT ? 'EXCEPT' : 'MINUS';
    c.at++;
    if (op === 'MINUS') {
      const at = c.starts[c.at - 1]!;
      c.failRange(at, c.end, 'syntax/minus', 'Flink does not take MINUS between queries; write EXCEPT.', [
        { title: 'Write EXCEPT', edits: [{ start: at, end: c.end, text: 'EXCEPT' }] },
      ]);
    }
    const all = c.eat(T.ALL);
    if (!all) c.eat(T.DISTINCT);
    checkQuery(c, accept);
    while (ops.length > 0 && (op !== 'INTERSECT' || ops[ops.length - 1]!.op === 'INTERSECT')) fold();
    ops.push({ op, all });
    operands.push(bodyOf(c, leafQueryOrExpr(c, Accept.QUERY)));
  }
  while (ops.length > 0) fold();
  return { ...wrap(operands[0]!, start, c.end), with: withList };
}

function isSetOperator(kind: number): boolean {
  return kind === T.UNION || kind === T.INTERSECT || kind === T.EXCEPT || kind === T.MINUS;
}

/** LeafQueryOrExpr */
export function leafQueryOrExpr(c: Cursor, accept: Accept): Expression | Query {
  return beginsLeafQuery(c) ? leafQuery(c, accept) : parseExpression(c, accept);
}

function beginsLeafQuery(c: Cursor): boolean {
  const kind = c.kind;
  return kind === T.SELECT || kind === T.VALUES || kind === T.TABLE || (kind === T.VALUE && c.version >= V20);
}

/** LeafQuery: SELECT, VALUES or TABLE. */
function leafQuery(c: Cursor, accept: Accept): Query {
  const start = c.start;
  let body: QueryBody;
  if (c.is(T.SELECT)) {
    checkQuery(c, accept);
    body = select(c);
  } else if (c.is(T.TABLE)) {
    const table = explicitTable(c);
    body = { kind: 'TableQuery', start, end: c.end, table };
  } else body = values(c);
  return wrap(body, start, c.end);
}

/** Query: as QueryOrExpr, but never a value. The caller has looked ahead. */
export function queryOnly(c: Cursor, accept: Accept): Expression | Query {
  const start = c.start;
  const withList = c.is(T.WITH) ? withClause(c) : undefined;
  let first: Expression | Query;
  if (beginsLeafQuery(c)) first = leafQuery(c, accept);
  else {
    c.fail('SELECT, VALUES or TABLE');
    first = wrap({ kind: 'MissingQuery', start: c.end, end: c.end }, c.end, c.end);
  }
  return orderByLimit(c, setOperations(c, accept, start, withList, first));
}

/** OrderByLimitOpt */
function orderByLimit(c: Cursor, node: Expression | Query): Expression | Query {
  const kind = c.kind;
  if (kind !== T.ORDER && kind !== T.LIMIT && kind !== T.OFFSET && kind !== T.FETCH) return node;
  const isQuery = node.kind === 'Query' || node.kind === 'Subquery';
  const start = node.start;
  let order: OrderItem[] | undefined;
  let limit: Expression | undefined;
  let offset: Expression | undefined;
  if (c.is(T.ORDER)) order = orderBy(c, isQuery);
  const span = c.start;
  if (c.is(T.LIMIT)) {
    limit = limitClause(c, span);
    if (c.is(T.OFFSET)) offset = offsetClause(c);
  } else if (c.is(T.OFFSET)) {
    offset = offsetClause(c);
    if (c.is(T.LIMIT)) {
      limit = limitClause(c, span);
      c.failRange(span, c.end, 'syntax/offset-limit', 'LIMIT must stand before OFFSET.');
    } else if (c.is(T.FETCH)) limit = fetchClause(c);
  } else if (c.is(T.FETCH)) limit = fetchClause(c);
  if (!isQuery) return node;
  const base = queryOf(c, node);
  const inner = node.kind === 'Subquery' || base.orderBy || base.limit || base.offset ? base : undefined;
  return {
    kind: 'Query',
    start,
    end: c.end,
    with: inner ? undefined : base.with,
    body: inner ?? base.body,
    orderBy: order,
    offset,
    limit,
  };
}

function limitClause(c: Cursor, start: number): Expression | undefined {
  c.at++;
  if (c.eat(T.ALL)) return undefined;
  if ((isNumber(c, c.kind) || c.is(T.hook)) && c.peek(1) === T.comma) {
    numberOrParam(c);
    c.at++;
    if (c.version < V22 || !c.eat(T.ALL)) numberOrParam(c);
    c.failRange(
      start,
      c.end,
      'syntax/limit-start',
      'Flink does not take LIMIT start, count; write LIMIT count OFFSET start.',
    );
    return undefined;
  }
  if (!isNumber(c, c.kind) && !c.is(T.hook) && !c.is(T.placeholder)) {
    c.fail('a whole number or ALL');
    if (c.error && c.beginsExpression()) parseExpression(c, Accept.ALL);
    return undefined;
  }
  return numberOrParam(c);
}

function offsetClause(c: Cursor): Expression {
  c.at++;
  const value = numberOrParam(c);
  if (!c.eat(T.ROW)) c.eat(T.ROWS);
  return value;
}

function fetchClause(c: Cursor): Expression {
  c.at++;
  if (!c.eat(T.FIRST)) c.expect(T.NEXT, 'FIRST or NEXT');
  const value = numberOrParam(c);
  if (!c.eat(T.ROW)) c.expect(T.ROWS, 'ROW or ROWS');
  c.expect(T.ONLY);
  return value;
}

/** ORDER BY …; `allowed` is false behind a value, where Flink refuses it. */
export function orderBy(c: Cursor, allowed: boolean): OrderItem[] {
  if (!c.expect(T.ORDER, 'ORDER BY')) return [];
  if (!allowed) c.failLast('syntax/order-by', 'ORDER BY may not stand behind a value.');
  c.expect(T.BY);
  const items = [orderItem(c)];
  while (anotherFollows(c)) {
    c.at++;
    items.push(orderItem(c));
  }
  return items;
}

function orderItem(c: Cursor): OrderItem {
  const start = c.start;
  const expr = parseExpression(c, Accept.SUB_QUERY);
  const descending = c.is(T.DESC);
  if (descending || c.is(T.ASC)) c.at++;
  let nulls: 'FIRST' | 'LAST' | undefined;
  if (c.eat(T.NULLS)) {
    if (c.eat(T.FIRST)) nulls = 'FIRST';
    else if (c.expect(T.LAST, 'FIRST or LAST')) nulls = 'LAST';
  }
  return { kind: 'OrderItem', start: Math.min(start, expr.start), end: c.end, expr, descending, nulls };
}

/** OrderByOfSetSemanticsTable: ORDER BY of a table argument, with or without parentheses. */
export function setSemanticsOrder(c: Cursor): OrderItem[] {
  c.at++;
  c.expect(T.BY);
  if (!c.is(T.lparen) || !c.beginsExpression(c.peek(1))) return [orderItem(c)];
  c.at++;
  const items = [orderItem(c)];
  while (anotherFollows(c)) {
    c.at++;
    items.push(orderItem(c));
  }
  c.expect(T.rparen, "',' or ')'");
  return items;
}

/** WITH … */
function withClause(c: Cursor): With {
  const start = c.start;
  c.at++;
  const recursive = c.version >= V22 && c.eat(T.RECURSIVE);
  const tables: CommonTable[] = [commonTable(c)];
  while (c.eat(T.comma)) tables.push(commonTable(c));
  return { kind: 'With', start, end: c.end, recursive, tables };
}

function commonTable(c: Cursor): CommonTable {
  const start = c.start;
  const cteName = identifier(c, 'the name of a common table expression');
  const columns = c.is(T.lparen) ? identifierList(c) : none;
  c.expect(T.AS);
  const body = queryOf(c, parenthesizedExpression(c, Accept.QUERY));
  return {
    kind: 'CommonTable',
    start: Math.min(start, cteName.start),
    end: c.end,
    name: cteName,
    columns,
    query: body,
  };
}

/** ParenthesizedExpression: a query, a join or a table in parentheses, as WITH and FROM take them. */
export function parenthesizedExpression(c: Cursor, accept: Accept): Query {
  const node = parenthesizedSource(c, accept);
  if (node.kind === 'Query') return node;
  c.failRange(node.start, node.end, 'syntax/not-a-query', 'Expected a query here: SELECT, VALUES, TABLE or WITH.');
  return wrap({ kind: 'MissingQuery', start: node.start, end: node.end }, node.start, node.end);
}

/** The same, giving a join as the source that it is. */
export function parenthesizedSource(c: Cursor, accept: Accept): Query | TableSource {
  const start = c.start;
  if (!c.expect(T.lparen)) return wrap({ kind: 'MissingQuery', start: c.end, end: c.end }, c.end, c.end);
  const inner: Accept = accept === Accept.SUB_QUERY ? Accept.NONCURSOR : accept === Accept.CURSOR ? Accept.ALL : accept;
  if (!c.enter(2)) return wrap({ kind: 'MissingQuery', start: c.end, end: c.end }, c.end, c.end);
  let node: Query | TableSource = exprOrJoinOrOrderedQuery(c, inner);
  c.leave(2);
  c.recoverTo(T.rparen);
  c.expect(T.rparen, "')'");
  // ExprContext.throwIfNotCompatible
  if (node.kind !== 'Query') {
    let inside: TableSource = node;
    while (inside.kind === 'Nested') inside = inside.source;
    let base: TableSource = node;
    while (base.kind === 'Aliased') base = base.source;
    const own = base.kind === 'Pivot' || base.kind === 'Unpivot' ? c.pivotAt : node.start;
    if (inner === Accept.QUERY) {
      const at = inside.kind === 'Join' ? c.joinAt : own;
      c.failRange(at, node.end, 'syntax/not-a-query', 'Expected a query here: SELECT, VALUES, TABLE or WITH.');
    } else if (inner === Accept.QUERY_OR_JOIN && inside.kind !== 'Join')
      c.failRange(own, node.end, 'syntax/parentheses', 'Only a query or a join may stand in parentheses here.');
  }
  if (node.kind === 'Query') node = { ...node, start, end: c.end };
  return node;
}

/** ExprOrJoinOrOrderedQuery */
function exprOrJoinOrOrderedQuery(c: Cursor, accept: Accept): Query | TableSource {
  const next = c.peek(1);
  const start = c.start;
  const isQuery =
    c.is(T.SELECT) ||
    (c.is(T.WITH) && (c.isIdent(next) || (next === T.RECURSIVE && c.version >= V22))) ||
    ((c.is(T.VALUES) || (c.is(T.VALUE) && c.version >= V20)) &&
      (next === T.lparen || next === T.ROW || c.beginsExpression(next))) ||
    (c.is(T.TABLE) && c.isIdent(next));
  if (isQuery || (c.error && (c.is(T.SELECT) || c.is(T.WITH) || c.is(T.VALUES))))
    return queryOf(c, queryOnly(c, accept));
  let source: TableSource = tableRef(c, Accept.QUERY_OR_JOIN);
  while (joinAhead(c)) source = joinTable(c, source);
  if (!isSetOperator(c.kind)) return unwrapQuery(source, start, c.end);
  const first = unwrapQuery(source, start, c.end);
  if (first.kind !== 'Query') checkNonQuery(c, Accept.QUERY);
  const left: Query = first.kind === 'Query' ? first : wrap({ kind: 'MissingQuery', start, end: c.end }, start, c.end);
  return queryOf(c, setOperations(c, accept, start, undefined, left));
}

/** A derived table that is nothing but a query in parentheses is that query. */
function unwrapQuery(source: TableSource, start: number, end: number): Query | TableSource {
  if (source.kind !== 'DerivedTable' || source.lateral) return source;
  return wrap(source.query, start, end);
}

// --------------------------------------------------------------------------------------------- VALUES and TABLE

/** ExplicitTable: TABLE name */
export function explicitTable(c: Cursor): TableRef {
  c.at++;
  const table = compoundName(c, 'the name of a table');
  return { kind: 'TableRef', start: table.start, end: table.end, name: table, hints: none, extend: undefined };
}

function values(c: Cursor): QueryBody {
  const start = c.start;
  c.at++;
  const rows = [rowConstructor(c)];
  while (c.is(T.comma) && (rowAhead(c, c.at + 1) || c.error)) {
    c.at++;
    rows.push(rowConstructor(c));
  }
  return { kind: 'Values', start, end: c.end, rows };
}

function rowAhead(c: Cursor, i: number): boolean {
  c.lookAhead(1);
  const kind = c.kinds[i]!;
  return kind === T.lparen || kind === T.ROW || c.beginsExpression(kind) || kind === T.CURSOR;
}

/** RowConstructor: (a, b), ROW(a, b), (ROW(a, b)), or a value alone. */
export function rowConstructor(c: Cursor): Expression {
  const start = c.start;
  if (c.are(T.lparen, T.ROW) && c.peek(2) === T.lparen) {
    c.at += 2;
    const items = rowItems(c);
    c.expect(T.rparen);
    return { kind: 'RowConstructor', start, end: c.end, explicit: true, items };
  }
  const explicit = c.is(T.ROW);
  const open = explicit ? 1 : 0;
  const first = c.peek(open + 1);
  if (
    c.peek(open) === T.lparen &&
    (first === T.DEFAULT ||
      (beginsQueryOrExpr(c, first) && (explicit || queryAhead(first) || operandAhead(c, c.at + 1))))
  ) {
    c.at += open;
    const items = rowItems(c);
    return { kind: 'RowConstructor', start, end: c.end, explicit, items };
  }
  return parseExpression(c, Accept.NONCURSOR);
}

function queryAhead(kind: number): boolean {
  return kind === T.SELECT || kind === T.VALUES || kind === T.VALUE || kind === T.TABLE || kind === T.WITH;
}

/** ParenthesizedQueryOrCommaListWithDefault */
function rowItems(c: Cursor): Expression[] {
  c.expect(T.lparen);
  const item = (first: boolean): Expression => {
    if (c.is(T.DEFAULT)) {
      const at = c.start;
      c.at++;
      return { kind: 'DefaultValue', start: at, end: c.end };
    }
    if (!first) return parseExpression(c, Accept.NONCURSOR);
    const node = orderedQueryOrExpr(c, Accept.NONCURSOR);
    return node.kind === 'Query' ? { kind: 'Subquery', start: node.start, end: node.end, query: node } : node;
  };
  const items = [item(true)];
  while (c.eat(T.comma)) items.push(item(false));
  c.recoverTo(T.rparen);
  c.expect(T.rparen, "',' or ')'");
  return items;
}

// -------------------------------------------------------------------------------------------------------- SELECT

/** SqlSelect */
function select(c: Cursor): Select {
  const start = c.start;
  c.at++;
  const hints = c.is(T.hintBegin) ? tableHints(c) : none;
  const stream = c.eat(T.STREAM);
  let quantifier: 'DISTINCT' | 'ALL' | undefined;
  if (c.eat(T.DISTINCT)) quantifier = 'DISTINCT';
  else if (c.eat(T.ALL)) quantifier = 'ALL';
  const items: SelectItem[] = [];
  do {
    items.push(selectItem(c));
    if (c.error && !c.is(T.comma)) c.recover(T.comma);
  } while (c.eat(T.comma));
  follows(c, "',' or FROM");
  let from: TableSource | undefined;
  let where: Expression | undefined;
  let groups: GroupBy | undefined;
  let having: Expression | undefined;
  let windows: readonly NamedWindow[] = none;
  let qualify: Expression | undefined;
  if (c.eat(T.FROM)) {
    from = fromClause(c);
    c.recover();
    follows(c, "',', JOIN, WHERE, GROUP BY, ORDER BY");
    if (c.eat(T.WHERE)) {
      where = condition(c);
      follows(c, 'an operator, AND, OR, GROUP BY, ORDER BY');
    }
    if (c.is(T.GROUP)) {
      groups = groupBy(c);
      follows(c, "',', HAVING, ORDER BY");
    }
    if (c.eat(T.HAVING)) having = condition(c);
    if (c.is(T.WINDOW)) windows = windowClause(c);
    if (c.version >= V20 && c.eat(T.QUALIFY)) qualify = condition(c);
  }
  return {
    kind: 'Select',
    start,
    end: c.end,
    hints,
    stream,
    quantifier,
    items,
    from,
    where,
    groupBy: groups,
    having,
    windows,
    qualify,
  };
}

/** Notes what could go on the query here, for a message about what does not. */
function follows(c: Cursor, words: string): void {
  c.followAt = c.at;
  c.follow = words;
}

function condition(c: Cursor): Expression {
  const value = parseExpression(c, Accept.SUB_QUERY);
  c.recover();
  return value;
}

/** AddSelectItem */
function selectItem(c: Cursor): SelectItem {
  const start = c.start;
  let expr: Expression;
  if (c.is(T.star)) {
    c.at++;
    expr = { kind: 'Star', start, end: c.end, qualifier: none };
  } else expr = parseExpression(c, Accept.SUB_QUERY);
  const alias = selectAlias(c);
  return { kind: 'SelectItem', start: Math.min(start, expr.start), end: Math.max(c.end, expr.end), expr, alias };
}

function selectAlias(c: Cursor): Identifier | undefined {
  const as = c.eat(T.AS);
  if (c.isIdent()) return identifier(c);
  if (c.is(T.string)) {
    const start = c.start;
    const end = c.ends[c.at]!;
    c.at++;
    const text = unquote(c.text, start, end, "'");
    c.failRange(start, end, 'syntax/string-alias', `A name cannot be a string; write \`${text}\`.`, [
      { title: 'Write it in back-ticks', edits: [{ start, end, text: `\`${text.replaceAll('`', '``')}\`` }] },
    ]);
    return { kind: 'Identifier', start, end, name: text, quoted: true };
  }
  if (as) return identifier(c, 'a name after AS');
  return undefined;
}

function fromClause(c: Cursor): TableSource {
  let source = tableRef(c, Accept.QUERY_OR_JOIN);
  for (;;) {
    if (c.error) c.recover(T.comma);
    if (c.is(T.comma)) {
      // since 2.0 a comma that no table follows is itself the error
      if (c.version >= V20) c.lookAhead(1);
      if (c.version >= V20 && !tableAhead(c, c.at + 1)) {
        c.fail('WHERE, GROUP BY or the end of the query (a comma needs another table)');
        c.at++;
        if (!tableAhead(c, c.at)) return source;
      } else c.at++;
      const right = tableRef(c, Accept.QUERY_OR_JOIN);
      source = {
        kind: 'Join',
        start: source.start,
        end: c.end,
        type: 'COMMA',
        natural: false,
        left: source,
        right,
        on: undefined,
        using: undefined,
        matchCondition: undefined,
      };
    } else if (joinAhead(c)) source = joinTable(c, source, true);
    else return source;
  }
}

/** True when the tokens at an index can begin a table: the two-token test. */
export function tableAhead(c: Cursor, i: number): boolean {
  const kind = c.kinds[i]!;
  return c.isIdent(kind) || kind === T.lparen || kind === T.LATERAL || kind === T.UNNEST || kind === T.TABLE;
}

function groupBy(c: Cursor): GroupBy {
  const start = c.start;
  c.at++;
  c.expect(T.BY);
  let quantifier: 'DISTINCT' | 'ALL' | undefined;
  if (c.eat(T.DISTINCT)) quantifier = 'DISTINCT';
  else if (c.eat(T.ALL)) quantifier = 'ALL';
  const items = groupingElements(c);
  c.recover();
  return { kind: 'GroupBy', start, end: c.end, quantifier, items };
}

function groupingElements(c: Cursor): GroupItem[] {
  const items = [groupingElement(c)];
  while (c.is(T.comma) && (groupingAhead(c, c.at + 1) || c.error)) {
    c.at++;
    items.push(groupingElement(c));
  }
  return items;
}

function groupingAhead(c: Cursor, i: number): boolean {
  c.lookAhead(1);
  const kind = c.kinds[i]!;
  return (
    kind === T.GROUPING ||
    kind === T.ROLLUP ||
    kind === T.CUBE ||
    kind === T.lparen ||
    c.beginsExpression(kind) ||
    kind === T.CURSOR ||
    kind === T.ROW
  );
}

function groupingElement(c: Cursor): GroupItem {
  const start = c.start;
  if (c.are(T.GROUPING, T.SETS)) {
    c.at += 2;
    c.expect(T.lparen);
    const items = c.enter() ? groupingElements(c) : [];
    c.leave();
    c.expect(T.rparen, "',' or ')'");
    return { kind: 'GroupingSets', start, end: c.end, type: 'GROUPING SETS', items };
  }
  if (c.is(T.ROLLUP) || c.is(T.CUBE)) {
    const type = c.is(T.CUBE) ? 'CUBE' : 'ROLLUP';
    c.at++;
    c.expect(T.lparen);
    const items = expressionList(c, Accept.SUB_QUERY);
    c.expect(T.rparen, "',' or ')'");
    return { kind: 'GroupingSets', start, end: c.end, type, items };
  }
  if (c.are(T.lparen, T.rparen)) {
    c.at += 2;
    return { kind: 'RowConstructor', start, end: c.end, explicit: false, items: none };
  }
  return parseExpression(c, Accept.SUB_QUERY);
}

// ------------------------------------------------------------------------------------------------------- windows

function windowClause(c: Cursor): NamedWindow[] {
  c.at++;
  const windows = [namedWindow(c)];
  while (c.is(T.comma) && (c.isIdent(c.peek(1)) || c.error)) {
    c.at++;
    windows.push(namedWindow(c));
  }
  return windows;
}

function namedWindow(c: Cursor): NamedWindow {
  const start = c.start;
  const windowName = identifier(c, 'the name of a window');
  c.expect(T.AS);
  const spec = windowSpec(c);
  return { kind: 'NamedWindow', start: Math.min(start, windowName.start), end: c.end, name: windowName, spec };
}

/** WindowSpecification */
export function windowSpec(c: Cursor): WindowSpec {
  const start = c.start;
  c.expect(T.lparen);
  const base = c.isIdent() ? identifier(c) : undefined;
  let partitionBy: readonly Expression[] = none;
  if (c.eat(T.PARTITION)) {
    c.expect(T.BY);
    partitionBy = expressionList(c, Accept.NON_QUERY);
  }
  const order = c.is(T.ORDER) ? orderBy(c, true) : none;
  let frame: WindowFrame | undefined;
  if (c.is(T.ROWS) || c.is(T.RANGE)) {
    const at = c.start;
    const unit = c.is(T.ROWS) ? 'ROWS' : 'RANGE';
    c.at++;
    if (c.eat(T.BETWEEN)) {
      const from = frameBound(c);
      c.expect(T.AND);
      const to = frameBound(c);
      frame = { kind: 'WindowFrame', start: at, end: c.end, unit, from, to };
    } else {
      const from = frameBound(c);
      frame = { kind: 'WindowFrame', start: at, end: c.end, unit, from, to: undefined };
    }
  }
  if (c.is(T.ALLOW) || c.is(T.DISALLOW)) {
    c.at++;
    c.expect(T.PARTIAL);
  }
  c.recoverTo(T.rparen);
  c.expect(T.rparen, frame ? "')'" : "PARTITION BY, ORDER BY, ROWS, RANGE or ')'");
  return { kind: 'WindowSpec', start, end: c.end, base, partitionBy, orderBy: order, frame };
}

function frameBound(c: Cursor): FrameBound {
  const start = c.start;
  if (c.are(T.CURRENT, T.ROW)) {
    c.at += 2;
    return { kind: 'FrameBound', start, end: c.end, type: 'CURRENT ROW', value: undefined };
  }
  if (c.is(T.UNBOUNDED) && (c.peek(1) === T.PRECEDING || c.peek(1) === T.FOLLOWING)) {
    const type = c.peek(1) === T.PRECEDING ? 'UNBOUNDED PRECEDING' : 'UNBOUNDED FOLLOWING';
    c.at += 2;
    return { kind: 'FrameBound', start, end: c.end, type, value: undefined };
  }
  const value = parseExpression(c, Accept.NON_QUERY);
  const following = c.is(T.FOLLOWING);
  if (following) c.at++;
  else c.expect(T.PRECEDING, 'PRECEDING or FOLLOWING');
  return { kind: 'FrameBound', start, end: c.end, type: following ? 'FOLLOWING' : 'PRECEDING', value };
}

// --------------------------------------------------------------------------------------------------------- hints

/** TableHints, and the hints of SELECT. '/*+' is the next token. */
export function tableHints(c: Cursor): Hint[] {
  c.at++;
  const hints = [hint(c)];
  while (c.eat(T.comma)) hints.push(hint(c));
  c.expect(T.commentEnd, "',' or '*/'");
  return hints;
}

function hint(c: Cursor): Hint {
  const start = c.start;
  const hintName = identifier(c, 'the name of a hint');
  const options: Property[] = [];
  const args: Expression[] = [];
  if (c.is(T.lparen)) {
    const next = c.peek(1);
    if (next === T.rparen) c.at += 2;
    else if (keyValueAhead(c)) {
      do {
        const at = c.at + 1;
        c.at++;
        options.push(hintOption(c, c.starts[at]!));
      } while (c.is(T.comma));
      c.expect(T.rparen, "',' or ')'");
    } else if (c.isIdent(next) && (c.peek(2) === T.comma || c.peek(2) === T.rparen)) {
      do {
        c.at++;
        const part = identifier(c);
        args.push({ kind: 'ColumnRef', start: part.start, end: part.end, parts: [part] });
      } while (c.is(T.comma));
      c.expect(T.rparen, "',' or ')'");
    } else if (literalOptionAhead(c, next)) {
      do {
        c.at++;
        args.push(isString(c) ? stringLiteral(c) : number(c));
      } while (c.is(T.comma));
      c.expect(T.rparen, "',' or ')'");
    } else {
      // nothing fits: Flink goes on as if the parentheses were empty
      c.at++;
      c.expect(T.rparen, "'key' = 'value', names, or numbers and strings");
      c.recoverTo(T.rparen);
      c.eat(T.rparen);
    }
  }
  return { kind: 'Hint', start, end: c.end, name: hintName, options, args };
}

/** LOOKAHEAD(5) ParenthesizedKeyValueOptionCommaList: a key, which may be several strings, '=' and a string. */
function keyValueAhead(c: Cursor): boolean {
  const pieces = (from: number): number => {
    let i = from + 1;
    while (i < 5 && c.peek(i) === T.string) i++;
    return i < 5 && c.peek(i) === T.UESCAPE ? i + 2 : i;
  };
  let i = 1;
  if (c.isIdent(c.peek(i))) i++;
  else if (isString(c, c.peek(i))) i = pieces(i);
  else return false;
  if (i >= 5) return true;
  if (c.peek(i) !== T.eq) return false;
  if (++i >= 5) return true;
  if (!isString(c, c.peek(i))) return false;
  i = pieces(i);
  return i >= 5 || c.peek(i) === T.comma || c.peek(i) === T.rparen;
}

/** LOOKAHEAD(3) ParenthesizedLiteralOptionCommaList */
function literalOptionAhead(c: Cursor, next: number): boolean {
  const third = c.peek(2);
  if (next === T.plus || next === T.minus) return isNumber(c, third);
  if (!isString(c, next) && !isNumber(c, next)) return false;
  return third === T.comma || third === T.rparen || third === T.string || third === T.UESCAPE;
}

function hintOption(c: Cursor, start: number): Property {
  const key = c.isIdent() ? nameAsString(c) : stringLiteral(c, "an option: 'key' = 'value'");
  c.expect(T.eq);
  const value = stringLiteral(c);
  return { kind: 'Property', start, end: c.end, key, value };
}

function nameAsString(c: Cursor): Property['key'] {
  const part = identifier(c);
  return { kind: 'StringLiteral', start: part.start, end: part.end, value: part.name };
}
