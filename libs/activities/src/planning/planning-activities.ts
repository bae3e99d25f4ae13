import {
  AgentError,
  type DomainPack,
  FAST_LANE_MAX_MS,
  type GoalFailure,
  NoPlanError,
  offerOf,
  type Plan,
  planTask,
  plural,
  repairPlan,
  resolveTask,
  validatePlan,
} from '@goalkeeper/domain';
import { type NewEvent, type PlanState, PlanStore } from '@goalkeeper/persistence';
import type { GoalActivities, PlanGoalInput, PlanGoalResult } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { withHeartbeat } from '../heartbeat';
import type { FollowedGoals } from '../tools/followed-goals';

/**
 * Planning is repeatable: a revision that is stored already is answered from the store, with what was done of it since. So a
 * retry, a continued workflow and a goal whose workflow was lost all go on with the same plan.
 */
export function createPlanningActivities(
  deps: ActivityDeps,
  followed: FollowedGoals,
): Pick<GoalActivities, 'planGoal'> {
  return {
    planGoal: (input) => withHeartbeat(() => planGoal(deps, input, followed)),
  };
}

/** Decompositions and steps of a search that holds a workflow task: tens of milliseconds at most. */
const QUICK_NODES = 500;

/** The engine refuses a payload of 2 MiB; a plan travels with its tools and with what is done of it. */
const MAX_PLAN_BYTES = 1024 * 1024;

async function planGoal(deps: ActivityDeps, input: PlanGoalInput, followed: FollowedGoals): Promise<PlanGoalResult> {
  const { goal, repair, analyses } = input;
  const plans = new PlanStore(deps.database, { tenantId: goal.tenantId, goalId: goal.id });
  const known = await plans.state(analyses);
  const { latest } = known;
  if (latest !== null && latest.revision >= input.revision) return planned(deps, latest, known);
  const made = attempt(input, () => makePlan(deps, input, latest, known.succeeded));
  if (made === 'needs_time') return { kind: 'needs_time' };
  if ('code' in made) return { kind: 'failed', failure: namedAfterFault(made, input) };
  const isFirst = await plans.save(made, latest, proposed(made, repair !== null));
  deps.wakeups.publish(goal.id, 'moved');
  if (isFirst) {
    followed.add(goal.id); // nobody has begun a step of this plan yet
    return planned(deps, made, known);
  }
  // Another attempt was first. Its plan stands: a later deployment may have made another one.
  const now = await plans.state([]);
  return planned(deps, now.latest ?? made, now);
}

function planned(deps: ActivityDeps, made: Plan, done: PlanState): PlanGoalResult {
  const named = new Set(made.steps.flatMap((step) => step.tools.map(({ tool }) => tool)));
  return {
    kind: 'planned',
    plan: made,
    tools: deps.tools.descriptors().filter(({ name }) => named.has(name)),
    completed: done.succeeded,
    facts: done.facts,
    callsMade: done.callsMade,
    decisions: deps.decisions,
    verification: isShort(deps, made) ? 'local' : 'remote',
  };
}

/** When no way is left around what failed, the goal failed for that reason: clients look for its code. */
function namedAfterFault(failure: GoalFailure, { repair }: PlanGoalInput): GoalFailure {
  const fault = repair?.faults.at(-1);
  return fault && failure.code === 'plan.none' ? { ...failure, code: fault.code } : failure;
}

/** Plans or repairs, and lets the independent validator look at the result, whoever proposed it. */
function makePlan(deps: ActivityDeps, input: PlanGoalInput, latest: Plan | null, succeeded: readonly string[]): Plan {
  const tools = deps.tools.descriptors().map(({ name }) => name);
  const { packs } = offerOf(deps.tools.packs(), tools);
  const { methodStats, learned } = input.recall;
  const budget = input.effort === 'quick' ? { budget: { maxNodes: QUICK_NODES } } : {};
  const plan =
    input.repair && latest
      ? repairPlan({ packs, plan: latest, succeeded, faults: input.repair.faults, methodStats, ...budget })
      : planTask({
          packs,
          request: resolveTask(input.goal, deps.tools.packs(), { tools, learned }).request,
          methodStats,
          ...budget,
        });
  const problems = validatePlan(plan, { packs, facts: [], tools: deps.tools.descriptors() });
  if (problems.length > 0)
    throw invalidPlan(
      plan,
      packs,
      problems.map((problem) => problem.message),
    );
  if (plan.steps.length > input.goal.maxSteps) throw tooLong(plan, input.goal.maxSteps);
  const bytes = Buffer.byteLength(JSON.stringify(plan));
  if (bytes > MAX_PLAN_BYTES) throw tooLarge(plan, bytes);
  return plan;
}

function proposed({ revision, reason, task, steps }: Plan, isRepair: boolean): NewEvent {
  return {
    type: isRepair ? 'plan.revised' : 'plan.proposed',
    data: {
      revision,
      reason,
      task: { name: task.name, args: task.args },
      steps: steps.map(({ id, label, summary, tools, after }) => ({
        id,
        label,
        summary,
        tools: tools.map(({ tool }) => tool),
        after,
      })),
    },
  };
}

function invalidPlan(plan: Plan, packs: readonly DomainPack[], problems: readonly string[]): NoPlanError {
  return new NoPlanError(
    `The plan for ${plan.task.name} breaks its own rules: ${problems.slice(0, 3).join('; ')}`,
    { problems: [...problems], packs: packs.map(({ name, version }) => `${name}@${version}`) },
    'A pack or a tool of this installation is broken; see the problems.',
  );
}

function tooLarge(plan: Plan, bytes: number): NoPlanError {
  return new NoPlanError(
    `The plan of ${plural(plan.steps.length, 'step')} takes ${bytes} bytes, more than ${MAX_PLAN_BYTES} cannot be carried`,
    { steps: plan.steps.length, bytes },
    'Split the goal into smaller ones that depend on each other.',
  );
}

function tooLong(plan: Plan, maxSteps: number): NoPlanError {
  return new NoPlanError(
    `The plan has ${plural(plan.steps.length, 'step')}, the goal may make ${plural(maxSteps, 'call')}`,
    { steps: plan.steps.length, maxSteps },
    'Raise maxSteps, or ask for less.',
  );
}

/** What the mind refuses is the goal's failure; a quick search that ended too early is none; anything else is a defect. */
function attempt({ effort }: PlanGoalInput, make: () => Plan): Plan | GoalFailure | 'needs_time' {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    if (effort === 'quick' && error.details.reason === 'exhausted') return 'needs_time';
    return { code: error.code, message: error.message, hint: error.hint, details: error.details };
  }
}

/** True when the verifiers of all predicates, one after the other, are known to be short. */
function isShort({ tools }: ActivityDeps, { success }: Plan): boolean {
  const bounds = success.map(({ name }) => tools.verifier(name)?.boundMs ?? Infinity);
  return bounds.reduce((sum, boundMs) => sum + boundMs, 0) < FAST_LANE_MAX_MS;
}
