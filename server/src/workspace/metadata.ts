import type { Position } from 'vscode-languageserver-textdocument';
import { AtlasServer } from '../atlas/atlasServer';
import type { TableAnswer } from '../atlas/cards';
import { commonNamespace } from '../atlas/commonNamespace';
import { namesToRead } from '../atlas/desired';
import type { Job, JobSource } from '../atlas/job';
import { mappingContext } from '../atlas/mapping';
import { type PublishState, publishState } from '../atlas/publishState';
import { type MetadataStore, outcome, toUserError } from '../atlas/store';
import { ourTypes } from '../atlas/typedefs';
import type { Span } from '../features/analysed-document';
import { type ColumnAt, columnAt } from '../features/column-at';
import { datasetAt } from '../features/dataset-at';
import { driftFix } from '../features/drift-fix';
import { columnCard, metadataHover, notConnected, notPicked } from '../features/metadata-hover';
import { tablesOf } from '../features/store-findings';
import { tableAt } from '../features/table-at';
import type {
  AtlasConnection,
  ConfigureStores,
  ConnectionTest,
  DocumentStore,
  Outcome,
  Secret,
  StoreInfo,
  UserError,
} from '../protocol';
import { catalogsOf } from './catalogs-of';
import type { OpenDocument } from './document';
import { jobOf } from './job-of';
import { KnownTables } from './known-tables';
import { LineageService } from './lineage-service';
import type { ScriptFinder } from './script-finder';
import { sourceOf } from './source';
import { Stores } from './stores';

/** Milliseconds for which a store that did not answer is not asked in the background again. */
const QUIET = 60_000;

/** What the editor asks of metadata stores: hover cards, what is published. Errors come back as values. */
export class MetadataService {
  readonly stores = new Stores();
  /** Where documents are in their repositories, until the next refresh: git need not be asked after every pause */
  private readonly sources = new Map<string, Promise<JobSource>>();
  private quietUntil = 0;
  readonly tables: KnownTables;

  readonly lineage: LineageService;

  /**
   * `folders` answers the URIs of the workspace's folders, `findScript` the place of a job's statement in them; `documents`
   * are those that are open, by URI.
   */
  constructor(
    private readonly folders: () => readonly string[],
    findScript: ScriptFinder['find'],
    documents: ReadonlyMap<string, OpenDocument>,
  ) {
    this.tables = new KnownTables(this.stores, documents);
    this.lineage = new LineageService(this.stores, folders, findScript);
  }

  get infos(): StoreInfo[] {
    return this.stores.infos;
  }

  /** Uses other stores from now on; answers what is wrong with those that cannot be used. */
  configure(wanted: ConfigureStores): UserError[] {
    this.tables.clear();
    this.lineage.clear();
    this.quietUntil = 0;
    return this.stores.configure(wanted).map(toUserError);
  }

  /** The store that a document belongs to. */
  async storeFor(uri: string): Promise<DocumentStore> {
    await this.stores.ready;
    const { store, unclear, error } = this.stores.pick(uri);
    return { unclear, ...(store ? { store: store.info } : {}), ...(error ? { error: toUserError(error) } : {}) };
  }

  /** Forgets what was read from the stores, so that the next answers are fresh. */
  refresh(): void {
    this.tables.expire();
    this.lineage.clear();
    this.sources.clear();
    this.quietUntil = 0;
    this.stores.refresh();
  }

  test(connection: AtlasConnection, secret: Secret | undefined, signal: AbortSignal): Promise<Outcome<ConnectionTest>> {
    return outcome(async () => {
      const store = new AtlasServer(connection, secret);
      const { version, user } = await store.status(signal);
      const known = await store.knownTypes(ourTypes, signal);
      const types = known.size === 0 ? 'absent' : known.size < ourTypes.length ? 'partial' : 'present';
      const namespace = await commonNamespace(store, signal);
      return { version, user, types, ...(namespace ? { namespace } : {}) };
    });
  }

  /**
   * Asks ahead for all that an open document needs, so that its hovers, findings and lenses are there at once; what was
   * asked lately is not asked again.
   */
  async prefetch(document: OpenDocument): Promise<void> {
    await this.stores.ready;
    const store = this.stores.for(document.uri);
    if (!store) return;
    // While somebody types, the lenses read what is new for them when the typing rests
    if (document.caret === undefined) await this.readAhead(store, document);
    this.tables.prefetch(store, document);
  }

  /** Reads all that cards and lenses need of a document in one go; whoever needs it hears what went wrong. */
  private async readAhead(store: MetadataStore, document: OpenDocument): Promise<Job> {
    const source = this.sources.get(document.uri) ?? sourceOf(document.uri, this.folders());
    this.sources.set(document.uri, source);
    const job = jobOf(document, await source);
    const names = namesToRead(mappingContext(store, catalogsOf(document)), tablesOf(document).values(), job);
    void this.stores
      .readsOf(store)
      .readAhead([...names])
      .catch(() => {});
    return job;
  }

  /**
   * The card of what is named at a position: a table, the data that an option of a table names, or a column. Undefined
   * where there is none of these, and for a column of which the store knows nothing.
   */
  async hover(
    document: OpenDocument,
    position: Position,
  ): Promise<({ markdown: string; known: boolean } & Span) | undefined> {
    const offset = document.offsetAt(position);
    const named = tableAt(document, offset);
    const dataset = named ? undefined : datasetAt(document, offset);
    const column = named || dataset ? undefined : columnAt(document, offset);
    const place = named ?? dataset ?? column;
    const table = named?.reference.table ?? dataset?.table ?? column?.table;
    if (!place || !table || table.kind === 'view') return undefined;
    const { start, end } = place;
    await this.stores.ready;
    const { store, error } = this.stores.pick(document.uri);
    if (column) {
      const card = store && (await this.columnCard(document, position, store, column));
      return card === undefined ? undefined : { start, end, markdown: card, known: true };
    }
    if (error) return { start, end, markdown: notPicked(toUserError(error)), known: false };
    if (!store) return { start, end, markdown: notConnected(), known: false };
    const answer = await this.tables.get(store, document, table);
    const fixable = driftFix(document, table.name) !== undefined;
    const context = { store: store.info, uri: document.uri, position, now: Date.now(), fixable };
    const shown = dataset ? startWith(answer, dataset.name) : answer;
    return { start, end, markdown: metadataHover(table, shown, context), known: answer.found };
  }

  private async columnCard(
    document: OpenDocument,
    position: Position,
    store: MetadataStore,
    { reference, table, column }: ColumnAt,
  ): Promise<string | undefined> {
    // A computed column is the script's own expression
    const answer = table && column?.kind !== 'computed' ? await this.tables.get(store, document, table) : undefined;
    if (!answer?.found) return undefined;
    const context = { store: store.info, uri: document.uri, position, now: Date.now() };
    try {
      const card = await this.tables.column(store, answer.card, reference.column);
      return card && columnCard(card, { type: column?.type, comment: column?.comment }, context);
    } catch {
      // The table's hover tells what is wrong with the store
      return undefined;
    }
  }

  /**
   * How the job of a document stands in its store; undefined where there is no store, no job, or no answer. Asks the store
   * for what it was not asked before.
   */
  async publishState(document: OpenDocument): Promise<PublishState | undefined> {
    await this.stores.ready;
    const { store, unclear } = this.stores.pick(document.uri);
    if (!store || unclear || Date.now() < this.quietUntil) return undefined;
    try {
      const job = await this.readAhead(store, document);
      return await publishState(this.stores.readsOf(store).within(Number.POSITIVE_INFINITY), job);
    } catch {
      // A store that cannot be reached is told by what the user asks it for, not by what is asked in the background
      this.quietUntil = Date.now() + QUIET;
      return undefined;
    }
  }
}

/** The same answer with the dataset of a name first, where a table stands for several. */
function startWith(answer: TableAnswer, name: string): TableAnswer {
  if (!answer.found) return answer;
  const all = [answer.card, ...answer.others];
  const card = all.find((each) => each.name === name);
  return card ? { ...answer, card, others: all.filter((each) => each !== card) } : answer;
}
