import type { Problem, Severity } from '../language/problem';
import { finding, type Rule } from './rule';
import { shown } from './schema-drift';

export const rule: Rule = {
  code: 'governance-deprecated',
  severity: 'warning',
  origin: 'metadata',
  explanation:
    'The statement reads what Atlas says is not to be read any more: it was deleted there, it is classified as deprecated (the setting `flinkSql.governance` says which classification means that: any whose name contains `deprecated`), its certificate says so, or its description begins with “Deprecated”. Read what has taken its place, or ask its owner.',
  example:
    "-- Atlas: shop.orders.v1 is classified Deprecated\nCREATE TABLE orders_old (id BIGINT) WITH (\n  'connector' = 'kafka', 'topic' = 'shop.orders.v1', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json'\n);\nSELECT id FROM orders_old;",
};

/** `what` is read: 'orders_old' or 'orders.status'. `owner` may be asked; `severity` is that of the setting. */
export function governanceDeprecated(
  range: { start: number; end: number },
  what: string,
  reason: 'deleted' | 'deprecated',
  place: string,
  owner: string | undefined,
  severity: Severity,
): Problem {
  const ask = owner ? ` Ask ${shown(owner)} what has taken its place.` : '';
  return { ...finding(rule, range, `\`${shown(what)}\` is ${reason} in ${place}.${ask}`), severity };
}
