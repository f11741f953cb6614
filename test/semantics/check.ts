import { expect } from 'vitest';
import { parseScript } from '../../server/src/language/parser';
import { analyseScript } from '../../server/src/semantics/analyse';
import type { ScriptAnalysis } from '../../server/src/semantics/analysis';
import type { Environment } from '../../server/src/semantics/environment';
import type { StatementLineage } from '../../server/src/semantics/lineage';

export const environment: Environment = { flinkVersion: '2.3', strict: true };

/** Parses and binds a script. */
export function analyse(sql: string, env: Environment = environment): ScriptAnalysis {
  return analyseScript(
    parseScript(sql, { flinkVersion: env.flinkVersion, templates: false }).statements.map((s) => s.statement),
    env,
  );
}

const MARKER = /^(\s*)(~+) (\S+)$/;

/**
 * Checks the findings of a script. Below a line of code, `~~~ code` marks the range of a finding; a script without
 * markers must have none. Findings of advice count only where one is expected.
 */
export function checkFindings(marked: string, env: Environment = environment): void {
  const lines: string[] = [];
  const expected: string[] = [];
  let offset = 0;
  let previous = 0;
  for (const line of marked.split('\n')) {
    const marker = MARKER.exec(line);
    if (marker) {
      const start = previous + marker[1]!.length;
      expected.push(`${start}-${start + marker[2]!.length} ${marker[3]}`);
      continue;
    }
    lines.push(line);
    previous = offset;
    offset += line.length + 1;
  }
  const sql = lines.join('\n');
  const placed = parseScript(sql, { flinkVersion: env.flinkVersion, templates: false }).statements;
  const syntax = placed.flatMap((s) => s.statement.problems.map((p) => p.message));
  expect(syntax, 'the script must be free of syntax errors').toEqual([]);
  const analysis = analyseScript(
    placed.map((s) => s.statement),
    env,
  );
  const advice = new Set(expected.map((e) => e.split(' ')[1]));
  const found = placed.flatMap((s, i) =>
    analysis.statements[i]!.problems.filter((p) => p.origin !== 'hint' || advice.has(p.code)).map(
      (p) => `${s.offset + p.start}-${s.offset + p.end} ${p.code}`,
    ),
  );
  expect(found.sort()).toEqual(expected.sort());
}

const PREFIX = 'default_catalog.default_database.';
const short = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);

/** Lineage as text, one line for each sink column: `sink.column <- table.column, table.column*` (* is transformed). */
export function lineageText(lineage: StatementLineage): string[] {
  return lineage.columns.map(({ column, from }) => {
    const sources = from.map((o) => `${short(o.table)}.${o.column}${o.transformed ? '*' : ''}`).sort();
    return `${lineage.sink ? `${short(lineage.sink)}.` : ''}${column} <-${sources.length > 0 ? ` ${sources.join(', ')}` : ''}`;
  });
}

/** Checks the column lineage of a script's last statement. */
export function checkLineage(sql: string, expected: string): void {
  const statements = analyse(sql).statements;
  const text = statements.at(-1)!.lineage.flatMap(lineageText);
  const lines = expected
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  expect(text).toEqual(lines);
}

/** Checks what else decides about the last statement's rows: `filter t.a`. */
export function checkIndirect(sql: string, expected: readonly string[]): void {
  const last = analyse(sql).statements.at(-1)!.lineage.at(-1)!;
  expect(last.indirect.map((o) => `${o.kind} ${short(o.table)}.${o.column}`).sort()).toEqual([...expected].sort());
}
