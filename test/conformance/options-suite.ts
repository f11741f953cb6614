// Connector and format options, judged by the real factories: every table alone, read from and written to.
import { tokensOf } from '../fuzz/mutate';
import { Random } from '../fuzz/random';
import { askDoor } from './door';
import { contentId } from './maven-corpus';
import { judge, type OracleAnswer } from './oracle';
import { table } from './parser-suite';
import type { Version } from './verdict';

/** Connectors and formats whose factories the judge can load; those behind blackhole with Flink 1.20 only. */
export const connectors: ReadonlySet<string> = new Set(
  'kafka upsert-kafka jdbc filesystem datagen print blackhole elasticsearch-7 mysql-cdc postgres-cdc mongodb kinesis firehose dynamodb'.split(
    ' ',
  ),
);
export const formats: ReadonlySet<string> = new Set([
  'json',
  'csv',
  'raw',
  'debezium-json',
  'canal-json',
  'maxwell-json',
  'ogg-json',
]);

const simpleTable =
  /^\s*CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w`]+)\s*\([\s\S]*\)\s*WITH\s*\(([\s\S]*)\)\s*$/i;

export const optionsOf = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/'([^']*)'\s*=\s*'([^']*)'/g)].map((match) => [match[1]!, match[2]!]));

/** Statements that create a table of connectors and formats the judge knows, and mutants of their options. */
export function optionTables(
  count: number,
  seed: number,
  statements: readonly string[],
): { name: string; sql: string }[] {
  const random = new Random(seed);
  const known = statements.flatMap((sql) => {
    const match = simpleTable.exec(sql);
    if (!match || /\b(LIKE|AS\s+SELECT)\b/i.test(match[2]!)) return [];
    const options = optionsOf(match[2]!);
    const used = ['format', 'key.format', 'value.format']
      .map((key) => options.get(key))
      .filter((one) => one !== undefined);
    if (!connectors.has(options.get('connector') ?? '') || !used.every((format) => formats.has(format))) return [];
    return [{ name: match[1]!, sql }];
  });
  const made = new Map(known.map((one) => [one.sql, one]));
  for (let tries = 0; made.size < count && tries < count * 5 && known.length > 0; tries++) {
    const { name, sql } = random.pick(known);
    const changed = changeOption(sql, random);
    if (changed) made.set(changed, { name, sql: changed });
  }
  return [...made.values()].slice(0, count);
}

/** One option renamed, dropped, doubled, or given another value. */
export function changeOption(sql: string, random: Random): string | undefined {
  const start = sql.search(/WITH\s*\([^()]*$|WITH\s*\((?=[\s\S]*\)\s*$)/i);
  const pairs = [...sql.matchAll(/'([^']*)'\s*=\s*'([^']*)'/g)].filter((match) => match.index > start);
  if (pairs.length < 2) return undefined;
  const pair = random.pick(pairs);
  const [all, key, value] = [pair[0], pair[1]!, pair[2]!];
  if (key === 'connector' || key.endsWith('format')) return undefined;
  const letter = random.below(key.length);
  const others = ['true', 'earliest-offset', '10', '-1', '1 min', 'abc', ''];
  const to = random.pick([
    `'${key.slice(0, letter)}${key.slice(letter + 1)}' = '${value}'`,
    `'${key}.x' = '${value}'`,
    `'${key.replace(/[.-]/, '_')}' = '${value}'`,
    `'${key}' = '${random.pick(others)}'`,
    '',
  ]);
  const after = sql.slice(pair.index + all.length);
  if (to !== '') return sql.slice(0, pair.index) + to + after;
  if (!/^\s*,/.test(after)) return undefined;
  return sql.slice(0, pair.index) + after.replace(/^\s*,/, '');
}

/** What is not about options: formats and drivers without a jar, connectors that only read or only write. */
export const besides =
  /Could not find any (\w+ )?factory|can only be used as a (source|sink)|cannot be used as a (source|sink)|No suitable driver|jdbc\.Driver|ClassNotFound|NoClassDefFound|hadoop|S3|hdfs/i;
const aboutOptions = /Unable to create a (source|sink)/;

function optionError(answer: OracleAnswer, index: number): string | undefined {
  const error = answer.statements?.[index]?.error;
  if (!error || !aboutOptions.test(error.message)) return undefined;
  const reason = error.cause ?? error.message;
  return besides.test(reason) || besides.test(error.message.split('Table options are')[0]!) ? undefined : reason;
}

export interface OptionsRun {
  readonly rows: string;
  readonly falseAlarms: readonly string[];
  readonly missed: readonly string[];
}

/** Judges and compares. A finding of ours must be confirmed by reading or by writing; an error of reading be found. */
export async function runOptionsSuite(
  door: string,
  tables: readonly { name: string; sql: string }[],
  versions: readonly Version[],
): Promise<OptionsRun> {
  const rows = [['tables', 'Flink', 'judged', 'rejected', 'found', 'false alarms']];
  const falseAlarms: string[] = [];
  const missed: string[] = [];
  for (const { release, flink } of versions) {
    const scripts = tables.map(
      ({ name, sql }) => `${sql};\nSELECT * FROM ${name};\nINSERT INTO ${name} SELECT * FROM ${name};\n`,
    );
    const answers = await judge(
      release,
      'options',
      scripts.map((script) => ({ mode: 'plan', connectors: 'real', script })),
    );
    const ours = await askDoor(
      door,
      flink,
      scripts.map((script, index) => ({ id: String(index), script })),
    );
    let judged = 0;
    let rejected = 0;
    let found = 0;
    let alarms = 0;
    scripts.forEach((script, index) => {
      const answer = answers[index]!;
      const first = answer.statements?.[0];
      // Another error of the table's definition, or a jar that is not there, says nothing of options
      if (!first || first.error || !ours.has(String(index))) return;
      const unusable = answer.statements!.some(({ error }) => error && besides.test(`${error.message} ${error.cause}`));
      const reading = optionError(answer, 1);
      const writing = optionError(answer, 2);
      const findings = ours
        .get(String(index))!
        .statements.flatMap((statement) => statement.diagnostics)
        .filter((one) => one.origin === 'options' && one.severity === 'error');
      judged++;
      const label = `${contentId(script)} [${release}]`;
      if (reading) {
        rejected++;
        if (findings.length > 0) found++;
        else missed.push(`${label}: ${reading.replace(/\s+/g, ' ').slice(0, 200)} | ${withClause(script)}`);
      } else if (!writing && !unusable && findings.length > 0) {
        alarms++;
        falseAlarms.push(`${label}: ${findings[0]!.message} | ${withClause(script)}`);
      }
    });
    rows.push([
      String(tables.length),
      release,
      String(judged),
      String(rejected),
      rejected === 0 ? '–' : `${found} ${((100 * found) / rejected).toFixed(1)} %`,
      String(alarms),
    ]);
  }
  return { rows: table(rows), falseAlarms, missed };
}

const withClause = (script: string): string =>
  tokensOf(/WITH\s*\(([\s\S]*?)\)\s*;/i.exec(script)?.[1] ?? '')
    .join('')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
