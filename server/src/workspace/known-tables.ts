import type { ColumnCard, TableAnswer, TableCard } from '../atlas/cards';
import { describeColumn, findColumn } from '../atlas/describeColumn';
import { describeTables } from '../atlas/describeTables';
import { type MetadataStore, toUserError } from '../atlas/store';
import { tableOf } from '../atlas/tableOf';
import type { TableNode } from '../semantics/lineage';
import { catalogsOf } from './catalogs-of';
import type { OpenDocument } from './document';
import type { Stores } from './stores';
import { TableAnswers } from './table-answers';
import type { TableSource } from './table-sources';

type Catalogs = Map<string, Record<string, string>>;

/** What the stores know of the tables of documents: asked ahead, kept, and there without waiting. */
export class KnownTables implements TableSource {
  private readonly answers = new TableAnswers(ask, Date.now, () => this.tell());
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
  async prefetch(document: OpenDocument): Promise<void> {
    await this.stores.ready;
    const store = this.stores.for(document.uri);
    if (store) this.answers.prefetch(store, [...tablesOf(document).values()], catalogsOf(document));
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

  /** The tables of a document and what its store was heard to know of them, by planner name; nobody is asked. */
  heard(document: OpenDocument): Map<string, { table: TableNode; card: TableCard }> {
    const heard = new Map<string, { table: TableNode; card: TableCard }>();
    const store = this.stores.for(document.uri);
    if (!store) return heard;
    const catalogs = catalogsOf(document);
    for (const [name, table] of tablesOf(document)) {
      const answer = this.answers.peek(store, table, catalogs);
      if (answer?.found) heard.set(name, { table, card: answer.card });
    }
    return heard;
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
}

async function ask(store: MetadataStore, tables: readonly TableNode[], catalogs: Catalogs): Promise<TableAnswer[]> {
  try {
    return await describeTables(store, tables, catalogs);
  } catch (error) {
    return tables.map(({ name }) => ({ table: name, found: false, error: toUserError(error) }));
  }
}

/** Every table that a document makes or mentions, by planner name. */
function tablesOf({ analysis }: OpenDocument): Map<string, TableNode> {
  const tables = new Map([...analysis.tables].filter(([, { kind }]) => kind !== 'view'));
  for (const { tables: references } of analysis.statements) {
    for (const { table } of references) {
      if (table && table.kind !== 'view' && !analysis.tables.has(table.name)) tables.set(table.name, table);
    }
  }
  return tables;
}
