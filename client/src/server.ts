import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  State,
  TransportKind,
  WorkDoneProgress,
} from 'vscode-languageclient/node';
import type { RequestType } from 'vscode-languageserver-protocol';
import type { InitializationOptions } from '../../server/src/protocol';
import { RULE_PAGE } from './rules';

/** Documents that the server looks after. Other schemes, such as git's old revisions, are left alone. */
export const flinkSqlDocuments = ['file', 'untitled', 'vscode-vfs'].map((scheme) => ({ language: 'flinksql', scheme }));

/**
 * The language server process. It is started by the first thing that needs it (a Flink SQL document, the tree, a command),
 * and restarted by the language client when it should crash; `onDidStart` fires each time.
 */
export class Server implements vscode.Disposable {
  private readonly started = new vscode.EventEmitter<LanguageClient>();
  private readonly client: LanguageClient;
  private running?: Promise<void>;
  readonly onDidStart = this.started.event;

  constructor(
    context: vscode.ExtensionContext,
    readonly output: vscode.LogOutputChannel,
    fileEvents: vscode.FileSystemWatcher,
  ) {
    const module = context.asAbsolutePath('dist/server.js');
    const options: LanguageClientOptions = {
      documentSelector: flinkSqlDocuments,
      outputChannel: output,
      traceOutputChannel: withoutTrace(output),
      synchronize: { configurationSection: 'flinkSql', fileEvents },
      initializationOptions: (): InitializationOptions => ({
        settings: vscode.workspace.getConfiguration('flinkSql'),
        codeLink: `${RULE_PAGE}:/{code}.md`,
      }),
    };
    this.client = new LanguageClient(
      'flinkSql',
      'Flink SQL',
      {
        run: { module, transport: TransportKind.ipc },
        debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
      },
      options,
    );
    this.client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) this.started.fire(this.client);
      // Whoever asks next starts it again, also when the client has given up after too many crashes
      if (newState === State.Stopped) this.running = undefined;
    });
  }

  start(): Promise<void> {
    this.running ??= this.client.start().catch((error: unknown) => {
      this.running = undefined;
      this.output.error(error instanceof Error ? error : String(error));
      throw error;
    });
    return this.running;
  }

  /** Sends a request, starting the server first when it does not run yet. */
  async request<P, R>(type: RequestType<P, R, void>, params: P, token?: vscode.CancellationToken): Promise<R> {
    await this.start();
    const { client } = this;
    return token ? client.sendRequest(type.method, params, token) : client.sendRequest(type.method, params);
  }

  /** Reports the progress that the server sends under a token; percentages become increments. Dispose to stop. */
  async onProgress(
    token: string,
    report: (value: { message?: string; increment?: number }) => void,
  ): Promise<vscode.Disposable> {
    await this.start();
    let reached = 0;
    return this.client.onProgress(WorkDoneProgress.type, token, (value) => {
      const percentage = value.kind === 'report' ? value.percentage : undefined;
      const increment = percentage === undefined ? undefined : percentage - reached;
      reached = percentage ?? reached;
      report({ message: value.message, increment });
    });
  }

  async dispose(): Promise<void> {
    this.started.dispose();
    if (this.running) await this.client.dispose();
  }
}

/** Tracing would write the messages, and with them the password, into the output channel: this one never asks for it. */
function withoutTrace(output: vscode.LogOutputChannel): vscode.LogOutputChannel {
  return Object.create(output, {
    logLevel: { value: vscode.LogLevel.Info },
    onDidChangeLogLevel: { value: () => new vscode.Disposable(() => {}) },
  }) as vscode.LogOutputChannel;
}
