import { join } from 'node:path';
import { plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { defineTool } from '../../definition';
import { startJob } from '../jobs/start';
import { ArtifactRefSchema } from '../schemas';

export const CheckedSchema = z.object({
  quality: ArtifactRefSchema,
  findings: z.int(),
  high: z.int(),
  medium: z.int(),
  low: z.int(),
  /** The five worst. */
  top: z.array(z.object({ kind: z.string(), column: z.string().optional(), count: z.int(), severity: z.string() })),
});

/** Looks for what should not be trusted, and says what each finding means. */
export const dataQuality = defineTool({
  name: 'data.quality',
  version: '1.0.0',
  summary:
    'Find what not to trust in a table: missing values, duplicates, outliers, mixed types, placeholders, spellings, impossible values.',
  input: z.object({ table: ArtifactRefSchema, profile: ArtifactRefSchema }),
  output: CheckedSchema,
  effect: 'pure',
  boundMs: 60_000,
  timeoutMs: 600_000,
  costUsd: 0,
  async run({ table, profile }, context) {
    const scratch = await context.artifacts.scratch();
    const [tablePath, profilePath] = await Promise.all([
      context.artifacts.path(table.sha256),
      context.artifacts.path(profile.sha256),
    ]);
    const done = await startJob('quality', { table: tablePath, profile: profilePath, scratch }, context);
    const content = { path: join(scratch, 'quality.json') };
    const quality = await context.artifacts.put({ name: 'quality.json', mediaType: 'application/json', content });
    const output = CheckedSchema.parse({ ...done, quality });
    const { findings, high, medium, low } = output;
    return { output, summary: `${plural(findings, 'finding')}: ${high} serious, ${medium} notable, ${low} small` };
  },
});
