import type { Outcome } from './observation';

/** What of an analysis' input says whether its move is settled beforehand. */
export interface ForegoneInput {
  readonly stepCount: number;
  readonly done: number;
  readonly maxSteps: number;
  readonly callsSoFar: number;
  readonly observation: { readonly outcome: Outcome };
  readonly contradicts?: string | null;
}

/**
 * The move that `analyseObservation` will choose for a plain success, whatever else it is told: lessons, samples and progress
 * have no say in it, and nothing is waited for. So a goal may go on, and have such successes judged together later.
 *
 * @returns null where only the analysis can tell: no success, the limit of calls reached, or a fact of the plan contradicted
 */
export function foregoneMove(input: ForegoneInput): 'continue' | 'finish' | null {
  if (input.observation.outcome !== 'success') return null;
  if (input.done >= input.stepCount) return 'finish';
  return input.callsSoFar < input.maxSteps && !input.contradicts ? 'continue' : null;
}
