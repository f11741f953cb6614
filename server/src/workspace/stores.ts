import { fileURLToPath } from 'node:url';
import { AtlasServer } from '../atlas/atlasServer';
import { CachedReads } from '../atlas/cachedReads';
import { secretOfEnvironment } from '../atlas/environment';
import { type MetadataStore, StoreError } from '../atlas/store';
import { WorkspaceCatalog } from '../atlas/workspaceCatalog';
import { type ConfigureStores, type StoreInfo, WORKSPACE_CATALOG } from '../protocol';
import { isInside, pathOf } from './source';

/** The store of a document, as the settings pick it. */
export interface PickedStore {
  store?: MetadataStore;
  /** Nothing picks one of several: `store` is the first of them */
  unclear: boolean;
  /** The settings pick what there is not */
  error?: StoreError;
}

/** The metadata stores in use, side by side, as the client configured them. */
export class Stores {
  private stores: MetadataStore[] = [];
  private picks: Readonly<Record<string, string>> = {};
  private reads = new WeakMap<MetadataStore, CachedReads>();
  private configured!: () => void;
  /** Until the client has said which stores to use, nobody can be told that there is none. */
  readonly ready = new Promise<void>((resolve) => {
    this.configured = resolve;
  });

  /** Uses other stores from now on. Answers what is wrong with those that cannot be used, a StoreError each. */
  configure({ atlas, workspaceCatalogs, picks = {} }: ConfigureStores): StoreError[] {
    this.configured();
    const problems: StoreError[] = [];
    const servers = atlas.flatMap(({ connection, secret }) => {
      try {
        // The environment's credentials (scripts and containers set them) never go to one of several: whose would they be?
        const fallback = atlas.length === 1 ? secretOfEnvironment(process.env) : undefined;
        return [new AtlasServer(connection, secret ?? fallback)];
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        problems.push(new StoreError(error.code, `Connection “${connection.name}”: ${error.message}`, error.advice));
        return [];
      }
    });
    this.stores = [...servers, ...workspaceCatalogs.map((folder) => new WorkspaceCatalog(fileURLToPath(folder)))];
    this.picks = picks;
    return problems;
  }

  /** What was read from a store, for all that the editor does with it. */
  readsOf(store: MetadataStore): CachedReads {
    const reads = this.reads.get(store) ?? new CachedReads(store);
    this.reads.set(store, reads);
    return reads;
  }

  /** Forgets what was read, so that the next answers are fresh. */
  refresh(): void {
    for (const store of this.stores) {
      this.readsOf(store).forget();
      store.refresh();
    }
  }

  get all(): readonly MetadataStore[] {
    return this.stores;
  }

  get infos(): StoreInfo[] {
    return this.stores.map((store) => store.info);
  }

  get(id: string): MetadataStore | undefined {
    return this.stores.find((store) => store.info.id === id);
  }

  /** The store with an id; throws a StoreError when it is not in use any more. */
  named(id: string): MetadataStore {
    const store = this.get(id);
    if (!store) {
      throw new StoreError('not-configured', 'This place for metadata is no longer in use.', 'Refresh the tree.');
    }
    return store;
  }

  /** The store at an address that uses a namespace: where something waits to be published to. */
  at(url: string, namespace: string): MetadataStore | undefined {
    return this.stores.find((store) => store.info.url === url && store.namespace === namespace);
  }

  /** The store that a document's tables are looked up in, and that it is published to; undefined when there is none. */
  for(uri: string): MetadataStore | undefined {
    return this.pick(uri).store;
  }

  /**
   * The store of a document: the one that the settings of its folder name. Where these name none: the only Atlas server,
   * the first of several (which is unclear), or without any the catalog of the document's own folder.
   */
  pick(uri: string): PickedStore {
    const path = pathOf(uri);
    const folders = Object.keys(this.picks).filter((folder) => folder !== '' && isInFolder(path, folder));
    const name = this.picks[longest(folders) ?? ''];
    const servers = this.stores.filter(({ info }) => info.kind === 'atlas');
    const catalogs = this.stores.filter(({ info }) => info.kind === 'workspace');
    const inside = catalogs.filter(({ info }) => isInFolder(path, folderOf(info)));
    const own = inside.sort((a, b) => b.info.url.length - a.info.url.length)[0];
    if (name === WORKSPACE_CATALOG) {
      const store = own ?? catalogs[0];
      return store ? { store, unclear: false } : { unclear: false, error: noCatalog() };
    }
    if (name) {
      const store = servers.find(({ info }) => info.label === name);
      return store ? { store, unclear: false } : { unclear: false, error: unknownConnection(name, servers) };
    }
    const [store] = servers;
    if (store) return { store, unclear: servers.length > 1 };
    if (own) return { store: own, unclear: false };
    const [catalog] = catalogs;
    return catalog ? { store: catalog, unclear: catalogs.length > 1 } : { unclear: false };
  }
}

function unknownConnection(name: string, servers: readonly MetadataStore[]): StoreError {
  const known = servers.map(({ info }) => `“${info.label}”`).join(', ');
  return new StoreError(
    'unknown-connection',
    `The settings of this folder pick the connection “${name}”, which you do not have.`,
    known
      ? `Choose another (you have ${known}), or connect to it.`
      : 'Connect to Atlas under that name, or choose another.',
  );
}

function noCatalog(): StoreError {
  return new StoreError(
    'unknown-connection',
    'The settings of this folder pick the workspace catalog, and there is none.',
    'Make one, or choose a connection.',
  );
}

function longest(texts: readonly string[]): string | undefined {
  return [...texts].sort((a, b) => b.length - a.length)[0];
}

/** Whether a document's path is in a folder, given as a URI. */
function isInFolder(path: string | undefined, folder: string): boolean {
  const folderPath = pathOf(folder);
  return path !== undefined && folderPath !== undefined && isInside(path, folderPath);
}

/** The folder, as a URI, whose catalog a store is: 'file:///shop/.flink-atlas' → 'file:///shop' */
export function folderOf({ url }: StoreInfo): string {
  return url.replace(/\/[^/]+\/*$/, '');
}
