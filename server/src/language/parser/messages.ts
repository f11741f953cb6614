import type { Problem } from '../problem';
import type { Cursor, FirstError } from './cursor';

/** The problem to show for a syntax error: its sentence, and what to write instead for common slips. */
export function explainError(_c: Cursor, error: FirstError): Problem {
  const { code, message, start, end, fixes } = error;
  const problem: Problem = { code, severity: 'error', origin: 'syntax', message, start, end };
  if (fixes) problem.fixes = fixes;
  return problem;
}
