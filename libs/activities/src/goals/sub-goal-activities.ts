import {
  type Evidence,
  type Goal,
  type GoalFailure,
  isTerminal,
  type JsonObject,
  MAX_GOAL_DEPTH,
  type Observation,
  observe,
  plural,
  sliceOf,
  SUB_GOAL,
  type SubGoalRequest,
  subGoalRequest,
  type ToolReport,
  toPublicId,
} from '@goalkeeper/domain';
import {
  CallRepository,
  type ChildEnd,
  type EntityManager,
  type FinishCall,
  GoalRepository,
  newId,
  type NewEvent,
  type ProducedFile,
  sqlState,
  SubGoalRepository,
} from '@goalkeeper/persistence';
import type { BeginSubGoalInput, BegunSubGoal, GoalActivities, SubGoalCall } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { referencedSteps, resolveArgs } from '../tools/resolve-args';
import { answered, finishedEvents, refused, startedEvents, STOPPED } from '../tools/tool-call';
import { shownEvidence } from './shown-evidence';

type SubGoalActivities = Pick<GoalActivities, 'beginSubGoal' | 'endSubGoal' | 'lookAtGoal'>;

/** SQLSTATE of our functions: the goal takes no further call. */
const REFUSED = 'GK409';
/** Larger outputs than a tool may return are left with the child. */
const MAX_OUTPUT_BYTES = 32 * 1024;
/** Failures of a child that say nothing of what it was asked for: another try may work. */
const PASSING = new Set(['infrastructure.unavailable', 'workflow.terminated']);

/**
 * Raising a goal may be repeated at any point: the child is fixed by its parent's step and call, and a step that is finished answers
 * from the store.
 */
export function createSubGoalActivities(deps: ActivityDeps): SubGoalActivities {
  const { database, wakeups } = deps;
  return {
    async beginSubGoal(input) {
      const begun = await begin(deps, input).catch((error: unknown): BegunSubGoal => {
        if (sqlState(error) !== REFUSED) throw error;
        return { kind: 'known', result: refused({ step: input.step, tool: SUB_GOAL }) };
      });
      wakeups.publish(input.ref.goalId, 'moved');
      return begun;
    },
    async endSubGoal(input) {
      const { ref, childId } = input;
      const ended = await database.tenant(ref.tenantId, async (tx) => {
        const end = await new SubGoalRepository(tx).end(childId);
        if (!end || !isTerminal(end.record.state)) throw new Error(`Child goal ${childId} has not ended`);
        const { callsMade } = end.record;
        return {
          observation: await store(tx, input, reportOf(end), { files: filesOf(input, end), callsMade }),
          callsMade,
        };
      });
      wakeups.publish(ref.goalId, 'moved');
      return ended;
    },
    lookAtGoal: ({ tenantId, goalId }) =>
      database.tenant(tenantId, async (tx) => (await new GoalRepository(tx).get(goalId))?.state ?? null),
  };
}

async function begin({ database }: ActivityDeps, input: BeginSubGoalInput): Promise<BegunSubGoal> {
  const { ref, step, decision, callNo, planRevision } = input;
  const raw = step.tools[decision.chosen?.bindingIndex ?? -1]?.args ?? {};
  const args = resolveArgs(raw, await new CallRepository(database, ref).outputs(referencedSteps(raw)));
  const told = { step, tool: SUB_GOAL, decision, callNo };
  return database.tenant(ref.tenantId, async (tx) => {
    const goals = new SubGoalRepository(tx);
    const raising = { parentId: ref.goalId, stepId: step.id, callNo };
    const [first] = startedEvents(told);
    const begun = await goals.begin(ref.goalId, {
      ...{ step, planRevision, callNo, decision, args, tool: SUB_GOAL.name, effect: null, refuseWhen: STOPPED },
      idempotencyKey: `${ref.goalId}/${step.id}/${callNo}`,
      events: { first, again: { ...first, type: 'activity.attempt_failed' } },
    });
    if (begun.stored) return { kind: 'known', result: answered(begun.stored) };
    const before = await goals.find(raising);
    if (before) return { kind: 'raised', child: before.goal };
    const child = await childOf(tx, input, subGoalRequest(args));
    if ('failure' in child) {
      const report = failed(child.failure);
      return { kind: 'known', result: { observation: await store(tx, input, report), refused: false } };
    }
    await goals.raise(child.goal, raising);
    return { kind: 'raised', child: child.goal };
  });
}

type Child = { readonly goal: Goal } | { readonly failure: Pick<GoalFailure, 'code' | 'message'> };

async function childOf(tx: EntityManager, input: BeginSubGoalInput, request: SubGoalRequest | string): Promise<Child> {
  const { ref, step, left } = input;
  if (typeof request === 'string') return { failure: { code: 'tool.invalid_arguments', message: request } };
  const parent = (await new GoalRepository(tx).get(ref.goalId))?.goal;
  if (!parent) throw new Error(`Goal ${ref.goalId} is not stored`);
  const depth = (parent.depth ?? 0) + 1;
  if (depth > MAX_GOAL_DEPTH) {
    const message = `${request.task} would be a goal below ${plural(MAX_GOAL_DEPTH, 'other goal')}, which is as deep as goals go`;
    return { failure: { code: 'goal.too_deep', message } };
  }
  if (left < 1) return { failure: { code: 'goal.given_up', message: 'no call of the budget is left for a goal' } };
  const { priority, parallelism, mayAsk, answerWithinMs, deadlineMs } = parent;
  const slice = sliceOf(request, { left, deadlineMs, nowMs: Date.now() });
  const goal: Goal = {
    ...{ id: newId(), tenantId: ref.tenantId, objective: '', task: { name: request.task, args: request.args } },
    ...{ priority, parallelism, dependsOn: [], dependencyPolicy: 'fail', ...slice, depth },
    ...(mayAsk === undefined ? {} : { mayAsk }),
    ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
    parent: { goalId: ref.goalId, stepId: step.id },
  };
  return { goal };
}

/** Stores how the parent's step ended. */
async function store(
  tx: EntityManager,
  call: SubGoalCall,
  report: ToolReport & { readonly summary: string },
  { files, callsMade }: { readonly files: readonly ProducedFile[]; readonly callsMade: number } = {
    files: [],
    callsMade: 0,
  },
): Promise<Observation> {
  const { ref, step, callNo, analyses, needs } = call;
  const judged = observe({ step, tool: SUB_GOAL, report, summary: report.summary, facts: [], replayed: false, needs });
  const isDone = judged.outcome === 'success' || judged.outcome === 'partial';
  const finish: FinishCall = {
    ...{ stepId: step.id, callNo, observation: judged, analyses, eventsBefore: [] },
    state: isDone ? 'succeeded' : 'failed',
    output: isDone ? report.output : null,
    files: isDone ? files : [],
    eventsAfter: finishedEvents({ step, tool: SUB_GOAL, callNo }, judged),
  };
  const finished = await new SubGoalRepository(tx).finish(ref.goalId, finish, callsMade);
  return finished.end === 'known' ? finished.observation : judged;
}

function reportOf({ record, outputs, evidence, result }: ChildEnd): ToolReport & { summary: string } {
  const { goal, state, verified, failure, startedAt, finishedAt } = record;
  const id = toPublicId('goal', goal.id);
  const durationMs = startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : 0;
  if (state !== 'succeeded' || !verified) {
    const why = failure ?? { code: 'verification.failed', message: `it ended ${state}` };
    return {
      ...failed({ code: why.code, message: `${goal.task?.name ?? ''} (${id}) ${state}: ${why.message}` }),
      durationMs,
    };
  }
  const held = evidence.filter(({ holds }) => holds).length;
  const seen = `${held} of ${plural(evidence.length, 'check')} held`;
  const checked: Evidence = { check: `${id} is verified`, holds: true, seen };
  const shown = shownEvidence(evidence).map((item) => ({ ...item }));
  const output: JsonObject = { goal: id, state, outputs, result, evidence: shown };
  const summary = `${goal.task?.name ?? ''} verified: ${seen}`;
  return { ok: true, output: fitting(output), error: null, evidence: [checked], durationMs, summary };
}

/** What is too large stays with the child; the step is then done in part, and fails where others need what is missing. */
function fitting(output: JsonObject): JsonObject {
  if (bytesOf(output) <= MAX_OUTPUT_BYTES) return output;
  const { outputs: _all, ...rest } = output;
  if (bytesOf(rest) <= MAX_OUTPUT_BYTES) return { ...rest, truncated: true };
  return { goal: output['goal'] ?? null, state: output['state'] ?? null, truncated: true };
}

const bytesOf = (value: JsonObject): number => Buffer.byteLength(JSON.stringify(value));

function failed({ code, message }: Pick<GoalFailure, 'code' | 'message'>): ToolReport & { summary: string } {
  const error = { code, message, transient: PASSING.has(code) };
  return { ok: false, output: null, error, evidence: [], durationMs: 0, summary: message };
}

/** The child's files are the parent's too: its readers and verifiers look for them there. */
function filesOf({ step }: SubGoalCall, { produced }: ChildEnd): ProducedFile[] {
  return produced.map(({ name, mediaType, sizeBytes, sha256 }) => {
    const id = newId();
    const data = { id: toPublicId('art', id), name, mediaType, sizeBytes };
    const event: NewEvent = { type: 'artifact.created', stepId: step.id, data };
    return { id, name, mediaType, sizeBytes, sha256, event };
  });
}
