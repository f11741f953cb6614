import { expect, it } from 'vitest';
import { isSilenced } from '../../server/src/rules/silence';

const CASES: [text: string, silenced: boolean][] = [
  ['SELECT ▮a FROM t', false],
  ['SELECT ▮a FROM t; -- flink-sql: ignore', true],
  ['SELECT ▮a FROM t; -- flink-sql: ignore unknown-column', true],
  ['SELECT ▮a FROM t; -- flink-sql: ignore not-grouped, unknown-column', true],
  ['SELECT ▮a FROM t; -- flink-sql: ignore not-grouped', false],
  ['-- flink-sql: ignore unknown-column\nSELECT ▮a FROM t', true],
  ['SELECT b -- flink-sql: ignore\n, ▮a FROM t', false],
];

for (const [text, silenced] of CASES) {
  it(`${silenced ? 'silences' : 'does not silence'}: ${text}`, () => {
    expect(isSilenced(text.replace('▮', ''), text.indexOf('▮'), 'unknown-column')).toBe(silenced);
  });
}
