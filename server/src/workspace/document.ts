import { type Position, type Range, TextDocument } from 'vscode-languageserver-textdocument';
import type { AnalysedDocument, Span } from '../features/analysed-document';
import { diagnostics, type PlacedProblem } from '../features/diagnostics';
import { ScriptDocument } from '../language/document';
import type { Problem } from '../language/problem';
import type { ParsedStatement, PlacedStatement } from '../language/script';
import { analyseScript } from '../semantics/analyse';
import type { ScriptAnalysis } from '../semantics/analysis';
import type { TableNode } from '../semantics/lineage';
import { environmentOf, type Settings } from './settings';

/** An edit as the language server protocol sends it; without a range it replaces the whole text. */
export interface ContentChange {
  range?: Range;
  text: string;
}

const none: readonly Problem[] = [];

/**
 * An open document: its text with line numbers, its statements, and what binding them found. Edits re-parse only the
 * statements they touch; binding happens when somebody asks for it.
 */
export class OpenDocument implements AnalysedDocument {
  private readonly lines: TextDocument;
  private script: ScriptDocument;
  private bound?: ScriptAnalysis;
  /** Problems that binding found, by statement. Those of an unchanged statement stand until it is bound again. */
  private semantics = new WeakMap<ParsedStatement, readonly Problem[]>();
  /** What binding asked others for, and what they answered */
  private asked = new Map<string, TableNode | undefined>();
  /** What the metadata store knows gives rise to these, by statement; they stand until they are worked out anew. */
  known: Pick<ReadonlyMap<ParsedStatement, readonly Problem[]>, 'get'> = new Map();
  /** Offset where the last edit ended, as long as the user is taken to be typing there */
  caret?: number;

  constructor(
    readonly uri: string,
    version: number,
    text: string,
    private settings: Settings,
    /** Tables that the script does not define, by full name */
    private readonly lookUp: (name: string, from: string) => TableNode | undefined = () => undefined,
  ) {
    this.lines = TextDocument.create(uri, 'flinksql', version, text);
    this.script = new ScriptDocument(text, settings);
  }

  /** Values for business metadata, as the settings describe them. */
  get businessMetadata(): Settings['businessMetadata'] {
    return this.settings.businessMetadata;
  }

  get version(): number {
    return this.lines.version;
  }

  get text(): string {
    return this.lines.getText();
  }

  get statements(): readonly PlacedStatement[] {
    return this.script.statements;
  }

  get analysis(): ScriptAnalysis {
    if (!this.bound) {
      const statements = this.statements.map(({ statement }) => statement);
      this.asked = new Map();
      const findTable = (name: string) => {
        if (!this.asked.has(name)) this.asked.set(name, this.lookUp(name, this.uri));
        return this.asked.get(name);
      };
      this.bound = analyseScript(statements, { ...environmentOf(this.settings), findTable });
      for (const [index, { problems }] of this.bound.statements.entries())
        this.semantics.set(statements[index]!, problems);
    }
    return this.bound;
  }

  /** The tables that the script does not define, by full name: undefined where nobody knows one. */
  get lookUps(): ReadonlyMap<string, TableNode | undefined> {
    void this.analysis;
    return this.asked;
  }

  /** Forgets what was bound when others would answer differently now; tells whether they would. */
  refresh(): boolean {
    if (!this.bound || [...this.asked].every(([name, table]) => this.lookUp(name, this.uri) === table)) return false;
    this.bound = undefined;
    return true;
  }

  edit(version: number, changes: readonly ContentChange[]): void {
    for (const change of changes) {
      if (change.range) {
        const start = this.lines.offsetAt(change.range.start);
        const end = this.lines.offsetAt(change.range.end);
        this.script.update([{ start, end, text: change.text }]);
        this.caret = start + change.text.length;
      } else {
        this.script = new ScriptDocument(change.text, this.settings);
        this.caret = undefined;
      }
      TextDocument.update(this.lines, [change], version);
    }
    this.bound = undefined;
  }

  /** Parses anew when a setting that matters has changed. */
  configure(settings: Settings): void {
    this.settings = settings;
    this.script = new ScriptDocument(this.text, settings);
    this.semantics = new WeakMap();
    this.bound = undefined;
  }

  /** The problems known now. With `semantics`, the script is bound first when it has changed. */
  problems(semantics: boolean): PlacedProblem[] {
    if (semantics) void this.analysis;
    const found = (statement: ParsedStatement) => [
      ...(this.semantics.get(statement) ?? none),
      ...(this.known.get(statement) ?? none),
    ];
    return diagnostics(this.text, this.statements, found, this.caret, this.settings.rules);
  }

  offsetAt(position: Position): number {
    return this.lines.offsetAt(position);
  }

  /** Offset of the first character of a line, zero-based, that is no blank. */
  firstOffsetIn(line: number): number {
    const start = this.lines.offsetAt({ line, character: 0 });
    const end = this.lines.offsetAt({ line: line + 1, character: 0 });
    return start + /^\s*/.exec(this.text.slice(start, end).replace(/\r?\n$/, ''))![0].length;
  }

  rangeOf({ start, end }: Span): Range {
    return { start: this.lines.positionAt(start), end: this.lines.positionAt(end) };
  }
}
