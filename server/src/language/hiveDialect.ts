import type { ParsedStatement } from './script';

/**
 * Which statements of a script run in Hive's dialect, by index: those between SET 'table.sql-dialect' = 'hive' and what sets or
 * resets it. Flink gives them to Hive's parser, so what ours finds wrong with them says nothing.
 */
export function hiveDialect(statements: readonly { readonly statement: ParsedStatement }[]): ReadonlySet<number> {
  const found = new Set<number>();
  let isHive = false;
  statements.forEach(({ statement: { root } }, index) => {
    const isDialect = (key: string | undefined): boolean => key === 'table.sql-dialect';
    if (root.kind === 'SetOption' && isDialect(root.key?.value)) isHive = root.value?.value.toLowerCase() === 'hive';
    else if (root.kind === 'ResetOption' && (!root.key || isDialect(root.key.value))) isHive = false;
    else if (isHive) found.add(index);
  });
  return found;
}

/** The catalogs that a script uses in Hive's dialect, which only works in a Hive catalog, whoever has created that. */
export function hiveCatalogs(statements: readonly { readonly statement: ParsedStatement }[]): ReadonlySet<string> {
  const hive = hiveDialect(statements);
  const found = new Set<string>();
  let current: string | undefined;
  statements.forEach(({ statement: { root } }, index) => {
    if (root.kind === 'Use' && root.object === 'CATALOG') current = root.names[0]?.parts[0]?.name;
    if (hive.has(index) && current) found.add(current);
  });
  return found;
}
