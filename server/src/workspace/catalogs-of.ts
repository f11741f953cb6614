import type { AnalysedDocument } from '../features/analysed-document';
import { hiveCatalogs } from '../language/hiveDialect';

type Catalogs = Map<string, Record<string, string>>;

/** A document's statements are the same list until it is edited; the binder asks for each table that it does not know. */
const known = new WeakMap<AnalysedDocument['statements'], Catalogs>();

/** The options of the catalogs that a script creates or uses as Hive's, by name: they say where the tables in them are. */
export function catalogsOf({ statements }: Pick<AnalysedDocument, 'statements'>): Catalogs {
  const kept = known.get(statements);
  if (kept) return kept;
  const catalogs: Catalogs = new Map();
  for (const name of hiveCatalogs(statements)) catalogs.set(name, { type: 'hive' });
  for (const { statement } of statements) {
    if (statement.root.kind !== 'CreateCatalog') continue;
    const options = statement.root.options.map(({ key, value }) => [key.value, value.value] as const);
    catalogs.set(statement.root.name.name, Object.fromEntries(options));
  }
  known.set(statements, catalogs);
  return catalogs;
}
