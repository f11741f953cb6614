import { describe, expect, it } from 'vitest';
import { compareParser, firstSyntaxError } from './compare-parser';
import { compareLineage, compareSemantics, planClass, statementTexts } from './compare-semantics';
import { checkKnown } from './known';
import { sampleFaults, withUses, wrongLines } from './samples';
import type { DoorAnswer, DoorDiagnostic, LineageVerdict, PlanVerdict } from './verdict';

const finding = (line: number, column: number, more: Partial<DoorDiagnostic> = {}): DoorDiagnostic => ({
  code: 'x',
  severity: 'error',
  origin: 'syntax',
  message: 'wrong',
  start: [line, column],
  end: [line, column + 1],
  ...more,
});

const answer = (...diagnostics: DoorDiagnostic[]): DoorAnswer => ({
  id: 'a',
  statements: [{ start: [1, 1], end: [9, 1], kind: 'SELECT', diagnostics, lineage: null }],
});

describe('the verdict about one statement', () => {
  it('takes the first error of the text, whatever the order they are given in', () => {
    expect(firstSyntaxError(answer(finding(2, 1), finding(1, 7), finding(1, 9)))?.start).toEqual([1, 7]);
  });
  it('does not count warnings or findings of semantics as a rejection', () => {
    const given = answer(finding(1, 1, { severity: 'warning' }), finding(1, 1, { origin: 'semantics' }));
    expect(compareParser({ ok: true }, given).outcome).toBe('accepted');
    expect(compareParser({ ok: false, pos: [1, 1, 1, 1] }, given).outcome).toBe('missed');
  });
  it('tells agreement in place from agreement elsewhere', () => {
    expect(compareParser({ ok: false, pos: [1, 7, 1, 9] }, answer(finding(1, 7))).outcome).toBe('rejected');
    expect(compareParser({ ok: false, pos: [1, 8, 1, 9] }, answer(finding(1, 7))).outcome).toBe('elsewhere');
    expect(compareParser({ ok: false, pos: null }, answer(finding(1, 7))).outcome).toBe('rejected');
  });
  it('tells a false alarm and a missing answer', () => {
    expect(compareParser({ ok: true }, answer(finding(1, 7))).outcome).toBe('false alarm');
    expect(compareParser({ ok: true }, undefined).outcome).toBe('no answer');
  });
});

const verdict = (n: number, line: number, more: Partial<PlanVerdict> = {}): PlanVerdict => ({
  n,
  line,
  col: 1,
  parse: true,
  ...more,
});
const rejected = (n: number, line: number, stage: string, message: string, pos?: [number, number, number, number]) =>
  verdict(n, line, { error: { stage, message, pos: pos ?? null } });

describe('why the planner rejects a statement', () => {
  const texts = ['CREATE TABLE t (a INT, oops);', 'SELECT a FROM t;', 'SELECT b FROM u;'];
  const broken = rejected(0, 1, 'parse', 'Encountered');
  it('follows from an earlier statement that made the object in vain', () => {
    expect(planClass(rejected(1, 2, 'validate', "Object 't' not found"), [broken], texts)).toBe('follows');
  });
  it('is visible when nothing in the script would have made the object', () => {
    expect(planClass(rejected(2, 3, 'validate', "Object 'u' not found"), [broken], texts)).toBe('visible');
  });
  it('is not told by a sink that has no columns', () => {
    expect(planClass(verdict(1, 2, { lineage: [{ sink: 't', columns: [] }] }), [], texts)).toBe('environment');
  });
  it('lies in the environment when a class is missing', () => {
    const error = rejected(2, 3, 'validate', "Cannot instantiate user-defined function 'f'.");
    expect(planClass(error, [], texts)).toBe('environment');
  });
});

describe('a script against its verdicts', () => {
  const script = 'SELECT 1;\nSELECT\n  x;\n';
  it('cuts the text where the verdicts begin', () => {
    expect(statementTexts(script, [verdict(0, 1), verdict(1, 2)])).toEqual(['SELECT 1;\n', 'SELECT\n  x;\n']);
  });
  it('compares the line of the finding with the line of the error', () => {
    const verdicts = [verdict(0, 1), rejected(1, 2, 'validate', "Column 'x' not found in any table", [2, 3, 2, 3])];
    const outcome = (...found: DoorDiagnostic[]) =>
      compareSemantics(script, verdicts, answer(...found)).map((one) => one.outcome);
    expect(outcome(finding(3, 3, { origin: 'semantics' }))).toEqual(['silent', 'flagged']);
    expect(outcome(finding(2, 1, { origin: 'semantics' }))).toEqual(['silent', 'other line']);
    expect(outcome(finding(1, 8, { origin: 'semantics' }))).toEqual(['false alarm', 'not flagged']);
    expect(outcome(finding(1, 8, { origin: 'hint' }))).toEqual(['silent', 'not flagged']);
  });
});

const flow = (sink: string | null, columns: Record<string, string[]>): LineageVerdict => ({
  sink,
  columns: Object.entries(columns).map(([column, from]) => ({
    column,
    from: from.map((origin) => ({
      table: 't',
      column: origin.replace('*', ''),
      transformed: origin.endsWith('*'),
    })),
  })),
});

describe('lineage', () => {
  it('is equal when the columns of a sink have the same origins in any order', () => {
    const result = compareLineage([flow('s', { x: ['a', 'b'], y: [] })], [flow('s', { y: [], x: ['b', 'a'] })]);
    expect(result).toMatchObject({ equal: true, columns: 2, equalColumns: 2, origins: 2, equalFlags: 2 });
  });
  it('tells origins that are missing, added, or another sink', () => {
    expect(compareLineage([flow('s', { x: ['a'] })], [flow('s', { x: ['a', 'b'] })]).equal).toBe(false);
    expect(compareLineage([flow('s', { x: ['a'] })], [flow('s', { x: [] })]).equal).toBe(false);
    expect(compareLineage([flow('s', { x: ['a'] })], [flow('u', { x: ['a'] })]).equal).toBe(false);
    expect(compareLineage([flow('s', { x: ['a'] })], []).difference).toBe('0 flows instead of 1');
  });
  it('compares the columns of a query by place, whatever they are called', () => {
    expect(compareLineage([flow(null, { EXPR$0: ['a'] })], [flow(null, { sum: ['a'] })]).equal).toBe(true);
  });
  it('counts flags apart from origins', () => {
    const result = compareLineage([flow('s', { x: ['a*'] })], [flow('s', { x: ['a'] })]);
    expect(result).toMatchObject({ equal: true, origins: 1, equalFlags: 0 });
  });
});

describe('the list of known disagreements', () => {
  const one = { corpus: 'c', release: '2.3.0', id: 'i', what: 'missed' };
  const ran = [{ corpus: 'c', release: '2.3.0' }];
  it('is exact: what is new and what is gone are both told', () => {
    expect(checkKnown([], [one], ran).fresh).toEqual([one]);
    expect(checkKnown([{ ...one, reason: 'r' }], [], ran).vanished).toHaveLength(1);
    expect(checkKnown([{ ...one, reason: 'r' }], [one], ran)).toEqual({ fresh: [], vanished: [], unexplained: [] });
  });
  it('says nothing of corpora that did not run, and wants reasons', () => {
    expect(checkKnown([{ ...one, reason: 'r' }], [], []).vanished).toEqual([]);
    expect(checkKnown([{ ...one, reason: ' ' }], [one], ran).unexplained).toHaveLength(1);
  });
});

describe('samples', () => {
  it('finds the statements that a comment calls wrong', () => {
    expect(wrongLines('SELECT 1;\n-- Wrong: so\n-- and so.\n\nSELEC 2;\n-- Right\nSELECT 3;')).toEqual([5]);
  });
  it('uses the tables that are called wrong, where they end', () => {
    const script =
      "-- Wrong: so\nCREATE TABLE t (\n  a INT\n) WITH ('connector' = 'x');\n-- Wrong: so\nSELEC 1;\nCREATE TABLE u (a INT);";
    const used = withUses(script);
    expect(used.script).toBe(script.replace("'x');", "'x'); SELECT * FROM t;"));
    expect([...used.uses]).toEqual([[4, 2]]);
  });
  it('tells what is wrong and accepted, and what is rejected and not called wrong', () => {
    const faults = sampleFaults('f', '-- Wrong: so\nSELEC 1;\nSELECT 2;', new Map([[3, 'no']]));
    expect(faults).toEqual(['f:2: Flink accepts what the comment calls wrong', 'f:3: Flink rejects it: no']);
  });
});
