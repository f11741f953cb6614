/** The Flink releases that judge, and what our own door calls them. */
export const versions = [
  { release: '2.3.0', flink: '2.3' },
  { release: '1.20.4', flink: '1.20' },
] as const;
export type Version = (typeof versions)[number];
export type Release = Version['release'];

/** 1-based line, column, end line, end column (inclusive), as Flink counts them. */
export type FlinkPosition = readonly [number, number, number, number];

/** What Flink's parser says of one statement. */
export interface ParseVerdict {
  readonly ok: boolean;
  /** null for the few errors that Flink throws without a position */
  readonly pos?: FlinkPosition | null;
  readonly message?: string;
}

export interface LineageVerdict {
  readonly sink: string | null;
  readonly columns: readonly {
    readonly column: string;
    readonly from: readonly { readonly table: string; readonly column: string; readonly transformed: boolean }[];
  }[];
}

/** What Flink's planner says of one statement of a script, run after the statements before it. */
export interface PlanVerdict {
  readonly n: number;
  /** Place of the statement's first character in the script, 1-based */
  readonly line: number;
  readonly col: number;
  readonly kind?: string;
  readonly parse: boolean;
  readonly validate?: boolean;
  readonly convert?: boolean;
  /** `pos` counts within the statement */
  readonly error?: {
    readonly stage: string;
    readonly pos?: FlinkPosition | null;
    readonly message: string;
    /** The innermost exception's message, where it differs */
    readonly cause?: string;
  };
  /** What Flink says when it makes operators of the finished plan: it explains such a statement but does not run it */
  readonly later?: { readonly error: { readonly message: string } };
  readonly lineage?: readonly LineageVerdict[];
}

/** One statement with the verdicts of Flink's parsers. */
export interface StatementSample {
  readonly id: string;
  readonly source: string;
  readonly sql: string;
  readonly flink: Partial<Record<Release, ParseVerdict>>;
}

/** One script with the verdicts of Flink's planners. */
export interface ScriptSample {
  readonly id: string;
  readonly source: string;
  readonly script: string;
  readonly flink: Partial<Record<Release, readonly PlanVerdict[]>>;
}

// What our batch door answers

/** 1-based line and column in the script */
export type DoorPosition = readonly [number, number];

export interface DoorDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly origin: 'syntax' | 'semantics' | 'options' | 'hint';
  readonly message: string;
  readonly start: DoorPosition;
  /** exclusive */
  readonly end: DoorPosition;
}

export interface DoorStatement {
  readonly start: DoorPosition;
  readonly end: DoorPosition;
  readonly kind: string;
  readonly diagnostics: readonly DoorDiagnostic[];
  readonly lineage: readonly LineageVerdict[] | null;
}

export interface DoorAnswer {
  readonly id: string;
  readonly statements: readonly DoorStatement[];
}
