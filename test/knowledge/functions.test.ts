import { describe, expect, it } from 'vitest';
import { acceptsCount, functions, lookupFunction } from '../../server/src/knowledge/functions';

/** version, name → numbers of arguments from 0 to 10 that the planner accepts; undefined: there is no such function */
const counts: [version: string, name: string, accepted: number[] | undefined][] = [
  ['2.3', 'upper', [1]],
  ['2.3', 'coalesce', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ['2.3', 'TO_TIMESTAMP_LTZ', [1, 2, 3]],
  ['1.20', 'TO_TIMESTAMP_LTZ', [2]],
  ['2.3', 'CURRENT_TIMESTAMP', [0, 1]],
  ['2.3', 'HOP_START', [3, 4]],
  ['2.3', 'LOG', [1, 2]],
  ['2.3', 'STR_TO_MAP', [1, 3]],
  ['1.20', 'BTRIM', undefined],
  ['2.0', 'BTRIM', [1, 2]],
  ['2.0', 'PARSE_JSON', undefined],
  ['2.1', 'PARSE_JSON', [1, 2]],
  ['2.3', 'IFTHENELSE', undefined],
  ['2.3', 'NVL', undefined],
];

describe('functions', () => {
  it.each(counts)('Flink %s %s takes %s arguments', (version, name, accepted) => {
    const known = lookupFunction(version, name);
    expect(known && Array.from({ length: 11 }, (_, n) => n).filter((n) => acceptsCount(known, n))).toEqual(accepted);
  });

  it('knows where a function may stand', () => {
    expect(lookupFunction('2.3', 'sum')?.kinds).toEqual(['aggregate']);
    expect(lookupFunction('2.3', 'tumble')?.kinds).toEqual(['table', 'window']);
    expect(lookupFunction('2.3', 'row_number')?.kinds).toEqual(['over']);
    expect(lookupFunction('2.3', 'prev')?.kinds).toEqual(['match']);
    expect(lookupFunction('2.3', 'to_changelog')).toMatchObject({
      kinds: ['process table'],
      arguments: [{ name: 'input', optional: false }, { name: 'op' }, { name: 'op_mapping', optional: true }],
    });
  });

  it('knows syntax and determinism', () => {
    expect(lookupFunction('2.3', 'cast')?.special).toBe(true);
    expect(lookupFunction('2.3', 'current_date')?.bare).toBe(true);
    expect(lookupFunction('2.3', 'now')).toMatchObject({ bare: false, deterministic: false });
    expect(lookupFunction('2.3', 'abs')?.deterministic).toBe(true);
  });

  it('grows with the versions', () => {
    const sizes = ['1.20', '2.0', '2.1', '2.2', '2.3'].map((version) => functions(version).length);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes[0]).toBeGreaterThan(200);
  });
});
