import * as vscode from 'vscode';
import {
  describeWaiting,
  discardWaiting,
  type PublishResult,
  retryWaiting,
  type StoreInfo,
  type WaitingPublish,
  waitingChanged,
  waitingPublishes,
} from '../../server/src/protocol';
import type { Pages } from './pages';
import type { Server } from './server';
import { errorText, plainLabel, plainMessage, plainText, shortName, showUserError } from './userError';

/** A row of what waits: the one above all of it, or one job. */
export interface WaitingRow {
  store: StoreInfo;
  waiting: readonly WaitingPublish[];
  parent?: WaitingRow;
}

const nowhere: StoreInfo = { id: 'waiting', kind: 'workspace', label: '', url: '' };

/**
 * What waits in the outbox: the rows "Waiting to be published" of the tree, and what can be done with them. The server
 * sends it when its time has come; the tree follows.
 */
export class Waiting implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  /** Fires when the rows have changed. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly server: Server,
    private readonly pages: Pages,
  ) {
    this.subscriptions = [
      this.changed,
      server.onDidStart((client) =>
        client.onNotification(waitingChanged, ({ waiting, delivered }) => {
          void vscode.commands.executeCommand('setContext', 'flinkSql.waiting', waiting > 0);
          for (const result of delivered) {
            vscode.window.setStatusBarMessage(`$(cloud-upload) ${plainLabel(publishedText(result))}`, 10_000);
          }
          this.changed.fire();
        }),
      ),
    ];
  }

  /** The row above what waits, or none. What is just being published for the first time does not wait. */
  async rows(): Promise<WaitingRow[]> {
    const all = await this.server.request(waitingPublishes, {}).catch(() => []);
    const waiting = all.filter(({ held, connected, next, error }) => held || !connected || next !== undefined || error);
    return waiting.length > 0 ? [{ store: nowhere, waiting }] : [];
  }

  /** A row for each job that waits. */
  children(row: WaitingRow): WaitingRow[] {
    return row.parent ? [] : row.waiting.map((one) => ({ store: one.store, waiting: [one], parent: row }));
  }

  /** Sends now what waits, and tells how that went. */
  async retry(row?: WaitingRow): Promise<void> {
    const id = row?.parent ? row.waiting[0]?.id : undefined;
    const title = 'Sending what waits to be published …';
    const { delivered, waiting } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title },
      () => this.server.request(retryWaiting, id === undefined ? {} : { id }),
    );
    const left = waiting.filter((one) => id === undefined || one.id === id);
    const [first] = left;
    if (first) await this.tell(first);
    else if (delivered.length > 0) {
      void vscode.window.showInformationMessage(
        plainMessage(delivered.map((result) => `${publishedText(result)}.`).join(' ')),
      );
    }
  }

  /** Says why a job waits still. */
  private async tell(one: WaitingPublish): Promise<void> {
    const show = { Show: () => this.show(one.id) };
    if (!one.connected) {
      const message = `${shortName(one.job)} waits for ${one.store.label} (${one.store.url}), which is not connected.`;
      await showUserError({ code: 'not-configured', message, advice: 'Connect to it first.' }, show);
    } else if (one.error) {
      await showUserError({ ...one.error, message: `${shortName(one.job)} waits still. ${one.error.message}` }, show);
    }
  }

  /** Takes out unsent what waits, after asking. */
  async discard(row?: WaitingRow): Promise<void> {
    const rows = row?.waiting ?? (await this.rows())[0]?.waiting ?? [];
    const [first] = rows;
    if (!first) return;
    const what =
      rows.length === 1 ? `what waits of ${shortName(first.job)}` : `all ${rows.length} jobs that wait to be published`;
    const discard = 'Discard';
    const chosen = await vscode.window.showWarningMessage(
      plainMessage(`Discard ${what}?`),
      { modal: true, detail: 'It is not sent. The scripts stay as they are, and can be published again.' },
      discard,
    );
    if (chosen !== discard) return;
    for (const { id } of rows) await this.server.request(discardWaiting, { id });
  }

  /** Shows what waits, and why, as a text. */
  async show(of?: WaitingRow | string): Promise<void> {
    const id = typeof of === 'string' ? of : (of ?? (await this.rows())[0])?.waiting[0]?.id;
    if (id === undefined) return;
    const outcome = await this.server.request(describeWaiting, { id });
    if (!outcome.ok) return showUserError(outcome.error);
    const [, job = 'job'] = /^# (.*) waits to be published/.exec(outcome.value) ?? [];
    await this.pages.show(`Waiting ${job}`, outcome.value, 'diff');
  }

  /** How a row looks and is read out. */
  treeItem(row: WaitingRow): vscode.TreeItem {
    const [first] = row.waiting;
    if (!row.parent || !first) {
      const item = new vscode.TreeItem('Waiting to be published', vscode.TreeItemCollapsibleState.Expanded);
      item.id = 'waiting';
      item.description = String(row.waiting.length);
      item.iconPath = new vscode.ThemeIcon('watch');
      item.tooltip = 'It is saved on this machine, and sent when Atlas takes it.';
      item.contextValue = 'waiting-all';
      item.accessibilityInformation = { label: `Waiting to be published, ${row.waiting.length}` };
      return item;
    }
    const { id, job, store, error } = first;
    const item = new vscode.TreeItem(plainText(job), vscode.TreeItemCollapsibleState.None);
    item.id = `waiting\n${id}`;
    const when = nextTry(first);
    item.description = plainText([when, error?.message].filter(Boolean).join(' · '));
    item.iconPath = new vscode.ThemeIcon(first.held ? 'debug-pause' : 'cloud-upload');
    const about = [`${job} → ${store.label} ${store.url}`, error && errorText(error), when];
    item.tooltip = about.flatMap((line) => (line ? [plainText(line)] : [])).join('\n');
    item.contextValue = 'waiting-one';
    item.command = { title: 'Show', command: 'flinkSql.showWaiting', arguments: [row] };
    item.accessibilityInformation = { label: `Waiting job ${job}, ${item.description}` };
    return item;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** Tells the rows of what waits from the others of a tree. */
export function isWaiting<Row extends object>(row: Row | WaitingRow): row is WaitingRow {
  return 'waiting' in row;
}

/** When a job is tried again: 'next 14:32:05'. */
function nextTry({ held, connected, next }: WaitingPublish): string {
  if (!connected) return 'not connected';
  if (held) return 'cancelled, waits for you';
  if (next === undefined) return 'being sent';
  return `next ${new Date(next).toLocaleTimeString(undefined, { hour12: false })}`;
}

/** 'enrich-orders published to prod: 42 items in 0.8 s' */
export function publishedText({ job, store, pushed, metrics }: PublishResult): string {
  const items = `${pushed} ${pushed === 1 ? 'item' : 'items'}`;
  return `${shortName(job.name)} published to ${store.label}: ${items} in ${seconds(metrics.PT)}`;
}

/** '80 ms', '0.8 s' */
export function seconds(milliseconds: number): string {
  return milliseconds < 100 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
