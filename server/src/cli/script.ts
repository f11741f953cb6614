import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ScriptToDescribe } from '../atlas/service';
import { StoreError } from '../atlas/store';
import { parseScript } from '../language/parser';
import { analyseScript } from '../semantics/analyse';
import type { DdlAround } from '../workspace/ddl-around';
import { environmentOf, readSettings, type Settings } from '../workspace/settings';
import { sourceOf } from '../workspace/source';

/** Options of the subcommands that read scripts, as node:util's parseArgs takes them. */
export const scriptOptions = {
  flink: { type: 'string' },
  templates: { type: 'boolean' },
  ddl: { type: 'string', multiple: true },
  'no-ddl': { type: 'boolean' },
  catalog: { type: 'string' },
  database: { type: 'string' },
} as const;

export const scriptUsage = `  --flink VERSION  the Flink version that the jobs are written for (default 2.3)
  --templates      take \${variable} and {{ jinja }} as unknown text
  --ddl PATTERN    files, folders or globs with the DDL of tables that a job does not define itself, as often as needed;
                   without it the Flink SQL files of the repository around the job, as in the editor
  --no-ddl         know only the tables that a job defines itself
  --catalog NAME   the catalog that the cluster starts in, when it is not default_catalog
  --database NAME  the database that it starts in there (default: default)`;

interface ScriptValues {
  flink?: string | undefined;
  templates?: boolean | undefined;
  catalog?: string | undefined;
  database?: string | undefined;
}

/** The settings that the options stand for. */
export function settingsOf(values: ScriptValues): Settings {
  return readSettings({
    flinkVersion: values.flink,
    templates: values.templates ?? false,
    defaultCatalog: values.catalog,
    defaultDatabase: values.database,
  });
}

/**
 * A script, read and bound as in the editor; with `strict`, what nobody knows is an error. `around` knows tables that it does
 * not define. Throws a StoreError, 'invalid', when the file cannot be read.
 */
export async function readScript(
  file: string,
  settings: Settings,
  around: Pick<DdlAround, 'for'> | undefined,
  { strict = false } = {},
): Promise<ScriptToDescribe> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : String(error);
    throw new StoreError('invalid', `${file} cannot be read: ${reason}.`);
  }
  const { statements } = parseScript(text, settings);
  const environment = { ...environmentOf(settings), strict };
  const parsed = statements.map(({ statement }) => statement);
  let isWhole = true;
  const asked = () => {
    isWhole = false;
    return undefined;
  };
  let analysis = analyseScript(parsed, { ...environment, findTable: asked });
  // Only a job that uses tables of others has them searched for
  if (around && !isWhole)
    analysis = analyseScript(parsed, { ...environment, findTable: await around.for(resolve(file)) });
  const source = await sourceOf(pathToFileURL(resolve(file)).href, [pathToFileURL(process.cwd()).href]);
  return {
    text,
    statements,
    analysis,
    source,
    warnings: ({ problems }, index) =>
      [...problems, ...(analysis.statements[index]?.problems ?? [])].filter(({ severity }) => severity === 'warning')
        .length,
    hasErrors: ({ problems }, index) =>
      [...problems, ...(analysis.statements[index]?.problems ?? [])].some(({ severity }) => severity === 'error'),
  };
}
