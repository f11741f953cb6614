import * as vscode from 'vscode';
import {
  jobsWithoutScript,
  type LostJob,
  planRetire,
  type RetirePlan,
  renameJob,
  retireJob,
  type StoreInfo,
  type TreeItem,
  treeChildren,
} from '../../server/src/protocol';
import type { Row } from './jobsTree';
import type { Server } from './server';
import type { Stores } from './stores';
import { plainLabel, plainMessage, plainText, shortName, showUserError } from './userError';

/** A job in a store, as the commands here take it: a row of the tree has it. */
interface JobRef {
  store: StoreInfo;
  item: string;
  name: string;
}

/** So many lines of what goes fit into a dialog. */
const MOST_LINES = 15;
/** So many jobs are offered to pick from. */
const MOST_JOBS = 2_000;

/** The commands that take jobs out of Atlas or rename them there. */
export class Retirement {
  constructor(
    private readonly server: Server,
    private readonly stores: Stores,
  ) {}

  /** Retires the job of a row, or one that is picked: shows what goes, and asks. */
  async retire(row?: Row): Promise<void> {
    const job = await this.jobOf(row, 'Retire which job?');
    const plan = job && (await this.plan(job));
    if (plan && (await confirmed([plan]))) await this.carryOut([plan]);
  }

  /** Renames the job of a row, or one that is picked, in Atlas. */
  async rename(row?: Row): Promise<void> {
    const job = await this.jobOf(row, 'Rename which job?');
    if (!job) return;
    const name = await vscode.window.showInputBox({
      title: plainText(`Rename ${shortName(job.name)} in ${job.store.label}`),
      prompt: 'It stays the same job, with its lineage and what was said of it.',
      value: job.name,
      validateInput: (text) =>
        text.trim() === '' ? 'Enter a name.' : /[@\n]/.test(text) ? 'A name has no @.' : undefined,
    });
    if (name === undefined || name.trim() === job.name) return;
    await this.renameTo(job, name.trim(), row);
  }

  /** Lists the jobs whose script is gone, to be retired or renamed. */
  async findWithoutScript(): Promise<void> {
    const store = await this.storeToSearch();
    if (!store) return;
    const title = `Looking for the scripts of the jobs in ${store.label} …`;
    const outcome = await progress(title, (token) =>
      this.server.request(jobsWithoutScript, { store: store.id }, token),
    );
    if (!outcome.ok) return showUserError(outcome.error);
    if (outcome.value.length === 0) {
      void vscode.window.showInformationMessage(
        `Every job in ${store.label} that was published from the repositories open here has its script.`,
      );
      return;
    }
    const chosen = await this.pickLost(store, outcome.value);
    const plans: RetirePlan[] = [];
    for (const { item, name } of chosen) {
      const plan = await this.plan({ store, item, name });
      if (!plan) return;
      plans.push(plan);
    }
    if (plans.length > 0 && (await confirmed(plans))) await this.carryOut(plans);
  }

  private pickLost(store: StoreInfo, lost: readonly LostJob[]): Promise<readonly LostJob[]> {
    type Item = vscode.QuickPickItem & { job: LostJob };
    const list = vscode.window.createQuickPick<Item>();
    const rename: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('edit'), tooltip: 'Rename to That Job' };
    list.title = `Jobs in ${store.label} without a script`;
    list.placeholder = 'Choose the jobs to retire. What goes is shown first.';
    list.canSelectMany = true;
    list.matchOnDescription = true;
    list.items = lost.map((job) => ({
      label: plainLabel(job.name),
      description: plainLabel(job.file),
      detail: job.now === undefined ? 'The file is gone.' : `The file is now the job ${plainLabel(job.now)}.`,
      buttons: job.now === undefined ? [] : [rename],
      job,
    }));
    return new Promise((resolve) => {
      list.onDidAccept(() => {
        resolve(list.selectedItems.map(({ job }) => job));
        list.dispose();
      });
      list.onDidTriggerItemButton(({ item: { job } }) => {
        resolve([]);
        list.dispose();
        void this.renameTo({ store, item: job.item, name: job.name }, job.now ?? job.name);
      });
      list.onDidHide(() => {
        resolve([]);
        list.dispose();
      });
      list.show();
    });
  }

  private async plan({ store, item, name }: JobRef): Promise<RetirePlan | undefined> {
    const outcome = await progress(`Looking up what belongs to ${shortName(name)} …`, (token) =>
      this.server.request(planRetire, { store: store.id, item }, token),
    );
    if (outcome.ok) return outcome.value;
    await showUserError(outcome.error);
    return undefined;
  }

  private async carryOut(plans: readonly RetirePlan[]): Promise<void> {
    const done: string[] = [];
    for (const { id, job, store } of plans) {
      const outcome = await progress(`Retiring ${shortName(job.name)} from ${store.label}`, (token) =>
        this.server.request(retireJob, { plan: id }, token),
      );
      if (!outcome.ok) return showUserError(outcome.error);
      done.push(shortName(job.name));
    }
    const where = plans[0]?.store.label ?? '';
    const what = done.length === 1 ? `${done[0]} is` : `${done.length} jobs are`;
    void vscode.window.showInformationMessage(plainMessage(`${what} retired from ${where}.`));
  }

  private async renameTo({ store, item, name }: JobRef, to: string, row?: Row): Promise<void> {
    const outcome = await progress(`Renaming ${shortName(name)} to ${shortName(to)}`, (token) =>
      this.server.request(renameJob, { store: store.id, item, name: to }, token),
    );
    if (!outcome.ok) return showUserError(outcome.error);
    const open = 'Open Source';
    const chosen = await vscode.window.showInformationMessage(
      plainMessage(
        `${shortName(name)} is called ${shortName(to)} in ${store.label} now. Give the script that name too, in SET 'pipeline.name' or -- @job.`,
      ),
      ...(row?.item?.source ? [open] : []),
    );
    if (chosen === open) await vscode.commands.executeCommand('flinkSql.openSource', row);
  }

  /** The job of a row, else one that the user picks from all. */
  private async jobOf(row: Row | undefined, title: string): Promise<JobRef | undefined> {
    if (row?.item) return { store: row.store, item: row.item.id, name: row.item.label };
    const store = await this.storeToSearch();
    if (!store) return undefined;
    const items = this.jobs(store).then((jobs) =>
      jobs.map((job) => ({ label: plainLabel(job.label), description: plainLabel(job.description ?? ''), job })),
    );
    const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
    return chosen && { store, item: chosen.job.id, name: chosen.job.label };
  }

  private async jobs(store: StoreInfo): Promise<TreeItem[]> {
    const jobs: TreeItem[] = [];
    for (let offset = 0; jobs.length < MOST_JOBS; ) {
      const outcome = await this.server.request(treeChildren, { store: store.id, offset });
      if (!outcome.ok) {
        await showUserError(outcome.error);
        return [];
      }
      jobs.push(...outcome.value.filter(({ kind }) => kind === 'job'));
      const more = outcome.value.find(({ kind }) => kind === 'more');
      if (!more) break;
      offset = Number(more.id);
    }
    return jobs;
  }

  private async storeToSearch(): Promise<StoreInfo | undefined> {
    const stores = await this.stores.current();
    if (stores.length === 0) {
      void vscode.window.showInformationMessage('Atlas is not connected. Connect to it first.');
      return undefined;
    }
    if (stores.length === 1) return stores[0];
    const items = stores.map((store) => ({
      label: plainLabel(store.label),
      description: plainLabel(store.url),
      store,
    }));
    return (await vscode.window.showQuickPick(items, { title: 'In which of them?' }))?.store;
  }
}

/** Asks whether all of this shall go, with a list of it. */
async function confirmed(plans: readonly RetirePlan[]): Promise<boolean> {
  const [first] = plans;
  if (!first) return false;
  const removed = plans.flatMap((plan) => plan.removed);
  const listed = removed.slice(0, MOST_LINES).map((line) => `− ${shortName(plainText(line))}`);
  if (removed.length > MOST_LINES) listed.push(`… and ${removed.length - MOST_LINES} more`);
  const what = plans.length === 1 ? shortName(first.job.name) : `${plans.length} jobs`;
  const retire = 'Retire';
  const chosen = await vscode.window.showWarningMessage(
    plainMessage(`Retire ${what} from ${first.store.label}?`),
    {
      modal: true,
      detail: `This goes, with its column lineage:\n${listed.join('\n')}\nThe datasets stay, and so do the scripts: publishing one registers its job anew.`,
    },
    retire,
  );
  return chosen === retire;
}

function progress<T>(title: string, task: (token: vscode.CancellationToken) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainMessage(title), cancellable: true },
    (_, token) => task(token),
  );
}
