import type { Problem } from '../language/problem';
import { finding, nearest, type Rule, replacement, written } from './rule';

export const rule: Rule = {
  code: 'unknown-qualifier',
  severity: 'error',
  origin: 'semantics',
  explanation: 'No table in FROM has this name or alias. A table that has an alias can only be named by it.',
  example: "CREATE TABLE orders (id BIGINT) WITH ('connector' = 'datagen');\nSELECT orders.* FROM orders AS o;",
};

/** `tables` are the names and aliases that can be used. */
export function unknownQualifier(
  range: { start: number; end: number },
  name: string,
  tables: readonly string[],
): Problem {
  const meant = nearest(name, tables) ?? (tables.length === 1 ? tables[0] : undefined);
  const text = `No table in FROM is called \`${name}\`.`;
  if (!meant) return finding(rule, range, `${text} Correct the name or add the table.`);
  return finding(rule, range, `${text} Did you mean \`${meant}\`?`, [replacement(range, written(meant))]);
}
