import type { AnalysedDocument } from '../../server/src/features/analysed-document';
import { OpenDocument } from '../../server/src/workspace/document';

/** The markers of fixtures: where the cursor is, and ranges as lines of tildes under the code that they mean. */
const CURSOR = '▮';
const RANGES = /^\s*~[~\s]*$/;

export interface Fixture {
  document: OpenDocument & AnalysedDocument;
  /** The text without markers */
  text: string;
  /** Offset of the cursor, -1 when there is none */
  cursor: number;
  /** Parts of the text that have tildes under them, in order */
  ranges: { start: number; end: number }[];
}

/** Reads a fixture: SQL with an optional `▮` at the cursor, and lines of `~~~` under what is meant. */
export function fixture(marked: string): Fixture {
  const lines: string[] = [];
  const ranges: Fixture['ranges'] = [];
  let lineStart = 0;
  let nextStart = 0;
  for (const line of marked.replace(/^\n/, '').split('\n')) {
    if (RANGES.test(line)) {
      for (const { index, 0: tildes } of line.matchAll(/~+/g)) {
        ranges.push({ start: lineStart + index, end: lineStart + index + tildes.length });
      }
      continue;
    }
    lines.push(line);
    lineStart = nextStart;
    nextStart += line.replace(CURSOR, '').length + 1;
  }
  const withCursor = lines.join('\n');
  const text = withCursor.replace(CURSOR, '');
  const document = new OpenDocument('file:///fixture.fql', 1, text, { flinkVersion: '2.3', templates: true });
  return { document, text, cursor: withCursor.indexOf(CURSOR), ranges };
}
