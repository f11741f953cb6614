import type { ColumnDef, CreateTable, NodeBase } from '../language/ast';
import type { Edit, Fix, Problem } from '../language/problem';
import { finding, type Rule, written } from './rule';

export const rule: Rule = {
  code: 'schema-drift',
  severity: 'information',
  origin: 'metadata',
  explanation:
    'The columns that a DDL declares are not those that Atlas knows of the same data. Told where Atlas has it from whoever keeps the data: a database or Hive table, an Avro schema, or another Flink job that writes it; not for what this job itself has published. Computed and metadata columns do not count, nor a wider type or another length of a text. Reading fewer columns than there are is what most connectors and formats are made for, so columns that are merely left out of a table that the script only reads are a hint, not a problem; with formats that go by position (`csv`, `raw`) they are.',
  example:
    "-- Atlas: shop.orders has id BIGINT, amount DECIMAL(12, 2), currency STRING\nCREATE TABLE orders (id BIGINT, amount DECIMAL(10, 2)) WITH (\n  'connector' = 'kafka', 'topic' = 'shop.orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json'\n);",
};

/** One column that differs; types as Flink writes them, undefined where they are not known. */
export interface Difference {
  readonly kind: 'missing' | 'extra' | 'retyped';
  readonly name: string;
  readonly here?: string;
  readonly there?: string;
}

/** Columns named in a message, and fixes of single columns that are offered, before the rest is counted. */
const NAMED = 4;
const FIXES = 8;

/**
 * The finding about a table whose columns differ from those of `place` ('Atlas'). `merelyRead`: nothing is lost when
 * columns are left out. `ddl` with its text gives the fixes. Names come from outside: they are shortened and cleaned.
 */
export function schemaDrift(
  table: string,
  place: string,
  differences: readonly Difference[],
  ddl: CreateTable,
  text: string,
  merelyRead: boolean,
): Problem {
  const shown = differences.slice(0, NAMED).map(describe);
  const rest = differences.length - shown.length;
  const count = differences.length === 1 ? 'A column' : `${differences.length} columns`;
  const message = `${count} of \`${table}\` ${differences.length === 1 ? 'differs' : 'differ'} from ${place}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
  const problem = finding(rule, ddl.name, message, driftFixes(differences, ddl, text, place));
  const isSoft = merelyRead && differences.every(({ kind }) => kind === 'missing');
  return isSoft ? { ...problem, severity: 'hint' } : problem;
}

function describe({ kind, name, there }: Difference): string {
  const column = `\`${shown(name)}\``;
  if (kind === 'missing') return `${column} is missing here`;
  return kind === 'extra' ? `${column} is only here` : `${column} is ${there ?? 'of another type'} there`;
}

/** A name on one line, without characters that hide or reorder text, of bearable length. */
export function shown(name: string): string {
  const clean = name.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '');
  return clean.length > 60 ? `${clean.slice(0, 59).replace(/[\ud800-\udbff]$/, '')}…` : clean;
}

/** One fix a column, and one for all where there are several. */
function driftFixes(differences: readonly Difference[], ddl: CreateTable, text: string, place: string): Fix[] {
  const usable = differences.filter((each) => editsOf([each], ddl, text).length > 0);
  const single = usable.slice(0, FIXES).map((each) => ({ title: titleOf(each), edits: editsOf([each], ddl, text) }));
  if (usable.length < 2) return single;
  const title = `Take all ${usable.length} columns from ${place}`;
  return [...single, { title, edits: editsOf(usable, ddl, text) }];
}

function titleOf({ kind, name, there }: Difference): string {
  const type = nullableType(there ?? '');
  if (kind === 'missing') return `Add ${shown(name)} ${type}`;
  return kind === 'extra' ? `Remove ${shown(name)}` : `Change ${shown(name)} to ${type}`;
}

/** The edits that make the DDL's columns those of the store; none for what cannot be mended here. */
function editsOf(differences: readonly Difference[], ddl: CreateTable, text: string): Edit[] {
  const byName = new Map(ddl.columns.map((column) => [column.name.name, column]));
  const removed = new Set(
    differences.flatMap(({ kind, name }) => {
      const column = kind === 'extra' ? byName.get(name) : undefined;
      return column && !isUsed(column, ddl, text) ? [column] : [];
    }),
  );
  if (removed.size === ddl.columns.length) removed.clear();
  const retyped = differences.flatMap(({ kind, name, there }): Edit[] => {
    const column = kind === 'retyped' ? byName.get(name)?.column : undefined;
    if (column?.type !== 'physical' || !there) return [];
    const { start, end, nullable } = column.dataType;
    return [{ start, end, text: `${nullableType(there)}${nullable === false ? ' NOT NULL' : ''}` }];
  });
  const added = differences.filter(
    ({ kind, name, there }) => kind === 'missing' && there && !/[\p{Cc}\p{Cf}]/u.test(name),
  );
  return [...additions(added, removed, ddl, text), ...removals(removed, ddl, text), ...retyped].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  );
}

/** The store promises no NOT NULL for what this script reads. */
function nullableType(type: string): string {
  return type.replace(/ NOT NULL$/, '');
}

/** Behind the last physical column that stays, indented as it is. */
function additions(
  added: readonly Difference[],
  removed: ReadonlySet<ColumnDef>,
  { columns }: CreateTable,
  text: string,
): Edit[] {
  const anchor = columns.filter((column) => column.column.type === 'physical' && !removed.has(column)).at(-1);
  if (added.length === 0 || !anchor) return [];
  const line = text.slice(text.lastIndexOf('\n', anchor.start) + 1, anchor.start);
  const separator = columns.length > 1 && /^\s*$/.test(line) ? `,\n${line}` : ', ';
  const names = added.map(({ name, there }) => `${separator}${written(name)} ${nullableType(there ?? '')}`);
  return [{ start: anchor.end, end: anchor.end, text: names.join('') }];
}

/** Each with the comma behind it; the last ones of a list with the comma before them. */
function removals(removed: ReadonlySet<ColumnDef>, ddl: CreateTable, text: string): Edit[] {
  const elements: NodeBase[] = [...ddl.columns, ...ddl.constraints, ...(ddl.watermark ? [ddl.watermark] : [])];
  elements.sort((a, b) => a.start - b.start);
  const isRemoved = (element: NodeBase | undefined) => removed.has(element as ColumnDef);
  const lastKept = elements.map(isRemoved).lastIndexOf(false);
  const edits = elements.slice(0, lastKept).flatMap((element, index): Edit[] => {
    const next = elements[index + 1];
    return isRemoved(element) && next ? [{ start: element.start, end: next.start, text: '' }] : [];
  });
  const [kept, last] = [elements[lastKept], elements.at(-1)];
  const isTail = kept && last && lastKept < elements.length - 1 && !text.slice(kept.end, last.start).includes('--');
  return isTail ? [...edits, { start: kept.end, end: last.end, text: '' }] : edits;
}

/** Whether something else of the DDL needs the column: keys, partitions, the watermark, a computed column. */
function isUsed({ name: { name }, constraint }: ColumnDef, ddl: CreateTable, text: string): boolean {
  const lists = [ddl.partitionedBy, ddl.distribution?.columns ?? [], ...ddl.constraints.map(({ columns }) => columns)];
  if (constraint !== undefined || lists.some((columns) => columns.some((column) => column.name === name))) return true;
  const computed = ddl.columns.flatMap(({ column }) => (column.type === 'computed' ? [column.expr] : []));
  const elsewhere = [...computed, ...(ddl.watermark ? [ddl.watermark] : [])];
  return elsewhere.some(({ start, end }) => text.slice(start, end).includes(name));
}
