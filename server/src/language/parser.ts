import { KEYWORD_VERSIONS, T } from '../knowledge/keywords';
import type { Statement } from './ast';
import { clientCommand } from './clientCommands';
import { plainStrings, readAsHive } from './hive';
import { hiveDialect } from './hiveDialect';
import { versionBit } from './lexer';
import { Cursor } from './parser/cursor';
import { explainError } from './parser/messages';
import { statement } from './parser/statement';
import { fillPlaceholders } from './parser/variables';
import type { Problem } from './problem';
import type { ParsedStatement, ParseOptions, PlacedStatement, Script } from './script';
import { nextRegion } from './splitter';
import { repairRanges } from './tree';

const cursor = new Cursor();
const noProblems: readonly Problem[] = [];

/**
 * Parses one statement (no semicolon at its end). Never throws: whatever the text is, there is a tree, and at most one
 * problem, where Flink's own parser would stop. In Hive's dialect the problem says no more than that the statement cannot be
 * read, and names are in lower case, as Hive's catalog keeps them.
 */
export function parseStatement(
  text: string,
  options: ParseOptions,
  dialect: 'flink' | 'hive' = 'flink',
): ParsedStatement {
  const command = clientCommand(text);
  if (command) return { text, root: command, problems: noProblems };
  try {
    return parse(cursor, text, options, dialect);
  } catch (error) {
    // The stack left over by our caller is not ours to know; nothing else can be thrown.
    if (!(error instanceof RangeError)) throw error;
    const message = 'This is nested too deeply to be read.';
    const problem: Problem = {
      code: 'syntax/depth',
      severity: 'error',
      origin: 'syntax',
      message,
      start: 0,
      end: text.length,
    };
    return { text, root: { kind: 'InvalidStatement', start: 0, end: text.length }, problems: [problem] };
  }
}

function parse(c: Cursor, text: string, options: ParseOptions, dialect: 'flink' | 'hive'): ParsedStatement {
  const written = dialect === 'hive' ? plainStrings(text) : text;
  c.begin(written, versionBit(options.flinkVersion), options.templates);
  if (options.templates && options.variables) fillPlaceholders(c, options.variables);
  if (dialect === 'hive') readAsHive(c, text);
  const root = statements(c);
  const error = c.error;
  if (error || dialect === 'hive') repairRanges(root);
  if (!error || error.code === '') return { text, root, problems: noProblems };
  const problem = explainError(c, error);
  if (dialect === 'hive') return { text, root, problems: [problem] };
  const since = sinceVersion(c, text, options);
  if (since === undefined) return { text, root, problems: [problem] };
  const { start, end } = problem;
  const message = `This needs Flink ${since} or newer; the version chosen here is ${options.flinkVersion}.`;
  return { text, root, problems: [{ code: 'syntax/since', severity: 'error', origin: 'syntax', message, start, end }] };
}

/** The first newer version of Flink that takes a statement, if there is one. */
function sinceVersion(c: Cursor, text: string, options: ParseOptions): string | undefined {
  // Only what a version brought can be missing: a text so long is not parsed several times over
  if (text.length > 100_000) return undefined;
  for (let bit = versionBit(options.flinkVersion) + 1; bit < KEYWORD_VERSIONS.length; bit++) {
    c.begin(text, bit, options.templates);
    statements(c);
    if (!c.error) return KEYWORD_VERSIONS[bit];
  }
  return undefined;
}

/** SqlStmtList: one statement, and what a semicolon inside a broken statement set leaves over. */
function statements(c: Cursor): Statement {
  if (c.tokens.count === 0 && c.tokens.errorAt < 0) return { kind: 'EmptyStatement', start: 0, end: 0 };
  const root = statement(c);
  while (c.is(T.semicolon)) {
    c.at++;
    if (!c.is(T.EOF) && !c.is(T.semicolon)) statement(c);
  }
  while (!c.is(T.EOF) && c.skipPlaceholder());
  if (!c.is(T.EOF)) c.fail('the end of the statement');
  return root;
}

/** Parses a script: statements separated by semicolons. Empty ones are left out. */
export function parseScript(text: string, options: ParseOptions): Script {
  const statements: PlacedStatement[] = [];
  let regionStart = 0;
  while (regionStart < text.length) {
    const region = nextRegion(text, regionStart, options.templates);
    if (region.start < region.end) {
      const parsed = parseStatement(text.slice(region.start, region.end), options);
      statements.push({ statement: parsed, offset: region.start, regionStart });
    }
    regionStart = region.next;
  }
  return { text, statements: inDialects(statements, options) };
}

const inHive = new WeakMap<ParsedStatement, ParsedStatement>();

/**
 * The statements with those in Hive's dialect read as such: those between SET 'table.sql-dialect' = 'hive' and what sets or
 * resets it, which Flink gives to Hive's parser. Others are the same objects, and Hive's too from one call to the next.
 */
export function inDialects(statements: PlacedStatement[], options: ParseOptions): PlacedStatement[] {
  const hive = hiveDialect(statements);
  if (hive.size === 0) return statements;
  return statements.map((placed, index) => {
    if (!hive.has(index)) return placed;
    let statement = inHive.get(placed.statement);
    if (!statement) {
      statement = parseStatement(placed.statement.text, options, 'hive');
      inHive.set(placed.statement, statement);
    }
    return { ...placed, statement };
  });
}

/** The statement at an offset: the one whose text or leading region holds it, or the last one before it. */
export function statementAt(script: Script, offset: number): PlacedStatement | undefined {
  const { statements } = script;
  let low = 0;
  let high = statements.length - 1;
  let found: PlacedStatement | undefined;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const placed = statements[middle]!;
    if (placed.regionStart <= offset) {
      found = placed;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}
