import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

it('the README lists every setting, and no other', () => {
  const { contributes } = JSON.parse(read('package.json'));
  const listed = [...read('README.md').matchAll(/^\| `(flinkSql\.[\w.]+)`/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(Object.keys(contributes.configuration.properties).sort());
});
