/** Writing many pieces in bulks of a size that Atlas digests. */
import { type EntityToWrite, refsOf } from './entity';
import { type MetadataStore, throwIfAborted } from './store';

/**
 * Atlas takes bulks of any size, but what one costs grows with the square of its pieces: of 1,000 columns, ten bulks of a hundred
 * take 13 s on Atlas 2.1.0, one of them all takes 61 s.
 */
const mostPieces = 100;
const mostCharacters = 4_000_000;

/** What is written in one go, one bulk after another. */
export function batches(writes: readonly EntityToWrite[]): EntityToWrite[][] {
  const result: EntityToWrite[][] = [];
  let size = 0;
  for (const write of writes) {
    const characters = JSON.stringify(write).length;
    const last = result[result.length - 1];
    if (last && last.length < mostPieces && size + characters <= mostCharacters) {
      last.push(write);
      size += characters;
    } else {
      result.push([write]);
      size = characters;
    }
  }
  return result;
}

/**
 * Writes pieces, each of which refers only to those before it and to what is there, in bulks; tells how many are written after
 * each. Gives the guids of what was made, by stand-in. Throws a StoreError; what was written before it stays.
 */
export async function writeAll(
  store: MetadataStore,
  writes: readonly EntityToWrite[],
  signal?: AbortSignal,
  written: (pieces: number) => void = () => {},
): Promise<Map<string, string>> {
  const guids = new Map<string, string>();
  let done = 0;
  for (const batch of batches(writes)) {
    throwIfAborted(signal);
    const made = await store.write(
      batch.map((write) => resolved(write, guids)),
      signal,
    );
    for (const [standIn, guid] of made) guids.set(standIn, guid);
    done += batch.length;
    written(done);
  }
  return guids;
}

/** Replaces stand-in guids by those that earlier batches got. */
function resolved(write: EntityToWrite, guids: ReadonlyMap<string, string>): EntityToWrite {
  const swap = (record: Record<string, unknown> | undefined) => {
    if (!record) return undefined;
    const entries = Object.entries(record).map(([name, value]) => {
      if (refsOf(value).length === 0) return [name, value];
      const swapped = refsOf(value).map((ref) => ({ ...ref, guid: guids.get(ref.guid ?? '') ?? ref.guid }));
      return [name, Array.isArray(value) ? swapped : swapped[0]];
    });
    return Object.fromEntries(entries);
  };
  const relationshipAttributes = swap(write.relationshipAttributes);
  return {
    ...write,
    attributes: swap(write.attributes) ?? {},
    ...(relationshipAttributes ? { relationshipAttributes } : {}),
  };
}
