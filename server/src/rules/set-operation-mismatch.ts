import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'set-operation-mismatch',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Both sides of UNION, INTERSECT and EXCEPT must have the same number of columns, of types that go together.',
  example:
    "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'datagen');\nSELECT a, b FROM t UNION ALL SELECT a FROM t;",
};

/** Both sides differ in how many columns they have. */
export function setOperationMismatch(
  range: { start: number; end: number },
  operation: string,
  left: number,
  right: number,
): Problem {
  const count = (n: number): string => (n === 1 ? '1 column' : `${n} columns`);
  return finding(
    rule,
    range,
    `The two sides of ${operation} differ: ${count(left)} before, ${count(right)} here. Select as many on both sides.`,
  );
}
