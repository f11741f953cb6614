import type { StringLiteral } from '../language/ast';
import type { Problem } from '../language/problem';
import { finding, type Rule, replacement } from './rule';

export const rule: Rule = {
  code: 'deprecated-option',
  severity: 'warning',
  origin: 'hint',
  explanation: 'The connector still reads this option, but under another name by now, or will stop reading it.',
  example:
    "CREATE TABLE t (id BIGINT) WITH (\n  'connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'kafka:9092',\n  'format' = 'avro-confluent', 'avro-confluent.schema-registry.url' = 'http://registry:8081'\n);",
};

/** `now` is the key that replaces it, if one does. */
export function deprecatedOption(
  literal: StringLiteral,
  key: string,
  now: string | undefined,
  inner: (literal: StringLiteral) => { start: number; end: number },
): Problem {
  return now
    ? finding(rule, literal, `\`${key}\` is called \`${now}\` now.`, [replacement(inner(literal), now)])
    : finding(rule, literal, `\`${key}\` is deprecated and may be gone in a later version of the connector.`);
}
