// Writes server/src/knowledge/options.json: what the factories of connectors, formats, catalogs, modules and model
// providers say of their options. `node scripts/knowledge/options.mjs [line …]`, or
// `… merge` to write anew what was read before; needs Maven and Java 17.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { artefactOf, classPaths, coordinates, java, lines } from './maven.mjs';
import { merge } from './merge.mjs';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const { base, groups } = JSON.parse(readFileSync(path.join(here, 'artefacts.json'), 'utf8'));
const chosen = process.argv.length > 2 ? process.argv.slice(2).filter((line) => line !== 'merge') : lines;

/** Runs the dump for one Flink line; the result is kept in .cache, so that one line can be renewed alone. */
function dump(line) {
  const folder = path.join(root, '.cache/knowledge', line);
  mkdirSync(folder, { recursive: true });
  const wanted = { base: coordinates(base, line) };
  for (const [group, table] of Object.entries(groups)) {
    const list = coordinates(table, line);
    if (list) wanted[group] = list;
  }
  const paths = classPaths(wanted, folder);
  const baseJars = paths.get('base');
  const known = new Set(baseJars.map(artefactOf));
  const table = [...paths].map(([group, jars]) => {
    const own = group === 'base' ? [] : jars.filter((jar) => !known.has(artefactOf(jar)));
    return [group, own.join(path.delimiter), wanted[group][0].replace('!', '')].join('\t');
  });
  writeFileSync(path.join(folder, 'groups.tsv'), `${table.join('\n')}\n`);
  java('Options', baseJars, folder, [
    path.join(folder, 'groups.tsv'),
    path.join(here, 'samples.json'),
    path.join(folder, 'options.jsonl'),
  ]);
}

for (const line of chosen) {
  console.error(`Flink ${line}`);
  dump(line);
}
merge(
  lines,
  (line) => path.join(root, '.cache/knowledge', line, 'options.jsonl'),
  path.join(here, 'descriptions.json'),
  path.join(here, 'newer.json'),
  path.join(root, 'server/src/knowledge/options.json'),
);
