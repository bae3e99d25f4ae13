import { ArtifactRow } from './artifacts/artifact.entity';
import { AuditEntryRow, AuditHeadRow } from './audit/audit.entity';
import { GoalCommandRow, OutboxRow } from './commands/command.entity';
import { GoalDependencyRow, GoalEventRow, GoalRow, ObservationRow } from './goals/goal.entity';
import { QuestionRow } from './goals/question.entity';
import {
  ErasureReceiptRow,
  LearningSettingRow,
  LessonRow,
  LessonSourceRow,
  SnapshotLessonRow,
  SnapshotRow,
  TrialAssignmentRow,
} from './learning/learning.entity';
import {
  CalibrationRow,
  EpisodeRow,
  EpisodeStemRow,
  EpisodeWordRow,
  MethodStatRow,
  ToolStatRow,
} from './memory/memory.entity';
import { ActionRow, DecisionRow, StepRow, VerificationRow } from './observation/step.entity';
import { PlanRow } from './planning/plan.entity';
import { ApiTokenRow, IdempotencyKeyRow, TenantRow } from './tenants/tenant.entity';
import { ResearchCorpusRow, ResearchPassageRow, ResearchTermRow } from './research/research.entity';
import { EffectRow, PackFaultRow, PackRevisionRow, PackRow, ToolRow } from './tools/tool.entity';

/**
 * One class a table. The migrations make the tables, in SQL; a test holds these classes against them. Hot paths speak
 * SQL; what is seldom read goes through these.
 */
export const ENTITIES = [
  TenantRow,
  ApiTokenRow,
  IdempotencyKeyRow,
  GoalRow,
  GoalDependencyRow,
  GoalEventRow,
  ObservationRow,
  PlanRow,
  StepRow,
  DecisionRow,
  ActionRow,
  EffectRow,
  VerificationRow,
  EpisodeRow,
  ToolStatRow,
  MethodStatRow,
  CalibrationRow,
  GoalCommandRow,
  OutboxRow,
  QuestionRow,
  ArtifactRow,
  ToolRow,
  PackRow,
  PackRevisionRow,
  PackFaultRow,
  AuditEntryRow,
  AuditHeadRow,
  ResearchCorpusRow,
  ResearchPassageRow,
  ResearchTermRow,
  EpisodeWordRow,
  EpisodeStemRow,
  LearningSettingRow,
  LessonRow,
  LessonSourceRow,
  SnapshotRow,
  SnapshotLessonRow,
  TrialAssignmentRow,
  ErasureReceiptRow,
];
