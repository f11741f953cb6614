import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'star-into-sink',
  severity: 'hint',
  origin: 'hint',
  explanation:
    '`SELECT *` into a table goes by position: a column added to the source shifts all that follow, or breaks the job. Name the columns.',
  example:
    "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nCREATE TABLE s (a INT) WITH ('connector' = 'print');\nINSERT INTO s SELECT * FROM t;",
};

/** `columns` are those that the star stands for now; undefined when they are not known. */
export function starIntoSink(range: { start: number; end: number }, columns: readonly string[] | undefined): Problem {
  return finding(
    rule,
    range,
    'The columns go into the sink by position. Name them, so that a change of the source does not shift them.',
    columns && [
      {
        title: 'Write the columns out',
        edits: [{ start: range.start, end: range.end, text: columns.join(', ') }],
      },
    ],
  );
}
