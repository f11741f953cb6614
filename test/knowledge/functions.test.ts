import { describe, expect, it } from 'vitest';
import {
  acceptsCount,
  acceptsTypes,
  functions,
  lookupFunction,
  resultType,
} from '../../server/src/knowledge/functions';
import { parseType } from '../../server/src/semantics/type-text';
import { printType } from '../../server/src/semantics/types';

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

/** name, argument types → whether the planner of Flink 2.3 accepts them; undefined where we cannot tell */
const accepted: [name: string, types: string[], accepts: boolean | undefined][] = [
  ['UPPER', ['CHAR(3)'], true],
  ['UPPER', ['INT'], false],
  ['+', ['INT', 'DECIMAL(10, 2)'], true],
  ['+', ['INT', 'STRING'], false],
  ['+', ['DATE', 'INTERVAL DAY'], true],
  ['CONCAT', ['STRING', 'INT'], false],
  ['SUM', ['STRING'], false],
  ['=', ['INT', 'BOOLEAN'], false],
  ['=', ['DATE', 'STRING'], true],
  ['COALESCE', ['INT', 'STRING'], false],
  ['ARRAY_CONTAINS', ['ARRAY<BOOLEAN>', 'BOOLEAN'], undefined],
  ['UPPER', ['something'], undefined],
  ['NO_SUCH_FUNCTION', ['INT'], undefined],
];

/** name, argument types, literals → the type of the result in Flink 2.3 */
const results: [name: string, types: string[], literals: (number | undefined)[], result: string | undefined][] = [
  ['UPPER', ['VARCHAR(7) NOT NULL'], [], 'VARCHAR(7) NOT NULL'],
  ['SUM', ['DECIMAL(10, 2) NOT NULL'], [], 'DECIMAL(38, 2) NOT NULL'],
  ['ROUND', ['DECIMAL(10, 4)', 'INT NOT NULL'], [undefined, 2], 'DECIMAL(9, 2)'],
  ['ROUND', ['DECIMAL(10, 4)', 'INT NOT NULL'], [], 'DECIMAL(10, 4)'],
  ['COALESCE', ['INT', 'INT', 'BIGINT', 'INT', 'INT NOT NULL'], [], 'BIGINT NOT NULL'],
  ['/', ['DECIMAL(10, 2)', 'INT'], [], 'DECIMAL(21, 13)'],
  ['UPPER', ['something'], [], undefined],
];

describe('functions', () => {
  it.each(accepted)('%s of %j is accepted: %s', (name, types, accepts) => {
    expect(acceptsTypes('2.3', name, types.map(parseType))).toBe(accepts);
  });

  it.each(results)('%s of %j with %j is %s', (name, types, literals, result) => {
    expect(printType(resultType('2.3', name, { types: types.map(parseType), literals }))).toBe(result);
  });

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
