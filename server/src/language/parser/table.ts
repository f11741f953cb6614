import { T } from '../../knowledge/keywords';
import type {
  ColumnDef,
  ColumnRef,
  Expression,
  Identifier,
  Join,
  MatchRecognize,
  Name,
  NumberLiteral,
  PatternDefinition,
  PatternSubset,
  PivotValue,
  SelectItem,
  TableRef,
  TableSource,
  Unpivot,
} from '../ast';
import { type Cursor, compoundName, danglingDot, emptyIdentifier, identifier, nameParts } from './cursor';
import { expressionList, operandAhead, parseExpression, queryOrCommaList } from './expression';
import { namedCall, routineCall, tableFunctionAhead, tableFunctionCall } from './functions';
import { Accept, V20, V22, V23 } from './grammar';
import { intervalLiteral, stringLiteral, unsignedNumber } from './literals';
import { orderBy, parenthesizedSource, rowConstructor, tableAhead, tableHints } from './query';
import { beginsType, notNullDataType, unsignedInt } from './types';

const none: readonly never[] = [];

/** ParenthesizedSimpleIdentifierList */
export function identifierList(c: Cursor, what = 'a name'): Identifier[] {
  if (!c.expect(T.lparen)) return [];
  const list = [identifier(c, what)];
  while (c.eat(T.comma)) list.push(identifier(c, what));
  c.recoverTo(T.rparen);
  c.expect(T.rparen, "',' or ')'");
  return list;
}

/** SimpleIdentifierOrList */
function identifierOrList(c: Cursor): Identifier[] {
  return c.is(T.lparen) ? identifierList(c) : [identifier(c)];
}

// --------------------------------------------------------------------------------------------------------- joins

/** True when a join follows: JOIN, or a word that begins one. */
export function joinAhead(c: Cursor): boolean {
  switch (c.kind) {
    case T.NATURAL:
    case T.JOIN:
    case T.INNER:
    case T.LEFT:
    case T.RIGHT:
    case T.FULL:
    case T.CROSS:
    case T.OUTER:
      return true;
    default:
      return false;
  }
}

/** JoinTable: the join word's three-token test decides whether Flink reports the word itself. */
export function joinTable(c: Cursor, left: TableSource, inFrom = false): TableSource {
  // before 2.0 FROM asks for two tokens of a join, and stops before what is none
  if (inFrom && c.version < V20 && !c.error && !twoTokenJoin(c)) c.fail('a join, WHERE or the end of the query');
  const first = c.at;
  let i = first;
  const natural = c.kinds[i] === T.NATURAL;
  if (natural) i++;
  let type: Join['type'] = 'INNER';
  let complete = false;
  const kind = c.kinds[i]!;
  if (kind === T.JOIN) {
    i++;
    complete = true;
  } else if (kind === T.INNER || kind === T.CROSS) {
    if (kind === T.CROSS) type = 'CROSS';
    i++;
    complete = c.kinds[i] === T.JOIN;
    if (complete) i++;
  } else if (kind === T.LEFT || kind === T.RIGHT || kind === T.FULL) {
    type = kind === T.LEFT ? 'LEFT' : kind === T.RIGHT ? 'RIGHT' : 'FULL';
    i++;
    if (c.kinds[i] === T.OUTER) i++;
    complete = c.kinds[i] === T.JOIN;
    if (complete) i++;
  }
  if (c.error) {
    // lenient: what words there are make the join
    c.at = Math.max(i, first + 1);
  } else if (complete || i - first >= 3) {
    const seen = i - first;
    if (seen < 3 && !sourceAhead(c, i, 3 - seen)) {
      failJoin(c, kind, natural, 'a table', i);
      c.at = i;
    } else {
      c.at = i;
      if (!complete) c.expect(T.JOIN);
    }
  } else if ((kind === T.CROSS || kind === T.OUTER) && !natural && c.peek(1) === T.APPLY) {
    c.at += 2;
    const right = tableRef(c, Accept.QUERY);
    c.failLast('syntax/apply', 'Flink does not take APPLY; write a lateral join: JOIN LATERAL TABLE(f(…)) ON TRUE.');
    return join(c, left, right, 'CROSS', false);
  } else {
    failJoin(c, kind, natural, 'JOIN', i);
    c.at = Math.max(i, first + 1);
  }
  const at = c.starts[c.at - 1]!;
  const right = tableRef(c, Accept.QUERY_OR_JOIN);
  const made = join(c, left, right, type, natural);
  const on = finishJoin(c, made);
  c.joinAt = at;
  return on;
}

/** LOOKAHEAD(2) JoinTable of Flink 1.20, for the words that may begin something else: CROSS APPLY, OUTER APPLY. */
function twoTokenJoin(c: Cursor): boolean {
  const next = c.peek(1);
  if (c.is(T.CROSS)) return next === T.JOIN || next === T.APPLY;
  return !c.is(T.OUTER) || next === T.APPLY;
}

/** Reports a join that is none: at its first word, but behind CROSS and OUTER, where APPLY could still stand. */
function failJoin(c: Cursor, kind: number, natural: boolean, expected: string, reached: number): void {
  // the first token that does not fit was looked at, and behind '(' and LATERAL one more
  c.lookAhead(reached - c.at);
  if (c.kinds[reached] === T.lparen || c.kinds[reached] === T.LATERAL) c.lookAhead(reached + 1 - c.at);
  if ((kind === T.CROSS || kind === T.OUTER) && !natural) c.at++;
  if (expected === 'JOIN') c.fail(expected);
  else
    c.failRange(
      c.start,
      c.ends[c.at]!,
      'syntax/join',
      'JOIN must be followed by a table, a query in parentheses or TABLE(…).',
    );
}

/** What a join is made on. */
function finishJoin(c: Cursor, made: Join): TableSource {
  c.recover();
  if (c.eat(T.ON)) {
    const on = parseExpression(c, Accept.SUB_QUERY);
    return { ...made, on, end: c.end };
  }
  if (c.eat(T.USING)) {
    const using = identifierList(c);
    return { ...made, using, end: c.end };
  }
  return made;
}

function join(c: Cursor, left: TableSource, right: TableSource, type: Join['type'], natural: boolean): Join {
  return {
    kind: 'Join',
    start: left.start,
    end: Math.max(c.end, right.end),
    type,
    natural,
    left,
    right,
    on: undefined,
    using: undefined,
    matchCondition: undefined,
  };
}

/** True when that many tokens at an index can begin TableRef1. */
function sourceAhead(c: Cursor, i: number, count: number): boolean {
  const kind = c.kinds[i]!;
  if (c.isIdent(kind)) return true;
  if (!tableAhead(c, i)) return false;
  if (count < 2) return true;
  const next = c.kinds[i + 1]!;
  if (kind === T.TABLE) return true;
  if (kind === T.UNNEST) return next === T.lparen;
  if (kind === T.LATERAL) return next === T.lparen || next === T.TABLE || (next === T.UNNEST && c.version >= V20);
  return insideParenthesis(c, next);
}

/** True when a kind can follow the '(' of ParenthesizedExpression. */
function insideParenthesis(c: Cursor, kind: number): boolean {
  return (
    kind === T.SELECT ||
    kind === T.WITH ||
    kind === T.VALUES ||
    kind === T.TABLE ||
    (kind === T.VALUE && c.version >= V20) ||
    kind === T.lparen ||
    kind === T.LATERAL ||
    kind === T.UNNEST ||
    c.isIdent(kind)
  );
}

// ------------------------------------------------------------------------------------------------- table sources

/** TableRef3 */
export function tableRef(c: Cursor, accept: Accept): TableSource {
  const start = c.start;
  let source: TableSource;
  if (c.isIdent()) source = namedTable(c);
  else {
    const at = c.at;
    const next = c.peek(1);
    if (c.is(T.lparen) || c.is(T.LATERAL)) c.lookAhead(1);
    if (
      (c.is(T.lparen) && (insideParenthesis(c, next) || c.error !== undefined)) ||
      (c.is(T.LATERAL) && next === T.lparen)
    ) {
      const lateral = c.eat(T.LATERAL);
      const inner = parenthesizedSource(c, accept);
      if (inner.kind === 'Query') source = { kind: 'DerivedTable', start, end: c.end, lateral, query: inner };
      else {
        source = { kind: 'Nested', start, end: c.end, source: inner };
        if (lateral && inner.kind === 'Join')
          c.failRange(inner.start, inner.end, 'syntax/join-here', 'A join cannot stand after LATERAL.');
      }
      source = matchRecognizeOpt(c, source);
    } else if (c.is(T.UNNEST) || (c.are(T.LATERAL, T.UNNEST) && c.version >= V20)) {
      // since 2.0 two tokens must fit, or Flink reports UNNEST
      if (c.version >= V20 && c.is(T.UNNEST) && next !== T.lparen) c.fail('UNNEST with its arguments in parentheses');
      c.eat(T.LATERAL);
      c.at++;
      const args = queryOrCommaList(c, Accept.SUB_QUERY);
      let ordinality = false;
      if (c.eat(T.WITH)) ordinality = c.expect(T.ORDINALITY);
      source = { kind: 'Unnest', start, end: c.end, args, ordinality };
    } else if (c.is(T.TABLE) || c.is(T.LATERAL)) {
      const lateral = c.eat(T.LATERAL);
      c.expect(T.TABLE, "TABLE, UNNEST or '('");
      c.expect(T.lparen);
      c.eat(T.SPECIFIC);
      const call = routineCall(c, Accept.CURSOR, 'the name of a table function');
      c.recoverTo(T.rparen);
      c.expect(T.rparen);
      source = { kind: 'TableFunction', start, end: c.end, lateral, call };
    } else {
      c.fail('a table, a query in parentheses, TABLE(…), UNNEST(…) or LATERAL');
      c.at = at;
      const missing: Name = { kind: 'Name', start: c.end, end: c.end, parts: [emptyIdentifier(c.end)] };
      return { kind: 'TableRef', start: c.end, end: c.end, name: missing, hints: none, extend: undefined };
    }
  }
  if (c.are(T.PIVOT, T.lparen)) {
    checkNotJoin(c, source);
    source = pivot(c, source);
  }
  if (c.is(T.UNPIVOT) && (c.peek(1) === T.lparen || c.peek(1) === T.INCLUDE || c.peek(1) === T.EXCLUDE)) {
    checkNotJoin(c, source);
    source = unpivot(c, source);
  }
  if (c.is(T.AS) || c.isIdent()) {
    c.eat(T.AS);
    const alias = identifier(c, 'a name after AS');
    const columns = c.is(T.lparen) ? identifierList(c) : none;
    checkNotJoin(c, source);
    source = { kind: 'Aliased', start: source.start, end: c.end, source, alias, columns };
  }
  if (c.is(T.TABLESAMPLE)) source = sample(c, source);
  return source;
}

/** A join in parentheses takes no alias, sample, PIVOT or MATCH_RECOGNIZE: Flink reports its word JOIN. */
function checkNotJoin(c: Cursor, source: TableSource): void {
  let inside = source;
  while (inside.kind === 'Nested') inside = inside.source;
  if (inside.kind === 'Join')
    c.failRange(
      c.joinAt,
      c.joinAt + 4,
      'syntax/join-here',
      'A join in parentheses takes no alias; write (SELECT * FROM … JOIN …) AS name.',
    );
}

/** CompoundTableIdentifier with hints, EXTEND, time travel and MATCH_RECOGNIZE; or a table function's call. */
function namedTable(c: Cursor): TableSource {
  const start = c.start;
  const parts = nameParts(c);
  const table: Name = { kind: 'Name', start, end: parts[parts.length - 1]!.end, parts };
  if (c.is(T.dot)) {
    const more: Identifier[] = [];
    danglingDot(c, more);
  }
  if (c.version >= V20 && tableFunctionAhead(c)) {
    const call = tableFunctionCall(c, table);
    return { kind: 'TableFunction', start, end: c.end, lateral: false, call };
  }
  const hints = c.is(T.hintBegin) ? tableHints(c) : none;
  let extend: ColumnDef[] | undefined;
  if (c.is(T.EXTEND) || c.is(T.lparen)) {
    const call = c.is(T.lparen) && c.error === undefined;
    extend = extendTable(c);
    // what was meant is most often a table function, whose first argument is a call: its lookahead stops there
    if (call && c.error && c.version >= V20) {
      const shown = c.text.slice(table.start, table.end);
      c.error.code = 'syntax/table-function';
      c.error.message = `Flink cannot read these arguments of ${shown}; write TABLE(${shown}(…)) to call a table function.`;
    }
  }
  const ref: TableRef = { kind: 'TableRef', start, end: c.end, name: table, hints, extend };
  let source: TableSource = ref;
  if (c.is(T.FOR)) {
    c.at++;
    c.expect(T.SYSTEM_TIME);
    c.expect(T.AS);
    c.expect(T.OF);
    const period = parseExpression(c, Accept.NON_QUERY);
    source = { kind: 'Snapshot', start, end: c.end, source, period };
  }
  return matchRecognizeOpt(c, source);
}

/** ExtendTable: [EXTEND] (name type [NOT NULL], …) */
export function extendTable(c: Cursor): ColumnDef[] {
  c.eat(T.EXTEND);
  if (!c.expect(T.lparen)) return [];
  const columns: ColumnDef[] = [];
  do {
    const start = c.start;
    const path = compoundName(c, 'the name of a column');
    const dataType = notNullDataType(c);
    columns.push({
      kind: 'ColumnDef',
      start: Math.min(start, path.start),
      end: c.end,
      name: path.parts[path.parts.length - 1]!,
      path,
      column: { type: 'physical', dataType },
      constraint: undefined,
      comment: undefined,
      position: undefined,
    });
  } while (c.eat(T.comma));
  c.recoverTo(T.rparen);
  c.expect(T.rparen, "',' or ')'");
  return columns;
}

/** LOOKAHEAD(5) ExtendTable of INSERT: '(', a column and its type, and what may stand behind them. */
export function extendAhead(c: Cursor): boolean {
  const extend = c.is(T.EXTEND) ? 1 : 0;
  if (c.peek(extend) !== T.lparen || !c.isIdent(c.peek(extend + 1))) return false;
  let i = extend + 2;
  while (i < 5 && c.peek(i) === T.dot) {
    const star = c.peek(i + 1) === T.star;
    if (i < 4 && !star && !c.isIdent(c.peek(i + 1))) return false;
    i += 2;
    if (star) break;
  }
  if (i >= 5) return true;
  if (!beginsType(c, i)) return false;
  const userType = c.isIdent(c.peek(i));
  if (++i >= 5) return true;
  switch (c.peek(i)) {
    case T.rparen:
    case T.ARRAY:
    case T.MULTISET:
      return true;
    case T.comma:
      return i >= 4 || c.isIdent(c.peek(i + 1));
    case T.NOT:
      return i >= 4 || c.peek(i + 1) === T.NULL;
    case T.dot:
      return userType && (i >= 4 || c.isIdent(c.peek(i + 1)));
    default:
      // the rest of a type: (10), <…>, VARYING, PRECISION, WITH LOCAL TIME ZONE
      return !userType && typeContinues(c.peek(i));
  }
}

function typeContinues(kind: number): boolean {
  switch (kind) {
    case T.lparen:
    case T.lt:
    case T.ne:
    case T.VARYING:
    case T.PRECISION:
    case T.CHARACTER:
    case T.WITH:
    case T.WITHOUT:
      return true;
    default:
      return false;
  }
}

function sample(c: Cursor, source: TableSource): TableSource {
  c.at++;
  checkNotJoin(c, source);
  if (c.eat(T.SUBSTITUTE)) {
    c.expect(T.lparen);
    const binary = c.is(T.binaryString);
    stringLiteral(c);
    c.expect(T.rparen);
    if (binary) c.failLast('syntax/sample', 'SUBSTITUTE takes the name of a sample in single quotes.');
  } else {
    if (!c.eat(T.BERNOULLI)) c.expect(T.SYSTEM, 'BERNOULLI or SYSTEM');
    c.expect(T.lparen);
    const rate = unsignedNumber(c);
    c.expect(T.rparen);
    if (c.eat(T.REPEATABLE)) {
      c.expect(T.lparen);
      if (!c.eat(T.plus)) c.eat(T.minus);
      unsignedInt(c);
      c.expect(T.rparen);
    }
    if (c.version < V22 && Number(rate.text) > 100)
      c.failLast('syntax/sample', 'A sample is between 0 and 100 per cent.');
  }
  return { kind: 'Sample', start: source.start, end: c.end, source };
}

// ------------------------------------------------------------------------------------------- PIVOT and UNPIVOT

function pivot(c: Cursor, source: TableSource): TableSource {
  const at = c.start;
  c.at += 2;
  const aggregates: SelectItem[] = [];
  do {
    const start = c.start;
    if (!operandAhead(c, c.at)) c.fail('the call of an aggregate function');
    const expr = namedCall(c);
    let alias: Identifier | undefined;
    if (!c.is(T.comma) && !c.is(T.FOR)) {
      c.eat(T.AS);
      alias = identifier(c);
    }
    aggregates.push({ kind: 'SelectItem', start, end: c.end, expr, alias });
  } while (c.eat(T.comma));
  c.expect(T.FOR);
  const axes: ColumnRef[] = identifierOrList(c).map((part) => ({
    kind: 'ColumnRef',
    start: part.start,
    end: part.end,
    parts: [part],
  }));
  c.expect(T.IN);
  c.expect(T.lparen);
  const values: PivotValue[] = [];
  if (!c.is(T.rparen)) {
    do {
      const start = c.start;
      const row = rowConstructor(c);
      const items = row.kind === 'RowConstructor' ? row.items : [row];
      let alias: Identifier | undefined;
      if (c.is(T.AS) || c.isIdent()) {
        c.eat(T.AS);
        alias = identifier(c);
      }
      values.push({ kind: 'PivotValue', start, end: c.end, values: items, alias });
    } while (c.eat(T.comma));
  }
  c.expect(T.rparen);
  c.expect(T.rparen);
  c.pivotAt = at;
  return { kind: 'Pivot', start: source.start, end: c.end, source, aggregates, axes, values };
}

function unpivot(c: Cursor, source: TableSource): TableSource {
  const at = c.start;
  c.at++;
  const includeNulls = c.is(T.INCLUDE);
  if (includeNulls || c.is(T.EXCLUDE)) {
    c.at++;
    c.expect(T.NULLS);
  }
  c.expect(T.lparen);
  const measures = identifierOrList(c);
  c.expect(T.FOR);
  const axes = identifierOrList(c);
  c.expect(T.IN);
  c.expect(T.lparen);
  const values: { columns: readonly Identifier[]; as: readonly Expression[] }[] = [];
  do {
    const columns = identifierOrList(c);
    const row = c.eat(T.AS) ? rowConstructor(c) : undefined;
    values.push({ columns, as: row ? (row.kind === 'RowConstructor' ? row.items : [row]) : none });
  } while (c.eat(T.comma));
  c.expect(T.rparen);
  c.expect(T.rparen);
  c.pivotAt = at;
  const made: Unpivot = {
    kind: 'Unpivot',
    start: source.start,
    end: c.end,
    source,
    includeNulls,
    measures,
    axes,
    values,
  };
  return made;
}

// ----------------------------------------------------------------------------------------------- MATCH_RECOGNIZE

function matchRecognizeOpt(c: Cursor, source: TableSource): TableSource {
  if (c.is(T.MATCH_RECOGNIZE)) {
    // since 2.3 three tokens must fit, or Flink reports MATCH_RECOGNIZE
    if (c.version >= V23 && (c.peek(1) !== T.lparen || !beginsMatch(c.peek(2))))
      c.fail('MATCH_RECOGNIZE with its clauses in parentheses');
    return matchRecognize(c, source);
  }
  // since 2.3 an alias may stand before it
  if (c.version >= V23 && c.is(T.AS) && c.isIdent(c.peek(1)) && c.peek(2) === T.MATCH_RECOGNIZE) {
    c.at++;
    const alias = identifier(c);
    const aliased: TableSource = { kind: 'Aliased', start: source.start, end: c.end, source, alias, columns: none };
    return matchRecognize(c, aliased);
  }
  return source;
}

/** True for what may stand first inside MATCH_RECOGNIZE (…). */
function beginsMatch(kind: number): boolean {
  switch (kind) {
    case T.PARTITION:
    case T.ORDER:
    case T.MEASURES:
    case T.ONE:
    case T.ALL:
    case T.AFTER:
    case T.PATTERN:
      return true;
    default:
      return false;
  }
}

function matchRecognize(c: Cursor, source: TableSource): MatchRecognize {
  c.at++;
  checkNotJoin(c, source);
  c.expect(T.lparen);
  let partitionBy: readonly Expression[] = none;
  if (c.eat(T.PARTITION)) {
    c.expect(T.BY);
    partitionBy = expressionList(c, Accept.NON_QUERY);
  }
  const order = c.is(T.ORDER) ? orderBy(c, true) : none;
  const measures: SelectItem[] = [];
  if (c.eat(T.MEASURES)) {
    do {
      const start = c.start;
      const expr = parseExpression(c, Accept.NON_QUERY);
      c.expect(T.AS);
      const alias = identifier(c);
      measures.push({ kind: 'SelectItem', start, end: c.end, expr, alias });
    } while (c.eat(T.comma));
  }
  let rowsPerMatch: 'ONE' | 'ALL' | undefined;
  if (c.is(T.ONE) || c.is(T.ALL)) {
    rowsPerMatch = c.is(T.ONE) ? 'ONE' : 'ALL';
    c.at++;
    c.expect(rowsPerMatch === 'ONE' ? T.ROW : T.ROWS);
    c.expect(T.PER);
    c.expect(T.MATCH);
  }
  if (c.eat(T.AFTER)) afterMatch(c);
  c.expect(
    T.PATTERN,
    measures.length === 0
      ? 'MEASURES, ONE ROW PER MATCH, AFTER MATCH or PATTERN'
      : 'ONE ROW PER MATCH, AFTER MATCH or PATTERN',
  );
  c.expect(T.lparen);
  const variables: Identifier[] = [];
  c.eat(T.caret);
  pattern(c, variables);
  c.eat(T.dollar);
  c.recoverTo(T.rparen);
  c.expect(T.rparen);
  const within = c.eat(T.WITHIN) ? intervalLiteral(c) : undefined;
  const subsets: PatternSubset[] = [];
  if (c.eat(T.SUBSET)) {
    do {
      const start = c.start;
      const subset = identifier(c, 'the name of a subset');
      c.expect(T.eq);
      c.expect(T.lparen);
      const members = expressionList(c, Accept.NON_QUERY);
      c.expect(T.rparen, "',' or ')'");
      const names = members.flatMap((member) => (member.kind === 'ColumnRef' ? [member.parts[0]!] : []));
      subsets.push({ kind: 'PatternSubset', start, end: c.end, name: subset, variables: names });
    } while (c.eat(T.comma));
  }
  c.expect(T.DEFINE);
  const definitions: PatternDefinition[] = [];
  do {
    const start = c.start;
    const variable = identifier(c, 'the name of a pattern variable');
    c.expect(T.AS);
    const condition = parseExpression(c, Accept.SUB_QUERY);
    definitions.push({ kind: 'PatternDefinition', start, end: c.end, name: variable, condition });
  } while (c.eat(T.comma));
  c.recoverTo(T.rparen);
  c.expect(T.rparen, "',' or ')'");
  return {
    kind: 'MatchRecognize',
    start: source.start,
    end: c.end,
    source,
    partitionBy,
    orderBy: order,
    measures,
    rowsPerMatch,
    patternVariables: variables,
    within,
    subsets,
    definitions,
  };
}

function afterMatch(c: Cursor): void {
  c.expect(T.MATCH);
  c.expect(T.SKIP);
  if (c.eat(T.PAST)) {
    c.expect(T.LAST);
    c.expect(T.ROW);
    return;
  }
  c.expect(T.TO, 'TO or PAST LAST ROW');
  if (c.are(T.NEXT, T.ROW)) {
    c.at += 2;
    return;
  }
  if ((c.is(T.FIRST) || c.is(T.LAST)) && c.isIdent(c.peek(1))) c.at++;
  identifier(c, 'NEXT ROW, FIRST, LAST or the name of a pattern variable');
}

/** PatternExpression; collects the variables it names. */
function pattern(c: Cursor, variables: Identifier[]): void {
  if (!c.enter()) return;
  do {
    patternFactor(c, variables);
    while (c.isIdent() || c.is(T.lparen) || c.is(T.lbrace) || c.is(T.PERMUTE)) patternFactor(c, variables);
  } while (c.eat(T.bar));
  c.leave();
}

function patternFactor(c: Cursor, variables: Identifier[]): void {
  if (c.isIdent()) variables.push(identifier(c));
  else if (c.eat(T.lparen)) {
    pattern(c, variables);
    c.expect(T.rparen);
  } else if (c.eat(T.lbrace)) {
    c.expect(T.minus);
    pattern(c, variables);
    c.expect(T.minus);
    c.expect(T.rbrace);
  } else if (c.eat(T.PERMUTE)) {
    c.expect(T.lparen);
    do pattern(c, variables);
    while (c.eat(T.comma));
    c.expect(T.rparen, "',' or ')'");
  } else {
    c.fail('a pattern variable');
    return;
  }
  const counts: NumberLiteral[] = [];
  if (c.is(T.star) || c.is(T.plus) || c.is(T.hook)) c.at++;
  else if (c.eat(T.lbrace)) {
    if (c.eat(T.comma)) {
      counts.push(unsignedNumber(c));
      c.expect(T.rbrace);
    } else if (c.eat(T.minus)) {
      pattern(c, variables);
      c.expect(T.minus);
      c.expect(T.rbrace);
    } else {
      counts.push(unsignedNumber(c));
      if (c.eat(T.comma) && !c.is(T.rbrace)) counts.push(unsignedNumber(c));
      c.expect(T.rbrace);
    }
  } else return;
  // only a reluctant quantifier has its numbers compared, and so read as whole ones
  if (!c.eat(T.hook)) return;
  for (const { start, end, text } of counts)
    if (/[1-9]/.test(text.split('.')[1] ?? ''))
      c.failRange(start, end, 'syntax/pattern', 'A pattern variable stands a whole number of times.');
}
