// Kerberos for real: a KDC of MIT's, a ticket of kinit, and a server that checks it with its keytab. Runs where krb5-kdc,
// krb5-user and the npm package `kerberos` are installed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AtlasServer } from '../../server/src/atlas/atlasServer';
import { StoreError } from '../../server/src/atlas/store';

interface Kerberos {
  initializeServer(service: string): Promise<{ username: string; step(token: string): Promise<string> }>;
}

const places = [process.env.FLINK_SQL_KERBEROS, join(homedir(), '.flink-sql')].filter((place) => place !== undefined);

/** The package, found where the product finds it. */
function load(): Kerberos | undefined {
  for (const place of places) {
    try {
      return createRequire(join(place, 'package.json'))('kerberos') as Kerberos;
    } catch {
      // the next place
    }
  }
  return undefined;
}

const kerberos = load();
const path = `${process.env.PATH}:/usr/sbin`;

function hasPrograms(): boolean {
  try {
    for (const name of ['krb5kdc', 'kdb5_util', 'kadmin.local', 'kinit', 'kdestroy'])
      execFileSync('which', [name], { env: { ...process.env, PATH: path }, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const missing = kerberos
  ? hasPrograms()
    ? undefined
    : 'krb5-kdc and krb5-user are not installed'
  : 'the npm package kerberos is not installed';

describe.skipIf(missing)(`a real KDC${missing ? ` (${missing})` : ''}`, () => {
  let folder: string;
  let kdc: ChildProcess;
  let server: http.Server;
  let url: string;
  const users: string[] = [];
  let run: (program: string, args: string[], input?: string) => string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flink-sql-kdc-'));
    const file = (name: string) => join(folder, name);
    const port = await freePort();
    mkdirSync(file('db'));
    writeFileSync(
      file('krb5.conf'),
      `[libdefaults]
       default_realm = TEST
       dns_canonicalize_hostname = false
       rdns = false
       default_ccache_name = FILE:${file('ccache')}
       [realms]
       TEST = {
         kdc = 127.0.0.1:${port}
       }
       [domain_realm]
       localhost = TEST
       ${process.env.FLINK_SQL_KDB ? `[dbmodules]\n db_module_dir = ${process.env.FLINK_SQL_KDB}` : ''}
      `,
    );
    writeFileSync(
      file('kdc.conf'),
      `[kdcdefaults]
       kdc_listen = 127.0.0.1:${port}
       kdc_tcp_listen = 127.0.0.1:${port}
       [realms]
       TEST = {
         database_name = ${file('db/principal')}
         key_stash_file = ${file('db/stash')}
         acl_file = ${file('db/acl')}
       }
      `,
    );
    vi.stubEnv('PATH', path);
    vi.stubEnv('KRB5_CONFIG', file('krb5.conf'));
    vi.stubEnv('KRB5_KDC_PROFILE', file('kdc.conf'));
    vi.stubEnv('KRB5_KTNAME', file('keytab'));
    vi.stubEnv('FLINK_SQL_KERBEROS', places[0] ?? '');
    run = (program, args, input = '') => execFileSync(program, args, { input, encoding: 'utf8', stdio: 'pipe' });
    run('kdb5_util', ['create', '-s', '-P', 'master', '-r', 'TEST']);
    run('kadmin.local', ['-r', 'TEST', 'addprinc', '-pw', 'secret', 'ana']);
    run('kadmin.local', ['-r', 'TEST', 'addprinc', '-randkey', 'HTTP/localhost']);
    run('kadmin.local', ['-r', 'TEST', 'ktadd', '-k', file('keytab'), 'HTTP/localhost']);
    kdc = spawn('krb5kdc', ['-n', '-r', 'TEST'], { stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise<void>((started) => {
      kdc.stderr?.on('data', (chunk) => String(chunk).includes('starting') && started());
      kdc.stdout?.on('data', (chunk) => String(chunk).includes('starting') && started());
    });
    server = http.createServer(async (request, response) => {
      const ticket = /^Negotiate (.+)$/.exec(request.headers.authorization ?? '')?.[1];
      try {
        if (!ticket || !kerberos) throw new Error('no ticket');
        const context = await kerberos.initializeServer('HTTP@localhost');
        const answer = await context.step(ticket);
        users.push(context.username);
        response.setHeader('www-authenticate', `Negotiate ${answer}`);
        response.setHeader('content-type', 'application/json');
        response.end('{}');
      } catch {
        response.writeHead(401, { 'www-authenticate': 'Negotiate' }).end();
      }
    });
    await new Promise<void>((done) => server.listen(0, 'localhost', done));
    url = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server?.close();
    kdc?.kill();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (address = url) => {
    const connection = { name: 'prod', url: address, namespace: 'prod', timeout: 10_000, kerberos: true };
    try {
      await new AtlasServer(connection, undefined).findByName('kafka_topic', ['orders@prod']);
      return 'ok';
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return `${error.code}: ${error.message} ${error.advice}`;
    }
  };

  test('without a ticket', async () => {
    expect(await ask()).toBe('unauthorized: There is no Kerberos ticket here. Run kinit, then try again.');
  });
  test('with a ticket the server knows who asks', async () => {
    run('kinit', ['ana@TEST'], 'secret\n');
    expect(await ask()).toBe('ok');
    expect(users).toEqual(['ana@TEST']);
  });
  test('a host that the realm does not know', async () => {
    expect(await ask(url.replace('localhost', '127.0.0.1'))).toBe(
      'unauthorized: Kerberos does not know HTTP@127.0.0.1. Use the host’s full name in the address, or name its principal in `kerberos` of the connection.',
    );
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}
