import * as vscode from 'vscode';
import { type AtlasConnection, type ProxySettings, WORKSPACE_CATALOG } from '../../server/src/protocol';

/** One connection as it stands in the user's settings, under its name. Secrets are never in it. */
export interface ConnectionSetting {
  /** The address, or several of one Atlas: tried in order */
  url: string | string[];
  /** One for all datasets, or by bootstrap server, host or URL scheme; `default` for all others */
  namespace?: string | Record<string, string>;
  /** Milliseconds for one answer */
  timeout?: number;
  /** Files: authorities to trust, the client's certificate and its key */
  ca?: string;
  cert?: string;
  key?: string;
  /** Sign in with this machine's ticket; a text names the server's principal */
  kerberos?: boolean | string;
}

const DEFAULT_NAMESPACE = 'primary';
const DEFAULT_TIMEOUT = 5000;

/** The connections of the user's settings by name, in their order. They are machine-scoped: a workspace has no say. */
export function connectionSettings(): Record<string, ConnectionSetting> {
  const all = vscode.workspace.getConfiguration('flinkSql.atlas').get<Record<string, ConnectionSetting>>('connections');
  const usable = Object.entries(all ?? {}).filter(([, setting]) => urlsOf(setting).length > 0);
  return Object.fromEntries(usable);
}

/** The user's Atlas servers, as the server takes them. */
export function atlasConnections(): AtlasConnection[] {
  return Object.entries(connectionSettings()).map(([name, setting]) => toConnection(name, setting));
}

/** A setting with its defaults, in the server's terms. */
export function toConnection(name: string, setting: ConnectionSetting): AtlasConnection {
  const [url = '', ...otherUrls] = urlsOf(setting);
  const { namespace, timeout } = setting;
  const { default: fallback, ...namespaces } = typeof namespace === 'object' ? namespace : { default: namespace };
  return {
    name,
    url,
    ...(otherUrls.length > 0 ? { otherUrls } : {}),
    namespace: fallback?.trim() || DEFAULT_NAMESPACE,
    ...(Object.keys(namespaces).length > 0 ? { namespaces } : {}),
    timeout: typeof timeout === 'number' ? timeout : DEFAULT_TIMEOUT,
    ...textsOf(setting),
    ...(setting.kerberos ? { kerberos: setting.kerberos } : {}),
    proxy: proxySettings(),
  };
}

/** The files of a setting, those that it names. */
function textsOf(setting: ConnectionSetting): Pick<AtlasConnection, 'ca' | 'cert' | 'key'> {
  const named = (['ca', 'cert', 'key'] as const).filter((name) => typeof setting[name] === 'string' && setting[name]);
  return Object.fromEntries(named.map((name) => [name, setting[name]]));
}

/** VS Code's own proxy settings. It applies them to itself and not to the language server, which is a process of its own. */
function proxySettings(): ProxySettings {
  const settings = vscode.workspace.getConfiguration('http');
  const off = settings.get('proxySupport') === 'off';
  return {
    url: off ? 'none' : settings.get('proxy', ''),
    bypass: settings.get<string[]>('noProxy', []),
    strictSSL: settings.get('proxyStrictSSL', true),
  };
}

function urlsOf({ url }: ConnectionSetting): string[] {
  return (Array.isArray(url) ? url : [url])
    .filter((one) => typeof one === 'string')
    .map((one) => one.trim())
    .filter(Boolean);
}

/** Writes a connection into the user's settings, in place of the one that is called `before`. */
export async function saveConnection(name: string, setting: ConnectionSetting, before = ''): Promise<void> {
  const { [before]: _, ...others } = connectionSettings();
  await update({ ...others, [name]: setting });
}

/** Takes a connection out of the user's settings. */
export async function removeConnection(name: string): Promise<void> {
  const { [name]: _, ...others } = connectionSettings();
  await update(others);
}

async function update(connections: Record<string, ConnectionSetting>): Promise<void> {
  const value = Object.keys(connections).length > 0 ? connections : undefined;
  await vscode.workspace
    .getConfiguration('flinkSql.atlas')
    .update('connections', value, vscode.ConfigurationTarget.Global);
}

/** The name that the settings pick for a resource: a connection's, WORKSPACE_CATALOG, or '' when they pick none. */
export function pickedName(resource?: vscode.Uri): string {
  return vscode.workspace.getConfiguration('flinkSql.atlas', resource).get('connection', '').trim();
}

/** What the settings pick, by folder URI; '' for files outside of all folders. */
export function picks(): Record<string, string> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const all = [['', pickedName()], ...folders.map(({ uri }) => [uri.toString(), pickedName(uri)])];
  return Object.fromEntries(all.filter(([, name]) => name !== ''));
}

/**
 * Lets the settings pick a store: in the folder of a resource where several are open, else in the workspace, else (no
 * folder is open) for the user.
 */
export async function pickStore(name: string, resource?: vscode.Uri): Promise<void> {
  const settings = vscode.workspace.getConfiguration('flinkSql.atlas', resource);
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const folder = several && resource && vscode.workspace.getWorkspaceFolder(resource);
  const { Global, Workspace, WorkspaceFolder } = vscode.ConfigurationTarget;
  const target = folder ? WorkspaceFolder : vscode.workspace.workspaceFolders?.length ? Workspace : Global;
  await settings.update('connection', name, target);
}

/**
 * Lets the settings pick a connection that was just made: the user's where nothing else says which, else the workspace's. A
 * workspace or folder that has picked another one of the connections keeps it; gives that one's name.
 */
export async function pickNewConnection(name: string, resource?: vscode.Uri): Promise<string | undefined> {
  if (pickedName(resource) === name) return undefined;
  const settings = vscode.workspace.getConfiguration('flinkSql.atlas', resource);
  const kept = settings.inspect<string>('connection');
  const chosen = kept?.workspaceFolderValue || kept?.workspaceValue;
  if (chosen && chosen in connectionSettings()) return chosen;
  if (chosen || kept?.globalValue) await pickStore(name, resource);
  else await settings.update('connection', name, vscode.ConfigurationTarget.Global);
  return undefined;
}

/** Forgets a connection in what the settings pick, wherever they do. */
export async function unpick(name: string): Promise<void> {
  const resources = [undefined, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  for (const resource of resources) {
    const settings = vscode.workspace.getConfiguration('flinkSql.atlas', resource);
    const kept = settings.inspect<string>('connection');
    const { Global, Workspace, WorkspaceFolder } = vscode.ConfigurationTarget;
    if (kept?.globalValue === name) await settings.update('connection', undefined, Global);
    if (kept?.workspaceValue === name) await settings.update('connection', undefined, Workspace);
    if (kept?.workspaceFolderValue === name) await settings.update('connection', undefined, WorkspaceFolder);
  }
}

/** What is wrong with a name for a connection, undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'Enter a name for the connection.';
  return name.trim() === WORKSPACE_CATALOG
    ? `“${WORKSPACE_CATALOG}” means the workspace catalog; take another name.`
    : undefined;
}
