import type { TableAnswer } from '../atlas/cards';
import type { MetadataStore } from '../atlas/store';
import type { TableNode } from '../semantics/lineage';

/** How long an answer is taken as it is, in milliseconds. Older ones are still shown, and asked anew in the background. */
const FRESH = 30_000;
/** Answers kept; the oldest go first. */
const MOST = 2_000;

type Catalogs = Map<string, Record<string, string>>;

/** Asks a store about tables, in as few requests as it can; answers in their order. What goes wrong is an answer too. */
export type AskStore = (
  store: MetadataStore,
  tables: readonly TableNode[],
  catalogs: Catalogs,
) => Promise<TableAnswer[]>;

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
    const entry = this.entryOf(store, table);
    if (this.isWanted(entry)) this.request(store, [table], catalogs);
    return entry.answer ?? entry.pending ?? { table: table.name, found: false };
  }

  /** Asks about tables before anybody wants to know, all in one go, so that their answers are there at once. */
  prefetch(store: MetadataStore, tables: readonly TableNode[], catalogs: Catalogs): void {
    const wanted = tables.filter((table) => this.isWanted(this.entryOf(store, table))).slice(0, MOST / 2);
    if (wanted.length > 0) this.request(store, wanted, catalogs);
  }

  /** Forgets everything; what is on its way reaches only those who wait for it. */
  clear(): void {
    this.entries = new Map();
  }

  private request(store: MetadataStore, tables: readonly TableNode[], catalogs: Catalogs): void {
    const asked = this.now();
    const all = this.ask(store, tables, catalogs);
    for (const [index, table] of tables.entries()) {
      const entry = this.entryOf(store, table);
      entry.pending = all.then((answers) => {
        const answer = answers[index] ?? { table: table.name, found: false };
        delete entry.pending;
        if (answer.found || !('error' in answer)) Object.assign(entry, { answer, asked });
        return answer;
      });
    }
  }

  /** Whether nobody has asked, or not for a while. */
  private isWanted({ answer, asked, pending }: Entry): boolean {
    return !pending && (!answer || this.now() - asked >= FRESH);
  }

  private entryOf(store: MetadataStore, table: TableNode): Entry {
    const key = keyOf(store, table);
    const known = this.entries.get(key);
    if (known) return known;
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
