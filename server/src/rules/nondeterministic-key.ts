import type { Call, NodeBase } from '../language/ast';
import type { Problem } from '../language/problem';
import { callName } from '../semantics/traverse';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'nondeterministic-key',
  severity: 'hint',
  origin: 'hint',
  explanation:
    'A column of the primary key is made by a function that gives another value each time, such as `UUID()` or `NOW()`. When a row is processed again, after a failure or because a row that it was made from has changed, it is written under another key, and the old one stays. Make the key from columns of the source. The same goes for a random function in `GROUP BY`: every row is a group of its own.',
  example:
    "CREATE TABLE t (a INT) WITH ('connector' = 'datagen');\nCREATE TABLE s (id STRING, a INT, PRIMARY KEY (id) NOT ENFORCED) WITH (\n  'connector' = 'upsert-kafka', 'topic' = 's', 'properties.bootstrap.servers' = 'kafka:9092',\n  'key.format' = 'json', 'value.format' = 'json'\n);\nINSERT INTO s SELECT UUID(), a FROM t;",
};

const RANDOM = 'UUID|RAND|RAND_INTEGER';
const CLOCK = 'NOW|CURRENT_TIMESTAMP|CURRENT_ROW_TIMESTAMP|CURRENT_DATE|CURRENT_TIME|LOCALTIME|LOCALTIMESTAMP|PROCTIME';
const NAMES = new RegExp(`^(?:${RANDOM}|${CLOCK})$`);
const RANDOM_NAMES = new RegExp(`^(?:${RANDOM})$`);
const WORDS = new RegExp(`\\b(?:${RANDOM}|${CLOCK}|UNIX_TIMESTAMP)\\b`, 'i');

/** Whether a text may call a function that gives another value each time: a quick look before the thorough one. */
export function mayBeNondeterministic(text: string): boolean {
  return WORDS.test(text);
}

/** The name of the function, when a node calls one that gives another value for each row or each run. */
export function nondeterministicCall(node: NodeBase & { readonly kind: string }): string | undefined {
  if (node.kind !== 'Call') return undefined;
  const call = node as Call;
  const name = callName(call);
  // of a given time the seconds are always the same
  return NAMES.test(name) || (name === 'UNIX_TIMESTAMP' && call.args.length === 0) ? name : undefined;
}

/** `call` is the function's name, `column` the sink's, part of its primary key. */
export function nondeterministicKey(
  range: { start: number; end: number },
  call: string,
  column: string,
  sink: string,
): Problem {
  return finding(
    rule,
    range,
    `${call}() makes \`${column}\`, part of the primary key of \`${sink}\`, another one each time: a row that is processed again is written under another key. Make the key from columns of the source.`,
  );
}

export function isRandom(call: string): boolean {
  return RANDOM_NAMES.test(call);
}

export function nondeterministicGroup(range: { start: number; end: number }, call: string): Problem {
  return finding(rule, range, `${call}() gives each row another value, so every row is a group of its own.`);
}
