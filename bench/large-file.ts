/** A job as large as they come, made the same each time: CREATE TABLE, CREATE VIEW, INSERT with joins, windows and so on. */

const columns = [
  'id',
  'customer_id',
  'amount',
  'currency',
  'status',
  'country',
  'channel',
  'quantity',
  'discount',
  'note',
];

function createTable(n: number): string {
  return [
    `-- Table ${n}: events of channel ${n % 7}, one per change`,
    `CREATE TABLE events_${n} (`,
    '  id           BIGINT NOT NULL,',
    "  customer_id  BIGINT COMMENT 'who ordered',",
    "  amount       DECIMAL(10, 2) COMMENT 'gross, in the currency of the order',",
    '  currency     STRING,',
    "  status       STRING COMMENT 'new, paid, sent, returned or cancelled',",
    "  country      STRING COMMENT 'where it is delivered to, ISO 3166',",
    '  channel      STRING,',
    '  quantity     INT,',
    '  discount     DOUBLE,',
    '  note         STRING,',
    '  total        AS amount * quantity,',
    '  ts           TIMESTAMP(3),',
    "  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND,",
    '  PRIMARY KEY (id) NOT ENFORCED',
    ') WITH (',
    "  'connector' = 'upsert-kafka',",
    `  'topic' = 'shop.events.v${n}',`,
    "  'properties.bootstrap.servers' = 'kafka.shop.example:9092',",
    "  'key.format' = 'json',",
    "  'value.format' = 'json'",
    ');',
  ].join('\n');
}

function createView(n: number, source: number): string {
  return [
    `CREATE TEMPORARY VIEW recent_${n} AS`,
    "SELECT id, customer_id, amount, COALESCE(currency, 'EUR') AS currency, UPPER(status) AS status, ts,",
    `  CASE WHEN amount > ${100 + n} THEN 'large' WHEN amount IS NULL THEN 'none' ELSE 'small' END AS size_class`,
    `FROM events_${source}`,
    `WHERE quantity > ${n % 5} AND country IN ('DE', 'FR', 'IT');`,
  ].join('\n');
}

function insertJoin(n: number, left: number, right: number): string {
  return [
    '/* Enriched for the dashboards; see the wiki for what each column means */',
    `INSERT INTO events_${n} (id, customer_id, amount, currency, status, country, channel, quantity, discount, note, ts)`,
    'SELECT a.id, b.customer_id, a.amount + b.amount, a.currency, b.status, a.country, b.channel,',
    "  a.quantity, CAST(a.discount * 0.5 AS DOUBLE), a.note || ' ' || b.note, a.ts",
    `FROM events_${left} AS a`,
    `  LEFT JOIN events_${right} AS b ON a.id = b.id AND a.ts BETWEEN b.ts - INTERVAL '1' HOUR AND b.ts`,
    `WHERE a.${columns[n % 3]} IS NOT NULL AND b.status LIKE 'ok%'`,
    'ORDER BY a.ts;',
  ].join('\n');
}

function insertWindow(n: number, source: number): string {
  return [
    `INSERT INTO events_${n} (id, amount, quantity, ts)`,
    'SELECT customer_id, SUM(amount), CAST(COUNT(DISTINCT id) AS INT), window_end',
    `FROM TABLE(TUMBLE(TABLE events_${source}, DESCRIPTOR(ts), INTERVAL '${1 + (n % 30)}' MINUTES))`,
    'GROUP BY customer_id, window_start, window_end',
    'HAVING SUM(amount) > 0;',
  ].join('\n');
}

/** Queries of different shapes, as they gather in a file over the years. */
function query(n: number, source: number): string {
  const a = columns[n % 10];
  const b = columns[(n * 7 + 3) % 10];
  const view = `recent_${source}`;
  switch (n % 8) {
    case 0:
      return `WITH ranked AS (
  SELECT id, customer_id, amount, ts
  FROM ${view}
  WHERE amount > ${n} AND ts IS NOT NULL
)
SELECT customer_id, amount, ts FROM ranked WHERE customer_id <= ${1 + (n % 9)};`;
    case 1:
      return `SELECT
  CASE
    WHEN amount > ${n} AND customer_id < 2 THEN CASE WHEN status = 'x' THEN 'a' ELSE 'b' END
    WHEN status IS NULL THEN 'c'
    ELSE CONCAT('d', UPPER(currency), CAST(amount AS STRING))
  END AS reason
FROM ${view};`;
    case 2:
      return `SELECT (amount + id * (customer_id - ${n}) / 2.0) * (1 - amount) + (id % 7) AS total
FROM ${view}
WHERE (amount > 1 OR id < 2) AND NOT (customer_id = 3 AND amount <> ${n});`;
    case 3:
      return `SELECT COALESCE(NULLIF(TRIM(UPPER(REGEXP_REPLACE(status, 'x', 'y'))), ''), 'none') AS s, ${a === b ? 'id' : `id AS ${a}_2`}
FROM ${view};`;
    case 4:
      return `SELECT * FROM (
  SELECT * FROM (
    SELECT id, amount FROM ${view} WHERE id IN (SELECT customer_id FROM ${view} WHERE amount > ${n})
  ) WHERE amount IS NOT NULL
) WHERE id > 1;`;
    case 5:
      return `SELECT id, amount FROM ${view} WHERE amount > ${n}
UNION ALL
SELECT customer_id, amount FROM ${view} WHERE amount <= ${n}
UNION ALL
SELECT id, amount FROM ${view} WHERE id = ${n};`;
    case 6:
      return `SELECT JSON_VALUE(status, '$.x.${a}'), CAST(JSON_VALUE(status, '$.y') AS DOUBLE)
FROM ${view}
WHERE id = ${n} AND amount = 1 AND customer_id = 2 AND status = '${b}' AND currency = 'EUR' AND size_class = 'small';`;
    default:
      return `SELECT ${[1, 2, 3, 4, 5].map((i) => `'${a} ${i}' || status`).join(' || ')} AS words
FROM ${view}
WHERE status LIKE '%${n}%';`;
  }
}

/** A script of about `lines` lines, 34 characters and a bit a line, about 78 statements per thousand lines. */
export function largeFile(lines: number): string {
  const parts: string[] = ["SET 'pipeline.name' = 'large-job';"];
  let count = 1;
  let tables = 0;
  let views = 0;
  for (let n = 0; count < lines; n++) {
    const some = (among: number, step: number): number => (n * step) % Math.max(1, among);
    const kind = n % 12;
    let text: string;
    if (tables < 3 || kind === 0 || kind === 5 || kind === 8) text = createTable(tables++);
    else if (views < 1 || kind === 4) text = createView(views++, some(tables, 7));
    else if (kind === 1 || kind === 6 || kind === 10)
      text = insertJoin(some(tables, 3), some(tables, 5), some(tables, 11));
    else if (kind === 2 || kind === 7 || kind === 11) text = insertWindow(some(tables, 13), some(tables, 17));
    else if (kind === 3 || kind === 9) text = query(n, some(views, 3));
    else
      text = `SET 'table.exec.state.ttl' = '${n % 48} h';\n\nSELECT id, ${columns[n % 10]} FROM events_${some(tables, 19)} WHERE id = ${n};`;
    // Between jobs people leave room, and say what comes
    const spaced = `\n-- Step ${n}\n\n${text}\n`;
    parts.push(spaced);
    count += spaced.split('\n').length;
  }
  return parts.join('\n');
}
