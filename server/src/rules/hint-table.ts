import type { Problem } from '../language/problem';
import { finding, type Rule, shortList } from './rule';

export const rule: Rule = {
  code: 'hint-table',
  severity: 'error',
  origin: 'semantics',
  explanation: 'A join or state hint names tables of its own FROM clause, by the name or alias they have there.',
  example:
    "CREATE TABLE a (id INT) WITH ('connector' = 'datagen');\nCREATE TABLE b (id INT) WITH ('connector' = 'datagen');\nSELECT /*+ BROADCAST(c) */ a.id FROM a JOIN b ON a.id = b.id;",
};

export function hintTable(
  range: { start: number; end: number },
  hint: string,
  name: string,
  tables: readonly string[],
): Problem {
  return finding(
    rule,
    range,
    `${hint} names \`${name}\`, which is not in this FROM clause. There are: ${shortList(tables)}.`,
  );
}
