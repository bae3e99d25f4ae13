import type { Observation } from '@goalkeeper/domain';
import { type NewEvent, newId, QuestionRepository, SettlementRepository } from '@goalkeeper/persistence';
import type { GoalActivities, SettleEffectInput } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';

type QuestionActivities = Pick<GoalActivities, 'storeQuestion' | 'expireQuestion' | 'settleEffect'>;

/**
 * A question is stored under a key of its goal, is answered once, and what follows from the answer is done once: so each of these may
 * be repeated, by a retry or by a workflow that begins anew.
 */
export function createQuestionActivities({ database, wakeups }: ActivityDeps): QuestionActivities {
  return {
    async storeQuestion({ ref, question, withinMs }) {
      const stored = await database.tenant(ref.tenantId, (tx) =>
        new QuestionRepository(tx).ask(ref.goalId, { ...question, id: newId() }, withinMs),
      );
      wakeups.publish(ref.goalId, 'moved');
      return { id: stored.id, expiresAtMs: stored.expiresAt.getTime(), answer: stored.answer };
    },
    async expireQuestion({ ref, questionId, state }) {
      const answer = await database.tenant(ref.tenantId, (tx) => new QuestionRepository(tx).expire(questionId, state));
      wakeups.publish(ref.goalId, 'moved');
      return answer;
    },
    async settleEffect(input) {
      const { ref, step, tool, callNo, analyses } = input;
      const settled = { goalId: ref.goalId, stepId: step.id, tool: tool.name, callNo };
      const observation = input.happened ? wordOf(input) : null;
      const events = observation ? completed(input, observation) : [];
      await database.tenant(ref.tenantId, (tx) =>
        new SettlementRepository(tx).settle(settled, observation && { observation, analyses, events }),
      );
      wakeups.publish(ref.goalId, 'moved');
      return observation;
    },
  };
}

/** What a person says of an effect, as an observation: the step's facts hold from now on. */
function wordOf({ step, tool, by }: SettleEffectInput): Observation {
  return {
    stepId: step.id,
    tool: tool.name,
    outcome: 'success',
    error: null,
    evidence: [{ check: 'the effect happened', holds: true, seen: `${by} says so` }],
    factsAdded: step.adds,
    factsRemoved: step.deletes,
    summary: `done, as ${by} says`.slice(0, 200),
    durationMs: 0,
    costUsd: tool.costUsd,
    replayed: true, // nothing was dispatched, and it says nothing of the tool
  };
}

function completed({ step, tool, callNo, by }: SettleEffectInput, { summary, costUsd }: Observation): NewEvent[] {
  const data = { stepId: step.id, label: step.label, tool: tool.name, callNo: callNo + 1, confirmedBy: by };
  const done = { ...data, durationMs: 0, costUsd, summary, replayed: true };
  return [
    {
      type: 'observation.recorded',
      stepId: step.id,
      data: { ...data, outcome: 'success', error: null, checks: 1, broken: 0 },
    },
    { type: 'step.completed', stepId: step.id, data: done },
  ];
}
