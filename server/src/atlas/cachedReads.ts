import { type EntityWithOwned, qualifiedNameOf } from './entity';
import type { MetadataStore } from './store';

/** Answers kept; when there are more the cache begins anew. */
const MOST = 20_000;

type Kept = Map<string, Promise<EntityWithOwned | undefined>>;

/**
 * A store whose look-ups by name and by guid are asked once and then answered from memory, until `forget`. For questions
 * that come again and again about the same things, such as how a script that is being edited differs from what was
 * published. What is on its way is shared by all who ask, so none of them can cancel it. Failures are not kept.
 */
export function cachedReads(store: MetadataStore): { store: MetadataStore; forget: () => void } {
  let kept: Kept = new Map();
  const forget = () => {
    kept = new Map();
  };

  /** `prefix` tells look-ups of one kind from those of another. */
  const look = async (
    prefix: string,
    keys: readonly string[],
    ask: (missing: string[]) => Promise<EntityWithOwned[]>,
    keyOf: (found: EntityWithOwned) => string,
  ): Promise<EntityWithOwned[]> => {
    if (kept.size > MOST) forget();
    const here = kept;
    const missing = [...new Set(keys)].filter((key) => !here.has(prefix + key));
    if (missing.length > 0) {
      const answer = ask(missing).then((found) => new Map(found.map((each) => [keyOf(each), each])));
      for (const key of missing) {
        const one = answer.then((found) => found.get(key));
        here.set(prefix + key, one);
        one.catch(() => here.delete(prefix + key));
      }
    }
    const found = await Promise.all(keys.map((key) => here.get(prefix + key)));
    return found.filter((each) => each !== undefined);
  };

  const findByName: MetadataStore['findByName'] = (typeName, names) =>
    look(
      `name ${typeName} `,
      names,
      (missing) => store.findByName(typeName, missing),
      ({ entity }) => qualifiedNameOf(entity),
    );
  const findByGuid: MetadataStore['findByGuid'] = (guids) =>
    look(
      'guid ',
      guids,
      (missing) => store.findByGuid(missing),
      ({ entity }) => entity.guid,
    );
  const cached = new Proxy(store, {
    get(target, name) {
      if (name === 'findByName') return findByName;
      if (name === 'findByGuid') return findByGuid;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { store: cached, forget };
}
