import type { Call } from '../language/ast';
import { DROPPED, keys } from './catalog';
import type { Context } from './context';

/**
 * Looks a function up as Flink does: temporary system functions, built-in ones, then those of the catalog. Returns true
 * for a built-in one that nothing hides, so its result type is known; reports a function that cannot exist.
 */
export function checkFunction(call: Call, context: Context): boolean {
  const parts = call.name.parts;
  const name = parts.map((p) => p.name).join('.');
  if (name === '' || !call.parenthesised) return true;
  if (parts.length === 1) {
    if (context.view.get(keys.systemFunction(name))) return false;
  }
  const path = context.path(parts);
  if (!path) return false;
  const entry = context.view.get(keys.function(path.catalog, path.database, path.name));
  if (entry && entry !== DROPPED) return false;
  return parts.length === 1;
}
