import * as vscode from 'vscode';
import { type IndexStatus, indexStatus } from '../../server/src/protocol';
import { flinkSqlDocuments, type Server } from './server';

/** Shows beside the language how many tables the files of the workspace define, and which files could not be read. */
export function registerIndexStatus(server: Server): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('flinkSql.index', flinkSqlDocuments);
  item.name = 'Flink SQL tables';
  item.text = 'Tables of other files';
  item.command = { title: 'Show', command: 'flinkSql.showIndex' };
  let last: IndexStatus = { busy: false, files: 0, tables: 0, skipped: [], cut: false };
  const update = (status: IndexStatus) => {
    last = status;
    item.busy = status.busy;
    item.text = `${count(status.tables, 'table')} in ${count(status.files, 'file')}`;
    item.detail = trouble(status) ?? 'Known in all Flink SQL of this workspace';
  };
  return vscode.Disposable.from(
    item,
    server.onDidStart((client) => client.onNotification(indexStatus.method, update)),
    vscode.commands.registerCommand('flinkSql.showIndex', () => showIndex(last)),
  );
}

/** What was left out and why, and where to say which files are searched. */
async function showIndex(status: IndexStatus): Promise<void> {
  type Item = vscode.QuickPickItem & { path?: string };
  const skipped = status.skipped.map(({ path, reason }): Item => ({ label: path, description: reason, path }));
  const settings: Item = { label: '$(gear) Choose Which Files Are Searched' };
  const separator: Item = { label: 'Could not be read', kind: vscode.QuickPickItemKind.Separator };
  const chosen = await vscode.window.showQuickPick([settings, ...(skipped.length > 0 ? [separator, ...skipped] : [])], {
    title: `${count(status.tables, 'table')} in ${count(status.files, 'file')} of this workspace`,
    placeHolder: trouble(status) ?? 'Every file that is searched could be read.',
  });
  if (chosen === settings) await vscode.commands.executeCommand('workbench.action.openSettings', 'flinkSql.index');
  else if (chosen?.path !== undefined) await vscode.commands.executeCommand('workbench.action.quickOpen', chosen.path);
}

function trouble({ skipped, cut }: IndexStatus): string | undefined {
  if (cut) return 'There are more files than can be searched: narrow the setting down';
  return skipped.length > 0 ? `${count(skipped.length, 'file')} could not be read` : undefined;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
