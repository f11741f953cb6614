import type { TableNode } from '../semantics/lineage';

/**
 * Somewhere that tables are looked up in when the script itself does not make them: DDL of other files, a metadata store.
 * What it gives has `foundIn`, and is the same object for as long as nothing about the table changed: what was bound with
 * it is reused while it is.
 */
export interface TableSource {
  /**
   * The table of a full name (catalog.database.table) as the document `from`, a URI, would find it. Answers at once and
   * never throws: who has to ask somebody first answers undefined, and tells later that answers have changed.
   */
  find(name: string, from: string): TableNode | undefined;
  /** Calls the listener after every change of what `find` answers. */
  onDidChange(listener: () => void): void;
}

/** The sources of tables in the order in which they are asked; the first that knows a table answers. */
export class TableSources implements TableSource {
  private readonly sources: TableSource[] = [];
  private readonly listeners: (() => void)[] = [];

  /** Asks one more source, after all others. */
  add(source: TableSource): void {
    this.sources.push(source);
    source.onDidChange(() => {
      for (const listener of this.listeners) listener();
    });
  }

  find(name: string, from: string): TableNode | undefined {
    for (const source of this.sources) {
      const found = source.find(name, from);
      if (found) return found;
    }
    return undefined;
  }

  onDidChange(listener: () => void): void {
    this.listeners.push(listener);
  }
}
