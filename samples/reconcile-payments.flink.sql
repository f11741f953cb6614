-- @job reconcile-payments
-- @owner payments-team
-- Matches payments with orders: what fits is archived, what does not is sent to the back office.

SET 'pipeline.name' = 'reconcile-payments';
SET 'table.exec.state.ttl' = '2 d';

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
  'properties.group.id' = 'reconcile-payments',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE payments (
  payment_id  STRING NOT NULL,
  order_id    BIGINT NOT NULL,
  paid        DECIMAL(10, 2) NOT NULL,
  card        ROW<brand STRING, last4 STRING>,
  paid_at     TIMESTAMP(3) NOT NULL,
  WATERMARK FOR paid_at AS paid_at - INTERVAL '1' MINUTE
) COMMENT 'Payments as reported by the payment provider' WITH (
  'connector' = 'kafka',
  'topic' = 'shop.payments.v1',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'properties.group.id' = 'reconcile-payments',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE payment_archive (
  payment_id  STRING,
  order_id    BIGINT,
  paid        DECIMAL(10, 2),
  card_brand  STRING,
  paid_day    STRING
) COMMENT 'All matched payments, for the auditors' PARTITIONED BY (paid_day) WITH (
  'connector' = 'filesystem',
  'path' = 'hdfs://nn.shop.example:8020/archive/payments',
  'format' = 'parquet',
  'sink.partition-commit.policy.kind' = 'success-file'
);

CREATE TABLE payment_mismatches (
  order_id    BIGINT,
  payment_id  STRING,
  expected    DECIMAL(10, 2),
  paid        DECIMAL(10, 2),
  difference  DECIMAL(11, 2)
) COMMENT 'Payments that do not fit their order, to be looked at by the back office' WITH (
  'connector' = 'kafka',
  'topic' = 'shop.payment-mismatches.v1',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'format' = 'json'
);

-- An order and its payment, when they meet within a day.
CREATE TEMPORARY VIEW matched AS
SELECT o.order_id, o.amount, p.payment_id, p.paid, p.card, p.paid_at
FROM orders AS o
JOIN payments AS p
  ON o.order_id = p.order_id
  AND p.paid_at BETWEEN o.ordered_at AND o.ordered_at + INTERVAL '1' DAY;

EXECUTE STATEMENT SET
BEGIN
  INSERT INTO payment_archive
  SELECT payment_id, order_id, paid, card.brand, DATE_FORMAT(paid_at, 'yyyy-MM-dd')
  FROM matched
  WHERE paid = amount;

  INSERT INTO payment_mismatches (payment_id, order_id, expected, paid, difference)
  SELECT payment_id, order_id, amount, paid, paid - amount
  FROM matched
  WHERE paid <> amount;
END;
