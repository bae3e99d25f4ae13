import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { type ArtifactRef, defineTool } from '../../definition';
import { startJob } from '../jobs/start';
import { ArtifactRefSchema } from '../schemas';
import type { ChartPlan } from './chart-plan';

export const ChartedSchema = z.object({
  /** `charts.json`: what each chart shows, with its numbers. */
  charts: ArtifactRefSchema,
  files: z.array(ArtifactRefSchema),
  count: z.int(),
});

/** What `charts.json` lists. */
export type DrawnChart = ChartPlan & {
  readonly id: string;
  readonly file: string;
  readonly sha256: string;
  readonly renderer: string;
};

/** Draws the charts that fit, as SVG. */
export const dataChart = defineTool({
  name: 'data.chart',
  version: '1.0.0',
  summary: 'Draw the charts that fit a table as SVG: course over time, groups, spread, relation, missing values.',
  input: z.object({
    table: ArtifactRefSchema,
    profile: ArtifactRefSchema,
    aggregates: ArtifactRefSchema,
    by: z.string().min(1).nullish(),
    measure: z.string().min(1).nullish(),
    statistic: z.string().min(1).nullish(),
    /** One or several of bar, line, histogram, scatter, with commas between them. */
    kind: z.string().min(1).nullish(),
  }),
  output: ChartedSchema,
  effect: 'pure',
  boundMs: 30_000,
  timeoutMs: 120_000,
  costUsd: 0,
  postcondition: (_args, output) => [
    {
      check: 'every chart is a file',
      holds: output.files.length === output.count,
      seen: `${plural(output.files.length, 'file')} for ${plural(output.count, 'chart')}`,
    },
  ],
  async run({ profile, aggregates, kind }, context) {
    const scratch = await context.artifacts.scratch();
    const [profilePath, aggregatesPath] = await Promise.all([
      context.artifacts.path(profile.sha256),
      context.artifacts.path(aggregates.sha256),
    ]);
    await startJob('chart', { profile: profilePath, aggregates: aggregatesPath, kind: kind ?? null, scratch }, context);
    const plans = JSON.parse(await readFile(join(scratch, 'plans.json'), 'utf8')) as Omit<DrawnChart, 'sha256'>[];
    const files: ArtifactRef[] = [];
    for (const { file } of plans) {
      files.push(
        await context.artifacts.put({ name: file, mediaType: 'image/svg+xml', content: { path: join(scratch, file) } }),
      );
    }
    const drawn = plans.map((plan, index) => ({ ...plan, sha256: files[index]?.sha256 }));
    const content = Buffer.from(JSON.stringify(drawn));
    const charts = await context.artifacts.put({ name: 'charts.json', mediaType: 'application/json', content });
    return {
      output: { charts, files, count: files.length },
      artifacts: files,
      summary: `${plural(files.length, 'chart')}: ${plans.map(({ kind }) => kind).join(', ')}`,
    };
  },
});
