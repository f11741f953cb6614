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
  'topic' = 'shop.orders.v2',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'format' = 'json'
);

CREATE TABLE totals (
  currency  STRING,
  total     DECIMAL(38, 2)
) WITH (
  'connector' = 'blackhole'
);

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

-- Wrong: the string is never closed.
SELECT order_id FROM orders WHERE currency = 'EUR;
