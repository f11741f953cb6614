/** What the functions over models and vectors ask of their arguments, as far as the script tells. */
import { lookupFunction } from '../knowledge/functions';
import type { Argument, Call } from '../language/ast';
import { argumentCount } from '../rules/argument-count';
import { modelArguments } from '../rules/model-arguments';
import type { ModelObject } from './catalog';
import type { Context } from './context';
import type { RelationColumn } from './scope';
import { callName } from './traverse';
import { isUnknown, type LogicalType } from './types';

/** The least number of arguments; one more is a MAP of options. */
const COUNTS: Readonly<Record<string, number>> = { ML_PREDICT: 3, ML_EVALUATE: 5, VECTOR_SEARCH: 4 };
const TASKS = ['regression', 'clustering', 'classification', 'embedding', 'text_generation'];

/** Checks a call whose arguments are given by place. `columns` are those of its descriptors, in order. */
export function checkModelFunction(
  call: Call,
  model: ModelObject | undefined,
  descriptors: readonly (readonly (RelationColumn | undefined)[])[],
  vector: LogicalType | undefined,
  context: Context,
): void {
  const name = callName(call);
  const least = COUNTS[name];
  if (!least || context.broken || !lookupFunction(context.environment.flinkVersion, name)) return;
  if (call.args.some((a) => a.kind === 'NamedArg')) return;
  const { args } = call;
  const wrong = (arg: Argument, words: string): void => context.report(modelArguments(arg, name, words));
  if (args.length < least || args.length > least + 1) {
    context.report(argumentCount(call, name, [least], args.length));
    return;
  }
  const options = args[least];
  if (options && !isOptions(options)) wrong(options, "options as MAP['key', 'value', …]");
  if (name === 'VECTOR_SEARCH') {
    const [, , query, count] = args;
    const type = descriptors[0]?.[0]?.type;
    if (descriptors[0] && descriptors[0].length !== 1) wrong(args[1]!, 'one column');
    else if (type && !isVector(type)) wrong(args[1]!, 'a column of type ARRAY<FLOAT> or ARRAY<DOUBLE>');
    if (vector && !isUnknown(vector) && vector.root !== 'ARRAY') wrong(query!, 'an array of numbers');
    if (count && !(count.kind === 'NumberLiteral' && /^\d+$/.test(count.text) && Number(count.text) > 0))
      wrong(count, 'a whole number above 0, written as such,');
    return;
  }
  if (args[1]!.kind !== 'ModelArg') {
    wrong(args[1]!, 'MODEL and its name');
    return;
  }
  const features = name === 'ML_EVALUATE' ? 1 : 0;
  if (name === 'ML_EVALUATE') {
    if (descriptors[0] && descriptors[0].length !== 1) wrong(args[2]!, 'one column');
    if (model && model.output.length !== 1) wrong(args[1]!, 'a model with one output');
    const task = args[4]!;
    if (task.kind === 'StringLiteral' ? !TASKS.includes(task.value.toLowerCase()) : /Literal$/.test(task.kind))
      wrong(task, `one of ${TASKS.map((t) => `'${t}'`).join(', ')}`);
  }
  const given = descriptors[features];
  if (model && given && model.input.length > 0 && given.length !== model.input.length)
    wrong(args[2 + features]!, `as many columns as the model reads (${model.input.length})`);
}

function isVector(type: LogicalType): boolean {
  if (isUnknown(type)) return true;
  return type.root === 'ARRAY' && /^(FLOAT|DOUBLE|UNKNOWN)$/.test(type.element!.root);
}

/** A MAP of string literals; of known keys with values that fit. */
function isOptions(arg: Argument): boolean {
  if (arg.kind !== 'CollectionConstructor') return !/Literal$/.test(arg.kind);
  if (arg.type !== 'MAP') return false;
  return arg.items.every((item, i) => {
    if (item.kind !== 'StringLiteral') return false;
    const key = i % 2 === 1 ? arg.items[i - 1]! : undefined;
    if (key?.kind !== 'StringLiteral') return true;
    if (key.value === 'async') return /^(true|false)$/i.test(item.value);
    return key.value !== 'max-concurrent-operations' || /^[1-9]\d*$/.test(item.value);
  });
}
