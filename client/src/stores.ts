import * as vscode from 'vscode';
import {
  type AtlasConnection,
  type ConfigureStores,
  configureStores,
  type Secret,
  type StoreInfo,
  storesChanged,
} from '../../server/src/protocol';
import type { Server } from './server';

/** The folder of a workspace catalog, inside a workspace folder. */
export const CATALOG_FOLDER = '.flink-atlas';

/**
 * Which metadata stores are in use: the Atlas server of the settings or, when there is none, the catalogs found in the
 * workspace's folders. Keeps the server, the context keys of menus and welcome views, and all listeners up to date.
 */
export class Stores implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<readonly StoreInfo[]>();
  private readonly subscriptions: vscode.Disposable[] = [this.changed];
  /** What the server was told last, and its answer */
  private configured?: { key: string; stores: Promise<readonly StoreInfo[]> };

  /** Fires when other stores are in use, and when what a store holds has changed. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly server: Server,
    private readonly secrets: vscode.SecretStorage,
    catalogFiles: vscode.FileSystemWatcher,
  ) {
    const again = () => {
      // Without a server there is nothing to tell; the next request says why there is none
      this.configure().catch(() => {});
    };
    const folderMayBeNew = (file: vscode.Uri) => {
      if (file.path.endsWith(`/${CATALOG_FOLDER}`)) again();
    };
    this.subscriptions.push(
      server.onDidStart((client) => {
        client.onNotification(storesChanged, ({ stores }) => this.changed.fire(stores));
        this.configured = undefined;
        again();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('flinkSql.atlas')) again();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
      vscode.workspace.onDidGrantWorkspaceTrust(again),
      secrets.onDidChange(again),
      catalogFiles.onDidCreate(folderMayBeNew),
      catalogFiles.onDidDelete(folderMayBeNew),
    );
  }

  /** The stores in use, as soon as the server knows them. */
  async current(): Promise<readonly StoreInfo[]> {
    await this.server.start();
    return this.configured?.stores ?? this.configure();
  }

  /** Works out which stores to use; tells the server and all listeners when they are others than before. */
  async configure(): Promise<readonly StoreInfo[]> {
    const wanted = await this.wanted();
    const key = JSON.stringify(wanted);
    if (this.configured?.key === key) return this.configured.stores;
    const stores = this.server.request(configureStores, wanted);
    this.configured = { key, stores };
    try {
      this.announce(await stores);
    } catch (error) {
      this.configured = undefined;
      throw error;
    }
    return stores;
  }

  private announce(stores: readonly StoreInfo[]): void {
    const atlas = stores.some((store) => store.kind === 'atlas');
    void vscode.commands.executeCommand('setContext', 'flinkSql.stores', stores.length > 0 ? 'some' : 'none');
    void vscode.commands.executeCommand('setContext', 'flinkSql.atlas', atlas);
    this.changed.fire(stores);
  }

  private async wanted(): Promise<ConfigureStores> {
    const connection = atlasConnection();
    if (!connection) return { workspaceCatalogs: await catalogFolders() };
    if (!vscode.workspace.isTrusted) return { workspaceCatalogs: [] };
    return { atlas: { connection, secret: await this.secret(connection.url) }, workspaceCatalogs: [] };
  }

  /** The user's own secret for a server, else the one of the environment (scripts and containers set it). */
  async secret(url: string): Promise<Secret | undefined> {
    const kept = await this.secrets.get(secretKey(url));
    return kept ? (JSON.parse(kept) as Secret) : secretOfEnvironment(process.env);
  }

  /** Keeps a connection that was tried before: address in the user's settings, secret in the secret storage. */
  async connect(url: string, secret: Secret | undefined): Promise<readonly StoreInfo[]> {
    if (secret) await this.secrets.store(secretKey(url), JSON.stringify(secret));
    else await this.secrets.delete(secretKey(url));
    await vscode.workspace.getConfiguration('flinkSql').update('atlas.url', url, vscode.ConfigurationTarget.Global);
    return this.configure();
  }

  /** Forgets the Atlas server and its secret. */
  async disconnect(): Promise<void> {
    const connection = atlasConnection();
    if (connection) await this.secrets.delete(secretKey(connection.url));
    await vscode.workspace
      .getConfiguration('flinkSql')
      .update('atlas.url', undefined, vscode.ConfigurationTarget.Global);
    await this.configure();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** The Atlas server of the settings. They are machine-scoped, so a workspace cannot set them. */
export function atlasConnection(): AtlasConnection | undefined {
  const settings = vscode.workspace.getConfiguration('flinkSql.atlas');
  const url = settings.get('url', '').trim();
  return url ? connectionTo(url) : undefined;
}

/** A connection to `url` with the settings that all connections share. Named for people by namespace, else by host. */
export function connectionTo(url: string): AtlasConnection {
  const settings = vscode.workspace.getConfiguration('flinkSql.atlas');
  const namespace = settings.get('namespace', '').trim() || 'primary';
  const host = URL.canParse(url) ? new URL(url).host : url;
  const name = namespace === 'primary' ? host : namespace;
  return { name, url, namespace, timeout: settings.get('timeout', 5000) };
}

/** Workspace folders on disk that hold a catalog. */
async function catalogFolders(): Promise<string[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  const found = await Promise.all(
    folders.map((folder) =>
      vscode.workspace.fs.stat(vscode.Uri.joinPath(folder.uri, CATALOG_FOLDER)).then(
        (stat) => (stat.type & vscode.FileType.Directory) !== 0,
        () => false,
      ),
    ),
  );
  return folders.filter((_, index) => found[index]).map((folder) => folder.uri.toString());
}

function secretKey(url: string): string {
  return `atlas:${url.replace(/\/+$/, '')}`;
}

/** FLINK_SQL_ATLAS_TOKEN, or FLINK_SQL_ATLAS_USER with FLINK_SQL_ATLAS_PASSWORD: the same as on the command line. */
function secretOfEnvironment(environment: NodeJS.ProcessEnv): Secret | undefined {
  const { FLINK_SQL_ATLAS_TOKEN: token, FLINK_SQL_ATLAS_USER: user, FLINK_SQL_ATLAS_PASSWORD: password } = environment;
  if (token) return { type: 'bearer', token };
  return user ? { type: 'basic', user, password: password ?? '' } : undefined;
}
