import { createHash } from 'node:crypto';
import type { Range } from 'vscode-languageserver-textdocument';
import type { AnalysedDocument, Span } from '../features/analysed-document';
import { Lines } from '../language/lines';
import { parseScript, parseStatement } from '../language/parser';
import type { ParsedStatement, PlacedStatement } from '../language/script';
import { nextRegion } from '../language/splitter';
import { analyseScript } from '../semantics/analyse';
import type { ScriptAnalysis } from '../semantics/analysis';
import { definedTables } from '../semantics/defined-tables';
import type { TableNode } from '../semantics/lineage';
import { environmentOf, type Settings } from './settings';

/** A table that a file defines, as far as the index keeps it. */
export interface DdlTable {
  /** Where its name stands in the file */
  readonly place: Range;
  /** Digest of the statement that says all of it, so that equal ones make equal tables; undefined when none does */
  readonly digest?: string;
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
  const tables = tablesOf(placed, settings, () => {
    const lines = new Lines(text);
    return ({ start, end }) => ({ start: position(lines, start), end: position(lines, end) });
  });
  if (tables.size === 0) return empty;
  // A slice would keep the whole text of the file in memory
  const ddl = Buffer.from(placed.map(({ statement }) => `${statement.text};\n`).join('')).toString();
  return { tables, ddl };
}

/** What an open document defines, as it is now. */
export function documentDdl(
  document: AnalysedDocument & { rangeOf: RangeOf },
  lookUps: ReadonlyMap<string, TableNode | undefined>,
  settings: Settings,
): DdlFile {
  const { text, statements, analysis } = document;
  if (text.length > LARGEST || !analysis.statements.some(({ defines }) => defines)) return empty;
  const tables = tablesOf(statements, settings, () => (span) => document.rangeOf(span));
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

type RangeOf = (span: Span) => Range;

function tablesOf(
  placed: readonly PlacedStatement[],
  settings: Settings,
  ranges: () => RangeOf,
): Map<string, DdlTable> {
  const roots = placed.map(({ statement }) => statement.root);
  const defined = definedTables(roots, environmentOf(settings));
  if (defined.size === 0) return new Map();
  const rangeOf = ranges();
  return new Map(
    [...defined].map(([full, { statement: index, name, whole }]) => {
      const { statement, offset } = placed[index]!;
      const place = rangeOf({ start: offset + name.start, end: offset + name.end });
      return [full, whole ? { place, digest: digestOf(statement) } : { place }];
    }),
  );
}

function position(lines: Lines, offset: number) {
  const [line, column] = lines.at(offset);
  return { line: line - 1, character: column - 1 };
}

const digests = new WeakMap<ParsedStatement, string>();

/** The same for statements that differ in line breaks and indentation only. */
function digestOf(statement: ParsedStatement): string {
  let digest = digests.get(statement);
  if (digest === undefined) {
    digest = createHash('sha1').update(statement.text.replace(/\s+/g, ' ')).digest('base64');
    digests.set(statement, digest);
  }
  return digest;
}
