import type { ColumnCard, TableAnswer, TableCard } from '../atlas/cards';
import { describeColumn, findColumn } from '../atlas/describeColumn';
import { describeTables } from '../atlas/describeTables';
import { declaredName } from '../atlas/job';
import { type MetadataStore, toUserError } from '../atlas/store';
import { tableOf } from '../atlas/tableOf';
import { placeName } from '../features/metadata-hover';
import { type Findings, storeFindings, tablesOf } from '../features/store-findings';
import type { TableNode } from '../semantics/lineage';
import { catalogsOf } from './catalogs-of';
import type { OpenDocument } from './document';
import { readGovernance, type Settings } from './settings';
import { pathOf } from './source';
import type { Stores } from './stores';
import { FRESH, TableAnswers } from './table-answers';
import type { TableSource } from './table-sources';

type Catalogs = Map<string, Record<string, string>>;

/** What the stores know of the tables of documents: asked ahead, kept, and there without waiting. */
export class KnownTables implements TableSource {
  private readonly answers = new TableAnswers(
    (...about) => this.ask(...about),
    Date.now,
    () => this.tell(),
  );
  private columns = new Map<string, Promise<ColumnCard>>();
  private readonly listeners: (() => void)[] = [];

  /** `documents` are those that are open, by URI. */
  constructor(
    private readonly stores: Stores,
    private readonly documents: ReadonlyMap<string, OpenDocument>,
  ) {}

  onDidChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  /** Forgets everything: other stores are in use. */
  clear(): void {
    this.answers.clear();
    this.columns = new Map();
    this.tell();
  }

  /** What is known stands until there are newer answers, which the next who asks waits for. */
  expire(): void {
    this.answers.expire();
    this.columns = new Map();
  }

  /** Asks for all tables of a document, so that its hovers are there at once; what was asked lately is not asked again. */
  prefetch(store: MetadataStore, document: OpenDocument): void {
    this.answers.prefetch(store, [...tablesOf(document).values()], catalogsOf(document));
  }

  get(store: MetadataStore, document: OpenDocument, table: TableNode): Promise<TableAnswer> {
    return this.answers.get(store, table, catalogsOf(document));
  }

  /** The column of a card with its lineage; undefined when the card has no such column. Throws a StoreError. */
  async column(store: MetadataStore, card: TableCard, name: string): Promise<ColumnCard | undefined> {
    const column = findColumn(card, name);
    if (!column) return undefined;
    const key = `${store.info.id} ${column.guid}`;
    const known = this.columns.get(key) ?? describeColumn(store, card, column);
    this.columns.set(key, known);
    known.catch(() => this.columns.delete(key));
    return { ...(await known), column, table: card };
  }

  /** What the store of a document says that the document does not go along with; nobody is asked. */
  findings(document: OpenDocument, settings: Settings): Findings {
    const store = this.stores.for(document.uri);
    if (!store) return new Map();
    const catalogs = catalogsOf(document);
    const answers = new Map<string, TableAnswer>();
    for (const [name, table] of tablesOf(document)) {
      const answer = this.answers.peek(store, table, catalogs);
      if (answer) answers.set(name, answer);
    }
    return storeFindings(document, {
      answers,
      place: placeName(store.info),
      governance: settings.governance ?? readGovernance(undefined, undefined),
      ...(settings.rules ? { severities: settings.rules } : {}),
      isOwnJob: (name) => isJobOf(document, name),
    });
  }

  /** A table that no DDL describes, as the document's store was heard to know it; only open documents ask ahead. */
  find(name: string, from: string): TableNode | undefined {
    const store = this.stores.for(from);
    if (!store) return undefined;
    const document = this.documents.get(from);
    const catalogs: Catalogs = document ? catalogsOf(document) : new Map();
    const answer = this.answers.peek(store, { name, kind: 'unknown', options: {}, columns: [] }, catalogs);
    return answer?.found ? tableOf(answer.card, store.info.label) : undefined;
  }

  private async ask(store: MetadataStore, tables: readonly TableNode[], catalogs: Catalogs): Promise<TableAnswer[]> {
    try {
      return await describeTables(this.stores.readsOf(store).within(FRESH), tables, catalogs);
    } catch (error) {
      return tables.map(({ name }) => ({ table: name, found: false, error: toUserError(error) }));
    }
  }
}

/** Whether a job's qualifiedName is that of the job in a document: the name it gives itself, else the end of its path. */
function isJobOf(document: OpenDocument, qualifiedName: string): boolean {
  const name = qualifiedName.replace(/@[^@]*$/, '');
  const declared = declaredName(document);
  if (declared !== undefined) return declared === name;
  const path = pathOf(document.uri)?.replaceAll('\\', '/') ?? document.uri;
  return path === name || path.endsWith(`/${name}`);
}
