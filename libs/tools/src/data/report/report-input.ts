import type { DrawnChart } from '../chart/chart.tool';
import type { Aggregates, Profile, Quality } from '../model';
import type { Opened } from '../schemas';
import type { ClaimBook } from './claims';

/** Everything the report is written from. */
export interface ReportInput {
  readonly opened: Opened;
  readonly profile: Profile;
  readonly quality: Quality;
  readonly aggregates: Aggregates;
  readonly charts: readonly DrawnChart[];
  /** SVG texts by file name. */
  readonly svgs: ReadonlyMap<string, string>;
  readonly book: ClaimBook;
}
