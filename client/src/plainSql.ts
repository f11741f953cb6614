import * as vscode from 'vscode';

/** Documents that the user said are no Flink SQL, so that they are not asked about again. */
const DECLINED = 'notFlinkSql';
const LIMIT = 200_000;

/**
 * Whether a text is Flink SQL rather than another dialect: it has a clause that only Flink has. Only the first 200,000
 * characters count.
 */
export function looksLikeFlinkSql(text: string): boolean {
  const start = text.slice(0, LIMIT);
  return (
    /'connector(?:\.type)?'\s*=\s*'/i.test(start) ||
    /\bWATERMARK\s+FOR\s+[`\w.]+\s+AS\b/i.test(start) ||
    /\bNOT\s+ENFORCED\b[\s\S]{0,1000}\bWITH\s*\(\s*'/i.test(start) ||
    /\b(?:TUMBLE|HOP|CUMULATE|SESSION)\s*\(\s*(?:DATA\s*=>\s*)?TABLE\s+\S[\s\S]{0,200}\bDESCRIPTOR\s*\(/i.test(start) ||
    /\bFOR\s+SYSTEM_TIME\s+AS\s+OF\s+\S+\.?proc_?time/i.test(start) ||
    /^\s*SET\s+'(?:pipeline|table|execution|parallelism|state|sql-client)\.[\w.-]+'\s*=/im.test(start) ||
    /\bEXECUTE\s+STATEMENT\s+SET\b|\bBEGIN\s+STATEMENT\s+SET\b/i.test(start)
  );
}

/**
 * Offers, in the status bar and only there, to treat a plain `.sql` file as Flink SQL. The choice is written to the
 * setting `files.associations`, where it can be seen, shared with the team and taken back.
 */
export function registerPlainSqlOffer(memento: vscode.Memento): vscode.Disposable {
  const offer = vscode.window.createStatusBarItem('flinkSql.offer', vscode.StatusBarAlignment.Right, 100);
  offer.name = 'Flink SQL';
  offer.text = '$(question) Treat as Flink SQL?';
  offer.tooltip = 'This file looks like Flink SQL. Choose whether it, its folder or all .sql files are.';
  offer.command = 'flinkSql.treatAsFlinkSql';
  const update = () => {
    const document = vscode.window.activeTextEditor?.document;
    const wanted =
      document?.languageId === 'sql' && !isDeclined(memento, document.uri) && looksLikeFlinkSql(document.getText());
    if (wanted) offer.show();
    else offer.hide();
  };
  update();
  return vscode.Disposable.from(
    offer,
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidOpenTextDocument(update),
    vscode.workspace.onDidSaveTextDocument(update),
    vscode.commands.registerCommand('flinkSql.treatAsFlinkSql', async () => {
      await treatAsFlinkSql(memento);
      update();
    }),
  );
}

async function treatAsFlinkSql(memento: vscode.Memento): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document) return;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const path = vscode.workspace.asRelativePath(document.uri, false);
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const saved = document.uri.scheme !== 'untitled';
  const items: (vscode.QuickPickItem & { pattern?: string; decline?: boolean })[] = [];
  items.push({ label: '$(file) This File', description: path, pattern: folder ? `**/${path}` : document.uri.path });
  if (folder && parent) {
    items.push({ label: '$(folder) Its Folder', description: `${parent}/**/*.sql`, pattern: `**/${parent}/**/*.sql` });
  }
  if (folder)
    items.push({ label: '$(files) All .sql Files of This Workspace', description: '*.sql', pattern: '*.sql' });
  items.push({
    label: '$(circle-slash) No, It Is Another SQL',
    description: 'Do not offer it again for this file',
    decline: true,
  });
  const chosen = saved
    ? await vscode.window.showQuickPick(items, { title: 'Treat as Flink SQL', placeHolder: 'What is Flink SQL here?' })
    : items[0];
  if (!chosen) return;
  if (chosen.decline) {
    await memento.update(DECLINED, [...memento.get<string[]>(DECLINED, []), document.uri.toString()]);
    return;
  }
  await vscode.languages.setTextDocumentLanguage(document, 'flinksql');
  if (saved && chosen.pattern) await remember(chosen.pattern, folder !== undefined);
}

async function remember(pattern: string, inWorkspace: boolean): Promise<void> {
  const files = vscode.workspace.getConfiguration('files');
  const known = files.inspect<Record<string, string>>('associations');
  const value = { ...(inWorkspace ? known?.workspaceValue : known?.globalValue), [pattern]: 'flinksql' };
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  try {
    await files.update('associations', value, target);
  } catch {
    void vscode.window.showWarningMessage(
      'The file is treated as Flink SQL now, but this could not be remembered: the workspace settings cannot be written.',
    );
  }
}

function isDeclined(memento: vscode.Memento, uri: vscode.Uri): boolean {
  return memento.get<string[]>(DECLINED, []).includes(uri.toString());
}
