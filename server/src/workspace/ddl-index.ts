import { dirname, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Range } from 'vscode-languageserver-textdocument';
import { foundTable, readsOf, sameTable } from '../semantics/analyse';
import type { TableNode } from '../semantics/lineage';
import { type BoundDdl, bindDdl, type DdlFile } from './ddl-file';
import type { Settings } from './settings';
import { pathOf } from './source';
import type { TableSource } from './table-sources';

/** Other places named with a table that is defined differently elsewhere. */
const OTHERS = 20;

/** Definitions of one table that are compared with the one taken. */
const COMPARED = 30;

/** A file of the index and what was worked out from it. */
interface Entry {
  readonly path: string;
  readonly uri: string;
  /** Its path in the workspace, for people */
  readonly label: string;
  file: DdlFile;
  bound?: BoundDdl;
  /** While the file is bound: what it gives without others, for those of them that ask back */
  alone?: BoundDdl;
  /** The nodes of its tables when they were last bound: given again where they are still the same */
  last: ReadonlyMap<string, TableNode>;
  /** What was handed out, by name, and what it was made from */
  readonly found: Map<string, { of: TableNode; key: string; reads: readonly TableNode[]; node: TableNode }>;
}

/**
 * The tables that the files of a workspace define, as a source of tables for the others. Of several files that define the
 * same, the nearest is taken: least steps from folder to folder, then first by path. Does no input or output: who feeds it
 * says what the files hold.
 */
export class DdlIndex implements TableSource {
  private readonly entries = new Map<string, Entry>();
  private readonly byName = new Map<string, Set<Entry>>();
  private readonly listeners: (() => void)[] = [];
  /** The files that define a table, in the order in which a folder takes them; by name and folder */
  private readonly orders = new Map<string, readonly Entry[]>();
  /** Counts changes: what a file looked up elsewhere is compared once after each */
  private generation = 0;
  private readonly checked = new WeakMap<Entry, number>();

  /** `lookUp` is asked by files that use tables of others: the chain of sources, this index among them. */
  constructor(
    private readonly lookUp: (name: string, from: string) => TableNode | undefined,
    private readonly settings: () => Settings,
  ) {}

  /** Tables that are defined at least once. */
  get tables(): number {
    return this.byName.size;
  }

  /** Files that define a table. */
  get files(): number {
    return this.entries.size;
  }

  /** The paths of these files. */
  get paths(): Iterable<string> {
    return this.entries.keys();
  }

  /** Notes what the file at a path defines now; undefined when it is gone. `label` is its path for people. */
  set(path: string, label: string, file: DdlFile | undefined): void {
    const entry = this.entries.get(path);
    if (!file || file.tables.size === 0) {
      if (!entry) return;
      this.entries.delete(path);
      this.unname(entry);
    } else if (!entry) {
      const uri = pathToFileURL(path).href;
      const fresh: Entry = { path, uri, label, file, last: new Map(), found: new Map() };
      this.entries.set(path, fresh);
      this.name(fresh);
    } else if (entry.file.ddl === file.ddl) {
      // only the places have moved
      entry.file = file;
      return;
    } else {
      const before = entry.file;
      this.unname(entry);
      entry.file = file;
      entry.bound = undefined;
      this.name(entry);
      // typing elsewhere in an open document changes nothing for others
      if (
        typeof file.ddl !== 'string' &&
        sameDefinitions(before, file) &&
        sameNodes(entry.last, this.bind(entry).tables)
      )
        return;
    }
    this.generation++;
    this.orders.clear();
    for (const listener of this.listeners) listener();
  }

  find(name: string, from: string): TableNode | undefined {
    const [entry, ...rest] = this.candidates(name, from);
    if (!entry) return undefined;
    const { tables, known } = this.bind(entry);
    const node = tables.get(name);
    if (!node) return undefined;
    const { different, certain } = this.compare(name, entry, node, rest);
    const others = different.slice(0, OTHERS).map(({ label }) => label);
    const reads = readsOf(node, known);
    const key = [certain, ...others].join('\n');
    const before = entry.found.get(name);
    if (before?.of === node && before.key === key && sameItems(before.reads, reads)) return before.node;
    const found = foundTable(node, {
      kind: 'file',
      label: entry.label,
      uri: entry.uri,
      certain,
      ...(others.length > 0 ? { others } : {}),
      ...(reads.length > 0 ? { reads } : {}),
    });
    entry.found.set(name, { of: node, key, reads, node: found });
    return found;
  }

  /** Where the definition that `find` takes stands: its file, and the place of the name in it. */
  placeOf(name: string, from: string): { uri: string; range: Range } | undefined {
    const entry = this.candidates(name, from)[0];
    const table = entry?.file.tables.get(name);
    return entry && table && { uri: entry.uri, range: table.place };
  }

  onDidChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** The files other than the asking one that define a table, the one to take first. */
  private candidates(name: string, from: string): readonly Entry[] {
    const entries = this.byName.get(name);
    if (!entries) return [];
    const path = pathOf(from);
    const folder = path === undefined ? '' : dirname(path);
    const key = `${name}\n${folder}`;
    let order = this.orders.get(key);
    if (!order) {
      const away = new Map([...entries].map((entry) => [entry, folder ? distance(folder, dirname(entry.path)) : 0]));
      const inOrder = (a: Entry, b: Entry) => away.get(a)! - away.get(b)! || (a.path < b.path ? -1 : 1);
      order = [...entries].sort(inOrder);
      this.orders.set(key, order);
    }
    return order.some((entry) => entry.path === path) ? order.filter((entry) => entry.path !== path) : order;
  }

  /** Which of the other files define a table otherwise, and whether all of them give it the same columns. */
  private compare(name: string, entry: Entry, node: TableNode, rest: readonly Entry[]) {
    const digest = entry.file.tables.get(name)?.digest;
    const different: Entry[] = [];
    let certain = true;
    /** What was found of statements that were seen before */
    const seen = new Map<string, { differs: boolean }>();
    let bound = 0;
    for (const other of rest) {
      const its = other.file.tables.get(name)?.digest;
      if (its !== undefined && its === digest) continue;
      let known = its === undefined ? undefined : seen.get(its);
      if (!known) {
        // Binding them all could take a while; of many that differ in text some will differ in columns
        const table = bound++ < COMPARED ? this.bind(other).tables.get(name) : undefined;
        const alike = table !== undefined && sameJson(columnsOf(table), columnsOf(node));
        certain &&= alike;
        known = { differs: !alike || !sameJson(outsideOf(table), outsideOf(node)) };
        if (its !== undefined) seen.set(its, known);
      }
      if (known.differs) different.push(other);
    }
    return { different, certain };
  }

  /** What binding a file gives; of one that is being bound, what it defines by itself. */
  private bind(entry: Entry): BoundDdl {
    if (entry.alone) return entry.alone;
    const lookUp = (name: string) => this.lookUp(name, entry.uri);
    const { ddl } = entry.file;
    if (entry.bound && typeof ddl === 'string' && this.checked.get(entry) !== this.generation) {
      if ([...entry.bound.lookUps].some(([name, node]) => lookUp(name) !== node)) entry.bound = undefined;
    }
    this.checked.set(entry, this.generation);
    if (!entry.bound) {
      if (typeof ddl === 'string') {
        entry.alone = withKept(bindDdl(ddl, this.settings()), entry.last);
        entry.bound =
          entry.alone.lookUps.size === 0
            ? entry.alone
            : withKept(bindDdl(ddl, this.settings(), lookUp), entry.alone.tables);
        entry.alone = undefined;
      } else entry.bound = withKept(ddl, entry.last);
    }
    entry.last = entry.bound.tables;
    return entry.bound;
  }

  private name(entry: Entry): void {
    for (const name of entry.file.tables.keys()) {
      const known = this.byName.get(name);
      if (known) known.add(entry);
      else this.byName.set(name, new Set([entry]));
    }
  }

  private unname(entry: Entry): void {
    for (const name of entry.file.tables.keys()) {
      const known = this.byName.get(name);
      known?.delete(entry);
      if (known?.size === 0) this.byName.delete(name);
    }
  }
}

/** The same binding, with the nodes of before for tables that have not changed. */
function withKept(bound: BoundDdl, last: ReadonlyMap<string, TableNode>): BoundDdl {
  if (last.size === 0) return bound;
  const tables = new Map(
    [...bound.tables].map(([name, node]) => {
      const before = last.get(name);
      return [name, before && sameTable(before, node) ? before : node];
    }),
  );
  return { ...bound, tables };
}

/** Whether both define the same tables alike. */
function sameDefinitions(a: DdlFile, b: DdlFile): boolean {
  return (
    a.tables.size === b.tables.size &&
    [...a.tables].every(([name, { digest }]) => b.tables.has(name) && b.tables.get(name)!.digest === digest)
  );
}

/** What findings about a table rest on. */
function columnsOf({ kind, columns, primaryKey, partitionKeys, watermark }: TableNode): unknown {
  const described = columns.map((column) => [column.name, column.type, column.kind, column.virtual]);
  return [kind, described, primaryKey, partitionKeys, watermark];
}

/** Where its rows are, or come from. */
function outsideOf({ kind, options, definition }: TableNode): unknown {
  return [options, kind === 'view' ? definition?.replace(/\s+/g, ' ') : undefined];
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function sameNodes(a: ReadonlyMap<string, TableNode>, b: ReadonlyMap<string, TableNode>): boolean {
  return a.size === b.size && [...a].every(([name, node]) => b.get(name) === node);
}

/** Steps from one folder to another: up to what they share, and down again. */
function distance(one: string, other: string): number {
  const a = one.split(sep);
  const b = other.split(sep);
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  return a.length - shared + (b.length - shared);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
