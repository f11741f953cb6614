/**
 * Every custom request and notification between client and server, typed, in one file. All values are plain JSON.
 * Texts that come from Atlas are untrusted: whoever renders one as Markdown or HTML escapes it there.
 */
import type { Position, Range } from 'vscode-languageserver-protocol';
import { NotificationType, RequestType } from 'vscode-languageserver-protocol';

// ----------------------------------------------------------------------------------------------- start and commands

/** What a client says when it starts the server. */
export interface InitializationOptions {
  /** The section `flinkSql` of its settings */
  settings?: unknown;
  /**
   * The address of the page of a code, with `{code}` in its place. A client that has it also has the command
   * `flinkSql.turnOff`, which takes the code of a rule and sets it to `off`.
   */
  codeLink?: string;
}

// ------------------------------------------------------------------------------------------------ connections

/** Where metadata is kept. `id` is 'workspace:<folder uri>' or 'atlas:<name>'. */
export interface StoreInfo {
  id: string;
  kind: 'atlas' | 'workspace';
  /** For people: 'prod' or 'shop (workspace catalog)' */
  label: string;
  /** Base URL of an Atlas server; file URI of a workspace catalog's folder */
  url: string;
}

/** An Atlas server as the user named it. Never carries a secret. */
export interface AtlasConnection {
  name: string;
  /** Base URL, with or without /api/atlas: http://atlas.example.org:21000 */
  url: string;
  /** Further addresses of the same Atlas, tried in order when the one before is away or passive */
  otherUrls?: string[];
  /** Appended to qualifiedNames of datasets: 'prod' in orders@prod */
  namespace: string;
  /** Where it is another: namespace by bootstrap server, host or URL scheme */
  namespaces?: Record<string, string>;
  /** Milliseconds for one request */
  timeout: number;
  /** Sign in with this machine's Kerberos ticket; a text names the server's principal where it is not HTTP@<host> */
  kerberos?: boolean | string;
  /** PEM file with certificates of authorities to trust beside those that the machine trusts */
  ca?: string;
  /** The client certificate of mutual TLS: a PEM file, with the key in `key` or in the same file, or a PKCS#12 file */
  cert?: string;
  key?: string;
  /** How to get there; absent: what the environment says (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) */
  proxy?: ProxySettings;
}

export interface ProxySettings {
  /** The proxy's address; '' for what the environment says, 'none' for a direct way */
  url: string;
  /** Hosts that are reached directly: names, '.example.org' for all below, with a port or without */
  bypass: string[];
  /** False: certificates are not checked on the way through the proxy (VS Code's http.proxyStrictSSL) */
  strictSSL: boolean;
}

/** How to sign in. In memory only, never in settings, logs or files. */
export type Secret = (
  | { type: 'basic'; user: string; password: string }
  | { type: 'bearer'; token: string }
  /** The cookie `hadoop-jwt` of a Knox gateway */
  | { type: 'knox'; token: string }
  /** By certificate or Kerberos ticket alone, or not at all */
  | { type: 'none' }
) & {
  /** Opens the key of the client certificate */
  passphrase?: string;
};

/** An error in the user's words, with what can be done next. */
export interface UserError {
  code:
    | 'not-configured'
    | 'unknown-connection'
    | 'unreachable'
    | 'timeout'
    | 'unauthorized'
    /** The server's certificate is not trusted */
    | 'untrusted'
    /** The passphrase does not open the key of the client certificate */
    | 'passphrase'
    | 'forbidden'
    | 'not-atlas'
    | 'not-ready'
    | 'types-missing'
    | 'read-only'
    | 'conflict'
    | 'cancelled'
    | 'refused'
    | 'server-error'
    | 'invalid';
  message: string;
  /** What to do next, as a sentence */
  advice?: string;
  /** What the other side said, in its words: for the output channel only */
  detail?: string;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: UserError };

/** The connection's name by which settings pick the workspace catalog of a document's own folder. */
export const WORKSPACE_CATALOG = 'workspace';

/** The client tells the server which stores to use, side by side; sent at start and after every change. */
export interface ConfigureStores {
  /** The Atlas servers that the user has connected to, in the order they are shown; names are unique */
  atlas: { connection: AtlasConnection; secret?: Secret }[];
  /** Folder URIs whose `.flink-atlas` folder is a workspace catalog in use */
  workspaceCatalogs: string[];
  /**
   * The store that the settings pick for the documents of a workspace folder, by folder URI; '' for files outside of all
   * folders. A connection's name, or WORKSPACE_CATALOG. What is absent is left to the server.
   */
  picks?: Record<string, string>;
  /** False where the workspace is not trusted: then nothing that waits is sent */
  mayPublish?: boolean;
}
export const configureStores = new RequestType<ConfigureStores, StoreInfo[], void>('flinkSql/configureStores');

/**
 * Which store a document belongs to. `unclear`: nothing picks one of several, so the first is asked and whoever writes asks
 * where. `error`: the settings pick what there is not. Neither store nor error: nothing is connected.
 */
export interface DocumentStore {
  store?: StoreInfo;
  unclear: boolean;
  error?: UserError;
}
export const documentStore = new RequestType<{ uri: string }, DocumentStore, void>('flinkSql/documentStore');

export interface ConnectionTest {
  version: string;
  user: string;
  /** Whether the types this product brings are there */
  types: 'present' | 'absent' | 'partial';
  /** The namespace of the datasets that are there: 'prod' where most are called …@prod. Absent when there are none */
  namespace?: string;
}
/** Tries a connection without keeping it. */
export const testConnection = new RequestType<
  { connection: AtlasConnection; secret?: Secret },
  Outcome<ConnectionTest>,
  void
>('flinkSql/testConnection');

/** Forgets what was read from the stores, so that hovers and the tree are fresh; `storesChanged` follows. */
export const refreshStores = new RequestType<Record<string, never>, null, void>('flinkSql/refreshStores');

/** Sent when what the tree or hovers show of a store may have changed. */
export const storesChanged = new NotificationType<{ stores: StoreInfo[] }>('flinkSql/storesChanged');

// ------------------------------------------------------------------------------------------------ index of DDL

/** How the search for DDL in the files of the workspace goes. */
export interface IndexStatus {
  busy: boolean;
  /** Files that define a table, and tables */
  files: number;
  tables: number;
  /** Files that match and could not be read, with the reason in words */
  skipped: { path: string; reason: string }[];
  /** There is more than may be searched */
  cut: boolean;
}
/** Sent while files are searched, and when that is done. */
export const indexStatus = new NotificationType<IndexStatus>('flinkSql/indexStatus');

// ------------------------------------------------------------------------------------------------------- tree

export type TreeItemKind =
  | 'job'
  | 'group'
  | 'process'
  | 'input'
  | 'output'
  | 'columns'
  | 'column'
  | 'column-source'
  | 'field'
  | 'more'
  | 'error';

export interface TreeItem {
  /** Unique among its siblings; send it back to get its children */
  id: string;
  kind: TreeItemKind;
  label: string;
  description?: string;
  /** Lines of plain text */
  tooltip?: string;
  hasChildren: boolean;
  /** Jobs in a group; on 'more' the jobs in all, where that is known */
  count?: number;
  /** For 'Insert Name' and the like: the dataset or column in the store */
  guid?: string;
  /** For 'Copy Qualified Name' */
  qualifiedName?: string;
  typeName?: string;
  /** For 'Open in Atlas'; only on Atlas servers */
  webUrl?: string;
  /** For 'Open Source': the script that publishes it, when it is in the workspace */
  source?: { uri: string; range?: Range };
  status?: 'active' | 'deleted';
  error?: UserError;
}

/** What the jobs stand under; 'application' is the plain list. */
export type TreeGrouping = 'application' | 'owner' | 'sink' | 'folder';

/** How the tree is looked at. `filter`: words that a job must have in its name, owner, script or description */
export interface TreeView {
  group?: TreeGrouping;
  filter?: string;
}

/** Children of `parent`, or the jobs or groups of a store when it is absent; `offset` continues a 'more' item. */
export const treeChildren = new RequestType<
  { store: string; parent?: string; offset?: number; refresh?: boolean } & TreeView,
  Outcome<TreeItem[]>,
  void
>('flinkSql/treeChildren');

/** Where a document's job is in the tree, from the top: its group where there are some, and the job. Null: nowhere. */
export const treePath = new RequestType<{ uri: string } & TreeView, { store: string; path: TreeItem[] } | null, void>(
  'flinkSql/treePath',
);

export type SearchKind = 'dataset' | 'column' | 'job' | 'term';

/** Something that a search has found. All texts are untrusted. */
export interface SearchHit {
  store: string;
  kind: SearchKind;
  guid: string;
  name: string;
  typeName: string;
  /** The type in words: 'Kafka topic' */
  typeLabel: string;
  qualifiedName: string;
  description?: string;
  owner?: string;
  classifications: string[];
  webUrl?: string;
  /** Of a job: its row in the tree */
  treeItem?: string;
}

/**
 * What a text finds in all stores, best first: words, with `type:` and `tag:` to narrow the search. `problems` are those of
 * the stores that could not answer.
 */
export const search = new RequestType<{ text: string }, { hits: SearchHit[]; problems: UserError[] }, void>(
  'flinkSql/search',
);

/** Names of all classifications in the stores, for `tag:`. */
export const classifications = new RequestType<Record<string, never>, string[], void>('flinkSql/classifications');

/** All that is known of something that was found or stands in the tree, as a page in Markdown. */
export const card = new RequestType<
  { store: string; kind: SearchKind; guid: string },
  Outcome<{ title: string; markdown: string }>,
  void
>('flinkSql/card');

/** What can be put into a script for a dataset or a column. */
export interface DatasetText {
  /** The table's name, quoted where needed: as the document declares it, else as jobs do; of a column the column's */
  name: string;
  /** CREATE TABLE of the dataset, with a semicolon and a line feed */
  ddl: string;
}

/** Texts for a dataset or column, given by its guid; `uri` is the document that they are for. */
export const datasetText = new RequestType<{ store: string; guid: string; uri?: string }, Outcome<DatasetText>, void>(
  'flinkSql/datasetText',
);

// ------------------------------------------------------------------------------------------------------ hover

/**
 * The Markdown of what metadata stores know of the table at a position; null when there is no table there. `known` tells a
 * card of what is known from a line that says why nothing is.
 */
export const metadataHover = new RequestType<
  { uri: string; position: { line: number; character: number } },
  { markdown: string; known: boolean; range: Range } | null,
  void
>('flinkSql/metadataHover');

/**
 * The edits that make the columns of the table at a position those of the store, and for which version of the document;
 * null when there is nothing to mend (any more).
 */
export const fixColumns = new RequestType<
  { uri: string; position: { line: number; character: number } },
  { version: number; edits: { range: Range; newText: string }[] } | null,
  void
>('flinkSql/fixColumns');

// ---------------------------------------------------------------------------------------------------- publish

export type ChangeKind = 'new' | 'changed' | 'unchanged' | 'removed';

/** One thing that a publish would do, for the preview. */
export interface Change {
  kind: ChangeKind;
  /** 'job', 'process', 'dataset', 'column', 'column lineage', 'edge' */
  what: string;
  label: string;
  /** 'description: "a" → "b"', one for each attribute */
  details: string[];
  /** How deep it is in the tree of changes: 0 for what belongs to nothing */
  depth: number;
  /** Whether it, or something in it, changes */
  touched: boolean;
}

export interface PublishPlan {
  id: string;
  store: StoreInfo;
  job: { name: string; qualifiedName: string };
  /** In the order of a tree: each behind what it belongs to */
  changes: Change[];
  /** '+ 1 job  + 2 processes  + 3 datasets  ~ 1 description  − 1 edge'; empty when nothing would change */
  summary: string;
  /** Types to be created first; needs the user's consent */
  missingTypes: string[];
  /** What the user should know before: statements left out because of errors, columns that could not be resolved */
  notes: string[];
  /** Who changed the job in the store last, and when, in milliseconds since 1970 by the store's clock */
  lastChange?: { time: number; by: string };
  /** Whether somebody changed the job since it was last published from here */
  changedSince?: boolean;
  /** Whether the last publish from here kept what others had added */
  keptBefore?: boolean;
  /** Nothing is taken away: what others have added to the job stays */
  merge?: boolean;
}

/** Works out what publishing the job in a document would change. Changes nothing. */
export const planPublish = new RequestType<
  { uri: string; store?: string; merge?: boolean },
  Outcome<PublishPlan>,
  void
>('flinkSql/planPublish');

/** How fast a publish was; what the names mean is in `metricDefinitions`. */
export interface PublishMetrics {
  /** Pieces of metadata pushed */
  M: number;
  /** Milliseconds from the first change sent until the last one was answered */
  T1: number;
  /** Milliseconds from then until all of it could be read back */
  T2: number;
  /** Pieces a second: M ÷ T1 */
  PR: number;
  /** Milliseconds: T1 + T2 */
  PT: number;
  /** Square seconds a piece: PT ÷ PR */
  EE: number;
}

export interface PublishResult {
  store: StoreInfo;
  job: { name: string; qualifiedName: string };
  /** Pieces of metadata pushed */
  pushed: number;
  metrics: PublishMetrics;
  /** When the job was changed last, by the store's clock in milliseconds since 1970; 0: not known */
  changedAt: number;
  /** Tree path of the job, for 'Show in Tree' */
  treeItem: string;
  webUrl?: string;
  notes: string[];
}

/** One publish of a job, as its history keeps it. */
export interface PublishRecord {
  /** Milliseconds since 1970 */
  time: number;
  job: string;
  store: Pick<StoreInfo, 'label' | 'url'>;
  metrics: PublishMetrics;
  /** As PublishResult has it: tells whether somebody else changed the job since */
  changedAt: number;
  commit?: string;
  /** What others had added was kept */
  merge?: boolean;
}

/** A publish that failed; `kept` is in the outbox and will be sent later. */
export type PublishOutcome = Outcome<PublishResult> & { kept?: WaitingPublish };

/**
 * Carries out a plan; reports progress through the work-done token; cancellable. The job is in the outbox before the first
 * request, and stays there when it cannot be delivered.
 */
export const applyPublish = new RequestType<
  { plan: string; types: 'create' | 'without' | 'present'; workDoneToken?: string | number },
  PublishOutcome,
  void
>('flinkSql/applyPublish');

/** What became of a job that was published by itself, because its script was saved. */
export type SavedOutcome =
  /** The store has all of it, or the script writes nothing */
  | { did: 'nothing' }
  | { did: 'published'; result: PublishResult }
  | { did: 'kept'; kept: WaitingPublish; error: UserError }
  /** Left for the user to publish by hand; `error` says why */
  | { did: 'left'; job?: string; error: UserError };

/**
 * Publishes the job in a saved document without asking. Never makes types, never takes away what others have added, and
 * leaves a script with errors alone.
 */
export const publishSaved = new RequestType<{ uri: string }, SavedOutcome, void>('flinkSql/publishSaved');

/** Puts the job in a document into the outbox without asking the store, which could not be reached. */
export const keepPublish = new RequestType<
  { uri: string; store?: string; error: UserError },
  Outcome<WaitingPublish>,
  void
>('flinkSql/keepPublish');

/** A job that waits in the outbox. */
export interface WaitingPublish {
  id: string;
  job: string;
  store: StoreInfo;
  /** Whether its store is in use, so that it can be sent */
  connected: boolean;
  /** Milliseconds since 1970 */
  since: number;
  attempts: number;
  /** When it is tried again, in milliseconds since 1970; undefined while it is being tried, or held back */
  next?: number;
  /** The user has cancelled it: it waits until it is retried by hand */
  held: boolean;
  error?: UserError;
}

/** What waits in the outbox, oldest first. */
export const waitingPublishes = new RequestType<Record<string, never>, WaitingPublish[], void>(
  'flinkSql/waitingPublishes',
);

/** Sent when what waits in the outbox has changed; `delivered` is what has arrived meanwhile. */
export const waitingChanged = new NotificationType<{ waiting: number; delivered: PublishResult[] }>(
  'flinkSql/waitingChanged',
);

/** Tries now what waits, all of it when no id is given. Gives what was delivered and what still waits. */
export const retryWaiting = new RequestType<
  { id?: string },
  { delivered: PublishResult[]; waiting: WaitingPublish[] },
  void
>('flinkSql/retryWaiting');

/** Takes something out of the outbox unsent; all of it when no id is given. */
export const discardWaiting = new RequestType<{ id?: string }, null, void>('flinkSql/discardWaiting');

/** A readable text of what waits. */
export const describeWaiting = new RequestType<{ id: string }, Outcome<string>, void>('flinkSql/describeWaiting');

/** The publishes of a job as a Markdown page: that in a document, or one by its qualifiedName. */
export const publishHistory = new RequestType<
  { store: string; uri?: string; qualifiedName?: string },
  Outcome<string>,
  void
>('flinkSql/publishHistory');

// ---------------------------------------------------------------------------------------------------- lineage

/** What a lineage graph begins with: a script, the statement at a line of it (zero-based), or a thing that a store knows. */
export type LineageTarget = { uri: string; line?: number } | { store: string; typeName: string; qualifiedName: string };

/** Against or with the flow of data */
export type LineageDirection = 'up' | 'down';

/** A node whose neighbours in the store are wanted as well. */
export interface LineageExpansion {
  node: string;
  direction: LineageDirection;
  /** How many neighbours at most; the rest is '… and 12 more'. 0 hides those that are shown without being asked for */
  limit?: number;
}

export interface LineageColumn {
  name: string;
  type?: string;
  description?: string;
  classifications?: string[];
  kind?: 'computed' | 'metadata';
  primaryKey?: boolean;
  source?: { uri: string; range?: Range };
}

export interface LineageNode {
  /** The same for the same thing, so that what is open or chosen stays so */
  id: string;
  kind: 'dataset' | 'process';
  label: string;
  /** 'Kafka topic', 'INSERT' */
  typeLabel: string;
  /** A dataset's name where it is stored, a process's job; only where the label does not say it */
  detail?: string;
  typeName?: string;
  qualifiedName?: string;
  /** Other names under which stores may have it: a list of topics has several */
  others?: { typeName: string; qualifiedName: string }[];
  /** Where it physically is, by OpenLineage's naming: 'kafka://broker:9092' and 'orders' */
  addresses?: { namespace: string; name: string }[];
  description?: string;
  owner?: string;
  classifications?: string[];
  terms?: string[];
  columns: LineageColumn[];
  /** How many columns it has, where not all of them are here */
  columnCount?: number;
  /** The statement, secrets masked */
  sql?: string;
  /** Some column or source of it could not be resolved */
  partial?: boolean;
  /** A process that ends by itself */
  batch?: boolean;
  status?: 'deleted';
  /** Who knows it */
  origin: 'script' | 'store' | 'both';
  /** Where it is in the workspace */
  source?: { uri: string; range?: Range };
  /** Only on Atlas servers */
  webUrl?: string;
  /** How many neighbours the store has that the graph does not show */
  hidden?: { up?: number; down?: number };
  /** How many neighbours an expansion shows, where something is in the graph because of it: it can be taken back */
  opened?: { up?: number; down?: number };
}

export interface LineageEdge {
  from: string;
  to: string;
  /** How a dataset is read, where it is not scanned */
  role?: 'lookup' | 'temporal';
  status?: 'deleted';
}

export interface LineageColumnEdge {
  from: { node: string; column: string };
  to: { node: string; column: string };
  /** The node of the process that carries the values */
  process: string;
  /** false when the value is passed on as it is */
  transformed: boolean;
  expression?: string;
  source?: { uri: string; range?: Range };
}

/** A column that decides which rows a process writes, or into which groups, without being in its values. */
export interface LineageInfluence {
  from: { node: string; column: string };
  process: string;
  kinds: ('filter' | 'join' | 'group' | 'order' | 'window' | 'condition')[];
}

export interface LineageGraph {
  /** The job's name, the statement's sink or the dataset's name */
  title: string;
  /** What it is about, to be chosen and shown first */
  focus?: string;
  nodes: LineageNode[];
  edges: LineageEdge[];
  columnEdges: LineageColumnEdge[];
  influences: LineageInfluence[];
  /** The store that was asked, where one was */
  store?: StoreInfo;
  /** The store could not be asked; what the script says is there all the same */
  problem?: UserError;
  /** Nothing to show, and why */
  empty?: string;
}

/** Milliseconds after the last change of a script until the panel asks for its lineage. */
export const LINEAGE_AFTER = 100;

/**
 * The lineage of a script or of something in a store. `asked` 'script' answers without any store, at once; 'store' adds what
 * the store knows, which is read once until it changes. `cursor`: a place in the script whose statement or table
 * is to be the graph's focus.
 */
export const lineage = new RequestType<
  { target: LineageTarget; expanded: LineageExpansion[]; asked: 'script' | 'store'; cursor?: Position },
  Outcome<LineageGraph>,
  void
>('flinkSql/lineage');

export type LineageFormat = 'mermaid' | 'openlineage' | 'json';

/** The same as text for other tools: Mermaid's flowchart, OpenLineage's events or the graph itself as JSON. */
export const exportLineage = new RequestType<
  { target: LineageTarget; expanded: LineageExpansion[]; format: LineageFormat; columns: boolean },
  Outcome<{ text: string; name: string }>,
  void
>('flinkSql/exportLineage');

// ----------------------------------------------------------------------------------------------------- retire

/** What retiring a job would remove. */
export interface RetirePlan {
  id: string;
  store: StoreInfo;
  job: { name: string; qualifiedName: string };
  /** 'job enrich-orders', 'process enriched_orders', 'schema shop.enriched' */
  removed: string[];
}

/** Works out what retiring a job, by its row in the tree, would remove. Changes nothing. */
export const planRetire = new RequestType<{ store: string; item: string }, Outcome<RetirePlan>, void>(
  'flinkSql/planRetire',
);

/** Retires a job as planned; what waits of it in the outbox is taken out too. */
export const retireJob = new RequestType<{ plan: string }, Outcome<null>, void>('flinkSql/retireJob');

/** Gives a job, by its row in the tree, another name; it stays the same job. */
export const renameJob = new RequestType<{ store: string; item: string; name: string }, Outcome<null>, void>(
  'flinkSql/renameJob',
);

/** A registered job whose script is not where it was; `now` is the job that is in the file instead. */
export interface LostJob {
  item: string;
  name: string;
  qualifiedName: string;
  file: string;
  now?: string;
}

/** The jobs of a store whose script is gone from the repositories that are open. */
export const jobsWithoutScript = new RequestType<{ store: string }, Outcome<LostJob[]>, void>(
  'flinkSql/jobsWithoutScript',
);
// ------------------------------------------------------------------------------------------------------ sync

/** One way in which two stores differ. */
export interface StoreDifference {
  /** Unique in its comparison */
  id: string;
  /** Only the first store has it, only the second, or both with another value */
  state: 'here' | 'there' | 'different';
  /** 'job', 'process', 'Kafka topic' */
  what: string;
  label: string;
  qualifiedName: string;
  /** Of what only one has: pieces of metadata, what belongs to it included */
  pieces?: number;
  /** Of what both have: what differs, and both values as text, '' where there is none */
  attribute?: string;
  here?: string;
  there?: string;
}

export interface StoreComparison {
  id: string;
  here: StoreInfo;
  there: StoreInfo;
  differences: StoreDifference[];
  /** Pieces of metadata that both have alike */
  same: number;
  notes: string[];
}

/** Compares two stores. Changes nothing; reports progress through the work-done token; cancellable. */
export const compareStores = new RequestType<
  { here: string; there: string; workDoneToken?: string | number },
  Outcome<StoreComparison>,
  void
>('flinkSql/compareStores');

export interface SyncResult {
  /** Differences settled in each direction */
  pushed: number;
  pulled: number;
  notes: string[];
}

/** Carries differences of a comparison, by id, from the first store to the second (push) or back (pull). */
export const syncStores = new RequestType<
  { comparison: string; push: string[]; pull: string[]; workDoneToken?: string | number },
  Outcome<SyncResult>,
  void
>('flinkSql/syncStores');
