import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'unknown-type',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Flink has no data type of this name, and types cannot be defined in SQL. Use one of its own, such as STRING, BIGINT or TIMESTAMP(3).',
  example: "CREATE TABLE t (a TEXT) WITH ('connector' = 'datagen');",
};

/** What other databases call a type, and what Flink calls it. */
const USUAL: Readonly<Record<string, string>> = {
  TEXT: 'STRING',
  SERIAL: 'INT',
  BIGSERIAL: 'BIGINT',
  DATETIME: 'TIMESTAMP(3)',
  JSON: 'STRING',
  UUID: 'STRING',
  LONG: 'BIGINT',
  NUMBER: 'DECIMAL(38, 10)',
  BOOL: 'BOOLEAN',
  BLOB: 'BYTES',
};

export function unknownType(range: { start: number; end: number }, name: string): Problem {
  const usual = USUAL[name.toUpperCase()];
  return usual
    ? finding(rule, range, `\`${name}\` is not a data type of Flink. Write ${usual}.`, [
        { title: `Change to ${usual}`, edits: [{ start: range.start, end: range.end, text: usual }] },
      ])
    : finding(rule, range, `\`${name}\` is not a data type of Flink. Use one of its own, such as STRING or BIGINT.`);
}
