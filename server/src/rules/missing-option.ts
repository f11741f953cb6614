import type { Problem } from '../language/problem';
import { finding, type Rule, shortList } from './rule';

export const rule: Rule = {
  code: 'missing-option',
  severity: 'error',
  origin: 'options',
  explanation:
    'The connector, or the chosen format, cannot work without this option, so Flink refuses the table when it is first used.',
  example: "CREATE TABLE orders (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');",
};

/** `at` is where further options can be written, if anywhere. */
export function missingOption(
  range: { start: number; end: number },
  connector: string,
  keys: readonly string[],
  at: number | undefined,
): Problem {
  const names = shortList(keys.map((k) => `\`${k}\``));
  const text = keys.map((key) => `,\n  '${key}' = ''`).join('');
  return finding(
    rule,
    range,
    `The ${connector} connector needs ${names}, which ${keys.length === 1 ? 'is' : 'are'} missing here.`,
    at === undefined ? undefined : [{ title: `Add ${shortList(keys, 3)}`, edits: [{ start: at, end: at, text }] }],
  );
}
