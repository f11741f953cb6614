import type { IndirectKind, IndirectOrigin, LineageSource } from './lineage';
import type { Origins } from './origins';

function same(a: LineageSource, b: LineageSource): boolean {
  return a.table === b.table && a.role === b.role && JSON.stringify(a.options) === JSON.stringify(b.options);
}

/** Gathers what one writing statement, view or common table expression reads, besides the values themselves. */
export class Collector {
  readonly sources: LineageSource[] = [];
  readonly indirect: IndirectOrigin[] = [];
  /** Something could not be resolved */
  partial = false;

  read(sources: readonly LineageSource[]): void {
    for (const source of sources) {
      if (!this.sources.some((s) => same(s, source))) this.sources.push(source);
    }
  }

  influence(from: Origins, kind: IndirectKind): void {
    for (const { table, column } of from) this.add({ table, column, kind });
  }

  /** Takes over what another one gathered. */
  include(other: {
    readonly sources: readonly LineageSource[];
    readonly indirect: readonly IndirectOrigin[];
    readonly partial?: boolean;
  }): void {
    this.read(other.sources);
    for (const item of other.indirect) this.add(item);
    if (other.partial) this.partial = true;
  }

  private add(item: IndirectOrigin): void {
    const known = this.indirect.some((i) => i.column === item.column && i.table === item.table && i.kind === item.kind);
    if (!known) this.indirect.push(item);
  }
}
