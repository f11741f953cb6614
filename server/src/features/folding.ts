import type { PlacedStatement } from '../language/script';
import type { Span } from './analysed-document';

export interface Fold extends Span {
  kind?: 'comment' | 'region';
}

/** What can be folded: each statement, each write inside a statement set, and comments of several lines before statements. */
export function folding(text: string, statements: readonly PlacedStatement[]): Fold[] {
  return statements.flatMap(({ statement, offset, regionStart }) => {
    const folds: Fold[] = [{ start: offset, end: offset + statement.text.trimEnd().length }];
    const comment = commentBefore(text, regionStart, offset);
    if (comment) folds.push(comment);
    if (statement.root.kind === 'StatementSet') {
      for (const { start, end } of statement.root.statements) folds.push({ start: offset + start, end: offset + end });
    }
    return folds;
  });
}

/** From the first to the last comment between the previous statement and this one. */
function commentBefore(text: string, start: number, end: number): Fold | undefined {
  const region = text.slice(start, end);
  const first = region.search(/--|\/\*|\/\//);
  return first < 0 ? undefined : { kind: 'comment', start: start + first, end: start + region.trimEnd().length };
}
