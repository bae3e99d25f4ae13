import { isTerminal, type Plan, type TerminalState, whatAGoalTeaches } from '@goalkeeper/domain';
import {
  ClosingRepository,
  CommandRepository,
  type EntityManager,
  type GoalLessons,
  GoalRepository,
  newId,
  type NewLesson,
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
      await close(new ClosingRepository(deps.database, input.ref), input);
      deps.wakeups.publish(input.ref.goalId, 'ended');
      deps.log.info({ ...input.ref, state: input.state, code: input.failure?.code }, 'goal.ended');
    },
    async recordTransition(input) {
      await deps.database.tenant(input.ref.tenantId, (tx) => recordTransition(tx, input));
      deps.wakeups.publish(input.ref.goalId, 'moved');
    },
  };
}

async function close(closing: ClosingRepository, input: LearnFromGoalInput): Promise<void> {
  const { state, failure, verified } = input;
  const known = await closing.lessons(input.analyses);
  if (!known || isTerminal(known.state)) return;
  await closing.close({
    to: state,
    reason: failure?.message ?? 'every success predicate was verified',
    failure,
    verified,
    lesson: teaches(state) && known.plan ? lessonOf(known, known.plan, verified) : null,
  });
}

/** A goal that was stopped from outside says nothing about the ways it took. */
function teaches(state: TerminalState): boolean {
  return state === 'succeeded' || state === 'failed';
}

function lessonOf({ objective, observations }: GoalLessons, plan: Plan, verified: boolean): NewLesson {
  const { episode, tools, methods } = whatAGoalTeaches({ plan, observations, verified });
  const data = {
    kind: 'episode',
    outcome: episode.outcome,
    tools: tools
      .filter(({ context, successes, failures }) => context === undefined && successes + failures > 0)
      .map(({ tool, successes, failures }) => ({ tool, successes, failures })),
    methods: methods.map(({ task, method }) => ({ task, method })),
  };
  return {
    episode: { id: newId(), objective, ...episode },
    tools,
    methods,
    events: [{ type: 'memory.written', data }],
  };
}

async function recordTransition(tx: EntityManager, { ref, state, reason, commandId }: TransitionInput): Promise<void> {
  await new GoalRepository(tx).transition(ref.goalId, { to: state, reason });
  if (commandId) await new CommandRepository(tx).answer(commandId, 'applied', { state });
}
