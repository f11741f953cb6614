// What users read when the server is wrong, absent, slow or broken. A small server plays the part of each.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { serverUrl } from '../../server/src/atlas/http';
import { StoreError } from '../../server/src/atlas/store';

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that gives every request the same treatment, and its address. */
async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json =
  (value: unknown, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
const html =
  (status: number): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<html><body>Login</body></html>');
  };

function connect(url: string, timeout = 5_000) {
  return new AtlasServer(
    { name: 'prod', url, namespace: 'prod', timeout },
    { type: 'basic', user: 'ana', password: 'planted-secret' },
  );
}

/** code, message and advice of the failure, the port replaced. */
async function failure(work: Promise<unknown>): Promise<string[]> {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError);
    const { code, message, advice, detail } = error as StoreError;
    expect(`${message} ${advice} ${detail}`).not.toContain('planted-secret');
    return [code, message.replace(/127\.0\.0\.1:\d+/g, 'atlas:21000'), advice ?? ''];
  }
  throw new Error('It did not fail.');
}

const find = (url: string, timeout?: number) => connect(url, timeout).findByName('kafka_topic', ['orders@prod']);

test('a server that repeats what it was sent', async () => {
  const echo: Answer = ({ headers: { authorization = '' } }, response) => {
    const sent = Buffer.from(authorization.slice('Basic '.length), 'base64');
    json({ errorCode: `ATLAS-400-00-001 ${sent}`, errorMessage: `${authorization} ${sent} ${'x'.repeat(5000)}` }, 400)(
      {} as IncomingMessage,
      response,
    );
  };
  const [code, message = ''] = await failure(find(await serve(echo)));
  expect([code, message.slice(0, 45)]).toEqual(['refused', 'Atlas refused: Basic … ana:… xxxxxxxxxxxxxxxx']);
  expect(message.length).toBeLessThan(1100);
});

describe('a server that is not there', () => {
  test('nothing listens', async () => {
    const url = await serve(json({}));
    await new Promise((done) => servers[0]?.close(done));
    expect(await failure(find(url))).toEqual([
      'unreachable',
      'Nothing answers at atlas:21000.',
      'Check the port, and whether Atlas is running.',
    ]);
  });

  test('unknown host', async () => {
    expect(await failure(find('http://atlas.invalid:21000'))).toEqual([
      'unreachable',
      'The host of atlas.invalid:21000 is not known.',
      'Check the address, or connect to the network or VPN.',
    ]);
  });

  test('it never answers', async () => {
    const url = await serve(() => {});
    expect(await failure(find(url, 100))).toEqual([
      'timeout',
      'atlas:21000 did not answer in time.',
      'Try again, or allow more time in the connection.',
    ]);
  });

  test('it drips its answer without end', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    expect((await failure(find(url, 200)))[0]).toBe('timeout');
  });

  test('it breaks the connection off, before and in the middle of its answer', async () => {
    const before = await serve((request) => request.socket.destroy());
    expect(await failure(find(before))).toEqual([
      'unreachable',
      'atlas:21000 broke the connection off.',
      'Try again; if it stays, check whether the address needs https.',
    ]);
    const middle = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"entities":[', () => request.socket.destroy());
    });
    expect((await failure(find(middle)))[0]).toBe('unreachable');
  });

  test('waiting can be cancelled', async () => {
    const abort = new AbortController();
    const url = await serve(() => abort.abort());
    const work = connect(url).findByName('kafka_topic', ['orders@prod'], abort.signal);
    expect(await failure(work)).toEqual(['cancelled', 'Cancelled.', '']);
  });
});

describe('a server that is not Atlas', () => {
  const notAtlas = [
    'not-atlas',
    'atlas:21000 answered with a web page, perhaps its login page.',
    'Check the address: is this the gateway’s URL, and does it end before /api/atlas?',
  ];

  test('a page instead of data', async () => {
    expect(await failure(find(await serve(html(200))))).toEqual(notAtlas);
  });

  test('a redirect to a login page', async () => {
    const url = await serve((_, response) => {
      response.writeHead(302, { location: '/login.jsp' });
      response.end();
    });
    expect(await failure(find(url))).toEqual(notAtlas);
  });

  test('a page that does not exist', async () => {
    const [code, message] = await failure(find(await serve(html(404))));
    expect([code, message]).toEqual(['not-atlas', 'There is no Atlas at http://atlas:21000.']);
  });

  test('data of another kind', async () => {
    const [code, , advice] = await failure(connect(await serve(json({ hello: 'world' }))).status());
    expect([code, advice]).toEqual(['not-atlas', 'Check the address.']);
  });

  test('data that is cut off', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"entities":[{"guid"');
    });
    expect(await failure(find(url))).toEqual([
      'server-error',
      'The answer of atlas:21000 was cut off or is not from Atlas.',
      'Try again; if it stays, check the address.',
    ]);
  });
});

describe('a server that refuses', () => {
  test.each([401, 419])('the user or password, with status %i and a page', async (status) => {
    expect(await failure(find(await serve(html(status))))).toEqual([
      'unauthorized',
      'atlas:21000 refused the user ana with this password.',
      'Connect again with the right ones.',
    ]);
  });

  test('whoever says nothing of himself', async () => {
    const store = new AtlasServer(
      { name: 'x', url: await serve(html(401)), namespace: 'x', timeout: 5_000 },
      undefined,
    );
    expect((await failure(store.status())).slice(0, 2)).toEqual(['unauthorized', 'atlas:21000 asks who you are.']);
  });

  test.each([
    [403, 'forbidden', 'atlas:21000 does not allow this to you.'],
    [429, 'not-ready', 'atlas:21000 is asked too often right now.'],
    [500, 'server-error', 'Atlas at atlas:21000 failed (500).'],
    [409, 'conflict', 'Somebody else changed the same thing at the same time.'],
  ])('with status %i', async (status, code, message) => {
    expect((await failure(find(await serve(json({}, status))))).slice(0, 2)).toEqual([code, message]);
  });

  test('types to someone who may not make any', async () => {
    const [code, message, advice] = await failure(connect(await serve(json({}, 403))).createTypes({}));
    expect([code, message]).toEqual([
      'forbidden',
      'prod does not let you make a place for Flink’s tables and columns.',
    ]);
    expect(advice).toBe('Ask its administrators to do it once, or publish by table only.');
  });
});

describe('a pair of servers', () => {
  test('the passive one leads to the active one, which is asked the same with the same credentials', async () => {
    const seen: string[] = [];
    const active = await serve((request, response) => {
      let body = '';
      request.on('data', (data) => {
        body += data;
      });
      request.on('end', () => {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization?.slice(0, 6)} ${body}`);
        json({ guidAssignments: { '-1': 'real' } })(request, response);
      });
    });
    const passive = await serve((request, response) => {
      response.writeHead(307, { location: `${active}${request.url}` });
      response.end();
    });
    const made = await connect(passive).write([{ guid: '-1', typeName: 'DataSet', attributes: {} }]);
    expect([...made]).toEqual([['-1', 'real']]);
    expect(seen).toEqual([
      'POST /api/atlas/v2/entity/bulk Basic  {"entities":[{"guid":"-1","typeName":"DataSet","attributes":{}}]}',
    ]);
  });

  test('one that is becoming active is asked again', async () => {
    let asked = 0;
    const url = await serve((request, response) => json(asked ? {} : {}, asked++ ? 200 : 503)(request, response));
    expect(await find(url)).toEqual([]);
    expect(asked).toBe(2);
  });

  test('one that stays passive says that it is not ready', async () => {
    expect((await failure(find(await serve(json({}, 503))))).slice(0, 2)).toEqual([
      'not-ready',
      'atlas:21000 is not ready.',
    ]);
  });

  test('two that point to each other end in an error', async () => {
    const url = await serve((request, response) => {
      response.writeHead(307, { location: `http://${request.headers.host}${request.url}` });
      response.end();
    });
    expect((await failure(find(url))).slice(0, 2)).toEqual([
      'not-ready',
      'atlas:21000 and its partner send requests to each other.',
    ]);
  });
});

test('a connection that was kept open and is closed by the server costs a reader nothing, and no write is sent twice', async () => {
  const served = new WeakSet<object>();
  const changes: string[] = [];
  const url = await serve((request, response) => {
    if (request.method === 'POST' && !request.url?.includes('/search/')) changes.push(request.url ?? '');
    // a connection is good for one answer, and does not say so
    if (served.has(request.socket)) return request.socket.destroy();
    served.add(request.socket);
    json({ entities: [] })(request, response);
  });
  const store = connect(url);
  const search = () => store.search({ typeName: 'kafka_topic', offset: 0, limit: 10 });
  for (let turn = 0; turn < 3; turn++) {
    expect(await store.findByName('kafka_topic', ['orders@prod'])).toEqual([]);
    expect((await search()).entities).toEqual([]);
  }
  const topic = { guid: '-1', typeName: 'kafka_topic', attributes: { name: 'orders', qualifiedName: 'orders@prod' } };
  expect((await failure(store.write([topic]))).slice(0, 2)).toEqual([
    'unreachable',
    'atlas:21000 broke the connection off.',
  ]);
  expect(changes).toHaveLength(1);
});

describe('addresses as people paste them', () => {
  test.each([
    ['http://atlas:21000', 'http://atlas:21000'],
    [' https://atlas.example.org:21443/ ', 'https://atlas.example.org:21443'],
    ['http://atlas:21000/api/atlas', 'http://atlas:21000'],
    ['http://atlas:21000/api/atlas/v2/', 'http://atlas:21000'],
    ['http://atlas:21000/index.html#!/search', 'http://atlas:21000'],
    ['http://atlas:21000/login.jsp?x=1', 'http://atlas:21000'],
    ['https://knox:8443/gateway/cdp-proxy-api/atlas/api/atlas', 'https://knox:8443/gateway/cdp-proxy-api/atlas'],
    ['https://knox:8443/gateway/cdp-proxy-api/atlas', 'https://knox:8443/gateway/cdp-proxy-api/atlas'],
  ])('%s', (text, expected) => {
    expect(serverUrl(text)).toBe(expected);
  });

  test.each([
    ['atlas', '“atlas” is not a web address.'],
    ['ftp://atlas', '“ftp://atlas” is not a web address.'],
    ['http://ana:planted-secret@atlas:21000', 'The address contains a user or password.'],
  ])('%s is refused', (text, message) => {
    expect(() => serverUrl(text)).toThrow(message);
  });
});
