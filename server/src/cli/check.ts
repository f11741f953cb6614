import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { TableAnswer } from '../atlas/cards';
import { describeTables } from '../atlas/describeTables';
import { declaredName } from '../atlas/job';
import type { ScriptToDescribe } from '../atlas/service';
import { type MetadataStore, StoreError, toUserError } from '../atlas/store';
import { tableOf } from '../atlas/tableOf';
import { diagnostics } from '../features/diagnostics';
import { placeName } from '../features/metadata-hover';
import { type Findings, storeFindings, tablesOf } from '../features/store-findings';
import { Lines } from '../language/lines';
import type { Origin, Severity } from '../language/problem';
import type { UserError } from '../protocol';
import { catalogsOf } from '../workspace/catalogs-of';
import { DdlAround } from '../workspace/ddl-around';
import { readGovernance, readSettings, type Settings } from '../workspace/settings';
import { readScript, scriptOptions, scriptUsage, settingsOf } from './script';
import { storeOf, storeOptions, storeUsage } from './store';

export const usage = `flink-sql check FILE… [--atlas URL | --workspace DIR] [--namespace NS] [--rule CODE=SEVERITY] [--json]
  What the editor would tell of these files; with a store also columns that differ from it, classified data that flows where
  it is not classified, and reading what is deprecated.
${storeUsage}
  --rule CODE=SEVERITY          error, warning, info, hint or off for one kind of finding, as often as needed
  --governance NAME=SEVERITY    the same for a classification (default: PII=warning, Deprecated=warning)
  --masking FUNCTION            hides the value it is given, as often as needed (default: MD5, SHA…, COUNT)
  --json           one JSON object, hints included, instead of text
${scriptUsage}
  Exit code: 0 no errors, 1 errors, or a file that cannot be read, 2 the store could not be asked.`;

interface Finding {
  code: string;
  severity: Severity;
  origin: Origin;
  message: string;
  /** 1-based line and column in the file; the end is exclusive */
  start: [line: number, column: number];
  end: [line: number, column: number];
}

interface Checked {
  file: string;
  findings: Finding[];
  error?: UserError;
}

function readArguments(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...storeOptions,
      ...scriptOptions,
      rule: { type: 'string', multiple: true },
      governance: { type: 'string', multiple: true },
      masking: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  });
}

/** 'unused-table=off' as an entry; throws when it has no such form. */
function pairs(given: readonly string[] | undefined): Record<string, string> | undefined {
  return (
    given &&
    Object.fromEntries(
      given.map((text) => {
        const [, name, severity] = /^(.+)=(error|warning|info|hint|off)$/.exec(text) ?? [];
        if (!name || !severity)
          throw new Error(`“${text}” is not NAME=SEVERITY with error, warning, info, hint or off.`);
        return [name, severity];
      }),
    )
  );
}

/** The subcommand `check`: what the editor would tell of scripts, for continuous integration. Gives the exit code. */
export async function check(
  args: readonly string[],
  out: Writable,
  err: Writable,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  let parsed: ReturnType<typeof readArguments>;
  let settings: Settings;
  let store: MetadataStore | undefined;
  try {
    parsed = readArguments(args);
    const { values, positionals } = parsed;
    if (positionals.length === 0) throw new Error('Say which files to check.');
    settings = {
      ...settingsOf(values),
      rules: readSettings({ rules: pairs(values.rule) }).rules,
      governance: readGovernance(pairs(values.governance), values.masking),
    };
    const named = values.atlas || values.workspace ? storeOf(values, env) : undefined;
    if (typeof named === 'string') throw new Error(named);
    store = named;
  } catch (error) {
    err.write(`${error instanceof Error ? error.message : String(error)}\n\nUsage:\n${usage}\n`);
    return 1;
  }
  const { values, positionals } = parsed;
  const around = values['no-ddl'] ? undefined : new DdlAround(settings, values.ddl);
  const checked: Checked[] = [];
  let isAway = false;
  for (const file of positionals) {
    try {
      checked.push({ file, findings: await findingsOf(file, settings, around, store) });
    } catch (error) {
      isAway ||= !(error instanceof StoreError && error.code === 'invalid');
      checked.push({ file, findings: [], error: toUserError(error) });
    }
  }
  if (values.json) out.write(`${JSON.stringify({ files: checked }, undefined, 2)}\n`);
  else out.write(report(checked));
  if (isAway) return 2;
  return checked.some(({ error, findings }) => error || findings.some(({ severity }) => severity === 'error')) ? 1 : 0;
}

async function findingsOf(
  file: string,
  settings: Settings,
  around: DdlAround | undefined,
  store: MetadataStore | undefined,
): Promise<Finding[]> {
  let script = await readScript(file, settings, around, { strict: true });
  let known: Findings = new Map();
  if (store) {
    const answers = await ask(store, script);
    // What only the store knows is bound with the columns that it has there
    const there = new Map(
      [...answers].flatMap(([name, answer]) => {
        const table = answer.found ? tableOf(answer.card, store.info.label) : undefined;
        return table ? [[name, table] as const] : [];
      }),
    );
    const find = async (path: string) => {
      const elsewhere = await around?.for(path);
      return (name: string) => elsewhere?.(name) ?? there.get(name);
    };
    if (there.size > 0) script = await readScript(file, settings, { for: find }, { strict: true });
    const own = declaredName(script) ?? script.source.file;
    known = storeFindings(script, {
      answers,
      place: placeName(store.info),
      governance: settings.governance ?? readGovernance(undefined, undefined),
      ...(settings.rules ? { severities: settings.rules } : {}),
      isOwnJob: (name) => name.replace(/@[^@]*$/, '') === own,
    });
  }
  const lines = new Lines(script.text);
  const { analysis } = script;
  return diagnostics(script.text, script.statements, (statement, index) => [
    ...(analysis.statements[index]?.problems ?? []),
    ...(known.get(statement) ?? []),
  ]).map(({ problem: { code, severity, origin, message }, start, end }) => ({
    code,
    severity,
    origin,
    message,
    start: lines.at(start),
    end: lines.at(end),
  }));
}

/** What the store knows of the tables of a script, by name. Throws a StoreError when it cannot be asked. */
async function ask(store: MetadataStore, script: ScriptToDescribe): Promise<Map<string, TableAnswer>> {
  const tables = [...tablesOf(script).values()];
  const answers = await describeTables(store, tables, catalogsOf(script));
  for (const answer of answers) {
    if (answer.found || !('error' in answer)) continue;
    throw new StoreError(answer.error.code, answer.error.message, answer.error.advice);
  }
  return new Map(answers.map((answer) => [answer.table, answer]));
}

const words: Record<Severity, string> = { error: 'error', warning: 'warning', information: 'info', hint: 'hint' };

/** One line a finding, as compilers write them, and a sum. */
function report(checked: readonly Checked[]): string {
  const lines = checked.flatMap(({ file, findings, error }) => [
    ...(error ? [`${file}: error ${error.message}${error.advice ? ` ${error.advice}` : ''}`] : []),
    ...findings
      .filter(({ severity }) => severity !== 'hint')
      .map(
        ({ code, severity, message, start: [line, column] }) =>
          `${file}:${line}:${column}: ${words[severity]} ${message} [${code}]`,
      ),
  ]);
  const count = (wanted: Severity) =>
    checked.reduce((sum, { findings }) => sum + findings.filter(({ severity }) => severity === wanted).length, 0);
  const sum = [
    counted(checked.length, 'file'),
    `${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${counted(count('information'), 'remark')}`,
  ].join(': ');
  return `${[...lines, `${sum}.`].join('\n')}\n`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
