import type { AnalysedDocument } from '../features/analysed-document';

/** The options of the catalogs that a script creates, by name: they say where the tables in them are. */
export function catalogsOf({ statements }: Pick<AnalysedDocument, 'statements'>): Map<string, Record<string, string>> {
  const catalogs = new Map<string, Record<string, string>>();
  for (const { statement } of statements) {
    if (statement.root.kind !== 'CreateCatalog') continue;
    const options = statement.root.options.map(({ key, value }) => [key.value, value.value] as const);
    catalogs.set(statement.root.name.name, Object.fromEntries(options));
  }
  return catalogs;
}
