import * as vscode from 'vscode';
import type { UserError } from '../../server/src/protocol';

/** What happened and what to do next, as one text. */
export function errorText(error: UserError): string {
  return error.advice ? `${error.message} ${error.advice}` : error.message;
}

/**
 * Shows an error with the commands that may help, each by its title. A cancelled action is nothing to report.
 */
export async function showUserError(error: UserError, actions: Record<string, () => unknown> = {}): Promise<void> {
  if (error.code === 'cancelled') return;
  const chosen = await vscode.window.showErrorMessage(plainMessage(errorText(error)), ...Object.keys(actions));
  if (chosen) await actions[chosen]?.();
}

/** Turns whatever a request threw (the server stopped, a bug) into an error for people. */
export function toUserError(thrown: unknown): UserError {
  if (thrown instanceof vscode.CancellationError) return { code: 'cancelled', message: 'Cancelled.' };
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (isLostConnection(thrown)) {
    return {
      code: 'server-error',
      message: 'The Flink SQL language server stopped, and is started again.',
      advice: 'Try it once more in a moment.',
    };
  }
  return {
    code: 'server-error',
    message: `The Flink SQL language server could not answer: ${text}`,
    advice: 'The output channel "Flink SQL" has the details.',
  };
}

/** JSON-RPC's own errors for a connection that broke or is gone: message not read or written, answer lost, inactive. */
function isLostConnection(thrown: unknown): boolean {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? Number(thrown.code) : 0;
  return (code >= -32099 && code <= -32096) || /client is not running/i.test(String(thrown));
}

/**
 * Text from outside for labels of quick picks and of the status bar: on one line, without characters that turn what follows
 * around, and without the `$(icon)` that is rendered there.
 */
export function plainLabel(text: string): string {
  return plainText(text).replace(/\$\(/g, '$\u200b(');
}

/** The same for notifications, which render `[text](command:…)` as a link that runs the command. */
export function plainMessage(text: string): string {
  return plainText(text).replace(/\]\(/g, ']\u200b(');
}

/** The same where text is shown as it is: rows of the tree, titles, dialogs. */
export function plainText(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '');
}

/** As much of a name as a sentence or a title can hold. */
const LONGEST_NAME = 100;

/** A name from outside within a sentence, a title or a dialog: what is longer is cut. */
export function shortName(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
