import { type DependencyPolicy, dependencyQuestion, type GoalFailure, isTerminal } from '@goalkeeper/domain';
import { type DependencyState, GoalRepository } from '@goalkeeper/persistence';
import type { GateResult, GoalActivities } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';

/** The gate only reads; asking again is harmless. */
export function createGateActivities({ database }: ActivityDeps): Pick<GoalActivities, 'checkGate'> {
  return {
    checkGate: ({ tenantId, goalId, policy }) =>
      database.tenant(tenantId, async (tx) => {
        const goals = new GoalRepository(tx);
        const record = await goals.get(goalId);
        if (!record) throw new Error(`Goal ${goalId} is not stored`);
        return gateOf(
          record.goal.dependsOn,
          policy ?? record.goal.dependencyPolicy,
          await goals.dependencies(record.goal.dependsOn),
        );
      }),
  };
}

/**
 * Decides from where the goals stand that it depends on. One that ended without success shuts the gate for good under
 * `fail`, is a person's to decide under `ask`, and does not count under `skip`. One that is gone counts as failed.
 */
export function gateOf(
  dependsOn: readonly string[],
  policy: DependencyPolicy,
  states: readonly DependencyState[],
): GateResult {
  const stateOf = new Map(states.map(({ id, state }) => [id, state]));
  const lost = dependsOn.filter((id) => {
    const state = stateOf.get(id);
    return state === undefined || (isTerminal(state) && state !== 'succeeded');
  });
  if (lost.length > 0 && policy !== 'skip') {
    const failure = dependencyFailed(lost, states);
    if (policy === 'fail') return { kind: 'failed', failure };
    return { kind: 'ask', question: dependencyQuestion(lost, failure.message), otherwise: failure };
  }
  const unmet = dependsOn.filter((id) => stateOf.get(id) !== 'succeeded' && !lost.includes(id));
  return unmet.length > 0 ? { kind: 'waiting', unmet } : { kind: 'open' };
}

function dependencyFailed(lost: readonly string[], states: readonly DependencyState[]): GoalFailure {
  const names = lost.map((id) => {
    const found = states.find((other) => other.id === id);
    return found ? `"${found.objective || id}" (${found.state})` : `${id} (gone)`;
  });
  return {
    code: 'dependency.failed',
    message: `It depends on ${names.join(', ')}`,
    hint: 'Start the failed goal anew and depend on that, or use dependencyPolicy "skip".',
    details: { goals: [...lost] },
  };
}
