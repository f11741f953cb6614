import type { Random } from './random';

const tokenPattern =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|`(?:[^`]|``)*`|"[^"]*"|[\p{L}_$][\p{L}\p{N}_$]*|\d+(?:\.\d+)?|<>|<=|>=|!=|\|\||=>|->|::|[\s\S]/gu;

/** Words that are put in where they do not belong. */
const words =
  "SELECT FROM WHERE GROUP BY ORDER JOIN ON AS WITH AND OR NOT NULL IN IS LIKE BETWEEN CASE WHEN THEN ELSE END CREATE TABLE VIEW INSERT INTO VALUES SET BEGIN STATEMENT OVER PARTITION WATERMARK FOR PRIMARY KEY ENFORCED METADATA COMMENT DISTRIBUTED LATERAL UNNEST MATCH_RECOGNIZE PATTERN DEFINE INTERVAL DAY ROW ARRAY MAP CAST DISTINCT ALL UNION LIMIT OFFSET FETCH EXPLAIN SHOW DESCRIBE USE ALTER DROP ADD RENAME TO TEMPORARY SYSTEM_TIME OF TRUE 1 1.5 'x' `x` x ( ) [ ] { } < > , ; . * + - / % = <> != => -> :: || ? : ' ` \" -- /* */ /*+ ! @ # $ & ^ ~ | \\ \u00e9 \ud83d\ude00 \u0000 \u2028 \ufeff \t \r\n".split(
    ' ',
  );

export const tokensOf = (text: string): string[] => text.match(tokenPattern) ?? [];

/** One small change of a text: to its tokens as people mistype, or to its characters as nobody does. */
function change(text: string, random: Random, others: readonly string[]): string {
  if (random.chance(0.3)) return changeCharacters(text, random);
  const tokens = tokensOf(text);
  if (tokens.length === 0) return random.pick(words);
  const at = random.below(tokens.length);
  switch (random.below(8)) {
    case 0:
      tokens.splice(at, 1);
      break;
    case 1:
      tokens.splice(at, 0, tokens[at]!);
      break;
    case 2:
      tokens.splice(at, 0, ' ', random.pick(words), ' ');
      break;
    case 3:
      tokens[at] = random.pick(words);
      break;
    case 4: {
      const other = random.below(tokens.length);
      [tokens[at], tokens[other]] = [tokens[other]!, tokens[at]!];
      break;
    }
    case 5:
      tokens.length = at;
      break;
    case 6:
      tokens.splice(at, 1 + random.below(8));
      break;
    default: {
      const from = tokensOf(random.pick(others).slice(0, 5000));
      const start = random.below(from.length + 1);
      tokens.splice(at, random.below(4), ' ', ...from.slice(start, start + 1 + random.below(12)), ' ');
    }
  }
  return tokens.join('');
}

function changeCharacters(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.below(4);
  const inserted = random.chance(0.5)
    ? ''
    : String.fromCharCode(random.chance(0.8) ? 32 + random.below(95) : random.below(0x3000));
  return text.slice(0, at) + inserted + text.slice(at + length);
}

/** A text with one to a few changes. `others` are texts that pieces are taken from. */
export function mutate(text: string, random: Random, others: readonly string[]): string {
  let result = text;
  for (let n = 1 + (random.chance(0.3) ? random.below(5) : 0); n > 0; n--) result = change(result, random, others);
  return result;
}
