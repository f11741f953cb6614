import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'duplicate-object',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A table, view or database of this name exists already, so Flink refuses to create it again. Choose another name, add `IF NOT EXISTS` to keep the first, or drop the first before.',
  example:
    "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nCREATE TABLE t (b INT) WITH ('connector' = 'datagen');",
};

/** `what` in words: 'Table', 'Database'. */
export function duplicateObject(range: { start: number; end: number }, what: string, name: string): Problem {
  return finding(
    rule,
    range,
    `${what} \`${name}\` exists already. Choose another name, write IF NOT EXISTS, or drop the first one before.`,
  );
}
