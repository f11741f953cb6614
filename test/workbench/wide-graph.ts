import { Random } from '../fuzz/random';

/**
 * A script whose lineage has so many nodes, one more where the number asks for half a pair: a fifth are tables that nothing
 * writes, the rest pairs of an INSERT and the table that it writes, each from one to three tables. Always the same for the same
 * number.
 */
export function wideGraph(nodes: number): string {
  const random = new Random(7);
  const lines = ["SET 'pipeline.name' = 'wide-graph';"];
  const tables: string[] = [];
  const create = () => {
    const name = `table_${tables.length}`;
    tables.push(name);
    lines.push(
      `CREATE TABLE ${name} (id BIGINT, amount DECIMAL(10, 2), label STRING, happened_at TIMESTAMP(3), PRIMARY KEY (id) NOT ENFORCED)`,
      `  WITH ('connector' = 'upsert-kafka', 'topic' = 'wide.${name}', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');`,
    );
    return name;
  };
  const sources = Math.floor(nodes / 5);
  for (let i = 0; i < sources; i++) create();
  // what nothing reads would not be in the graph
  const unread = [...tables];
  for (let made = sources; made < nodes; made += 2) {
    const recent = tables.slice(-sources);
    const others = Array.from({ length: random.below(3) }, () => recent[random.below(recent.length)]!);
    const from = [...new Set([unread.shift() ?? recent[random.below(recent.length)]!, ...others])];
    const sink = create();
    const joins = from.slice(1).map((table, index) => `JOIN ${table} AS s${index + 1} ON s0.id = s${index + 1}.id`);
    lines.push(
      `INSERT INTO ${sink} SELECT s0.id, ${from.map((_, index) => `s${index}.amount`).join(' + ')}, UPPER(s0.label), s0.happened_at FROM ${from[0]} AS s0 ${joins.join(' ')};`,
    );
  }
  return `${lines.join('\n')}\n`;
}
