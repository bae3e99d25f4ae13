import type { Observation } from '../observation/observation';
import type { Fact, Plan, PlanFault, PlanStep } from '../planning/plan';
import { factKey, factText } from '../planning/state';

/** Facts that turned out not to hold although a finished step gave them, and the first step that still needs one of them. */
export interface Contradiction {
  readonly facts: readonly Fact[];
  readonly neededBy: PlanStep;
}

/**
 * What an observation says against the plan: it takes away facts, beyond those that its step deletes as planned, which a finished
 * step gave and which a step that is not finished needs. Null when it says nothing of that kind.
 *
 * @param isDone whether a step is finished, the observed one as it was before
 */
export function contradictionIn(
  plan: Pick<Plan, 'steps'>,
  isDone: (stepId: string) => boolean,
  { stepId, outcome, factsRemoved }: Pick<Observation, 'stepId' | 'outcome' | 'factsRemoved'>,
): Contradiction | null {
  if (factsRemoved.length === 0) return null;
  const worked = outcome === 'success' || outcome === 'partial';
  const own = plan.steps.find(({ id }) => id === stepId);
  const planned = new Set(worked ? own?.deletes.map(factKey) : []);
  const denied = factsRemoved.filter((fact) => !planned.has(factKey(fact)));
  const open = plan.steps.filter(({ id }) => !isDone(id) && !(worked && id === stepId));
  return missing(plan, isDone, open, denied);
}

/** Facts that a step needs, that a finished step gave, and that do not hold now. */
export function contradictionAt(
  plan: Pick<Plan, 'steps'>,
  isDone: (stepId: string) => boolean,
  step: PlanStep,
  holding: readonly Fact[],
): Contradiction | null {
  const held = new Set(holding.map(factKey));
  const unmet = step.when.filter((literal) => !literal.not && !held.has(factKey(literal)));
  return missing(plan, isDone, [step], unmet);
}

function missing(
  plan: Pick<Plan, 'steps'>,
  isDone: (stepId: string) => boolean,
  open: readonly PlanStep[],
  denied: readonly Fact[],
): Contradiction | null {
  const made = new Set(plan.steps.filter(({ id }) => isDone(id)).flatMap(({ adds }) => adds.map(factKey)));
  const needs = (step: PlanStep, fact: Fact): boolean =>
    step.when.some((literal) => !literal.not && factKey(literal) === factKey(fact));
  const facts = denied.filter((fact) => made.has(factKey(fact)) && open.some((step) => needs(step, fact)));
  const neededBy = open.find((step) => facts.some((fact) => needs(step, fact)));
  return neededBy ? { facts: facts.map(({ predicate, args }) => ({ predicate, args })), neededBy } : null;
}

/** The fault from which a repair makes again what was lost. */
export function faultOf({ facts, neededBy }: Contradiction, code = 'fact.contradicted'): PlanFault {
  const lost = facts.map(factText).join(', ');
  const message = `${lost} ${facts.length === 1 ? 'does' : 'do'} not hold, and "${neededBy.label}" needs ${facts.length === 1 ? 'it' : 'them'}`;
  return { stepId: neededBy.id, code, message, contradicts: facts };
}
