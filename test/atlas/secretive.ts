// A script with a secret wherever one can stand, each of its own: planted-01, planted-02, …
export const secretive = `-- @job secretive
-- @owner orders-team
-- Reads with the password: planted-01 and the token = planted-02, see https://ann:planted-03@wiki.example/page
-- @quality checked with api_key=planted-04
SET 'pipeline.name' = 'secretive';
SET 'fs.s3a.secret.key' = 'planted-05';
SET 'security.kerberos.password' = 'planted-06';

-- 'password' = 'planted-07'
CREATE CATALOG crm WITH ('type' = 'jdbc', 'base-url' = 'jdbc:mysql://db:3306', 'default-database' = 'crm', 'username' = 'u', 'password' = 'planted-08');
CREATE TABLE a (
  id BIGINT COMMENT 'was secret=planted-09 once', -- pwd: planted-10
  name STRING
) COMMENT 'password: planted-11' WITH (
  'connector' = 'kafka', 'topic' = 'a', 'format' = 'avro-confluent',
  'properties.bootstrap.servers' = 'k:9092',
  'properties.sasl.jaas.config' = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="planted-12";',
  'properties.ssl.truststore.password' = 'planted-13', -- 'properties.ssl.key.password' = 'planted-14'
  'avro-confluent.url' = 'https://reader:planted-15@registry.example',
  'avro-confluent.basic-auth.user-info' = 'reader:planted-16',
  'avro-confluent.bearer-auth.token' = 'planted-17');
CREATE TABLE c (id BIGINT, segment STRING) WITH (
  'connector' = 'jdbc', 'table-name' = 'c', 'username' = 'reader', 'password' = 'planted-18',
  'url' = 'jdbc:postgresql://reader:planted-19@db:5432/crm?user=reader&password=planted-20&sslpassword=planted-21');
CREATE TABLE h (id BIGINT, name STRING) WITH (
  'connector' = 'http', 'url' = 'https://api.example/?access_token=planted-22', 'format' = 'json',
  'gid.connector.http.sink.header.Authorization' = 'Bearer planted-23');
CREATE TABLE b (id BIGINT, name STRING, segment STRING) WITH (
  'connector' = 'filesystem', 'path' = 's3a://AKIA:planted-24@bucket/out', 'format' = 'json',
  'azure.connection' = 'DefaultEndpointsProtocol=https;AccountName=x;AccountKey=planted-25;EndpointSuffix=core');
-- writes with password = planted-26
INSERT INTO b /*+ OPTIONS('sink.password'='planted-27') */
  SELECT a.id, a.name /* token: planted-28 */, c.segment
  FROM a /*+ OPTIONS('properties.ssl.keystore.password' = 'planted-29') */ JOIN c ON a.id = c.id;
INSERT INTO h SELECT id, name FROM a;
`;

/** The planted secrets that a text holds. */
export function leaks(text: string): string[] {
  return [...new Set(text.match(/planted-\d\d/g))].sort();
}
