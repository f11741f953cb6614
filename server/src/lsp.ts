/** The one file that knows the language server protocol: it converts requests, calls a feature or a store, converts back. */
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeLens,
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DidChangeWatchedFilesNotification,
  type DocumentSymbol,
  FileChangeType,
  type FileEvent,
  type FoldingRange,
  type InitializeResult,
  SymbolKind as LspSymbolKind,
  type Range,
  type SignatureHelp,
  TextDocumentSyncKind,
  WorkDoneProgress,
  type WorkDoneProgressReport,
} from 'vscode-languageserver';
import type { RequestType } from 'vscode-languageserver-protocol';
import { Outbox, outboxFolder } from './atlas/outbox';
import { outcome } from './atlas/store';
import { codeLens } from './features/code-lens';
import { columnHover } from './features/column-hover';
import { datasetAt } from './features/dataset-at';
import { definition } from './features/definition';
import type { PlacedProblem } from './features/diagnostics';
import { driftFix } from './features/drift-fix';
import { folding } from './features/folding';
import { functionHover } from './features/function-hover';
import { hover } from './features/hover';
import { optionHover } from './features/option-hover';
import { type OutlineItem, outline, type SymbolKind } from './features/outline';
import { quickFixes } from './features/quick-fixes';
import { type SignatureHelp as Signatures, signatureHelp } from './features/signature-help';
import { tableAt } from './features/table-at';
import type { RelatedPlace, Severity } from './language/problem';
import * as protocol from './protocol';
import { rule as unknownTable } from './rules/unknown-table';
import { Browser } from './workspace/browser';
import { documentDdl } from './workspace/ddl-file';
import { DdlFiles } from './workspace/ddl-files';
import { DdlIndex } from './workspace/ddl-index';
import { OpenDocument } from './workspace/document';
import { MetadataService } from './workspace/metadata';
import { PublishStates } from './workspace/publish-states';
import { Publisher } from './workspace/publisher';
import { Retirer } from './workspace/retirer';
import { ScriptFinder } from './workspace/script-finder';
import { searchedFolders } from './workspace/searched-folders';
import { readSettings, sameReading, sameSettings } from './workspace/settings';
import { pathOf } from './workspace/source';
import { Synchroniser } from './workspace/synchroniser';
import { TableSources } from './workspace/table-sources';

/** Milliseconds after the last keystroke until a script is bound, and until errors at the caret are shown. */
const BIND_AFTER = 150;
const SETTLED_AFTER = 1_000;
/** Characters of a document whose errors of syntax are shown before it is bound, when it is opened. */
const LARGE = 500_000;
/** Milliseconds in which changes of tables elsewhere count as one, and between two reports of how the search goes. */
const TABLES_SETTLED = 50;
const STATUS_EVERY = 200;
/** Milliseconds in which changes of catalog files count as one. */
const CATALOG_SETTLED = 200;
/** Milliseconds after a publish in which new and changed catalog files are taken to be what it wrote. */
const OWN_FILES = 2_000;

/** Serves a client over a connection until it says goodbye. */
export function serve(connection: Connection): void {
  const documents = new Map<string, OpenDocument>();
  let settings = readSettings(undefined);
  let folders: string[] = [];
  const scripts = new ScriptFinder(
    () => folders,
    documents,
    () => settings,
  );
  const metadata = new MetadataService(
    () => folders,
    (...about) => scripts.find(...about),
    documents,
  );
  const browser = new Browser(
    metadata.stores,
    () => folders,
    (...about) => scripts.find(...about),
  );
  const outbox = new Outbox(outboxFolder(process.env));
  const retirer = new Retirer(
    metadata.stores,
    outbox,
    () => folders,
    () => settings,
  );
  const synchroniser = new Synchroniser(metadata.stores);
  const publisher = new Publisher(
    metadata.stores,
    outbox,
    () => folders,
    (waiting, delivered) => {
      void connection.sendNotification(protocol.waitingChanged.method, { waiting, delivered });
      if (delivered.length > 0) published();
    },
  );
  let refreshesLenses = false;
  const states = new PublishStates(
    (document) => metadata.publishState(document),
    () => {
      if (refreshesLenses) void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
    },
  );
  const hasLenses = (document: OpenDocument) => settings.codeLens !== false && document.text.length <= LARGE;
  const updateStates = () => {
    for (const document of documents.values()) if (hasLenses(document)) void states.update(document);
  };
  const tables = new TableSources();
  const ddl = new DdlIndex(
    (...about) => tables.find(...about),
    () => settings,
  );
  tables.add(ddl);
  tables.add(metadata.tables);
  const files = new DdlFiles(
    ddl,
    () => settings,
    throttled(STATUS_EVERY, () => void connection.sendNotification(protocol.indexStatus.method, files.status)),
  );
  const known = (document: OpenDocument) => metadata.tables.findings(document, settings);
  let codeLink: CodeLink;
  const checks = new Checks(
    connection,
    known,
    (document) => {
      const path = pathOf(document.uri);
      if (path !== undefined) files.setDocument(path, documentDdl(document, document.lookUps, settings));
      prefetch(document);
    },
    () => codeLink,
  );
  // Documents that asked for a table that is another one now; all of them when it is the stores that know more
  let recheck: NodeJS.Timeout | undefined;
  let hasNews = false;
  metadata.tables.onDidChange(() => {
    hasNews = true;
  });
  tables.onDidChange(() => {
    if (recheck) return;
    recheck = setTimeout(() => {
      recheck = undefined;
      const all = hasNews;
      hasNews = false;
      for (const document of documents.values()) if (document.refresh() || all) checks.again(document);
    }, TABLES_SETTLED);
  });
  // Asking ahead for the tables of a large document is not worth the wait
  const prefetch = (document: OpenDocument) => {
    if (document.text.length <= LARGE) void metadata.prefetch(document);
  };

  let canConfigure = false;
  let canWatch = false;
  let searched = '';
  /** Searches the folders for DDL again when other files are to be found there now. */
  const search = async (anew: boolean) => {
    const wanted = await searchedFolders(folders, settings, canConfigure ? connection.workspace : undefined);
    const key = JSON.stringify(wanted);
    if (!anew && key === searched) return;
    searched = key;
    files.search(wanted);
    await files.settled;
    if (checks.knowsTables) return;
    checks.knowsTables = true;
    for (const document of documents.values()) {
      document.refresh();
      checks.again(document);
    }
  };

  connection.onInitialize((params): InitializeResult => {
    canConfigure = params.capabilities.workspace?.configuration ?? false;
    canWatch = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false;
    folders = (params.workspaceFolders ?? []).map((folder) => folder.uri);
    refreshesLenses = params.capabilities.workspace?.codeLens?.refreshSupport ?? false;
    const options = params.initializationOptions as protocol.InitializationOptions | undefined;
    settings = readSettings(options?.settings);
    const { codeLink: link } = options ?? {};
    if (link) codeLink = (code) => link.replace('{code}', code);
    return {
      serverInfo: { name: 'flink-sql-atlas' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        signatureHelpProvider: { triggerCharacters: ['(', ','] },
        definitionProvider: true,
        documentSymbolProvider: true,
        foldingRangeProvider: true,
        codeLensProvider: {},
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });
  connection.onInitialized(() => {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map((folder) => folder.uri));
      folders = [...folders.filter((folder) => !gone.has(folder)), ...added.map((folder) => folder.uri)];
      void search(false);
    });
    // Of a folder that is moved or deleted only the folder itself is told: so everything is watched, and most of it ignored
    if (canWatch)
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] });
    void search(true);
  });

  connection.onDidChangeConfiguration(({ settings: all }) => {
    const next = readSettings((all as { flinkSql?: unknown } | null)?.flinkSql);
    const before = settings;
    if (!sameSettings(next, before)) settings = next;
    void search(!sameReading(settings, before));
    if (settings === before) return;
    for (const document of documents.values()) {
      document.configure(settings);
      checks.start(document);
    }
    updateStates();
    if (refreshesLenses) void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
    const document = new OpenDocument(uri, version, text, settings, (...about) => tables.find(...about));
    documents.set(uri, document);
    checks.start(document);
    if (hasLenses(document)) void states.update(document);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const document = documents.get(uri);
    document?.edit(version, contentChanges);
    if (document) checks.start(document);
    if (document && hasLenses(document)) states.updateLater(document);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.delete(uri);
    checks.stop(uri);
    states.stop(uri);
    const path = pathOf(uri);
    if (path !== undefined) files.setDocument(path, undefined);
  });

  connection.onHover(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    const offset = document?.offsetAt(position) ?? 0;
    const { flinkVersion } = settings;
    const found =
      document &&
      (hover(document, offset) ??
        columnHover(document, offset) ??
        functionHover(document, offset, flinkVersion) ??
        optionHover(document, offset, flinkVersion));
    return found ? { contents: { kind: 'markdown', value: found.markdown }, range: document.rangeOf(found) } : null;
  });
  connection.onSignatureHelp(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    const found = document && signatureHelp(document, document.offsetAt(position), settings.flinkVersion);
    return found ? toSignatureHelp(found) : null;
  });
  connection.onDefinition(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return null;
    const found = definition(document, document.offsetAt(position));
    if (!found) {
      const named = tableAt(document, document.offsetAt(position));
      if (!named?.reference.table?.foundIn) return null;
      const place = ddl.placeOf(named.reference.name, document.uri);
      if (!place) return null;
      const { uri, range: targetRange } = place;
      const originSelectionRange = document.rangeOf(named);
      return [{ targetUri: uri, targetRange, targetSelectionRange: targetRange, originSelectionRange }];
    }
    const targetRange = document.rangeOf(found);
    const originSelectionRange = document.rangeOf(found.origin);
    return [{ targetUri: document.uri, targetRange, targetSelectionRange: targetRange, originSelectionRange }];
  });
  connection.onDocumentSymbol(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    return document ? outline(document.statements).map((item) => toSymbol(document, item)) : null;
  });
  connection.onCodeLens(({ textDocument: { uri } }) => {
    const document = documents.get(uri);
    if (!document || !hasLenses(document)) return [];
    return codeLens(document, uri, states.get(uri), Date.now()).map(
      ({ title, tooltip, command, ...span }): CodeLens => ({
        range: document.rangeOf(span),
        command: { title, tooltip, command: command.id, arguments: command.args },
      }),
    );
  });
  connection.onFoldingRanges(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    return document ? toFolds(document) : null;
  });
  connection.onCodeAction(({ textDocument, range, context }) => {
    const document = documents.get(textDocument.uri);
    const wanted = context.only?.some((kind) => `${CodeActionKind.QuickFix}.`.startsWith(`${kind}.`)) ?? true;
    return document && wanted ? toActions(document, range, codeLink) : null;
  });

  /** Puts a failure into the output channel, with what the other side said. */
  const logFailure = (what: string, { code, message, advice = '', detail }: protocol.UserError) => {
    if (code === 'cancelled') return;
    connection.console.warn(`${what}: ${message} ${advice} [${detail ?? code}]`.replace(/\s+/g, ' '));
  };
  const answer = <P, R>(type: RequestType<P, R, void>, handle: (params: P, signal: AbortSignal) => R | Promise<R>) =>
    connection.onRequest<unknown, void>(type.method, async (params: P, token: CancellationToken) => {
      const result = await handle(params, toSignal(token));
      const failure = result as Partial<protocol.Outcome<unknown>> | undefined;
      if (failure?.ok === false && failure.error) logFailure(type.method, failure.error);
      return result;
    });
  const tellStoresChanged = () => {
    void connection.sendNotification(protocol.storesChanged.method, { stores: metadata.infos });
    updateStates();
  };

  const refresh = () => {
    metadata.refresh();
    browser.refresh();
    for (const document of documents.values()) prefetch(document);
    tellStoresChanged();
  };

  let ownFilesUntil = 0;
  answer(protocol.configureStores, (wanted) => {
    for (const { message, advice } of metadata.configure(wanted)) {
      connection.window.showErrorMessage([message, advice].filter(Boolean).join(' '));
    }
    browser.refresh();
    publisher.start(wanted.mayPublish ?? true);
    for (const document of documents.values()) prefetch(document);
    updateStates();
    return metadata.infos;
  });
  answer(protocol.documentStore, ({ uri }) => metadata.storeFor(uri));
  answer(protocol.refreshStores, () => {
    refresh();
    return null;
  });
  answer(protocol.testConnection, ({ connection, secret }, signal) => metadata.test(connection, secret, signal));
  answer(protocol.treeChildren, ({ refresh: anew, ...params }, signal) => {
    if (anew) {
      metadata.refresh();
      browser.refresh();
    }
    return browser.children(params, signal);
  });
  answer(protocol.treePath, async ({ uri, ...view }, signal) => {
    const document = documents.get(uri);
    return (document && (await browser.path(document, view, signal))) ?? null;
  });
  answer(protocol.search, ({ text }, signal) => browser.search(text, signal));
  answer(protocol.classifications, (_, signal) => browser.classifications(signal));
  answer(protocol.card, ({ store, kind, guid }, signal) => browser.card(store, kind, guid, signal));
  answer(protocol.datasetText, ({ store, guid, uri }, signal) =>
    browser.text(store, guid, uri === undefined ? undefined : documents.get(uri), signal),
  );
  answer(protocol.metadataHover, async ({ uri, position }, signal) => {
    const document = documents.get(uri);
    const card = document && (await metadata.hover(document, position));
    return card && !signal.aborted
      ? { markdown: card.markdown, known: card.known, range: document.rangeOf(card) }
      : null;
  });
  answer(protocol.fixColumns, ({ uri, position }) => {
    const document = documents.get(uri);
    const offset = document?.offsetAt(position) ?? 0;
    const named = document && (tableAt(document, offset)?.reference.name ?? datasetAt(document, offset)?.table.name);
    const edits = named === undefined ? undefined : driftFix(document!, named);
    if (!document || !edits) return null;
    const { version } = document;
    return { version, edits: edits.map((edit) => ({ range: document.rangeOf(edit), newText: edit.text })) };
  });
  /** What stores hold is read anew, and the client told, after something was published. */
  const published = () => {
    ownFilesUntil = Date.now() + OWN_FILES;
    refresh();
  };
  answer(protocol.planPublish, ({ uri, ...options }, signal) => {
    const document = documents.get(uri);
    return document ? publisher.plan(document, options, signal) : notOpen;
  });
  /** Sends progress under a token of the client's, if it gave one. */
  const reporter =
    (token: string | number | undefined) =>
    (done: number, total: number, message: string): void => {
      if (token === undefined) return;
      const percentage = Math.floor((100 * done) / Math.max(total, 1));
      const value: WorkDoneProgressReport = { kind: 'report', message, percentage };
      void connection.sendProgress(WorkDoneProgress.type, token, value);
    };
  answer(protocol.applyPublish, async ({ plan, types, workDoneToken }, signal) => {
    const result = await publisher.apply(plan, types, reporter(workDoneToken), signal);
    published();
    return result;
  });
  answer(protocol.compareStores, ({ here, there, workDoneToken }, signal) =>
    outcome(() => synchroniser.compare(here, there, reporter(workDoneToken), signal)),
  );
  answer(protocol.syncStores, async ({ comparison, push, pull, workDoneToken }, signal) => {
    const result = await outcome(() => synchroniser.sync(comparison, { push, pull }, reporter(workDoneToken), signal));
    metadata.refresh();
    tellStoresChanged();
    return result;
  });
  answer(protocol.publishSaved, async ({ uri }): Promise<protocol.SavedOutcome> => {
    const document = documents.get(uri);
    const saved = document ? await publisher.publishSaved(document) : { did: 'nothing' as const };
    if (saved.did === 'published') published();
    return saved;
  });
  answer(protocol.keepPublish, ({ uri, store, error }) => {
    const document = documents.get(uri);
    return document ? publisher.keep(document, store, error) : notOpen;
  });
  answer(protocol.waitingPublishes, () => publisher.waiting());
  answer(protocol.retryWaiting, ({ id }) => publisher.retry(id));
  answer(protocol.discardWaiting, async ({ id }) => {
    await publisher.discard(id);
    return null;
  });
  answer(protocol.describeWaiting, ({ id }) => publisher.show(id));
  answer(protocol.publishHistory, ({ uri, ...of }) =>
    publisher.history(of, uri === undefined ? undefined : documents.get(uri)),
  );
  answer(protocol.planRetire, ({ store, item }, signal) => retirer.plan(store, item, signal));
  answer(protocol.retireJob, async ({ plan }, signal) => {
    const result = await retirer.retire(plan, signal);
    published();
    return result;
  });
  answer(protocol.renameJob, async ({ store, item, name }, signal) => {
    const result = await retirer.rename(store, item, name, signal);
    published();
    return result;
  });
  answer(protocol.jobsWithoutScript, ({ store }, signal) => retirer.withoutScript(store, signal));
  connection.onShutdown(() => publisher.stop());

  const scriptOf = (target: protocol.LineageTarget) => ('uri' in target ? documents.get(target.uri) : undefined);
  answer(protocol.lineage, (question, signal) => metadata.lineage.graph(question, scriptOf(question.target), signal));
  answer(protocol.exportLineage, ({ format, columns, ...question }, signal) =>
    metadata.lineage.export(question, format, columns, scriptOf(question.target), signal),
  );

  let catalogTimer: NodeJS.Timeout | undefined;
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const isChanged = ({ type }: FileEvent) => type === FileChangeType.Changed;
    const pathsOf = (events: readonly FileEvent[]) => events.flatMap(({ uri }) => pathOf(uri) ?? []);
    files.update(pathsOf(changes.filter((event) => !isChanged(event))), pathsOf(changes.filter(isChanged)));
    const ofCatalogs = changes.filter(({ uri }) => isOfCatalog(uri));
    if (ofCatalogs.length === 0) return;
    // What a publish has just written was told when it ended
    const own = Date.now() < ownFilesUntil && ofCatalogs.every(({ type }) => type !== FileChangeType.Deleted);
    if (own) return;
    clearTimeout(catalogTimer);
    catalogTimer = setTimeout(refresh, CATALOG_SETTLED);
  });

  connection.listen();
}

const notOpen: protocol.Outcome<never> = {
  ok: false,
  error: { code: 'invalid', message: 'This file is not open as Flink SQL.', advice: 'Open it first.' },
};

/**
 * Publishes diagnostics: those of syntax right after an edit, those of binding when the user pauses, and errors at the
 * caret when the pause is long. Always for the version that the document has then.
 */
class Checks {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  /** The files of the workspace have been searched once: a table that is unknown before may be defined in one of them */
  knowsTables = false;

  /** `known` gives the findings of metadata stores; `bound` hears of documents whose statements have been bound. */
  constructor(
    private readonly connection: Connection,
    private readonly known: (document: OpenDocument) => OpenDocument['known'],
    private readonly bound: (document: OpenDocument) => void,
    private readonly link: () => CodeLink,
  ) {}

  /** Publishes a document that did not change, because what it uses has. One that is being typed in comes anyway. */
  again(document: OpenDocument): void {
    if (!this.timers.has(document.uri)) this.publish(document, true);
  }

  start(document: OpenDocument): void {
    this.clear(document.uri);
    // A document just opened is not being typed in: everything is shown at once, unless that takes a while
    if (document.caret === undefined) {
      const large = document.text.length > LARGE;
      this.publish(document, !large);
      if (large) this.later(document, 0, () => this.last(document));
      return;
    }
    this.publish(document, false);
    this.later(document, BIND_AFTER, () => {
      this.publish(document, true);
      this.later(document, SETTLED_AFTER - BIND_AFTER, () => {
        document.caret = undefined;
        this.last(document);
      });
    });
  }

  /** Forgets a closed document and its diagnostics. */
  stop(uri: string): void {
    this.clear(uri);
    void this.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  private last(document: OpenDocument): void {
    this.timers.delete(document.uri);
    this.publish(document, true);
  }

  private later({ uri }: OpenDocument, milliseconds: number, task: () => void): void {
    this.timers.set(uri, setTimeout(task, milliseconds));
  }

  private clear(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.delete(uri);
  }

  private publish(document: OpenDocument, semantics: boolean): void {
    if (semantics) document.known = this.known(document);
    const found = document.problems(semantics);
    const sure = this.knowsTables ? found : found.filter(({ problem }) => problem.code !== unknownTable.code);
    const diagnostics = sure.map((problem) => toDiagnostic(document, problem, this.link()));
    void this.connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics });
    if (semantics) this.bound(document);
  }
}

/** Calls at once, and again at the end of a time in which it was wanted. Times in milliseconds. */
function throttled(every: number, call: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let wanted = false;
  return () => {
    wanted = true;
    if (timer) return;
    const run = () => {
      timer = undefined;
      if (!wanted) return;
      wanted = false;
      call();
      timer = setTimeout(run, every);
    };
    run();
  };
}

/** Whether a file belongs to a workspace catalog. */
function isOfCatalog(uri: string): boolean {
  return uri.includes('/.flink-atlas');
}

function toSignatureHelp({ signatures, active, argument, documentation }: Signatures): SignatureHelp {
  return {
    signatures: signatures.map(({ label, arguments: ranges }) => ({
      label,
      ...(documentation ? { documentation } : {}),
      parameters: ranges.map((range) => ({ label: range })),
    })),
    activeSignature: active,
    // Dots stand for all further arguments
    activeParameter: Math.min(argument, Math.max(0, (signatures[active]?.arguments.length ?? 0) - 1)),
  };
}

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The address of the page of a code; undefined when the client has none. */
type CodeLink = ((code: string) => string) | undefined;

function toDiagnostic(document: OpenDocument, placed: PlacedProblem, link: CodeLink): Diagnostic {
  const { code, severity, message, related } = placed.problem;
  return {
    range: document.rangeOf(placed),
    severity: severities[severity],
    code,
    ...(link ? { codeDescription: { href: link(code) } } : {}),
    source: 'Flink SQL',
    message,
    ...(related ? { relatedInformation: related.flatMap((place) => toRelated(document, place)) } : {}),
  };
}

function toRelated(
  document: OpenDocument,
  { statement, start, end, message }: RelatedPlace,
): DiagnosticRelatedInformation[] {
  // A place in a statement that has been edited since is gone
  const offset = document.statements.find((placed) => placed.statement === statement)?.offset;
  if (offset === undefined) return [];
  const range = document.rangeOf({ start: offset + start, end: offset + end });
  return [{ location: { uri: document.uri, range }, message }];
}

const symbolKinds: Record<SymbolKind, LspSymbolKind> = {
  table: LspSymbolKind.Struct,
  view: LspSymbolKind.Interface,
  write: LspSymbolKind.Event,
  query: LspSymbolKind.Object,
  catalog: LspSymbolKind.Package,
  database: LspSymbolKind.Namespace,
  function: LspSymbolKind.Function,
  model: LspSymbolKind.Class,
  set: LspSymbolKind.Array,
  column: LspSymbolKind.Field,
};

function toSymbol(document: OpenDocument, item: OutlineItem): DocumentSymbol {
  return {
    name: item.name,
    detail: item.detail,
    kind: symbolKinds[item.kind],
    range: document.rangeOf(item),
    selectionRange: document.rangeOf(item.selection),
    children: item.children.map((child) => toSymbol(document, child)),
  };
}

function toFolds(document: OpenDocument): FoldingRange[] {
  return folding(document.text, document.statements).flatMap(({ kind, ...span }) => {
    const { start, end } = document.rangeOf(span);
    return start.line < end.line ? [{ startLine: start.line, endLine: end.line, ...(kind ? { kind } : {}) }] : [];
  });
}

function toActions(document: OpenDocument, range: Range, link: CodeLink): CodeAction[] {
  const span = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const fixes = quickFixes(document.text, document.problems(false), span);
  return fixes.flatMap(({ title, problem, edits, preferred, turnOff }): CodeAction[] => {
    const action = { title, kind: CodeActionKind.QuickFix, diagnostics: [toDiagnostic(document, problem, link)] };
    // Settings are the editor's: it has to know the command
    if (turnOff !== undefined) {
      return link ? [{ ...action, command: { title, command: 'flinkSql.turnOff', arguments: [turnOff] } }] : [];
    }
    const changes = edits.map((edit) => ({ range: document.rangeOf(edit), newText: edit.text }));
    const textDocument = { uri: document.uri, version: document.version };
    return [{ ...action, isPreferred: preferred, edit: { documentChanges: [{ textDocument, edits: changes }] } }];
  });
}

function toSignal(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
