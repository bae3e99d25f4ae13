import type { Analysis, GoalFailure, Observation, PlanStep } from '@goalkeeper/domain/workflow';

/** Why a goal ends at a step that neither another call nor another plan may help. */
export function endOf(step: PlanStep, observation: Observation, analysis: Analysis): GoalFailure {
  const isUncertain = analysis.next === 'ask';
  return {
    code: isUncertain ? 'effect.uncertain' : 'goal.given_up',
    message: `${step.label}: ${analysis.reason}`,
    hint: isUncertain
      ? 'Find out outside whether the effect happened, then start the goal anew.'
      : 'Raise maxSteps, or ask for less.',
    details: { step: step.label, tool: observation.tool },
  };
}
