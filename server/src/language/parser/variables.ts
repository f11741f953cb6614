import { T } from '../../knowledge/keywords';
import { Tokens } from '../lexer';
import type { Cursor } from './cursor';

const single = new Tokens();
const placeholder = /\$\{\s*([^}]*?)\s*\}|\{\{\s*(.*?)\s*\}\}/g;

/** The text with the values of its placeholders, or undefined when one of them has none. */
function fill(text: string, variables: Readonly<Record<string, string>>): string | undefined {
  let known = true;
  const filled = text.replace(placeholder, (all, shell: string | undefined, jinja: string | undefined) => {
    const name = shell ?? jinja ?? '';
    if (Object.hasOwn(variables, name)) return variables[name]!;
    known = false;
    return all;
  });
  return known ? filled : undefined;
}

/**
 * Gives placeholders their values where a value is one token: `${table}` becomes the name it stands for, `${limit}` the
 * number, `t_${env}` the whole word; placeholders inside strings and quoted names are filled in. Ranges stay those of
 * the text as written. A value of several tokens (a list of columns) stays unknown.
 */
export function fillPlaceholders(c: Cursor, variables: Readonly<Record<string, string>>): void {
  for (let i = 0; i < c.tokens.count; i++) {
    const kind = c.kinds[i]!;
    if (kind !== T.placeholder && kind !== T.string && kind !== T.quotedIdentifier) continue;
    const text = c.text.slice(c.starts[i]!, c.ends[i]!);
    if (!text.includes('{')) continue;
    const filled = fill(text, variables);
    if (filled === undefined || filled === text) continue;
    if (kind === T.placeholder) {
      single.lex(filled, c.version, false);
      if (single.count !== 1 || single.errorAt >= 0) continue;
      c.kinds[i] = single.kinds[0]!;
    }
    c.values ??= new Map();
    c.values.set(i, filled);
  }
}
