import type { Position } from 'vscode-languageserver-textdocument';
import { describeJob, type JobSource } from '../atlas/job';
import { outcome, StoreError } from '../atlas/store';
import { lineageExport } from '../features/lineage-export';
import { shorten } from '../features/markdown';
import type { LineageExpansion, LineageFormat, LineageGraph, LineageTarget, Outcome } from '../protocol';
import { catalogsOf } from './catalogs-of';
import type { OpenDocument } from './document';
import { LineageReader, type ScriptToTrace } from './lineage';
import type { ScriptFinder } from './script-finder';
import { sourceOf } from './source';
import type { Stores } from './stores';

interface Question {
  target: LineageTarget;
  expanded: readonly LineageExpansion[];
  /** 'script': without any store */
  asked: 'script' | 'store';
  /** The place in the script that the graph's focus is at */
  cursor?: Position;
}

/** Characters of a description or statement that are shown. */
const MOST_TEXT = 5_000;
/** The same of a column, of which there may be thousands. */
const MOST_COLUMN_TEXT = 1_000;

const endings: Record<LineageFormat, string> = {
  mermaid: 'mmd',
  openlineage: 'openlineage.json',
  json: 'lineage.json',
};

/** The lineage that the panel shows and exports. Errors come back as values. */
export class LineageService {
  private readonly reader: LineageReader;
  /** Where scripts are: asking git takes a while, and a graph follows the typing */
  private readonly sources = new Map<string, Promise<JobSource>>();

  constructor(
    private readonly stores: Stores,
    private readonly folders: () => readonly string[],
    findScript: ScriptFinder['find'],
  ) {
    this.reader = new LineageReader((file, sink) => findScript(file, sink));
  }

  /** Forgets what was read from the stores. */
  clear(): void {
    this.reader.clear();
    this.sources.clear();
  }

  /**
   * The graph of a script that is open, or of something in a store, as the panel shows it. `document` is that of the target's
   * URI.
   */
  async graph(
    question: Question,
    document: OpenDocument | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<LineageGraph>> {
    const graph = await this.read(question, document, signal);
    return graph.ok ? { ok: true, value: withShortTexts(graph.value) } : graph;
  }

  private read(
    { target, expanded, asked, cursor }: Question,
    document: OpenDocument | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<LineageGraph>> {
    return outcome(async () => {
      await this.stores.ready;
      if ('store' in target) return this.reader.ofStore(this.stores.named(target.store), target, expanded, signal);
      if (!document) throw new StoreError('invalid', 'This file is not open as Flink SQL.', 'Open it first.');
      const store = this.stores.for(document.uri);
      const script = await this.scriptToTrace(document, target.line, cursor, store?.namespace);
      return this.reader.ofScript(script, asked === 'store' ? store : undefined, expanded, signal);
    });
  }

  /** The same as text for other tools, with the name of a file for it. */
  async export(
    question: Omit<Question, 'asked'>,
    format: LineageFormat,
    columns: boolean,
    document: OpenDocument | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<{ text: string; name: string }>> {
    const graph = await this.read({ ...question, asked: 'store' }, document, signal);
    if (!graph.ok) return graph;
    const sources = new Map(document ? [[document.uri, await this.sourceOf(document.uri)]] : []);
    const text = lineageExport(graph.value, format, { columns, time: new Date().toISOString(), sources });
    const name = graph.value.title.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'lineage';
    return { ok: true, value: { text, name: `${name}.${endings[format]}` } };
  }

  private async scriptToTrace(
    document: OpenDocument,
    line: number | undefined,
    cursor: Position | undefined,
    namespace = 'primary',
  ): Promise<ScriptToTrace> {
    const { uri, text, statements, analysis } = document;
    const job = describeJob({ text, statements, analysis, source: { file: '' } });
    // the file's path is only asked for where the script does not name the job
    job.name ||= (await this.sourceOf(uri)).file;
    return {
      document,
      context: {
        uri,
        job,
        mapping: { namespace, catalogs: catalogsOf(document) },
        rangeOf: (span) => document.rangeOf(span),
      },
      ...(line === undefined ? {} : { offset: document.firstOffsetIn(line) }),
      ...(cursor === undefined ? {} : { cursor: placeOf(document, cursor) }),
    };
  }

  private sourceOf(uri: string): Promise<JobSource> {
    let source = this.sources.get(uri);
    if (!source) {
      source = sourceOf(uri, this.folders());
      this.sources.set(uri, source);
    }
    return source;
  }
}

/** A graph travels at every keystroke: nobody reads a megabyte of a description in the panel. */
function withShortTexts(graph: LineageGraph): LineageGraph {
  const nodes = graph.nodes.map((node) => ({
    ...node,
    ...(node.description ? { description: shorten(node.description, MOST_TEXT) } : {}),
    ...(node.sql ? { sql: shorten(node.sql, MOST_TEXT) } : {}),
    columns: node.columns.map((column) =>
      (column.description?.length ?? 0) > MOST_COLUMN_TEXT
        ? { ...column, description: shorten(column.description!, MOST_COLUMN_TEXT) }
        : column,
    ),
  }));
  return { ...graph, nodes };
}

/** Where a cursor is: behind a statement's semicolon and in the blanks before one it is still in that statement. */
function placeOf(document: OpenDocument, cursor: Position): number {
  const offset = Math.max(document.offsetAt(cursor), document.firstOffsetIn(cursor.line));
  return document.text[offset - 1] === ';' ? offset - 1 : offset;
}
