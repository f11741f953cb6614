import type { TableAnswer } from '../atlas/cards';
import type { MetadataStore } from '../atlas/store';
import type { TableNode } from '../semantics/lineage';

/** How long an answer is taken as it is, in milliseconds. Older ones are still shown, and asked anew in the background. */
export const FRESH = 30_000;
/** How long nobody asks ahead again: neither for what was answered, nor for what failed. */
const ASK_AHEAD = 300_000;
const AFTER_FAILURE = 30_000;
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
  /** The answer is from before a refresh: whoever wants to know waits for a new one */
  expired?: boolean;
  /** When asking failed last, milliseconds since 1970 */
  failed?: number;
}

/**
 * What the stores answered about tables, stale-while-revalidate: a hover that was shown before is there at once, and what
 * is old is asked again without anybody waiting for it. Failures are told, and not kept.
 */
export class TableAnswers {
  private entries = new Map<string, Entry>();
  private kept = new WeakSet<Entry>();

  /** `now` in milliseconds. `changed` is called when answers have come that say something new. */
  constructor(
    private readonly ask: AskStore,
    private readonly now: () => number,
    private readonly changed: () => void = () => {},
  ) {}

  async get(store: MetadataStore, table: TableNode, catalogs: Catalogs): Promise<TableAnswer> {
    const entry = this.entryOf(store, table, catalogs);
    if (this.isWanted(entry)) this.request(store, [table], catalogs);
    const known = entry.expired ? undefined : entry.answer;
    return known ?? entry.pending ?? { table: table.name, found: false };
  }

  /** The last good answer about a table, without asking. The same object for as long as it says the same. */
  peek(store: MetadataStore, table: TableNode, catalogs: Catalogs): TableAnswer | undefined {
    return this.entries.get(keyOf(store, table, catalogs))?.answer;
  }

  /**
   * Asks about tables before anybody wants to know, all in one go, so that their answers are there at once. Does not ask
   * again what was answered a few minutes ago, nor a store that has just failed.
   */
  prefetch(store: MetadataStore, tables: readonly TableNode[], catalogs: Catalogs): void {
    const now = this.now();
    const wanted = tables.filter((table) => {
      const { answer, asked, pending, expired, failed = 0 } = this.entryOf(store, table, catalogs);
      return !pending && now - failed >= AFTER_FAILURE && (!answer || expired || now - asked >= ASK_AHEAD);
    });
    if (wanted.length > 0) this.request(store, wanted.slice(0, MOST / 2), catalogs);
  }

  /** Forgets everything; what is on its way reaches only those who wait for it. */
  clear(): void {
    this.entries = new Map();
    this.kept = new WeakSet();
  }

  /** Takes no answer for fresh any more. They can be peeked at until there are newer ones. */
  expire(): void {
    const { entries } = this;
    this.clear();
    for (const [key, { answer }] of entries) if (answer) this.keep(key, { asked: 0, answer, expired: true });
  }

  private request(store: MetadataStore, tables: readonly TableNode[], catalogs: Catalogs): void {
    const asked = this.now();
    const entries = tables.map((table) => this.entryOf(store, table, catalogs));
    const all = this.ask(store, tables, catalogs).then((answers) => {
      let changed = false;
      const settled = tables.map((table, index) => {
        const entry = entries[index]!;
        const answer = answers[index] ?? { table: table.name, found: false };
        delete entry.pending;
        if (!answer.found && 'error' in answer) {
          entry.failed = this.now();
          return answer;
        }
        delete entry.failed;
        delete entry.expired;
        entry.asked = asked;
        if (!entry.answer || JSON.stringify(entry.answer) !== JSON.stringify(answer)) {
          entry.answer = answer;
          changed = true;
        }
        return entry.answer;
      });
      // What was forgotten meanwhile tells nobody anything
      if (changed && entries.some((entry) => this.kept.has(entry))) this.changed();
      return settled;
    });
    for (const [index, entry] of entries.entries()) entry.pending = all.then((answers) => answers[index]!);
  }

  /** Whether nobody has asked, or not for a while. */
  private isWanted({ answer, asked, pending, expired }: Entry): boolean {
    return !pending && (!answer || expired === true || this.now() - asked >= FRESH);
  }

  private entryOf(store: MetadataStore, table: TableNode, catalogs: Catalogs): Entry {
    const key = keyOf(store, table, catalogs);
    const known = this.entries.get(key);
    if (known) return known;
    const entry: Entry = { asked: 0 };
    this.keep(key, entry);
    const oldest = this.entries.keys().next();
    if (this.entries.size > MOST && !oldest.done) this.entries.delete(oldest.value);
    return entry;
  }

  private keep(key: string, entry: Entry): void {
    this.entries.set(key, entry);
    this.kept.add(entry);
  }
}

/** A table is asked about by what says where it physically is: its options, and its name and catalog. */
function keyOf(store: MetadataStore, table: TableNode, catalogs: Catalogs): string {
  const catalog = catalogs.get(table.name.slice(0, table.name.indexOf('.')));
  return `${store.info.id} ${store.namespace} ${placeOf(table)} ${catalog ? JSON.stringify(catalog) : ''}`;
}

const places = new WeakMap<TableNode, string>();

function placeOf(table: TableNode): string {
  let place = places.get(table);
  if (place === undefined) {
    place = JSON.stringify([table.name, table.options]);
    places.set(table, place);
  }
  return place;
}
