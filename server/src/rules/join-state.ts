import type { Problem } from '../language/problem';
import { finding, type Rule } from './rule';

export const rule: Rule = {
  code: 'join-state',
  severity: 'hint',
  origin: 'hint',
  explanation:
    "A regular join of two streams keeps all rows of both sides for ever, so its state grows without end. Set `'table.exec.state.ttl'`, or join by time: an interval, a window, or FOR SYSTEM_TIME AS OF.",
  example:
    "CREATE TABLE a (id INT) WITH ('connector' = 'kafka', 'topic' = 'a', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');\nCREATE TABLE b (id INT) WITH ('connector' = 'kafka', 'topic' = 'b', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');\nSELECT a.id FROM a JOIN b ON a.id = b.id;",
};

export function joinState(range: { start: number; end: number }): Problem {
  return finding(
    rule,
    range,
    "This join keeps all rows of both streams for ever. Set 'table.exec.state.ttl', or join by time.",
  );
}
