import * as vscode from 'vscode';
import { refreshStores } from '../../server/src/protocol';
import { registerAutomaticPublish } from './automaticPublish';
import { compareWithAtlas } from './compare';
import { chooseConnection, connectToAtlas, disconnectFromAtlas, useWorkspaceCatalog } from './connect';
import { DatasetTexts } from './datasetText';
import { registerIndexStatus } from './indexStatus';
import { JobsTree, type Row } from './jobsTree';
import { LineagePanel } from './lineagePanel';
import { fixColumnsAt, registerMetadataHover } from './metadataHover';
import { Pages } from './pages';
import { registerPlainSqlOffer } from './plainSql';
import { Publisher } from './publish';
import { Retirement } from './retire';
import { registerRules } from './rules';
import { AtlasSearch } from './searchAtlas';
import { Server } from './server';
import { registerStatus, showConnection } from './status';
import { CATALOG_FOLDER, Stores } from './stores';
import { plainMessage, showUserError, toUserError } from './userError';
import { Waiting, type WaitingRow } from './waiting';

/** Wires the parts together. The server starts with the first Flink SQL document, the tree, or a command that needs it. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Flink SQL', { log: true });
  const catalogFiles = vscode.workspace.createFileSystemWatcher(`**/${CATALOG_FOLDER}{,/**}`);
  const server = new Server(context, output, catalogFiles);
  const stores = new Stores(server, context.secrets, catalogFiles);
  const pages = new Pages();
  const waiting = new Waiting(server, pages);
  const texts = new DatasetTexts(server);
  const tree = new JobsTree(server, stores, waiting, context.workspaceState, texts);
  const atlasSearch = new AtlasSearch(server, texts, tree, pages);
  const publisher = new Publisher(server, stores, tree, pages, waiting);
  const lineage = new LineagePanel(context.extensionUri, server, stores);
  const retirement = new Retirement(server, stores);
  // Whatever a command throws, a stopped server above all, is told in the user's words
  // biome-ignore lint/suspicious/noExplicitAny: VS Code passes what the caller passes
  const registerCommand = (id: string, run: (...args: any[]) => unknown) =>
    vscode.commands.registerCommand(id, async (...args) => {
      try {
        return await run(...args);
      } catch (thrown) {
        output.error(thrown instanceof Error ? thrown : String(thrown));
        return showUserError(toUserError(thrown));
      }
    });
  /** Keys mean the row that is selected, and nothing where that is no job. */
  const onJob = (row: Row | 'selected' | undefined, run: (job: Row | undefined) => unknown) => {
    const job = row === 'selected' ? tree.selected : row;
    return row === 'selected' && job?.item?.kind !== 'job' ? undefined : run(job);
  };
  context.subscriptions.push(
    output,
    catalogFiles,
    server,
    stores,
    tree,
    pages,
    waiting,
    lineage,
    texts,
    registerMetadataHover(server, stores),
    registerRules(context),
    registerIndexStatus(server),
    registerAutomaticPublish(server),
    registerPlainSqlOffer(context.workspaceState),
    registerStatus(stores),
    registerCommand('flinkSql.showConnection', () => showConnection(stores, output)),
    registerCommand('flinkSql.publish', async (resource?: unknown) => {
      await hideHover();
      await publisher.publish(toUri(resource));
    }),
    registerCommand('flinkSql.showPreview', () => publisher.showPreview()),
    registerCommand('flinkSql.showHistory', (row?: Row) => publisher.showHistory(row)),
    registerCommand('flinkSql.retryWaiting', (row?: WaitingRow) => waiting.retry(row)),
    registerCommand('flinkSql.discardWaiting', (row?: WaitingRow) => waiting.discard(row)),
    registerCommand('flinkSql.showWaiting', (row?: WaitingRow) => waiting.show(row)),
    registerCommand('flinkSql.showLineage', async (given?: unknown) => {
      await hideHover();
      await lineage.show(given);
    }),
    registerCommand('flinkSql.exportLineage', () => lineage.export()),
    registerCommand('flinkSql.retireJob', (row?: Row | 'selected') => onJob(row, (job) => retirement.retire(job))),
    registerCommand('flinkSql.renameJob', (row?: Row | 'selected') => onJob(row, (job) => retirement.rename(job))),
    registerCommand('flinkSql.findJobsWithoutScript', () => retirement.findWithoutScript()),
    registerCommand('flinkSql.connect', async (name?: unknown) => {
      await hideHover();
      await connectToAtlas(server, stores, typeof name === 'string' ? name : undefined);
    }),
    registerCommand('flinkSql.chooseConnection', async () => {
      await hideHover();
      await chooseConnection(server, stores);
    }),
    registerCommand('flinkSql.compareStores', () => compareWithAtlas(server, stores, pages)),
    registerCommand('flinkSql.disconnect', () => disconnectFromAtlas(stores)),
    registerCommand('flinkSql.useWorkspaceCatalog', async () => {
      await hideHover();
      await useWorkspaceCatalog(stores);
    }),
    registerCommand('flinkSql.refresh', () => tree.refresh()),
    registerCommand('flinkSql.refreshHover', async (uri: string, line: number, character: number) => {
      await server.request(refreshStores, {});
      await showHoverAt(vscode.Uri.parse(uri), new vscode.Position(line, character));
    }),
    registerCommand('flinkSql.fixColumns', async (uri: string, line: number, character: number) => {
      await hideHover();
      await fixColumnsAt(server, vscode.Uri.parse(uri), new vscode.Position(line, character));
    }),
    registerCommand('flinkSql.showInTree', (store: string, item: string) => tree.reveal({ id: store }, item)),
    registerCommand('flinkSql.groupJobs', () => tree.chooseGrouping()),
    registerCommand('flinkSql.filterJobs', () => tree.enterFilter()),
    registerCommand('flinkSql.clearFilter', () => tree.setFilter('')),
    registerCommand('flinkSql.openRow', () => openRow(tree, atlasSearch)),
    registerCommand('flinkSql.searchAtlas', (text?: unknown) => atlasSearch.open(typeof text === 'string' ? text : '')),
    registerCommand('flinkSql.showDetails', (row?: Row) => atlasSearch.showRow(row)),
    registerCommand('flinkSql.insertName', (row?: Row) => texts.insertName(row)),
    registerCommand('flinkSql.insertDdl', (row?: Row) => texts.insertDdl(row)),
    registerCommand('flinkSql.copyDdl', (row?: Row) => texts.copyDdl(row)),
    registerCommand('flinkSql.loadMore', (row: Row) => tree.loadMore(row)),
    registerCommand('flinkSql.retry', (row?: Row) => tree.retry(row)),
    registerCommand('flinkSql.openSource', (row: Row) => openSource(row)),
    registerCommand('flinkSql.openInAtlas', ({ item }: Row) => {
      if (item?.webUrl) return vscode.env.openExternal(vscode.Uri.parse(item.webUrl));
    }),
    registerCommand('flinkSql.copyQualifiedName', async ({ item }: Row) => {
      if (!item?.qualifiedName) return;
      await vscode.env.clipboard.writeText(item.qualifiedName);
      vscode.window.setStatusBarMessage(`$(copy) ${item.qualifiedName.replace(/\$\(/g, '$ (')} copied`, 3000);
    }),
    vscode.workspace.onDidOpenTextDocument(startFor),
  );
  for (const document of vscode.workspace.textDocuments) startFor(document);

  function startFor(document: vscode.TextDocument): void {
    if (document.languageId !== 'flinksql') return;
    server.start().catch((thrown) => showUserError(toUserError(thrown)));
  }
}

/** Commands get a Uri from menus and a text from links in hovers. */
function toUri(resource: unknown): vscode.Uri | undefined {
  if (resource instanceof vscode.Uri) return resource;
  return typeof resource === 'string' ? vscode.Uri.parse(resource) : undefined;
}

/** Closes the hover whose link was clicked: what it says is about to change. Older versions of VS Code lack the command. */
async function hideHover(): Promise<void> {
  await vscode.commands.executeCommand('editor.action.hideHover').then(undefined, () => {});
}

/** Shows the hover of a place again: the one that was open closed with the click on its link. */
async function showHoverAt(uri: vscode.Uri, position: vscode.Position): Promise<void> {
  const editor = vscode.window.visibleTextEditors.find((one) => one.document.uri.toString() === uri.toString());
  if (!editor) return;
  await vscode.window.showTextDocument(editor.document, {
    viewColumn: editor.viewColumn,
    selection: new vscode.Range(position, position),
  });
  await vscode.commands.executeCommand('editor.action.showHover');
}

/** What Enter does: opens the source or the page of a dataset, goes on or tries again, else opens or closes the row. */
async function openRow(tree: JobsTree, atlasSearch: AtlasSearch): Promise<void> {
  const row = tree.selected;
  if (row?.item?.source) await openSource(row);
  else if (row?.item?.kind === 'more') await tree.loadMore(row);
  else if (row?.item?.kind === 'error') tree.retry(row);
  else if (row?.item?.guid) await atlasSearch.showRow(row);
  else await vscode.commands.executeCommand('list.toggleExpand');
}

async function openSource({ item }: Row): Promise<void> {
  if (!item?.source) return;
  const { uri, range } = item.source;
  const selection =
    range && new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
  try {
    await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
  } catch {
    await vscode.window.showErrorMessage(
      plainMessage(
        `The script of ${item.label} is no longer at ${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))}.`,
      ),
    );
  }
}
