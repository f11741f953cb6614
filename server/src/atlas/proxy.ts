import type { ProxySettings } from '../protocol';

/** A proxy as axios takes it; false for a direct way, undefined for what the environment's variables say. */
export type Proxy = { protocol: string; host: string; port: number; auth?: ProxyAuth } | false | undefined;

interface ProxyAuth {
  username: string;
  password: string;
}

/**
 * The proxy on the way to an address. Never one to the own machine; never one for the hosts that the settings except; what the
 * settings do not say is left to HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Undefined also when the proxy's address is none.
 */
export function proxyFor(address: string, settings: ProxySettings | undefined): Proxy {
  const target = new URL(address);
  if (isLoopback(target.hostname)) return false;
  if (!settings) return undefined;
  if (settings.url === 'none' || settings.bypass.some((rule) => isExcepted(target, rule))) return false;
  const { url } = settings;
  if (url === '') return undefined;
  const proxy = URL.canParse(url) ? new URL(url) : undefined;
  if (!proxy || !/^https?:$/.test(proxy.protocol)) return undefined;
  const auth = { username: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) };
  const port = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80);
  return { protocol: proxy.protocol, host: proxy.hostname, port, ...(auth.username ? { auth } : {}) };
}

/** Whether the environment names any proxy. */
export function environmentHasProxy(env: NodeJS.ProcessEnv): boolean {
  return ['http_proxy', 'https_proxy', 'all_proxy'].some((name) => env[name] || env[name.toUpperCase()]);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** 'example.org' and '.example.org' except the host and all below; '*.example.org' all below; '*' everything; ':port' only that port. */
function isExcepted(target: URL, rule: string): boolean {
  const [, name = '', port] = /^\s*(\S*?)(?::(\d+))?\s*$/.exec(rule.toLowerCase()) ?? [];
  if (name === '') return false;
  if (name === '*') return true;
  const targetPort = target.port || (target.protocol === 'https:' ? '443' : '80');
  if (port && port !== targetPort) return false;
  const domain = name.replace(/^\*?\./, '');
  return (target.hostname === domain && !name.startsWith('*')) || target.hostname.endsWith(`.${domain}`);
}
