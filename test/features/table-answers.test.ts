import { beforeEach, expect, it } from 'vitest';
import type { TableAnswer } from '../../server/src/atlas/cards';
import type { MetadataStore } from '../../server/src/atlas/store';
import type { TableNode } from '../../server/src/semantics/lineage';
import { TableAnswers } from '../../server/src/workspace/table-answers';

const store = { info: { id: 'atlas:prod' }, namespace: 'prod' } as MetadataStore;
const table = (name: string): TableNode => ({ name, kind: 'table', options: { topic: name }, columns: [] });
const nothing = (name: string): TableAnswer => ({ table: name, found: false });
const failure: TableAnswer = { table: 'a', found: false, error: { code: 'unreachable', message: 'Away.' } };

let now: number;
/** Requests that wait for an answer, oldest first */
let asked: { name: string; answer: (...answers: TableAnswer[]) => void }[];
let answers: TableAnswers;
/** How often it was told that something new is known */
let told: number;
beforeEach(() => {
  told = 0;
  now = 1_000_000;
  asked = [];
  answers = new TableAnswers(
    (_, tables) =>
      new Promise((answers) =>
        asked.push({ name: tables.map(({ name }) => name).join(), answer: (...given) => answers(given) }),
      ),
    () => now,
    () => told++,
  );
});
const get = (name: string) => answers.get(store, table(name), new Map());

it('asks once for all who ask at the same time, and not again while the answer is fresh', async () => {
  const both = [get('a'), get('a')];
  expect(asked).toHaveLength(1);
  asked[0]!.answer(nothing('a'));
  expect(await Promise.all(both)).toEqual([nothing('a'), nothing('a')]);
  now += 29_000;
  await get('a');
  expect(asked).toHaveLength(1);
});

it('shows a stale answer at once and asks anew behind it', async () => {
  const first = get('a');
  asked[0]!.answer(nothing('a'));
  await first;
  now += 31_000;
  expect(await get('a')).toEqual(nothing('a'));
  expect(asked).toHaveLength(2);
  const newer: TableAnswer = {
    table: 'a',
    found: false,
    expected: { typeLabel: 'T', typeName: 't', qualifiedName: 'q' },
  };
  asked[1]!.answer(newer);
  await Promise.resolve();
  await Promise.resolve();
  expect(await get('a')).toEqual(newer);
  expect(asked).toHaveLength(2);
});

it('tells a failure and does not keep it, but keeps what was known before', async () => {
  const first = get('a');
  asked[0]!.answer(failure);
  expect(await first).toEqual(failure);
  const second = get('a');
  expect(asked).toHaveLength(2);
  asked[1]!.answer(nothing('a'));
  await second;
  now += 31_000;
  await get('a');
  asked[2]!.answer(failure);
  expect(await get('a')).toEqual(nothing('a'));
});

it('keeps tables and stores apart', () => {
  void get('a');
  void get('b');
  void answers.get({ ...store, info: { ...store.info, id: 'other' } } as MetadataStore, table('a'), new Map());
  expect(asked.map((one) => one.name)).toEqual(['a', 'b', 'a']);
});

it('forgets on demand, also what is on its way', async () => {
  const first = get('a');
  answers.clear();
  void get('a');
  expect(asked).toHaveLength(2);
  asked[0]!.answer(nothing('a'));
  expect(await first).toEqual(nothing('a'));
  void get('a');
  expect(asked).toHaveLength(2);
});

it('asks for many in one go, and only for those that are not known', async () => {
  const first = get('a');
  asked[0]!.answer(nothing('a'));
  await first;
  answers.prefetch(store, [table('a'), table('b'), table('c')], new Map());
  answers.prefetch(store, [table('b'), table('d')], new Map());
  expect(asked.map((one) => one.name)).toEqual(['a', 'b,c', 'd']);
  const waiting = get('c');
  asked[1]!.answer(nothing('b'), nothing('c'));
  expect(await waiting).toEqual(nothing('c'));
  expect(await get('b')).toEqual(nothing('b'));
  expect(asked).toHaveLength(3);
});

it('can be peeked at without asking, and tells when something new is known', async () => {
  expect(answers.peek(store, table('a'), new Map())).toBeUndefined();
  expect(asked).toHaveLength(0);
  answers.prefetch(store, [table('a')], new Map());
  asked[0]!.answer(nothing('a'));
  await get('a');
  expect(told).toBe(1);
  const first = answers.peek(store, table('a'), new Map());
  expect(first).toEqual(nothing('a'));
  now += 31_000;
  await get('a');
  asked[1]!.answer(nothing('a'));
  await new Promise(setImmediate);
  expect(told).toBe(1);
  expect(answers.peek(store, table('a'), new Map())).toBe(first);
});

it('after a refresh is peeked at as before, but whoever asks waits for a new answer', async () => {
  const first = get('a');
  asked[0]!.answer(nothing('a'));
  await first;
  answers.expire();
  expect(answers.peek(store, table('a'), new Map())).toEqual(nothing('a'));
  const second = get('a');
  expect(asked).toHaveLength(2);
  const newer: TableAnswer = {
    table: 'a',
    found: false,
    expected: { typeLabel: 'T', typeName: 't', qualifiedName: 'q' },
  };
  asked[1]!.answer(newer);
  expect(await second).toEqual(newer);
  expect(told).toBe(2);
});

it('does not ask a store ahead that has just failed', async () => {
  answers.prefetch(store, [table('a')], new Map());
  asked[0]!.answer(failure);
  await get('a');
  answers.prefetch(store, [table('a')], new Map());
  expect(asked).toHaveLength(1);
  now += 31_000;
  answers.prefetch(store, [table('a')], new Map());
  expect(asked).toHaveLength(2);
});

it('keeps tables of catalogs of one name apart', () => {
  const named: TableNode = { name: 'c.d.t', kind: 'unknown', options: {}, columns: [] };
  void answers.get(store, named, new Map([['c', { type: 'hive' }]]));
  void answers.get(store, named, new Map([['c', { type: 'jdbc' }]]));
  expect(asked).toHaveLength(2);
});
