import { describe, expect, test } from 'vitest';
import { parseComment } from '../../server/src/atlas/job';
import { redactOptions, redactSql } from '../../server/src/atlas/redact';

describe('comments', () => {
  test.each([
    ['-- Adds the customer\n-- to every order.', { description: 'Adds the customer to every order.' }],
    [
      '-- @job enrich\n-- @owner orders-team\n-- What it does.',
      { job: 'enrich', owner: 'orders-team', description: 'What it does.' },
    ],
    [
      '/*\n * Block form.\n * @quality complete within 5 minutes\n */',
      { description: 'Block form.', quality: ['complete within 5 minutes'] },
    ],
    ['-- @label nightly, finance', { labels: ['nightly', 'finance'] }],
    ['-- ------------\n-- Ruled.\n-- ------------', { description: 'Ruled.' }],
    ['', {}],
  ])('%j', (text, expected) => {
    expect(parseComment(text)).toEqual({ labels: [], quality: [], ...expected });
  });
});

describe('secrets', () => {
  test.each([
    "'password' = 'planted'",
    "'properties.sasl.jaas.config' = 'x password=\"planted\";'",
    "'s3.secret-key' = 'planted'",
    "'fs.azure.account.key.acct.dfs.core.windows.net' = 'planted'",
    "'value.avro-confluent.basic-auth.user-info' = 'u:planted'",
    "'url' = 'jdbc:mysql://u:planted@h/db'",
    "'url' = 'jdbc:postgresql://h/db?user=a&password=planted'",
    "'url' = 'jdbc:sqlserver://h;user=a;password=planted;encrypt=true'",
    "SET 'security.oauth.token' = 'planted'",
    'SET s3.secret-key = planted;',
    "'password' = 'it''s planted'",
  ])('%s', (sql) => {
    const redacted = redactSql(`${sql}, 'topic' = 'kept'`);
    expect(redacted).not.toContain('planted');
    expect(redacted.includes("'topic' = 'kept'")).toBe(true);
  });

  test('what is no secret stays', () => {
    const options = { connector: 'kafka', 'key.format': 'json', 'properties.group.id': 'g', topic: 'tokens' };
    expect(redactOptions(options)).toEqual(options);
  });
});
