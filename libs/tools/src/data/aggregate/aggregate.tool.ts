import { join } from 'node:path';
import { plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { defineTool } from '../../definition';
import { startJob } from '../jobs/start';
import { ArtifactRefSchema } from '../schemas';

export const AggregatedSchema = z.object({
  aggregates: ArtifactRefSchema,
  by: z.string().nullable(),
  measure: z.string().nullable(),
  groupings: z.int(),
  series: z.int(),
  correlations: z.int(),
  distributions: z.int(),
});

/** Works out the groupings, series, correlations and distributions that fit the columns. */
export const dataAggregate = defineTool({
  name: 'data.aggregate',
  version: '1.0.0',
  summary: 'Group, follow over time, correlate and spread out the columns of a table, chosen by how much they explain.',
  input: z.object({
    table: ArtifactRefSchema,
    profile: ArtifactRefSchema,
    by: z.string().min(1).nullish(),
    measure: z.string().min(1).nullish(),
  }),
  output: AggregatedSchema,
  effect: 'pure',
  boundMs: 60_000,
  timeoutMs: 600_000,
  costUsd: 0,
  async run({ table, profile, by, measure }, context) {
    const scratch = await context.artifacts.scratch();
    const [tablePath, profilePath] = await Promise.all([
      context.artifacts.path(table.sha256),
      context.artifacts.path(profile.sha256),
    ]);
    const job = { table: tablePath, profile: profilePath, scratch, by: by ?? null, measure: measure ?? null };
    const done = await startJob('aggregate', job, context);
    const content = { path: join(scratch, 'aggregates.json') };
    const aggregates = await context.artifacts.put({ name: 'aggregates.json', mediaType: 'application/json', content });
    const output = AggregatedSchema.parse({ ...done, aggregates });
    const { groupings, series, correlations, distributions } = output;
    return {
      output,
      summary: [
        plural(groupings, 'grouping'),
        plural(series, 'series', 'series'),
        plural(correlations, 'correlation'),
        plural(distributions, 'distribution'),
      ].join(', '),
    };
  },
});
