import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'primary-key',
  severity: 'error',
  origin: 'semantics',
  explanation: 'A primary key can only be made of physical columns: not of computed or metadata columns.',
  example: "CREATE TABLE t (a INT, b AS a + 1, PRIMARY KEY (b) NOT ENFORCED) WITH ('connector' = 'datagen');",
};

export function primaryKeyColumn(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `Column \`${name}\` cannot be in the primary key: it is not a physical column.`);
}
