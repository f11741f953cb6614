// The project's samples before real Flink: all is accepted, except what a comment in mistakes.flink.sql calls wrong.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, type OracleRequest } from './oracle';
import { root } from './paths';
import type { PlanVerdict, Version } from './verdict';

/** What the judging machine lacks is no fault of a sample: connectors and catalogs without a jar on its class path. */
const notThere =
  /Could not find any (format )?factory|Unable to create catalog|Catalog \w+ does not exist|catalogName: \[\w+\]/;
const catalogMissing = /Cannot find table '`\w+`\.`\w+`\.`\w+`' in any of the catalogs \[default_catalog\]/;

/** Lines (1-based) of the first character of the statements that a comment directly above calls wrong. */
export function wrongLines(script: string): number[] {
  const lines = script.split('\n');
  const wrong: number[] = [];
  lines.forEach((line, index) => {
    if (!/^\s*-- Wrong\b/.test(line)) return;
    let next = index + 1;
    while (next < lines.length && /^\s*(--.*)?$/.test(lines[next]!)) next++;
    wrong.push(next + 1);
  });
  return wrong;
}

/** A statement that begins at this line, 1-based, up to its semicolon at the end of a line. */
const CREATED = /^CREATE TABLE (\w+) [\s\S]*?;$/;

/**
 * The script with a query behind each table that a comment calls wrong, on the line where the table ends: what a
 * connector asks of its options is only judged when the table is used. Answers the script, and for the line of each
 * query the line of its table.
 */
export function withUses(script: string): { script: string; uses: Map<number, number> } {
  const lines = script.split('\n');
  const uses = new Map<number, number>();
  for (const line of wrongLines(script)) {
    for (let end = line; end <= lines.length; end++) {
      const [, table] = CREATED.exec(lines.slice(line - 1, end).join('\n')) ?? [];
      if (table === undefined && !lines[end - 1]!.endsWith(';')) continue;
      if (table !== undefined) {
        lines[end - 1] += ` SELECT * FROM ${table};`;
        uses.set(end, line);
      }
      break;
    }
  }
  return { script: lines.join('\n'), uses };
}

/** Lines of the statements that Flink rejects, with its message; a query put in by `withUses` counts for its table. */
function rejections(verdicts: readonly PlanVerdict[], uses: ReadonlyMap<number, number>): Map<number, string> {
  const rejected = new Map<number, string>();
  for (const { line, error } of verdicts) {
    const message = error ? `${error.message} ${error.cause ?? ''}`.replace(/\s+/g, ' ') : '';
    if (message !== '' && !notThere.test(message) && !catalogMissing.test(message))
      rejected.set(uses.get(line) ?? line, message);
  }
  return rejected;
}

/** Differences between what a sample says of itself and what Flink rejects, in words. */
export function sampleFaults(file: string, script: string, rejected: ReadonlyMap<number, string>): string[] {
  const wrong = wrongLines(script);
  return [
    ...wrong
      .filter((line) => !rejected.has(line))
      .map((line) => `${file}:${line}: Flink accepts what the comment calls wrong`),
    ...[...rejected]
      .filter(([line]) => !wrong.includes(line))
      .map(([line, message]) => `${file}:${line}: Flink rejects it: ${message.slice(0, 300)}`),
  ];
}

/**
 * Judges every sample with every version, with the real connectors and with stand-ins for those that have no jar on the
 * class path. Gives the faults found.
 */
export async function checkSamples(versions: readonly Version[]): Promise<{ checked: number; faults: string[] }> {
  const folder = join(root, 'samples');
  const files = readdirSync(folder).filter((name) => name.endsWith('.flink.sql'));
  const faults: string[] = [];
  let checked = 0;
  for (const { release } of versions) {
    for (const file of files) {
      const written = readFileSync(join(folder, file), 'utf8');
      const { script, uses } = withUses(written);
      const requests = (['real', 'stub'] as const).map(
        (connectors): OracleRequest => ({ mode: 'plan', connectors, script }),
      );
      const answers = await judge(release, 'samples', requests);
      const failure = answers.find((answer) => !answer.statements)?.failure;
      const rejected = rejections(
        answers.flatMap(({ statements }) => statements ?? []),
        uses,
      );
      const found = failure ? [`${file}: ${failure}`] : sampleFaults(file, written, rejected);
      faults.push(...found.map((fault) => `[${release}] ${fault}`));
      checked += requests.length;
    }
  }
  return { checked, faults };
}
