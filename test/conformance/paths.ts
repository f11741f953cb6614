import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root of the project; test/tool.mjs hands it over, and under vitest it is the working directory. */
export const root = process.env.FLINK_SQL_ROOT ?? process.cwd();

/** Where jars, extracted corpora and verdicts are kept between runs. */
export const cache = resolve(process.env.FLINK_SQL_CACHE ?? join(root, '.cache'), 'conformance');

/** The folder of statements.jsonl and scripts.jsonl with verdicts computed beforehand; undefined where there is none. */
export function precomputedCorpus(): string | undefined {
  const folder = resolve(process.env.FLINK_SQL_CORPUS ?? join(root, '..', 'shared', 'corpus'));
  return existsSync(join(folder, 'statements.jsonl')) ? folder : undefined;
}
