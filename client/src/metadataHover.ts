import * as vscode from 'vscode';
import { fixColumns, metadataHover } from '../../server/src/protocol';
import { flinkSqlDocuments, type Server } from './server';
import type { Stores } from './stores';

/** The only commands that a link in a hover may run. Whatever else the text of a hover asks for is not a link. */
const enabledCommands = [
  'flinkSql.connect',
  'flinkSql.chooseConnection',
  'flinkSql.useWorkspaceCatalog',
  'flinkSql.publish',
  'flinkSql.showLineage',
  'flinkSql.fixColumns',
  'flinkSql.refreshHover',
];

/**
 * What Atlas knows of a table, as hovers of their own: VS Code shows the hover of the language server (the table's DDL) at
 * once and adds these when they come, so no hover waits for the network. A card stands above the DDL, because what people
 * look for is in it and a hover is not high; the line that says why there is no card stands below.
 *
 * VS Code puts the provider that was registered last on top, and the language client registers its own each time the
 * server starts. So the cards' provider is registered anew after that: when the stores were configured.
 */
export function registerMetadataHover(server: Server, stores: Stores): vscode.Disposable {
  let cards = hoverProvider(server, true);
  return vscode.Disposable.from(
    hoverProvider(server, false),
    stores.onDidChange(() => {
      cards.dispose();
      cards = hoverProvider(server, true);
    }),
    new vscode.Disposable(() => cards.dispose()),
  );
}

/** Shows either the cards of known tables, or the lines about all others. */
function hoverProvider(server: Server, known: boolean): vscode.Disposable {
  return vscode.languages.registerHoverProvider(flinkSqlDocuments, {
    async provideHover(document, position, token) {
      const params = { uri: document.uri.toString(), position: { line: position.line, character: position.character } };
      // A hover that cannot be made is no hover; VS Code would only log the error
      const found = await server.request(metadataHover, params, token).catch(() => null);
      if (found?.known !== known) return undefined;
      const markdown = new vscode.MarkdownString(found.markdown);
      markdown.isTrusted = { enabledCommands };
      const { start, end } = found.range;
      return new vscode.Hover(markdown, new vscode.Range(start.line, start.character, end.line, end.character));
    },
  });
}

/** What the link "Fix" in a card does: makes the columns of the table at a place those of the store, as the quick fix does. */
export async function fixColumnsAt(server: Server, uri: vscode.Uri, position: vscode.Position): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const { line, character } = position;
  const fix = await server.request(fixColumns, { uri: uri.toString(), position: { line, character } });
  const edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of fix?.edits ?? []) {
    const { start, end } = range;
    edit.replace(uri, new vscode.Range(start.line, start.character, end.line, end.character), newText);
  }
  if (fix?.version === document.version && (await vscode.workspace.applyEdit(edit))) return;
  void vscode.window.showInformationMessage(
    'The columns were not changed: the script has changed meanwhile. Look again.',
  );
}
