import type { Position } from 'vscode-languageserver-textdocument';
import { AtlasServer } from '../atlas/atlasServer';
import { commonNamespace } from '../atlas/commonNamespace';
import { describeTables } from '../atlas/describeTables';
import type { JobSource } from '../atlas/job';
import { PublishedJobs, type PublishState } from '../atlas/publishedJobs';
import { outcome, toUserError } from '../atlas/store';
import { children, listJobs } from '../atlas/tree';
import { ourTypes } from '../atlas/typedefs';
import type { Span } from '../features/analysed-document';
import { metadataHover, notConnected, notPicked } from '../features/metadata-hover';
import { tableAt } from '../features/table-at';
import type {
  AtlasConnection,
  ConfigureStores,
  ConnectionTest,
  DocumentStore,
  Outcome,
  Secret,
  StoreInfo,
  TreeItem,
  UserError,
} from '../protocol';
import type { OpenDocument } from './document';
import { jobOf } from './job-of';
import type { ScriptFinder } from './script-finder';
import { sourceOf } from './source';
import { folderOf, Stores } from './stores';
import { TableAnswers } from './table-answers';

/** Jobs on one page of the tree. */
const PAGE = 100;
/** Milliseconds for which a store that did not answer is not asked in the background again. */
const QUIET = 60_000;

/** What the editor asks of metadata stores: hover cards, the tree of jobs, what is published. Errors come back as values. */
export class MetadataService {
  readonly stores = new Stores();
  private readonly published = new PublishedJobs();
  /** Where documents are in their repositories, until the next refresh: git need not be asked after every pause */
  private readonly sources = new Map<string, Promise<JobSource>>();
  private quietUntil = 0;
  private readonly answers = new TableAnswers(async (store, tables, catalogs) => {
    try {
      return await describeTables(store, tables, catalogs);
    } catch (error) {
      return tables.map(({ name }) => ({ table: name, found: false, error: toUserError(error) }));
    }
  }, Date.now);

  /** `folders` answers the URIs of the workspace's folders, `findScript` the place of a job's statement in them. */
  constructor(
    private readonly folders: () => readonly string[],
    private readonly findScript: ScriptFinder['find'],
  ) {}

  get infos(): StoreInfo[] {
    return this.stores.infos;
  }

  /** Uses other stores from now on; answers what is wrong with those that cannot be used. */
  configure(wanted: ConfigureStores): UserError[] {
    this.answers.clear();
    this.published.forget();
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
    this.answers.clear();
    this.published.forget();
    this.sources.clear();
    this.quietUntil = 0;
    for (const store of this.stores.all) store.refresh();
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

  /** Asks for the cards of all tables of a document, so that its hovers are there at once. */
  async prefetch(document: OpenDocument): Promise<void> {
    await this.stores.ready;
    const store = this.stores.for(document.uri);
    if (!store) return;
    const tables = [...document.analysis.tables.values()].filter(({ kind }) => kind !== 'view');
    this.answers.prefetch(store, tables, catalogsOf(document));
  }

  /** The card of the table at a position; undefined where there is no table. */
  async hover(
    document: OpenDocument,
    position: Position,
  ): Promise<({ markdown: string; known: boolean } & Span) | undefined> {
    const found = tableAt(document, document.offsetAt(position));
    const table = found?.reference.table;
    if (!found || !table || table.kind === 'view') return undefined;
    const { start, end } = found;
    await this.stores.ready;
    const { store, error } = this.stores.pick(document.uri);
    if (error) return { start, end, markdown: notPicked(toUserError(error)), known: false };
    if (!store) return { start, end, markdown: notConnected(), known: false };
    const answer = await this.answers.get(store, table, catalogsOf(document));
    const context = { store: store.info, uri: document.uri, position, now: Date.now() };
    return { start, end, markdown: metadataHover(table, answer, context), known: answer.found };
  }

  /** A page of jobs, or what stands under an item. */
  children(
    { store: id, parent, offset = 0, refresh }: { store: string; parent?: string; offset?: number; refresh?: boolean },
    signal: AbortSignal,
  ): Promise<Outcome<TreeItem[]>> {
    return outcome(async () => {
      await this.stores.ready;
      const store = this.stores.named(id);
      if (refresh) {
        this.answers.clear();
        store.refresh();
      }
      const folder = store.info.kind === 'workspace' ? folderOf(store.info) : undefined;
      const context = { resolveSource: (file: string, sink?: string) => this.findScript(file, sink, folder) };
      if (parent === undefined) return listJobs(store, { offset, limit: PAGE }, context, signal);
      return children(store, parent, context, signal);
    });
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
      const source = this.sources.get(document.uri) ?? sourceOf(document.uri, this.folders());
      this.sources.set(document.uri, source);
      return await this.published.stateOf(store, jobOf(document, await source));
    } catch {
      // A store that cannot be reached is told by what the user asks it for, not by what is asked in the background
      this.quietUntil = Date.now() + QUIET;
      return undefined;
    }
  }
}

/** The options of the catalogs that a script creates, by name: they say where the tables in them are. */
function catalogsOf({ statements }: OpenDocument): Map<string, Record<string, string>> {
  const catalogs = new Map<string, Record<string, string>>();
  for (const { statement } of statements) {
    if (statement.root.kind !== 'CreateCatalog') continue;
    const options = statement.root.options.map(({ key, value }) => [key.value, value.value] as const);
    catalogs.set(statement.root.name.name, Object.fromEntries(options));
  }
  return catalogs;
}
