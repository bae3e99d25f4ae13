import { join } from 'node:path';
import { areConditions, COMPARISONS, plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { defineTool } from '../../definition';
import { startJob } from '../jobs/start';
import { ArtifactRefSchema } from '../schemas';

const Where = z
  .array(
    z.object({
      column: z.string().min(1).optional(),
      near: z.string().min(1).optional(),
      loose: z.string().min(1).optional(),
      comparison: z.enum(COMPARISONS),
      values: z.array(z.string().min(1)),
    }),
  )
  .refine(areConditions, 'each condition has the values that its comparison needs');

export const AggregatedSchema = z.object({
  aggregates: ArtifactRefSchema,
  by: z.string().nullable(),
  measure: z.string().nullable(),
  /** All groups of what was asked, as CSV; absent when nothing was asked. */
  answer: ArtifactRefSchema.nullable(),
  groups: z.int(),
  /** The conditions as they were understood, and how many rows meet them. */
  where: z.array(z.object({ column: z.string(), comparison: z.enum(COMPARISONS), values: z.array(z.string()) })),
  met: z.int(),
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
    /** One or several of sum, mean, median, count, min, max, with commas between them. */
    statistic: z.string().min(1).nullish(),
    /** `desc`, `asc`, or both. */
    order: z
      .string()
      .regex(/^(?:desc|asc)(?:,(?:desc|asc))?$/)
      .nullish(),
    top: z.int().positive().max(1000).nullish(),
    /** Which rows: all conditions hold; columns and values as people write them. */
    where: Where.nullish(),
  }),
  output: AggregatedSchema,
  effect: 'pure',
  boundMs: 60_000,
  timeoutMs: 600_000,
  costUsd: 0,
  async run({ table, profile, ...asked }, context) {
    const scratch = await context.artifacts.scratch();
    const [tablePath, profilePath] = await Promise.all([
      context.artifacts.path(table.sha256),
      context.artifacts.path(profile.sha256),
    ]);
    const { by = null, measure = null, statistic = null, order = null, top = null, where = null } = asked;
    const job = { table: tablePath, profile: profilePath, scratch, by, measure, statistic, order, top, where };
    const done = await startJob('aggregate', job, context);
    const content = { path: join(scratch, 'aggregates.json') };
    const aggregates = await context.artifacts.put({ name: 'aggregates.json', mediaType: 'application/json', content });
    const csv = { name: 'groups.csv', mediaType: 'text/csv', content: { path: join(scratch, 'groups.csv') } };
    const answer = done.answered === true ? await context.artifacts.put(csv) : null;
    const output = AggregatedSchema.parse({ ...done, aggregates, answer });
    const { groupings, series, correlations, distributions } = output;
    return {
      output,
      artifacts: answer === null ? [] : [answer],
      summary: [
        plural(groupings, 'grouping'),
        plural(series, 'series', 'series'),
        plural(correlations, 'correlation'),
        plural(distributions, 'distribution'),
      ].join(', '),
    };
  },
});
