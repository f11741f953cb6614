import { generate } from '../fuzz/generate';
import { mutate } from '../fuzz/mutate';
import { Random } from '../fuzz/random';
import { contentId } from './maven-corpus';

/** Statements nobody has seen: half made from the grammar, half by small changes of `known` ones. Distinct, never blank. */
export function freshStatements(
  count: number,
  seed: number,
  known: readonly string[],
): { id: string; source: string; sql: string }[] {
  const random = new Random(seed);
  const made = new Map<string, { id: string; source: string; sql: string }>();
  const small = known.filter((sql) => sql.length < 2000);
  while (made.size < count) {
    const grammatical = small.length === 0 || made.size % 2 === 0;
    const sql = grammatical ? generate(random) : mutate(random.pick(small), random, small);
    // Lone surrogates cannot travel to the judge, and a semicolon splits differently in its parser and in a script
    if (sql.trim() === '' || /;/.test(sql.replace(/'(?:[^']|'')*'/g, '')) || /\p{Surrogate}/u.test(sql)) continue;
    made.set(sql, { id: contentId(sql), source: grammatical ? 'generated' : 'mutated', sql });
  }
  return [...made.values()];
}
