import type { Problem } from '../language/problem';
import { finding, type Rule, written } from './rule';

export const rule: Rule = {
  code: 'ambiguous-column',
  severity: 'error',
  origin: 'semantics',
  explanation: 'Several tables at this place have a column of this name. Put the name or alias of the table in front.',
  example:
    "CREATE TABLE a (id INT) WITH ('connector' = 'datagen');\nCREATE TABLE b (id INT) WITH ('connector' = 'datagen');\nSELECT id FROM a, b;",
};

/** `tables` are the aliases of the tables that have it. */
export function ambiguousColumn(
  name: { start: number; end: number; name: string },
  tables: readonly string[],
): Problem {
  const qualified = [...new Set(tables.filter((t) => t !== ''))].map((t) => `${written(t)}.${written(name.name)}`);
  return finding(
    rule,
    name,
    qualified.length === 0
      ? `There are several columns \`${name.name}\` here. Give each a name of its own with AS.`
      : `Column \`${name.name}\` is in several tables here. Write ${qualified.map((q) => `\`${q}\``).join(' or ')}.`,
    qualified.map((text) => ({ title: `Change to ${text}`, edits: [{ start: name.start, end: name.end, text }] })),
  );
}
