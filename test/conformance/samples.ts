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

/** Differences between what a sample says of itself and the planner's verdicts, in words. */
export function sampleFaults(file: string, script: string, verdicts: readonly PlanVerdict[]): string[] {
  const wrong = new Set(wrongLines(script));
  const faults: string[] = [];
  for (const verdict of verdicts) {
    const message = verdict.error ? `${verdict.error.message} ${verdict.error.cause ?? ''}`.replace(/\s+/g, ' ') : '';
    const rejected = message !== '' && !notThere.test(message) && !catalogMissing.test(message);
    if (rejected === wrong.delete(verdict.line)) continue;
    const said = rejected ? `Flink rejects it: ${message.slice(0, 300)}` : 'Flink accepts what the comment calls wrong';
    faults.push(`${file}:${verdict.line}: ${said}`);
  }
  for (const line of wrong) faults.push(`${file}:${line}: no statement begins where the comment calls one wrong`);
  return faults;
}

/** Judges every sample with every version, with stub connectors and with the real ones. Gives the faults found. */
export async function checkSamples(versions: readonly Version[]): Promise<{ checked: number; faults: string[] }> {
  const folder = join(root, 'samples');
  const files = readdirSync(folder).filter((name) => name.endsWith('.flink.sql'));
  const faults: string[] = [];
  let checked = 0;
  for (const { release } of versions) {
    for (const connectors of ['stub', 'real'] as const) {
      const requests = files.map(
        (file): OracleRequest => ({ mode: 'plan', connectors, script: readFileSync(join(folder, file), 'utf8') }),
      );
      const answers = await judge(release, 'samples', requests);
      answers.forEach((answer, index) => {
        checked++;
        const found = answer.statements
          ? sampleFaults(files[index]!, requests[index]!.script!, answer.statements)
          : [`${files[index]}: ${answer.failure}`];
        faults.push(...found.map((fault) => `[${release}, ${connectors} connectors] ${fault}`));
      });
    }
  }
  return { checked, faults };
}
