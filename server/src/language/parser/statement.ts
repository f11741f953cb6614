import { T } from '../../knowledge/keywords';
import type { Statement } from '../ast';
import {
  command,
  compile,
  describe,
  describeAhead,
  executePlan,
  reset,
  set,
  show,
  showAhead,
  statementSet,
  twoWordCommand,
  use,
  useAhead,
} from './commands';
import { type Cursor, compoundName, identifier } from './cursor';
import { alter, alterAhead, create, createTable, drop } from './ddl';
import { deleteFrom, insert, merge, update } from './dml';
import { beginsQueryOrExpr } from './expression';
import { routineCall } from './functions';
import { Accept, BUILTIN, FUNCTION, V20, V22 } from './grammar';
import { literal } from './literals';
import { query } from './query';

/** Words that only begin a statement together with the next one. */
const twoWords = new Set<number>([
  T.INSERT,
  T.UPSERT,
  T.SHOW,
  T.DESCRIBE,
  T.DESC,
  T.USE,
  T.ALTER,
  T.EXPLAIN,
  T.EXECUTE,
  T.COMPILE,
  T.BEGIN,
  T.REPLACE,
  T.ADD,
  T.REMOVE,
  T.LOAD,
  T.UNLOAD,
  T.ANALYZE,
  T.STOP,
  T.TRUNCATE,
  T.SET,
  T.RESET,
]);

/** SqlStmt: one statement from the next token on. Never consumes a semicolon at its end. */
export function statement(c: Cursor): Statement {
  const start = c.start;
  const next = c.peek(1);
  if (c.isIdent() || twoWords.has(c.kind) || (c.flags[c.kind]! & (FUNCTION | BUILTIN)) !== 0) c.lookAhead(1);
  switch (c.kind) {
    case T.INSERT:
    case T.UPSERT:
      return insert(c, next !== T.INTO && next !== T.OVERWRITE);
    case T.SELECT:
    case T.WITH:
    case T.VALUES:
    case T.lparen:
      return queryStatement(c);
    case T.CREATE:
      return create(c);
    case T.DROP:
      return drop(c);
    case T.ALTER:
      if (alterAhead(c)) return alter(c);
      return alterSystem(c, start);
    case T.SET:
      return set(c);
    case T.RESET:
      return reset(c);
    case T.USE:
      if (useAhead(c)) return use(c);
      break;
    case T.SHOW:
      if (showAhead(c)) return show(c);
      break;
    case T.DESCRIBE:
      return describeAhead(c) ? describe(c) : describeQuery(c, start);
    case T.DESC:
      if (describeAhead(c)) return describe(c);
      break;
    case T.EXPLAIN:
      return explain(c, start);
    case T.EXECUTE:
      if (next === T.PLAN) return executePlan(c);
      if (next === T.STATEMENT || next === T.INSERT || next === T.UPSERT || beginsQueryOrExpr(c, next))
        return execute(c);
      break;
    case T.COMPILE:
      if (next === T.AND || next === T.PLAN) return compile(c);
      break;
    case T.BEGIN:
      if (next !== T.STATEMENT) break;
      c.at += 2;
      c.expect(T.SET);
      return command(c, start, 'BEGIN STATEMENT SET');
    case T.END:
      c.at++;
      return command(c, start, 'END');
    case T.REPLACE: {
      if (next !== T.TABLE && next !== T.TEMPORARY) break;
      c.at++;
      const temporary = c.eat(T.TEMPORARY);
      c.expect(T.TABLE);
      return createTable(c, start, temporary, false, true);
    }
    case T.DELETE:
      return deleteFrom(c);
    case T.UPDATE:
      return update(c);
    case T.MERGE:
      return merge(c);
    case T.CALL: {
      c.at++;
      const call = routineCall(c, Accept.SUB_QUERY, 'the name of a procedure');
      return {
        kind: 'Command',
        start,
        end: c.end,
        verb: 'CALL',
        names: [{ object: 'procedure', name: call.name }],
        exprs: [call],
        options: [],
      };
    }
    default: {
      const found = twoWordCommand(c);
      if (found) return found;
    }
  }
  if (beginsQueryOrExpr(c, c.kind)) return queryStatement(c);
  c.fail('a statement');
  const end = c.ends[c.at]!;
  c.at = c.tokens.count;
  return { kind: 'InvalidStatement', start, end };
}

function queryStatement(c: Cursor): Statement {
  const start = c.start;
  const made = query(c);
  if (made.body.kind === 'MissingQuery' && c.error) return { kind: 'InvalidStatement', start, end: c.end };
  return { kind: 'QueryStatement', start, end: c.end, query: made };
}

function isDetail(kind: number): boolean {
  return (
    kind === T.ESTIMATED_COST || kind === T.CHANGELOG_MODE || kind === T.JSON_EXECUTION_PLAN || kind === T.PLAN_ADVICE
  );
}

/** SqlRichExplain, or SqlExplain of Calcite where Flink's own cannot follow. */
function explain(c: Cursor, start: number): Statement {
  const next = c.peek(1);
  const own =
    next === T.PLAN ||
    isDetail(next) ||
    next === T.STATEMENT ||
    next === T.INSERT ||
    next === T.UPSERT ||
    (c.version >= V20 && (next === T.CREATE || next === T.REPLACE)) ||
    (c.version >= V22 && next === T.EXECUTE) ||
    beginsQueryOrExpr(c, next);
  if (!own) {
    c.at++;
    c.fail('PLAN FOR, or the statement to explain');
    return { kind: 'InvalidStatement', start, end: c.end };
  }
  c.at++;
  if (c.are(T.PLAN, T.FOR)) c.at += 2;
  else if (isDetail(c.kind)) {
    const seen = new Set<number>();
    do {
      if (!isDetail(c.kind)) {
        c.fail('ESTIMATED_COST, CHANGELOG_MODE, JSON_EXECUTION_PLAN or PLAN_ADVICE');
        break;
      }
      const detail = c.kind;
      c.at++;
      if (seen.has(detail)) c.failLast('syntax/explain-detail', 'This detail is named twice.');
      seen.add(detail);
    } while (c.eat(T.comma));
  }
  const inner = explained(c);
  return { kind: 'Wrapping', start, end: c.end, verb: 'EXPLAIN', statement: inner };
}

function explained(c: Cursor): Statement {
  const start = c.start;
  const next = c.peek(1);
  if (c.version >= V20 && c.is(T.REPLACE) && (next === T.TABLE || next === T.TEMPORARY)) {
    c.at++;
    const temporary = c.eat(T.TEMPORARY);
    c.expect(T.TABLE);
    return createTable(c, start, temporary, false, true);
  }
  if (c.is(T.STATEMENT)) return statementSet(c, start);
  if (c.version >= V22 && c.is(T.EXECUTE)) return execute(c);
  if (c.is(T.INSERT) || c.is(T.UPSERT)) return insert(c, false);
  if (c.version >= V20 && c.is(T.CREATE)) {
    const made = create(c);
    if (made.kind !== 'CreateTable' || !made.query)
      c.failLast('syntax/explain-create', 'EXPLAIN takes CREATE TABLE only with AS SELECT.');
    return made;
  }
  return queryStatement(c);
}

/** SqlExecute */
function execute(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  if (c.is(T.STATEMENT)) return statementSet(c, start);
  const inner = c.is(T.INSERT) || c.is(T.UPSERT) ? insert(c, false) : queryStatement(c);
  return { kind: 'Wrapping', start, end: c.end, verb: 'EXECUTE', statement: inner };
}

/** ALTER (SYSTEM | SESSION) (SET … | RESET …) */
function alterSystem(c: Cursor, start: number): Statement {
  c.at++;
  if (!c.eat(T.SYSTEM) && !c.eat(T.SESSION))
    c.fail('TABLE, VIEW, CATALOG, DATABASE, FUNCTION, MODEL or MATERIALIZED TABLE');
  else if (c.eat(T.SET)) {
    compoundKey(c);
    c.expect(T.eq);
    if (c.isIdent()) identifier(c);
    else if (!c.eat(T.ON)) literal(c);
  } else if (c.eat(T.RESET)) {
    if (!c.eat(T.ALL)) compoundKey(c);
  } else c.fail('SET or RESET');
  return command(c, start, 'ALTER SYSTEM');
}

function compoundKey(c: Cursor): void {
  compoundName(c, 'the name of an option');
}

/** SqlDescribe of Calcite: DESCRIBE [STATEMENT] query, DESCRIBE SCHEMA s, DESCRIBE TABLE t */
function describeQuery(c: Cursor, start: number): Statement {
  c.at++;
  if (c.is(T.SCHEMA) || c.is(T.TABLE)) {
    const next = c.peek(1);
    if (c.isIdent(next)) {
      const table = c.is(T.TABLE);
      c.at++;
      compoundName(c);
      // DESCRIBE TABLE t column
      if (table && c.isIdent()) identifier(c);
      return command(c, start, 'DESCRIBE');
    }
  }
  c.eat(T.STATEMENT);
  if (c.is(T.INSERT) || c.is(T.UPSERT)) insert(c, true);
  else if (c.is(T.DELETE)) deleteFrom(c);
  else if (c.is(T.UPDATE)) update(c);
  else if (c.is(T.MERGE)) merge(c);
  else if (beginsQueryOrExpr(c, c.kind)) query(c);
  else c.fail('the name of a table, or a query');
  return command(c, start, 'DESCRIBE');
}
