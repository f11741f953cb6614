// Throws mutated and generated texts at the language core. A worker does the work; this thread watches that it moves on.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { engine } from './engine';
import { generate } from './generate';
import { brokenRule, brokenUpdate, type Change } from './invariants';
import { minimise } from './minimise';
import { mutate } from './mutate';
import { Random } from './random';
import { runScale } from './scale';
import { parserTexts } from './seeds';

const usage = `usage: npm run fuzz [-- options]
  --count N     how many texts (50000)
  --seed S      start of the sequence; the same seed gives the same texts (from the clock)
  --jobs N      worker threads (half of the processors)
  --flink V     version of the grammar (2.3)
  --stall S     seconds without progress that count as hanging (20)
  --no-scale    leave out the very long and very deep texts`;

interface Job {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly flink: string;
  /** [texts done, number of the text under way] */
  readonly progress: SharedArrayBuffer;
}

interface Failure {
  readonly index: number;
  readonly what: string;
  readonly text: string;
}

const optionsOf = (flink: string, templates: boolean) => ({ flinkVersion: flink, templates });

/** The text of a number: a pure function of the seed, so that a hanging worker need not say what it was at. */
function textOf(
  seed: number,
  index: number,
  seeds: readonly string[],
): { text: string; change: Change; templates: boolean } {
  const random = new Random(seed + index * 7919);
  const kind = random.below(10);
  let text = kind === 0 ? generate(random) : mutate(random.pick(seeds), random, seeds);
  if (kind === 1) text = `${text};\n${mutate(random.pick(seeds), random, seeds)};\n${generate(random)}`;
  const start = random.below(text.length + 1);
  const end = Math.min(text.length, start + (random.chance(0.5) ? 0 : random.below(12)));
  const inserted = random.pick([
    '',
    ' ',
    'x',
    ';',
    "'",
    '`',
    '(',
    ')',
    '--',
    '/*',
    '*/',
    ' SELECT ',
    ';\nSELECT 1;\n',
    'END',
    'BEGIN STATEMENT SET;',
    '"',
    '\n',
  ]);
  return { text, change: { start, end, text: inserted }, templates: random.chance(0.1) };
}

/** What is wrong with a text; undefined when nothing is. */
function check(text: string, change: Change | undefined, flink: string, templates: boolean): string | undefined {
  const options = optionsOf(flink, templates);
  try {
    const broken = brokenRule(text, engine.parse(text, options));
    if (broken || !change) return broken;
    return brokenUpdate(engine, text, change, options);
  } catch (error) {
    return `throws ${error instanceof Error ? error.stack : String(error)}`;
  }
}

function work({ seed, from, to, flink, progress }: Job): void {
  const state = new Int32Array(progress);
  const seeds = parserTexts();
  for (let index = from; index < to; index++) {
    Atomics.store(state, 1, index);
    const { text, change, templates } = textOf(seed, index, seeds);
    const what = check(text, change, flink, templates);
    if (what) parentPort!.postMessage({ index, what, text } satisfies Failure);
    Atomics.add(state, 0, 1);
  }
}

/** Runs one range of texts; a text that hangs is told, and the range goes on after it in a new worker. */
function run(job: Job, stall: number, fail: (failure: Failure) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const state = new Int32Array(job.progress);
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: job, resourceLimits: { stackSizeMb: 4 } });
    let last = -1;
    let since = Date.now();
    const watch = setInterval(() => {
      const done = Atomics.load(state, 0);
      if (done !== last) {
        last = done;
        since = Date.now();
      } else if (Date.now() - since > stall * 1000) {
        clearInterval(watch);
        const index = Atomics.load(state, 1);
        fail({ index, what: `hangs: no answer for ${stall} s`, text: textOf(job.seed, index, parserTexts()).text });
        worker.removeAllListeners();
        void worker.terminate().then(() => run({ ...job, from: index + 1 }, stall, fail).then(resolve, reject));
      }
    }, 500);
    worker.on('message', fail);
    worker.on('error', (error) => {
      clearInterval(watch);
      const index = Atomics.load(state, 1);
      fail({ index, what: `the worker died: ${error}`, text: textOf(job.seed, index, parserTexts()).text });
      run({ ...job, from: index + 1 }, stall, fail).then(resolve, reject);
    });
    worker.on('exit', (code) => {
      clearInterval(watch);
      if (code === 0) resolve();
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '50000' },
      seed: { type: 'string' },
      jobs: { type: 'string', default: String(Math.max(1, availableParallelism() >> 1)) },
      flink: { type: 'string', default: '2.3' },
      stall: { type: 'string', default: '20' },
      'no-scale': { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const count = Number(values.count);
  const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
  const jobs = Number(values.jobs);
  const stall = Number(values.stall);
  const failures = new Map<string, Failure[]>();
  const fail = (failure: Failure): void => {
    // Alike failures fall into one class: numbers and quoted pieces left out, and of a stack only its top
    const key = failure.what
      .split('\n')
      .slice(0, 3)
      .join(' ')
      .replace(/\d+/g, '#')
      .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
      .slice(0, 160);
    failures.set(key, [...(failures.get(key) ?? []), failure]);
  };
  const started = Date.now();
  console.log(`${count} texts from ${parserTexts().length} seeds, --seed ${seed}, ${jobs} workers`);
  const states = Array.from({ length: jobs }, () => new SharedArrayBuffer(8));
  const report = setInterval(() => {
    const done = states.reduce((sum, state) => sum + Atomics.load(new Int32Array(state), 0), 0);
    const speed = done / ((Date.now() - started) / 1000);
    console.error(`  ${done} of ${count}, ${Math.round(speed)}/s, ${failures.size} classes of failures`);
  }, 10_000);
  const share = Math.ceil(count / jobs);
  await Promise.all(
    states.map((progress, n) =>
      run({ seed, from: n * share, to: Math.min(count, (n + 1) * share), flink: values.flink, progress }, stall, fail),
    ),
  );
  clearInterval(report);
  for (const [key, members] of failures) {
    const shortest = members.reduce((a, b) => (b.text.length < a.text.length ? b : a));
    console.log(`\n${members.length} × ${key}\n  first at --seed ${seed}, text ${shortest.index}: ${shortest.what}`);
    const { change, templates } = textOf(seed, shortest.index, parserTexts());
    if (shortest.what.startsWith('hangs') || shortest.what.startsWith('the worker')) {
      console.log(`  text: ${JSON.stringify(shortest.text)}`);
      continue;
    }
    const update = shortest.what.startsWith('after replacing');
    const small = minimise(shortest.text, (text) =>
      update
        ? check(
            text,
            { ...change, start: Math.min(change.start, text.length), end: Math.min(change.end, text.length) },
            values.flink,
            templates,
          ) !== undefined
        : check(text, undefined, values.flink, templates) !== undefined,
    );
    console.log(
      `  minimised: ${JSON.stringify(small)}${update ? ` with ${JSON.stringify(change)}` : ''}${templates ? ' (templates on)' : ''}`,
    );
  }
  const seconds = (Date.now() - started) / 1000;
  const scale = values['no-scale'] ? [] : runScale(engine, optionsOf(values.flink, false));
  console.log(
    `\nfuzz: ${count} texts in ${seconds.toFixed(1)} s (${Math.round(count / seconds)}/s), ${failures.size} classes of failures, ${scale.length} texts that do not scale.`,
  );
  process.exitCode = failures.size + scale.length > 0 ? 1 : 0;
}

if (isMainThread) await main();
else work(workerData as Job);
