// Expands typedefs.txt, the compact table of Atlas's own types, into the JSON that Atlas loads at its first start.
import { readFileSync } from 'node:fs';

const term =
  'description:stringi expression:stringi status:AtlasGlossaryTermRelationshipStatusi steward:stringi source:stringi';
const valueTypes =
  /^(\w+):(array<\w+>|map<\w+,\w+>|string|date|int|long|boolean|file_action|fs_permissions|hive_principal_type|hive_serde|atlas_operation|AtlasGlossaryTerm\w+Status)([!uislRO]*)(?:w(\d+))?$/;

function attribute(text) {
  const match = valueTypes.exec(text);
  if (!match) throw new Error(`typedefs.txt: cannot read the attribute ${text}`);
  const [, name, typeName, flags, weight] = match;
  const many = typeName.startsWith('array');
  return {
    name,
    typeName,
    cardinality: many ? (flags.includes('s') ? 'SET' : 'LIST') : 'SINGLE',
    isOptional: !flags.includes('!'),
    isUnique: flags.includes('u'),
    isIndexable: flags.includes('i'),
    ...(weight ? { searchWeight: Number(weight) } : {}),
    ...(flags.includes('R') ? { options: { isSoftReference: 'true' } } : {}),
    ...(flags.includes('O') ? { constraints: [{ type: 'ownedRef' }] } : {}),
  };
}

function relationshipEnd(text) {
  const [, type, name, flags] = /^(\w+)\.(\w+)([*#~]*)$/.exec(text);
  return {
    type,
    name,
    isContainer: flags.includes('#'),
    cardinality: flags.includes('*') ? 'SET' : 'SINGLE',
    isLegacyAttribute: flags.includes('~'),
  };
}

/** The type definitions of a stock Atlas 2.1.0; with `flinkTypes` also those that 2.2 and later have for Flink. */
export function typedefs({ flinkTypes }) {
  const [stock, flink] = readFileSync(new URL('typedefs.txt', import.meta.url), 'utf8').split(/^=== flink$/m);
  const defs = { enumDefs: [], structDefs: [], classificationDefs: [], entityDefs: [], relationshipDefs: [] };
  for (const line of (flinkTypes ? stock + flink : stock).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [head, tail = ''] = line.split(' |');
    const [kind, name, ...words] = head.split(' ');
    const base = { name, typeVersion: '1.0' };
    const attributes = (list) => list.filter((word) => word !== '').map(attribute);
    const attributeDefs = attributes(tail.replace('@term', term).split(' '));
    if (kind === 'enum') {
      defs.enumDefs.push({ ...base, elementDefs: words[0].split(',').map((value, ordinal) => ({ value, ordinal })) });
    } else if (kind === 'struct') {
      defs.structDefs.push({ ...base, attributeDefs: attributes(words) });
    } else if (kind === 'entity') {
      const superTypes = words[0].slice(1, -1).split(',').filter(Boolean);
      defs.entityDefs.push({ ...base, superTypes, serviceType: words[1], attributeDefs });
    } else if (kind === 'rel') {
      const [relationshipCategory, propagateTags, end1, end2, relationshipLabel] = words;
      defs.relationshipDefs.push({
        ...base,
        relationshipCategory,
        propagateTags,
        endDef1: relationshipEnd(end1),
        endDef2: relationshipEnd(end2),
        attributeDefs,
        ...(relationshipLabel ? { relationshipLabel } : {}),
      });
    } else throw new Error(`typedefs.txt: cannot read the line ${line}`);
  }
  return defs;
}
