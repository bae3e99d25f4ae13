import {
  AgentError,
  type DomainPack,
  FACTS_HOLD,
  FAST_LANE_MAX_MS,
  type Goal,
  type GoalFailure,
  type Plan,
  startFacts,
} from '@goalkeeper/domain';
import { type NewEvent, type PlanState, PlanStore, SettlementRepository } from '@goalkeeper/persistence';
import type { GoalActivities, PlanGoalInput, PlanGoalResult } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { type Pulse, withHeartbeat } from '../heartbeat';
import type { FollowedGoals } from '../tools/followed-goals';
import { doubtAbout, understand } from './ask-about-words';
import { type MadePlan, makePlan, type PlanOrder } from './make-plan';
import { createPackShelf, type PackShelf } from './pack-shelf';

/**
 * Planning is repeatable: a revision that is stored already is answered from the store, with what was done of it since. So a
 * retry, a continued workflow and a goal whose workflow was lost all go on with the same plan.
 */
export function createPlanningActivities(
  deps: ActivityDeps,
  followed: FollowedGoals,
): Pick<GoalActivities, 'planGoal'> {
  const shelf = deps.shelf ?? createPackShelf(deps);
  return {
    planGoal: (input) => withHeartbeat((pulse) => planGoal({ ...deps, shelf }, input, { followed, pulse })),
  };
}

type PlanningDeps = ActivityDeps & { readonly shelf: PackShelf };

interface Surroundings {
  readonly followed: FollowedGoals;
  readonly pulse: Pulse | undefined;
}

const NOTHING_YET: PlanState = { latest: null, succeeded: [], facts: [], callsMade: 0 };

/**
 * A goal's first plan is made without a look at the store: storing it shows whether another one is there, which stands then. Where
 * none comes of it, the store is asked before the goal is told so.
 */
async function planGoal(deps: PlanningDeps, input: PlanGoalInput, surroundings: Surroundings): Promise<PlanGoalResult> {
  const { goal, repair, analyses } = input;
  const isFirst = input.revision === 1 && repair === null && analyses.length === 0;
  const made = isFirst ? await planAnew(deps, input, NOTHING_YET, surroundings) : null;
  if (made?.kind === 'planned') return made;
  const known = await new PlanStore(deps.database, { tenantId: goal.tenantId, goalId: goal.id }).state(analyses);
  const { latest } = known;
  if (latest !== null && latest.revision >= input.revision)
    return planned(deps, { plan: latest, pack: await deps.shelf.pinned(goal.tenantId, latest) }, known);
  return made ?? planAnew(deps, input, known, surroundings);
}

async function planAnew(
  deps: PlanningDeps,
  input: PlanGoalInput,
  known: PlanState,
  { followed, pulse }: Surroundings,
): Promise<PlanGoalResult> {
  const { goal, repair } = input;
  const { latest } = known;
  const plans = new PlanStore(deps.database, { tenantId: goal.tenantId, goalId: goal.id });
  const understood = understand(input);
  if ('failure' in understood) return { kind: 'failed', failure: understood.failure };
  const made = await attempt(understood, () => makePlan(deps, orderOf(understood, known, pulse)));
  if (made === 'needs_time') return { kind: 'needs_time' };
  if ('code' in made) {
    const tools = deps.tools.descriptors().map(({ name }) => name);
    const packs = await deps.shelf.offered(goal.tenantId, false);
    const doubt = doubtAbout(made, understood, { packs, tools });
    return doubt ?? { kind: 'failed', failure: namedAfterFault(made, input) };
  }
  if (latest && made.plan.avoids?.redone)
    await unsettle(deps, made.plan, { ...latest, succeeded: known.succeeded }, goal);
  const isFirst = await plans.save(made.plan, latest, proposed(made.plan, repair !== null));
  deps.wakeups.publish(goal.id, 'moved');
  if (isFirst) {
    followed.add(goal.id); // nobody has begun a step of this plan yet
    return planned(deps, made, known);
  }
  // Another attempt was first. Its plan stands: a later deployment may have made another one.
  const now = await plans.state([]);
  const stands = now.latest ?? made.plan;
  return planned(deps, { plan: stands, pack: await deps.shelf.pinned(goal.tenantId, stands) }, now);
}

/** Steps that are done anew no longer count as done: what they put out is void. */
async function unsettle(
  { database }: ActivityDeps,
  made: Plan,
  before: Pick<Plan, 'steps'> & { readonly succeeded: readonly string[] },
  goal: Goal,
): Promise<void> {
  const kept = new Set(made.steps.map(({ id }) => id));
  const labels = new Set(made.steps.map(({ label }) => label));
  const anew = before.steps.filter(({ id, label }) => labels.has(label) && !kept.has(id));
  const gone = anew.map(({ id }) => id).filter((id) => before.succeeded.includes(id));
  if (gone.length === 0) return;
  await database.tenant(goal.tenantId, (tx) => new SettlementRepository(tx).unsettle(goal.id, gone));
}

function orderOf(
  { goal, recall, repair, effort }: PlanGoalInput,
  known: PlanState,
  pulse: Pulse | undefined,
): PlanOrder {
  const { latest, succeeded, facts, denied = [] } = known;
  const signal = pulse?.signal ?? new AbortController().signal;
  const base = { goal, recall, effort, signal };
  if (!repair || !latest) return { ...base, repair: null };
  return { ...base, repair: { plan: latest, faults: repair.faults, succeeded, observed: { facts, denied } } };
}

function planned(
  deps: ActivityDeps,
  { plan: made, pack }: { readonly plan: Plan; readonly pack: DomainPack | null },
  done: PlanState,
): PlanGoalResult {
  const { facts, denied = [] } = done;
  const named = new Set(made.steps.flatMap((step) => step.tools.map(({ tool }) => tool)));
  return {
    kind: 'planned',
    plan: made,
    tools: deps.tools.descriptors().filter(({ name }) => named.has(name)),
    completed: done.succeeded,
    facts: startFacts(made, pack ?? undefined, { facts, denied }),
    callsMade: done.callsMade,
    decisions: deps.decisions,
    ...(deps.decisions === 'local' ? { judging: 'together' as const } : {}),
    verification: isShort(deps, made) ? 'local' : 'remote',
  };
}

/** When no way is left around what failed, the goal failed for that reason: clients look for its code. */
function namedAfterFault(failure: GoalFailure, { repair }: PlanGoalInput): GoalFailure {
  const fault = repair?.faults.at(-1);
  return fault && failure.code === 'plan.none' ? { ...failure, code: fault.code } : failure;
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

/** What the mind refuses is the goal's failure; a quick search that ended too early is none; anything else is a defect. */
async function attempt(
  { effort }: PlanGoalInput,
  make: () => Promise<MadePlan>,
): Promise<MadePlan | GoalFailure | 'needs_time'> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    if (effort === 'quick' && error.details.reason === 'exhausted') return 'needs_time';
    return { code: error.code, message: error.message, hint: error.hint, details: error.details };
  }
}

/** True when the verifiers of all predicates, one after the other, are known to be short. */
function isShort({ tools }: ActivityDeps, { success }: Plan): boolean {
  const bounds = success.map(({ name }) => (name === FACTS_HOLD ? 0 : (tools.verifier(name)?.boundMs ?? Infinity)));
  return bounds.reduce((sum, boundMs) => sum + boundMs, 0) < FAST_LANE_MAX_MS;
}
