/** Which values CAST turns into which. Source of the facts: what the planners of Flink 1.20 and 2.3 answer for each pair. */
import type { LogicalType, TypeRoot } from './types';

const NUMBERS = 'TINYINT SMALLINT INT BIGINT FLOAT DOUBLE DECIMAL';
const BYTES = 'BINARY VARBINARY';
const STAMPS = 'TIMESTAMP TIMESTAMP_LTZ';
const TIMES = `DATE TIME ${STAMPS}`;
const COLLECTIONS = 'ARRAY MAP MULTISET ROW';
const INTERVALS = 'INTERVAL_MONTH INTERVAL_DAY';

/** Type roots that both planners refuse to cast a root to. */
const REFUSED: Readonly<Record<string, string>> = {
  BOOLEAN: `${BYTES} ${TIMES} ${COLLECTIONS} ${INTERVALS}`,
  'TINYINT SMALLINT INT BIGINT DECIMAL': `${BYTES} DATE TIME ${COLLECTIONS}`,
  'FLOAT DOUBLE': `${BYTES} DATE TIME ${COLLECTIONS} ${INTERVALS}`,
  'CHAR VARCHAR': 'MAP MULTISET ROW',
  [BYTES]: `BOOLEAN ${NUMBERS} ${COLLECTIONS} ${INTERVALS}`,
  DATE: `BOOLEAN ${NUMBERS} ${BYTES} TIME ${COLLECTIONS} ${INTERVALS}`,
  TIME: `BOOLEAN ${NUMBERS} ${BYTES} DATE ${COLLECTIONS} ${INTERVALS}`,
  [STAMPS]: `BOOLEAN ${BYTES} ${COLLECTIONS} ${INTERVALS}`,
  ARRAY: `BOOLEAN ${NUMBERS} ${BYTES} ${TIMES} MAP MULTISET ROW ${INTERVALS}`,
  MAP: `BOOLEAN ${NUMBERS} ${BYTES} ${TIMES} ARRAY MULTISET ROW ${INTERVALS}`,
  MULTISET: `BOOLEAN ${NUMBERS} ${BYTES} ${TIMES} ARRAY MAP ROW ${INTERVALS}`,
  ROW: `BOOLEAN ${NUMBERS} ${BYTES} ${TIMES} ARRAY MAP MULTISET ${INTERVALS}`,
  INTERVAL_MONTH: `BOOLEAN TINYINT SMALLINT FLOAT DOUBLE ${BYTES} ${TIMES} ${COLLECTIONS} INTERVAL_DAY`,
  INTERVAL_DAY: `BOOLEAN TINYINT SMALLINT FLOAT DOUBLE ${BYTES} ${TIMES} ${COLLECTIONS} INTERVAL_MONTH`,
};

const refused = new Map<TypeRoot, ReadonlySet<string>>();
for (const [from, to] of Object.entries(REFUSED)) {
  const set = new Set(to.split(' '));
  for (const root of from.split(' ')) refused.set(root as TypeRoot, set);
}

/** Whether CAST takes a value of one type to another; doubtful cases can be cast. */
export function canCast(from: LogicalType, to: LogicalType): boolean {
  return !refused.get(from.root)?.has(to.root);
}
