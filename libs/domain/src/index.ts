export * from './json';
export * from './errors';
export * from './counting';
export * from './public-id';
export * from './goals/goal';
export * from './goals/dependencies';
export * from './goals/goal-progress';
export * from './tools/effect';
export * from './planning/pack';
export * from './planning/plan';
export { parsePack } from './planning/parse-pack';
export { planTask, orderMethods, DEFAULT_MAX_NODES, type PlanInput } from './planning/plan-goal';
export { repairPlan, diffPlans, failureFact, type RepairInput } from './planning/repair-plan';
export { validatePlan, type PlanProblem, type ValidationContext } from './planning/validate-plan';
export type {
  ActionSequence,
  GroundTask,
  HierarchicalPlan,
  PddlAnswer,
  PddlDomain,
  PddlProblem,
  PlanningBudget,
  Position,
} from './planning/pddl/model';
export { parseDomain } from './planning/pddl/parse-domain';
export { parseProblem } from './planning/pddl/parse-problem';
export { PddlSyntaxError } from './planning/pddl/syntax/pddl-syntax-error';
export { writtenNames, type WrittenNames } from './planning/pddl/written-names';
export { readySteps } from './planning/ready-steps';
export { BUILT_IN_PREDICATES, factKey, factText } from './planning/state';
export { fromStep, readFrom } from './planning/terms';
export { matchIntent, type IntentMatch, type IntentOption, type IntentOptions } from './intent/match-intent';
export { resolveTask, checkArguments, type ResolvedTask } from './intent/resolve-task';
export * from './observation/observation';
export { neededPaths } from './planning/needed-paths';
export { observe, valueAt, type ObserveInput } from './observation/observe';
export { analyseObservation, MAX_RETRIES, type AnalyseInput, type StepAttempts } from './observation/analyse';
export * from './selection/selection';
export {
  selectAction,
  scoreOf,
  actionKey,
  PRIOR,
  WEIGHTS,
  EFFECT_RISK,
  type SelectInput,
} from './selection/select-action';
export * from './learning/lesson';
export * from './memory/memory';
export { rankEpisodes, resemblance, type RecallingGoal, type StoredEpisode } from './memory/recall';
export { whatAGoalTeaches, type GoalLesson, type ToolLesson } from './memory/what-a-goal-teaches';
export { formatActionSequence, formatHierarchicalPlan } from './planning/pddl-plan/format-plan';
export { parsePlan, PlanSyntaxError, type ParsedPlan } from './planning/pddl-plan/parse-plan';
export { solve } from './planning/search-pddl/solve';
export { planCost, validatePddlPlan, type PddlPlan } from './planning/pddl-plan/validate-pddl-plan';
export type { PlanFinding, PlanPlace } from './planning/pddl-plan/finding';
export { trainGuidance, type TrainInput } from './planning/guidance/train-guidance';
export {
  type Gate as GuidanceGate,
  type GuidanceModel,
  type Trial as GuidanceTrial,
  weightsOf as guidanceWeightsOf,
  writeGuidanceModel,
} from './planning/guidance/model';
export {
  checkModelDomain,
  GuidanceModelError,
  MAX_MODEL_CHARS,
  readGuidanceModel,
} from './planning/guidance/read-model';
export { domainDigest } from './planning/guidance/domain-digest';
export { type Guidance, guidanceFor } from './planning/guidance/use-guidance';
export { guideBy } from './planning/guidance/guide';
export type { Policy as GuidancePolicy } from './planning/guidance/guided-search';
