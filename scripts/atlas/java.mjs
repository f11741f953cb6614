// Finds the JDK and the Maven that a real Atlas needs on this machine.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const windows = process.platform === 'win32';
const exe = (name) => (windows ? `${name}.exe` : name);

function onPath(names) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) if (folder && existsSync(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

function foldersIn(folder) {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Major version of the Java in `home`, 0 when there is none. */
function javaVersion(home) {
  const run = spawnSync(join(home, 'bin', exe('java')), ['-XshowSettings:properties', '-version'], {
    encoding: 'utf8',
    windowsHide: true,
  });
  return Number(/java\.specification\.version = (?:1\.)?(\d+)/.exec(`${run.stdout}${run.stderr}`)?.[1] ?? 0);
}

/** Home of a JDK whose version lies in [least, most], with its version; undefined when there is none. */
export function findJdk(least, most) {
  const javac = onPath([exe('javac')]);
  const candidates = [
    process.env.ATLAS_JAVA_HOME,
    process.env.JAVA_HOME_17_X64,
    process.env.JAVA_HOME_11_X64,
    process.env.JAVA_HOME,
    javac ? dirname(dirname(realpathSync(javac))) : undefined,
    ...foldersIn('/usr/lib/jvm'),
    ...foldersIn('/Library/Java/JavaVirtualMachines').map((folder) => join(folder, 'Contents', 'Home')),
    ...foldersIn('/opt/homebrew/opt').filter((folder) => folder.includes('openjdk')),
    ...foldersIn('C:\\Program Files\\Java'),
    ...foldersIn('C:\\Program Files\\Eclipse Adoptium'),
  ];
  for (const home of candidates) {
    if (!home || !existsSync(join(home, 'bin', exe('javac')))) continue;
    const version = javaVersion(home);
    if (version >= least && version <= most) return { home, version, tool: (name) => join(home, 'bin', exe(name)) };
  }
  return undefined;
}

/** Path of Maven's command; undefined when it is not on the PATH. */
export function findMaven() {
  return onPath(windows ? ['mvn.cmd'] : ['mvn']);
}
