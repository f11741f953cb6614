import { resolve } from 'node:path';
import { AtlasServer } from '../atlas/atlasServer';
import { Outbox, outboxFolder } from '../atlas/outbox';
import type { MetadataStore } from '../atlas/store';
import { WorkspaceCatalog } from '../atlas/workspaceCatalog';
import type { Secret } from '../protocol';

/** Options of the subcommands that speak with a metadata store, as node:util's parseArgs takes them. */
export const storeOptions = {
  atlas: { type: 'string' },
  workspace: { type: 'string' },
  namespace: { type: 'string' },
  timeout: { type: 'string' },
} as const;

export const storeUsage = `  --atlas URL      an Atlas server; credentials from FLINK_SQL_ATLAS_USER and FLINK_SQL_ATLAS_PASSWORD, or FLINK_SQL_ATLAS_TOKEN
  --workspace DIR  the workspace catalog of a folder instead
  --namespace NS   appended to names of datasets: prod in orders@prod (default: primary, or what the catalog was begun with)
  --timeout MS     milliseconds for one request (default 30000)`;

function secretOf(env: NodeJS.ProcessEnv): Secret | undefined {
  const { FLINK_SQL_ATLAS_TOKEN: token, FLINK_SQL_ATLAS_USER: user, FLINK_SQL_ATLAS_PASSWORD: password } = env;
  if (token) return { type: 'bearer', token };
  return user ? { type: 'basic', user, password: password ?? '' } : undefined;
}

interface StoreValues {
  atlas?: string | undefined;
  workspace?: string | undefined;
  namespace?: string | undefined;
  timeout?: string | undefined;
}

/** The store that the options name, or what is wrong with them. Throws a StoreError when the address is none. */
export function storeOf(values: StoreValues, env: NodeJS.ProcessEnv): MetadataStore | string {
  const { atlas, workspace, namespace } = values;
  const timeout = Number(values.timeout ?? 30_000);
  if (!Number.isFinite(timeout) || timeout <= 0) return `--timeout ${values.timeout} is no number of milliseconds.`;
  if ((atlas === undefined) === (workspace === undefined)) return 'Say where to: --atlas URL or --workspace DIR.';
  if (workspace !== undefined) return new WorkspaceCatalog(resolve(workspace), namespace ? { namespace } : {});
  const connection = { name: 'atlas', url: atlas ?? '', namespace: namespace ?? 'primary', timeout };
  return new AtlasServer(connection, secretOf(env));
}

/** Where the command line keeps what could not be delivered, which is where the editor keeps it. */
export function outboxOf(env: NodeJS.ProcessEnv): Outbox {
  return new Outbox(outboxFolder(env));
}
