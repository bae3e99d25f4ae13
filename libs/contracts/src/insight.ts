import { EFFECT_CLASSES, EFFECT_STATES, GOAL_STATES } from '@goalkeeper/domain';
import { z } from 'zod';
import { JsonRecord } from './json';

const Time = z.iso.datetime({ offset: true });

/** What the running workflow says of itself, what the engine says of it, and where to look. */
export const WorkflowResponse = z
  .object({
    workflowId: z.string(),
    runId: z.string().nullable(),
    status: z.string().meta({
      description:
        'As the engine tells it; NOT_STARTED while it waits for a start, UNREACHABLE when the engine is silent',
      examples: ['RUNNING', 'COMPLETED', 'NOT_STARTED', 'UNREACHABLE'],
    }),
    taskQueue: z.string(),
    historyLength: z.int().nullable(),
    startedAt: Time.nullable(),
    closedAt: Time.nullable(),
    query: z
      .object({
        state: z.enum(GOAL_STATES),
        revision: z.int(),
        progress: z.number(),
        callsMade: z.int(),
        historyLength: z.int(),
        steps: z.array(z.object({ id: z.string(), label: z.string(), state: z.string() })),
      })
      .nullable()
      .meta({ description: 'The answer of the Temporal Query `status`; null when no worker answered' }),
    queryError: z.string().nullable().meta({ description: 'Why there is no answer' }),
    ui: z.string().nullable(),
  })
  .meta({ id: 'Workflow' });
export type WorkflowResponse = z.output<typeof WorkflowResponse>;

export const DecisionView = z
  .object({
    stepId: z.string(),
    callNo: z.int(),
    chosen: z.object({ tool: z.string(), bindingIndex: z.int() }).nullable(),
    confidence: z.number(),
    candidates: z.array(
      z.object({
        tool: z.string(),
        bindingIndex: z.int(),
        gates: z.array(z.object({ gate: z.string(), reason: z.string() })),
        score: z.number().nullable(),
        factors: z.record(z.string(), z.number()).nullable().meta({
          description:
            'score = p · value − costWeight · costUsd − latencyWeight · expectedSeconds − risk − penalty; the others are what these were made of',
        }),
        lessons: z
          .array(z.object({ id: z.string(), kind: z.string(), change: z.number() }))
          .optional()
          .meta({ description: 'Lessons that took part; `change` is what the score would lack without it' }),
      }),
    ),
    recalledEpisodes: z.array(z.string()).meta({ description: 'Ids of what was remembered; `recalled` explains them' }),
    reason: z.string(),
    context: z.string().optional().meta({ description: 'The bucket of calls like this one' }),
    explored: z.boolean().optional().meta({ description: 'p was sampled, so that what is little known gets its turn' }),
    decisive: z
      .object({
        bindingIndex: z.int(),
        factor: z.string(),
        value: z.number(),
        flipsAt: z.number(),
        insteadIndex: z.int(),
        instead: z.string(),
      })
      .nullable()
      .optional()
      .meta({ description: 'The factor of the chosen candidate that decided; beyond `flipsAt` it would be `instead`' }),
    advice: z.enum(['ask', 'gather', 'replan']).optional().meta({ description: 'The confidence was too low' }),
    at: Time.optional(),
    createdAt: Time,
  })
  .meta({ id: 'Decision', description: 'The choice for one step, with all that it beat' });
export const RecalledView = z
  .object({
    id: z.string(),
    goalId: z.string().meta({ description: 'The earlier goal' }),
    objective: z.string(),
    task: z.string(),
    outcome: z.enum(['verified', 'failed']),
    why: z.array(z.string()).meta({ description: 'What both goals have in common' }),
  })
  .meta({ id: 'RecalledEpisode', description: 'An earlier goal that was remembered' });
export type RecalledView = z.output<typeof RecalledView>;
export const DecisionList = z
  .object({
    data: z.array(DecisionView),
    recalled: z.array(RecalledView).meta({ description: 'What the decisions remembered and is still kept' }),
  })
  .meta({ id: 'DecisionList' });
export type DecisionView = z.output<typeof DecisionView>;
export type DecisionList = z.output<typeof DecisionList>;

export const EffectView = z
  .object({
    key: z.string().meta({ description: 'The same for every attempt; the far side receives it' }),
    stepId: z.string(),
    tool: z.string(),
    effectClass: z.enum(EFFECT_CLASSES),
    state: z.enum(EFFECT_STATES),
    intent: z.string().meta({ description: 'Digest of the arguments that carry meaning' }),
    occurrence: z.int(),
    attempts: z.int(),
    plannedAt: Time,
    dispatchedAt: Time.nullable(),
    settledAt: Time.nullable(),
  })
  .meta({ id: 'Effect', description: 'A row of the effect ledger' });
export const EffectList = z.object({ data: z.array(EffectView) }).meta({ id: 'EffectList' });
export type EffectView = z.output<typeof EffectView>;
export type EffectList = z.output<typeof EffectList>;

export const ToolView = z
  .object({
    name: z.string(),
    version: z.string(),
    summary: z.string(),
    kind: z.string(),
    effect: z.enum(EFFECT_CLASSES),
    boundMs: z.number(),
    timeoutMs: z.number(),
    costUsd: z.number(),
  })
  .meta({ id: 'Tool' });
export const ToolList = z.object({ data: z.array(ToolView) }).meta({ id: 'ToolList' });
export type ToolList = z.output<typeof ToolList>;

export const PackView = z
  .object({
    name: z.string(),
    version: z.string(),
    summary: z.string(),
    tasks: z.array(
      z.object({
        name: z.string(),
        summary: z.string(),
        params: z.array(JsonRecord),
        phrasings: z.array(z.string()),
        /** False where tools are missing; `reason` names them then. */
        available: z.boolean().default(true),
        reason: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Pack', description: 'What can be asked' });
export const PackFaultView = z
  .object({
    place: z.string().meta({ description: "The folder, below the workers' directory of packs" }),
    problems: z.array(
      z.object({
        file: z.string().optional(),
        at: z.string().meta({ description: 'Path into the JSON, or line:column' }),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: 'PackFault', description: 'A folder that cannot be used' });
export const PackList = z.object({ data: z.array(PackView), faults: z.array(PackFaultView) }).meta({ id: 'PackList' });
export type PackList = z.output<typeof PackList>;

export const HealthResponse = z
  .object({
    status: z.enum(['ok', 'degraded', 'unavailable']),
    checks: z.record(z.string(), z.enum(['up', 'down', 'off'])),
  })
  .meta({ id: 'Health' });
export type HealthResponse = z.output<typeof HealthResponse>;

export const VersionResponse = z
  .object({ name: z.string(), version: z.string(), api: z.string(), node: z.string() })
  .meta({ id: 'Version' });
export type VersionResponse = z.output<typeof VersionResponse>;
