import { codeAt, isBlank, templateEnd } from './lexer';

/**
 * Finds where statements end, as the SQL client does: at semicolons outside of strings, quoted names, comments and
 * statement sets (STATEMENT SET BEGIN … END). It knows nothing else of the language, so no mistake inside a statement
 * can spoil the next one.
 */
export interface Region {
  /** Offset of the statement's first character, behind blanks and comments; `end` when there is none. */
  start: number;
  /** Offset of the semicolon that ends it, or the length of the text. */
  end: number;
  /** Offset where the next region begins: behind the semicolon. */
  next: number;
}

/** True for Java's Character.isLetter, as far as words of statement sets need it. */
function isWordStart(c: number): boolean {
  return (c > 0x40 && c < 0x5b) || (c > 0x60 && c < 0x7b);
}

/** Blanks of Java's Character.isWhitespace that the grammar does not know as blanks, and a byte order mark. */
function isLeadingBlank(c: number): boolean {
  if (c < 0x80) return c === 0x0b || (c >= 0x1c && c <= 0x1f);
  if (c >= 0x2000 && c <= 0x200a) return c !== 0x2007;
  return c === 0xfeff || c === 0x1680 || c === 0x2028 || c === 0x2029 || c === 0x205f || c === 0x3000;
}

/** The last words before the point at hand, as far as they matter to statement sets. */
// biome-ignore lint/suspicious/noConstEnum: a state of the scanner
const enum Words {
  NONE,
  STATEMENT,
  STATEMENT_SET,
  SEMICOLON,
  OTHER,
}

/** Scans one region from `from`. */
export function nextRegion(text: string, from: number, templates: boolean): Region {
  const n = text.length;
  let start = -1;
  let inSet = false;
  let last: Words = Words.NONE;
  let i = from;
  while (i < n) {
    const c = text.charCodeAt(i);
    if (c === 0x3b) {
      if (!inSet) return { start: start < 0 ? i : start, end: i, next: i + 1 };
      last = Words.SEMICOLON;
      i++;
      continue;
    }
    if (isBlank(c) || (start < 0 && isLeadingBlank(c))) {
      i++;
      continue;
    }
    if (c === 0x2d && codeAt(text, i + 1) === 0x2d) {
      const end = text.indexOf('\n', i);
      i = end < 0 ? n : end;
      continue;
    }
    if (c === 0x2f && codeAt(text, i + 1) === 0x2a) {
      // a hint is not a comment: a statement may begin with one, if only to be wrong
      if (start < 0 && codeAt(text, i + 2) === 0x2b) start = i;
      const end = text.indexOf('*/', i + 2);
      if (end < 0 && start < 0) start = i;
      i = end < 0 ? n : end + 2;
      continue;
    }
    if (templates && c === 0x7b) {
      const end = templateEnd(text, i);
      if (end > 0) {
        if (start < 0 && codeAt(text, i + 1) === 0x7b) start = i;
        last = Words.OTHER;
        i = end;
        continue;
      }
    }
    if (templates && c === 0x24) {
      const end = templateEnd(text, i);
      if (end > 0) {
        if (start < 0) start = i;
        last = Words.OTHER;
        i = end;
        continue;
      }
    }
    if (start < 0) start = i;
    if (c === 0x27 || c === 0x60 || c === 0x22) {
      last = Words.OTHER;
      i = quotedEnd(text, i, c);
      continue;
    }
    if (isWordStart(c)) {
      let j = i + 1;
      while (j < n) {
        const d = text.charCodeAt(j);
        if (isWordStart(d) || (d > 0x2f && d < 0x3a) || d === 0x5f || d > 0x7f) j++;
        else break;
      }
      const length = j - i;
      const previous: Words = last;
      last = Words.OTHER;
      if (length === 9 && isWord(text, i, 'STATEMENT')) last = Words.STATEMENT;
      else if (length === 3) {
        if (previous === Words.STATEMENT && isWord(text, i, 'SET')) last = Words.STATEMENT_SET;
        else if (inSet && previous === Words.SEMICOLON && isWord(text, i, 'END')) inSet = false;
      } else if (length === 5 && previous === Words.STATEMENT_SET && isWord(text, i, 'BEGIN')) inSet = true;
      i = j;
      continue;
    }
    i++;
  }
  return { start: start < 0 ? n : start, end: n, next: n };
}

function isWord(text: string, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if ((text.charCodeAt(at + i) & 0xdf) !== word.charCodeAt(i)) return false;
  return true;
}

/** Behind the closing quote; a doubled quote stays inside. The end of the text when it is not closed. */
function quotedEnd(text: string, at: number, quote: number): number {
  const mark = String.fromCharCode(quote);
  let i = at + 1;
  for (;;) {
    i = text.indexOf(mark, i);
    if (i < 0) return text.length;
    if (codeAt(text, i + 1) !== quote) return i + 1;
    i += 2;
  }
}
