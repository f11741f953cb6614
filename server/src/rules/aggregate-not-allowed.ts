import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'aggregate-not-allowed',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'WHERE and GROUP BY are applied before rows are aggregated. A condition on an aggregate belongs in `HAVING`.',
  example:
    "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');\nSELECT a FROM t WHERE SUM(b) > 1 GROUP BY a;",
};

export function aggregateNotAllowed(range: { start: number; end: number }, name: string, clause: string): Problem {
  return finding(
    rule,
    range,
    `${name} cannot stand in ${clause}, which is applied before rows are aggregated. Use HAVING.`,
  );
}

/** An aggregate inside another one. */
export function nestedAggregate(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `${name} cannot aggregate what is an aggregate already. Aggregate in a subquery first.`);
}
