// Holds the knowledge of options against the real factories: every option of every connector and format, misspelt,
// misplaced, badly valued, and left out. `node scripts/knowledge/judge.mjs [line …]`, after options.mjs for that line.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load } from './fit.mjs';
import { classPaths, coordinates, java, lines } from './maven.mjs';
import { readLines } from './merge.mjs';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const { base } = JSON.parse(readFileSync(path.join(here, 'artefacts.json'), 'utf8'));
const samples = JSON.parse(readFileSync(path.join(here, 'samples.json'), 'utf8'));
const knowledge = await load(['server/src/knowledge/options'], path.join(root, 'server/src/knowledge'));
const chosen = process.argv.length > 2 ? process.argv.slice(2) : lines;

const wrongValues = {
  boolean: 'maybe',
  integer: 'many',
  long: '1.5',
  double: 'much',
  float: 'much',
  duration: '3 moons',
  memory: 'big',
  enum: 'none-of-these',
};
const rightValues = {
  boolean: 'true',
  integer: '3',
  long: '3',
  double: '0.5',
  float: '0.5',
  duration: '10 s',
  memory: '1 mb',
  string: 'x',
};
const recordFormats = [
  'json',
  'csv',
  'avro',
  'debezium-json',
  'canal-json',
  'maxwell-json',
  'ogg-json',
  'raw',
  'avro-confluent',
];

const swap = (key) => {
  const at = Math.max(1, Math.floor(key.length / 2));
  return key.slice(0, at - 1) + key[at] + key[at - 1] + key.slice(at + 1);
};
const valueFor = (option) => option.default ?? option.values?.[0] ?? rightValues[option.type] ?? 'x';

/** A table that the factory takes, as far as is known. */
function plain(dump) {
  const with_ = { connector: dump.identifier };
  for (const key of dump.required) {
    const option = dump.options.find((each) => each.key === key);
    with_[key] =
      option?.default ?? (key.endsWith('format') ? 'json' : option?.values?.[0]) ?? rightValues[option?.type] ?? 'x';
  }
  if (dump.options.some((each) => each.key === 'format')) with_.format = 'json';
  for (const [key, value] of Object.entries(samples[dump.identifier] ?? {})) with_[key] = value;
  return with_;
}

function casesOf(dump, dumps, version) {
  const cases = [];
  const start = plain(dump);
  const add = (why, options) => {
    for (const role of dump.roles)
      cases.push({ group: dump.group, connector: dump.identifier, role, why, options: { ...start, ...options } });
  };
  const own = knowledge.connector(version, dump.identifier);
  add('plain', {});
  for (const key of dump.required) {
    const { [key]: _, ...less } = start;
    for (const role of dump.roles)
      cases.push({ group: dump.group, connector: dump.identifier, role, why: 'missing', options: less });
  }
  for (const option of own.options.values()) {
    if (/[*<]/.test(option.key)) {
      add('prefix', { [option.key.replace('<format>', 'json').replace('*', 'some.thing')]: 'x' });
      continue;
    }
    if (option.key === 'connector' || option.key.endsWith('format')) continue;
    const key = option.key.replace('#', 'name');
    add('option', { [key]: valueFor(option) });
    add('misspelt', { [swap(key)]: valueFor(option) });
    if (wrongValues[option.type]) add('value', { [key]: wrongValues[option.type] });
    for (const old of option.fallbackKeys ?? []) add('older', { [old]: valueFor(option) });
  }
  // Options of others, and of all formats
  const foreign = dumps.filter((each) => each.kind === 'connector' && each.identifier !== dump.identifier);
  for (const other of foreign.slice(0, 12))
    for (const { key } of other.options.slice(0, 5)) add('foreign', { [key.replace('#', 'name')]: 'x' });
  if (!('format' in start)) return cases;
  for (const name of recordFormats) {
    const found = knowledge.format(version, name, own.options.has('<format>.*') ? 'file' : 'record');
    if (!found) continue;
    const needed = Object.fromEntries(found.required.map((key) => [`${name}.${key}`, 'x']));
    for (const option of found.options.values()) {
      const key = `${name}.${option.key}`;
      add('format', { format: name, ...needed, [key]: valueFor(option) });
      add('format misspelt', { format: name, ...needed, [swap(key)]: valueFor(option) });
      add('format of another', { [key]: valueFor(option) });
      if (wrongValues[option.type]) add('format value', { format: name, ...needed, [key]: wrongValues[option.type] });
    }
  }
  return cases;
}

/** What we would say: unknown keys, missing keys, bad values. */
function ours(version, { connector, role, options }) {
  const factory = knowledge.connector(version, connector, role);
  const table = { version, options };
  const said = [];
  for (const [key, value] of Object.entries(options)) {
    const option = knowledge.matchOption(factory, key, table);
    if (!option) said.push(`unknown ${key}`);
    else if (knowledge.expectedValue(option, value)) said.push(`value ${key}`);
  }
  for (const key of factory.required) {
    const old = factory.options.get(key)?.fallbackKeys ?? [];
    if (![key, ...old].some((each) => each in options)) said.push(`missing ${key}`);
  }
  return said;
}

/** What the factory said of the key in question: the same words, or 'other' for what is not about options. */
function theirs(message, options) {
  if (message === undefined) return [];
  const unsupported = /Unsupported options:\n\n([\s\S]*?)\n\n/.exec(message);
  if (unsupported) return unsupported[1].split('\n').map((key) => `unknown ${key.trim()}`);
  const missing = /Missing required options are:\n\n([\s\S]*?)(\n\n|\n[a-z.]+Exception|$)/.exec(message);
  if (missing)
    return missing[1]
      .split('\n')
      .filter((key) => /^\S+$/.test(key.trim()))
      .map((key) => `missing ${key.trim()}`);
  const value =
    /Invalid value for option '([^']*)'/.exec(message) ??
    /Could not parse value '[^']*' for key '([^']*)'/.exec(message);
  if (value) {
    const key = Object.keys(options).find((each) => each.endsWith(value[1])) ?? value[1];
    return [`value ${key}`];
  }
  return ['other'];
}

for (const line of chosen) {
  const folder = path.join(root, '.cache/knowledge', line);
  const jars = classPaths({ base: coordinates(base, line) }, folder).get('base');
  const dumps = readLines(path.join(folder, 'options.jsonl')).filter((each) => each.kind === 'connector' && each.class);
  const strict = dumps.filter((dump) => Object.values(dump.probes).some((probe) => probe.verdict === 'strict'));
  const file = (name) => path.join(folder, name);
  const cases = strict.flatMap((dump) => casesOf(dump, dumps, line));
  writeFileSync(file('judge-in.jsonl'), cases.map((each) => `${JSON.stringify(each)}\n`).join(''));
  java('Judge', jars, folder, [file('groups.tsv'), file('judge-in.jsonl'), file('judge.jsonl')]);
  const tally = { cases: 0, found: 0, missed: 0, confirmed: 0, falseAlarms: 0 };
  const odd = new Map();
  for (const { message, ...test } of readLines(file('judge.jsonl'))) {
    tally.cases++;
    const we = ours(line, test);
    const they = theirs(message, test.options);
    const note = (what, detail) => {
      const key = `${what} ${test.connector} ${test.role} ${test.why}`;
      odd.set(key, [...(odd.get(key) ?? []), `${detail} | ${(message ?? '').replace(/\s+/g, ' ').slice(0, 160)}`]);
    };
    for (const each of they) {
      if (each === 'other') continue;
      if (we.includes(each)) tally.found++;
      else {
        tally.missed++;
        note('missed', each);
      }
    }
    // The factory stops at its first complaint: ours is unconfirmed when it complains of nothing, or of other things only
    for (const each of we) {
      if (they.length === 0) {
        tally.falseAlarms++;
        note('false alarm', each);
      } else if (they.includes(each)) tally.confirmed++;
    }
  }
  for (const [key, list] of odd) console.log(`${key}: ${list.length}, such as ${list.slice(0, 2).join(' ;; ')}`);
  console.log(`Flink ${line}: ${JSON.stringify(tally)}`);
}
