import * as vscode from 'vscode';
import {
  type StoreInfo,
  type TreeItem,
  type TreeItemKind,
  treeChildren,
  type UserError,
} from '../../server/src/protocol';
import type { Server } from './server';
import type { Stores } from './stores';
import { errorText, toUserError } from './userError';
import { isWaiting, type Waiting, type WaitingRow } from './waiting';

/** A row of the tree: a store, when several are in use, or something in one. */
export interface Row {
  store: StoreInfo;
  item?: TreeItem;
  parent?: Row;
}

const icons: Record<TreeItemKind, string> = {
  job: 'gear',
  process: 'arrow-right',
  input: 'sign-in',
  output: 'sign-out',
  columns: 'list-unordered',
  column: 'symbol-field',
  'column-source': 'arrow-left',
  more: 'ellipsis',
  error: 'warning',
};

/** What a screen reader says before the label of a row. */
const words: Partial<Record<TreeItemKind, string>> = {
  job: 'Job',
  process: 'Process',
  input: 'Reads',
  output: 'Writes',
  column: 'Column',
  'column-source': 'Comes from',
  error: 'Problem',
};

/**
 * The view "Atlas: Flink jobs": jobs, their processes, the inputs, outputs and columns of these. Rows are fetched when they
 * are opened. A store that cannot be reached is a row that says why and tries again when it is chosen.
 */
export class JobsTree implements vscode.TreeDataProvider<Row | WaitingRow>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Row | WaitingRow | undefined>();
  private readonly view: vscode.TreeView<Row | WaitingRow>;
  private readonly subscriptions: vscode.Disposable[];
  /** Rows already fetched, by their parent; `root` for the top */
  private readonly fetched = new Map<Row | typeof root, Promise<Row[]>>();
  private fresh = false;
  /** The row of the job in the active editor */
  private active?: Row;
  private revealing = false;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly server: Server,
    private readonly stores: Stores,
    private readonly waiting: Waiting,
  ) {
    this.view = vscode.window.createTreeView('flinkSql.jobs', { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = [
      this.view,
      this.changed,
      stores.onDidChange(() => this.reload()),
      waiting.onDidChange(() => this.changed.fire(undefined)),
      vscode.window.onDidChangeActiveTextEditor(() => void this.revealActive()),
      this.view.onDidChangeVisibility(() => void this.revealActive()),
    ];
  }

  /** Asks the stores anew. */
  refresh(): void {
    this.fresh = true;
    this.reload();
  }

  private reload(): void {
    this.fetched.clear();
    this.active = undefined;
    this.changed.fire(undefined);
  }

  async getChildren(row?: Row | WaitingRow): Promise<(Row | WaitingRow)[]> {
    if (row && isWaiting(row)) return this.waiting.children(row);
    if (row) return this.below(row);
    // what waits stands first, however many jobs there are
    const [rows, waiting] = await Promise.all([this.below(), this.waiting.rows()]);
    return [...waiting, ...rows];
  }

  private below(row?: Row): Promise<Row[]> {
    const key = row ?? root;
    let rows = this.fetched.get(key);
    if (!rows) {
      rows = row ? this.fetch(row.store, row) : this.top();
      this.fetched.set(key, rows);
    }
    return rows;
  }

  getParent(row: Row | WaitingRow): Row | WaitingRow | undefined {
    return row.parent;
  }

  private async top(): Promise<Row[]> {
    let stores: readonly StoreInfo[];
    try {
      stores = await this.stores.current();
    } catch (thrown) {
      return [{ store: nowhere, item: errorItem(toUserError(thrown)) }];
    }
    const only = stores[0];
    if (!only) return [];
    return stores.length === 1 ? this.fetch(only) : stores.map((store) => ({ store }));
  }

  private async fetch(store: StoreInfo, parent?: Row, offset = 0): Promise<Row[]> {
    const refresh = this.fresh;
    this.fresh = false;
    const row = (item: TreeItem): Row => ({ store, item, ...(parent ? { parent } : {}) });
    const problem = (error: UserError): Row[] => [row(errorItem(error))];
    try {
      const params = { store: store.id, parent: parent?.item?.id, offset, refresh };
      const outcome = await this.server.request(treeChildren, params);
      return outcome.ok ? outcome.value.map(row) : problem(outcome.error);
    } catch (thrown) {
      return problem(toUserError(thrown));
    }
  }

  /** Replaces the row 'more' by what follows it. */
  async loadMore(row: Row): Promise<void> {
    const key = row.parent ?? root;
    const rows = (await this.fetched.get(key))?.filter((other) => other !== row) ?? [];
    // The row says where to go on: rows that were filtered out count as well
    const following = await this.fetch(row.store, row.parent, Number(row.item?.id ?? 0));
    this.fetched.set(key, Promise.resolve([...rows, ...following]));
    this.changed.fire(row.parent);
  }

  /** Tries again what failed. */
  retry(row?: Row): void {
    this.fresh = true;
    this.fetched.delete(row?.parent ?? root);
    this.changed.fire(row?.parent);
  }

  getTreeItem(row: Row | WaitingRow): vscode.TreeItem {
    if (isWaiting(row)) return this.waiting.treeItem(row);
    return row.item ? itemOf(row, row.item, this.isActive(row.item)) : storeItem(row.store);
  }

  /** Shows a job in the tree and selects it. `id` is the tree path that publishing answered. */
  async reveal(store: Pick<StoreInfo, 'id'>, id: string): Promise<void> {
    // Showing the view makes it reveal the active job, which must not come in between
    this.revealing = true;
    try {
      const row = (await this.jobs()).find((job) => job.store.id === store.id && job.item?.id === id);
      if (!row) {
        await vscode.commands.executeCommand('flinkSql.jobs.focus');
        return;
      }
      // A view that was hidden only selects the row while it is built; asked again, it opens it
      const hidden = !this.view.visible;
      await this.view.reveal(row, { select: true, focus: true, expand: true });
      if (hidden) await this.view.reveal(row, { select: true, focus: true, expand: true });
    } catch {
      // The tree was read anew meanwhile: the job is in it all the same, only not selected
    } finally {
      this.revealing = false;
    }
  }

  private async revealActive(): Promise<void> {
    if (!this.view.visible || this.revealing) return;
    const row = (await this.jobs()).find((job) => job.item && this.isActive(job.item));
    const before = this.active;
    this.active = row;
    if (row === before || this.revealing) return;
    // Both look different now: the active one is highlighted
    if (before) this.changed.fire(before);
    if (row) this.changed.fire(row);
    if (row) await this.view.reveal(row, { select: true, focus: false });
  }

  /** The jobs fetched so far or on the first page, of all stores. */
  private async jobs(): Promise<Row[]> {
    const top = await this.below();
    const nested = await Promise.all(top.map((row) => (row.item ? [row] : this.below(row))));
    return nested.flat().filter((row) => row.item?.kind === 'job');
  }

  /** Whether the job's script is in the active editor. */
  private isActive(item: TreeItem): boolean {
    const open = vscode.window.activeTextEditor?.document.uri.toString();
    return item.kind === 'job' && item.source !== undefined && vscode.Uri.parse(item.source.uri).toString() === open;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

const root = Symbol('root');

/** Stands for the store where not even the stores can be asked for. */
const nowhere: StoreInfo = { id: '', kind: 'workspace', label: '', url: '' };

function errorItem(error: UserError): TreeItem {
  return { id: 'error', kind: 'error', label: error.message, description: error.advice, hasChildren: false, error };
}

function storeItem(store: StoreInfo): vscode.TreeItem {
  const item = new vscode.TreeItem(store.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = store.id;
  item.iconPath = new vscode.ThemeIcon(store.kind === 'atlas' ? 'database' : 'folder-library');
  item.tooltip = store.kind === 'atlas' ? store.url : vscode.Uri.parse(store.url).fsPath;
  return item;
}

/** How a row looks, is read out, and what may be done with it. Active jobs are highlighted. */
function itemOf(row: Row, from: TreeItem, active: boolean): vscode.TreeItem {
  const label = active ? { label: from.label, highlights: [[0, from.label.length] as [number, number]] } : from.label;
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, from.hasChildren ? Collapsed : None);
  item.id = pathOf(row);
  item.description = from.description;
  // A plain string, never Markdown: the text comes from Atlas
  item.tooltip = from.error ? errorText(from.error) : (from.tooltip ?? from.label);
  const deleted = from.status === 'deleted';
  item.iconPath = new vscode.ThemeIcon(
    deleted ? 'trash' : icons[from.kind],
    from.kind === 'error' ? new vscode.ThemeColor('problemsWarningIcon.foreground') : undefined,
  );
  const parts = [words[from.kind], from.label, from.description, deleted ? 'deleted' : undefined];
  item.accessibilityInformation = { label: parts.filter(Boolean).join(', ') };
  item.contextValue = [
    from.kind,
    from.source && 'source',
    from.webUrl && 'web',
    from.qualifiedName && 'name',
    from.error && 'error',
  ]
    .filter(Boolean)
    .join(' ');
  if (from.kind === 'more') item.command = { title: 'Show More', command: 'flinkSql.loadMore', arguments: [row] };
  if (from.kind === 'error') item.command = { title: 'Retry', command: 'flinkSql.retry', arguments: [row] };
  return item;
}

/** Unique in the view, and the same after a refresh, so that what was open stays open. */
function pathOf(row: Row): string {
  return `${row.parent ? pathOf(row.parent) : row.store.id}\n${row.item?.id ?? ''}`;
}
