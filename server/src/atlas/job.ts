import type { Statement } from '../language/ast';
import { hiveCatalogs, hiveDialect } from '../language/hiveDialect';
import type { StatementLineage, TableNode } from '../semantics/lineage';
import type { BusinessTemplates } from './annotations';
import { datasetsOf, splitName } from './mapping';
import { redactOptions, redactSql, redactText } from './redact';
import type { ScriptToDescribe } from './service';

/** A job as it should stand in the metadata store: what `describeJob` reads out of a script. Pure data, without secrets. */
export interface Job {
  /** From `SET 'pipeline.name'`, else `-- @job name`, else the file's path in its repository */
  name: string;
  description?: string;
  owner?: string;
  labels: string[];
  /** `@quality` lines of the job's comment */
  quality: string[];
  /** Other `@key value` lines of it, by key */
  annotations?: Record<string, string>;
  /** Values for business metadata by 'Name.attribute', as the settings describe them */
  businessTemplates?: BusinessTemplates;
  /** Where the script is */
  source: JobSource;
  processes: JobProcess[];
  /** Every table that a process reads or writes, by planner name; with its place behind it where a hint puts it elsewhere */
  tables: Map<string, JobTable>;
  /** CREATE CATALOG options by catalog name, keys as written */
  catalogs: Map<string, Record<string, string>>;
  /** What was left out and why, for the user */
  notes: string[];
  /** How many writing statements were left out because of their errors */
  leftOut?: number;
}

/** A table as a job uses it; its comment is the DDL's COMMENT, else the text above the DDL. */
export interface JobTable extends TableNode {
  /** What the comment above its DDL says */
  readonly owner?: string;
  readonly quality?: readonly string[];
}

export interface JobSource {
  /** Path of the script in its repository (or workspace folder), with '/' */
  file: string;
  /** Remote of the repository, without credentials */
  repository?: string;
  /** Commit that last changed the script */
  commit?: string;
}

/** One writing statement of a job. */
export interface JobProcess {
  /** Unique in the job and independent of its text: the sink's name, with #2 … when several statements write to it */
  name: string;
  description?: string;
  owner?: string;
  labels: string[];
  quality: string[];
  annotations?: Record<string, string>;
  /** How many warnings the statement has */
  warnings?: number;
  /** The statement, secrets redacted */
  sql: string;
  /** Planner name of the sink */
  sink: string;
  /** Planner names of the tables read */
  sources: string[];
  columns: JobColumn[];
}

/** Where the values of one sink column come from. */
export interface JobColumn {
  column: string;
  from: { table: string; column: string; transformed: boolean }[];
  expression?: string;
}

/** What a comment says: free text and `@key value` lines. */
export interface DocComment {
  description?: string;
  job?: string;
  owner?: string;
  labels: string[];
  quality: string[];
  annotations?: Record<string, string>;
}

/** Reads `-- …` and `/* … *​/` comments; consecutive lines are one text, an empty line separates paragraphs. */
export function parseComment(source: string): DocComment {
  const doc: DocComment = { labels: [], quality: [] };
  const text: string[] = [];
  const lines = source
    .replace(/\/\*([\s\S]*?)\*\//g, (_, inside: string) => inside.replace(/^[ \t]*\*+/gm, ''))
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*--+/, '').trim());
  for (const line of lines) {
    const [, key, value = ''] = /^@(\w+)\s+(.*)$/.exec(redactText(line)) ?? [];
    if (key === 'job') doc.job = value;
    else if (key === 'owner') doc.owner = value;
    else if (key === 'label' || key === 'labels') doc.labels.push(...value.split(/[\s,]+/).filter(Boolean));
    else if (key === 'quality') doc.quality.push(value);
    else if (key) doc.annotations = { ...doc.annotations, [key]: value };
    else if (!line.startsWith('@')) text.push(line);
  }
  // a rule of dashes or stars is decoration
  const description = text
    .filter((line) => !/^[-=*#\s]+$/.test(line))
    .join(' ')
    .trim();
  if (description) doc.description = redactText(description);
  return doc;
}

/** The comment that stands directly above `offset`: the last lines before it, up to an empty line or code. */
function commentAbove(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  // what stands on the statement's own line is only indentation
  lines.pop();
  const comment: string[] = [];
  let inBlock = false;
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    const trimmed = line.trim();
    if (trimmed.endsWith('*/')) inBlock = true;
    if (!inBlock && !trimmed.startsWith('--')) break;
    comment.unshift(line);
    if (trimmed.includes('/*')) inBlock = false;
  }
  return comment.join('\n');
}

/**
 * The part of the text above the first statement that speaks of the job: all of it, unless it stands directly above a
 * statement that makes something and has no `@` lines: then its last paragraph speaks of what is made.
 */
function jobComment(region: string, root: Statement): string {
  const ofStatement =
    /^(Create|Alter)/.test(root.kind) && !/\n[ \t\r]*\n[ \t\r]*$/.test(region) && !/^\W*@\w/m.test(region);
  return ofStatement
    ? region
        .split(/\n[ \t\r]*\n/)
        .slice(0, -1)
        .join('\n\n')
    : region;
}

/**
 * Whether a statement writes to a table when it runs. Statements inside EXECUTE and COMPILE AND EXECUTE run; those inside
 * EXPLAIN and COMPILE PLAN do not.
 */
export function writes(root: Statement): boolean {
  switch (root.kind) {
    case 'Insert':
    case 'StatementSet':
    case 'Update':
    case 'CreateMaterializedTable':
      return true;
    case 'CreateTable':
      return root.query !== undefined;
    case 'AlterTable':
      return root.query !== undefined;
    case 'Wrapping':
      return (root.verb === 'EXECUTE' || root.verb === 'COMPILE AND EXECUTE PLAN') && writes(root.statement);
    default:
      return false;
  }
}

/** 'default_catalog.default_database.orders' is 'orders' to people; other names stay whole. */
export function shortName(table: string): string {
  return table.replace(/^default_catalog\.(default_database\.)?/, '');
}

/** Longest SQL text kept: graph stores break on strings of more than 32 KiB, and one character takes up to three bytes. */
const longestSql = 10_000;

/** SQL as it is published: without secrets, cut where it is too long. */
export function publishedSql(sql: string): string {
  const redacted = redactSql(sql.trim());
  return redacted.length <= longestSql ? redacted : `${redacted.slice(0, longestSql)}\n-- … cut`;
}

/** A table as it may leave the machine, or be kept on it; made once for each state of a table. */
function withoutSecrets(table: TableNode): JobTable {
  let safe = safeTables.get(table);
  if (!safe) {
    safe = redactTable(table);
    safeTables.set(table, safe);
  }
  return safe;
}

const safeTables = new WeakMap<TableNode, TableNode>();

function redactTable({ foundIn: _, ...table }: TableNode): TableNode {
  return {
    ...table,
    options: redactOptions(table.options),
    columns: table.columns.map((column) =>
      column.comment ? { ...column, comment: redactText(column.comment) } : column,
    ),
    ...(table.comment ? { comment: redactText(table.comment) } : {}),
    ...(table.definition ? { definition: publishedSql(table.definition) } : {}),
  };
}

/** The comment at the top of a script, as far as it speaks of the job. */
function headerOf({ text, statements }: Pick<ScriptToDescribe, 'text' | 'statements'>): string {
  const first = statements[0];
  return first ? jobComment(text.slice(first.regionStart, first.offset), first.statement.root) : text;
}

/** The name that a script gives its job; undefined when the job is called by its file's path. */
export function declaredName(script: Pick<ScriptToDescribe, 'text' | 'statements' | 'analysis'>): string | undefined {
  return script.analysis.settings.get('pipeline.name')?.trim() || parseComment(headerOf(script)).job || undefined;
}

/** What the comments above the DDL of a script's tables say, by table. The comment at the top is the job's own. */
function tableComments(
  { text, statements, analysis }: Pick<ScriptToDescribe, 'text' | 'statements' | 'analysis'>,
  headerText: string,
): Map<string, DocComment> {
  const docs = new Map<string, DocComment>();
  statements.forEach((placed, index) => {
    const table = analysis.statements[index]?.defines;
    if (!table || placed.statement.root.kind !== 'CreateTable') return;
    const comment = commentAbove(text, placed.offset);
    if (comment !== '' && !(index === 0 && headerText.includes(comment))) docs.set(table.name, parseComment(comment));
  });
  return docs;
}

/**
 * The job that a script is: its name, what its comments say of it, and one process for each statement that writes.
 * The name comes from `SET 'pipeline.name'`, else `-- @job name`, else the file's path: never from the statements, so
 * that editing them updates the same job. Never fails; statements with errors are left out and named in `notes`.
 */
export function describeJob(script: ScriptToDescribe): Job {
  const { text, statements, analysis } = script;
  const first = statements[0];
  const headerText = headerOf(script);
  const header = parseComment(headerText);
  const job: Job = {
    name: analysis.settings.get('pipeline.name')?.trim() || header.job || script.source.file,
    labels: header.labels,
    quality: header.quality,
    source: script.source,
    processes: [],
    tables: new Map(),
    catalogs: new Map(),
    notes: [],
  };
  if (header.description) job.description = header.description;
  if (header.owner) job.owner = header.owner;
  if (header.annotations) job.annotations = header.annotations;

  const seen = new Map<string, number>();
  const docs = tableComments(script, headerText);
  const told = (table: TableNode): JobTable => {
    const safe = withoutSecrets(table);
    const { description, owner, quality = [] } = docs.get(table.name) ?? {};
    return {
      ...safe,
      ...(description && !safe.comment ? { comment: description } : {}),
      ...(owner ? { owner } : {}),
      ...(quality.length > 0 ? { quality } : {}),
    };
  };
  const addTable = (name: string) => {
    const known = analysis.tables.get(name) ?? { name, kind: 'unknown', options: {}, columns: [] };
    if (known.foundIn?.others && !job.tables.has(name)) {
      const { label, others } = known.foundIn;
      const elsewhere = others.length > 1 ? `${others.length} other files define` : `${others[0]} defines`;
      job.notes.push(`${shortName(name)} is taken from ${label}; ${elsewhere} it differently.`);
    }
    job.tables.set(name, told(known));
  };
  /** Adds a table as a statement uses it: under a name of its own where the hint makes it another dataset. */
  const addUse = (name: string, hinted: Readonly<Record<string, string>> | undefined): string => {
    const known = analysis.tables.get(name);
    if (known && hinted) {
      const context = { namespace: '', catalogs: job.catalogs };
      const used = { ...known, options: { ...known.options, ...hinted } };
      const places = [known, used].map((each) => datasetsOf(withoutSecrets(each), context));
      const [declared, here = []] = places.map((all) => all.map((dataset) => dataset.qualifiedName));
      if (String(declared) !== String(here)) {
        const other = `${name} (${places[1]?.map((dataset) => dataset.name).join(', ')})`;
        job.tables.set(other, told(used));
        return other;
      }
    }
    addTable(name);
    return name;
  };
  const addProcess = (lineage: StatementLineage & { sink: string }, sql: string, doc: DocComment, warnings: number) => {
    const count = (seen.get(lineage.sink) ?? 0) + 1;
    seen.set(lineage.sink, count);
    const sink = addUse(lineage.sink, lineage.sinkOptions);
    // one table may be read at several places
    const uses = new Map<string, Set<string>>();
    for (const { table, options } of lineage.sources) {
      uses.set(table, (uses.get(table) ?? new Set()).add(addUse(table, options)));
    }
    const usesOf = (table: string) => [...(uses.get(table) ?? [addUse(table, undefined)])];
    const sources = [...new Set([...uses.values()].flatMap((names) => [...names]))];
    job.processes.push({
      name: count === 1 ? shortName(lineage.sink) : `${shortName(lineage.sink)}#${count}`,
      labels: doc.labels,
      quality: doc.quality,
      ...(doc.annotations ? { annotations: doc.annotations } : {}),
      ...(warnings > 0 ? { warnings } : {}),
      ...(doc.description ? { description: doc.description } : {}),
      ...(doc.owner ? { owner: doc.owner } : {}),
      sql: publishedSql(sql),
      sink,
      sources,
      columns: lineage.columns.map(({ column, from, expression }) => ({
        column,
        from: from.flatMap((origin) => usesOf(origin.table).map((table) => ({ ...origin, table }))),
        ...(expression ? { expression: publishedSql(expression) } : {}),
      })),
    });
    if (lineage.partial) job.notes.push(`Some columns of ${shortName(lineage.sink)} could not be traced.`);
  };

  const hive = hiveDialect(statements);
  for (const name of hiveCatalogs(statements)) job.catalogs.set(name, { type: 'hive' });
  statements.forEach((placed, index) => {
    const { root, text: sql } = placed.statement;
    if (root.kind === 'CreateCatalog') {
      const options = root.options.map((option) => [option.key.value, option.value.value] as const);
      job.catalogs.set(root.name.name, redactOptions(Object.fromEntries(options)));
    }
    const isHive = hive.has(index);
    if (!writes(root)) return;
    const unread = isHive ? placed.statement.problems.length > 0 : script.hasErrors?.(placed.statement, index);
    if (unread) {
      const line = text.slice(0, placed.offset).split('\n').length;
      const why = isHive ? ', in Hive’s dialect, could not be read' : ' has errors';
      job.notes.push(`The statement at line ${line}${why} and is left out.`);
      job.leftOut = (job.leftOut ?? 0) + 1;
      return;
    }
    for (const lineage of analysis.statements[index]?.lineage ?? []) {
      if (lineage.sink === undefined) continue;
      // the catalog that the cluster starts in
      const catalog = splitName(lineage.sink)[0];
      if (isHive && catalog !== 'default_catalog' && !job.catalogs.has(catalog))
        job.catalogs.set(catalog, { type: 'hive' });
      const at = placed.offset + lineage.start;
      const comment = commentAbove(text, at);
      // the comment at the top is the job's own and not repeated for its first statement
      const doc = parseComment(placed === first && headerText.includes(comment) ? '' : comment);
      const warnings = script.warnings?.(placed.statement, index) ?? 0;
      // one FROM of Hive's goes with several INSERTs
      const part = isHive ? sql : sql.slice(lineage.start, lineage.end);
      addProcess({ ...lineage, sink: lineage.sink }, part, doc, warnings);
    }
  });
  return job;
}
