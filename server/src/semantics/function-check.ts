import { acceptsCount, functions, lookupFunction } from '../knowledge/functions';
import type { Call } from '../language/ast';
import { argumentCount } from '../rules/argument-count';
import { unknownFunction } from '../rules/unknown-function';
import { DROPPED, type FunctionObject, keys } from './catalog';
import type { Context } from './context';

/**
 * Looks a function up as Flink does: temporary system functions, built-in ones, then those of the catalog. Returns true
 * for a built-in one that nothing hides, so its result type is known; reports a function that cannot exist.
 */
export function checkFunction(call: Call, context: Context): boolean {
  const parts = call.name.parts;
  const name = parts.map((p) => p.name).join('.');
  if (name === '' || !call.parenthesised) return true;
  const version = context.environment.flinkVersion;
  if (parts.length === 1) {
    if (context.systemFunction(name)) return false;
    const known = lookupFunction(version, name);
    if (known) {
      const plain = call.args.every(
        (a) => a.kind !== 'KeywordArg' && a.kind !== 'NamedArg' && a.kind !== 'TableArg' && a.kind !== 'Star',
      );
      if (plain && !known.special && !context.broken && !acceptsCount(known, call.args.length)) {
        context.report(argumentCount(call, known.name, known.counts, call.args.length));
      }
      return true;
    }
  }
  const path = context.path(parts);
  if (!path) return false;
  const entry = context.view.get(keys.function(path.catalog, path.database, path.name));
  if (entry && entry !== DROPPED) return false;
  // a module or an external catalog may bring any function
  if (context.view.get(keys.modules) || !context.isClosed(path.catalog)) return false;
  const problem = unknownFunction(call.name, name, candidates(context));
  context.report(problem);
  context.unresolved.push(problem);
  return false;
}

function* candidates(context: Context): Iterable<string> {
  for (const known of functions(context.environment.flinkVersion)) yield known.name;
  for (const [, value] of context.state.of('function')) {
    if (value && value !== DROPPED) yield (value as FunctionObject).name;
  }
}
