// Small mistakes put into statements that the planner accepts: a wrong name, a lost column, another type, …
import { tokensOf } from '../fuzz/mutate';
import { Random } from '../fuzz/random';
import { statementTexts } from './compare-semantics';
import { contentId } from './maven-corpus';
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
};

const defines = /^\s*(--[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*(CREATE|USE|SET|ALTER|LOAD|DROP)\b/i;

/**
 * Mutants of scripts: the statements that define something before an accepted query or write, and this statement, one
 * of them changed. Each is a script of its own, named by what was done to it.
 */
export function mutants(
  count: number,
  seed: number,
  samples: readonly ScriptSample[],
): { id: string; source: string; script: string }[] {
  const random = new Random(seed);
  const sources = samples.flatMap(({ script, flink }) => {
    const verdicts: readonly PlanVerdict[] = flink['2.3.0'] ?? [];
    const texts = statementTexts(script, verdicts).map((text) => text.trim().replace(/;\s*$/, ''));
    return verdicts
      .filter((verdict) => verdict.lineage && !verdict.error)
      .map(({ n }) => ({
        before: texts
          .slice(0, n)
          .filter((text, index) => defines.test(text) && !verdicts[index]!.error && text.length < 5000),
        text: texts[n]!,
      }))
      .filter(({ before, text }) => before.length < 12 && text.length < 3000);
  });
  const made = new Map<string, { id: string; source: string; script: string }>();
  for (let tries = 0; made.size < count && tries < count * 20; tries++) {
    const { before, text } = random.pick(sources);
    const statements = [...before, text];
    // Mostly the statement itself, sometimes a definition that it depends on
    const at = random.chance(0.7) ? statements.length - 1 : random.below(statements.length);
    const name = random.pick(Object.keys(mutations));
    const tokens = tokensOf(statements[at]!);
    if (!mutations[name]!(tokens, random)) continue;
    statements[at] = tokens.join('');
    const script = statements.map((statement) => `${statement};\n`).join('');
    made.set(script, { id: `${name}-${contentId(script)}`, source: 'mutant', script });
  }
  return [...made.values()];
}
