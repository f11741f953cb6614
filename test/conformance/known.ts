import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths';

/** A disagreement with Flink that stays, for a reason. */
export interface Known {
  readonly corpus: string;
  readonly release: string;
  readonly id: string;
  readonly what: string;
  readonly reason: string;
}

/** A disagreement of this run. */
export type Found = Omit<Known, 'reason'>;

const file = join(root, 'test', 'conformance', 'known.json');

export function readKnown(suite: string): Known[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Known[]>)[suite] ?? [];
}

const key = (found: Found): string => JSON.stringify([found.corpus, found.release, found.id, found.what]);

/**
 * Holds the list against a run: `fresh` were found but are not listed, `vanished` are listed for a corpus and release
 * of this run but were not found, `unexplained` are listed without a reason.
 */
export function checkKnown(
  known: readonly Known[],
  found: readonly Found[],
  ran: readonly { corpus: string; release: string }[],
): { fresh: Found[]; vanished: Known[]; unexplained: Known[] } {
  const foundKeys = new Set(found.map(key));
  const knownKeys = new Set(known.map(key));
  const covered = new Set(ran.map((run) => `${run.corpus} ${run.release}`));
  return {
    fresh: found.filter((entry) => !knownKeys.has(key(entry))),
    vanished: known.filter((entry) => covered.has(`${entry.corpus} ${entry.release}`) && !foundKeys.has(key(entry))),
    unexplained: known.filter((entry) => entry.reason.trim() === ''),
  };
}

/** Rewrites the list to what was found, keeping reasons; what is new gets an empty reason, which a run does not accept. */
export function updateKnown(
  suite: string,
  found: readonly Found[],
  ran: readonly { corpus: string; release: string }[],
): void {
  const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Known[]>;
  const covered = new Set(ran.map((run) => `${run.corpus} ${run.release}`));
  const before = all[suite] ?? [];
  const reasons = new Map(before.map((entry) => [key(entry), entry.reason]));
  const kept = before.filter((entry) => !covered.has(`${entry.corpus} ${entry.release}`));
  all[suite] = [...kept, ...found.map((entry) => ({ ...entry, reason: reasons.get(key(entry)) ?? '' }))];
  writeFileSync(file, `${JSON.stringify(all, undefined, 2)}\n`);
}
