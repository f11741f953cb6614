import * as vscode from 'vscode';
import { plainText } from './userError';

const SCHEME = 'flinksql-preview';
/** Of a title: tabs are not for longer ones. */
const MOST_CHARACTERS = 80;

/** Read-only documents that show what the server has told: the changes of a publish, what waits, a history. */
export class Pages implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscriptions = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Shows a text in an editor under a title, as a diff with its colours or as a rendered page. */
  async show(title: string, text: string, as: 'diff' | 'page', { keepFocus = false } = {}): Promise<void> {
    // A name with slashes is one name
    const name = plainText(title).replace(/[/\\]/g, '∕').slice(0, MOST_CHARACTERS);
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.${as === 'diff' ? 'diff' : 'md'}` });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    if (as === 'page') {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
      return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'diff');
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: keepFocus });
  }

  /** Closes the diffs, so that the job is the active editor again. */
  async close(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const mine = tabs.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === SCHEME);
    if (mine.length > 0) await vscode.window.tabGroups.close(mine);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}
