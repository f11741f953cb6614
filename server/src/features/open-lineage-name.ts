import type { Dataset } from '../atlas/mapping';

/** What OpenLineage calls a database by the vendor's name in a JDBC URL. */
const schemes: Record<string, string> = {
  postgresql: 'postgres',
  mariadb: 'mysql',
  sqlserver: 'mssql',
};

/** Vendors by the port that they listen on, where nothing else tells. */
const vendors: Record<string, string> = {
  5432: 'postgres',
  3306: 'mysql',
  1521: 'oracle',
  1433: 'mssql',
  50000: 'db2',
  2881: 'oceanbase',
};

/**
 * Namespace and name of a dataset as OpenLineage's naming conventions give them, so that events of other producers speak of
 * the same dataset: 'kafka://broker:9092' and 'orders', 'postgres://db:5432' and 'shop.public.orders'. What the conventions do
 * not cover is named alike. Source: OpenLineage, spec/Naming.md.
 */
export function openLineageName(
  dataset: Pick<Dataset, 'typeName' | 'qualifiedName' | 'name' | 'parent'> & {
    attributes?: Readonly<Record<string, string | number | undefined>>;
  },
): { namespace: string; name: string } {
  const { typeName, qualifiedName, attributes = {} } = dataset;
  const at = qualifiedName.lastIndexOf('@');
  const path = at < 0 ? qualifiedName : qualifiedName.slice(0, at);
  const cluster = at < 0 ? '' : qualifiedName.slice(at + 1);
  switch (typeName) {
    case 'kafka_topic': {
      const [server = ''] = String(attributes.uri ?? '').split(',');
      // without a broker Atlas's name of the cluster stands for it; the bridge puts the topic's name where none is known
      const broker = server.includes(':') ? server.trim() : cluster;
      return { namespace: `kafka://${broker}`, name: dataset.name };
    }
    case 'hive_table':
      return { namespace: `hive://${cluster}`, name: path };
    case 'rdbms_table': {
      const [server = '', ...rest] = path.split('/');
      const vendor = String(dataset.parent?.dataset.parent?.dataset.attributes.rdbms_type ?? '');
      const scheme = schemes[vendor] ?? (vendor || (vendors[server.split(':')[1] ?? ''] ?? 'jdbc'));
      return { namespace: `${scheme}://${server}`, name: rest.join('/') };
    }
    case 'hbase_table':
      return { namespace: `hbase://${cluster}`, name: path };
    default:
      return addressOf(path);
  }
}

/** Splits 's3a://bucket/a/b/' into 's3://bucket' and 'a/b', 'hdfs://nn:8020/a' into 'hdfs://nn:8020' and '/a'. */
function addressOf(path: string): { namespace: string; name: string } {
  const match = /^([a-z][\w+.-]*):\/\/([^/]*)\/?(.*)$/i.exec(path);
  if (!match) {
    const file = /^(?:file:)?(\/.*)$/i.exec(path)?.[1];
    return file ? { namespace: 'file', name: file } : { namespace: 'flink', name: path };
  }
  const [, scheme = '', authority = '', rest = ''] = match;
  const key = rest.replace(/\/+$/, '');
  switch (scheme.toLowerCase()) {
    case 's3':
    case 's3a':
    case 's3n':
      return { namespace: `s3://${authority}`, name: key || '/' };
    case 'gs':
      return { namespace: `gs://${authority}`, name: key || '/' };
    case 'abfs':
    case 'abfss':
      return { namespace: `abfss://${authority}.dfs.core.windows.net`, name: key || '/' };
    case 'hdfs':
    case 'viewfs':
    case 'ofs':
      return { namespace: `${scheme.toLowerCase()}://${authority}`, name: `/${key}` };
    case 'file':
      return authority ? { namespace: `file://${authority}`, name: `/${key}` } : { namespace: 'file', name: `/${key}` };
    default:
      return { namespace: `${scheme.toLowerCase()}://${authority}`, name: key || '/' };
  }
}
