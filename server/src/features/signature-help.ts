import { lookupFunction, signatures } from '../knowledge/functions';
import type { AnalysedDocument } from './analysed-document';
import { statementAt } from './table-at';

export interface SignatureHelp {
  /** 'DATE_FORMAT(string or timestamp, string) → STRING' with the ranges of its arguments in it */
  signatures: { label: string; arguments: [start: number, end: number][] }[];
  /** Index of the first signature that takes as many arguments as are written */
  active: number;
  /** Index of the argument at the cursor */
  argument: number;
  documentation?: string;
}

/** The signatures of the built-in function between whose parentheses an offset is, also while the call is half-typed. */
export function signatureHelp(
  { statements }: AnalysedDocument,
  offset: number,
  flinkVersion: string,
): SignatureHelp | undefined {
  const placed = statements[statementAt(statements, offset)];
  const call = placed && callAround(placed.statement.text, offset - placed.offset);
  const known = call && lookupFunction(flinkVersion, call.name);
  if (!known) return undefined;
  const labels = signatures(flinkVersion, known).map((label) => ({ label, arguments: argumentRanges(label) }));
  const fits = labels.findIndex(
    ({ label, arguments: ranges }) => ranges.length >= call.commas + 1 || label.includes('…'),
  );
  return {
    signatures: labels,
    active: Math.max(0, fits),
    argument: call.before,
    ...(known.description ? { documentation: known.description } : {}),
  };
}

interface OpenCall {
  open: number;
  name: string;
  /** Commas between its own parentheses, and those of them before the cursor */
  commas: number;
  before: number;
}

/** What matters for the nesting of calls: texts, quoted names and comments as a whole, and marks. */
const pieces = /'(?:[^']|'')*'?|`[^`]*`?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[()[\],]/g;

/** The innermost name with parentheses around an offset of a text; the closing one may be missing. */
function callAround(text: string, offset: number): OpenCall | undefined {
  const stack: OpenCall[] = [];
  const isAround = (call: OpenCall | undefined) => call !== undefined && call.open < offset && call.name !== '';
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    const top = stack.at(-1);
    if (piece === '(' || piece === '[') {
      const name = piece === '(' ? (/(\w+)\s*$/.exec(text.slice(0, index))?.[1] ?? '') : '';
      stack.push({ open: index, name, commas: 0, before: 0 });
    } else if (piece === ',' && top) {
      top.commas++;
      if (index < offset) top.before++;
    } else if (piece === ')' || piece === ']') {
      if (index >= offset && isAround(top)) return top;
      stack.pop();
    }
  }
  return stack.filter(isAround).at(-1);
}

function argumentRanges(label: string): [number, number][] {
  const open = label.indexOf('(');
  const inside = open < 0 ? '' : label.slice(open + 1, label.lastIndexOf(')'));
  if (inside === '') return [];
  let start = open + 1;
  return inside.split(', ').map((part) => {
    const range: [number, number] = [start, start + part.length];
    start += part.length + 2;
    return range;
  });
}
