import * as vscode from 'vscode';

/** What findings offer: the link of a code to its page, and the quick fix that turns a rule off. */
export function registerRules(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('flinkSql.showRule', (code: string) => showRule(context, code)),
    vscode.commands.registerCommand('flinkSql.turnOff', (code: string) => turnOff(code)),
  );
}

/** The page comes with the extension, so that it is there without a network and of the same version. */
async function showRule(context: vscode.ExtensionContext, code: string): Promise<void> {
  const page = vscode.Uri.joinPath(context.extensionUri, 'docs', 'rules.md');
  // As VS Code makes the anchor of a heading
  const fragment = code.replace(/[^\w-]/g, '').toLowerCase();
  await vscode.commands.executeCommand('markdown.showPreview', page.with({ fragment }));
}

/** Sets a rule to `off` where the user would look for it: in the settings of the workspace, if there is one. */
async function turnOff(code: string): Promise<void> {
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  const set = async (value: string | undefined) => {
    const settings = vscode.workspace.getConfiguration('flinkSql');
    const known = settings.inspect<Record<string, string>>('rules');
    const { [code]: before, ...others } = (inWorkspace ? known?.workspaceValue : known?.globalValue) ?? {};
    await settings.update('rules', value === undefined ? others : { ...others, [code]: value }, target);
    return before;
  };
  try {
    const before = await set('off');
    const undo = 'Undo';
    const where = inWorkspace ? 'this workspace' : 'your settings';
    const chosen = await vscode.window.showInformationMessage(`${code} is turned off in ${where}.`, undo);
    if (chosen === undo) await set(before);
  } catch {
    await vscode.window.showWarningMessage(`${code} could not be turned off: the settings cannot be written.`);
  }
}
