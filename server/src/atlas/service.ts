/**
 * What the editor and the command line use of this folder, in one place. Everything takes a MetadataStore, so it works
 * the same on an Atlas server and on a workspace catalog, and fails with a StoreError (`toUserError` makes it a text).
 */
import type { ParsedStatement, PlacedStatement } from '../language/script';
import type { PublishPlan, PublishResult, TreeItem } from '../protocol';
import type { ScriptAnalysis } from '../semantics/analysis';
import type { TableNode } from '../semantics/lineage';
import type { TableAnswer } from './cards';
import type { Job, JobSource } from './job';
import type { MetadataStore } from './store';

export interface ScriptToDescribe {
  /** The whole document */
  text: string;
  statements: readonly PlacedStatement[];
  analysis: ScriptAnalysis;
  source: JobSource;
  /** How many problems of severity error the script's statements have, syntax included; such statements are left out */
  hasErrors?: (statement: ParsedStatement, index: number) => boolean;
}

/** How `children` finds the script behind a job and the line of a sink in it. */
export interface TreeContext {
  resolveSource?: (file: string, sink?: string) => TreeItem['source'] | undefined;
}

export type Progress = (done: number, total: number, message: string) => void;

/** A plan as `applyPublish` takes it; `preview` is what the user sees. Opaque otherwise. */
export interface Plan {
  readonly preview: PublishPlan;
}

/** The functions of the folder; each is exported by the file named beside it and collected here for reference. */
export interface AtlasService {
  /** job.ts. Never fails; what was left out is in `notes`. */
  describeJob(script: ScriptToDescribe): Job;
  /** describeTables.ts. One answer for each table, in order; at most one request for each kind of dataset. */
  describeTables(
    store: MetadataStore,
    tables: readonly TableNode[],
    catalogs: Job['catalogs'],
    signal?: AbortSignal,
  ): Promise<TableAnswer[]>;
  /** tree.ts. A page of the registered jobs; the last item is of kind 'more' when there are further ones. */
  listJobs(
    store: MetadataStore,
    page: { offset: number; limit: number },
    context?: TreeContext,
    signal?: AbortSignal,
  ): Promise<TreeItem[]>;
  /** tree.ts. What stands under an item of the tree, by its id. */
  children(store: MetadataStore, item: string, context?: TreeContext, signal?: AbortSignal): Promise<TreeItem[]>;
  /** publish.ts. What publishing would change. Changes nothing. */
  planPublish(store: MetadataStore, job: Job, signal?: AbortSignal): Promise<Plan>;
  /** publish.ts. Carries a plan out. `types` says what to do when the store lacks types: create them, or do without. */
  applyPublish(
    store: MetadataStore,
    plan: Plan,
    options: { types: 'create' | 'without' | 'present'; recheck?: boolean },
    progress?: Progress,
    signal?: AbortSignal,
  ): Promise<PublishResult>;
}
