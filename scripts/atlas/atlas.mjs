// A real Apache Atlas 2.1.0 on this machine, from Maven Central alone: the newest whose server is published there. Its
// graph is kept in Berkeley DB, its index in a Solr inside the same JVM, its users in a file; no Kafka, ZooKeeper or
// HBase. For trying and testing, on loopback only.
//
//   node scripts/atlas/atlas.mjs [--port 21000] [--flink-types] [--data folder]      runs until Ctrl+C
//
// or `import { startAtlas, whyNoAtlas } from './atlas/atlas.mjs'`.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findJdk, findMaven } from './java.mjs';
import { typedefs } from './typedefs.mjs';

const here = import.meta.dirname;
const version = '2.1.0';
// the Groovy 2.5.7 of the war does not run on Java 14 and later
const groovy = '2.5.23';
const leastJava = 11;
// Hadoop 3.1 and the changes that Atlas makes to JanusGraph's classes at run time stop working after 17
const mostJava = 17;

export const cacheRoot = process.env.FLINK_SQL_CACHE ?? join(here, '..', '..', '.cache');
const home = join(cacheRoot, 'atlas', `atlas-${version}`);
const lib = join(home, 'webapp', 'WEB-INF', 'lib');

/** Why a real Atlas cannot run here, as a sentence; undefined when it can. */
export function whyNoAtlas() {
  const missing = [];
  if (!findJdk(leastJava, mostJava)) {
    missing.push(`a JDK ${leastJava} to ${mostJava} with javac (set ATLAS_JAVA_HOME if it is in an unusual place)`);
  }
  if (!existsSync(join(home, 'installed')) && !findMaven()) missing.push('Maven (mvn) on the PATH');
  return missing.length ? `A real Apache Atlas needs ${missing.join(' and ')}.` : undefined;
}

/** Runs a command to its end; its output is shown only when it fails. */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, ...options });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', fail);
    child.on('close', (code) =>
      code === 0 ? done() : fail(new Error(`${command} failed (${code}):\n${output.slice(-4000)}`)),
    );
  });
}

/** Reports a step at once and again every ten seconds while it lasts. */
export async function step(log, message, work) {
  const start = Date.now();
  log(message);
  const ticker = setInterval(() => log(`${message} … ${Math.round((Date.now() - start) / 1000)} s`), 10_000);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

/** Downloads and unpacks Atlas into the cache, once. */
export async function installAtlas({ log = () => {} } = {}) {
  if (existsSync(join(home, 'installed'))) return;
  const problem = whyNoAtlas();
  if (problem) throw new Error(problem);
  const jdk = findJdk(leastJava, mostJava);
  const work = `${home}.${randomUUID().slice(0, 8)}`;
  const downloads = join(work, 'downloads');
  const webapp = join(work, 'webapp');
  for (const folder of [downloads, webapp, join(work, 'extra'), join(work, 'classes')]) {
    mkdirSync(folder, { recursive: true });
  }
  try {
    const copy = (artifact, folder) =>
      run(
        findMaven(),
        [
          '-q',
          '-B',
          'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy',
          `-DoutputDirectory=${folder}`,
          `-Dartifact=${artifact}`,
        ],
        { shell: process.platform === 'win32', cwd: work },
      );
    await step(log, `Downloading Apache Atlas ${version} from Maven Central (277 MiB)`, async () => {
      await copy(`org.apache.atlas:atlas-webapp:${version}:war`, downloads);
      for (const name of ['groovy', 'groovy-jsr223', 'groovy-json']) {
        await copy(`org.codehaus.groovy:${name}:${groovy}:jar:indy`, join(work, 'extra'));
      }
    });
    await step(log, 'Unpacking Apache Atlas', async () => {
      await run(jdk.tool('jar'), ['xf', join(downloads, `atlas-webapp-${version}.war`)], { cwd: webapp });
      rmSync(downloads, { recursive: true });
      const jars = join(webapp, 'WEB-INF', 'lib');
      for (const jar of readdirSync(jars)) {
        // the AWS bundle is 82 MiB that only a Hadoop on S3 would need
        if (/^(groovy-|aws-java-sdk-bundle-)/.test(jar)) rmSync(join(jars, jar));
      }
      await run(jdk.tool('javac'), [
        ...['--release', '11', '-nowarn', '-proc:none', '-cp', join(jars, '*')],
        ...['-d', join(work, 'classes'), join(here, 'AtlasLauncher.java')],
      ]);
      // the Solr schema and settings that Atlas itself is tested with
      await run(jdk.tool('jar'), ['xf', join(jars, `atlas-testtools-${version}.jar`), 'solr/core-template'], {
        cwd: work,
      });
    });
    writeFileSync(join(work, 'installed'), '');
    // whoever comes second of two that install at once throws its own copy away
    if (!existsSync(join(home, 'installed'))) {
      rmSync(home, { recursive: true, force: true });
      renameSync(work, home);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A port that is free now. */
export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Writes the settings of one server into its data folder; paths with '/' because these are Java properties. */
function configure({ data, port, solrPort, user, password, flinkTypes, properties: more }) {
  const conf = join(data, 'conf');
  const path = (...parts) => join(data, ...parts).replaceAll('\\', '/');
  const models = join(data, 'models', '0000-base');
  for (const folder of [conf, models, join(data, 'logs')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(models, '0010-models.json'), JSON.stringify(typedefs({ flinkTypes })));
  const hash = createHash('sha256').update(password).digest('hex');
  writeFileSync(join(conf, 'users-credentials.properties'), `${user}=ADMIN::${hash}\n`);
  const properties = {
    'atlas.graph.storage.backend': 'berkeleyje',
    'atlas.graph.storage.directory': path('berkeley'),
    'atlas.graph.storage.berkeleyje.cache-percentage': 15,
    'atlas.graph.cache.db-cache-size': 0.1,
    'atlas.graph.index.search.backend': 'solr',
    'atlas.graph.index.search.solr.mode': 'http',
    'atlas.graph.index.search.solr.http-urls': `http://127.0.0.1:${solrPort}/solr`,
    'atlas.EntityAuditRepository.impl': 'org.apache.atlas.repository.audit.InMemoryEntityAuditRepository',
    // without Kafka: port 1 refuses at once, and what would be announced is dropped after a millisecond
    'atlas.notification.embedded': false,
    'atlas.notification.create.topics': false,
    'atlas.notification.consumer.disabled': true,
    'atlas.kafka.bootstrap.servers': '127.0.0.1:1',
    'atlas.kafka.zookeeper.connect': '127.0.0.1:1',
    'atlas.kafka.hook.group.id': 'atlas',
    'atlas.kafka.max.block.ms': 1,
    'atlas.kafka.reconnect.backoff.ms': 60000,
    'atlas.kafka.reconnect.backoff.max.ms': 60000,
    'atlas.server.bind.address': '127.0.0.1',
    'atlas.server.http.port': port,
    'atlas.rest.address': `http://127.0.0.1:${port}`,
    'atlas.enableTLS': false,
    'atlas.server.ha.enabled': false,
    'atlas.authentication.method.kerberos': false,
    'atlas.authentication.method.ldap.type': 'none',
    'atlas.authentication.method.file': true,
    'atlas.authentication.method.file.filename': path('conf', 'users-credentials.properties'),
    'atlas.authorizer.impl': 'none',
    'atlas.rest-csrf.enabled': true,
    'atlas.rest-csrf.browser-useragents-regex': '^Mozilla.*,^Opera.*,^Chrome.*',
    'atlas.rest-csrf.methods-to-ignore': 'GET,OPTIONS,HEAD,TRACE',
    'atlas.rest-csrf.custom-header': 'X-XSRF-HEADER',
    ...more,
  };
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
  writeFileSync(join(conf, 'atlas-application.properties'), `${lines.join('\n')}\n`);

  const quiet = ['org.apache.zookeeper', 'org.apache.curator', 'org.apache.kafka', 'org.apache.atlas.notification'];
  const loggers = quiet.map((name) => `<logger name="${name}"><level value="off"/></logger>`).join('\n  ');
  writeFileSync(
    join(conf, 'atlas-log4j.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE log4j:configuration SYSTEM "log4j.dtd">
<log4j:configuration xmlns:log4j="http://jakarta.apache.org/log4j/">
  <appender name="FILE" class="org.apache.log4j.FileAppender">
    <param name="File" value="${path('logs', 'application.log')}"/>
    <layout class="org.apache.log4j.PatternLayout"><param name="ConversionPattern" value="%d %-5p [%t] %m%n"/></layout>
  </appender>
  ${loggers}
  <root><priority value="warn"/><appender-ref ref="FILE"/></root>
</log4j:configuration>
`,
  );

  mkdirSync(join(data, 'solr'), { recursive: true });
  writeFileSync(join(data, 'solr', 'solr.xml'), '<solr/>\n');
  for (const core of ['vertex_index', 'edge_index', 'fulltext_index']) {
    const folder = join(data, 'solr', core);
    if (existsSync(join(folder, 'core.properties'))) continue;
    cpSync(join(home, 'solr', 'core-template'), join(folder, 'conf'), { recursive: true });
    const settings = join(folder, 'conf', 'solrconfig.xml');
    const text = readFileSync(settings, 'utf8')
      .replace('<infoStream>true</infoStream>', '<infoStream>false</infoStream>')
      .replace('"autoDeletePeriodSeconds">5<', '"autoDeletePeriodSeconds">-1<');
    writeFileSync(settings, text);
    writeFileSync(join(folder, 'core.properties'), `name=${core}\n`);
  }
}

/** The last lines of a log, for an error message. */
function tail(file) {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-20).join('\n');
  } catch {
    return '';
  }
}

/** Resolves when the server answers; fails when its process ends before or it takes more than five minutes. */
async function untilReady(child, url, authorization, logs) {
  const deadline = Date.now() + 300_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    try {
      const answer = await fetch(`${url}/api/atlas/admin/version`, {
        headers: { authorization, 'x-requested-with': 'XMLHttpRequest' },
        signal: AbortSignal.timeout(5_000),
      });
      await answer.text();
      if (answer.status === 200) return;
    } catch {
      // not listening yet
    }
    await new Promise((done) => setTimeout(done, 300));
  }
  throw new Error(`Atlas did not start.\n${tail(join(logs, 'out.log'))}\n${tail(join(logs, 'application.log'))}`);
}

/**
 * A data folder in which an Atlas has started once and made its types, which is two thirds of a first start; to be copied. Made
 * once for the same types.
 */
async function preparedData({ flinkTypes, log }) {
  const types = createHash('sha256')
    .update(JSON.stringify(typedefs({ flinkTypes })))
    .digest('hex')
    .slice(0, 8);
  const prepared = join(cacheRoot, 'atlas', `prepared-${version}-${types}`);
  if (existsSync(prepared)) return prepared;
  const work = `${prepared}.${randomUUID().slice(0, 8)}`;
  try {
    await (await startAtlas({ flinkTypes, dataDir: work, log })).stop();
    for (const folder of ['conf', 'logs']) rmSync(join(work, folder), { recursive: true });
    if (!existsSync(prepared)) renameSync(work, prepared);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return prepared;
}

/**
 * Installs Atlas when needed, starts it, and resolves when it answers.
 * `port` 0 or absent: a free one. `flinkTypes`: with the types for Flink that 2.2 and later have. `dataDir`: kept between
 * starts when given, otherwise fresh and thrown away. `properties`: further settings of Atlas. `log`: told of each long step.
 * Gives { url, user, password, pid, stop() }; throws an Error whose message says what is missing.
 */
export async function startAtlas({ port = 0, flinkTypes = false, dataDir, properties = {}, log = () => {} } = {}) {
  const problem = whyNoAtlas();
  if (problem) throw new Error(problem);
  await installAtlas({ log });
  const jdk = findJdk(leastJava, mostJava);
  const data = resolve(dataDir ?? join(cacheRoot, 'atlas', `data-${randomUUID().slice(0, 8)}`));
  if (!dataDir) cpSync(await preparedData({ flinkTypes, log }), data, { recursive: true });
  const user = 'admin';
  const password = 'admin';
  const httpPort = port || (await freePort());
  const solrPort = await freePort();
  configure({ data, port: httpPort, solrPort, user, password, flinkTypes, properties });

  const opened = ['lang', 'lang.invoke', 'lang.reflect', 'util', 'util.concurrent', 'nio', 'io', 'net'];
  const opens = [...opened.map((name) => `java.${name}`), 'jdk.internal.reflect', 'sun.nio.ch'];
  const logs = join(data, 'logs');
  const classPath = [join(data, 'conf'), join(home, 'classes'), join(home, 'extra', '*'), join(lib, '*')];
  const url = `http://127.0.0.1:${httpPort}`;
  const child = spawn(
    jdk.tool('java'),
    [
      ...opens.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      ...['-Xmx640m', '-Xss512k', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      ...['-Djava.net.preferIPv4Stack=true', '-Dfile.encoding=UTF-8'],
      ...[`-Datlas.home=${data}`, `-Datlas.conf=${join(data, 'conf')}`, `-Datlas.data=${data}`],
      ...[`-Datlas.log.dir=${logs}`, `-Dlog4j.configuration=${pathToFileURL(join(data, 'conf', 'atlas-log4j.xml'))}`],
      ...['-cp', classPath.join(delimiter)],
      ...['AtlasLauncher', join(data, 'solr'), String(solrPort), '-app', join(home, 'webapp')],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, cwd: data },
  );
  const out = join(logs, 'out.log');
  writeFileSync(out, '');
  const keep = (chunk) => writeFileSync(out, chunk, { flag: 'a' });
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise((done) => child.on('close', done));
  const killNow = () => child.kill('SIGKILL');
  process.on('exit', killNow);

  const stop = async () => {
    child.kill();
    const impatient = setTimeout(killNow, 20_000);
    await ended;
    clearTimeout(impatient);
    process.off('exit', killNow);
    if (!dataDir) rmSync(data, { recursive: true, force: true });
  };
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  try {
    await step(log, `Starting Apache Atlas ${version} at ${url} (about half a minute)`, () =>
      untilReady(child, url, authorization, logs),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, user, password, pid: child.pid, stop };
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const option = (name) => {
    const at = process.argv.indexOf(name);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  try {
    const atlas = await startAtlas({
      port: Number(option('--port') ?? 21000),
      flinkTypes: process.argv.includes('--flink-types'),
      dataDir: option('--data') ?? join(cacheRoot, 'atlas', 'data'),
      log: console.log,
    });
    console.log(`Atlas answers at ${atlas.url}, user ${atlas.user}, password ${atlas.password}. Ctrl+C stops it.`);
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.on(signal, async () => {
        await atlas.stop();
        process.exit(0);
      });
    }
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
