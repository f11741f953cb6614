import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'duplicate-column',
  severity: 'error',
  origin: 'semantics',
  explanation: 'A table cannot have two columns of one name, and a column can be written only once by an INSERT.',
  example: "CREATE TABLE t (a INT, a STRING) WITH ('connector' = 'datagen');",
};

export function duplicateColumn(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `Column \`${name}\` is there already. Remove or rename one of the two.`);
}

/** A ROW type with two fields of one name. */
export function duplicateField(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `Field \`${name}\` is in this ROW already. Remove or rename one of the two.`);
}

/** Two metadata columns read the same key. */
export function duplicateMetadata(range: { start: number; end: number }, key: string): Problem {
  return finding(
    rule,
    range,
    `The metadata \`${key}\` is a column of this table already. Use a computed column for the second one.`,
  );
}
