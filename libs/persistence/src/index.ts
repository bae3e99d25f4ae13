export { openDatabase, type Database, type DatabaseOptions } from './database/database';
export type { DatabaseLog } from './log';
export * from './errors';
export { newId, isUuid } from './ids';
export { sqlState } from './database/transaction';
export { rows, row, json, text } from './sql';
export {
  GoalRepository,
  type GoalPage,
  type Transition,
  type DependencyState,
  type DependencyEdge,
} from './goals/goal.repository';
export { GoalStore, isPlain, type Acceptance } from './goals/goal.store';
export type { GoalRecord } from './goals/goal-record';
export type { GoalEvent, GoalPatch, NewEvent } from './goals/event';
export { EventRepository } from './goals/event.repository';
export * from './goals/closing.repository';
export * from './goals/question.repository';
export * from './goals/settlement.repository';
export * from './goals/sub-goal.repository';
export { PlanRepository, PlanStore, type PlanDiff, type PlanRecord, type PlanState } from './planning/plan.repository';
export * from './observation/step';
export { StepRepository } from './observation/step.repository';
export { CallRepository, GoalStoppedError } from './observation/call.repository';
export * from './observation/call';
export type { FrameTx } from './database/frame';
export { VerificationRepository, VerificationStore, type WorkDone } from './observation/verification.repository';
export { EffectRepository, type EffectRecord } from './tools/effect.repository';
export { ToolRepository } from './tools/registry.repository';
export * from './tools/pack.repository';
export * from './memory/episode.repository';
export * from './memory/memory.repository';
export * from './selection/calibration.repository';
export * from './observation/error.repository';
export * from './commands/command.repository';
export * from './commands/outbox.repository';
export * from './commands/idempotency.repository';
export * from './artifacts/artifact.repository';
export * from './tenants/tenant.repository';
export * from './tenants/token.repository';
export * from './audit/audit.repository';
export type { EntityManager } from 'typeorm';
export * from './learning/learning.repository';
export * from './learning/lesson.repository';
export * from './learning/learning-report.repository';
export * from './learning/erasure.repository';
export * from './learning/forgetting.repository';
export type { LearningState } from './learning/lesson-row';
export * from './memory/episode-search.repository';
