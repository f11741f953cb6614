// The types of expressions: the binder's beside the planner's.
import { parseScript } from '../../server/src/language/parser';
import type { ParsedStatement } from '../../server/src/language/script';
import { analyseScript } from '../../server/src/semantics/analyse';
import type { Environment } from '../../server/src/semantics/environment';
import type { TableNode } from '../../server/src/semantics/lineage';
import { parseType } from '../../server/src/semantics/type-text';
import { type LogicalType, sameType, UNKNOWN } from '../../server/src/semantics/types';
import { Random } from '../fuzz/random';
import { columnsOf, ExpressionMaker, type MadeExpression, timedTables } from './expressions';
import { typeVerdicts } from './oracle';
import { table } from './parser-suite';
import type { Version } from './verdict';

/** What we say of one expression: its type as we print it, nothing where it is unknown, or why it is wrong. */
interface OurAnswer {
  readonly type?: string;
  readonly finding?: string;
}

/** Our binder over the same tables. */
export class Binder {
  private readonly environment: Environment;
  private readonly windows: readonly ParsedStatement[];

  constructor(private readonly flink: string) {
    const columns = { ...columnsOf(flink), proc: 'TIMESTAMP_LTZ(3) NOT NULL' };
    const node: TableNode = {
      name: 'default_catalog.default_database.t',
      kind: 'table',
      options: {},
      columns: Object.entries(columns).map(([name, type]) => ({ name, type, kind: 'physical' })),
    };
    const findTable = (name: string): TableNode | undefined => (name === node.name ? node : undefined);
    this.environment = { flinkVersion: flink, strict: true, findTable };
    this.windows = timedTables.map((sql) => this.parse(sql));
  }

  private parse(sql: string): ParsedStatement {
    return parseScript(sql, { flinkVersion: this.flink, templates: false }).statements[0]!.statement;
  }

  ask({ sql, from }: Pick<MadeExpression, 'sql' | 'from'>): OurAnswer {
    const statement = this.parse(`CREATE TEMPORARY VIEW v AS SELECT ${sql} AS r ${from}`);
    const { statements } = analyseScript([...this.windows, statement], this.environment);
    const { defines, problems } = statements.at(-1)!;
    const error = [...statement.problems, ...problems].find(({ severity }) => severity === 'error');
    if (error) return { finding: `${error.code}: ${error.message}` };
    const type = defines?.columns[0]?.type;
    return type === undefined ? {} : { type };
  }

  guess(sql: string): LogicalType {
    const { type } = this.ask({ sql, from: 'FROM t' });
    return type === undefined ? UNKNOWN : parseType(type);
  }
}

export type TypeOutcome = 'equal' | 'unknown' | 'wrong' | 'false alarm';

interface Difference {
  readonly outcome: Exclude<TypeOutcome, 'equal'>;
  readonly top: string;
  readonly text: string;
}

/** Of one function or operator of one version. */
interface FunctionTally extends Record<TypeOutcome, number> {
  readonly release: string;
  readonly top: string;
  asked: number;
}

export interface TypesRun {
  readonly rows: string;
  readonly differences: readonly Difference[];
  /** Of each version: expressions asked, accepted by the planner, with an equal type */
  readonly counts: readonly { readonly asked: number; readonly accepted: number; readonly equal: number }[];
  readonly functions: readonly FunctionTally[];
}

/** Expressions for each version, the same ones for the same seed: `count` different ones. */
function expressions(flink: string, binder: Binder, count: number, seed: number): MadeExpression[] {
  const maker = new ExpressionMaker(flink, new Random(seed), (sql) => binder.guess(sql));
  const made = new Map<string, MadeExpression>();
  for (let n = 0; made.size < count && n < count * 5; n++) {
    const one = maker.make(n);
    if (one) made.set(`${one.sql} ${one.from}`, one);
  }
  return [...made.values()];
}

/** Has the planner type `count` expressions a version and compares. */
export async function runTypesSuite(count: number, seed: number, versions: readonly Version[]): Promise<TypesRun> {
  const rows = [['Flink', 'expressions', 'accepted', 'equal', 'unknown', 'wrong', 'false alarms']];
  const differences: Difference[] = [];
  const functions: FunctionTally[] = [];
  const counts: TypesRun['counts'][number][] = [];
  for (const { release, flink } of versions) {
    const binder = new Binder(flink);
    const made = expressions(flink, binder, count, seed);
    // Together in one statement: those of one function, of which mostly all are accepted or none
    const groups = new Map<string, MadeExpression[]>();
    for (const one of made) {
      const key = `${one.from} ${one.top}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    const parts = [...groups.values()].flatMap((group) =>
      Array.from({ length: Math.ceil(group.length / 8) }, (_, i) => group.slice(8 * i, 8 * i + 8)),
    );
    const verdicts = await typeVerdicts(
      release,
      'types',
      parts.map((part) => ({
        columns: columnsOf(flink),
        ddl: timedTables,
        from: part[0]!.from,
        expressions: part.map(({ sql }) => sql),
      })),
    );
    const none = { equal: 0, unknown: 0, wrong: 0, 'false alarm': 0 };
    const tally = { ...none };
    const byTop = new Map<string, FunctionTally>();
    parts.forEach((part, i) => {
      part.forEach((one, j) => {
        const own = byTop.get(one.top) ?? { ...none, release, top: one.top, asked: 0 };
        byTop.set(one.top, own);
        own.asked++;
        const type = verdicts[i]?.[j];
        if (type === null || type === undefined) return;
        const ours = binder.ask(one);
        const outcome = compareType(type, ours);
        tally[outcome]++;
        own[outcome]++;
        if (outcome === 'equal') return;
        const said = ours.finding ?? ours.type ?? 'unknown';
        const text = `${one.sql} ${one.from === 'FROM t' ? '' : one.from}: ${type}, ours ${said} [${release}]`;
        differences.push({ outcome, top: one.top, text });
      });
    });
    functions.push(...byTop.values());
    const accepted = Object.values(tally).reduce((sum, one) => sum + one, 0);
    counts.push({ asked: made.length, accepted, equal: tally.equal });
    const share = (n: number): string => `${n} ${((100 * n) / Math.max(1, accepted)).toFixed(2)} %`;
    rows.push([release, String(made.length), String(accepted), share(tally.equal), share(tally.unknown)]);
    rows.at(-1)!.push(share(tally.wrong), share(tally['false alarm']));
  }
  return { rows: table(rows), differences, counts, functions };
}

function compareType(planner: string, ours: OurAnswer): TypeOutcome {
  if (ours.finding !== undefined) return 'false alarm';
  if (ours.type === undefined) return 'unknown';
  return sameType(parseType(ours.type), parseType(planner)) && parseType(planner).root !== 'UNKNOWN'
    ? 'equal'
    : 'wrong';
}

/** What differs by function, the most frequent first, with examples. */
export function typeClasses(run: TypesRun, examples: number, most: number): string {
  const byTop = new Map<string, Difference[]>();
  for (const one of run.differences) {
    const key = `${one.outcome} ${one.top}`;
    byTop.set(key, [...(byTop.get(key) ?? []), one]);
  }
  return [...byTop]
    .sort((a, b) => b[1].length - a[1].length)
    .slice(0, most)
    .map(([name, all]) =>
      [`${all.length} ${name}`, ...all.slice(0, examples).map(({ text }) => `    ${text}`)].join('\n'),
    )
    .join('\n');
}

/** Every function with its shares, those with differences and those of which nothing was accepted first. */
export function functionTable(run: TypesRun, all: boolean): string {
  const acceptedOf = (one: FunctionTally): number => one.equal + one.unknown + one.wrong + one['false alarm'];
  const rows = run.functions
    .filter((one) => all || acceptedOf(one) !== one.equal)
    .sort((a, b) => a.equal / acceptedOf(a) - b.equal / acceptedOf(b) || a.top.localeCompare(b.top))
    .map((one) => {
      const accepted = acceptedOf(one);
      const share = accepted === 0 ? '–' : `${((100 * one.equal) / accepted).toFixed(1)} %`;
      const figures = [one.asked, accepted, share, one.unknown, one.wrong, one['false alarm']];
      return [one.top, one.release, ...figures.map(String)];
    });
  const never = run.functions.filter((one) => acceptedOf(one) === 0).map(({ top, release }) => `${top} [${release}]`);
  return [
    ...(rows.length > 0
      ? [table([['function', 'Flink', 'asked', 'accepted', 'equal', 'unknown', 'wrong', 'false alarms'], ...rows])]
      : []),
    ...(never.length > 0 ? [`Nothing was accepted of: ${never.join(', ')}`] : []),
  ].join('\n');
}
