import type { DoorAnswer, DoorDiagnostic, ParseVerdict } from './verdict';

/** How our parser and Flink's see one statement. */
export type ParserOutcome =
  /** both accept */
  | 'accepted'
  /** both reject, at the same line and column, or Flink gives no position */
  | 'rejected'
  /** both reject, we at another place */
  | 'elsewhere'
  /** Flink accepts what we reject */
  | 'false alarm'
  /** Flink rejects what we accept */
  | 'missed'
  /** our door gave no answer: it failed or hung */
  | 'no answer';

export interface ParserComparison {
  readonly outcome: ParserOutcome;
  /** Our first syntax error */
  readonly ours?: DoorDiagnostic;
}

/** The first error in text order, which is the one that Flink, stopping at its first, can be compared with. */
export function firstSyntaxError(answer: DoorAnswer): DoorDiagnostic | undefined {
  let first: DoorDiagnostic | undefined;
  for (const statement of answer.statements) {
    for (const diagnostic of statement.diagnostics) {
      if (diagnostic.origin !== 'syntax' || diagnostic.severity !== 'error') continue;
      if (!first || diagnostic.start[0] < first.start[0]) first = diagnostic;
      else if (diagnostic.start[0] === first.start[0] && diagnostic.start[1] < first.start[1]) first = diagnostic;
    }
  }
  return first;
}

/** Compares our answer about one statement, given as a script of its own, with Flink's verdict. */
export function compareParser(verdict: ParseVerdict, answer: DoorAnswer | undefined): ParserComparison {
  if (!answer) return { outcome: 'no answer' };
  const ours = firstSyntaxError(answer);
  if (verdict.ok) return ours ? { outcome: 'false alarm', ours } : { outcome: 'accepted' };
  if (!ours) return { outcome: 'missed' };
  const same = !verdict.pos || (verdict.pos[0] === ours.start[0] && verdict.pos[1] === ours.start[1]);
  return { outcome: same ? 'rejected' : 'elsewhere', ours };
}

export const disagreements: ReadonlySet<ParserOutcome> = new Set(['false alarm', 'missed', 'elsewhere', 'no answer']);
