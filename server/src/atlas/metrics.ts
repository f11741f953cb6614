/** How fast a publish was, in the four figures that are kept of each. */
import type { PublishMetrics } from '../protocol';

/**
 * What the figures mean, for people. `M` and the two times are measured, the rest follows from them. Reading back asks
 * the server by name and by its own number, which is what lineage and hovers go by; its search index may take a second more.
 */
export const metricDefinitions: readonly { name: string; unit: string; meaning: string }[] = [
  {
    name: 'M',
    unit: 'pieces',
    meaning:
      'Pieces of metadata pushed: jobs, processes, datasets, columns and their lineage, made, changed or removed.',
  },
  { name: 'T1', unit: 's', meaning: 'Push time: from the first change sent until the last one was answered.' },
  {
    name: 'T2',
    unit: 's',
    meaning: 'Processing time: from the last answer until everything pushed could be read back by its name.',
  },
  { name: 'PR', unit: 'pieces/s', meaning: 'Push rate: M ÷ T1.' },
  { name: 'PT', unit: 's', meaning: 'Publishing time: T1 + T2. Comparing beforehand is not counted.' },
  { name: 'EE', unit: 's²/piece', meaning: 'End-to-end efficiency: PT ÷ PR; the smaller, the better.' },
];

/** The figures of a publish of `pieces` pieces; times in milliseconds, rate in pieces a second. */
export function publishMetrics(pieces: number, push: number, processing: number): PublishMetrics {
  const round = (value: number) => Math.round(value * 1000) / 1000;
  const seconds = (milliseconds: number) => milliseconds / 1000;
  const rate = push > 0 ? pieces / seconds(push) : 0;
  const time = push + processing;
  return {
    M: pieces,
    T1: Math.round(push),
    T2: Math.round(processing),
    PR: round(rate),
    PT: Math.round(time),
    EE: rate > 0 ? Number((seconds(time) / rate).toPrecision(3)) : 0,
  };
}
