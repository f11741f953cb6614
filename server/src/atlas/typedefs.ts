/**
 * The types this product brings. Atlas 2.2 and later have flink_application and flink_process; everything about columns
 * is ours, and so is what ties a process to its job, for no released Atlas has a working relationship between the two
 * (its model file lists flink_application_processes among the entity types).
 */

interface AttributeDef {
  name: string;
  typeName: string;
  isOptional: boolean;
  cardinality: 'SINGLE' | 'LIST' | 'SET';
  isUnique: boolean;
  isIndexable: boolean;
}

function attribute(name: string, typeName = 'string', flags: { key?: boolean; indexed?: boolean } = {}): AttributeDef {
  return {
    name,
    typeName,
    isOptional: !flags.key,
    cardinality: typeName.startsWith('array') ? 'LIST' : 'SINGLE',
    isUnique: flags.key ?? false,
    isIndexable: flags.key ?? flags.indexed ?? false,
  };
}

/** Attributes of flink_application and flink_process as Atlas 2.2 and later define them. */
const stockAttributes = [
  attribute('id', 'string', { key: true }),
  attribute('startTime', 'date'),
  attribute('endTime', 'date'),
  attribute('conf', 'map<string,string>'),
];

const entityDefs = [
  { name: 'flink_application', superTypes: ['Process'], attributeDefs: stockAttributes, description: 'A Flink job' },
  {
    name: 'flink_process',
    superTypes: ['Process'],
    attributeDefs: stockAttributes,
    description: 'One writing statement of a Flink job',
  },
  {
    name: 'flink_table',
    superTypes: ['DataSet'],
    description: 'What Flink jobs declare of a dataset: its columns and how they are read',
    // the web interface shows these as the table's schema
    options: { schemaElementsAttribute: 'columns' },
    attributeDefs: [
      attribute('connector', 'string', { indexed: true }),
      attribute('definition'),
      attribute('options', 'map<string,string>'),
      attribute('primaryKey', 'array<string>'),
      attribute('partitionKeys', 'array<string>'),
      attribute('watermark'),
      attribute('quality', 'map<string,string>'),
      attribute('publishedBy', 'string', { indexed: true }),
      attribute('publishedAs'),
    ],
  },
  {
    name: 'flink_column',
    superTypes: ['DataSet'],
    description: 'A column that Flink jobs declare of a dataset',
    options: { schemaAttributes: '["name","type","description","position","kind"]' },
    attributeDefs: [attribute('type', 'string', { indexed: true }), attribute('position', 'int'), attribute('kind')],
  },
  {
    name: 'flink_column_lineage',
    superTypes: ['Process'],
    description: 'Where the values of one column come from',
    attributeDefs: [attribute('dependencyType'), attribute('expression')],
  },
].map((def) => ({ ...def, serviceType: 'flink', typeVersion: '1.0' }));

function owns(name: string, owner: string, many: string, owned: string, one: string) {
  return {
    name,
    typeVersion: '1.0',
    serviceType: 'flink',
    // deleting the owner deletes what it owns
    relationshipCategory: 'COMPOSITION',
    propagateTags: 'NONE',
    endDef1: { type: owner, name: many, isContainer: true, cardinality: 'SET', isLegacyAttribute: false },
    endDef2: { type: owned, name: one, isContainer: false, cardinality: 'SINGLE', isLegacyAttribute: false },
    attributeDefs: [],
  };
}

const relationshipDefs = [
  {
    ...owns('flink_job_processes', 'flink_application', 'jobProcesses', 'flink_process', 'job'),
    // not a composition: Atlas would then refuse every process without a job, those of other publishers too
    relationshipCategory: 'AGGREGATION',
  },
  owns('flink_table_columns', 'flink_table', 'columns', 'flink_column', 'table'),
  owns('flink_process_column_lineages', 'flink_process', 'columnLineages', 'flink_column_lineage', 'process'),
  {
    ...owns('flink_table_dataset', 'flink_table', 'dataset', 'DataSet', 'flinkTables'),
    relationshipCategory: 'ASSOCIATION',
    endDef1: {
      type: 'flink_table',
      name: 'dataset',
      isContainer: false,
      cardinality: 'SINGLE',
      isLegacyAttribute: false,
    },
    endDef2: { type: 'DataSet', name: 'flinkTables', isContainer: false, cardinality: 'SET', isLegacyAttribute: false },
  },
];

/** Names of every type of entity and relationship that a full publish needs and stock servers may lack. */
export const ourTypes: readonly string[] = [...entityDefs, ...relationshipDefs].map((def) => def.name);

/** The body of POST /v2/types/typedefs that adds those of `names` that are ours. */
export function typedefsFor(names: readonly string[]): object {
  const wanted = (def: { name: string }) => names.includes(def.name);
  return {
    enumDefs: [],
    structDefs: [],
    classificationDefs: [],
    entityDefs: entityDefs.filter(wanted),
    relationshipDefs: relationshipDefs.filter(wanted),
  };
}

/** The relationships of ours: the attribute on one side, what the other calls it, and whether the other owns it. */
export const relationships: readonly { type: string; attribute: string; inverse: string; owned: boolean }[] = [
  ...relationshipDefs
    .filter((def) => def.relationshipCategory !== 'ASSOCIATION')
    .map((def) => ({
      type: def.endDef2.type,
      attribute: def.endDef2.name,
      inverse: def.endDef1.name,
      owned: def.relationshipCategory === 'COMPOSITION',
    })),
  { type: 'flink_table', attribute: 'dataset', inverse: 'flinkTables', owned: false },
];
