import type { StringLiteral } from '../language/ast';
import type { Problem } from '../language/problem';
import { finding, nearest, type Rule, replacement } from './rule';

export const rule: Rule = {
  code: 'option-value',
  severity: 'error',
  origin: 'options',
  explanation:
    'Flink cannot read the value of this option: it must be of another type, or one of the values that the option knows.',
  example: "CREATE TABLE orders (id BIGINT) WITH (\n  'connector' = 'datagen', 'rows-per-second' = 'many'\n);",
};

/** `expected` in words: 'true or false'; `values` are those of an enumeration. */
export function optionValue(
  literal: StringLiteral,
  key: string,
  value: string,
  expected: string,
  values: readonly string[] | undefined,
  inner: (literal: StringLiteral) => { start: number; end: number },
): Problem {
  const meant = values && nearest(value, values);
  return finding(
    rule,
    literal,
    `\`${value}\` cannot be the value of \`${key}\`: it must be ${expected}.`,
    meant ? [replacement(inner(literal), meant)] : undefined,
  );
}
