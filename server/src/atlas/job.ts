import type { TableNode } from '../semantics/lineage';

/** A job as it should stand in the metadata store: what `describeJob` reads out of a script. Pure data. */
export interface Job {
  /** From `SET 'pipeline.name'`, else `-- @job name`, else the file's path in its repository */
  name: string;
  description?: string;
  owner?: string;
  labels: string[];
  /** `@quality` lines of the job's comment */
  quality: string[];
  /** Where the script is */
  source: JobSource;
  processes: JobProcess[];
  /** Every table that a process reads or writes, by planner name */
  tables: Map<string, TableNode>;
  /** CREATE CATALOG options by catalog name, keys as written */
  catalogs: Map<string, Record<string, string>>;
  /** What was left out and why, for the user */
  notes: string[];
}

export interface JobSource {
  /** Path of the script in its repository (or workspace folder), with '/' */
  file: string;
  /** Remote of the repository, without credentials */
  repository?: string;
  /** Commit that last changed the script */
  commit?: string;
}

/** One writing statement of a job. */
export interface JobProcess {
  /** Unique in the job and independent of its text: the sink's name, with #2 … when several statements write to it */
  name: string;
  description?: string;
  owner?: string;
  labels: string[];
  quality: string[];
  /** The statement, secrets redacted */
  sql: string;
  /** Planner name of the sink */
  sink: string;
  /** Planner names of the tables read */
  sources: string[];
  columns: JobColumn[];
}

/** Where the values of one sink column come from. */
export interface JobColumn {
  column: string;
  from: { table: string; column: string; transformed: boolean }[];
  expression?: string;
}
