import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from '../conformance/paths';
import { precomputedScripts, precomputedStatements } from '../conformance/precomputed';
import { generate } from './generate';
import { Random } from './random';

let texts: string[] | undefined;

/** Texts that mutations start from: the samples, statements from the grammar, and the corpora that are on this machine. */
export function parserTexts(): readonly string[] {
  texts ??= [
    ...readdirSync(join(root, 'samples'))
      .filter((name) => name.endsWith('.sql'))
      .map((name) => readFileSync(join(root, 'samples', name), 'utf8')),
    ...Array.from({ length: 2000 }, (_, index) => generate(new Random(index))),
    ...(precomputedStatements()?.samples ?? []).map((sample) => sample.sql),
    ...(precomputedScripts()?.samples ?? []).map((sample) => sample.script),
    ...mavenTexts(),
  ].filter((text) => text.length < 20_000);
  return texts;
}

/** What a conformance run extracted from Maven Central, where one ran before. */
function mavenTexts(): string[] {
  const file = join(cache, 'maven.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
}
