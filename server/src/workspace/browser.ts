import { jobName } from '../atlas/desired';
import { groupJobs, groupOf, jobsOfGroup } from '../atlas/groupJobs';
import { shortName } from '../atlas/job';
import { JobIndex } from '../atlas/jobIndex';
import { datasetsOf } from '../atlas/mapping';
import { type KnownDataset, readDataset } from '../atlas/readDataset';
import { readJob } from '../atlas/readJob';
import { searchAtlas } from '../atlas/searchAtlas';
import type { TreeContext } from '../atlas/service';
import { type MetadataStore, outcome, StoreError } from '../atlas/store';
import { findJob, jobTreeItem, type TreePage, children as treeRows } from '../atlas/tree';
import { datasetDdl, datasetName } from '../features/dataset-ddl';
import { identifier } from '../features/identifier';
import { plainLine, shorten } from '../features/markdown';
import { datasetPage, jobPage, type Page, termPage } from '../features/metadata-page';
import type { DatasetText, Outcome, SearchHit, SearchKind, TreeItem, TreeView, UserError } from '../protocol';
import { catalogsOf } from './catalogs-of';
import type { OpenDocument } from './document';
import { jobOf } from './job-of';
import type { ScriptFinder } from './script-finder';
import { sourceOf } from './source';
import { folderOf, type Stores } from './stores';
import { FRESH } from './table-answers';

/** Hits of a search. */
const HITS = 50;
/** Rows on one page of the tree. */
const PAGE = 100;
/** Characters of a row; longer texts are cut. */
const ROW = 200;
/** Characters of a tooltip. */
const TOOLTIP = 2000;

/** What the editor asks about the jobs and datasets of the stores to browse them. Errors come back as values. */
export class Browser {
  private readonly index = new JobIndex();

  /** `folders` answers the URIs of the workspace's folders, `findScript` the place of a job's statement in them. */
  constructor(
    private readonly stores: Stores,
    private readonly folders: () => readonly string[],
    private readonly findScript: ScriptFinder['find'],
  ) {}

  /** Forgets what was read from the stores, so that the next answers are fresh. */
  refresh(): void {
    this.index.forget();
  }

  /** A page of jobs or groups, or what stands under an item. */
  children(
    { store: id, parent, offset = 0, ...view }: { store: string; parent?: string; offset?: number } & TreeView,
    signal: AbortSignal,
  ): Promise<Outcome<TreeItem[]>> {
    return outcome(async () => {
      await this.stores.ready;
      const store = this.stores.named(id);
      const page: TreePage = { offset, limit: PAGE };
      const context = this.contextOf(store);
      if (parent === undefined) return rows(await groupJobs(store, this.index, view, page, context, signal));
      if (parent.startsWith('group:')) {
        return rows(await jobsOfGroup(store, this.index, parent, view.filter ?? '', page, context));
      }
      return rows(await treeRows(store, parent, context, signal, page));
    });
  }

  /** The rows that lead to the job of a document, ids of groups included; undefined when it is not registered. */
  async path(
    document: OpenDocument,
    { group }: TreeView,
    signal: AbortSignal,
  ): Promise<{ store: string; path: TreeItem[] } | undefined> {
    await this.stores.ready;
    const { store, unclear } = this.stores.pick(document.uri);
    if (!store || unclear) return undefined;
    const found = await outcome(async () => {
      const { name } = jobOf(document, await sourceOf(document.uri, this.folders(), signal));
      const reads = this.stores.readsOf(store).within(FRESH);
      const job = await findJob(reads, jobName(name, store.namespace), signal);
      if (!job) return undefined;
      const header = { ...job, classificationNames: (job.classifications ?? []).map(({ typeName }) => typeName) };
      const above = await groupOf(store, this.index, header, group);
      const parent: TreeItem[] = above ? [{ id: above, kind: 'group', label: '', hasChildren: true }] : [];
      return rows([...parent, jobTreeItem(store, header, this.contextOf(store))]);
    });
    return found.ok && found.value ? { store: store.info.id, path: found.value } : undefined;
  }

  /** What can be put into a script for a dataset or column; `document` is the script. */
  text(
    id: string,
    guid: string,
    document: OpenDocument | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<DatasetText>> {
    return outcome(async () => {
      await this.stores.ready;
      const store = this.stores.named(id);
      const dataset = await readDataset(store, guid, signal);
      const ddl = datasetDdl(dataset);
      if (dataset.column !== undefined) return { name: identifier(dataset.column), ddl };
      return { name: (document && declaredName(document, dataset, store)) ?? datasetName(dataset), ddl };
    });
  }

  /** What a text finds in all stores; those that cannot answer are told. */
  async search(text: string, signal: AbortSignal): Promise<{ hits: SearchHit[]; problems: UserError[] }> {
    await this.stores.ready;
    const outcomes = await Promise.all(
      this.stores.all.map((store) => outcome(() => searchAtlas(store, text, HITS, signal))),
    );
    const hits = outcomes.map((each) => (each.ok ? each.value : []));
    return {
      // The best of each store come first
      hits: Array.from({ length: HITS }, (_, index) => hits.flatMap((all) => all.slice(index, index + 1))).flat(),
      problems: outcomes.flatMap((each) => (each.ok || each.error.code === 'cancelled' ? [] : [each.error])),
    };
  }

  /** Names of all classifications; of those stores that answer. */
  async classifications(signal: AbortSignal): Promise<string[]> {
    await this.stores.ready;
    const outcomes = await Promise.all(this.stores.all.map((store) => outcome(() => store.classifications(signal))));
    return [...new Set(outcomes.flatMap((each) => (each.ok ? each.value : [])))];
  }

  /** All that is known of something, as a page. */
  card(id: string, kind: SearchKind, guid: string, signal: AbortSignal): Promise<Outcome<Page>> {
    return outcome(async () => {
      await this.stores.ready;
      const store = this.stores.named(id);
      const where = store.info.kind === 'atlas' ? `Atlas at ${store.info.label}` : store.info.label;
      if (kind === 'term') {
        const term = await store.term(guid, signal);
        if (!term) throw new StoreError('conflict', 'The term is not there any more.', 'Search again.');
        return termPage(term, where);
      }
      if (kind === 'job') return jobPage(await readJob(store, guid, signal), where, Date.now());
      return datasetPage(await readDataset(store, guid, signal), where, Date.now());
    });
  }

  private contextOf(store: MetadataStore): TreeContext {
    const folder = store.info.kind === 'workspace' ? folderOf(store.info) : undefined;
    return { now: Date.now(), resolveSource: (file, sink) => this.findScript(file, sink, folder) };
  }
}

/** What a script calls a dataset that it declares itself: 'orders' for the topic 'shop.orders.v2'. */
function declaredName(document: OpenDocument, { card }: KnownDataset, store: MetadataStore): string | undefined {
  const context = { namespace: store.namespace, namespaces: store.namespaces, catalogs: catalogsOf(document) };
  for (const table of document.analysis.tables.values()) {
    if (table.kind !== 'table') continue;
    const isIt = datasetsOf(table, context).some(
      ({ typeName, qualifiedName }) => typeName === card.typeName && qualifiedName === card.qualifiedName,
    );
    if (isIt) return shortName(table.name).split('.').map(identifier).join('.');
  }
  return undefined;
}

/** Rows whose texts hide and reorder nothing, however long the names in the store are. */
function rows(items: readonly TreeItem[]): TreeItem[] {
  const line = (text: string) => shorten(plainLine(text), ROW);
  return items.map((item) => ({
    ...item,
    label: line(item.label),
    ...(item.description === undefined ? {} : { description: line(item.description) }),
    ...(item.tooltip === undefined
      ? {}
      : { tooltip: shorten(item.tooltip.split('\n').map(plainLine).join('\n'), TOOLTIP) }),
  }));
}
