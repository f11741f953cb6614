import * as vscode from 'vscode';
import {
  compareStores,
  type Outcome,
  type StoreComparison,
  type StoreDifference,
  type StoreInfo,
  type SyncResult,
  syncStores,
} from '../../server/src/protocol';
import { compareText, counted, moreText } from './compareText';
import { connectToAtlas, useWorkspaceCatalog } from './connect';
import type { Pages } from './pages';
import { withProgress } from './publish';
import type { Server } from './server';
import type { Stores } from './stores';
import { plainLabel, plainMessage, plainText, showUserError } from './userError';

/** What becomes of a difference: the first store's side is taken, the second's, or neither. */
type Way = 'push' | 'pull' | 'skip';
type Ways = Map<string, Way>;

const icons: Record<Way, string> = { push: 'arrow-right', pull: 'arrow-left', skip: 'circle-slash' };

/**
 * The command "Compare Workspace Catalog with Atlas": what only one of two stores has, and what differs; then, for each or for
 * all, which side is taken. Nothing is changed before the user says so.
 */
export async function compareWithAtlas(server: Server, stores: Stores, pages: Pages): Promise<void> {
  const pair = await choosePair(server, stores);
  if (!pair) return;
  const [here, there] = pair;
  const compared = await withProgress<Outcome<StoreComparison>>(
    `Comparing ${here.label} with ${there.label}`,
    async (report, token) => {
      const workDoneToken = `compare-${Date.now()}`;
      const stop = await server.onProgress(workDoneToken, report);
      try {
        return await server.request(compareStores, { here: here.id, there: there.id, workDoneToken }, token);
      } finally {
        stop.dispose();
      }
    },
  );
  if (!compared.ok) {
    await showUserError(compared.error, { Retry: () => compareWithAtlas(server, stores, pages) });
    return;
  }
  const comparison = compared.value;
  if (comparison.differences.length === 0) {
    const text = `${here.label} and ${there.label} are alike: ${comparison.same} pieces of metadata.`;
    await vscode.window.showInformationMessage(plainMessage([text, ...comparison.notes].join(' ')));
    return;
  }
  const ways = await chooseWays(comparison, pages);
  await pages.close();
  if (ways) await settle(server, comparison, ways);
}

/** The two stores: a workspace catalog and an Atlas server, or two servers. Asks where there are several. */
async function choosePair(server: Server, stores: Stores): Promise<[StoreInfo, StoreInfo] | undefined> {
  const inUse = await stores.current();
  const catalogs = inUse.filter(({ kind }) => kind === 'workspace');
  const servers = inUse.filter(({ kind }) => kind === 'atlas');
  if (inUse.length < 2 || servers.length === 0) {
    const missing = servers.length === 0 ? 'Connect to Atlas' : 'Use a Workspace Catalog';
    const chosen = await vscode.window.showInformationMessage(
      'Comparing needs a workspace catalog and an Atlas server, or two servers.',
      missing,
    );
    if (chosen === missing) await (servers.length === 0 ? connectToAtlas(server, stores) : useWorkspaceCatalog(stores));
    return undefined;
  }
  const here = await chooseStore(catalogs.length > 0 ? catalogs : servers, 'Compare what?');
  const there = here && (await chooseStore(without(servers, here), `Compare ${here.label} with which Atlas?`));
  return here && there ? [here, there] : undefined;
}

function without(stores: readonly StoreInfo[], one: StoreInfo): StoreInfo[] {
  return stores.filter(({ id }) => id !== one.id);
}

async function chooseStore(stores: readonly StoreInfo[], title: string): Promise<StoreInfo | undefined> {
  if (stores.length <= 1) return stores[0];
  const items = stores.map((store) => ({
    label: plainLabel(store.label),
    description: plainLabel(store.url),
    store,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.store;
}

/** What may become of a difference: what only one side has can only go to the other. */
function possible({ state }: StoreDifference): Way[] {
  if (state === 'different') return ['skip', 'push', 'pull'];
  return ['skip', state === 'here' ? 'push' : 'pull'];
}

type Item = vscode.QuickPickItem & { difference?: StoreDifference; all?: Way; settle?: true };

/** Shows the differences; Enter on one goes through what may become of it. Undefined when the user wants nothing changed. */
function chooseWays(comparison: StoreComparison, pages: Pages): Promise<Ways | undefined> {
  const { here, there, differences, notes } = comparison;
  const ways: Ways = new Map(differences.map(({ id }) => [id, 'skip']));
  const list = vscode.window.createQuickPick<Item>();
  list.title = plainText(`${here.label} ⇄ ${there.label}: ${counted(differences.length)}`);
  list.placeholder = 'Enter on a difference changes what becomes of it. Nothing is changed yet.';
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.ignoreFocusOut = true;
  list.keepScrollPosition = true;
  const asDiff = { iconPath: new vscode.ThemeIcon('diff'), tooltip: 'Show All Differences in an Editor' };
  list.buttons = [asDiff];
  const takeAll = (way: 'push' | 'pull') => {
    const target = way === 'push' ? there : here;
    return { label: `$(${icons[way]}) All to ${plainLabel(target.label)}`, all: way, alwaysShow: true };
  };
  const render = () => {
    const count = (way: Way) => [...ways.values()].filter((one) => one === way).length;
    const parts = [
      ...(count('push') > 0 ? [`${count('push')} to ${there.label}`] : []),
      ...(count('pull') > 0 ? [`${count('pull')} to ${here.label}`] : []),
    ];
    const apply: Item[] =
      parts.length > 0
        ? [{ label: '$(check) Do It', description: plainLabel(parts.join(', ')), settle: true, alwaysShow: true }]
        : [];
    const skipAll: Item[] =
      parts.length > 0 ? [{ label: '$(circle-slash) Skip All', all: 'skip', alwaysShow: true }] : [];
    list.items = [
      ...apply,
      ...(['push', 'pull'] as const)
        .filter((way) => differences.some((one) => possible(one).includes(way)))
        .map(takeAll),
      ...skipAll,
      ...notes.map((note) => ({ label: `$(info) ${plainLabel(note)}` })),
      { label: 'Differences', kind: vscode.QuickPickItemKind.Separator },
      ...differences.map((difference) => toItem(difference, ways.get(difference.id) ?? 'skip', comparison)),
    ];
  };
  render();
  return new Promise((resolve) => {
    list.onDidTriggerButton(() => void show(comparison, pages));
    list.onDidAccept(() => {
      const [chosen] = list.activeItems;
      if (chosen?.settle) {
        resolve(ways);
        list.dispose();
        return;
      }
      const { difference, all } = chosen ?? {};
      for (const one of all ? differences : difference ? [difference] : []) {
        const choices = possible(one);
        const next = choices[(choices.indexOf(ways.get(one.id) ?? 'skip') + 1) % choices.length] ?? 'skip';
        ways.set(one.id, all ? (choices.includes(all) ? all : 'skip') : next);
      }
      render();
      const same = list.items.filter((item) => (difference ? item.difference?.id === difference.id : item.settle));
      list.activeItems = same;
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

function toItem(difference: StoreDifference, way: Way, { here, there }: StoreComparison): Item {
  const { state, what, label, attribute, here: mine, there: theirs } = difference;
  const only = state === 'here' ? here : there;
  const text = (value: string | undefined) => plainLabel(value || 'nothing').slice(0, 120);
  return {
    label: `$(${icons[way]}) ${plainLabel(label)}`,
    description:
      state === 'different'
        ? `${what} · ${attribute}`
        : `${what}, only in ${plainLabel(only.label)}${moreText(difference)}`,
    ...(state === 'different' ? { detail: `${text(mine)}  ⇄  ${text(theirs)}` } : {}),
    difference,
  };
}

function show(comparison: StoreComparison, pages: Pages): Promise<void> {
  const title = `Compare ${comparison.here.label} with ${comparison.there.label}`;
  return pages.show(title, compareText(comparison), 'diff', { keepFocus: true });
}

/** Carries the chosen differences, and tells how it went. */
async function settle(server: Server, { id, here, there }: StoreComparison, ways: Ways): Promise<void> {
  const chosen = (way: Way) => [...ways].filter(([, one]) => one === way).map(([difference]) => difference);
  const outcome = await withProgress<Outcome<SyncResult>>(
    `Making ${here.label} and ${there.label} alike`,
    async (report, token) => {
      const workDoneToken = `sync-${id}`;
      const stop = await server.onProgress(workDoneToken, report);
      const params = { comparison: id, push: chosen('push'), pull: chosen('pull'), workDoneToken };
      try {
        return await server.request(syncStores, params, token);
      } finally {
        stop.dispose();
      }
    },
  );
  if (!outcome.ok) {
    await showUserError(outcome.error);
    return;
  }
  const { pushed, pulled, notes } = outcome.value;
  const parts = [
    ...(pushed > 0 ? [`${counted(pushed)} carried to ${there.label}`] : []),
    ...(pulled > 0 ? [`${counted(pulled)} carried to ${here.label}`] : []),
  ];
  void vscode.window.showInformationMessage(plainMessage([`${parts.join(', ')}.`, ...notes].join(' ')));
}
