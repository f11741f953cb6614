// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of SQL templates
import { describe, expect, test } from 'vitest';
import { FIRST_KEYWORD, T } from '../../server/src/knowledge/keywords';
import { keywordSince, keywordText, Tokens, versionBit } from '../../server/src/language/lexer';

const names: Record<number, string> = {
  [T.identifier]: 'name',
  [T.quotedIdentifier]: 'quoted',
  [T.unicodeIdentifier]: 'unicode name',
  [T.string]: 'string',
  [T.prefixedString]: 'prefixed',
  [T.unicodeString]: 'unicode',
  [T.escapedString]: 'escaped',
  [T.binaryString]: 'binary',
  [T.integer]: 'int',
  [T.decimal]: 'decimal',
  [T.approximate]: 'approximate',
  [T.collation]: 'collation',
  [T.placeholder]: 'placeholder',
  [T.error]: 'error',
  [T.dollar]: 'dollar',
  [T.quote]: 'quote',
  [T.hintBegin]: 'hint',
  [T.lbraceD]: '{d',
  [T.lbraceTs]: '{ts',
  [T.lbraceFn]: '{fn',
};

/** Tokens as 'kind:text'; keywords in upper case, signs as they stand. */
function lexed(text: string, templates = false, version = '2.3'): string[] {
  const tokens = new Tokens();
  tokens.lex(text, versionBit(version), templates);
  return Array.from({ length: tokens.count }, (_, i) => {
    const kind = tokens.kinds[i]!;
    const written = text.slice(tokens.starts[i], tokens.ends[i]);
    // A, C, G, K and M are keywords, too: words of ADA's and PL/I's days
    if (kind >= FIRST_KEYWORD) return written.length > 1 ? keywordText(kind) : `name:${written}`;
    return names[kind] ? `${names[kind]}:${written}` : written;
  });
}

describe('tokens', () => {
  test.each<[string, string[]]>([
    ['select Sel $a a$ é_1', ['SELECT', 'name:Sel', 'name:$a', 'name:a$', 'name:é_1']],
    ["'a''b' 'c", ["string:'a''b'", "quote:'", 'name:c']],
    [
      "N'a' _utf8'b' U&'c' E'd\\'e' X'0f' x''",
      ["prefixed:N'a'", "prefixed:_utf8'b'", "unicode:U&'c'", "escaped:E'd\\'e'", "binary:X'0f'", "binary:x''"],
    ],
    [
      '1 1. 1.5 .5 1e3 1.e-3 1a 1..2',
      [
        'int:1',
        'decimal:1.',
        'decimal:1.5',
        'decimal:.5',
        'approximate:1e3',
        'approximate:1.e-3',
        'int:1',
        'name:a',
        'decimal:1.',
        'decimal:.2',
      ],
    ],
    ['`a b` `c``d` U&"x"', ['quoted:`a b`', 'quoted:`c``d`', 'unicode name:U&"x"']],
    ['a.b$c a:b$c a-b', ['collation:a.b$c', 'collation:a:b$c', 'name:a', '-', 'name:b']],
    ['$ a$', ['dollar:$', 'name:a$']],
    [
      "{d '2020-01-01'} {ts'x'} {fn f}",
      ['{d:{d', "string:'2020-01-01'", '}', '{ts:{ts', "string:'x'", '}', '{fn:{fn', 'name:f', '}'],
    ],
    [
      'a -- b\nc // d\r\ne /* f */ g /** h */ i /*+ j */',
      ['name:a', 'name:c', 'name:e', 'name:g', 'name:i', 'hint:/*+', 'name:j', '*/'],
    ],
    ['<= >= <> != => || .. ? : ^ | %', ['<=', '>=', '<>', '!=', '=>', '||', '..', '?', ':', '^', '|', '%']],
    ['a # b', ['name:a', 'error:#', 'name:b']],
    ['`a\nb`', ['error:`', 'name:a', 'name:b', 'error:`']],
    ['a /* b', ['name:a', 'error:/* b']],
  ])('%s', (text, expected) => expect(lexed(text)).toEqual(expected));

  test('templates', () => {
    const text = 'SELECT ${a}, {{ b }} FROM t_${env}_x {% if c %} {# note #} {{ d }}_y';
    expect(lexed(text, true)).toEqual([
      'SELECT',
      'placeholder:${a}',
      ',',
      'placeholder:{{ b }}',
      'FROM',
      'placeholder:t_${env}_x',
      'placeholder:{{ d }}_y',
    ]);
    expect(lexed('${a}')).toEqual(['dollar:$', '{', 'name:a', '}']);
  });

  test('words that are keywords in some versions only', () => {
    expect(lexed('QUALIFY BITMAP COMPACT')).toEqual(['QUALIFY', 'BITMAP', 'name:COMPACT']);
    expect(lexed('QUALIFY BITMAP COMPACT', false, '1.20')).toEqual(['name:QUALIFY', 'name:BITMAP', 'COMPACT']);
    expect([
      keywordSince('BITMAP'),
      keywordSince('qualify'),
      keywordSince('SELECT'),
      keywordSince('nothing_such'),
    ]).toEqual(['2.3', '2.0', '1.20', undefined]);
  });
});

test('every keyword is found by its text, in any case', () => {
  for (let kind = FIRST_KEYWORD; keywordText(kind) !== ''; kind++) {
    const word = keywordText(kind);
    if (word === 'COMPACT' || word.length === 1) continue;
    expect(lexed(word.toLowerCase())).toEqual([word]);
  }
});
