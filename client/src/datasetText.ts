import * as vscode from 'vscode';
import { datasetText } from '../../server/src/protocol';
import type { Row } from './jobsTree';
import { flinkSqlDocuments, type Server } from './server';
import { showUserError } from './userError';

/** What is dragged out of the tree: the store and the guid of a dataset or column. VS Code asks for this form of the name. */
const MIME = 'application/vnd.code.tree.flinksql.jobs';
const LANGUAGE = 'flinksql';

/** A dataset or column of a store. */
interface Dragged {
  store: string;
  guid: string;
}

function draggedOf(row: Row | undefined): Dragged | undefined {
  return row?.item?.guid ? { store: row.store.id, guid: row.item.guid } : undefined;
}

/**
 * Names and DDL of datasets and columns, put into the script by commands or by dragging rows of the tree there. Dropping
 * inserts the name, and offers the DDL instead.
 */
export class DatasetTexts implements vscode.TreeDragAndDropController<Row>, vscode.Disposable {
  readonly dragMimeTypes = [MIME];
  readonly dropMimeTypes: string[] = [];
  private readonly subscription: vscode.Disposable;

  constructor(private readonly server: Server) {
    // VS Code takes the edit of the provider that was registered last, and offers the others
    this.subscription = vscode.Disposable.from(
      this.registerDrop('Insert DDL', 'ddl', ({ ddl }) => ddl),
      this.registerDrop('Insert Name', 'name', ({ name }) => name),
    );
  }

  handleDrag(rows: readonly Row[], transfer: vscode.DataTransfer): void {
    const dragged = rows.map(draggedOf).filter((each) => each !== undefined);
    if (dragged.length > 0) transfer.set(MIME, new vscode.DataTransferItem(JSON.stringify(dragged)));
  }

  /** The names are resolved where they are dropped: what a table is called depends on the script. */
  private registerDrop(
    title: string,
    kind: string,
    textOf: (text: { name: string; ddl: string }) => string,
  ): vscode.Disposable {
    const provider: vscode.DocumentDropEditProvider = {
      provideDocumentDropEdits: async (document, _position, transfer, token) => {
        const item = transfer.get(MIME);
        if (!item) return undefined;
        const dragged = readDragged(await item.asString());
        const uri = document.uri.toString();
        const texts: string[] = [];
        for (const each of dragged) {
          const outcome = await this.server.request(datasetText, { ...each, uri }, token).catch(() => undefined);
          if (!outcome?.ok) return undefined;
          texts.push(textOf(outcome.value));
        }
        if (texts.length === 0) return undefined;
        const edit = new vscode.DocumentDropEdit(plainSnippet(texts.join(kind === 'ddl' ? '\n' : ', ')));
        return Object.assign(edit, titled(title, kind));
      },
    };
    const metadata = { dropMimeTypes: [MIME], ...provided(kind) };
    return register(flinkSqlDocuments, provider, metadata);
  }

  /** Puts the name of a row's dataset or column where the cursor is. */
  insertName(row?: Row): Promise<void> {
    return this.insert(draggedOf(row), ({ name }) => name);
  }

  /** Puts the DDL of a row's dataset where the cursor is. */
  insertDdl(row?: Row): Promise<void> {
    return this.insert(draggedOf(row), ({ ddl }) => ddl);
  }

  async copyDdl(row?: Row): Promise<void> {
    const text = await this.ask(draggedOf(row));
    if (!text) return;
    await vscode.env.clipboard.writeText(text.ddl);
    vscode.window.setStatusBarMessage('$(copy) DDL copied', 3000);
  }

  /** Puts a text about a dataset or column where the cursor is, in the script in front. */
  async insert(dragged: Dragged | undefined, textOf: (text: { name: string; ddl: string }) => string): Promise<void> {
    const editor = scriptInFront();
    if (!editor) {
      await vscode.window.showInformationMessage('Open a Flink SQL script first: that is where it is inserted.');
      return;
    }
    const text = await this.ask(dragged, editor.document);
    if (!text) return;
    await vscode.window.showTextDocument(editor.document, { viewColumn: editor.viewColumn });
    await editor.edit((edit) => {
      for (const selection of editor.selections) edit.replace(selection, textOf(text));
    });
  }

  private async ask(dragged: Dragged | undefined, document?: vscode.TextDocument) {
    if (!dragged) return undefined;
    const outcome = await this.server.request(datasetText, { ...dragged, uri: document?.uri.toString() });
    if (outcome.ok) return outcome.value;
    await showUserError(outcome.error);
    return undefined;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** The editor that text is put into: the active one, else one that is visible. */
function scriptInFront(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = activeTextEditor ? [activeTextEditor, ...visibleTextEditors] : visibleTextEditors;
  return editors.find(({ document }) => document.languageId === LANGUAGE);
}

/** Nothing in the text is a placeholder: `$1` and the like stand for themselves. */
function plainSnippet(text: string): string | vscode.SnippetString {
  return new vscode.SnippetString().appendText(text);
}

function readDragged(json: string): Dragged[] {
  try {
    const value: unknown = JSON.parse(json);
    if (!Array.isArray(value)) return [];
    return value.filter((each): each is Dragged => typeof each?.store === 'string' && typeof each.guid === 'string');
  } catch {
    return [];
  }
}

// VS Code 1.95 takes a drop provider without a title or kind; later versions offer several by them.

type Kind = typeof vscode & { DocumentDropOrPasteEditKind?: { Empty: { append(...parts: string[]): unknown } } };

function kindOf(kind: string): unknown {
  return (vscode as Kind).DocumentDropOrPasteEditKind?.Empty.append('text', 'flinkSql', kind);
}

function titled(title: string, kind: string): object {
  const known = kindOf(kind);
  return known ? { title, kind: known } : {};
}

function provided(kind: string): object {
  const known = kindOf(kind);
  return known ? { providedDropEditKinds: [known] } : {};
}

const register = vscode.languages.registerDocumentDropEditProvider as (
  selector: vscode.DocumentSelector,
  provider: vscode.DocumentDropEditProvider,
  metadata: object,
) => vscode.Disposable;
