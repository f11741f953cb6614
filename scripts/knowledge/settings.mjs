// Writes server/src/knowledge/settings.json: the configuration options that SET knows, per Flink line.
// `node scripts/knowledge/settings.mjs [line …]`, or `… merge` to write anew what was read before; needs Maven and Java 17.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { classPaths, coordinates, java, lines } from './maven.mjs';
import { collect, compact, finish, readLines } from './merge.mjs';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const { base, settings } = JSON.parse(readFileSync(path.join(here, 'artefacts.json'), 'utf8'));
const chosen = process.argv.length > 2 ? process.argv.slice(2).filter((line) => line !== 'merge') : lines;
const folderOf = (line) => path.join(root, '.cache/knowledge', line);

for (const line of chosen) {
  mkdirSync(folderOf(line), { recursive: true });
  const wanted = { settings: [...coordinates(base, line), ...coordinates(settings, line)] };
  const jars = classPaths(wanted, folderOf(line)).get('settings');
  java('Settings', jars, folderOf(line), [path.join(folderOf(line), 'settings.jsonl')]);
}

/** Not the options of window functions and the like, which have plain names, nor what Flink keeps for itself. */
const isSetting = (key) => key.includes('.') && !/^[$_]|^(compiler|retry-|cleanup-strategy|scope)|</.test(key);

const rows = new Map();
lines.forEach((line, index) => {
  for (const option of readLines(path.join(folderOf(line), 'settings.jsonl'))) {
    if (isSetting(option.key)) collect(rows, compact(option), 1 << index);
  }
});
const descriptions = JSON.parse(readFileSync(path.join(here, 'descriptions.json'), 'utf8'));
const written = finish(rows, (1 << lines.length) - 1, 'set', descriptions);
writeFileSync(
  path.join(root, 'server/src/knowledge/settings.json'),
  `{"settings":[\n${written.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`,
);
console.error(`${new Set(written.map((row) => row.k)).size} settings`);
