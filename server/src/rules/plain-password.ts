import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'plain-password',
  severity: 'warning',
  origin: 'hint',
  explanation:
    'A password stands in the text of the script, so everybody who can read the repository knows it. Fill it in when the job is submitted, with a placeholder.',
  example:
    "CREATE TABLE t (id BIGINT) WITH (\n  'connector' = 'jdbc', 'url' = 'jdbc:postgresql://db/shop', 'table-name' = 't', 'password' = 'geheim'\n);",
};

/** Keys whose values are secrets. */
const SECRET = /(^|[.\-_])(password|passwd|secret|secret-key|secretkey|accesskeysecret|token)$/i;

/** Whether the option holds a secret that is written out. */
export function isPlainSecret(key: string, value: string): boolean {
  return SECRET.test(key) && value !== '' && !/\$\{|\{\{|^<.*>$|^\*+$|^x+$/i.test(value);
}

export function plainPassword(range: { start: number; end: number }, key: string): Problem {
  return finding(
    rule,
    range,
    `\`${key}\` is written out here. Fill it in when the job is submitted, with a placeholder such as \${DB_PASSWORD}.`,
  );
}
