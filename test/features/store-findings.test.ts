import { describe, expect, it } from 'vitest';
import type { TableAnswer, TableCard } from '../../server/src/atlas/cards';
import { quickFixes } from '../../server/src/features/quick-fixes';
import { storeFindings } from '../../server/src/features/store-findings';
import type { Severity } from '../../server/src/language/problem';
import { fixture } from './fixture';

/** What a store knows of a table, for tests: columns as 'name TYPE CLASSIFICATION…'. */
interface Known extends Partial<Omit<TableCard, 'columns'>> {
  columns?: string[];
}

const PREFIX = 'default_catalog.default_database.';

function answerOf(table: string, known: Known | undefined): TableAnswer {
  if (!known) {
    return {
      table,
      found: false,
      expected: { typeLabel: 'Kafka topic', typeName: 'kafka_topic', qualifiedName: table },
    };
  }
  const columns = (known.columns ?? []).map((text) => {
    const [, name = '', flinkType = '', classes = ''] = /^(\S+) ([A-Z_]+(?:\([^)]*\))?) ?(.*)$/.exec(text) ?? [];
    const classifications = classes === '' ? [] : classes.split(' ');
    return { name, guid: name, qualifiedName: name, type: flinkType, flinkType, classifications };
  });
  const card = {
    table,
    typeLabel: 'Database table',
    typeName: 'rdbms_table',
    name: table,
    qualifiedName: table,
    guid: table,
    classifications: [],
    terms: [],
    labels: [],
    upstream: [],
    downstream: [],
    status: 'active' as const,
    columnType: 'rdbms_column',
    ...known,
    columns,
  };
  return { table, found: true, card, others: [] };
}

interface Options {
  classifications?: Record<string, Severity | 'off'>;
  severities?: Record<string, Severity | 'off'>;
}

/** The findings of a script given what a store knows of its tables; undefined: asked, and not there. */
function find(sql: string, tables: Record<string, Known | undefined>, options: Options = {}) {
  const { document } = fixture(sql);
  const findings = storeFindings(document, {
    answers: new Map(
      Object.entries(tables).map(([name, known]) => [`${PREFIX}${name}`, answerOf(`${PREFIX}${name}`, known)]),
    ),
    place: 'Atlas',
    governance: {
      classifications: options.classifications ?? { PII: 'warning', Deprecated: 'warning' },
      masking: ['SHA256', 'COUNT'],
    },
    ...(options.severities ? { severities: options.severities } : {}),
    isOwnJob: (name) => name === 'mine@prod',
  });
  document.known = findings;
  const codes = /^(schema-drift|governance-)/;
  return { document, problems: document.problems(true).filter(({ problem }) => codes.test(problem.code)) };
}

/** Checks findings: 'severity code “text in the document” message'. */
function check(sql: string, tables: Record<string, Known | undefined>, expected: string[], options?: Options): void {
  const { document, problems } = find(sql, tables, options);
  const lines = problems.map(
    ({ problem, start, end }) =>
      `${problem.severity} ${problem.code} “${document.text.slice(start, end)}” ${problem.message}`,
  );
  expect(lines).toEqual(expected);
}

describe('columns that differ from the store', () => {
  const orders = (columns: string, format = 'json') =>
    `CREATE TABLE orders (${columns}) WITH ('connector' = 'kafka', 'topic' = 'o', 'properties.bootstrap.servers' = 'k:1', 'format' = '${format}');`;
  const known = { orders: { columns: ['id BIGINT', 'amount DECIMAL(12, 2)', 'currency STRING'] } };

  it('are told at the name of the table', () =>
    check(orders('id BIGINT, amount DECIMAL(10, 2), note STRING'), known, [
      'information schema-drift “orders” 3 columns of `orders` differ from Atlas: `currency` is missing here, `amount` is DECIMAL(12, 2) there, `note` is only here.',
    ]));
  it('that are merely not read are a hint, unless columns go by position or the table is written', () => {
    const missing = 'schema-drift “orders” A column of `orders` differs from Atlas: `currency` is missing here.';
    const columns = 'id BIGINT, amount DECIMAL(12, 2)';
    check(orders(columns), known, [`hint ${missing}`]);
    check(orders(columns, 'csv'), known, [`information ${missing}`]);
    check(`${orders(columns)}\nINSERT INTO orders SELECT 1, 2;`, known, [`information ${missing}`]);
  });
  it('are not told of what this job has published, nor of what others only read', () => {
    const published = (part: Known) => ({ orders: { ...known.orders, columnType: 'flink_column', ...part } });
    check(orders('id INT'), published({ publishedBy: 'mine@prod', publishedAs: 'sink' }), []);
    check(orders('id INT'), published({ publishedBy: 'x@prod', publishedAs: 'source' }), []);
    expect(find(orders('id INT'), published({ publishedBy: 'x@prod', publishedAs: 'sink' })).problems).toHaveLength(1);
  });
  it('are not told where nothing differs, nothing is known, or a comment or setting says so', () => {
    check(orders('id BIGINT, amount DECIMAL(12, 2), currency STRING, p AS PROCTIME()'), known, []);
    check(orders('id INT'), {}, []);
    check(orders('id INT'), { orders: undefined }, []);
    check(`-- flink-sql: ignore schema-drift\n${orders('id INT')}`, known, []);
    check(orders('id INT'), known, [], { severities: { 'schema-drift': 'off' } });
  });
  it('of a definition with an error are left alone', () => check(`${orders('id INT,, b INT')}`, known, []));

  /** The fixes of a finding that change the columns. */
  const fixesOf = (sql: string, tables: Record<string, Known> = known) => {
    const { document, problems } = find(sql, tables);
    const all = quickFixes(document.text, problems, { start: 0, end: sql.length });
    return { text: document.text, fixes: all.filter(({ title }) => !/^(Ignore|Turn off) /.test(title)) };
  };
  /** Applies the fix of a title; answers the columns. */
  const fixed = (sql: string, title: string, tables: Record<string, Known> = known): string => {
    const { text: before, fixes } = fixesOf(sql, tables);
    const fix = fixes.find((one) => one.title === title);
    if (!fix) throw new Error(`No fix ${title}: ${fixes.map((one) => one.title)}`);
    let text = before;
    for (const edit of [...fix.edits].reverse()) text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
    return /^CREATE TABLE orders \(([\s\S]*?)\) (?:COMMENT|WITH)/.exec(text)?.[1] ?? text;
  };
  const wide = orders(`
  id      BIGINT NOT NULL, -- the number
  note    STRING,
  amount  DECIMAL(10, 2) NOT NULL,
  p       AS PROCTIME(),
  PRIMARY KEY (id) NOT ENFORCED
`);
  it('are added, removed and retyped, one by one', () => {
    expect(fixed(wide, 'Add currency STRING')).toContain('NOT NULL,\n  currency STRING,\n  p       AS PROCTIME()');
    expect(fixed(wide, 'Remove note')).toContain('-- the number\n  amount  DECIMAL(10, 2)');
    expect(fixed(wide, 'Change amount to DECIMAL(12, 2)')).toContain('amount  DECIMAL(12, 2) NOT NULL,');
  });
  it('are all taken at once', () =>
    expect(fixed(wide, 'Take all 3 columns from Atlas')).toBe(`
  id      BIGINT NOT NULL, -- the number
  amount  DECIMAL(12, 2) NOT NULL,
  currency STRING,
  p       AS PROCTIME(),
  PRIMARY KEY (id) NOT ENFORCED
`));
  it('at the end of a line are removed with their comma', () => {
    const sql = orders('id BIGINT, a INT, amount DECIMAL(12, 2), b INT, c INT');
    expect(fixed(sql, 'Take all 4 columns from Atlas')).toBe('id BIGINT, amount DECIMAL(12, 2), currency STRING');
    expect(fixed(sql, 'Remove c')).toBe('id BIGINT, a INT, amount DECIMAL(12, 2), b INT');
  });
  it('that a key or the watermark needs are not removed', () => {
    const sql = orders('id BIGINT, amount DECIMAL(12, 2), ts TIMESTAMP(3), WATERMARK FOR ts AS ts');
    expect(fixesOf(sql).fixes.map(({ title }) => title)).toEqual(['Add currency STRING']);
  });
  it('with names that nobody would write are quoted, cleaned and shortened', () => {
    const tables = { orders: { columns: ['id BIGINT', 'my`col INT', `${'x'.repeat(5000)} INT`, 'a\u202eb INT'] } };
    const { problems } = find(orders('id BIGINT'), tables);
    expect(problems[0]?.problem.message).not.toMatch(/\p{Cf}/u);
    expect(problems[0]?.problem.message.length).toBeLessThan(500);
    expect(fixed(orders('id BIGINT'), 'Add my`col INT', tables)).toBe('id BIGINT, `my``col` INT');
  });
  it('may be thousands', () => {
    const columns = Array.from({ length: 5000 }, (_, n) => `c${n} INT`);
    const { problems } = find(orders('id BIGINT'), { orders: { columns } });
    expect(problems[0]?.problem.message).toMatch(/^5001 columns of `orders` differ .* and 4997 more\.$/);
    expect(problems[0]?.problem.fixes?.length).toBeLessThan(12);
  });
});

describe('classified data', () => {
  const tables = `CREATE TABLE customers (id BIGINT, email STRING) WITH ('connector' = 'datagen');
CREATE TABLE enriched (id BIGINT, contact STRING) WITH ('connector' = 'blackhole');
`;
  const known = (sink: Known | undefined = { columns: ['id BIGINT', 'contact STRING'] }) => ({
    customers: { columns: ['id BIGINT', 'email STRING PII'] },
    enriched: sink,
  });
  const insert = (select: string) => `${tables}INSERT INTO enriched SELECT id, ${select} FROM customers;`;
  const finding = (at: string, path = 'customers.email (PII) → enriched.contact') =>
    `warning governance-classified “${at}” PII flows into what is not classified so: ${path}. Classify the sink in Atlas, mask the value, or leave it out.`;

  it('is told with its path where it flows into what is not', () => {
    check(insert('email'), known(), [finding('email')]);
    check(insert("CONCAT('mailto:', email)"), known(), [finding('email')]);
    check(`${tables}INSERT INTO enriched SELECT * FROM customers;`, known(), [finding('enriched')]);
  });
  it('is told where it is selected, not where it is joined or filtered', () => {
    const { document, problems } = find(
      `${tables}INSERT INTO enriched SELECT a.id, a.email FROM customers AS a JOIN customers AS b ON a.email = b.email;`,
      known(),
    );
    const [place] = problems;
    expect(document.text.slice(0, place?.end)).toMatch(/SELECT a\.id, a\.email$/);
  });
  it('points to where the column is declared', () => {
    const { problems } = find(insert('email'), known());
    const [place] = problems[0]?.problem.related ?? [];
    expect(place?.statement.text.slice(place.start, place.end)).toBe('email');
    expect(place?.message).toBe('email is classified PII in Atlas');
  });
  it('is told through views, subqueries and common table expressions', () => {
    const view = `${tables}CREATE VIEW v AS SELECT id, LOWER(email) AS mail FROM customers;\n`;
    check(`${view}INSERT INTO enriched SELECT id, mail FROM v;`, known(), [
      finding('enriched', 'customers.email (PII) → v → enriched.contact'),
    ]);
    check(
      `${tables}INSERT INTO enriched WITH c AS (SELECT id, email AS m FROM customers) SELECT id, m FROM c;`,
      known(),
      [finding('email')],
    );
  });
  it('is not told where the sink carries it too, as a column or as a whole', () => {
    check(insert('email'), known({ columns: ['id BIGINT', 'contact STRING PII'] }), []);
    check(insert('email'), known({ columns: ['id BIGINT', 'contact STRING'], classifications: ['PII'] }), []);
  });
  it('is only information where the store does not know the sink yet, and nothing where nothing is kept', () => {
    check(insert('email'), { ...known(), enriched: undefined }, [
      'information governance-classified “email” PII flows into what Atlas does not know yet: customers.email (PII) → enriched.contact.',
    ]);
    check(insert('email'), { customers: known().customers }, []);
  });
  it('is hidden by a hash, a count and a test', () => {
    for (const select of [
      'SHA256(email)',
      "CASE WHEN email LIKE '%x' THEN 'a' ELSE 'b' END",
      'CAST(email IS NULL AS STRING)',
      'SHA256(UPPER(email))',
    ])
      check(insert(select), known(), []);
    check(
      `${tables}INSERT INTO enriched SELECT id, CAST(COUNT(email) AS STRING) FROM customers GROUP BY id;`,
      known(),
      [],
    );
    check(
      `${tables}CREATE VIEW v AS SELECT id, SHA256(email) AS m FROM customers;\nINSERT INTO enriched SELECT id, m FROM v;`,
      known(),
      [],
    );
    check(insert('CONCAT(SHA256(email), email)'), known(), [finding('email')]);
  });
  it.each([
    ['email', 'SHA256(email) AS email'],
    ['c.`email`', 'SHA256(c.`email`) AS `email`'],
    ['UPPER(email)', 'UPPER(SHA256(email))'],
    ['email AS contact', 'SHA256(email) AS contact'],
  ])('can be hashed where %s is selected', (select, expected) => {
    const sql = insert(select).replace(/FROM customers;/, 'FROM customers AS c;');
    const { document, problems } = find(sql, known());
    const fixes = quickFixes(document.text, problems, { start: 0, end: sql.length });
    const [edit] = fixes.find(({ title }) => title === 'Write SHA256 of email')?.edits ?? [];
    const fixed = document.text.slice(0, edit?.start) + edit?.text + document.text.slice(edit?.end);
    expect(fixed).toContain(`SELECT id, ${expected} FROM`);
    check(fixed, known(), []);
  });
  it('is not hashed where it is no text', () => {
    const { problems } = find(insert("'x'"), { ...known(), customers: { columns: ['id BIGINT PII', 'email STRING'] } });
    expect(problems.map(({ problem }) => problem.fixes)).toEqual([undefined]);
  });
  it('that only decides about rows does not flow', () =>
    check(`${tables}INSERT INTO enriched SELECT id, 'x' FROM customers WHERE email IS NOT NULL;`, known(), []));
  it('counts as the settings say', () => {
    check(insert('email'), known(), [], { classifications: { PII: 'off' } });
    check(insert('email'), known(), [], { classifications: {} });
    check(insert('email'), known(), [finding('email').replace('warning', 'error')], {
      classifications: { 'p*': 'error' },
    });
    check(insert('email'), known(), [], { classifications: { pii: 'off', '*': 'error' } });
    check(insert('email'), known(), [], { severities: { 'governance-classified': 'off' } });
    check(
      `${tables}-- flink-sql: ignore governance-classified\nINSERT INTO enriched SELECT id, email FROM customers;`,
      known(),
      [],
    );
  });
  it('of a whole table is told once, at the table', () =>
    check(
      insert('email'),
      { ...known(), customers: { columns: ['id BIGINT', 'email STRING'], classifications: ['PII'] } },
      [finding('customers', 'customers (PII) → enriched')],
    ));
  it('is told once in each statement of a set', () =>
    check(
      `${tables}EXECUTE STATEMENT SET BEGIN
INSERT INTO enriched SELECT id, email FROM customers;
INSERT INTO enriched SELECT id, 'x' FROM customers;
END;`,
      known(),
      [finding('email')],
    ));
});

describe('what is not to be read any more', () => {
  const sql = "CREATE TABLE legacy (id BIGINT, a INT) WITH ('connector' = 'datagen');\nSELECT id, a FROM legacy;";
  const finding = (why: string, at = 'legacy', ask = '') =>
    `warning governance-deprecated “${at}” \`${at === 'legacy' ? 'legacy' : `legacy.${at}`}\` is ${why} in Atlas.${ask}`;

  it('is told by its classification, certificate, description, or when it was deleted', () => {
    check(sql, { legacy: { classifications: ['DEPRECATED'] } }, [finding('deprecated')]);
    check(sql, { legacy: { deprecated: true } }, [finding('deprecated')]);
    check(sql, { legacy: { description: '[Deprecated] use new' } }, [finding('deprecated')]);
    check(sql, { legacy: { status: 'deleted' } }, [finding('deleted')]);
  });
  it('names who may be asked', () =>
    check(sql, { legacy: { deprecated: true, owner: 'orders-team' } }, [
      finding('deprecated', 'legacy', ' Ask orders-team what has taken its place.'),
    ]));
  it('may be a column', () =>
    check(sql, { legacy: { columns: ['id BIGINT', 'a INT Deprecated'] } }, [finding('deprecated', 'a')]));
  it('is not told of what is written, nor when the settings say so, nor of other words', () => {
    check(
      sql.replace('SELECT id, a FROM legacy', 'INSERT INTO legacy SELECT 1, 2'),
      { legacy: { deprecated: true } },
      [],
    );
    check(sql, { legacy: { deprecated: true } }, [], { classifications: { Deprecated: 'off' } });
    check(sql, { legacy: { description: 'Replaces the deprecated one' } }, []);
  });
});
