import * as vscode from 'vscode';
import type { StoreInfo } from '../../server/src/protocol';
import { flinkSqlDocuments } from './server';
import type { Stores } from './stores';

/** Shows beside the language where the metadata of Flink SQL documents comes from, and what can be done about it. */
export function registerStatus(stores: Stores): vscode.Disposable {
  const status = vscode.languages.createLanguageStatusItem('flinkSql.connection', flinkSqlDocuments);
  status.name = 'Flink SQL metadata';
  status.command = { title: 'Change', command: 'flinkSql.showConnection' };
  const update = (inUse: readonly StoreInfo[]) => {
    status.text = inUse.length > 0 ? inUse.map(nameOf).join(', ') : 'Not connected to Atlas';
    status.detail = inUse.length > 0 ? 'Metadata of tables and jobs' : undefined;
  };
  update([]);
  return vscode.Disposable.from(status, stores.onDidChange(update));
}

/** 'Atlas at prod', or the workspace catalog's own name. */
function nameOf(store: StoreInfo): string {
  return store.kind === 'atlas' ? `Atlas at ${store.label}` : store.label;
}

/** The command "Show Connection": where metadata comes from, and what can be done about it. */
export async function showConnection(stores: Stores, output: vscode.OutputChannel): Promise<void> {
  const inUse = await stores.current();
  const atlas = inUse.some((store) => store.kind === 'atlas');
  const command = (label: string, id: string) => ({ label, run: () => vscode.commands.executeCommand(id) });
  const items = [
    command(atlas ? '$(plug) Connect to Another Atlas' : '$(plug) Connect to Atlas', 'flinkSql.connect'),
    ...(atlas ? [command('$(debug-disconnect) Disconnect from Atlas', 'flinkSql.disconnect')] : []),
    ...(inUse.length === 0
      ? [command('$(folder-library) Use a Workspace Catalog', 'flinkSql.useWorkspaceCatalog')]
      : []),
    { label: '$(output) Show the Log', run: () => output.show() },
  ];
  const title = inUse.length > 0 ? `Metadata comes from ${inUse.map(nameOf).join(', ')}` : 'Not connected to Atlas';
  const chosen = await vscode.window.showQuickPick(items, { title });
  await chosen?.run();
}
