import type { PlacedStatement } from '../language/script';
import type { ScriptAnalysis } from '../semantics/analysis';

/** What every editor feature works on: a document's text, its statements and what binding them found. Offsets, no lines. */
export interface AnalysedDocument {
  readonly text: string;
  readonly statements: readonly PlacedStatement[];
  /** `analysis.statements` runs parallel to `statements` */
  readonly analysis: ScriptAnalysis;
}

/** A part of a document, UTF-16 offsets, end exclusive. */
export interface Span {
  start: number;
  end: number;
}
