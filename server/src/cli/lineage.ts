import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { describeJob, type JobSource } from '../atlas/job';
import { toUserError } from '../atlas/store';
import { lineageExport } from '../features/lineage-export';
import { addScript, LineageBuilder } from '../features/lineage-graph';
import { Lines } from '../language/lines';
import type { LineageFormat } from '../protocol';
import { catalogsOf } from '../workspace/catalogs-of';
import { DdlAround } from '../workspace/ddl-around';
import { readScript, scriptOptions, scriptUsage, settingsOf } from './script';

export const usage = `flink-sql lineage FILE… [--format json|mermaid|openlineage] [--columns] [--namespace NS]
  The lineage of the jobs in these files as one graph, joined where one writes what another reads. Asks no server.
  --format FORMAT  json: the graph itself (the default); mermaid: a flowchart; openlineage: an array of JobEvents
  --columns        with columns, also where they come from (openlineage always has them)
  --namespace NS   the cluster's name in Atlas, prod in orders@prod (default: primary)
${scriptUsage}
  Exit code: 0 done, 1 a file could not be read, or the arguments are wrong.`;

const formats: readonly string[] = ['json', 'mermaid', 'openlineage'] satisfies LineageFormat[];

function readArguments(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...scriptOptions,
      format: { type: 'string', default: 'json' },
      columns: { type: 'boolean', default: false },
      namespace: { type: 'string', default: 'primary' },
    },
  });
}

/** The subcommand `lineage`: the graph of scripts as text. Gives the exit code. */
export async function lineage(args: readonly string[], out: Writable, err: Writable): Promise<number> {
  let parsed: ReturnType<typeof readArguments>;
  try {
    parsed = readArguments(args);
    if (parsed.positionals.length === 0) throw new Error('Say which files to read.');
    if (!formats.includes(parsed.values.format)) throw new Error(`--format is one of ${formats.join(', ')}.`);
  } catch (error) {
    err.write(`${error instanceof Error ? error.message : String(error)}\n\nUsage:\n${usage}\n`);
    return 1;
  }
  const { values, positionals } = parsed;
  try {
    const settings = settingsOf(values);
    const around = values['no-ddl'] ? undefined : new DdlAround(settings, values.ddl);
    const builder = new LineageBuilder();
    const sources = new Map<string, JobSource>();
    const names: string[] = [];
    for (const file of positionals) {
      const script = await readScript(file, settings, around);
      const lines = new Lines(script.text);
      const at = (offset: number) => {
        const [line, column] = lines.at(offset);
        return { line: line - 1, character: column - 1 };
      };
      const uri = pathToFileURL(resolve(file)).href;
      const job = describeJob(script);
      addScript(builder, script, {
        uri,
        job,
        mapping: { namespace: values.namespace, catalogs: catalogsOf(script) },
        rangeOf: ({ start, end }) => ({ start: at(start), end: at(end) }),
      });
      sources.set(uri, script.source);
      names.push(job.name);
    }
    const graph = builder.graph(names.join(', '));
    const time = new Date().toISOString();
    out.write(lineageExport(graph, values.format as LineageFormat, { columns: values.columns, time, sources }));
    return 0;
  } catch (error) {
    const { message, advice } = toUserError(error);
    err.write(`${message}${advice ? ` ${advice}` : ''}\n`);
    return 1;
  }
}
