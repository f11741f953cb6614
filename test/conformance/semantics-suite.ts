import { compareSemantics, type StatementComparison, statementTexts } from './compare-semantics';
import { askDoor } from './door';
import type { Found } from './known';
import { around, shape, table } from './parser-suite';
import type { Corpus } from './precomputed';
import type { Release, ScriptSample, Version } from './verdict';

export interface SemanticsDisagreement {
  readonly corpus: string;
  readonly release: Release;
  readonly sample: ScriptSample;
  readonly comparison: StatementComparison;
  readonly what: 'false alarm' | 'not flagged' | 'other line' | 'lineage' | 'transformed' | 'no answer';
}

const nothing = {
  accepted: 0,
  falseAlarms: 0,
  visible: 0,
  flagged: 0,
  lineages: 0,
  equalLineages: 0,
  columns: 0,
  equalColumns: 0,
  origins: 0,
  equalFlags: 0,
  unanswered: 0,
};

export type SemanticsTally = typeof nothing & { readonly corpus: string; readonly release: Release };

export interface SemanticsRun {
  readonly tallies: readonly SemanticsTally[];
  readonly disagreements: readonly SemanticsDisagreement[];
}

/** Runs every script through the door and compares findings and lineage with the planner's verdicts. */
export async function runSemanticsSuite(
  door: string,
  corpora: readonly Corpus<ScriptSample>[],
  versions: readonly Version[],
  options: boolean,
): Promise<SemanticsRun> {
  const tallies: SemanticsTally[] = [];
  const found: SemanticsDisagreement[] = [];
  for (const corpus of corpora) {
    for (const { release, flink } of versions) {
      const judged = corpus.samples.filter((sample) => sample.flink[release]);
      // Ids of scripts are file names, which several sources share
      const requests = judged.map((sample, index) => ({ id: String(index), script: sample.script }));
      const answers = await askDoor(door, flink, requests);
      const tally: SemanticsTally = { ...nothing, corpus: corpus.name, release };
      judged.forEach((sample, index) => {
        const answer = answers.get(String(index));
        if (!answer) {
          tally.unanswered++;
          return;
        }
        for (const comparison of compareSemantics(sample.script, sample.flink[release]!, answer, options)) {
          for (const what of count(tally, comparison)) {
            found.push({ corpus: corpus.name, release, sample, comparison, what });
          }
        }
      });
      tallies.push(tally);
    }
  }
  return { tallies, disagreements: found };
}

/** Adds one statement to the counts and gives what disagrees. */
function count(tally: SemanticsTally, comparison: StatementComparison): SemanticsDisagreement['what'][] {
  const { outcome, lineage } = comparison;
  const wrong: SemanticsDisagreement['what'][] = [];
  if (outcome === 'silent' || outcome === 'false alarm') tally.accepted++;
  if (outcome === 'flagged' || outcome === 'not flagged' || outcome === 'other line') tally.visible++;
  if (outcome === 'flagged') tally.flagged++;
  if (outcome === 'false alarm') tally.falseAlarms++;
  if (outcome === 'false alarm' || outcome === 'not flagged' || outcome === 'other line') wrong.push(outcome);
  if (!lineage) return wrong;
  tally.lineages++;
  tally.columns += lineage.columns;
  tally.equalColumns += lineage.equalColumns;
  tally.origins += lineage.origins;
  tally.equalFlags += lineage.equalFlags;
  if (lineage.equal) tally.equalLineages++;
  else wrong.push('lineage');
  if (lineage.equal && lineage.equalFlags < lineage.origins) wrong.push('transformed');
  return wrong;
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${part}/${whole} ${((100 * part) / whole).toFixed(2)} %`;

/** The table of counts, a row for each corpus and version. */
export function semanticsTable(run: SemanticsRun): string {
  const head = 'corpus,Flink,accepted,false alarms,flagged,lineage,columns,transformed,no answer'.split(',');
  const rows = run.tallies.map((one) => [
    one.corpus,
    one.release,
    String(one.accepted),
    String(one.falseAlarms),
    share(one.flagged, one.visible),
    share(one.equalLineages, one.lineages),
    share(one.equalColumns, one.columns),
    share(one.equalFlags, one.origins),
    String(one.unanswered),
  ]);
  return table([head, ...rows]);
}

/** Name of a statement of a corpus: source, script and number. */
const place = ({ sample, comparison }: SemanticsDisagreement): string =>
  `${sample.source}:${sample.id}#${comparison.verdict.n}`;

/** What known.json must list: false alarms and other lineage. Of what we miss only the share counts, see below. */
export function semanticsFound(run: SemanticsRun): Found[] {
  return run.disagreements
    .filter(({ what }) => what === 'false alarm' || what === 'lineage' || what === 'no answer')
    .map((one) => ({ corpus: one.corpus, release: one.release, id: place(one), what: one.what }));
}

/** Corpora where too few rejections are flagged on their line (of 100 at least 95) or flags are wrong (98), in words. */
export function semanticsShortfalls(run: SemanticsRun): string[] {
  return run.tallies.flatMap((one) => {
    const place = `${one.corpus} ${one.release}`;
    return [
      ...(one.flagged < 0.95 * one.visible ? [`${place}: flagged ${share(one.flagged, one.visible)}, asked 95 %`] : []),
      ...(one.equalFlags < 0.98 * one.origins
        ? [`${place}: transformed ${share(one.equalFlags, one.origins)}, asked 98 %`]
        : []),
    ];
  });
}

function title({ comparison, what }: SemanticsDisagreement): string {
  if (what === 'false alarm') return `false alarm: ${comparison.ours[0]!.code}: ${shape(comparison.ours[0]!.message)}`;
  if (what === 'transformed') return 'transformed flag';
  if (what === 'lineage') {
    const difference = comparison.lineage!.difference!;
    if (/^\d+ flows/.test(difference)) return `lineage: ${difference}`;
    if (/^\d+ columns/.test(difference)) return 'lineage: number of columns';
    if (difference.startsWith('sink ')) return 'lineage: name of the sink';
    return /: absent/.test(difference) ? 'lineage: column absent' : 'lineage: origins of a column';
  }
  const theirs = comparison.verdict.error!.message.replace(/'[^']*'|`[^`]*`/g, "'…'");
  return `${what}: Flink says ${comparison.verdict.error!.stage}: ${shape(theirs)}`;
}

/** The disagreements in classes, the largest first, with examples. */
export function semanticsClasses(run: SemanticsRun, examples: number, limit: number): string {
  const classes = new Map<string, SemanticsDisagreement[]>();
  for (const one of run.disagreements) {
    const key = title(one);
    classes.set(key, [...(classes.get(key) ?? []), one]);
  }
  const lines: string[] = [];
  const sorted = [...classes].sort((a, b) => b[1].length - a[1].length);
  for (const [key, members] of sorted.slice(0, limit)) {
    lines.push(`${String(members.length).padStart(5)}  ${key}`);
    for (const one of members.slice(0, examples)) lines.push(`         ${describeSemantics(one)}`);
  }
  if (sorted.length > limit) lines.push(`       … and ${sorted.length - limit} more classes (--classes N shows more)`);
  return lines.join('\n');
}

/** One line about a disagreement: where, what both say, and the text around the place. */
export function describeSemantics(one: SemanticsDisagreement): string {
  const { release, sample, comparison, what } = one;
  const { verdict, ours, lineage } = comparison;
  const at = `${place(one)} [${release}] line ${verdict.line}`;
  const text = statementTexts(sample.script, sample.flink[release]!)[verdict.n]!;
  const flat = text.replace(/\s+/g, ' ').slice(0, 160);
  if (what === 'lineage') return `${at}: ${lineage!.difference} | ${flat}`;
  if (what === 'transformed') return `${at}: ${lineage!.flagDifference} | ${flat}`;
  if (what === 'false alarm') {
    const [line, column] = ours[0]!.start;
    return `${at}: ${ours[0]!.message} | ${around(sample.script, line, column)}`;
  }
  const said = verdict.error!.message.replace(/\s+/g, ' ').slice(0, 140);
  const other = what === 'other line' ? ` | we say, line ${ours[0]!.start[0]}: ${ours[0]!.message}` : '';
  const pos = verdict.error!.pos;
  return `${at}: ${said}${other} | ${pos ? around(text, pos[0], pos[1]) : flat}`;
}
