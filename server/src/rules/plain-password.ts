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
/** A password inside of a value: `password="…"` of a JAAS configuration, `?password=…` and `//user:password@` of an address */
const INSIDE = /\bpassword\s*=\s*["']?(?<jaas>[^"'\s;&]+)|\/\/[^/\s:@]+:(?<address>[^/\s@]+)@/i;
/** Filled in later, or masked */
const FILLED_IN = /\$\{|\{\{|^<.*>$|^\*+$|^x+$/i;

/** Whether the option holds a secret that is written out. */
export function isPlainSecret(key: string, value: string): boolean {
  if (SECRET.test(key)) return value !== '' && !FILLED_IN.test(value);
  const inside = INSIDE.exec(value)?.groups;
  const secret = inside?.jaas ?? inside?.address;
  return secret !== undefined && !FILLED_IN.test(secret);
}

export function plainPassword(range: { start: number; end: number }, key: string): Problem {
  return finding(
    rule,
    range,
    `\`${key}\` is written out here. Fill it in when the job is submitted, with a placeholder such as \${DB_PASSWORD}.`,
  );
}
