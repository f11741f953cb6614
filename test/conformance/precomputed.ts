import { join } from 'node:path';
import { readJsonLines } from './json-lines';
import { precomputedCorpus } from './paths';
import type { ScriptSample, StatementSample } from './verdict';

export interface Corpus<T> {
  readonly name: string;
  readonly samples: readonly T[];
}

/** Statements whose verdicts were computed beforehand; needs no Java. undefined where the folder is absent. */
export function precomputedStatements(): Corpus<StatementSample> | undefined {
  const folder = precomputedCorpus();
  return folder
    ? { name: 'shared', samples: readJsonLines<StatementSample>(join(folder, 'statements.jsonl')) }
    : undefined;
}

/** Scripts whose verdicts were computed beforehand; needs no Java. undefined where the folder is absent. */
export function precomputedScripts(): Corpus<ScriptSample> | undefined {
  const folder = precomputedCorpus();
  if (!folder) return undefined;
  // Files of the same name in several sources carry each other's verdicts there
  const all = readJsonLines<ScriptSample>(join(folder, 'scripts.jsonl'));
  const times = new Map<string, number>();
  for (const { id } of all) times.set(id, (times.get(id) ?? 0) + 1);
  const samples = all.filter(({ id }) => times.get(id) === 1);
  return { name: 'shared', samples };
}
