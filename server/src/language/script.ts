import type { Statement } from './ast';
import type { Problem } from './problem';

/**
 * One statement of a script, parsed. Immutable, and the unit of reuse: two edits apart, an untouched statement is the
 * same object, so whatever is computed from it can be kept in a WeakMap.
 */
export interface ParsedStatement {
  /** Its text, from its first token (after leading blanks and comments) up to, not including, the semicolon. */
  readonly text: string;
  readonly root: Statement;
  /** Syntax problems, offsets in `text`. */
  readonly problems: readonly Problem[];
}

/** A statement at its place in a document. */
export interface PlacedStatement {
  readonly statement: ParsedStatement;
  /** UTF-16 offset in the document of the statement's first character. */
  readonly offset: number;
  /** Offset in the document where the region begins that belongs to it: its leading comments and blanks. */
  readonly regionStart: number;
}

export interface ParseOptions {
  /** '1.20', '2.0', '2.1', '2.2' or '2.3' */
  readonly flinkVersion: string;
  /** Accept `${var}` and `{{ jinja }}` */
  readonly templates: boolean;
  /** Values of placeholders by name, when templates are accepted; those without a value are unknown text */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A document parsed: its statements in order, empty ones left out. */
export interface Script {
  readonly text: string;
  readonly statements: readonly PlacedStatement[];
}
