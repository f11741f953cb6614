/** Built-in functions that mean more to the binder than the type of their result. */
import { type LogicalType, timestampLtz } from './types';

/** Table functions that assign rows to windows. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(['TUMBLE', 'HOP', 'CUMULATE', 'SESSION']);

const PROCTIME: LogicalType = { ...timestampLtz(3, false), time: 'proctime' };

/** The type of functions that make time attributes; undefined for all others. */
export function timeAttribute(name: string, args: readonly LogicalType[]): LogicalType | undefined {
  if (name === 'PROCTIME' || name === 'MATCH_PROCTIME') return PROCTIME;
  if (/^(TUMBLE|HOP|SESSION)_PROCTIME$/.test(name)) return PROCTIME;
  if (name === 'MATCH_ROWTIME' || /^(TUMBLE|HOP|SESSION)_ROWTIME$/.test(name)) {
    // without an argument the type is that of the input's time attribute, which is not looked up here
    return args[0] && { ...args[0], nullable: false, time: 'rowtime' };
  }
  return undefined;
}
