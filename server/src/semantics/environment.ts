import type { Severity } from '../language/problem';
import type { TableNode } from './lineage';

/** What a script is bound in. Everything is optional knowledge; what is absent is unknown, not wrong. */
export interface Environment {
  /** '1.20', '2.0', '2.1', '2.2' or '2.3' */
  readonly flinkVersion: string;
  /**
   * Tables beyond the script (other files, metadata stores) by full name, with `foundIn`. Must give the same object for
   * as long as nothing changed, since what was bound with it is reused while it does. Must answer at once.
   */
  readonly findTable?: (name: string) => TableNode | undefined;
  /** As Flink does it that knows no more than the script: an unknown table or catalog is an error, also where nothing resolves */
  readonly strict?: boolean;
  /** The catalog the cluster starts in, when it is not Flink's own default_catalog */
  readonly defaultCatalog?: string;
  /** The database that it starts in, in `defaultCatalog`; 'default' when not given */
  readonly defaultDatabase?: string;
  /** Severity of rules by code, as the user set them */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
}
