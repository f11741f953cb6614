-- @job daily-revenue
-- @owner finance-analytics
-- Revenue per day and currency, kept in the Hive warehouse for the finance reports.

SET 'pipeline.name' = 'daily-revenue';

CREATE CATALOG warehouse WITH (
  'type' = 'hive',
  'hive-conf-dir' = '/opt/hive/conf'
);

CREATE DATABASE IF NOT EXISTS warehouse.sales;

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
  'properties.group.id' = 'daily-revenue',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE IF NOT EXISTS warehouse.sales.daily_revenue (
  currency   STRING,
  revenue    DECIMAL(38, 2) COMMENT 'Sum of the gross amounts',
  orders     BIGINT,
  order_day  STRING
) COMMENT 'Revenue per day and currency' PARTITIONED BY (order_day) WITH (
  'connector' = 'hive',
  'sink.partition-commit.trigger' = 'partition-time',
  'sink.partition-commit.policy.kind' = 'metastore,success-file'
);

INSERT INTO warehouse.sales.daily_revenue
SELECT
  currency,
  SUM(amount) AS revenue,
  COUNT(*) AS orders,
  DATE_FORMAT(window_start, 'yyyy-MM-dd') AS order_day
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ordered_at), INTERVAL '1' DAY))
GROUP BY window_start, window_end, currency;
