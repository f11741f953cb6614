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
  return folder ? { name: 'shared', samples: readJsonLines<ScriptSample>(join(folder, 'scripts.jsonl')) } : undefined;
}
