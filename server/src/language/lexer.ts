// biome-ignore-all lint/suspicious/noAssignInExpressions: the inner loops of the scanner read best so
import { FIRST_KEYWORD, KEYWORD_VERSIONS, keywordList, keywordMasks, T } from '../knowledge/keywords';

/**
 * Splits the text of one statement into tokens exactly as Flink's token manager does in its back-tick state (the
 * lexical section of Calcite's grammar): keywords, four kinds of identifiers, seven of strings, hints, comments.
 * Tokens live in typed arrays that are reused from statement to statement; nothing is allocated per token.
 */

const MAX_KEYWORD = 64;
const words = keywordList.split(' ');
const masks = keywordMasks.split(' ');
/** Kinds run from 0 to this, exclusive. */
export const KIND_COUNT = FIRST_KEYWORD + words.length;

// Open-addressing table over an upper-casing hash of the word; collisions are compared character by character.
const TABLE_BITS = 12;
const TABLE_MASK = (1 << TABLE_BITS) - 1;
const table = new Int16Array(1 << TABLE_BITS);
const wordStart = new Int32Array(words.length + 1);
const wordChars = new Uint8Array(words.reduce((sum, word) => sum + word.length, 0));
{
  let at = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    wordStart[i] = at;
    let hash = 0;
    for (let j = 0; j < word.length; j++) {
      const c = word.charCodeAt(j);
      wordChars[at++] = c;
      hash = (hash * 31 + c) | 0;
    }
    let slot = (hash ^ (hash >>> 15)) & TABLE_MASK;
    while (table[slot] !== 0) slot = (slot + 1) & TABLE_MASK;
    table[slot] = FIRST_KEYWORD + i;
  }
  wordStart[words.length] = at;
}

/** The bit of a version in the keyword masks; a version that is not known counts as the newest. */
export function versionBit(flinkVersion: string): number {
  const index = KEYWORD_VERSIONS.indexOf(flinkVersion);
  return index < 0 ? KEYWORD_VERSIONS.length - 1 : index;
}

/** 1 for each kind that is a keyword in the version with that bit, by kind. */
function keywordSet(bit: number, digit: 0 | 1): Uint8Array {
  const set = new Uint8Array(KIND_COUNT);
  masks.forEach((mask, i) => {
    if ((Number.parseInt(mask[digit]!, 32) >> bit) & 1) set[FIRST_KEYWORD + i] = 1;
  });
  return set;
}
/** By version bit, by kind: 1 when it is a keyword there. */
export const isKeyword: readonly Uint8Array[] = KEYWORD_VERSIONS.map((_, bit) => keywordSet(bit, 0));
/** By version bit, by kind: 1 when it is a reserved word there. */
export const isReserved: readonly Uint8Array[] = KEYWORD_VERSIONS.map((_, bit) => keywordSet(bit, 1));

/** The text of a keyword's kind, in upper case. */
export function keywordText(kind: number): string {
  return words[kind - FIRST_KEYWORD] ?? '';
}

/** The first version in which a keyword exists: 'BITMAP' gives '2.3'. undefined for a word that is no keyword. */
export function keywordSince(word: string): string | undefined {
  const index = words.indexOf(word.toUpperCase());
  if (index < 0) return undefined;
  const mask = Number.parseInt(masks[index]![0]!, 32);
  return KEYWORD_VERSIONS.find((_, bit) => (mask >> bit) & 1);
}

/** Whether a word can only be a name in backticks, in some version. */
export function isReservedWord(word: string): boolean {
  const index = words.indexOf(word.toUpperCase());
  return index >= 0 && masks[index]![1] !== '0';
}

// ------------------------------------------------------------------------------------------- character classes

const LETTER = 1;
const DIGIT = 2;
const BLANK = 4;
const classes = new Uint8Array(0x10000);
{
  const mark = (from: number, to: number, bit: number) => {
    for (let c = from; c <= to; c++) classes[c]! |= bit;
  };
  // The ranges of Calcite's LETTER and DIGIT; '$' and '_' are letters.
  for (const [from, to] of [
    [0x24, 0x24],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
    [0xc0, 0xd6],
    [0xd8, 0xf6],
    [0xf8, 0x1fff],
    [0x3040, 0x318f],
    [0x3300, 0x337f],
    [0x3400, 0x3d2d],
    [0x4e00, 0x9fff],
    [0xf900, 0xfaff],
    // not in the grammar's ranges, but the other case of letters that are: its lexer ignores case
    [0x2d00, 0x2d25],
  ] as const)
    mark(from, to, LETTER);
  for (const from of [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0])
    mark(from, from + 9, DIGIT);
  mark(0xbe7, 0xbef, DIGIT);
  mark(0x1040, 0x1049, DIGIT);
  for (const c of [0x20, 0x09, 0x0a, 0x0c, 0x0d]) classes[c]! |= BLANK;
}

/** True for the blanks that separate tokens: space, tab, line feed, form feed, carriage return. */
export function isBlank(code: number): boolean {
  return code < 0x80 && (classes[code]! & BLANK) !== 0;
}

/** Tokens of one statement. Index `count` and a few after it are EOF. */
export class Tokens {
  kinds = new Uint16Array(1024);
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);
  count = 0;
  text = '';
  /** Where the lexer gave up, or -1: the offset of a character no token can begin with, or of an unclosed comment. */
  errorAt = -1;
  /** 'character', 'comment' or '' */
  errorKind: '' | 'character' | 'comment' = '';
  /** Offset of the opening of an unclosed block comment. */
  commentAt = -1;

  private grow(): void {
    const size = this.kinds.length * 2;
    const copy = <A extends Uint16Array | Int32Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.kinds = copy(this.kinds, new Uint16Array(size));
    this.starts = copy(this.starts, new Int32Array(size));
    this.ends = copy(this.ends, new Int32Array(size));
  }

  /** Lexes `text`. After a character that begins no token, lexing goes on behind it with an `error` token for it. */
  lex(text: string, bit: number, templates: boolean): void {
    this.text = text;
    this.errorAt = -1;
    this.errorKind = '';
    this.commentAt = -1;
    const known = isKeyword[bit]!;
    const n = text.length;
    // COLLATION_ID ('a.b$c') is longer than the tokens it begins with: only looked for when there is a '$' at all.
    const dollars = text.indexOf('$') >= 0;
    let count = 0;
    let i = 0;
    for (;;) {
      let c = 0;
      while (i < n && (c = text.charCodeAt(i)) < 0x80 && (classes[c]! & BLANK) !== 0) i++;
      if (i >= n) break;
      const start = i;
      const cls = classes[c]!;
      let kind: number;
      if ((cls & LETTER) !== 0) {
        let hash = 0;
        let ascii = c;
        do {
          ascii |= c;
          hash = (hash * 31 + (c > 0x60 && c < 0x7b ? c - 32 : c)) | 0;
          i++;
        } while (i < n && (classes[(c = text.charCodeAt(i))]! & (LETTER | DIGIT)) !== 0);
        kind = T.identifier;
        const next = i < n ? c : 0;
        if (next === 0x27 /* ' */) {
          i = this.stringPrefix(text, start, i, bit);
          kind = this.kind;
        } else if (next === 0x26 /* & */ && i === start + 1 && (text.charCodeAt(start) | 32) === 0x75 /* u */) {
          const quote = i + 1 < n ? codeAt(text, i + 1) : 0;
          if (quote === 0x27) {
            const end = closeQuote(text, i + 1, 0x27);
            if (end > 0) {
              kind = T.unicodeString;
              i = end;
            }
          } else if (quote === 0x22) {
            const end = closeName(text, i + 1, 0x22);
            if (end > 0) {
              kind = T.unicodeIdentifier;
              i = end;
            }
          }
        } else if (c === 0x5f || (next < 0x80 && text.charCodeAt(start) === 0x5f && isCharsetPart(next))) {
          // _charset-name'…' may hold ':', '.', '-'
          const end = prefixedEnd(text, start);
          if (end > 0) {
            kind = T.prefixedString;
            i = end;
          }
        }
        if (kind === T.identifier) {
          if (templates && (next === 0x7b || text.charCodeAt(i - 1) === 0x24)) {
            const end = templateTail(text, start, i);
            if (end > 0) {
              kind = T.placeholder;
              i = end;
            }
          }
          if (kind === T.identifier && dollars) {
            const end = collationEnd(text, start);
            if (end > i) {
              kind = T.collation;
              i = end;
            } else if (i === start + 1 && text.charCodeAt(start) === 0x24) kind = T.dollar;
          }
          if (kind === T.identifier && ascii < 0x80 && i - start < MAX_KEYWORD) {
            let slot = (hash ^ (hash >>> 15)) & TABLE_MASK;
            for (let found = table[slot]!; found !== 0; found = table[(slot = (slot + 1) & TABLE_MASK)]!) {
              if (sameWord(text, start, i, found - FIRST_KEYWORD)) {
                if (known[found] !== 0) kind = found;
                break;
              }
            }
          }
        }
      } else if ((cls & DIGIT) !== 0 && c < 0x80) {
        i = this.number(text, i);
        kind = this.kind;
        if (dollars) {
          const end = collationEnd(text, start);
          if (end > i) {
            kind = T.collation;
            i = end;
          }
        }
      } else {
        i++;
        const next = i < n ? text.charCodeAt(i) : 0;
        switch (c) {
          case 0x27: {
            const end = closeQuote(text, start, 0x27);
            if (end > 0) i = end;
            kind = end > 0 ? T.string : T.quote;
            break;
          }
          case 0x60: {
            const end = closeName(text, start, 0x60);
            if (end > 0) i = end;
            kind = end > 0 ? T.quotedIdentifier : T.error;
            break;
          }
          case 0x28:
            kind = T.lparen;
            break;
          case 0x29:
            kind = T.rparen;
            break;
          case 0x2c:
            kind = T.comma;
            break;
          case 0x2e:
            if (next === 0x2e) {
              kind = T.doublePeriod;
              i++;
            } else if (next >= 0x30 && next <= 0x39) {
              i = this.number(text, start);
              kind = this.kind;
            } else kind = T.dot;
            break;
          case 0x3b:
            kind = T.semicolon;
            break;
          case 0x3d:
            kind = next === 0x3e ? T.arrow : T.eq;
            if (next === 0x3e) i++;
            break;
          case 0x3c:
            kind = next === 0x3d ? T.le : next === 0x3e ? T.ne : T.lt;
            if (kind !== T.lt) i++;
            break;
          case 0x3e:
            kind = next === 0x3d ? T.ge : T.gt;
            if (kind !== T.gt) i++;
            break;
          case 0x21:
            kind = next === 0x3d ? T.ne2 : T.error;
            if (kind === T.ne2) i++;
            break;
          case 0x3f:
            kind = T.hook;
            break;
          case 0x3a:
            kind = T.colon;
            break;
          case 0x2b:
            kind = T.plus;
            break;
          case 0x2d:
            if (next === 0x2d) {
              i = lineEnd(text, i);
              continue;
            }
            kind = T.minus;
            break;
          case 0x2a:
            kind = next === 0x2f ? T.commentEnd : T.star;
            if (next === 0x2f) i++;
            break;
          case 0x2f:
            if (next === 0x2f) {
              i = lineEnd(text, i);
              continue;
            }
            if (next === 0x2a) {
              if (codeAt(text, i + 1) === 0x2b) {
                kind = T.hintBegin;
                i += 2;
                break;
              }
              i = commentEnd(text, start);
              if (i > 0) continue;
              // Flink's lexer finds the end of input where it looked for the end of the comment.
              this.commentAt = start;
              if (this.errorAt < 0) {
                this.errorAt = n;
                this.errorKind = 'comment';
              }
              i = n;
              kind = T.error;
              break;
            }
            kind = T.slash;
            break;
          case 0x25:
            kind = T.percent;
            break;
          case 0x7c:
            kind = next === 0x7c ? T.concat : T.bar;
            if (kind === T.concat) i++;
            break;
          case 0x22:
            kind = T.doubleQuote;
            break;
          case 0x5b:
            kind = T.lbracket;
            break;
          case 0x5d:
            kind = T.rbracket;
            break;
          case 0x5e:
            kind = T.caret;
            break;
          case 0x07:
            kind = T.bell;
            break;
          case 0x7d:
            kind = T.rbrace;
            break;
          case 0x7b: {
            if (templates && (next === 0x7b || next === 0x25 || next === 0x23)) {
              const end = templateEnd(text, start);
              if (end > 0) {
                // {% … %} and {# … #} are the template's own business: nothing of them stays in the SQL
                i = end;
                if (next !== 0x7b) continue;
                i = templateTail(text, start, end);
                kind = T.placeholder;
                break;
              }
            }
            let j = i;
            while (j < n && text.charCodeAt(j) === 0x20) j++;
            const first = j < n ? text.charCodeAt(j) | 32 : 0;
            const second = j + 1 < n ? text.charCodeAt(j + 1) | 32 : 0;
            kind = T.lbrace;
            if (first === 0x64) {
              kind = T.lbraceD;
              i = j + 1;
            } else if (first === 0x74) {
              kind = second === 0x73 ? T.lbraceTs : T.lbraceT;
              i = j + (second === 0x73 ? 2 : 1);
            } else if (first === 0x66 && second === 0x6e) {
              kind = T.lbraceFn;
              i = j + 2;
            }
            break;
          }
          default:
            kind = T.error;
            if ((cls & DIGIT) !== 0 && dollars) {
              const end = collationEnd(text, start);
              if (end > 0) {
                kind = T.collation;
                i = end;
              }
            }
        }
        if (kind === T.error && this.errorAt < 0) {
          const at = c === 0x60 ? unclosedNameError(text, start) : Math.min(n - 1, start + (c === 0x21 ? 1 : 0));
          // at the end of the input Flink points behind it
          this.errorAt = at >= n - 1 ? n : at;
          this.errorKind = 'character';
        }
      }
      if (count + 16 > this.kinds.length) this.grow();
      this.kinds[count] = kind;
      this.starts[count] = start;
      this.ends[count] = i;
      count++;
    }
    this.close(count);
  }

  /** Puts others in the place of the tokens. */
  replace(tokens: readonly { kind: number; start: number; end: number }[]): void {
    while (tokens.length + 16 > this.kinds.length) this.grow();
    tokens.forEach(({ kind, start, end }, i) => {
      this.kinds[i] = kind;
      this.starts[i] = start;
      this.ends[i] = end;
    });
    this.close(tokens.length);
  }

  /** Puts the end behind the last token. */
  private close(count: number): void {
    this.count = count;
    const end = count > 0 ? this.ends[count - 1]! : 0;
    for (let k = 0; k < 12; k++) {
      this.kinds[count + k] = T.EOF;
      this.starts[count + k] = end;
      this.ends[count + k] = end;
    }
  }

  private kind: number = T.EOF;

  /** A word directly followed by a quote: N'…', _utf8'…', X'…', E'…'. Returns the end, and sets `kind`. */
  private stringPrefix(text: string, start: number, quote: number, bit: number): number {
    this.kind = T.identifier;
    const first = text.charCodeAt(start);
    const letter = quote === start + 1 ? first | 32 : 0;
    let end = -1;
    if (letter === 0x65 && bit > 0) {
      // E'…' came with Flink 2.0
      end = closeEscaped(text, quote);
      if (end > 0) this.kind = T.escapedString;
    } else if (letter === 0x6e || (first === 0x5f && quote > start + 1 && isCharsetStart(text.charCodeAt(start + 1)))) {
      end = letter === 0x6e || prefixedEnd(text, start) > 0 ? closeQuote(text, quote, 0x27) : -1;
      if (end > 0) this.kind = T.prefixedString;
    } else if (letter === 0x78) {
      end = closeQuote(text, quote, 0x27);
      if (end > 0) this.kind = T.binaryString;
    }
    return end > 0 ? end : quote;
  }

  /** An unsigned number; returns its end, and sets `kind`. */
  private number(text: string, from: number): number {
    const n = text.length;
    let i = from;
    let kind: number = T.integer;
    while (i < n && isAsciiDigit(text.charCodeAt(i))) i++;
    if (i < n && text.charCodeAt(i) === 0x2e) {
      kind = T.decimal;
      i++;
      while (i < n && isAsciiDigit(text.charCodeAt(i))) i++;
    }
    if (i < n && (text.charCodeAt(i) | 32) === 0x65) {
      let j = i + 1;
      if (j < n && (text.charCodeAt(j) === 0x2b || text.charCodeAt(j) === 0x2d)) j++;
      if (j < n && isAsciiDigit(text.charCodeAt(j))) {
        while (j < n && isAsciiDigit(text.charCodeAt(j))) j++;
        kind = T.approximate;
        i = j;
      }
    }
    this.kind = kind;
    return i;
  }
}

function sameWord(text: string, start: number, end: number, word: number): boolean {
  let at = wordStart[word]!;
  if (wordStart[word + 1]! - at !== end - start) return false;
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i);
    if ((c > 0x60 && c < 0x7b ? c - 32 : c) !== wordChars[at++]) return false;
  }
  return true;
}

/** A character's code, 0 behind the end: reading there would make the engine give up its compiled code. */
export function codeAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : 0;
}

function isAsciiDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function isCharsetStart(c: number): boolean {
  return isAsciiDigit(c) || ((c | 32) > 0x60 && (c | 32) < 0x7b);
}

function isCharsetPart(c: number): boolean {
  return isCharsetStart(c) || c === 0x3a || c === 0x2e || c === 0x2d || c === 0x5f;
}

/** The end of _charset'…' that begins at `start`, or -1. */
function prefixedEnd(text: string, start: number): number {
  if (text.charCodeAt(start) !== 0x5f) return -1;
  let i = start + 1;
  if (i >= text.length || !isCharsetStart(text.charCodeAt(i))) return -1;
  while (i < text.length && isCharsetPart(text.charCodeAt(i))) i++;
  return codeAt(text, i) === 0x27 ? closeQuote(text, i, 0x27) : -1;
}

/** The end of a string whose opening quote is at `at`; a doubled quote stays inside. -1 when it is not closed. */
function closeQuote(text: string, at: number, quote: number): number {
  const mark = quote === 0x27 ? "'" : '"';
  let i = at + 1;
  for (;;) {
    i = text.indexOf(mark, i);
    if (i < 0) return -1;
    if (codeAt(text, i + 1) !== quote) return i + 1;
    // 'a''b' is one string, but an odd run of quotes closes: the longest match wins
    const end = closeQuote2(text, i + 2, mark, quote);
    return end > 0 ? end : i + 1;
  }
}

function closeQuote2(text: string, from: number, mark: string, quote: number): number {
  let last = -1;
  for (let i = from; ; i += 2) {
    i = text.indexOf(mark, i);
    if (i < 0) return last;
    if (codeAt(text, i + 1) !== quote) return i + 1;
    last = i + 1;
  }
}

/** The end of a quoted name (not empty, on one line), or -1. */
function closeName(text: string, at: number, quote: number): number {
  const n = text.length;
  let last = -1;
  let i = at + 1;
  while (i < n) {
    const c = text.charCodeAt(i);
    if (c === 0x0a || c === 0x0d) return last;
    if (c === quote) {
      if (codeAt(text, i + 1) !== quote) return i > at + 1 ? i + 1 : last;
      if (i > at + 1) last = i + 1;
      i += 2;
    } else i++;
  }
  return last;
}

/** Where Flink reports a back-tick that opens no name: at the character that made it give up. */
function unclosedNameError(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 0x0a || c === 0x0d) break;
    if (c !== 0x60) i++;
    else if (codeAt(text, i + 1) === 0x60) i += 2;
    else return i + 1;
  }
  return i;
}

/** The end of E'…', where a back-slash escapes, or -1. */
function closeEscaped(text: string, at: number): number {
  let last = -1;
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x5c) i++;
    else if (c === 0x27) {
      if (codeAt(text, i + 1) !== 0x27) return i + 1;
      last = ++i;
    }
  }
  return last;
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x0a) return i + 1;
    if (c === 0x0d) return codeAt(text, i + 1) === 0x0a ? i + 2 : i + 1;
  }
  return text.length;
}

/** The end of the block comment that begins at `start`, or -1. Flink swallows the character after '/**'. */
function commentEnd(text: string, start: number): number {
  const formal = codeAt(text, start + 2) === 0x2a && start + 3 < text.length && text.charCodeAt(start + 3) !== 0x2f;
  const end = text.indexOf('*/', start + (formal ? 4 : 2));
  return end < 0 ? -1 : end + 2;
}

/**
 * The end of the longest COLLATION_ID from `start`, or -1: word characters and ':', '.', '-', then '$' and letters,
 * then perhaps '$' and word characters. '$' is a letter itself, so every '$' behind the first character may be the one.
 */
function collationEnd(text: string, start: number): number {
  let best = -1;
  const n = text.length;
  if ((classes[text.charCodeAt(start)]! & (LETTER | DIGIT)) === 0) return -1;
  for (let i = start + 1; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x24) {
      let j = i + 1;
      while (j < n && (classes[text.charCodeAt(j)]! & LETTER) !== 0) j++;
      if (j > i + 1) {
        best = Math.max(best, j);
        // a '$' among these letters, not the first and not the last, may begin the second tail, with digits
        const second = text.lastIndexOf('$', j - 1);
        if (second > i + 1) {
          while (j < n && (classes[text.charCodeAt(j)]! & (LETTER | DIGIT)) !== 0) j++;
          if (j > second + 1) best = Math.max(best, j);
        }
      }
      continue;
    }
    if ((classes[c]! & (LETTER | DIGIT)) === 0 && c !== 0x3a && c !== 0x2e && c !== 0x2d) break;
  }
  return best;
}

/** The end of a template placeholder at `at` (`${…}`, `{{ … }}`, `{% … %}`, `{# … #}`), or -1. */
export function templateEnd(text: string, at: number): number {
  const c = text.charCodeAt(at);
  const next = codeAt(text, at + 1);
  let close = '';
  if (c === 0x24 && next === 0x7b) close = '}';
  else if (c === 0x7b && next === 0x7b) close = '}}';
  else if (c === 0x7b && next === 0x25) close = '%}';
  else if (c === 0x7b && next === 0x23) close = '#}';
  else return -1;
  const end = text.indexOf(close, at + 2);
  return end < 0 ? -1 : end + close.length;
}

/** The end of a word that holds placeholders (`orders_${env}_v2`), or -1 when it holds none. */
function templateTail(text: string, start: number, from: number): number {
  let i = from;
  let found = from > start && text.charCodeAt(start) === 0x7b;
  if (text.charCodeAt(i - 1) === 0x24) i--;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    const end = (c === 0x24 || c === 0x7b) && codeAt(text, i + 1) === 0x7b ? templateEnd(text, i) : -1;
    if (end > 0) {
      found = true;
      i = end;
    } else if ((classes[c]! & (LETTER | DIGIT)) !== 0 && (found || c !== 0x24)) i++;
    else break;
  }
  return found ? i : -1;
}
