import { T } from '../../knowledge/keywords';
import type {
  Assignment,
  Delete,
  Expression,
  Identifier,
  Insert,
  Name,
  PartitionSpec,
  Statement,
  TableRef,
  Update,
} from '../ast';
import { type Cursor, compoundName, danglingDot, identifier, nameParts } from './cursor';
import { extendNotAllowed, partitionSpec } from './ddl';
import { parseExpression } from './expression';
import { Accept, V23 } from './grammar';
import { orderedQueryOrExpr, queryOf, rowConstructor, tableHints } from './query';
import { extendAhead, extendTable, identifierList, tableRef } from './table';

/** CompoundTableIdentifier [hints] [EXTEND (…)] */
function target(c: Cursor, lookahead: boolean): TableRef {
  const start = c.start;
  const parts = nameParts(c, 'the name of a table');
  if (c.is(T.dot)) {
    const more: Identifier[] = [];
    danglingDot(c, more);
  }
  const name: Name = { kind: 'Name', start: parts[0]!.start, end: parts[parts.length - 1]!.end, parts };
  const hints = c.is(T.hintBegin) ? tableHints(c) : [];
  const extended = lookahead ? extendAhead(c) : c.is(T.EXTEND) || c.is(T.lparen);
  const extend = extended ? extendTable(c) : undefined;
  return { kind: 'TableRef', start: Math.min(start, name.start), end: c.end, name, hints, extend };
}

/** RichSqlInsert; with `standard`, Calcite's SqlInsert, which only knows INTO. INSERT or UPSERT is the next token. */
export function insert(c: Cursor, standard: boolean): Insert {
  const start = c.start;
  const upsert = c.is(T.UPSERT);
  c.at++;
  let mode: 'INTO' | 'OVERWRITE' = 'INTO';
  if (!standard && c.eat(T.OVERWRITE)) {
    mode = 'OVERWRITE';
    if (upsert) c.failLast('syntax/overwrite', 'OVERWRITE goes with INSERT only.');
  } else c.expect(T.INTO, standard || upsert ? 'INTO' : 'INTO or OVERWRITE');
  const table = target(c, true);
  let partition: PartitionSpec | undefined;
  if (!standard && c.eat(T.PARTITION)) partition = partitionSpec(c);
  let columns: Name[] | undefined;
  if (c.is(T.lparen) && c.isIdent(c.peek(1))) columns = columnList(c);
  c.recover(T.VALUES, T.WITH);
  const source = queryOf(c, orderedQueryOrExpr(c, Accept.QUERY));
  let onConflict: string | undefined;
  if (!standard && c.version >= V23 && c.eat(T.ON)) {
    c.expect(T.CONFLICT);
    c.expect(T.DO);
    if (c.is(T.ERROR) || c.is(T.NOTHING) || c.is(T.DEDUPLICATE)) {
      c.at++;
      onConflict = c.text.slice(c.starts[c.at - 1]!, c.end).toUpperCase();
    } else c.fail('ERROR, NOTHING or DEDUPLICATE');
  }
  return {
    kind: 'Insert',
    start,
    end: c.end,
    keyword: start,
    mode,
    upsert,
    table,
    partition,
    columns,
    source,
    onConflict,
  };
}

/** ParenthesizedCompoundIdentifierList */
function columnList(c: Cursor): Name[] {
  c.at++;
  const names: Name[] = [];
  do {
    names.push(compoundName(c, 'the name of a column'));
    extendNotAllowed(c);
  } while (c.eat(T.comma));
  c.recoverTo(T.rparen);
  c.expect(T.rparen, "',' or ')'");
  return names;
}

function alias(c: Cursor): Identifier | undefined {
  if (c.eat(T.AS)) return identifier(c, 'a name after AS');
  return c.isIdent() ? identifier(c) : undefined;
}

function where(c: Cursor): Expression | undefined {
  return c.eat(T.WHERE) ? parseExpression(c, Accept.SUB_QUERY) : undefined;
}

/** SqlDelete */
export function deleteFrom(c: Cursor): Delete {
  const start = c.start;
  c.at++;
  c.expect(T.FROM);
  const table = target(c, false);
  const named = alias(c);
  const filter = where(c);
  return { kind: 'Delete', start, end: c.end, table, alias: named, where: filter };
}

function assignment(c: Cursor, compound: boolean): Assignment {
  const start = c.start;
  let column: Name;
  if (compound) column = compoundName(c, 'the name of a column');
  else {
    const part = identifier(c, 'the name of a column');
    column = { kind: 'Name', start: part.start, end: part.end, parts: [part] };
  }
  c.expect(T.eq);
  const value = parseExpression(c, Accept.SUB_QUERY);
  return { kind: 'Assignment', start: Math.min(start, column.start), end: c.end, column, value };
}

/** SqlUpdate */
export function update(c: Cursor): Update {
  const start = c.start;
  c.at++;
  const table = target(c, false);
  const named = alias(c);
  c.expect(T.SET);
  const assignments = [assignment(c, false)];
  while (c.eat(T.comma)) assignments.push(assignment(c, false));
  c.recover();
  const filter = where(c);
  return { kind: 'Update', start, end: c.end, table, alias: named, assignments, where: filter };
}

/** SqlMerge: the grammar takes it, the planner does not. */
export function merge(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  c.expect(T.INTO);
  const table = target(c, false);
  alias(c);
  c.expect(T.USING);
  tableRef(c, Accept.QUERY);
  c.expect(T.ON);
  parseExpression(c, Accept.SUB_QUERY);
  if (c.are(T.WHEN, T.MATCHED)) {
    c.at += 2;
    c.expect(T.THEN);
    c.expect(T.UPDATE);
    c.expect(T.SET);
    do assignment(c, true);
    while (c.eat(T.comma));
    if (c.is(T.WHEN)) notMatched(c);
  } else if (c.is(T.WHEN)) notMatched(c);
  else c.fail('WHEN MATCHED or WHEN NOT MATCHED');
  const names = [{ object: 'table', name: table.name }];
  return { kind: 'Command', start, end: c.end, verb: 'MERGE', names, exprs: [], options: [] };
}

function notMatched(c: Cursor): void {
  c.at++;
  c.expect(T.NOT);
  c.expect(T.MATCHED);
  c.expect(T.THEN);
  c.expect(T.INSERT);
  if (c.is(T.lparen) && c.isIdent(c.peek(1))) identifierList(c);
  const inner = c.eat(T.lparen);
  if (c.expect(T.VALUES)) rowConstructor(c);
  if (inner) c.expect(T.rparen);
}
