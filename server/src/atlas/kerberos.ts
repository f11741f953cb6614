/**
 * Kerberos tickets for HTTP (SPNEGO, RFC 4559). They come from the npm package `kerberos`, which is native and so not part of
 * this product: it is loaded from where the user has installed it.
 */
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { StoreError } from './store';

/** One sign-in that is under way. */
export interface Negotiation {
  /** The ticket to be sent */
  token: string;
  /** What to send when the server answers with a ticket of its own; undefined when there is no more to say */
  next(answer: string): Promise<string | undefined>;
}

/** The part of the package `kerberos` that is used. */
interface KerberosPackage {
  GSS_MECH_OID_SPNEGO?: number;
  initializeClient(principal: string, options: { mechOID?: number }): Promise<{ step(token: string): Promise<string> }>;
}

/** Where the advice says to install it. */
const HOME = join(homedir(), '.flink-sql');

/**
 * Begins to sign in at a host with the ticket that this machine has. `principal` where the server's is not HTTP@<host>. Throws a
 * StoreError: 'not-configured' without the package, 'unauthorized' without a ticket.
 */
export async function negotiate(hostname: string, principal?: string): Promise<Negotiation> {
  const kerberos = load();
  // Windows has its own way to write the name of a service
  const service = principal ?? `HTTP${process.platform === 'win32' ? '/' : '@'}${hostname}`;
  try {
    const mechOID = kerberos.GSS_MECH_OID_SPNEGO;
    const client = await kerberos.initializeClient(service, mechOID === undefined ? {} : { mechOID });
    const token = await client.step('');
    return { token, next: async (answer) => (await client.step(answer)) || undefined };
  } catch (error) {
    throw noTicket(service, error);
  }
}

function load(): KerberosPackage {
  const places = [
    process.env.FLINK_SQL_KERBEROS,
    HOME,
    ...(process.env.NODE_PATH ?? '').split(delimiter),
    // Where npm installs with -g
    join(dirname(process.execPath), '..', 'lib'),
    '/usr/local/lib',
    '/usr/lib',
  ].filter((place): place is string => Boolean(place));
  let broken: unknown;
  for (const place of places) {
    const requireFrom = createRequire(join(place, 'package.json'));
    try {
      return requireFrom('kerberos') as KerberosPackage;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') broken = error;
    }
  }
  throw broken
    ? new StoreError(
        'not-configured',
        'The package “kerberos” is installed and cannot be loaded.',
        `Install it again: npm install --prefix ${HOME} kerberos. It needs the Kerberos libraries of the system.`,
        broken instanceof Error ? broken.message : String(broken),
      )
    : new StoreError(
        'not-configured',
        'Signing in with Kerberos needs the package “kerberos”, which is not installed.',
        `Install it with: npm install --prefix ${HOME} kerberos.`,
      );
}

function noTicket(service: string, error: unknown): StoreError {
  const detail = error instanceof Error ? error.message : String(error);
  if (/not found in Kerberos database|Server not found/i.test(detail)) {
    return new StoreError(
      'unauthorized',
      `Kerberos does not know ${service}.`,
      'Use the host’s full name in the address, or name its principal in `kerberos` of the connection.',
      detail,
    );
  }
  return /expired/i.test(detail)
    ? new StoreError('unauthorized', 'Your Kerberos ticket has expired.', 'Run kinit, then try again.', detail)
    : new StoreError('unauthorized', 'There is no Kerberos ticket here.', 'Run kinit, then try again.', detail);
}
