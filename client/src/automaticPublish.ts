import * as vscode from 'vscode';
import { publishSaved, type SavedOutcome } from '../../server/src/protocol';
import type { Server } from './server';
import { errorText, plainLabel } from './userError';
import { publishedText } from './waiting';

/**
 * Where the settings say so, publishes a job each time its script is saved by hand, and after a task that ran it has ended well.
 * Nothing is asked: what a person should look at is said in the status bar, where a click publishes by hand.
 */
export function registerAutomaticPublish(server: Server): vscode.Disposable {
  const status = vscode.window.createStatusBarItem('flinkSql.automaticPublish', vscode.StatusBarAlignment.Left);
  status.name = 'Flink SQL: publish by itself';
  const tell = (outcome: SavedOutcome) => {
    if (outcome.did === 'kept' || outcome.did === 'left') {
      const job = outcome.did === 'kept' ? outcome.kept.job : (outcome.job ?? 'The job');
      const how = outcome.did === 'kept' ? 'waits to be published' : 'not published';
      status.text = `$(warning) ${plainLabel(job)} ${how}`;
      status.tooltip = errorText(outcome.error);
      status.command = outcome.did === 'kept' ? 'flinkSql.jobs.focus' : 'flinkSql.publish';
      status.show();
      return;
    }
    status.hide();
    if (outcome.did === 'published') {
      vscode.window.setStatusBarMessage(`$(cloud-upload) ${plainLabel(publishedText(outcome.result))}`, 5_000);
    }
  };
  // a server that stopped is told by whatever the user asks next
  const publish = async ({ uri }: vscode.TextDocument) => {
    const outcome = await server.request(publishSaved, { uri: uri.toString() }).catch(() => undefined);
    if (outcome) tell(outcome);
  };
  /** What was the active script when a task began, and which version of it: that is what the task ran */
  const run = new Map<vscode.TaskExecution, { document: vscode.TextDocument; version: number }>();
  /** Saved a while after the last keystroke, by auto save: that would publish what is half typed */
  const automatic = new Set<string>();
  return vscode.Disposable.from(
    status,
    vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
      const uri = document.uri.toString();
      if (reason === vscode.TextDocumentSaveReason.AfterDelay) automatic.add(uri);
      else automatic.delete(uri);
    }),
    vscode.workspace.onDidSaveTextDocument(async (document) => {
      if (document.languageId !== 'flinksql' || !vscode.workspace.isTrusted) return;
      if (automatic.delete(document.uri.toString())) return;
      if (!vscode.workspace.getConfiguration('flinkSql', document).get('publishOnSave', false)) return;
      await publish(document);
    }),
    vscode.tasks.onDidStartTask(({ execution }) => {
      const document = vscode.window.activeTextEditor?.document;
      if (document?.languageId !== 'flinksql' || !vscode.workspace.isTrusted) return;
      const names = vscode.workspace.getConfiguration('flinkSql', document).get<unknown>('publishAfterTasks');
      if (Array.isArray(names) && names.includes(execution.task.name) && !runsAnother(execution.task, document))
        run.set(execution, { document, version: document.version });
    }),
    vscode.tasks.onDidEndTaskProcess(async ({ execution, exitCode }) => {
      const ran = run.get(execution);
      run.delete(execution);
      if (!ran || exitCode !== 0) return;
      const { document, version } = ran;
      if (!document.isClosed && document.version === version && !document.isDirty) return publish(document);
      const message = document.isClosed
        ? 'The script was closed before the task that ran it had ended.'
        : 'The script has changed since the task that ran it began.';
      tell({ did: 'left', error: { code: 'refused', message, advice: 'Publish it by hand.' } });
    }),
    vscode.tasks.onDidEndTask(({ execution }) => {
      // of a task that starts no process there is no other word; where there is one, it comes first
      run.delete(execution);
    }),
  );
}

/** Whether a task's command names scripts, and not this one: it runs another than the one that is open. */
function runsAnother({ execution }: vscode.Task, { fileName }: vscode.TextDocument): boolean {
  const words: unknown[] =
    execution instanceof vscode.ProcessExecution
      ? execution.args
      : execution instanceof vscode.ShellExecution
        ? [execution.commandLine, ...(execution.args ?? [])]
        : [];
  const texts = words.map((word) => (typeof word === 'string' ? word : ((word as { value?: string })?.value ?? '')));
  const scripts = texts.flatMap((text) => text.match(/[^\s'"=/\\]+\.(sql|fql|flinksql)\b/gi) ?? []);
  return scripts.length > 0 && !scripts.includes(fileName.split(/[\\/]/).at(-1) ?? '');
}
