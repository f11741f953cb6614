// How connections sign in and whom they trust: certificates, tokens, Kerberos, proxies, pairs of servers. Servers are real ones of
// Node with certificates of openssl; a small one plays the part of Atlas.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { type AddressInfo, connect as connectTo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { proxyFor } from '../../server/src/atlas/proxy';
import { StoreError } from '../../server/src/atlas/store';
import type { AtlasConnection, Secret } from '../../server/src/protocol';
import { makeCertificates, noOpenssl, PASSPHRASE } from './certificates';

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const children: ChildProcess[] = [];
let servers: (http.Server | https.Server)[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
  for (const child of children.splice(0)) child.kill();
  vi.unstubAllEnvs();
});

async function listen<S extends Server>(server: S): Promise<number> {
  servers.push(server as never);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Everything is there and empty: what Atlas answers to a question for an unknown name. */
const empty: Answer = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end('{}');
};
const status =
  (code: number, headers: http.OutgoingHttpHeaders = {}): Answer =>
  (_, response) => {
    response.writeHead(code, { 'content-type': 'text/html', ...headers });
    response.end('<html></html>');
  };
const plain = async (answer: Answer = empty) => `http://127.0.0.1:${await listen(http.createServer(answer))}`;

const secrets = ['planted-secret', PASSPHRASE];
const basic: Secret = { type: 'basic', user: 'ana', password: 'planted-secret' };

/** Asks for a name that is not there: 'ok', or code, message and advice of the failure with the ports replaced. */
async function ask(
  url: string,
  more: Partial<AtlasConnection> = {},
  secret: Secret | undefined = basic,
): Promise<string> {
  return outcome(connect(url, more, secret).findByName('kafka_topic', ['orders@prod']));
}

function connect(url: string, more: Partial<AtlasConnection> = {}, secret: Secret | undefined = basic) {
  return new AtlasServer({ name: 'prod', url, namespace: 'prod', timeout: 5_000, ...more }, secret);
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { code, message, advice = '', detail } = error;
    for (const secret of secrets) expect(`${message} ${advice} ${detail}`).not.toContain(secret);
    return `${code}: ${message} ${advice}`
      .replace(/127\.0\.0\.1:\d+/g, 'atlas:21443')
      .replace(/\/\S*\/(?=[\w.-]+\.(?:pem|key|p12))/g, '');
  }
}

describe.skipIf(noOpenssl)(`certificates${noOpenssl ? ` (${noOpenssl})` : ''}`, () => {
  let certificates: ReturnType<typeof makeCertificates>;
  beforeAll(() => {
    certificates = makeCertificates();
  });
  afterAll(() => certificates.remove());
  const file = (name: string) => certificates.file(name);

  /** A server with a certificate; `askClient`: it wants one of the client, too. */
  async function secure(name: string, { askClient = false, answer = empty, version = 'TLSv1.3' as const } = {}) {
    const options = {
      cert: readFileSync(file(`${name}.pem`)),
      key: readFileSync(file(`${name}.key`)),
      ...(askClient ? { requestCert: true, rejectUnauthorized: true, ca: readFileSync(file('ca.pem')) } : {}),
      maxVersion: version as 'TLSv1.2' | 'TLSv1.3',
    };
    return `https://127.0.0.1:${await listen(https.createServer(options, answer))}`;
  }

  test('an authority of one’s own is trusted when the connection names its file', async () => {
    expect(await ask(await secure('server'), { ca: file('ca.pem') })).toBe('ok');
  });
  test('an authority that nobody knows', async () => {
    expect(await ask(await secure('server'))).toBe(
      'untrusted: The certificate of atlas:21443 is signed by an authority that is not trusted here. Name the file of the authority that signed it in `ca` of the connection; your administrators have it.',
    );
  });
  test('the file of another authority', async () => {
    expect(await ask(await secure('server'), { ca: file('stranger-ca.pem') })).toBe(
      'untrusted: The certificate of atlas:21443 is signed by an authority that is not trusted here. The file in `ca` of the connection is not that of the authority that signed it.',
    );
  });
  test('a certificate that signs itself', async () => {
    expect(await ask(await secure('ca'))).toMatch(
      /^untrusted: The certificate of atlas:21443 is signed by nobody but itself\. Name the file/,
    );
  });
  test('an expired certificate', async () => {
    expect(await ask(await secure('expired'), { ca: file('ca.pem') })).toBe(
      'untrusted: The certificate of atlas:21443 has expired. Its administrators must renew it.',
    );
  });
  test('a certificate for another name', async () => {
    expect(await ask(await secure('other'), { ca: file('ca.pem') })).toBe(
      'untrusted: The certificate is for elsewhere.example.org, not for atlas:21443. Write the address with a name that the certificate has.',
    );
  });
  test('https where only http is spoken', async () => {
    expect(await ask((await plain()).replace('http:', 'https:'))).toBe(
      'unreachable: atlas:21443 does not speak https. Check the port, or write http:// in the address.',
    );
  });
  test('a file that is not there, or holds no certificate', async () => {
    const url = await secure('server');
    expect(await ask(url, { ca: '/nowhere/ca.pem' })).toBe(
      'invalid: The file ca.pem does not exist. Mend `ca` of the connection.',
    );
    expect(await ask(url, { ca: file('ca.key') })).toMatch(
      /^invalid: There is no certificate in ca.key\. Name a PEM file/,
    );
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a client certificate: PEM, with its key locked, and PKCS#12 (%s)',
    async (version) => {
      let seen = '';
      const answer: Answer = (request, response) => {
        seen = (request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }).getPeerCertificate()
          .subject.CN;
        empty(request, response);
      };
      const url = await secure('server', { askClient: true, answer, version: version as 'TLSv1.3' });
      const ca = file('ca.pem');
      const none: Secret = { type: 'none' };
      const open: Secret = { type: 'none', passphrase: PASSPHRASE };
      expect(await ask(url, { ca, cert: file('client.pem'), key: file('client.key') }, none)).toBe('ok');
      expect(seen).toBe('client');
      expect(await ask(url, { ca, cert: file('client.pem'), key: file('locked.key') }, open)).toBe('ok');
      expect(await ask(url, { ca, cert: file('client.p12') }, open)).toBe('ok');
    },
  );
  test('a passphrase that is missing or wrong', async () => {
    const url = await secure('server', { askClient: true });
    const files = { ca: file('ca.pem'), cert: file('client.pem'), key: file('locked.key') };
    const advice = 'Connect again and enter it, or set FLINK_SQL_ATLAS_PASSPHRASE.';
    expect(await ask(url, files, { type: 'none' })).toBe(
      `passphrase: locked.key is protected by a passphrase. ${advice}`,
    );
    const wrong: Secret = { type: 'none', passphrase: 'planted-secret' };
    expect(await ask(url, files, wrong)).toBe(`passphrase: The passphrase does not open locked.key. ${advice}`);
    const pkcs12 = { ca: file('ca.pem'), cert: file('client.p12') };
    expect(await ask(url, pkcs12, wrong)).toBe(`passphrase: The passphrase does not open client.p12. ${advice}`);
  });
  test('a key of another certificate', async () => {
    const url = await secure('server', { askClient: true });
    expect(await ask(url, { ca: file('ca.pem'), cert: file('client.pem'), key: file('server.key') })).toBe(
      'invalid: The key in server.key does not belong to the certificate in client.pem. Mend `key` or `cert` of the connection.',
    );
  });
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'no certificate where one is asked for, and one that is not accepted (%s)',
    async (version) => {
      const url = await secure('server', { askClient: true, version: version as 'TLSv1.3' });
      const ca = file('ca.pem');
      expect(await ask(url, { ca })).toBe(
        'unauthorized: atlas:21443 asks for a certificate of yours. Name its file in `cert` of the connection, and its key in `key`.',
      );
      // Node's server hangs up on certificates that it does not accept, openssl's says why
      expect(await ask(url, { ca, cert: file('stranger.pem'), key: file('stranger.key') })).toBe(
        'unreachable: atlas:21443 broke the connection off. Perhaps it does not accept the certificate in `cert` of the connection.',
      );
      const strict = await opensslServer(version);
      expect(await ask(strict, { ca, cert: file('stranger.pem'), key: file('stranger.key') })).toBe(
        'unauthorized: atlas:21443 does not accept your certificate. Check `cert` of the connection: who signed it, and whether it has expired.',
      );
    },
  );

  /** A server of openssl that takes only certificates of its own authority, and tells others so. */
  async function opensslServer(version: 'TLSv1.2' | 'TLSv1.3') {
    const certificate = ['-cert', file('server.pem'), '-key', file('server.key'), '-CAfile', file('ca.pem')];
    const strict = ['-Verify', '1', '-verify_return_error', version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3', '-www'];
    const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...certificate, ...strict]);
    children.push(child);
    let said = '';
    for await (const chunk of child.stdout) {
      said += chunk;
      const port = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) return `https://127.0.0.1:${port}`;
    }
    throw new Error(`openssl s_server ended: ${said}`);
  }
  test('a certificate that is mended is used by the next request', async () => {
    const url = await secure('server');
    const ca = file('copy.pem');
    writeFileSync(ca, readFileSync(file('stranger-ca.pem')));
    const store = connect(url, { ca });
    expect(await outcome(store.findByName('t', ['a']))).toMatch(/^untrusted/);
    writeFileSync(ca, readFileSync(file('ca.pem')));
    expect(await outcome(store.findByName('t', ['a']))).toBe('ok');
  });

  test('https goes through a proxy untouched, with the proxy’s own user', async () => {
    const target = new URL(await secure('server'));
    const seen: string[] = [];
    const proxy = http.createServer();
    proxy.on('connect', (request, socket) => {
      seen.push(
        `${request.url?.replace(/:\d+$/, '')} ${Buffer.from(request.headers['proxy-authorization']?.slice(6) ?? '', 'base64')}`,
      );
      expect(JSON.stringify(request.headers)).not.toContain(Buffer.from('ana:planted-secret').toString('base64'));
      const way = connectTo(Number(target.port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        way.pipe(socket).pipe(way);
      });
    });
    const port = await listen(proxy);
    const settings = { url: `http://bob:planted-secret@127.0.0.1:${port}`, bypass: [], strictSSL: true };
    // only the proxy knows this host
    const url = `https://atlas.test:${target.port}`;
    expect(await ask(url, { ca: file('ca.pem'), proxy: settings })).toBe('ok');
    expect(seen).toEqual(['atlas.test bob:planted-secret']);
    expect(await ask(url, { proxy: settings })).toMatch(
      /^untrusted: The certificate of atlas.test:\d+ is signed by an authority/,
    );
    expect(await ask(url, { proxy: { ...settings, strictSSL: false } })).toBe('ok');
  });
});

describe('proxies', () => {
  test('http goes through the proxy, also when the environment names it', async () => {
    const seen: string[] = [];
    const proxy = await plain((request, response) => {
      seen.push(`${request.method} ${request.url?.slice(0, 40)}`);
      empty(request, response);
    });
    expect(await ask('http://atlas.test:21000', { proxy: { url: proxy, bypass: [], strictSSL: true } })).toBe('ok');
    vi.stubEnv('http_proxy', proxy);
    vi.stubEnv('no_proxy', '');
    expect(await ask('http://atlas.test:21000')).toBe('ok');
    expect(seen).toEqual(Array(2).fill('GET http://atlas.test:21000/api/atlas/v2/ent'));
  });
  test('a proxy that is not there is told from an Atlas that is not there', async () => {
    const gone = await plain();
    const { port } = new URL(gone);
    await new Promise((done) => servers[0]?.close(done));
    for (const url of ['http://atlas.test:21000', 'https://atlas.test:21443']) {
      expect((await ask(url, { proxy: { url: gone, bypass: [], strictSSL: true } })).replace(port, '3128')).toBe(
        'unreachable: The proxy atlas:21443 cannot be reached. Check http.proxy and http.noProxy in the settings, or HTTPS_PROXY and NO_PROXY.',
      );
    }
  });
  test('a proxy that asks who you are', async () => {
    const proxy = await plain(status(407, { 'proxy-authenticate': 'Basic' }));
    expect(await ask('http://atlas.test:21000', { proxy: { url: proxy, bypass: [], strictSSL: true } })).toBe(
      'unauthorized: The proxy atlas:21443 asks who you are. Put user and password into the proxy’s address, in http.proxy or HTTPS_PROXY.',
    );
  });

  test.each([
    ['http://atlas.example.org:21000', [], 'proxy'],
    ['http://atlas.example.org:21000', ['example.org'], 'direct'],
    ['http://atlas.example.org:21000', ['.example.org'], 'direct'],
    ['http://example.org', ['*.example.org'], 'proxy'],
    ['http://atlas.example.org', ['*.example.org'], 'direct'],
    ['http://notexample.org', ['example.org'], 'proxy'],
    ['http://atlas.example.org:21000', ['atlas.example.org:21000'], 'direct'],
    ['https://atlas.example.org', ['atlas.example.org:21000', 'x:443'], 'proxy'],
    ['https://atlas.example.org', ['atlas.example.org:443'], 'direct'],
    ['http://10.0.0.1', ['*'], 'direct'],
    ['http://localhost:21000', [], 'direct'],
    ['http://127.0.0.1:21000', [], 'direct'],
    ['http://[::1]:21000', [], 'direct'],
  ])('%s with %j excepted is reached %s', (address, bypass, expected) => {
    const way = proxyFor(address, { url: 'http://proxy:3128', bypass, strictSSL: true });
    expect(way === false ? 'direct' : way && `${way.host}:${way.port}`).toBe(
      expected === 'direct' ? 'direct' : 'proxy:3128',
    );
  });
});

describe('tokens', () => {
  const jwt = (exp: number) => `x.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.x`;

  test('a Knox token is a cookie, on the gateway’s path', async () => {
    const seen: string[] = [];
    const url = await plain((request, response) => {
      seen.push(`${request.url?.slice(0, 42)} ${request.headers.cookie} ${request.headers.authorization}`);
      empty(request, response);
    });
    expect(await ask(`${url}/gateway/cdp-proxy-api/atlas`, {}, { type: 'knox', token: 'abc' })).toBe('ok');
    expect(seen).toEqual(['/gateway/cdp-proxy-api/atlas/api/atlas/v2/ hadoop-jwt=abc undefined']);
  });
  test('user and password through a gateway', async () => {
    const url = await plain((request, response) => {
      const wrong = request.headers.authorization !== `Basic ${Buffer.from('ana:planted-secret').toString('base64')}`;
      (wrong ? status(401) : empty)(request, response);
    });
    expect(await ask(`${url}/gateway/cdp-proxy-api/atlas/api/atlas/v2`)).toBe('ok');
  });
  test('a gateway’s sign-in page', async () => {
    const url = await plain(
      status(302, { location: 'https://knox.example.org:8443/gateway/knoxsso/api/v1/websso?originalUrl=x' }),
    );
    const advice =
      'Connect with a Knox token (the cookie hadoop-jwt), or with user and password where the gateway takes them.';
    expect(await ask(url, {}, { type: 'none' })).toBe(
      `unauthorized: The gateway at atlas:21443 asks you to sign in. ${advice}`,
    );
    expect(await ask(url, {}, { type: 'knox', token: jwt(Date.UTC(2026, 0, 2) / 1000) })).toBe(
      `unauthorized: The gateway at atlas:21443 refused this token, which ended on 2026-01-02. ${advice}`,
    );
  });
  test('a token that is refused, and one that is over', async () => {
    const url = await plain(status(401));
    const later = Date.now() / 1000 + 3600;
    for (const token of ['planted-secret', jwt(later)]) {
      expect(await ask(url, {}, { type: 'bearer', token })).toBe(
        'unauthorized: atlas:21443 refused this token. Connect again with the right ones.',
      );
    }
    expect(await ask(url, {}, { type: 'bearer', token: jwt(Date.UTC(2026, 0, 2) / 1000) })).toMatch(
      /refused this token, which ended on 2026-01-02\./,
    );
  });
});

describe('Kerberos', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flink-sql-kerberos-'));
    const home = join(folder, 'node_modules/kerberos');
    mkdirSync(home, { recursive: true });
    // The ticket says for whom it is; the answer to the server's first ticket is told apart from it
    writeFileSync(
      join(home, 'index.js'),
      `exports.GSS_MECH_OID_SPNEGO = 6;
       exports.initializeClient = async (service, { mechOID }) => {
         if (process.env.FAKE_KERBEROS) throw new Error(process.env.FAKE_KERBEROS);
         return { step: async (given) => (given ? (given === 'more' ? 'second' : '') : 'ticket-' + service + '-' + mechOID) };
       };`,
    );
    writeFileSync(join(home, 'package.json'), '{"name":"kerberos","main":"index.js"}');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const principal = `HTTP${process.platform === 'win32' ? '/' : '@'}127.0.0.1`;

  test('signs in with a ticket once, and then with the session that it got for it', async () => {
    vi.stubEnv('FLINK_SQL_KERBEROS', folder);
    const seen: string[] = [];
    let session = 'one';
    const url = await plain((request, response) => {
      const { authorization = '', cookie = '' } = request.headers;
      seen.push([authorization, cookie].filter(Boolean).join(' '));
      if (cookie === `ATLASSESSIONID=${session}; hadoop.auth=x`) return empty(request, response);
      if (!authorization) return status(401, { 'www-authenticate': 'Negotiate' })(request, response);
      response.setHeader('set-cookie', [`ATLASSESSIONID=${session}; Path=/; HttpOnly`, 'hadoop.auth=x; Path=/']);
      return empty(request, response);
    });
    const store = connect(url, { kerberos: true }, { type: 'none' });
    const find = () => outcome(store.findByName('t', ['a']));
    expect([await find(), await find()]).toEqual(['ok', 'ok']);
    session = 'two';
    expect(await find()).toBe('ok');
    const ticket = `Negotiate ticket-${principal}-6`;
    const cookie = 'ATLASSESSIONID=one; hadoop.auth=x';
    expect(seen).toEqual([ticket, cookie, cookie, ticket]);
  });
  test('goes on while the server wants more, and takes a principal of its own', async () => {
    vi.stubEnv('FLINK_SQL_KERBEROS', folder);
    const seen: string[] = [];
    const url = await plain((request, response) => {
      seen.push(request.headers.authorization ?? '');
      const done = request.headers.authorization === 'Negotiate second';
      (done ? empty : status(401, { 'www-authenticate': 'Negotiate more' }))(request, response);
    });
    expect(await ask(url, { kerberos: 'HTTP@lb.example.org' }, { type: 'none' })).toBe('ok');
    expect(seen).toEqual(['Negotiate ticket-HTTP@lb.example.org-6', 'Negotiate second']);
  });
  test('a ticket that is refused', async () => {
    vi.stubEnv('FLINK_SQL_KERBEROS', folder);
    expect(await ask(await plain(status(401)), { kerberos: true }, { type: 'none' })).toBe(
      'unauthorized: atlas:21443 refused your Kerberos ticket. Run kinit, then try again.',
    );
  });
  test.each([
    ['No credentials cache found', 'There is no Kerberos ticket here. Run kinit, then try again.'],
    ['Ticket expired', 'Your Kerberos ticket has expired. Run kinit, then try again.'],
    [
      'Server HTTP/127.0.0.1@EXAMPLE.ORG not found in Kerberos database',
      `Kerberos does not know ${principal}. Use the host’s full name in the address, or name its principal in \`kerberos\` of the connection.`,
    ],
  ])('%s', async (thrown, expected) => {
    vi.stubEnv('FLINK_SQL_KERBEROS', folder);
    vi.stubEnv('FAKE_KERBEROS', thrown);
    expect(await ask(await plain(), { kerberos: true }, { type: 'none' })).toBe(`unauthorized: ${expected}`);
  });
  test('the package is not installed', async () => {
    expect(await ask(await plain(), { kerberos: true }, { type: 'none' })).toMatch(
      /^not-configured: Signing in with Kerberos needs the package “kerberos”, which is not installed\. Install it with: npm install --prefix .*\.flink-sql kerberos\.$/,
    );
  });
});

describe('several servers of one Atlas', () => {
  const gone = async () => {
    const url = await plain();
    await new Promise((done) => servers.pop()?.close(done));
    return url;
  };
  /** A server that counts its requests. */
  const counting = async (answer: Answer = empty) => {
    const seen: string[] = [];
    const url = await plain((request, response) => {
      seen.push(request.method ?? '');
      answer(request, response);
    });
    return { url, seen };
  };
  const write = (store: AtlasServer) => outcome(store.write([{ guid: '-1', typeName: 'DataSet', attributes: {} }]));
  const read = (store: AtlasServer) => outcome(store.findByName('t', ['a']));

  test('the next one is asked where one is away, and stays the one that is asked', async () => {
    const dead = await gone();
    const { url, seen } = await counting();
    const store = connect(dead, { otherUrls: [url] });
    expect([await write(store), await read(store)]).toEqual(['ok', 'ok']);
    expect(seen).toEqual(['POST', 'GET']);
    expect(store.webUrl('g')).toBe(`${url}/index.html#!/detailPage/g`);
  });
  test('… where one is passive', async () => {
    const passive = await counting(status(503));
    const active = await counting();
    const store = connect(passive.url, { otherUrls: [active.url] });
    expect([await write(store), await write(store)]).toEqual(['ok', 'ok']);
    expect([passive.seen, active.seen]).toEqual([['POST'], ['POST', 'POST']]);
  });
  test('what may have been done is not asked of the next one, unless it only reads', async () => {
    const broken = await counting((request) => request.socket.destroy());
    const good = await counting();
    const reader = connect(broken.url, { otherUrls: [good.url] });
    expect(await read(reader)).toBe('ok');
    const writer = connect(broken.url, { otherUrls: [good.url] });
    expect(await write(writer)).toMatch(/^unreachable: atlas:21443 broke the connection off/);
    expect(good.seen).toEqual(['GET']);
    // the next attempt begins with the one that works
    expect(await write(writer)).toBe('ok');
  });
  test('one that never answers does not use up the time of the next', async () => {
    const silent = await counting(() => {});
    const good = await counting();
    expect(await ask(silent.url, { otherUrls: [good.url], timeout: 300 })).toBe('ok');
  });
  test('all are away', async () => {
    expect(await ask(await gone(), { otherUrls: [await gone()] })).toBe(
      'unreachable: None of the 2 servers can be reached. Nothing answers at atlas:21443. Check the port, and whether Atlas is running.',
    );
  });
  test('none is active', async () => {
    const one = await counting(status(503));
    const two = await counting(status(503));
    expect(await ask(one.url, { otherUrls: [two.url] })).toBe(
      'not-ready: None of the 2 servers is the active one. Try again in a minute.',
    );
  });
  test('a redirect leads to another server of the list, and is remembered', async () => {
    const active = await counting();
    const passive = await counting((request, response) =>
      status(307, { location: `${active.url}${request.url}` })(request, response),
    );
    const store = connect(passive.url, { otherUrls: [active.url] });
    expect([await write(store), await write(store)]).toEqual(['ok', 'ok']);
    expect([passive.seen, active.seen]).toEqual([['POST'], ['POST', 'POST']]);
  });
  test('credentials are never taken to a host that is not in the list', async () => {
    const elsewhere = await counting();
    const { port } = new URL(elsewhere.url);
    // the same machine under another name
    const url = await plain((request, response) =>
      status(307, { location: `http://localhost:${port}${request.url}` })(request, response),
    );
    expect((await ask(url)).replaceAll(port, '21000')).toBe(
      'refused: atlas:21443 sends you on to localhost:21000, which is no address of this connection. If that is the same Atlas, add http://localhost:21000 to the addresses of the connection.',
    );
    expect(elsewhere.seen).toEqual([]);
    expect(await ask(url, { otherUrls: [`http://localhost:${port}`] })).toBe('ok');
  });
});
