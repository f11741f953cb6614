import * as vscode from 'vscode';
import {
  applyPublish,
  type ChangeKind,
  keepPublish,
  type Outcome,
  type PublishOutcome,
  type PublishPlan,
  type PublishResult,
  planPublish,
  publishHistory,
  type StoreInfo,
  type UserError,
  type WaitingPublish,
} from '../../server/src/protocol';
import { connectToAtlas, useWorkspaceCatalog } from './connect';
import type { JobsTree, Row } from './jobsTree';
import type { Pages } from './pages';
import { type PreviewRow, previewRows, previewText } from './publishPreview';
import type { Server } from './server';
import type { Stores } from './stores';
import { errorText, plainLabel, plainMessage, plainText, shortName, showUserError, toUserError } from './userError';
import { publishedText, seconds, type Waiting } from './waiting';

type Types = 'create' | 'without' | 'present';

/** Errors that go away by themselves: what could not be published because of them is kept. */
const temporary = new Set<UserError['code']>(['unreachable', 'timeout', 'not-ready', 'server-error']);

const icons: Record<ChangeKind, string> = { new: 'add', changed: 'edit', removed: 'remove', unchanged: 'dash' };

/** One step to the right in a list that has no levels of its own: an em space. */
const INDENT = '\u2003';

/** The command "Publish Lineage to Atlas": from the open job to its entry in the tree. */
export class Publisher {
  /** The changes that are asked about right now, and how to make room for their text */
  private asking?: { plan: PublishPlan; makeRoom: () => void };

  constructor(
    private readonly server: Server,
    private readonly stores: Stores,
    private readonly tree: JobsTree,
    private readonly pages: Pages,
    private readonly waiting: Waiting,
  ) {}

  /** Publishes the job of a document, that of the active editor when none is given. */
  async publish(resource?: vscode.Uri): Promise<void> {
    const document = await flinkSqlDocument(resource);
    if (!document) return;
    const store = await this.storeFor(document);
    if (!store) return;
    const plan = await this.plan(document, store);
    if (plan) await this.ask(document, plan);
  }

  /** Shows what would change, and publishes when the user wants that. */
  private async ask(document: vscode.TextDocument, plan: PublishPlan): Promise<void> {
    if (plan.summary === '') {
      await this.nothingToDo(plan);
      return;
    }
    const unsaved = document.isDirty
      ? ['The file has changes that are not saved yet. They are published as well.']
      : [];
    const others = plan.changedSince && plan.lastChange ? [changedSince(plan.lastChange)] : [];
    if (plan.keptBefore && !plan.merge) others.push('What others added was kept last time.');
    const chosen = await this.confirm({ ...plan, notes: [...others, ...plan.notes, ...unsaved] });
    if (chosen === 'merge') {
      const merged = await this.plan(document, plan.store, { merge: true });
      if (merged) await this.ask(document, merged);
    } else if (chosen) {
      await this.carryOut(document, plan, chosen);
    }
  }

  /** The store to publish to. Offers to set one up when there is none, and asks when there are several. */
  private async storeFor(document: vscode.TextDocument): Promise<StoreInfo | undefined> {
    if (!vscode.workspace.isTrusted) {
      const trust = 'Manage Trust';
      const chosen = await vscode.window.showWarningMessage(
        'Nothing is published from a folder in Restricted Mode. Trust the folder first.',
        trust,
      );
      if (chosen === trust) await vscode.commands.executeCommand('workbench.trust.manage');
      return undefined;
    }
    if ((await this.stores.current()).length === 0 && !(await this.setUp())) return undefined;
    const { store, unclear, error } = await this.stores.for(document.uri);
    if (error) {
      await showUserError(error, {
        'Choose Connection': () => vscode.commands.executeCommand('flinkSql.chooseConnection'),
      });
      return undefined;
    }
    return unclear ? this.askWhere() : store;
  }

  /** Where to publish to, when neither settings nor the place of the file say. */
  private async askWhere(): Promise<StoreInfo | undefined> {
    const items = (await this.stores.current()).map((store) => ({
      label: plainLabel(store.label),
      description: plainLabel(store.url),
      store,
    }));
    return (await vscode.window.showQuickPick(items, { title: 'Publish to which of them?' }))?.store;
  }

  private async setUp(): Promise<readonly StoreInfo[] | undefined> {
    const connect = 'Connect to Atlas';
    const catalog = 'Use a Workspace Catalog';
    const chosen = await vscode.window.showInformationMessage(
      'There is no place to publish to yet. Connect to Atlas, or keep the metadata in a catalog in this folder.',
      connect,
      catalog,
    );
    if (chosen === connect) return connectToAtlas(this.server, this.stores);
    return chosen === catalog ? useWorkspaceCatalog(this.stores) : undefined;
  }

  private async plan(
    document: vscode.TextDocument,
    store: StoreInfo,
    { merge = false } = {},
  ): Promise<PublishPlan | undefined> {
    const title = `Comparing with ${store.label} …`;
    const uri = document.uri.toString();
    const outcome = await withProgress<Outcome<PublishPlan>>(title, (_, token) =>
      this.server.request(planPublish, { uri, store: store.id, merge }, token),
    );
    if (outcome.ok) return outcome.value;
    if (temporary.has(outcome.error.code)) {
      const kept = await this.server.request(keepPublish, { uri, store: store.id, error: outcome.error });
      if (kept.ok) await this.kept(kept.value, outcome.error);
      else await showUserError(kept.error);
      return undefined;
    }
    const retry = () => this.publish(document.uri);
    const mayHelp = outcome.error.code !== 'refused' && outcome.error.code !== 'invalid';
    await showUserError(outcome.error, mayHelp ? this.remedies(outcome.error.code, store, retry) : {});
    return undefined;
  }

  /** Says that what could not be sent is saved, and what can be done with it. */
  private async kept(waiting: WaitingPublish, error: UserError): Promise<void> {
    const [show, now, discard] = ['Show', 'Send Now', 'Discard'];
    const away = error.code === 'unreachable' && waiting.store.kind === 'atlas';
    const text = waiting.held
      ? `Publishing ${shortName(waiting.job)} was cancelled. It is saved, and sent when you say so.`
      : away
        ? 'Atlas cannot be reached. Saved; will be sent when it is back.'
        : `${errorText(error)} Saved; will be sent later.`;
    const buttons = waiting.held ? [now, discard, show] : [show, discard];
    const chosen = await vscode.window.showWarningMessage(plainMessage(text), ...buttons);
    const row = { store: waiting.store, waiting: [waiting] };
    if (chosen === show) await this.waiting.show(waiting.id);
    if (chosen === now) await this.waiting.retry({ ...row, parent: row });
    if (chosen === discard) await this.waiting.discard(row);
  }

  /** What the user can do about an error, as buttons. */
  private remedies(code: string, store: StoreInfo, retry: () => unknown): Record<string, () => unknown> {
    const connect = () => connectToAtlas(this.server, this.stores, store.label);
    return code === 'unauthorized' || code === 'not-atlas' || code === 'forbidden'
      ? { 'Connect Again': connect, Retry: retry }
      : { Retry: retry };
  }

  private async nothingToDo(plan: PublishPlan): Promise<void> {
    const where = plan.store.kind === 'atlas' ? 'Atlas' : 'The workspace catalog';
    const show = 'Show in Tree';
    const chosen = await vscode.window.showInformationMessage(
      plainMessage([`${where} already has all of this.`, ...plan.notes].join(' ')),
      show,
    );
    if (chosen === show) await vscode.commands.executeCommand('flinkSql.jobs.focus');
  }

  /** Shows what would change; answers what to do about types when the user wants it, undefined when not. */
  private confirm(plan: PublishPlan): Promise<Types | 'merge' | undefined> {
    type Item = vscode.QuickPickItem & { chosen?: Types | 'merge'; group?: number };
    const list = vscode.window.createQuickPick<Item>();
    const kept = plan.merge ? ', keeping what others added' : '';
    list.title = plainText(`Publish ${shortName(plan.job.name)} to ${plan.store.label}${kept}`);
    list.placeholder = 'Enter publishes, Alt+D shows the diff, Esc cancels. Type to search the changes.';
    list.matchOnDescription = true;
    list.ignoreFocusOut = true;
    list.keepScrollPosition = true;
    const asDiff: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon('diff'),
      tooltip: 'Show All Changes in an Editor (Alt+D)',
    };
    list.buttons = [asDiff];
    const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
    const publish: Item[] =
      plan.missingTypes.length === 0
        ? [{ label: '$(cloud-upload) Publish', description: plan.summary, chosen: 'present', alwaysShow: true }]
        : [
            {
              label: '$(cloud-upload) Publish, and Prepare Atlas for Flink Columns',
              description: plan.summary,
              detail: `Adds ${plan.missingTypes.length} types to Atlas first, once and for everyone.`,
              chosen: 'create',
              alwaysShow: true,
            },
            {
              label: '$(cloud-upload) Publish by Table Only',
              detail: 'Adds no types to Atlas, and leaves the columns out.',
              chosen: 'without',
              alwaysShow: true,
            },
          ];
    if ((plan.changedSince || plan.keptBefore) && !plan.merge && plan.changes.some(({ kind }) => kind === 'removed')) {
      publish.push({
        label: '$(git-merge) Publish, and Keep What Others Added',
        detail: 'What this script does not have stays. Shows the changes again first.',
        chosen: 'merge',
        alwaysShow: true,
      });
    }
    const notes: Item[] = plan.notes.map((note) => ({ label: `$(info) ${plainLabel(note)}` }));
    const open = new Set<number>();
    const toItem = ({ depth, change, group }: PreviewRow): Item => {
      const indent = INDENT.repeat(depth);
      if (group) {
        const icon = group.isOpen ? 'chevron-down' : 'chevron-right';
        return { label: `${indent}$(${icon}) ${group.label}`, description: group.summary, group: group.id };
      }
      const { kind, label = '', what, details = [] } = change ?? {};
      return {
        label: `${indent}$(${icons[kind ?? 'unchanged']}) ${plainLabel(label)}`,
        description: kind === 'unchanged' ? `${what}, stays` : what,
        detail: details.length > 0 ? `${indent}${plainLabel(details.join(' · '))}` : undefined,
      };
    };
    const render = () => {
      // a search looks through all of them, and what it finds has no place
      const rows: PreviewRow[] = list.value
        ? plan.changes.filter(({ kind }) => kind !== 'unchanged').map((change) => ({ depth: 0, change }))
        : previewRows(plan, open);
      list.items = [
        ...publish,
        ...(notes.length > 0 ? [separator('To know before'), ...notes] : []),
        separator('Changes'),
        ...rows.map(toItem),
      ];
    };
    render();
    // the list is in front of the text's first lines
    const makeRoom = () => {
      list.placeholder = 'Enter publishes, Esc cancels.';
      list.items = publish;
    };
    this.asking = { plan, makeRoom };
    void vscode.commands.executeCommand('setContext', 'flinkSql.previewing', true);
    return new Promise((resolve) => {
      list.onDidTriggerButton(() => void this.showPreview());
      let isSearch = false;
      list.onDidChangeValue((value) => {
        if (isSearch === (value !== '')) return;
        isSearch = !isSearch;
        render();
      });
      list.onDidAccept(() => {
        const { chosen, group } = list.selectedItems[0] ?? {};
        if (group !== undefined) {
          if (!open.delete(group)) open.add(group);
          render();
          list.activeItems = list.items.filter((item) => item.group === group);
          return;
        }
        if (!chosen) {
          void this.showPreview();
          return;
        }
        resolve(chosen);
        list.dispose();
      });
      list.onDidHide(() => {
        resolve(undefined);
        list.dispose();
        this.asking = undefined;
        void vscode.commands.executeCommand('setContext', 'flinkSql.previewing', false);
        void this.pages.close();
      });
      list.show();
    });
  }

  /** The whole plan that is asked about in a read-only editor behind the list. */
  async showPreview(): Promise<void> {
    if (!this.asking) return;
    const { plan, makeRoom } = this.asking;
    makeRoom();
    await this.pages.show(`Publish ${plan.job.name}`, previewText(plan), 'diff', { keepFocus: true });
  }

  /** Shows what was published of a job, and how fast: that of a row, else of the active editor. */
  async showHistory(row?: Row): Promise<void> {
    if (row?.item?.qualifiedName) return this.historyOf(row.store, { qualifiedName: row.item.qualifiedName });
    const document = await flinkSqlDocument();
    const store = document && (await this.storeFor(document));
    if (document && store) await this.historyOf(store, { uri: document.uri.toString() });
  }

  private async historyOf(store: StoreInfo, of: { uri?: string; qualifiedName?: string }): Promise<void> {
    const outcome = await this.server.request(publishHistory, { store: store.id, ...of });
    if (!outcome.ok) return showUserError(outcome.error);
    const [, title = 'Publishes'] = /^# (.*)/.exec(outcome.value) ?? [];
    await this.pages.show(title.replace(/\\/g, ''), outcome.value, 'page');
  }

  /** Publishes, and tells how it went. */
  private async carryOut(document: vscode.TextDocument, plan: PublishPlan, types: Types): Promise<void> {
    const title = `Publishing ${shortName(plan.job.name)} to ${plan.store.label}`;
    const outcome = await withProgress<PublishOutcome>(title, async (report, token) => {
      const workDoneToken = `publish-${plan.id}`;
      const stop = await this.server.onProgress(workDoneToken, report);
      try {
        return await this.server.request(applyPublish, { plan: plan.id, types, workDoneToken }, token);
      } finally {
        stop.dispose();
      }
    });
    if (outcome.ok) {
      await this.done(outcome.value);
    } else if (outcome.kept) {
      await this.kept(outcome.kept, outcome.error);
    } else if (outcome.error.code === 'forbidden' && types === 'create') {
      const byTable = async () => {
        const anew = await this.plan(document, plan.store);
        if (anew) await this.carryOut(document, anew, 'without');
      };
      await showUserError(outcome.error, { 'Publish by Table Only': byTable });
    } else {
      await showUserError(
        outcome.error,
        this.remedies(outcome.error.code, plan.store, () => this.publish(document.uri)),
      );
    }
  }

  private async done(result: PublishResult): Promise<void> {
    const { job, store, metrics, treeItem, webUrl, notes } = result;
    const { T1, T2, PR, EE } = metrics;
    const figures = `Push ${seconds(T1)}, ${PR.toFixed(0)} items/s; readable after ${seconds(T2)}; EE ${EE}.`;
    const [show, open, explain] = ['Show in Tree', 'Open in Atlas', 'Explain Figures'];
    const chosen = await vscode.window.showInformationMessage(
      plainMessage([`${publishedText(result)}.`, figures, ...notes].join(' ')),
      ...[show, ...(webUrl ? [open] : []), explain],
    );
    if (chosen === show) await this.tree.reveal(store, treeItem);
    if (chosen === open && webUrl) await vscode.env.openExternal(vscode.Uri.parse(webUrl));
    if (chosen === explain) await this.historyOf(store, { qualifiedName: job.qualifiedName });
  }
}

/** 'Changed by ann since you published it: 11/25/26, 9:55 AM.': short, for it is one line of a list. */
function changedSince({ by, time }: { by: string; time: number }): string {
  const when = new Date(time).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
  return `Changed by ${by || 'somebody'} since you published it: ${when}.`;
}

/** The document to publish, or undefined after having said why there is none. */
async function flinkSqlDocument(resource?: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  const document = resource instanceof vscode.Uri ? await vscode.workspace.openTextDocument(resource) : active;
  if (document?.languageId === 'flinksql') {
    if (document.getText().trim() !== '') return document;
    await vscode.window.showInformationMessage(
      'The file is empty. A job can be published when it has a statement that writes, such as INSERT INTO.',
    );
    return undefined;
  }
  if (document?.languageId === 'sql') {
    const treat = 'Treat as Flink SQL';
    const chosen = await vscode.window.showInformationMessage('This file is not treated as Flink SQL.', treat);
    if (chosen === treat) await vscode.commands.executeCommand('flinkSql.treatAsFlinkSql');
  } else {
    await vscode.window.showInformationMessage('No Flink SQL job is open. Open the script of a job first.');
  }
  return undefined;
}

/** Runs a task with a notification that shows its progress and can cancel it. Whatever it throws becomes an error. */
export function withProgress<T>(
  title: string,
  task: (
    report: (value: { message?: string; increment?: number }) => void,
    token: vscode.CancellationToken,
  ) => Promise<T>,
): Thenable<T | { ok: false; error: UserError; kept?: undefined }> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainMessage(title), cancellable: true },
    async (progress, token) => {
      try {
        return await task((value) => progress.report(value), token);
      } catch (thrown) {
        const error = token.isCancellationRequested
          ? { code: 'cancelled' as const, message: 'Cancelled.' }
          : toUserError(thrown);
        return { ok: false as const, error };
      }
    },
  );
}
