import { compareParser, disagreements } from './compare-parser';
import { statementTexts } from './compare-semantics';
import { askDoor } from './door';
import type { ParserDisagreement, ParserRun, ParserTally } from './parser-suite';
import type { Corpus } from './precomputed';
import type { DoorAnswer, DoorDiagnostic, PlanVerdict, ScriptSample, Version } from './verdict';

/**
 * Compares the parser on whole scripts: each statement as the judge cut it, with our first syntax error between its
 * start and the next one's. Where we cut a script elsewhere than the judge, one of the two statements disagrees.
 */
export async function runScriptStatements(
  door: string,
  corpora: readonly Corpus<ScriptSample>[],
  versions: readonly Version[],
): Promise<ParserRun> {
  const tallies: ParserTally[] = [];
  const found: ParserDisagreement[] = [];
  for (const corpus of corpora) {
    for (const { release, flink } of versions) {
      const judged = corpus.samples.filter((sample) => sample.flink[release]);
      const answers = await askDoor(
        door,
        flink,
        judged.map((sample, index) => ({ id: String(index), script: sample.script })),
      );
      const name = `${corpus.name} scripts`;
      const counts = { accepted: 0, rejected: 0, elsewhere: 0, 'false alarm': 0, missed: 0, 'no answer': 0 };
      judged.forEach((sample, index) => {
        const verdicts = sample.flink[release]!;
        const texts = statementTexts(sample.script, verdicts);
        const answer = answers.get(String(index));
        verdicts.forEach((verdict, n) => {
          const message = verdict.error?.message ?? '';
          const own = verdict.parse ? { ok: true } : { ok: false, pos: verdict.error?.pos ?? null, message };
          const comparison = compareParser(own, answer && within(answer, verdict, verdicts[n + 1]));
          counts[comparison.outcome]++;
          if (!disagreements.has(comparison.outcome)) return;
          const id = `${sample.source}:${sample.id}#${n}`;
          const statement = { id, source: sample.source, sql: texts[n]!, flink: { [release]: own } };
          found.push({ ...comparison, corpus: name, release, sample: statement });
        });
      });
      tallies.push({ corpus: name, release, counts });
    }
  }
  return { tallies, disagreements: found };
}

/** Our answer about the part of a script from one statement to the next, in positions of that part. */
function within(answer: DoorAnswer, from: PlanVerdict, to: PlanVerdict | undefined): DoorAnswer {
  const after = ([line, column]: readonly [number, number], verdict: PlanVerdict): boolean =>
    line > verdict.line || (line === verdict.line && column >= verdict.col);
  const moved = ([line, column]: readonly [number, number]): [number, number] => [
    line - from.line + 1,
    line === from.line ? column - from.col + 1 : column,
  ];
  const diagnostics = answer.statements
    .flatMap((statement) => statement.diagnostics)
    .filter(({ start }) => after(start, from) && !(to && after(start, to)))
    .map((one): DoorDiagnostic => ({ ...one, start: moved(one.start), end: moved(one.end) }));
  return { id: answer.id, statements: [{ start: [1, 1], end: [1, 1], kind: '', diagnostics, lineage: null }] };
}
