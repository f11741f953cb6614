/** The jobs of a store under what they have in common, and those that have words in them. */
import type { TreeGrouping, TreeItem, TreeView } from '../protocol';
import { type EntityHeader, qualifiedNameOf, textOf } from './entity';
import type { JobIndex, Sink } from './jobIndex';
import { typeLabel } from './mapping';
import type { TreeContext } from './service';
import type { MetadataStore } from './store';
import { jobTreeItem, listJobs, pageOf, type TreePage } from './tree';

/** What a job stands under. `key` tells groups apart and is '' for the jobs that have none. */
interface Group {
  key: string;
  label: string;
  description?: string;
}

const nothing: Record<Exclude<TreeGrouping, 'application'>, string> = {
  owner: 'No owner',
  sink: 'No stored sink',
  folder: 'No script',
};

/** Id of a group's item: 'group:owner:orders-team'. */
function groupItem(by: TreeGrouping, key: string): string {
  return `group:${by}:${key}`;
}

/**
 * A page of the top of the tree: jobs, or groups of them with their counts. Only a plain list is one search; a group or a
 * filter needs to know all jobs, which the index reads once. Throws a StoreError.
 */
export async function groupJobs(
  store: MetadataStore,
  index: JobIndex,
  { group = 'application', filter = '' }: TreeView,
  page: TreePage,
  context: TreeContext = {},
  signal?: AbortSignal,
): Promise<TreeItem[]> {
  const words = wordsOf(filter);
  if (group === 'application') {
    if (words.length === 0) return listJobs(store, page, context, signal);
    const jobs = (await index.jobs(store)).filter((job) => matches(job, words));
    return pageOf(jobs, page, 'jobs', (job) => jobTreeItem(store, job, context));
  }
  const counts = new Map<string, { group: Group; count: number }>();
  const sinks = group === 'sink' ? await index.sinks(store) : undefined;
  for (const job of await index.jobs(store)) {
    if (!matches(job, words)) continue;
    for (const each of groupsOf(job, group, sinks)) {
      const known = counts.get(each.key);
      if (known) known.count++;
      else counts.set(each.key, { group: each, count: 1 });
    }
  }
  // Those without come last
  const sorted = [...counts.values()].sort(
    (a, b) => Number(a.group.key === '') - Number(b.group.key === '') || compare(a.group.label, b.group.label),
  );
  return pageOf(sorted, page, 'groups', ({ group: each, count }) => ({
    id: groupItem(group, each.key),
    kind: 'group',
    label: each.label,
    description: [each.description, count === 1 ? '1 job' : `${count} jobs`].filter(Boolean).join(' · '),
    hasChildren: true,
    count,
    ...(group === 'sink' && each.key ? { qualifiedName: each.key.replace(/^[^ ]* /, '') } : {}),
  }));
}

/** A page of the jobs in a group, given by the id of its item. Throws a StoreError. */
export async function jobsOfGroup(
  store: MetadataStore,
  index: JobIndex,
  item: string,
  filter: string,
  page: TreePage,
  context: TreeContext = {},
): Promise<TreeItem[]> {
  const [, by = '', key = ''] = /^group:(\w+):(.*)$/s.exec(item) ?? [];
  const group = by as TreeGrouping;
  const sinks = group === 'sink' ? await index.sinks(store) : undefined;
  const words = wordsOf(filter);
  const jobs = (await index.jobs(store)).filter(
    (job) => matches(job, words) && groupsOf(job, group, sinks).some((each) => each.key === key),
  );
  return pageOf(jobs, page, 'jobs', (job) => jobTreeItem(store, job, context));
}

/** The first group that a job is in; undefined in a plain list. Throws a StoreError. */
export async function groupOf(
  store: MetadataStore,
  index: JobIndex,
  job: EntityHeader,
  group: TreeGrouping = 'application',
): Promise<string | undefined> {
  const sinks = group === 'sink' ? await index.sinks(store) : undefined;
  const [first] = groupsOf(job, group, sinks);
  return first && groupItem(group, first.key);
}

function groupsOf(job: EntityHeader, by: TreeGrouping, sinks: ReadonlyMap<string, Sink[]> | undefined): Group[] {
  switch (by) {
    case 'owner':
      return [named(by, textOf(job, 'owner'))];
    case 'folder': {
      const file = fileOf(job);
      const folder = file?.includes('/') ? file.replace(/\/[^/]*$/, '') : file && '.';
      return [named(by, folder)];
    }
    case 'sink': {
      const groups = new Map<string, Group>();
      for (const { typeName, qualifiedName } of sinks?.get(qualifiedNameOf(job)) ?? []) {
        const key = `${typeName} ${qualifiedName}`;
        groups.set(key, { key, label: qualifiedName.replace(/@[^@]*$/, ''), description: typeLabel(typeName) });
      }
      return groups.size > 0 ? [...groups.values()] : [named(by, undefined)];
    }
    default:
      return [];
  }
}

function named(by: Exclude<TreeGrouping, 'application'>, name: string | undefined): Group {
  return { key: name ?? '', label: name ?? nothing[by] };
}

function fileOf(job: EntityHeader): string | undefined {
  const { conf } = job.attributes;
  const file = typeof conf === 'object' && conf !== null ? (conf as Record<string, unknown>).file : undefined;
  return typeof file === 'string' && file !== '' ? file : undefined;
}

function wordsOf(filter: string): string[] {
  return filter.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Whether all words are in what is known of a job, wherever. */
function matches(job: EntityHeader, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [
    textOf(job, 'name'),
    textOf(job, 'owner'),
    fileOf(job),
    textOf(job, 'description'),
    ...(job.classificationNames ?? []),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function compare(a: string, b: string): number {
  return a.localeCompare(b);
}
