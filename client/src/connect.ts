import * as vscode from 'vscode';
import {
  type AtlasConnection,
  type ConnectionTest,
  type Outcome,
  type Secret,
  type StoreInfo,
  testConnection,
  type UserError,
  WORKSPACE_CATALOG,
} from '../../server/src/protocol';
import {
  atlasConnections,
  type ConnectionSetting,
  connectionSettings,
  nameProblem,
  pickNewConnection,
  pickStore,
  toConnection,
} from './connections';
import type { Server } from './server';
import { CATALOG_FOLDER, type Stores } from './stores';
import { errorText, plainLabel, showUserError, toUserError } from './userError';

/** What the form has gathered so far; kept when the user goes back a step. */
interface Answers {
  name: string;
  setting: ConnectionSetting;
  signIn?: 'password' | 'token';
  user: string;
  secret?: Secret;
  /** What the last test that worked has found */
  found?: ConnectionTest;
}

/** Errors that mean that the address is wrong, or nobody is there. */
const noAnswer = new Set<UserError['code']>(['unreachable', 'timeout', 'invalid', 'untrusted']);

/** The user closed the form. */
const closed = Symbol('closed');
const back = Symbol('back');
type Way = typeof closed | typeof back | 'next';
/** One question. Undefined where it need not be asked. */
type Step = (answers: Answers, step: number) => Promise<Way> | undefined;

/**
 * Asks for address, user and password or token, and tries them while the form is open: what is wrong is said under the
 * field that is wrong, and can be mended there. `edited` is the name of the connection to change; without one, and with
 * connections there, it asks which. Answers the stores in use afterwards, undefined when the user closed it.
 */
export async function connectToAtlas(
  server: Server,
  stores: Stores,
  edited?: string,
): Promise<readonly StoreInfo[] | undefined> {
  if (!vscode.workspace.isTrusted) {
    await vscode.window.showWarningMessage(
      'Atlas is not contacted while this folder is in Restricted Mode. Trust the folder first.',
    );
    return undefined;
  }
  const known = connectionSettings();
  const name = edited !== undefined && edited in known ? edited : await askWhich(Object.keys(known));
  if (name === undefined) return undefined;
  const answers: Answers = { name, setting: known[name] ?? { url: '' }, user: '' };
  if (!(await ask([askUrl(server), askSignIn, askUser, askSecret(server), askName, askNamespace], answers))) {
    return undefined;
  }
  const resource = vscode.window.activeTextEditor?.document.uri;
  const inUse = await stores.connect(answers.name, answers.setting, answers.secret, resource);
  void vscode.window.showInformationMessage(`Connected to Atlas at ${answers.name}.`);
  return inUse;
}

/** Which connection to change: '' for a new one. Undefined when the user closed the list. */
async function askWhich(names: readonly string[]): Promise<string | undefined> {
  if (names.length === 0) return '';
  const items = [
    { label: '$(add) Connect to Another Atlas', name: '' },
    ...names.map((name) => ({
      label: `$(edit) ${plainLabel(name)}`,
      description: 'change it, or sign in again',
      name,
    })),
  ];
  return (await vscode.window.showQuickPick(items, { title: 'Connect to Atlas' }))?.name;
}

/** Goes through the questions, forth and back; true when all are answered, false when the user closed the form. */
async function ask(steps: readonly Step[], answers: Answers): Promise<boolean> {
  for (let at = 0, direction = 1; at < steps.length; ) {
    const way = await steps[at]?.(answers, at + 1);
    if (way === closed) return false;
    if (way) direction = way === back ? -1 : 1;
    at = Math.max(0, at + direction);
  }
  return true;
}

const STEPS = 6;

function askUrl(server: Server): Step {
  return async (answers, step) => {
    const value = await askText({
      step,
      prompt: 'The address of the Atlas server; several of one Atlas with commas between',
      placeholder: 'https://atlas.example.org:21443',
      value: [answers.setting.url].flat().join(', '),
      validate: (text) => {
        const urls = splitUrls(text);
        return urls.length === 0 ? 'Enter the address of the Atlas server.' : urls.map(urlProblem).find(Boolean);
      },
      // Tells early that nobody answers there. Any answer is good enough: a gateway may show strangers a page of its own.
      test: async (text, token) => {
        const [first = '', ...others] = splitUrls(text);
        answers.setting = { ...answers.setting, url: others.length > 0 ? [first, ...others] : first };
        const outcome = await tryConnection(server, answers, undefined, token);
        return !outcome.ok && noAnswer.has(outcome.error.code) ? outcome.error : undefined;
      },
    });
    return typeof value === 'symbol' ? value : 'next';
  };
}

const askSignIn: Step = async (answers, step) => {
  const value = await pick(step, 'How do you sign in to Atlas?', [
    { label: 'User and password', id: 'password' as const, iconPath: new vscode.ThemeIcon('account') },
    { label: 'Token', id: 'token' as const, description: 'Bearer or JWT', iconPath: new vscode.ThemeIcon('key') },
  ]);
  if (typeof value === 'symbol') return value;
  answers.signIn = value;
  return 'next';
};

const askUser: Step = (answers, step) => {
  if (answers.signIn === 'token') return undefined;
  return askText({
    step,
    prompt: `Your user at ${[answers.setting.url].flat()[0]}`,
    value: answers.user,
    validate: (text) => (text.trim() === '' ? 'Enter the name of the user.' : undefined),
  }).then((value) => {
    if (typeof value === 'symbol') return value;
    answers.user = value.trim();
    return 'next';
  });
};

function askSecret(server: Server): Step {
  return async (answers, step) => {
    const token = answers.signIn === 'token';
    const toSecret = (text: string): Secret =>
      token ? { type: 'bearer', token: text.trim() } : { type: 'basic', user: answers.user, password: text };
    const value = await askText({
      step,
      prompt: token
        ? 'The token. It is kept in the secret storage.'
        : `The password of ${answers.user}. It is kept in the secret storage.`,
      password: true,
      validate: (text) => (text === '' ? `Enter the ${token ? 'token' : 'password'}.` : undefined),
      test: async (text, cancellation) => {
        const outcome = await tryConnection(server, answers, toSecret(text), cancellation);
        if (!outcome.ok) return outcome.error;
        answers.found = outcome.value;
        return undefined;
      },
    });
    if (typeof value === 'symbol') return value;
    answers.secret = toSecret(value);
    return 'next';
  };
}

const askName: Step = async (answers, step) => {
  const before = answers.name;
  const host = new URL([answers.setting.url].flat()[0] ?? '').host;
  const value = await askText({
    step,
    prompt: 'A name for this Atlas. Settings and the tree call it so.',
    placeholder: 'prod',
    value: before || host,
    validate: (text) => {
      const taken = text.trim() !== before && text.trim() in connectionSettings();
      return taken ? `There is a connection “${text.trim()}” already.` : nameProblem(text);
    },
  });
  if (typeof value === 'symbol') return value;
  answers.name = value.trim();
  return 'next';
};

const askNamespace: Step = (answers, step) => {
  const { namespace } = answers.setting;
  // A namespace for each server is a matter of the settings file
  if (typeof namespace === 'object') return undefined;
  const found = answers.found?.namespace;
  return askText({
    step,
    prompt: found
      ? `The namespace of its names: the datasets there are called …@${found}`
      : 'The namespace that Atlas’s hooks give names: prod in orders@prod',
    value: namespace ?? found ?? 'primary',
    validate: (text) => (/^[^@\s]+$/.test(text.trim()) ? undefined : 'A namespace is one word, without @.'),
  }).then((value) => {
    if (typeof value === 'symbol') return value;
    answers.setting = { ...answers.setting, namespace: value.trim() };
    return 'next';
  });
};

/** The command "Choose Connection": which store the documents of this workspace, or of the open one's folder, belong to. */
export async function chooseConnection(server: Server, stores: Stores): Promise<void> {
  const resource = vscode.window.activeTextEditor?.document.uri;
  const inUse = await stores.current();
  const store = resource && (await stores.for(resource)).store;
  const mark = (id: string) => (store?.id === id ? 'in use here' : undefined);
  const items = [
    ...inUse
      .filter(({ kind }) => kind === 'atlas')
      .map(({ id, label, url }) => ({
        label: `$(plug) ${plainLabel(label)}`,
        description: mark(id),
        detail: plainLabel(url),
        run: () => pickStore(label, resource),
      })),
    ...inUse
      .filter(({ kind }) => kind === 'workspace')
      .slice(0, 1)
      .map(({ id }) => ({
        label: '$(folder-library) Workspace catalog',
        description: mark(id),
        detail: `Files in the folder ${CATALOG_FOLDER}`,
        run: () => pickStore(WORKSPACE_CATALOG, resource),
      })),
    { label: '$(add) Connect to Another Atlas', run: () => connectToAtlas(server, stores, '') },
    ...(inUse.some(({ kind }) => kind === 'workspace')
      ? []
      : [{ label: '$(add) Use a Workspace Catalog', run: () => useWorkspaceCatalog(stores) }]),
  ];
  const title = 'Where do the jobs of this workspace belong?';
  await (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.run();
}

/** Forgets an Atlas server and its password, and says so. Asks which when there are several. */
export async function disconnectFromAtlas(stores: Stores): Promise<void> {
  const connections = atlasConnections();
  const connection = connections.length > 1 ? await askConnection(connections) : connections[0];
  if (!connection) return;
  await stores.disconnect(connection);
  void vscode.window.showInformationMessage(`Disconnected from Atlas at ${connection.name}.`);
}

async function askConnection(connections: readonly AtlasConnection[]): Promise<AtlasConnection | undefined> {
  const items = connections.map((connection) => ({
    label: plainLabel(connection.name),
    description: plainLabel(connection.url),
    connection,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Disconnect from which Atlas?' }))?.connection;
}

/** Makes the catalog folder in a workspace folder, so that metadata is kept there. */
export async function useWorkspaceCatalog(stores: Stores): Promise<readonly StoreInfo[] | undefined> {
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
  if (atlasConnections().length > 0) await pickNewConnection(WORKSPACE_CATALOG, folder.uri);
  const inUse = await stores.configure();
  void vscode.window.showInformationMessage(
    `Metadata is now kept in ${folder.name}/${CATALOG_FOLDER}, as files that can be committed.`,
  );
  return inUse;
}

/** What trying a connection has found, or what is wrong. */
async function tryConnection(
  server: Server,
  { name, setting }: Answers,
  secret: Secret | undefined,
  token: vscode.CancellationToken,
): Promise<Outcome<ConnectionTest>> {
  try {
    return await server.request(testConnection, { connection: toConnection(name, setting), secret }, token);
  } catch (thrown) {
    const cancelled: UserError = { code: 'cancelled', message: 'Cancelled.' };
    return { ok: false, error: token.isCancellationRequested ? cancelled : toUserError(thrown) };
  }
}

/** Addresses as people write them: commas or spaces between, a slash at the end or none. */
function splitUrls(text: string): string[] {
  return text
    .split(/[,\s]+/)
    .map((url) => url.replace(/\/+$/, ''))
    .filter((url) => url !== '');
}

function urlProblem(url: string): string | undefined {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return 'Enter an address that begins with http:// or https://.';
  }
  const { username, password } = new URL(url);
  return username || password ? 'Leave user and password out of the address; they are asked for next.' : undefined;
}

interface Question {
  step: number;
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
  box.title = 'Connect to Atlas';
  box.step = question.step;
  box.totalSteps = STEPS;
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
  step: number,
  prompt: string,
  items: (vscode.QuickPickItem & { id: Id })[],
): Promise<Id | typeof closed | typeof back> {
  const list = vscode.window.createQuickPick<vscode.QuickPickItem & { id: Id }>();
  list.title = 'Connect to Atlas';
  list.step = step;
  list.totalSteps = STEPS;
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
