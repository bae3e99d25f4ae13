import { isTerminal, type Plan, type TerminalState, whatAGoalTeaches } from '@goalkeeper/domain';
import {
  CommandRepository,
  type EntityManager,
  EventRepository,
  GoalRepository,
  MemoryRepository,
  newId,
  PlanRepository,
  StepRepository,
} from '@goalkeeper/persistence';
import type { GoalActivities, LearnFromGoalInput, TransitionInput } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';

/**
 * Both store a change of state under a guard: nothing leaves a final state, and a change that is there already is not made
 * again; so a retry adds nothing.
 */
export function createClosingActivities(
  deps: ActivityDeps,
): Pick<GoalActivities, 'learnFromGoal' | 'recordTransition'> {
  return {
    async learnFromGoal(input) {
      await deps.database.tenant(input.ref.tenantId, (tx) => close(tx, input));
      deps.wakeups.publish(input.ref.goalId, 'ended');
      deps.log.info({ ...input.ref, state: input.state, code: input.failure?.code }, 'goal.ended');
    },
    async recordTransition(input) {
      await deps.database.tenant(input.ref.tenantId, (tx) => recordTransition(tx, input));
      deps.wakeups.publish(input.ref.goalId, 'moved');
    },
  };
}

async function close(tx: EntityManager, input: LearnFromGoalInput): Promise<void> {
  const { goalId } = input.ref;
  const goals = new GoalRepository(tx);
  await new StepRepository(tx).saveAnalyses(goalId, input.analyses);
  const record = await goals.get(goalId);
  if (!record || isTerminal(record.state)) return;
  const planned = teaches(input.state) ? await new PlanRepository(tx).latest(goalId) : null;
  const { objective } = record.goal;
  if (planned) await learn(tx, { goalId, objective, plan: planned.plan, verified: input.verified });
  await goals.transition(goalId, {
    to: input.state,
    reason: input.failure?.message ?? 'every success predicate was verified',
    failure: input.failure,
    verified: input.verified,
    ...(input.verified ? { progress: 1 } : {}),
  });
}

/** A goal that was stopped from outside says nothing about the ways it took. */
function teaches(state: TerminalState): boolean {
  return state === 'succeeded' || state === 'failed';
}

interface Ended {
  readonly goalId: string;
  readonly objective: string;
  readonly plan: Plan;
  readonly verified: boolean;
}

/** The episode first: where it is there already, its lessons are counted already. */
async function learn(tx: EntityManager, { goalId, objective, plan, verified }: Ended): Promise<void> {
  const memory = new MemoryRepository(tx);
  const calls = await new StepRepository(tx).calls(goalId);
  const observations = calls.flatMap(({ observation }) => (observation ? [observation] : []));
  const lesson = whatAGoalTeaches({ plan, observations, verified });
  if (!(await memory.addEpisode({ id: newId(), goalId, objective, ...lesson.episode }))) return;
  await memory.bumpToolStats(lesson.tools);
  await memory.bumpMethodStats(lesson.methods);
  const data = {
    kind: 'episode',
    outcome: lesson.episode.outcome,
    tools: lesson.tools.map(({ tool, successes, failures }) => ({ tool, successes, failures })),
    methods: lesson.methods.map(({ task, method }) => ({ task, method })),
  };
  await new EventRepository(tx).append(goalId, [{ type: 'memory.written', data }]);
}

async function recordTransition(tx: EntityManager, { ref, state, reason, commandId }: TransitionInput): Promise<void> {
  await new GoalRepository(tx).transition(ref.goalId, { to: state, reason });
  if (commandId) await new CommandRepository(tx).answer(commandId, 'applied', { state });
}
