/** Connectors whose tables never end while a job runs. */
const ENDLESS = /^(kafka|upsert-kafka|kinesis|pulsar|.*-cdc)$/;

/** Whether a table with these options never ends, as far as they tell: a connector of streams that is given no end. */
export function isEndless(options: Readonly<Record<string, string>>): boolean {
  const { connector = '', 'scan.bounded.mode': bounded = 'unbounded', 'scan.startup.mode': startup } = options;
  if (!ENDLESS.test(connector) || bounded !== 'unbounded') return false;
  if (connector.endsWith('-cdc') && startup === 'snapshot') return false;
  return !Object.entries(options).some(([key, value]) => key.startsWith('source.stop.') && value !== 'never');
}
