import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  catalog,
  connector,
  expectedValue,
  format,
  identifiers,
  matchOption,
  type OptionKnowledge,
} from '../../server/src/knowledge/options';

/** key, WITH clause → the key of the option it sets, or undefined where the real factory refuses it */
const keys: [version: string, key: string, options: Record<string, string>, found: string | undefined][] = [
  ['2.3', 'scan.startup.mode', { connector: 'kafka' }, 'scan.startup.mode'],
  ['2.3', 'startup-mode', { connector: 'kafka' }, undefined],
  ['2.3', 'properties.max.poll.records', { connector: 'kafka' }, 'properties.*'],
  ['2.3', 'properties.', { connector: 'kafka' }, undefined],
  ['2.3', 'json.ignore-parse-errors', { connector: 'kafka', format: 'json' }, 'json.ignore-parse-errors'],
  ['2.3', 'json.ignore-parse-error', { connector: 'kafka', format: 'json' }, undefined],
  ['2.3', 'json.ignore-parse-errors', { connector: 'kafka', format: 'csv' }, undefined],
  [
    '2.3',
    'value.csv.field-delimiter',
    { connector: 'kafka', 'value.format': 'csv', 'key.format': 'raw' },
    'value.csv.field-delimiter',
  ],
  ['2.3', 'key.csv.field-delimiter', { connector: 'kafka', 'value.format': 'csv', 'key.format': 'raw' }, undefined],
  ['2.3', 'scan.watermark.idle-timeout', { connector: 'kafka' }, 'scan.watermark.idle-timeout'],
  ['2.3', 'sasl.anything', { connector: 'kafka', format: 'acme' }, undefined],
  ['2.3', 'acme.anything', { connector: 'kafka', format: 'acme' }, 'acme.*'],
  ['2.3', 'fields.price.min', { connector: 'datagen' }, 'fields.#.min'],
  ['2.3', 'fields.price.minimum', { connector: 'datagen' }, undefined],
  ['2.3', 'property-version', { connector: 'datagen' }, undefined],
  ['2.3', 'parquet.block.size', { connector: 'filesystem', format: 'parquet' }, 'parquet.*'],
  ['2.3', 'csv.field-delimiter', { connector: 'filesystem', format: 'csv' }, 'csv.field-delimiter'],
  ['2.3', 'avro.codec', { connector: 'filesystem', format: 'avro' }, 'avro.codec'],
  ['2.3', 'connector', { connector: 'print' }, 'connector'],
  ['2.3', 'lookup.cache', { connector: 'jdbc' }, 'lookup.cache'],
  [
    '2.3',
    'avro-confluent.properties.ssl.protocol',
    { connector: 'kafka', format: 'avro-confluent' },
    'avro-confluent.properties.*',
  ],
  ['1.20', 'json.decode.json-parser.enabled', { connector: 'kafka', format: 'json' }, undefined],
  ['2.1', 'json.decode.json-parser.enabled', { connector: 'kafka', format: 'json' }, 'json.decode.json-parser.enabled'],
];

/** type, text, whether real Flink reads it: written by scripts/knowledge/values.mjs */
const values = readFileSync(path.join(import.meta.dirname, 'values.tsv'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => line.split('\t') as [type: OptionKnowledge['type'], text: string, fine: string])
  // Texts of maps and lists are too rich to be judged
  .filter(([type]) => type !== 'map' && type !== 'list');

describe('options', () => {
  it.each(keys)('Flink %s, %s with %o is %s', (version, key, options, found) => {
    const factory = connector(version, options.connector!)!;
    expect(matchOption(factory, key, { version, options })?.key).toBe(found);
  });

  it.each(values)('%s takes %j: %s', (type, text, fine) => {
    const option = { key: 'k', type, ...(type === 'enum' ? { values: ['A', 'B_C'] } : {}) };
    expect(String(expectedValue(option, text) === undefined)).toBe(fine);
  });

  it('knows what is required, and which artefact says so', () => {
    expect(connector('2.3', 'kafka')).toMatchObject({
      required: ['properties.bootstrap.servers'],
      requiredEither: [
        ['topic', 'topic-pattern'],
        ['format', 'value.format'],
      ],
      roles: ['source', 'sink'],
      artefact: 'org.apache.flink:flink-connector-kafka:5.0.0-2.2',
    });
    expect(connector('1.20', 'kafka')?.artefact).toBe('org.apache.flink:flink-connector-kafka:3.4.0-1.20');
    expect([...connector('2.3', 'upsert-kafka')!.required].sort()).toEqual([
      'key.format',
      'properties.bootstrap.servers',
      'value.format',
    ]);
    expect(catalog('2.3', 'jdbc')?.required).toContain('base-url');
    expect(format('2.3', 'avro-confluent')?.required).toEqual(['url']);
  });

  it('knows values and defaults', () => {
    const mode = connector('2.3', 'kafka')?.options.get('scan.startup.mode');
    expect(mode).toMatchObject({ type: 'enum', default: 'group-offsets' });
    expect(mode?.values).toContain('earliest-offset');
    expect(connector('2.3', 'kafka')?.options.get('topic')?.type).toBe('list');
  });

  it('tells formats of records from formats of files', () => {
    expect([...format('2.3', 'avro')!.options.keys()]).toContain('encoding');
    expect([...format('2.3', 'avro', 'file')!.options.keys()]).toContain('codec');
  });

  it('tells the versions apart', () => {
    expect(identifiers('1.20', 'connector')).not.toContain('dynamic-kafka');
    expect(identifiers('2.3', 'connector')).toContain('dynamic-kafka');
    expect(connector('2.0.1', 'nonsense')).toBeUndefined();
  });
});
