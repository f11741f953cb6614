import { expect, test } from 'vitest';
import { readSettings, sameSettings } from '../../server/src/workspace/settings';

test('values of placeholders are read as text, and what is none is left out', () => {
  const { variables } = readSettings({ variables: { env: 'prod', n: 10, on: true, list: ['a'] } });
  expect(variables).toEqual({ env: 'prod', n: '10', on: 'true' });
  expect(readSettings({ variables: 'env' }).variables).toEqual({});
});

test('settings are the same when texts read the same with them', () => {
  const env = (value: string) => readSettings({ variables: { env: value } });
  expect(sameSettings(env('a'), env('a'))).toBe(true);
  expect(sameSettings(env('a'), env('b'))).toBe(false);
  expect(sameSettings(readSettings({}), readSettings({ templates: false }))).toBe(false);
});
