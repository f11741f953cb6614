import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import {
  exportLineage,
  LINEAGE_AFTER,
  type LineageExpansion,
  type LineageFormat,
  type LineageGraph,
  type LineageNode,
  type LineageTarget,
  lineage,
  type UserError,
} from '../../server/src/protocol';
import type { FromPage, ToPage } from '../webview/lineage/messages';
import type { Server } from './server';
import type { Stores } from './stores';
import { showUserError, toUserError } from './userError';

export const VIEW_TYPE = 'flinkSql.lineage';

/** Neighbours that a page may ask for at once. */
const MOST_NEIGHBOURS = 1_000;

interface Place {
  uri: string;
  range?: { start: { line: number; character: number }; end: { line: number; character: number } };
}

/**
 * The panel "Lineage": the graph of a script, or of anything that a metadata store knows. The page draws; it names nodes and
 * columns, never files or addresses, so that it can open nothing but what the server told.
 */
export class LineagePanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly subscriptions: vscode.Disposable[];
  private panel?: vscode.WebviewPanel;
  private target?: LineageTarget;
  /** The place in the target's script whose statement is to be chosen once the graph is there */
  private cursor?: { line: number; character: number };
  private expanded: LineageExpansion[] = [];
  /** What was shown before, to go back to */
  private readonly trail: { target: LineageTarget; expanded: LineageExpansion[] }[] = [];
  private graph?: LineageGraph;
  private ready = false;
  private running?: vscode.CancellationTokenSource;
  private timer?: NodeJS.Timeout;
  private readonly rendering = new Map<number, (data: string) => void>();
  private requests = 0;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly server: Server,
    stores: Stores,
  ) {
    this.subscriptions = [
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.isAbout(document.uri)) this.later();
      }),
      stores.onDidChange(() => this.later()),
    ];
  }

  /** Shows the lineage of what a command was called with: a resource, `{ uri, line? }`, a thing in a store, else the active editor. */
  async show(given?: unknown): Promise<void> {
    const asked = toTarget(given);
    const { target, cursor } = asked ? { target: asked, cursor: undefined } : await activeTarget();
    if (!target) return;
    if ('uri' in target && !(await openScript(target.uri))) return;
    this.trail.length = 0;
    this.turnTo(target, this.panel && sameTarget(target, this.target) ? this.expanded : []);
    this.cursor = cursor;
    if (!this.panel) {
      const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
      this.attach(vscode.window.createWebviewPanel(VIEW_TYPE, 'Lineage', column, { retainContextWhenHidden: true }));
    } else this.panel.reveal(undefined, false);
    await this.load();
  }

  private turnTo(target: LineageTarget, expanded: LineageExpansion[] = []): void {
    this.target = target;
    this.cursor = undefined;
    this.expanded = expanded;
    this.graph = undefined;
  }

  /** Turns to something that the graph led to; the way back is kept. */
  private goOn(target: LineageTarget): Promise<void> {
    if (this.target) this.trail.push({ target: this.target, expanded: this.expanded });
    this.turnTo(target);
    return this.load();
  }

  /** After a reload of the window: the page kept what it is about. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = state as { target?: unknown; expanded?: unknown } | undefined;
    this.target = toTarget(kept?.target);
    this.expanded = Array.isArray(kept?.expanded) ? kept.expanded.filter(isExpansion) : [];
    this.attach(panel);
    await this.load();
  }

  /** Asks what to export, renders it, and saves or copies it. */
  async export(): Promise<void> {
    const { target, graph } = this;
    if (!this.panel || !target || !graph || graph.nodes.length === 0) {
      await vscode.window.showInformationMessage('There is no lineage to export. Show the lineage of a job first.');
      return;
    }
    const chosen = await vscode.window.showQuickPick(exports, {
      title: `Export the lineage of ${plainLabel(graph.title)}`,
    });
    if (!chosen) return;
    const { format } = chosen;
    if (format === 'svg' || format === 'png') {
      const data = await this.render(format);
      const bytes = format === 'png' ? Buffer.from(data, 'base64') : Buffer.from(data, 'utf8');
      return save(bytes, fileName(graph.title, format), format);
    }
    const outcome = await this.server.request(exportLineage, {
      target,
      expanded: this.expanded,
      format,
      columns: chosen.columns ?? false,
    });
    if (!outcome.ok) return showUserError(outcome.error);
    const { text, name } = outcome.value;
    if (!chosen.copy) return save(Buffer.from(text, 'utf8'), name, format);
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage('$(copy) Lineage copied', 3000);
  }

  private attach(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.ready = false;
    const root = vscode.Uri.joinPath(this.extension, 'dist');
    panel.webview.options = { enableScripts: true, localResourceRoots: [root] };
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extension, 'media/lineage-light.svg'),
      dark: vscode.Uri.joinPath(this.extension, 'media/lineage-dark.svg'),
    };
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (isFromPage(message)) this.receive(message).catch((thrown) => showUserError(toUserError(thrown)));
    });
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.graph = undefined;
      this.running?.cancel();
    });
    panel.webview.html = page(panel.webview, root);
  }

  private post(message: ToPage): void {
    if (this.ready) void this.panel?.webview.postMessage(message);
  }

  private isAbout(uri: vscode.Uri): boolean {
    return (
      this.panel !== undefined &&
      this.target !== undefined &&
      'uri' in this.target &&
      vscode.Uri.parse(this.target.uri).toString() === uri.toString()
    );
  }

  private later(): void {
    if (!this.panel || !this.target) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.load(), LINEAGE_AFTER);
  }

  /** Asks for the graph: what the script says at once where nothing is shown yet, and then with what the store knows. */
  private async load(): Promise<void> {
    const { target, expanded } = this;
    if (!target || !this.ready) return;
    this.running?.cancel();
    const running = new vscode.CancellationTokenSource();
    this.running = running;
    this.post({ type: 'loading' });
    try {
      // VS Code closes documents that no editor shows after a while
      if ('uri' in target) await openScript(target.uri, true);
      if (!this.graph && 'uri' in target) await this.ask(target, expanded, 'script', running.token);
      if (!running.token.isCancellationRequested) await this.ask(target, expanded, 'store', running.token);
      if (!running.token.isCancellationRequested) this.cursor = undefined;
    } catch (thrown) {
      if (!running.token.isCancellationRequested) this.fail(toUserError(thrown));
    }
  }

  private async ask(
    target: LineageTarget,
    expanded: LineageExpansion[],
    asked: 'script' | 'store',
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { cursor } = this;
    const where = cursor === undefined ? {} : { cursor };
    const outcome = await this.server.request(lineage, { target, expanded, asked, ...where }, token);
    if (token.isCancellationRequested) return;
    if (!outcome.ok) return this.fail(outcome.error);
    this.graph = outcome.value;
    // once: whoever moves on in the graph is not taken back when it changes
    if (outcome.value.focus) this.cursor = undefined;
    if (this.panel) this.panel.title = `Lineage: ${plainLabel(outcome.value.title)}`;
    this.post({
      type: 'graph',
      target,
      expanded,
      graph: outcome.value,
      complete: asked === 'store',
      back: this.trail.length > 0,
      choose: cursor !== undefined,
    });
  }

  private fail(error: UserError): void {
    if (error.code !== 'cancelled') this.post({ type: 'error', error, stale: this.graph !== undefined });
  }

  private async receive(message: FromPage): Promise<void> {
    const node = 'node' in message ? this.graph?.nodes.find(({ id }) => id === message.node) : undefined;
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.graph = undefined;
        return this.load();
      case 'reveal': {
        const column = node?.columns.find(({ name }) => name === message.column);
        const source = column?.source ?? node?.source;
        if (source) await reveal(source, message.focus ?? false);
        else if (message.focus && node) vscode.window.setStatusBarMessage('No script in this workspace has it.', 3000);
        return;
      }
      case 'revealEdge': {
        const edge = this.graph?.columnEdges.find(
          ({ from, to }) => sameEnd(from, message.from) && sameEnd(to, message.to),
        );
        if (edge?.source) await reveal(edge.source, false);
        return;
      }
      case 'openInAtlas':
        if (node?.webUrl) await vscode.env.openExternal(vscode.Uri.parse(node.webUrl));
        return;
      case 'copyName':
        if (node?.qualifiedName) await vscode.env.clipboard.writeText(node.qualifiedName);
        return;
      case 'expand': {
        const { node: id, direction } = message;
        const limit = Math.min(MOST_NEIGHBOURS, Math.max(0, Math.floor(message.limit)));
        const one = { node: id, direction, limit };
        const same = (other: LineageExpansion) => other.node === id && other.direction === direction;
        // in its place: what was opened of the neighbours after it stays open
        this.expanded = this.expanded.some(same)
          ? this.expanded.map((other) => (same(other) ? one : other))
          : [...this.expanded, one];
        return this.load();
      }
      case 'around':
        return this.around(node);
      case 'whole':
        return this.target && 'uri' in this.target ? this.goOn({ uri: this.target.uri }) : undefined;
      case 'back': {
        const before = this.trail.pop();
        if (before) this.turnTo(before.target, before.expanded);
        return this.load();
      }
      case 'retry':
        return this.load();
      case 'export':
        return this.export();
      case 'rendered':
        this.rendering.get(message.request)?.(message.data);
        this.rendering.delete(message.request);
        return;
    }
  }

  /** Shows the graph around a thing of the store instead. */
  private async around(node: LineageNode | undefined): Promise<void> {
    const store = this.graph?.store?.id;
    if (!store || !node?.typeName || !node.qualifiedName) return;
    await this.goOn({ store, typeName: node.typeName, qualifiedName: node.qualifiedName });
  }

  private render(format: 'svg' | 'png'): Promise<string> {
    const request = ++this.requests;
    return new Promise((resolve) => {
      this.rendering.set(request, resolve);
      this.post({ type: 'render', format, request });
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.running?.dispose();
    this.panel?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

interface Export extends vscode.QuickPickItem {
  format: 'svg' | 'png' | LineageFormat;
  columns?: boolean;
  copy?: boolean;
}

const exports: Export[] = [
  { label: 'SVG', description: 'a picture that can be scaled', format: 'svg' },
  { label: 'PNG', description: 'a picture of pixels', format: 'png' },
  { label: 'Mermaid', description: 'a flowchart as text, for Markdown', format: 'mermaid' },
  { label: 'Mermaid with Columns', description: 'the same, column by column', format: 'mermaid', columns: true },
  {
    label: 'OpenLineage',
    description: 'events as JSON, for catalogs that take OpenLineage',
    format: 'openlineage',
    columns: true,
  },
  { label: 'JSON', description: 'the graph itself', format: 'json', columns: true },
  { label: 'Copy as Mermaid', description: 'to the clipboard', format: 'mermaid', copy: true },
  { label: 'Copy as OpenLineage', description: 'to the clipboard', format: 'openlineage', columns: true, copy: true },
];

async function save(bytes: Uint8Array, name: string, format: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: { [format]: [name.split('.').at(-1) ?? format] },
    title: 'Save the Lineage',
  });
  if (!uri) return;
  await vscode.workspace.fs.writeFile(uri, bytes);
  const open = 'Open';
  const chosen = await vscode.window.showInformationMessage(`Saved ${vscode.workspace.asRelativePath(uri)}.`, open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', uri);
}

/** A job's name as the name of a file. */
function fileName(title: string, extension: string): string {
  return `${title.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'lineage'}.lineage.${extension}`;
}

/** A name as a title: short, without what hides or reorders text, and without the `$(icon)` that quick picks render. */
function plainLabel(text: string): string {
  const line = text
    .slice(0, 400)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '');
  return line.replace(/\$\(/g, '$\u200b(').slice(0, 80);
}

/** Shows a place in its editor, beside the panel where it is not open yet. */
async function reveal({ uri, range }: Place, focus: boolean): Promise<void> {
  const resource = vscode.Uri.parse(uri);
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === resource.toString(),
  );
  const panelColumn = vscode.window.tabGroups.activeTabGroup.viewColumn;
  const viewColumn =
    shown?.viewColumn ?? (panelColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One);
  const selection =
    range && new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
  try {
    const editor = await vscode.window.showTextDocument(resource, {
      viewColumn,
      preserveFocus: !focus,
      ...(selection ? { selection } : {}),
    });
    if (selection) editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  } catch {
    await vscode.window.showErrorMessage(`${vscode.workspace.asRelativePath(resource)} cannot be opened any more.`);
  }
}

function sameTarget(one: LineageTarget, other: LineageTarget | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sameEnd(one: { node: string; column: string }, other: { node: string; column: string }): boolean {
  return one.node === other.node && one.column === other.column;
}

/** What a command was called with, when it is something that has lineage: links in hovers and rows of the tree send such. */
function toTarget(given: unknown): LineageTarget | undefined {
  if (given instanceof vscode.Uri) return { uri: given.toString() };
  if (typeof given === 'string') return { uri: vscode.Uri.parse(given).toString() };
  if (typeof given !== 'object' || given === null) return undefined;
  const { uri, line, store, typeName, qualifiedName, item } = given as Record<string, unknown>;
  if (typeof uri === 'string') {
    const parsed = vscode.Uri.parse(uri).toString();
    return Number.isInteger(line) ? { uri: parsed, line: line as number } : { uri: parsed };
  }
  if (typeof store === 'string' && typeof typeName === 'string' && typeof qualifiedName === 'string') {
    return { store, typeName, qualifiedName };
  }
  // a row of the tree
  const row = item as { typeName?: unknown; qualifiedName?: unknown } | undefined;
  const { id } = (store ?? {}) as { id?: unknown };
  return row ? toTarget({ store: id, typeName: row.typeName, qualifiedName: row.qualifiedName }) : undefined;
}

/** The script in the active editor, or beside the panel, and where its cursor is; says so where there is none. */
async function activeTarget(): Promise<{ target?: LineageTarget; cursor?: { line: number; character: number } }> {
  const isScript = ({ document }: vscode.TextEditor) => document.languageId === 'flinksql';
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors.find(isScript);
  if (editor && isScript(editor)) {
    const { line, character } = editor.selection.active;
    return { target: { uri: editor.document.uri.toString() }, cursor: { line, character } };
  }
  if (editor?.document.languageId === 'sql') {
    const treat = 'Treat as Flink SQL';
    const chosen = await vscode.window.showInformationMessage('This file is not treated as Flink SQL.', treat);
    if (chosen === treat) await vscode.commands.executeCommand('flinkSql.treatAsFlinkSql');
    return {};
  }
  await vscode.window.showInformationMessage(
    'No Flink SQL job is open. Open the script of a job, or choose a job in the view "Atlas: Flink jobs".',
  );
  return {};
}

/** Has the server know a script. Whether it is one; says so where it is not, unless it may be missing. */
async function openScript(uri: string, quiet = false): Promise<boolean> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    if (document.languageId === 'flinksql') return true;
    if (!quiet) await vscode.window.showInformationMessage('Lineage is shown of Flink SQL scripts. This file is none.');
  } catch {
    if (!quiet)
      await vscode.window.showErrorMessage(
        `${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))} cannot be opened.`,
      );
  }
  return false;
}

function isExpansion(value: unknown): value is LineageExpansion {
  const { node, direction, limit } = (value ?? {}) as Record<string, unknown>;
  return typeof node === 'string' && isDirection(direction) && (limit === undefined || typeof limit === 'number');
}

function isDirection(value: unknown): value is 'up' | 'down' {
  return value === 'up' || value === 'down';
}

function isEnd(value: unknown): boolean {
  const { node, column } = (value ?? {}) as Record<string, unknown>;
  return typeof node === 'string' && typeof column === 'string';
}

/** Whether a message is one that the page may send. */
function isFromPage(value: unknown): value is FromPage {
  const message = (value ?? {}) as Record<string, unknown>;
  const named = typeof message.node === 'string';
  switch (message.type) {
    case 'ready':
    case 'whole':
    case 'back':
    case 'retry':
    case 'export':
      return true;
    case 'reveal':
      return named && (message.column === undefined || typeof message.column === 'string');
    case 'revealEdge':
      return isEnd(message.from) && isEnd(message.to);
    case 'openInAtlas':
    case 'copyName':
    case 'around':
      return named;
    case 'expand':
      return named && isDirection(message.direction) && Number.isFinite(message.limit);
    case 'rendered':
      return typeof message.request === 'number' && typeof message.data === 'string';
    default:
      return false;
  }
}

/** The page: one script of our own, nothing from anywhere else. The worker for the layout is made of a text in the script. */
function page(webview: vscode.Webview, root: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64url');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(root, 'lineage.js'));
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    'worker-src blob:',
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lineage</title>
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
