import * as vscode from 'vscode';
import type { StoreInfo } from '../../server/src/protocol';
import type { Stores } from './stores';
import { errorText, plainLabel } from './userError';

/** Shows in the status bar where the metadata of the open Flink SQL document comes from; a click says what can be done. */
export function registerStatus(stores: Stores): vscode.Disposable {
  const status = vscode.window.createStatusBarItem('flinkSql.connection', vscode.StatusBarAlignment.Right, 100);
  status.name = 'Flink SQL: Connection';
  status.command = 'flinkSql.showConnection';
  let latest = 0;
  const update = async () => {
    const turn = ++latest;
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== 'flinksql') {
      status.hide();
      return;
    }
    const { store, unclear, error } = await stores.for(document.uri);
    if (turn !== latest) return;
    const warning = new vscode.ThemeColor('statusBarItem.warningBackground');
    status.backgroundColor = error ? warning : undefined;
    if (error) {
      status.text = '$(warning) Unknown connection';
      status.tooltip = errorText(error);
    } else if (store) {
      status.text = `$(${store.kind === 'atlas' ? 'plug' : 'folder-library'}) ${plainLabel(store.label)}`;
      status.tooltip = unclear
        ? `Tables are looked up in ${nameOf(store)}, the first of your connections. Choose which this workspace uses.`
        : `Tables are looked up in ${nameOf(store)}, and jobs are published to it.`;
    } else {
      status.text = '$(plug) Not connected to Atlas';
      status.tooltip = 'Connect to Atlas, or use a workspace catalog.';
    }
    status.show();
  };
  // Without a server there is nothing to say; whatever needs it says why there is none
  const tryUpdate = () => void update().catch(() => status.hide());
  tryUpdate();
  return vscode.Disposable.from(
    status,
    stores.onDidChange(tryUpdate),
    vscode.window.onDidChangeActiveTextEditor(tryUpdate),
    vscode.workspace.onDidOpenTextDocument(tryUpdate),
  );
}

/** 'Atlas at prod', or the workspace catalog's own name. */
function nameOf(store: StoreInfo): string {
  return store.kind === 'atlas' ? `Atlas at ${store.label}` : store.label;
}

/** The command "Show Connection": where metadata comes from, and what can be done about it. */
export async function showConnection(stores: Stores, output: vscode.OutputChannel): Promise<void> {
  const inUse = await stores.current();
  const document = vscode.window.activeTextEditor?.document;
  const { store, error } = document ? await stores.for(document.uri) : { store: inUse[0], error: undefined };
  const atlas = inUse.some(({ kind }) => kind === 'atlas');
  const command = (label: string, id: string) => ({ label, run: () => vscode.commands.executeCommand(id) });
  const items = [
    ...(inUse.length > 0 ? [command('$(arrow-swap) Choose Connection', 'flinkSql.chooseConnection')] : []),
    command(atlas ? '$(plug) Add or Change a Connection' : '$(plug) Connect to Atlas', 'flinkSql.connect'),
    ...(atlas ? [command('$(debug-disconnect) Disconnect from Atlas', 'flinkSql.disconnect')] : []),
    ...(inUse.every(({ kind }) => kind === 'atlas')
      ? [command('$(folder-library) Use a Workspace Catalog', 'flinkSql.useWorkspaceCatalog')]
      : []),
    { label: '$(output) Show the Log', run: () => output.show() },
  ];
  const title = store ? `Metadata comes from ${nameOf(store)}` : (error?.message ?? 'Not connected to Atlas');
  const chosen = await vscode.window.showQuickPick(items, { title });
  await chosen?.run();
}
