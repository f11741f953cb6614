import type { ParsedStatement } from './script';

/** What an editor may do about a problem: replace [start, end) by `text`, offsets in the statement's text. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

export interface Fix {
  title: string;
  edits: Edit[];
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** Who would confirm the problem: Flink's parser, its planner, a connector's factory, a metadata store, or only us. */
export type Origin = 'syntax' | 'semantics' | 'options' | 'metadata' | 'hint';

/** A finding about [start, end) of a statement's text (UTF-16 offsets, end exclusive). */
export interface Problem {
  code: string;
  severity: Severity;
  origin: Origin;
  message: string;
  start: number;
  end: number;
  fixes?: Fix[];
  /** Other places that explain it, also in other statements of the document */
  related?: readonly RelatedPlace[];
}

/** [start, end) of a statement's text, with what is to be seen there. */
export interface RelatedPlace {
  readonly statement: ParsedStatement;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}
