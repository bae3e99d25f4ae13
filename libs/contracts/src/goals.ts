import { DEPENDENCY_POLICIES, GOAL_STATES, PRIORITY_CLASSES } from '@goalkeeper/domain';
import { z } from 'zod';
import { publicId } from './ids';
import { JsonRecord, JsonValue } from './json';

export const MAX_OBJECTIVE_CHARS = 8_000;
/** Arguments are copied into the plan, every step and the engine's history, which refuses large payloads for ever. */
export const MAX_ARGS_BYTES = 65_536;

/** Thirty days. */
export const MAX_ANSWER_SECONDS = 2_592_000;

const State = z.enum(GOAL_STATES).meta({ id: 'GoalState', description: '`succeeded` implies verified' });
const Time = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339, UTC' });

export const TaskRequest = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(200)
      .meta({ examples: ['data.report'] }),
    args: JsonRecord.refine((args) => new TextEncoder().encode(JSON.stringify(args)).length <= MAX_ARGS_BYTES, {
      message: `must take at most ${MAX_ARGS_BYTES} bytes as JSON; upload what is larger and name the artifact`,
    }).default({}),
  })
  .meta({ id: 'TaskRequest', description: 'A task of a domain pack with its arguments' });

export const CreateGoalRequest = z
  .strictObject({
    objective: z.string().trim().min(1).max(MAX_OBJECTIVE_CHARS).optional().meta({ description: 'The goal in words' }),
    task: TaskRequest.optional(),
    priority: z.enum(PRIORITY_CLASSES).default('normal'),
    deadline: Time.optional().meta({ description: 'When the goal is given up; must lie ahead' }),
    maxSteps: z.int().min(1).max(2000).default(200).meta({ description: 'Tool calls at most, over all revisions' }),
    parallelism: z.int().min(1).max(32).default(4).meta({ description: 'Steps that may run at once' }),
    dependsOn: z.array(publicId('goal')).max(100).default([]).meta({ description: 'Goals that must succeed before' }),
    dependencyPolicy: z.enum(DEPENDENCY_POLICIES).default('fail'),
    mayAsk: z
      .boolean()
      .default(true)
      .meta({ description: 'False: nobody is asked; what people would decide takes its default at once' }),
    answerWithinSeconds: z
      .int()
      .min(1)
      .max(MAX_ANSWER_SECONDS)
      .default(86_400)
      .meta({ description: 'How long people have to answer a question before its default counts' }),
  })
  .refine((body) => (body.objective === undefined) !== (body.task === undefined), {
    message: 'give exactly one of objective (words) and task (a name with arguments)',
    path: ['objective'],
  })
  .meta({ id: 'CreateGoalRequest', description: 'Exactly one of `objective` and `task`' });
export type CreateGoalRequest = z.output<typeof CreateGoalRequest>;
/** What a client may leave out is optional here. */
export type CreateGoalInput = z.input<typeof CreateGoalRequest>;

export const EvidenceView = z
  .object({ check: z.string(), holds: z.boolean(), seen: z.string() })
  .meta({ id: 'Evidence', description: 'Something that was checked, with the value that was seen' });

export const GoalFailureView = z
  .object({ code: z.string(), message: z.string(), hint: z.string(), details: JsonRecord })
  .meta({ id: 'GoalFailure', description: 'Why the goal ended without success' });

export const PlanView = z
  .object({
    revision: z.int().min(1),
    reason: z.string().meta({ description: '`first plan`, or what this revision repairs' }),
    task: z.object({ name: z.string(), args: JsonRecord }),
    pack: z.object({ name: z.string(), version: z.string() }),
    steps: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        summary: z.string(),
        operator: z.string(),
        after: z.array(z.string()),
        tools: z.array(z.string()).meta({ description: 'Tools that could do it' }),
      }),
    ),
    choices: z.array(
      z.object({ lineage: z.string(), task: z.string(), method: z.string(), alternatives: z.array(z.string()) }),
    ),
    success: z.array(z.object({ name: z.string(), summary: z.string(), args: JsonRecord })),
  })
  .meta({ id: 'Plan' });
export type PlanView = z.output<typeof PlanView>;

export const STEP_STATES = ['pending', 'running', 'succeeded', 'failed', 'skipped'] as const;

export const StepView = z
  .object({
    id: z.string(),
    label: z.string(),
    operator: z.string(),
    state: z.enum(STEP_STATES),
    tool: z.string().nullable().meta({ description: 'The tool that did it last' }),
    planRevision: z.int(),
    calls: z.int().meta({ description: 'Tool calls made for this step' }),
    summary: z.string().meta({ description: 'What came out, in one line' }),
    output: JsonValue.nullable(),
    startedAt: Time.nullable(),
    finishedAt: Time.nullable(),
  })
  .meta({ id: 'Step' });
export type StepView = z.output<typeof StepView>;

/** Who said which task it is: the client, a person who was asked, or nobody: the words were taken for it. A goal may have raised it. */
export const TASK_ORIGINS = ['request', 'words', 'answer', 'step'] as const;

export const GoalTaskView = z
  .object({
    name: z.string(),
    args: JsonRecord,
    from: z.enum(TASK_ORIGINS).meta({
      description:
        '`request`: named by the client; `words`: what its words were taken for; `answer`: what a person who was asked meant; `step`: named by the goal that raised this one',
    }),
    pack: z
      .object({ name: z.string(), version: z.string() })
      .nullable()
      .meta({ description: 'The pack that it is planned with; null before the first plan' }),
  })
  .meta({ id: 'GoalTask', description: 'The task that the goal is' });
export type GoalTaskView = z.output<typeof GoalTaskView>;

const RaisedGoal = z.object({ goalId: publicId('goal'), stepId: z.string() }).meta({ id: 'RaisedGoal' });

export const GoalResponse = z
  .object({
    id: publicId('goal'),
    objective: z.string(),
    task: GoalTaskView.nullable().meta({ description: 'Null as long as the words have not been taken for a task' }),
    state: State,
    verified: z.boolean().meta({ description: 'The success predicates were checked and held' }),
    failure: GoalFailureView.nullable(),
    progress: z.number().min(0).max(1).meta({
      description:
        'Steps done and success predicates that hold, of all in the latest plan; of an ended goal how far it came. 1 only when verified',
    }),
    priority: z.enum(PRIORITY_CLASSES),
    deadline: Time.nullable(),
    maxSteps: z.int(),
    parallelism: z.int(),
    dependsOn: z.array(publicId('goal')),
    dependencyPolicy: z.enum(DEPENDENCY_POLICIES),
    mayAsk: z.boolean().meta({ description: 'Whether it may ask people' }),
    parent: RaisedGoal.nullable().meta({ description: 'The goal that raised this one, and the step that it does' }),
    children: z.array(RaisedGoal).meta({ description: 'Goals that it raised, and for which steps; oldest first' }),
    createdAt: Time,
    startedAt: Time.nullable(),
    finishedAt: Time.nullable(),
    planRevision: z.int().meta({ description: '0 before the first plan' }),
    callsMade: z.int(),
    plan: PlanView.nullable().optional().meta({ description: 'With ?include=plan' }),
    steps: z.array(StepView).optional().meta({ description: 'With ?include=steps' }),
    evidence: z.array(EvidenceView).optional().meta({ description: 'With ?include=evidence' }),
    links: z.object({
      self: z.string(),
      events: z.string(),
      artifacts: z.string(),
      workflow: z.string(),
      ui: z.string().nullable().meta({ description: 'The run in the Temporal Web UI' }),
    }),
  })
  .meta({ id: 'Goal' });
export type GoalResponse = z.output<typeof GoalResponse>;

export const CreateGoalQuery = z.strictObject({
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(60)
    .default(0)
    .meta({ description: 'Seconds to hold the answer for the end' }),
  dryRun: z.enum(['plan']).optional().meta({ description: 'Show the plan, and store and start nothing' }),
});
export type CreateGoalQuery = z.output<typeof CreateGoalQuery>;

export const GOAL_INCLUDES = ['plan', 'steps', 'evidence'] as const;
export type GoalInclude = (typeof GOAL_INCLUDES)[number];

const isInclude = (text: string): text is GoalInclude => (GOAL_INCLUDES as readonly string[]).includes(text);

export const GetGoalQuery = z.strictObject({
  include: z
    .string()
    .max(100)
    .default('')
    .refine((text) => text === '' || text.split(',').every(isInclude), `must be a list of ${GOAL_INCLUDES.join(', ')}`)
    .meta({ description: 'Comma-separated: plan, steps, evidence', examples: ['plan,steps'] }),
  wait: z.coerce.number().int().min(0).max(60).default(0),
});
export type GetGoalQuery = z.output<typeof GetGoalQuery>;

/** The parts that a checked `include` names. */
export function includesOf(query: GetGoalQuery): ReadonlySet<GoalInclude> {
  return new Set(query.include.split(',').filter(isInclude));
}

export const ListGoalsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(200).optional(),
  state: State.optional(),
});
export type ListGoalsQuery = z.output<typeof ListGoalsQuery>;

const PageInfo = z.object({ next: z.string().nullable(), hasMore: z.boolean() }).meta({ id: 'PageInfo' });

export const GoalPage = z.object({ data: z.array(GoalResponse), page: PageInfo }).meta({ id: 'GoalPage' });
export type GoalPage = z.output<typeof GoalPage>;
