import { hiveDialect } from '../language/hiveDialect';
import type { Problem, Severity } from '../language/problem';
import type { ParsedStatement, PlacedStatement } from '../language/script';
import { ignoreComment, rule as ignoreCommentRule } from '../rules/ignore-comment';
import { codes } from '../rules/index';
import { isSilenced } from '../rules/silence';

/** A problem at its place in the document. */
export interface PlacedProblem {
  readonly problem: Problem;
  readonly start: number;
  readonly end: number;
  /** Offset of the statement, which the edits of fixes count from */
  readonly base: number;
}

/**
 * Every problem of a document: those of syntax, and those that `semantics` knows of a statement already.
 * While the user types at `caret`, a syntax error that only says that the text is not finished there is left out. What
 * comments silence is left out too, and comments that silence nothing are told, as severe as `severities` says. Of statements in
 * Hive's dialect only what the store says of their data is told.
 */
export function diagnostics(
  text: string,
  statements: readonly PlacedStatement[],
  semantics: (statement: ParsedStatement, index: number) => readonly Problem[],
  caret?: number,
  severities: Readonly<Record<string, Severity | 'off'>> = {},
): PlacedProblem[] {
  const hive = hiveDialect(statements);
  const found = statements.flatMap(({ statement, offset: base }, index) =>
    [...statement.problems, ...semantics(statement, index)]
      .filter(({ origin }) => origin === 'metadata' || !hive.has(index))
      .map((problem) => ({ problem, start: base + problem.start, end: base + problem.end, base }))
      .filter((placed) => caret === undefined || !isBeingTyped(placed, text, caret))
      .filter(({ problem, start }) => problem.origin === 'syntax' || !isSilenced(text, start, problem.code)),
  );
  const severity = severities[ignoreCommentRule.code];
  if (severity === 'off') return found;
  const comments = ignoreComment(text, codes).map((problem) => {
    const told = severity ? { ...problem, severity } : problem;
    return { problem: told, start: problem.start, end: problem.end, base: 0 };
  });
  return comments.length === 0 ? found : [...found, ...comments];
}

/** Whether an error of syntax is at the caret, or nothing but blanks is between the two. */
function isBeingTyped({ problem, start, end }: PlacedProblem, text: string, caret: number): boolean {
  if (problem.origin !== 'syntax') return false;
  if (start <= caret && caret <= end) return true;
  const [from, to] = caret < start ? [caret, start] : [end, caret];
  return to - from < 200 && text.slice(from, to).trim() === '';
}
