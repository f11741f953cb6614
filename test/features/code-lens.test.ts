import { expect, it } from 'vitest';
import type { PublishState } from '../../server/src/atlas/publishState';
import { codeLens } from '../../server/src/features/code-lens';
import { fixture } from './fixture';

const now = 1_700_000_000_000;
const hours = (count: number) => now - count * 3_600_000;

/** Checks the titles of the lenses above each line that has some: 'INSERT INTO a …: one | other'. */
function check(sql: string, state: PublishState | undefined, expected: string[]): void {
  const { document, text } = fixture(sql);
  const lines = new Map<string, string[]>();
  for (const { start, title } of codeLens(document, 'file:///a.fql', state, now)) {
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1).split('\n', 1)[0]!;
    lines.set(line, [...(lines.get(line) ?? []), title]);
  }
  expect([...lines].map(([line, titles]) => `${line}: ${titles.join(' | ')}`)).toEqual(expected);
}

const script = `
SET 'pipeline.name' = 'x';
CREATE TABLE a (id INT) WITH ('connector' = 'print');
-- doc
INSERT INTO a SELECT 1;
SELECT 1;
EXECUTE STATEMENT SET BEGIN
  INSERT INTO a SELECT 2;
END;
CREATE TABLE b WITH ('connector' = 'print') AS SELECT 1;
EXPLAIN INSERT INTO a SELECT 3;
`;

it('stands above what writes, and only offers to publish while nothing is known', () =>
  check(script, undefined, [
    'INSERT INTO a SELECT 1;: ⇪ Publish | ⇄ Lineage',
    'EXECUTE STATEMENT SET BEGIN: ⇪ Publish | ⇄ Lineage',
    "CREATE TABLE b WITH ('connector' = 'print') AS SELECT 1;: ⇪ Publish | ⇄ Lineage",
  ]));

it('tells when it was published, and what was not', () => {
  const insert = 'INSERT INTO a SELECT 1;';
  const state = { changes: 3, publishedAt: hours(2), store: 's', treeItem: 'job:1' };
  check(insert, state, [`${insert}: ⇪ Publish (3 changes) | ⇄ Lineage | published 2 h ago · 3 changes not published`]);
  check(insert, { ...state, changes: 1 }, [
    `${insert}: ⇪ Publish (1 change) | ⇄ Lineage | published 2 h ago · 1 change not published`,
  ]);
  check(insert, { ...state, changes: 0 }, [`${insert}: ⇪ Publish | ⇄ Lineage | published 2 h ago`]);
  check(insert, { changes: 7, store: 's' }, [`${insert}: ⇪ Publish (7 changes) | ⇄ Lineage | not published yet`]);
});

it('stays while a statement is half typed', () =>
  check('INSERT INTO a SELEC', undefined, ['INSERT INTO a SELEC: ⇪ Publish | ⇄ Lineage']));

it('leads to the lineage of its own statement', () => {
  const { document } = fixture(script);
  const lines = codeLens(document, 'file:///a.fql', undefined, now)
    .filter(({ title }) => title === '⇄ Lineage')
    .map(({ command }) => (command.args[0] as { line: number }).line);
  expect(lines).toEqual([3, 5, 8]);
});

it('runs commands that take plain values', () => {
  const { document } = fixture('INSERT INTO a SELECT 1');
  const state = { changes: 0, publishedAt: hours(100), store: 's', treeItem: 'job:1' };
  expect(codeLens(document, 'file:///a.fql', state, now)).toMatchObject([
    { start: 0, end: 22, command: { id: 'flinkSql.publish', args: ['file:///a.fql'] } },
    { command: { id: 'flinkSql.showLineage', args: [{ uri: 'file:///a.fql', line: 0 }] } },
    { title: 'published 4 d ago', command: { id: 'flinkSql.showInTree', args: ['s', 'job:1'] } },
  ]);
});
