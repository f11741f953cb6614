/**
 * Where a Flink table's data lives, in Atlas's terms: one row a connector, with the type and the qualifiedName that Atlas's
 * own hooks give such a dataset, so that Flink's lineage joins what Hive, Spark or Kafka publish. Where no hook sets a
 * convention the row says so. `docs/atlas-mapping.md` is generated from the rows.
 */
import type { TableNode } from '../semantics/lineage';
import { redactUrls } from './redact';

/** A dataset as it would be made if the store does not have it yet. */
export interface Dataset {
  typeName: string;
  qualifiedName: string;
  name: string;
  /** What is mandatory for the type, and what the DDL can tell besides */
  attributes: Record<string, string | number>;
  /** The container it stands in, made with it: a database, a bucket, a folder */
  parent?: { attribute: string; dataset: Dataset };
  /** The type that Atlas has for its columns; undefined when it has none */
  columns?: ColumnType;
  /** The same in the types of an older Atlas, for a store that lacks the newer */
  older?: Dataset;
}

export interface ColumnType {
  typeName: 'hive_column' | 'rdbms_column';
  typeAttribute: 'type' | 'data_type';
  qualifiedName(column: string): string;
}

export interface MappingContext {
  /** Appended after '@' where `namespaces` names no other */
  namespace: string;
  /** Namespace by bootstrap server, host or URL scheme: 'kafka-eu:9092', 'hdfs://nn2', 's3' */
  namespaces?: Readonly<Record<string, string>> | undefined;
  /** Options of CREATE CATALOG by catalog name */
  catalogs: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

interface Row {
  connectors: readonly string[];
  /** Type in Atlas; flink_table where Atlas has none */
  typeName: string;
  /** The qualifiedName's form, for the documentation */
  form: string;
  convention: 'hook' | 'ours' | 'none';
  datasets(table: Table): Dataset[];
}

/** A table as the rows see it. */
interface Table {
  options: Readonly<Record<string, string>>;
  catalog: string;
  database: string;
  object: string;
  /** First option among the keys that is set, '' when none is */
  option(...keys: string[]): string;
  /** '@' and the namespace of a place: the addresses of its servers, and the schemes by which it is reached */
  at(addresses?: readonly string[], ...schemes: string[]): string;
  /** Whether the settings name a namespace for this place, besides the one for all */
  hasOwnNamespace(addresses: readonly string[], ...schemes: string[]): boolean;
}

/** How a store names datasets, for a script that creates these catalogs. */
export function mappingContext(
  { namespace, namespaces }: Pick<MappingContext, 'namespace' | 'namespaces'>,
  catalogs: MappingContext['catalogs'],
): MappingContext {
  return { namespace, namespaces, catalogs };
}

/** Schemes that are another way to the same place. */
const sameAs: Readonly<Record<string, string>> = { s3a: 's3', abfss: 'abfs', o3fs: 'ofs' };

/**
 * The namespace that the settings name for a place, if any. The most exact key wins: scheme and server, server, scheme and
 * host, host, scheme; of several servers the first that has one.
 */
function ownNamespace(
  context: MappingContext,
  addresses: readonly string[],
  schemes: readonly string[],
): string | undefined {
  const given = Object.entries(context.namespaces ?? {});
  if (given.length === 0) return undefined;
  const keys = new Map(given.map(([key, namespace]) => [key.toLowerCase().replace(/(?<!:)\/+$/, ''), namespace]));
  const known = schemes.flatMap((scheme) => [scheme, sameAs[scheme] ?? scheme]);
  const hosts = addresses.map((address) => address.replace(/:\d+$/, ''));
  const wanted = [addresses, hosts].flatMap((places) =>
    places.flatMap((place) => [...known.map((scheme) => `${scheme}://${place}`), place]),
  );
  const found = [...wanted, ...known].find((key) => keys.has(key.toLowerCase()));
  return (found && keys.get(found.toLowerCase())) || undefined;
}

const labels: Record<string, string> = {
  kafka_topic: 'Kafka topic',
  hive_table: 'Hive table',
  hive_db: 'Hive database',
  hdfs_path: 'Path',
  aws_s3_v2_directory: 'S3 folder',
  aws_s3_v2_bucket: 'S3 bucket',
  aws_s3_pseudo_dir: 'S3 folder',
  aws_s3_bucket: 'S3 bucket',
  adls_gen2_directory: 'ADLS folder',
  adls_gen2_container: 'ADLS container',
  adls_gen2_account: 'ADLS account',
  gcp_storage_virtual_directory: 'Google Cloud Storage folder',
  gcp_storage_bucket: 'Google Cloud Storage bucket',
  ozone_key: 'Ozone key',
  ozone_bucket: 'Ozone bucket',
  ozone_volume: 'Ozone volume',
  rdbms_table: 'Database table',
  rdbms_db: 'Database',
  rdbms_instance: 'Database server',
  hbase_table: 'HBase table',
  flink_table: 'Flink table',
  flink_application: 'Flink job',
  flink_process: 'Flink process',
  DataSet: 'Dataset',
};

/** A type in words: 'Kafka topic'; the type's own name where there are none. */
export function typeLabel(typeName: string): string {
  return labels[typeName] ?? typeName.replaceAll('_', ' ');
}

/** 'a;b' or 'a,b' to its parts. */
function list(value: string, separator: RegExp): string[] {
  return value
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

// ------------------------------------------------------------------------------------------------------- kafka

function kafkaTopics(table: Table): Dataset[] {
  const servers = table.option('properties.bootstrap.servers');
  const topics = list(table.option('topic'), /;/);
  const at = table.at(list(servers, /,/), 'kafka');
  return topics.map((topic) => ({
    typeName: 'kafka_topic',
    // the Kafka bridge lower-cases the name in the qualifiedName and nowhere else
    qualifiedName: `${topic.toLowerCase()}${at}`,
    name: topic,
    attributes: { topic, uri: servers || topic },
  }));
}

// -------------------------------------------------------------------------------------------------------- hive

function hiveTable(database: string, object: string, at: string): Dataset {
  const db = database.toLowerCase();
  const name = object.toLowerCase();
  return {
    typeName: 'hive_table',
    qualifiedName: `${db}.${name}${at}`,
    name,
    attributes: {},
    parent: {
      attribute: 'db',
      dataset: { typeName: 'hive_db', qualifiedName: `${db}${at}`, name: db, attributes: { clusterName: at.slice(1) } },
    },
    columns: {
      typeName: 'hive_column',
      typeAttribute: 'type',
      qualifiedName: (column) => `${db}.${name}.${column.toLowerCase()}${at}`,
    },
  };
}

// ------------------------------------------------------------------------------------------------------- paths

/** scheme, authority and path of a URI; Hadoop's own reading of 'file:///a' and '/a'. Undefined when it is none. */
function splitUri(uri: string): { scheme: string; authority: string; path: string } | undefined {
  const match = /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/]*))?(\/?.*)$/.exec(uri.trim());
  if (!match) return undefined;
  const path = (match[3] ?? '').replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  return { scheme: (match[1] ?? '').toLowerCase(), authority: match[2] ?? '', path };
}

/** A chain of folders under a container; `slash` when the hook ends a folder's name with '/'. */
function folders(
  root: Dataset,
  prefix: string,
  path: string,
  at: string,
  kind: { typeName: string; attribute: string; slash: boolean; objectPrefix?: 'folder' | 'parent' },
): Dataset {
  let here = root;
  let walked = '';
  for (const part of list(path, /\//)) {
    const above = `${walked}/`;
    walked += `/${part}`;
    const shown = kind.slash ? `${walked}/` : walked;
    here = {
      typeName: kind.typeName,
      qualifiedName: `${prefix}${shown}${at}`,
      name: part,
      attributes: kind.objectPrefix ? { objectPrefix: kind.objectPrefix === 'parent' ? above : shown } : {},
      parent: { attribute: kind.attribute, dataset: here },
    };
  }
  return here;
}

/** A path in the types that Atlas had for S3 before 2.1, all in lower case. */
function olderS3(uri: string, container: string, bucket: string, path: string, at: string): Dataset {
  const prefix = path.toLowerCase();
  return {
    typeName: 'aws_s3_pseudo_dir',
    qualifiedName: `${uri.toLowerCase()}${at}`,
    name: prefix,
    attributes: { objectPrefix: prefix },
    parent: {
      attribute: 'bucket',
      dataset: { typeName: 'aws_s3_bucket', qualifiedName: `${container}${at}`, name: bucket, attributes: {} },
    },
  };
}

/** The dataset that a path stands for, by its scheme, named as Atlas's path extractor names it. */
function pathDataset(uri: string, table: Table): Dataset[] {
  // keys and passwords before a bucket, masked or not, are no part of its name
  const split = splitUri(uri.replace(/(:\/\/)(?:[^/@]*:[^@]*|\*+)@/, '$1'));
  if (!split || (split.scheme === '' && split.path === '')) return [];
  const { scheme, authority, path } = split;
  const places = authority ? [authority, authority.replace(/^.*@/, '')] : [];
  const at = table.at(places, scheme);
  const container = `${scheme}://${authority}`.toLowerCase();
  const named = (typeName: string, qualifiedName: string, name: string): Dataset => ({
    typeName,
    qualifiedName: `${qualifiedName}${at}`,
    name,
    attributes: {},
  });
  switch (scheme) {
    case 's3':
    case 's3a': {
      const found = folders(named('aws_s3_v2_bucket', container, authority), container, path, at, {
        typeName: 'aws_s3_v2_directory',
        attribute: 'container',
        slash: true,
        objectPrefix: 'folder',
      });
      return [{ ...found, older: olderS3(`${scheme}://${authority}${path}`, container, authority, path, at) }];
    }
    case 'gs':
      return [
        folders(named('gcp_storage_bucket', container, authority), container, path, at, {
          typeName: 'gcp_storage_virtual_directory',
          attribute: 'parent',
          slash: true,
          objectPrefix: 'parent',
        }),
      ];
    case 'abfs':
    case 'abfss': {
      const [name = '', host = ''] = authority.split('@');
      const account = (host.split('.')[0] ?? '').toLowerCase();
      const inside = `${scheme}://${name}@${account}`.toLowerCase();
      const root = named('adls_gen2_container', inside, name);
      root.parent = { attribute: 'account', dataset: named('adls_gen2_account', `${scheme}://${account}`, account) };
      return [
        folders(root, inside, path, at, {
          typeName: 'adls_gen2_directory',
          attribute: 'parent',
          slash: false,
        }),
      ];
    }
    case 'ofs': {
      const [volume = '', bucket, ...keys] = list(path, /\//);
      const root = named('ozone_volume', `ofs://${volume}`, volume);
      if (bucket === undefined) return [root];
      const second = named('ozone_bucket', `ofs://${volume}.${bucket}`, bucket);
      second.parent = { attribute: 'volume', dataset: root };
      return [
        folders(second, `ofs://${authority}/${volume}/${bucket}`, keys.join('/'), at, {
          typeName: 'ozone_key',
          attribute: 'parent',
          slash: false,
        }),
      ];
    }
    case 'o3fs': {
      // <bucket>.<volume>.<service>
      const [bucket = '', volume = ''] = authority.split('.');
      const root = named('ozone_bucket', `o3fs://${volume}.${bucket}`, bucket);
      root.parent = { attribute: 'volume', dataset: named('ozone_volume', `o3fs://${volume}`, volume) };
      return [
        folders(root, `o3fs://${authority}`, path, at, {
          typeName: 'ozone_key',
          attribute: 'parent',
          slash: false,
        }),
      ];
    }
    default: {
      const full = scheme === '' ? path : authority ? `${scheme}://${authority}${path}` : `${scheme}:${path}`;
      // the hooks give a namespace to paths of HDFS only, and write all others in lower case
      const hasNamespace = scheme === 'hdfs' || table.hasOwnNamespace(places, scheme);
      return [
        {
          typeName: 'hdfs_path',
          qualifiedName: hasNamespace ? `${full}${at}` : full.toLowerCase(),
          name: path || '/',
          attributes: { path: full, clusterName: at.slice(1) },
        },
      ];
    }
  }
}

// -------------------------------------------------------------------------------------------------- databases

const defaultPorts: Record<string, number> = {
  mysql: 3306,
  mariadb: 3306,
  postgresql: 5432,
  redshift: 5439,
  crate: 5432,
  oracle: 1521,
  sqlserver: 1433,
  db2: 50000,
  derby: 1527,
  clickhouse: 8123,
  ch: 8123,
  oceanbase: 2881,
  trino: 8080,
  tidb: 4000,
  mongodb: 27017,
};
const defaultSchemas: Record<string, string> = { postgresql: 'public', redshift: 'public', sqlserver: 'dbo' };
/** Databases that are their own schemas: what stands before a table's name is the database. */
const withoutSchemas = new Set(['mysql', 'mariadb', 'tidb', 'vitess', 'clickhouse', 'ch', 'oceanbase']);
/** Databases that read all names without quotes in capitals, and those that read those of SQL in small letters. */
const inCapitals = new Set(['oracle', 'db2']);
const inSmallLetters = new Set(['postgresql', 'redshift', 'crate']);

interface Database {
  vendor: string;
  host: string;
  port: number | undefined;
  database: string;
  /** Where the URL names the schema to look in first */
  schema?: string;
}

/** 'db:5432' and '[::1]:5432' to their two parts; an address of IPv6 without brackets gets them. */
function hostAndPort(address: string): [host: string, port: string | undefined] {
  if (/^[^[\]]*:[^[\]]*:/.test(address)) return [`[${address}]`.toLowerCase(), undefined];
  const [, host = address, port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(address) ?? [];
  return [host.toLowerCase(), port];
}

/** The value of a parameter of a JDBC URL, whether they are written with ';', '&', ':' or in brackets. */
function parameter(text: string, name: string): string | undefined {
  return new RegExp(`(?:^|[?;&:(,])\\s*(?:${name})\\s*=\\s*([^;&:),]*)`, 'i').exec(text)?.[1]?.trim() || undefined;
}

/** Oracle's thin:@host:1521:sid, thin:@//host:1521/service, a name of its own directory, or a whole description. */
function oracleUrl(rest: string): Database {
  const place = rest
    .replace(/^\w+:/, '')
    .replace(/^.*@/s, '')
    .replace(/^(?:\w+:)?\/\//, '')
    .replace(/\?.*$/s, '');
  if (place.startsWith('(')) {
    const host = (parameter(place, 'HOST') ?? '').toLowerCase();
    const database = parameter(place, 'SERVICE_NAME|SID') ?? '';
    return { vendor: 'oracle', host, port: Number(parameter(place, 'PORT')) || 1521, database };
  }
  const [hosts = '', service = ''] = place.split('/');
  const [host, rest2 = ''] = hostAndPort((hosts.split(',')[0] ?? '').replace(/^([^:[]*:\d+):(.*)$/, '$1;$2'));
  const [port, sid = ''] = rest2.split(';');
  // only a name: it stands for an address that Oracle keeps elsewhere
  const isAlias = !/[:/,]/.test(place);
  return {
    vendor: 'oracle',
    host,
    port: isAlias ? undefined : Number(port) || 1521,
    database: service.replace(/:.*$/, '') || sid,
  };
}

/** What a JDBC URL says, credentials left out. Undefined when it has an unknown form; the host is '' for a database in the job itself. */
export function parseJdbcUrl(url: string): Database | undefined {
  const match = /^jdbc:(?:tracing:|aws-wrapper:|p6spy:)*([a-z0-9]+)(?:\+srv)?:(.*)$/is.exec(url.trim());
  if (!match) return undefined;
  const vendor = (match[1] ?? '').toLowerCase();
  const rest = match[2] ?? '';
  if (vendor === 'oracle') return oracleUrl(rest);
  const [, afterSlashes] = /^(?:[a-z][\w-]*:)*\/\/(.*)$/is.exec(rest) ?? [];
  if (afterSlashes === undefined && vendor !== 'postgresql') return { vendor, host: '', port: undefined, database: '' };
  const [place = '', parameters = ''] = (afterSlashes ?? `/${rest}`).split(/[?;](.*)/s);
  const [hosts = '', ...path] = place.replace(/^.*@/s, '').split('/');
  const described = parameter(hosts, 'host');
  const given = described ? `${described}:${parameter(hosts, 'port') ?? ''}` : (hosts.split(',')[0] ?? '');
  const [host, port] = hostAndPort(given || parameter(parameters, 'serverName') || 'localhost');
  // Db2 puts its parameters behind the database's name
  const [name = '', behind = ''] = path.join('.').split(/:(.*)/s);
  const instance = vendor === 'sqlserver' && (parameter(parameters, 'instanceName') ?? host.split('\\')[1]);
  const server = instance ? `${host.split('\\')[0]}\\${instance.toLowerCase()}` : host;
  const schema = parameter(`${behind};${parameters}`, 'currentSchema')?.replace(/^"|"$/g, '');
  return {
    vendor,
    host: server,
    // an instance that is called by its name has a port that only the server knows
    port: Number(port || parameter(parameters, 'portNumber')) || (instance ? undefined : defaultPorts[vendor]),
    database: parameter(parameters, 'database(?:Name)?') ?? name,
    ...(schema ? { schema } : {}),
  };
}

/** 'sales."Order Items"' to its parts, each as the database keeps it: quotes taken off, else folded. */
function identifiers(written: string, fold: (name: string) => string): string[] {
  const parts = written.match(/"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[^.]+/g) ?? [];
  return parts.map((part) => (/^["`[]/.test(part) ? part.slice(1, -1).replaceAll('""', '"') : fold(part)));
}

/**
 * A table of a relational database. No hook of Atlas writes these, so the form is ours. `sql`: the names become part of a SQL
 * statement as they are written, so the database reads them as its own.
 */
function databaseTable(place: Database, schema: string, object: string, table: Table, sql = false): Dataset[] {
  if (place.host === '' || object === '') return [];
  const server = place.port ? `${place.host}:${place.port}` : place.host;
  const at = table.at([server], place.vendor, 'jdbc');
  const fold = (name: string) => (inCapitals.has(place.vendor) ? name.toUpperCase() : name);
  const foldName = (name: string) => (sql && inSmallLetters.has(place.vendor) ? name.toLowerCase() : fold(name));
  const parts = identifiers(object, foldName);
  const simple = parts.pop() ?? object;
  const before = parts.join('.');
  const isSchema = !withoutSchemas.has(place.vendor);
  const database = fold((!isSchema && before) || place.database);
  const inSchema = isSchema ? fold(schema) || before || fold(place.schema ?? defaultSchemas[place.vendor] ?? '') : '';
  const path = [database, inSchema, simple].filter((part) => part !== '').join('.');
  const base = `${server}/${path}`;
  return [
    {
      typeName: 'rdbms_table',
      qualifiedName: `${base}${at}`,
      name: simple,
      attributes: { name_path: path, type: 'TABLE' },
      parent: {
        attribute: 'db',
        dataset: {
          typeName: 'rdbms_db',
          qualifiedName: `${server}/${database}${at}`,
          name: database || server,
          attributes: {},
          parent: {
            attribute: 'instance',
            dataset: {
              typeName: 'rdbms_instance',
              qualifiedName: `${server}${at}`,
              name: server,
              attributes: {
                rdbms_type: place.vendor,
                hostname: place.host,
                ...(place.port ? { port: place.port } : {}),
              },
            },
          },
        },
      },
      columns: {
        typeName: 'rdbms_column',
        typeAttribute: 'data_type',
        qualifiedName: (column) => `${base}.${foldName(column)}${at}`,
      },
    },
  ];
}

/** 'a|b' to its names. Undefined for a pattern: what it matches only the database knows. */
function listed(written: string): string[] | undefined {
  const names = written
    .replace(/^\((.*)\)$/, '$1')
    .replaceAll('\\.', '.')
    .split('|');
  return names.every((name) => /^[\p{L}\p{N}_$#@ -]*(?:\.[\p{L}\p{N}_$#@ -]+)*$/u.test(name)) ? names : undefined;
}

/**
 * Change data capture: host, port, database and table are options of their own, which may be patterns. Vitess calls a database
 * a keyspace, TiDB is reached through its placement drivers, OceanBase takes a list of tables.
 */
function captured(vendor: string) {
  return (table: Table): Dataset[] => {
    const [host, port] = hostAndPort(table.option('hostname') || (list(table.option('pd-addresses'), /,/)[0] ?? ''));
    const place: Database = parseJdbcUrl(table.option('url')) ?? {
      vendor,
      host,
      port: Number(table.option('port') || port) || defaultPorts[vendor],
      database: '',
    };
    const several = list(table.option('table-list'), /,/).flatMap((name) => databaseTable(place, '', name, table));
    if (several.length > 0) return several;
    const written = [
      table.option('database-name', 'keyspace') || place.database,
      table.option('schema-name'),
      table.option('table-name', 'name'),
    ];
    const [databases, schemas, names] = written.map(listed);
    if (databases && schemas && names) {
      return databases.flatMap((database) =>
        schemas.flatMap((schema) =>
          names.flatMap((name) => databaseTable({ ...place, database }, schema, name, table)),
        ),
      );
    }
    const pattern = written.filter(Boolean).join('.');
    return addressed(vendor, place.port ? `${place.host}:${place.port}` : place.host, pattern, pattern, table);
  };
}

// ------------------------------------------------------------------------------------------- without own type

/** A dataset for which Atlas has no type: it stands as a flink_table, with an address as its name. */
function addressed(scheme: string, address: string, path: string, name: string, table: Table): Dataset[] {
  if (name === '') return [];
  const clean = address
    .replace(/^[a-z][\w+.:-]*:\/\//i, '')
    .replace(/^[^/]*@/, '')
    .replace(/[?;].*$/s, '')
    .replace(/\/+$/, '');
  const place = [clean.toLowerCase(), path].filter((part) => part !== '').join('/');
  return [
    {
      typeName: 'flink_table',
      qualifiedName: `${scheme}://${place}${table.at(list(clean.split('/')[0] ?? '', /,/), scheme)}`,
      name,
      attributes: {},
    },
  ];
}

/** An address with the port that its servers have unless told otherwise. */
function withPort(address: string, vendor: string): string {
  const [host, port = defaultPorts[vendor]] = hostAndPort(address);
  return host === '' ? '' : `${host}:${port}`;
}

/** A collection of MongoDB. */
function collection(host: string, table: Table): Dataset[] {
  const name = [table.option('database'), table.option('collection')].filter(Boolean).join('.');
  return addressed('mongodb', host, name, name, table);
}

/** A dataset of which only the name in Flink's catalog is known; in the default catalog that name says little, so its connector is added. */
function cataloged(table: Table): Dataset[] {
  const path = [table.catalog, table.database, table.object].join('.');
  return table.catalog === 'default_catalog'
    ? addressed(table.option('connector'), '', table.object, table.object, table)
    : [{ typeName: 'flink_table', qualifiedName: `${path}${table.at()}`, name: table.object, attributes: {} }];
}

function search(scheme: string) {
  return (table: Table): Dataset[] => {
    const index = table.option('index');
    return addressed(scheme, list(table.option('hosts'), /;/)[0] ?? '', index, index, table);
  };
}

/**
 * A table of a lake: its path where that is known, the Hive table where a Hive metastore keeps it, and else (a REST catalog,
 * Glue) its name at the catalog's address, for only the catalog knows where it puts tables.
 */
function lake(table: Table): Dataset[] {
  const path = table.option('path', 'table-path');
  const kind = table.option('connector') || table.option('type').replace(/-(?:catalog|generic)$/, '');
  const database = table.option('catalog-database') || table.database;
  const object = table.option('catalog-table') || table.object;
  const ownCatalog = table.option('catalog-impl') ? 'custom' : kind === 'iceberg' ? 'hive' : '';
  const metastore = table.option('metastore', 'catalog-type', 'mode') || ownCatalog;
  if (/^(hive|hms)$/.test(metastore)) return [hiveTable(database, object, table.at([], 'hive'))];
  if (path) return pathDataset(path, table);
  const warehouse = table.option('warehouse', 'catalog.path');
  const inFolders = ['', 'hadoop', 'filesystem', 'dfs', ...(kind === 'paimon' ? ['jdbc'] : [])];
  if (warehouse && inFolders.includes(metastore)) {
    // Paimon puts '.db' behind a database's folder, the others do not
    const folder = kind === 'paimon' ? `${database}.db` : database;
    return pathDataset(`${warehouse.replace(/\/+$/, '')}/${folder}/${object}`, table);
  }
  if (metastore === '') return cataloged(table);
  return addressed(kind, table.option('uri') || metastore, `${database}.${object}`, object, table);
}

/** A web address without scheme, credentials and parameters, which may hold secrets. */
function webDataset(table: Table): Dataset[] {
  const url = table
    .option('url')
    .replace(/^[a-z]+:\/\/(?:[^/@]*@)?/i, '')
    .replace(/[?#].*$/s, '');
  const [host = '', ...path] = url.split('/');
  return url === '' ? [] : addressed('http', host, path.join('/'), url, table);
}

// -------------------------------------------------------------------------------------------------------- rows

/** One row a connector. `connectors` are factory identifiers; 'catalog:x' is a catalog's type. */
export const connectorRows: readonly Row[] = [
  {
    connectors: ['kafka', 'upsert-kafka'],
    typeName: 'kafka_topic',
    form: '<topic, lower case>@<ns>; one for each topic of a list',
    convention: 'hook',
    datasets: (table) => {
      const topics = kafkaTopics(table);
      const pattern = table.option('topic-pattern');
      if (topics.length || !pattern) return topics;
      return addressed(
        'kafka',
        list(table.option('properties.bootstrap.servers'), /,/)[0] ?? '',
        pattern,
        pattern,
        table,
      );
    },
  },
  {
    connectors: ['dynamic-kafka'],
    typeName: 'flink_table',
    form: 'dynamic-kafka://<stream>@<ns>; one for each stream of a list. Which topics a stream has, only its metadata service knows',
    convention: 'ours',
    datasets: (table) =>
      list(table.option('stream-ids', 'stream-pattern'), table.option('stream-ids') ? /[;,]/ : /$^/).flatMap((stream) =>
        addressed('dynamic-kafka', '', stream, stream, table),
      ),
  },
  {
    connectors: ['hive', 'catalog:hive'],
    typeName: 'hive_table',
    form: '<db>.<table>@<ns>, lower case; columns <db>.<table>.<column>@<ns>, those of partitions as its partitionKeys',
    convention: 'hook',
    datasets: (table) => [hiveTable(table.database, table.object, table.at([], 'hive'))],
  },
  {
    connectors: ['filesystem', 'legacy-csv'],
    typeName: 'hdfs_path',
    form: 'by scheme: hdfs <path>@<ns>; file, oss and others <path> in lower case without a namespace, as the hooks write it, unless the settings name one for it; s3, s3a <scheme>://<bucket>/<folder>/@<ns> (aws_s3_v2_directory; on an Atlas without it aws_s3_pseudo_dir <scheme>://<bucket>/<folder>@<ns>, lower case); abfs, abfss <scheme>://<container>@<account>/<folder>@<ns> (adls_gen2_directory); gs gs://<bucket>/<folder>/@<ns> (gcp_storage_virtual_directory); ofs ofs://<service>/<volume>/<bucket>/<key>@<ns>, o3fs o3fs://<bucket>.<volume>.<service>/<key>@<ns> (ozone_key)',
    convention: 'hook',
    datasets: (table) => pathDataset(table.option('path'), table),
  },
  {
    connectors: ['jdbc', 'catalog:jdbc'],
    typeName: 'rdbms_table',
    form: '<host>:<port>/<database>.<schema>.<table>@<ns>; columns with .<column>; names without quotes as the database reads them: Oracle and Db2 in capitals, PostgreSQL in small letters; with a URL of Hive or Impala the hive_table',
    convention: 'ours',
    datasets: (table) => {
      const base = table.option('base-url').replace(/\/*$/, '/');
      const url = table.option('url') || (base === '/' ? '' : `${base}${table.database}`);
      const place = parseJdbcUrl(url);
      const name = table.option('table-name') || table.object;
      if (place && /^(hive2|impala)$/.test(place.vendor)) {
        const [object = name, database = place.database || 'default'] = name.split('.').reverse();
        return [hiveTable(database, object, table.at([], 'hive'))];
      }
      return place ? databaseTable(place, '', name, table, true) : [];
    },
  },
  {
    connectors: ['mysql-cdc'],
    typeName: 'rdbms_table',
    form: '<host>:<port>/<database>.<table>@<ns>; one for each name of a|b. A pattern of names is mysql://<host>:<port>/<pattern>@<ns> (flink_table), as for all that follow',
    convention: 'ours',
    datasets: captured('mysql'),
  },
  {
    connectors: ['postgres-cdc'],
    typeName: 'rdbms_table',
    form: '<host>:<port>/<database>.<schema>.<table>@<ns>',
    convention: 'ours',
    datasets: captured('postgresql'),
  },
  {
    connectors: ['oracle-cdc', 'sqlserver-cdc', 'db2-cdc', 'oceanbase-cdc', 'tidb-cdc', 'vitess-cdc'],
    typeName: 'rdbms_table',
    form: '<host>:<port>/<database>.<schema>.<table>@<ns>',
    convention: 'ours',
    datasets: (table) => captured(table.option('connector').replace('-cdc', ''))(table),
  },
  {
    connectors: ['hbase-1.4', 'hbase-2.2', 'hbase-2.6'],
    typeName: 'hbase_table',
    form: '<namespace>:<table>@<ns>',
    convention: 'hook',
    datasets: (table) => {
      const written = table.option('table-name');
      if (written === '') return [];
      const [namespace, name] = written.includes(':') ? written.split(':') : ['default', written];
      const at = table.at(list(table.option('zookeeper.quorum'), /,/), 'hbase');
      return [
        {
          typeName: 'hbase_table',
          qualifiedName: `${namespace}:${name}${at}`,
          name: written,
          attributes: { uri: written },
          parent: {
            attribute: 'namespace',
            dataset: {
              typeName: 'hbase_namespace',
              qualifiedName: `${namespace}${at}`,
              name: namespace ?? 'default',
              attributes: { clusterName: at.slice(1) },
            },
          },
        },
      ];
    },
  },
  {
    connectors: ['elasticsearch-6', 'elasticsearch-7', 'elasticsearch-8'],
    typeName: 'flink_table',
    form: 'elasticsearch://<host>:<port>/<index>@<ns>',
    convention: 'ours',
    datasets: search('elasticsearch'),
  },
  {
    connectors: ['opensearch', 'opensearch-2', 'opensearch-3'],
    typeName: 'flink_table',
    form: 'opensearch://<host>:<port>/<index>@<ns>',
    convention: 'ours',
    datasets: search('opensearch'),
  },
  {
    connectors: ['kinesis', 'kinesis-legacy'],
    typeName: 'flink_table',
    form: 'kinesis://<region>/<stream>@<ns>',
    convention: 'ours',
    datasets: (table) => {
      const [, region = '', name = ''] =
        /^arn:[^:]*:kinesis:([^:]*):[^:]*:stream\/(.*)$/.exec(table.option('stream.arn')) ?? [];
      const stream = table.option('stream') || name;
      return addressed('kinesis', table.option('aws.region') || region, stream, stream, table);
    },
  },
  {
    connectors: ['firehose'],
    typeName: 'flink_table',
    form: 'firehose://<region>/<delivery stream>@<ns>',
    convention: 'ours',
    datasets: (table) => {
      const stream = table.option('delivery-stream');
      return addressed('firehose', table.option('aws.region'), stream, stream, table);
    },
  },
  {
    connectors: ['sqs'],
    typeName: 'flink_table',
    form: 'sqs://<region>/<queue>@<ns>',
    convention: 'ours',
    datasets: (table) => {
      const queue = table.option('queue-url').replace(/\/+$/, '').split('/').pop() ?? '';
      return addressed('sqs', table.option('aws.region'), queue, queue, table);
    },
  },
  {
    connectors: ['dynamodb'],
    typeName: 'flink_table',
    form: 'dynamodb://<region>/<table>@<ns>',
    convention: 'ours',
    datasets: (table) => {
      const name = table.option('table-name');
      return addressed('dynamodb', table.option('aws.region'), name, name, table);
    },
  },
  {
    connectors: ['mongodb'],
    typeName: 'flink_table',
    form: 'mongodb://<host>:<port>/<database>.<collection>@<ns>',
    convention: 'ours',
    datasets: (table) => {
      const [, srv, host = ''] = /^mongodb(\+srv)?:\/\/(?:[^@/]*@)?([^/,?]*)/.exec(table.option('uri')) ?? [];
      return collection(srv ? host : withPort(host, 'mongodb'), table);
    },
  },
  {
    connectors: ['mongodb-cdc'],
    typeName: 'flink_table',
    form: 'mongodb://<host>:<port>/<database>.<collection>@<ns>',
    convention: 'ours',
    datasets: (table) => {
      const host = list(table.option('hosts'), /,/)[0] ?? '';
      return collection(table.option('scheme') === 'mongodb+srv' ? host : withPort(host, 'mongodb'), table);
    },
  },
  {
    connectors: ['pulsar', 'upsert-pulsar'],
    typeName: 'flink_table',
    form: 'pulsar://<host>:<port>/<topic>@<ns>',
    convention: 'ours',
    datasets: (table) =>
      list(table.option('topics', 'topic'), /[;,]/).flatMap((topic) =>
        addressed('pulsar', table.option('service-url'), topic, topic, table),
      ),
  },
  {
    connectors: [
      'paimon',
      'catalog:paimon',
      'catalog:paimon-generic',
      'iceberg',
      'catalog:iceberg',
      'hudi',
      'catalog:hudi',
      'delta',
      'catalog:delta-catalog',
    ],
    typeName: 'hdfs_path',
    form: 'the table’s path as for filesystem; with a Hive metastore the hive_table; of a REST or another catalog <connector>://<address of the catalog>/<db>.<table>@<ns> (flink_table)',
    convention: 'hook',
    datasets: lake,
  },
  {
    connectors: ['doris', 'catalog:doris', 'starrocks', 'catalog:starrocks', 'fluss', 'catalog:fluss', 'redis'],
    typeName: 'flink_table',
    form: '<connector>://<host>:<port>/<db>.<table>@<ns>; starrocks with the host and port of its jdbc-url',
    convention: 'ours',
    datasets: (table) => {
      const kind = table.option('connector', 'type');
      const jdbc = kind === 'starrocks' ? parseJdbcUrl(table.option('jdbc-url')) : undefined;
      const address = jdbc
        ? `${jdbc.host}${jdbc.port ? `:${jdbc.port}` : ''}`
        : table.option('fenodes', 'load-url', 'host', 'bootstrap.servers');
      const name = table.option('table.identifier', 'table-name', 'key') || table.object;
      // a catalog's table, and Fluss's, has its database from its place in the catalog
      const placed = table.option('connector') && kind !== 'fluss' ? '' : table.database;
      const database = table.option('database-name') || (name.includes('.') ? '' : placed);
      const full = redactUrls([database, name].filter(Boolean).join('.'));
      return addressed(kind, list(address, /[;,]/)[0] ?? '', full, full, table);
    },
  },
  {
    connectors: ['http', 'http-sink', 'http-async-sink', 'rest-lookup'],
    typeName: 'flink_table',
    form: 'http://<host>:<port>/<path>@<ns>, without parameters',
    convention: 'ours',
    datasets: webDataset,
  },
  {
    connectors: [
      'datagen',
      'faker',
      'print',
      'blackhole',
      'values',
      'python-input-format',
      'catalog:generic_in_memory',
    ],
    typeName: '',
    form: 'none: nothing is stored outside the job',
    convention: 'none',
    datasets: () => [],
  },
];

const rowOf = new Map(connectorRows.flatMap((row) => row.connectors.map((connector) => [connector, row] as const)));

/** 'catalog.database.object' to its three parts; names with fewer stand in the default catalog. */
export function splitName(name: string): [string, string, string] {
  const parts = name.split('.');
  if (parts.length >= 3) return [parts[0] ?? '', parts[1] ?? '', parts.slice(2).join('.')];
  return [
    'default_catalog',
    parts.length === 2 ? (parts[0] ?? '') : 'default_database',
    parts[parts.length - 1] ?? name,
  ];
}

/**
 * The datasets that a Flink table reads from or writes to: several for a list of topics, none for a connector that keeps
 * nothing (datagen, print) and for a table that nothing describes.
 */
export function datasetsOf(node: TableNode, context: MappingContext): Dataset[] {
  const [catalog, database, object] = splitName(node.name);
  const catalogOptions = context.catalogs.get(catalog) ?? {};
  const options = { ...catalogOptions, ...node.options };
  const table: Table = {
    options,
    catalog,
    database,
    object,
    option: (...keys) => keys.map((key) => options[key]).find((value) => value !== undefined && value !== '') ?? '',
    at: (addresses = [], ...schemes) => `@${ownNamespace(context, addresses, schemes) ?? context.namespace}`,
    hasOwnNamespace: (addresses, ...schemes) => ownNamespace(context, addresses, schemes) !== undefined,
  };
  const connector = node.options.connector;
  const row = connector ? rowOf.get(connector) : rowOf.get(`catalog:${catalogOptions.type ?? ''}`);
  if (row) return row.datasets(table);
  // an unknown connector, or a table of a catalog nobody described: its place in Flink's catalog is all there is to say
  return connector || catalog !== 'default_catalog' ? cataloged(table) : [];
}
