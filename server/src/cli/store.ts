import { resolve } from 'node:path';
import { AtlasServer } from '../atlas/atlasServer';
import { secretOfEnvironment } from '../atlas/environment';
import { Outbox, outboxFolder } from '../atlas/outbox';
import type { MetadataStore } from '../atlas/store';
import { WorkspaceCatalog } from '../atlas/workspaceCatalog';
import type { AtlasConnection } from '../protocol';

/** Options of the subcommands that speak with a metadata store, as node:util's parseArgs takes them. */
export const storeOptions = {
  atlas: { type: 'string' },
  workspace: { type: 'string' },
  namespace: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  kerberos: { type: 'boolean' },
  proxy: { type: 'string' },
} as const;

export const storeUsage = `  --atlas URL      an Atlas server, or several addresses of one with commas between; credentials from FLINK_SQL_ATLAS_USER and
                   FLINK_SQL_ATLAS_PASSWORD, FLINK_SQL_ATLAS_TOKEN (bearer), or FLINK_SQL_ATLAS_KNOX_TOKEN (hadoop-jwt)
  --workspace DIR  the workspace catalog of a folder instead
  --namespace NS   appended to names of datasets: prod in orders@prod (default: primary, or what the catalog was begun with);
                   again with PLACE=NS for a bootstrap server, host or scheme that has another: s3=cloud
  --timeout MS     milliseconds for one request (default 30000)
  --ca FILE        certificates of authorities to trust beside those that this machine trusts (PEM)
  --cert FILE      your certificate (PEM, or PKCS#12 that ends in .p12 or .pfx); its key in --key FILE or in the same file, opened by
                   FLINK_SQL_ATLAS_PASSPHRASE
  --kerberos       sign in with this machine's Kerberos ticket; needs the npm package kerberos
  --proxy URL      the proxy to go through, or none (default: HTTPS_PROXY, HTTP_PROXY and NO_PROXY)`;

interface StoreValues {
  atlas?: string | undefined;
  workspace?: string | undefined;
  namespace?: string[] | undefined;
  timeout?: string | undefined;
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  kerberos?: boolean | undefined;
  proxy?: string | undefined;
}

/** 'prod' and 's3=cloud': the namespace of all places, and those of some. */
function namespacesOf(given: readonly string[]): { namespace?: string; namespaces?: Record<string, string> } {
  const places = given.flatMap((text) => {
    const [, place, namespace] = /^(.+)=([^=]+)$/.exec(text) ?? [];
    return place && namespace ? [[place, namespace] as const] : [];
  });
  const namespace = given.find((text) => !text.includes('='));
  return { ...(namespace ? { namespace } : {}), ...(places.length ? { namespaces: Object.fromEntries(places) } : {}) };
}

/** The store that the options name, or what is wrong with them. Throws a StoreError when the address is none. */
export function storeOf(values: StoreValues, env: NodeJS.ProcessEnv): MetadataStore | string {
  const { atlas = '', workspace, ca, cert, key, kerberos, proxy } = values;
  const { namespace, namespaces } = namespacesOf(values.namespace ?? []);
  const timeout = Number(values.timeout ?? 30_000);
  if (!Number.isFinite(timeout) || timeout <= 0) return `--timeout ${values.timeout} is no number of milliseconds.`;
  if ((atlas === '') === (workspace === undefined)) return 'Say where to: --atlas URL or --workspace DIR.';
  if (workspace !== undefined) return new WorkspaceCatalog(resolve(workspace), namespace ? { namespace } : {});
  const [url = '', ...otherUrls] = atlas.split(',').map((one) => one.trim());
  const connection: AtlasConnection = {
    name: 'atlas',
    url,
    otherUrls,
    namespace: namespace ?? 'primary',
    ...(namespaces ? { namespaces } : {}),
    timeout,
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(kerberos ? { kerberos } : {}),
    ...(proxy ? { proxy: { url: proxy, bypass: [], strictSSL: true } } : {}),
  };
  return new AtlasServer(connection, secretOfEnvironment(env));
}

/** Where the command line keeps what could not be delivered, which is where the editor keeps it. */
export function outboxOf(env: NodeJS.ProcessEnv): Outbox {
  return new Outbox(outboxFolder(env));
}
