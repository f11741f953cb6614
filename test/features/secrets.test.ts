// Secrets that a script holds do not show in its hovers, nor in what is exported of its lineage, store or no store.
import { expect, it } from 'vitest';
import { describeJob } from '../../server/src/atlas/job';
import { columnHover } from '../../server/src/features/column-hover';
import { hover } from '../../server/src/features/hover';
import { lineageExport } from '../../server/src/features/lineage-export';
import { addScript, LineageBuilder } from '../../server/src/features/lineage-graph';
import { optionHover } from '../../server/src/features/option-hover';
import { outline } from '../../server/src/features/outline';
import { catalogsOf } from '../../server/src/workspace/catalogs-of';
import { OpenDocument } from '../../server/src/workspace/document';
import { readSettings } from '../../server/src/workspace/settings';
import { leaks, secretive } from '../atlas/secretive';

const uri = 'file:///secretive.flink.sql';
const text = `${secretive}\nINSERT INTO h (id, name) SELECT id, CONCAT(name, 'token=planted-30') FROM a;\n`;
const document = new OpenDocument(uri, 1, text, readSettings(undefined));

it('no hover tells one', () => {
  const told = [...text].flatMap(
    (_, offset) =>
      hover(document, offset) ?? columnHover(document, offset) ?? optionHover(document, offset, '2.3') ?? [],
  );
  const all = [...new Set(told.map(({ markdown }) => markdown))].join('\n');
  for (const expected of ['kafka table', 'CONCAT', 'option of']) expect(all).toContain(expected);
  expect(leaks(all)).toEqual([]);
});

it('no finding, no fix and no entry of the outline tells one', () => {
  const problems = document.problems(true).map(({ problem }) => problem);
  const told = problems.flatMap(({ message, fixes = [] }) => [message, ...fixes.map(({ title }) => title)]);
  expect(told.length).toBeGreaterThan(5);
  expect(leaks(told.join('\n'))).toEqual([]);
  expect(leaks(JSON.stringify(outline(document.statements)))).toEqual([]);
});

it.each(['mermaid', 'openlineage', 'json'] as const)('no export as %s tells one', (format) => {
  const job = describeJob({
    text,
    statements: document.statements,
    analysis: document.analysis,
    source: { file: 'secretive.sql' },
  });
  const builder = new LineageBuilder();
  const mapping = { namespace: 'prod', catalogs: catalogsOf(document) };
  addScript(builder, document, { uri, job, mapping, rangeOf: (span) => document.rangeOf(span) });
  const exported = lineageExport(builder.graph('secretive'), format, {
    columns: true,
    time: new Date(0).toISOString(),
    sources: new Map(),
  });
  expect(exported).toContain('CONCAT');
  expect(leaks(exported)).toEqual([]);
});
