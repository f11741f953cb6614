import type { AtlasConnection, Secret } from '../protocol';
import { type Negotiation, negotiate } from './kerberos';

/** The headers that say who asks. `negotiation` goes on where the server answers a Kerberos ticket with one of its own. */
export interface SignIn {
  headers: Record<string, string>;
  negotiation?: Negotiation;
}

/** How a connection signs in at a host. Throws a StoreError when there is no Kerberos ticket to sign in with. */
export async function signIn(
  { kerberos }: AtlasConnection,
  secret: Secret | undefined,
  hostname: string,
): Promise<SignIn> {
  switch (secret?.type) {
    case 'basic': {
      const pair = Buffer.from(`${secret.user}:${secret.password}`).toString('base64');
      return { headers: { Authorization: `Basic ${pair}` } };
    }
    case 'bearer':
      return { headers: { Authorization: `Bearer ${secret.token}` } };
    case 'knox':
      return { headers: { Cookie: `hadoop-jwt=${secret.token}` } };
    default: {
      if (!kerberos) return { headers: {} };
      const negotiation = await negotiate(hostname, typeof kerberos === 'string' ? kerberos : undefined);
      return { headers: { Authorization: `Negotiate ${negotiation.token}` }, negotiation };
    }
  }
}

/** What the secret is, for a sentence: 'refused the user ana with this password'. */
export function nameOfSignIn({ kerberos }: AtlasConnection, secret: Secret | undefined): string | undefined {
  switch (secret?.type) {
    case 'basic':
      return `the user ${secret.user} with this password`;
    case 'bearer':
    case 'knox': {
      const expired = expiryOf(secret.token);
      const over = expired !== undefined && expired < Date.now();
      return over ? `this token, which ended on ${new Date(expired).toISOString().slice(0, 10)}` : 'this token';
    }
    default:
      return kerberos ? 'your Kerberos ticket' : undefined;
  }
}

/** When a JSON web token ends, in milliseconds since 1970; undefined when it does not say, or is none. */
function expiryOf(token: string): number | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      exp?: unknown;
    };
    return typeof claims.exp === 'number' ? claims.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
