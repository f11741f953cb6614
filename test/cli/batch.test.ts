import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { batch } from '../../server/src/cli/batch';

/** What the batch door answers to a text on standard input that arrives in these pieces. */
async function ask(pieces: readonly string[], ...args: string[]): Promise<{ exit: number; answers: Answer[] }> {
  const output = new PassThrough();
  const written = text(output);
  const exit = await batch(args, Readable.from(pieces.map((piece) => Buffer.from(piece))), output);
  output.end();
  const lines = (await written).split('\n').filter(Boolean);
  return { exit, answers: lines.map((line) => JSON.parse(line) as Answer) };
}

interface Answer {
  id: unknown;
  error?: string;
  statements?: { start: number[]; end: number[]; kind: string; diagnostics: { code: string; start: number[] }[] }[];
}

/** The findings of a script as `line:column code`, by statement with its kind. */
async function findings(script: string, ...args: string[]): Promise<string[]> {
  const { answers } = await ask([`${JSON.stringify({ id: 1, script })}\n`], ...args);
  return answers[0]!.statements!.map(({ kind, diagnostics }) =>
    [kind, ...diagnostics.map(({ code, start }) => `${start.join(':')} ${code}`)].join(', '),
  );
}

describe('the batch door', () => {
  it('answers each line with its id, however the input arrives', async () => {
    const requests = `{"id":"a","script":"SELECT 1"}\n\n{"id":"b","script":"SELECT '\u2028'"}`;
    const pieces = [...requests].map(String);
    const { exit, answers } = await ask(pieces);
    expect(exit).toBe(0);
    expect(answers.map(({ id, statements }) => [id, statements?.length])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });
  it('answers what is no request with an error, and goes on', async () => {
    const { answers } = await ask(['{"id":1}\n', 'no json\n', '{"id":2,"script":""}\n']);
    expect(answers.map(({ id, error }) => [id, error !== undefined])).toEqual([
      [1, true],
      [null, true],
      [2, false],
    ]);
  });
  it('counts lines and columns from 1, with the end exclusive', async () => {
    const { answers } = await ask([JSON.stringify({ id: 1, script: '-- x\r\n  SELECT\n 1 ;SELECT 2' })]);
    expect(answers[0]!.statements!.map(({ start, end }) => [start, end])).toEqual([
      [
        [2, 3],
        [3, 3],
      ],
      [
        [3, 5],
        [3, 13],
      ],
    ]);
  });
  it('refuses a version that nobody knows', async () => {
    expect((await ask([], '--flink', '0.9')).exit).toBe(1);
  });

  const cases: [string, string[], string[]][] = [
    ['SELECT 1; SELCT 2; SELECT 3', [], ['SELECT', 'UNKNOWN, 1:11 syntax/mistyped', 'SELECT']],
    ['SELECT a FROM t', [], ['SELECT, 1:15 unknown-table']],
    ['SELECT a FROM t', ['--syntax-only'], ['SELECT']],
    ['QUIT', [], ['QUIT']],
    ['SELECT 1;\nQUIT;', [], ['SELECT', 'QUIT']],
    ['SELECT 1;\nQUIT', [], ['SELECT', 'QUIT, 2:1 syntax/client-word']],
  ];
  for (const [script, args, expected] of cases)
    it(`${JSON.stringify(script)} ${args.join(' ')}`, async () =>
      expect(await findings(script, ...args)).toEqual(expected));
});
