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
  // Scripts of several sources share an id there, and some carry the verdicts of another: those lie outside of the text
  const samples = readJsonLines<ScriptSample>(join(folder, 'scripts.jsonl')).filter(({ script, flink }) => {
    const lines = script.split(/\r\n|\r|\n/);
    return Object.values(flink).every((verdicts) =>
      verdicts.every(({ line, col }) => line <= lines.length && col <= lines[line - 1]!.length),
    );
  });
  return { name: 'shared', samples };
}
