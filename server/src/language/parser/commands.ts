import { T } from '../../knowledge/keywords';
import type {
  Command,
  Expression,
  Identifier,
  Insert,
  InvalidStatement,
  Name,
  Property,
  Statement,
  StringLiteral,
} from '../ast';
import { type Cursor, compoundName, describeKind, identifier, quotedString } from './cursor';
import { extendedPartitionSpec, partitionSpec, properties } from './ddl';
import { insert } from './dml';
import { V20, V22, V23 } from './grammar';
import { stringLiteral } from './literals';

const none: readonly never[] = [];

type Named = Command['names'][number];

/** A statement of which only the words and names matter. */
export function command(
  c: Cursor,
  start: number,
  verb: string,
  names: readonly Named[] = none,
  options: readonly Property[] = none,
  exprs: readonly Expression[] = none,
): Command {
  return { kind: 'Command', start, end: c.end, verb, names, exprs, options };
}

function nameOf(part: Identifier): Name {
  return { kind: 'Name', start: part.start, end: part.end, parts: [part] };
}

const compound = (c: Cursor, object: string): Named => ({ object, name: compoundName(c, `the name of the ${object}`) });
const simple = (c: Cursor, object: string): Named => ({
  object,
  name: nameOf(identifier(c, `the name of the ${object}`)),
});

// --------------------------------------------------------------------------------------------------------- SHOW

/** True when SHOW and the token behind it begin a production. */
export function showAhead(c: Cursor): boolean {
  switch (c.peek(1)) {
    case T.CATALOGS:
    case T.CURRENT:
    case T.DATABASES:
    case T.FUNCTIONS:
    case T.USER:
    case T.MODELS:
    case T.TABLES:
    case T.VIEWS:
    case T.COLUMNS:
    case T.CREATE:
    case T.FULL:
    case T.MODULES:
    case T.PARTITIONS:
    case T.PROCEDURES:
    case T.JARS:
    case T.JOBS:
      return true;
    case T.MATERIALIZED:
      return c.version >= V22;
    case T.CONNECTIONS:
      return c.version >= V23;
    default:
      return false;
  }
}

/** All forms of SHOW; SHOW is the next token and `showAhead` holds. */
export function show(c: Cursor): Command {
  const start = c.start;
  c.at++;
  const kind = c.kind;
  c.at++;
  let verb = `SHOW ${describeKind(kind)}`;
  switch (kind) {
    case T.CATALOGS:
      if (c.version < V20) return command(c, start, verb);
      like(c, true);
      return command(c, start, verb);
    case T.CURRENT:
      if (!c.is(T.CATALOG) && !c.is(T.DATABASE)) {
        c.fail('CATALOG or DATABASE');
        return command(c, start, verb);
      }
      verb += ` ${describeKind(c.kind)}`;
      c.at++;
      return command(c, start, verb);
    case T.DATABASES: {
      const made = listing(c, start, verb, 'catalog', true);
      const catalog = made.names[0]?.name;
      if (catalog && (catalog.parts.length > 1 || catalog.end > catalog.parts[0]!.end))
        c.failRange(catalog.start, catalog.end, 'syntax/catalog-name', 'The name of a catalog has one part.');
      return made;
    }
    case T.USER:
      c.expect(T.FUNCTIONS);
      return listing(c, start, 'SHOW USER FUNCTIONS', 'database', true);
    case T.FUNCTIONS:
    case T.PROCEDURES:
      return listing(c, start, verb, 'database', true);
    case T.MODELS:
    case T.CONNECTIONS:
    case T.TABLES:
      return listing(c, start, verb, 'database', false);
    case T.MATERIALIZED:
      c.expect(T.TABLES);
      return listing(c, start, 'SHOW MATERIALIZED TABLES', 'database', false);
    case T.VIEWS:
      if (c.version < V20) return command(c, start, verb);
      return listing(c, start, verb, 'database', false);
    case T.COLUMNS: {
      if (!c.is(T.FROM) && !c.is(T.IN)) c.fail('FROM or IN and the name of a table');
      else c.at++;
      const names = [compound(c, 'table')];
      like(c, false);
      return command(c, start, verb, names);
    }
    case T.CREATE:
      return showCreate(c, start);
    case T.FULL:
      c.expect(T.MODULES);
      return command(c, start, 'SHOW FULL MODULES');
    case T.PARTITIONS: {
      const names = [compound(c, 'table')];
      if (c.eat(T.PARTITION)) partitionSpec(c);
      return command(c, start, verb, names);
    }
    default:
      return command(c, start, verb);
  }
}

/** [(FROM | IN) name] [[NOT] (LIKE | ILIKE) 'pattern'] */
function listing(c: Cursor, start: number, verb: string, object: string, ilike: boolean): Command {
  const names: Named[] = [];
  if (c.eat(T.FROM) || c.eat(T.IN)) names.push(compound(c, object));
  like(c, ilike);
  return command(c, start, verb, names);
}

function like(c: Cursor, ilike: boolean): void {
  const negated = c.eat(T.NOT);
  if (!c.eat(T.LIKE) && !(ilike && c.eat(T.ILIKE))) {
    if (negated) c.fail(ilike ? 'LIKE or ILIKE' : 'LIKE');
    return;
  }
  quotedString(c, 'the pattern in single quotes');
}

function showCreate(c: Cursor, start: number): Command {
  const kind = c.kind;
  switch (kind) {
    case T.TABLE:
    case T.VIEW:
      c.at++;
      return command(c, start, `SHOW CREATE ${describeKind(kind)}`, [compound(c, describeKind(kind).toLowerCase())]);
    case T.CATALOG:
      c.at++;
      return command(c, start, 'SHOW CREATE CATALOG', [simple(c, 'catalog')]);
    case T.MODEL:
      c.at++;
      return command(c, start, 'SHOW CREATE MODEL', [compound(c, 'model')]);
    case T.CONNECTION:
      if (c.version < V23) break;
      c.at++;
      return command(c, start, 'SHOW CREATE CONNECTION', [compound(c, 'connection')]);
    case T.OR:
    case T.MATERIALIZED:
      if (c.version < (kind === T.OR ? V23 : V22)) break;
      if (c.eat(T.OR)) c.expect(T.ALTER);
      c.expect(T.MATERIALIZED);
      c.expect(T.TABLE);
      return command(c, start, 'SHOW CREATE MATERIALIZED TABLE', [compound(c, 'table')]);
    default:
      break;
  }
  c.fail('TABLE, VIEW, CATALOG, MODEL or MATERIALIZED TABLE');
  return command(c, start, 'SHOW CREATE');
}

// ----------------------------------------------------------------------------------------------------- DESCRIBE

/** True when DESCRIBE or DESC and the token behind it begin one of Flink's own productions. */
export function describeAhead(c: Cursor): boolean {
  const next = c.peek(1);
  if (next === T.CATALOG || next === T.DATABASE || next === T.EXTENDED || c.isIdent(next)) return true;
  if (next === T.FUNCTION) return c.version >= V20;
  if (next === T.MODEL) return true;
  if (next === T.CONNECTION) return c.version >= V23;
  return next === T.JOB;
}

/** DESCRIBE and DESC of everything. */
export function describe(c: Cursor): Command {
  const start = c.start;
  c.at++;
  const kind = c.kind;
  const behind = c.peek(1);
  // The productions stand in this order, and each asks for two tokens: CATALOG, DATABASE, JOB, FUNCTION, MODEL, …
  switch (kind) {
    case T.CATALOG:
      c.at++;
      c.eat(T.EXTENDED);
      return command(c, start, 'DESCRIBE CATALOG', [simple(c, 'catalog')]);
    case T.DATABASE:
      c.at++;
      c.eat(T.EXTENDED);
      return command(c, start, 'DESCRIBE DATABASE', [compound(c, 'database')]);
    case T.JOB:
      c.at++;
      quotedString(c, "the job's id in single quotes");
      return command(c, start, 'DESCRIBE JOB');
    case T.FUNCTION:
      if (c.version < V20) break;
      c.at++;
      c.eat(T.EXTENDED);
      return command(c, start, 'DESCRIBE FUNCTION', [compound(c, 'function')]);
    case T.MODEL:
      c.at++;
      c.eat(T.EXTENDED);
      return command(c, start, 'DESCRIBE MODEL', [compound(c, 'model')]);
    case T.CONNECTION:
      if (c.version < V23) break;
      c.at++;
      c.eat(T.EXTENDED);
      return command(c, start, 'DESCRIBE CONNECTION', [compound(c, 'connection')]);
    default:
      break;
  }
  if (c.is(T.EXTENDED) && (!c.isIdent() || behind !== T.EOF)) c.at++;
  return command(c, start, 'DESCRIBE', [compound(c, 'table')]);
}

// ---------------------------------------------------------------------------------------------------------- USE

export function useAhead(c: Cursor): boolean {
  const next = c.peek(1);
  return next === T.CATALOG || next === T.MODULES || c.isIdent(next);
}

export function use(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  if (c.eat(T.CATALOG)) {
    const catalog = identifier(c, 'the name of the catalog');
    return { kind: 'Use', start, end: c.end, object: 'CATALOG', names: [nameOf(catalog)] };
  }
  if (!c.isIdent()) {
    c.expect(T.MODULES);
    const names = [nameOf(identifier(c, 'the name of a module'))];
    while (c.eat(T.comma)) names.push(nameOf(identifier(c, 'the name of a module')));
    return { kind: 'Use', start, end: c.end, object: 'MODULES', names };
  }
  const database = compoundName(c, 'the name of the database');
  return { kind: 'Use', start, end: c.end, object: 'DATABASE', names: [database] };
}

// ----------------------------------------------------------------------------------------- SET, RESET, jars, jobs

/** SET 'key' = 'value', as the grammar has it; the SQL client's own forms are read before. */
export function set(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  let key: StringLiteral | undefined;
  let value: StringLiteral | undefined;
  if (!c.is(T.EOF) && !c.is(T.semicolon)) {
    key = stringLiteral(c, "the option in single quotes: SET 'key' = 'value'");
    c.expect(T.eq);
    value = stringLiteral(c, "the option's value in single quotes");
  }
  return { kind: 'SetOption', start, end: c.end, key, value };
}

export function reset(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  const key = !c.is(T.EOF) && !c.is(T.semicolon) ? stringLiteral(c, "the option's key in single quotes") : undefined;
  return { kind: 'ResetOption', start, end: c.end, key };
}

/** ADD JAR, REMOVE JAR, LOAD MODULE, UNLOAD MODULE, TRUNCATE TABLE, ANALYZE TABLE, STOP JOB; undefined for others. */
export function twoWordCommand(c: Cursor): Command | undefined {
  const start = c.start;
  const next = c.peek(1);
  switch (c.kind) {
    case T.ADD:
    case T.REMOVE: {
      if (next !== T.JAR) return undefined;
      const verb = `${describeKind(c.kind)} JAR`;
      c.at += 2;
      quotedString(c, 'the path of the jar in single quotes');
      return command(c, start, verb);
    }
    case T.LOAD: {
      if (next !== T.MODULE) return undefined;
      c.at += 2;
      const names = [simple(c, 'module')];
      const options = c.eat(T.WITH) ? properties(c) : none;
      return command(c, start, 'LOAD MODULE', names, options);
    }
    case T.UNLOAD:
      if (next !== T.MODULE) return undefined;
      c.at += 2;
      return command(c, start, 'UNLOAD MODULE', [simple(c, 'module')]);
    case T.TRUNCATE:
      if (next !== T.TABLE) return undefined;
      c.at += 2;
      return command(c, start, 'TRUNCATE TABLE', [compound(c, 'table')]);
    case T.ANALYZE:
      if (next !== T.TABLE) return undefined;
      return analyze(c, start);
    case T.STOP:
      if (next !== T.JOB) return undefined;
      return stopJob(c, start);
    default:
      return undefined;
  }
}

function analyze(c: Cursor, start: number): Command {
  c.at += 2;
  const names: Named[] = [compound(c, 'table')];
  if (c.eat(T.PARTITION)) extendedPartitionSpec(c);
  c.expect(T.COMPUTE, 'PARTITION or COMPUTE STATISTICS');
  c.expect(T.STATISTICS);
  if (c.eat(T.FOR)) {
    if (c.eat(T.ALL)) c.expect(T.COLUMNS);
    else if (c.expect(T.COLUMNS, 'COLUMNS or ALL COLUMNS')) {
      do names.push(simple(c, 'column'));
      while (c.eat(T.comma));
    }
  }
  return command(c, start, 'ANALYZE TABLE', names);
}

function stopJob(c: Cursor, start: number): Command {
  c.at += 2;
  quotedString(c, "the job's id in single quotes");
  let savepoint = false;
  if (c.are(T.WITH, T.SAVEPOINT)) {
    c.at += 2;
    savepoint = true;
  }
  if (c.are(T.WITH, T.DRAIN)) {
    const at = c.start;
    c.at += 2;
    if (!savepoint) c.failRange(at, c.end, 'syntax/drain', 'WITH DRAIN only goes with WITH SAVEPOINT before it.');
  }
  return command(c, start, 'STOP JOB');
}

// ------------------------------------------------------------------------------------ statement sets and plans

/** SqlStatementSet: STATEMENT SET BEGIN insert; insert; … END */
export function statementSet(c: Cursor, start: number): Statement {
  c.expect(T.STATEMENT);
  c.expect(T.SET);
  c.expect(T.BEGIN);
  const statements: (Insert | InvalidStatement)[] = [];
  do {
    const from = c.start;
    if (c.is(T.INSERT) || c.is(T.UPSERT)) statements.push(insert(c, false));
    else {
      c.fail('INSERT INTO … inside the statement set');
      statements.push({ kind: 'InvalidStatement', start: from, end: c.end });
    }
    if (c.error) skipStatement(c);
    if (c.error && !c.is(T.semicolon)) break;
    c.expect(T.semicolon, "';' after the INSERT");
  } while (!c.is(T.END) && !c.is(T.EOF) && (!c.error || c.is(T.INSERT)));
  c.expect(T.END, 'another INSERT, or END');
  return { kind: 'StatementSet', start, end: c.end, statements };
}

/** After an error inside a statement set: to the end of this statement. */
function skipStatement(c: Cursor): void {
  while (c.at < c.tokens.count && !c.is(T.semicolon) && !(c.is(T.END) && c.peek(1) === T.EOF)) c.at++;
}

/** A statement set or an INSERT, as COMPILE PLAN takes. */
function setOrInsert(c: Cursor): Statement {
  if (c.is(T.STATEMENT)) return statementSet(c, c.start);
  if (c.is(T.INSERT) || c.is(T.UPSERT)) return insert(c, false);
  c.fail('STATEMENT SET or INSERT');
  return { kind: 'InvalidStatement', start: c.end, end: c.end };
}

/** COMPILE PLAN '…' FOR …, COMPILE AND EXECUTE PLAN '…' FOR … */
export function compile(c: Cursor): Statement {
  const start = c.start;
  c.at++;
  const execute = c.eat(T.AND);
  if (execute) c.expect(T.EXECUTE);
  c.expect(T.PLAN);
  stringLiteral(c, 'the path of the plan in single quotes');
  if (!execute && c.are(T.IF, T.NOT) && c.peek(2) === T.EXISTS) c.at += 3;
  c.expect(T.FOR);
  const statement = setOrInsert(c);
  const verb = execute ? 'COMPILE AND EXECUTE PLAN' : 'COMPILE PLAN';
  return { kind: 'Wrapping', start, end: c.end, verb, statement };
}

/** EXECUTE PLAN '…' */
export function executePlan(c: Cursor): Command {
  const start = c.start;
  c.at += 2;
  stringLiteral(c, 'the path of the plan in single quotes');
  return command(c, start, 'EXECUTE PLAN');
}
