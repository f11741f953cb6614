import * as vscode from 'vscode';
import {
  card,
  classifications,
  type DatasetText,
  type SearchHit,
  type SearchKind,
  search,
  type UserError,
} from '../../server/src/protocol';
import type { DatasetTexts } from './datasetText';
import type { JobsTree, Row } from './jobsTree';
import type { Pages } from './pages';
import type { Server } from './server';
import { errorText, plainLabel, showUserError } from './userError';

/** Milliseconds after the last keystroke until the stores are asked. */
const SEARCH_AFTER = 250;

const icons: Record<SearchKind, string> = { dataset: 'database', column: 'symbol-field', job: 'gear', term: 'book' };
const titles: Record<SearchKind, string> = {
  dataset: 'Datasets Only',
  column: 'Columns Only',
  job: 'Jobs Only',
  term: 'Glossary Terms Only',
};

interface Item extends vscode.QuickPickItem {
  hit?: SearchHit;
  /** A classification to narrow the search to */
  tag?: string;
}

interface Button extends vscode.QuickInputButton {
  run: (hit: SearchHit) => unknown;
}

const kindButtons = (Object.keys(icons) as SearchKind[]).map((kind) => ({
  iconPath: new vscode.ThemeIcon(icons[kind]),
  tooltip: titles[kind],
  word: `type:${kind}`,
}));
const tagButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('tag'), tooltip: 'With a Classification' };

/**
 * The command "Search Atlas": a list that follows the typing. The answer to the last text wins; what is on its way for an
 * older one is cancelled. Enter opens what is known of a hit; its buttons insert it, or show where it is.
 */
export class AtlasSearch {
  constructor(
    private readonly server: Server,
    private readonly texts: DatasetTexts,
    private readonly tree: JobsTree,
    private readonly pages: Pages,
  ) {}

  /** Opens the list, with a text in it to begin with. */
  open(text = ''): void {
    const list = vscode.window.createQuickPick<Item>();
    // The order is the server's: the best first
    Object.assign(list, { sortByLabel: false });
    list.title = 'Search Atlas';
    list.placeholder = 'Datasets, columns, jobs and terms; type:kafka and tag:PII narrow the search';
    list.matchOnDescription = true;
    list.matchOnDetail = true;
    list.keepScrollPosition = true;
    list.buttons = [...kindButtons, tagButton];
    let timer: NodeJS.Timeout | undefined;
    let running: vscode.CancellationTokenSource | undefined;
    const ask = async () => {
      running?.cancel();
      const mine = new vscode.CancellationTokenSource();
      running = mine;
      list.busy = true;
      const items = await this.itemsFor(list.value, mine.token);
      if (running !== mine) return;
      list.busy = false;
      list.items = items;
    };
    const changed = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), SEARCH_AFTER);
    };
    const write = (value: string) => {
      list.value = value;
      changed();
    };
    list.onDidChangeValue(changed);
    list.onDidTriggerButton((button) => {
      const kind = kindButtons.find((each) => each === button);
      write(kind ? withKind(list.value, kind.word) : `${list.value.trim()} tag:`.trimStart());
    });
    list.onDidTriggerItemButton(async ({ item, button }) => {
      if (!item.hit) return;
      list.hide();
      await (button as Button).run(item.hit);
    });
    list.onDidAccept(async () => {
      const [item] = list.selectedItems;
      if (item?.tag !== undefined) write(`${list.value.replace(/\S*$/, '')}tag:${item.tag} `);
      else if (item?.hit) {
        list.hide();
        await this.showCard(item.hit);
      }
    });
    list.onDidHide(() => {
      clearTimeout(timer);
      running?.cancel();
      list.dispose();
    });
    list.show();
    if (text) write(text);
  }

  private async itemsFor(value: string, token: vscode.CancellationToken): Promise<Item[]> {
    const tag = /(?:^|\s)(?:tag|class|classification):(\S*)$/i.exec(value)?.[1];
    const [found, names] = await Promise.all([
      value.trim() === '' ? undefined : this.server.request(search, { text: value }, token).catch(() => undefined),
      tag === undefined ? [] : this.server.request(classifications, {}, token).catch(() => []),
    ]);
    const tags = names
      .filter((name) => name.toLowerCase().startsWith(tag?.toLowerCase() ?? '') && name !== tag)
      .map(
        (name): Item => ({
          label: `$(tag) ${plainLabel(name)}`,
          description: 'classification',
          alwaysShow: true,
          tag: name,
        }),
      );
    const hits = (found?.hits ?? []).map((hit) => this.itemOf(hit));
    const problems = (found?.problems ?? []).map(problemItem);
    if (found && tags.length + hits.length + problems.length === 0) {
      return [{ label: '$(info) Nothing has these words', alwaysShow: true }];
    }
    return [...tags, ...problems, ...hits];
  }

  private itemOf(hit: SearchHit): Item {
    const about = [
      hit.classifications.map((name) => `⚑ ${name}`).join(' '),
      hit.owner && `Owner ${hit.owner}`,
      hit.description,
    ];
    const detail = about.filter(Boolean).join(' · ');
    return {
      hit,
      label: `$(${icons[hit.kind]}) ${shown(hit.name)}`,
      description: shown(`${hit.typeLabel} · ${hit.qualifiedName}`),
      ...(detail ? { detail: shown(detail) } : {}),
      alwaysShow: true,
      buttons: this.buttonsOf(hit),
    };
  }

  private buttonsOf({ kind, webUrl }: SearchHit): Button[] {
    const button = (icon: string, tooltip: string, run: Button['run']): Button => ({
      iconPath: new vscode.ThemeIcon(icon),
      tooltip,
      run,
    });
    const insert = (textOf: (text: DatasetText) => string) => (hit: SearchHit) => this.texts.insert(hit, textOf);
    const isData = kind === 'dataset' || kind === 'column';
    return [
      ...(isData
        ? [
            button(
              'insert',
              'Insert Name',
              insert(({ name }) => name),
            ),
          ]
        : []),
      ...(isData
        ? [
            button(
              'code',
              'Insert DDL',
              insert(({ ddl }) => ddl),
            ),
          ]
        : []),
      ...(kind === 'job' ? [button('list-tree', 'Show in Tree', (hit) => this.showInTree(hit))] : []),
      ...(kind === 'term' ? [] : [button('type-hierarchy-sub', 'Show Lineage', showLineage)]),
      ...(webUrl ? [button('link-external', 'Open in Atlas', openInAtlas)] : []),
    ];
  }

  private async showInTree({ store, treeItem }: SearchHit): Promise<void> {
    if (treeItem) await this.tree.reveal({ id: store }, treeItem);
  }

  /** The page of a row of the tree, when it is about a job, a dataset or a column. */
  async showRow(row: Row | undefined): Promise<void> {
    const item = row?.item;
    if (!row || !item) return;
    const kind = item.kind === 'job' ? 'job' : item.kind === 'input' || item.kind === 'output' ? 'dataset' : 'column';
    const guid = item.kind === 'job' ? item.id.replace(/^job:/, '') : item.guid;
    if (guid) await this.showCard({ store: row.store.id, kind, guid });
  }

  /** All that is known of something, as a page beside the scripts. */
  async showCard({ store, kind, guid }: Pick<SearchHit, 'store' | 'kind' | 'guid'>): Promise<void> {
    const outcome = await this.server.request(card, { store, kind, guid });
    if (outcome.ok) await this.pages.show(outcome.value.title, outcome.value.markdown, 'page');
    else await showUserError(outcome.error);
  }
}

function showLineage({ store, typeName, qualifiedName }: SearchHit): Thenable<unknown> {
  return vscode.commands.executeCommand('flinkSql.showLineage', { store, typeName, qualifiedName });
}

async function openInAtlas({ webUrl }: SearchHit): Promise<void> {
  if (webUrl) await vscode.env.openExternal(vscode.Uri.parse(webUrl));
}

function problemItem(problem: UserError): Item {
  return { label: `$(warning) ${shown(errorText(problem))}`, alwaysShow: true };
}

/** The text with the kind's word, or without it when it has it already. */
function withKind(value: string, word: string): string {
  const words = value.split(/\s+/).filter((each) => each && !/^(type|kind):(dataset|column|job|term)s?$/i.test(each));
  const had = value.split(/\s+/).includes(word);
  return [...(had ? [] : [word]), ...words].join(' ') + (words.length > 0 ? '' : ' ');
}

/** A text of a row, not too long. */
function shown(text: string): string {
  const line = plainLabel(text);
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
