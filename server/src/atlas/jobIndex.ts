/**
 * All jobs of a store, for what its search cannot do: group them, and find words in the middle of names. (Atlas's own
 * 'contains' respects case and knows only whole tokens of the index.) They are read as the little that search answers carry
 * of them, a thousand in a request, and kept until `forget`.
 */
import { type EntityHeader, qualifiedNameOf, refsOf } from './entity';
import { findJobTypes, isPlainJobName, jobNameOf } from './jobTypes';
import type { MetadataStore, SearchPage } from './store';

/** The most that a page of a search may have without asking the server for a larger limit. */
const PAGE = 1000;
/** Pages asked for at once: a server should not feel one editor. */
const AT_ONCE = 3;

/** A dataset that a job writes. */
export interface Sink {
  typeName: string;
  qualifiedName: string;
}

interface Known {
  jobs?: Promise<EntityHeader[]>;
  /** By qualifiedName of the job */
  sinks?: Promise<Map<string, Sink[]>>;
}

export class JobIndex {
  private stores = new WeakMap<MetadataStore, Known>();

  /** All jobs, by name. Throws a StoreError. */
  jobs(store: MetadataStore): Promise<EntityHeader[]> {
    const known = this.knownOf(store);
    known.jobs ??= readJobs(store).catch((error: unknown) => {
      delete known.jobs;
      throw error;
    });
    return known.jobs;
  }

  /** What each job writes, by the job's qualifiedName. Throws a StoreError. */
  sinks(store: MetadataStore): Promise<Map<string, Sink[]>> {
    const known = this.knownOf(store);
    known.sinks ??= readSinks(store).catch((error: unknown) => {
      delete known.sinks;
      throw error;
    });
    return known.sinks;
  }

  /** Forgets what was read, so that the next question is answered afresh. */
  forget(): void {
    this.stores = new WeakMap();
  }

  private knownOf(store: MetadataStore): Known {
    const known = this.stores.get(store) ?? {};
    this.stores.set(store, known);
    return known;
  }
}

async function readJobs(store: MetadataStore): Promise<EntityHeader[]> {
  const { job } = await findJobTypes(store);
  const found = await readAll(store, job, ['conf']);
  if (job !== 'Process') return found;
  const names = new Set(found.map(qualifiedNameOf));
  return found.filter((each) => each.typeName === 'Process' && isPlainJobName(qualifiedNameOf(each), names));
}

async function readSinks(store: MetadataStore): Promise<Map<string, Sink[]>> {
  const { process } = await findJobTypes(store);
  const sinks = new Map<string, Sink[]>();
  for (const each of await readAll(store, process, ['conf', 'outputs'])) {
    const job = jobNameOf(each);
    const written = refsOf(each.attributes.outputs).flatMap(({ typeName, uniqueAttributes }) =>
      typeName && uniqueAttributes ? [{ typeName, qualifiedName: uniqueAttributes.qualifiedName }] : [],
    );
    sinks.set(job, [...(sinks.get(job) ?? []), ...written]);
  }
  return sinks;
}

async function readAll(store: MetadataStore, typeName: string, attributes: string[]): Promise<EntityHeader[]> {
  const page = (offset: number): Promise<SearchPage> => store.search({ typeName, attributes, offset, limit: PAGE });
  const first = await page(0);
  const pages = [first];
  while (pages.at(-1)?.more) {
    // Where the store says how many there are, several pages are on their way at once
    const left = first.total === undefined ? 1 : Math.ceil(first.total / PAGE) - pages.length;
    const count = Math.max(1, Math.min(left, AT_ONCE));
    const next = Array.from({ length: count }, (_, index) => page((pages.length + index) * PAGE));
    pages.push(...(await Promise.all(next)));
  }
  return pages.flatMap(({ entities }) => entities);
}
