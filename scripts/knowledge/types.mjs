// Asks the real planner for the result types of every built-in function and operator over arguments of every type, and
// keeps the answers in .cache/knowledge/<line>/types.jsonl for fit.mjs. `node scripts/knowledge/types.mjs [line …]`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { classPaths, coordinates, java, lines } from './maven.mjs';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const { base } = JSON.parse(readFileSync(path.join(here, 'artefacts.json'), 'utf8'));
const known = JSON.parse(readFileSync(path.join(root, 'server/src/knowledge/functions.json'), 'utf8')).functions.filter(
  (row) => row.k,
);

const numbers = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL(10, 2)', 'DECIMAL(38, 18)'];
const times = ['DATE', 'TIME(0)', 'TIMESTAMP(3)', 'TIMESTAMP_LTZ(3)'];
const texts = ['CHAR(5)', 'VARCHAR(10)', 'STRING'];
const intervals = ['INTERVAL DAY TO SECOND(3)', 'INTERVAL MONTH'];
const composites = [
  'ARRAY<DOUBLE NOT NULL>',
  'MAP<INT, DOUBLE>',

  'ARRAY<INT>',
  'ARRAY<STRING NOT NULL>',
  'MAP<STRING, INT>',
  'ROW<a INT, b STRING>',
  'MULTISET<STRING>',
];
const literals = ['=2', "='a'", '=0.5'];

/** The tokens to try for each argument of a call with so many of them: fewer the more there are. */
function tokens(count, line) {
  const newer = [...(line >= '2.1' ? ['VARIANT'] : []), ...(line >= '2.3' ? ['BITMAP'] : [])];
  const two = [
    'BOOLEAN',
    ...numbers,
    'DECIMAL(5, 0)',
    ...texts,
    ...['BYTES', 'BINARY(3)', 'VARBINARY(7)'],
    ...[...times, 'TIMESTAMP(6)', 'TIMESTAMP_LTZ(6)'],
    ...intervals,
    ...composites,
    ...newer,
    ...literals,
    ...(count > 1 ? [] : ['=1']),
  ];
  if (count <= 1) {
    return [
      ...two,
      ...[
        'DECIMAL(38, 2)',
        'DECIMAL(20, 10)',
        'TIMESTAMP(0)',
        'TIMESTAMP(9)',
        'TIMESTAMP_LTZ(9)',
        'CHAR(1)',
        'VARCHAR(1)',
      ],
      ...[
        'ARRAY<ARRAY<BIGINT>>',
        'ARRAY<DECIMAL(10, 2)>',
        'MAP<INT NOT NULL, DOUBLE NOT NULL>',
        'MULTISET<INT NOT NULL>',
        '=1.5',
        "='abc'",
      ],
    ];
  }
  if (count === 2) return two;
  if (count === 3)
    return [
      'BOOLEAN',
      'INT',
      'BIGINT',
      'DOUBLE',
      'DECIMAL(10, 2)',
      'DECIMAL(38, 18)',
      'VARCHAR(10)',
      'CHAR(5)',
      'STRING',
      'BYTES',
      'TIMESTAMP(3)',
      'DATE',
      'ARRAY<INT>',
      'ARRAY<DOUBLE NOT NULL>',
      'FLOAT',
      ...literals,
    ];
  return ['INT', 'STRING', 'DOUBLE', ...literals];
}

/** Expressions with a syntax of their own: name, template, number of arguments. */
const special = [
  ...['+', '-', '*', '/', '%', '=', '<>', '<', '||', 'AND', 'OR', 'LIKE', 'SIMILAR TO', 'IS DISTINCT FROM'].map(
    (op) => [op, `$1 ${op} $2`, 2],
  ),
  ['U-', '-$1', 1],
  ['NOT', 'NOT $1', 1],
  ['IS NULL', '$1 IS NULL', 1],
  ['IS TRUE', '$1 IS TRUE', 1],
  ['BETWEEN', '$1 BETWEEN $2 AND $3', 3],
  ['IN', '$1 IN ($2, $3)', 3],
  ['CASE', 'CASE WHEN $1 THEN $2 ELSE $3 END', 3],
  ['CASE 2', 'CASE WHEN $1 THEN $2 END', 2],
  // What a row gives depends on the field
  ['ITEM', '$1[$2]', 2, /^ROW/],
  ['EXTRACT', 'EXTRACT(DAY FROM $1)', 1],
  ['FLOOR TO', 'FLOOR($1 TO DAY)', 1],
  ['CEIL TO', 'CEIL($1 TO DAY)', 1],
  ['TIMESTAMPADD', 'TIMESTAMPADD(DAY, $1, $2)', 2],
  ['TIMESTAMPADD SECOND', 'TIMESTAMPADD(SECOND, $1, $2)', 2],
  ['TIMESTAMPDIFF', 'TIMESTAMPDIFF(DAY, $1, $2)', 2],
  ['POSITION', 'POSITION($1 IN $2)', 2],
  ['TRIM', 'TRIM($1)', 1],
  ['TRIM 2', 'TRIM(BOTH $1 FROM $2)', 2],
  ['OVERLAY', 'OVERLAY($1 PLACING $2 FROM $3)', 3],
  ['JSON_VALUE', "JSON_VALUE($1, '$$.a')", 1],
  ['JSON_QUERY', "JSON_QUERY($1, '$$.a')", 1],
  ['JSON_EXISTS', "JSON_EXISTS($1, '$$.a')", 1],
  ['JSON_OBJECT', "JSON_OBJECT('k' VALUE $1)", 1],
  ['ARRAY', 'ARRAY[$1, $2]', 2],
  ['MAP', 'MAP[$1, $2]', 2],
  ['ROW', 'ROW($1, $2)', 2],
  ['CAST', 'CAST($1 AS BIGINT)', 1],
  ['TRY_CAST', 'TRY_CAST($1 AS BIGINT)', 1],
  ['IS JSON', '$1 IS JSON', 1],
];
/** Expressions of aggregates with a syntax of their own. */
const specialAggregates = [
  ['JSON_OBJECTAGG', 'JSON_OBJECTAGG(KEY $1 VALUE $2)', 2],
  ['JSON_ARRAYAGG', 'JSON_ARRAYAGG($1)', 1],
];
/** Calls that make no sense without a window, a match or a table, or whose names the parser takes for itself. */
const skipped = new Set([
  'AGG_DECIMAL_PLUS',
  'AGG_DECIMAL_MINUS',
  'HIVE_AGG_DECIMAL_PLUS',
  'PRINT',
  'JSON_OBJECTAGG_NULL_ON_NULL',
  'JSON_OBJECTAGG_ABSENT_ON_NULL',
  'JSON_ARRAYAGG_NULL_ON_NULL',
  'JSON_ARRAYAGG_ABSENT_ON_NULL',
  'OBJECT_OF',
  'OBJECT_UPDATE',
  'JSON_OBJECT',
  'JSON_VALUE',
  'JSON_QUERY',
  'JSON_EXISTS',
  'JSON_OBJECTAGG',
  'JSON_ARRAYAGG',
  'CAST',
  'TRY_CAST',
  'CASE',
  'EXTRACT',
  'POSITION',
  'OVERLAY',
  'TRIM',
  'TIMESTAMPADD',
  'TIMESTAMPDIFF',
  'NOT',
  'EXISTS',
  'ROW',
  'DISTINCT',
  'DESCRIPTOR',
  'GROUPING',
  'GROUPING_ID',
  'GROUP_ID',
  'AUXILIARY_GROUP',
]);

/** What to ask for a Flink line: every function and operator, with the tokens to try for each argument. */
export function requests(line) {
  const bit = 1 << lines.indexOf(line);
  const result = [];
  const ask = (name, call, count, from, without) => {
    const set = tokens(count, line).filter((token) => !without?.test(token));
    // PERCENTILE wants a percentage that is never NULL
    const both = count === 1 || name.startsWith('PERCENTILE');
    const required = set.filter((token) => !/^=|NOT NULL$/.test(token)).map((token) => `${token} NOT NULL`);
    const sets = Array.from({ length: count }, (_, i) => (both && i < 2 ? [...set, ...required] : set));
    result.push({ name, call, from, sets });
  };
  const open = (name) => `${name}(`;
  for (const row of known) {
    if (!(row.in & bit) || skipped.has(row.n)) continue;
    const kind = row.k[0];
    if (!['scalar', 'aggregate', 'over'].includes(kind)) continue;
    const variadic = row.c.includes(9);
    for (const count of row.c) {
      if (count > (variadic ? 3 : 4)) continue;
      const call = `${open(row.n)}${Array.from({ length: count }, (_, i) => `$${i + 1}`).join(', ')})`;
      if (kind === 'scalar') ask(row.n, call, count, 'FROM t');
      else if (kind === 'over') ask(row.n, `${call} OVER (PARTITION BY k ORDER BY proc)`, count, 'FROM t');
      else {
        ask(row.n, call, count, 'FROM t GROUP BY k');
        ask(`${row.n} ALL`, call, count, 'FROM t');
        if (count === 1) ask(`${row.n} OVER`, `${call} OVER (PARTITION BY k ORDER BY proc)`, count, 'FROM t');
      }
    }
  }
  for (const [name, call, count, without] of special) ask(name, call.replace('$$', '$'), count, 'FROM t', without);
  for (const [name, call, count] of specialAggregates) {
    ask(name, call, count, 'FROM t GROUP BY k');
    ask(`${name} ALL`, call, count, 'FROM t');
  }
  return result;
}

/** Calls of every kind: one for each combination of types without their parameters, and others up to 200. */
function sample(calls) {
  const seen = new Set();
  const kind = (tokens) => tokens.map((token) => token.replace(/[(<].*/, '')).join();
  const chosen = calls.filter((tokens) => !seen.has(kind(tokens)) && seen.add(kind(tokens)));
  const step = Math.max(1, calls.length / 200);
  for (let i = 0; i < calls.length; i += step) chosen.push(calls[Math.floor(i)]);
  return chosen;
}

/** Nullability: the accepted calls again, with some or all of their columns NOT NULL. */
function variants(asked, answers) {
  const accepted = new Map();
  for (const { f, a, t } of answers) {
    if (t === undefined || a.length < 2) continue;
    const key = `${f} ${a.length}`;
    accepted.set(key, [...(accepted.get(key) ?? []), a]);
  }
  const result = [];
  for (const request of asked) {
    const all = accepted.get(`${request.name} ${request.sets.length}`);
    if (!all || request.sets.length < 2) continue;
    for (const tokens of sample(all)) {
      const sets = tokens.map((token) => (/^=|NOT NULL$/.test(token) ? [token] : [token, `${token} NOT NULL`]));
      result.push({ ...request, sets, batch: 64 });
    }
  }
  return result;
}

const readLines = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text));
const writeLines = (file, list) => writeFileSync(file, list.map((each) => `${JSON.stringify(each)}\n`).join(''));

function ask(line) {
  const folder = path.join(root, '.cache/knowledge', line);
  mkdirSync(folder, { recursive: true });
  const jars = classPaths({ base: coordinates(base, line) }, folder).get('base');
  const file = (name) => path.join(folder, name);
  const first = requests(line);
  writeLines(file('types-in.jsonl'), first);
  java('Types', jars, folder, [file('types-in.jsonl'), file('types-1.jsonl')]);
  const answers = readLines(file('types-1.jsonl'));
  writeLines(file('types-in2.jsonl'), variants(first, answers));
  java('Types', jars, folder, [file('types-in2.jsonl'), file('types-2.jsonl')]);
  writeLines(file('types.jsonl'), [...answers, ...readLines(file('types-2.jsonl'))]);
}

if (import.meta.filename === process.argv[1]) {
  for (const line of process.argv.length > 2 ? process.argv.slice(2) : lines) ask(line);
}
