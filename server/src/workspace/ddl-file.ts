import { createHash } from 'node:crypto';
import type { Range } from 'vscode-languageserver-textdocument';
import { Lines } from '../language/lines';
import { parseScript, parseStatement } from '../language/parser';
import type { ParsedStatement, PlacedStatement } from '../language/script';
import { nextRegion } from '../language/splitter';
import { analyseScript } from '../semantics/analyse';
import type { ScriptAnalysis } from '../semantics/analysis';
import type { TableNode } from '../semantics/lineage';
import { environmentOf, type Settings } from './settings';

/** A table that a file defines, as far as the index keeps it. */
export interface DdlTable {
  /** Where its name stands in the file */
  readonly place: Range;
  /** Digests of its columns and of its options: files that agree on a table have the same */
  readonly columns: string;
  readonly options: string;
}

/** What binding a file's DDL gave, and what it looked up elsewhere for that. */
export interface BoundDdl {
  readonly tables: ReadonlyMap<string, TableNode>;
  /** Those, and what they were made from */
  readonly known: ReadonlyMap<string, TableNode>;
  readonly lookUps: ReadonlyMap<string, TableNode | undefined>;
}

/** The tables and views that exist after a file has run, by full name. */
export interface DdlFile {
  readonly tables: ReadonlyMap<string, DdlTable>;
  /** Its statements that make or change something, ended by semicolons; of an open document, what binding it gave */
  readonly ddl: string | BoundDdl;
}

/** Bytes of a file, characters of a document, from which on it is not read: nobody writes that much by hand. */
export const LARGEST = 2_000_000;

const empty: DdlFile = { tables: new Map(), ddl: '' };

/** Statements that decide about the tables that are there afterwards. */
const DDL = /^(?:CREATE|DROP|ALTER|USE)\b/i;

/**
 * Reads what a file defines. Statements that define nothing are skipped without being parsed, and of the others only the
 * text is kept: they are bound again when somebody looks one of the tables up.
 */
export function readDdl(text: string, settings: Settings): DdlFile {
  if (!/\bCREATE\b/i.test(text)) return empty;
  const placed: PlacedStatement[] = [];
  for (let at = 0; at < text.length; ) {
    const { start, end, next } = nextRegion(text, at, settings.templates);
    if (DDL.test(text.slice(start, start + 8))) {
      placed.push({ statement: parseStatement(text.slice(start, end), settings), offset: start, regionStart: at });
    }
    at = next;
  }
  const analysis = analyseScript(
    placed.map(({ statement }) => statement),
    environmentOf(settings),
  );
  const tables = tablesOf(placed, analysis, new Lines(text));
  if (tables.size === 0) return empty;
  // A slice would keep the whole text of the file in memory
  const ddl = Buffer.from(placed.map(({ statement }) => `${statement.text};\n`).join('')).toString();
  return { tables, ddl };
}

/** What an open document defines, as it is now. */
export function documentDdl(
  document: { text: string; statements: readonly PlacedStatement[]; analysis: ScriptAnalysis },
  lookUps: ReadonlyMap<string, TableNode | undefined>,
): DdlFile {
  const { text, statements, analysis } = document;
  if (text.length > LARGEST || !analysis.statements.some(({ defines }) => defines)) return empty;
  const tables = tablesOf(statements, analysis, new Lines(text));
  return { tables, ddl: { tables: ownTables(analysis), known: analysis.tables, lookUps } };
}

/** Binds the DDL of a file. `lookUp` answers for tables that are not its own; without it they stay unknown. */
export function bindDdl(
  ddl: string,
  settings: Settings,
  lookUp: (name: string) => TableNode | undefined = () => undefined,
): BoundDdl {
  const lookUps = new Map<string, TableNode | undefined>();
  const findTable = (name: string) => {
    if (!lookUps.has(name)) lookUps.set(name, lookUp(name));
    return lookUps.get(name);
  };
  const statements = parseScript(ddl, settings).statements.map(({ statement }) => statement);
  const analysis = analyseScript(statements, { ...environmentOf(settings), findTable });
  return { tables: ownTables(analysis), known: analysis.tables, lookUps };
}

function ownTables(analysis: ScriptAnalysis): Map<string, TableNode> {
  return new Map([...analysis.tables].filter(([, table]) => !table.foundIn));
}

function tablesOf(
  statements: readonly PlacedStatement[],
  analysis: ScriptAnalysis,
  lines: Lines,
): Map<string, DdlTable> {
  const makers = new Map<TableNode, number>();
  for (const [index, { defines }] of analysis.statements.entries()) {
    const table = defines && analysis.tables.get(defines.name);
    if (table && !table.foundIn) makers.set(table, index);
  }
  const tables = new Map<string, DdlTable>();
  for (const [table, index] of makers) {
    const { statement, offset } = statements[index]!;
    const { tables: named } = analysis.statements[index]!;
    const { start, end } = named.find(({ role }) => role === 'definition') ?? named[0] ?? { start: 0, end: 0 };
    const place = { start: position(lines, offset + start), end: position(lines, offset + end) };
    tables.set(table.name, { place, ...digests(table, statement) });
  }
  return tables;
}

function position(lines: Lines, offset: number) {
  const [line, column] = lines.at(offset);
  return { line: line - 1, character: column - 1 };
}

/** What two files that define the same table have in common. Where a part is not in this file, nothing is like it. */
function digests({ kind, columns, options, primaryKey, partitionKeys, watermark }: TableNode, by: ParsedStatement) {
  const { root } = by;
  const whole =
    columns.every(({ type }) => type !== undefined) && !(root.kind === 'CreateTable' && root.like !== undefined);
  const described = columns.map((column) => [column.name, column.type, column.kind, column.virtual]);
  const unlike = whole ? '' : by.text;
  return {
    columns: digest([kind, described, primaryKey, partitionKeys, watermark, unlike]),
    options: digest([Object.entries(options).sort(), kind === 'view' ? by.text : unlike]),
  };
}

function digest(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('base64');
}
