// The conformance run: our batch door against what real Flink says. See usage below.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { judged, judgedScripts, mavenScripts, mavenStatements } from './corpora';
import { buildDoor } from './door';
import { freshStatements } from './fresh';
import { checkKnown, type Found, readKnown, updateKnown } from './known';
import { mavenExtracts } from './maven-corpus';
import { mutants } from './mutants';
import { optionTables, runOptionsSuite } from './options-suite';
import { oracleMissing } from './oracle';
import {
  around,
  describe,
  type ParserRun,
  parserClasses,
  parserFound,
  parserTable,
  runParserSuite,
} from './parser-suite';
import { type Corpus, precomputedScripts, precomputedStatements } from './precomputed';
import { checkSamples } from './samples';
import { runScriptStatements } from './script-statements';
import {
  describeSemantics,
  runSemanticsSuite,
  type SemanticsRun,
  semanticsClasses,
  semanticsFound,
  semanticsShortfalls,
  semanticsTable,
} from './semantics-suite';
import { functionTable, runTypesSuite, typeClasses } from './types-suite';
import { type ScriptSample, type StatementSample, type Version, versions } from './verdict';

const usage = `usage: npm run conformance -- [parser] [semantics] [samples] [mutants] [types] [options]  all five when none is named
       npm run conformance -- fresh N [--seed S] [options]                  N statements nobody has seen
       npm run conformance -- mutants N [--seed S] [options]                N scripts with a mistake put in;
                                     --connectors real: options too, judged by the real connectors
       npm run conformance -- options N [--seed S] [options]                N tables, judged by the real connectors
       npm run conformance -- types N [--seed S] [options]                  the result types of N expressions
  --flink V         2.3 or 1.20; both when not given
  --corpus NAME     only this corpus (shared, maven); may be repeated
  --judge           judge scripts again where their verdicts were computed beforehand (needs Java)
  --id ID           only this sample, shown in full
  --classes N       how many classes of disagreements to show (25)
  --examples N      how many examples of each (3)
  --list            every disagreement on a line of its own
  --report FILE     all disagreements as JSON
  --summary FILE    {passed, failed, skipped} as JSON, for npm test
  --dist            measure dist/cli.js as it is instead of building the door from the sources
  --update-known    rewrite test/conformance/known.json to what this run found`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    flink: { type: 'string' },
    corpus: { type: 'string', multiple: true },
    id: { type: 'string' },
    classes: { type: 'string', default: '25' },
    examples: { type: 'string', default: '3' },
    list: { type: 'boolean' },
    report: { type: 'string' },
    summary: { type: 'string' },
    seed: { type: 'string' },
    judge: { type: 'boolean', default: false },
    connectors: { type: 'string', default: 'stub' },
    dist: { type: 'boolean', default: false },
    'update-known': { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const chosen: readonly Version[] = values.flink ? versions.filter((v) => v.flink === values.flink) : versions;
if (chosen.length === 0) {
  console.error(`Flink ${values.flink} is not among the versions that are judged.\n${usage}`);
  process.exit(2);
}
const wanted = (name: string): boolean => !values.corpus || values.corpus.includes(name);
const only = <T extends { id: string }>(corpus: Corpus<T>): Corpus<T> =>
  values.id ? { ...corpus, samples: corpus.samples.filter((sample) => sample.id === values.id) } : corpus;

const suites = positionals.length > 0 ? positionals : ['parser', 'semantics', 'samples', 'mutants', 'types'];
let failed = false;
/** Statements that agree or are listed, what is wrong, and what did not run, with the reason. */
const summary = { passed: 0, failed: 0, skipped: [] as string[] };
if (suites.includes('parser')) failed = !(await parser()) || failed;
if (suites.includes('semantics')) failed = !(await semantics()) || failed;
if (suites[0] === 'fresh') failed = !(await fresh(Number(suites[1] ?? 2000)));
if (suites[0] === 'mutants') failed = !(await mutated(Number(suites[1] ?? 1000), chosenSeed()));
else if (suites.includes('mutants')) failed = !(await mutated(400, 1)) || failed;
if (suites[0] === 'options') failed = !(await options(Number(suites[1] ?? 1000)));
if (suites[0] === 'types') failed = !(await types(Number(suites[1] ?? 20_000), chosenSeed()));
else if (suites.includes('types')) failed = !(await types(3000, 1)) || failed;
if (suites.includes('samples')) failed = !(await samples()) || failed;
if (values.summary) writeFileSync(values.summary, JSON.stringify(summary));
process.exitCode = failed ? 1 : 0;

async function parser(): Promise<boolean> {
  const corpora: Corpus<StatementSample>[] = [];
  const shared = wanted('shared') ? precomputedStatements() : undefined;
  if (shared) corpora.push(only(shared));
  if (wanted('maven')) {
    const missing = oracleMissing();
    if (missing) skip(`the statements of Maven Central: ${missing}`);
    else corpora.push(only(await mavenStatements(chosen)));
  }
  if (corpora.every((corpus) => corpus.samples.length === 0)) {
    console.log('No statements to compare.');
    return true;
  }
  const scripts: Corpus<ScriptSample>[] = [];
  const sharedScripts = wanted('shared') && !values.id ? precomputedScripts() : undefined;
  if (sharedScripts) scripts.push(sharedScripts);
  if (wanted('maven') && !values.id && !oracleMissing()) scripts.push(await mavenScripts(chosen));
  const door = await buildDoor(values.dist);
  const alone = await runParserSuite(door, corpora, chosen);
  const inScripts = await runScriptStatements(door, scripts, chosen);
  const run = {
    tallies: [...alone.tallies, ...inScripts.tallies],
    disagreements: [...alone.disagreements, ...inScripts.disagreements],
  };
  if (values.id) {
    for (const one of run.disagreements) console.log(JSON.stringify(one, undefined, 2), `\n${one.sample.sql}\n`);
    if (run.disagreements.length === 0) console.log('Agrees.');
    return run.disagreements.length === 0;
  }
  printParserRun(run);
  summary.passed += run.tallies.reduce((sum, { counts }) => sum + counts.accepted + counts.rejected, 0);
  return settle('parser', parserFound(run), run.tallies);
}

/** Classes or list, table, and the report file. */
function printParserRun(run: ParserRun): void {
  if (values.list) for (const one of run.disagreements) console.log(`${one.outcome}: ${describe(one)}`);
  else console.log(parserClasses(run, Number(values.examples), Number(values.classes)));
  console.log(`\n${parserTable(run)}\n`);
  if (values.report) {
    const rows = run.disagreements.map(({ sample, ...rest }) => ({
      ...rest,
      id: sample.id,
      source: sample.source,
      flink: sample.flink[rest.release as '2.3.0'],
      around: rest.ours && around(sample.sql, rest.ours.start[0], rest.ours.start[1]),
      sql: sample.sql,
    }));
    writeFileSync(values.report, `${JSON.stringify(rows, undefined, 1)}\n`);
  }
}

/** Unseen statements, judged by real Flink in this run. Every disagreement fails; no list excuses one. */
async function fresh(count: number): Promise<boolean> {
  const missing = oracleMissing();
  if (missing) {
    skip(missing);
    return true;
  }
  const seed = chosenSeed();
  const known = [...(precomputedStatements()?.samples ?? []), ...mavenExtracts()].map((sample) => sample.sql);
  const corpus = await judged(`fresh ${seed}`, freshStatements(count, seed, known), chosen);
  const run = await runParserSuite(await buildDoor(values.dist), [corpus], chosen);
  printParserRun(run);
  console.log(`fresh: ${run.disagreements.length} disagreements; the same statements again with --seed ${seed}.`);
  return run.disagreements.length === 0;
}

/** Classes or list, table, and the report file. */
function printSemanticsRun(run: SemanticsRun): void {
  if (values.list) for (const one of run.disagreements) console.log(`${one.what}: ${describeSemantics(one)}`);
  else console.log(semanticsClasses(run, Number(values.examples), Number(values.classes)));
  console.log(`\n${semanticsTable(run)}\n`);
  if (values.report) writeFileSync(values.report, `${JSON.stringify(run.disagreements, undefined, 1)}\n`);
}

function chosenSeed(): number {
  return values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
}

/** Scripts with a mistake put in: no false alarm, no other lineage, and 95 of 100 visible rejections flagged. */
async function mutated(count: number, seed: number): Promise<boolean> {
  const missing = oracleMissing();
  if (missing) {
    skip(`the mutants: ${missing}`);
    return true;
  }
  const door = await buildDoor(values.dist);
  const real = values.connectors === 'real';
  // The same mutants whichever version judges them
  const accepted = [...(precomputedScripts()?.samples ?? []), ...(await mavenScripts(versions)).samples];
  const name = `mutants ${real ? 'real ' : ''}${seed}`;
  const settings = real ? { connectors: 'real' as const } : {};
  const corpus = await judgedScripts(name, mutants(count, seed, accepted, real), chosen, settings);
  const run = await runSemanticsSuite(door, [only(corpus)], chosen, real);
  printSemanticsRun(run);
  if (values.id) for (const { script } of only(corpus).samples) console.log(script);
  console.log(`mutants: the same again with --seed ${seed}.`);
  const short = run.tallies.filter(
    (one) =>
      one.falseAlarms > 0 || one.unanswered > 0 || one.flagged < 0.95 * one.visible || one.equalLineages < one.lineages,
  );
  for (const one of run.tallies) summary.passed += one.accepted + one.flagged + one.equalLineages - one.falseAlarms;
  summary.failed += short.length;
  for (const one of short)
    console.log(
      `  falls short: ${one.corpus} ${one.release}: asked is no false alarm, equal lineage, and 95 % flagged`,
    );
  return short.length === 0;
}

/** Tables of connectors that the judge can load, and mutants of their options. */
async function options(count: number): Promise<boolean> {
  const missing = oracleMissing();
  if (missing) {
    skip(missing);
    return true;
  }
  const seed = chosenSeed();
  const statements = [...(precomputedStatements()?.samples ?? []), ...mavenExtracts()].map((sample) => sample.sql);
  const run = await runOptionsSuite(await buildDoor(values.dist), optionTables(count, seed, statements), chosen);
  const shown = values.list ? Number.POSITIVE_INFINITY : Number(values.classes);
  for (const alarm of run.falseAlarms.slice(0, shown)) console.log(`false alarm: ${alarm}`);
  for (const miss of run.missed.slice(0, shown)) console.log(`not flagged: ${miss}`);
  console.log(`\n${run.rows}\n\noptions: the same again with --seed ${seed}.`);
  return run.falseAlarms.length === 0;
}

/** Result types of expressions made by chance: at least 99 of 100 are the planner's, and none is another. */
async function types(count: number, seed: number): Promise<boolean> {
  const missing = oracleMissing();
  if (missing) {
    skip(`the types of expressions: ${missing}`);
    return true;
  }
  const run = await runTypesSuite(count, seed, chosen);
  if (values.list) for (const { outcome, text } of run.differences) console.log(`${outcome}: ${text}`);
  else console.log(typeClasses(run, Number(values.examples), Number(values.classes)));
  console.log(`\n${functionTable(run, values.list ?? false)}`);
  console.log(`\n${run.rows}\n\ntypes: the same again with --seed ${seed}.`);
  if (values.report) writeFileSync(values.report, `${JSON.stringify(run.differences, undefined, 1)}\n`);
  const wrong = run.differences.filter(({ outcome }) => outcome !== 'unknown').length;
  const short = run.counts.filter(({ accepted, equal }) => equal < 0.99 * accepted).length;
  summary.passed += run.counts.reduce((sum, { equal }) => sum + equal, 0);
  summary.failed += wrong + short;
  return wrong + short === 0;
}

async function semantics(): Promise<boolean> {
  const missing = oracleMissing();
  const corpora: Corpus<ScriptSample>[] = [];
  const shared = wanted('shared') ? precomputedScripts() : undefined;
  if (shared) corpora.push(only(values.judge ? await judgedScripts('shared', shared.samples, chosen) : shared));
  if (wanted('maven')) {
    if (missing) skip(`the scripts of Maven Central: ${missing}`);
    else corpora.push(only(await mavenScripts(chosen)));
  }
  if (corpora.length === 0) {
    console.log('No scripts to compare.');
    return true;
  }
  const run = await runSemanticsSuite(await buildDoor(values.dist), corpora, chosen, false);
  printSemanticsRun(run);
  if (values.id) {
    for (const corpus of corpora) for (const sample of corpus.samples) console.log(`\n${sample.script}`);
    return run.disagreements.length === 0;
  }
  summary.passed += run.tallies.reduce(
    (sum, one) => sum + one.accepted + one.flagged + one.equalLineages - one.falseAlarms,
    0,
  );
  const shortfalls = semanticsShortfalls(run);
  summary.failed += shortfalls.length;
  for (const shortfall of shortfalls) console.log(`  falls short: ${shortfall}`);
  return settle('semantics', semanticsFound(run), run.tallies) && shortfalls.length === 0;
}

async function samples(): Promise<boolean> {
  const missing = oracleMissing();
  if (missing) {
    skip(`the samples: ${missing}`);
    return true;
  }
  const { checked, faults } = await checkSamples(chosen);
  summary.passed += checked;
  summary.failed += faults.length;
  for (const fault of faults) console.log(fault);
  console.log(`samples: ${checked} judged, ${faults.length} faults.`);
  return faults.length === 0;
}

function skip(what: string): void {
  console.log(`Skipped ${what}.`);
  summary.skipped.push(what);
}

/** Holds the run against known.json; true when both say the same. */
function settle(suite: string, found: Found[], ran: readonly { corpus: string; release: string }[]): boolean {
  if (values['update-known']) updateKnown(suite, found, ran);
  const { fresh, vanished, unexplained } = checkKnown(readKnown(suite), found, ran);
  const count = (n: number, words: string): string => `${n} ${words}`;
  console.log(
    `${suite}: ${found.length} disagreements; ${count(fresh.length, 'not listed in known.json')}, ` +
      `${count(vanished.length, 'listed but gone')}, ${count(unexplained.length, 'listed without a reason')}.`,
  );
  summary.failed += fresh.length + vanished.length + unexplained.length;
  for (const gone of vanished) console.log(`  gone: ${gone.corpus} ${gone.release} ${gone.id} ${gone.what}`);
  return fresh.length + vanished.length + unexplained.length === 0;
}
