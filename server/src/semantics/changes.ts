/**
 * What the rows of a table or query do over time, as far as the planner's verdict depends on it. Source of the facts:
 * FlinkChangelogModeInferenceProgram, and what the connectors' factories give.
 */
import { DEFAULT_CATALOG } from './catalog';
import type { TableNode } from './lineage';

/** 'append': rows are only ever added; 'change': rows are taken back or replaced too; undefined: not known. */
export type Changes = 'append' | 'change' | undefined;

/** Rows of several inputs put together: one that changes is enough, and all must be known to append. */
export function together(...all: readonly Changes[]): Changes {
  if (all.includes('change')) return 'change';
  return all.every((one) => one === 'append') ? 'append' : undefined;
}

/** Formats that carry rows, not changes of rows. */
const APPENDING_FORMATS = new Set(['json', 'csv', 'avro', 'avro-confluent', 'raw', 'protobuf', 'parquet', 'orc']);
const CHANGING_FORMATS = /^(debezium|canal|maxwell|ogg)-/;
/** Connectors whose changes are those of their format. */
const BY_FORMAT = new Set(['kafka', 'filesystem', 'pulsar', 'kinesis']);
const APPENDING_SOURCES = new Set(['datagen', 'jdbc', 'hbase-2.2', 'mongodb']);
/** Sinks that take changes where the table has a primary key, and only rows otherwise: the factory says so, not the planner. */
const KEYED_SINKS = new Set(['jdbc', 'mongodb']);

function byFormat(options: TableNode['options']): Changes {
  const format = options.format ?? options['value.format'] ?? '';
  if (APPENDING_FORMATS.has(format)) return 'append';
  return CHANGING_FORMATS.test(format) ? 'change' : undefined;
}

/** Whether Flink will find the table with these options: one of another file may be another one there. */
function isSure({ name, foundIn }: TableNode): boolean {
  return !foundIn || (foundIn.certain && !foundIn.others && name.startsWith(`${DEFAULT_CATALOG}.`));
}

/** What reading a table gives. */
export function sourceChanges(table: TableNode): Changes {
  const { kind, options } = table;
  if (kind !== 'table' || !isSure(table)) return undefined;
  const connector = options.connector ?? '';
  if (BY_FORMAT.has(connector)) return byFormat(options);
  if (APPENDING_SOURCES.has(connector)) return 'append';
  if (connector === 'upsert-kafka' || connector.endsWith('-cdc')) return 'change';
  // some connectors say it themselves: 'I,UA,D', 'upsert', 'all'
  return /\b(UA|UB|D|all|upsert)\b/.test(options['changelog-mode'] ?? '') ? 'change' : undefined;
}

/** What a table takes that is written to; 'change' where it takes everything. */
export function sinkChanges(table: TableNode): Changes {
  if (table.kind !== 'table' || !isSure(table)) return undefined;
  return BY_FORMAT.has(table.options.connector ?? '') ? byFormat(table.options) : undefined;
}

/** Whether a sink needs a primary key to take changes, and has none. */
export function lacksKey(table: TableNode): boolean {
  const { kind, options, primaryKey } = table;
  return kind === 'table' && isSure(table) && KEYED_SINKS.has(options.connector ?? '') && !primaryKey;
}
