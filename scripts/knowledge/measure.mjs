// Holds the knowledge of result types against the real planner, over types that the rules were not fitted to.
// `node scripts/knowledge/measure.mjs [line …]`; `--fixture` also writes a sample of the answers for the tests.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { argument, load, sameType, typeOf } from './fit.mjs';
import { classPaths, coordinates, java, lines } from './maven.mjs';
import { requests } from './types.mjs';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const { base } = JSON.parse(readFileSync(path.join(here, 'artefacts.json'), 'utf8'));
const options = process.argv.slice(2);
const chosen = options.filter((each) => !each.startsWith('--'));
const { acceptsKinds, applyRules } = await load(['server/src/knowledge/strategies']);
const { functions } = JSON.parse(readFileSync(path.join(root, 'server/src/knowledge/functions.json'), 'utf8'));

const fresh = [
  ...['BOOLEAN', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE'],
  ...[
    'DECIMAL(15, 3)',
    'DECIMAL(20, 5)',
    'DECIMAL(3, 3)',
    'DECIMAL(38, 0)',
    'CHAR(3)',
    'CHAR(20)',
    'VARCHAR(25)',
    'VARCHAR(3)',
    'STRING',
  ],
  ...[
    'BYTES',
    'BINARY(8)',
    'VARBINARY(20)',
    'DATE',
    'TIME(0)',
    'TIMESTAMP(3)',
    'TIMESTAMP(0)',
    'TIMESTAMP(9)',
    'TIMESTAMP_LTZ(3)',
    'TIMESTAMP_LTZ(9)',
  ],
  ...[
    'INTERVAL DAY TO SECOND(3)',
    'INTERVAL YEAR TO MONTH',
    'ARRAY<BIGINT>',
    'ARRAY<DOUBLE NOT NULL>',
    'ARRAY<STRING>',
    'MAP<INT, DOUBLE>',
    'MAP<STRING NOT NULL, BIGINT>',
  ],
  ...['MULTISET<INT>', 'ROW<x DOUBLE, y STRING NOT NULL>', '=1', '=-1', '=12.345', "='text'"],
];

/** A generator of numbers that gives the same ones every time. */
function random(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
}

/** Calls with arguments drawn at random, half of the columns NOT NULL: so many of each call as its arguments allow. */
function draw(line) {
  const next = random(7);
  return requests(line).map((request) => {
    const count = request.sets.length;
    const wanted = [1, 80, 500, 600, 300][count] ?? 300;
    const calls = Array.from({ length: wanted }, () =>
      Array.from({ length: count }, () => {
        const token = fresh[next(fresh.length)];
        return token.startsWith('=') || next(2) ? token : `${token} NOT NULL`;
      }),
    );
    return { request, calls };
  });
}

for (const line of chosen.length > 0 ? chosen : lines) {
  const folder = path.join(root, '.cache/knowledge', line);
  mkdirSync(folder, { recursive: true });
  const file = (name) => path.join(folder, name);
  const jars = classPaths({ base: coordinates(base, line) }, folder).get('base');
  const asked = draw(line).flatMap(({ request, calls }) =>
    calls.map((tokens) => ({ ...request, sets: tokens.map((token) => [token]) })),
  );
  writeFileSync(file('measure-in.jsonl'), asked.map((each) => `${JSON.stringify(each)}\n`).join(''));
  if (!options.includes('--again')) java('Types', jars, folder, [file('measure-in.jsonl'), file('measure.jsonl')]);
  const bit = 1 << lines.indexOf(line);
  const rows = new Map(functions.filter((row) => row.in & bit).map((row) => [row.n, row]));
  const tally = { typed: 0, right: 0, unknown: 0, wrong: 0, refused: 0, seen: 0, falseAlarms: 0 };
  const wrong = new Map();
  const fixture = [];
  for (const text of readFileSync(file('measure.jsonl'), 'utf8').split('\n')) {
    if (!text) continue;
    const { f, a, t } = JSON.parse(text);
    const [, name, use] = /^(.*?)(?: (ALL|OVER))?$/.exec(f);
    const row = rows.get(name);
    const args = a.map(argument);
    const judged =
      row?.q &&
      acceptsKinds(
        row.q,
        args.map((each) => each.type),
      );
    if (t === undefined) {
      tally.refused++;
      if (judged === false) tally.seen++;
      continue;
    }
    if (judged === false) {
      tally.falseAlarms++;
      const seen = wrong.get(`false alarm ${f} ${a.length}`) ?? [];
      wrong.set(`false alarm ${f} ${a.length}`, [...seen, a.join(' & ')]);
    }
    tally.typed++;
    const call = { types: args.map((each) => each.type), literals: args.map((each) => each.literal) };
    const rules = (use && row?.[use.toLowerCase()]) ?? row?.t;
    const found = rules && applyRules(rules, call);
    const verdict = !found || found.root === 'UNKNOWN' ? 'unknown' : sameType(found, typeOf(t)) ? 'right' : 'wrong';
    tally[verdict]++;
    if (verdict !== 'right') {
      const seen = wrong.get(`${verdict} ${f} ${a.length}`) ?? [];
      seen.push(`${a.join(' & ')} -> ${t}${found ? ` not ${JSON.stringify(found)}` : ''}`);
      wrong.set(`${verdict} ${f} ${a.length}`, seen);
    } else fixture.push([f, a, t]);
  }
  for (const [name, cases] of wrong) console.log(`${name}: ${cases.length}, such as ${cases.slice(0, 3).join(' ; ')}`);
  console.log(`Flink ${line}: ${JSON.stringify(tally)} ${((100 * tally.right) / tally.typed).toFixed(2)} %`);
  if (options.includes('--fixture')) {
    const step = fixture.length / 2000;
    const kept = Array.from(
      { length: Math.min(2000, fixture.length) },
      (_, i) => fixture[Math.floor(i * Math.max(1, step))],
    );
    writeFileSync(
      path.join(root, `test/knowledge/result-types-${line}.jsonl`),
      kept.map((each) => `${JSON.stringify(each)}\n`).join(''),
    );
  }
}
