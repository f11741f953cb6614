import type { Fix, Origin, Problem, Severity } from '../language/problem';
import { type LogicalType, printType } from '../semantics/types';

/** One kind of finding. The page of rules is generated from these. */
export interface Rule {
  /** Stable, in kebab case */
  readonly code: string;
  readonly severity: Severity;
  readonly origin: Origin;
  /** What it means and what to do, for the page of rules; Markdown */
  readonly explanation: string;
  /** SQL that has the problem, in Flink 1.20 at least, unless `since` says otherwise */
  readonly example: string;
  /** The first version of Flink that has what the rule is about */
  readonly since?: string;
}

/** Makes a finding of a rule about [start, end) of the statement's text. */
export function finding(
  rule: Rule,
  range: { readonly start: number; readonly end: number },
  message: string,
  fixes?: Fix[],
): Problem {
  const problem: Problem = {
    code: rule.code,
    severity: rule.severity,
    origin: rule.origin,
    message,
    start: range.start,
    end: range.end,
  };
  if (fixes?.length) problem.fixes = fixes;
  return problem;
}

/** A fix that replaces a range, offered as "Change to …". */
export function replacement(range: { readonly start: number; readonly end: number }, text: string): Fix {
  return { title: `Change to ${text}`, edits: [{ start: range.start, end: range.end, text }] };
}

/** A name as it must be written: in backticks unless it is a plain word. */
export function written(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replace(/`/g, '``')}\``;
}

/** A type for a message, whether or not it may be null. */
export function typeName(type: LogicalType): string {
  return printType({ ...type, nullable: true }) ?? 'something';
}

/** At most `limit` names, the rest counted. */
export function shortList(names: readonly string[], limit = 8): string {
  if (names.length <= limit) return names.join(', ');
  return `${names.slice(0, limit).join(', ')} and ${names.length - limit} more`;
}

/** The candidate that `name` was probably meant to be; undefined when none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words; gives up above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, beforeLast[j - 2]! + 1);
      row.push(value);
      if (value < least) least = value;
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
