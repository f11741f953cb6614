import * as vscode from 'vscode';
import { metadataHover } from '../../server/src/protocol';
import { flinkSqlDocuments, type Server } from './server';

/** The only commands that a link in a hover may run. Whatever else the text of a hover asks for is not a link. */
const enabledCommands = [
  'flinkSql.connect',
  'flinkSql.useWorkspaceCatalog',
  'flinkSql.publish',
  'flinkSql.refreshHover',
];

/**
 * What Atlas knows of a table, as a hover of its own: VS Code shows the hover of the language server (the table's DDL) at
 * once and adds this one when it comes, so no hover waits for the network.
 */
export function registerMetadataHover(server: Server): vscode.Disposable {
  return vscode.languages.registerHoverProvider(flinkSqlDocuments, {
    async provideHover(document, position, token) {
      const params = { uri: document.uri.toString(), position: { line: position.line, character: position.character } };
      // A hover that cannot be made is no hover; VS Code would only log the error
      const card = await server.request(metadataHover, params, token).catch(() => null);
      if (!card) return undefined;
      const markdown = new vscode.MarkdownString(card.markdown);
      markdown.isTrusted = { enabledCommands };
      const { start, end } = card.range;
      return new vscode.Hover(markdown, new vscode.Range(start.line, start.character, end.line, end.character));
    },
  });
}
