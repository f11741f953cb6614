/** Built-in functions that mean more to the binder than the type of their result. */
import { BIGINT, DATE, type LogicalType, timestamp, timestampLtz, withNullable, withoutTime, withTime } from './types';

/** Table functions that assign rows to windows. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(['TUMBLE', 'HOP', 'CUMULATE', 'SESSION']);

const PROCTIME = withTime(timestampLtz(3, false), 'proctime');

/** Functions that tell of the window in GROUP BY, and what. */
const GROUP_WINDOW_PARTS: ReadonlyMap<string, string> = new Map(
  ['TUMBLE', 'HOP', 'SESSION'].flatMap((window) =>
    ['START', 'END', 'ROWTIME', 'PROCTIME'].map((part) => [`${window}_${part}`, part] as const),
  ),
);

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
      return args[0] && withTime(withNullable(args[0], false), 'rowtime');
    case 'CURRENT_WATERMARK':
      return args[0] && withNullable(withoutTime(args[0]), true);
    case 'GROUPING':
    case 'GROUPING_ID':
    case 'GROUP_ID':
      return withNullable(BIGINT, false);
  }
  switch (GROUP_WINDOW_PARTS.get(name)) {
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
  return args[0] && withTime(args[0], time);
}
