import type { Outcome, StoreInfo, UserError } from '../protocol';
import type { EntityHeader, EntityToWrite, EntityWithOwned, LineageGraph, ObjectRef } from './entity';

/** The one error of every store operation, in the user's words. `detail` is for the output channel only. */
export class StoreError extends Error {
  constructor(
    readonly code: UserError['code'],
    message: string,
    readonly advice?: string,
    readonly detail?: string,
  ) {
    super(message);
    this.name = 'StoreError';
  }
}

/** Any error of a store operation as the editor shows it. What is not a StoreError is a defect and says so. */
export function toUserError(error: unknown): UserError {
  if (error instanceof StoreError) {
    const { code, message, advice, detail } = error;
    return { code, message, ...(advice ? { advice } : {}), ...(detail ? { detail } : {}) };
  }
  const text = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  const message = `Something unexpected happened: ${text}.`;
  return { code: 'server-error', message, ...(stack ? { detail: stack } : {}) };
}

/** What a task gives, or its error as the editor shows it. */
export async function outcome<T>(task: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await task() };
  } catch (error) {
    return { ok: false, error: toUserError(error) };
  }
}

export interface SearchRequest {
  typeName: string;
  /** Words to be found in names and descriptions */
  text?: string;
  /** Only entities whose attribute begins with, contains or equals a text */
  where?: { attribute: string; operator: 'startsWith' | 'contains' | 'eq'; value: string };
  /** Attributes wanted beyond the name, qualifiedName, description and owner that every header has */
  attributes?: string[];
  offset: number;
  limit: number;
}

export interface SearchPage {
  entities: EntityHeader[];
  /** Whether more follow */
  more: boolean;
  /** How many there are in all, where the store can tell */
  total?: number;
}

/** What people look for by words. */
export type FindKind = 'dataset' | 'column' | 'job';

export interface FindRequest {
  kind: FindKind;
  /** Parts of words, each to be found in a name or description; none finds all */
  words: readonly string[];
  /** Only what carries this classification, itself or along lineage */
  classification?: string;
  limit: number;
}

/** A term of a glossary. */
export interface Term {
  guid: string;
  name: string;
  glossary?: string;
}

export interface TermDetails extends Term {
  description?: string;
  /** What the term is assigned to */
  assigned: ObjectRef[];
}

/** Who the store takes us for, and what it is. */
export interface StoreStatus {
  version: string;
  user: string;
}

/**
 * A place where metadata is kept: an Atlas server or a workspace catalog. Everything above (hover, tree, publish) works
 * on this interface alone. Every operation can be aborted, ends within the store's timeout, and fails with a StoreError.
 */
export interface MetadataStore {
  readonly info: StoreInfo;
  /** Appended to qualifiedNames after '@' */
  readonly namespace: string;
  /** Where it is another: namespace by bootstrap server, host or URL scheme */
  readonly namespaces?: Readonly<Record<string, string>> | undefined;

  /**
   * Whether an edge taken out of a process still shows in lineage. Atlas marks such an edge as deleted and its lineage
   * does not look at the mark; it does look whether the process is deleted, so there the process is made anew.
   */
  readonly keepsRemovedEdges: boolean;

  /** Tries the store: who we are to it. */
  status(signal?: AbortSignal): Promise<StoreStatus>;

  /** Which of these types of entities and relationships it knows. */
  knownTypes(names: readonly string[], signal?: AbortSignal): Promise<Set<string>>;
  /** Adds type definitions; `typedefs` is a body of POST /v2/types/typedefs. */
  createTypes(typedefs: object, signal?: AbortSignal): Promise<void>;

  /**
   * The entities of a type with these qualifiedNames, those that exist, in any order, with what they own. Of an abstract
   * type (DataSet, Process) those of its subtypes; where two of them have one name, Atlas gives one. `bare` spares the
   * store what they own and are tied to.
   */
  findByName(
    typeName: string,
    names: readonly string[],
    signal?: AbortSignal,
    options?: { bare?: boolean },
  ): Promise<EntityWithOwned[]>;
  /**
   * The datasets of these qualifiedNames that were deleted, where the store keeps them: headers, in any order. May lag
   * behind, and gives a name also where a living dataset has it by now.
   */
  findDeleted(names: readonly string[], signal?: AbortSignal): Promise<EntityHeader[]>;
  /**
   * All living entities of any type with these qualifiedNames, also where two have the same; none where the store cannot
   * have two. May lag behind.
   */
  searchNames(names: readonly string[], signal?: AbortSignal): Promise<EntityHeader[]>;
  /** Entities by guid, those that exist, with what they own. */
  findByGuid(guids: readonly string[], signal?: AbortSignal): Promise<EntityWithOwned[]>;
  /** Active entities of a type and its subtypes, by name. May lag behind writes: never use it to confirm one. */
  search(request: SearchRequest, signal?: AbortSignal): Promise<SearchPage>;
  /** Active datasets, columns or jobs that have words in them, in no order. May lag behind writes. */
  find(request: FindRequest, signal?: AbortSignal): Promise<EntityHeader[]>;
  /** Names of the classifications there are, in order. */
  classifications(signal?: AbortSignal): Promise<string[]>;
  /** All terms of all glossaries. */
  terms(signal?: AbortSignal): Promise<Term[]>;
  /** One term; undefined when it is not there any more. */
  term(guid: string, signal?: AbortSignal): Promise<TermDetails | undefined>;
  /** What flows into and out of an entity, through nothing that is deleted; `depth` hops, 0 for all. */
  lineage(
    guid: string,
    direction: 'INPUT' | 'OUTPUT' | 'BOTH',
    depth: number,
    signal?: AbortSignal,
  ): Promise<LineageGraph>;

  /**
   * Creates and updates entities in one go: all or none. Attributes that are absent stay as they are; arrays replace.
   * Can be aborted before it is sent, not while it is on its way.
   * Answers the guids given to those that were made, by their stand-in guid.
   */
  write(entities: readonly EntityToWrite[], signal?: AbortSignal): Promise<Map<string, string>>;
  /** Deletes entities, softly where the store can, together with what they own. */
  remove(guids: readonly string[], signal?: AbortSignal): Promise<void>;

  /** Assigns glossary terms, made where they are missing, to entities: guids by term. */
  assignTerms(terms: ReadonlyMap<string, readonly string[]>, signal?: AbortSignal): Promise<void>;

  /** Which of these business metadata are defined. */
  knownBusinessMetadata(names: readonly string[], signal?: AbortSignal): Promise<Set<string>>;
  /** Sets values of business metadata, by its name and attribute; others stay. The definitions must exist. */
  setBusinessMetadata(
    guid: string,
    values: Readonly<Record<string, Record<string, string>>>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Sets the classifications that an entity itself has, or its labels, to exactly these. Their types must exist. */
  tag(guid: string, tags: { classifications?: string[]; labels?: string[] }, signal?: AbortSignal): Promise<void>;

  /** Where a person looks at an entity in a browser; undefined when there is no such place. */
  webUrl(guid: string): string | undefined;
  /** Forgets what was read before, so that the next answer is fresh. */
  refresh(): void;
}

/** Fails as 'cancelled' when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StoreError('cancelled', 'Cancelled.');
}
