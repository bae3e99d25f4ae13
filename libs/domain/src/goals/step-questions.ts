import type { Observation } from '../observation/observation';
import type { PlanStep } from '../planning/plan';
import type { Decision } from '../selection/selection';
import type { NewQuestion } from './question';

const GIVE_UP = { id: 'give_up', label: 'End the goal' } as const;
const givingUp = { choice: GIVE_UP.id, value: null } as const;

/**
 * What became of an effect that nobody recorded the end of.
 *
 * @param callNo the call whose end is unknown, so that a later one is a question of its own
 * @param isResultNeeded other steps use what the call returns: then a "yes" alone does not help
 */
export function effectQuestion(
  step: Pick<PlanStep, 'id' | 'label'>,
  observation: Pick<Observation, 'tool' | 'summary'>,
  { callNo, isResultNeeded }: { readonly callNo: number; readonly isResultNeeded: boolean },
): NewQuestion {
  const happened = { id: 'happened', label: 'It happened: go on with the next step' };
  const notHappened = { id: 'not_happened', label: 'It did not happen: do it now' };
  return {
    key: `effect:${step.id}:${callNo}`,
    kind: 'effect',
    text: `It is not known whether "${step.label}" (${observation.tool}) took effect: ${observation.summary}. Look there: did it happen?`,
    choices: isResultNeeded ? [notHappened, GIVE_UP] : [happened, notHappened, GIVE_UP],
    schema: null,
    onExpiry: givingUp,
    context: { stepId: step.id, tool: observation.tool, callNo },
  };
}

/** Below this probability of success an action is not taken without asking: it fails four times in five. */
const ASK_BELOW = 0.2;

/** True when a person should say whether the best action is taken: selection advises it, or it will almost surely fail. */
export function isDoubtful({ advice, confidence }: Pick<Decision, 'advice' | 'confidence'>): boolean {
  return advice === 'ask' || (advice !== 'gather' && confidence < ASK_BELOW);
}

/** The action that a decision takes although it probably fails, against the others that could be taken. */
export function confidenceQuestion(
  step: Pick<PlanStep, 'id' | 'label'>,
  decision: Decision,
  callNo: number,
): NewQuestion {
  const percent = Math.round(decision.confidence * 100);
  const chosen = decision.chosen?.tool ?? '';
  const others = decision.candidates.filter(({ score, tool }) => score !== null && tool !== chosen);
  return {
    key: `confidence:${step.id}:${callNo}`,
    kind: 'confidence',
    text: `The best way to do "${step.label}" is ${chosen}, and that works in ${percent} of 100 cases. Try it?`,
    choices: [
      { id: 'go_ahead', label: `Try ${chosen}` },
      ...others.map(({ tool }) => ({ id: `use:${tool}`, label: `Take ${tool} instead`, value: tool })),
      GIVE_UP,
    ],
    schema: null,
    onExpiry: givingUp,
    context: { stepId: step.id, confidence: decision.confidence },
  };
}

/** The decision as a person made it. */
export function decidedByPerson(decision: Decision, tool: string, by: string): Decision {
  const candidate = decision.candidates.find((other) => other.tool === tool && other.score !== null);
  if (!candidate) return decision;
  const { bindingIndex, factors } = candidate;
  const reason = `${by} chose ${tool}; without that: ${decision.reason}`;
  return { ...decision, chosen: { tool, bindingIndex }, confidence: factors?.p ?? decision.confidence, reason };
}

/** Whether a goal goes on without those that it depends on and that failed. */
export function dependencyQuestion(lost: readonly string[], message: string): NewQuestion {
  return {
    key: `dependency:${[...lost].sort().join(',')}`,
    kind: 'dependency',
    text: `${message}. Go on without?`,
    choices: [
      { id: 'go_on', label: 'Go on without it' },
      { id: 'fail', label: 'Let this goal fail too' },
    ],
    schema: null,
    onExpiry: { choice: 'fail', value: null },
    context: { goals: [...lost] },
  };
}
