import * as vscode from 'vscode';
import {
  applyPublish,
  type ChangeKind,
  type PublishPlan,
  type PublishResult,
  planPublish,
  type StoreInfo,
} from '../../server/src/protocol';
import { connectToAtlas, useWorkspaceCatalog } from './connect';
import type { JobsTree } from './jobsTree';
import { previewText, sortedChanges } from './publishPreview';
import type { Server } from './server';
import type { Stores } from './stores';
import { plainLabel, showUserError, toUserError } from './userError';

const PREVIEW = 'flinksql-preview';
type Types = 'create' | 'without' | 'present';

const icons: Record<ChangeKind, string> = { new: 'add', changed: 'edit', removed: 'remove', unchanged: 'check' };

/** The command "Publish Lineage to Atlas": from the open job to its entry in the tree. */
export class Publisher implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly subscriptions: vscode.Disposable[];
  private shown = '';

  constructor(
    private readonly server: Server,
    private readonly stores: Stores,
    private readonly tree: JobsTree,
  ) {
    this.subscriptions = [vscode.workspace.registerTextDocumentContentProvider(PREVIEW, this)];
  }

  provideTextDocumentContent(): string {
    return this.shown;
  }

  /** Publishes the job of a document, that of the active editor when none is given. */
  async publish(resource?: vscode.Uri): Promise<void> {
    const document = await flinkSqlDocument(resource);
    if (!document) return;
    const store = await this.storeFor(document);
    if (!store) return;
    const plan = await this.plan(document, store);
    if (!plan) return;
    if (plan.summary === '') {
      await this.nothingToDo(plan);
      return;
    }
    const unsaved = document.isDirty
      ? ['The file has changes that are not saved yet. They are published as well.']
      : [];
    const types = await this.confirm({ ...plan, notes: [...plan.notes, ...unsaved] });
    if (!types) return;
    await this.carryOut(document, plan, types);
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

  private async plan(document: vscode.TextDocument, store: StoreInfo): Promise<PublishPlan | undefined> {
    const title = `Comparing with ${store.label} …`;
    const outcome = await withProgress(title, (_, token) =>
      this.server.request(planPublish, { uri: document.uri.toString(), store: store.id }, token),
    );
    if (outcome.ok) return outcome.value;
    const retry = () => this.publish(document.uri);
    const mayHelp = outcome.error.code !== 'refused' && outcome.error.code !== 'invalid';
    await showUserError(outcome.error, mayHelp ? this.remedies(outcome.error.code, store, retry) : {});
    return undefined;
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
      [`${where} already has all of this.`, ...plan.notes].join(' '),
      show,
    );
    if (chosen === show) await vscode.commands.executeCommand('flinkSql.jobs.focus');
  }

  /** Shows what would change; answers what to do about types when the user wants it, undefined when not. */
  private confirm(plan: PublishPlan): Promise<Types | undefined> {
    type Item = vscode.QuickPickItem & { types?: Types };
    const list = vscode.window.createQuickPick<Item>();
    list.title = `Publish ${plan.job.name} to ${plan.store.label}`;
    list.placeholder = 'Enter publishes, Esc cancels. Type to search the changes.';
    list.matchOnDescription = true;
    list.ignoreFocusOut = true;
    const asDiff: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon('diff'),
      tooltip: 'Show All Changes in an Editor',
    };
    list.buttons = [asDiff];
    const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
    const publish: Item[] =
      plan.missingTypes.length === 0
        ? [{ label: '$(cloud-upload) Publish', description: plan.summary, types: 'present', alwaysShow: true }]
        : [
            {
              label: '$(cloud-upload) Publish, and Prepare Atlas for Flink Columns',
              description: plan.summary,
              detail: `Adds ${plan.missingTypes.length} types to Atlas first, once and for everyone.`,
              types: 'create',
              alwaysShow: true,
            },
            {
              label: '$(cloud-upload) Publish by Table Only',
              detail: 'Adds no types to Atlas, and leaves the columns out.',
              types: 'without',
              alwaysShow: true,
            },
          ];
    const notes: Item[] = plan.notes.map((note) => ({ label: `$(info) ${plainLabel(note)}` }));
    const changes: Item[] = sortedChanges(plan)
      .filter((change) => change.kind !== 'unchanged')
      .map((change) => ({
        label: `$(${icons[change.kind]}) ${plainLabel(change.label)}`,
        description: change.what,
        detail: change.details.length > 0 ? plainLabel(change.details.join(' · ')) : undefined,
      }));
    list.items = [
      ...publish,
      ...(notes.length > 0 ? [separator('To know before'), ...notes] : []),
      separator('Changes'),
      ...changes,
    ];
    return new Promise((resolve) => {
      list.onDidTriggerButton(() => void this.showPreview(plan));
      list.onDidAccept(() => {
        const chosen = list.selectedItems[0];
        if (!chosen?.types) {
          void this.showPreview(plan);
          return;
        }
        resolve(chosen.types);
        list.dispose();
      });
      list.onDidHide(() => {
        resolve(undefined);
        list.dispose();
        void closePreview();
      });
      list.show();
    });
  }

  /** The whole plan in a read-only editor behind the list. */
  private async showPreview(plan: PublishPlan): Promise<void> {
    this.shown = previewText(plan);
    const uri = vscode.Uri.from({ scheme: PREVIEW, path: `/Publish ${plan.job.name}.diff`, query: plan.id });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'diff');
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
  }

  /** Publishes, and tells how it went. */
  private async carryOut(document: vscode.TextDocument, plan: PublishPlan, types: Types): Promise<void> {
    const title = `Publishing ${plan.job.name} to ${plan.store.label}`;
    const outcome = await withProgress(title, async (report, token) => {
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

  private async done({ job, store, pushed, metrics, treeItem, webUrl, notes }: PublishResult): Promise<void> {
    const time = metrics.PT < 100 ? `${metrics.PT} ms` : `${(metrics.PT / 1000).toFixed(1)} s`;
    const text = `${job.name} published to ${store.label}: ${pushed} ${pushed === 1 ? 'item' : 'items'} in ${time}.`;
    const show = 'Show in Tree';
    const open = 'Open in Atlas';
    const chosen = await vscode.window.showInformationMessage(
      [text, ...notes].join(' '),
      ...(webUrl ? [show, open] : [show]),
    );
    if (chosen === show) await this.tree.reveal(store, treeItem);
    if (chosen === open && webUrl) await vscode.env.openExternal(vscode.Uri.parse(webUrl));
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** Closes what `showPreview` opened, so that the job is the active editor again. */
async function closePreview(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const previews = tabs.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === PREVIEW);
  if (previews.length > 0) await vscode.window.tabGroups.close(previews);
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
function withProgress<T>(
  title: string,
  task: (
    report: (value: { message?: string; increment?: number }) => void,
    token: vscode.CancellationToken,
  ) => Promise<T>,
) {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
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
