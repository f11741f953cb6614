import type { TableAnswer, TableCard } from '../atlas/cards';
import { findColumn } from '../atlas/describeColumn';
import { isAuthoritative, schemaDrift } from '../atlas/schemaDrift';
import type { Problem, RelatedPlace, Severity } from '../language/problem';
import type { ParsedStatement, PlacedStatement } from '../language/script';
import { governanceClassified } from '../rules/governance-classified';
import { governanceDeprecated } from '../rules/governance-deprecated';
import { schemaDrift as driftProblem } from '../rules/schema-drift';
import type { ScriptAnalysis, StatementAnalysis } from '../semantics/analysis';
import type { ColumnLineage, ColumnOrigin, StatementLineage, TableNode } from '../semantics/lineage';
import type { Span } from './analysed-document';
import { shortName } from './hover';
import { hashFix, isMasked, isSelected } from './masking';
import { type AnyNode, pathTo } from './nodes-at';

/** What the rules of governance are set to. */
export interface Governance {
  /** Severity by name of classification, in any case; `*` in a name stands for any text */
  readonly classifications: Readonly<Record<string, Severity | 'off'>>;
  /** Functions whose result no longer tells their arguments, upper case */
  readonly masking: readonly string[];
}

export interface StoreContext {
  /** What the store was heard to know, by planner name of the table; tables that it was not asked for are absent */
  readonly answers: ReadonlyMap<string, TableAnswer>;
  /** The store in words: 'Atlas' */
  readonly place: string;
  readonly governance: Governance;
  /** Severities of rules by code, as the user set them */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  /** Whether a qualifiedName is that of the job that the script is */
  readonly isOwnJob: (qualifiedName: string) => boolean;
}

/** The script that is looked at: any analysed document, or a file on the command line. */
export interface ScriptToCheck {
  readonly statements: readonly PlacedStatement[];
  readonly analysis: ScriptAnalysis;
}

export type Findings = Map<ParsedStatement, Problem[]>;

/**
 * What is wrong with a script in the light of what a metadata store knows: columns that differ from it, classified data that
 * flows where it is not classified, and the reading of what is deprecated or deleted. By statement; statements with errors of
 * syntax are left alone.
 */
export function storeFindings(script: ScriptToCheck, context: StoreContext): Findings {
  const found: Findings = new Map();
  if (context.answers.size === 0) return found;
  const sinks = new Set(script.analysis.statements.flatMap(({ lineage }) => lineage.flatMap(({ sink }) => sink ?? [])));
  const makers = makersOf(script);
  script.statements.forEach(({ statement }, index) => {
    const bound = script.analysis.statements[index];
    if (!bound || statement.problems.some(({ severity }) => severity === 'error')) return;
    const problems = [
      ...drift(statement, bound, sinks, context),
      ...deprecated(bound, context),
      ...bound.lineage.flatMap((lineage) => classified(script, statement, bound, lineage, makers, context)),
    ];
    const told = problems.flatMap((problem): Problem[] => {
      const severity = context.severities?.[problem.code];
      return severity === 'off' ? [] : severity ? [{ ...problem, severity }] : [problem];
    });
    if (told.length > 0) found.set(statement, told);
  });
  return found;
}

function cardOf({ answers }: StoreContext, table: string | undefined): TableCard | undefined {
  const answer = table === undefined ? undefined : answers.get(table);
  return answer?.found ? answer.card : undefined;
}

// ------------------------------------------------------------------------------------------------- schema drift

/** Formats that find columns by their position, so that none may be left out. */
const positional = /^(csv|raw)$/;

function drift(
  { root, text }: ParsedStatement,
  { defines, problems }: StatementAnalysis,
  sinks: ReadonlySet<string>,
  context: StoreContext,
): Problem[] {
  const card = cardOf(context, defines?.name);
  if (root.kind !== 'CreateTable' || root.query || !defines || !card) return [];
  // What is wrong with the DDL comes first: it may not stay as it is
  if (problems.some(({ severity }) => severity === 'error')) return [];
  if (!isAuthoritative(card, context.isOwnJob)) return [];
  const differences = schemaDrift(defines, card);
  if (differences.length === 0) return [];
  const format = defines.options.format ?? defines.options['value.format'] ?? '';
  const merelyRead = !sinks.has(defines.name) && !positional.test(format);
  return [driftProblem(shortName(defines.name), context.place, differences, root, text, merelyRead)];
}

// --------------------------------------------------------------------------------------------------- deprecated

function deprecated(bound: StatementAnalysis, context: StoreContext): Problem[] {
  const told = new Set<string>();
  const problems: Problem[] = [];
  const { place } = context;
  for (const { name, role, start, end } of bound.tables) {
    const card = role === 'source' ? cardOf(context, name) : undefined;
    const found = card && deprecationOf(card, card.status, context);
    if (!card || !found || told.has(name)) continue;
    told.add(name);
    const { reason, severity } = found;
    problems.push(governanceDeprecated({ start, end }, shortName(name), reason, place, card.owner, severity));
  }
  for (const { table, column, start, end } of bound.columns) {
    const card =
      told.has(table ?? '') || !bound.tables.some((one) => one.role === 'source' && one.name === table)
        ? undefined
        : cardOf(context, table);
    const known = card && findColumn(card, column);
    const found = known && deprecationOf(known, 'active', context);
    const what = `${shortName(table ?? '')}.${column}`;
    if (!card || !found || told.has(what)) continue;
    told.add(what);
    problems.push(governanceDeprecated({ start, end }, what, found.reason, place, card.owner, found.severity));
  }
  return problems;
}

/** Whether something is not to be read any more, and how severe the settings take that. */
function deprecationOf(
  { classifications, description, deprecated }: Pick<TableCard, 'classifications' | 'description' | 'deprecated'>,
  status: TableCard['status'],
  { governance }: StoreContext,
): { reason: 'deleted' | 'deprecated'; severity: Severity } | undefined {
  const classification = classifications.find((name) => /deprecated/i.test(name));
  const severity = severityOf(governance, classification ?? 'Deprecated');
  if (!severity) return undefined;
  if (status === 'deleted') return { reason: 'deleted', severity };
  const isDeprecated =
    classification !== undefined || deprecated === true || /^\W*deprecated\b/i.test(description ?? '');
  return isDeprecated ? { reason: 'deprecated', severity } : undefined;
}

// --------------------------------------------------------------------------------------------------- classified

/** The severity of a classification: what is written out counts before what a pattern says. */
function severityOf({ classifications }: Governance, name: string): Severity | undefined {
  const wanted = name.toLowerCase();
  const entries = Object.entries(classifications).map(([key, severity]) => [key.toLowerCase(), severity] as const);
  const exact = entries.find(([key]) => key === wanted);
  const fits = (key: string) =>
    key.includes('*') && new RegExp(`^${key.split('*').map(escapeRegExp).join('.*')}$`).test(wanted);
  const severity = (exact ?? entries.find(([key]) => fits(key)))?.[1];
  return severity === 'off' ? undefined : severity;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function classified(
  script: ScriptToCheck,
  statement: ParsedStatement,
  bound: StatementAnalysis,
  lineage: StatementLineage,
  makers: ReadonlyMap<string, ParsedStatement>,
  context: StoreContext,
): Problem[] {
  const { sink } = lineage;
  const answer = sink === undefined ? undefined : context.answers.get(sink);
  // Where nothing is kept (print, blackhole), nothing has to be classified; what was not asked yet may be
  if (sink === undefined || !answer || (!answer.found && !('expected' in answer && answer.expected))) return [];
  const sinkCard = answer.found ? answer.card : undefined;
  const problems: Problem[] = [];
  const told = new Set<string>();
  const tell = (origin: ColumnOrigin, column: ColumnLineage, classification: string, isTable: boolean) => {
    const severity = severityOf(context.governance, classification);
    if (!severity) return;
    const from = shortName(origin.table) + (isTable ? '' : `.${origin.column}`);
    const to = shortName(sink) + (isTable ? '' : `.${column.column}`);
    const key = `${from} ${to} ${classification}`;
    if (told.has(key)) return;
    told.add(key);
    const flow = { from, through: viewsBetween(script, bound, origin), to, classification, isKnown: answer.found };
    const range = isTable
      ? (bound.tables.find(({ name, role }) => name === origin.table && role === 'source') ??
        placeOf(statement, bound, lineage, origin))
      : placeOf(statement, bound, lineage, origin);
    const softened: Severity = !answer.found && severity !== 'hint' ? 'information' : severity;
    const related = isTable ? [] : definitionOf(makers, origin, classification, context.place);
    const problem = governanceClassified(range, flow, context.place, softened, related);
    const known = bound.tables.find(({ name }) => name === origin.table)?.table?.columns;
    const source = { name: origin.column, type: known?.find(({ name }) => name === origin.column)?.type };
    const fix = isTable ? undefined : hashFix(statement, range, source, context.governance.masking);
    problems.push(fix ? { ...problem, fixes: [fix] } : problem);
  };
  for (const column of lineage.columns) {
    const sinkColumn = sinkCard && findColumn(sinkCard, column.column);
    const carried = new Set([...(sinkCard?.classifications ?? []), ...(sinkColumn?.classifications ?? [])]);
    for (const origin of column.from) {
      const card = origin.table === sink ? undefined : cardOf(context, origin.table);
      if (!card) continue;
      const own = findColumn(card, origin.column)?.classifications ?? [];
      // A table's classification says nothing of single columns where some of them carry it themselves
      const ofTable = card.classifications.filter(
        (name) => !card.columns.some((one) => one.classifications.includes(name)),
      );
      const isTelling = (name: string) =>
        severityOf(context.governance, name) !== undefined && !/deprecated/i.test(name);
      const wanted = [
        ...own.map((name) => ({ name, isTable: false })),
        ...ofTable.map((name) => ({ name, isTable: true })),
      ];
      for (const { name, isTable } of wanted) {
        if (!isTelling(name) || carried.has(name)) continue;
        if (isTable && sinkCard?.columns.some((one) => one.classifications.includes(name))) continue;
        if (isMasked(script, statement, column, origin, context.governance.masking)) continue;
        tell(origin, column, name, isTable);
      }
    }
  }
  return problems;
}

/** Where the statement selects the column, else names it; the sink's name where it does not (`*`, a view). */
function placeOf({ root }: ParsedStatement, bound: StatementAnalysis, lineage: StatementLineage, origin: ColumnOrigin) {
  const isInside = ({ start, end }: Span) => lineage.start <= start && end <= lineage.end;
  const named = bound.columns.filter(
    (one) => one.table === origin.table && one.column === origin.column && isInside(one),
  );
  const selected = named.find((one) => isSelected(pathTo(root as AnyNode, one.start)));
  const sink = bound.tables.find((one) => one.name === lineage.sink && one.role !== 'source' && isInside(one));
  const { start, end } = selected ?? named[0] ?? sink ?? lineage;
  return { start, end };
}

/** The views of the script that the statement reads a column through; none when it names the table itself. */
function viewsBetween({ analysis }: ScriptToCheck, bound: StatementAnalysis, origin: ColumnOrigin): string[] {
  if (bound.tables.some(({ name, role }) => name === origin.table && role === 'source')) return [];
  const isThrough = ({ lineage }: StatementAnalysis, view: string) =>
    lineage.some(
      ({ sink, columns }) =>
        sink === view &&
        columns.some(({ from }) =>
          from.some(({ table, column }) => table === origin.table && column === origin.column),
        ),
    );
  const views = bound.tables.filter(
    ({ name, table }) => table?.kind === 'view' && analysis.statements.some((statement) => isThrough(statement, name)),
  );
  return [...new Set(views.map(({ name }) => shortName(name)))];
}

/** The statement of the script that makes each table: the last one. */
function makersOf({ statements, analysis }: ScriptToCheck): Map<string, ParsedStatement> {
  return new Map(
    statements.flatMap(({ statement }, index) => {
      const name = analysis.statements[index]?.defines?.name;
      return name !== undefined && statement.root.kind === 'CreateTable' ? [[name, statement] as const] : [];
    }),
  );
}

/** The place in the script's DDL where a source column is declared. */
function definitionOf(
  makers: ReadonlyMap<string, ParsedStatement>,
  origin: ColumnOrigin,
  classification: string,
  place: string,
): RelatedPlace[] {
  const statement = makers.get(origin.table);
  const columns = statement?.root.kind === 'CreateTable' ? statement.root.columns : [];
  const column = columns.find(({ name }) => name.name === origin.column);
  if (!statement || !column) return [];
  const { start, end } = column.name;
  return [{ statement, start, end, message: `${origin.column} is classified ${classification} in ${place}` }];
}

/** The tables of a script that a store is to be asked for, by planner name: all that it makes or mentions, but views. */
export function tablesOf({ analysis }: Pick<ScriptToCheck, 'analysis'>): Map<string, TableNode> {
  const tables = new Map([...analysis.tables].filter(([, { kind }]) => kind !== 'view'));
  for (const { tables: references } of analysis.statements) {
    for (const { table } of references) {
      if (table && table.kind !== 'view' && !analysis.tables.has(table.name)) tables.set(table.name, table);
    }
  }
  return tables;
}
