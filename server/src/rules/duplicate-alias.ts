import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'duplicate-alias',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'Two tables of one FROM clause have the same name or alias, so columns could not be told apart. Give one of them another alias.',
  example: "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nSELECT t.a FROM t, t;",
};

export function duplicateAlias(range: { start: number; end: number }, name: string): Problem {
  return finding(rule, range, `\`${name}\` names a table of this FROM clause already. Give this one another alias.`);
}
