import { join } from 'node:path';
import { readJsonLines } from './json-lines';
import { type Extract, mavenExtracts } from './maven-corpus';
import { parseVerdicts } from './oracle';
import { precomputedCorpus } from './paths';
import type { ParseVerdict, Release, ScriptSample, StatementSample, Version } from './verdict';

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

/** Statements judged in this run by real Flink, of each of the versions. */
export async function judged(
  name: string,
  texts: readonly Omit<Extract, 'file'>[],
  versions: readonly Version[],
): Promise<Corpus<StatementSample>> {
  const flink: Partial<Record<Release, ParseVerdict>>[] = texts.map(() => ({}));
  for (const { release } of versions) {
    const verdicts = await parseVerdicts(
      release,
      texts.map((text) => text.sql),
    );
    verdicts.forEach((verdict, index) => {
      if (verdict) flink[index]![release] = verdict;
    });
  }
  return { name, samples: texts.map((text, index) => ({ ...text, flink: flink[index]! })) };
}

/** What Maven Central carries, judged in this run. Needs Java and Maven. */
export function mavenStatements(versions: readonly Version[]): Promise<Corpus<StatementSample>> {
  return judged('maven', mavenExtracts(), versions);
}
