import type { ParsedStatement } from '../language/script';
import { rule as missingOptionRule } from '../rules/missing-option';
import { rule as unusedRule, unusedTable } from '../rules/unused-table';
import { rule as upsertKeyRule } from '../rules/upsert-primary-key';
import type { ScriptAnalysis, StatementAnalysis } from './analysis';
import {
  CatalogState,
  CatalogView,
  type Dependencies,
  DROPPED,
  type Effect,
  type Entry,
  keyParts,
  keys,
  type TableObject,
} from './catalog';
import { Context, externalTable } from './context';
import type { Environment } from './environment';
import type { FoundIn, TableNode } from './lineage';
import { bindStatement } from './statements';

/** A statement bound for its text and for what it looked up. */
interface Bound {
  readonly environment: EnvironmentKey;
  readonly dependencies: Dependencies;
  readonly effects: readonly Effect[];
  readonly analysis: StatementAnalysis;
  /** The same, with unknown tables told as information: for a file in which no table resolves */
  readonly lenient: StatementAnalysis;
  readonly resolvesTable: boolean;
  /** It has syntax errors */
  readonly broken: boolean;
  /** Tables that it reads, writes or mentions */
  readonly uses: readonly string[];
}

/** The parts of an environment that change what is bound otherwise than through look-ups. */
type EnvironmentKey = Pick<
  Environment,
  'flinkVersion' | 'strict' | 'defaultCatalog' | 'defaultDatabase' | 'severities'
>;

const bound = new WeakMap<ParsedStatement, Bound>();
/** What the binder knows of tables: of those that a script defines, for other scripts, and of those found elsewhere. */
const objects = new WeakMap<TableNode, TableObject>();

/**
 * Binds a script from top to bottom as Flink runs it. Pure and never throws; a statement whose text and look-ups are as
 * they were is not bound again.
 */
export function analyseScript(statements: readonly ParsedStatement[], environment: Environment): ScriptAnalysis {
  const state = new CatalogState(environment.defaultCatalog, environment.defaultDatabase);
  const { findTable } = environment;
  const external = findTable ? (key: string): Entry => findExternal(key, findTable) : nothing;
  const results = statements.map((statement) => {
    const result = bindOnce(statement, state, environment, external);
    state.apply(result.effects);
    return result;
  });
  const strict = (environment.strict ?? false) || results.some((r) => r.resolvesTable);
  return {
    statements: withoutTemplateGaps(statements, withUnused(results, strict, environment)),
    tables: tablesOf(state, results),
    settings: settingsOf(state),
  };
}

const marked = new WeakMap<StatementAnalysis, StatementAnalysis>();

/** Tells tables and views that a script defines and never uses, where it uses any. */
function withUnused(results: readonly Bound[], strict: boolean, environment: Environment): StatementAnalysis[] {
  const statements = results.map((r) => (strict ? r.analysis : r.lenient));
  const severity = environment.severities?.[unusedRule.code];
  if (severity === 'off' || !statements.some((s) => s.lineage.length > 0)) return statements;
  const used = new Set<string>();
  for (const { uses } of results) for (const name of uses) used.add(name);
  return statements.map((analysis, i) => {
    if (results[i]!.broken) return analysis;
    const place = analysis.tables.find((t) => t.role === 'definition' && !used.has(t.name));
    // a table that a query fills is a result, not a leftover
    if (!place || analysis.problems.length > 0 || (analysis.lineage.length > 0 && place.table?.kind !== 'view'))
      return analysis;
    let result = marked.get(analysis);
    if (!result) {
      const name = place.name.slice(place.name.lastIndexOf('.') + 1);
      const problem = unusedTable(place, place.table?.kind === 'view' ? 'View' : 'Table', name);
      result = { ...analysis, problems: [...analysis.problems, severity ? { ...problem, severity } : problem] };
      marked.set(analysis, result);
    }
    return result;
  });
}

/** What a table of a connector needs and a table that is only copied from may lack. */
const GAPS = new Set([missingOptionRule.code, upsertKeyRule.code]);

/**
 * Takes back what is missing in a table that others are made LIKE: they may add it, and Flink asks for it only of a table
 * that is read or written.
 */
function withoutTemplateGaps(
  statements: readonly ParsedStatement[],
  analyses: readonly StatementAnalysis[],
): readonly StatementAnalysis[] {
  const templates = new Set<string>();
  statements.forEach(({ root }, i) => {
    const like = root.kind === 'CreateTable' ? root.like?.table : undefined;
    const base = like && analyses[i]!.tables.find(({ start, end }) => start === like.start && end === like.end);
    if (base) templates.add(base.name);
  });
  if (templates.size === 0) return analyses;
  return analyses.map((analysis) =>
    analysis.defines && templates.has(analysis.defines.name) && analysis.problems.some(({ code }) => GAPS.has(code))
      ? { ...analysis, problems: analysis.problems.filter(({ code }) => !GAPS.has(code)) }
      : analysis,
  );
}

function bindOnce(
  statement: ParsedStatement,
  state: CatalogState,
  environment: Environment,
  external: (key: string) => Entry,
): Bound {
  const kept = bound.get(statement);
  if (kept && sameEnvironment(kept.environment, environment) && CatalogView.holds(kept.dependencies, state, external)) {
    return kept;
  }
  const view = new CatalogView(state, external);
  const broken = statement.problems.some((p) => p.severity === 'error');
  const context = new Context(statement.text, view, state, environment, broken);
  bindStatement(statement.root, context);
  const result = finish(context, environment);
  bound.set(statement, result);
  return result;
}

function finish(context: Context, environment: Environment): Bound {
  const severities = environment.severities;
  // what the parser had to guess is no ground for further complaints, nor a mistake for advice
  const wrong = context.problems.some((p) => p.severity === 'error');
  const found = context.broken ? [] : wrong ? context.problems.filter((p) => p.origin !== 'hint') : context.problems;
  const problems = severities
    ? found.flatMap((p) => {
        const severity = severities[p.code];
        return severity === 'off' ? [] : severity ? [{ ...p, severity }] : [p];
      })
    : found;
  const analysis: StatementAnalysis = {
    problems,
    tables: context.tables,
    columns: context.columns,
    lineage: context.lineage,
    ...(context.defines ? { defines: context.defines } : {}),
  };
  const { unresolved } = context;
  const lenient: StatementAnalysis =
    unresolved.length === 0
      ? analysis
      : {
          ...analysis,
          problems: problems.map((p) =>
            unresolved.some(({ start, code }) => start === p.start && code === p.code) && !severities?.[p.code]
              ? { ...p, severity: 'information' as const }
              : p,
          ),
        };
  const uses: string[] = [];
  for (const { role, name } of context.tables) if (role !== 'definition' && !uses.includes(name)) uses.push(name);
  return {
    environment,
    dependencies: context.view.dependencies,
    effects: context.effects,
    analysis,
    lenient,
    broken: context.broken,
    uses,
    resolvesTable:
      context.defines !== undefined ||
      // what other files define does not make this one whole: nobody knows what runs before it
      context.tables.some((t) => t.table !== undefined && t.table.kind !== 'unknown' && !t.table.foundIn),
  };
}

function sameEnvironment(a: EnvironmentKey, b: EnvironmentKey): boolean {
  return (
    a === b ||
    (a.flinkVersion === b.flinkVersion &&
      a.strict === b.strict &&
      a.defaultCatalog === b.defaultCatalog &&
      a.defaultDatabase === b.defaultDatabase &&
      a.severities === b.severities)
  );
}

function nothing(): Entry {
  return undefined;
}

function findExternal(key: string, findTable: NonNullable<Environment['findTable']>): Entry {
  const [kind, catalog, database, name] = keyParts(key);
  if (kind !== 'table') return undefined;
  const node = findTable(`${catalog}.${database}.${name}`);
  if (!node) return undefined;
  let object = objects.get(node);
  if (!object) {
    object = externalTable(node);
    objects.set(node, object);
  }
  return object;
}

/**
 * A table that one script defines, as another one finds it. `node` is of `ScriptAnalysis.tables`; what its binding knew
 * (a view's origins, exact types) goes along.
 */
export function foundTable(node: TableNode, foundIn: FoundIn): TableNode {
  const found = { ...node, foundIn };
  const object = objects.get(node) ?? externalTable(node);
  const contested = !foundIn.certain || object.failed || object.contested;
  const { planned, changes, ...known } = object;
  const sure = contested ? { contested } : { ...(planned ? { planned } : {}), ...(changes ? { changes } : {}) };
  objects.set(found, { ...known, ...sure, node: found, temporary: false });
  return found;
}

/** Whether scripts that use a table would be bound the same with the other. */
export function sameTable(a: TableNode, b: TableNode): boolean {
  return a === b || (sameJson(a, b) && sameJson(described(a), described(b)));
}

/** What binding knows of a table beyond its node. */
function described(table: TableNode): unknown {
  const { node: _, ...known } = objects.get(table) ?? externalTable(table);
  return known;
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The tables that a view reads, as far as the script that defines it knew them; none for a table. */
export function readsOf(node: TableNode, known: ReadonlyMap<string, TableNode>): readonly TableNode[] {
  const sources = objects.get(node)?.sources ?? [];
  const names = new Set(sources.map(({ table }) => table).filter((name) => name !== node.name));
  return [...names].flatMap((name) => known.get(name) ?? []);
}

/** Every table that can be named at the end; those found elsewhere where the script looked them up. */
function tablesOf(state: CatalogState, results: readonly Bound[]): ReadonlyMap<string, TableNode> {
  const tables = new Map<string, TableNode>();
  for (const { analysis } of results) {
    for (const { table } of analysis.tables) {
      if (!table?.foundIn) continue;
      for (const read of table.foundIn.reads ?? []) if (!tables.has(read.name)) tables.set(read.name, read);
      tables.set(table.name, table);
    }
  }
  // temporary objects hide permanent ones of the same name
  for (const kind of ['table', 'temporary']) {
    for (const [, value] of state.of(kind)) {
      if (value === DROPPED) continue;
      const { node } = value as TableObject;
      tables.set(node.name, node);
      objects.set(node, value as TableObject);
    }
  }
  return tables;
}

function settingsOf(state: CatalogState): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [key, value] of state.of(keyParts(keys.setting(''))[0]!)) {
    if (typeof value === 'string') settings.set(keyParts(key)[1]!, value);
  }
  return settings;
}
