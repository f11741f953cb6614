import type { TableAnswer } from '../atlas/cards';
import type { MetadataStore } from '../atlas/store';
import type { TableNode } from '../semantics/lineage';

/** How long an answer is taken as it is, in milliseconds. Older ones are still shown, and asked anew in the background. */
const FRESH = 30_000;
/** Answers kept; the oldest go first. */
const MOST = 2_000;

type Catalogs = Map<string, Record<string, string>>;

/** Asks a store about one table; never rejects: what goes wrong is an answer too. */
export type AskStore = (store: MetadataStore, table: TableNode, catalogs: Catalogs) => Promise<TableAnswer>;

interface Entry {
  /** The last good answer and when it was asked for, milliseconds since 1970 */
  answer?: TableAnswer;
  asked: number;
  /** The request that is on its way; all who ask meanwhile share it */
  pending?: Promise<TableAnswer>;
}

/**
 * What the stores answered about tables, stale-while-revalidate: a hover that was shown before is there at once, and what
 * is old is asked again without anybody waiting for it. Failures are told, and not kept.
 */
export class TableAnswers {
  private entries = new Map<string, Entry>();

  /** `now` in milliseconds. */
  constructor(
    private readonly ask: AskStore,
    private readonly now: () => number,
  ) {}

  async get(store: MetadataStore, table: TableNode, catalogs: Catalogs): Promise<TableAnswer> {
    const key = keyOf(store, table);
    const entry = this.entries.get(key) ?? this.add(key);
    if (entry.answer && this.now() - entry.asked < FRESH) return entry.answer;
    entry.pending ??= this.request(entry, store, table, catalogs);
    return entry.answer ?? entry.pending;
  }

  /** Forgets everything; what is on its way reaches only those who wait for it. */
  clear(): void {
    this.entries = new Map();
  }

  private async request(entry: Entry, store: MetadataStore, table: TableNode, catalogs: Catalogs) {
    const asked = this.now();
    try {
      const answer = await this.ask(store, table, catalogs);
      if (answer.found || !('error' in answer)) Object.assign(entry, { answer, asked });
      return answer;
    } finally {
      delete entry.pending;
    }
  }

  private add(key: string): Entry {
    const entry: Entry = { asked: 0 };
    this.entries.set(key, entry);
    const oldest = this.entries.keys().next();
    if (this.entries.size > MOST && !oldest.done) this.entries.delete(oldest.value);
    return entry;
  }
}

/** A table is asked about by what says where it physically is: its options, and its name for catalogs. */
function keyOf(store: MetadataStore, table: TableNode): string {
  return JSON.stringify([store.info.id, store.namespace, table.name, table.kind, table.options]);
}
