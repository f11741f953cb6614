import { type JobProcess, shortName } from './job';
import type { WaitingJob } from './outbox';

/** '2026-11-25 04:01:05 UTC' */
function moment(time: number): string {
  return `${new Date(time).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

function lines({ name, sources, sink, columns }: JobProcess): string[] {
  return [
    `+ process ${name}`,
    `    reads ${sources.map(shortName).join(', ') || 'nothing that is kept'}`,
    `    writes ${shortName(sink)}`,
    ...columns.map(({ column, from, expression }) => {
      const origins = from.map((origin) => `${shortName(origin.table)}.${origin.column}`).join(', ');
      const how = expression?.replace(/\s+/g, ' ').slice(0, 120);
      return `    ${column} ← ${origins || 'no column'}${how && how !== origins ? `  (${how})` : ''}`;
    }),
  ];
}

/**
 * What waits in the outbox as a text for people: where it is to go, why it has not arrived, when it is tried again (`now`
 * in milliseconds since 1970), and what it is. What is there already is left out when it is sent.
 */
export function describeWaiting(waiting: WaitingJob, now: number): string {
  const { job, store, since, attempts, next, held, error } = waiting;
  const when = held
    ? 'Not sent again by itself: it was cancelled. Retry or discard it in the tree.'
    : next === undefined
      ? 'It is being sent.'
      : next <= now
        ? 'It is sent as soon as its store is in use.'
        : `It is sent again at ${moment(next)}.`;
  return [
    `# ${job.name} waits to be published to ${store.label} (${store.url})`,
    `# since ${moment(since)}, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    ...(error ? [`# ${error.message}${error.advice ? ` ${error.advice}` : ''}`] : []),
    `# ${when}`,
    '# What Atlas has already is left out when it is sent.',
    '',
    `+ job ${job.name}`,
    ...(job.description ? [`    ${job.description}`] : []),
    ...(job.owner ? [`    owner ${job.owner}`] : []),
    `    script ${job.source.file}`,
    ...job.processes.flatMap(lines),
    '',
  ].join('\n');
}
