/** Requests to one Atlas server: authentication, deadlines, cancellation, and every failure as a StoreError. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosResponse } from 'axios';
import type { AtlasConnection, Secret } from '../protocol';
import { secureContext } from './clientTls';
import { ConnectionError, connectionError, type FailureContext } from './connectionError';
import { environmentHasProxy, proxyFor } from './proxy';
import { nameOfSignIn, signIn } from './signIn';
import { StoreError } from './store';

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path under /api/atlas, with its query */
  path: string;
  body?: unknown;
  /** Milliseconds beyond the connection's timeout, for what is known to take long */
  patience?: number;
  signal?: AbortSignal | undefined;
}

/** A refusal by Atlas itself, with its error code ('ATLAS-404-00-005'), for callers that know what to make of it. */
export class AtlasRefusal extends StoreError {
  constructor(
    readonly status: number,
    readonly atlasCode: string,
    code: StoreError['code'],
    message: string,
    advice?: string,
    detail?: string,
  ) {
    super(code, message, advice, detail);
  }
}

/**
 * The address of a server from what people paste: with or without /api/atlas, a page of the web interface, a gateway's
 * path. Throws a StoreError when it is no http(s) address; credentials in it are refused, for they would end in settings.
 */
export function serverUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new StoreError(
      'invalid',
      `“${text}” is not a web address.`,
      'Write it like https://atlas.example.org:21443.',
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new StoreError('invalid', `“${text}” is not a web address.`, 'It must begin with http:// or https://.');
  }
  if (url.username || url.password) {
    throw new StoreError(
      'invalid',
      'The address contains a user or password.',
      'Leave these out; they are asked for apart.',
    );
  }
  const path = url.pathname
    .replace(/\/(api\/atlas(\/v2)?|index\.html|login\.jsp|n\/index\.html|n3\/index\.html|n)\/?$/, '')
    .replace(/\/+$/, '');
  return `${url.origin}${path}`;
}

/** Redirects of a passive server of a pair, and from http to https. */
const mostRedirects = 5;
/** So many connections that were kept open may turn out to be closed, one after the other. */
const mostStale = 3;
/** A server that is becoming the active one answers 503; so often it is asked again, waiting longer each time. */
const retries = 2;

function looksLikeHtml(response: AxiosResponse<string>): boolean {
  return /text\/html/.test(String(response.headers['content-type'] ?? '')) || /^\s*</.test(response.data ?? '');
}

/** Waits, or ends early when the signal is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(finish, milliseconds);
    function finish() {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      done();
    }
    signal.addEventListener('abort', finish);
  });
}

/** How requests get to the servers: agents that know certificates and keep connections open. */
interface Ways {
  http: HttpAgent;
  https: HttpsAgent;
  /** For the way through a proxy that reads along and shows certificates of its own */
  unchecked: HttpsAgent;
}

export class AtlasHttp {
  /** Address of the first server, without /api/atlas: it names this Atlas */
  readonly base: string;
  /** Addresses of all servers of this Atlas */
  private readonly bases: readonly string[];
  /** The one that answered last */
  private active = 0;
  private ways: Promise<Ways> | undefined;
  /** Cookies that a server gave for a Kerberos ticket, so that the next request needs none; by base */
  private readonly sessions = new Map<string, string>();

  /** Throws a StoreError, 'invalid', when an address of the connection is none. */
  constructor(
    private readonly connection: AtlasConnection,
    private readonly secret: Secret | undefined,
  ) {
    this.bases = [connection.url, ...(connection.otherUrls ?? [])].map(serverUrl);
    this.base = this.bases[0] ?? '';
  }

  /** Address of the server that answered last, without /api/atlas: where people find its pages */
  get activeBase(): string {
    return this.bases[this.active] ?? this.base;
  }

  /** The answer's JSON. Throws a StoreError: 'cancelled' when the signal is aborted, 'timeout' when it takes too long. */
  async json<T>(request: Request): Promise<T> {
    const { response, base } = await this.send(request);
    if (response.status >= 400) throw this.refusal(response, base);
    if (looksLikeHtml(response)) throw notAtlas(base);
    if (response.data === '') return undefined as T;
    try {
      return JSON.parse(response.data) as T;
    } catch {
      throw new StoreError(
        'server-error',
        `The answer of ${new URL(base).host} was cut off or is not from Atlas.`,
        'Try again; if it stays, check the address.',
        `${request.method} ${request.path}: not JSON`,
      );
    }
  }

  /** Asks the server that answered last, then the others; all of them again while one is becoming the active one. */
  private async send(request: Request): Promise<Answer> {
    const count = this.bases.length;
    const patience = this.connection.timeout + (request.patience ?? 0);
    const overall = deadline(patience * count, request.signal);
    for (let round = 0; ; round++) {
      let passive: Answer | undefined;
      const failures: StoreError[] = [];
      const first = this.active;
      for (let index = first; index < first + count; index++) {
        const base = this.bases[index % count] as string;
        try {
          const answer = await this.ask(base, request, count > 1 ? deadline(patience, overall) : overall);
          if (answer.response.status !== 503) {
            this.active = Math.max(0, this.bases.indexOf(answer.base));
            return answer;
          }
          passive = answer;
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          if (count === 1 || !mayAskNext(error, request)) {
            // whoever tries again begins with the next one
            if (error.code !== 'cancelled') this.active = (index + 1) % count;
            throw error;
          }
          failures.push(error);
        }
      }
      if (!passive) throw allFailed(failures);
      if (round === retries) return passive;
      await pause(500 * 2 ** round, overall);
      if (overall.aborted) throw connectionError(undefined, this.contextOf(passive.base, request, overall));
    }
  }

  /** Asks one server, going along with redirects to the active one of a pair and with what Kerberos has to say. */
  private async ask(base: string, request: Request, signal: AbortSignal): Promise<Answer> {
    let here = base;
    let url = `${base}/api/atlas${request.path}`;
    for (let redirects = 0; ; redirects++) {
      const response = await this.askSignedIn(here, url, request, signal);
      if (response.status < 300 || response.status >= 400) return { response, base: here };
      url = this.redirect(here, url, response, request);
      if (redirects === mostRedirects) {
        throw new StoreError(
          'not-ready',
          `${new URL(base).host} and its partner send requests to each other.`,
          'None of them may be the active one yet; try again in a minute.',
        );
      }
      here = this.listed(url) ?? here;
    }
  }

  private async askSignedIn(
    base: string,
    url: string,
    request: Request,
    signal: AbortSignal,
  ): Promise<AxiosResponse<string>> {
    const session = this.sessions.get(base);
    if (session) {
      const response = await this.askOnce(base, url, request, { Cookie: session }, signal);
      if (response.status !== 401) return response;
      this.sessions.delete(base);
    }
    const { headers, negotiation } = await signIn(this.connection, this.secret, new URL(url).hostname);
    let response = await this.askOnce(base, url, request, headers, signal);
    // in most networks one exchange is enough
    for (let turn = 0; negotiation && response.status === 401 && turn < 3; turn++) {
      const given = /^Negotiate (\S+)/i.exec(String(response.headers['www-authenticate'] ?? ''))?.[1];
      const answer = given && (await negotiation.next(given));
      if (!answer) break;
      response = await this.askOnce(base, url, request, { Authorization: `Negotiate ${answer}` }, signal);
    }
    if (negotiation && response.status < 300) {
      const cookies = response.headers['set-cookie'] ?? [];
      if (cookies.length > 0) this.sessions.set(base, cookies.map((one) => one.split(';')[0]).join('; '));
    }
    return response;
  }

  private async askOnce(
    base: string,
    url: string,
    request: Request,
    who: Record<string, string>,
    signal: AbortSignal,
  ): Promise<AxiosResponse<string>> {
    const proxy = proxyFor(url, this.connection.proxy);
    this.ways ??= this.prepare();
    const ways = await this.ways.catch((error: unknown) => {
      // files may be mended before the next try
      this.ways = undefined;
      throw error;
    });
    const behindProxy = proxy === undefined ? environmentHasProxy(process.env) : proxy !== false;
    const checked = this.connection.proxy?.strictSSL !== false || !behindProxy;
    const ask = () =>
      axios.request<string>({
        method: request.method,
        url,
        data: request.body === undefined ? undefined : JSON.stringify(request.body),
        headers: { ...commonHeaders, ...who },
        httpAgent: ways.http,
        httpsAgent: checked ? ways.https : ways.unchecked,
        ...(proxy === undefined ? {} : { proxy }),
        signal,
        responseType: 'text',
        // axios would parse by itself, and swallow what cannot be parsed
        transformResponse: (data: string) => data,
        maxRedirects: 0,
        validateStatus: () => true,
        maxContentLength: 256 * 1024 * 1024,
        maxBodyLength: 256 * 1024 * 1024,
      });
    try {
      for (let turn = 0; ; turn++) {
        try {
          return await ask();
        } catch (error) {
          // the server has closed a connection that was kept open: nobody has read the request
          if (turn === mostStale || !isStale(error) || !isReading(request)) throw error;
        }
      }
    } catch (error) {
      const failure = connectionError(error, this.contextOf(base, request, signal));
      // certificates that are mended meanwhile are read anew
      if (failure.code === 'untrusted' || failure.code === 'unauthorized') this.ways = undefined;
      throw failure;
    }
  }

  private async prepare(): Promise<Ways> {
    const secure = this.bases.some((base) => base.startsWith('https:'));
    const context = secure ? await secureContext(this.connection, this.secret) : undefined;
    const options = { keepAlive: true, ...(context ? { secureContext: context } : {}) };
    return {
      http: new HttpAgent({ keepAlive: true }),
      https: new HttpsAgent(options),
      unchecked: new HttpsAgent({ ...options, rejectUnauthorized: false }),
    };
  }

  private contextOf(base: string, request: Request, signal: AbortSignal): FailureContext {
    const proxy = proxyFor(base, this.connection.proxy);
    return {
      what: `${request.method} ${request.path}`,
      address: base,
      proxy: proxy ? `${proxy.host}:${proxy.port}` : undefined,
      withCertificate: this.connection.cert !== undefined,
      withAuthority: this.connection.ca !== undefined,
      cancelled: request.signal?.aborted ?? false,
      late: signal.aborted,
    };
  }

  /** The base that an address belongs to. */
  private listed(url: string): string | undefined {
    return this.bases.find((base) => url.startsWith(`${base}/`));
  }

  /**
   * Where to go on: to another server of the list, or on the same host from http to https. Credentials travel along, so it is
   * never another host, and never from https to http. Throws a StoreError where it is elsewhere.
   */
  private redirect(base: string, from: string, response: AxiosResponse<string>, request: Request): string {
    const location = response.headers.location as string | undefined;
    const target = location && URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (!target?.pathname.includes('/api/atlas/')) {
      throw target && /knoxsso|websso|\/sso\b/i.test(target.pathname) ? this.toSignInPage(base) : notAtlas(base);
    }
    const here = new URL(from);
    const same = response.status === 307 || response.status === 308 || request.method === 'GET';
    if (!same || (here.protocol === 'https:' && target.protocol !== 'https:')) throw notAtlas(base);
    const known = [here, ...this.bases.map((one) => new URL(one))].some(({ hostname }) => hostname === target.hostname);
    if (known) return target.href;
    throw new StoreError(
      'refused',
      `${here.host} sends you on to ${target.host}, which is no address of this connection.`,
      `If that is the same Atlas, add ${target.origin} to the addresses of the connection.`,
    );
  }

  private toSignInPage(base: string): StoreError {
    const { host } = new URL(base);
    const who = nameOfSignIn(this.connection, this.secret);
    return new StoreError(
      'unauthorized',
      who ? `The gateway at ${host} refused ${who}.` : `The gateway at ${host} asks you to sign in.`,
      'Connect with a Knox token (the cookie hadoop-jwt), or with user and password where the gateway takes them.',
    );
  }

  private refusal(response: AxiosResponse<string>, base: string): StoreError {
    let body: { errorCode?: string; errorMessage?: string } = {};
    try {
      const { errorCode, errorMessage } = JSON.parse(response.data) as Record<string, unknown>;
      // a server may repeat what it was sent
      const plain = (value: unknown) => withoutSecret(String(value), this.secret).slice(0, longestSaying);
      body = {
        ...(errorCode ? { errorCode: plain(errorCode) } : {}),
        ...(errorMessage ? { errorMessage: plain(errorMessage) } : {}),
      };
    } catch {
      // a page or plain text: the status says enough
    }
    const { status } = response;
    const { host } = new URL(base);
    const atlasCode = body.errorCode ?? '';
    const detail = `${status} ${atlasCode} ${body.errorMessage ?? ''}`.trim();
    const make = (code: StoreError['code'], message: string, advice?: string) =>
      new AtlasRefusal(status, atlasCode, code, message, advice, detail);
    const who = nameOfSignIn(this.connection, this.secret);
    switch (status) {
      case 400:
        return /plain HTTP request was sent to HTTPS|requires TLS/i.test(response.data)
          ? make('unreachable', `${host} speaks https only.`, 'Write https:// in the address.')
          : make('refused', `Atlas refused: ${body.errorMessage ?? 'it takes the request to be wrong'}.`);
      case 401:
      // what Atlas answers to scripts where it would show browsers its login page
      case 419:
        return who
          ? make('unauthorized', `${host} refused ${who}.`, adviceFor(this.connection, this.secret))
          : make('unauthorized', `${host} asks who you are.`, 'Connect with a user and password, or a token.');
      case 403:
        return make(
          'forbidden',
          `${host} does not allow this to you.`,
          'Ask the administrators of Atlas for the right to do it.',
        );
      case 404:
        return atlasCode
          ? make('refused', `Atlas does not know this: ${body.errorMessage ?? 'no more is said'}.`)
          : make('not-atlas', `There is no Atlas at ${base}.`, 'Check the path of the address.');
      case 407: {
        const proxy = proxyFor(base, this.connection.proxy);
        return make(
          'unauthorized',
          `The proxy${proxy ? ` ${proxy.host}:${proxy.port}` : ''} asks who you are.`,
          'Put user and password into the proxy’s address, in http.proxy or HTTPS_PROXY.',
        );
      }
      case 409:
        return make('conflict', 'Somebody else changed the same thing at the same time.', 'Try again.');
      case 429:
        return make('not-ready', `${host} is asked too often right now.`, 'Try again in a minute.');
      case 503:
        return this.bases.length > 1
          ? make('not-ready', `None of the ${this.bases.length} servers is the active one.`, 'Try again in a minute.')
          : make('not-ready', `${host} is not ready.`, 'It may be starting; try again in a minute.');
      default:
        return status >= 500
          ? make(
              'server-error',
              `Atlas at ${host} failed (${status}).`,
              'Try again; its administrators can see more in its log.',
            )
          : make('refused', `Atlas refused: ${body.errorMessage ?? `status ${status}`}.`);
    }
  }
}

interface Answer {
  response: AxiosResponse<string>;
  /** The server that gave it */
  base: string;
}

const commonHeaders = {
  Accept: 'application/json',
  'Content-Type': 'application/json',
  // without this Atlas answers with its login page instead of 401
  'X-Requested-With': 'XMLHttpRequest',
  // Atlas asks for a token of whoever looks like a browser
  'User-Agent': 'flink-sql-atlas',
  'X-XSRF-HEADER': '""',
};

/** Characters that a server can say of an error. */
const longestSaying = 1_000;

/** A text without a secret, as it is and as basic authentication writes it. */
function withoutSecret(text: string, secret: Secret | undefined): string {
  const written: (string | undefined)[] = [secret?.passphrase];
  if (secret?.type === 'basic')
    written.push(Buffer.from(`${secret.user}:${secret.password}`).toString('base64'), secret.password);
  if (secret?.type === 'bearer' || secret?.type === 'knox') written.push(secret.token);
  return written.reduce<string>((left, one) => (one ? left.replaceAll(one, '…') : left), text);
}

/** Aborted with another signal, or after so many milliseconds. */
function deadline(milliseconds: number, signal: AbortSignal | undefined): AbortSignal {
  const late = AbortSignal.timeout(milliseconds);
  return signal ? AbortSignal.any([signal, late]) : late;
}

/** Whether a request that was sent on a connection kept open met its end. */
function isStale(error: unknown): boolean {
  if (!axios.isAxiosError(error)) return false;
  return (error.code === 'ECONNRESET' || error.code === 'EPIPE') && error.request?.reusedSocket === true;
}

/** Whether a request changes nothing, so that it may be sent again. */
function isReading({ method, path }: Request): boolean {
  return method === 'GET' || (method === 'POST' && /^\/v2\/search\//.test(path));
}

/** Whether the next server can be asked the same: reading harms nothing, and what never arrived has done nothing. */
function mayAskNext(error: StoreError, request: Request): boolean {
  if (error instanceof ConnectionError && error.neverArrived) return true;
  return isReading(request) && (error.code === 'unreachable' || error.code === 'timeout');
}

/** What to say when each server of the list failed. */
function allFailed(failures: readonly StoreError[]): StoreError {
  const [first] = failures;
  if (!first) return new StoreError('unreachable', 'No server could be asked.');
  if (failures.length === 1) return first;
  const message = `None of the ${failures.length} servers can be reached. ${first.message}`;
  return new StoreError(first.code, message, first.advice, failures.map(({ detail }) => detail).join('; '));
}

function notAtlas(base: string): StoreError {
  return new StoreError(
    'not-atlas',
    `${new URL(base).host} answered with a web page, perhaps its login page.`,
    'Check the address: is this the gateway’s URL, and does it end before /api/atlas?',
  );
}

function adviceFor({ kerberos }: AtlasConnection, secret: Secret | undefined): string {
  const ticket = kerberos && (!secret || secret.type === 'none');
  return ticket ? 'Run kinit, then try again.' : 'Connect again with the right ones.';
}
