import type { PublishRecord, StoreInfo } from '../protocol';
import { metricDefinitions } from './metrics';

/** Text in a cell of a Markdown table, or in a line of Markdown, as it is. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#|!$&~]/g, '\\$&').replace(/\s+/g, ' ');
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);

/** The publishes of a job, newest first, as a Markdown page with a table and what its columns mean. */
export function describeHistory(job: string, store: StoreInfo, records: readonly PublishRecord[]): string {
  const row = ({ time, metrics: { M, T1, T2, PR, PT, EE }, commit }: PublishRecord) => {
    const when = new Date(time).toISOString().replace('T', ' ').slice(0, 19);
    const cells = [when, M, seconds(T1), seconds(T2), PR.toFixed(1), seconds(PT), EE];
    return `| ${[...cells, plain((commit ?? '').slice(0, 8))].join(' | ')} |`;
  };
  const table = [
    '| Published (UTC) | M | T1 (s) | T2 (s) | PR (1/s) | PT (s) | EE (s²) | Commit |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...records.map(row),
  ];
  return [
    `# Publishes of ${plain(job)} to ${plain(store.label)}`,
    '',
    ...(records.length ? table : ['It has not been published from here yet.']),
    '',
    '## What the columns mean',
    '',
    ...metricDefinitions.map(({ name, unit, meaning }) => `- **${name}** (${unit}): ${meaning}`),
    '',
  ].join('\n');
}
