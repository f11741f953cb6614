/** An Apache Atlas server as a metadata store, over its v2 REST interface. */
import type { AtlasConnection, Secret, StoreInfo } from '../protocol';
import {
  type Entity,
  type EntityHeader,
  type EntityToWrite,
  type EntityWithOwned,
  hasWords,
  type LineageGraph,
  type ObjectRef,
  ownedBy,
  refsOf,
} from './entity';
import { AtlasHttp, AtlasRefusal } from './http';
import {
  type FindRequest,
  type MetadataStore,
  type SearchPage,
  type SearchRequest,
  StoreError,
  type StoreStatus,
  type Term,
  type TermDetails,
  throwIfAborted,
} from './store';

interface Entities {
  entities?: Entity[];
  referredEntities?: Record<string, Entity>;
}

interface Glossary {
  guid: string;
  name?: string;
  terms?: { termGuid: string; displayText: string }[];
}

/**
 * Characters of names in one URL. Atlas's Jetty takes 16 KiB of request line and headers. Gateways before it take less:
 * where a request was refused as too long, it is halved, and so are those after it.
 */
const longestQuery = 14_000;

/** The same for what is removed: about a hundred guids, which take 3 s. */
const longestRemoval = 4_200;

/** Names in one search: its index takes 1,024 conditions unless told otherwise. */
const mostNames = 200;

/** A name in a query: what a query may hold as it is stays short. */
function queryValue(name: string): string {
  return encodeURIComponent(name).replace(/%(40|3A|2F|2C)/g, decodeURIComponent);
}

/** Splits parameters so that each part fits into a query. */
function chunks(parameters: readonly string[], longest: number): string[][] {
  const result: string[][] = [];
  let length = 0;
  for (const parameter of parameters) {
    const last = result[result.length - 1];
    if (last && length + parameter.length < longest) {
      last.push(parameter);
      length += parameter.length + 1;
    } else {
      result.push([parameter]);
      length = parameter.length;
    }
  }
  return result;
}

/** Runs tasks, four at a time: a server should not feel one editor. */
async function inTurn<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await task(items[index] as T);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return results;
}

/** Gives each entity of an answer those among the others that belong to it, through any number of steps. */
function withOwned({ entities = [], referredEntities = {} }: Entities): EntityWithOwned[] {
  return entities.map((entity) => {
    const owned: Record<string, Entity> = {};
    const waiting = [entity];
    for (let each = waiting.pop(); each; each = waiting.pop()) {
      for (const value of Object.values(each.relationshipAttributes ?? {})) {
        for (const { guid = '' } of refsOf(value)) {
          const referred = referredEntities[guid];
          if (!referred || owned[guid] || guid === entity.guid) continue;
          owned[guid] = referred;
          waiting.push(referred);
        }
      }
    }
    return { entity, owned };
  });
}

/** The most that is read of what carries a classification, to look for words in it. */
const mostClassified = 1000;

/** A word as the words of Atlas's index are: what separates these, and what its query language reads otherwise, is left out. */
function indexWords(word: string): string[] {
  return (
    word
      .match(/[\p{L}\p{N}_.]+/gu)
      ?.map((part) => part.replace(/^\.+|\.+$/g, ''))
      .filter(Boolean) ?? []
  );
}

/** What Atlas calls the time of an entity's last change, among the attributes of a search. */
const changedAt = '__modificationTimestamp';

function withUpdateTime(header: EntityHeader): EntityHeader {
  const time = header.attributes[changedAt];
  return typeof time === 'number' ? { ...header, updateTime: time } : header;
}

/** Without what is deleted and what can only be reached through it. */
function living(graph: LineageGraph): LineageGraph {
  const { baseEntityGuid, guidEntityMap } = graph;
  const isLiving = (guid: string) => guid === baseEntityGuid || guidEntityMap[guid]?.status === 'ACTIVE';
  const relations = graph.relations.filter((edge) => isLiving(edge.fromEntityId) && isLiving(edge.toEntityId));
  const neighbours = (from: 'fromEntityId' | 'toEntityId', to: 'fromEntityId' | 'toEntityId') => {
    const reached = new Set([baseEntityGuid]);
    for (const guid of reached) for (const edge of relations) if (edge[from] === guid) reached.add(edge[to]);
    return reached;
  };
  const down = neighbours('fromEntityId', 'toEntityId');
  const up = neighbours('toEntityId', 'fromEntityId');
  return {
    baseEntityGuid,
    guidEntityMap: Object.fromEntries(Object.entries(guidEntityMap).filter(([guid]) => down.has(guid) || up.has(guid))),
    relations: relations.filter(
      (edge) =>
        (down.has(edge.fromEntityId) && down.has(edge.toEntityId)) ||
        (up.has(edge.fromEntityId) && up.has(edge.toEntityId)),
    ),
  };
}

export class AtlasServer implements MetadataStore {
  readonly info: StoreInfo;
  readonly namespace: string;
  readonly namespaces: Readonly<Record<string, string>> | undefined;
  readonly keepsRemovedEdges = true;
  private readonly http: AtlasHttp;
  /** Category by name of every type */
  private typeNames: Promise<Map<string, string>> | undefined;
  private glossaries: Promise<Term[]> | undefined;
  private businessMetadata: Promise<Set<string>> | undefined;
  private longest = longestQuery;

  /** Throws a StoreError, 'invalid', when an address of the connection is none. */
  constructor(connection: AtlasConnection, secret: Secret | undefined) {
    this.http = new AtlasHttp(connection, secret);
    this.info = { id: `atlas:${connection.name}`, kind: 'atlas', label: connection.name, url: this.http.base };
    this.namespace = connection.namespace;
    this.namespaces = connection.namespaces;
  }

  async status(signal?: AbortSignal): Promise<StoreStatus> {
    const version = await this.http.json<{ Version?: string }>({ method: 'GET', path: '/admin/version', signal });
    const session = await this.http.json<{ userName?: string }>({ method: 'GET', path: '/admin/session', signal });
    if (typeof version?.Version !== 'string') {
      throw new StoreError('not-atlas', `${this.info.url} answers, but not like Atlas.`, 'Check the address.');
    }
    return { version: version.Version, user: session?.userName ?? '' };
  }

  async knownTypes(names: readonly string[], signal?: AbortSignal): Promise<Set<string>> {
    const known = await this.types(signal);
    return new Set(names.filter((name) => known.has(name)));
  }

  async classifications(signal?: AbortSignal): Promise<string[]> {
    const all = [...(await this.types(signal))].filter(([, category]) => category === 'CLASSIFICATION');
    return all.map(([name]) => name).sort((a, b) => a.localeCompare(b));
  }

  private async types(signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
    // asked once, for all callers (so none of them may cancel it): types hardly ever change, and `refresh` forgets them
    this.typeNames ??= this.http
      .json<{ name: string; category: string }[]>({ method: 'GET', path: '/v2/types/typedefs/headers' })
      .then((headers) => new Map((headers ?? []).map(({ name, category }) => [name, category])))
      .catch((error: unknown) => {
        this.typeNames = undefined;
        throw error;
      });
    const known = await this.typeNames;
    throwIfAborted(signal);
    return known;
  }

  async createTypes(typedefs: object, signal?: AbortSignal): Promise<void> {
    this.typeNames = undefined;
    try {
      await this.http.json({ method: 'POST', path: '/v2/types/typedefs', body: typedefs, patience: 60_000, signal });
    } catch (error) {
      // somebody else has just made them
      if (error instanceof AtlasRefusal && error.atlasCode === 'ATLAS-409-00-001') return;
      if (error instanceof StoreError && error.code === 'forbidden') {
        throw new StoreError(
          'forbidden',
          `${this.info.label} does not let you make a place for Flink’s tables and columns.`,
          'Ask its administrators to do it once, or publish by table only.',
          error.detail,
        );
      }
      throw error;
    }
  }

  async findByName(
    typeName: string,
    names: readonly string[],
    signal?: AbortSignal,
    { bare = false }: { bare?: boolean } = {},
  ): Promise<EntityWithOwned[]> {
    if (names.length === 0) return [];
    const path = `/v2/entity/bulk/uniqueAttribute/type/${encodeURIComponent(typeName)}`;
    const less = bare ? '&ignoreRelationships=true' : '';
    const parameters = names.map((name, index) => `attr_${index}:qualifiedName=${queryValue(name)}`);
    const answers = await this.inParts(parameters, (query) =>
      this.http.json<Entities>({ method: 'GET', path: `${path}?${query}${less}`, signal }),
    );
    return answers.flatMap((answer) => withOwned(answer ?? {}));
  }

  /** Asks with as many parameters at a time as fit into a URL. */
  private async inParts<T>(parameters: readonly string[], ask: (query: string) => Promise<T>): Promise<T[]> {
    const answers = await inTurn(chunks(parameters, this.longest), async (part) => {
      const query = part.join('&');
      try {
        return [await ask(query)];
      } catch (error) {
        const isTooLong = error instanceof AtlasRefusal && (error.status === 414 || error.status === 431);
        if (!isTooLong || part.length === 1) throw error;
        this.longest = Math.min(this.longest, Math.ceil(query.length / 2));
        return this.inParts(part, ask);
      }
    });
    return answers.flat();
  }

  async findDeleted(names: readonly string[], signal?: AbortSignal): Promise<EntityHeader[]> {
    const deleted = { attributeName: '__state', operator: 'eq', attributeValue: 'DELETED' };
    return this.searchNamed(names, { typeName: 'DataSet', excludeDeletedEntities: false }, [deleted], signal);
  }

  async searchNames(names: readonly string[], signal?: AbortSignal): Promise<EntityHeader[]> {
    return this.searchNamed(names, { typeName: 'Referenceable', excludeDeletedEntities: true }, [], signal);
  }

  /** All that have one of these names and meet the conditions. */
  private async searchNamed(
    names: readonly string[],
    among: { typeName: string; excludeDeletedEntities: boolean },
    conditions: readonly object[],
    signal: AbortSignal | undefined,
  ): Promise<EntityHeader[]> {
    const parts = Array.from({ length: Math.ceil(names.length / mostNames) }, (_, index) =>
      names.slice(index * mostNames, (index + 1) * mostNames),
    );
    const answers = await inTurn(parts, (part) => {
      const named = part.map((name) => ({ attributeName: 'qualifiedName', operator: 'eq', attributeValue: name }));
      return this.http.json<{ entities?: EntityHeader[] }>({
        method: 'POST',
        path: '/v2/search/basic',
        body: {
          ...among,
          entityFilters: { condition: 'AND', criterion: [...conditions, { condition: 'OR', criterion: named }] },
          includeSubTypes: true,
          offset: 0,
          // a name may be there, or have been deleted, more than once
          limit: Math.max(100, 5 * part.length),
        },
        patience: part.length * 50,
        signal,
      });
    });
    return answers.flatMap((answer) => answer?.entities ?? []);
  }

  async findByGuid(guids: readonly string[], signal?: AbortSignal): Promise<EntityWithOwned[]> {
    const parameters = guids.map((guid) => `guid=${encodeURIComponent(guid)}`);
    const answers = await this.inParts(parameters, async (query): Promise<Entities> => {
      try {
        return (await this.http.json<Entities>({ method: 'GET', path: `/v2/entity/bulk?${query}`, signal })) ?? {};
      } catch (error) {
        // one unknown guid fails them all
        if (!(error instanceof AtlasRefusal && error.status === 404)) throw error;
        const part = query.split('&');
        if (part.length === 1) return {};
        const singles = await inTurn(part, async (parameter) =>
          this.findByGuid([decodeURIComponent(parameter.slice(5))], signal),
        );
        return {
          entities: singles.flat().map((each) => each.entity),
          referredEntities: Object.assign({}, ...singles.flat().map((each) => each.owned)) as Record<string, Entity>,
        };
      }
    });
    return answers.flatMap(withOwned);
  }

  async search(request: SearchRequest, signal?: AbortSignal): Promise<SearchPage> {
    const { typeName, text, where, attributes, offset, limit } = request;
    const answer = await this.http.json<{ entities?: EntityHeader[]; approximateCount?: number }>({
      method: 'POST',
      path: '/v2/search/basic',
      body: {
        typeName,
        ...(text ? { query: text } : {}),
        ...(where
          ? {
              entityFilters: {
                condition: 'AND',
                criterion: [{ attributeName: where.attribute, operator: where.operator, attributeValue: where.value }],
              },
            }
          : {}),
        attributes: [...(attributes ?? []), changedAt],
        excludeDeletedEntities: true,
        includeSubTypes: true,
        sortBy: 'name',
        sortOrder: 'ASCENDING',
        offset,
        // one more than asked for tells whether there are more
        limit: limit + 1,
      },
      signal,
    });
    const entities = (answer?.entities ?? []).map(withUpdateTime);
    // exact where the index alone decides; conditions on attributes are partly checked after it
    const total = where ? undefined : answer?.approximateCount;
    return {
      entities: entities.slice(0, limit),
      more: entities.length > limit,
      ...(total === undefined ? {} : { total }),
    };
  }

  async find({ kind, words, classification, limit }: FindRequest, signal?: AbortSignal): Promise<EntityHeader[]> {
    const isJob = kind === 'job';
    const known = await this.types(signal);
    if (classification !== undefined && known.get(classification) !== 'CLASSIFICATION') return [];
    const query = words.flatMap(indexWords).map((word) => `*${word}*`);
    if (query.length === 0 && classification === undefined && words.length > 0) return [];
    const ofColumns = kind === 'column' ? 'endsWith' : 'not_contains';
    const answer = await this.http.json<{ entities?: EntityHeader[] }>({
      method: 'POST',
      path: '/v2/search/basic',
      body: {
        typeName: isJob ? (known.has('flink_application') ? 'flink_application' : 'Process') : 'DataSet',
        // words and a classification together find nothing: then the words are looked for in what comes back
        ...(classification === undefined
          ? query.length > 0
            ? { query: query.join(' AND ') }
            : {}
          : { classification }),
        ...(isJob || classification !== undefined
          ? {}
          : {
              entityFilters: {
                condition: 'AND',
                criterion: [{ attributeName: '__typeName', operator: ofColumns, attributeValue: 'column' }],
              },
            }),
        excludeDeletedEntities: true,
        includeSubTypes: true,
        offset: 0,
        limit: classification === undefined ? limit : mostClassified,
      },
      signal,
    });
    const found = answer?.entities ?? [];
    if (classification === undefined) return found;
    const isColumn = (header: EntityHeader) => /column$/.test(header.typeName);
    return found
      .filter((header) => isJob || isColumn(header) === (kind === 'column'))
      .filter((header) => hasWords(header, words))
      .slice(0, limit);
  }

  async terms(signal?: AbortSignal): Promise<Term[]> {
    // asked once for all callers, as types are
    this.glossaries ??= this.http
      .json<Glossary[]>({ method: 'GET', path: '/v2/glossary?limit=-1' })
      .then((glossaries) =>
        (glossaries ?? []).flatMap(({ name, terms = [] }) =>
          terms.map(({ termGuid, displayText }) => ({
            guid: termGuid,
            name: displayText,
            ...(name ? { glossary: name } : {}),
          })),
        ),
      )
      .catch((error: unknown) => {
        this.glossaries = undefined;
        throw error;
      });
    const terms = await this.glossaries;
    throwIfAborted(signal);
    return terms;
  }

  async term(guid: string, signal?: AbortSignal): Promise<TermDetails | undefined> {
    try {
      const path = `/v2/glossary/term/${encodeURIComponent(guid)}`;
      const term = await this.http.json<{
        name?: string;
        qualifiedName?: string;
        shortDescription?: string;
        longDescription?: string;
        assignedEntities?: ObjectRef[];
      }>({ method: 'GET', path, signal });
      const description = [term.shortDescription, term.longDescription].filter(Boolean).join('\n');
      const glossary = term.qualifiedName?.split('@')[1];
      return {
        guid,
        name: term.name ?? '',
        ...(glossary ? { glossary } : {}),
        ...(description ? { description } : {}),
        assigned: (term.assignedEntities ?? []).filter((each) => each.entityStatus !== 'DELETED'),
      };
    } catch (error) {
      if (error instanceof AtlasRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  async lineage(
    guid: string,
    direction: 'INPUT' | 'OUTPUT' | 'BOTH',
    depth: number,
    signal?: AbortSignal,
  ): Promise<LineageGraph> {
    const path = `/v2/lineage/${encodeURIComponent(guid)}?depth=${depth}&direction=${direction}`;
    const graph = await this.http.json<LineageGraph>({ method: 'GET', path, signal });
    return living({ ...graph, guidEntityMap: graph.guidEntityMap ?? {}, relations: graph.relations ?? [] });
  }

  async write(entities: readonly EntityToWrite[], signal?: AbortSignal): Promise<Map<string, string>> {
    if (entities.length === 0) return new Map();
    throwIfAborted(signal);
    const answer = await this.http.json<{ guidAssignments?: Record<string, string> }>({
      method: 'POST',
      path: '/v2/entity/bulk',
      body: { entities },
      // a small server takes about 30 ms for each
      patience: entities.length * 200,
      // Atlas finishes what was sent, whether or not anybody waits for it, and keeps no name unique meanwhile
    });
    return new Map(Object.entries(answer?.guidAssignments ?? {}));
  }

  async remove(guids: readonly string[], signal?: AbortSignal): Promise<void> {
    const found = await this.findByGuid(guids, signal);
    const owned = found.flatMap((each) => Object.values(each.owned)).filter(({ typeName }) => ownedBy[typeName]);
    // Atlas takes 30 ms for each, and removes what belongs to something in the same request: too long for one, where it is much
    const first = owned.length > 100 ? owned.map(({ guid }) => guid) : [];
    const parameters = [...first, ...guids].map((guid) => `guid=${encodeURIComponent(guid)}`);
    for (const part of chunks(parameters, Math.min(this.longest / 2, longestRemoval))) {
      throwIfAborted(signal);
      const patience = (part.length + owned.length - first.length) * 200;
      await this.http.json({ method: 'DELETE', path: `/v2/entity/bulk?${part.join('&')}`, patience });
    }
  }

  async assignTerms(terms: ReadonlyMap<string, readonly string[]>, signal?: AbortSignal): Promise<void> {
    const name = 'Glossary';
    const json = <T>(method: 'GET' | 'POST', path: string, body?: unknown) =>
      this.http.json<T>({ method, path: `/v2/glossary${path}`, body, signal });
    const glossaries = (await json<Glossary[]>('GET', '')) ?? [];
    const glossary = glossaries[0] ?? (await json<Glossary>('POST', '', { name }));
    const known = new Map(
      glossaries.flatMap((each) => each.terms ?? []).map((term) => [term.displayText, term.termGuid]),
    );
    for (const [term, guids] of terms) {
      const guid =
        known.get(term) ??
        (await json<{ guid: string }>('POST', '/term', { name: term, anchor: { glossaryGuid: glossary.guid } })).guid;
      const assigned = guids.map((each) => ({ guid: each }));
      await json('POST', `/terms/${encodeURIComponent(guid)}/assignedEntities`, assigned);
    }
  }

  async knownBusinessMetadata(names: readonly string[], signal?: AbortSignal): Promise<Set<string>> {
    // asked once for all callers, as types are, among whose headers they are not
    this.businessMetadata ??= this.http
      .json<{ businessMetadataDefs?: { name: string }[] }>({
        method: 'GET',
        path: '/v2/types/typedefs?type=business_metadata',
      })
      .then((types) => new Set(types?.businessMetadataDefs?.map(({ name }) => name)))
      .catch((error: unknown) => {
        // Atlas before 2.1 has none
        if (error instanceof AtlasRefusal && (error.status === 400 || error.status === 404)) return new Set<string>();
        this.businessMetadata = undefined;
        throw error;
      });
    const known = await this.businessMetadata;
    throwIfAborted(signal);
    return new Set(names.filter((name) => known.has(name)));
  }

  async setBusinessMetadata(
    guid: string,
    values: Readonly<Record<string, Record<string, string>>>,
    signal?: AbortSignal,
  ): Promise<void> {
    const path = `/v2/entity/guid/${encodeURIComponent(guid)}/businessmetadata?isOverwrite=false`;
    await this.http.json({ method: 'POST', path, body: values, signal });
  }

  async tag(
    guid: string,
    { classifications, labels }: { classifications?: string[]; labels?: string[] },
    signal?: AbortSignal,
  ): Promise<void> {
    const path = `/v2/entity/guid/${encodeURIComponent(guid)}`;
    if (labels) await this.http.json({ method: 'POST', path: `${path}/labels`, body: labels, signal });
    if (!classifications) return;
    const [found] = await this.findByGuid([guid], signal);
    const own = (found?.entity.classifications ?? []).filter(({ entityGuid }) => entityGuid === guid);
    const before = own.map(({ typeName }) => typeName);
    const added = classifications.filter((name) => !before.includes(name)).map((typeName) => ({ typeName }));
    if (added.length > 0)
      await this.http.json({ method: 'POST', path: `${path}/classifications`, body: added, signal });
    for (const name of before.filter((one) => !classifications.includes(one))) {
      await this.http.json({ method: 'DELETE', path: `${path}/classification/${encodeURIComponent(name)}`, signal });
    }
  }

  webUrl(guid: string): string | undefined {
    return `${this.http.activeBase}/index.html#!/detailPage/${encodeURIComponent(guid)}`;
  }

  refresh(): void {
    this.glossaries = undefined;
    this.typeNames = undefined;
    this.businessMetadata = undefined;
  }
}
