import { z } from 'zod';
import { PlanView } from './goals';
import { JsonRecord, JsonValue } from './json';

const Time = z.iso.datetime({ offset: true });

export const CreatePackRequest = z
  .strictObject({
    pack: JsonRecord.optional().meta({ description: 'A JSON pack: tasks, methods, operators' }),
    domain: z.string().min(1).max(900_000).optional().meta({ description: 'The text of an HDDL or PDDL domain' }),
    bindings: JsonRecord.optional().meta({ description: 'Which tools do the primitives of the domain' }),
  })
  .refine(({ pack, domain, bindings }) => (pack === undefined) === (domain !== undefined && bindings !== undefined), {
    message: 'give either pack, or domain together with bindings',
    path: ['pack'],
  })
  .meta({ id: 'CreatePackRequest', description: 'Either `pack`, or `domain` with `bindings`' });
export type CreatePackRequest = z.output<typeof CreatePackRequest>;

export const PackDetail = z
  .object({
    name: z.string(),
    version: z.string(),
    digest: z
      .string()
      .meta({ description: 'SHA-256 of the content; goals stay with the content they were planned with' }),
    source: z.enum(['worker', 'upload']),
    language: z.enum(['json', 'pddl']),
    summary: z.string(),
    updatedAt: Time,
    tasks: z.array(
      z.object({ name: z.string(), summary: z.string(), params: z.array(JsonRecord), phrasings: z.array(z.string()) }),
    ),
    methods: z.array(z.object({ name: z.string(), task: z.string(), summary: z.string() })),
    operators: z.array(z.object({ name: z.string(), summary: z.string(), tools: z.array(z.string()) })),
    versions: z.array(z.object({ version: z.string(), digest: z.string(), createdAt: Time })),
  })
  .meta({ id: 'PackDetail' });
export type PackDetail = z.output<typeof PackDetail>;

const Estimate = z.object({
  durationMs: z.number().meta({ description: 'Along the longest path through the plan' }),
  sequentialMs: z.number().meta({ description: 'One step after the other' }),
  costUsd: z.number(),
  basis: z
    .enum(['learned', 'declared', 'mixed'])
    .meta({ description: 'From what earlier calls took, or from what the tools declare' }),
  steps: z.array(
    z.object({
      id: z.string(),
      tool: z.string(),
      durationMs: z.number(),
      costUsd: z.number(),
      basis: z.enum(['learned', 'declared']),
    }),
  ),
});

export const PlanPreviewResponse = z
  .object({
    dryRun: z.literal('plan'),
    plan: PlanView,
    confidence: z.number().meta({ description: 'That the words mean this task; 1 when it was named' }),
    estimate: Estimate,
    alternatives: z
      .array(
        z.object({
          lineage: z.string(),
          task: z.string(),
          method: z.string(),
          instead: z.string(),
          steps: z.int().nullable(),
          durationMs: z.number().nullable(),
          costUsd: z.number().nullable(),
          reason: z.string().nullable(),
        }),
      )
      .meta({ description: 'Other methods, and what the plan would take with each; nulls where it leads to none' }),
    links: z.array(
      z.object({ from: z.string().nullable(), to: z.string(), predicate: z.string(), args: z.array(JsonValue) }),
    ),
  })
  .meta({ id: 'PlanPreview', description: 'What would be done; nothing was stored or started' });
export type PlanPreviewResponse = z.output<typeof PlanPreviewResponse>;
