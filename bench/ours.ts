// Our side of the bench, in a process of its own: `ours.cjs TASK FILE …` prints one line of JSON.
import { readFileSync } from 'node:fs';
import { ScriptDocument } from '../server/src/language/document';
import { parseScript } from '../server/src/language/parser';
import type { ParsedStatement } from '../server/src/language/script';
import { analyseScript } from '../server/src/semantics/analyse';

const options = { flinkVersion: '2.3', templates: false };
const [task, file] = process.argv.slice(2) as [string, string];
const now = (): number => performance.now();

/** Processor milliseconds of this process, all its threads. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]!;

/** Milliseconds for each statement of a corpus: the first time, and the best of two more. */
function corpus(): unknown {
  const statements = JSON.parse(readFileSync(file, 'utf8')) as string[];
  const pass = (): number[] =>
    statements.map((sql) => {
      const start = now();
      parseScript(sql, options);
      return now() - start;
    });
  const first = pass();
  const [second, third] = [pass(), pass()];
  return { first, again: second.map((ms, index) => Math.min(ms, third[index]!)) };
}

/** The file whole, again and again, each time with another character changed. */
function warm(): unknown {
  const text = readFileSync(file, 'utf8');
  const times: number[] = [];
  for (let run = 0; run < 60; run++) {
    const changed = `${text.slice(0, 1000 + run)} ${text.slice(1000 + run)}`;
    const start = now();
    parseScript(changed, options);
    times.push(now() - start);
  }
  return { ms: median(times.slice(20)) };
}

/** Processor milliseconds of typing one character and asking for the problems, all over the file. */
function edits(): unknown {
  const document = new ScriptDocument(readFileSync(file, 'utf8'), options);
  const costs: number[] = [];
  const rounds = 1500;
  for (let n = 0; n < rounds; n++) {
    const at = Math.floor((document.length - 1) * (((n * 7919) % rounds) / rounds));
    for (const edit of [
      { start: at, end: at, text: 'x' },
      { start: at, end: at + 1, text: '' },
    ]) {
      const start = cpu();
      document.update([edit]);
      document.problems();
      const used = cpu() - start;
      if (n >= 300) costs.push(used);
    }
  }
  return { p50: quantile(costs, 0.5), p95: quantile(costs, 0.95) };
}

/** Bytes of heap for each byte of a parsed document's text, the text itself included. Needs --expose-gc. */
function memory(): unknown {
  const collect = (globalThis as { gc?: () => void }).gc!;
  const bytes = readFileSync(file).length;
  parseScript(largeWarmUp(), options);
  collect();
  const before = process.memoryUsage().heapUsed;
  const document = new ScriptDocument(readFileSync(file, 'utf8'), options);
  const statements = document.statements.length;
  collect();
  return { perByte: (process.memoryUsage().heapUsed - before) / bytes, statements };
}

const largeWarmUp = (): string => readFileSync(file, 'utf8').slice(0, 20_000);

/** Parsing and binding with lineage, both of the whole file with nothing kept from before. */
function bind(): unknown {
  const text = readFileSync(file, 'utf8');
  const parses: number[] = [];
  const binds: number[] = [];
  let lineages = 0;
  for (let run = 0; run < 40; run++) {
    const start = now();
    const script = parseScript(`${text}\n-- ${run}`, options);
    const parsed = now();
    const analysis = analyseScript(
      script.statements.map(({ statement }) => statement),
      { flinkVersion: '2.3', strict: true },
    );
    binds.push(now() - parsed);
    parses.push(parsed - start);
    lineages = analysis.statements.reduce((sum, { lineage }) => sum + lineage.length, 0);
  }
  return { parse: median(parses.slice(10)), bind: median(binds.slice(10)), lineages };
}

/**
 * Binding after edits all over the file: how many statements are bound again, how long it takes, and how long all take.
 * `other` are statements bound again that neither are the changed one nor come after a changed definition or setting.
 */
function rebinds(): unknown {
  const document = new ScriptDocument(readFileSync(file, 'utf8'), options);
  const environment = { flinkVersion: '2.3', strict: true };
  const statements = (): ParsedStatement[] => document.statements.map(({ statement }) => statement);
  const first = performance.now();
  let before = analyseScript(statements(), environment).statements;
  let whole = now() - first;
  for (let run = 0; run < 20; run++) {
    const fresh = new ScriptDocument(`${readFileSync(file, 'utf8')}\n-- ${run}`, options);
    const all = fresh.statements.map(({ statement }) => statement);
    const start = now();
    analyseScript(all, environment);
    whole = Math.min(whole, now() - start);
  }
  const counts: number[] = [];
  const times: number[] = [];
  let other = 0;
  const rounds = 600;
  for (let n = 0; n < rounds; n++) {
    const at = Math.floor((document.length - 1) * (((n * 7919) % rounds) / rounds));
    for (const edit of [
      { start: at, end: at, text: 'x' },
      { start: at, end: at + 1, text: '' },
    ]) {
      const old = new Map(statements().map((statement, i) => [statement, before[i]!]));
      document.update([edit]);
      const after = statements();
      const start = now();
      const bound = analyseScript(after, environment).statements;
      times.push(now() - start);
      // what only gained or lost the hint that nobody uses it was not bound again
      const again = after.filter((statement, i) => old.get(statement)?.tables !== bound[i]!.tables);
      counts.push(again.length);
      const changed = after.findIndex((statement) => !old.has(statement));
      const plain = changed >= 0 && ['Insert', 'QueryStatement'].includes(after[changed]!.root.kind);
      if (plain && old.size === after.length) other += again.filter((statement) => old.has(statement)).length;
      before = bound;
    }
  }
  return {
    statements: before.length,
    p50: quantile(counts, 0.5),
    p95: quantile(counts, 0.95),
    most: Math.max(...counts),
    other,
    median: median(times),
    whole,
  };
}

const tasks: Record<string, () => unknown> = { corpus, warm, edits, memory, bind, rebinds };
console.log(JSON.stringify(tasks[task]!()));
