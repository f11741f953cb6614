// A real Apache Knox 2.0.0 on this machine, from Maven Central alone, as a gateway before a real Atlas. The release is not
// published there as one archive, so its modules are put together; those whose own dependencies are gone (web shell, pac4j) are
// left out. For trying and testing, on loopback only.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { delimiter, join } from 'node:path';
import { cacheRoot, freePort, run, step } from './atlas.mjs';
import { findJdk, findMaven } from './java.mjs';

const version = '2.0.0';
const home = join(cacheRoot, 'knox', `knox-${version}`);
const lib = join(home, 'lib');
const leastJava = 11;
const mostJava = 17;

const modules = [
  'gateway-server',
  'gateway-provider-security-shiro',
  'gateway-provider-security-jwt',
  'gateway-provider-identity-assertion-pseudo',
  'gateway-provider-rewrite',
  'gateway-provider-rewrite-func-service-registry',
  'gateway-provider-rewrite-func-hostmap-static',
  'gateway-provider-rewrite-func-inbound-query-param',
  'gateway-provider-security-authz-acls',
  'gateway-provider-jersey',
  'gateway-provider-ha',
  'gateway-service-definitions',
  'gateway-service-knoxsso',
  'gateway-service-knoxtoken',
];

/** Why a real Knox cannot run here, as a sentence; undefined when it can. */
export function whyNoKnox() {
  if (!findJdk(leastJava, mostJava)) return `A real Apache Knox needs a JDK ${leastJava} to ${mostJava}.`;
  if (!existsSync(join(home, 'installed')) && !findMaven()) return 'A real Apache Knox needs Maven (mvn) on the PATH.';
  return undefined;
}

/** Downloads Knox into the cache, once. */
async function installKnox(log) {
  if (existsSync(join(home, 'installed'))) return;
  const work = `${home}.${randomUUID().slice(0, 8)}`;
  mkdirSync(work, { recursive: true });
  const dependencies = modules.map(
    (
      name,
    ) => `<dependency><groupId>org.apache.knox</groupId><artifactId>${name}</artifactId><version>${version}</version>
      <exclusions><exclusion><groupId>org.jetbrains.pty4j</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>`,
  );
  writeFileSync(
    join(work, 'pom.xml'),
    `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
    <groupId>local</groupId><artifactId>knox</artifactId><version>1</version><packaging>pom</packaging>
    <dependencies>${dependencies.join('\n')}</dependencies></project>`,
  );
  try {
    await step(log, `Downloading Apache Knox ${version} from Maven Central (106 MiB)`, () =>
      run(
        findMaven(),
        [
          ...['-q', '-B', 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'],
          ...[`-DoutputDirectory=${join(work, 'lib')}`, '-DincludeScope=runtime'],
        ],
        { shell: process.platform === 'win32', cwd: work },
      ),
    );
    // how Knox rewrites the addresses of each service behind it
    const definitions = join(work, 'lib', `gateway-service-definitions-${version}.jar`);
    await run(findJdk(leastJava, mostJava).tool('jar'), ['xf', definitions, 'services'], { cwd: work });
    writeFileSync(join(work, 'installed'), '');
    if (!existsSync(join(home, 'installed'))) {
      rmSync(home, { recursive: true, force: true });
      renameSync(work, home);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const params = (values) =>
  Object.entries(values)
    .map(([name, value]) => `<param><name>${name}</name><value>${value}</value></param>`)
    .join('');
const provider = (role, name, values = {}) =>
  `<provider><role>${role}</role><name>${name}</name><enabled>true</enabled>${params(values)}</provider>`;
const service = (role, values, rest = '') => `<service><role>${role}</role>${rest}${params(values)}</service>`;

/**
 * The topologies: `basic` takes user and password and hands them on to Atlas, which asks for them too; `knoxsso` gives the cookie
 * for user and password, and `sso` asks for that cookie.
 */
function topologies({ atlasUrl, gateway, user, password }) {
  const identity = provider('identity-assertion', 'Default');
  const users = provider('authentication', 'ShiroProvider', { [`users.${user}`]: password, 'urls./**': 'authcBasic' });
  const cookie = provider('federation', 'SSOCookieProvider', {
    'sso.authentication.provider.url': `${gateway}/knoxsso/api/v1/websso`,
  });
  const url = `<url>${atlasUrl}</url>`;
  const handsOn = '<dispatch><classname>org.apache.knox.gateway.dispatch.PassAllHeadersDispatch</classname></dispatch>';
  const lasting = { 'knox.token.ttl': 3_600_000 };
  const topology = (providers, services) => `<topology><gateway>${providers}</gateway>${services}</topology>`;
  return {
    basic: topology(users + identity, service('ATLAS-API', {}, url + handsOn) + service('KNOXTOKEN', lasting)),
    sso: topology(cookie + identity, service('ATLAS-API', {}, url)),
    knoxsso: topology(
      users + identity,
      service('KNOXSSO', { 'knoxsso.token.ttl': 3_600_000, 'knoxsso.redirect.whitelist.regex': '.*' }),
    ),
  };
}

/**
 * Installs Knox when needed and makes what a gateway and an Atlas behind it have to know of each other before they start.
 * Gives { url, certificate, atlasProperties, start(atlas), stop() }: start Atlas with these properties, then the gateway with
 * what startAtlas gave. The gateway's users are Atlas's.
 */
export async function prepareKnox({ log = () => {} } = {}) {
  const problem = whyNoKnox();
  if (problem) throw new Error(problem);
  await installKnox(log);
  const jdk = findJdk(leastJava, mostJava);
  const data = join(cacheRoot, 'knox', `data-${randomUUID().slice(0, 8)}`);
  const conf = join(data, 'conf');
  const security = join(data, 'data', 'security');
  for (const folder of ['topologies', 'shared-providers', 'descriptors', 'META-INF/services'])
    mkdirSync(join(conf, folder), { recursive: true });
  for (const folder of [join(security, 'keystores'), join(data, 'logs'), join(data, 'data', 'deployments')])
    mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const url = `https://127.0.0.1:${port}/gateway`;
  const secret = randomUUID();

  // made here, because Knox makes it with classes that Java 17 no longer has
  const store = join(security, 'keystores', 'gateway.jks');
  const stored = ['-alias', 'gateway-identity', '-keystore', store, '-storetype', 'PKCS12', '-storepass', secret];
  await run(jdk.tool('keytool'), [
    ...['-genkeypair', ...stored, '-keypass', secret, '-keyalg', 'RSA', '-keysize', '2048', '-validity', '2'],
    ...['-dname', 'CN=localhost', '-ext', 'san=dns:localhost,ip:127.0.0.1'],
  ]);
  const certificate = join(data, 'gateway.pem');
  await run(jdk.tool('keytool'), ['-exportcert', '-rfc', ...stored, '-file', certificate]);

  const property = ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`;
  const settings = {
    'gateway.port': port,
    'gateway.host': '127.0.0.1',
    'gateway.path': 'gateway',
    'gateway.services.dir': join(home, 'services'),
    'gateway.websocket.feature.enabled': false,
    'gateway.dispatch.whitelist': '.*',
  };
  writeFileSync(
    join(conf, 'gateway-site.xml'),
    `<configuration>${Object.entries(settings).map(property).join('')}</configuration>`,
  );
  // names what the launcher of the release would name
  writeFileSync(
    join(conf, 'META-INF', 'services', 'org.apache.knox.gateway.services.GatewayServices'),
    'org.apache.knox.gateway.services.DefaultGatewayServices\n',
  );
  const java = (main, ...args) => {
    const opened = ['lang', 'lang.reflect', 'util', 'net', 'io'].map((name) => `java.base/java.${name}`);
    return [
      ...[...opened, 'java.base/sun.security.x509'].map((name) => `--add-opens=${name}=ALL-UNNAMED`),
      ...[`-DGATEWAY_HOME=${data}`, '-Xmx384m', '-XX:TieredStopAtLevel=1'],
      ...['-cp', [conf, join(lib, '*')].join(delimiter), main, ...args],
    ];
  };
  const options = { cwd: data, env: { ...process.env, GATEWAY_HOME: data }, windowsHide: true };
  await run(
    jdk.tool('java'),
    java('org.apache.knox.gateway.util.KnoxCLI', 'create-master', '--master', secret, '--force'),
    options,
  );

  let child;
  let ended;
  const start = async ({ url: atlasUrl, user, password }) => {
    for (const [name, text] of Object.entries(topologies({ atlasUrl, gateway: url, user, password })))
      writeFileSync(join(conf, 'topologies', `${name}.xml`), text);
    child = spawn(jdk.tool('java'), java('org.apache.knox.gateway.GatewayServer'), {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    ended = new Promise((done) => child.on('close', done));
    process.on('exit', () => child.kill('SIGKILL'));
    await step(log, `Starting Apache Knox ${version} at ${url}`, async () => {
      const deadline = Date.now() + 120_000;
      const address = `${url}/basic/knoxtoken/api/v1/token`;
      while (child.exitCode === null && Date.now() < deadline) {
        if ((await statusOf(address, readFileSync(certificate, 'utf8'))) === 401) return;
        await new Promise((done) => setTimeout(done, 300));
      }
      throw new Error(`Knox did not start.\n${output.slice(-4000)}`);
    });
  };
  const stop = async () => {
    child?.kill();
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  const atlasProperties = {
    'atlas.sso.knox.enabled': true,
    'atlas.sso.knox.providerurl': `${url}/knoxsso/api/v1/websso`,
    'atlas.sso.knox.publicKey': readFileSync(certificate, 'utf8').replace(/-----[^-]+-----|\s/g, ''),
    'atlas.sso.knox.browser.useragent': 'Mozilla,Chrome',
  };
  return { url, certificate, atlasProperties, start, stop };
}

/** The status of an answer; undefined while nothing answers. */
function statusOf(address, ca) {
  return new Promise((done) => {
    get(address, { ca }, (response) => {
      response.resume();
      done(response.statusCode);
    }).on('error', () => done(undefined));
  });
}
