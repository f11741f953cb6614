import type { Problem, Severity } from '../language/problem';
import { finding, nearest, type Rule, replacement, written } from './rule';

export const rule: Rule = {
  code: 'unknown-table',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A table, view or common table expression of this name is not defined above, and the catalog in use is kept in memory, so nothing else can define it. Define it, correct the name, or select the catalog that has it with `USE CATALOG`. Where nothing in a file resolves, the file is taken for a fragment and this is only information.',
  example: "CREATE TABLE orders (id BIGINT) WITH ('connector' = 'datagen');\nSELECT id FROM order_s;",
};

/** `name` as written; `candidates` are the names that would resolve. */
export function unknownTable(
  range: { start: number; end: number },
  name: string,
  candidates: Iterable<string>,
  severity: Severity = rule.severity,
): Problem {
  const meant = nearest(name, candidates);
  const text = `Table \`${name}\` is not defined here.`;
  const problem = meant
    ? finding(rule, range, `${text} Did you mean \`${meant}\`?`, [
        replacement(range, meant.split('.').map(written).join('.')),
      ])
    : finding(rule, range, `${text} Create it above, or select the catalog that has it with USE CATALOG.`);
  return severity === rule.severity ? problem : { ...problem, severity };
}
