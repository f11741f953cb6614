/** Requests to one Atlas server: authentication, deadlines, cancellation, and every failure as a StoreError. */
import axios, { type AxiosResponse } from 'axios';
import type { AtlasConnection, Secret } from '../protocol';
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

const causes: Record<string, (host: string) => [StoreError['code'], string, string]> = {
  ECONNREFUSED: (host) => [
    'unreachable',
    `Nothing answers at ${host}.`,
    'Check the port, and whether Atlas is running.',
  ],
  ENOTFOUND: (host) => [
    'unreachable',
    `The host of ${host} is not known.`,
    'Check the address, or connect to the network or VPN.',
  ],
  EAI_AGAIN: (host) => [
    'unreachable',
    `The host of ${host} is not known.`,
    'Check the address, or connect to the network or VPN.',
  ],
  EHOSTUNREACH: (host) => ['unreachable', `There is no way to ${host} from here.`, 'Connect to the network or VPN.'],
  ENETUNREACH: (host) => ['unreachable', `There is no way to ${host} from here.`, 'Connect to the network or VPN.'],
  ECONNRESET: (host) => [
    'unreachable',
    `${host} broke the connection off.`,
    'Try again; if it stays, check whether the address needs https.',
  ],
  EPIPE: (host) => ['unreachable', `${host} broke the connection off.`, 'Try again.'],
  ETIMEDOUT: (host) => [
    'timeout',
    `${host} did not answer in time.`,
    'Try again, or allow more time in the connection.',
  ],
};

function untrusted(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code);
}

/** Redirects of a passive server of a pair, and from http to https. */
const mostRedirects = 5;
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

export class AtlasHttp {
  /** Address of the server, without /api/atlas */
  readonly base: string;
  private readonly host: string;
  private readonly headers: Record<string, string>;

  constructor(
    private readonly connection: AtlasConnection,
    private readonly secret: Secret | undefined,
  ) {
    this.base = serverUrl(connection.url);
    this.host = new URL(this.base).host;
    this.headers = {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      // without this Atlas answers with its login page instead of 401
      'X-Requested-With': 'XMLHttpRequest',
      // Atlas asks for a token of whoever looks like a browser
      'User-Agent': 'flink-sql-atlas',
      'X-XSRF-HEADER': '""',
    };
    if (secret?.type === 'basic') {
      const pair = Buffer.from(`${secret.user}:${secret.password}`).toString('base64');
      this.headers.Authorization = `Basic ${pair}`;
    } else if (secret?.type === 'bearer') {
      this.headers.Authorization = `Bearer ${secret.token}`;
    }
  }

  /** The answer's JSON. Throws a StoreError: 'cancelled' when the signal is aborted, 'timeout' when it takes too long. */
  async json<T>(request: Request): Promise<T> {
    const deadline = AbortSignal.timeout(this.connection.timeout + (request.patience ?? 0));
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    const response = await this.send(request, signal);
    if (response.status >= 400) throw this.refusal(response);
    if (looksLikeHtml(response)) throw this.notAtlas();
    if (response.data === '') return undefined as T;
    try {
      return JSON.parse(response.data) as T;
    } catch {
      throw new StoreError(
        'server-error',
        `The answer of ${this.host} was cut off or is not from Atlas.`,
        'Try again; if it stays, check the address.',
        `${request.method} ${request.path}: not JSON`,
      );
    }
  }

  private async send(request: Request, signal: AbortSignal): Promise<AxiosResponse<string>> {
    let url = `${this.base}/api/atlas${request.path}`;
    let redirects = 0;
    let attempts = 0;
    for (;;) {
      let response: AxiosResponse<string>;
      try {
        response = await axios.request<string>({
          method: request.method,
          url,
          data: request.body === undefined ? undefined : JSON.stringify(request.body),
          headers: this.headers,
          signal,
          responseType: 'text',
          // axios would parse by itself, and swallow what cannot be parsed
          transformResponse: (data: string) => data,
          maxRedirects: 0,
          validateStatus: () => true,
          maxContentLength: 256 * 1024 * 1024,
          maxBodyLength: 256 * 1024 * 1024,
        });
      } catch (error) {
        throw this.failure(error, request, signal);
      }
      const { status } = response;
      if (status >= 300 && status < 400) {
        const next = this.redirect(url, response, request);
        if (!next) throw this.notAtlas();
        if (redirects === mostRedirects) {
          throw new StoreError(
            'not-ready',
            `${this.host} and its partner send requests to each other.`,
            'None of them may be the active one yet; try again in a minute.',
          );
        }
        url = next;
        redirects++;
      } else if (status === 503 && attempts < retries) {
        attempts++;
        await pause(250 * 2 ** attempts, signal);
        if (signal.aborted) throw this.failure(undefined, request, signal);
      } else {
        return response;
      }
    }
  }

  /** Where to go on: the active one of a pair of servers, or the same place with https. Anything else is a login page. */
  private redirect(from: string, response: AxiosResponse<string>, request: Request): string | undefined {
    const location = response.headers.location as string | undefined;
    if (!location) return undefined;
    const target = new URL(location, from);
    if (!target.pathname.includes('/api/atlas/')) return undefined;
    const here = new URL(from);
    // credentials travel along: never from https to http
    if (here.protocol === 'https:' && target.protocol !== 'https:') return undefined;
    if (response.status === 307 || response.status === 308) return target.href;
    return request.method === 'GET' && target.hostname === here.hostname ? target.href : undefined;
  }

  private notAtlas(): StoreError {
    return new StoreError(
      'not-atlas',
      `${this.host} answered with a web page, perhaps its login page.`,
      'Check the address: is this the gateway’s URL, and does it end before /api/atlas?',
    );
  }

  private failure(error: unknown, request: Request, signal: AbortSignal): StoreError {
    if (request.signal?.aborted) return new StoreError('cancelled', 'Cancelled.');
    const detail = `${request.method} ${request.path}: ${error instanceof Error ? error.message : String(error)}`;
    if (signal.aborted) {
      return new StoreError(
        'timeout',
        `${this.host} did not answer in time.`,
        'Try again, or allow more time in the connection.',
        detail,
      );
    }
    const code = axios.isAxiosError(error) ? (error.code ?? '') : '';
    const known = causes[code]?.(this.host);
    if (known) return new StoreError(...known, detail);
    if (untrusted(code)) {
      return new StoreError(
        'unreachable',
        `The certificate of ${this.host} is not trusted here.`,
        'Add the authority that signed it to this machine, or to NODE_EXTRA_CA_CERTS.',
        detail,
      );
    }
    return new StoreError(
      'unreachable',
      `${this.host} cannot be reached (${code || 'unknown reason'}).`,
      'Try again.',
      detail,
    );
  }

  private refusal(response: AxiosResponse<string>): StoreError {
    let body: { errorCode?: string; errorMessage?: string } = {};
    try {
      body = JSON.parse(response.data) as typeof body;
    } catch {
      // a page or plain text: the status says enough
    }
    const { status } = response;
    const atlasCode = body.errorCode ?? '';
    const detail = `${status} ${atlasCode} ${body.errorMessage ?? ''}`.trim();
    const make = (code: StoreError['code'], message: string, advice?: string) =>
      new AtlasRefusal(status, atlasCode, code, message, advice, detail);
    const who = this.secret?.type === 'basic' ? `the user ${this.secret.user} with this password` : 'this token';
    switch (status) {
      case 401:
      // what Atlas answers to scripts where it would show browsers its login page
      case 419:
        return this.secret
          ? make('unauthorized', `${this.host} refused ${who}.`, 'Connect again with the right ones.')
          : make('unauthorized', `${this.host} asks who you are.`, 'Connect with a user and password, or a token.');
      case 403:
        return make(
          'forbidden',
          `${this.host} does not allow this to you.`,
          'Ask the administrators of Atlas for the right to do it.',
        );
      case 404:
        return atlasCode
          ? make('refused', `Atlas does not know this: ${body.errorMessage ?? 'no more is said'}.`)
          : make('not-atlas', `There is no Atlas at ${this.base}.`, 'Check the path of the address.');
      case 409:
        return make('conflict', 'Somebody else changed the same thing at the same time.', 'Try again.');
      case 429:
        return make('not-ready', `${this.host} is asked too often right now.`, 'Try again in a minute.');
      case 503:
        return make('not-ready', `${this.host} is not ready.`, 'It may be starting; try again in a minute.');
      default:
        return status >= 500
          ? make(
              'server-error',
              `Atlas at ${this.host} failed (${status}).`,
              'Try again; its administrators can see more in its log.',
            )
          : make('refused', `Atlas refused: ${body.errorMessage ?? `status ${status}`}.`);
    }
  }
}
