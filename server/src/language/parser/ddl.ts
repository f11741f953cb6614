import { T } from '../../knowledge/keywords';
import type {
  AlterObject,
  AlterTable,
  ColumnDef,
  CreateMaterializedTable,
  CreateTable,
  DataType,
  Distribution,
  Identifier,
  IntervalLiteral,
  LikeClause,
  LikeOption,
  Name,
  NodeBase,
  PartitionSpec,
  PartitionValue,
  Property,
  Query,
  Statement,
  StringLiteral,
  TableConstraint,
  Watermark,
} from '../ast';
import { type Cursor, compoundName, describeKind, emptyIdentifier, identifier, quotedString } from './cursor';
import { parseExpression } from './expression';
import { Accept, V20, V21, V22, V23 } from './grammar';
import { literal, stringLiteral, timestampLiteral, unsignedNumber } from './literals';
import { query } from './query';
import { identifierList } from './table';
import { beginsType, extendedDataType, notNullDataType } from './types';

const none: readonly never[] = [];

// ------------------------------------------------------------------------------------------------------- pieces

/** IfNotExistsOpt */
export function ifNotExists(c: Cursor): boolean {
  if (!c.are(T.IF, T.NOT) || c.peek(2) !== T.EXISTS) return false;
  c.at += 3;
  return true;
}

/** IfExistsOpt */
export function ifExists(c: Cursor): boolean {
  if (!c.are(T.IF, T.EXISTS)) return false;
  c.at += 2;
  return true;
}

/** Properties: ('key' = 'value', …) */
export function properties(c: Cursor): Property[] {
  const list: Property[] = [];
  if (!c.expect(T.lparen)) return list;
  if (!c.is(T.rparen)) {
    do {
      const start = c.start;
      const key = stringLiteral(c, list.length > 0 ? "another option: 'key' = 'value'" : "an option: 'key' = 'value'");
      c.expect(T.eq);
      const value = stringLiteral(c, "the option's value in single quotes");
      list.push({ kind: 'Property', start: Math.min(start, key.start), end: c.end, key, value });
      if (c.error) skipTo(c, T.comma);
    } while (c.eat(T.comma));
  }
  c.expect(T.rparen, "',' or ')'");
  return list;
}

/** After an error: to the comma or ')' that ends this item of a list in parentheses. */
function skipTo(c: Cursor, stop: number): void {
  let level = 0;
  for (; c.at < c.tokens.count; c.at++) {
    const kind = c.kind;
    if (level === 0 && (kind === stop || kind === T.rparen)) return;
    if (kind === T.lparen) level++;
    else if (kind === T.rparen) level--;
    else if (kind === T.semicolon) return;
  }
}

/** PropertyKeys: ('key', …) */
function propertyKeys(c: Cursor): StringLiteral[] {
  const list: StringLiteral[] = [];
  if (!c.expect(T.lparen)) return list;
  if (!c.is(T.rparen)) {
    do list.push(stringLiteral(c, "an option's key in single quotes"));
    while (c.eat(T.comma));
  }
  c.expect(T.rparen, "',' or ')'");
  return list;
}

/** [COMMENT 'text']; before 2.3 some places took a string in any form. */
function comment(c: Cursor, anyForm = false): StringLiteral | undefined {
  if (!c.eat(T.COMMENT)) return undefined;
  return anyForm && c.version < V23 ? stringLiteral(c) : quotedString(c, 'the comment in single quotes');
}

function withProperties(c: Cursor): Property[] {
  return c.eat(T.WITH) ? properties(c) : [];
}

/** PartitionSpecCommaList: (column = value, …) */
export function partitionSpec(c: Cursor): PartitionSpec {
  const start = c.start;
  const values: PartitionValue[] = [];
  if (c.expect(T.lparen)) {
    do {
      const at = c.start;
      const column = identifier(c, 'the name of a column');
      c.expect(T.eq);
      const value = literal(c);
      values.push({ kind: 'PartitionValue', start: at, end: c.end, column, value });
    } while (c.eat(T.comma));
    c.expect(T.rparen, "',' or ')'");
  }
  return { kind: 'PartitionSpec', start, end: c.end, values };
}

/** ExtendedPartitionSpecCommaList of ANALYZE: a column may stand without a value. */
export function extendedPartitionSpec(c: Cursor): PartitionSpec {
  const start = c.start;
  const values: PartitionValue[] = [];
  if (c.expect(T.lparen)) {
    do {
      const at = c.start;
      const column = identifier(c, 'the name of a column');
      const value = c.eat(T.eq) ? literal(c) : undefined;
      values.push({ kind: 'PartitionValue', start: at, end: c.end, column, value });
    } while (c.eat(T.comma));
    c.expect(T.rparen, "',' or ')'");
  }
  return { kind: 'PartitionSpec', start, end: c.end, values };
}

/** SqlDistribution: BY [HASH | RANGE] (columns) [INTO n BUCKETS], or INTO n BUCKETS */
function distribution(c: Cursor): Distribution {
  const start = c.start;
  let type: 'HASH' | 'RANGE' | undefined;
  let columns: readonly Identifier[] = none;
  let buckets: number | undefined;
  if (c.is(T.INTO)) buckets = intoBuckets(c);
  else {
    c.expect(T.BY, 'BY or INTO');
    if (c.eat(T.HASH)) type = 'HASH';
    else if (c.eat(T.RANGE)) type = 'RANGE';
    columns = identifierList(c);
    if (c.is(T.INTO)) buckets = intoBuckets(c);
  }
  return { kind: 'Distribution', start, end: c.end, type, columns, buckets };
}

function intoBuckets(c: Cursor): number {
  c.at++;
  const count = unsignedNumber(c);
  if (count.text !== '' && !/^\d+\.?0*$/.test(count.text))
    c.failLast('syntax/buckets', 'The number of buckets must be a positive whole number.');
  c.expect(T.BUCKETS);
  return Number(count.text);
}

// ------------------------------------------------------------------------------------------------------ columns

/** What the parentheses behind a table's name hold. */
interface TableBody {
  columns: ColumnDef[];
  constraints: TableConstraint[];
  watermark: Watermark | undefined;
}

const newBody = (): TableBody => ({ columns: [], constraints: [], watermark: undefined });

function columnDef(start: number, end: number, path: Name, column: ColumnDef['column']): ColumnDef {
  const last = path.parts[path.parts.length - 1] ?? emptyIdentifier(end);
  return {
    kind: 'ColumnDef',
    start,
    end,
    name: last,
    path,
    column,
    constraint: undefined,
    comment: undefined,
    position: undefined,
  };
}

function isConstraint(kind: number): boolean {
  return kind === T.CONSTRAINT || kind === T.PRIMARY || kind === T.UNIQUE;
}

/** TableColumn: a column, a constraint or a watermark. */
function tableColumn(c: Cursor, body: TableBody): void {
  if (isConstraint(c.kind) && !typedColumnAhead(c)) body.constraints.push(tableConstraint(c));
  else if (c.is(T.WATERMARK) && !typedColumnAhead(c)) watermark(c, body);
  else if (c.isIdent()) body.columns.push(typedColumnAhead(c) ? typedColumn(c) : computedColumn(c));
  else {
    c.fail('the name of a column, PRIMARY KEY, UNIQUE, CONSTRAINT or WATERMARK');
    // half-typed: what follows may still be a column's type
    if (c.error && c.kinds[c.at]! >= 64 && c.peek(1) !== T.lparen && beginsType(c, 1))
      body.columns.push(reservedColumn(c));
  }
}

/** A column whose name is a reserved word: an error, but the column is kept. */
function reservedColumn(c: Cursor): ColumnDef {
  const start = c.start;
  const end = c.ends[c.at]!;
  c.at++;
  const part: Identifier = { kind: 'Identifier', start, end, name: c.text.slice(start, end), quoted: false };
  const path: Name = { kind: 'Name', start, end, parts: [part] };
  return finishTyped(c, start, path, extendedDataType(c));
}

/** LOOKAHEAD(2) TypedColumn: a name and a type, or a dotted name. */
function typedColumnAhead(c: Cursor): boolean {
  if (!c.isIdent()) return false;
  const next = c.peek(1);
  if (next === T.dot) return c.isIdent(c.peek(2)) || c.peek(2) === T.star || c.error === undefined;
  return beginsType(c, 1);
}

/** TypedColumn: name type, then METADATA or constraint, then COMMENT */
function typedColumn(c: Cursor): ColumnDef {
  const start = c.start;
  const path = compoundName(c, 'the name of a column');
  return finishTyped(c, start, path, extendedDataType(c));
}

function finishTyped(c: Cursor, start: number, path: Name, dataType: DataType): ColumnDef {
  if (c.eat(T.METADATA)) {
    const from = c.eat(T.FROM) ? stringLiteral(c, "the metadata's key in single quotes") : undefined;
    const virtual = c.eat(T.VIRTUAL);
    const text = comment(c, true);
    return { ...columnDef(start, c.end, path, { type: 'metadata', dataType, from, virtual }), comment: text };
  }
  const constraint = isConstraint(c.kind) ? columnConstraint(c) : undefined;
  const text = comment(c, true);
  return { ...columnDef(start, c.end, path, { type: 'physical', dataType }), constraint, comment: text };
}

/** ComputedColumn: name AS expression */
function computedColumn(c: Cursor): ColumnDef {
  const start = c.start;
  const columnName = identifier(c);
  const path: Name = { kind: 'Name', start: columnName.start, end: columnName.end, parts: [columnName] };
  if (!c.is(T.AS)) {
    c.fail('a data type, or AS and an expression');
    return columnDef(start, c.end, path, { type: 'name' });
  }
  c.at++;
  const expr = parseExpression(c, Accept.NON_QUERY);
  const text = comment(c, true);
  return { ...columnDef(start, c.end, path, { type: 'computed', expr }), comment: text };
}

/** WATERMARK FOR column AS expression; only one a table. */
function watermark(c: Cursor, body: TableBody): void {
  const start = c.start;
  c.at++;
  c.expect(T.FOR);
  const column = compoundName(c, 'the name of a column');
  c.expect(T.AS);
  const expr = parseExpression(c, Accept.NON_QUERY);
  if (body.watermark) c.failRange(start, start + 9, 'syntax/watermark', 'A table has only one watermark.');
  else body.watermark = { kind: 'Watermark', start, end: c.end, column, expr };
}

function constraintName(c: Cursor): Identifier | undefined {
  return c.eat(T.CONSTRAINT) ? identifier(c, 'the name of the constraint') : undefined;
}

function uniqueSpec(c: Cursor): TableConstraint['type'] {
  if (c.eat(T.UNIQUE)) return 'UNIQUE';
  if (c.expect(T.PRIMARY, 'PRIMARY KEY or UNIQUE')) c.expect(T.KEY);
  return 'PRIMARY KEY';
}

function enforcement(c: Cursor): boolean | undefined {
  if (c.eat(T.ENFORCED)) return true;
  if (!c.eat(T.NOT)) return undefined;
  c.expect(T.ENFORCED);
  return false;
}

function columnConstraint(c: Cursor): TableConstraint {
  const start = c.start;
  const constraint = constraintName(c);
  const type = uniqueSpec(c);
  const enforced = enforcement(c);
  return { kind: 'TableConstraint', start, end: c.end, type, name: constraint, columns: none, enforced };
}

/** TableConstraint: [CONSTRAINT name] PRIMARY KEY (columns) [NOT ENFORCED] */
function tableConstraint(c: Cursor): TableConstraint {
  const start = c.start;
  const constraint = constraintName(c);
  const type = uniqueSpec(c);
  const columns = identifierList(c, 'the name of a column');
  const enforced = enforcement(c);
  return { kind: 'TableConstraint', start, end: c.end, type, name: constraint, columns, enforced };
}

/** TableColumnsOrIdentifiers in parentheses. True when it is only a list of names. */
function tableBody(c: Cursor, body: TableBody): boolean {
  c.at++;
  const columnAhead =
    c.version < V20 ||
    typedColumnAhead(c) ||
    (c.is(T.CONSTRAINT) && c.isIdent(c.peek(1))) ||
    c.are(T.PRIMARY, T.KEY) ||
    c.are(T.UNIQUE, T.lparen) ||
    (c.isIdent() && c.peek(1) === T.AS) ||
    c.are(T.WATERMARK, T.FOR);
  if (!columnAhead) {
    do {
      const start = c.start;
      const path = compoundName(c, 'the name of a column');
      if (c.error && path.parts[0]!.name === '') {
        tableColumn(c, body);
        skipTo(c, T.comma);
        continue;
      }
      body.columns.push(columnDef(start, c.end, path, { type: 'name' }));
      // half-typed: after an error, or before one, names may be columns with types
      if (!c.is(T.comma) && !c.is(T.rparen)) {
        c.fail("',' or ')'");
        skipTo(c, T.comma);
      }
    } while (c.eat(T.comma));
  } else {
    do {
      tableColumn(c, body);
      if (c.error) skipTo(c, T.comma);
    } while (c.eat(T.comma));
  }
  c.expect(T.rparen, "',' or ')'");
  return !columnAhead;
}

// ------------------------------------------------------------------------------------------------------- CREATE

/** SqlCreate; `start` is where CREATE stands, which is the next token. */
export function create(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  let orReplace = false;
  if (c.is(T.OR) && (c.version < V23 || c.peek(1) === T.REPLACE)) {
    c.at++;
    c.expect(T.REPLACE);
    orReplace = true;
  }
  const temporary = c.eat(T.TEMPORARY);
  switch (c.kind) {
    case T.CATALOG: {
      c.at++;
      const unless = ifNotExists(c);
      const catalog = identifier(c, 'the name of the catalog');
      const text = c.version >= V20 || c.is(T.COMMENT) ? comment(c, true) : undefined;
      const options = withProperties(c);
      return { kind: 'CreateCatalog', start, end: c.end, ifNotExists: unless, name: catalog, comment: text, options };
    }
    case T.OR:
    case T.MATERIALIZED:
      if (c.is(T.OR) && c.version < V23) break;
      return createMaterializedTable(c, start, orReplace, temporary);
    case T.TABLE:
      c.at++;
      return createTable(c, start, temporary, orReplace, false);
    case T.VIEW:
      return createView(c, start, temporary, orReplace);
    case T.DATABASE: {
      c.at++;
      const unless = ifNotExists(c);
      const database = compoundName(c, 'the name of the database');
      const text = comment(c);
      const options = withProperties(c);
      return { kind: 'CreateDatabase', start, end: c.end, ifNotExists: unless, name: database, comment: text, options };
    }
    case T.MODEL:
      return createModel(c, start, temporary);
    case T.SYSTEM:
      if (c.peek(1) === T.FUNCTION || c.version < V23) return createFunction(c, start, temporary);
      return createConnection(c, start, temporary);
    case T.FUNCTION:
      if (functionUnnamed(c)) break;
      return createFunction(c, start, temporary);
    case T.CONNECTION:
      if (c.version >= V23) return createConnection(c, start, temporary);
      break;
    default:
      break;
  }
  c.fail('TABLE, VIEW, CATALOG, DATABASE, FUNCTION, MODEL or MATERIALIZED TABLE');
  return { kind: 'InvalidStatement', start, end: c.end };
}

/** Since 2.3 FUNCTION is only taken with the token behind it, so that Flink reports FUNCTION itself. */
function functionUnnamed(c: Cursor): boolean {
  const next = c.peek(1);
  if (c.version < V23 || next === T.IF || c.isIdent(next)) return false;
  c.lookAhead(1);
  c.fail('FUNCTION with the name of the function');
  return true;
}

/** SqlCreateTable and SqlReplaceTable, from behind TABLE. */
export function createTable(
  c: Cursor,
  start: number,
  temporary: boolean,
  orReplace: boolean,
  replace: boolean,
): CreateTable {
  const unless = ifNotExists(c);
  const table = compoundName(c, 'the name of the table');
  const body = newBody();
  const open = c.start;
  const namesOnly = c.is(T.lparen) && tableBody(c, body);
  clauseRecovery(c);
  const text = comment(c);
  let distributed: Distribution | undefined;
  if (c.eat(T.DISTRIBUTED)) distributed = distribution(c);
  let partitionedBy: readonly Identifier[] = none;
  if (c.eat(T.PARTITIONED)) {
    c.expect(T.BY);
    partitionedBy = identifierList(c, 'the name of a column');
  }
  clauseRecovery(c);
  let options: readonly Property[] = none;
  let optionsRange: NodeBase | undefined;
  if (c.eat(T.WITH)) {
    const at = c.start;
    options = properties(c);
    optionsRange = { start: at, end: c.end };
  }
  clauseRecovery(c);
  let like: LikeClause | undefined;
  let asQuery: Query | undefined;
  if (replace) {
    c.expect(T.AS);
    asQuery = query(c);
  } else if (c.eat(T.LIKE)) like = likeClause(c);
  else if (c.eat(T.AS)) asQuery = query(c);
  if (namesOnly && !asQuery)
    c.failRange(open, c.end, 'syntax/column-types', 'Columns without types only go with AS SELECT.');
  return {
    kind: 'CreateTable',
    start,
    end: c.end,
    temporary,
    orReplace,
    replace,
    ifNotExists: unless,
    name: table,
    columns: body.columns,
    constraints: body.constraints,
    watermark: body.watermark,
    comment: text,
    distribution: distributed,
    partitionedBy,
    options,
    optionsRange,
    like,
    query: asQuery,
  };
}

/** After an error: to the next clause of CREATE TABLE on this level. */
function clauseRecovery(c: Cursor): void {
  if (!c.error) return;
  let level = 0;
  for (let i = c.at; i < c.tokens.count; i++) {
    const kind = c.kinds[i]!;
    if (kind === T.lparen) level++;
    else if (kind === T.rparen) level--;
    else if (level <= 0) {
      if (
        kind === T.WITH ||
        kind === T.COMMENT ||
        kind === T.PARTITIONED ||
        kind === T.DISTRIBUTED ||
        kind === T.AS ||
        kind === T.LIKE
      ) {
        c.at = i;
        return;
      }
    }
  }
}

function likeClause(c: Cursor): LikeClause {
  const start = c.start;
  const table = compoundName(c, 'the name of a table');
  const options: LikeOption[] = [];
  if (c.eat(T.lparen)) {
    do {
      const at = c.start;
      const merge = c.is(T.EXCLUDING) ? 'EXCLUDING' : c.is(T.OVERWRITING) ? 'OVERWRITING' : 'INCLUDING';
      if (c.is(T.EXCLUDING) || c.is(T.OVERWRITING) || c.is(T.INCLUDING)) c.at++;
      else {
        c.fail('INCLUDING, EXCLUDING or OVERWRITING');
        break;
      }
      const feature = describeKind(c.kind) as LikeOption['feature'];
      switch (c.kind) {
        case T.ALL:
        case T.CONSTRAINTS:
        case T.DISTRIBUTION:
        case T.GENERATED:
        case T.METADATA:
        case T.OPTIONS:
        case T.PARTITIONS:
        case T.WATERMARKS:
          c.at++;
          options.push({ kind: 'LikeOption', start: at, end: c.end, merge, feature });
          break;
        default:
          c.fail('ALL, CONSTRAINTS, DISTRIBUTION, GENERATED, METADATA, OPTIONS, PARTITIONS or WATERMARKS');
      }
    } while (!c.is(T.rparen) && c.error === undefined);
    c.recoverTo(T.rparen);
    c.expect(T.rparen);
  }
  return { kind: 'LikeClause', start, end: c.end, table, options };
}

function createView(c: Cursor, start: number, temporary: boolean, orReplace: boolean): Statement {
  c.at++;
  const unless = ifNotExists(c);
  const view = compoundName(c, 'the name of the view');
  const columns = c.is(T.lparen) ? identifierList(c, 'the name of a column').map(nameOnly) : none;
  const text = comment(c);
  c.recover(T.AS);
  c.expect(T.AS);
  const body = query(c);
  return {
    kind: 'CreateView',
    start,
    end: c.end,
    temporary,
    orReplace,
    ifNotExists: unless,
    name: view,
    columns,
    comment: text,
    query: body,
  };
}

function nameOnly(part: Identifier): ColumnDef {
  return columnDef(
    part.start,
    part.end,
    { kind: 'Name', start: part.start, end: part.end, parts: [part] },
    { type: 'name' },
  );
}

function createFunction(c: Cursor, start: number, temporary: boolean): Statement {
  const system = c.eat(T.SYSTEM);
  if (system && !temporary)
    c.failLast('syntax/system-function', 'A system function must be temporary: CREATE TEMPORARY SYSTEM FUNCTION.');
  c.expect(T.FUNCTION);
  const unless = ifNotExists(c);
  const part = system ? identifier(c, 'the name of the function') : undefined;
  const callee: Name = part
    ? { kind: 'Name', start: part.start, end: part.end, parts: [part] }
    : compoundName(c, 'the name of the function');
  c.expect(T.AS);
  const className = quotedString(c, 'the class of the function in single quotes');
  const at = c.at;
  const lang = language(c);
  const resources: StringLiteral[] = [];
  if (c.eat(T.USING)) {
    if (lang === 'SQL' || lang === 'PYTHON')
      c.failRange(
        c.starts[at + 1]!,
        c.ends[at + 1]!,
        'syntax/function-language',
        `USING does not go with LANGUAGE ${lang}.`,
      );
    do {
      if (!(c.version >= V23 && c.eat(T.ARTIFACT))) c.expect(T.JAR, c.version >= V23 ? 'JAR or ARTIFACT' : 'JAR');
      resources.push(quotedString(c, 'the path in single quotes'));
    } while (c.eat(T.comma));
  }
  const options = c.version >= V22 ? withProperties(c) : [];
  return {
    kind: 'CreateFunction',
    start,
    end: c.end,
    temporary,
    system,
    ifNotExists: unless,
    name: callee,
    className,
    language: lang,
    resources,
    options,
  };
}

function language(c: Cursor): string | undefined {
  if (!c.eat(T.LANGUAGE)) return undefined;
  if (c.is(T.JAVA) || c.is(T.SCALA) || c.is(T.SQL) || c.is(T.PYTHON)) {
    c.at++;
    return describeKind(c.kinds[c.at - 1]!);
  }
  c.fail('JAVA, SCALA, SQL or PYTHON');
  return undefined;
}

function createModel(c: Cursor, start: number, temporary: boolean): Statement {
  c.at++;
  const unless = ifNotExists(c);
  const model = compoundName(c, 'the name of the model');
  const input = newBody();
  const output = newBody();
  if (c.eat(T.INPUT)) modelColumns(c, input);
  if (c.eat(T.OUTPUT)) modelColumns(c, output);
  const text = comment(c);
  const options = withProperties(c);
  const asQuery = c.eat(T.AS) ? query(c) : undefined;
  return {
    kind: 'CreateModel',
    start,
    end: c.end,
    temporary,
    ifNotExists: unless,
    name: model,
    input: input.columns,
    output: output.columns,
    comment: text,
    options,
    query: asQuery,
  };
}

function modelColumns(c: Cursor, body: TableBody): void {
  c.expect(T.lparen);
  do {
    tableColumn(c, body);
    if (c.error) skipTo(c, T.comma);
  } while (c.eat(T.comma));
  c.expect(T.rparen, "',' or ')'");
}

function createConnection(c: Cursor, start: number, temporary: boolean): Statement {
  if (c.eat(T.SYSTEM) && !temporary)
    c.failLast(
      'syntax/system-connection',
      'A system connection must be temporary: CREATE TEMPORARY SYSTEM CONNECTION.',
    );
  c.expect(T.CONNECTION, 'CONNECTION or FUNCTION');
  const unless = ifNotExists(c);
  const connection = compoundName(c, 'the name of the connection');
  const text = comment(c);
  c.expect(T.WITH);
  const options = properties(c);
  return {
    kind: 'CreateConnection',
    start,
    end: c.end,
    temporary,
    ifNotExists: unless,
    name: connection,
    comment: text,
    options,
  };
}

function createMaterializedTable(
  c: Cursor,
  start: number,
  orReplace: boolean,
  temporary: boolean,
): CreateMaterializedTable {
  let orAlter = false;
  if (c.eat(T.OR)) {
    c.expect(T.ALTER, 'REPLACE or ALTER');
    orAlter = true;
  }
  c.expect(T.MATERIALIZED);
  if (temporary) c.failLast('syntax/temporary-materialized', 'A materialized table cannot be temporary.');
  if (orReplace) c.failLast('syntax/replace-materialized', 'OR REPLACE does not go with MATERIALIZED TABLE.');
  c.expect(T.TABLE);
  const table = compoundName(c, 'the name of the table');
  const body = newBody();
  if (c.is(T.lparen)) {
    if (c.version >= V23) tableBody(c, body);
    else {
      c.at++;
      body.constraints.push(tableConstraint(c));
      c.expect(T.rparen);
    }
  }
  clauseRecovery(c);
  const text = comment(c);
  let distributed: Distribution | undefined;
  if (c.version >= V22 && c.eat(T.DISTRIBUTED)) distributed = distribution(c);
  let partitionedBy: readonly Identifier[] = none;
  if (c.eat(T.PARTITIONED)) {
    c.expect(T.BY);
    partitionedBy = identifierList(c, 'the name of a column');
  }
  clauseRecovery(c);
  const options = withProperties(c);
  if (c.version >= V23 && c.eat(T.START_MODE)) startMode(c);
  let freshness: IntervalLiteral | undefined;
  if (c.version < V22 ? c.expect(T.FRESHNESS) : c.eat(T.FRESHNESS)) {
    c.expect(T.eq);
    freshness = intervalOnly(c, 'FRESHNESS');
  }
  const mode = c.eat(T.REFRESH_MODE) ? refreshMode(c) : undefined;
  c.recover(T.AS);
  c.expect(T.AS);
  const body2 = query(c);
  return {
    kind: 'CreateMaterializedTable',
    start,
    end: c.end,
    orAlter,
    ifNotExists: false,
    name: table,
    columns: body.columns,
    constraints: body.constraints,
    watermark: body.watermark,
    comment: text,
    distribution: distributed,
    partitionedBy,
    options,
    freshness,
    refreshMode: mode,
    query: body2,
  };
}

/** IntervalLiteralOrError */
function intervalOnly(c: Cursor, what: string): IntervalLiteral | undefined {
  const value = parseExpression(c, Accept.NON_QUERY);
  if (value.kind === 'IntervalLiteral' && value.value.kind === 'StringLiteral') return value;
  c.failLast('syntax/interval-needed', `${what} takes an interval: INTERVAL '1' HOUR.`);
  return undefined;
}

function refreshMode(c: Cursor): string | undefined {
  c.expect(T.eq);
  if (c.is(T.FULL) || c.is(T.CONTINUOUS)) {
    c.at++;
    return describeKind(c.kinds[c.at - 1]!);
  }
  c.fail('FULL or CONTINUOUS');
  return undefined;
}

function startMode(c: Cursor): void {
  c.expect(T.eq);
  switch (c.kind) {
    case T.FROM_BEGINNING:
    case T.RESUME_OR_FROM_BEGINNING:
      c.at++;
      return;
    case T.FROM_NOW:
    case T.RESUME_OR_FROM_NOW:
      c.at++;
      if (!c.eat(T.lparen)) return;
      intervalOnly(c, 'START_MODE');
      c.expect(T.rparen);
      return;
    case T.FROM_TIMESTAMP:
    case T.RESUME_OR_FROM_TIMESTAMP:
      c.at++;
      c.expect(T.lparen);
      timestampLiteral(c);
      c.expect(T.rparen);
      return;
    default:
      c.fail('FROM_BEGINNING, FROM_NOW, FROM_TIMESTAMP or RESUME_OR_…');
  }
}

// --------------------------------------------------------------------------------------------------------- DROP

/** SqlDrop. DROP is the next token. */
export function drop(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  const temporary = c.eat(T.TEMPORARY);
  let system = false;
  if (c.is(T.SYSTEM)) {
    c.at++;
    system = true;
    if (c.version >= V23 && !c.is(T.FUNCTION)) {
      if (!temporary)
        c.failLast('syntax/system-connection', 'A system connection is temporary: DROP TEMPORARY SYSTEM CONNECTION.');
      if (!c.is(T.CONNECTION)) c.fail('FUNCTION or CONNECTION');
    } else if (!c.is(T.FUNCTION)) c.fail('FUNCTION');
  }
  const kind = c.kind;
  switch (kind) {
    case T.CATALOG:
    case T.TABLE:
    case T.VIEW:
    case T.DATABASE:
    case T.FUNCTION:
    case T.MODEL:
    case T.CONNECTION:
    case T.MATERIALIZED: {
      if (kind === T.CONNECTION && c.version < V23) break;
      if (kind === T.FUNCTION && !system && functionUnnamed(c)) break;
      c.at++;
      let object = describeKind(kind) as 'TABLE';
      if (kind === T.MATERIALIZED) {
        if (temporary) c.failLast('syntax/temporary-materialized', 'A materialized table cannot be temporary.');
        c.expect(T.TABLE);
        object = 'MATERIALIZED TABLE' as 'TABLE';
      }
      const when = ifExists(c);
      const target = compoundName(c, `the name of the ${object.toLowerCase()}`);
      let cascade: boolean | undefined;
      if (kind === T.DATABASE && (c.is(T.RESTRICT) || c.is(T.CASCADE))) {
        cascade = c.is(T.CASCADE);
        c.at++;
      }
      return {
        kind: 'DropObject',
        start,
        end: c.end,
        object,
        temporary,
        system,
        ifExists: when,
        name: target,
        cascade,
      };
    }
    default:
      break;
  }
  c.fail('TABLE, VIEW, CATALOG, DATABASE, FUNCTION, MODEL or MATERIALIZED TABLE');
  return { kind: 'InvalidStatement', start, end: c.end };
}

// -------------------------------------------------------------------------------------------------------- ALTER

type MutableAlter = { -readonly [K in keyof AlterTable]: AlterTable[K] };
type MutableAlterObject = { -readonly [K in keyof AlterObject]: AlterObject[K] };

/** True when ALTER and the token behind it begin one of Flink's own productions; otherwise only ALTER SYSTEM remains. */
export function alterAhead(c: Cursor): boolean {
  switch (c.peek(1)) {
    case T.CATALOG:
    case T.DATABASE:
    case T.TABLE:
    case T.VIEW:
    case T.FUNCTION:
    case T.TEMPORARY:
    case T.MODEL:
    case T.MATERIALIZED:
      return true;
    case T.CONNECTION:
      return c.version >= V23;
    default:
      return false;
  }
}

/** ALTER …; ALTER is the next token. */
export function alter(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  switch (c.kind) {
    case T.TABLE:
      c.at++;
      return alterTable(c, start);
    case T.MATERIALIZED:
      c.at++;
      return alterMaterializedTable(c, start);
    default:
      return alterObject(c, start);
  }
}

function alterObject(c: Cursor, start: number): AlterObject {
  let temporary = false;
  let system = false;
  if (c.eat(T.TEMPORARY)) {
    temporary = true;
    system = c.eat(T.SYSTEM);
    if (!c.is(T.FUNCTION)) c.fail(system ? 'FUNCTION' : 'FUNCTION or SYSTEM FUNCTION');
  }
  const kind = c.kind;
  const object = describeKind(kind) as AlterObject['object'];
  if (!c.error || kind === T.FUNCTION) c.at++;
  const when = kind === T.FUNCTION || kind === T.MODEL || kind === T.CONNECTION ? ifExists(c) : false;
  const what = `the name of the ${object.toLowerCase()}`;
  const part = kind === T.CATALOG ? identifier(c, what) : undefined;
  const target: Name = part ? { kind: 'Name', start: part.start, end: part.end, parts: [part] } : compoundName(c, what);
  const made: MutableAlterObject = {
    kind: 'AlterObject',
    start,
    end: c.end,
    object,
    temporary,
    system,
    ifExists: when,
    name: target,
    action: '',
    newName: undefined,
    options: none,
    keys: none,
    comment: undefined,
    query: undefined,
    className: undefined,
    language: undefined,
  };
  switch (kind) {
    case T.CATALOG:
      if (set(c, made)) break;
      if (c.version >= V20 || c.is(T.COMMENT)) {
        if (c.is(T.COMMENT)) {
          made.action = 'COMMENT';
          made.comment = comment(c, true);
          break;
        }
      }
      c.fail('SET, RESET or COMMENT');
      break;
    case T.DATABASE:
      c.expect(T.SET);
      made.action = 'SET';
      made.options = properties(c);
      break;
    case T.VIEW:
      if (rename(c, made)) break;
      if (c.eat(T.AS)) {
        made.action = 'AS';
        made.query = query(c);
      } else c.fail('RENAME TO or AS');
      break;
    case T.FUNCTION:
      c.expect(T.AS);
      made.action = 'AS';
      made.className = quotedString(c, 'the class of the function in single quotes');
      made.language = language(c);
      break;
    default:
      if (rename(c, made)) break;
      if (kind === T.MODEL && c.version < V21 ? setOnly(c, made) : set(c, made)) break;
      c.fail('RENAME TO, SET or RESET');
  }
  made.end = c.end;
  return made;
}

function rename(c: Cursor, made: MutableAlterObject): boolean {
  if (!c.is(T.RENAME)) return false;
  if (made.object !== 'VIEW' && c.peek(1) !== T.TO) return false;
  c.at++;
  c.expect(T.TO);
  made.action = 'RENAME';
  made.newName = compoundName(c, 'the new name');
  return true;
}

function setOnly(c: Cursor, made: MutableAlterObject): boolean {
  if (!c.eat(T.SET)) return false;
  made.action = 'SET';
  made.options = properties(c);
  return true;
}

function set(c: Cursor, made: MutableAlterObject): boolean {
  if (setOnly(c, made)) return true;
  if (!c.eat(T.RESET)) return false;
  made.action = 'RESET';
  made.keys = propertyKeys(c);
  return true;
}

function newAlter(start: number, materialized: boolean, when: boolean, table: Name): MutableAlter {
  return {
    kind: 'AlterTable',
    start,
    end: table.end,
    materialized,
    ifExists: when,
    name: table,
    action: '',
    newName: undefined,
    columns: none,
    constraints: none,
    watermark: undefined,
    distribution: undefined,
    options: none,
    names: none,
    keys: none,
    partitions: none,
    query: undefined,
  };
}

function alterTable(c: Cursor, start: number): AlterTable {
  const when = ifExists(c);
  const table = compoundName(c, 'the name of the table');
  const made = newAlter(start, false, when, table);
  switch (c.kind) {
    case T.RENAME:
      c.at++;
      if (c.eat(T.TO)) {
        made.action = 'RENAME';
        made.newName = compoundName(c, 'the new name');
      } else {
        made.action = 'RENAME COLUMN';
        const from = compoundName(c, 'TO, or the name of a column');
        c.expect(T.TO);
        made.names = [from, compoundName(c, 'the new name of the column')];
      }
      break;
    case T.RESET:
      c.at++;
      made.action = 'RESET';
      made.keys = propertyKeys(c);
      break;
    case T.SET:
      c.at++;
      made.action = 'SET';
      made.options = properties(c);
      break;
    case T.ADD:
      c.at++;
      if (c.is(T.PARTITION) || c.are(T.IF, T.NOT)) addPartitions(c, made);
      else addOrModify(c, made, 'ADD');
      break;
    case T.MODIFY:
      c.at++;
      addOrModify(c, made, 'MODIFY');
      break;
    case T.DROP:
      c.at++;
      if (c.is(T.PARTITION) || c.are(T.IF, T.EXISTS)) dropPartitions(c, made);
      else dropPart(c, made);
      break;
    case T.PARTITION:
    case T.COMPACT:
      if (c.version < V20) {
        if (c.eat(T.PARTITION)) made.partitions = [partitionSpec(c)];
        c.expect(T.COMPACT);
        made.action = 'COMPACT';
        break;
      }
      c.fail('ADD, MODIFY, DROP, RENAME, SET or RESET');
      break;
    default:
      c.fail('ADD, MODIFY, DROP, RENAME, SET or RESET');
  }
  made.end = c.end;
  return made;
}

function addPartitions(c: Cursor, made: MutableAlter): void {
  made.action = 'ADD PARTITION';
  ifNotExists(c);
  const partitions: PartitionSpec[] = [];
  const options: Property[] = [];
  c.expect(T.PARTITION);
  do {
    partitions.push(partitionSpec(c));
    options.push(...withProperties(c));
  } while (c.eat(T.PARTITION));
  made.partitions = partitions;
  made.options = options;
}

function dropPartitions(c: Cursor, made: MutableAlter): void {
  made.action = 'DROP PARTITION';
  ifExists(c);
  const partitions: PartitionSpec[] = [];
  do {
    c.expect(T.PARTITION);
    partitions.push(partitionSpec(c));
  } while (c.eat(T.comma));
  made.partitions = partitions;
}

function addOrModify(c: Cursor, made: MutableAlter, action: 'ADD' | 'MODIFY'): void {
  made.action = action;
  const body = newBody();
  if (c.eat(T.DISTRIBUTION)) {
    made.action = `${action} DISTRIBUTION`;
    made.distribution = distribution(c);
  } else if (c.eat(T.lparen)) {
    do {
      addOrModifyOne(c, made, body);
      if (c.error) skipTo(c, T.comma);
    } while (c.eat(T.comma));
    c.expect(T.rparen, "',' or ')'");
  } else addOrModifyOne(c, made, body);
  made.columns = body.columns;
  made.constraints = body.constraints;
  made.watermark = body.watermark;
}

/** AlterTableAddOrModify */
function addOrModifyOne(c: Cursor, made: MutableAlter, body: TableBody): void {
  if (c.is(T.DISTRIBUTION) && c.version < V23) {
    c.at++;
    made.distribution = distribution(c);
    return;
  }
  const before = body.columns.length;
  tableColumn(c, body);
  if (body.columns.length === before) return;
  const column = body.columns[before]!;
  if (c.eat(T.FIRST)) body.columns[before] = { ...column, position: 'FIRST', end: c.end };
  else if (c.eat(T.AFTER)) {
    const after = compoundName(c, 'the name of a column');
    body.columns[before] = { ...column, position: after.parts[after.parts.length - 1]!, end: c.end };
  }
}

function dropPart(c: Cursor, made: MutableAlter): void {
  if (c.eat(T.lparen)) {
    made.action = 'DROP COLUMN';
    const names: Name[] = [];
    do {
      const column = compoundName(c, 'the name of a column');
      names.push(column);
      extendNotAllowed(c);
    } while (c.eat(T.comma));
    c.expect(T.rparen, "',' or ')'");
    made.names = names;
  } else if (c.is(T.PRIMARY) && !c.isIdent()) {
    c.at++;
    c.expect(T.KEY);
    made.action = 'DROP PRIMARY KEY';
  } else if (c.is(T.CONSTRAINT) && !c.isIdent()) {
    c.at++;
    made.action = 'DROP CONSTRAINT';
    const part = identifier(c, 'the name of the constraint');
    made.names = [{ kind: 'Name', start: part.start, end: part.end, parts: [part] }];
  } else if (c.is(T.WATERMARK) && !c.isIdent()) {
    c.at++;
    made.action = 'DROP WATERMARK';
  } else if (c.is(T.DISTRIBUTION) && !c.isIdent()) {
    c.at++;
    made.action = 'DROP DISTRIBUTION';
  } else {
    made.action = 'DROP COLUMN';
    made.names = [compoundName(c, 'a column, PRIMARY KEY, CONSTRAINT, WATERMARK, DISTRIBUTION or PARTITION')];
  }
}

/** AddCompoundIdentifierType takes a type behind a name only to refuse it, at the type. */
export function extendNotAllowed(c: Cursor): void {
  if (c.is(T.comma) || c.is(T.rparen) || !beginsType(c)) return;
  const type = notNullDataType(c);
  c.lookAhead(0);
  c.failRange(type.start, type.end, 'syntax/extend', 'Only names may stand here, no types.');
}

function alterMaterializedTable(c: Cursor, start: number): AlterTable {
  c.expect(T.TABLE);
  const table = compoundName(c, 'the name of the table');
  const made = newAlter(start, true, false, table);
  switch (c.kind) {
    case T.SUSPEND:
      c.at++;
      made.action = 'SUSPEND';
      break;
    case T.RESUME:
      c.at++;
      made.action = 'RESUME';
      made.options = withProperties(c);
      break;
    case T.REFRESH:
      c.at++;
      made.action = 'REFRESH';
      if (c.eat(T.PARTITION)) made.partitions = [partitionSpec(c)];
      break;
    case T.SET:
      c.at++;
      if (c.eat(T.FRESHNESS)) {
        made.action = 'SET FRESHNESS';
        c.expect(T.eq);
        intervalOnly(c, 'FRESHNESS');
      } else if (c.eat(T.REFRESH_MODE)) {
        made.action = 'SET REFRESH_MODE';
        refreshMode(c);
      } else {
        made.action = 'SET';
        if (!c.is(T.lparen)) c.fail("FRESHNESS, REFRESH_MODE or '('");
        made.options = properties(c);
      }
      break;
    case T.RESET:
      c.at++;
      made.action = 'RESET';
      made.keys = propertyKeys(c);
      break;
    case T.AS:
      if (c.version < V20) return failMaterialized(c, made);
      c.at++;
      made.action = 'AS';
      made.query = query(c);
      break;
    case T.ADD:
    case T.MODIFY: {
      if (c.version < V22) return failMaterialized(c, made);
      const action = c.is(T.ADD) ? 'ADD' : 'MODIFY';
      c.at++;
      if (c.version < V23) {
        c.expect(T.DISTRIBUTION);
        made.action = `${action} DISTRIBUTION`;
        made.distribution = distribution(c);
      } else addOrModify(c, made, action);
      break;
    }
    case T.DROP:
      if (c.version < V22) return failMaterialized(c, made);
      c.at++;
      if (c.version < V23) {
        c.expect(T.DISTRIBUTION);
        made.action = 'DROP DISTRIBUTION';
      } else dropPart(c, made);
      break;
    default:
      return failMaterialized(c, made);
  }
  made.end = c.end;
  return made;
}

function failMaterialized(c: Cursor, made: MutableAlter): AlterTable {
  c.fail('SUSPEND, RESUME, REFRESH, SET, RESET, AS, ADD, MODIFY or DROP');
  made.end = c.end;
  return made;
}
