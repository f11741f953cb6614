import { compareParser, disagreements, type ParserComparison, type ParserOutcome } from './compare-parser';
import { askDoor } from './door';
import type { Found } from './known';
import type { Corpus } from './precomputed';
import type { StatementSample, Version } from './verdict';

export interface ParserDisagreement extends ParserComparison {
  readonly corpus: string;
  readonly release: string;
  readonly sample: StatementSample;
}

export interface ParserTally {
  readonly corpus: string;
  readonly release: string;
  readonly counts: Record<ParserOutcome, number>;
}

export interface ParserRun {
  readonly tallies: readonly ParserTally[];
  readonly disagreements: readonly ParserDisagreement[];
}

/** Runs every statement of the corpora through the door, for every version, and compares it with Flink's verdict. */
export async function runParserSuite(
  door: string,
  corpora: readonly Corpus<StatementSample>[],
  versions: readonly Version[],
): Promise<ParserRun> {
  const tallies: ParserTally[] = [];
  const found: ParserDisagreement[] = [];
  for (const corpus of corpora) {
    for (const { release, flink } of versions) {
      const judged = corpus.samples.filter((sample) => sample.flink[release]);
      const requests = judged.map((sample) => ({ id: sample.id, script: sample.sql }));
      const answers = await askDoor(door, flink, requests);
      const counts = { accepted: 0, rejected: 0, elsewhere: 0, 'false alarm': 0, missed: 0, 'no answer': 0 };
      for (const sample of judged) {
        const comparison = compareParser(sample.flink[release]!, answers.get(sample.id));
        counts[comparison.outcome]++;
        if (disagreements.has(comparison.outcome)) found.push({ ...comparison, corpus: corpus.name, release, sample });
      }
      tallies.push({ corpus: corpus.name, release, counts });
    }
  }
  return { tallies, disagreements: found };
}

export function parserFound(run: ParserRun): Found[] {
  return run.disagreements.map(({ corpus, release, sample, outcome }) => ({
    corpus,
    release,
    id: sample.id,
    what: outcome,
  }));
}

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`);

/** The table of counts, a row for each corpus and version. */
export function parserTable(run: ParserRun): string {
  const rows = run.tallies.map(({ corpus, release, counts }) => {
    const valid = counts.accepted + counts['false alarm'];
    const invalid = counts.rejected + counts.elsewhere + counts.missed;
    const total = valid + invalid + counts['no answer'];
    return [
      corpus,
      release,
      String(total),
      `${counts.accepted}/${valid}`,
      `${counts.rejected + counts.elsewhere}/${invalid}`,
      percent(counts.accepted + counts.rejected + counts.elsewhere, total),
      String(counts['false alarm']),
      String(counts.missed),
      percent(counts.rejected, invalid),
      String(counts.elsewhere),
      String(counts['no answer']),
    ];
  });
  const head = [
    'corpus',
    'Flink',
    'statements',
    'accepted',
    'rejected',
    'agreement',
    'false alarms',
    'missed',
    'same place',
    'elsewhere',
    'no answer',
  ];
  return table([head, ...rows]);
}

/** Lines of a table with aligned columns: the first two to the left, figures to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n');
}

/** Words of a message without its names, numbers and quoted texts, so that alike disagreements fall into one class. */
export function shape(message: string): string {
  return message
    .replace(/\s+/g, ' ')
    .replace(/at line \d+, column \d+.*/, '')
    .replace(/\d+/g, '#')
    .slice(0, 110);
}

/** The disagreements grouped by outcome and message, the largest class first, each with up to `examples` samples. */
export function parserClasses(run: ParserRun, examples: number, limit: number): string {
  const classes = new Map<string, ParserDisagreement[]>();
  for (const one of run.disagreements) {
    const theirs = one.sample.flink[one.release as '2.3.0']?.message ?? '';
    const ours = one.ours?.message ?? '';
    const title =
      one.outcome === 'missed'
        ? `missed: Flink says ${shape(theirs)}`
        : `${one.outcome}: we say ${shape(ours)}${one.outcome === 'elsewhere' ? ` | Flink says ${shape(theirs)}` : ''}`;
    const members = classes.get(title) ?? [];
    members.push(one);
    classes.set(title, members);
  }
  const sorted = [...classes].sort((a, b) => b[1].length - a[1].length);
  const lines: string[] = [];
  for (const [title, members] of sorted.slice(0, limit)) {
    lines.push(`${String(members.length).padStart(5)}  ${title}`);
    const seen = new Set<string>();
    for (const one of members) {
      if (seen.size >= examples || seen.has(one.sample.id)) continue;
      seen.add(one.sample.id);
      lines.push(`         ${describe(one)}`);
    }
  }
  if (sorted.length > limit) lines.push(`       … and ${sorted.length - limit} more classes (--classes N shows more)`);
  return lines.join('\n');
}

/** One line about a disagreement: id, places, and the text around the place. */
export function describe(one: ParserDisagreement): string {
  const verdict = one.sample.flink[one.release as '2.3.0'];
  const places = [
    verdict && !verdict.ok ? `Flink ${verdict.pos ? `${verdict.pos[0]}:${verdict.pos[1]}` : '?'}` : '',
    one.ours ? `ours ${one.ours.start[0]}:${one.ours.start[1]}` : '',
  ].filter((place) => place !== '');
  const at = one.outcome === 'false alarm' ? one.ours?.start : (verdict?.pos ?? one.ours?.start);
  return `${one.sample.id} [${one.release}] ${places.join(', ')}: ${around(one.sample.sql, at?.[0] ?? 1, at?.[1] ?? 1)}`;
}

/** The text around a line and column (1-based), on one line, with ▮ at the place. */
export function around(text: string, line: number, column: number): string {
  const lines = text.split(/\r\n|\r|\n/);
  let offset = 0;
  for (let i = 0; i < Math.min(line - 1, lines.length); i++) offset += lines[i]!.length + 1;
  offset += column - 1;
  const flat = lines.join('\n');
  const before = flat.slice(Math.max(0, offset - 70), offset);
  return `${before}▮${flat.slice(offset, offset + 50)}`.replace(/\s+/g, ' ');
}
