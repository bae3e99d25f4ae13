import { plural } from '../counting';
import type { Lesson } from '../learning/lesson';
import type { PlanStep } from '../planning/plan';
import { anomaliesOf } from './measures';
import type { Analysis, NextMove, Observation } from './observation';
import { progressOf } from './progress';
import { orderMoves, type Weighed } from './recovery';

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
  /** Success predicates of the goal, and those of them that are known to hold; absent: the steps alone are counted. */
  readonly predicates?: { readonly total: number; readonly held: number };
  /** Lessons about errors; those that fit this one may change the order of the moves that are allowed, never add one. */
  readonly recoveries?: readonly Extract<Lesson, { kind: 'error_recovery' }>[];
  /** What this tool returned before (`ToolStat.samples`). */
  readonly samples?: Readonly<Record<string, readonly number[]>>;
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
 * alternative · else → replan. Lessons about errors of this kind may put another of these last three first. Anomalies are told,
 * and decide nothing. Progress: see {@link progressOf}.
 */
export function analyseObservation(input: AnalyseInput): Analysis {
  const total = input.stepCount;
  const progress = progressOf(total, input.done, input.predicates);
  const { outcome } = input.observation;
  const worked = outcome === 'success' || outcome === 'partial';
  const { next, reason, retryAfterMs = 0, lessons = [] } = worked ? afterSuccess(input, total) : afterFailure(input);
  const anomalies = worked ? anomaliesOf(input.observation.measures ?? {}, input.samples ?? {}) : [];
  return {
    stepId: input.step.id,
    next,
    reason,
    progress,
    retryAfterMs,
    ...(anomalies.length > 0 ? { anomalies } : {}),
    ...(lessons.length > 0 ? { lessons } : {}),
  };
}

interface Move {
  readonly next: NextMove;
  readonly reason: string;
  readonly retryAfterMs?: number;
  readonly lessons?: readonly Weighed[];
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

function afterFailure(input: AnalyseInput): Move {
  const { step, observation, maxSteps, callsSoFar, contradicts } = input;
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
  const { moves, lessons } = orderMoves(allowedMoves(input, code), observation, input.recoveries ?? []);
  const [first] = moves;
  if (!first) throw new Error('analyse: replanning is always allowed');
  const taught = lessons.find(({ changed }) => changed);
  const because = taught ? ` (lesson ${taught.id}: ${taught.why})` : '';
  return { ...first, reason: `${first.reason}${because}`, lessons };
}

/** What the rules allow after a failure, in the order in which they prefer it. */
function allowedMoves({ step, observation, attempts }: AnalyseInput, code: string): Move[] {
  const moves: Move[] = [];
  const failures = attempts.find(({ tool }) => tool === observation.tool)?.failures ?? 1;
  if (observation.error?.duration === 'transient' && failures <= MAX_RETRIES) {
    const retryAfterMs = FIRST_RETRY_MS * 2 ** (Math.max(1, failures) - 1);
    const reason = `${code} may pass: try ${failures + 1} in ${retryAfterMs / 1000} s`;
    moves.push({ next: 'retry', reason, retryAfterMs });
  }
  const tried = new Set([observation.tool, ...attempts.filter(({ failures: n }) => n > 0).map(({ tool }) => tool)]);
  const other = step.tools.find(({ tool }) => !tried.has(tool));
  if (other) {
    const reason = `${observation.tool} failed (${code}); ${other.tool} can do "${step.label}" too`;
    moves.push({ next: 'alternative', reason });
  }
  const why = other ? 'another plan may avoid it' : 'no other tool does it';
  moves.push({ next: 'replan', reason: `"${step.label}" failed for good (${code}) and ${why}` });
  return moves;
}
