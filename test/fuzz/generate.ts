import { grammar } from './grammar';
import type { Random } from './random';

type Node =
  | { kind: 'text'; text: string }
  | { kind: 'rule'; name: string }
  | { kind: 'choice'; choices: Node[] }
  | { kind: 'sequence'; parts: Node[] }
  | { kind: 'optional'; part: Node }
  | { kind: 'repeat'; part: Node };

/** Reads the notation of grammar.ts. */
function readGrammar(text: string): Map<string, Node> {
  const rules = new Map<string, Node>();
  for (const paragraph of text.split(/\n(?=\w+ = )/)) {
    const match = /^\s*(\w+) = ([\s\S]*)$/.exec(paragraph);
    if (match) rules.set(match[1]!, readRule(match[2]!));
  }
  return rules;
}

const marks = new Set(['|', '[', ']', '{', '}', '(', ')']);

function readRule(text: string): Node {
  // Brackets stand alone or cling to a word; strings, comments and escapes in braces are words of their own
  const tokens =
    text.match(
      /"[^"]*"|\/\*\+|\*\/|\{(?:d|ts) '[^']*'\}|[A-Z_]*&?'(?:[^']|'')*'|`(?:[^`]|``)*`|[[\](){}|]|[^\s[\](){}|]+/g,
    ) ?? [];
  let at = 0;
  const choice = (): Node => {
    const choices = [sequence()];
    while (tokens[at] === '|') {
      at++;
      choices.push(sequence());
    }
    return choices.length === 1 ? choices[0]! : { kind: 'choice', choices };
  };
  const sequence = (): Node => {
    const parts: Node[] = [];
    while (at < tokens.length && !['|', ']', '}', ')'].includes(tokens[at]!)) parts.push(item());
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  };
  const item = (): Node => {
    const token = tokens[at++]!;
    if (!marks.has(token)) return word(token);
    const inner = choice();
    at++;
    return token === '[' ? { kind: 'optional', part: inner } : token === '{' ? { kind: 'repeat', part: inner } : inner;
  };
  return choice();
}

const word = (token: string): Node =>
  token.startsWith('"') ? { kind: 'text', text: token.slice(1, -1) } : { kind: 'text', text: token };

const rules = readGrammar(grammar);

function resolve(node: Node): Node {
  if (node.kind === 'text') return rules.has(node.text) ? { kind: 'rule', name: node.text } : node;
  if (node.kind === 'choice') return { ...node, choices: node.choices.map(resolve) };
  if (node.kind === 'sequence') return { ...node, parts: node.parts.map(resolve) };
  if (node.kind === 'optional' || node.kind === 'repeat') return { ...node, part: resolve(node.part) };
  return node;
}
for (const [name, node] of rules) rules.set(name, resolve(node));

/** Least depth of rules that each rule needs, so that a deep text can be brought to an end. */
const depths = new Map<string, number>();
function depth(node: Node): number {
  if (node.kind === 'rule') return (depths.get(node.name) ?? Number.POSITIVE_INFINITY) + 1;
  if (node.kind === 'choice') return Math.min(...node.choices.map(depth));
  if (node.kind === 'sequence') return Math.max(0, ...node.parts.map(depth));
  return 0;
}
for (let changed = true; changed; ) {
  changed = false;
  for (const [name, node] of rules) {
    const least = depth(node);
    if (least < (depths.get(name) ?? Number.POSITIVE_INFINITY)) {
      depths.set(name, least);
      changed = true;
    }
  }
}

/** Rules that a rule of the grammar names but that does not exist would stand as text; none may. */
export function ruleNames(): string[] {
  return [...rules.keys()];
}

/** One statement (or another rule of the grammar), nested at most about `limit` rules deep. */
export function generate(random: Random, rule = 'statement', limit = 14): string {
  const words: string[] = [];
  const write = (node: Node, left: number): void => {
    if (node.kind === 'text') words.push(node.text);
    else if (node.kind === 'rule') write(rules.get(node.name)!, left - 1);
    else if (node.kind === 'choice') {
      const fit = node.choices.filter((one) => depth(one) <= left);
      const choices = fit.length > 0 ? fit : [node.choices.reduce((a, b) => (depth(b) < depth(a) ? b : a))];
      write(random.pick(choices), left);
    } else if (node.kind === 'sequence') for (const part of node.parts) write(part, left);
    else if (node.kind === 'optional') {
      if (depth(node.part) <= left && random.chance(0.4)) write(node.part, left);
    } else while (depth(node.part) <= left && random.chance(0.35)) write(node.part, left);
  };
  write({ kind: 'rule', name: rule }, limit);
  return join(words, random);
}

/** Joins words as people write them: mostly a blank, no blank around dots and inside brackets, sometimes a new line. */
function join(words: readonly string[], random: Random): string {
  let text = '';
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const last = words[i - 1] ?? '';
    const tight =
      word === '.' ||
      last === '.' ||
      word === ',' ||
      word === ')' ||
      last === '(' ||
      (word === '(' && random.chance(0.5));
    const space = i === 0 ? '' : tight ? '' : random.chance(0.08) ? '\n  ' : random.chance(0.01) ? ' /* c */ ' : ' ';
    const cased = /^[A-Z_]+$/.test(word) && random.chance(0.1) ? word.toLowerCase() : word;
    text += space + cased;
  }
  return text;
}
