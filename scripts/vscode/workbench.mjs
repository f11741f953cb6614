// Starts a real VS Code workbench for a browser: one folder open, the packaged extension installed, own settings.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { run } from '../lib/steps.mjs';
import { installWorkbench, SERVER_MAIN, SERVER_NODE } from './tools.mjs';

/** Nothing that is not about the work at hand: no telemetry, tips, walk-throughs, look-ups or trust question. */
export const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
};

/**
 * @typedef {object} Workbench
 * @property {number} port of the address below
 * @property {string} url where a browser finds the folder open; carries the key to it
 * @property {(open: { file?: string, payload?: [string, string][] }) => string} urlFor the same with a file open (absolute
 *   path), or with further pairs of what VS Code calls payload: a name and a path
 * @property {() => string} output what VS Code's server has written
 * @property {() => Promise<void>} stop ends the server and all it started
 * @property {Promise<void>} ended settles when the server has ended, by itself or by `stop`
 */

/**
 * Starts the workbench, installing it first when it is not there.
 * @param {object} options
 * @param {string} options.folder the folder to open, or a `.code-workspace` file
 * @param {string} options.data where this workbench keeps its own files; made when absent
 * @param {string} [options.vsix] the packaged extension to install
 * @param {Record<string, unknown>} [options.settings] user settings besides the quiet ones
 * @param {Record<string, string | undefined>} [options.env] added to the environment of the extension
 * @param {string} [options.file] a file to open when nothing else is asked for (absolute path)
 * @param {number} [options.port] 0 takes a free one
 * @param {string[]} [options.args] further arguments of VS Code's server
 * @returns {Promise<Workbench>}
 */
export async function startWorkbench({ folder, file, data, vsix, settings = {}, env = {}, port = 0, args = [] }) {
  await installWorkbench();
  const dataArgs = [
    '--server-data-dir',
    data,
    '--user-data-dir',
    data,
    '--extensions-dir',
    path.join(data, 'extensions'),
  ];
  // Machine-scoped settings are read from the machine's file only, all others from the user's
  for (const [scope, values] of [
    ['User', { ...QUIET_SETTINGS, ...settings }],
    ['Machine', settings],
  ]) {
    mkdirSync(path.join(data, scope), { recursive: true });
    writeFileSync(path.join(data, scope, 'settings.json'), JSON.stringify(values, null, 2));
  }
  if (vsix) {
    rmSync(path.join(data, 'extensions'), { recursive: true, force: true });
    const install = ['--accept-server-license-terms', ...dataArgs, '--install-extension', vsix, '--force'];
    await run(SERVER_NODE, [SERVER_MAIN, ...install]);
  }

  // Whoever does not know it, such as another page in the same browser, cannot talk to the server
  const token = randomBytes(16).toString('hex');
  const server = await startServer(
    ['--connection-token', token, '--telemetry-level', 'off', ...dataArgs, ...args],
    env,
  );
  let front;
  const uri = (place) => `vscode-remote://127.0.0.1:${front.port}${place}`;
  const queryFor = ({ file, payload = [] }) => {
    const query = new URLSearchParams({ [folder.endsWith('.code-workspace') ? 'workspace' : 'folder']: folder });
    const all = [...payload.map(([name, place]) => [name, uri(place)]), ...(file ? [['openFile', uri(file)]] : [])];
    if (all.length) query.set('payload', JSON.stringify(all));
    return query;
  };
  try {
    front = await startFront(port, server.port, secretKey(data), () => `/?${queryFor({ file })}`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    port: front.port,
    url: `http://127.0.0.1:${front.port}/?tkn=${token}`,
    urlFor: (open) => `http://127.0.0.1:${front.port}/?${queryFor(open)}&tkn=${token}`,
    output: server.output,
    ended: server.ended,
    async stop() {
      front.close();
      await server.stop();
    },
  };
}

/** Starts VS Code's own server in a process group of its own, so that it can be ended with all it has started. */
async function startServer(args, env) {
  const child = spawn(
    SERVER_NODE,
    [SERVER_MAIN, '--host', '127.0.0.1', '--port', '0', '--accept-server-license-terms', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...env } },
  );
  let output = '';
  const ended = new Promise((resolve) => child.on('close', () => resolve()));
  const port = await new Promise((resolve, reject) => {
    const collect = (chunk) => {
      output += chunk;
      const listening = /listening on (\d+)/.exec(output);
      if (listening) resolve(Number(listening[1]));
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`VS Code's server ended with ${code}:\n${output}`)));
  });
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // the group has ended already
    }
  };
  const killNow = () => signal('SIGKILL');
  process.on('exit', killNow);
  return {
    port,
    ended,
    output: () => output,
    async stop() {
      process.off('exit', killNow);
      signal('SIGTERM');
      const timer = setTimeout(killNow, 5000);
      await ended;
      clearTimeout(timer);
      killNow();
    },
  };
}

/** The 32 bytes that the browser's secret storage is encrypted with, the same as long as the data folder is. */
function secretKey(data) {
  const file = path.join(data, 'secret-key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
  return readFileSync(file);
}

/**
 * The address that the browser sees. It passes everything on to VS Code's server except the bare address, which leads to
 * the folder, and `mint-key`: VS Code in a browser encrypts its secret storage with a key it asks there, and without an
 * answer secrets are lost at every reload.
 */
async function startFront(port, serverPort, key, home) {
  const sockets = new Set();
  const target = (request) => ({
    host: '127.0.0.1',
    port: serverPort,
    method: request.method,
    path: request.url,
    headers: request.headers,
  });
  const front = http.createServer((request, response) => {
    if (request.url.endsWith('/mint-key')) return response.end(key);
    if (request.url === '/' && request.headers.cookie?.includes('vscode-tkn='))
      return response.writeHead(302, { location: home() }).end();
    const onward = http.request(target(request), (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  front.on('upgrade', (request, socket, head) => {
    const onward = net.connect(serverPort, '127.0.0.1', () => {
      const headers = request.rawHeaders.map((part, i) => (i % 2 ? `${part}\r\n` : `${part}: `)).join('');
      onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('close', () => sockets.delete(end));
      end.on('error', () => {
        socket.destroy();
        onward.destroy();
      });
    }
  });
  await new Promise((resolve, reject) => {
    front.once('error', (error) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is in use. Choose another with --port.`) : error),
    );
    front.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: front.address().port,
    close() {
      front.close();
      front.closeAllConnections();
      for (const socket of sockets) socket.destroy();
    },
  };
}
