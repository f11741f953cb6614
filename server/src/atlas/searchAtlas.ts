/** Search by words over datasets, columns, jobs and glossary terms of a store. */
import type { SearchHit, SearchKind } from '../protocol';
import { type EntityHeader, qualifiedNameOf, textOf } from './entity';
import { typeLabel } from './mapping';
import type { FindKind, MetadataStore, Term } from './store';
import { jobItem } from './tree';

/** Candidates asked of the store for each kind; the best of them are shown. */
const CANDIDATES = 100;

const kinds: readonly SearchKind[] = ['dataset', 'column', 'job', 'term'];

/** What a search text asks for. */
export interface SearchQuery {
  /** In lower case */
  words: string[];
  kinds: readonly SearchKind[];
  /** Parts of the names of types: 'kafka', 'hive_table' */
  types: string[];
  /** As written; begins of names are enough */
  classification?: string;
}

/** 'orders type:kafka tag:PII' read: words, and what `type:` (or `kind:`) and `tag:` (or `class:`) narrow the search to. */
export function parseSearch(text: string): SearchQuery {
  const query: SearchQuery = { words: [], kinds, types: [] };
  const wanted: SearchKind[] = [];
  for (const part of text.split(/\s+/).filter(Boolean)) {
    const [, key, value = ''] = /^(type|kind|tag|class|classification):(.*)$/i.exec(part) ?? [];
    const word = value.toLowerCase();
    if (key === undefined) query.words.push(part.toLowerCase());
    else if (value === '') continue;
    else if (/^(type|kind)$/i.test(key)) {
      const kind = kinds.find(
        (each) => each === word || `${each}s` === word || (each === 'dataset' && word === 'table'),
      );
      if (kind) wanted.push(kind);
      else query.types.push(word);
    } else query.classification = value;
  }
  return wanted.length > 0 ? { ...query, kinds: wanted } : query;
}

/**
 * What a text finds in a store, best first: names that are the words, begin with them, have them; then what has them
 * elsewhere. A request for each kind of thing, all at once. Throws a StoreError.
 */
export async function searchAtlas(
  store: MetadataStore,
  text: string,
  limit: number,
  signal?: AbortSignal,
): Promise<SearchHit[]> {
  const query = parseSearch(text);
  const { words, classification: written } = query;
  if (words.length === 0 && written === undefined && query.types.length === 0) return [];
  let classification: string | undefined;
  if (written !== undefined) {
    const known = await store.classifications(signal);
    const lower = written.toLowerCase();
    classification =
      known.find((name) => name.toLowerCase() === lower) ?? known.find((name) => name.toLowerCase().startsWith(lower));
    if (classification === undefined) return [];
  }
  const find = async (kind: FindKind) =>
    (await store.find({ kind, words, limit: CANDIDATES, ...(classification ? { classification } : {}) }, signal)).map(
      (header) => hitOf(store, kind, header),
    );
  const found = await Promise.all(
    query.kinds.map(async (kind) => {
      if (kind !== 'term') return find(kind);
      // Terms carry no classifications, and have no types
      if (classification || query.types.length > 0) return [];
      return (await store.terms(signal)).filter(({ name }) => hasAll(name, words)).map((term) => termHit(store, term));
    }),
  );
  const ofType = ({ typeName, typeLabel: label }: SearchHit) =>
    query.types.every((type) => `${typeName} ${label}`.toLowerCase().includes(type));
  return withoutSchemas(found.flat().filter(ofType))
    .map((hit) => ({ hit, rank: rankOf(hit, words) }))
    .sort((a, b) => a.rank - b.rank || a.hit.name.length - b.hit.name.length || compare(a.hit, b.hit))
    .slice(0, limit)
    .map(({ hit }) => hit);
}

function hitOf(store: MetadataStore, kind: FindKind, header: EntityHeader): SearchHit {
  const qualifiedName = qualifiedNameOf(header);
  const description = textOf(header, 'description') ?? textOf(header, 'comment');
  const owner = textOf(header, 'owner');
  const webUrl = store.webUrl(header.guid);
  // What jobs declare of a dataset is found for the dataset: 'kafka_topic:shop.orders@prod'
  const [, type, name] = (header.typeName === 'flink_table' && /^([a-z]\w*):(?!\/\/)(.*)$/s.exec(qualifiedName)) || [];
  return {
    store: store.info.id,
    kind,
    guid: header.guid,
    name: textOf(header, 'name') ?? qualifiedName.replace(/@[^@]*$/, ''),
    typeName: type ?? header.typeName,
    typeLabel: typeLabel(type ?? header.typeName),
    qualifiedName: name ?? qualifiedName,
    ...(description ? { description } : {}),
    ...(owner ? { owner } : {}),
    classifications: header.classificationNames ?? [],
    ...(webUrl ? { webUrl } : {}),
    ...(kind === 'job' ? { treeItem: jobItem(header.guid) } : {}),
  };
}

function termHit(store: MetadataStore, { guid, name, glossary }: Term): SearchHit {
  return {
    store: store.info.id,
    kind: 'term',
    guid,
    name,
    typeName: 'AtlasGlossaryTerm',
    typeLabel: 'Glossary term',
    qualifiedName: glossary ? `${name}@${glossary}` : name,
    classifications: [],
  };
}

/** Each dataset once, with what its declaration adds; the dataset itself comes before what is declared of it. */
function withoutSchemas(hits: readonly SearchHit[]): SearchHit[] {
  const byName = new Map<string, SearchHit>();
  for (const hit of hits) {
    const key = `${hit.kind} ${hit.typeName} ${hit.qualifiedName}`;
    const other = byName.get(key);
    if (!other) byName.set(key, hit);
    else byName.set(key, { ...hit, ...other, description: other.description ?? hit.description });
  }
  return [...byName.values()];
}

/** 0 for the best. */
function rankOf({ name, qualifiedName }: SearchHit, words: readonly string[]): number {
  const lower = name.toLowerCase();
  const whole = words.join(' ');
  if (lower === whole) return 0;
  if (lower.startsWith(whole)) return 1;
  const starts = ` ${lower.replace(/[^\p{L}\p{N}]+/gu, ' ')}`;
  if (words.every((word) => starts.includes(` ${word}`))) return 2;
  if (words.every((word) => lower.includes(word))) return 3;
  return hasAll(qualifiedName, words) ? 4 : 5;
}

function hasAll(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

function compare(a: SearchHit, b: SearchHit): number {
  return (
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    a.name.localeCompare(b.name) ||
    a.qualifiedName.localeCompare(b.qualifiedName)
  );
}
