import { FIRST_KEYWORD, T } from '../../knowledge/keywords';
import type { Expression, Identifier, Name, StringLiteral } from '../ast';
import { keywordText, Tokens } from '../lexer';
import type { Edit, Fix } from '../problem';
import { Accept, CLAUSE, EXPR, grammarFlags, IDENT } from './grammar';

/**
 * Deeper nesting than this is refused, counting what a level costs: Flink's own parser takes 400 parentheses or
 * sub-queries inside each other and runs out of stack before 600. Here about 500 are taken.
 */
export const MAX_DEPTH = 1000;

/** The first syntax error of a statement; the parser goes on behind it, but silently. */
export interface FirstError {
  code: string;
  message: string;
  start: number;
  end: number;
  /** The token that does not fit, by its index, and what should stand there; -1 for a broken rule. */
  index: number;
  expected: string;
  fixes?: Fix[];
}

/**
 * The parser's place in the tokens of one statement, and its first error. One instance is reused for all statements.
 * Every production is a function over it, in a file for its area of the grammar; each consumes what Flink's production
 * of that name would, decides with the same lookahead, and therefore meets an error at the same token.
 */
export class Cursor {
  readonly tokens = new Tokens();
  kinds: Uint16Array = this.tokens.kinds;
  starts: Int32Array = this.tokens.starts;
  ends: Int32Array = this.tokens.ends;
  flags: Uint8Array = grammarFlags(4);
  text = '';
  version = 4;
  templates = false;
  /** Index of the next token. */
  at = 0;
  depth = 0;
  error: FirstError | undefined;
  /** Shared stacks of the expression parser. */
  readonly operands: Expression[] = [];
  readonly operators: Operator[] = [];
  /** Tokens that stand for another text than what is written, by index: placeholders whose value is known. */
  values: Map<number, string> | undefined;
  /** Start of the word JOIN of the join read last: where Flink places a join. */
  joinAt = 0;
  /** Start of the PIVOT or UNPIVOT read last: where Flink places one. */
  pivotAt = 0;
  /** What could go on a query at token `followAt`, in words: said together with what the caller expected there. */
  follow = '';
  followAt = -1;
  /** Index of the token before a dot that no name follows, or -1. */
  danglingAt = -1;
  /** Where the operators of the expression at hand begin. */
  opBase = 0;
  /** Start of an ESCAPE that belongs to no LIKE, or -1. */
  strayEscape = -1;
  /** LIKEs of the expression at hand that an ESCAPE may still follow. */
  likes = 0;

  /** Lexes a statement and stands before its first token. */
  begin(text: string, version: number, templates: boolean): void {
    this.tokens.lex(text, version, templates);
    this.kinds = this.tokens.kinds;
    this.starts = this.tokens.starts;
    this.ends = this.tokens.ends;
    this.flags = grammarFlags(version);
    this.text = text;
    this.version = version;
    this.templates = templates;
    this.at = 0;
    this.depth = 0;
    this.error = undefined;
    this.values = undefined;
    // both are empty unless the last statement ended in the middle of an expression
    if (this.operands.length > 0) this.operands.length = 0;
    if (this.operators.length > 0) this.operators.length = 0;
    this.likes = 0;
    this.opBase = 0;
    this.strayEscape = -1;
    this.danglingAt = -1;
    this.follow = '';
    this.followAt = -1;
  }

  /** Puts others in the place of the tokens; `values` says, by index, what stands for another text than what is written. */
  replaceTokens(tokens: readonly { kind: number; start: number; end: number }[], values: Map<number, string>): void {
    this.tokens.replace(tokens);
    this.kinds = this.tokens.kinds;
    this.starts = this.tokens.starts;
    this.ends = this.tokens.ends;
    this.values = values;
  }

  /** Kind of the next token. */
  get kind(): number {
    return this.kinds[this.at]!;
  }
  /** What a token says: as written, or the value of its placeholder. */
  textOf(index: number): string {
    const value = this.values?.get(index);
    return value === undefined ? this.text.slice(this.starts[index]!, this.ends[index]!) : value;
  }
  /** Kind of a token further on: `peek(1)` is the one after the next. */
  peek(distance: number): number {
    return this.kinds[this.at + distance]!;
  }
  is(kind: number): boolean {
    return this.kinds[this.at] === kind;
  }
  /** True when the next tokens are these two. */
  are(first: number, second: number): boolean {
    return this.kinds[this.at] === first && this.kinds[this.at + 1] === second;
  }
  eat(kind: number): boolean {
    if (this.kinds[this.at] !== kind) return false;
    this.at++;
    return true;
  }
  /** Takes a token of that kind, or reports that it was expected. */
  expect(kind: number, what = ''): boolean {
    if (this.kinds[this.at] === kind) {
      this.at++;
      return true;
    }
    if (this.kinds[this.at] === T.placeholder && this.skipPlaceholder()) return this.expect(kind, what);
    this.fail(what || describeKind(kind));
    return false;
  }
  /** Start of the next token. */
  get start(): number {
    return this.starts[this.at]!;
  }
  /** End of the last token taken. */
  get end(): number {
    return this.at === 0 ? this.starts[0]! : this.ends[this.at - 1]!;
  }
  /** True once there is an error: from there on parsing is lenient. */
  get failed(): boolean {
    return this.error !== undefined;
  }

  /** A placeholder may stand for anything, also for nothing: it is passed over where the grammar has no place for it. */
  skipPlaceholder(): boolean {
    if (this.kinds[this.at] !== T.placeholder) return false;
    this.at++;
    return true;
  }

  /** Reports that `expected` (in words) should stand where the next token is; only the first report counts. */
  fail(expected: string): void {
    if (this.error) return;
    if (this.templates && this.nearPlaceholder()) {
      this.giveUp();
      return;
    }
    const follows = this.followAt === this.at && this.follow !== '';
    const last = expected === 'the end of the statement' || expected.includes(this.follow) ? '' : expected;
    this.error = unexpected(this, this.at, follows ? joinWords(this.follow, last) : expected);
  }
  /**
   * What Flink's lookahead meets: a character that begins no token is an error as soon as the grammar looks at it, even
   * if the token before is the one that does not fit.
   */
  lookAhead(distance: number): void {
    if (this.kinds[this.at + distance] !== T.error || this.error) return;
    this.error = unexpected(this, this.at + distance, '');
  }
  /** Reports a broken rule about a range of the text. */
  failRange(start: number, end: number, code: string, message: string, fixes?: Fix[]): void {
    if (this.error) return;
    if (this.templates && this.nearPlaceholder()) {
      this.giveUp();
      return;
    }
    const error = { code, message, start, end, index: -1, expected: '' };
    this.error = fixes ? { ...error, fixes } : error;
  }
  /** Reports a broken rule about the last token taken, as Flink does from its actions. */
  failLast(code: string, message: string): void {
    // the parser has looked at the token behind it already: what cannot be read there comes first
    if (this.is(T.error)) {
      this.fail('');
      return;
    }
    const last = Math.max(0, this.at - 1);
    this.failRange(this.starts[last]!, this.ends[last]!, code, message);
  }
  /** An unknown placeholder close by: nobody can say what stands there, so nothing is said. */
  private nearPlaceholder(): boolean {
    for (let i = 0; i < this.tokens.count; i++) if (this.kinds[i] === T.placeholder) return true;
    return false;
  }
  private giveUp(): void {
    this.error = { code: '', message: '', start: 0, end: 0, index: -1, expected: '' };
  }

  /** Enters a nested production. False when it is too deep: the caller then gives a missing node. */
  enter(weight = 1): boolean {
    this.depth += weight;
    if (this.depth <= MAX_DEPTH) return true;
    this.failRange(
      this.start,
      this.ends[this.at]!,
      'syntax/depth',
      'This is nested too deeply: Flink takes about 500 levels.',
    );
    this.at = this.tokens.count;
    return false;
  }
  leave(weight = 1): void {
    this.depth -= weight;
  }

  isIdent(kind = this.kinds[this.at]!): boolean {
    return (this.flags[kind]! & IDENT) !== 0;
  }
  beginsExpression(kind = this.kinds[this.at]!): boolean {
    return (this.flags[kind]! & EXPR) !== 0;
  }

  /**
   * After an error: skips to a token at this level of parentheses that begins a clause, closes the parenthesis around,
   * or is one of `stops`.
   */
  recover(a = -1, b = -1): void {
    if (!this.error) return;
    let level = 0;
    for (; this.at < this.tokens.count; this.at++) {
      const kind = this.kinds[this.at]!;
      if (kind === T.lparen) level++;
      else if (kind === T.rparen && level-- === 0) return;
      else if (kind === T.semicolon) return;
      else if (level <= 0 && ((this.flags[kind]! & CLAUSE) !== 0 || kind === a || kind === b)) return;
    }
  }

  /** After an error: skips what stands before a token of that kind on this level, if there is one. */
  recoverTo(kind: number): void {
    if (!this.error || this.kinds[this.at] === kind) return;
    let level = 0;
    for (let i = this.at; i < this.tokens.count; i++) {
      const next = this.kinds[i]!;
      if (level === 0 && next === kind) {
        this.at = i;
        return;
      }
      if (next === T.lparen) level++;
      else if (next === T.rparen && level-- === 0) return;
      else if (next === T.semicolon) return;
      else if (level === 0 && (this.flags[next]! & CLAUSE) !== 0) return;
    }
  }
}

/** An operator waiting for its right operand. */
export interface Operator {
  /** 0 binary, 1 prefix, 2 BETWEEN that waits for its AND, 3 BETWEEN with its lower bound, 4 LIKE, 5 LIKE … ESCAPE */
  type: number;
  precedence: number;
  op: string;
  start: number;
  negated: boolean;
  symmetric: boolean;
  low: Expression | undefined;
}

// ------------------------------------------------------------------------------------------------ messages

const groups: Readonly<Record<string, string>> = {
  '(': "'('",
  ')': "')'",
};

/** A kind of token in words for a message. */
export function describeKind(kind: number): string {
  if (kind >= FIRST_KEYWORD) return keywordText(kind);
  switch (kind) {
    case T.lparen:
      return groups['(']!;
    case T.rparen:
      return groups[')']!;
    case T.lbracket:
      return "'['";
    case T.rbracket:
      return "']'";
    case T.rbrace:
      return "'}'";
    case T.comma:
      return "','";
    case T.eq:
      return "'='";
    case T.lt:
      return "'<'";
    case T.gt:
      return "'>'";
    case T.string:
      return 'a string in single quotes';
    case T.semicolon:
      return "';'";
    case T.commentEnd:
      return "'*/'";
    case T.identifier:
      return 'a name';
    case T.integer:
      return 'a whole number';
    case T.arrow:
      return "'=>'";
    case T.EOF:
      return 'the end of the statement';
    default:
      return 'something else';
  }
}

/** What stands at a token, for a message: the end, a keyword, a name or a sign. */
export function describeToken(c: Cursor, index: number): string {
  const kind = c.kinds[index]!;
  if (kind === T.EOF) return 'the end of the statement';
  let text = c.text.slice(c.starts[index]!, c.ends[index]!);
  if (text.length > 40) text = `${text.slice(0, 37)}…`;
  if (kind >= FIRST_KEYWORD) return text.toUpperCase() === text ? text : `'${text}'`;
  if (kind === T.string || kind === T.quotedIdentifier) return text;
  return `'${text}'`;
}

/** 'a, b or c' and 'd' make 'a, b, c or d'. */
function joinWords(list: string, last: string): string {
  if (last === '') return `${list}, or the end of the statement`;
  return `${list} or ${last}`;
}

/** The error for a token that cannot stand where it stands. */
function unexpected(c: Cursor, index: number, expected: string): FirstError {
  const lexer = c.tokens;
  let start = c.starts[index]!;
  let end = c.ends[index]!;
  // A character that no token begins with is met before whatever stands behind it.
  if (c.kinds[index] === T.error) {
    const at = lexer.errorAt;
    if (lexer.errorKind === 'comment')
      return {
        code: 'syntax/unclosed-comment',
        message: "This comment is never closed: '*/' is missing.",
        start: lexer.commentAt,
        end: Math.min(c.text.length, lexer.commentAt + 2),
        index: -1,
        expected: '',
      };
    const sign = c.text.slice(start, start + 1);
    return {
      code: 'syntax/character',
      message: sign === '`' ? 'This back-tick is never closed on its line.' : `'${sign}' has no meaning in Flink SQL.`,
      start: at,
      end: Math.max(at, Math.min(c.text.length, at + 1)),
      index: -1,
      expected: '',
    };
  }
  if (c.kinds[index] === T.EOF) {
    // Flink places the end of the input on its last character
    start = Math.max(0, c.text.length - 1);
    end = c.text.length;
  }
  const found = describeToken(c, index);
  // what was found may be on the list, when it is what follows it that does not fit
  const wanted = expected.replace(`${found}, `, '').replace(`${found} or `, '');
  const error: FirstError = {
    code: 'syntax/unexpected',
    message: `Found ${found}, expected ${wanted}.`,
    start,
    end,
    index,
    expected,
  };
  return error;
}

export function edit(start: number, end: number, text: string): Edit {
  return { start, end, text };
}

// --------------------------------------------------------------------------------------------------- names

/** The value of a quoted name or string between its quotes, doubled quotes taken once. */
export function unquote(text: string, start: number, end: number, quote: string): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.indexOf(quote) < 0 ? inner : inner.replaceAll(quote + quote, quote);
}

export function emptyIdentifier(at: number): Identifier {
  return { kind: 'Identifier', start: at, end: at, name: '', quoted: false };
}

/** SimpleIdentifier. Where none stands, reports `what` and gives an empty one. */
export function identifier(c: Cursor, what = 'a name'): Identifier {
  const at = c.at;
  const kind = c.kinds[at]!;
  if ((c.flags[kind]! & IDENT) === 0) {
    c.fail(what);
    return emptyIdentifier(c.end);
  }
  c.at++;
  const start = c.starts[at]!;
  let end = c.ends[at]!;
  let name: string;
  let quoted = false;
  if (kind === T.quotedIdentifier) {
    const written = c.textOf(at);
    name = unquote(written, 0, written.length, '`');
    quoted = true;
  } else if (kind === T.unicodeIdentifier) {
    quoted = true;
    name = unquote(c.text, start + 2, end, '"');
    let escapeChar = '\\';
    if (c.eat(T.UESCAPE)) {
      escapeChar = uescape(c);
      end = c.end;
    }
    name = unescapeUnicode(c, name, escapeChar, start, end);
  } else name = c.textOf(at);
  if (name.length > 256) c.failRange(start, end, 'syntax/name-length', 'A name may have at most 256 characters.');
  return { kind: 'Identifier', start, end, name, quoted };
}

/** The character after UESCAPE, checked as Flink does. */
export function uescape(c: Cursor): string {
  if (!c.is(T.string)) {
    c.fail('a string with the escape character');
    return '\\';
  }
  const value = unquote(c.text, c.start, c.ends[c.at]!, "'");
  c.at++;
  if (value.length !== 1 || /[\d\s+"a-fA-F']/.test(value))
    c.failLast(
      'syntax/unicode-escape',
      'UESCAPE takes one character that is no hexadecimal digit, blank, quote or plus sign.',
    );
  return value.slice(0, 1) || '\\';
}

/** The value of a U&'…' text. */
export function unescapeUnicode(c: Cursor, text: string, escapeChar: string, start: number, end: number): string {
  if (text.indexOf(escapeChar) < 0) return text;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== escapeChar) out += text[i];
    else if (text[i + 1] === escapeChar) out += text[++i];
    else {
      const digits = text.slice(i + 1, i + 5);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) {
        c.failRange(
          start,
          end,
          'syntax/unicode-escape',
          `'${escapeChar}' must be followed by four hexadecimal digits here.`,
        );
        return out;
      }
      out += String.fromCharCode(Number.parseInt(digits, 16));
      i += 4;
    }
  }
  return out;
}

/** The parts of a compound name; a dot that nothing follows gives an empty last part, and an error at the dot. */
export function nameParts(c: Cursor, what = 'a name'): Identifier[] {
  const parts = [identifier(c, what)];
  while (c.kinds[c.at] === T.dot) {
    if ((c.flags[c.kinds[c.at + 1]!]! & IDENT) !== 0) {
      c.at++;
      parts.push(identifier(c));
    } else if (c.kinds[c.at + 1] === T.star) break;
    else {
      danglingDot(c, parts);
      break;
    }
  }
  return parts;
}

/** Takes a '.' that no name follows: always an error, at the dot. */
export function danglingDot(c: Cursor, parts: Identifier[]): void {
  c.lookAhead(1);
  if (!c.error) {
    c.danglingAt = c.at - 1;
    // the name ends the expression, so what is wrong with that comes first
    for (let i = c.operators.length - 1; i >= c.opBase; i--)
      if (c.operators[i]!.type === 2)
        c.failRange(c.end, c.end, 'syntax/between', 'BETWEEN needs AND: x BETWEEN low AND high.');
  }
  if (!c.error) {
    const next = c.at + 1;
    const word = c.kinds[next]! >= FIRST_KEYWORD ? c.text.slice(c.starts[next]!, c.ends[next]!) : '';
    const message = word
      ? `'${word}' is a reserved word; write \`${word}\` to use it as a name.`
      : `Found ${describeToken(c, next)}, expected a name after the dot.`;
    const fixes = word
      ? [{ title: 'Quote the name', edits: [edit(c.starts[next]!, c.ends[next]!, `\`${word}\``)] }]
      : undefined;
    const reserved = word !== '' && c.ends[c.at] === c.starts[next];
    if (reserved) c.failRange(c.start, c.ends[c.at]!, 'syntax/reserved-word', message, fixes);
    else
      c.failRange(
        c.start,
        c.ends[c.at]!,
        'syntax/unexpected',
        `Found ${describeToken(c, next)} after the dot, expected a name.`,
      );
  }
  c.at++;
  parts.push(emptyIdentifier(c.end));
}

/** CompoundIdentifier as a Name; `.*` behind it stays for the caller. */
export function name(c: Cursor, what = 'a name'): Name {
  const parts = nameParts(c, what);
  return { kind: 'Name', start: parts[0]!.start, end: parts[parts.length - 1]!.end, parts };
}

/** CompoundIdentifier where the grammar takes `name.*` too, which the parser lets through and validation refuses. */
export function compoundName(c: Cursor, what = 'a name'): Name {
  const made = name(c, what);
  if (c.are(T.dot, T.star)) {
    c.at += 2;
    return { ...made, end: c.end };
  }
  return made;
}

/** <QUOTED_STRING> alone. */
export function quotedString(c: Cursor, what = 'a string in single quotes'): StringLiteral {
  const start = c.start;
  if (c.is(T.string)) {
    const written = c.textOf(c.at);
    c.at++;
    return { kind: 'StringLiteral', start, end: c.end, value: unquote(written, 0, written.length, "'") };
  }
  if (c.is(T.placeholder)) {
    c.at++;
    return { kind: 'StringLiteral', start, end: c.end, value: c.text.slice(start, c.end) };
  }
  c.fail(what);
  return { kind: 'StringLiteral', start: c.end, end: c.end, value: '' };
}

/** Reports a query or a value where the other is wanted, at the last token taken, as Flink's checks do. */
export function checkQuery(c: Cursor, accept: Accept): void {
  if (accept === Accept.NON_QUERY || accept === Accept.SUB_QUERY || accept === Accept.CURSOR)
    c.failLast('syntax/query-here', 'A query must stand in parentheses here.');
}
export function checkNonQuery(c: Cursor, accept: Accept): void {
  if (accept === Accept.QUERY)
    c.failLast('syntax/not-a-query', 'Expected a query here: SELECT, VALUES, TABLE or WITH.');
}
