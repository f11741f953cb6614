// Fits rules for result types to what the planner answered (types.mjs), with the very strategies that the server applies.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';

const root = path.join(import.meta.dirname, '../..');

/**
 * Modules of the server, compiled on the fly. `dataFolder` is where those that read the generated files find them.
 */
export async function load(files, dataFolder = '') {
  const { outputFiles } = esbuild.buildSync({
    stdin: { contents: files.map((each) => `export * from './${each}';`).join('\n'), resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    define: { 'import.meta.dirname': JSON.stringify(dataFolder) },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const { applyNullability, applyRules, applyStrategy, parseType, rootLetters, sameType } = await load([
  'server/src/knowledge/strategies',
  'server/src/semantics/type-text',
  'server/src/semantics/types',
]);

/** The type and the literal value of a token of types.mjs. */
function argument(token) {
  if (!token.startsWith('=')) return { type: parseType(token) };
  const literal = token.slice(1);
  if (literal.startsWith("'"))
    return { type: parseType(`CHAR(${literal.length - 2}) NOT NULL`), literal: literal.slice(1, -1) };
  if (!literal.includes('.')) return { type: parseType('INT NOT NULL'), literal: Number(literal) };
  const digits = literal.replace('.', '').replace(/^0+/, '');
  const scale = literal.length - literal.indexOf('.') - 1;
  return {
    type: parseType(`DECIMAL(${Math.max(digits.length, scale + 1)}, ${scale}) NOT NULL`),
    literal: Number(literal),
  };
}

const parsed = new Map();
function typeOf(text) {
  let type = parsed.get(text);
  if (!type) {
    type = parseType(text);
    parsed.set(text, type);
  }
  return type;
}

/** The typed answers of a line, by function. */
function readAnswers(file) {
  const byName = new Map();
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (!text) continue;
    const { f, a, t } = JSON.parse(text);
    if (!byName.has(f)) byName.set(f, []);
    const args = a.map(argument);
    const probe = {
      tokens: a,
      args: { types: args.map((each) => each.type), literals: args.map((each) => each.literal) },
      roots: args.map((each) => rootLetters[each.type.root] ?? '?'),
      text: t,
      type: t === undefined ? undefined : typeOf(t),
    };
    byName.get(f).push(probe);
  }
  return byName;
}

const indexed = (count, names) => Array.from({ length: count }, (_, i) => names.map((name) => `${name} ${i}`)).flat();

/** The strategies to try for calls of so many arguments, the plainest first. */
function candidates(count) {
  if (count === 0) return [];
  return [
    ...(count > 1 ? ['common', 'merged', 'ifnull'] : []),
    ...indexed(count, ['arg']),
    ...(count > 1
      ? [
          'common 1',
          'merged 1',
          'common 0 2',
          'plus',
          'times',
          'divide',
          'mod',
          'concat',
          'varying',
          'plus sum',
          'array common',
          'array merged',
          'array nullable common',
          'overlay',
          'append',
          'row',
        ]
      : []),
    ...indexed(count, [
      'sum',
      'average',
      'whole',
      'varying',
      'element',
      'nullable element',
      'round',
      'precise',
      'array arg',
      'array any arg',
      'array nullable arg',
      'multiset arg',
      'multiset required arg',
      'array key',
      'array element',
      'array required key',
      'array nullable element',
    ]),
    ...(count > 1 ? ['map 0 1', 'map of arrays'] : []),
    ...(count > 1 ? indexed(count, ['array common element']) : []),
    'entries',
    'time',
  ];
}

/** The words for nullability; 'yes' comes after those that evidence could have refuted and did not. */
function nullabilities(count) {
  const words = ['no', 'any', 'all', 'yes'];
  for (let set = 1; count <= 3 && set < (1 << count) - 1; set++) {
    const members = Array.from({ length: count }, (_, i) => i).filter((i) => set & (1 << i));
    words.push(`any ${members.join(' ')}`);
    if (members.length > 1) words.push(`all ${members.join(' ')}`);
  }
  return [...words, 'element 0', ...(count === 2 ? ['search'] : [])];
}

const bare = (text) => text.replace(/ NOT NULL$/, '');

/** The first strategy that gives the planner's type for every probe. */
function fitType(probes, count, whole) {
  const texts = new Set(probes.map((probe) => bare(probe.text)));
  const fixed = texts.size === 1 ? `=${[...texts][0]}` : undefined;
  const varied = new Set(probes.map((probe) => probe.tokens.join())).size > 2;
  // One type whatever the arguments is that type; within one kind of arguments it may as well follow from them
  const own =
    fixed &&
    probes.some(({ args, type }) =>
      args.types.some((each) => [each, each.element, each.key].some((part) => part && sameType(part, type, false))),
    );
  if (fixed && !own && (whole || !/[(<]/.test(fixed))) return fixed;
  for (const strategy of candidates(count)) {
    const fits = probes.every((probe) => {
      const type = applyStrategy(strategy, probe.args);
      return type !== undefined && sameType(type, probe.type, false);
    });
    if (fits) return strategy;
  }
  return fixed && (varied || !/[(<]/.test(fixed)) ? fixed : undefined;
}

function fitNullability(probes, count) {
  return nullabilities(count).find((word) =>
    probes.every((probe) => applyNullability(word, probe.args) === probe.type.nullable),
  );
}

const groupBy = (list, keyOf) => {
  const groups = new Map();
  for (const each of list) {
    const key = keyOf(each);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(each);
  }
  return groups;
};

/**
 * Rules for probes with one number of arguments, splitting by the roots of one argument after the other where needed.
 * Nullability mostly follows one rule for the whole function, `shared`, for which there is the most evidence.
 */
function rulesFor(probes, count, roots, depth, shared) {
  const type = fitType(probes, count, depth === 0);
  const nullability = type && (shared ?? fitNullability(probes, count));
  if (nullability) return [{ roots, type, nullability }];
  if (depth >= count) return [];
  const groups = [...groupBy(probes, (probe) => probe.roots[depth])].flatMap(([letter, group]) => {
    const narrowed = roots.map((set, i) => (i === depth ? letter : set));
    return rulesFor(group, count, narrowed, depth + 1, shared ?? fitNullability(group, count));
  });
  return join(groups, depth);
}

/** Rules that say the same of several roots of an argument are one. */
function join(rules, depth) {
  const joined = new Map();
  for (const rule of rules) {
    const key = JSON.stringify([rule.type, rule.nullability, rule.roots.filter((_, i) => i !== depth)]);
    const same = joined.get(key);
    if (same) {
      same.roots = same.roots.map((set, i) =>
        i === depth && !set.includes(rule.roots[depth]) ? set + rule.roots[depth] : set,
      );
    } else joined.set(key, { ...rule });
  }
  return [...joined.values()];
}

/** The rules of a function for its probes. What they do not explain stays without a rule. */
export function fitRules(probes) {
  const typed = probes.filter((probe) => probe.type);
  return [...groupBy(typed, (probe) => probe.args.types.length)].flatMap(([count, group]) => {
    const found = rulesFor(group, count, Array(count).fill('*'), 0, fitNullability(group, count));
    const rules = found.map(({ roots, type, nullability }) => [
      count,
      roots.every((set) => set === '*') ? '*' : roots.join(' '),
      type,
      nullability,
    ]);
    const explained = group.every(({ args, type }) => {
      const result = applyRules(rules, args);
      return result && sameType(result, type);
    });
    return explained ? generalise(rules) : rules;
  });
}

/** Where every probe is explained, the rule for the most kinds of a first argument comes last and holds for all others. */
function generalise(rules) {
  const general = rules.filter(([, roots]) => /^\S+( \*)*$/.test(roots)).sort((a, b) => b[1].length - a[1].length)[0];
  if (!general) return rules;
  return [...rules.filter((rule) => rule !== general), [general[0], '*', general[2], general[3]]];
}

/**
 * The kinds of arguments that the planner accepts, as products of sets of roots: [count, 'sets'], nothing for a number of
 * arguments with which it accepts all that was tried.
 */
export function accepted(probes) {
  return [...groupBy(probes, (probe) => probe.args.types.length)].flatMap(([count, group]) => {
    if (count === 0 || count > 3 || group.every((probe) => probe.text)) return [];
    const tuples = [...new Set(group.filter((probe) => probe.text).map((probe) => probe.roots.join('')))];
    return products(tuples).map((sets) => [count, sets.join(' ')]);
  });
}

/** Tuples of letters as products of sets, from the last letter to the first. */
function products(tuples) {
  if (tuples.length === 0) return [];
  if (tuples[0].length === 1) return [[tuples.sort().join('')]];
  const byRest = new Map();
  for (const [letter, rests] of groupBy(tuples, (tuple) => tuple[0])) {
    const rest = products(rests.map((tuple) => tuple.slice(1)));
    const key = JSON.stringify(rest);
    byRest.set(key, { letters: (byRest.get(key)?.letters ?? '') + letter, rest });
  }
  return [...byRest.values()].flatMap(({ letters, rest }) => rest.map((sets) => [letters, ...sets]));
}

export { applyRules, argument, readAnswers, sameType, typeOf };
