// Writes server/src/knowledge/functions.json: the built-in functions of each Flink line, as the real planner knows them.
// `node scripts/knowledge/functions.mjs [line …]`, or
// `… merge` to write anew what was read before; needs Maven and Java 17. Result types come from types.mjs, run before.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { accepted, fitRules, readAnswers } from './fit.mjs';
import { classPaths, coordinates, java, lines } from './maven.mjs';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const { base } = JSON.parse(readFileSync(path.join(here, 'artefacts.json'), 'utf8'));
const descriptions = JSON.parse(readFileSync(path.join(here, 'function-descriptions.json'), 'utf8'));
const chosen = process.argv.length > 2 ? process.argv.slice(2).filter((line) => line !== 'merge') : lines;
const folderOf = (line) => path.join(root, '.cache/knowledge', line);

for (const line of chosen) {
  mkdirSync(folderOf(line), { recursive: true });
  const jars = classPaths({ base: coordinates(base, line) }, folderOf(line)).get('base');
  java('Functions', jars, folderOf(line), [path.join(folderOf(line), 'functions.jsonl')]);
}

const readLines = (file) =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text))
    : [];

const matchOnly = new Set([
  'FIRST',
  'LAST',
  'PREV',
  'NEXT',
  'CLASSIFIER',
  'MATCH_NUMBER',
  'MATCH_ROWTIME',
  'MATCH_PROCTIME',
  'RUNNING',
  'FINAL',
]);

/** What a function can be used as. */
function kindsOf(dump) {
  const kinds = new Set();
  for (const operator of dump.operators ?? []) {
    if (matchOnly.has(dump.name)) kinds.add('match');
    else if (operator.table || /TableFunction$/.test(operator.class)) kinds.add('table');
    else if (operator.over) kinds.add('over');
    else if (operator.aggregate) kinds.add('aggregate');
    else if (operator.group || /^(TUMBLE|HOP|SESSION)_/.test(dump.name)) kinds.add('window');
    else kinds.add('scalar');
  }
  for (const definition of dump.definitions ?? []) {
    if (!definition.runtime && dump.operators) continue;
    if (definition.kind === 'SCALAR') kinds.add('scalar');
    if (definition.kind === 'AGGREGATE') kinds.add('aggregate');
    if (definition.kind === 'TABLE') kinds.add('table');
    if (definition.kind === 'PROCESS_TABLE') kinds.add('process table');
  }
  // TUMBLE(…) in a GROUP BY is another operator than the table function of that name
  if (/^(TUMBLE|HOP|SESSION)$/.test(dump.name)) kinds.add('window');
  return [...kinds];
}

/** The row of a function in one line; undefined for operators that no one can call by name. */
function rowOf(dump) {
  if (/\s|^[^A-Z_$]|^\$/.test(dump.name)) return undefined;
  const verdicts = Object.values(dump.counts);
  const internal =
    (dump.definitions ?? []).length > 0 && dump.definitions.every((each) => each.internal) && !dump.operators;
  const kinds = kindsOf(dump);
  const asTable = kinds.includes('table') || kinds.includes('process table');
  const taken = verdicts.map((verdict) => verdict === 'ok' || verdict.startsWith('other'));
  const bySyntax = verdicts.some((verdict) => verdict === 'syntax');
  if (internal || (!taken.includes(true) && !bySyntax && !asTable)) return undefined;
  const operators = (dump.operators ?? []).filter((each) => each.function);
  if (
    !taken.includes(true) &&
    bySyntax &&
    operators.length === 0 &&
    !/^(CAST|TRY_CAST|CASE|JSON_\w+AGG|JSON_OBJECT)$/.test(dump.name)
  ) {
    return undefined;
  }
  const row = { n: dump.name, k: kinds };
  if (asTable) {
    const declared = [...operators.filter((each) => each.table), ...(dump.definitions ?? [])];
    row.c = declared.flatMap((each) =>
      Array.from({ length: (each.max < 0 ? 9 : each.max) - each.min + 1 }, (_, i) => each.min + i),
    );
    if (kinds.includes('window')) row.c.push(...taken.flatMap((is, count) => (is ? [count] : [])));
    row.c = [...new Set(row.c)].sort((a, b) => a - b);
  } else {
    // What the parser refuses it reports itself
    row.c = verdicts.flatMap((verdict, count) => (taken[count] || verdict === 'syntax' ? [count] : []));
  }
  if (bySyntax) row.s = 1;
  if (operators.some((each) => each.syntax === 'FUNCTION_ID')) row.p = 0;
  if ([...(dump.operators ?? []), ...(dump.definitions ?? [])].some((each) => !each.deterministic)) row.x = 1;
  const named = (dump.definitions ?? []).find((each) => each.arguments);
  if (named)
    row.args = named.arguments.map(({ name, optional, type }) => ({
      n: name,
      ...(optional ? { o: 1 } : {}),
      ...(type ? { t: type } : {}),
    }));
  if (descriptions[dump.name]) row.a = descriptions[dump.name];
  return row;
}

/** The rules for the types of a function's results, in a group, in a query without groups, and with OVER. */
function types(row, answers) {
  const rules = (name) => (answers?.has(name) ? fitRules(answers.get(name)) : []);
  const t = rules(row.n);
  if (t.length > 0) row.t = t;
  for (const [key, suffix] of [
    ['all', ' ALL'],
    ['over', ' OVER'],
  ]) {
    const found = rules(row.n + suffix);
    if (found.length > 0 && JSON.stringify(found) !== JSON.stringify(t)) row[key] = found;
  }
  const kinds = accepted(answers?.get(row.n) ?? []);
  if (kinds.length > 0) row.q = kinds;
  return row;
}

const rows = new Map();
lines.forEach((line, index) => {
  const file = path.join(folderOf(line), 'types.jsonl');
  const named = new Set();
  const answers = existsSync(file) ? readAnswers(file) : undefined;
  for (const dump of readLines(path.join(folderOf(line), 'functions.jsonl'))) {
    const row = rowOf(dump);
    if (row) named.add(row.n);
    if (row) add(types(row, answers), index);
  }
  // Operators and forms with a syntax of their own have only types
  for (const name of answers?.keys() ?? []) {
    if (named.has(name) || / (ALL|OVER)$/.test(name)) continue;
    const row = types({ n: name }, answers);
    if (row.t) add(row, index);
  }
});

function add(row, index) {
  const text = JSON.stringify(row);
  const known = rows.get(text);
  if (known) known.in |= 1 << index;
  else rows.set(text, { ...row, in: 1 << index });
}
const sorted = [...rows.values()].sort((a, b) => (a.n < b.n ? -1 : a.n > b.n ? 1 : a.in - b.in));
writeFileSync(
  path.join(root, 'server/src/knowledge/functions.json'),
  `{"functions":[\n${sorted.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`,
);
console.error(`${new Set(sorted.map((row) => row.n)).size} functions`);
