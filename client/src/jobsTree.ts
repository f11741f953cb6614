import * as vscode from 'vscode';
import {
  type StoreInfo,
  type TreeGrouping,
  type TreeItem,
  type TreeItemKind,
  type TreeView as TreeViewParams,
  treeChildren,
  treePath,
  type UserError,
} from '../../server/src/protocol';
import type { Server } from './server';
import type { Stores } from './stores';
import { errorText, plainText, toUserError } from './userError';
import { isWaiting, type Waiting, type WaitingRow } from './waiting';

/** A row of the tree: a store, when several are in use, or something in one. */
export interface Row {
  store: StoreInfo;
  item?: TreeItem;
  parent?: Row;
  /** Of a store: how many jobs it has, as far as the filter lets them through */
  count?: number | undefined;
}

const icons: Record<TreeItemKind, string> = {
  group: 'folder',
  job: 'gear',
  process: 'arrow-right',
  input: 'sign-in',
  output: 'sign-out',
  columns: 'list-unordered',
  column: 'symbol-field',
  'column-source': 'arrow-left',
  field: 'symbol-field',
  more: 'ellipsis',
  error: 'warning',
};

/** What a screen reader says before the label of a row. */
const words: Partial<Record<TreeItemKind, string>> = {
  group: 'Group',
  job: 'Job',
  process: 'Process',
  input: 'Reads',
  output: 'Writes',
  column: 'Column',
  'column-source': 'Comes from',
  field: 'Column',
  error: 'Problem',
};

const groupings: Record<TreeGrouping, string> = {
  application: 'Nothing: a plain list of the jobs',
  owner: 'Owner',
  sink: 'Sink: the datasets that jobs write',
  folder: 'Folder of the script',
};
const GROUPING = 'flinkSql.tree.group';

/** Milliseconds after the last keystroke until the tree is filtered. */
const FILTER_AFTER = 150;

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
  private filter = '';
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly server: Server,
    private readonly stores: Stores,
    private readonly waiting: Waiting,
    private readonly state: vscode.Memento,
    dragAndDropController: vscode.TreeDragAndDropController<Row | WaitingRow>,
  ) {
    this.view = vscode.window.createTreeView('flinkSql.jobs', {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: false,
      dragAndDropController,
    });
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

  /** What the jobs stand under; kept for the workspace. */
  private get group(): TreeGrouping {
    const kept = this.state.get<string>(GROUPING, 'application');
    return Object.hasOwn(groupings, kept) ? (kept as TreeGrouping) : 'application';
  }

  /** Asks what the jobs are to stand under. */
  async chooseGrouping(): Promise<void> {
    const items = Object.entries(groupings).map(([id, label]) => ({
      id,
      label,
      ...(id === this.group ? { description: 'now', picked: true } : {}),
    }));
    const title = 'Group the jobs by';
    const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: 'What the jobs stand under' });
    if (!chosen || chosen.id === this.group) return;
    await this.state.update(GROUPING, chosen.id);
    this.reload();
  }

  /** Filters while somebody types. Enter keeps the filter, Esc what was before. */
  enterFilter(): void {
    const before = this.filter;
    const input = vscode.window.createInputBox();
    input.title = 'Filter the jobs';
    input.placeholder = 'Words in the name, owner, script or description of a job';
    input.prompt = 'Enter keeps the filter, Esc takes it back.';
    input.value = before;
    let timer: NodeJS.Timeout | undefined;
    let kept = false;
    input.onDidChangeValue((value) => {
      clearTimeout(timer);
      timer = setTimeout(() => this.setFilter(value), FILTER_AFTER);
    });
    input.onDidAccept(() => {
      kept = true;
      clearTimeout(timer);
      this.setFilter(input.value);
      input.hide();
    });
    input.onDidHide(() => {
      clearTimeout(timer);
      if (!kept) this.setFilter(before);
      input.dispose();
    });
    input.show();
  }

  /** Shows only jobs with these words; all of them when there are none. */
  setFilter(text: string): void {
    const filter = text.trim();
    if (filter === this.filter) return;
    this.filter = filter;
    void vscode.commands.executeCommand('setContext', 'flinkSql.treeFiltered', filter !== '');
    this.reload();
  }

  /** Says beside the title how many jobs there are, and above the rows what they are filtered by. */
  private describe(top: readonly Row[]): void {
    const count = countOf(top);
    const jobs = count === undefined ? undefined : countText(count);
    const by = this.group === 'application' ? undefined : `by ${this.group}`;
    this.view.description = [jobs, by].filter(Boolean).join(' ') || undefined;
    if (this.filter) this.view.message = matchText(count, this.filter);
    // Where the view stands alone, VS Code shows no description: a long list says here how long it is
    else this.view.message = top.some(({ item }) => item?.kind === 'more') && jobs ? `${jobs} in all` : undefined;
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
      // The row of a store says how many jobs are in it
      if (row && !row.item) void rows.then((all) => this.count(row, all));
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
    if (!only || stores.length > 1) {
      this.view.description = undefined;
      this.view.message = this.filter ? matchText(undefined, this.filter) : undefined;
      return stores.map((store) => ({ store }));
    }
    const { filter, group } = this;
    const rows = await this.fetch(only);
    // An answer to what was typed before says nothing of what is shown now
    if (filter === this.filter && group === this.group) this.describe(rows);
    return rows;
  }

  private count(row: Row, rows: readonly Row[]): void {
    const count = countOf(rows);
    if (count === row.count) return;
    row.count = count;
    this.changed.fire(row);
  }

  /** How the tree is looked at now. */
  private get looking(): TreeViewParams {
    return { group: this.group, filter: this.filter };
  }

  private async fetch(store: StoreInfo, parent?: Row, offset = 0): Promise<Row[]> {
    const refresh = this.fresh;
    this.fresh = false;
    const row = (item: TreeItem): Row => ({ store, item, ...(parent ? { parent } : {}) });
    const problem = (error: UserError): Row[] => [row(errorItem(error))];
    try {
      const params = { store: store.id, parent: parent?.item?.id, offset, refresh, ...this.looking };
      const outcome = await this.server.request(treeChildren, params);
      return outcome.ok ? outcome.value.map(row) : problem(outcome.error);
    } catch (thrown) {
      return problem(toUserError(thrown));
    }
  }

  /** Replaces the row 'more' by what follows it. */
  async loadMore(row: Row): Promise<void> {
    const key = row.parent ?? root;
    const before = this.fetched.get(key);
    // The row says where to go on: rows that were filtered out count as well
    const following = await this.fetch(row.store, row.parent, Number(row.item?.id ?? 0));
    const rows = (await before)?.filter((other) => other !== row) ?? [];
    // Read anew meanwhile: then this is no longer what follows
    if (this.fetched.get(key) !== before) return;
    // The job of the open file may stand before its turn
    const known = new Set(rows.map(({ item }) => item?.id));
    const all = [...rows, ...following.filter(({ item }) => !known.has(item?.id))];
    this.fetched.set(key, Promise.resolve(all));
    this.changed.fire(row.parent);
    const place = rows.length > 0 ? all[rows.length] : undefined;
    if (place && this.view.visible) await this.view.reveal(place, { select: true, focus: false });
  }

  /** Tries again what failed. */
  retry(row?: Row): void {
    this.fresh = true;
    this.fetched.delete(row?.parent ?? root);
    this.changed.fire(row?.parent);
  }

  getTreeItem(row: Row | WaitingRow): vscode.TreeItem {
    if (isWaiting(row)) return this.waiting.treeItem(row);
    return row.item ? itemOf(row, row.item, this.isActive(row.item)) : storeItem(row);
  }

  /** Shows a job in the tree and selects it. `id` is the tree path that publishing answered. */
  async reveal(store: Pick<StoreInfo, 'id'>, id: string): Promise<void> {
    // Showing the view makes it reveal the active job, which must not come in between
    this.revealing = true;
    try {
      const isWanted = (job: Row | undefined) => job?.store.id === store.id && job.item?.id === id;
      let row = (await this.jobs()).find(isWanted);
      if (!row) {
        const active = await this.activeRow();
        if (isWanted(active)) row = active;
      }
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

  /** Selects the job of the active editor, without taking the focus, and highlights it. */
  private async revealActive(): Promise<void> {
    if (!this.view.visible || this.revealing) return;
    const row = await this.activeRow();
    const before = this.active;
    this.active = row;
    if (row === before || this.revealing) return;
    // Both look different now: the active one is highlighted
    if (before) this.changed.fire(before);
    if (row) this.changed.fire(row);
    if (row) await this.view.reveal(row, { select: true, focus: false });
  }

  /** The row of the active editor's job: among those fetched, else asked for and put among them. */
  private async activeRow(): Promise<Row | undefined> {
    const document = vscode.window.activeTextEditor?.document;
    const fetched = (await this.jobs()).find((job) => job.item && this.isActive(job.item));
    if (fetched || document?.languageId !== 'flinksql' || this.filter !== '') return fetched;
    const params = { uri: document.uri.toString(), ...this.looking };
    const found = await this.server.request(treePath, params).catch(() => null);
    if (!found || document !== vscode.window.activeTextEditor?.document) return undefined;
    const top = await this.below();
    let parent = top.find((row) => !row.item && row.store.id === found.store);
    const store = parent?.store ?? top[0]?.store;
    if (store?.id !== found.store) return undefined;
    for (const item of found.path) {
      const key: Row | typeof root = parent ?? root;
      const rows: Row[] = await this.below(parent);
      let row: Row | undefined = rows.find((other) => other.item?.id === item.id);
      if (!row && item.kind === 'job') {
        row = { store, item, ...(parent ? { parent } : {}) };
        const more = rows.findIndex((other) => other.item?.kind === 'more');
        const place = more < 0 ? rows.length : more;
        this.fetched.set(key, Promise.resolve([...rows.slice(0, place), row, ...rows.slice(place)]));
        this.changed.fire(parent);
      }
      // Its group is on a later page
      if (!row) return undefined;
      parent = row;
    }
    return parent;
  }

  /** The jobs fetched so far or on the first page, of all stores. */
  private async jobs(): Promise<Row[]> {
    const top = await this.below();
    const inStores = await Promise.all(top.map((row) => (row.item ? [row] : this.below(row))));
    const inGroups = await Promise.all(
      inStores.flat().map((row) => (row.item?.kind === 'group' ? (this.fetched.get(row) ?? []) : [row])),
    );
    return inGroups.flat().filter((row) => row.item?.kind === 'job');
  }

  /** Whether the job's script is in the active editor. */
  private isActive(item: TreeItem): boolean {
    const open = vscode.window.activeTextEditor?.document.uri.toString();
    return item.kind === 'job' && item.source !== undefined && vscode.Uri.parse(item.source.uri).toString() === open;
  }

  /** The row that the keyboard is on. */
  get selected(): Row | undefined {
    return this.view.selection[0];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

const root = Symbol('root');

function countText(count: number): string {
  return count === 1 ? '1 job' : `${count.toLocaleString('en')} jobs`;
}

/** '2 jobs match “pay”.' */
function matchText(count: number | undefined, filter: string): string {
  if (count === undefined) return `Jobs that match “${filter}”`;
  if (count === 0) return `No job matches “${filter}”.`;
  return `${countText(count)} ${count === 1 ? 'matches' : 'match'} “${filter}”.`;
}

/** The icon of a group tells what it is made by. */
function iconOf({ id, kind }: TreeItem): string {
  if (kind !== 'group') return icons[kind];
  return id.startsWith('group:owner:') ? 'organization' : id.startsWith('group:sink:') ? 'database' : icons.group;
}

/** How many jobs a list of rows stands for; undefined when it is not known. */
function countOf(rows: readonly Row[]): number | undefined {
  if (rows.some(({ item }) => item?.kind === 'error')) return undefined;
  const more = rows.find(({ item }) => item?.kind === 'more')?.item;
  if (rows.some(({ item }) => item?.kind === 'group')) {
    // A job that writes two sinks is in two groups
    const once = !more && rows.every(({ item }) => !item?.id.startsWith('group:sink:'));
    return once ? rows.reduce((sum, { item }) => sum + (item?.count ?? 0), 0) : undefined;
  }
  return more ? more.count : rows.length;
}

/** Stands for the store where not even the stores can be asked for. */
const nowhere: StoreInfo = { id: '', kind: 'workspace', label: '', url: '' };

function errorItem(error: UserError): TreeItem {
  const [label, description] = [plainText(error.message), error.advice && plainText(error.advice)];
  return { id: 'error', kind: 'error', label, description, hasChildren: false, error };
}

function storeItem({ store, count }: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(store.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = store.id;
  if (count !== undefined) item.description = countText(count);
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
  item.tooltip = from.error ? plainText(errorText(from.error)) : (from.tooltip ?? from.label);
  const deleted = from.status === 'deleted';
  item.iconPath = new vscode.ThemeIcon(
    deleted ? 'trash' : iconOf(from),
    from.kind === 'error' ? new vscode.ThemeColor('problemsWarningIcon.foreground') : undefined,
  );
  const parts = [words[from.kind], from.label, from.description, deleted ? 'deleted' : undefined];
  item.accessibilityInformation = { label: parts.filter(Boolean).join(', ') };
  item.contextValue = [
    from.kind,
    from.source && 'source',
    from.webUrl && 'web',
    from.qualifiedName && 'name',
    from.guid && 'data',
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
