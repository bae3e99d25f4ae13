import { plural } from '../counting';
import type { PlanStep } from '../planning/plan';
import type { Analysis, NextMove, Observation } from './observation';

/** How often a tool failed at a step, the newest failure included. */
export interface StepAttempts {
  readonly tool: string;
  readonly failures: number;
}

export interface AnalyseInput {
  /** Steps of the current plan. */
  readonly stepCount: number;
  readonly step: PlanStep;
  readonly observation: Observation;
  /** Steps of the plan that succeeded, this one included when it did. */
  readonly done: number;
  readonly attempts: readonly StepAttempts[];
  /** Tool calls that the goal may make at most, and has made. */
  readonly maxSteps: number;
  readonly callsSoFar: number;
  /** What the observation says against facts that the plan relies on; see `contradictionIn`. */
  readonly contradicts?: string | null;
}

/** Times a call that failed transiently is repeated, waiting 1 s, 2 s, 4 s. */
export const MAX_RETRIES = 3;
const FIRST_RETRY_MS = 1000;

/**
 * What an observation means for the goal. Rules, first match wins:
 * all steps done → finish · this step done → continue · uncertain effect → ask · no calls left → give_up · a fact contradicted that
 * the plan relies on → repair, also after a success ·
 * transient and retried fewer than {@link MAX_RETRIES} times → retry after 1 s, 2 s, 4 s · another tool not tried yet →
 * alternative · else → replan. Progress = steps done / steps of this revision.
 */
export function analyseObservation(input: AnalyseInput): Analysis {
  const total = input.stepCount;
  const progress = total === 0 ? 1 : Math.min(1, Math.max(0, input.done) / total);
  const { outcome } = input.observation;
  const worked = outcome === 'success' || outcome === 'partial';
  const { next, reason, retryAfterMs = 0 } = worked ? afterSuccess(input, total) : afterFailure(input);
  return { stepId: input.step.id, next, reason, progress, retryAfterMs };
}

interface Move {
  readonly next: NextMove;
  readonly reason: string;
  readonly retryAfterMs?: number;
}

function afterSuccess(
  { step, observation, done, maxSteps, callsSoFar, contradicts }: AnalyseInput,
  total: number,
): Move {
  if (done >= total)
    return { next: 'finish', reason: total === 1 ? 'its only step is done' : `all ${total} steps are done` };
  if (callsSoFar >= maxSteps)
    return {
      next: 'give_up',
      reason: `the limit of ${plural(maxSteps, 'call')} is reached with ${done} of ${plural(total, 'step')} done`,
    };
  if (contradicts) return { next: 'repair', reason: contradicts };
  const how = observation.outcome === 'partial' ? 'was done in part' : 'is done';
  return { next: 'continue', reason: `"${step.label}" ${how}: ${done} of ${plural(total, 'step')}` };
}

function afterFailure({ step, observation, attempts, maxSteps, callsSoFar, contradicts }: AnalyseInput): Move {
  const code = observation.error?.code ?? observation.outcome;
  if (observation.outcome === 'uncertain') {
    return {
      next: 'ask',
      reason: `it is not known whether "${step.label}" took effect (${code}); repeating it could do it twice`,
    };
  }
  if (callsSoFar >= maxSteps)
    return {
      next: 'give_up',
      reason: `the limit of ${plural(maxSteps, 'call')} is reached and "${step.label}" failed (${code})`,
    };
  if (contradicts) return { next: 'repair', reason: contradicts };
  const failures = attempts.find(({ tool }) => tool === observation.tool)?.failures ?? 1;
  if (observation.error?.duration === 'transient' && failures <= MAX_RETRIES) {
    const retryAfterMs = FIRST_RETRY_MS * 2 ** (Math.max(1, failures) - 1);
    return { next: 'retry', reason: `${code} may pass: try ${failures + 1} in ${retryAfterMs / 1000} s`, retryAfterMs };
  }
  const tried = new Set([observation.tool, ...attempts.filter(({ failures: n }) => n > 0).map(({ tool }) => tool)]);
  const other = step.tools.find(({ tool }) => !tried.has(tool));
  if (other)
    return {
      next: 'alternative',
      reason: `${observation.tool} failed (${code}); ${other.tool} can do "${step.label}" too`,
    };
  return { next: 'replan', reason: `"${step.label}" failed for good (${code}) and no other tool does it` };
}
