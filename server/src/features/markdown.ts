/**
 * Building blocks of Markdown for hovers. Texts from SQL comments and from metadata stores are untrusted: everything that is
 * not written in this product goes through `escapeMarkdown` or `codeBlock`.
 */

/** Characters that hide or reorder text: controls, zero-width marks, bidirectional overrides. */
const invisible = /[\p{Cc}\p{Cf}]/gu;

/** One line without invisible characters. */
export function plainLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(invisible, '').trim();
}

/** Text that shows as itself: no formatting, links, images, HTML, icons or line breaks; cut after `limit` characters. */
export function escapeMarkdown(text: string, limit = 300): string {
  return shorten(plainLine(text), limit)
    .replace(/[\\`*_{}[\]()#+\-.!|~$:@/]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** Text in a code span: backticks inside lengthen the fence. */
export function codeSpan(text: string, limit = 200): string {
  const line = shorten(plainLine(text), limit);
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Lines in a fenced block of a language; no line can end the block. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const clean = lines.map((line) => line.replace(/[\r\n\t]+/g, ' ').replace(invisible, ''));
  const fence = '`'.repeat(Math.max(3, ...clean.map((line) => longestRun(line) + 1)));
  return `${fence}${language}\n${clean.join('\n')}\n${fence}`;
}

/** A link that runs one of our commands; `args` travel as JSON. */
export function commandLink(title: string, command: string, ...args: unknown[]): string {
  const query = args.length > 0 ? `?${encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, percent)}` : '';
  return `[${title}](command:${command}${query})`;
}

/** A link to a web page, plain text when the address is none of http or https. */
export function webLink(title: string, url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return title;
  return `[${title}](${new URL(url).href.replace(/[()<>\s\\]/g, percent)})`;
}

/** 'a, b, c and 14 more', escaped. */
export function someOf(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map((name) => escapeMarkdown(name, 80));
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} … and ${rest} more` : shown.join(', ');
}

export function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;
}
