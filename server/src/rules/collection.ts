import type { Problem } from '../language/problem';
import type { LogicalType } from '../semantics/types';
import { finding, type Rule, typeName } from './rule';

export const rule: Rule = {
  code: 'collection',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'The elements of an array, and the keys and the values of a map, have one type each; an array is read by a whole number, a map by a key.',
  example: "CREATE TABLE t (a ARRAY<INT>) WITH ('connector' = 'datagen');\nSELECT a['x'] FROM t;",
};

export function mixedElements(range: { start: number; end: number }, kind: string): Problem {
  return finding(rule, range, `The elements of this ${kind} have types that do not go together. Convert with CAST.`);
}

/** The values of IN (…) */
export function mixedList(values: readonly { start: number; end: number }[]): Problem {
  const range = { start: values[0]!.start, end: values[values.length - 1]!.end };
  return finding(rule, range, 'The values of this list have types that do not go together. Convert with CAST.');
}

export function oddMap(range: { start: number; end: number }): Problem {
  return finding(rule, range, 'A map is written as keys and values in turn; here a value is missing.');
}

export function wrongIndex(range: { start: number; end: number }, of: LogicalType, index: LogicalType): Problem {
  return finding(rule, range, `A value of type ${typeName(of)} cannot be read at ${typeName(index)}.`);
}
