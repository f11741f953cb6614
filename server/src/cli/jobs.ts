import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { type Entity, edgesOf, processGuids, qualifiedNameOf, textOf } from '../atlas/entity';
import { type MetadataStore, toUserError } from '../atlas/store';
import { listJobs } from '../atlas/tree';
import type { TreeItem } from '../protocol';
import { storeOf, storeOptions, storeUsage } from './store';

export const usage = `flink-sql jobs (--atlas URL | --workspace DIR) [--namespace NS] [--json]
  Lists the registered jobs with their processes, what these read and write, and where columns come from.
${storeUsage}
  --json           one JSON object instead of text`;

interface DatasetAnswer {
  name: string;
  type: string;
  qualifiedName: string;
}

interface ProcessAnswer {
  name: string;
  qualifiedName: string;
  inputs: DatasetAnswer[];
  outputs: DatasetAnswer[];
  columns: { name: string; from: string[]; expression?: string }[];
}

interface JobAnswer {
  name: string;
  qualifiedName: string;
  owner?: string;
  description?: string;
  webUrl?: string;
  processes: ProcessAnswer[];
}

/** Jobs asked for at once. */
const PAGE = 200;

function datasets(entity: Entity, side: 'inputs' | 'outputs'): DatasetAnswer[] {
  return edgesOf(entity, side).map((ref) => ({
    name: ref.displayText ?? '',
    type: ref.typeName ?? '',
    qualifiedName: ref.uniqueAttributes?.qualifiedName ?? '',
  }));
}

/** All registered jobs, page by page: three requests for each page. Throws a StoreError. */
export async function readJobs(store: MetadataStore): Promise<JobAnswer[]> {
  const answers: JobAnswer[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const items: TreeItem[] = await listJobs(store, { offset, limit: PAGE });
    const jobs = items.filter((item) => item.kind === 'job');
    const found = await store.findByGuid(jobs.map((item) => item.id.replace(/^job:/, '')));
    const processes = new Map(
      (await store.findByGuid(found.flatMap(({ entity }) => processGuids(entity)))).map((each) => [
        each.entity.guid,
        each,
      ]),
    );
    for (const { entity } of found) {
      const owner = textOf(entity, 'owner');
      const description = textOf(entity, 'description');
      const webUrl = store.webUrl(entity.guid);
      answers.push({
        name: textOf(entity, 'name') ?? '',
        qualifiedName: qualifiedNameOf(entity),
        ...(owner ? { owner } : {}),
        ...(description ? { description } : {}),
        ...(webUrl ? { webUrl } : {}),
        processes: processGuids(entity).flatMap((guid) => {
          const process = processes.get(guid);
          if (!process) return [];
          const columns = Object.values(process.owned).filter((each) => each.typeName === 'flink_column_lineage');
          return [
            {
              name: (textOf(process.entity, 'name') ?? '').replace(/^.*\//, ''),
              qualifiedName: qualifiedNameOf(process.entity),
              inputs: datasets(process.entity, 'inputs'),
              outputs: datasets(process.entity, 'outputs'),
              columns: columns
                .map((each) => {
                  const expression = textOf(each, 'expression');
                  return {
                    name: textOf(each, 'name') ?? '',
                    from: datasets(each, 'inputs').map((source) => source.qualifiedName),
                    ...(expression ? { expression } : {}),
                  };
                })
                .sort((a, b) => a.name.localeCompare(b.name)),
            },
          ];
        }),
      });
    }
    if (items.every((item) => item.kind !== 'more')) return answers;
  }
}

/** The subcommand `jobs`: what the tree shows. Gives the exit code: 0, or 1 with the reason. */
export async function jobs(
  args: readonly string[],
  out: Writable,
  err: Writable,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...args], options: { ...storeOptions, json: { type: 'boolean' } } });
    const store = storeOf(values, env);
    if (typeof store === 'string') {
      err.write(`${store}\n\nUsage:\n${usage}\n`);
      return 1;
    }
    const answers = await readJobs(store);
    if (values.json) out.write(`${JSON.stringify({ store: store.info, jobs: answers }, undefined, 2)}\n`);
    else if (answers.length === 0) out.write('No Flink jobs are registered yet.\n');
    else for (const job of answers) out.write(describe(job));
    return 0;
  } catch (error) {
    const { message, advice } = toUserError(error);
    err.write(`${message}${advice ? ` ${advice}` : ''}\n`);
    return 1;
  }
}

function describe(job: JobAnswer): string {
  const lines = [`${job.name}${job.owner ? `  (${job.owner})` : ''}`];
  for (const process of job.processes) {
    lines.push(`  → ${process.name}`);
    for (const input of process.inputs) lines.push(`    ⇠ ${input.qualifiedName}`);
    for (const output of process.outputs) lines.push(`    ⇢ ${output.qualifiedName}`);
    if (process.columns.length) lines.push(`    ${process.columns.length} columns`);
  }
  return `${lines.join('\n')}\n`;
}
