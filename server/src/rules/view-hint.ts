import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'view-hint',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'OPTIONS changes the options of a table, and a view has none. Put the hint on the table inside the view.',
  example:
    "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nCREATE VIEW v AS SELECT a FROM t;\nSELECT a FROM v /*+ OPTIONS('number-of-rows' = '1') */;",
};

export function viewHint(range: { start: number; end: number }, view: string): Problem {
  return finding(rule, range, `\`${view}\` is a view and has no options. Put the hint on the table inside the view.`);
}
