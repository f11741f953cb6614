"""Features for the fraud model: how often and how much a card was used in the last ten minutes."""

from pyflink.table import EnvironmentSettings, TableEnvironment


def main() -> None:
    t_env = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    t_env.get_config().set("pipeline.name", "fraud-features")

    t_env.execute_sql(
        """
        CREATE TABLE payments (
          payment_id  STRING NOT NULL,
          order_id    BIGINT NOT NULL,
          paid        DECIMAL(10, 2) NOT NULL,
          card        ROW<brand STRING, last4 STRING>,
          paid_at     TIMESTAMP(3) NOT NULL,
          WATERMARK FOR paid_at AS paid_at - INTERVAL '1' MINUTE
        ) WITH (
          'connector' = 'kafka',
          'topic' = 'shop.payments.v1',
          'properties.bootstrap.servers' = 'kafka.shop.example:9092',
          'properties.group.id' = 'fraud-features',
          'scan.startup.mode' = 'latest-offset',
          'format' = 'json'
        )
        """
    )

    t_env.execute_sql(
        """
        CREATE TABLE fraud_features (
          card_brand    STRING,
          card_last4    STRING,
          window_end    TIMESTAMP(3),
          payments      BIGINT,
          total_paid    DECIMAL(38, 2)
        ) WITH (
          'connector' = 'kafka',
          'topic' = 'shop.fraud-features.v1',
          'properties.bootstrap.servers' = 'kafka.shop.example:9092',
          'format' = 'json'
        )
        """
    )

    t_env.execute_sql(
        """
        INSERT INTO fraud_features
        SELECT card.brand, card.last4, window_end, COUNT(*), SUM(paid)
        FROM TABLE(HOP(TABLE payments, DESCRIPTOR(paid_at), INTERVAL '1' MINUTE, INTERVAL '10' MINUTES))
        GROUP BY card.brand, card.last4, window_start, window_end
        """
    ).wait()


if __name__ == "__main__":
    main()
