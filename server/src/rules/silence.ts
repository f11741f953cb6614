import { IGNORE } from './ignore-comment';

/**
 * Whether a comment silences findings of this code at an offset of a document: at the end of the same line, or alone on
 * the line above.
 */
export function isSilenced(text: string, offset: number, code: string): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  if (silences(text.slice(start, end < 0 ? text.length : end), code)) return true;
  if (start === 0) return false;
  const above = text.slice(text.lastIndexOf('\n', start - 2) + 1, start - 1);
  return /^\s*--/.test(above) && silences(above, code);
}

function silences(line: string, code: string): boolean {
  const match = IGNORE.exec(line.trimEnd());
  if (!match) return false;
  const codes = match[1]!.split(/[\s,]+/).filter((c) => c !== '');
  return codes.length === 0 || codes.includes(code);
}
