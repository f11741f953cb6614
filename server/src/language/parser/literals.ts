import { T } from '../../knowledge/keywords';
import type { Expression, IntervalLiteral, NumberLiteral, StringLiteral } from '../ast';
import { type Cursor, compoundName, quotedString, uescape, unescapeUnicode, unquote } from './cursor';
import { parseExpression } from './expression';
import { Accept, EXPR, IDENT, V20, V22 } from './grammar';
import { intervalQualifier } from './types';

/** True when a kind begins StringLiteral. */
export function isString(c: Cursor, kind = c.kind): boolean {
  return (
    kind === T.string ||
    kind === T.prefixedString ||
    kind === T.unicodeString ||
    kind === T.binaryString ||
    kind === T.placeholder ||
    (kind === T.escapedString && c.version >= V20)
  );
}

const charsets =
  /^(utf-?8|utf-?16(-?[lb]e)?|utf-?32(-?[lb]e)?|us-?ascii|ascii|latin-?1|iso-?8859-\d+|windows-\d+|cp\d+|ibm\d+|gbk|gb2312|gb18030|big5|euc-?(jp|kr)|shift[-_]?jis|koi8-[ru]|tis-620)$/i;

/** StringLiteral: one string or several in a row, in any of Flink's forms. */
export function stringLiteral(c: Cursor, what = 'a string in single quotes'): StringLiteral {
  const start = c.start;
  const kind = c.kind;
  if (!isString(c, kind)) {
    c.fail(what);
    return { kind: 'StringLiteral', start: c.end, end: c.end, value: '' };
  }
  if (kind === T.string) {
    const one = quotedString(c);
    if (!c.is(T.string) && !c.is(T.UESCAPE)) return one;
    c.at--;
  }
  if (kind === T.placeholder) return quotedString(c);
  let value = '';
  const tokenStart = c.start;
  const tokenEnd = c.ends[c.at]!;
  c.at++;
  if (kind === T.binaryString) {
    const part = (from: number, to: number) => {
      const hex = unquote(c.text, from, to, "'");
      if (!/^[+-]?[0-9a-fA-F]+$|^$/.test(hex))
        c.failLast('syntax/binary-string', "A binary string X'…' holds only hexadecimal digits.");
      value += hex;
    };
    part(tokenStart + 1, tokenEnd);
    while (c.is(T.string)) {
      c.at++;
      part(c.starts[c.at - 1]!, c.end);
    }
    return { kind: 'StringLiteral', start, end: c.end, value };
  }
  if (kind === T.escapedString) {
    value = unescapeC(c, c.text.slice(tokenStart + 2, tokenEnd - 1));
    return { kind: 'StringLiteral', start, end: c.end, value };
  }
  const quote = c.text.indexOf("'", tokenStart);
  if (kind === T.string) {
    const written = c.textOf(c.at - 1);
    value = unquote(written, 0, written.length, "'");
  } else value = unquote(c.text, quote, tokenEnd, "'");
  if (kind === T.prefixedString) {
    const charset = c.text.slice(tokenStart, quote);
    if (charset[0] === '_' && !charsets.test(charset.slice(1)))
      c.failLast('syntax/charset', `'${charset.slice(1)}' is not the name of a character set.`);
  }
  while (c.is(T.string)) {
    const written = c.textOf(c.at);
    value += unquote(written, 0, written.length, "'");
    c.at++;
  }
  let escapeChar = kind === T.unicodeString ? '\\' : '';
  if (c.is(T.UESCAPE)) {
    c.at++;
    if (c.is(T.string) && escapeChar === '') {
      c.at++;
      c.failLast('syntax/unicode-escape', "UESCAPE only goes with a string of the form U&'…'.");
      c.at--;
    }
    escapeChar = uescape(c);
  }
  if (kind === T.unicodeString) value = unescapeUnicode(c, value, escapeChar, start, c.end);
  return { kind: 'StringLiteral', start, end: c.end, value };
}

function unescapeC(c: Cursor, text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])|''/g, (all, code) => {
    if (all === "''") return "'";
    const first = code[0];
    if (first === 'u' || first === 'U' || first === 'x') {
      const digits = code.slice(1);
      if (digits === '') {
        if (first !== 'x') c.failLast('syntax/unicode-escape', `'\\${first}' must be followed by hexadecimal digits.`);
        return code;
      }
      const value = Number.parseInt(digits, 16);
      return value <= 0x10ffff ? String.fromCodePoint(value) : '';
    }
    if (/[0-7]/.test(first)) return String.fromCharCode(Number.parseInt(code, 8));
    return { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[first as string] ?? code;
  });
}

/** True when a kind begins UnsignedNumericLiteral (with the token behind it, for DECIMAL '…'). */
export function isNumber(c: Cursor, kind: number): boolean {
  return kind === T.integer || kind === T.decimal || kind === T.approximate || (kind === T.DECIMAL && c.version >= V22);
}

/** UnsignedNumericLiteral; `what` is what to say when there is none. */
export function unsignedNumber(c: Cursor, what = 'a number'): NumberLiteral {
  const start = c.start;
  if (c.is(T.placeholder)) c.at++;
  else if (!isNumber(c, c.kind)) {
    c.fail(what);
    return { kind: 'NumberLiteral', start: c.end, end: c.end, text: '' };
  } else if (c.eat(T.DECIMAL)) {
    const value = quotedString(c).value.trim();
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value))
      c.failLast('syntax/decimal', `'${value}' is not a decimal number.`);
    return { kind: 'NumberLiteral', start, end: c.end, text: value };
  } else c.at++;
  return { kind: 'NumberLiteral', start, end: c.end, text: c.textOf(c.at - 1) };
}

/** NumericLiteral: a number with an optional sign. */
export function number(c: Cursor): NumberLiteral {
  const start = c.start;
  if (c.is(T.plus) || c.is(T.minus)) {
    const minus = c.is(T.minus);
    c.at++;
    const value = unsignedNumber(c);
    return { kind: 'NumberLiteral', start, end: c.end, text: minus ? `-${value.text}` : value.text };
  }
  return unsignedNumber(c);
}

/** UnsignedNumericLiteralOrParam, of LIMIT, OFFSET and FETCH. */
export function numberOrParam(c: Cursor): Expression {
  const start = c.start;
  if (c.eat(T.hook)) return { kind: 'DynamicParam', start, end: c.end };
  return unsignedNumber(c, 'a whole number');
}

/** Literal, as in SET and in a PARTITION clause: a number, string, TRUE, NULL, date, time or interval. */
export function literal(c: Cursor): Expression {
  const kind = c.kind;
  if (kind === T.plus || kind === T.minus || isNumber(c, kind)) return number(c);
  if (isString(c, kind)) return stringLiteral(c);
  if (kind === T.INTERVAL) return intervalLiteral(c);
  return specialLiteral(c) ?? dateTimeLiteral(c) ?? missing(c);
}

function missing(c: Cursor): Expression {
  c.fail('a value: a number, string, TRUE, FALSE, NULL, date or time');
  return { kind: 'MissingExpression', start: c.end, end: c.end };
}

/** TRUE, FALSE, UNKNOWN, NULL */
export function specialLiteral(c: Cursor): Expression | undefined {
  const start = c.start;
  switch (c.kind) {
    case T.TRUE:
    case T.FALSE:
    case T.UNKNOWN: {
      const value = c.is(T.TRUE) ? true : c.is(T.FALSE) ? false : null;
      c.at++;
      return { kind: 'BooleanLiteral', start, end: c.end, value };
    }
    case T.NULL:
      c.at++;
      return { kind: 'NullLiteral', start, end: c.end };
    default:
      return undefined;
  }
}

/** DateTimeLiteral: DATE '…', TIMESTAMP WITH LOCAL TIME ZONE '…', {d '…'}; undefined when none begins here. */
export function dateTimeLiteral(c: Cursor): Expression | undefined {
  const start = c.start;
  switch (c.kind) {
    case T.lbraceD:
    case T.lbraceT:
    case T.lbraceTs: {
      const type = c.is(T.lbraceD) ? 'DATE' : c.is(T.lbraceT) ? 'TIME' : 'TIMESTAMP';
      c.at++;
      const value = quotedString(c).value;
      if (c.expect(T.rbrace)) {
        const form = {
          DATE: /^\d+-\d+-\d+$/,
          TIME: /^\d+:\d+:\d+(\.\d*)?$/,
          TIMESTAMP: /^\d+-\d+-\d+ \d+:\d+:\d+(\.\d*)?$/,
        }[type];
        if (!form.test(value.trim()) && type === 'TIMESTAMP')
          c.failRange(start, c.end, 'syntax/date-time', `'${value}' is not a valid ${type}.`);
        else if (!form.test(value.trim())) c.failLast('syntax/date-time', `'${value}' is not a valid ${type}.`);
      }
      return { kind: 'DateTimeLiteral', start, end: c.end, type, value };
    }
    case T.DATE:
    case T.TIME: {
      const type = c.is(T.DATE) ? 'DATE' : 'TIME';
      c.at++;
      const { value } = quotedString(c);
      checkDateTime(c, start, type, value);
      return { kind: 'DateTimeLiteral', start, end: c.end, type, value };
    }
    case T.DATETIME:
      c.at++;
      return { kind: 'DateTimeLiteral', start, type: 'DATETIME', value: quotedString(c).value, end: c.end };
    case T.TIMESTAMP: {
      const type = timestampType(c);
      const { value } = quotedString(c);
      checkDateTime(c, start, type, value);
      return { kind: 'DateTimeLiteral', start, end: c.end, type, value };
    }
    default:
      return undefined;
  }
}

/** Flink 1.20 reads the value of these literals while it parses; later versions leave that to the planner. */
function checkDateTime(c: Cursor, start: number, type: string, value: string, always = false): void {
  if ((c.version >= V20 && !always) || c.error || c.text.charCodeAt(c.end - 1) !== 0x27) return;
  if (isDateTime(type, value)) return;
  const form = { DATE: 'yyyy-MM-dd', TIME: 'HH:mm:ss' }[type] ?? 'yyyy-MM-dd HH:mm:ss';
  c.failRange(start, c.end, 'syntax/date-time', `'${value}' is not a ${type}: write it as ${form}.`);
}

/** True for a value of that type; a timestamp may go without its time. */
function isDateTime(type: string, value: string): boolean {
  const date = /^\s*(\d+)-\s*(\d+)-\s*(\d+)/.exec(value);
  const rest = type === 'TIME' ? value : value.slice(date?.[0].length ?? 0);
  if (type !== 'TIME') {
    if (!date) return false;
    const [, year, month, day] = date.map(Number);
    const days = new Date(Date.UTC(2000 + (year! % 400), month!, 0)).getUTCDate();
    if (month! < 1 || month! > 12 || day! < 1 || day! > days) return false;
    if (type === 'DATE') return rest === '';
    if (rest === '') return true;
  }
  const time = /^\s*(\d+):\s*(\d+):\s*(\d+)(\.\d*)?$/.exec(rest);
  return time !== null && Number(time[1]) < 24 && Number(time[2]) < 60 && Number(time[3]) < 60;
}

/** The words of a timestamp literal before its string. */
function timestampType(c: Cursor): string {
  c.at++;
  if (c.is(T.string) || c.version < V20) return 'TIMESTAMP';
  if (!c.expect(T.WITH, "a string in single quotes, or WITH LOCAL TIME ZONE '…'")) return 'TIMESTAMP';
  c.expect(T.LOCAL);
  c.expect(T.TIME);
  c.expect(T.ZONE);
  return 'TIMESTAMP WITH LOCAL TIME ZONE';
}

/** TimestampLiteral, as in START_MODE. */
export function timestampLiteral(c: Cursor): Expression {
  if (c.is(T.TIMESTAMP)) {
    const start = c.start;
    const made = dateTimeLiteral(c)!;
    if (made.kind === 'DateTimeLiteral') checkDateTime(c, start, 'TIMESTAMP', made.value, true);
    return made;
  }
  c.fail("TIMESTAMP '…'");
  return { kind: 'MissingExpression', start: c.end, end: c.end };
}

function checkInterval(c: Cursor, start: number, value: string): void {
  if (value.trim() === '') c.failRange(start, c.end, 'syntax/interval', 'This interval has no value.');
}

/** IntervalLiteral: INTERVAL '5' MINUTE, where only a string may stand. */
export function intervalLiteral(c: Cursor): IntervalLiteral {
  const start = c.start;
  c.expect(T.INTERVAL);
  const negative = c.is(T.minus);
  if (negative || c.is(T.plus)) c.at++;
  const value = quotedString(c, "the length in single quotes: INTERVAL '5' MINUTE");
  const qualifier = intervalQualifier(c);
  checkInterval(c, start, value.value);
  return { kind: 'IntervalLiteral', start, end: c.end, negative, value, qualifier };
}

/** IntervalLiteralOrExpression: INTERVAL '5' MINUTE, INTERVAL (x + 1) DAY, INTERVAL x SECOND */
export function interval(c: Cursor): IntervalLiteral {
  const start = c.start;
  c.at++;
  const negative = c.is(T.minus);
  if (negative || c.is(T.plus)) c.at++;
  let value: Expression;
  if (c.is(T.string)) {
    value = quotedString(c);
    const qualifier = intervalQualifier(c);
    checkInterval(c, start, value.value);
    return { kind: 'IntervalLiteral', start, end: c.end, negative, value, qualifier };
  }
  if (c.eat(T.lparen)) {
    value = parseExpression(c, Accept.SUB_QUERY);
    c.expect(T.rparen);
  } else if (isNumber(c, c.kind)) value = unsignedNumber(c);
  else if (c.isIdent()) {
    const column = compoundName(c);
    value = { kind: 'ColumnRef', start: column.start, end: column.end, parts: column.parts };
  } else {
    c.fail("the length in single quotes: INTERVAL '5' MINUTE");
    value = { kind: 'MissingExpression', start: c.end, end: c.end };
  }
  const qualifier = intervalQualifier(c, true);
  return { kind: 'IntervalLiteral', start, end: c.end, negative, value, qualifier };
}

/** True when the token after INTERVAL can follow it. */
export function continuesInterval(c: Cursor, kind: number): boolean {
  return (
    kind === T.plus ||
    kind === T.minus ||
    kind === T.string ||
    kind === T.lparen ||
    isNumber(c, kind) ||
    ((c.flags[kind]! & IDENT) !== 0 && (c.flags[kind]! & EXPR) !== 0)
  );
}
