import type { Problem } from '../language/problem';
import { type LogicalType, printType } from '../semantics/types';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'temporal-join',
  severity: 'error',
  origin: 'semantics',
  explanation:
    'A join `FOR SYSTEM_TIME AS OF` takes a time attribute of the left table: a column with a watermark, or one that is PROCTIME(). With event time, the right table must say what its versions are: it needs a primary key and a watermark.',
  example:
    "CREATE TABLE a (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');\nCREATE TABLE b (id INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');\nSELECT a.id FROM a JOIN b FOR SYSTEM_TIME AS OF a.ts AS b ON a.id = b.id;",
};

export function temporalPeriod(range: { start: number; end: number }): Problem {
  return finding(
    rule,
    range,
    'FOR SYSTEM_TIME AS OF takes a time attribute of the left table here: a column with a watermark, or one that is PROCTIME().',
  );
}

export function temporalVersions(range: { start: number; end: number }, table: string, lacks: string): Problem {
  return finding(
    rule,
    range,
    `\`${table}\` is joined by event time, so it needs a primary key and a watermark. It has no ${lacks}.`,
  );
}

/** A join that depends on the left row cannot keep rows of the right side without one. */
export function temporalJoinType(range: { start: number; end: number }, type: string): Problem {
  return finding(
    rule,
    range,
    `What is looked up for each row of the left side takes JOIN or LEFT JOIN, not ${type} JOIN.`,
  );
}

/** The condition must compare the key of the versioned table. */
export function temporalKey(range: { start: number; end: number }, table: string, column: string | undefined): Problem {
  const what = column ? `\`${column}\`` : 'it';
  return finding(rule, range, `The versions of \`${table}\` go by its primary key, so ON must compare ${what} with =.`);
}

/** Both sides tell time in the same type. */
export function temporalTypes(
  range: { start: number; end: number },
  table: string,
  left: LogicalType,
  right: LogicalType,
): Problem {
  const text = (type: LogicalType): string => printType({ ...type, nullable: true }) ?? 'another type';
  return finding(
    rule,
    range,
    `\`${table}\` tells its versions by ${text(right)}, but the left side its time by ${text(left)}. Both must be of one type.`,
  );
}
