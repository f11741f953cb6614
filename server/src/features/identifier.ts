import { isReservedWord } from '../language/lexer';
import { plainLine } from './markdown';

/** Longest name that is written out; the rest of a longer one is cut. */
const LONGEST = 250;

/**
 * A name as it can stand in SQL: as it is where it is a plain word, else in backticks. Whatever a name from a metadata store
 * holds, the result is one identifier on one line, without characters that hide or reorder text.
 */
export function identifier(name: string): string {
  const line = plainLine(name).slice(0, LONGEST) || 'unnamed';
  return /^[A-Za-z_]\w*$/.test(line) && !isReservedWord(line) ? line : `\`${line.replace(/`/g, '``')}\``;
}

/** A text as a string literal of SQL, on one line and without invisible characters. */
export function stringLiteral(text: string): string {
  return `'${plainLine(text).replace(/'/g, "''")}'`;
}
