import * as vscode from 'vscode';
import {
  type AtlasConnection,
  type ConfigureStores,
  configureStores,
  type DocumentStore,
  documentStore,
  type Secret,
  type StoreInfo,
  storesChanged,
} from '../../server/src/protocol';
import {
  atlasConnections,
  type ConnectionSetting,
  connectionSettings,
  pickNewConnection,
  picks,
  removeConnection,
  saveConnection,
  toConnection,
  unpick,
} from './connections';
import type { Server } from './server';

/** The folder of a workspace catalog, inside a workspace folder. */
export const CATALOG_FOLDER = '.flink-atlas';

/**
 * Which metadata stores are in use, side by side: the Atlas servers of the settings and the catalogs found in the workspace's
 * folders. Keeps the server, the context keys of menus and welcome views, and all listeners up to date.
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
        if (event.affectsConfiguration('flinkSql.atlas') || event.affectsConfiguration('http')) again();
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
    const workspaceCatalogs = await catalogFolders();
    if (!vscode.workspace.isTrusted) return { atlas: [], workspaceCatalogs, mayPublish: false };
    const connections = atlasConnections();
    const atlas = await Promise.all(
      connections.map(async (connection) => ({ connection, secret: await this.secret(connection) })),
    );
    return { atlas, workspaceCatalogs, picks: picks(), mayPublish: true };
  }

  /** The store of a document. */
  async for(uri: vscode.Uri): Promise<DocumentStore> {
    await this.current();
    return this.server.request(documentStore, { uri: uri.toString() });
  }

  private async secret(connection: AtlasConnection): Promise<Secret | undefined> {
    const kept = await this.secrets.get(secretKey(connection));
    return kept ? (JSON.parse(kept) as Secret) : undefined;
  }

  /**
   * Keeps a connection that was tried before: the connection in the user's settings, the secret in the secret storage. `before` is
   * the name that it had, '' for a new one. Gives the stores in use, and the connection that the resource's folder keeps in its place.
   */
  async connect(
    { before, name, setting, secret }: { before: string; name: string; setting: ConnectionSetting; secret?: Secret },
    resource?: vscode.Uri,
  ): Promise<{ inUse: readonly StoreInfo[]; keeps: string | undefined }> {
    const key = secretKey(toConnection(name, setting));
    const old = before && connectionSettings()[before];
    if (old && secretKey(toConnection(before, old)) !== key) {
      await this.secrets.delete(secretKey(toConnection(before, old)));
    }
    if (secret) await this.secrets.store(key, JSON.stringify(secret));
    else await this.secrets.delete(key);
    await saveConnection(name, setting, before);
    const keeps = await pickNewConnection(name, resource);
    return { inUse: await this.configure(), keeps };
  }

  /** Forgets an Atlas server and its secret. */
  async disconnect(connection: AtlasConnection): Promise<void> {
    await this.secrets.delete(secretKey(connection));
    await unpick(connection.name);
    await removeConnection(connection.name);
    await this.configure();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
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

/** A secret belongs to a connection and its addresses: it never goes to an address that it was not given for. */
function secretKey({ name, url, otherUrls = [] }: AtlasConnection): string {
  return ['atlas', name, ...[url, ...otherUrls].map((one) => one.replace(/\/+$/, ''))].join(' ');
}
