export * from './json';
export * from './errors';
export * from './counting';
export * from './public-id';
export * from './goals/goal';
export * from './goals/dependencies';
export { seededRandom } from './chance';
export * from './goals/goal-progress';
export { distance } from './intent/distance';
export { heldOf, progressOf } from './observation/progress';
export * from './goals/contradictions';
export * from './goals/loop-guard';
export * from './goals/answer-problem';
export * from './goals/question';
export * from './goals/step-questions';
export { questionAbout, taskOf } from './goals/intent-question';
export * from './tools/effect';
export * from './planning/pack';
export * from './planning/plan';
export { parsePack } from './planning/parse-pack';
export { offerProblems, type OfferSurroundings } from './planning/check-offer';
export * from './planning/sub-goal';
export * from './planning/sub-goal-tool';
export { planTask, orderMethods, DEFAULT_MAX_NODES, type PlanInput } from './planning/plan-goal';
export { learnedOrder } from './planning/learned-order';
export { BLAMES, blameOf, speaksOfTool, type Blame, type Blamed } from './observation/blame';
export { repairPlan, diffPlans, type RepairInput } from './planning/repair-plan';
export { failureFact } from './planning/failure-fact';
export { FACTS_HOLD, packOfDomain, PROBLEM_TASK } from './planning/pddl-pack/pack-of-domain';
export { estimatePlan, type EstimateBasis, type PlanEstimate, type StepEstimate } from './planning/estimate-plan';
export { goalFacts, startFacts } from './planning/pddl-pack/goal-facts';
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
export { COMPARISONS, areConditions, type Comparison, type WordedCondition } from './intent/condition';
export { contentStems } from './intent/words';
export { matchIntent, type IntentMatch, type IntentOption, type IntentOptions } from './intent/match-intent';
export { resolveTask, checkArguments, type ResolvedTask, type ResolveOptions } from './intent/resolve-task';
export { offerOf, type Offer, type Unavailable } from './planning/offer';
export * from './observation/observation';
export { neededPaths } from './planning/needed-paths';
export { observe, valueAt, type ObserveInput } from './observation/observe';
export { analyseObservation, MAX_RETRIES, type AnalyseInput, type StepAttempts } from './observation/analyse';
export { fitsTemplate, maskError, mineTemplates, signatureOf, type MinedTemplate } from './observation/error-template';
export { anomaliesOf, measuresOf } from './observation/measures';
export { errorKinds, type ErrorKind, type SeenError } from './observation/error-kinds';
export * from './selection/selection';
export { selectAction, type SelectInput } from './selection/select-action';
export { scoreOf, PRIOR, WEIGHTS, EFFECT_RISK, BACK_OFF } from './selection/posterior';
export { actionKey, CIRCUIT_FAILURES } from './selection/gates';
export { contextOf } from './selection/context';
export { decisiveFactor } from './selection/decisive';
export { applyCalibration, type CalibrationMap } from './selection/calibration-map';
export * from './selection/calibration';
export * from './learning/lesson';
export { lessonsForStep } from './selection/lessons-for-step';
export { canChooseAhead, knownForSteps } from './selection/known-for-steps';
export * from './memory/memory';
export { rankEpisodes, resemblance, type RecallingGoal, type StoredEpisode } from './memory/recall';
export { plainWords } from './memory/plain-words';
export { whatAGoalTeaches, type GoalLesson, type ToolLesson } from './memory/what-a-goal-teaches';
export { formatActionSequence, formatHierarchicalPlan } from './planning/pddl-plan/format-plan';
export { parsePlan, PlanSyntaxError, type ParsedPlan } from './planning/pddl-plan/parse-plan';
export { solve } from './planning/search-pddl/solve';
export { planCost, validatePddlPlan, type PddlPlan } from './planning/pddl-plan/validate-pddl-plan';
export type { PlanFinding, PlanPlace } from './planning/pddl-plan/finding';
export {
  CONTROL_SHARE,
  DEFAULT_SETTINGS,
  sinceMs,
  toLesson,
  type Candidate as LessonCandidate,
  type LearningSettings,
  type LessonChange,
  type LessonRecord,
  type LessonStatistics,
  type TrialResult,
  type TrialSide,
} from './learning/lesson-record';
export { advance, advancing, FORGET_AFTER_MS, type AdvanceInput, type Advanced } from './learning/advance';
export { admit, ADMISSION_GATES, CAPACITY, type AdmissionGate, type Refusal } from './learning/admit';
export { BARS, HARMFUL as HARM_REASON, type TrialAssignment } from './learning/judge';
export { gatherEvidence, type FinishedGoal } from './learning/gather-evidence';
export {
  EVIDENCE_GOALS,
  weightsOf,
  decayedWeight,
  type Attempt,
  type GoalEvidence,
  type HalfLives,
} from './learning/evidence';
export * from './learning/apply-lessons';
export { contextBucket, featureBucket } from './learning/buckets';
export { errorSignature, errorTemplate } from './learning/error-template';
export { digest64, draw } from './learning/draw';
export { findSecrets } from './learning/secrets';
export { problemsOfBody } from './learning/check-lesson';
export * from './learning/admit-imported';
export * from './learning/report-harm';
export * from './learning/taint';
export { compareGoals, median, scoreOfGoal } from './learning/compare';
export { liftOf, sequence, type ArmSummary, type Interval, type Lift, type ReportGoal } from './learning/report-lift';
export { proposeAll } from './learning/proposers';
export {
  canBeGuided,
  LEAST_PROBLEMS,
  type SolvedGoal,
  type TrainedModel,
  trainOnGoals,
} from './learning/train-on-goals';
export { collectLessons, learnGuidance, trainGuidance, type TrainInput } from './planning/guidance/train-guidance';
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
