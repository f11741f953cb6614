import type { Problem } from '../language/problem';
import type { LogicalType } from '../semantics/types';
import { finding, type Rule, typeName } from './rule';

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

/** A column's types on both sides do not go together. */
export function setOperationTypes(
  range: { start: number; end: number },
  operation: string,
  column: string,
  left: LogicalType,
  right: LogicalType,
): Problem {
  return finding(
    rule,
    range,
    `Column \`${column}\` is ${typeName(left)} before ${operation} and ${typeName(right)} after it. Convert one of them with CAST.`,
  );
}

/** The rows of VALUES have different types in a column. */
export function valuesTypes(range: { start: number; end: number }, position: number): Problem {
  return finding(
    rule,
    range,
    `The rows of VALUES have types in column ${position + 1} that do not go together. Convert with CAST.`,
  );
}
