-- @job mistakes
-- Every statement that is commented as wrong here is wrong on purpose, each in its own way. Hover a red line to read what
-- is wrong; the light bulb offers the repair where there is one.

CREATE TABLE orders (
  order_id    BIGINT NOT NULL,
  amount      DECIMAL(10, 2) NOT NULL,
  currency    STRING NOT NULL,
  ordered_at  TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ordered_at AS ordered_at - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.mistakes.v1',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'format' = 'json'
);

CREATE TABLE totals (
  currency  STRING,
  total     DECIMAL(38, 2)
) WITH (
  'connector' = 'blackhole'
);

-- ── Syntax ────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Wrong: the keyword is mistyped.
SELCT order_id FROM orders;

-- Wrong: a comma too many.
SELECT order_id, amount, FROM orders;

-- Wrong: the comma between two columns is missing.
CREATE TABLE forgotten_comma (
  id    BIGINT
  name  STRING
) WITH ('connector' = 'blackhole');

-- Wrong: a reserved word as a name, without backticks.
SELECT order_id AS value FROM orders;

-- Wrong: double quotes where a string is meant.
SELECT order_id FROM orders WHERE currency = "EUR";

-- Wrong: two equal signs.
SELECT order_id FROM orders WHERE amount == 10;

-- Wrong: the bracket is never closed.
INSERT INTO totals SELECT currency, SUM(amount FROM orders GROUP BY currency;

-- ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Wrong: no such table.
SELECT order_id FROM order_s;

-- Wrong: no such column.
SELECT amout FROM orders;

-- Wrong: no such function.
SELECT UPPERCASE(currency) FROM orders;

-- Wrong: no such database.
USE warehouse;

-- Wrong: nothing here is called o.
SELECT o.amount FROM orders;

-- Wrong: the column is in both tables.
SELECT amount FROM orders AS a JOIN orders AS b ON a.order_id = b.order_id;

-- Wrong: two sources of the same name.
SELECT 1 FROM orders AS o, totals AS o;

-- ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Wrong: UPPER takes one argument.
SELECT UPPER(currency, 1) FROM orders;

-- Wrong: a text is not a condition.
SELECT order_id FROM orders WHERE currency;

-- Wrong: an amount and a truth value do not add up.
SELECT amount + TRUE FROM orders;

-- Wrong: the amount is neither grouped nor aggregated.
SELECT currency, amount FROM orders GROUP BY currency;

-- Wrong: an aggregate cannot choose rows.
SELECT currency FROM orders WHERE SUM(amount) > 10;

-- Wrong: a window needs a time column.
SELECT window_start FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(amount), INTERVAL '1' HOUR));

-- Wrong: the two sides have different numbers of columns.
SELECT order_id, amount FROM orders UNION ALL SELECT order_id FROM orders;

-- ── Sinks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Wrong: the sink has two columns, the query has three.
INSERT INTO totals SELECT currency, amount, order_id FROM orders;

-- Wrong: an amount is not a text, nor a text an amount.
INSERT INTO totals SELECT amount, currency FROM orders;

-- ── Definitions ────────────────────────────────────────────────────────────────────────────────────────────────────

-- Wrong: the same column twice.
CREATE TABLE twice (id BIGINT, name STRING, id STRING) WITH ('connector' = 'blackhole');

-- Wrong: the table exists already.
CREATE TABLE orders (order_id BIGINT) WITH ('connector' = 'blackhole');

-- Wrong: the key is not a column.
CREATE TABLE keyed (id BIGINT NOT NULL, PRIMARY KEY (key_id) NOT ENFORCED) WITH ('connector' = 'blackhole');

-- Wrong: a watermark needs a time.
CREATE TABLE late (id BIGINT, WATERMARK FOR id AS id - 5) WITH ('connector' = 'blackhole');

-- Wrong: the view names one column, its query has two.
CREATE VIEW half (currency) AS SELECT currency, amount FROM orders;

-- ── Options ────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Wrong: an option that the connector does not have.
CREATE TABLE misspelt (id BIGINT) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.orders.v2',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'startup-mode' = 'earliest-offset',
  'format' = 'json'
);

-- Wrong: an option that the connector needs is missing.
CREATE TABLE incomplete (id BIGINT) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.orders.v2',
  'format' = 'json'
);

-- Wrong: a value that the option does not take.
CREATE TABLE eager (id BIGINT) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.orders.v2',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'scan.startup.mode' = 'earliest',
  'format' = 'json'
);

-- Wrong: an upsert topic needs a primary key.
CREATE TABLE keyless (id BIGINT, name STRING) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'shop.names.v1',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'key.format' = 'json',
  'value.format' = 'json'
);

-- ── Advice: Flink takes these, we would not write them ─────────────────────────────────────────────────────────────

-- Advice: the password can be read by everyone who can read the script.
CREATE TABLE customers (customer_id BIGINT) WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://crm-db.shop.example:5432/crm',
  'table-name' = 'public.customers',
  'username' = 'shop',
  'password' = 'not-a-real-one'
);

-- Advice: the option has a newer name.
CREATE TABLE invoices (invoice_id BIGINT) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.invoices.v1',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'format' = 'avro-confluent',
  'avro-confluent.schema-registry.url' = 'http://registry.shop.example:8081'
);

-- Advice: a column added to the source will shift the columns of the sink.
CREATE TABLE order_archive (order_id BIGINT, amount DECIMAL(10, 2), currency STRING, ordered_at TIMESTAMP(3)) WITH (
  'connector' = 'blackhole'
);
INSERT INTO order_archive SELECT * FROM orders;

-- Advice: the job feeds itself.
INSERT INTO orders SELECT order_id, -amount, currency, ordered_at FROM orders WHERE amount > 0;

-- ── And one that swallows the rest ────────────────────────────────────────────────────────────────────────────────────

-- Wrong: the string is never closed.
SELECT order_id FROM orders WHERE currency = 'EUR;
