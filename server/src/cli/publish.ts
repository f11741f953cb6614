import { readFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { BusinessTemplates } from '../atlas/annotations';
import { deliver, deliverWaiting, KeptForLater } from '../atlas/deliver';
import { describeJob, type Job } from '../atlas/job';
import type { WaitingJob } from '../atlas/outbox';
import { planPublish } from '../atlas/publish';
import type { Plan } from '../atlas/service';
import { type MetadataStore, StoreError, toUserError } from '../atlas/store';
import type { PublishPlan, PublishResult, UserError } from '../protocol';
import { DdlAround } from '../workspace/ddl-around';
import { readScript, scriptOptions, scriptUsage, settingsOf } from './script';
import { outboxOf, storeOf, storeOptions, storeUsage } from './store';

export const usage = `flink-sql publish FILE… (--atlas URL | --workspace DIR) [--namespace NS] [--apply] [--json]
  Shows what publishing the jobs in these files would change; with --apply does it.
${storeUsage}
  --apply          publish, and make a place for Flink's tables and columns in Atlas where it is missing
  --by-table       leave columns out where there is no place for them, instead of making one
  --metadata FILE  a JSON file with values for business metadata: {"Name.attribute": "\${owner}"}
  --strict         refuse a file in which a statement has errors, instead of leaving the statement out
  --json           one JSON object instead of text
${scriptUsage}
  Exit code: 0 done, 1 refused with the reason, 2 kept to be sent later (in FLINK_SQL_OUTBOX, or the user's state folder).`;

/** What became of one file. */
interface Outcome {
  file: string;
  plan?: PublishPlan;
  result?: PublishResult;
  /** The job is saved and will be sent later */
  kept?: boolean;
  error?: UserError;
}

const signs = { new: '+', changed: '~', removed: '−', unchanged: '=' };

/**
 * The subcommand `publish`: the same publish as the editor's, without an editor. Gives the exit code: 0 done, 1 refused,
 * 2 kept in the outbox.
 */
export async function publish(
  args: readonly string[],
  out: Writable,
  err: Writable,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  let parsed: ReturnType<typeof readArguments>;
  let store: MetadataStore | string;
  try {
    parsed = readArguments(args);
    store = parsed.positionals.length ? storeOf(parsed.values, env) : 'Say which files to publish.';
  } catch (error) {
    store = error instanceof Error ? error.message : String(error);
    parsed = { values: {}, positionals: [] } as never;
  }
  if (typeof store === 'string') {
    err.write(`${store}\n\nUsage:\n${usage}\n`);
    return 1;
  }
  const { values, positionals } = parsed;
  const settings = settingsOf(values);
  const around = values['no-ddl'] ? undefined : new DdlAround(settings, values.ddl);
  const outbox = outboxOf(env);
  const types = values['by-table'] ? 'without' : 'create';
  let templates: BusinessTemplates | undefined;
  try {
    templates = values.metadata === undefined ? undefined : await readTemplates(values.metadata);
  } catch (error) {
    err.write(`${(error as Error).message}\n`);
    return 1;
  }
  const outcomes: Outcome[] = [];
  for (const file of positionals) {
    const outcome: Outcome = { file };
    outcomes.push(outcome);
    let job: Job | undefined;
    let plan: Plan | undefined;
    try {
      job = describeJob(await readScript(file, settings, around));
      if (templates) job.businessTemplates = templates;
      if (values.strict && job.leftOut) {
        const [note = 'A statement has errors.'] = job.notes;
        job = undefined;
        throw new StoreError('invalid', note.replace(/ and is left out/, ''), 'Nothing of this file is published.');
      }
      plan = await planPublish(store, job);
      outcome.plan = plan.preview;
      if (values.apply) outcome.result = await deliver(outbox, store, job, { types, plan });
    } catch (error) {
      let failure = error;
      if (values.apply && job && !plan)
        failure = await keep(error, () => deliver(outbox, store, job as Job, { types }));
      outcome.error = toUserError(failure);
      if (failure instanceof KeptForLater) outcome.kept = true;
    }
  }
  // what waits from before goes along, now that the store answers
  const reached = outcomes.some((outcome) => outcome.result);
  if (reached) await deliverWaiting(outbox, (waiting) => sendNow(waiting, store as MetadataStore), 'all');

  if (values.json) out.write(`${JSON.stringify({ store: store.info, jobs: outcomes }, undefined, 2)}\n`);
  else for (const outcome of outcomes) out.write(describe(outcome, values.apply ?? false));
  if (outcomes.some((outcome) => outcome.error && !outcome.kept)) return 1;
  return outcomes.some((outcome) => outcome.kept) ? 2 : 0;
}

function readArguments(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...storeOptions,
      apply: { type: 'boolean' },
      'by-table': { type: 'boolean' },
      strict: { type: 'boolean' },
      metadata: { type: 'string' },
      json: { type: 'boolean' },
      ...scriptOptions,
    },
  });
}

/** When the store could not even be asked, the job goes to the outbox: `publish` fails again, and says that it is kept. */
async function keep(error: unknown, publishNow: () => Promise<unknown>): Promise<unknown> {
  if (!(error instanceof StoreError) || error.code === 'invalid') return error;
  try {
    await publishNow();
    return error;
  } catch (kept) {
    return kept;
  }
}

/** Reads a file with values for business metadata. */
async function readTemplates(file: string): Promise<BusinessTemplates> {
  try {
    const given = JSON.parse(await readFile(file, 'utf8')) as unknown;
    const isText = (value: unknown) => typeof value === 'string';
    if (typeof given !== 'object' || given === null || !Object.values(given).every(isText))
      throw new Error('no map of texts');
    return given as BusinessTemplates;
  } catch (error) {
    throw new StoreError('invalid', `${file} cannot be used: ${(error as Error).message}.`);
  }
}

/** What waits for the same store and namespace is sent along, but for what the user has cancelled. */
function sendNow({ store, namespace, held }: WaitingJob, reached: MetadataStore): MetadataStore | undefined {
  return !held && store.url === reached.info.url && namespace === reached.namespace ? reached : undefined;
}

/** One file's outcome as text. */
function describe({ file, plan, result, error }: Outcome, apply: boolean): string {
  const lines = [plan ? `${plan.job.name} (${file}) → ${plan.store.label} ${plan.store.url}` : file];
  if (plan && !result) {
    for (const { kind, what, label, details, depth, touched } of plan.changes) {
      if (!touched) continue;
      const indent = '  '.repeat(depth + 1);
      lines.push(`${indent}${signs[kind]} ${what} ${label}`, ...details.map((detail) => `${indent}    ${detail}`));
    }
  }
  if (plan) for (const note of result?.notes ?? plan.notes) lines.push(`  ! ${note}`);
  if (error) lines.push(`  ${error.message}${error.advice ? ` ${error.advice}` : ''}`);
  else if (result && result.pushed > 0)
    lines.push(`  Published: ${result.pushed} pieces in ${(result.metrics.PT / 1000).toFixed(1)} s.`);
  else if (plan?.summary === '') lines.push('  Nothing to change: all of this is there already.');
  else if (plan && !apply) lines.push(`  ${plan.summary}`, '  Nothing is published yet; --apply does it.');
  return `${lines.join('\n')}\n`;
}
