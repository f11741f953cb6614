/**
 * How result types follow from argument types: a small language of strategies, in which the generated rules of
 * functions.json are written. Every rule there was fitted to what the real planner answered (scripts/knowledge/fit.mjs).
 *
 * A strategy is a word, with numbers of arguments behind it: 'arg 0', 'common 1', 'array common', 'plus'. '=' and a type
 * is that type. Nullability is a word of its own: 'yes', 'no', 'any', 'all', 'any 0 2' (of those arguments), 'search', 'fields'.
 */

import { parseType } from '../semantics/type-text';
import {
  adjustDecimal,
  asDecimal,
  commonType,
  decimal,
  isNumeric,
  isUnknown,
  type LogicalType,
  MAX_LENGTH,
  storesUnchanged,
  type TypeRoot,
  UNKNOWN,
  withNullable,
  withoutTime,
} from '../semantics/types';

/** Arguments of a call: their types, and the values of those that are literals. */
export interface CallArguments {
  readonly types: readonly LogicalType[];
  readonly literals?: readonly (number | string | undefined)[];
}

/** One letter for each root, for the conditions of rules. */
export const rootLetters: Readonly<Partial<Record<TypeRoot, string>>> = {
  BOOLEAN: 'o',
  TINYINT: 't',
  SMALLINT: 's',
  INT: 'i',
  BIGINT: 'l',
  FLOAT: 'f',
  DOUBLE: 'd',
  DECIMAL: 'n',
  CHAR: 'c',
  VARCHAR: 'v',
  BINARY: 'b',
  VARBINARY: 'y',
  DATE: 'D',
  TIME: 'T',
  TIMESTAMP: 'P',
  TIMESTAMP_LTZ: 'L',
  INTERVAL_DAY: 'I',
  INTERVAL_MONTH: 'J',
  ARRAY: 'A',
  MAP: 'M',
  MULTISET: 'U',
  ROW: 'R',
  VARIANT: 'V',
  BITMAP: 'B',
};

const wordLists = new Map<string, readonly string[]>();

/** The words of a rule's text, split once. */
function words(text: string): readonly string[] {
  let list = wordLists.get(text);
  if (!list) {
    list = text.split(' ');
    wordLists.set(text, list);
  }
  return list;
}

type Strategy = (args: CallArguments, rest: readonly string[]) => LogicalType | undefined;

const at = (args: CallArguments, text: string | undefined): LogicalType | undefined => args.types[Number(text ?? 0)];
const varchar = (precision: number): LogicalType => ({ root: 'VARCHAR', nullable: true, precision });
const varbinary = (precision: number): LogicalType => ({ root: 'VARBINARY', nullable: true, precision });

/** The decimals of two exact numbers of which one is a decimal; undefined otherwise. */
function decimals(args: CallArguments): [p1: number, s1: number, p2: number, s2: number] | undefined {
  const [a, b] = args.types;
  if (!a || !b || (a.root !== 'DECIMAL' && b.root !== 'DECIMAL')) return undefined;
  const x = asDecimal(a);
  const y = asDecimal(b);
  return x && y && [x.precision, x.scale, y.precision, y.scale];
}

/** The common type of numbers that are no decimals together. */
function number(args: CallArguments): LogicalType | undefined {
  return args.types.every(isNumeric) ? commonType(args.types) : undefined;
}

/**
 * The common type of LogicalTypeMerging, where it differs from that of Calcite: dates and times win over timestamps, and
 * floating point over decimals.
 */
function merged(types: readonly LogicalType[]): LogicalType | undefined {
  const has = (...roots: TypeRoot[]) => types.some(({ root }) => roots.includes(root));
  const only = (...roots: TypeRoot[]) => types.every(({ root }) => roots.includes(root));
  if (only('DATE', 'TIMESTAMP') && has('DATE')) return types.find(({ root }) => root === 'DATE');
  if (only('TIME', 'TIMESTAMP') && has('TIME')) return types.find(({ root }) => root === 'TIME');
  // A decimal and then a FLOAT make a FLOAT, in the other order a DOUBLE
  if (has('DECIMAL') && has('FLOAT')) return types.slice(1).reduce(numbersInOrder, types[0]);
  return commonType(types);
}

function numbersInOrder(before: LogicalType | undefined, type: LogicalType): LogicalType | undefined {
  return before?.root === 'DECIMAL' && type.root === 'FLOAT' ? type : before && commonType([before, type]);
}

function round(type: LogicalType | undefined, places: number | undefined): LogicalType | undefined {
  if (type?.root !== 'DECIMAL' || places === undefined) return undefined;
  const { precision = 10, scale = 0 } = type;
  if (places >= scale) return type;
  if (places < 0) return decimal(Math.min(38, 1 + precision - scale), 0);
  return decimal(1 + precision - scale + places, places);
}

/** The text of an argument's characters or bytes, of varying length, so long as the arguments together when `sum`. */
function varying(types: readonly LogicalType[]): LogicalType | undefined {
  const length = Math.min(
    MAX_LENGTH,
    types.reduce((sum, type) => sum + (type.precision ?? 0), 0),
  );
  const roots = new Set(types.map((type) => type.root));
  if ([...roots].every((root) => root === 'CHAR' || root === 'VARCHAR')) return varchar(length);
  if ([...roots].every((root) => root === 'BINARY' || root === 'VARBINARY')) return varbinary(length);
  return undefined;
}

export const strategies: Readonly<Record<string, Strategy>> = {
  arg: (args, [i]) => at(args, i),
  common: (args, [from, to]) =>
    commonType(args.types.slice(Number(from ?? 0), to === undefined ? undefined : Number(to))),
  /** The common type as functions with an inference of their own find it: see `merged` */
  merged: (args, [from]) => merged(args.types.slice(Number(from ?? 0))),
  /** The first, unless it may be null */
  ifnull: (args) => (args.types[0]?.nullable ? merged(args.types) : args.types[0]),
  element: (args, [i]) => at(args, i)?.element,
  key: (args, [i]) => at(args, i)?.key,
  array: (args, rest) => wrap('ARRAY', evaluate(args, rest)),
  multiset: (args, rest) => wrap('MULTISET', evaluate(args, rest)),
  /** Made nullable inside another type */
  nullable: (args, rest) => nullable(evaluate(args, rest), true),
  /** Nullable inside another type when any argument is */
  any: (args, rest) =>
    nullable(
      evaluate(args, rest),
      args.types.some((type) => type.nullable),
    ),
  /** The array with one more element */
  append: (args) => {
    const { element } = at(args, '0') ?? {};
    return element && wrap('ARRAY', withNullable(element, element.nullable || (at(args, '1')?.nullable ?? true)));
  },
  required: (args, rest) => nullable(evaluate(args, rest), false),
  map: (args, [i, j]) => mapOf(at(args, i), at(args, j)),
  'map of arrays': (args) => mapOf(at(args, '0')?.element, at(args, '1')?.element),
  entries: (args) => {
    const { key, element } = at(args, '0') ?? {};
    if (!key || !element) return undefined;
    return wrap('ARRAY', {
      root: 'ROW',
      nullable: true,
      fields: [
        { name: 'key', type: key },
        { name: 'value', type: element },
      ],
    });
  },
  /** TIME with as many fractional digits as the literal says */
  time: (args) => {
    const digits = args.literals?.[0];
    return typeof digits === 'number' ? { root: 'TIME', nullable: true, precision: digits } : undefined;
  },
  row: (args) => ({ root: 'ROW', nullable: true, fields: args.types.map((type, i) => ({ name: `EXPR$${i}`, type })) }),
  varying: (args, [i]) => (i === undefined ? varying(args.types) : varying(args.types.slice(Number(i), Number(i) + 1))),
  /** Characters or bytes as the replacement, bytes also where CHAR is put into VARBINARY; as long as both together */
  overlay: (args) => {
    const [text, put] = args.types;
    if (!text || !put) return undefined;
    if (put.root === 'CHAR' && text.root === 'BINARY') return undefined;
    const root = put.root === 'CHAR' && text.root === 'VARBINARY' ? text.root : put.root;
    return varying([
      { ...text, root },
      { ...put, root },
    ]);
  },
  concat: (args) => {
    const type = varying(args.types);
    return type && args.types.every(({ root }) => root === 'CHAR' || root === 'BINARY')
      ? { ...type, root: type.root === 'VARCHAR' ? 'CHAR' : 'BINARY' }
      : type;
  },
  plus: (args) => {
    const found = decimals(args);
    if (!found) return number(args);
    const [p1, s1, p2, s2] = found;
    const scale = Math.max(s1, s2);
    return adjustDecimal(Math.max(p1 - s1, p2 - s2) + scale + 1, scale, true);
  },
  times: (args) => {
    const found = decimals(args);
    if (!found) return number(args);
    const [p1, s1, p2, s2] = found;
    return adjustDecimal(p1 + p2 + 1, s1 + s2, true);
  },
  divide: (args) => {
    const found = decimals(args);
    if (!found) return number(args);
    const [p1, s1, p2, s2] = found;
    const scale = Math.max(6, s1 + p2 + 1);
    return adjustDecimal(p1 - s1 + s2 + scale, scale, true);
  },
  mod: (args) => {
    const found = decimals(args);
    if (!found) return args.types.every(isNumeric) ? args.types[1] : undefined;
    const [p1, s1, p2, s2] = found;
    if (s1 === 0 && s2 === 0) return args.types[1];
    const scale = Math.max(s1, s2);
    return adjustDecimal(Math.min(p1 - s1, p2 - s2) + scale, scale, true);
  },
  sum: (args, [i]) => {
    const type = at(args, i);
    return type?.root === 'DECIMAL' ? decimal(38, type.scale ?? 0) : type;
  },
  average: (args, [i]) => {
    const type = at(args, i);
    if (type?.root !== 'DECIMAL') return type;
    return adjustDecimal(38, Math.max(6, type.scale ?? 0), true);
  },
  'plus sum': (args) => {
    const scale = Math.max(
      asDecimal(args.types[0] ?? UNKNOWN)?.scale ?? 0,
      asDecimal(args.types[1] ?? UNKNOWN)?.scale ?? 0,
    );
    return decimal(38, scale);
  },
  /** Without its fraction: FLOOR and CEIL of decimals */
  whole: (args, [i]) => {
    const type = at(args, i);
    return type?.root === 'DECIMAL' ? decimal(type.precision ?? 10, 0) : type;
  },
  round: (args, [i]) => {
    if (args.types.length < 2) return round(at(args, i), 0);
    const places = args.literals?.[1];
    // Rounded to a number of places that only the running job knows, it keeps its type
    return typeof places === 'number' ? round(at(args, i), places) : at(args, i);
  },
  precise: (args, [i]) => {
    const type = at(args, i);
    return type?.precision === undefined ? undefined : { ...type, precision: Math.max(3, type.precision) };
  },
};

function wrap(root: 'ARRAY' | 'MULTISET', element: LogicalType | undefined): LogicalType | undefined {
  return element && { root, nullable: true, element: withoutTime(element) };
}

function mapOf(key: LogicalType | undefined, element: LogicalType | undefined): LogicalType | undefined {
  return key && element && { root: 'MAP', nullable: true, key, element };
}

function nullable(type: LogicalType | undefined, is: boolean): LogicalType | undefined {
  return type && withNullable(type, is);
}

const fixed = new Map<string, LogicalType>();

function evaluate(args: CallArguments, words: readonly string[]): LogicalType | undefined {
  let found = evaluators.get(words);
  if (!found) {
    // Names of several words come first
    const several = strategies[`${words[0]} ${words[1]} ${words[2]}`] ?? strategies[`${words[0]} ${words[1]}`];
    found = several ? [several, []] : [strategies[words[0] ?? ''], words.slice(1)];
    evaluators.set(words, found);
  }
  return found[0]?.(args, found[1]);
}

/** The strategy that a list of words names, and the words behind its name. */
const evaluators = new WeakMap<readonly string[], readonly [Strategy | undefined, readonly string[]]>();

/** The type that a strategy gives for arguments, nullability aside; undefined when it gives none. */
export function applyStrategy(strategy: string, args: CallArguments): LogicalType | undefined {
  if (strategy.startsWith('=')) {
    let type = fixed.get(strategy);
    if (!type) {
      type = parseType(strategy.slice(1));
      fixed.set(strategy, type);
    }
    return type;
  }
  const type = evaluate(args, words(strategy));
  return type && !isUnknown(type) ? withoutTime(type) : undefined;
}

/** Whether the result is nullable. */
export function applyNullability(word: string, args: CallArguments): boolean {
  switch (word) {
    case 'yes':
      return true;
    case 'no':
      return false;
    case 'any':
      return args.types.some(isNullable);
    case 'all':
      return args.types.every(isNullable);
    case 'fields':
      return args.types.some((type) => type.nullable || (type.fields?.some((field) => field.type.nullable) ?? false));
  }
  const [kind, ...numbers] = words(word);
  const which = numbers.length > 0 ? numbers.map((i) => args.types[Number(i)]) : args.types;
  if (kind === 'element') return which[0]?.element?.nullable ?? true;
  if (kind === 'search') return nullableSearch(args.types);
  return kind === 'all' ? which.every(isNullable) : which.some(isNullable);
}

const isNullable = (type: LogicalType | undefined): boolean => type?.nullable ?? true;

/** Of a value looked for in an array: it is taken as it is, or cast to the element's type with that one's nullability. */
function nullableSearch([array, wanted]: readonly LogicalType[]): boolean {
  if (!array?.element || !wanted) return true;
  const cast = !storesUnchanged(wanted, array.element);
  return array.nullable || wanted.nullable || (cast && array.element.nullable);
}

/** Number of arguments, letters of the roots of each ('*' for any), strategy, nullability. */
export type Rule = readonly [count: number, roots: string, type: string, nullable: string];

/** Number of arguments, letters of the roots of each: kinds of arguments that the planner accepts. */
export type Kinds = readonly [count: number, roots: string];

/** Roots that the planner was asked about: with one or two arguments, and with three. Rows differ too much to tell. */
const tried = ['', 'otsilfdncvbyDTPLIJAMU', 'otsilfdncvbyDTPLIJAMU', 'oilfdncvyPDA'];
/** What takes one kind of array or row may well take another. */
const composite = 'AMURVB';

/**
 * Whether the planner accepts arguments of these types, by the kinds it was seen to accept; undefined when that does not
 * tell. NULL, unknown and untried types never tell.
 */
export function acceptsKinds(kinds: readonly Kinds[], types: readonly LogicalType[]): boolean | undefined {
  const count = types.length;
  const known = tried[count];
  let letters = '';
  for (const { root } of types) {
    const letter = rootLetters[root] ?? '?';
    if (!known?.includes(letter)) return undefined;
    letters += letter;
  }
  let asked = false;
  // With an array of another kind the other arguments may be of other kinds
  let open = false;
  for (const [each, roots] of kinds) {
    if (each !== count) continue;
    asked = true;
    const sets = words(roots);
    let fits = true;
    for (let i = 0; i < count; i++) {
      const has = sets[i]!.includes(letters[i]!);
      fits &&= has;
      open ||= has && composite.includes(letters[i]!);
    }
    if (fits) return true;
  }
  return asked && !open ? false : undefined;
}

/** Whether a rule speaks of arguments of these types, their number aside. */
function ruleFits([, roots]: Rule, types: readonly LogicalType[]): boolean {
  if (roots === '*') return true;
  const sets = words(roots);
  for (let i = 0; i < types.length; i++) {
    const set = sets[Math.min(i, sets.length - 1)] ?? '*';
    if (set !== '*' && !set.includes(rootLetters[types[i]!.root] ?? '?')) return false;
  }
  return true;
}

/**
 * The result type by the first rule that speaks of the arguments; undefined when none does. Of what takes any number of
 * arguments, the rules for the largest number that was tried hold for more.
 */
export function applyRules(rules: readonly Rule[], args: CallArguments): LogicalType | undefined {
  let most = 0;
  for (const rule of rules) if (rule[0] > most) most = rule[0];
  const count = Math.min(args.types.length, most);
  for (const rule of rules) {
    if (rule[0] !== count || !ruleFits(rule, args.types)) continue;
    const type = applyStrategy(rule[2], args);
    // a NULL literal has no type that it could give
    return type && type.root !== 'NULL' ? withNullable(type, applyNullability(rule[3], args)) : undefined;
  }
  return undefined;
}
