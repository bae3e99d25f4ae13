import type {
  DependencyPolicy,
  GoalFailure,
  GoalState,
  JsonObject,
  Observation,
  PriorityClass,
  TaskRequest,
} from '@goalkeeper/domain';
import type { Analysis, Outcome } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('goal')
export class GoalRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ type: 'text' }) objective: string;
  @Column({ type: 'jsonb', nullable: true }) task: TaskRequest | null;
  @Column({ type: 'text' }) priority: PriorityClass;
  @Column({ type: 'timestamptz', nullable: true }) deadline: Date | null;
  @Column({ name: 'max_steps', type: 'integer' }) maxSteps: number;
  @Column({ type: 'integer' }) parallelism: number;
  @Column({ name: 'dependency_policy', type: 'text' }) dependencyPolicy: DependencyPolicy;
  @Column({ type: 'text' }) state: GoalState;
  @Column({ type: 'jsonb', nullable: true }) failure: GoalFailure | null;
  @Column({ type: 'boolean' }) verified: boolean;
  @Column({ type: 'double precision' }) progress: number;
  /** Number of the last event; PostgreSQL's bigint arrives as text. */
  @Column({ name: 'event_seq', type: 'bigint' }) eventSeq: string;
  @Column({ name: 'calls_made', type: 'integer' }) callsMade: number;
  @Column({ name: 'plan_revision', type: 'integer' }) planRevision: number;
  /** First day of the month of acceptance: the partition of its events and observations. */
  @Column({ type: 'date' }) month: string;
  @Column({ type: 'jsonb', nullable: true }) result: JsonObject | null;
  /** The goal that raised this one, its step, and which call of it. */
  @Column({ name: 'parent_id', type: 'uuid', nullable: true }) parentId: string | null;
  @Column({ name: 'parent_step', type: 'text', nullable: true }) parentStep: string | null;
  @Column({ name: 'parent_call', type: 'integer', nullable: true }) parentCall: number | null;
  @Column({ type: 'integer' }) depth: number;
  /** The goals that this one raised, in order. */
  @Column({ type: 'jsonb' }) children: readonly { readonly goalId: string; readonly stepId: string }[];
  @Column({ name: 'may_ask', type: 'boolean', nullable: true }) mayAsk: boolean | null;
  @Column({ name: 'answer_within_ms', type: 'bigint', nullable: true }) answerWithinMs: string | null;
  /** What the goal uses of what was learned, pinned when it started: arm, snapshot, tasks, and what recall took. */
  @Column({ type: 'jsonb', nullable: true }) learning: Record<string, unknown> | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true }) startedAt: Date | null;
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true }) finishedAt: Date | null;
  @Column({ name: 'updated_at', type: 'timestamptz' }) updatedAt: Date;
}

@Entity('goal_dependency')
export class GoalDependencyRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ name: 'depends_on', type: 'uuid' }) dependsOn: string;
  @Column({ type: 'integer' }) position: number;
}

@Entity('goal_event')
export class GoalEventRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ type: 'bigint' }) seq: string;
  @PrimaryColumn({ type: 'date' }) month: string;
  @Column({ type: 'text' }) type: string;
  @Column({ name: 'step_id', type: 'text', nullable: true }) stepId: string | null;
  @Column({ type: 'text' }) actor: string;
  @Column({ type: 'jsonb' }) data: JsonObject;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

@Entity('observation')
export class ObservationRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ name: 'step_id', type: 'text' }) stepId: string;
  @PrimaryColumn({ name: 'call_no', type: 'integer' }) callNo: number;
  @PrimaryColumn({ type: 'date' }) month: string;
  @Column({ type: 'text' }) outcome: Outcome;
  @Column({ type: 'jsonb' }) body: Observation;
  @Column({ type: 'jsonb', nullable: true }) analysis: Analysis | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
