import type { StringLiteral } from '../language/ast';
import type { Problem } from '../language/problem';
import { finding, nearest, type Rule, replacement } from './rule';

export const rule: Rule = {
  code: 'unknown-option',
  severity: 'error',
  origin: 'options',
  explanation:
    'The connector does not take this option, nor does the chosen format, so Flink refuses the table when it is first used. Known from the real factories of the connector.',
  example:
    "CREATE TABLE orders (id BIGINT) WITH (\n  'connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092',\n  'startup-mode' = 'earliest-offset', 'format' = 'json'\n);",
};

export function unknownOption(
  literal: StringLiteral,
  key: string,
  connector: string,
  meant: string | undefined,
  inner: (literal: StringLiteral) => { start: number; end: number },
): Problem {
  const text = `\`${key}\` is not an option of the ${connector} connector.`;
  if (!meant) return finding(rule, literal, `${text} Remove it or correct its name.`);
  return finding(rule, literal, `${text} Did you mean \`${meant}\`?`, [replacement(inner(literal), meant)]);
}

/** The option that a wrong key was meant to be: near in spelling, or made of the same words. */
export function nearestKey(key: string, candidates: Iterable<string>): string | undefined {
  const all = [...new Set(candidates)];
  const wanted = words(key);
  let best: string | undefined;
  let bestShare = 0.5;
  for (const candidate of all) {
    const has = words(candidate);
    const shared = wanted.filter((w) => has.includes(w)).length;
    const share = (2 * shared) / (wanted.length + has.length);
    if (share > bestShare) {
      bestShare = share;
      best = candidate;
    }
  }
  const spelled = nearest(key, all);
  return spelled ?? best;
}

function words(key: string): string[] {
  return key.toLowerCase().split(/[^a-z0-9]+/);
}
