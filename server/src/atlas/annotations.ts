/** Labels and business metadata of a job and its processes: what Atlas keeps beside an entity's own attributes. */
import type { LooseChange } from './changeTree';
import { type Desired, type Key, keyOf } from './desired';
import type { Entity } from './entity';
import type { JobProcess } from './job';

/** What is set on one entity, by guid or by its stand-in where it is about to be made. */
export interface Annotation {
  guid: string;
  /** All that it should have, those of stewards included */
  labels?: string[];
  /** Values by name of the business metadata and attribute */
  business?: Record<string, Record<string, string>>;
}

/** Labels that Atlas takes: letters, digits, '_' and '-', at most 50. */
const label = /^[\w-]{1,50}$/;

/** The labels that a publish has put on an entity, as its `conf` says. */
function published(found: Entity | undefined): string[] {
  const { labels } = (found?.attributes.conf ?? {}) as { labels?: string };
  return labels ? labels.split(', ') : [];
}

/** The labels that an entity should have: those of the script, and what others have put there. */
function labelsOf(desired: Desired, found: Entity | undefined): string[] {
  const wanted = (desired.labels ?? []).filter((each) => label.test(each));
  const mine = published(found);
  const others = (found?.labels ?? []).filter((each) => !wanted.includes(each) && !mine.includes(each));
  return [...others, ...wanted];
}

/**
 * What is to be set on the jobs and processes among `entities`, where it differs from what exists; noted in `changes`.
 * `known` are the business metadata that the store has: other values are left out, and named in `notes`.
 */
export function annotations(
  entities: readonly Desired[],
  {
    existing,
    guidOf,
    known,
    replaced,
  }: {
    existing: (key: Key) => Entity | undefined;
    guidOf: (key: Key) => string;
    known: ReadonlySet<string>;
    replaced: ReadonlySet<string>;
  },
  changes: readonly LooseChange[],
  notes: Set<string>,
): Annotation[] {
  return entities.flatMap((desired) => {
    if (desired.owner !== 'job' || (!desired.labels && !desired.business)) return [];
    const found = existing(desired);
    const details: string[] = [];
    const annotation: Annotation = { guid: guidOf(desired) };
    const labels = labelsOf(desired, found);
    const before = found?.labels ?? [];
    // what is made anew starts without any
    const anew = replaced.has(keyOf(desired));
    const same = labels.length === before.length && labels.every((each) => before.includes(each));
    if (!same || (anew && labels.length > 0)) {
      annotation.labels = labels;
      if (!same) details.push(`labels: ${labels.join(', ') || 'none'}`);
    }
    for (const [name, value] of Object.entries(desired.business ?? {})) {
      const [metadata = '', attribute = ''] = name.split(/\.(.*)/s);
      if (!known.has(metadata)) {
        notes.add(`There is no business metadata ${metadata} here; ${name} is left out.`);
        continue;
      }
      const now = found?.businessAttributes?.[metadata]?.[attribute];
      if (String(now ?? '') === value && !anew) continue;
      annotation.business = {
        ...annotation.business,
        [metadata]: { ...annotation.business?.[metadata], [attribute]: value },
      };
      if (String(now ?? '') !== value) details.push(`${name}: "${String(now ?? '')}" → "${value}"`);
    }
    if (!annotation.labels && !annotation.business) return [];
    const change = changes.find(({ key }) => key === keyOf(desired));
    if (change && change.kind !== 'new') {
      if (details.length > 0) change.kind = 'changed';
      change.details.push(...details);
    }
    return [annotation];
  });
}

/** Values for business metadata, as the settings describe them: 'Name.attribute' to a template. */
export type BusinessTemplates = Readonly<Record<string, string>>;

/**
 * The values that templates give. `${job}`, `${owner}`, `${file}`, `${repository}`, `${commit}`, `${sink}` and `${@key}`, what
 * `-- @key …` in a comment says, are filled in; a template whose value is not known gives none.
 */
export function businessValues(
  templates: BusinessTemplates,
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string> | undefined {
  const filled = Object.entries(templates).flatMap(([name, template]) => {
    let known = name.includes('.');
    const value = template.replace(/\$\{(@?[\w-]+)\}/g, (_, key: string) => {
      const each = values[key];
      if (!each) known = false;
      return each ?? '';
    });
    return known && value !== '' ? [[name, value] as const] : [];
  });
  return filled.length > 0 ? Object.fromEntries(filled) : undefined;
}

/** `@key value` lines, by '@key'. */
export function annotationValues(of: { annotations?: Readonly<Record<string, string>> | undefined }) {
  return Object.fromEntries(Object.entries(of.annotations ?? {}).map(([key, value]) => [`@${key}`, value]));
}

/** The place of a process in the values of its job. */
export function processValues(
  job: Readonly<Record<string, string | undefined>>,
  process: Pick<JobProcess, 'sink' | 'owner' | 'annotations'>,
) {
  return { ...job, sink: process.sink, owner: process.owner ?? job.owner, ...annotationValues(process) };
}
