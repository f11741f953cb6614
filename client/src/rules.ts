import * as vscode from 'vscode';

/**
 * The scheme of the pages of codes: `flinksql-rule:/unknown-table.md`. VS Code opens such a document when the code of a
 * finding is clicked (it runs no commands there), and package.json makes the Markdown preview its editor.
 */
export const RULE_PAGE = 'flinksql-rule';

/** What findings offer: the page of their code, and the quick fix that turns a rule off. */
export function registerRules(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(RULE_PAGE, {
      provideTextDocumentContent: (uri) => pageOf(context, uri.path.replace(/^\/|\.md$/g, '')),
    }),
    vscode.commands.registerCommand('flinkSql.turnOff', (code: string) => turnOff(code)),
  );
}

/** The part of docs/rules.md about a code. It comes with the extension: of the same version, and without a network. */
async function pageOf(context: vscode.ExtensionContext, code: string): Promise<string> {
  const all = vscode.Uri.joinPath(context.extensionUri, 'docs', 'rules.md');
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(all));
  const part = text.split(/^(?=##? )/m).find((each) => each.startsWith(`## ${code}\n`));
  if (!part) return `# ${code}\n\nThis version has no page about it.\n`;
  const setting = `Ignore it on one line with \`-- flink-sql: ignore ${code}\`, or set it with \`flinkSql.rules\`.\n`;
  return part.replace('##', '#') + (code.startsWith('syntax/') ? '' : setting);
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
