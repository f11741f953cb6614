import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'upsert-primary-key',
  severity: 'error',
  origin: 'options',
  explanation:
    'The connector keeps one row for each key, so its tables need a primary key: `PRIMARY KEY (column) NOT ENFORCED`.',
  example:
    "CREATE TABLE totals (id BIGINT, total BIGINT) WITH (\n  'connector' = 'upsert-kafka', 'topic' = 'totals', 'properties.bootstrap.servers' = 'kafka:9092',\n  'key.format' = 'json', 'value.format' = 'json'\n);",
};

export function upsertPrimaryKey(range: { start: number; end: number }, connector: string): Problem {
  return finding(
    rule,
    range,
    `A table of the ${connector} connector needs a primary key. Add PRIMARY KEY (…) NOT ENFORCED.`,
  );
}

/** A sink that takes rows without a key, but not rows that replace others. */
export function changesNeedKey(range: { start: number; end: number }, connector: string): Problem {
  return finding(
    rule,
    range,
    `Rows of this query are replaced later, so a table of the ${connector} connector needs a primary key. Add PRIMARY KEY (…) NOT ENFORCED.`,
  );
}
