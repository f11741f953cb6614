import * as vscode from 'vscode';
import { publishSaved, type SavedOutcome } from '../../server/src/protocol';
import type { Server } from './server';
import { errorText, plainLabel } from './userError';
import { publishedText } from './waiting';

/**
 * Where the setting is on, publishes a job each time its script is saved by hand. Nothing is asked: what a person should look at is
 * said in the status bar, where a click publishes by hand.
 */
export function registerPublishOnSave(server: Server): vscode.Disposable {
  const status = vscode.window.createStatusBarItem('flinkSql.publishOnSave', vscode.StatusBarAlignment.Left);
  status.name = 'Flink SQL: publish on save';
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
      // a server that stopped is told by whatever the user asks next
      const outcome = await server.request(publishSaved, { uri: document.uri.toString() }).catch(() => undefined);
      if (outcome) tell(outcome);
    }),
  );
}
