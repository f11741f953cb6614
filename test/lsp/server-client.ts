import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  type RequestType,
  ShutdownRequest,
} from 'vscode-languageserver-protocol';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import {
  configureStores,
  type IndexStatus,
  indexStatus,
  type PublishResult,
  type StoreInfo,
  storesChanged,
  waitingChanged,
} from '../../server/src/protocol';
import { root } from '../conformance/paths';

let bundle: Promise<string> | undefined;
let started = 0;

/** Bundles the server as it is shipped, once for all tests of a file. */
function serverBundle(): Promise<string> {
  bundle ??= (async () => {
    const outfile = path.join(root, `.cache/lsp-tests/${process.pid}/server.js`);
    const knowledge = path.join(root, 'server/src/knowledge');
    for (const file of readdirSync(knowledge).filter((name) => name.endsWith('.json'))) {
      cpSync(path.join(knowledge, file), path.join(path.dirname(outfile), file));
    }
    await build({
      entryPoints: [path.join(root, 'server/src/main.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      define: { 'import.meta.dirname': '__dirname' },
      logLevel: 'warning',
    });
    return outfile;
  })();
  return bundle;
}

/** The real server in a process of its own, and a language client that talks to it over stdio. */
export class ServerClient {
  /** Everything that was published, in order. */
  readonly published: PublishDiagnosticsParams[] = [];
  /** How often the server said that its stores have changed */
  storesChanged = 0;
  /** How often the server asked for its lenses to be read anew */
  lensesChanged = 0;
  /** What the server said of its outbox, in order. */
  readonly waiting: { waiting: number; delivered: PublishResult[] }[] = [];
  /** What the server said last about its search for DDL */
  index?: IndexStatus;
  private readonly listeners = new Set<() => void>();

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
    readonly initialized: InitializeResult,
  ) {
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.published.push(params);
      this.tell();
    });
    connection.onRequest(CodeLensRefreshRequest.type, () => {
      this.lensesChanged++;
      this.tell();
    });
    connection.onNotification(waitingChanged, (params) => {
      this.waiting.push(params);
      this.tell();
    });
    connection.onNotification(storesChanged, () => {
      this.storesChanged++;
      this.tell();
    });
    connection.onNotification(indexStatus, (status) => {
      this.index = status;
      this.tell();
    });
  }

  /**
   * Starts a server for workspace folders given as paths; `settings` is the section `flinkSql`, `uid` another user, `outbox`
   * a folder to keep what waits in, one of its own when it is absent.
   */
  static async start({
    folders = [],
    settings = {},
    uid,
    outbox,
  }: {
    folders?: string[];
    settings?: object;
    uid?: number;
    outbox?: string;
  } = {}) {
    const stdio: ['pipe', 'pipe', 'inherit'] = ['pipe', 'pipe', 'inherit'];
    const env = {
      ...process.env,
      FLINK_SQL_OUTBOX: outbox ?? path.join(path.dirname(await serverBundle()), `outbox-${++started}`),
    };
    const server = spawn(process.execPath, [await serverBundle(), '--stdio'], { stdio, uid, env });
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout!),
      new StreamMessageWriter(server.stdin!),
    );
    connection.listen();
    const initialized = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      capabilities: { workspace: { workspaceFolders: true, codeLens: { refreshSupport: true } } },
      initializationOptions: { settings, codeLink: 'rule:/{code}.md' },
      workspaceFolders: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: path.basename(folder) })),
    });
    const client = new ServerClient(server, connection, initialized);
    await connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  /** Shuts the server down as an editor does; gives its exit code. */
  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.process.once('exit', resolve));
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const code = await ended;
    this.connection.dispose();
    return code;
  }

  request<P, R>(type: RequestType<P, R, void>, params: P, token?: CancellationToken): Promise<R> {
    const { connection } = this;
    return token ? connection.sendRequest(type.method, params, token) : connection.sendRequest(type.method, params);
  }

  /** Uses the catalogs of folders, given as paths. */
  useCatalogs(...folders: string[]): Promise<StoreInfo[]> {
    return this.request(configureStores, {
      atlas: [],
      workspaceCatalogs: folders.map((folder) => pathToFileURL(folder).href),
    });
  }

  open(uri: string, text: string, version = 1): Promise<void> {
    const textDocument = { uri, languageId: 'flinksql', version, text };
    return this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  /** Replaces a range, or the whole text when there is none. */
  change(uri: string, version: number, text: string, range?: Range): Promise<void> {
    const contentChanges = [range ? { range, text } : { text }];
    return this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  /** Waits until diagnostics of a document are published that pass a test; without one, for the next of that version. */
  async diagnostics(
    uri: string,
    version: number | undefined,
    passes: (diagnostics: Diagnostic[]) => boolean = () => true,
  ): Promise<Diagnostic[]> {
    const found = await this.until(() =>
      this.published
        .filter(
          (one) => one.uri === uri && (version === undefined || one.version === version) && passes(one.diagnostics),
        )
        .at(-1),
    );
    return found.diagnostics;
  }

  /** Waits for an event after which `find` finds something. */
  until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        this.listeners.delete(look);
        resolve(found);
      };
      this.listeners.add(look);
      look();
    });
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
