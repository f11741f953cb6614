import { type Entity, type EntityWithOwned, isProcessType, qualifiedNameOf } from './entity';
import type { MetadataStore } from './store';

/** Answers kept; when there are more the cache begins anew. */
const MOST = 20_000;

interface Kept {
  /** When it was asked for, milliseconds since 1970 */
  asked: number;
  /** What was found under a key: nothing, one, or several of different types */
  found: Promise<EntityWithOwned[]>;
}

/**
 * What was read from a store by name and by guid, shared by all that the editor does with it: cards, findings, lenses, the
 * tree. Each says how old an answer may be, and what one has asked for anew is new for all. Names are asked for whatever
 * their types, so that everything about a file fits into one question. What is on its way is shared by all who ask, so none
 * of them can cancel it. Failures are not kept.
 */
export class CachedReads {
  private kept = new Map<string, Kept>();

  constructor(
    private readonly store: MetadataStore,
    private readonly now: () => number = Date.now,
  ) {}

  forget(): void {
    this.kept = new Map();
  }

  /** Asks for all these names that were never asked for, in one go, so that whoever needs some of them need not. */
  async readAhead(names: readonly string[]): Promise<void> {
    await this.named(names, Number.POSITIVE_INFINITY);
  }

  /** The store, with look-ups answered from memory where that is not older than so many milliseconds. */
  within(age: number): MetadataStore {
    return new Proxy(this.store, {
      get: (target, name) => {
        if (name === 'findByName') return ((type, names) => this.byName(type, names, age)) as typeof target.findByName;
        if (name === 'findByGuid') return ((guids) => this.byGuid(guids, age)) as typeof target.findByGuid;
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  private async byName(typeName: string, names: readonly string[], age: number): Promise<EntityWithOwned[]> {
    const isAbstract = typeName === 'DataSet' || typeName === 'Process';
    const ahead = isAbstract ? names : names.filter((name) => this.isKept(`name ${name}`, age));
    const known = new Set(ahead);
    const byName = await this.named(ahead, age);
    const missing = names.filter((name) => !known.has(name));
    const found = [...known].flatMap((name) => {
      const all = byName.get(name) ?? [];
      const wanted = all.filter(({ entity }) => isOf(entity, typeName));
      // Where two have one name, the store gave one of them
      if (wanted.length === 0 && all.length > 0) missing.push(name);
      return wanted;
    });
    const others = await this.look(
      `${typeName} `,
      missing,
      age,
      (wanted) => this.store.findByName(typeName, wanted),
      ({ entity }) => qualifiedNameOf(entity),
    );
    return [...found, ...[...others.values()].flat()];
  }

  /** What there is under names, of whatever type. */
  private named(names: readonly string[], age: number): Promise<Map<string, EntityWithOwned[]>> {
    return this.look(
      'name ',
      names,
      age,
      (missing) => this.store.findByName('Asset', missing),
      ({ entity }) => qualifiedNameOf(entity),
    );
  }

  private async byGuid(guids: readonly string[], age: number): Promise<EntityWithOwned[]> {
    const found = await this.look(
      'guid ',
      guids,
      age,
      (missing) => this.store.findByGuid(missing),
      ({ entity }) => entity.guid,
    );
    return [...found.values()].flat();
  }

  /** `prefix` tells look-ups of one kind from those of another. */
  private async look(
    prefix: string,
    keys: readonly string[],
    age: number,
    ask: (missing: string[]) => Promise<EntityWithOwned[]>,
    keyOf: (found: EntityWithOwned) => string,
  ): Promise<Map<string, EntityWithOwned[]>> {
    if (this.kept.size > MOST) this.forget();
    const { kept } = this;
    const wanted = [...new Set(keys)];
    const missing = wanted.filter((key) => !this.isKept(prefix + key, age));
    if (missing.length > 0) {
      const answer = ask(missing).then((found) => grouped(found, keyOf));
      const asked = this.now();
      for (const key of missing) {
        const one: Kept = { asked, found: answer.then((found) => found.get(key) ?? []) };
        kept.set(prefix + key, one);
        one.found.catch(() => {
          if (kept.get(prefix + key) === one) kept.delete(prefix + key);
        });
      }
    }
    const found = await Promise.all(wanted.map(async (key) => [key, await kept.get(prefix + key)!.found] as const));
    return new Map(found);
  }

  private isKept(key: string, age: number): boolean {
    const kept = this.kept.get(key);
    return kept !== undefined && this.now() - kept.asked <= age;
  }
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Whether an entity is of a type, or of a subtype of one of the two abstract ones. */
function isOf({ typeName, attributes }: Entity, wanted: string): boolean {
  const isProcess = 'inputs' in attributes || isProcessType(typeName);
  if (wanted === 'Process') return isProcess;
  return wanted === 'DataSet' ? !isProcess : typeName === wanted;
}
