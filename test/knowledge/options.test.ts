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
  ['1.20', 'json.decode.json-parser.enabled', { connector: 'kafka', format: 'json' }, undefined],
  ['2.1', 'json.decode.json-parser.enabled', { connector: 'kafka', format: 'json' }, 'json.decode.json-parser.enabled'],
];

const of = (type: OptionKnowledge['type'], values?: string[]): OptionKnowledge => ({
  key: 'k',
  type,
  ...(values ? { values } : {}),
});
/** option, value, whether Flink reads it */
const values: [OptionKnowledge, string, boolean][] = [
  [of('boolean'), 'TRUE', true],
  [of('boolean'), 'yes', false],
  [of('integer'), '2147483647', true],
  [of('integer'), '2147483648', false],
  [of('integer'), '1.5', false],
  [of('long'), '-9223372036854775808', true],
  [of('long'), '9223372036854775808', false],
  [of('double'), '1e-3', true],
  [of('double'), 'a', false],
  [of('duration'), '10 s', true],
  [of('duration'), '10', true],
  [of('duration'), '5MIN', true],
  [of('duration'), '10 parsecs', false],
  [of('duration'), 's', false],
  [of('memory'), '128mb', true],
  [of('memory'), '1 tebibytes', true],
  [of('memory'), '10 s', false],
  [of('enum', ['earliest-offset', 'latest-offset']), 'EARLIEST-OFFSET', true],
  [of('enum', ['earliest-offset', 'latest-offset']), 'earliest', false],
  [of('string'), '', true],
];

describe('options', () => {
  it.each(keys)('Flink %s, %s with %o is %s', (version, key, options, found) => {
    const factory = connector(version, options.connector!)!;
    expect(matchOption(factory, key, { version, options })?.key).toBe(found);
  });

  it.each(values)('%o takes %s: %s', (option, value, fine) => {
    expect(expectedValue(option, value) === undefined).toBe(fine);
  });

  it('knows what is required, and which artefact says so', () => {
    expect(connector('2.3', 'kafka')).toMatchObject({
      required: ['properties.bootstrap.servers'],
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
