-- @job enrich-orders
-- @owner orders-team
-- Adds the customer's segment and country to every order, so that nobody downstream has to join again.

SET 'pipeline.name' = 'enrich-orders';
SET 'table.exec.source.idle-timeout' = '30 s';

CREATE TABLE orders (
  order_id     BIGINT NOT NULL COMMENT 'Number shown to the customer',
  customer_id  BIGINT NOT NULL,
  amount       DECIMAL(10, 2) NOT NULL COMMENT 'Gross, in the currency of the order',
  currency     STRING NOT NULL,
  ordered_at   TIMESTAMP(3) NOT NULL,
  received_at  TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  proc_time    AS PROCTIME(),
  WATERMARK FOR ordered_at AS ordered_at - INTERVAL '5' SECOND
) COMMENT 'Orders as accepted by checkout, one event per order' WITH (
  'connector' = 'kafka',
  'topic' = 'shop.orders.v2',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'properties.group.id' = 'enrich-orders',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE customers (
  customer_id  BIGINT NOT NULL,
  email        STRING,
  segment      STRING,
  country      STRING,
  PRIMARY KEY (customer_id) NOT ENFORCED
) COMMENT 'The customer master data of the CRM' WITH (
  'connector' = 'jdbc',
  'url' = 'jdbc:postgresql://crm-db.shop.example:5432/crm',
  'table-name' = 'public.customers',
  'lookup.cache' = 'PARTIAL',
  'lookup.partial-cache.max-rows' = '50000',
  'lookup.partial-cache.expire-after-write' = '10 min'
);

CREATE TABLE enriched_orders (
  order_id      BIGINT NOT NULL,
  customer_id   BIGINT NOT NULL,
  segment       STRING,
  country       STRING,
  gross_amount  DECIMAL(10, 2) NOT NULL,
  currency      STRING NOT NULL,
  size_class    STRING NOT NULL,
  ordered_at    TIMESTAMP(3) NOT NULL
) COMMENT 'Orders with the customer they belong to' WITH (
  'connector' = 'kafka',
  'topic' = 'shop.enriched-orders.v1',
  'properties.bootstrap.servers' = 'kafka.shop.example:9092',
  'format' = 'json'
);

-- One row per order, with what the CRM knows at the moment the order arrives.
INSERT INTO enriched_orders
SELECT
  o.order_id,
  o.customer_id,
  c.segment,
  UPPER(c.country) AS country,
  o.amount AS gross_amount,
  o.currency,
  CASE WHEN o.amount >= 500 THEN 'large' WHEN o.amount >= 50 THEN 'medium' ELSE 'small' END AS size_class,
  o.ordered_at
FROM orders AS o
LEFT JOIN customers FOR SYSTEM_TIME AS OF o.proc_time AS c
  ON o.customer_id = c.customer_id;
