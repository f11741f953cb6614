import { describe, expect, test } from 'vitest';
import { parseComment } from '../../server/src/atlas/job';
import { redactOptions, redactSql } from '../../server/src/atlas/redact';
import { describeScript } from './jobs';
import { leaks, secretive } from './secretive';

const tables = `
CREATE TABLE a (id BIGINT, name STRING) WITH ('connector' = 'datagen');
CREATE TABLE b (id BIGINT, name STRING) WITH ('connector' = 'blackhole');
CREATE TABLE c (id BIGINT, name STRING) WITH ('connector' = 'print');
`;

describe('a script as a job', () => {
  test.each([
    ["SET 'pipeline.name' = 'from set';", 'from set'],
    ["-- @job from comment\nSET 'pipeline.name' = 'from set';", 'from set'],
    ['-- @job from comment\n', 'from comment'],
    ['', 'jobs/shop.sql'],
  ])('is named by %j', (top, name) => {
    expect(describeScript(`${top}${tables}INSERT INTO b SELECT * FROM a;`).name).toBe(name);
  });

  test('has a process for each writing statement, named by its sink and whatever its text', () => {
    const job = describeScript(`${tables}
      INSERT INTO b SELECT * FROM a;
      CREATE VIEW v AS SELECT * FROM a;
      EXPLAIN INSERT INTO c SELECT * FROM a;
      EXECUTE STATEMENT SET BEGIN
        -- Only the big ones.
        -- @owner team-c
        INSERT INTO c SELECT id, UPPER(name) FROM v WHERE id > 5;
        INSERT INTO b SELECT id, 'x' FROM a;
      END;`);
    expect(
      job.processes.map(({ name, sources, description, owner }) => ({ name, sources, description, owner })),
    ).toEqual([
      { name: 'b', sources: ['default_catalog.default_database.a'], description: undefined, owner: undefined },
      {
        name: 'c',
        sources: ['default_catalog.default_database.a'],
        description: 'Only the big ones.',
        owner: 'team-c',
      },
      { name: 'b#2', sources: ['default_catalog.default_database.a'], description: undefined, owner: undefined },
    ]);
    expect(job.processes[1]?.columns).toMatchObject([
      { column: 'id', from: [{ column: 'id', transformed: false }] },
      { column: 'name', from: [{ column: 'name', transformed: true }] },
    ]);
    expect(job.notes).toEqual([]);
  });

  test('leaves out what has errors, and says so', () => {
    const job = describeScript(`${tables}INSERT INTO b SELECT nothing FROM a;\nINSERT INTO c SELECT * FROM a;`);
    expect(job.processes.map((each) => each.name)).toEqual(['c']);
    expect(job.notes).toEqual(['The statement at line 5 has errors and is left out.']);
  });

  test('a comment at the top speaks of the job, one above a table of the table', () => {
    const own = describeScript(`-- About the job.\n-- @owner me\n${tables}INSERT INTO b SELECT * FROM a;`);
    expect(own).toMatchObject({ description: 'About the job.', owner: 'me' });
    const table = describeScript(`-- About the table.${tables}INSERT INTO b SELECT * FROM a;`);
    expect(table.description).toBeUndefined();
    const both = describeScript(`-- About the job.\n\n-- About the table.${tables}INSERT INTO b SELECT * FROM a;`);
    expect(both.description).toBe('About the job.');
  });

  test('the comment above a table describes it where its DDL does not', () => {
    const job = describeScript(`-- The job.
SET 'pipeline.name' = 'j';

-- Orders as they come in.
-- @owner checkout
-- @quality one event per order
-- @quality at most a minute late
CREATE TABLE a (id BIGINT) WITH ('connector' = 'datagen');
-- Not this.
CREATE TABLE b (id BIGINT) COMMENT 'The archive' WITH ('connector' = 'blackhole');
-- What it does.
INSERT INTO b SELECT id FROM a;`);
    const table = (name: string) => job.tables.get(`default_catalog.default_database.${name}`);
    expect(table('a')).toMatchObject({
      comment: 'Orders as they come in.',
      owner: 'checkout',
      quality: ['one event per order', 'at most a minute late'],
    });
    expect(table('b')?.comment).toBe('The archive');
    expect(table('b')).not.toHaveProperty('owner');
    expect(job).toMatchObject({ description: 'The job.' });
    expect(job).not.toHaveProperty('owner');
  });

  test('keeps no secret', () => {
    const job = describeScript(`
      CREATE CATALOG c WITH ('type' = 'jdbc', 'password' = 'planted', 'base-url' = 'jdbc:mysql://u:planted@h/');
      CREATE TABLE a (id BIGINT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:mysql://u:planted@h/d', 'table-name' = 't', 'password' = 'planted');
      CREATE TABLE b (id BIGINT) WITH ('connector' = 'blackhole');
      INSERT INTO b SELECT * FROM a /*+ OPTIONS('password' = 'planted') */;`);
    expect(job.processes).toHaveLength(1);
    expect(JSON.stringify([...job.tables, ...job.catalogs, job.processes])).not.toContain('planted');
  });
});

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
    "'url' = 'jdbc:oracle:thin:scott/planted@h:1521:XE'",
    "'url' = 'jdbc:postgresql://h/db?user=a&password=planted'",
    "'url' = 'jdbc:sqlserver://h;user=a;password=planted;encrypt=true'",
    "SET 'security.oauth.token' = 'planted'",
    'SET s3.secret-key = planted;',
    "'password' = 'it''s planted'",
    '"password" = "planted"',
    `"password" = 'planted'`,
    '"x" = "password=planted"',
    String.raw`concat('it\'s password=planted')`,
    "'path' = 'C:\\', 'password' = 'planted'",
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

test('holds no secret, wherever the script has one', () => {
  const { tables, catalogs, ...job } = describeScript(secretive);
  expect(job.processes).toHaveLength(2);
  expect(leaks(JSON.stringify([job, [...tables], [...catalogs]]))).toEqual([]);
});

test("holds no secret in Hive's dialect either, in whichever quotes", () => {
  const { tables, catalogs, ...job } = describeScript(`USE CATALOG lake; SET 'table.sql-dialect' = 'hive';
    CREATE TABLE t (a STRING COMMENT "password: planted-01") COMMENT "token = planted-02"
      TBLPROPERTIES ("password" = "planted-03", "api.secret.key"="planted-04", 'x.password'="planted-05");
    FROM u INSERT OVERWRITE TABLE t SELECT concat("password=planted-06", 'password = "planted-07"', "it's token=planted-08", x)
      INSERT INTO v SELECT x WHERE y = "jdbc:mysql://u:planted-09@h/db";
    CREATE TABLE w TBLPROPERTIES ("password" = "planted-10") AS SELECT a FROM t;`);
  expect(job.processes).toHaveLength(3);
  expect(leaks(JSON.stringify([job, [...tables], [...catalogs]]))).toEqual([]);
});
