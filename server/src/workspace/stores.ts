import { fileURLToPath } from 'node:url';
import { AtlasServer } from '../atlas/atlasServer';
import type { MetadataStore } from '../atlas/store';
import { WorkspaceCatalog } from '../atlas/workspaceCatalog';
import type { ConfigureStores, StoreInfo } from '../protocol';
import { isInside, pathOf } from './source';

/** The metadata stores in use, as the client configured them. */
export class Stores {
  private stores: MetadataStore[] = [];
  private configured!: () => void;
  /** Until the client has said which stores to use, nobody can be told that there is none. */
  readonly ready = new Promise<void>((resolve) => {
    this.configured = resolve;
  });

  /** Throws a StoreError, 'invalid', when the address of the Atlas server is none; then no store is in use. */
  configure({ atlas, workspaceCatalogs }: ConfigureStores): StoreInfo[] {
    this.configured();
    this.stores = [];
    this.stores = atlas
      ? [new AtlasServer(atlas.connection, atlas.secret)]
      : workspaceCatalogs.map((folder) => new WorkspaceCatalog(fileURLToPath(folder)));
    return this.infos;
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

  /** The store that a document's tables are looked up in: its own folder's catalog, else the first. */
  for(uri: string): MetadataStore | undefined {
    const path = pathOf(uri);
    const own = this.stores.filter(({ info }) => path !== undefined && isInFolderOf(info, path));
    return own.sort((a, b) => b.info.url.length - a.info.url.length)[0] ?? this.stores[0];
  }
}

/** The folder, as a URI, whose catalog a store is: 'file:///shop/.flink-atlas' → 'file:///shop' */
export function folderOf({ url }: StoreInfo): string {
  return url.replace(/\/[^/]+\/*$/, '');
}

/** Whether a document's path is in the folder whose catalog this is. */
function isInFolderOf(store: StoreInfo, path: string): boolean {
  const folder = store.kind === 'workspace' ? pathOf(folderOf(store)) : undefined;
  return folder !== undefined && isInside(path, folder);
}
