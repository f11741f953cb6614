// npm leaves packages for other platforms out of the lock file when the registry it asks does not have them; `npm ci` then
// refuses the lock file everywhere.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

interface Package {
  version?: string;
  resolved?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
const file = path.resolve(import.meta.dirname, '../../package-lock.json');
const packages = (JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Package> }).packages;

/** Whether a package finds another from where it is installed, as Node would look for it. */
function finds(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]?.version) return true;
    if (!folder) return false;
  }
}

it('holds every package that another asks for, also those of other platforms', () => {
  const missing = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !finds(from, name))
      .map((name) => `${name}, wanted by ${from}`),
  );
  expect(missing).toEqual([]);
});

it('names no registry', () => {
  expect(Object.keys(packages).filter((name) => packages[name]?.resolved)).toEqual([]);
});
