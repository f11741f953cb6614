import { type Extract, mavenExtracts } from './maven-corpus';
import { scriptsOf } from './maven-scripts';
import { judge, type OracleRequest, parseVerdicts } from './oracle';
import type { Corpus } from './precomputed';
import type { ParseVerdict, PlanVerdict, Release, ScriptSample, StatementSample, Version } from './verdict';

/** A corpus's name as part of a file's. */
const setOf = (name: string): string => name.replace(/\W+/g, '-');

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
      setOf(name),
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

/** Scripts judged in this run by the real planner of each of the versions. */
export async function judgedScripts(
  name: string,
  scripts: readonly Omit<ScriptSample, 'flink'>[],
  versions: readonly Version[],
  settings: Pick<OracleRequest, 'connectors' | 'batch'> = {},
): Promise<Corpus<ScriptSample>> {
  const flink: Partial<Record<Release, readonly PlanVerdict[]>>[] = scripts.map(() => ({}));
  for (const { release } of versions) {
    const answers = await judge(
      release,
      setOf(name),
      scripts.map(({ script }) => ({ mode: 'plan', script, connectors: 'stub', ...settings })),
    );
    answers.forEach((answer, index) => {
      if (answer.statements) flink[index]![release] = answer.statements;
    });
  }
  return { name, samples: scripts.map((script, index) => ({ ...script, flink: flink[index]! })) };
}

/** Scripts made of what Maven Central's test classes hold. Needs Java and Maven. */
export function mavenScripts(versions: readonly Version[]): Promise<Corpus<ScriptSample>> {
  return judgedScripts('maven', scriptsOf(mavenExtracts()), versions);
}
