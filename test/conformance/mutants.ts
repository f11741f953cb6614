// Small mistakes put into statements that the planner accepts: a wrong name, a lost column, another type, …
import { tokensOf } from '../fuzz/mutate';
import { Random } from '../fuzz/random';
import { statementTexts } from './compare-semantics';
import { contentId } from './maven-corpus';
import { changeOption, connectors, formats, optionsOf } from './options-suite';
import type { PlanVerdict, ScriptSample } from './verdict';

const isName = (token: string): boolean => /^(`[^`]+`|[a-z_][A-Za-z0-9_]*)$/.test(token) && token.length > 1;
const types = [
  'INT',
  'BIGINT',
  'STRING',
  'BOOLEAN',
  'DOUBLE',
  'TIMESTAMP(3)',
  'DATE',
  'DECIMAL(10, 2)',
  'ARRAY<INT>',
  'BYTES',
];
const typeName = /^(INT|INTEGER|BIGINT|STRING|BOOLEAN|DOUBLE|FLOAT|DATE|BYTES|SMALLINT)$/i;

/** Places of the commas at the level of brackets where one, chosen by chance, stands. */
function siblings(tokens: readonly string[], random: Random): number[] {
  const commas = tokens.flatMap((token, index) => (token === ',' ? [index] : []));
  if (commas.length === 0) return [];
  const chosen = random.pick(commas);
  const depths: number[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token === ')') depth--;
    depths.push(depth);
    if (token === '(') depth++;
  }
  return commas.filter((index) => depths[index] === depths[chosen]);
}

const isSpace = (token: string | undefined): boolean => token === undefined || /^(\s+|--.*|\/\*[\s\S]*)$/.test(token);

/** The next token at or behind `at` that is no space. */
function behind(tokens: readonly string[], at: number): number {
  let next = at;
  while (next < tokens.length && isSpace(tokens[next])) next++;
  return next;
}

/** The bracket that closes the one at `open`; the end where none does. */
function closing(tokens: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (tokens[at] === '(') depth++;
    else if (tokens[at] === ')' && --depth === 0) return at;
  }
  return tokens.length;
}

const places = (tokens: readonly string[], pattern: RegExp): number[] =>
  tokens.flatMap((token, index) => (pattern.test(token) ? [index] : []));

/** Takes a clause out of a list in brackets, with the comma that sets it apart. */
function cutItem(tokens: string[], from: number): boolean {
  let end = from;
  let depth = 0;
  while (end < tokens.length && !(depth === 0 && (tokens[end] === ',' || tokens[end] === ')'))) {
    depth += tokens[end] === '(' ? 1 : tokens[end] === ')' ? -1 : 0;
    end++;
  }
  let start = from;
  if (tokens[end] === ',') end++;
  else {
    while (start > 0 && isSpace(tokens[start - 1])) start--;
    if (tokens[start - 1] !== ',') return false;
    start--;
  }
  tokens.splice(start, end - start);
  return true;
}

/** Calls that take brackets behind their name: its place, and that of its closing bracket. */
function calls(tokens: readonly string[]): { open: number; close: number }[] {
  return tokens.flatMap((token, index) => {
    const open = index + 1;
    if (!/^[A-Za-z_]\w*$/.test(token) || notCalls.test(token) || tokens[open] !== '(') return [];
    const before =
      tokens
        .slice(0, index)
        .filter((one) => !isSpace(one))
        .at(-1) ?? '';
    return /^(table|into|as|view|\.)$/i.test(before) ? [] : [{ open, close: closing(tokens, open) }];
  });
}
const notCalls =
  /^(in|values|and|or|not|on|as|where|from|with|key|table|over|using|by|select|when|then|else|interval|row|array|map|decimal|varchar|char|timestamp|timestamp_ltz|time|numeric|binary|varbinary|measures|pattern|match_recognize|partition|exists|lateral|unnest|raw|all|any|some|having|join|union|limit|case|between|like|sets|cube|rollup|for|of|into)$/i;

type Mutation = (tokens: string[], random: Random) => boolean;

/** Each changes the tokens in place and says whether it could. */
const mutations: Record<string, Mutation> = {
  rename: (tokens, random) => {
    const names = tokens.flatMap((token, index) => (isName(token) ? [index] : []));
    if (names.length === 0) return false;
    const at = random.pick(names);
    tokens[at] = tokens[at]!.endsWith('`') ? `${tokens[at]!.slice(0, -1)}_x\`` : `${tokens[at]}_x`;
    return true;
  },
  exchange: (tokens, random) => {
    const names = tokens.flatMap((token, index) => (isName(token) ? [index] : []));
    if (names.length < 2) return false;
    const [a, b] = [random.pick(names), random.pick(names)];
    [tokens[a], tokens[b]] = [tokens[b]!, tokens[a]!];
    return tokens[a] !== tokens[b];
  },
  drop: (tokens, random) => {
    const commas = siblings(tokens, random);
    if (commas.length < 2) return false;
    const n = random.below(commas.length - 1);
    tokens.splice(commas[n]!, commas[n + 1]! - commas[n]!);
    return true;
  },
  repeat: (tokens, random) => {
    const commas = siblings(tokens, random);
    if (commas.length < 2) return false;
    const n = random.below(commas.length - 1);
    tokens.splice(commas[n]!, 0, ...tokens.slice(commas[n], commas[n + 1]));
    return true;
  },
  reorder: (tokens, random) => {
    const commas = siblings(tokens, random);
    if (commas.length < 3) return false;
    const n = random.below(commas.length - 2);
    const [from, middle, to] = [commas[n]!, commas[n + 1]!, commas[n + 2]!];
    tokens.splice(from, to - from, ...tokens.slice(middle, to), ...tokens.slice(from, middle));
    return true;
  },
  retype: (tokens, random) => {
    const places = tokens.flatMap((token, index) => (typeName.test(token) ? [index] : []));
    if (places.length === 0) return false;
    tokens[random.pick(places)] = random.pick(types);
    return true;
  },
  literal: (tokens, random) => {
    const places = tokens.flatMap((token, index) => (/^(\d+|'[^']*')$/.test(token) ? [index] : []));
    if (places.length === 0) return false;
    const at = random.pick(places);
    tokens[at] = tokens[at]!.startsWith("'") ? '1' : random.pick(["'a'", 'TRUE', 'NULL', '1.5']);
    return true;
  },
  ungroup: (tokens) => {
    const at = tokens.findIndex((token, index) => /^group$/i.test(token) && /^by$/i.test(tokens[index + 2] ?? ''));
    if (at < 0) return false;
    let end = at;
    let depth = 0;
    while (end < tokens.length && !(depth === 0 && /^(having|order|limit|\)|union|window)$/i.test(tokens[end]!))) {
      depth += tokens[end] === '(' ? 1 : tokens[end] === ')' ? -1 : 0;
      end++;
    }
    tokens.splice(at, end - at);
    return true;
  },
  aggregate: (tokens, random) => {
    const names = tokens.flatMap((token, index) =>
      isName(token) && tokens[index - 1] !== '.' && tokens[index + 1] !== '.' ? [index] : [],
    );
    if (names.length === 0) return false;
    const at = random.pick(names);
    tokens[at] = `${random.pick(['SUM', 'UPPER', 'ABS', 'MAX', 'CHAR_LENGTH', 'YEAR'])}(${tokens[at]})`;
    return true;
  },
  /** An argument more or less */
  arity: (tokens, random) => {
    const found = calls(tokens);
    if (found.length === 0) return false;
    const { open, close } = random.pick(found);
    const inside = tokens.slice(open + 1, close);
    const comma = inside.lastIndexOf(',');
    if (comma >= 0 && random.chance(0.5) && !inside.slice(comma).includes(')')) {
      tokens.splice(open + 1 + comma, close - open - 1 - comma);
    } else tokens.splice(close, 0, inside.every(isSpace) ? '1' : ', 1');
    return true;
  },
  cast: (tokens, random) => {
    const names = tokens.flatMap((token, index) =>
      isName(token) && tokens[index - 1] !== '.' && tokens[index + 1] !== '.' && tokens[index + 1] !== '('
        ? [index]
        : [],
    );
    if (names.length === 0) return false;
    const at = random.pick(names);
    tokens[at] = `CAST(${tokens[at]} AS ${random.pick(types)})`;
    return true;
  },
  /** Another arithmetic, comparing or logical operator */
  operator: (tokens, random) => {
    const found = places(tokens, /^([-+*/%<>=]|<>|<=|>=|\|\||and|or)$/i).filter(
      (at) => isSpace(tokens[at - 1]) && isSpace(tokens[at + 1]) && !/^,?$/.test(tokens[behind(tokens, at + 1)] ?? ''),
    );
    if (found.length === 0) return false;
    tokens[random.pick(found)] = random.pick(['+', '-', '||', 'AND', '=', '<', 'LIKE', '%']);
    return true;
  },
  /** The changes that a sink takes and a source gives depend on the connector */
  connector: (tokens, random) => {
    const found = places(tokens, /^'connector'$/).map((at) => behind(tokens, behind(tokens, at + 1) + 1));
    if (found.length === 0) return false;
    tokens[random.pick(found)] = random.pick([
      "'kafka', 'format' = 'json'",
      "'kafka', 'format' = 'debezium-json'",
      "'filesystem', 'format' = 'json'",
      "'upsert-kafka'",
      "'jdbc'",
      "'mysql-cdc'",
      "'print'",
    ]);
    return true;
  },
  timeless: (tokens, random) => {
    const found = places(tokens, /^watermark$/i);
    return found.length > 0 && cutItem(tokens, random.pick(found));
  },
  keyless: (tokens, random) => {
    const found = places(tokens, /^primary$/i);
    return found.length > 0 && cutItem(tokens, random.pick(found));
  },
  distinct: (tokens, random) => {
    const found = places(tokens, /^select$/i);
    if (found.length === 0) return false;
    tokens.splice(random.pick(found) + 1, 0, ' DISTINCT');
    return true;
  },
  join: (tokens, random) => {
    const found = places(tokens, /^join$/i);
    if (found.length === 0) return false;
    const at = random.pick(found);
    let start = at;
    while (start > 0 && (isSpace(tokens[start - 1]) || /^(inner|left|right|full|outer)$/i.test(tokens[start - 1]!)))
      start--;
    tokens.splice(start, at - start, ` ${random.pick(['INNER', 'LEFT', 'RIGHT', 'FULL'])} `);
    return true;
  },
  setOperation: (tokens, random) => {
    const found = places(tokens, /^union$/i);
    if (found.length === 0) return false;
    const at = random.pick(found);
    const all = behind(tokens, at + 1);
    if (/^all$/i.test(tokens[all] ?? '')) tokens.splice(all, 1);
    tokens[at] = random.pick(['UNION', 'INTERSECT', 'EXCEPT']);
    return true;
  },
  /** An order, or a limit, at the end of a query */
  order: (tokens, random) => {
    const names = tokens.filter(isName);
    if (names.length === 0 || !/^\s*(insert|select|with)\b/i.test(tokens.join(''))) return false;
    tokens.push(
      random.pick([
        ` ORDER BY ${random.pick(names)}`,
        ` ORDER BY ${random.pick(names)} LIMIT 5`,
        ' ORDER BY 1',
        ' LIMIT 5',
      ]),
    );
    return true;
  },
  /** Windows of another kind or size */
  window: (tokens, random) => {
    const found = places(tokens, /^(tumble|hop|cumulate|session)$/i);
    const sizes = places(tokens, /^'\d+'$/).filter((at) => /^interval$/i.test(tokens[at - 2] ?? ''));
    if (found.length + sizes.length === 0) return false;
    if (sizes.length > 0 && random.chance(0.5))
      tokens[random.pick(sizes)] = random.pick(["'0'", "'7'", "'13'", "'1000'"]);
    else if (found.length === 0) return false;
    else tokens[random.pick(found)] = random.pick(['TUMBLE', 'HOP', 'CUMULATE', 'SESSION']);
    return true;
  },
};

const defines = /^\s*(--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(CREATE|USE|SET|ALTER|LOAD|DROP)\b/i;

const hasOptions = /^\s*CREATE\s[\s\S]*\bWITH\s*\(/i;

/** Whether the judge has the factories that a definition asks for. */
function isLoadable(statement: string): boolean {
  if (!hasOptions.test(statement)) return !/^\s*CREATE\s+(TABLE|CATALOG)/i.test(statement);
  const options = optionsOf(statement);
  const used = ['format', 'key.format', 'value.format']
    .map((key) => options.get(key))
    .filter((one) => one !== undefined);
  return connectors.has(options.get('connector') ?? '') && used.every((format) => formats.has(format));
}

/**
 * Mutants of scripts: the statements that define something before an accepted query or write, and this statement, one
 * of them changed. Each is a script of its own, named by what was done to it. With `real`, only scripts whose connectors
 * the judge can load, and options are changed too.
 */
export function mutants(
  count: number,
  seed: number,
  samples: readonly ScriptSample[],
  real = false,
): { id: string; source: string; script: string }[] {
  const random = new Random(seed);
  // With real connectors every other one is about options; what the stand-ins are told by their names is not
  const plain = Object.keys(mutations);
  const names = real ? plain.filter((name) => name !== 'connector').flatMap((name) => [name, 'option']) : plain;
  const sources = samples.flatMap(({ script, flink }) => {
    const verdicts: readonly PlanVerdict[] = flink['2.3.0'] ?? [];
    const texts = statementTexts(script, verdicts).map((text) => text.trim().replace(/;\s*$/, ''));
    return verdicts
      .filter((verdict) => !verdict.error && verdict.lineage?.every((flow) => flow.columns.length > 0))
      .map(({ n }) => ({
        before: texts
          .slice(0, n)
          .filter((text, index) => defines.test(text) && !verdicts[index]!.error && text.length < 5000),
        text: texts[n]!,
      }))
      .filter(({ before, text }) => before.length < 12 && text.length < 3000)
      .filter(({ before }) => !real || (before.length > 0 && before.every(isLoadable)));
  });
  const made = new Map<string, { id: string; source: string; script: string }>();
  for (let tries = 0; made.size < count && tries < count * 20; tries++) {
    const { before, text } = random.pick(sources);
    const statements = [...before, text];
    // Mostly the statement itself, sometimes a definition that it depends on
    const at = random.chance(0.7) ? statements.length - 1 : random.below(statements.length);
    const name = random.pick(names);
    if (name === 'option') {
      const tables = statements.flatMap((statement, index) => (hasOptions.test(statement) ? [index] : []));
      const table = tables.length > 0 ? random.pick(tables) : at;
      const changed = changeOption(statements[table]!, random);
      if (!changed) continue;
      statements[table] = changed;
    } else {
      const tokens = tokensOf(statements[at]!);
      if (!mutations[name]!(tokens, random)) continue;
      statements[at] = tokens.join('');
    }
    const script = statements.map((statement) => `${statement};\n`).join('');
    made.set(script, { id: `${name}-${contentId(script)}`, source: 'mutant', script });
  }
  return [...made.values()];
}
