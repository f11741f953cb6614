// Writes test/knowledge/values.tsv: which texts real Flink reads as values of options of each type. The texts are those of
// the file itself, so that a case is added by adding a line. `node scripts/knowledge/values.mjs`; needs Maven and Java 17.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { classPaths, coordinates, java } from './maven.mjs';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const folder = path.join(root, '.cache/knowledge/2.3');
const { base } = JSON.parse(readFileSync(path.join(here, 'artefacts.json'), 'utf8'));
mkdirSync(folder, { recursive: true });
const jars = classPaths({ base: coordinates(base, '2.3') }, folder).get('base');
const file = path.join(root, 'test/knowledge/values.tsv');
java('Values', jars, folder, [file, file]);
