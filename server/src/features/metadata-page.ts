import type { CardColumn } from '../atlas/cards';
import type { KnownDataset } from '../atlas/readDataset';
import type { KnownJob } from '../atlas/readJob';
import type { TermDetails } from '../atlas/store';
import { datasetDdl } from './dataset-ddl';
import { codeBlock, codeSpan, escapeMarkdown, plainLine, shorten, webLink } from './markdown';
import { ago } from './metadata-hover';

/** Columns, names and lines of SQL on a page; the rest is counted. */
const COLUMNS = 300;
const NAMES = 50;
const LINES = 400;
/** Characters of a line of SQL. */
const LINE = 500;

/** A page for people: its title, and Markdown in which nothing of the store's texts is active. */
export interface Page {
  title: string;
  markdown: string;
}

/** Everything that is known of a dataset, or of the column of it that was asked for. `where`: 'Atlas at prod'. */
export function datasetPage(dataset: KnownDataset, where: string, now: number): Page {
  const { card, column: asked } = dataset;
  const column = card.columns.find(({ name }) => name === asked);
  const head = column ? columnHead(column, card.name) : [`# ${text(card.name)}`];
  return {
    title: titleOf(column ? `${card.name}.${column.name}` : card.name),
    markdown: page(
      ...head,
      `${text(card.typeLabel)} · ${text(where)}${card.status === 'deleted' ? ' · **deleted**' : ''}`,
      codeSpan(card.qualifiedName, 1000),
      card.description && paragraphs(card.description),
      facts([
        ['Owner', card.owner && text(card.owner)],
        ['Terms', list(card.terms)],
        ['Classifications', card.classifications.map((name) => `⚑ ${text(name)}`).join(' ')],
        ['Labels', list(card.labels)],
        ['Written by', list(card.upstream)],
        ['Read by', list(card.downstream)],
        ['Updated', card.updateTime === undefined ? undefined : ago(now - card.updateTime)],
      ]),
      columnTable(card.columns),
      '## DDL',
      codeBlock('sql', sqlLines(datasetDdl(dataset))),
      card.webUrl && webLink('Open in Atlas', card.webUrl),
    ),
  };
}

/** Everything that is known of a job. */
export function jobPage(job: KnownJob, where: string, now: number): Page {
  return {
    title: titleOf(job.name),
    markdown: page(
      `# ${text(job.name)}`,
      `Flink job · ${text(where)}`,
      codeSpan(job.qualifiedName, 1000),
      job.description && paragraphs(job.description),
      facts([
        ['Owner', job.owner && text(job.owner)],
        ['Script', job.file && codeSpan(job.file)],
        ['Classifications', job.classifications.map((name) => `⚑ ${text(name)}`).join(' ')],
        ['Published', job.updateTime === undefined ? undefined : ago(now - job.updateTime)],
      ]),
      ...job.processes
        .slice(0, NAMES)
        .map(({ name, inputs, outputs, sql }) =>
          page(
            `## → ${text(name)}`,
            [
              ...inputs.slice(0, NAMES).map((each) => `⇠ ${text(each)}`),
              ...outputs.slice(0, NAMES).map((each) => `⇢ ${text(each)}`),
            ].join('  \n'),
            sql && codeBlock('sql', sqlLines(sql)),
          ),
        ),
      job.webUrl && webLink('Open in Atlas', job.webUrl),
    ),
  };
}

/** Everything that is known of a glossary term. */
export function termPage(term: TermDetails, where: string): Page {
  const assigned = term.assigned.slice(0, NAMES).map(({ displayText = '' }) => `- ${text(displayText)}`);
  const rest = term.assigned.length - assigned.length;
  return {
    title: titleOf(term.name),
    markdown: page(
      `# ${text(term.name)}`,
      `Glossary term${term.glossary ? ` of ${text(term.glossary)}` : ''} · ${text(where)}`,
      term.description && paragraphs(term.description),
      assigned.length > 0 && '## Assigned to',
      [...assigned, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join('\n'),
    ),
  };
}

function columnHead({ name, type, description, classifications }: CardColumn, table: string): (string | undefined)[] {
  return [
    `# ${text(name)}`,
    `Column of ${text(table)}${type ? ` · ${text(type)}` : ''}`,
    description && paragraphs(description),
    classifications.map((each) => `⚑ ${text(each)}`).join(' '),
    '---',
    `## ${text(table)}`,
  ];
}

function columnTable(columns: readonly CardColumn[]): string | undefined {
  if (columns.length === 0) return undefined;
  const rows = columns.slice(0, COLUMNS).map(({ name, type, description, classifications }) => {
    const badges = classifications.map((each) => `⚑ ${text(each)}`).join(' ');
    return `| ${text(name)} | ${text(type ?? '')} | ${badges} | ${text(description ?? '')} |`;
  });
  const rest = columns.length - rows.length;
  const table = ['| Column | Type | | Description |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return rest > 0 ? `${table}\n\n… and ${rest} more columns` : table;
}

/** SQL for a page: no line and no number of lines that would fill it. */
function sqlLines(sql: string): string[] {
  const lines = sql
    .trimEnd()
    .split('\n')
    .map((line) => shorten(line, LINE));
  const rest = lines.length - LINES;
  return rest > 0 ? [...lines.slice(0, LINES), `-- … and ${rest} more lines`] : lines;
}

function facts(all: readonly (readonly [string, string | undefined | false])[]): string {
  return all.flatMap(([name, value]) => (value ? [`**${name}** ${value}`] : [])).join('  \n');
}

function list(names: readonly string[]): string {
  const rest = names.length - NAMES;
  return names.slice(0, NAMES).map(text).join(', ') + (rest > 0 ? ` … and ${rest} more` : '');
}

function text(value: string): string {
  return escapeMarkdown(value, 300);
}

/** A longer text, its lines as paragraphs. */
function paragraphs(value: string): string {
  return shorten(value, 5000)
    .split(/\n+/)
    .map((line) => escapeMarkdown(line, 2000))
    .filter(Boolean)
    .join('\n\n');
}

function titleOf(name: string): string {
  return shorten(plainLine(name), 60) || 'unnamed';
}

function page(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter(Boolean).join('\n\n');
}
