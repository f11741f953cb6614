/** What a metadata store should hold for a job: its entities, and how they refer to each other. Pure. */

import type { TableNode } from '../semantics/lineage';
import { annotationValues, businessValues, processValues } from './annotations';
import { PARTITION_KEYS } from './entity';
import type { Job, JobProcess, JobTable } from './job';
import { publishedSql, shortName } from './job';
import { type ColumnType, type Dataset, datasetsOf, type MappingContext, mappingContext } from './mapping';
import { redactOptions } from './redact';

/** Type and qualifiedName: what makes an entity the same entity. */
export interface Key {
  typeName: string;
  qualifiedName: string;
}

export type Value = string | number | string[] | Record<string, string>;

/** An entity as it should be. */
/** What an entity is tied to, and by which relationship where its attribute stands for several. */
export interface Tie extends Key {
  relationshipType?: string;
}

export interface Desired extends Key {
  /** What it is to the user */
  what: 'job' | 'process' | 'dataset' | 'schema' | 'column' | 'column lineage';
  label: string;
  /**
   * 'job': the job's own, kept equal to the script. 'shared': of several jobs, kept equal by the one that owns it.
   * 'foreign': made when missing and otherwise left as its owners have it.
   */
  owner: 'job' | 'shared' | 'foreign';
  attributes: Record<string, Value>;
  /** Process only: edges */
  inputs?: Key[];
  outputs?: Key[];
  /** Labels in Atlas, and business metadata as 'Name.attribute' */
  labels?: string[];
  business?: Record<string, string>;
  /** Relationship attributes that tie it to another entity */
  relations: Record<string, Tie>;
}

export interface DesiredState {
  application: Desired;
  /** In an order in which each refers only to those before it */
  entities: Desired[];
  notes: string[];
  namespace: string;
}

export interface DesiredOptions extends Omit<MappingContext, 'catalogs'> {
  /** Types of the store, those about to be created included */
  types: ReadonlySet<string>;
}

export function keyOf(key: Key): string {
  return `${key.typeName} ${key.qualifiedName}`;
}

/** Inserts a part before the namespace: 'a.b@prod' and 'c' give 'a.b.c@prod', as Hive's hook names columns. */
function within(qualifiedName: string, part: string): string {
  const at = qualifiedName.lastIndexOf('@');
  return at < 0 ? `${qualifiedName}.${part}` : `${qualifiedName.slice(0, at)}.${part}${qualifiedName.slice(at)}`;
}

/** qualifiedName of the flink_table that says what Flink jobs declare of a dataset. */
export function schemaName(dataset: Key): string {
  return dataset.typeName === 'flink_table' ? dataset.qualifiedName : `${dataset.typeName}:${dataset.qualifiedName}`;
}

/** The dataset with types that the store has: flink_table, else DataSet, stands in for a type it lacks. */
export function withKnownTypes(dataset: Dataset, types: ReadonlySet<string>): Dataset {
  if (!types.has(dataset.typeName)) {
    const { qualifiedName, name, older } = dataset;
    if (older && types.has(older.typeName)) return withKnownTypes(older, types);
    return { typeName: types.has('flink_table') ? 'flink_table' : 'DataSet', qualifiedName, name, attributes: {} };
  }
  const { parent, columns, older: _, ...rest } = dataset;
  return {
    ...rest,
    ...(parent && types.has(parent.dataset.typeName)
      ? { parent: { ...parent, dataset: withKnownTypes(parent.dataset, types) } }
      : {}),
    ...(columns && types.has(columns.typeName) ? { columns } : {}),
  };
}

/** All types that mapping may ask for, to be looked up at once. */
export function typesOf(dataset: Dataset): string[] {
  return [
    dataset.typeName,
    ...(dataset.columns ? [dataset.columns.typeName] : []),
    ...(dataset.parent ? typesOf(dataset.parent.dataset) : []),
    ...(dataset.older ? typesOf(dataset.older) : []),
  ];
}

/** The names of a dataset, of what Flink declares of it, and of what it stands in. */
function namesOf(dataset: Dataset): string[] {
  const declared = dataset.columns ? [] : [schemaName(dataset)];
  const others = [dataset.parent?.dataset, dataset.older].filter((each) => each !== undefined);
  return [dataset.qualifiedName, ...declared, ...others.flatMap(namesOf)];
}

/** The names of all that the cards of tables and the publish of a job ask a store for; what these own comes with them. */
export function namesToRead(context: MappingContext, tables: Iterable<TableNode>, job: Job): Set<string> {
  const processes = job.processes.map(({ name }) => `${job.name}/${name}`);
  const own = processes.length > 0 ? [job.name, ...processes] : [];
  const datasets = [...tables].flatMap((table) => datasetsOf(table, context));
  return new Set([...own.map((name) => jobName(name, context.namespace)), ...datasets.flatMap(namesOf)]);
}

/** qualifiedName of a job, and of what belongs to it. */
export function jobName(name: string, namespace: string): string {
  return `${name}@${namespace}`;
}

function prune<T>(record: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<string, T>;
}

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<K, V>>;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** '1 error, 2 warnings'; undefined where there is nothing to say. */
function findingsOf(errors: number, warnings: number): string | undefined {
  const say = (count: number, what: string) => (count > 0 ? [`${count} ${what}${count === 1 ? '' : 's'}`] : []);
  const said = [...say(errors, 'error'), ...say(warnings, 'warning')];
  return said.length > 0 ? said.join(', ') : undefined;
}

/** What the DDL, and the comment above it, promise of the rows, in words of its own. */
function qualityOf(table: JobTable): Record<string, string> {
  const notNull = table.columns.filter((column) => column.type?.endsWith('NOT NULL')).map((column) => column.name);
  const option = (end: string) => Object.entries(table.options).find(([key, value]) => key.endsWith(end) && value)?.[1];
  return prune({
    'not null': notNull.length ? notNull.join(', ') : undefined,
    watermark: table.watermark ? `${table.watermark.column} AS ${table.watermark.expression}` : undefined,
    'primary key': table.primaryKey?.length ? table.primaryKey.join(', ') : undefined,
    'ignore parse errors': option('ignore-parse-errors'),
    'fail on missing field': option('fail-on-missing-field'),
    'delivery guarantee': option('delivery-guarantee'),
    stated: table.quality?.join('\n'),
  });
}

/**
 * The entities that should exist for a job: the job, its processes, the datasets they touch, what Flink declares of these
 * (flink_table, flink_column), and the lineage of each sink column. What the store has no types for is left out.
 */
export function desiredState(job: Job, options: DesiredOptions): DesiredState {
  const { types, namespace } = options;
  const context = mappingContext(options, job.catalogs);
  const notes = [...job.notes];
  const made = new Map<string, Desired>();
  const add = (entity: Desired): Desired => {
    const before = made.get(keyOf(entity));
    if (before) return before;
    made.set(keyOf(entity), entity);
    return entity;
  };
  const sinks = new Set(job.processes.map((process) => process.sink));
  const touched = new Set(job.processes.flatMap((process) => [process.sink, ...process.sources]));

  // datasets, with the containers they stand in
  const addDataset = (dataset: Dataset, description: string | undefined): Desired =>
    add({
      typeName: dataset.typeName,
      qualifiedName: dataset.qualifiedName,
      what: 'dataset',
      label: dataset.name,
      owner: 'foreign',
      attributes: prune<Value>({ name: dataset.name, ...dataset.attributes, description }),
      relations: dataset.parent ? { [dataset.parent.attribute]: addDataset(dataset.parent.dataset, undefined) } : {},
    });

  const datasets = new Map<string, Key[]>();
  const columns = new Map<string, Map<string, Key[]>>();
  const applicationName = jobName(job.name, namespace);

  const addColumns = (
    name: string,
    table: JobTable,
    dataset: Dataset,
    holder: Desired,
    own: ColumnType | undefined,
  ) => {
    const keys = columns.get(name) ?? new Map<string, Key[]>();
    columns.set(name, keys);
    const held = { typeName: holder.typeName, qualifiedName: holder.qualifiedName };
    table.columns.forEach((column, position) => {
      // a computed column is the job's own expression, not in the data
      if (column.kind === 'computed') return;
      // Hive keeps the columns of partitions apart
      const isPartition = own?.typeName === 'hive_column' && table.partitionKeys?.includes(column.name);
      const entity = add({
        typeName: own?.typeName ?? 'flink_column',
        qualifiedName: own ? own.qualifiedName(column.name) : within(holder.qualifiedName, column.name),
        what: 'column',
        label: `${dataset.name}.${column.name}`,
        owner: own ? 'foreign' : 'shared',
        attributes: prune<Value>({
          name: own?.typeName === 'hive_column' ? column.name.toLowerCase() : column.name,
          [own?.typeAttribute ?? 'type']: column.type ?? 'unknown',
          description: column.comment,
          position: own?.typeName === 'rdbms_column' ? undefined : position,
          kind: own ? undefined : column.kind,
        }),
        relations: { table: isPartition ? { ...held, relationshipType: PARTITION_KEYS } : holder },
      });
      keys.set(column.name, [...(keys.get(column.name) ?? []), entity]);
    });
  };

  for (const name of touched) {
    const table: JobTable = job.tables.get(name) ?? { name, kind: 'unknown', options: {}, columns: [] };
    const keys: Key[] = [];
    for (const mapped of datasetsOf(table, context)) {
      const dataset = withKnownTypes(mapped, types);
      const entity = addDataset(dataset, table.comment);
      keys.push(entity);
      if (dataset.columns) {
        addColumns(name, table, dataset, entity, dataset.columns);
      } else if (types.has('flink_table') && types.has('flink_column')) {
        const declared = {
          connector: table.options.connector ?? '',
          definition: table.definition ? publishedSql(table.definition) : '',
          options: redactOptions(table.options),
          primaryKey: [...(table.primaryKey ?? [])],
          partitionKeys: [...(table.partitionKeys ?? [])],
          watermark: table.watermark ? `${table.watermark.column} AS ${table.watermark.expression}` : '',
          quality: qualityOf(table),
          publishedBy: applicationName,
          publishedAs: sinks.has(name) ? 'sink' : 'source',
          ...optional('owner', table.owner),
        };
        let holder = entity;
        if (dataset.typeName === 'flink_table') {
          entity.owner = 'shared';
          Object.assign(entity.attributes, declared);
        } else {
          holder = add({
            typeName: 'flink_table',
            qualifiedName: schemaName(dataset),
            what: 'schema',
            label: dataset.name,
            owner: 'shared',
            attributes: prune<Value>({ name: dataset.name, description: table.comment, ...declared }),
            relations: { dataset: entity },
          });
        }
        addColumns(name, table, dataset, holder, undefined);
      }
    }
    if (keys.length === 0 && !table.options.connector && table.kind !== 'view') {
      notes.push(`Nothing describes ${shortName(name)}, so where its data lives is not known.`);
    }
    datasets.set(name, keys);
  }

  // the job and its processes
  const templates = job.businessTemplates ?? {};
  const { file, repository, commit } = job.source;
  const jobValues = { job: job.name, owner: job.owner, file, repository, commit, ...annotationValues(job) };
  const hasApplication = types.has('flink_application') && types.has('flink_process');
  const jobType = hasApplication ? 'flink_application' : 'Process';
  const processType = hasApplication ? 'flink_process' : 'Process';
  const identity = (qualifiedName: string) => (hasApplication ? { id: qualifiedName } : {});
  const application = add({
    typeName: jobType,
    qualifiedName: applicationName,
    what: 'job',
    label: job.name,
    owner: 'job',
    attributes: prune<Value>({
      name: job.name,
      ...identity(applicationName),
      description: job.description,
      owner: job.owner,
      conf: hasApplication
        ? prune({
            file: job.source.file,
            repository: job.source.repository,
            commit: job.source.commit,
            labels: job.labels.length ? job.labels.join(', ') : undefined,
            quality: job.quality.length ? job.quality.join('\n') : undefined,
            findings: findingsOf(job.leftOut ?? 0, sum(job.processes.map((process) => process.warnings ?? 0))),
          })
        : undefined,
    }),
    labels: job.labels,
    ...optional('business', businessValues(templates, jobValues)),
    relations: {},
  });

  const addProcess = (process: JobProcess) => {
    const qualifiedName = jobName(`${job.name}/${process.name}`, namespace);
    const inputs = process.sources.flatMap((source) => datasets.get(source) ?? []);
    const outputs = datasets.get(process.sink) ?? [];
    const entity = add({
      typeName: processType,
      qualifiedName,
      what: 'process',
      label: process.name,
      owner: 'job',
      attributes: prune<Value>({
        // with the job's name: in a lineage graph a process stands beside the table whose name it bears
        name: `${job.name}/${process.name}`,
        ...identity(qualifiedName),
        description: process.description,
        owner: process.owner ?? job.owner,
        conf: hasApplication
          ? prune({
              job: job.name,
              sink: shortName(process.sink),
              sql: process.sql,
              file: job.source.file,
              labels: process.labels.length ? process.labels.join(', ') : undefined,
              quality: process.quality.length ? process.quality.join('\n') : undefined,
              findings: findingsOf(0, process.warnings ?? 0),
            })
          : undefined,
      }),
      labels: process.labels,
      ...optional('business', businessValues(templates, processValues(jobValues, process))),
      inputs,
      outputs,
      relations: types.has('flink_job_processes') ? { job: application } : {},
    });
    if (!types.has('flink_column_lineage')) return;
    for (const column of process.columns) {
      const to = columns.get(process.sink)?.get(column.column) ?? [];
      const from = column.from.flatMap((origin) => columns.get(origin.table)?.get(origin.column) ?? []);
      if (to.length === 0 || from.length === 0) continue;
      add({
        typeName: 'flink_column_lineage',
        qualifiedName: `${qualifiedName}:${column.column}`,
        what: 'column lineage',
        label: `${process.name}.${column.column}`,
        owner: 'job',
        attributes: prune<Value>({
          name: column.column,
          // the two words of Hive's column lineage
          dependencyType: column.from.some((origin) => origin.transformed) ? 'EXPRESSION' : 'SIMPLE',
          expression: column.expression ? publishedSql(column.expression) : '',
        }),
        inputs: from,
        outputs: to,
        relations: { process: entity },
      });
    }
  };
  for (const process of job.processes) addProcess(process);

  if (!types.has('flink_column_lineage'))
    notes.push('Lineage is published by table only: the types for columns are missing.');
  return { application, entities: [...made.values()], notes, namespace };
}
