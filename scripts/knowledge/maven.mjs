// Class paths from Maven Central, through the ordinary Maven client: one reactor with a module per class path.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const lines = ['1.20', '2.0', '2.1', '2.2', '2.3'];

/**
 * The coordinates of a table of artefacts for one Flink line; undefined when one of them has no version for it. An
 * artefact whose name ends in `!` comes without its dependencies, for bundles that carry them inside.
 */
export function coordinates(table, line) {
  const found = [];
  for (const [artefact, versions] of Object.entries(table)) {
    const version = typeof versions === 'string' ? versions : versions[line];
    if (version === undefined) return undefined;
    found.push(`${artefact}:${version}`);
  }
  return found;
}

function pom(name, dependencies, packaging, modules) {
  const dependency = (coordinate) => {
    const [groupId, artifactId, version] = coordinate.split(':');
    const name = `<groupId>${groupId}</groupId><artifactId>${artifactId.replace('!', '')}</artifactId><version>${version}</version>`;
    const alone = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
    return `<dependency>${name}${artifactId.endsWith('!') ? alone : ''}</dependency>`;
  };
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>knowledge</groupId><artifactId>${name}</artifactId><version>1</version><packaging>${packaging}</packaging>
<modules>${modules.map((module) => `<module>${module}</module>`).join('')}</modules>
<dependencies>${dependencies.map(dependency).join('\n')}</dependencies></project>`;
}

/**
 * Resolves class paths, kept in `folder` and resolved again only when the coordinates change.
 * Takes name -> coordinates; gives name -> jars. A class path that cannot be resolved is left out and named on stderr.
 */
export function classPaths(wanted, folder) {
  const result = new Map();
  const missing = [];
  for (const [name, list] of Object.entries(wanted)) {
    const home = path.join(folder, name);
    mkdirSync(home, { recursive: true });
    const text = pom(name, list, 'jar', []);
    const file = path.join(home, 'pom.xml');
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text || !existsSync(path.join(home, 'cp.txt'))) {
      writeFileSync(file, text);
      missing.push(name);
    }
  }
  if (missing.length > 0) {
    writeFileSync(path.join(folder, 'pom.xml'), pom('all', [], 'pom', missing));
    const run = spawnSync(
      'mvn',
      [
        '-B',
        '-q',
        '-fae',
        'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath',
        '-Dmdep.outputFile=cp.txt',
        '-DincludeScope=runtime',
      ],
      { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    const errors = (run.stdout ?? '').split('\n').filter((line) => /ERROR.*(Could not|Failed to execute)/.test(line));
    for (const line of errors) console.error(line.slice(0, 400));
  }
  for (const name of Object.keys(wanted)) {
    const file = path.join(folder, name, 'cp.txt');
    if (existsSync(file)) result.set(name, readFileSync(file, 'utf8').trim().split(path.delimiter));
    else console.error(`no class path for ${name}`);
  }
  return result;
}

/** 'org/apache/flink/flink-core' of '…/org/apache/flink/flink-core/2.3.0/flink-core-2.3.0.jar': who a jar is, whatever its version. */
export const artefactOf = (jar) => path.dirname(path.dirname(jar));

/** Compiles and runs one of the Java programs beside this file on a class path; its messages go to stderr. */
export function java(program, classPath, folder, args) {
  const classes = path.join(folder, 'classes');
  mkdirSync(classes, { recursive: true });
  const source = path.join(import.meta.dirname, `${program}.java`);
  const run = (command, list) => {
    const done = spawnSync(command, list, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (done.status !== 0) throw new Error(`${command} ${program} ended with ${done.status ?? done.signal}`);
  };
  run('javac', [
    '-nowarn',
    '-proc:none',
    '-sourcepath',
    import.meta.dirname,
    '-d',
    classes,
    '-cp',
    classPath.join(path.delimiter),
    source,
  ]);
  run('java', [
    '-Xmx3g',
    '-XX:+UseSerialGC',
    '--add-opens=java.base/java.lang=ALL-UNNAMED',
    '--add-opens=java.base/java.util=ALL-UNNAMED',
    '-cp',
    [classes, ...classPath].join(path.delimiter),
    program,
    ...args,
  ]);
}
