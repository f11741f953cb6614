import type { Span } from './analysed-document';
import type { PlacedProblem } from './diagnostics';

export interface QuickFix {
  title: string;
  problem: PlacedProblem;
  /** Edits at offsets of the document */
  edits: { start: number; end: number; text: string }[];
  /** The only repair of its problem, so that "fix all" may take it */
  preferred: boolean;
}

/** The repairs of the problems that touch a range. */
export function quickFixes(problems: readonly PlacedProblem[], range: Span): QuickFix[] {
  return problems
    .filter(({ start, end }) => start <= range.end && range.start <= end)
    .flatMap((problem) => {
      const fixes = problem.problem.fixes ?? [];
      return fixes.map(({ title, edits }) => ({
        title,
        problem,
        preferred: fixes.length === 1,
        edits: edits.map(({ start, end, text }) => ({ start: problem.base + start, end: problem.base + end, text })),
      }));
    });
}
