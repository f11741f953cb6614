import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const id = 'flink-sql-atlas.flink-sql-atlas';

/** Waits for the diagnostics of a document to be as wanted; the test's own timeout ends a wait that is in vain. */
function diagnosticsOf(uri: vscode.Uri, wanted: (found: vscode.Diagnostic[]) => boolean): Promise<vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = () => {
      const found = vscode.languages.getDiagnostics(uri);
      if (!wanted(found)) return;
      listener.dispose();
      resolve(found);
    };
    const listener = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

describe('the extension in VS Code', () => {
  it('is there, and starts', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    assert.ok(extension.isActive);
  });

  it('registers every command of its manifest', async () => {
    const manifest = vscode.extensions.getExtension(id)?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((name) => !known.has(name));
    assert.deepEqual(missing, []);
  });

  it('reports a mistake where it is, and takes it back when it is mended', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'flinksql',
      content: 'SELCT 1;\nSELECT 2;\n',
    });
    await vscode.window.showTextDocument(document);
    const [mistake, ...more] = await diagnosticsOf(document.uri, (found) => found.length > 0);
    assert.deepEqual(more, []);
    assert.equal(document.getText(mistake?.range), 'SELCT');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 0, 5), 'SELECT');
    await vscode.workspace.applyEdit(edit);
    await diagnosticsOf(document.uri, (found) => found.length === 0);
  });

  it('answers a hover on a table with what its definition says', async () => {
    const content = "CREATE TABLE orders (id BIGINT) WITH ('connector' = 'datagen');\nSELECT id FROM orders;\n";
    const document = await vscode.workspace.openTextDocument({ language: 'flinksql', content });
    await vscode.window.showTextDocument(document);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(1, 17),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value))
      .join('\n');
    assert.match(text, /orders/);
    assert.match(text, /BIGINT/);
  });
});
