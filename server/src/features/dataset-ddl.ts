import type { KnownDataset } from '../atlas/readDataset';
import type { CreateTable } from '../language/ast';
import { parseScript } from '../language/parser';
import { analyseScript } from '../semantics/analyse';
import { parseType } from '../semantics/type-text';
import { hasUnknown, printType } from '../semantics/types';
import { identifier, stringLiteral } from './identifier';
import { plainLine, shorten } from './markdown';

/** Characters of a comment on a column or a table that are taken over. */
const COMMENT = 200;
/** Characters of a value of an option. */
const VALUE = 2000;

/**
 * The CREATE TABLE statement of a dataset: as a job declares it where one does, else made of its columns with the options
 * that its type suggests; `…` stands where only its owner can know. Whatever the store holds, the result is one statement
 * that parses and binds. Ends with a semicolon and a line feed.
 */
export function datasetDdl(dataset: KnownDataset): string {
  const { declared } = dataset;
  if (declared?.definition) {
    const text = `${withoutInvisible(declared.definition).trim().replace(/;$/, '')};\n`;
    if (isTable(text)) return text;
  }
  // What is taken over as it was published, a watermark's expression and options, may be no SQL at all: then it is left out
  const { watermark: _, ...plain } = declared ?? { options: {}, primaryKey: [], partitionKeys: [], kinds: {} };
  const without = (rest: Partial<KnownDataset>): KnownDataset => ({ ...dataset, declared: plain, ...rest });
  return (
    [dataset, without({}), without({ declared: { ...plain, options: {} } })].map(skeleton).find(isTable) ??
    skeleton(without({ declared: { ...plain, options: {} }, card: { ...dataset.card, typeName: '' } }))
  );
}

/** The name of the dataset's table in SQL: the one that a job declares, else the dataset's own. */
export function datasetName(dataset: KnownDataset): string {
  const { declared, card } = dataset;
  const definition = declared?.definition && createTable(`${withoutInvisible(declared.definition)}`);
  const parts = definition ? definition.name.parts.map(({ name }) => name) : namesOf(card.typeName, card.qualifiedName);
  return (parts ?? [card.name]).map(identifier).join('.');
}

/** Hive's tables are known by database and name; nothing else has a name of several parts. */
function namesOf(typeName: string, qualifiedName: string): string[] | undefined {
  if (typeName !== 'hive_table') return undefined;
  const parts = qualifiedName.replace(/@[^@]*$/, '').split('.');
  return parts.length === 2 && parts.every(Boolean) ? parts : undefined;
}

/** The statement, when a text is one CREATE TABLE without a query and without syntax errors. */
function createTable(text: string): CreateTable | undefined {
  const { statements } = parseScript(text, { flinkVersion: '2.3', templates: false });
  const [first] = statements;
  if (statements.length !== 1 || !first || first.statement.problems.length > 0) return undefined;
  const { root } = first.statement;
  return root.kind === 'CreateTable' && !root.query && !root.like ? root : undefined;
}

/** Whether a text is one CREATE TABLE that parses, and that the binder finds no error in. */
function isTable(text: string): boolean {
  if (!createTable(text)) return false;
  const statements = parseScript(text, { flinkVersion: '2.3', templates: false }).statements.map(
    (each) => each.statement,
  );
  const { statements: bound } = analyseScript(statements, { flinkVersion: '2.3' });
  return bound.every(({ problems }) => problems.every(({ severity }) => severity !== 'error'));
}

function withoutInvisible(sql: string): string {
  return sql.replace(/[^\S\n\t ]/g, ' ').replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '');
}

function skeleton(dataset: KnownDataset): string {
  const { card, declared } = dataset;
  const name = datasetName(dataset);
  const comments: string[] = [];
  const columns = card.columns.filter((column) => column.name !== '' && declared?.kinds[column.name] !== 'metadata');
  const names = new Set<string>();
  const lines: string[] = [];
  const key = new Set(declared?.primaryKey ?? []);
  for (const column of columns) {
    const written = identifier(column.name);
    if (names.has(written)) continue;
    names.add(written);
    const { type, exact } = flinkType(column.type);
    // A column of a primary key is NOT NULL
    const notNull = key.has(column.name) && !/NOT NULL$/.test(type) ? ' NOT NULL' : '';
    const comment = column.description ? ` COMMENT ${stringLiteral(shorten(column.description, COMMENT))}` : '';
    lines.push(`${written} ${type}${notNull}${comment}`);
    if (!exact && column.type) comments.push(`-- ${note(column.name)} is ${note(column.type)} there`);
  }
  if (lines.length === 0) {
    comments.push('-- its columns are not known');
    lines.push('`value` STRING');
  }
  const all = (wanted: readonly string[]) => wanted.map(identifier).filter((each) => names.has(each));
  const primaryKey = all(declared?.primaryKey ?? []);
  if (primaryKey.length > 0 && primaryKey.length === key.size) {
    lines.push(`PRIMARY KEY (${primaryKey.join(', ')}) NOT ENFORCED`);
  }
  const watermark = watermarkOf(declared?.watermark);
  if (watermark) lines.push(watermark);
  const partitionKeys = all(declared?.partitionKeys ?? []);
  const options = optionsOf(dataset);
  const comment = card.description ? ` COMMENT ${stringLiteral(shorten(card.description, COMMENT))}` : '';
  if (options.length === 0) comments.push('-- add WITH (…): how it is read is not known');
  return [
    ...comments.slice(0, 5),
    `CREATE TABLE ${name} (`,
    lines.map((line) => `  ${line}`).join(',\n'),
    `)${comment}${partitionKeys.length > 0 ? ` PARTITIONED BY (${partitionKeys.join(', ')})` : ''}${withOf(options)};\n`,
  ].join('\n');
}

function withOf(options: readonly (readonly [string, string])[]): string {
  if (options.length === 0) return '';
  const lines = options.map(([key, value]) => `  ${stringLiteral(key)} = ${stringLiteral(shorten(value, VALUE))}`);
  return ` WITH (\n${lines.join(',\n')}\n)`;
}

/** Text in a line comment. */
function note(text: string): string {
  return shorten(plainLine(text), 80);
}

/** 'ts AS ts - INTERVAL …' as a clause; undefined for what could end it before its time. */
function watermarkOf(text: string | undefined): string | undefined {
  const [, column, expression] = /^(\S+) AS (.+)$/s.exec(text ?? '') ?? [];
  if (!column || !expression || /--|\/\*|;/.test(expression)) return undefined;
  return `WATERMARK FOR ${identifier(column)} AS ${plainLine(expression)}`;
}

// -------------------------------------------------------------------------------------------------------- types

/** Types of databases by their name in lower case, as the JDBC connector reads them. */
const databaseTypes: Readonly<Record<string, string>> = {
  bool: 'BOOLEAN',
  bit: 'BOOLEAN',
  int2: 'SMALLINT',
  smallserial: 'SMALLINT',
  year: 'INT',
  mediumint: 'INT',
  int4: 'INT',
  serial: 'INT',
  int8: 'BIGINT',
  bigserial: 'BIGINT',
  long: 'BIGINT',
  float4: 'FLOAT',
  real: 'FLOAT',
  float8: 'DOUBLE',
  'double precision': 'DOUBLE',
  number: 'DECIMAL(38, 18)',
  money: 'DECIMAL(19, 4)',
  text: 'STRING',
  tinytext: 'STRING',
  mediumtext: 'STRING',
  longtext: 'STRING',
  clob: 'STRING',
  nclob: 'STRING',
  varchar2: 'STRING',
  nvarchar: 'STRING',
  nvarchar2: 'STRING',
  nchar: 'STRING',
  ntext: 'STRING',
  character: 'STRING',
  'character varying': 'STRING',
  bpchar: 'STRING',
  uuid: 'STRING',
  uniqueidentifier: 'STRING',
  json: 'STRING',
  jsonb: 'STRING',
  xml: 'STRING',
  enum: 'STRING',
  set: 'STRING',
  bytea: 'BYTES',
  blob: 'BYTES',
  tinyblob: 'BYTES',
  mediumblob: 'BYTES',
  longblob: 'BYTES',
  image: 'BYTES',
  raw: 'BYTES',
  datetime: 'TIMESTAMP(6)',
  datetime2: 'TIMESTAMP(6)',
  smalldatetime: 'TIMESTAMP(6)',
  timestamptz: 'TIMESTAMP_LTZ(6)',
  'timestamp with time zone': 'TIMESTAMP_LTZ(6)',
  datetimeoffset: 'TIMESTAMP_LTZ(6)',
};

/** A type of Flink for one of a store, which may be Hive's or a database's. `exact` is false where STRING stands in for it. */
function flinkType(text: string | undefined): { type: string; exact: boolean } {
  const read = parseType(text);
  const printed = hasUnknown(read) ? undefined : printType(read);
  // Types that exist, but that no column of a table can have
  if (printed && !/\b(NULL$(?<!NOT NULL)|WITH TIME ZONE|RAW\(|DESCRIPTOR|INTERVAL)/.test(printed)) {
    return { type: printed, exact: true };
  }
  const [, base = '', numbers = '', unsigned] =
    /^([a-z][a-z0-9 ]*?)\s*(\([\d, ]*\))?\s*(unsigned)?$/i.exec((text ?? '').replace(/\s*not null$/i, '').trim()) ?? [];
  const name = base.toLowerCase();
  const [, precision, scale = '0'] = /^\((\d+)(?:,\s*(\d+))?\)$/.exec(numbers) ?? [];
  if (
    /^(number|numeric|decimal)$/.test(name) &&
    precision &&
    Number(precision) <= 38 &&
    Number(scale) <= Number(precision)
  ) {
    return { type: `DECIMAL(${precision}, ${scale})`, exact: true };
  }
  if (unsigned) {
    const wider: Record<string, string> = { tinyint: 'SMALLINT', smallint: 'INT', int: 'BIGINT', integer: 'BIGINT' };
    return { type: wider[name] ?? 'DECIMAL(20, 0)', exact: true };
  }
  const known = Object.hasOwn(databaseTypes, name) ? databaseTypes[name] : undefined;
  return known ? { type: known, exact: true } : { type: 'STRING', exact: false };
}

// ------------------------------------------------------------------------------------------------------ options

type Options = (readonly [string, string])[];

/** The options a job declares; else those that the type of dataset suggests, '…' for what only its owner knows. */
function optionsOf({ card, declared, attributes }: KnownDataset): Options {
  const options = Object.entries(declared?.options ?? {});
  if (declared?.options.connector) return options;
  const text = (name: string) => (typeof attributes[name] === 'string' ? (attributes[name] as string) : '');
  const place = card.qualifiedName.replace(/@[^@]*$/, '');
  switch (card.typeName) {
    case 'kafka_topic':
      return [
        ['connector', 'kafka'],
        ['topic', text('topic') || card.name],
        ['properties.bootstrap.servers', text('uri') || '…'],
        ['properties.group.id', '…'],
        ['scan.startup.mode', 'earliest-offset'],
        ['format', card.columns.length > 0 ? 'json' : 'raw'],
      ];
    case 'hive_table':
      return [['connector', 'hive']];
    case 'rdbms_table':
      return databaseOptions(place);
    case 'hdfs_path':
      return files(text('path') || place, card.columns.length > 0);
    case 'hbase_table':
      return [];
    default:
      return /^(aws_s3|adls_gen2|gcp_storage|ozone)_/.test(card.typeName) ? files(place, card.columns.length > 0) : [];
  }
}

function files(path: string, hasColumns: boolean): Options {
  return [
    ['connector', 'filesystem'],
    ['path', path || '…'],
    ['format', hasColumns ? 'parquet' : 'raw'],
  ];
}

const vendors: Readonly<Record<string, string>> = {
  3306: 'mysql',
  5432: 'postgresql',
  1521: 'oracle:thin',
  1433: 'sqlserver',
  50000: 'db2',
};

/** '<host>:<port>/<database>.<schema>.<table>' as the mapping names tables; the port tells the vendor. */
function databaseOptions(place: string): Options {
  const [, host = '…', port = '', path = ''] = /^([^/:]+):?(\d*)\/(.*)$/.exec(place) ?? [];
  const [database, ...table] = path.split('.');
  const vendor = vendors[port] ?? '…';
  const server = `//${host}${port ? `:${port}` : ''}`;
  const url =
    vendor === 'sqlserver'
      ? `jdbc:sqlserver:${server};databaseName=${database || '…'}`
      : `jdbc:${vendor}:${vendor === 'oracle:thin' ? '@' : ''}${server}/${database || '…'}`;
  return [
    ['connector', 'jdbc'],
    ['url', url],
    ['table-name', table.join('.') || '…'],
  ];
}
