/** Why no answer came, in the user's words: names, networks, certificates, proxies. */
import type { PeerCertificate } from 'node:tls';
import { StoreError } from './store';

export interface FailureContext {
  /** 'GET /v2/…', for the log */
  what: string;
  /** The server's address */
  address: string;
  /** host:port of the proxy on the way */
  proxy?: string | undefined;
  /** Whether the connection has a client certificate, and an authority of its own */
  withCertificate: boolean;
  withAuthority: boolean;
  /** The user does not want it any more */
  cancelled: boolean;
  /** The deadline is over */
  late: boolean;
}

/** `neverArrived`: the server has not seen the request, so another one can be asked the same. */
export class ConnectionError extends StoreError {
  constructor(
    [code, message, advice]: Words,
    detail: string,
    readonly neverArrived: boolean,
  ) {
    super(code, message, advice, detail);
  }
}

type Words = readonly [StoreError['code'], string, string];

const vpn = 'Check the address, or connect to the network or VPN.';
const again = 'Try again, or allow more time in the connection.';

const networks: Record<string, { say: (host: string) => Words; neverArrived: boolean }> = {
  ECONNREFUSED: {
    say: (host) => ['unreachable', `Nothing answers at ${host}.`, 'Check the port, and whether Atlas is running.'],
    neverArrived: true,
  },
  ENOTFOUND: { say: (host) => ['unreachable', `The host of ${host} is not known.`, vpn], neverArrived: true },
  EAI_AGAIN: { say: (host) => ['unreachable', `The host of ${host} is not known.`, vpn], neverArrived: true },
  EHOSTUNREACH: { say: (host) => noWay(host), neverArrived: true },
  ENETUNREACH: { say: (host) => noWay(host), neverArrived: true },
  ECONNRESET: {
    say: (host) => [
      'unreachable',
      `${host} broke the connection off.`,
      'Try again; if it stays, check whether the address needs https.',
    ],
    neverArrived: false,
  },
  EPIPE: { say: (host) => ['unreachable', `${host} broke the connection off.`, 'Try again.'], neverArrived: false },
  ETIMEDOUT: { say: (host) => ['timeout', `${host} did not answer in time.`, again], neverArrived: false },
};

function noWay(host: string): Words {
  return ['unreachable', `There is no way to ${host} from here.`, 'Connect to the network or VPN.'];
}

/** The error of a request that got no answer; `thrown` is what Node or axios threw, undefined when only time ran out. */
export function connectionError(thrown: unknown, context: FailureContext): StoreError {
  if (thrown instanceof StoreError) return thrown;
  if (context.cancelled) return new StoreError('cancelled', 'Cancelled.');
  const { code = '', message = String(thrown), cause } = (thrown ?? {}) as NodeJS.ErrnoException & { cause?: unknown };
  const { host } = new URL(context.address);
  const detail = withoutCredentials(`${context.what}: ${code} ${message}`);
  if (context.late) {
    const way = context.proxy ? `${host}, through the proxy ${context.proxy},` : host;
    return new ConnectionError(['timeout', `${way} did not answer in time.`, again], detail, false);
  }
  const tls = certificateWords(
    code,
    `${code} ${message}`,
    host,
    context,
    (cause ?? thrown) as { cert?: PeerCertificate },
  );
  if (tls) return new ConnectionError(tls, detail, true);
  const known = networks[code];
  if (code === 'ECONNRESET' && context.withCertificate) {
    const words: Words = [
      'unreachable',
      `${host} broke the connection off.`,
      'Perhaps it does not accept the certificate in `cert` of the connection.',
    ];
    return new ConnectionError(words, detail, false);
  }
  if (known && context.proxy && known.neverArrived) {
    const words: Words = [
      'unreachable',
      `The proxy ${context.proxy} cannot be reached.`,
      'Check http.proxy and http.noProxy in the settings, or HTTPS_PROXY and NO_PROXY.',
    ];
    return new ConnectionError(words, detail, true);
  }
  if (known) return new ConnectionError(known.say(host), detail, known.neverArrived);
  const words: Words = ['unreachable', `${host} cannot be reached (${code || 'unknown reason'}).`, 'Try again.'];
  return new ConnectionError(words, detail, false);
}

function certificateWords(
  code: string,
  text: string,
  host: string,
  { withCertificate, withAuthority }: FailureContext,
  { cert }: { cert?: PeerCertificate },
): Words | undefined {
  const is = (pattern: RegExp) => pattern.test(text);
  const trust = withAuthority
    ? 'The file in `ca` of the connection is not that of the authority that signed it.'
    : 'Name the file of the authority that signed it in `ca` of the connection; your administrators have it.';
  if (code === 'CERT_HAS_EXPIRED') {
    return ['untrusted', `The certificate of ${host} has expired.`, 'Its administrators must renew it.'];
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return ['untrusted', `The certificate of ${host} is not valid yet.`, 'Check the clock of this machine.'];
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = (cert?.subjectaltname ?? '').replace(/(?:DNS|IP Address):/g, '');
    const others = names ? `for ${names}, not for ${host}` : `not for ${host}`;
    return ['untrusted', `The certificate is ${others}.`, 'Write the address with a name that the certificate has.'];
  }
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    return ['untrusted', `The certificate of ${host} is signed by nobody but itself.`, trust];
  }
  if (is(/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE_FAILURE/)) {
    return ['untrusted', `The certificate of ${host} is signed by an authority that is not trusted here.`, trust];
  }
  if (is(/wrong.version.number|packet.length.too.long/i)) {
    return ['unreachable', `${host} does not speak https.`, 'Check the port, or write http:// in the address.'];
  }
  if (
    is(/ALERT_CERTIFICATE_REQUIRED|certificate required/i) ||
    (is(/HANDSHAKE_FAILURE|handshake failure/i) && !withCertificate)
  ) {
    return [
      'unauthorized',
      `${host} asks for a certificate of yours.`,
      'Name its file in `cert` of the connection, and its key in `key`.',
    ];
  }
  if (
    is(
      /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE|UNSUPPORTED_CERT|ACCESS_DENIED)|alert (?:unknown ca|bad certificate|certificate)/i,
    )
  ) {
    return [
      'unauthorized',
      `${host} does not accept your certificate.`,
      'Check `cert` of the connection: who signed it, and whether it has expired.',
    ];
  }
  return is(/ERR_SSL|ERR_TLS|EPROTO|CERT_/)
    ? ['untrusted', `No secure connection to ${host} comes about.`, 'The output channel has the details.']
    : undefined;
}

/** Addresses of proxies may hold a user and a password. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]*@/g, '//');
}
