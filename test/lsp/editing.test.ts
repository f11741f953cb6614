import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CodeActionRequest,
  DefinitionRequest,
  DidChangeConfigurationNotification,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  type Hover,
  HoverRequest,
  type MarkupContent,
} from 'vscode-languageserver-protocol';
import { ServerClient } from './server-client';

let client: ServerClient;
beforeAll(async () => {
  client = await ServerClient.start();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
});

const SCRIPT = `CREATE TABLE orders (
  order_id BIGINT,
  amount DECIMAL(10, 2)
) WITH ('connector' = 'datagen');

SELECT order_id
FROM orders;
`;
let count = 0;
const fresh = () => `file:///jobs/${++count}.fql`;
const at = (line: number, character: number, length = 0) => ({
  start: { line, character },
  end: { line, character: character + length },
});
const textOf = (hover: Hover | null) => (hover?.contents as MarkupContent | undefined)?.value;

describe('diagnostics', () => {
  it('come when a document is opened, with place, code and source', async () => {
    const uri = fresh();
    await client.open(uri, 'SELECT 1;\nSELCT 2;\n', 7);
    const [problem, ...others] = await client.diagnostics(uri, 7);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ range: at(1, 0, 5), severity: 1, source: 'Flink SQL' });
    expect(problem!.code).toBe('syntax/mistyped');
    expect(problem!.codeDescription).toEqual({ href: 'rule:/syntax/mistyped.md' });
    expect(problem!.message).toMatch(/SELECT/);
  });

  it('follow the edits and go with the mistake', async () => {
    const uri = fresh();
    await client.open(uri, 'SELCT 1;\n');
    expect(await client.diagnostics(uri, 1)).toHaveLength(1);
    await client.change(uri, 2, 'SELECT', at(0, 0, 5));
    expect(await client.diagnostics(uri, 2)).toEqual([]);
  });

  it('are not given for what is being typed, until the typing rests', async () => {
    const uri = fresh();
    await client.open(uri, 'SELECT 1 ');
    await client.diagnostics(uri, 1);
    await client.change(uri, 2, 'FROM ', at(0, 9));
    const all = () => client.published.filter((one) => one.uri === uri && one.version === 2);
    await client.until(() => (all().length > 0 ? true : undefined));
    expect(all()[0]!.diagnostics).toEqual([]);
    expect(await client.diagnostics(uri, 2, (found) => found.length > 0)).toHaveLength(1);
  });

  it('are cleared when the document is closed', async () => {
    const uri = fresh();
    await client.open(uri, 'SELCT 1;');
    await client.diagnostics(uri, 1);
    await client.close(uri);
    expect(await client.diagnostics(uri, undefined, (found) => found.length === 0)).toEqual([]);
  });

  it('follow the settings', async () => {
    const uri = fresh();
    const script = 'SELECT {{ column }} FROM (VALUES (1)) AS t(a);';
    await client.open(uri, script);
    expect(await client.diagnostics(uri, 1)).toEqual([]);
    const tell = (templates: boolean) =>
      client.connection.sendNotification(DidChangeConfigurationNotification.type, {
        settings: { flinkSql: { templates } },
      });
    await tell(false);
    expect(await client.diagnostics(uri, 1, (found) => found.length > 0)).toHaveLength(1);
    await tell(true);
  });
});

describe('bad input', () => {
  it('an empty document has no problems, outline, folds or hover', async () => {
    const uri = fresh();
    const textDocument = { uri };
    await client.open(uri, '');
    expect(await client.diagnostics(uri, 1)).toEqual([]);
    expect(await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument })).toEqual([]);
    expect(await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument })).toEqual([]);
    const position = { line: 0, character: 0 };
    expect(await client.connection.sendRequest(HoverRequest.type, { textDocument, position })).toBeNull();
  });

  it('half-typed SQL keeps what stands around it', async () => {
    const uri = fresh();
    const textDocument = { uri };
    await client.open(uri, SCRIPT.replace('SELECT order_id', 'SELECT order_id, '));
    expect(await client.diagnostics(uri, 1)).toHaveLength(1);
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument,
      position: { line: 6, character: 6 },
    });
    expect(textOf(hover)).toContain('**orders**');
  });

  it('a file of 5 MB is checked, and edits in it too', async () => {
    const uri = fresh();
    const block = SCRIPT.repeat(1000);
    const copies = Math.ceil(5_000_000 / block.length);
    const text = `${block.repeat(copies)}SELCT 1;\n`;
    const lines = text.split('\n').length;
    await client.open(uri, text);
    const syntax = await client.diagnostics(uri, 1, (found) => found.some((one) => /SELECT/.test(String(one.message))));
    expect(syntax.at(-1)!.range.start.line).toBe(lines - 2);
    await client.change(uri, 2, 'E', at(lines - 2, 3));
    await client.diagnostics(uri, 2, (found) => !found.some((one) => one.range.start.line === lines - 2));
    await client.close(uri);
  });

  it('requests about a document that is not open are answered', async () => {
    const textDocument = { uri: 'file:///nowhere.fql' };
    const position = { line: 3, character: 3 };
    expect(await client.connection.sendRequest(HoverRequest.type, { textDocument, position })).toBeNull();
    expect(await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument })).toBeNull();
    await client.change(textDocument.uri, 2, 'x');
    await client.close(textDocument.uri);
  });

  it('a place beyond the text is no table', async () => {
    const uri = fresh();
    await client.open(uri, SCRIPT);
    const position = { line: 999, character: 999 };
    expect(await client.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position })).toBeNull();
  });
});

describe('features', () => {
  it('hover says what the script says of a table', async () => {
    const uri = fresh();
    await client.open(uri, SCRIPT);
    const position = { line: 6, character: 7 };
    const hover = await client.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
    expect(textOf(hover)).toContain('**orders** · datagen table · defined in line 1');
    expect(hover!.range).toEqual(at(6, 5, 6));
  });

  it('hover follows edits', async () => {
    const uri = fresh();
    await client.open(uri, SCRIPT);
    await client.change(uri, 2, 'total', at(2, 2, 6));
    const position = { line: 6, character: 7 };
    const hover = await client.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
    expect(textOf(hover)).toMatch(/total\s+DECIMAL/);
  });

  it('a table leads to its definition', async () => {
    const uri = fresh();
    await client.open(uri, SCRIPT);
    const params = { textDocument: { uri }, position: { line: 6, character: 7 } };
    expect(await client.connection.sendRequest(DefinitionRequest.type, params)).toMatchObject([
      { targetUri: uri, targetRange: at(0, 13, 6), originSelectionRange: at(6, 5, 6) },
    ]);
  });

  it('the outline has tables with columns, and queries', async () => {
    const uri = fresh();
    await client.open(uri, SCRIPT);
    const symbols = await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
    expect(symbols).toMatchObject([
      { name: 'orders', detail: 'datagen', children: [{ name: 'order_id' }, { name: 'amount' }] },
      { name: 'SELECT' },
    ]);
  });

  it('statements fold', async () => {
    const uri = fresh();
    await client.open(uri, SCRIPT);
    expect(await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument: { uri } })).toEqual([
      { startLine: 0, endLine: 3 },
      { startLine: 5, endLine: 6 },
    ]);
  });

  it('a quick fix repairs a mistyped column', async () => {
    const uri = fresh();
    await client.open(uri, SCRIPT.replace('SELECT order_id', 'SELECT amout'));
    const diagnostics = await client.diagnostics(uri, 1);
    const params = { textDocument: { uri }, range: at(5, 9), context: { diagnostics } };
    const actions = await client.connection.sendRequest(CodeActionRequest.type, params);
    expect(actions).toMatchObject([
      {
        kind: 'quickfix',
        diagnostics,
        edit: {
          documentChanges: [{ textDocument: { uri, version: 1 }, edits: [{ range: at(5, 7, 5), newText: 'amount' }] }],
        },
      },
      { title: 'Ignore unknown-column on this line', kind: 'quickfix', diagnostics },
      { title: 'Turn off unknown-column', command: { command: 'flinkSql.turnOff', arguments: ['unknown-column'] } },
    ]);
    const refactorings = { ...params, context: { diagnostics, only: ['refactor'] } };
    expect(await client.connection.sendRequest(CodeActionRequest.type, refactorings)).toBeNull();
  });
});
