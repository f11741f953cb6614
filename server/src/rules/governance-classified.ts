import type { Problem, RelatedPlace, Severity } from '../language/problem';
import { finding, type Rule } from './rule';
import { shown } from './schema-drift';

export const rule: Rule = {
  code: 'governance-classified',
  severity: 'warning',
  origin: 'metadata',
  explanation:
    'A column that is classified in Atlas (`PII`, say), or a table that is, flows into one that is not. Classify the sink in Atlas, leave the column out, or write something in its place that no longer tells it: a hash, a count, a test. Which classifications count, and as what, says the setting `flinkSql.governance`; which functions take a classification away, `flinkSql.maskingFunctions`. Classifications that have come along lineage count like those that somebody gave. A sink that Atlas does not know yet is only information: publishing the job carries the classification along.',
  example:
    '-- Atlas: the column email of crm.customers is classified PII\nINSERT INTO enriched_orders\nSELECT o.id, c.email AS contact FROM orders AS o JOIN customers AS c ON o.customer_id = c.id;',
};

export interface Flow {
  /** 'customers.email', or the table alone when it is the table that is classified */
  readonly from: string;
  /** Views in between */
  readonly through: readonly string[];
  /** 'enriched_orders.contact' */
  readonly to: string;
  readonly classification: string;
  /** The store knows the sink */
  readonly isKnown: boolean;
}

/** `severity` is that of the setting; `place` the store: 'Atlas'. */
export function governanceClassified(
  range: { start: number; end: number },
  { from, through, to, classification, isKnown }: Flow,
  place: string,
  severity: Severity,
  related: readonly RelatedPlace[],
): Problem {
  const path = [`${shown(from)} (${shown(classification)})`, ...through.map(shown), shown(to)].join(' → ');
  const message = isKnown
    ? `${shown(classification)} flows into what is not classified so: ${path}. Classify the sink in ${place}, mask the value, or leave it out.`
    : `${shown(classification)} flows into what ${place} does not know yet: ${path}.`;
  const problem = { ...finding(rule, range, message), severity };
  return related.length > 0 ? { ...problem, related } : problem;
}
