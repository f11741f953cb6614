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

export const readLines = (file) =>
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
  if (option.deprecated) result.x = 1;
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

/** The required options that the real factory was seen to ask for; those it declares where it was not probed. */
function enforced(dump) {
  const probes = Object.values(dump.probes ?? {});
  if (probes.length === 0) return dump.required;
  return dump.required.filter((key) => probes.every((probe) => probe.enforced.includes(key)));
}

/** What the real factory names as supported without declaring it; `old` when it calls it deprecated. */
function undeclared(dump, supported) {
  const declared = new Set(dump.options.flatMap((option) => [option.key, ...(option.fallback ?? [])]));
  const patterns = dump.options.filter((option) => option.key.includes('#')).map((option) => option.key.split('#'));
  return supported
    .map((text) => ({ key: text.replace(' (deprecated)', ''), old: text.endsWith('(deprecated)') }))
    .filter(
      ({ key }) =>
        !declared.has(key) && !/^(connector|property-version|scan\.watermark\..*|(key\.|value\.)?json\..*)$/.test(key),
    )
    .filter(({ key }) => !patterns.some(([head, tail]) => key.startsWith(head) && key.endsWith(tail)));
}

/** The rows in order, with their descriptions, saying in which lines they are only where that is not `all`. */
export function finish(rows, all, prefix, descriptions) {
  return [...rows.values()]
    .sort((a, b) => (a.k < b.k ? -1 : a.k > b.k ? 1 : a.in - b.in))
    .map((row) => {
      const { in: versions, ...rest } = row;
      const about = descriptions[`${prefix} ${row.k}`] ?? descriptions[`* ${row.k}`];
      return { ...rest, ...(about ? { a: about } : {}), ...(versions === all ? {} : { in: versions }) };
    });
}

/** Adds what is known of releases that could not be loaded. */
function addNewer(factories, newer, lines) {
  const all = (1 << lines.length) - 1;
  for (const factory of [...factories.values()]) {
    const name = `${factory.kind} ${factory.id}`;
    for (const option of newer.also[name] ?? []) {
      const known = [...factory.rows.values()].some((row) => row.k === option.k);
      if (!known) factory.rows.set(JSON.stringify(option), { ...option, in: factory.seen });
    }
    for (const row of factory.rows.values()) if (newer.notRequired[name]?.includes(row.k)) delete row.r;
  }
  for (const { kind, id, roles, like, from, required, options } of newer.factories) {
    const rows = new Map();
    const copied = [...factories.values()].filter((each) => each.kind === kind && each.id === like);
    for (const { k, in: versions, r, ...rest } of copied.flatMap((each) => [...each.rows.values()])) {
      if (!rows.has(k)) rows.set(k, { k, ...rest, in: all });
    }
    for (const option of [...options, { k: '*', t: 'string' }]) rows.set(option.k, { ...option, in: all });
    for (const key of required) rows.set(key, { ...(rows.get(key) ?? { k: key, t: 'string', in: all }), r: 1 });
    factories.set(`${kind} ${id}`, {
      kind,
      id,
      roles,
      from: Object.fromEntries(lines.map((line) => [line, `${from}:`])),
      rows,
      seen: all,
    });
  }
}

/**
 * Takes the lines of Flink, a function from line to dump file, the file of descriptions, that of newer releases, and the
 * file to write.
 */
export function merge(lines, dumpOf, descriptionsFile, newerFile, target) {
  const descriptions = JSON.parse(readFileSync(descriptionsFile, 'utf8'));
  const factories = new Map();
  const common = new Map();
  const strict = new Set();
  lines.forEach((line, index) => {
    const bit = 1 << index;
    for (const dump of readLines(dumpOf(line))) {
      if (dump.kind === 'common') {
        // No factory reads the property version, whatever it says
        for (const option of dump.options)
          collect(common, option.key === usual ? { k: usual, t: 'string' } : compact(option), bit);
        continue;
      }
      const name = [dump.kind, dump.identifier, dump.bulk ? 'file' : '', dump.roles.join('+')].join(' ');
      let factory = factories.get(name);
      if (!factory) {
        factory = { kind: dump.kind, id: dump.identifier, roles: dump.roles, from: {}, rows: new Map(), seen: 0 };
        if (dump.bulk) factory.file = 1;
        factories.set(name, factory);
      }
      if (factory.seen & bit && !dump.holder) continue;
      factory.seen |= bit;
      factory.from[line] = dump.artefact;
      if (Object.values(dump.probes ?? {}).some((probe) => probe.verdict === 'strict')) strict.add(name);
      if (dump.holder && !strict.has(name)) collect(factory.rows, { k: '*', t: 'string' }, bit);
      const required = new Set(enforced(dump));
      for (const option of dump.options) {
        collect(factory.rows, required.has(option.key) ? { ...compact(option), r: 1 } : compact(option), bit);
      }
      for (const key of wildcards(dump)) collect(factory.rows, { k: key, t: 'string' }, bit);
      const either = Object.values(dump.probes ?? {}).map((probe) => probe.either ?? []);
      const always = (either[0] ?? []).filter((group) => either.every((each) => each.includes(group)));
      if (always.length > 0) factory.either = always.map((group) => group.split('|'));
      const supported = Object.values(dump.probes ?? {}).flatMap((probe) => probe.supported ?? []);
      for (const { key, old } of undeclared(dump, supported))
        collect(factory.rows, { k: key, t: 'string', ...(old ? { x: 1 } : {}) }, bit);
      if (dump.kind === 'connector' && (supported.length === 0 || supported.includes(usual))) {
        factory.usual = (factory.usual ?? 0) | bit;
      }
    }
  });
  addNewer(factories, JSON.parse(readFileSync(newerFile, 'utf8')), lines);
  const written = [...factories.values()]
    .sort((a, b) => `${a.kind} ${a.id} ${a.roles}`.localeCompare(`${b.kind} ${b.id} ${b.roles}`))
    .map(({ rows, seen, from, usual: withUsual, ...factory }) => ({
      ...factory,
      from: sharedArtefact(from),
      in: seen,
      ...(withUsual ? { usual: withUsual } : {}),
      options: finish(rows, seen, factory.id, descriptions),
    }));
  const all = (1 << lines.length) - 1;
  writeFileSync(
    target,
    `{"lines":${JSON.stringify(lines)},\n"common":${JSON.stringify(finish(common, all, 'common', descriptions))},\n"factories":[\n${written
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
