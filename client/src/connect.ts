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
  pickStore,
  toConnection,
} from './connections';
import { askChoice, askText, back, closed, type Way } from './form';
import type { Server } from './server';
import { CATALOG_FOLDER, type Stores } from './stores';
import { plainLabel, plainMessage, showUserError, toUserError } from './userError';

type SignIn = 'password' | 'token' | 'knox' | 'kerberos' | 'certificate';

/** What the form has gathered so far; kept when the user goes back a step. */
interface Answers {
  /** The name before, '' for a new connection */
  before: string;
  name: string;
  setting: ConnectionSetting;
  signIn?: SignIn;
  user: string;
  passphrase?: string;
  /** The key of the client certificate does not open without one */
  needsPassphrase: boolean;
  secret?: Secret;
  /** What the last test that worked has found */
  found?: ConnectionTest;
}

/** Errors that mean that the address is wrong, nobody is there, or the one there is not to be trusted. */
const noAnswer = new Set<UserError['code']>(['unreachable', 'timeout', 'invalid', 'untrusted']);
const TITLE = 'Connect to Atlas';

/** One question. Undefined where it need not be asked. */
type Step = (answers: Answers) => Promise<Way> | undefined;

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
  const answers: Answers = {
    before: name,
    name,
    setting: known[name] ?? { url: '' },
    user: '',
    needsPassphrase: false,
  };
  const steps = [askUrl, askSignIn, askUser, askPassphrase, askSecret, askName, askNamespace];
  if (
    !(await ask(
      steps.map((step) => step(server)),
      answers,
    ))
  )
    return undefined;
  const resource = vscode.window.activeTextEditor?.document.uri;
  const { secret, passphrase } = answers;
  const kept: Secret | undefined = passphrase ? { ...(secret ?? { type: 'none' }), passphrase } : secret;
  const { inUse, keeps } = await stores.connect({ ...answers, secret: kept }, resource);
  const others = keeps ? ` The jobs here still belong to ${keeps}; “Choose Connection” changes that.` : '';
  void vscode.window.showInformationMessage(plainMessage(`Connected to Atlas at ${answers.name}.${others}`));
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
  return (await vscode.window.showQuickPick(items, { title: TITLE }))?.name;
}

/** Goes through the questions, forth and back; true when all are answered, false when the user closed the form. */
async function ask(steps: readonly Step[], answers: Answers): Promise<boolean> {
  for (let at = 0, direction = 1; at < steps.length; ) {
    const way = await steps[at]?.(answers);
    if (way === closed) return false;
    if (way) direction = way === back ? -1 : 1;
    at = Math.max(0, at + direction);
  }
  return true;
}

function askUrl(server: Server): Step {
  return async (answers) => {
    const chooseAuthority = async () => {
      const file = await chooseFile('The certificate of the authority that signed the server’s', ['pem', 'crt', 'cer']);
      if (file) answers.setting = { ...answers.setting, ca: file };
    };
    const value = await askText({
      title: TITLE,
      first: true,
      prompt: 'The address of the Atlas server; several of one Atlas with commas between',
      placeholder: 'https://atlas.example.org:21443',
      value: [answers.setting.url].flat().join(', '),
      button: { icon: 'shield', tooltip: 'Choose a Certificate to Trust', run: chooseAuthority },
      validate: (text) => {
        const urls = splitUrls(text);
        return urls.length === 0 ? 'Enter the address of the Atlas server.' : urls.map(urlProblem).find(Boolean);
      },
      // Tells early that nobody answers there. Any answer is good enough: a gateway may show strangers a page of its own.
      test: async (text, token) => {
        const [first = '', ...others] = splitUrls(text);
        answers.setting = { ...answers.setting, url: others.length > 0 ? [first, ...others] : first };
        const { kerberos: _, ...setting } = answers.setting;
        const outcome = await tryConnection(server, { ...answers, setting }, undefined, token);
        answers.needsPassphrase = !outcome.ok && outcome.error.code === 'passphrase';
        if (outcome.ok || !noAnswer.has(outcome.error.code)) return undefined;
        const { error } = outcome;
        const choose = 'The shield above chooses a file with the certificate of the authority that signed it.';
        return error.code === 'untrusted' && !setting.ca ? { ...error, advice: choose } : error;
      },
    });
    return typeof value === 'symbol' ? value : 'next';
  };
}

function askSignIn(server: Server): Step {
  const icon = (id: string) => new vscode.ThemeIcon(id);
  return async (answers) => {
    const value = await askChoice<SignIn>({
      title: TITLE,
      prompt: 'How do you sign in to Atlas?',
      items: [
        { label: 'User and password', id: 'password', iconPath: icon('account') },
        { label: 'Token', id: 'token', description: 'Bearer or JWT', iconPath: icon('key') },
        { label: 'Knox token', id: 'knox', description: 'The cookie hadoop-jwt of a gateway', iconPath: icon('key') },
        { label: 'Kerberos', id: 'kerberos', description: 'The ticket of this machine', iconPath: icon('tag') },
        { label: 'Certificate', id: 'certificate', description: 'Files of yours', iconPath: icon('shield') },
      ],
      test: async (signIn, token) => {
        const { kerberos, ...setting } = answers.setting;
        answers.setting = signIn === 'kerberos' ? { ...setting, kerberos: kerberos || true } : setting;
        if (signIn === 'certificate' && !(await chooseCertificate(answers))) {
          return { code: 'cancelled', message: 'Cancelled.' };
        }
        if (signIn !== 'kerberos' && signIn !== 'certificate') return undefined;
        answers.secret = undefined;
        const outcome = await tryConnection(server, answers, { type: 'none' }, token);
        answers.needsPassphrase = !outcome.ok && outcome.error.code === 'passphrase';
        if (outcome.ok) answers.found = outcome.value;
        return outcome.ok || answers.needsPassphrase ? undefined : outcome.error;
      },
    });
    if (typeof value === 'symbol') return value;
    answers.signIn = value;
    return 'next';
  };
}

/** Asks for the files of the user's certificate and key; false when the user does not choose any. */
async function chooseCertificate(answers: Answers): Promise<boolean> {
  const cert = await chooseFile('Your certificate', ['pem', 'crt', 'cer', 'p12', 'pfx']);
  if (!cert) return false;
  const { key: _, ...setting } = answers.setting;
  const key = /\.(p12|pfx)$/i.test(cert) ? undefined : await chooseFile('The key of your certificate', ['pem', 'key']);
  answers.setting = { ...setting, cert, ...(key ? { key } : {}) };
  return true;
}

async function chooseFile(title: string, extensions: string[]): Promise<string | undefined> {
  const filters = { Certificates: extensions, 'All files': ['*'] };
  return (await vscode.window.showOpenDialog({ title, openLabel: 'Choose', filters }))?.[0]?.fsPath;
}

function askUser(): Step {
  return (answers) => {
    if (answers.signIn !== 'password') return undefined;
    return askText({
      title: TITLE,
      prompt: `Your user at ${[answers.setting.url].flat()[0]}`,
      value: answers.user,
      validate: (text) => (text.trim() === '' ? 'Enter the name of the user.' : undefined),
    }).then((value) => {
      if (typeof value === 'symbol') return value;
      answers.user = value.trim();
      return 'next';
    });
  };
}

function askPassphrase(server: Server): Step {
  return (answers) => {
    if (!answers.needsPassphrase) return undefined;
    return askText({
      title: TITLE,
      prompt: 'The passphrase of the key. It is kept in the secret storage.',
      password: true,
      validate: (text) => (text === '' ? 'Enter the passphrase.' : undefined),
      test: async (passphrase, token) => {
        const outcome = await tryConnection(server, answers, { type: 'none', passphrase }, token);
        if (outcome.ok) answers.found = outcome.value;
        // Who signs in otherwise too is asked for that next
        const enough = outcome.ok || (answers.signIn !== 'certificate' && outcome.error.code !== 'passphrase');
        return enough ? undefined : outcome.error;
      },
    }).then((value) => {
      if (typeof value === 'symbol') return value;
      answers.passphrase = value;
      return 'next';
    });
  };
}

/** The words of a secret in the form, and how it is told to the server. */
function secretOf({
  signIn,
  user,
}: Answers): { word: string; prompt: string; of: (text: string) => Secret } | undefined {
  switch (signIn) {
    case 'password':
      return {
        word: 'password',
        prompt: `The password of ${user}.`,
        of: (password) => ({ type: 'basic', user, password }),
      };
    case 'token':
      return { word: 'token', prompt: 'The token.', of: (text) => ({ type: 'bearer', token: text.trim() }) };
    case 'knox':
      return {
        word: 'token',
        prompt: 'The token: what the cookie hadoop-jwt holds.',
        of: (text) => ({ type: 'knox', token: text.trim().replace(/^hadoop-jwt=/, '') }),
      };
    default:
      return undefined;
  }
}

function askSecret(server: Server): Step {
  return (answers) => {
    const asked = secretOf(answers);
    if (!asked) return undefined;
    const { passphrase } = answers;
    const toSecret = (text: string): Secret => ({ ...asked.of(text), ...(passphrase ? { passphrase } : {}) });
    return askText({
      title: TITLE,
      prompt: `${asked.prompt} It is kept in the secret storage.`,
      password: true,
      validate: (text) => (text === '' ? `Enter the ${asked.word}.` : undefined),
      test: async (text, cancellation) => {
        const outcome = await tryConnection(server, answers, toSecret(text), cancellation);
        if (!outcome.ok) return outcome.error;
        answers.found = outcome.value;
        return undefined;
      },
    }).then((value) => {
      if (typeof value === 'symbol') return value;
      answers.secret = toSecret(value);
      return 'next';
    });
  };
}

function askName(): Step {
  return async (answers) => {
    const host = new URL([answers.setting.url].flat()[0] ?? '').host;
    const value = await askText({
      title: TITLE,
      prompt: 'A name for this Atlas. Settings and the tree call it so.',
      placeholder: 'prod',
      value: answers.name || host,
      validate: (text) => {
        const taken = text.trim() !== answers.before && text.trim() in connectionSettings();
        return taken ? `There is a connection “${text.trim()}” already.` : nameProblem(text);
      },
    });
    if (typeof value === 'symbol') return value;
    answers.name = value.trim();
    return 'next';
  };
}

function askNamespace(): Step {
  return (answers) => {
    const { namespace } = answers.setting;
    // A namespace for each place is a matter of the settings file
    if (typeof namespace === 'object') return undefined;
    const found = answers.found?.namespace;
    return askText({
      title: TITLE,
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
}

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
  void vscode.window.showInformationMessage(plainMessage(`Disconnected from Atlas at ${connection.name}.`));
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
  if (atlasConnections().length > 0) await pickStore(WORKSPACE_CATALOG, folder.uri);
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
