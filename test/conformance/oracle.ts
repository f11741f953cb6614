// Real Flink as a judge: builds the Java module beside this file and talks with it over JSON lines.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findJdk, findMaven } from '../../scripts/atlas/java.mjs';
import { onLine, readJsonLines } from './json-lines';
import { cache, root } from './paths';
import type { ParseVerdict, PlanVerdict, Release } from './verdict';

const module_ = join(root, 'test', 'conformance', 'oracle');
const sources = join(module_, 'src', 'main', 'java', 'org', 'flinksqlatlas', 'oracle');
const profiles: Record<Release, string> = { '2.3.0': 'flink-2.3', '1.20.4': 'flink-1.20' };

/** Flink 2.3 runs on these. */
const jdk = findJdk(17, 21);
const maven = findMaven();

/** Why real Flink cannot judge here; undefined when it can. */
export function oracleMissing(): string | undefined {
  if (!jdk) return 'no JDK 17 to 21 was found (real Flink runs on it)';
  if (!maven) return 'Maven was not found (it fetches Flink from Maven Central)';
  return undefined;
}

/** Runs Maven quietly. Throws with its output when it fails. */
export function runMaven(args: readonly string[]): void {
  const run = spawnSync(maven!, ['-B', '-q', ...args], {
    encoding: 'utf8',
    env: { ...process.env, JAVA_HOME: jdk!.home },
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) throw new Error(`Maven failed: ${args.join(' ')}\n${run.stdout}${run.stderr}`);
}

function javaFiles(): string[] {
  return readdirSync(sources)
    .filter((name) => name.endsWith('.java'))
    .sort()
    .map((name) => join(sources, name));
}

/** A hash of the files. */
function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Changes whenever the judge may judge differently; what the parser says depends on few of its files. */
function fingerprint(mode: OracleRequest['mode'] = 'plan'): string {
  const typing = (file: string): boolean => file.endsWith('ExpressionTypes.java');
  const files = javaFiles().filter((file) =>
    mode === 'plan' ? !typing(file) : mode === 'types' ? typing(file) : file.endsWith('Failure.java'),
  );
  return hashOf([join(module_, 'pom.xml'), ...files]);
}

/**
 * Fetches the jars, once for each state of the POM, and compiles, once for each state of the sources, so that runs of
 * several work trees can share the cache. Returns the class path.
 */
function build(release: Release): string {
  const folder = join(cache, 'oracle', release);
  const lib = join(folder, `lib-${hashOf([join(module_, 'pom.xml')])}`);
  const classes = join(folder, `classes-${hashOf([join(module_, 'pom.xml'), ...javaFiles()])}`);
  const built = (path: string): boolean => existsSync(join(path, '.built'));
  if (!built(lib)) {
    console.error(`Fetching Flink ${release} …`);
    rmSync(lib, { recursive: true, force: true });
    runMaven([
      '-f',
      join(module_, 'pom.xml'),
      `-P${profiles[release]}`,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${lib}`,
      '-DincludeScope=runtime',
    ]);
    writeFileSync(join(lib, '.built'), '');
  }
  if (!built(classes)) {
    console.error(`Building the judge with Flink ${release} …`);
    rmSync(classes, { recursive: true, force: true });
    mkdirSync(classes, { recursive: true });
    const javac = spawnSync(jdk!.tool('javac'), ['-nowarn', '-d', classes, '-cp', join(lib, '*'), ...javaFiles()], {
      encoding: 'utf8',
    });
    if (javac.status !== 0) throw new Error(`The judge does not compile:\n${javac.stderr}`);
    writeFileSync(join(classes, '.built'), '');
  }
  return [classes, join(lib, '*')].join(delimiter);
}

export interface OracleRequest {
  /** 'types' is answered by a process of its own, see typeVerdicts */
  readonly mode: 'parse' | 'plan' | 'time' | 'types';
  /** One statement, or … */
  readonly sql?: string;
  /** … several, which are split */
  readonly script?: string;
  readonly connectors?: 'stub' | 'real';
  readonly batch?: boolean;
  /** Make operators of finished plans too, see PlanVerdict.later; takes twice as long */
  readonly translate?: boolean;
  /** Of mode 'types': columns of a table t with their types, further tables, what follows the select list, its items */
  readonly columns?: Readonly<Record<string, string>>;
  readonly ddl?: readonly string[];
  readonly from?: string;
  readonly expressions?: readonly string[];
}

export interface OracleAnswer {
  readonly id: string;
  readonly statements?: readonly PlanVerdict[];
  readonly ms?: number;
  /** Of each expression, as Flink prints it; null where the planner refuses it */
  readonly types?: readonly (string | null)[];
  readonly failure?: string;
}

/** A running judge of one release: requests are answered in order, and restarted when one takes too long. */
export class Oracle {
  private child: ChildProcess | undefined;
  private waiting: { take: (answer: OracleAnswer) => void; timer: NodeJS.Timeout; request: OracleRequest }[] = [];
  private readonly classPath: string;

  /** Builds when needed; throws when it cannot (see oracleMissing). */
  constructor(
    readonly release: Release,
    private readonly program: 'Oracle' | 'ExpressionTypes' = 'Oracle',
  ) {
    this.classPath = build(release);
  }

  /** Judges one request. A judge that needs longer than `timeout` milliseconds is ended and answers with a failure. */
  ask(request: OracleRequest, timeout = 120_000): Promise<OracleAnswer> {
    return new Promise((take) => {
      const child = this.child ?? this.start();
      const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
      this.waiting.push({ take, timer, request });
      child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
  }

  close(): void {
    this.child?.stdin?.end();
    this.child = undefined;
  }

  private start(): ChildProcess {
    const child = spawn(
      jdk!.tool('java'),
      [
        '-Xmx3g',
        '-XX:+UseSerialGC',
        '--add-opens=java.base/java.lang=ALL-UNNAMED',
        '--add-opens=java.base/java.util=ALL-UNNAMED',
        '-cp',
        this.classPath,
        `org.flinksqlatlas.oracle.${this.program}`,
      ],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    this.child = child;
    child.stdin.on('error', () => undefined); // it ended: see close below
    onLine(child.stdout, (line) => {
      const { take, timer } = this.waiting.shift()!;
      clearTimeout(timer);
      take(JSON.parse(line) as OracleAnswer);
    });
    child.on('close', () => {
      if (this.child === child) this.child = undefined;
      const [failed, ...unanswered] = this.waiting;
      this.waiting = [];
      if (!failed) return;
      clearTimeout(failed.timer);
      failed.take({ id: '', failure: 'the judge ended or took too long' });
      for (const { take, timer, request } of unanswered) {
        clearTimeout(timer);
        void this.ask(request).then(take);
      }
    });
    return child;
  }
}

/**
 * Verdicts kept on disk by the content of their request and the state of the judge, so that a second run over the same
 * texts needs no Java at all. Each set of texts has a file of its own.
 */
class VerdictCache {
  private readonly file: string;
  private readonly known = new Map<string, OracleAnswer>();

  constructor(release: Release, mode: OracleRequest['mode'], set: string) {
    const folder = join(cache, 'verdicts');
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, `${release}-${mode}-${set}-${fingerprint(mode)}.jsonl`);
    if (!existsSync(this.file)) return;
    for (const { key, answer } of readJsonLines<{ key: string; answer: OracleAnswer }>(this.file)) {
      this.known.set(key, answer);
    }
  }

  static key(request: OracleRequest): string {
    return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
  }

  get(request: OracleRequest): OracleAnswer | undefined {
    return this.known.get(VerdictCache.key(request));
  }

  put(request: OracleRequest, answer: OracleAnswer): void {
    const key = VerdictCache.key(request);
    this.known.set(key, answer);
    appendFileSync(this.file, `${JSON.stringify({ key, answer })}\n`);
  }
}

/** Answers of the judge for many requests of one mode, in their order; asks only what is not in the cache of this set. */
export async function judge(
  release: Release,
  set: string,
  requests: readonly OracleRequest[],
): Promise<OracleAnswer[]> {
  if (requests.length === 0) return [];
  const verdicts = new VerdictCache(release, requests[0]!.mode, set);
  const missing = requests.filter((request) => !verdicts.get(request));
  if (missing.length > 0) {
    const oracle = new Oracle(release, requests[0]!.mode === 'types' ? 'ExpressionTypes' : 'Oracle');
    let done = 0;
    const started = Date.now();
    const width = 64; // requests under way: enough to keep the process busy
    const queue = [...missing];
    const work = async (): Promise<void> => {
      for (let request = queue.shift(); request; request = queue.shift()) {
        verdicts.put(request, await oracle.ask(request));
        if (++done % 2000 === 0) console.error(`  Flink ${release} judged ${done} of ${missing.length}`);
      }
    };
    await Promise.all(Array.from({ length: width }, work));
    oracle.close();
    console.error(
      `Flink ${release} judged ${missing.length} texts in ${((Date.now() - started) / 1000).toFixed(1)} s.`,
    );
  }
  return requests.map((request) => verdicts.get(request)!);
}

/** Result types as the planner finds them, of expressions over the tables that each request describes. */
export async function typeVerdicts(
  release: Release,
  set: string,
  requests: readonly Omit<OracleRequest, 'mode'>[],
): Promise<(readonly (string | null)[] | undefined)[]> {
  const answers = await judge(
    release,
    set,
    requests.map((request) => ({ ...request, mode: 'types' as const })),
  );
  return answers.map(({ types }) => types);
}

/** The parser's verdict on each statement. A statement on which the judge itself failed has none. */
export async function parseVerdicts(
  release: Release,
  set: string,
  statements: readonly string[],
): Promise<(ParseVerdict | undefined)[]> {
  const answers = await judge(
    release,
    set,
    statements.map((sql) => ({ mode: 'parse', sql })),
  );
  return answers.map(({ statements: verdicts }) => {
    const verdict = verdicts?.[0];
    if (!verdict) return undefined;
    return verdict.parse
      ? { ok: true }
      : { ok: false, pos: verdict.error?.pos ?? null, message: verdict.error!.message };
  });
}
