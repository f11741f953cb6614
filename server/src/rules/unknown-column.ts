import type { Problem } from '../language/problem';
import { type LogicalType, printType } from '../semantics/types';
import { finding, nearest, type Rule, replacement, shortList, written } from './rule';

export const rule: Rule = {
  code: 'unknown-column',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'The column is in none of the tables that can be used at this place. Names of columns are compared by case. Correct the name, or add the table that has the column.',
  example:
    "CREATE TABLE orders (id BIGINT, amount DECIMAL(10, 2)) WITH ('connector' = 'datagen');\nSELECT amout FROM orders;",
};

interface NameAt {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** `table` is the qualifier in use, if any; `candidates` are the columns (or tables) there. */
export function unknownColumn(name: NameAt, table: string | undefined, candidates: readonly string[]): Problem {
  const meant = nearest(name.name, candidates);
  const place = table ? ` in \`${table}\`` : ' in any table used here';
  const list = meant
    ? ` Did you mean \`${meant}\`?`
    : candidates.length > 0
      ? ` There are: ${shortList(candidates)}.`
      : '';
  return finding(
    rule,
    name,
    `Column \`${name.name}\` is not${place}.${list}`,
    meant ? [replacement(name, written(meant))] : undefined,
  );
}

/** A field that a ROW does not have, or of something that is no ROW. */
export function unknownField(range: { start: number; end: number }, field: string, type: LogicalType): Problem {
  if (!type.fields) {
    return finding(rule, range, `\`${field}\` cannot be read here: a value of type ${printType(type)} has no fields.`);
  }
  const names = type.fields.map((f) => f.name);
  const meant = nearest(field, names);
  return finding(
    rule,
    range,
    `The row has no field \`${field}\`. ${meant ? `Did you mean \`${meant}\`?` : `It has: ${shortList(names)}.`}`,
    meant ? [replacement(range, written(meant))] : undefined,
  );
}
