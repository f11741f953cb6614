import { besides } from './options-suite';
import type { DoorAnswer, DoorDiagnostic, LineageVerdict, PlanVerdict } from './verdict';

/** Why Flink's planner takes or refuses a statement, as far as the script alone can tell. */
export type PlanClass =
  | 'accepted'
  /** by the parser, which the parser suite compares */
  | 'syntax'
  /** for a reason that stands in the script */
  | 'visible'
  /** because an earlier statement of the script failed, so that its object is not there */
  | 'follows'
  /** because of what the judge's machine lacks: classes, jars, catalogs */
  | 'environment';

const environment = [
  /implementation errors/,
  /Cannot instantiate user-defined function/,
  /Could not register the specified resource|Failed to register (jar )?resource/,
  /doesn't support ExecutableOperation/,
  /Unable to create a (model provider|module|catalog)/,
  /getProcedure is not implemented/,
  /Unable to restore the RAW type/,
  /Could not find any (factory|factories)/,
  /Discovered factory/,
  /ClassNotFoundException|Could not load class/,
  /is not implemented for class/,
  /findAndCreateTable(Source|Sink) failed/,
  // The planner's own mistakes
  /unexpected correlate variable|cannot be cast to class|Cannot invoke "/,
  // A stand-in for a connector that takes what the real one refuses, which is a matter of options
  /produces a changelog stream that contains UPDATE_AFTER but no UPDATE_BEFORE/,
  /please declare primary key for sink table/,
  // A stand-in for a connector that lacks an ability of the real one
  /the underlying DynamicTableSink doesn't implement/,
];

/** Classifies one verdict; `earlier` are the verdicts before it and `texts` the text of each statement. */
export function planClass(verdict: PlanVerdict, earlier: readonly PlanVerdict[], texts: readonly string[]): PlanClass {
  const error = verdict.error;
  // Verdicts computed beforehand leave a sink without columns where planning failed after conversion
  if (!error) return verdict.lineage?.some((flow) => flow.columns.length === 0) ? 'environment' : 'accepted';
  if (error.stage === 'parse') return 'syntax';
  if (error.stage === 'apply' || environment.some((pattern) => pattern.test(error.message))) return 'environment';
  const failed = earlier.filter((one) => one.error);
  if (failed.some((one) => /^\s*USE\b/i.test(texts[one.n] ?? ''))) return 'follows';
  if (/not found|Cannot find table|doesn't exist|No match found for function/.test(error.message)) {
    // What stands in a catalog that a connector brings, the judge's empty stand-in cannot know
    const catalogs = externalCatalogs(texts.slice(0, verdict.n));
    const uses = texts.slice(0, verdict.n).filter((text) => /^\s*USE\b/i.test(text));
    if (catalogs.some((name) => [texts[verdict.n] ?? '', ...uses].some((text) => text.includes(name))))
      return 'environment';
  }
  const modules = failed.some((one) => /^\s*LOAD\b/i.test(texts[one.n] ?? ''));
  if (modules && /No match found for function/.test(error.message)) {
    return 'environment';
  }
  const named = missingName(error.message);
  if (named && failed.some((one) => mentionsCreation(texts[one.n] ?? '', named))) return 'follows';
  return 'visible';
}

function externalCatalogs(texts: readonly string[]): string[] {
  return texts.flatMap((text) => {
    const name = /^\s*CREATE\s+CATALOG\s+(?:IF\s+NOT\s+EXISTS\s+)?`?(\w+)/i.exec(text)?.[1];
    return name && !text.includes('generic_in_memory') ? [name] : [];
  });
}

/** The last part of the name that a message of Flink does not find. */
function missingName(message: string): string | undefined {
  const quoted =
    /Object '([^']+)' not found/.exec(message)?.[1] ??
    /No match found for function signature (\w+)/.exec(message)?.[1] ??
    /(?:Cannot find table|Table|View|Model|Function|Source table) '?((?:`[^`]+`\.?)+)'?/.exec(message)?.[1];
  return quoted?.split('.').pop()?.replaceAll('`', '');
}

function mentionsCreation(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\b(CREATE|USE|RENAME|LOAD)\\b[\\s\\S]*?\\b${escaped}\\b`, 'i').test(text);
}

/** Text of each statement of a script, from its start to the next one's. */
export function statementTexts(script: string, verdicts: readonly PlanVerdict[]): string[] {
  const starts = lineStarts(script);
  const offsets = verdicts.map((verdict) => (starts[verdict.line - 1] ?? script.length) + verdict.col - 1);
  return offsets.map((offset, index) => script.slice(offset, offsets[index + 1]));
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

export interface StatementComparison {
  readonly verdict: PlanVerdict;
  readonly planClass: PlanClass;
  /** Errors and warnings of ours that Flink would have to confirm, in this statement */
  readonly ours: readonly DoorDiagnostic[];
  /** Our errors about options in this statement */
  readonly options: readonly DoorDiagnostic[];
  /** undefined when there is nothing to compare */
  readonly outcome?: 'silent' | 'false alarm' | 'flagged' | 'not flagged' | 'other line';
  readonly lineage?: LineageComparison;
}

export interface LineageComparison {
  readonly equal: boolean;
  /** Columns compared and equal; origins compared and with equal flag (only of equal columns) */
  readonly columns: number;
  readonly equalColumns: number;
  readonly origins: number;
  readonly equalFlags: number;
  /** What differs first, in words */
  readonly difference?: string;
  /** The first origin with another flag */
  readonly flagDifference?: string;
}

const before = (a: readonly [number, number], b: readonly [number, number]): boolean =>
  a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);

/**
 * Compares our answer about a script with the planner's verdicts, statement by statement. With stub connectors nothing
 * is known of options, so findings of that origin are left out unless `options` is given: see `compareOptions`.
 */
export function compareSemantics(
  script: string,
  verdicts: readonly PlanVerdict[],
  answer: DoorAnswer,
  options = false,
): StatementComparison[] {
  const texts = statementTexts(script, verdicts);
  const diagnostics = answer.statements
    .flatMap((statement) => statement.diagnostics)
    .filter((one) => one.severity === 'error' || one.severity === 'warning')
    .filter((one) => one.origin === 'syntax' || one.origin === 'semantics' || (options && one.origin === 'options'));
  const comparisons = verdicts.map((verdict, index): StatementComparison => {
    const start = [verdict.line, verdict.col] as const;
    const next = verdicts[index + 1];
    const end = [next?.line ?? Number.POSITIVE_INFINITY, next?.col ?? 1] as const;
    const inside = (place: readonly [number, number]): boolean => !before(place, start) && before(place, end);
    const all = diagnostics.filter((one) => inside(one.start));
    const ours = all.filter((one) => one.origin !== 'options');
    const found = planClass(verdict, verdicts.slice(0, index), texts);
    const lineage = answer.statements.filter((one) => inside(one.start)).flatMap((one) => one.lineage ?? []);
    return {
      verdict,
      planClass: found,
      ours,
      options: all.filter((one) => one.origin === 'options' && one.severity === 'error'),
      outcome: outcomeOf(found, verdict, ours),
      lineage: hasLineage(verdict) ? compareLineage(verdict.lineage, lineage) : undefined,
    };
  });
  return options ? compareOptions(comparisons, texts) : comparisons;
}

const createdTable = /^\s*(?:--[^\n]*\n\s*)*CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?`?([\w$]+)/i;
const refusedTable = /Unable to create a (?:source|sink) for (?:reading|writing) table\s+'[^']*\.([^'.]+)'/;

/**
 * Options: a factory speaks where a table is used, we where it is defined. What it says of a table counts as flagged
 * when the definition has a finding; a finding that no use of the table confirms is a false alarm.
 */
function compareOptions(comparisons: readonly StatementComparison[], texts: readonly string[]): StatementComparison[] {
  const names = texts.map((text) => createdTable.exec(text)?.[1]);
  return comparisons.map((comparison, index) => {
    const { verdict, planClass: found, options } = comparison;
    const refused = refusedTable.exec(verdict.error?.message ?? '')?.[1];
    if (refused) {
      if (besides.test(`${verdict.error!.message.split('Table options are')[0]} ${verdict.error!.cause}`))
        return { ...comparison, planClass: 'environment', outcome: undefined };
      const at = names.lastIndexOf(refused, index);
      const findings = comparisons[at]?.options ?? [];
      return { ...comparison, planClass: 'visible', outcome: findings.length > 0 ? 'flagged' : 'not flagged' };
    }
    if (found !== 'accepted' || options.length === 0 || names[index] === undefined) return comparison;
    const name = names[index];
    const mentions = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`);
    const uses = comparisons.filter(
      (_, later) => names.lastIndexOf(name, later) === index && later > index && mentions.test(texts[later]!),
    );
    const confirmed = uses.length === 0 || uses.some((use) => use.verdict.error);
    return confirmed ? comparison : { ...comparison, ours: options, outcome: 'false alarm' };
  });
}

/**
 * Whether a verdict's lineage can be held against ours: that of a rejected statement is another object's (a view that
 * exists already), and a sink without columns is one whose plan was not reached.
 */
function hasLineage(verdict: PlanVerdict): verdict is PlanVerdict & { lineage: readonly LineageVerdict[] } {
  return !verdict.error && (verdict.lineage?.every((flow) => flow.columns.length > 0) ?? false);
}

function outcomeOf(
  found: PlanClass,
  verdict: PlanVerdict,
  ours: readonly DoorDiagnostic[],
): StatementComparison['outcome'] {
  // A finding on what is planned but refused as a job is no false alarm, and nothing of the kind is asked for
  if (found === 'accepted') return ours.length > 0 && !verdict.later ? 'false alarm' : 'silent';
  if (found !== 'visible') return undefined;
  const errors = ours.filter((one) => one.severity === 'error');
  if (errors.length === 0) return 'not flagged';
  const pos = verdict.error?.pos;
  if (!pos) return 'flagged';
  const line = verdict.line + pos[0] - 1;
  return errors.some((one) => one.start[0] === line) ? 'flagged' : 'other line';
}

/** Compares flow by flow in their order; columns of a sink by name, those of a query by place. */
export function compareLineage(theirs: readonly LineageVerdict[], ours: readonly LineageVerdict[]): LineageComparison {
  const total = { columns: 0, equalColumns: 0, origins: 0, equalFlags: 0 };
  let difference: string | undefined;
  let flagDifference: string | undefined;
  const differs = (words: string): void => {
    difference ??= words;
  };
  if (ours.length !== theirs.length) differs(`${ours.length} flows instead of ${theirs.length}`);
  theirs.forEach((flow, index) => {
    const other = ours[index];
    if (!other) {
      total.columns += flow.columns.length;
      return;
    }
    if (flow.sink !== other.sink) differs(`sink ${other.sink} instead of ${flow.sink}`);
    if (flow.columns.length !== other.columns.length) {
      differs(`${other.columns.length} columns instead of ${flow.columns.length}`);
    }
    const byName = flow.sink !== null && new Set(flow.columns.map((one) => one.column)).size === flow.columns.length;
    flow.columns.forEach((column, at) => {
      total.columns++;
      const match = byName ? other.columns.find((one) => one.column === column.column) : other.columns[at];
      const wanted = flags(column.from);
      const given = flags(match?.from ?? []);
      const same = match && wanted.size === given.size && [...wanted.keys()].every((key) => given.has(key));
      if (!same) {
        const show = (map: Map<string, Set<boolean>>): string => `{${[...map.keys()].join(', ')}}`;
        differs(`${column.column}: ${match ? show(given) : 'absent'} instead of ${show(wanted)}`);
        return;
      }
      total.equalColumns++;
      for (const [key, expected] of wanted) {
        total.origins++;
        if ([...given.get(key)!].every((flag) => expected.has(flag))) total.equalFlags++;
        else flagDifference ??= `${column.column} from ${key}: ${[...given.get(key)!]} instead of ${[...expected]}`;
      }
    });
  });
  return { equal: difference === undefined, ...total, difference, flagDifference };
}

/** Flags by origin: one origin may reach a column both as it is and transformed. */
function flags(from: LineageVerdict['columns'][number]['from']): Map<string, Set<boolean>> {
  const map = new Map<string, Set<boolean>>();
  for (const { table, column, transformed } of from) {
    const key = `${table}.${column}`;
    map.set(key, (map.get(key) ?? new Set()).add(transformed));
  }
  return map;
}
