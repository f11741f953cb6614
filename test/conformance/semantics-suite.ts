import type { Corpus } from './corpora';
import { askDoor } from './door';
import type { Found } from './known';
import type {
  DoorAnswer,
  DoorDiagnostic,
  DoorStatement,
  LineageVerdict,
  PlanVerdict,
  Release,
  ScriptSample,
  Version,
} from './verdict';

/** What the planner says and we do not, or the other way round. */
export type SemanticOutcome =
  | 'false alarm'
  | 'not flagged'
  | 'flagged elsewhere'
  | 'lineage differs'
  | 'no lineage'
  | 'flag differs';

export interface SemanticDisagreement {
  readonly outcome: SemanticOutcome;
  readonly corpus: string;
  readonly release: Release;
  readonly sample: ScriptSample;
  readonly verdict: PlanVerdict;
  readonly detail: string;
}

export interface SemanticTally {
  readonly corpus: string;
  readonly release: Release;
  accepted: number;
  falseAlarms: number;
  rejected: number;
  flagged: number;
  lineages: number;
  sameLineages: number;
  flags: number;
  sameFlags: number;
}

export interface SemanticRun {
  readonly tallies: readonly SemanticTally[];
  readonly disagreements: readonly SemanticDisagreement[];
}

/**
 * Rejections whose reason lies outside the script: classes, jars, catalogs and files of the machine that judged, and
 * operations that its Flink does not carry out.
 */
const OUTSIDE =
  /getProcedure is not implemented|Unable to create a model provider|Cannot instantiate user-defined function|Unable to restore the RAW type|Could not register|doesn't support ExecutableOperation|not supported yet|Alter temporary|Could not load|Cannot find .*class|ClassNotFound/;

export async function runSemanticsSuite(
  door: string,
  corpora: readonly Corpus<ScriptSample>[],
  versions: readonly Version[],
): Promise<SemanticRun> {
  const tallies: SemanticTally[] = [];
  const disagreements: SemanticDisagreement[] = [];
  for (const corpus of corpora) {
    for (const { release, flink } of versions) {
      const samples = corpus.samples.filter((sample) => sample.flink[release]);
      const answers = await askDoor(
        door,
        flink,
        samples.map(({ id, script }) => ({ id, script })),
      );
      const tally: SemanticTally = {
        corpus: corpus.name,
        release,
        accepted: 0,
        falseAlarms: 0,
        rejected: 0,
        flagged: 0,
        lineages: 0,
        sameLineages: 0,
        flags: 0,
        sameFlags: 0,
      };
      tallies.push(tally);
      for (const sample of samples) {
        const differ = (outcome: SemanticOutcome, verdict: PlanVerdict, detail: string): void => {
          disagreements.push({ outcome, corpus: corpus.name, release, sample, verdict, detail });
        };
        compare(sample.flink[release]!, answers.get(sample.id), tally, differ);
      }
    }
  }
  return { tallies, disagreements };
}

function compare(
  verdicts: readonly PlanVerdict[],
  answer: DoorAnswer | undefined,
  tally: SemanticTally,
  differ: (outcome: SemanticOutcome, verdict: PlanVerdict, detail: string) => void,
): void {
  verdicts.forEach((verdict, i) => {
    const next = verdicts[i + 1];
    const inside = (at: readonly [number, number]): boolean =>
      !before(at, [verdict.line, verdict.col]) && (!next || before(at, [next.line, next.col]));
    const diagnostics = (answer?.statements ?? [])
      .flatMap((s) => s.diagnostics)
      .filter((d) => d.severity === 'error' && d.origin === 'semantics' && inside(d.start));
    if (verdict.parse && !verdict.error) {
      tally.accepted++;
      if (diagnostics.length > 0) {
        tally.falseAlarms++;
        differ('false alarm', verdict, diagnostics.map((d) => `${d.start.join(':')} ${d.message}`).join(' | '));
      }
    }
    const error = verdict.error;
    if (error && error.stage !== 'parse' && error.stage !== 'apply' && !OUTSIDE.test(error.message)) {
      tally.rejected++;
      const where = flaggedAt(verdict, diagnostics);
      if (where === 'same line') tally.flagged++;
      else differ(where === 'elsewhere' ? 'flagged elsewhere' : 'not flagged', verdict, error.message);
    }
    const statements = (answer?.statements ?? []).filter((s) => inside(s.start));
    for (const expected of verdict.lineage ?? []) compareLineage(expected, statements, verdict, tally, differ);
  });
}

function before(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}

function flaggedAt(
  verdict: PlanVerdict,
  diagnostics: readonly DoorDiagnostic[],
): 'same line' | 'elsewhere' | 'nowhere' {
  if (diagnostics.length === 0) return 'nowhere';
  const pos = verdict.error?.pos;
  if (!pos) return 'same line';
  const line = verdict.line + pos[0] - 1;
  return diagnostics.some((d) => d.start[0] <= line && d.end[0] >= line) ? 'same line' : 'elsewhere';
}

function compareLineage(
  expected: LineageVerdict,
  statements: readonly DoorStatement[],
  verdict: PlanVerdict,
  tally: SemanticTally,
  differ: (outcome: SemanticOutcome, verdict: PlanVerdict, detail: string) => void,
): void {
  tally.lineages++;
  const ours = statements.flatMap((s) => s.lineage ?? []).filter((l) => l.sink === expected.sink);
  if (ours.length === 0) {
    differ('no lineage', verdict, `into ${expected.sink}`);
    return;
  }
  const wanted = shape(expected, false);
  const same = ours.find((l) => shape(l, false) === wanted);
  if (!same) {
    differ('lineage differs', verdict, `theirs ${shape(expected, true)}\n      ours   ${shape(ours[0]!, true)}`);
    return;
  }
  tally.sameLineages++;
  expected.columns.forEach((column, i) => {
    const given = same.columns[i]!;
    for (const from of column.from) {
      tally.flags++;
      const match = given.from.some(
        (f) => f.table === from.table && f.column === from.column && f.transformed === from.transformed,
      );
      if (match) tally.sameFlags++;
      else
        differ(
          'flag differs',
          verdict,
          `${column.column} from ${from.column}: theirs ${from.transformed ? 'transformed' : 'direct'}`,
        );
    }
  });
}

/** Lineage as a text that is equal when sink columns have equal sets of sources. */
function shape(lineage: LineageVerdict, flags: boolean): string {
  return lineage.columns
    .map(({ column, from }) => {
      const names = from.map((f) => `${f.table}.${f.column}${flags && f.transformed ? '*' : ''}`);
      return `${column} <- ${[...new Set(names)].sort().join(', ')}`;
    })
    .join('; ');
}

export function semanticsTable(run: SemanticRun): string {
  const percent = (part: number, whole: number): string =>
    `${part}/${whole} ${whole === 0 ? '' : `(${((100 * part) / whole).toFixed(1)}%)`}`;
  return run.tallies
    .map(
      (t) =>
        `${t.corpus} ${t.release}: false alarms ${t.falseAlarms} on ${t.accepted} accepted; ` +
        `rejections flagged on their line ${percent(t.flagged, t.rejected)}; ` +
        `lineage identical ${percent(t.sameLineages, t.lineages)}; transformed flag ${percent(t.sameFlags, t.flags)}`,
    )
    .join('\n');
}

export function describeSemantic({ outcome, sample, verdict, detail, release }: SemanticDisagreement): string {
  return `${outcome}: ${release} ${sample.id} statement ${verdict.n} (line ${verdict.line}): ${detail}`;
}

export function semanticsFound(run: SemanticRun): Found[] {
  return run.disagreements.map(({ corpus, release, sample, verdict, outcome, detail }) => ({
    corpus,
    release,
    id: `${sample.id} #${verdict.n}`,
    what: `${outcome}: ${detail.split('\n')[0]!.slice(0, 120)}`,
  }));
}
