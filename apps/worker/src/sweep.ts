import { type BlobStore, type Logger, sweepAbandoned } from '@goalkeeper/platform';

/** Files in use are touched far more often, by whichever worker or API of this folder uses them. */
const ABANDONED_AFTER_MS = 24 * 3_600_000;

/** Removes what killed processes left in the data folder: scratch folders of calls, half-written blobs. A problem is only told. */
export async function sweepLeftovers(told: { blobs: BlobStore; scratchDir: string; log: Logger }): Promise<void> {
  const { blobs, scratchDir, log } = told;
  const before = Date.now() - ABANDONED_AFTER_MS;
  try {
    const [scratch, incoming] = await Promise.all([sweepAbandoned(scratchDir, before), blobs.sweep(before)]);
    const problems = [...scratch.problems, ...incoming.problems];
    const fields = { folders: scratch.removed, blobs: incoming.removed, problems: problems.slice(0, 10) };
    if (problems.length > 0) log.warn(fields, 'leftovers.kept');
    else if (scratch.removed + incoming.removed > 0) log.info(fields, 'leftovers.swept');
  } catch (error) {
    log.warn({ err: error }, 'leftovers.kept');
  }
}
