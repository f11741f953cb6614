import { describe, expect, it } from 'vitest';
import { expectedValue } from '../../server/src/knowledge/options';
import { setting, settings } from '../../server/src/knowledge/settings';

/** version, key → what is known of it */
const known: [version: string, key: string, expected: object | undefined][] = [
  ['2.3', 'table.exec.state.ttl', { key: 'table.exec.state.ttl', type: 'duration' }],
  ['2.3', 'execution.runtime-mode', { type: 'enum', default: 'STREAMING' }],
  ['2.3', 'pipeline.name', { type: 'string' }],
  ['2.3', 'parallelism.default', { type: 'integer' }],
  ['2.3', 'sql-client.execution.result-mode', { type: 'enum', default: 'TABLE' }],
  ['2.3', 'table.optimizer.agg-phase-strategy', { default: 'AUTO' }],
  ['1.20', 'restart-strategy', { key: 'restart-strategy.type' }],
  ['2.3', 'table.exec.state.tll', undefined],
];

describe('settings', () => {
  it.each(known)('Flink %s %s', (version, key, expected) => {
    const found = setting(version, key);
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
  });

  it('judges values like those of options', () => {
    expect(expectedValue(setting('2.3', 'table.exec.state.ttl')!, '1 day')).toBeUndefined();
    expect(expectedValue(setting('2.3', 'table.exec.state.ttl')!, 'a day')).toBeDefined();
  });

  it('knows hundreds in every version', () => {
    for (const version of ['1.20', '2.0', '2.1', '2.2', '2.3']) expect(settings(version).size).toBeGreaterThan(500);
  });
});
