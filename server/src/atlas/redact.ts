/** Takes secrets out of texts before they leave the machine. */

const mask = '******';

/** Option keys whose values are secrets, whatever the connector: `password`, `properties.sasl.jaas.config`, `s3.secret-key`, … */
const secretKey =
  /pass(word|wd|phrase)|secret|token(?!s?[-.]?(endpoint|refresh|ttl))|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|account[-_.]?key|sas[-_.]?key|jaas\.config|authorization|cookie|basic-auth\.user-info|user-info/i;

export function isSecretKey(key: string): boolean {
  return secretKey.test(key);
}

/** Passwords in URLs (user:password@host, Oracle's user/password@host) and in their parameters (?password=…). */
export function redactUrls(text: string): string {
  // looking for the signs of a URL first is many times faster than looking for the whole of one at every letter
  const named =
    text.includes('://') && text.includes('@')
      ? text.replace(/(\w[\w+.:-]*:(?:thin:)?\/\/)[^\s'"/@]*:[^\s'"/]*@/g, `$1${mask}@`)
      : text;
  const oracle = named.includes('jdbc:oracle:')
    ? named.replace(/(jdbc:oracle:\w+:)[^\s'"/@]+\/[^\s'"@]*@/gi, `$1${mask}@`)
    : named;
  return oracle.replace(/([?&;](?:[\w.-]*(?:password|passwd|pwd|secret|token|key))=)[^&;\s'"]+/gi, `$1${mask}`);
}

/** `password: x`, `token = x`, `api_key="x"`: how people and settings inside of values write a secret down. */
const said =
  /\b((?:[\w.-]*(?:pass(?:word|wd|phrase)|pwd|secret|token|credential|api[-_.]?key|access[-_.]?key|account[-_.]?key|private[-_.]?key))["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s"',;&)]+)/gi;

/** Free text, a comment or the value of a literal, with what looks like a secret masked. */
export function redactText(text: string): string {
  return redactUrls(text.replace(said, `$1${mask}`));
}

/** WITH options with the values of secret keys masked and URLs without passwords. */
export function redactOptions(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, isSecretKey(key) ? mask : redactText(value)]),
  );
}

/** A literal, in double quotes too as Hive's dialect has them. */
const literal = `'(?:[^']|'')*'|"(?:[^"\\\\]|\\\\[^])*"`;
const pair = new RegExp(`(${literal})(\\s*=\\s*)(${literal})`, 'g');
const comment = '--[^\\n]*|/\\*[^]*?\\*/';
const literalOrComment = new RegExp(`${literal}|${comment}`, 'g');
/** The same where a backslash keeps a quote from closing, as in Hive's dialect. */
const escapedLiteralOrComment = new RegExp(`'(?:[^'\\\\]|\\\\[^])*'|${literal}|${comment}`, 'g');

/**
 * SQL text with the values of secret options masked: `'password' = '…'`, `SET 'x.secret' = '…'`, `SET x.secret = …;`, and
 * what is written in literals and comments.
 */
export function redactSql(sql: string): string {
  const options = sql.replace(pair, (all, key: string, equals: string) =>
    isSecretKey(key) ? `${key}${equals}'${mask}'` : all,
  );
  const settings = options.replace(/(\bSET\s+)([\w.-]+)(\s*=\s*)([^;]+)/gi, (all, set, key: string, equals) =>
    isSecretKey(key) ? `${set}${key}${equals}${mask}` : all,
  );
  const within = (text: string) =>
    /^['"]/.test(text) ? text[0] + redactText(text.slice(1, -1)) + text.at(-1) : redactText(text);
  const texts = settings.replace(literalOrComment, within);
  return redactUrls(texts.includes("\\'") ? texts.replace(escapedLiteralOrComment, within) : texts);
}
