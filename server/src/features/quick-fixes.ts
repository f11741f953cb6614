import { IGNORE } from '../rules/ignore-comment';
import type { Span } from './analysed-document';
import type { PlacedProblem } from './diagnostics';

/** Something that an editor offers to do about a problem. */
export interface QuickFix {
  title: string;
  problem: PlacedProblem;
  /** Edits at offsets of the document */
  edits: { start: number; end: number; text: string }[];
  /** The only repair of its problem, so that "fix all" may take it */
  preferred: boolean;
  /** It is the setting of this rule that is to be changed, not the text */
  turnOff?: string;
}

/**
 * What can be done about the problems that touch a range: their repairs first, then to ignore each kind on its line, and
 * to turn it off. Errors of syntax can only be repaired.
 */
export function quickFixes(text: string, problems: readonly PlacedProblem[], range: Span): QuickFix[] {
  const touched = problems.filter(({ start, end }) => start <= range.end && range.start <= end);
  const repairs = touched.flatMap((problem) => {
    const fixes = problem.problem.fixes ?? [];
    return fixes.map(({ title, edits }) => ({
      title,
      problem,
      preferred: fixes.length === 1,
      edits: edits.map(({ start, end, text }) => ({ start: problem.base + start, end: problem.base + end, text })),
    }));
  });
  const rules = new Map(
    touched.filter(({ problem }) => problem.origin !== 'syntax').map((problem) => [problem.problem.code, problem]),
  );
  const ignoring = [...rules].flatMap(([code, problem]) => {
    const edit = ignoreOnLine(text, problem.start, code);
    return edit ? [{ title: `Ignore ${code} on this line`, problem, edits: [edit], preferred: false }] : [];
  });
  const turningOff = [...rules].map(([code, problem]) => ({
    title: `Turn off ${code}`,
    problem,
    edits: [],
    preferred: false,
    turnOff: code,
  }));
  return [...repairs, ...ignoring, ...turningOff];
}

/** The edit that silences a code on the line of an offset: at its end, else above it. None where neither is possible. */
function ignoreOnLine(text: string, offset: number, code: string): QuickFix['edits'][number] | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const feed = text.indexOf('\n', offset);
  const line = text.slice(lineStart, feed < 0 ? text.length : feed).trimEnd();
  const end = lineStart + line.length;
  const known = IGNORE.exec(line);
  if (known) return { start: end, end, text: `, ${code}` };
  const free = betweenTokens(text, [lineStart, feed < 0 ? text.length : feed]);
  if (free[1]) return { start: end, end, text: ` -- flink-sql: ignore ${code}` };
  const indent = /^[ \t]*/.exec(line)![0];
  return free[0] ? { start: lineStart, end: lineStart, text: `${indent}-- flink-sql: ignore ${code}\n` } : undefined;
}

const TOKEN = /'(?:[^']|'')*'?|`[^`]*`?|"[^"]*"?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[^'`"\-/]+|[-/]/g;

/** For each offset, in order, whether it is outside of strings, quoted names and block comments. */
function betweenTokens(text: string, offsets: readonly number[]): boolean[] {
  const inside = offsets.map(() => false);
  const last = offsets[offsets.length - 1]!;
  for (const { index, 0: token } of text.matchAll(TOKEN)) {
    if (index >= last) break;
    if (!/^(?:['`"]|\/\*)/.test(token)) continue;
    for (const [i, offset] of offsets.entries()) if (index < offset && offset < index + token.length) inside[i] = true;
  }
  return inside.map((is) => !is);
}
