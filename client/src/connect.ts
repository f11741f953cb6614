import * as vscode from 'vscode';
import { type Secret, type StoreInfo, testConnection, type UserError } from '../../server/src/protocol';
import type { Server } from './server';
import { atlasConnection, CATALOG_FOLDER, connectionTo, type Stores } from './stores';
import { errorText, showUserError, toUserError } from './userError';

/** What the form has gathered so far; kept when the user goes back a step. */
interface Answers {
  url: string;
  signIn?: 'password' | 'token';
  user: string;
  secret?: Secret;
}

/** Errors that mean that the address is wrong, or nobody is there. */
const noAnswer = new Set<UserError['code']>(['unreachable', 'timeout', 'invalid']);

/** The user closed the form. */
const closed = Symbol('closed');
const back = Symbol('back');
type Way = typeof closed | typeof back | 'next' | 'done';
type Step = (answers: Answers) => Promise<Way>;

/**
 * Asks for address, user and password or token, and tries them while the form is open: what is wrong is said under the
 * field that is wrong, and can be mended there. Answers the stores in use afterwards, undefined when the user closed it.
 */
export async function connectToAtlas(server: Server, stores: Stores): Promise<readonly StoreInfo[] | undefined> {
  if (!vscode.workspace.isTrusted) {
    await vscode.window.showWarningMessage(
      'Atlas is not contacted while this folder is in Restricted Mode. Trust the folder first.',
    );
    return undefined;
  }
  const answers: Answers = { url: atlasConnection()?.url ?? '', user: '' };
  const attempt = (secret?: Secret) => (token: vscode.CancellationToken) =>
    tryConnection(server, answers.url, secret, token);

  const askUrl: Step = async () => {
    const value = await askText({
      step: 1,
      title: 'Connect to Atlas',
      prompt: 'The address of the Atlas server',
      placeholder: 'https://atlas.example.org:21443',
      value: answers.url,
      validate: urlProblem,
      // Tells early that nobody answers there. Any answer is good enough: a gateway may show strangers a page of its own.
      test: async (url, token) => {
        answers.url = url.trim().replace(/\/+$/, '');
        const error = await attempt()(token);
        return error && noAnswer.has(error.code) ? error : undefined;
      },
    });
    return typeof value === 'symbol' ? value : 'next';
  };

  const askSignIn: Step = async () => {
    const value = await pick('How do you sign in to Atlas?', [
      { label: 'User and password', id: 'password' as const, iconPath: new vscode.ThemeIcon('account') },
      { label: 'Token', id: 'token' as const, description: 'Bearer or JWT', iconPath: new vscode.ThemeIcon('key') },
    ]);
    if (typeof value === 'symbol') return value;
    answers.signIn = value;
    return 'next';
  };

  const askUser: Step = async () => {
    if (answers.signIn === 'token') return 'next';
    const value = await askText({
      step: 3,
      title: 'Connect to Atlas',
      prompt: `Your user at ${answers.url}`,
      value: answers.user,
      validate: (text) => (text.trim() === '' ? 'Enter the name of the user.' : undefined),
    });
    if (typeof value === 'symbol') return value;
    answers.user = value.trim();
    return 'next';
  };

  const askSecret: Step = async () => {
    const token = answers.signIn === 'token';
    const toSecret = (text: string): Secret =>
      token ? { type: 'bearer', token: text.trim() } : { type: 'basic', user: answers.user, password: text };
    const value = await askText({
      step: 4,
      title: 'Connect to Atlas',
      prompt: token
        ? 'The token. It is kept in the secret storage.'
        : `The password of ${answers.user}. It is kept in the secret storage.`,
      password: true,
      validate: (text) => (text === '' ? `Enter the ${token ? 'token' : 'password'}.` : undefined),
      test: (text, cancellation) => attempt(toSecret(text))(cancellation),
    });
    if (typeof value === 'symbol') return value;
    answers.secret = toSecret(value);
    return 'done';
  };

  const steps = [askUrl, askSignIn, askUser, askSecret];
  for (let at = 0, direction = 1; ; ) {
    // The question for the user is left out for tokens, in both directions
    const skipped = steps[at] === askUser && answers.signIn === 'token';
    const way = skipped ? (direction > 0 ? 'next' : back) : await steps[at]!(answers);
    if (way === closed) return undefined;
    if (way === 'done') break;
    direction = way === back ? -1 : 1;
    at = Math.max(0, at + direction);
  }
  const inUse = await stores.connect(answers.url, answers.secret);
  const atlas = inUse.find((store) => store.kind === 'atlas');
  void vscode.window.showInformationMessage(`Connected to Atlas at ${atlas?.label ?? answers.url}.`);
  return inUse;
}

/** Forgets the Atlas server and its password, and says so. */
export async function disconnectFromAtlas(stores: Stores): Promise<void> {
  const connection = atlasConnection();
  await stores.disconnect();
  if (connection) void vscode.window.showInformationMessage(`Disconnected from Atlas at ${connection.name}.`);
}

/** Makes the catalog folder in a workspace folder, so that metadata is kept there. */
export async function useWorkspaceCatalog(stores: Stores): Promise<readonly StoreInfo[] | undefined> {
  const connection = atlasConnection();
  if (connection) {
    const disconnect = 'Disconnect';
    const chosen = await vscode.window.showInformationMessage(
      `Atlas at ${connection.name} is in use. Disconnect from it to use the workspace catalog.`,
      disconnect,
    );
    if (chosen !== disconnect) return undefined;
    await stores.disconnect();
  }
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  const first = folders[0];
  if (!first) {
    await vscode.window.showInformationMessage(
      'A workspace catalog is kept in a folder, and no folder is open. Open the folder of your jobs first.',
    );
    return undefined;
  }
  const folder = folders.length === 1 ? first : await vscode.window.showWorkspaceFolderPick();
  if (!folder) return undefined;
  try {
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(folder.uri, CATALOG_FOLDER));
  } catch {
    await showUserError({
      code: 'read-only',
      message: `The folder ${folder.name} cannot be written to.`,
      advice: 'Open a folder that you may write to, or connect to Atlas.',
    });
    return undefined;
  }
  const inUse = await stores.configure();
  void vscode.window.showInformationMessage(
    `Metadata is now kept in ${folder.name}/${CATALOG_FOLDER}, as files that can be committed.`,
  );
  return inUse;
}

/** The error of trying a connection, undefined when it works. */
async function tryConnection(
  server: Server,
  url: string,
  secret: Secret | undefined,
  token: vscode.CancellationToken,
): Promise<UserError | undefined> {
  try {
    const outcome = await server.request(testConnection, { connection: connectionTo(url), secret }, token);
    return outcome.ok ? undefined : outcome.error;
  } catch (thrown) {
    return token.isCancellationRequested ? { code: 'cancelled', message: 'Cancelled.' } : toUserError(thrown);
  }
}

function urlProblem(text: string): string | undefined {
  const url = text.trim();
  if (url === '') return 'Enter the address of the Atlas server.';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return 'Enter an address that begins with http:// or https://.';
  }
  const { username, password } = new URL(url);
  return username || password ? 'Leave user and password out of the address; they are asked for next.' : undefined;
}

interface Question {
  step: number;
  title: string;
  prompt: string;
  placeholder?: string;
  value?: string;
  password?: boolean;
  validate: (text: string) => string | undefined;
  /** Tried on Enter, while the box is open; its error stands under the box */
  test?: (text: string, token: vscode.CancellationToken) => Promise<UserError | undefined>;
}

/** An input box with validation, a back button, and a test that runs, and can be cancelled by closing, before it is left. */
function askText(question: Question): Promise<string | typeof closed | typeof back> {
  const box = vscode.window.createInputBox();
  box.title = question.title;
  box.step = question.step;
  box.totalSteps = 4;
  box.prompt = question.prompt;
  box.placeholder = question.placeholder;
  box.value = question.value ?? '';
  box.password = question.password ?? false;
  box.ignoreFocusOut = true;
  box.buttons = question.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  const cancellation = new vscode.CancellationTokenSource();
  return new Promise((resolve) => {
    box.onDidTriggerButton(() => {
      resolve(back);
      box.dispose();
    });
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    box.onDidAccept(async () => {
      if (box.busy) return;
      const text = box.value;
      const problem = question.validate(text);
      if (problem) {
        box.validationMessage = problem;
        return;
      }
      if (question.test) {
        box.busy = true;
        box.enabled = false;
        box.prompt = 'Trying the connection … Esc cancels.';
        const error = await question.test(text, cancellation.token);
        if (cancellation.token.isCancellationRequested) return;
        box.busy = false;
        box.enabled = true;
        box.prompt = question.prompt;
        if (error) {
          box.validationMessage = errorText(error);
          box.show();
          return;
        }
      }
      resolve(text);
      box.dispose();
    });
    box.onDidHide(() => {
      cancellation.cancel();
      resolve(closed);
      box.dispose();
    });
    box.show();
  });
}

/** A list to pick from, with a back button. */
function pick<Id>(
  prompt: string,
  items: (vscode.QuickPickItem & { id: Id })[],
): Promise<Id | typeof closed | typeof back> {
  const list = vscode.window.createQuickPick<vscode.QuickPickItem & { id: Id }>();
  list.title = 'Connect to Atlas';
  list.step = 2;
  list.totalSteps = 4;
  list.placeholder = prompt;
  list.items = items;
  list.ignoreFocusOut = true;
  list.buttons = [vscode.QuickInputButtons.Back];
  return new Promise((resolve) => {
    const answer = (value: Id | typeof closed | typeof back) => {
      resolve(value);
      list.dispose();
    };
    list.onDidTriggerButton(() => answer(back));
    list.onDidAccept(() => {
      const chosen = list.selectedItems[0];
      if (chosen) answer(chosen.id);
    });
    list.onDidHide(() => answer(closed));
    list.show();
  });
}
