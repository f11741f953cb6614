/** Built-in functions that mean more to the binder than the type of their result. */
import { BIGINT, DATE, type LogicalType, timestamp, timestampLtz, withNullable, withoutTime } from './types';

/** Table functions that assign rows to windows. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(['TUMBLE', 'HOP', 'CUMULATE', 'SESSION']);

const PROCTIME: LogicalType = { ...timestampLtz(3, false), time: 'proctime' };

/** Words that stand for a point in time. */
const NOW: Readonly<Record<string, LogicalType>> = {
  CURRENT_TIMESTAMP: timestampLtz(3, false),
  LOCALTIMESTAMP: timestamp(3, false),
  CURRENT_DATE: withNullable(DATE, false),
  CURRENT_TIME: { root: 'TIME', nullable: false, precision: 0 },
  LOCALTIME: { root: 'TIME', nullable: false, precision: 0 },
};

/**
 * The type of functions that only mean something beside GROUP BY, a window or a time attribute, so that the generated
 * knowledge has none for them; undefined for all others.
 */
export function typeInContext(name: string, args: readonly LogicalType[]): LogicalType | undefined {
  if (args.length === 0 && NOW[name]) return NOW[name];
  switch (name) {
    case 'PROCTIME':
    case 'MATCH_PROCTIME':
      return PROCTIME;
    case 'MATCH_ROWTIME':
      return args[0] && { ...args[0], nullable: false, time: 'rowtime' };
    case 'CURRENT_WATERMARK':
      return args[0] && withNullable(withoutTime(args[0]), true);
    case 'GROUPING':
    case 'GROUPING_ID':
    case 'GROUP_ID':
      return withNullable(BIGINT, false);
  }
  switch (/^(?:TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)$/.exec(name)?.[1]) {
    case 'START':
    case 'END':
      return timestamp(3, false);
    case 'ROWTIME':
      return attribute(args, 'rowtime');
    case 'PROCTIME':
      return attribute(args, 'proctime');
  }
  return undefined;
}

/** Without an argument the type is that of the input's time attribute, which is not looked up here. */
function attribute(args: readonly LogicalType[], time: 'rowtime' | 'proctime'): LogicalType | undefined {
  return args[0] && { ...args[0], time };
}
