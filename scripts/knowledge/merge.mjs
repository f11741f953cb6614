// Merges the dumps of several Flink lines into one compact file: a line for each factory, an option that is the same in
// every line written once.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const types = {
  string: 'string',
  integer: 'integer',
  long: 'long',
  double: 'double',
  float: 'float',
  boolean: 'boolean',
  duration: 'duration',
  memorysize: 'memory',
  enum: 'enum',
  map: 'map',
};
/** Options that Flink takes for every connector that validates the usual way. */
const usual = 'property-version';

const readLines = (file) =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];

/** A default that differs from run to run or machine to machine is none. */
const stable = (text) =>
  text === undefined || /[0-9a-f]{8}-[0-9a-f]{4}-|^\/(tmp|root|home)\b|@[0-9a-f]{5,}$/.test(text) ? undefined : text;

/** The short form of an option: k key, t type, l list, d default, v values, o older keys. */
export function compact(option) {
  const result = { k: option.key, t: types[option.type] ?? 'string' };
  if (option.list) result.l = 1;
  const byDefault = stable(option.default);
  if (byDefault !== undefined) result.d = byDefault;
  if (option.values) result.v = option.values;
  if (option.fallback) result.o = option.fallback;
  return result;
}

/** Adds an option for one line (a bit) to those collected so far; equal ones share a row, `in` says in which lines. */
export function collect(rows, option, bit) {
  const text = JSON.stringify(option);
  const row = rows.get(text);
  if (row) row.in |= bit;
  else rows.set(text, { ...option, in: bit });
}

/** The wildcard keys that a factory's probes found. */
function wildcards(dump) {
  const found = new Set();
  for (const probe of Object.values(dump.probes ?? {})) {
    if (probe.verdict !== 'strict') found.add('*');
    const prefixes = probe.prefixes ?? [];
    for (const prefix of prefixes) {
      if (prefixes.some((other) => other !== prefix && prefix.startsWith(other))) continue;
      if (prefix === 'json.') found.add('<format>.*');
      else if (prefix === 'key.json.' || prefix === 'value.json.') found.add(`${prefix.split('.')[0]}.<format>.*`);
      else found.add(`${prefix}*`);
    }
  }
  return found.has('*') ? ['*'] : [...found];
}

/** Takes the lines of Flink, a function from line to dump file, the file of descriptions and the file to write. */
export function merge(lines, dumpOf, descriptionsFile, target) {
  const descriptions = JSON.parse(readFileSync(descriptionsFile, 'utf8'));
  const factories = new Map();
  const common = new Map();
  lines.forEach((line, index) => {
    const bit = 1 << index;
    for (const dump of readLines(dumpOf(line))) {
      if (dump.kind === 'common') {
        for (const option of dump.options) collect(common, compact(option), bit);
        continue;
      }
      const name = [dump.kind, dump.identifier, dump.bulk ? 'file' : '', dump.roles.join('+')].join(' ');
      let factory = factories.get(name);
      if (!factory) {
        factory = { kind: dump.kind, id: dump.identifier, roles: dump.roles, from: {}, rows: new Map(), seen: 0 };
        if (dump.bulk) factory.file = 1;
        factories.set(name, factory);
      }
      if (factory.seen & bit) continue;
      factory.seen |= bit;
      factory.from[line] = dump.artefact;
      const required = new Set(dump.required);
      for (const option of dump.options) {
        collect(factory.rows, required.has(option.key) ? { ...compact(option), r: 1 } : compact(option), bit);
      }
      for (const key of wildcards(dump)) collect(factory.rows, { k: key, t: 'string' }, bit);
      const supported = Object.values(dump.probes ?? {}).flatMap((probe) => probe.supported ?? []);
      if (dump.kind === 'connector' && (supported.length === 0 || supported.includes(usual))) {
        factory.usual = (factory.usual ?? 0) | bit;
      }
    }
  });
  const finish = (rows, all, prefix) =>
    [...rows.values()]
      .sort((a, b) => (a.k < b.k ? -1 : a.k > b.k ? 1 : a.in - b.in))
      .map((row) => {
        const { in: versions, ...rest } = row;
        const about = descriptions[`${prefix} ${row.k}`] ?? descriptions[`* ${row.k}`];
        return { ...rest, ...(about ? { a: about } : {}), ...(versions === all ? {} : { in: versions }) };
      });
  const written = [...factories.values()]
    .sort((a, b) => `${a.kind} ${a.id} ${a.roles}`.localeCompare(`${b.kind} ${b.id} ${b.roles}`))
    .map(({ rows, seen, from, usual: withUsual, ...factory }) => ({
      ...factory,
      from: sharedArtefact(from),
      in: seen,
      ...(withUsual ? { usual: withUsual } : {}),
      options: finish(rows, seen, factory.id),
    }));
  const all = (1 << lines.length) - 1;
  writeFileSync(
    target,
    `{"lines":${JSON.stringify(lines)},\n"common":${JSON.stringify(finish(common, all, 'common'))},\n"factories":[\n${written
      .map((factory) => JSON.stringify(factory))
      .join(',\n')}\n]}\n`,
  );
}

/** { '1.20': 'g:a:1', '2.0': 'g:a:2' } -> { artefact: 'g:a', versions: { … } } */
function sharedArtefact(from) {
  const versions = {};
  let artefact = '';
  for (const [line, coordinate] of Object.entries(from)) {
    const [group, name, version] = coordinate.split(':');
    artefact = `${group}:${name}`;
    versions[line] = version;
  }
  return { artefact, versions };
}
