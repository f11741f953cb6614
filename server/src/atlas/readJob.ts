/** A job as a store knows it, with its processes and the datasets that these read and write. */
import { edgesOf, type ObjectRef, qualifiedNameOf, textOf } from './entity';
import { type MetadataStore, StoreError } from './store';
import { processesOf } from './tree';

export interface KnownJob {
  name: string;
  qualifiedName: string;
  description?: string;
  owner?: string;
  /** The script, as a path in its repository */
  file?: string;
  classifications: string[];
  /** Milliseconds since 1970 */
  updateTime?: number;
  webUrl?: string;
  processes: { name: string; inputs: string[]; outputs: string[]; sql?: string }[];
}

/** The job with a guid. Two requests. Throws a StoreError when there is none. */
export async function readJob(store: MetadataStore, guid: string, signal?: AbortSignal): Promise<KnownJob> {
  const [found] = await store.findByGuid([guid], signal);
  if (!found) throw new StoreError('conflict', 'The job is not there any more.', 'Refresh and try again.');
  const { entity } = found;
  const conf = (of: { attributes: Record<string, unknown> }, key: string) => {
    const value = (of.attributes.conf as Record<string, unknown> | undefined)?.[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const nameOf = (ref: ObjectRef) => ref.displayText ?? ref.uniqueAttributes?.qualifiedName ?? '';
  const processes = (await processesOf(store, entity, signal)).map(({ entity: process }) => {
    const sql = conf(process, 'sql');
    return {
      name: (textOf(process, 'name') ?? qualifiedNameOf(process)).replace(/^.*\//s, ''),
      inputs: edgesOf(process, 'inputs').map(nameOf),
      outputs: edgesOf(process, 'outputs').map(nameOf),
      ...(sql ? { sql } : {}),
    };
  });
  const [description, owner, file] = [textOf(entity, 'description'), textOf(entity, 'owner'), conf(entity, 'file')];
  const webUrl = store.webUrl(guid);
  return {
    name: textOf(entity, 'name') ?? '',
    qualifiedName: qualifiedNameOf(entity),
    ...(description ? { description } : {}),
    ...(owner ? { owner } : {}),
    ...(file ? { file } : {}),
    classifications: (entity.classifications ?? []).map(({ typeName }) => typeName),
    ...(entity.updateTime === undefined ? {} : { updateTime: entity.updateTime }),
    ...(webUrl ? { webUrl } : {}),
    processes: processes.sort((a, b) => a.name.localeCompare(b.name)),
  };
}
