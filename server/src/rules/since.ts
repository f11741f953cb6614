import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'since',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'The chosen version of Flink reads this statement but cannot carry it out yet. Run the script on a later one, or choose another version in the setting `flinkSql.flinkVersion`.',
  example: "CREATE MODEL m INPUT (a STRING) OUTPUT (b STRING) WITH ('provider' = 'openai');",
};

/** `what` in words: 'Models'. */
export function since(range: { start: number; end: number }, what: string, version: string, chosen: string): Problem {
  return finding(rule, range, `${what} work since Flink ${version}, but this script is checked for Flink ${chosen}.`);
}
