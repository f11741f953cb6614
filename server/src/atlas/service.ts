/** What the functions of this folder take and give, where it is more than one of them that does. */
import type { ParsedStatement, PlacedStatement } from '../language/script';
import type { PublishPlan, TreeItem } from '../protocol';
import type { ScriptAnalysis } from '../semantics/analysis';
import type { JobSource } from './job';

export interface ScriptToDescribe {
  /** The whole document */
  text: string;
  statements: readonly PlacedStatement[];
  analysis: ScriptAnalysis;
  source: JobSource;
  /** How many problems of severity error the script's statements have, syntax included; such statements are left out */
  hasErrors?: (statement: ParsedStatement, index: number) => boolean;
  /** How many warnings a statement has */
  warnings?: (statement: ParsedStatement, index: number) => number;
}

/** How `children` finds the script behind a job and the line of a sink in it, and what the time is. */
export interface TreeContext {
  /** Milliseconds since 1970; the clock's when absent */
  now?: number;
  resolveSource?: (file: string, sink?: string) => TreeItem['source'] | undefined;
}

export type Progress = (done: number, total: number, message: string) => void;

/** A plan as `applyPublish` takes it; `preview` is what the user sees. Opaque otherwise. */
export interface Plan {
  readonly preview: PublishPlan;
}
