import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'model-arguments',
  since: '2.2',
  severity: 'error',
  origin: 'semantics',
  explanation:
    "ML_PREDICT, ML_EVALUATE and VECTOR_SEARCH take their arguments in a fixed form: the table, the model, columns in `DESCRIPTOR(…)` as many as the model reads, a number of rows as a literal, and options as `MAP['key', 'value']`.",
  example:
    "CREATE TABLE v (g ARRAY<FLOAT>) WITH ('connector' = 'datagen');\nCREATE TABLE q (d ARRAY<FLOAT>) WITH ('connector' = 'datagen');\nSELECT * FROM q, LATERAL TABLE(VECTOR_SEARCH(TABLE v, DESCRIPTOR(g), q.d, 0));",
};

/** `words` say what the function takes at this place. */
export function modelArguments(range: { start: number; end: number }, name: string, words: string): Problem {
  return finding(rule, range, `${name} takes ${words} here.`);
}
