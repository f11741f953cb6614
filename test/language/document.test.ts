import { describe, expect, test } from 'vitest';
import { ScriptDocument, type TextEdit } from '../../server/src/language/document';
import { parseScript, statementAt } from '../../server/src/language/parser';

const options = { flinkVersion: '2.3', templates: false };
const lines = Array.from(
  { length: 400 },
  (_, i) => `-- number ${i}\nINSERT INTO s${i} SELECT a, 'x;y' FROM t${i} /* ; */ WHERE b = ${i};\n`,
);
const script = lines.join('\n');

/** Checks that a document after edits is what parsing its text from scratch gives. */
function checkSame(document: ScriptDocument, text: string): void {
  expect(document.text).toBe(text);
  expect(document.length).toBe(text.length);
  const fresh = parseScript(text, options);
  const shown = (s: typeof fresh) =>
    s.statements.map((p) => [p.offset, p.regionStart, p.statement.text, p.statement.problems, p.statement.root]);
  expect(shown(document)).toEqual(shown(fresh));
  expect(document.problems().map(({ problem, offset }) => [offset + problem.start, problem.message])).toEqual(
    fresh.statements.flatMap((p) => p.statement.problems.map((q) => [p.offset + q.start, q.message])),
  );
}

const edited = (text: string, { start, end, text: by }: TextEdit) => text.slice(0, start) + by + text.slice(end);

describe('an edit gives what parsing the new text gives', () => {
  const at = (needle: string) => script.indexOf(needle);
  test.each<[string, TextEdit]>([
    ['inside a statement', { start: at('s200') + 2, end: at('s200') + 2, text: 'x' }],
    ['in a comment before one', { start: at('number 200'), end: at('number 200') + 3, text: 'zz' }],
    ['that takes a semicolon away', { start: at('s201') - 30, end: at('s201'), text: ' ' }],
    ['that splits a statement', { start: at(' FROM t200'), end: at(' FROM t200'), text: ';' }],
    ['that opens a string', { start: at('t200'), end: at('t200'), text: "'" }],
    ['that opens a comment', { start: at('t200'), end: at('t200'), text: '/* ' }],
    [
      'that opens a statement set',
      { start: at('INSERT INTO s200'), end: at('INSERT INTO s200'), text: 'EXECUTE STATEMENT SET BEGIN ' },
    ],
    ['at the start', { start: 0, end: 0, text: 'SELECT 1;' }],
    ['at the end', { start: script.length, end: script.length, text: 'SELECT 1' }],
    ['behind the last semicolon', { start: script.length - 1, end: script.length, text: '\nSELECT 2;' }],
    ['that removes a hundred statements', { start: at('s100'), end: at('s200'), text: '' }],
    [
      'that inserts a hundred statements',
      { start: at('-- number 50'), end: at('-- number 50'), text: lines.slice(0, 100).join('') },
    ],
    ['that removes everything', { start: 0, end: script.length, text: '' }],
    ['outside of the text', { start: script.length + 10, end: script.length + 20, text: 'x' }],
  ])('%s', (_, edit) => {
    const document = new ScriptDocument(script, options);
    document.update([edit]);
    checkSame(document, edited(script, edit));
    // and back
    const clipped = { start: Math.min(edit.start, script.length), end: Math.min(edit.end, script.length) };
    document.update([
      { start: clipped.start, end: clipped.start + edit.text.length, text: script.slice(clipped.start, clipped.end) },
    ]);
    checkSame(document, script);
  });
});

test('only the statements that an edit touches are parsed again', () => {
  const document = new ScriptDocument(script, options);
  const before = document.statements.map((placed) => placed.statement);
  const start = script.indexOf('t200');
  const change = document.update([{ start, end: start, text: 'x' }]);
  const after = document.statements.map((placed) => placed.statement);
  expect(after.filter((statement, i) => statement !== before[i])).toEqual(change.added);
  expect(change.added).toHaveLength(1);
  expect(change.removed).toEqual([before[200]]);
});

test('an edit of a comment between statements parses nothing again', () => {
  const document = new ScriptDocument(script, options);
  const start = script.indexOf('number 200');
  expect(document.update([{ start, end: start, text: 'x' }])).toEqual({ removed: [], added: [] });
});

test('an empty document can be filled', () => {
  const document = new ScriptDocument('', options);
  expect(document.statements).toEqual([]);
  document.update([
    { start: 0, end: 0, text: 'SELECT 1; SELECT' },
    { start: 16, end: 16, text: ' 2' },
  ]);
  checkSame(document, 'SELECT 1; SELECT 2');
});

test('random edits, one after the other', () => {
  const document = new ScriptDocument(script.slice(0, 4000), options);
  let text = script.slice(0, 4000);
  const pieces = [
    ';',
    "'",
    ' ',
    'x',
    '/*',
    '*/',
    '--',
    '\n',
    'SELECT 1;',
    'EXECUTE STATEMENT SET BEGIN ',
    ' END;',
    '`',
  ];
  let seed = 7;
  const next = (n: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % n;
  };
  for (let i = 0; i < 300; i++) {
    const start = next(text.length + 1);
    const edit = { start, end: Math.min(text.length, start + next(8)), text: pieces[next(pieces.length)]! };
    document.update([edit]);
    text = edited(text, edit);
    if (i % 10 === 0) checkSame(document, text);
  }
  checkSame(document, text);
});

test('the statement at an offset', () => {
  const text = '-- a\nSELECT 1; \n\n-- b\nSELECT 2';
  const document = new ScriptDocument(text, options);
  const parsed = parseScript(text, options);
  for (const [offset, expected] of [
    [0, 'SELECT 1'],
    [13, 'SELECT 1'],
    [15, 'SELECT 2'],
    [30, 'SELECT 2'],
  ] as const) {
    expect(document.statementAt(offset)?.statement.text).toBe(expected);
    expect(statementAt(parsed, offset)?.statement.text).toBe(expected);
  }
});
