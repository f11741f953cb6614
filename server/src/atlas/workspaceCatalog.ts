/**
 * A metadata store in a folder: one JSON file an entity, in the shape of Atlas's v2 model, under `.flink-atlas/`. What
 * refers to another entity names it by type and qualifiedName, so files can be read, diffed, merged and committed.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StoreInfo } from '../protocol';
import {
  type Classification,
  type Entity,
  type EntityHeader,
  type EntityToWrite,
  type EntityWithOwned,
  hasWords,
  isProcessType,
  type LineageGraph,
  type ObjectRef,
  PARTITION_KEYS,
  qualifiedNameOf,
  refsOf,
  textOf,
} from './entity';
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
import { relationships } from './typedefs';

/** Name of the folder, in a workspace folder. */
export const catalogFolder = '.flink-atlas';

/** Says in which namespace the folder's datasets are. */
const settingsFile = 'catalog.json';

/** The namespace that a catalog was begun with; undefined where there is none yet or its settings cannot be read. */
function beganWith(root: string): string | undefined {
  try {
    const { namespace } = JSON.parse(readFileSync(join(root, settingsFile), 'utf8')) as { namespace?: unknown };
    return typeof namespace === 'string' ? namespace : undefined;
  } catch {
    return undefined;
  }
}

function serializeSettings(settings: { namespace: string }): string {
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}

interface NameRef {
  typeName: string;
  uniqueAttributes: { qualifiedName: string };
  relationshipType?: string;
}

/** What a file holds. */
interface StoredEntity {
  typeName: string;
  attributes: Record<string, unknown>;
  relationshipAttributes?: Record<string, NameRef | NameRef[]>;
  classifications?: Classification[];
  /** Glossary terms, as Atlas shows them on an entity */
  meanings?: { displayText: string }[];
  labels?: string[];
  businessAttributes?: Record<string, Record<string, unknown>>;
  createTime?: number;
  updateTime?: number;
  updatedBy?: string;
}

/** What was read of one type's folder: its own time tells whether files came or went, a file's whether it is the same. */
interface Folder {
  changed: bigint;
  files: Map<string, { changed: bigint; size: bigint; entity: StoredEntity }>;
}

/** Everything that is in the folder, with references resolved both ways. */
interface Snapshot {
  stored: Map<string, StoredEntity>;
  entities: Map<string, Entity>;
}

/** Relationship attributes of an owned or linked entity, and what the other side calls them. */
const inverses = [
  ...relationships,
  { type: 'hive_column', attribute: 'table', inverse: 'columns', owned: true },
  { type: 'hive_column', attribute: 'table', inverse: 'partitionKeys', owned: true },
  { type: 'rdbms_column', attribute: 'table', inverse: 'columns', owned: true },
];

const guids = new Map<string, string>();
/** More names than any catalog has; then their guids are worked out anew. */
const mostGuids = 500_000;

/** The same entity has the same guid on every machine: it is made of its type and qualifiedName. */
function guidOf(typeName: string, qualifiedName: string): string {
  const name = `${typeName}\n${qualifiedName}`;
  let guid = guids.get(name);
  if (guid === undefined) {
    const hash = createHash('sha1').update(name).digest('hex');
    guid = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-');
    if (guids.size >= mostGuids) guids.clear();
    guids.set(name, guid);
  }
  return guid;
}

/** A name for the file that every file system takes; what had to be changed for that is made unique by a hash. */
function fileName(qualifiedName: string): string {
  const plain = qualifiedName
    .replace(/[^a-z0-9.@=_-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 120);
  if (plain === qualifiedName) return `${plain}.json`;
  return `${plain}~${createHash('sha1').update(qualifiedName).digest('hex').slice(0, 8)}.json`;
}

/** Stable text: keys in order, so that a diff shows changes only. */
function serialize(entity: StoredEntity): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
  };
  const { typeName, attributes, relationshipAttributes, ...rest } = entity;
  const ordered = {
    typeName,
    attributes: sorted(attributes),
    ...(relationshipAttributes && Object.keys(relationshipAttributes).length
      ? { relationshipAttributes: sorted(relationshipAttributes) }
      : {}),
    ...(sorted(rest) as object),
  };
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}

/** Types whose subtypes are meant when they are asked for by name. */
const abstractTypes: ReadonlySet<string> = new Set(['DataSet', 'Process', 'Asset', 'Referenceable']);

function isA(typeName: string, ancestor: string): boolean {
  if (typeName === ancestor || ancestor === 'Asset' || ancestor === 'Referenceable') return true;
  return ancestor === 'Process' ? isProcessType(typeName) : ancestor === 'DataSet' && !isProcessType(typeName);
}

async function inChunks<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  // so many files open at once are no trouble anywhere
  for (let index = 0; index < items.length; index += 64) {
    results.push(...(await Promise.all(items.slice(index, index + 64).map(task))));
  }
  return results;
}

export class WorkspaceCatalog implements MetadataStore {
  readonly info: StoreInfo;
  readonly namespace: string;
  readonly keepsRemovedEdges = false;
  private readonly root: string;
  private folders = new Map<string, Folder>();
  private snapshot: Snapshot | undefined;
  private loading: Promise<Snapshot> | undefined;

  /**
   * `folder`: path of the workspace folder. `namespace`: as for an Atlas server; by default the one that the catalog was
   * begun with, or 'primary', the default of Atlas's own hooks. `now`: milliseconds since 1970.
   */
  constructor(folder: string, options: { namespace?: string; now?: () => number } = {}) {
    this.root = join(folder, catalogFolder);
    this.namespace = options.namespace ?? beganWith(this.root) ?? 'primary';
    this.now = options.now ?? Date.now;
    const uri = pathToFileURL(folder).href;
    this.info = {
      id: `workspace:${uri}`,
      kind: 'workspace',
      label: `${basename(folder)} (workspace catalog)`,
      url: pathToFileURL(this.root).href,
    };
  }
  private readonly now: () => number;

  async status(signal?: AbortSignal): Promise<StoreStatus> {
    await this.load(signal);
    return { version: 'workspace', user: '' };
  }

  async knownTypes(names: readonly string[]): Promise<Set<string>> {
    return new Set(names);
  }

  async createTypes(): Promise<void> {
    // a folder takes any type
  }

  async findByName(typeName: string, names: readonly string[], signal?: AbortSignal): Promise<EntityWithOwned[]> {
    if (abstractTypes.has(typeName)) {
      const { entities } = await this.load(signal);
      const wanted = new Set(names);
      const found = [...entities.values()].filter(
        (entity) => wanted.has(qualifiedNameOf(entity)) && isA(entity.typeName, typeName),
      );
      return found.map((entity) => ({ entity, owned: this.ownedBy(entity, entities) }));
    }
    return this.findByGuid(
      names.map((name) => guidOf(typeName, name)),
      signal,
    );
  }

  /** What is deleted here is a file that is gone. */
  async findDeleted(): Promise<EntityHeader[]> {
    return [];
  }

  /** A name is the name of a file here. */
  async searchNames(): Promise<EntityHeader[]> {
    return [];
  }

  async findByGuid(guids: readonly string[], signal?: AbortSignal): Promise<EntityWithOwned[]> {
    const { entities } = await this.load(signal);
    return guids.flatMap((guid) => {
      const entity = entities.get(guid);
      return entity ? [{ entity, owned: this.ownedBy(entity, entities) }] : [];
    });
  }

  private ownedBy(entity: Entity, entities: ReadonlyMap<string, Entity>): Record<string, Entity> {
    const owned: Record<string, Entity> = {};
    const waiting = [entity];
    for (let each = waiting.pop(); each; each = waiting.pop()) {
      for (const { inverse, type, owned: owning } of inverses) {
        if (!owning) continue;
        for (const { guid = '', typeName } of refsOf(each.relationshipAttributes?.[inverse])) {
          const child = entities.get(guid);
          if (!child || typeName !== type || owned[guid]) continue;
          owned[guid] = child;
          waiting.push(child);
        }
      }
    }
    return owned;
  }

  async search(request: SearchRequest, signal?: AbortSignal): Promise<SearchPage> {
    const { entities } = await this.load(signal);
    const text = request.text?.toLowerCase();
    const { where } = request;
    const matches = [...entities.values()].filter((entity) => {
      if (!isA(entity.typeName, request.typeName)) return false;
      if (text) {
        const words = ['name', 'qualifiedName', 'description'].map((key) => textOf(entity, key)?.toLowerCase() ?? '');
        if (!words.some((word) => word.includes(text))) return false;
      }
      if (!where) return true;
      const value = textOf(entity, where.attribute) ?? '';
      if (where.operator === 'eq') return value === where.value;
      return where.operator === 'startsWith' ? value.startsWith(where.value) : value.includes(where.value);
    });
    const name = (entity: Entity) => textOf(entity, 'name') ?? qualifiedNameOf(entity);
    matches.sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
    const page = matches.slice(request.offset, request.offset + request.limit);
    return {
      entities: page.map(header),
      more: matches.length > request.offset + request.limit,
      total: matches.length,
    };
  }

  async find({ kind, words, classification, limit }: FindRequest, signal?: AbortSignal): Promise<EntityHeader[]> {
    const { entities } = await this.load(signal);
    const isKind = ({ typeName }: Entity) =>
      kind === 'job'
        ? typeName === 'flink_application'
        : !isProcessType(typeName) && /column$/.test(typeName) === (kind === 'column');
    const found: EntityHeader[] = [];
    for (const entity of entities.values()) {
      if (found.length >= limit) break;
      const classified = entity.classifications?.some(({ typeName }) => typeName === classification) ?? false;
      if (!isKind(entity) || (classification !== undefined && !classified) || !hasWords(entity, words)) continue;
      found.push(header(entity));
    }
    return found;
  }

  async classifications(signal?: AbortSignal): Promise<string[]> {
    const { entities } = await this.load(signal);
    const all = [...entities.values()].flatMap((entity) => entity.classifications ?? []);
    return [...new Set(all.map(({ typeName }) => typeName))].sort((a, b) => a.localeCompare(b));
  }

  async terms(signal?: AbortSignal): Promise<Term[]> {
    const { entities } = await this.load(signal);
    const names = [...entities.values()].flatMap((entity) => termsOf(entity));
    // a folder keeps terms by their names alone
    return [...new Set(names)].sort((a, b) => a.localeCompare(b)).map((name) => ({ guid: name, name }));
  }

  async term(guid: string, signal?: AbortSignal): Promise<TermDetails | undefined> {
    const { entities } = await this.load(signal);
    const assigned = [...entities.values()].filter((entity) => termsOf(entity).includes(guid));
    if (assigned.length === 0) return undefined;
    const refs = assigned.map((entity) => ({
      guid: entity.guid,
      typeName: entity.typeName,
      displayText: textOf(entity, 'name') ?? qualifiedNameOf(entity),
    }));
    return { guid, name: guid, assigned: refs };
  }

  async lineage(
    guid: string,
    direction: 'INPUT' | 'OUTPUT' | 'BOTH',
    depth: number,
    signal?: AbortSignal,
  ): Promise<LineageGraph> {
    const { entities } = await this.load(signal);
    const graph: LineageGraph = { baseEntityGuid: guid, guidEntityMap: {}, relations: [] };
    const base = entities.get(guid);
    if (!base) throw new StoreError('refused', 'It is not in the workspace catalog.', 'Refresh and try again.');
    graph.guidEntityMap[guid] = header(base);
    const edges = new Set<string>();
    const walk = (forward: boolean) => {
      // a step leads from a dataset over a process to a dataset, as Atlas counts
      let layer = [base];
      const visited = new Set([guid]);
      for (let step = 0; layer.length > 0 && (depth === 0 || step < depth * 2); step++) {
        const next: Entity[] = [];
        for (const entity of layer) {
          const names = isProcessType(entity.typeName)
            ? [forward ? 'outputs' : 'inputs']
            : [forward ? 'inputToProcesses' : 'outputFromProcesses'];
          for (const ref of names.flatMap((name) => refsOf(entity.relationshipAttributes?.[name]))) {
            const other = entities.get(ref.guid ?? '');
            if (!other) continue;
            const [from, to] = forward ? [entity, other] : [other, entity];
            const edge = `${from.guid} ${to.guid}`;
            if (!edges.has(edge)) graph.relations.push({ fromEntityId: from.guid, toEntityId: to.guid });
            edges.add(edge);
            graph.guidEntityMap[other.guid] = header(other);
            if (visited.has(other.guid)) continue;
            visited.add(other.guid);
            next.push(other);
          }
        }
        layer = next;
      }
    };
    if (direction !== 'INPUT') walk(true);
    if (direction !== 'OUTPUT') walk(false);
    return graph;
  }

  async write(writes: readonly EntityToWrite[], signal?: AbortSignal): Promise<Map<string, string>> {
    const { stored, entities } = await this.load(signal);
    const assigned = new Map<string, string>();
    const keys = new Map([...entities].map(([guid, entity]) => [guid, nameRef(entity)]));
    for (const write of writes) {
      const qualifiedName = qualifiedNameOf(write);
      if (qualifiedName === '') throw new StoreError('invalid', 'Something without a qualified name cannot be kept.');
      const guid = guidOf(write.typeName, qualifiedName);
      if (write.guid.startsWith('-')) assigned.set(write.guid, guid);
      keys.set(write.guid, nameRef(write));
      keys.set(guid, nameRef(write));
    }
    const byName = (ref: ObjectRef): NameRef => {
      const { relationshipType } = ref;
      const key = ref.guid ? keys.get(ref.guid) : undefined;
      if (key) return { ...key, ...(relationshipType ? { relationshipType } : {}) };
      if (ref.typeName && ref.uniqueAttributes)
        return { typeName: ref.typeName, uniqueAttributes: ref.uniqueAttributes };
      throw new StoreError('conflict', 'Something that this refers to is not there any more.', 'Try again.');
    };
    const moved: string[] = [];
    const files = writes.map((write) => {
      const guid = guidOf(write.typeName, qualifiedNameOf(write));
      const old = stored.get(write.guid);
      // under another name it is another file
      if (old && write.guid !== guid) moved.push(this.pathOf(old.typeName, qualifiedNameOf(old)));
      const before = stored.get(guid) ?? old;
      const time = this.now();
      const after: StoredEntity = {
        ...before,
        typeName: write.typeName,
        attributes: { ...before?.attributes, ...mapRefs(write.attributes, byName) },
        relationshipAttributes: {
          ...before?.relationshipAttributes,
          ...(mapRefs(write.relationshipAttributes ?? {}, byName) as Record<string, NameRef>),
        },
        ...(write.classifications ? { classifications: write.classifications } : {}),
        ...(write.labels ? { labels: write.labels } : {}),
        createTime: before?.createTime ?? time,
        updateTime: time,
      };
      const text = serialize(after);
      // what stays the same keeps its file and its time
      const same = before && serialize({ ...after, updateTime: before.updateTime ?? time }) === serialize(before);
      return { path: this.pathOf(write.typeName, qualifiedNameOf(write)), text, same };
    });
    await this.store(
      files.filter((file) => !file.same),
      signal,
    );
    if (moved.length > 0) {
      await this.guard(() => inChunks(moved, (path) => rm(path, { force: true })));
      this.refresh();
    }
    return assigned;
  }

  async remove(guids: readonly string[], signal?: AbortSignal): Promise<void> {
    const { entities } = await this.load(signal);
    const gone = new Map<string, Entity>();
    for (const guid of guids) {
      const entity = entities.get(guid);
      if (!entity) continue;
      gone.set(guid, entity);
      for (const child of Object.values(this.ownedBy(entity, entities))) gone.set(child.guid, child);
    }
    throwIfAborted(signal);
    await this.guard(() =>
      inChunks([...gone.values()], (entity) =>
        rm(this.pathOf(entity.typeName, qualifiedNameOf(entity)), { force: true }),
      ),
    );
    this.refresh();
  }

  async assignTerms(terms: ReadonlyMap<string, readonly string[]>, signal?: AbortSignal): Promise<void> {
    const { stored } = await this.load(signal);
    const byEntity = new Map<string, string[]>();
    for (const [term, guids] of terms) {
      for (const guid of guids) byEntity.set(guid, [...(byEntity.get(guid) ?? []), term]);
    }
    const files = [...byEntity].flatMap(([guid, names]) => {
      const before = stored.get(guid);
      if (!before) return [];
      const all = new Set([...(before.meanings ?? []).map((term) => term.displayText), ...names]);
      if (all.size === (before.meanings ?? []).length) return [];
      const meanings = [...all].map((displayText) => ({ displayText }));
      const path = this.pathOf(before.typeName, qualifiedNameOf(before));
      return [{ path, text: serialize({ ...before, meanings, updateTime: this.now() }) }];
    });
    await this.store(files, signal);
  }

  async knownBusinessMetadata(names: readonly string[]): Promise<Set<string>> {
    return new Set(names);
  }

  async setBusinessMetadata(
    guid: string,
    values: Readonly<Record<string, Record<string, string>>>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { stored } = await this.load(signal);
    const before = stored.get(guid);
    if (!before) return;
    const businessAttributes = { ...before.businessAttributes };
    for (const [name, attributes] of Object.entries(values)) {
      businessAttributes[name] = { ...businessAttributes[name], ...attributes };
    }
    const path = this.pathOf(before.typeName, qualifiedNameOf(before));
    await this.store([{ path, text: serialize({ ...before, businessAttributes, updateTime: this.now() }) }], signal);
  }

  async tag(
    guid: string,
    { classifications, labels }: { classifications?: string[]; labels?: string[] },
    signal?: AbortSignal,
  ): Promise<void> {
    const { stored } = await this.load(signal);
    const before = stored.get(guid);
    if (!before) return;
    const after: StoredEntity = {
      ...before,
      ...(classifications ? { classifications: classifications.map((typeName) => ({ typeName })) } : {}),
      ...(labels ? { labels } : {}),
      updateTime: this.now(),
    };
    const path = this.pathOf(before.typeName, qualifiedNameOf(before));
    await this.store([{ path, text: serialize(after) }], signal);
  }

  webUrl(): string | undefined {
    return undefined;
  }

  refresh(): void {
    this.loading = undefined;
    for (const folder of this.folders.values()) folder.changed = -1n;
  }

  private pathOf(typeName: string, qualifiedName: string): string {
    return join(this.root, typeName.replace(/[^\w]/g, '_'), fileName(qualifiedName));
  }

  /** Writes files so that each is there whole or not at all: beside its place first, then moved over it. */
  private async store(files: readonly { path: string; text: string }[], signal?: AbortSignal): Promise<void> {
    if (files.length === 0) return;
    if (beganWith(this.root) === undefined) {
      files = [
        ...files,
        { path: join(this.root, settingsFile), text: serializeSettings({ namespace: this.namespace }) },
      ];
    }
    const waiting = join(this.root, `.writing-${randomUUID().slice(0, 8)}`);
    await this.guard(async () => {
      try {
        await mkdir(waiting, { recursive: true });
        await inChunks([...files.entries()], ([index, file]) => writeFile(join(waiting, String(index)), file.text));
        throwIfAborted(signal);
        for (const folder of new Set(files.map((file) => join(file.path, '..'))))
          await mkdir(folder, { recursive: true });
        await inChunks([...files.entries()], ([index, file]) => rename(join(waiting, String(index)), file.path));
      } finally {
        await rm(waiting, { recursive: true, force: true });
      }
    });
    this.refresh();
  }

  /** Turns errors of the file system into ones for people. */
  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const { code = '', message } = error as NodeJS.ErrnoException;
      if (/^(EACCES|EPERM|EROFS)$/.test(code)) {
        throw new StoreError(
          'read-only',
          `The workspace catalog in ${this.root} cannot be written: the folder is read-only.`,
          'Change its permissions, or connect to an Atlas server.',
          message,
        );
      }
      if (code === 'ENOSPC')
        throw new StoreError('read-only', 'The disk is full.', 'Make room and try again.', message);
      throw new StoreError(
        'server-error',
        `The workspace catalog in ${this.root} cannot be used (${code}).`,
        undefined,
        message,
      );
    }
  }

  /**
   * What is in the folder. Only folders in which files came or went since the last time are looked at again, and only
   * files that are others are read; files changed in place need `refresh`.
   */
  private async load(signal?: AbortSignal): Promise<Snapshot> {
    throwIfAborted(signal);
    // those who ask at the same time share one look
    this.loading ??= this.look().finally(() => {
      this.loading = undefined;
    });
    const snapshot = await this.loading;
    throwIfAborted(signal);
    return snapshot;
  }

  private look(): Promise<Snapshot> {
    return this.guard(async () => {
      const seen = await this.typeFolders();
      const before = this.folders;
      const folders = new Map<string, Folder>();
      let same = before.size === seen.length;
      for (const { path, changed } of seen) {
        const known = before.get(path);
        if (known?.changed === changed) {
          folders.set(path, known);
        } else {
          folders.set(path, { changed, files: await readFolder(path, known) });
          same = false;
        }
      }
      if (same && this.snapshot) return this.snapshot;
      const stored = new Map<string, StoredEntity>();
      for (const { files } of folders.values()) {
        for (const { entity } of files.values()) stored.set(guidOf(entity.typeName, qualifiedNameOf(entity)), entity);
      }
      this.folders = folders;
      this.snapshot = { stored, entities: resolve(stored) };
      return this.snapshot;
    });
  }

  private async typeFolders(): Promise<{ path: string; changed: bigint }[]> {
    try {
      const entries = await readdir(this.root, { withFileTypes: true });
      const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
      return await Promise.all(
        folders.map(async ({ name }) => {
          const path = join(this.root, name);
          return { path, changed: (await stat(path, { bigint: true })).mtimeNs };
        }),
      );
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

/** The entities of a folder by file; of those that `known` has, only files with another time or size are read. */
async function readFolder(path: string, known: Folder | undefined): Promise<Folder['files']> {
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  const files: Folder['files'] = new Map();
  for (const [index, name] of names.entries()) {
    // one call at a time is ten times as fast as many promises; now and then others get their turn
    if (index % 200 === 199) await new Promise((turn) => setImmediate(turn));
    const file = join(path, name);
    const found = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (!found) continue;
    const { mtimeNs: changed, size } = found;
    const before = known?.files.get(name);
    const same = before?.changed === changed && before.size === size;
    const entity = same ? before.entity : readStored(file);
    if (entity) files.set(name, { changed, size, entity });
  }
  return files;
}

/** One file's entity. Undefined when the file has gone meanwhile; a StoreError names the file that cannot be understood. */
function readStored(path: string): StoredEntity | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const broken = (reason: string) =>
    new StoreError(
      'invalid',
      `${path} cannot be read: ${reason}.`,
      'Mend the file, or restore it from version control.',
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (/^(<{7}|>{7}) /m.test(text)) throw broken('it has unresolved merge conflicts');
    throw broken(error instanceof Error ? error.message.replace(/\.$/, '') : 'it is not JSON');
  }
  const entity = value as StoredEntity;
  if (typeof entity?.typeName !== 'string' || typeof entity.attributes?.qualifiedName !== 'string') {
    throw broken('it has no typeName or no attributes.qualifiedName');
  }
  return entity;
}

function nameRef(entity: { typeName: string; attributes: Record<string, unknown> }): NameRef {
  return { typeName: entity.typeName, uniqueAttributes: { qualifiedName: qualifiedNameOf(entity) } };
}

function header(entity: Entity): EntityHeader {
  const name = textOf(entity, 'name');
  return {
    guid: entity.guid,
    typeName: entity.typeName,
    attributes: entity.attributes,
    ...(name ? { displayText: name } : {}),
    status: 'ACTIVE',
    ...(entity.updateTime === undefined ? {} : { updateTime: entity.updateTime }),
    classificationNames: (entity.classifications ?? []).map((each) => each.typeName),
    meaningNames: refsOf(entity.relationshipAttributes?.meanings).map((each) => each.displayText ?? ''),
  };
}

/** Names of the glossary terms of an entity. */
function termsOf(entity: Entity): string[] {
  return refsOf(entity.relationshipAttributes?.meanings).flatMap(({ displayText }) =>
    displayText ? [displayText] : [],
  );
}

/** A copy of a record in which every reference by guid is one by name. */
function mapRefs(record: Record<string, unknown>, byName: (ref: ObjectRef) => NameRef): Record<string, unknown> {
  const isRef = (value: unknown) =>
    typeof value === 'object' && value !== null && ('guid' in value || 'uniqueAttributes' in value);
  const entries = Object.entries(record).map(([key, value]) => {
    if (Array.isArray(value)) return [key, value.map((each) => (isRef(each) ? byName(each as ObjectRef) : each))];
    return [key, isRef(value) ? byName(value as ObjectRef) : value];
  });
  return Object.fromEntries(entries);
}

/** Entities as a server would answer them: references with guid and name, and known from both sides. */
function resolve(stored: ReadonlyMap<string, StoredEntity>): Map<string, Entity> {
  const entities = new Map<string, Entity>();
  const reference = (ref: NameRef): ObjectRef[] => {
    const qualifiedName = ref?.uniqueAttributes?.qualifiedName;
    if (typeof qualifiedName !== 'string') return [];
    const guid = guidOf(ref.typeName, qualifiedName);
    const target = stored.get(guid);
    // what it refers to may have been deleted by hand
    if (!target) return [];
    return [{ ...ref, guid, displayText: textOf(target, 'name') ?? qualifiedName, entityStatus: 'ACTIVE' }];
  };
  const many = (value: unknown): ObjectRef[] =>
    (Array.isArray(value) ? value : [value]).flatMap((each) => reference(each as NameRef));

  for (const [guid, entity] of stored) {
    const relationshipAttributes: Record<string, unknown> = {
      meanings: (entity.meanings ?? []).map((term) => ({ guid: '', typeName: 'AtlasGlossaryTerm', ...term })),
    };
    for (const [name, value] of Object.entries(entity.relationshipAttributes ?? {})) {
      relationshipAttributes[name] = Array.isArray(value) ? many(value) : many(value)[0];
    }
    const attributes = { ...entity.attributes };
    for (const side of ['inputs', 'outputs']) {
      if (attributes[side] === undefined) continue;
      attributes[side] = many(attributes[side]);
      relationshipAttributes[side] = attributes[side];
    }
    const { meanings: _, relationshipAttributes: __, ...rest } = entity;
    entities.set(guid, { ...rest, guid, status: 'ACTIVE', attributes, relationshipAttributes });
  }

  const link = (from: Entity, to: ObjectRef, inverse: string) => {
    const target = entities.get(to.guid ?? '');
    if (!target?.relationshipAttributes) return;
    const list = refsOf(target.relationshipAttributes[inverse]);
    const displayText = textOf(from, 'name') ?? qualifiedNameOf(from);
    list.push({ guid: from.guid, displayText, entityStatus: 'ACTIVE', ...nameRef(from) });
    target.relationshipAttributes[inverse] = list;
  };
  for (const entity of entities.values()) {
    for (const { type, attribute, inverse } of inverses) {
      if (entity.typeName !== type) continue;
      for (const ref of refsOf(entity.relationshipAttributes?.[attribute]))
        if ((ref.relationshipType === PARTITION_KEYS) === (inverse === 'partitionKeys')) link(entity, ref, inverse);
    }
    for (const ref of refsOf(entity.attributes.inputs)) link(entity, ref, 'inputToProcesses');
    for (const ref of refsOf(entity.attributes.outputs)) link(entity, ref, 'outputFromProcesses');
  }
  return entities;
}
