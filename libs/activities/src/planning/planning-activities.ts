import {
  AgentError,
  type DomainPack,
  type GoalFailure,
  NoPlanError,
  type Plan,
  planTask,
  repairPlan,
  resolveTask,
  validatePlan,
} from '@goalkeeper/domain';
import {
  EventRepository,
  type NewEvent,
  PlanRepository,
  StepRepository,
  type StepStates,
} from '@goalkeeper/persistence';
import type { GoalActivities, PlanGoalInput, PlanGoalResult } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { withHeartbeat } from '../heartbeat';

/**
 * Planning is repeatable: a revision that is stored already is answered from the store, with what was done of it since. So a
 * retry, a continued workflow and a goal whose workflow was lost all go on with the same plan.
 */
export function createPlanningActivities(deps: ActivityDeps): Pick<GoalActivities, 'planGoal'> {
  return {
    planGoal: (input) => withHeartbeat(() => planGoal(deps, input)),
  };
}

/** The engine refuses a payload of 2 MiB; a plan travels with its tools and with what is done of it. */
const MAX_PLAN_BYTES = 1024 * 1024;

const NOTHING_DONE: StepStates = { succeeded: [], facts: [], callsMade: 0 };

async function planGoal(deps: ActivityDeps, input: PlanGoalInput): Promise<PlanGoalResult> {
  const { goal, repair, analyses } = input;
  const stored = await deps.database.tenant(goal.tenantId, async (tx) => {
    await new StepRepository(tx).saveAnalyses(goal.id, analyses);
    const plans = new PlanRepository(tx);
    const latest = (await plans.latest(goal.id))?.plan ?? null;
    return { latest, states: latest ? await plans.stepStates(goal.id) : NOTHING_DONE };
  });
  const { latest } = stored;
  const isStored = latest !== null && latest.revision >= input.revision;
  const made = isStored ? latest : attempt(() => makePlan(deps, input, latest, stored.states.succeeded));
  if ('code' in made) return { kind: 'failed', failure: namedAfterFault(made, input) };
  if (!isStored) await store(deps, input, made, repair !== null);
  const named = new Set(made.steps.flatMap((step) => step.tools.map(({ tool }) => tool)));
  return {
    kind: 'planned',
    plan: made,
    tools: deps.tools.descriptors().filter(({ name }) => named.has(name)),
    completed: stored.states.succeeded,
    facts: stored.states.facts,
    callsMade: stored.states.callsMade,
    decisions: deps.decisions,
  };
}

/** When no way is left around what failed, the goal failed for that reason: clients look for its code. */
function namedAfterFault(failure: GoalFailure, { repair }: PlanGoalInput): GoalFailure {
  const fault = repair?.faults.at(-1);
  return fault && failure.code === 'plan.none' ? { ...failure, code: fault.code } : failure;
}

/** Plans or repairs, and lets the independent validator look at the result, whoever proposed it. */
function makePlan(deps: ActivityDeps, input: PlanGoalInput, latest: Plan | null, succeeded: readonly string[]): Plan {
  const packs = deps.tools.packs();
  const { methodStats } = input.recall;
  const plan =
    input.repair && latest
      ? repairPlan({ packs, plan: latest, succeeded, faults: input.repair.faults, methodStats })
      : planTask({ packs, request: resolveTask(input.goal, packs).request, methodStats });
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

async function store(deps: ActivityDeps, { goal }: PlanGoalInput, plan: Plan, isRepair: boolean): Promise<void> {
  const event: NewEvent = {
    type: isRepair ? 'plan.revised' : 'plan.proposed',
    data: {
      revision: plan.revision,
      reason: plan.reason,
      task: { name: plan.task.name, args: plan.task.args },
      steps: plan.steps.map(({ id, label, summary, tools, after }) => ({
        id,
        label,
        summary,
        tools: tools.map(({ tool }) => tool),
        after,
      })),
    },
  };
  await deps.database.tenant(goal.tenantId, async (tx) => {
    const isNew = await new PlanRepository(tx).save(goal.id, plan);
    if (isNew) {
      const running: NewEvent = {
        type: 'goal.state_changed',
        data: { to: 'running', reason: `plan ${plan.revision}` },
      };
      const events = new EventRepository(tx);
      await events.append(goal.id, [event], { planRevision: plan.revision });
      // Somebody may have stopped or paused the goal while it was planned; that stands.
      await events.append(goal.id, [running], { state: 'running', refuseWhen: ['cancelling', 'paused'] });
    }
  });
  deps.wakeups.publish(goal.id, 'moved');
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
    `The plan of ${plan.steps.length} steps takes ${bytes} bytes, more than ${MAX_PLAN_BYTES} cannot be carried`,
    { steps: plan.steps.length, bytes },
    'Split the goal into smaller ones that depend on each other.',
  );
}

function tooLong(plan: Plan, maxSteps: number): NoPlanError {
  return new NoPlanError(
    `The plan has ${plan.steps.length} steps, the goal may make ${maxSteps} calls`,
    { steps: plan.steps.length, maxSteps },
    'Raise maxSteps, or ask for less.',
  );
}

/** What the mind refuses is the goal's failure; anything else is a defect and is thrown. */
function attempt(make: () => Plan): Plan | GoalFailure {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { code: error.code, message: error.message, hint: error.hint, details: error.details };
  }
}
