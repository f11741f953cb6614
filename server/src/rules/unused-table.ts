import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'unused-table',
  severity: 'hint',
  origin: 'hint',
  explanation:
    'The script defines a table or view that it neither reads nor writes afterwards. Told only where the script reads or writes something.',
  example:
    "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nCREATE TABLE unused (a INT) WITH ('connector' = 'datagen');\nSELECT a FROM t;",
};

/** `what` in words: 'Table', 'View'. */
export function unusedTable(range: { start: number; end: number }, what: string, name: string): Problem {
  return finding(rule, range, `${what} \`${name}\` is not used in this script.`);
}
