/**
 * What deterministic code needs of the mind: bookkeeping alone. A workflow's sandbox runs its whole bundle anew for every goal,
 * so planners, words and packs stay out of it.
 */
export { isFastLane, type ToolDescriptor } from './tools/effect';
export { type Goal, type GoalFailure, type GoalState, isTerminal, type TerminalState } from './goals/goal';
export {
  applyObservation,
  applyPlan,
  applyVerification,
  attemptsAfterFailure,
  contradictionOf,
  type GoalProgress,
  isPlanDone,
  MAX_REVISIONS,
  nextSteps,
  startGoal,
  startStep,
  type StepState,
  stepsIn,
} from './goals/goal-progress';
export { foregoneMove } from './observation/foregone';
export type { Analysis, Judgement, Observation } from './observation/observation';
export { contradictionAt, faultOf } from './goals/contradictions';
export { loopBans, type LoopRecord, loopVerdict, NO_LOOPS, noteCall } from './goals/loop-guard';
export { ANSWER_WITHIN_MS, type Answer, type NewQuestion, unanswered } from './goals/question';
export { confidenceQuestion, decidedByPerson, effectQuestion, isDoubtful } from './goals/step-questions';
export type { Fact, Plan, PlanStep } from './planning/plan';
export { SUB_GOAL } from './planning/sub-goal-tool';
export { neededPaths } from './planning/needed-paths';
export { lessonsOf } from './learning/lesson';
export { lessonsForStep } from './selection/lessons-for-step';
export { canChooseAhead, knownForSteps } from './selection/known-for-steps';
export type { Decision } from './selection/selection';
export type { Recall } from './memory/memory';
