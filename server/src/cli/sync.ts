import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { type Comparison, compareStores, type Difference } from '../atlas/compare';
import { toUserError } from '../atlas/store';
import { sync as settle } from '../atlas/sync';
import { storeOf, storeOptions, storeUsage } from './store';

export const usage = `flink-sql sync --workspace DIR --atlas URL [--push | --pull] [--only TEXT] [--apply] [--json]
  Compares the workspace catalog of a folder with an Atlas server: what only one has, and what differs, attribute by attribute.
${storeUsage}
  --push           take the catalog's side of all differences: what only Atlas has stays as it is
  --pull           take the side of Atlas: what only the catalog has stays as it is
  --only TEXT      only what has this text in its qualified name
  --apply          do it; without it, only say what would be done
  --json           one JSON object instead of text
  Exit code: 0 alike or done, 1 refused with the reason, 3 there are differences.`;

const options = {
  ...storeOptions,
  push: { type: 'boolean' },
  pull: { type: 'boolean' },
  only: { type: 'string' },
  apply: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** The subcommand `sync`: the workspace catalog and Atlas, compared and made alike. Gives the exit code. */
export async function sync(
  args: readonly string[],
  out: Writable,
  err: Writable,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...args], options });
    const here = storeOf({ ...values, atlas: undefined }, env);
    const there = storeOf({ ...values, workspace: undefined }, env);
    const wrong = wrongIn(values) ?? [here, there].find((store) => typeof store === 'string');
    if (typeof wrong === 'string' || typeof here === 'string' || typeof there === 'string') {
      err.write(`${wrong as string}\n\nUsage:\n${usage}\n`);
      return 1;
    }
    const comparison = await compareStores(here, there);
    const { only = '' } = values;
    const seen = comparison.differences.filter(({ qualifiedName }) => qualifiedName.includes(only));
    const towards = values.push ? 'here' : values.pull ? 'there' : undefined;
    const ids = seen.filter(({ state }) => state === 'different' || state === towards).map(({ id }) => id);
    const choice = { push: values.push ? ids : [], pull: values.pull ? ids : [] };
    const result = values.apply && towards ? await settle(comparison, choice) : undefined;
    if (values.json) {
      const differences = seen.map(({ members: _, both: __, id: ___, ...difference }) => difference);
      const { same } = comparison;
      const stores = { here: here.info, there: there.info };
      out.write(`${JSON.stringify({ ...stores, same, differences, ...(result ? { result } : {}) }, undefined, 2)}\n`);
    } else {
      out.write(describe(comparison, seen));
      if (result) {
        out.write(`${result.pushed + result.pulled} differences settled.\n`);
        for (const note of result.notes) out.write(`! ${note}\n`);
      } else if (towards) out.write(`${ids.length} would be settled; --apply does it.\n`);
    }
    return result || seen.length === 0 ? 0 : 3;
  } catch (error) {
    const { message, advice } = toUserError(error);
    err.write(`${message}${advice ? ` ${advice}` : ''}\n`);
    return 1;
  }
}

function wrongIn({ push, pull, apply }: { push?: boolean; pull?: boolean; apply?: boolean }): string | undefined {
  if (push && pull) return 'Say --push or --pull, not both.';
  return apply && !push && !pull ? 'Say which side to take: --push or --pull.' : undefined;
}

function describe({ here, there, same }: Comparison, differences: readonly Difference[]): string {
  const lines = [`< ${here.store.info.label}`, `> ${there.store.info.label}`];
  for (const { state, what, qualifiedName, pieces = 1, attribute, here: mine, there: theirs } of differences) {
    if (state === 'different') {
      lines.push(`~ ${what} ${qualifiedName}: ${attribute}`, `    < ${oneLine(mine)}`, `    > ${oneLine(theirs)}`);
    } else {
      const more = pieces > 1 ? ` and ${pieces - 1} more that belong to it` : '';
      lines.push(`${state === 'here' ? '<' : '>'} ${what} ${qualifiedName}${more}`);
    }
  }
  const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  lines.push(differences.length === 0 ? `No differences: ${same} alike.` : `${count}, ${same} alike.`);
  return `${lines.join('\n')}\n`;
}

function oneLine(text = ''): string {
  const line = text.replace(/\s+/g, ' ');
  if (line === '') return '(nothing)';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
