import type { Analysis, Observation } from '../observation/observation';
import type { StepAttempts } from '../observation/analyse';
import { heldOf, progressOf } from '../observation/progress';
import type { Fact, Plan, PlanFault, PlanStep } from '../planning/plan';
import { nextState, stateOf } from '../planning/state';
import { type Contradiction, contradictionIn, faultOf } from './contradictions';
import { readySteps } from '../planning/ready-steps';

export type StepState = 'pending' | 'running' | 'succeeded' | 'failed';

/** Revisions of a plan at most: replanning is bounded. */
export const MAX_REVISIONS = 10;

/**
 * How far a goal is: the value that a workflow keeps between two awaits. Plain JSON; every function here returns a new
 * value.
 */
export interface GoalProgress {
  readonly plan: Plan | null;
  /** Revision of the plan; 0 before the first. */
  readonly revision: number;
  readonly stepStates: Readonly<Record<string, StepState>>;
  /** Failures by tool, for steps that failed at least once. */
  readonly attempts: Readonly<Record<string, readonly StepAttempts[]>>;
  /** What holds now: the `facts` of selection. */
  readonly facts: readonly Fact[];
  readonly callsMade: number;
  /** What failed since the current revision was made. */
  readonly faults: readonly PlanFault[];
  /** 0..1, from the newest analysis of this revision. */
  readonly progress: number;
}

/** Before anything was planned. */
export function startGoal(facts: readonly Fact[] = []): GoalProgress {
  return {
    plan: null,
    revision: 0,
    stepStates: {},
    attempts: {},
    facts,
    callsMade: 0,
    faults: [],
    progress: 0,
  };
}

/** Takes a first plan or a revision: what succeeded or runs in it stays so, the rest is pending, the faults are dealt with. */
export function applyPlan(progress: GoalProgress, plan: Plan): GoalProgress {
  const stepStates: Record<string, StepState> = {};
  const attempts: Record<string, readonly StepAttempts[]> = {};
  for (const { id } of plan.steps) {
    const before = progress.stepStates[id];
    stepStates[id] = before === 'succeeded' || before === 'running' ? before : 'pending';
    const tried = progress.attempts[id];
    if (tried) attempts[id] = tried;
  }
  const done = Object.values(stepStates).filter((state) => state === 'succeeded').length;
  const share = progressOf(plan.steps.length, done, { total: plan.success.length, held: 0 });
  return { ...progress, plan, revision: plan.revision, stepStates, attempts, faults: [], progress: share };
}

/** Takes what the checks of its success predicates found: 1 when all of them hold. Never falls. */
export function applyVerification(
  progress: GoalProgress,
  found: { readonly checks: number; readonly broken: number },
): GoalProgress {
  if (!progress.plan) return progress;
  const { steps, success } = progress.plan;
  const done = stepsIn(progress, 'succeeded').length;
  const share = progressOf(steps.length, done, { total: success.length, held: heldOf(success.length, found) });
  return { ...progress, progress: Math.max(progress.progress, share) };
}

/** Counts a call and marks its step as running. */
export function startStep(progress: GoalProgress, stepId: string): GoalProgress {
  return { ...withState(progress, stepId, 'running'), callsMade: progress.callsMade + 1 };
}

/**
 * Takes what came back and what it means. Facts change as observed; a failure is counted against its tool; a step to be
 * retried or asked about is pending again, one that is given up has failed and becomes a fault for the next revision.
 */
export function applyObservation(progress: GoalProgress, observation: Observation, analysis: Analysis): GoalProgress {
  const { stepId, outcome } = observation;
  // A step that left the plan while it ran no longer counts, but what it changed holds.
  const known = progress.stepStates[stepId] !== undefined;
  const facts = [...nextState(stateOf(progress.facts), observation.factsAdded, observation.factsRemoved).values()];
  if (!known) return { ...progress, facts };
  if (analysis.next === 'repair') return withLoss({ ...progress, facts }, observation, analysis);
  if (outcome === 'success' || outcome === 'partial') {
    const next = withState({ ...progress, facts }, stepId, 'succeeded');
    return { ...next, progress: Math.max(progress.progress, analysis.progress) };
  }
  const failures = countFailure(progress.attempts[stepId] ?? [], observation.tool);
  const attempts = { ...progress.attempts, [stepId]: failures };
  if (analysis.next === 'retry' || analysis.next === 'alternative' || analysis.next === 'ask') {
    return { ...withState(progress, stepId, 'pending'), attempts, facts };
  }
  const fault = {
    stepId,
    code: observation.error?.code ?? outcome,
    message: observation.error?.message ?? observation.summary,
    ...(observation.error?.blame ? { blame: observation.error.blame } : {}),
  };
  return { ...withState(progress, stepId, 'failed'), attempts, facts, faults: [...progress.faults, fault] };
}

/** A fact is lost that the plan relies on: a step that failed for that is not to blame, and neither is its tool. */
function withLoss(progress: GoalProgress, observation: Observation, analysis: Analysis): GoalProgress {
  const { stepId, outcome, error } = observation;
  const worked = outcome === 'success' || outcome === 'partial';
  const lost = contradictionOf(progress, observation);
  const faults = lost ? [...progress.faults, faultOf(lost, error?.code)] : progress.faults;
  const next = withState({ ...progress, faults }, stepId, worked ? 'succeeded' : 'pending');
  return worked ? { ...next, progress: Math.max(progress.progress, analysis.progress) } : next;
}

/** What an observation says against the facts that the rest of the plan relies on; null when nothing. */
export function contradictionOf(progress: GoalProgress, observation: Observation): Contradiction | null {
  const isDone = (id: string): boolean => progress.stepStates[id] === 'succeeded';
  return progress.plan && contradictionIn(progress.plan, isDone, observation);
}

/** Failures of this step by tool as they stand after one more failure of `tool`; what `analyseObservation` asks for. */
export function attemptsAfterFailure(progress: GoalProgress, stepId: string, tool: string): readonly StepAttempts[] {
  return countFailure(progress.attempts[stepId] ?? [], tool);
}

function countFailure(attempts: readonly StepAttempts[], tool: string): readonly StepAttempts[] {
  const before = attempts.find((entry) => entry.tool === tool);
  if (!before) return [...attempts, { tool, failures: 1 }];
  return attempts.map((entry) => (entry === before ? { tool, failures: entry.failures + 1 } : entry));
}

function withState(progress: GoalProgress, stepId: string, state: StepState): GoalProgress {
  return { ...progress, stepStates: { ...progress.stepStates, [stepId]: state } };
}

/** Ids of the steps of the current plan that are in a state. */
export function stepsIn(progress: GoalProgress, state: StepState): readonly string[] {
  return Object.entries(progress.stepStates).flatMap(([id, own]) => (own === state ? [id] : []));
}

/** The steps that may start now; failed ones wait for the next revision. */
export function nextSteps(progress: GoalProgress, parallelism: number): readonly PlanStep[] {
  if (!progress.plan) return [];
  const done = new Set(stepsIn(progress, 'succeeded'));
  const running = new Set(stepsIn(progress, 'running'));
  return readySteps(progress.plan, done, running, progress.plan.steps.length + running.size)
    .filter(({ id }) => progress.stepStates[id] === 'pending')
    .slice(0, Math.max(0, parallelism - running.size));
}

/** True when every step of the plan succeeded. */
export function isPlanDone(progress: GoalProgress): boolean {
  return progress.plan !== null && progress.plan.steps.every(({ id }) => progress.stepStates[id] === 'succeeded');
}
