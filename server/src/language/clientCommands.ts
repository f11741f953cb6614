import type { Statement, StringLiteral } from './ast';

/**
 * The statements that Flink's table environment reads with regular expressions before its grammar sees them
 * (ExtendedParser: SET, RESET, HELP, CLEAR, QUIT, EXIT). They are matched against the whole statement; a blank is what
 * it is to Java's expressions, which know only those of ASCII.
 */
const setPattern =
  /^SET(?:[ \t\n\v\f\r]+([^' \t\n\v\f\r]+)[ \t\n\v\f\r]*=[ \t\n\v\f\r]*(?:'([^']*)'|([^; \t\n\v\f\r]+)))?[ \t\n\v\f\r]*;?$/i;
const resetPattern = /^RESET(?:[ \t\n\v\f\r]+([^' \t\n\v\f\r]+)[ \t\n\v\f\r]*)?[ \t\n\v\f\r]*;?$/i;
const wordPattern = /^(HELP|CLEAR|QUIT|EXIT)[ \t\n\v\f\r]*;?$/i;

function part(text: string, value: string, from: number): StringLiteral {
  const start = text.indexOf(value, from);
  return { kind: 'StringLiteral', start, end: start + value.length, value };
}

/** The statement that one of these expressions matches, or undefined. */
export function clientCommand(text: string): Statement | undefined {
  switch (text.charCodeAt(0) | 32) {
    case 0x73: // s
    case 0x72: // r
    case 0x68: // h
    case 0x63: // c
    case 0x71: // q
    case 0x65: // e
      break;
    default:
      return undefined;
  }
  const head = text.slice(0, 6).toUpperCase();
  if (!/^(SET|RESET|HELP|CLEAR|QUIT|EXIT)(?![A-Z0-9_])/.test(head)) return undefined;
  // as Java trims: everything up to the space
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) <= 0x20) end--;
  const trimmed = text.slice(0, end);
  const set = setPattern.exec(trimmed);
  if (set) {
    const [, key, quoted, plain] = set;
    if (key === undefined) return { kind: 'SetOption', start: 0, end, key: undefined, value: undefined };
    const keyNode = part(text, key, 3);
    const at = text.indexOf('=', keyNode.end) + 1;
    const value = quoted === undefined ? part(text, plain!, at) : { ...part(text, `'${quoted}'`, at), value: quoted };
    return { kind: 'SetOption', start: 0, end, key: keyNode, value };
  }
  const reset = resetPattern.exec(trimmed);
  if (reset)
    return { kind: 'ResetOption', start: 0, end, key: reset[1] === undefined ? undefined : part(text, reset[1], 5) };
  const word = wordPattern.exec(trimmed);
  if (word) return { kind: 'Command', start: 0, end, verb: word[1]!.toUpperCase(), names: [], exprs: [], options: [] };
  return undefined;
}
