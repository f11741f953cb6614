import { describe, expect, it } from 'vitest';
import { optionHover } from '../../server/src/features/option-hover';
import { fixture } from './fixture';

/** Checks the Markdown of the hover at the cursor, '' for none, and that it belongs to the marked text. */
function check(marked: string, expected: string): void {
  const { document, cursor, ranges } = fixture(marked);
  const found = optionHover(document, cursor, '2.3');
  expect(found?.markdown ?? '').toBe(expected.replace(/^\n/, '').replace(/^ {4}/gm, '').trimEnd());
  if (ranges.length > 0) expect(found && { start: found.start, end: found.end }).toEqual(ranges[0]);
}

describe('an option', () => {
  it('is told with type, values and what it does', () =>
    check(
      `
CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'scan.startup.▮mode' = 'earliest-offset');
                                                    ~~~~~~~~~~~~~~~~~~~`,
      `
    \`\`\`flinksql
    'scan.startup.mode'
    \`\`\`

    one of several values, option of \`kafka\` · default \`group-offsets\`

    Where reading begins\\: at the group's offsets, the earliest, the latest, a time, or given offsets\\.

    Values: \`earliest-offset\`, \`latest-offset\`, \`group-offsets\`, \`timestamp\`, \`specific-offsets\``,
    ));
  it('that must be given says so; one of a pattern is found', () => {
    check(
      "CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'properties.bootstrap.serv▮ers' = 'a:1');",
      `
    \`\`\`flinksql
    'properties.bootstrap.servers'
    \`\`\`

    string, option of \`kafka\` · **required**

    Kafka brokers to connect to, separated by commas\\.`,
    );
    check(
      "CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'properties.linger▮.ms' = '5');",
      `
    \`\`\`flinksql
    'properties.*'
    \`\`\`

    string, option of \`kafka\`

    Any option of the Kafka client\\.`,
    );
  });
  it('of a format, a hint, a catalog and a setting is told', () => {
    const first = (marked: string) => {
      const { document, cursor } = fixture(marked);
      return optionHover(document, cursor, '2.3')?.markdown.split('\n')[1];
    };
    const kafka = "CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'format' = 'json');";
    expect(first(kafka.replace("'json'", "'json', 'json.ignore-parse▮-errors' = 'true'"))).toBe(
      "'json.ignore-parse-errors'",
    );
    expect(first(`${kafka}\nSELECT * FROM t /*+ OPTIONS('scan.▮startup.mode' = 'latest-offset') */;`)).toBe(
      "'scan.startup.mode'",
    );
    expect(first("CREATE CATALOG c WITH ('type' = 'jdbc', 'default-▮database' = 'a');")).toBe("'default-database'");
    expect(first("SET 'table.exec.state.▮ttl' = '1 d';")).toBe("'table.exec.state.ttl'");
  });
  it('names the connector and the format', () => {
    check(
      "CREATE TABLE t (a INT) WITH ('connector' = 'upsert-▮kafka');",
      `
    **upsert\\-kafka** · connector · reads and writes

    Needs key\\.format, properties\\.bootstrap\\.servers, value\\.format, topic or topic\\-pattern

    From \`org.apache.flink:flink-connector-kafka:5.0.0-2.2\``,
    );
  });
  it('is not told when the factory does not know it, or nothing is known of the factory', () => {
    check("CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'start▮up-mode' = 'x');", '');
    check("CREATE TABLE t (a INT) WITH ('connector' = 'my-own', 'sp▮eed' = 'x');", '');
    check("SELECT '▮a';", '');
  });
});
