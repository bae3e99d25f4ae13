import type { RepairLog } from './repair-log';

export interface LoadOptions {
  /** Where DuckDB reads: a link in the scratch folder, so that no wildcard in the name can matter. */
  readonly path: string;
  /** The name people know. */
  readonly name: string;
  readonly scratch: string;
  /** The member of a JSON object that holds the rows. */
  readonly member: string | null;
  /** Present when repairs are allowed. */
  readonly log: RepairLog | null;
}

/** What loading found out; the rows are in `raw`. */
export interface Loaded {
  readonly names: readonly string[];
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly member?: string;
}
