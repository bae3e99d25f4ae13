import { join } from 'node:path';
import { plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { defineTool } from '../../definition';
import { startJob } from '../jobs/start';
import { ArtifactRefSchema } from '../schemas';

export const ProfiledSchema = z.object({
  profile: ArtifactRefSchema,
  rows: z.int(),
  columnCount: z.int(),
  /** Names of columns by use, at most 50 of each. */
  numbers: z.array(z.string()),
  categories: z.array(z.string()),
  dates: z.array(z.string()),
  missingCells: z.int(),
});

/** Describes every column: type, use, missing, distinct, range, centre, spread, frequent values. */
export const dataProfile = defineTool({
  name: 'data.profile',
  version: '1.0.0',
  summary:
    'Describe every column of an opened table: type, missing and distinct values, range, centre, spread, frequent values.',
  input: z.object({ table: ArtifactRefSchema }),
  output: ProfiledSchema,
  effect: 'pure',
  boundMs: 60_000,
  timeoutMs: 600_000,
  costUsd: 0,
  postcondition: (_args, output) => [
    {
      check: 'the profile has every column',
      holds: output.columnCount > 0,
      seen: plural(output.columnCount, 'column'),
    },
  ],
  async run({ table }, context) {
    const scratch = await context.artifacts.scratch();
    const done = await startJob('profile', { table: await context.artifacts.path(table.sha256), scratch }, context);
    const content = { path: join(scratch, 'profile.json') };
    const profile = await context.artifacts.put({ name: 'profile.json', mediaType: 'application/json', content });
    const output = ProfiledSchema.parse({ ...done, profile });
    const { rows, columnCount, numbers, categories, dates } = output;
    return {
      output,
      summary: `${plural(rows, 'row')} × ${plural(columnCount, 'column')}: ${numbers.length} of numbers, ${categories.length} of categories, ${dates.length} of dates`,
    };
  },
});
