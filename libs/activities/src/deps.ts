import type { Database } from '@goalkeeper/persistence';
import type { BlobStore, Logger, Wakeups } from '@goalkeeper/platform';
import type { ToolRegistry } from '@goalkeeper/tools';
import type { PackShelf } from './planning/pack-shelf';

/** What the activities need of the world; made once by the worker. */
export interface ActivityDeps {
  readonly database: Database;
  readonly tools: ToolRegistry;
  /** The packs that goals are planned with; made from the two above when it is absent. */
  readonly shelf?: PackShelf;
  readonly blobs: BlobStore;
  readonly wakeups: Wakeups;
  readonly log: Logger;
  /** Where selection and analysis of goals planned by this worker run. */
  readonly decisions: 'local' | 'remote';
  /** Puts every goal on one side of the comparison; absent, a share of them runs without what was learned. */
  readonly learningArm?: 'on' | 'off' | undefined;
  readonly files: {
    readonly roots: readonly string[];
    /** Folders below the roots that no goal may read. */
    readonly closed?: readonly string[];
    readonly samplesDir: string | undefined;
    readonly scratchDir: string;
  };
}
