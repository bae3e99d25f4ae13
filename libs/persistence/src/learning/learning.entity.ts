import type { JsonObject, LessonChange, LessonKind, LessonStatistics, LessonStatus } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('learning_setting')
export class LearningSettingRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ type: 'boolean' }) enabled: boolean;
  @Column({ type: 'boolean' }) frozen: boolean;
  @Column({ name: 'control_share', type: 'double precision' }) controlShare: number;
  @Column({ name: 'trial_share', type: 'double precision' }) trialShare: number;
  /** The set of lessons that goals pin now. */
  @Column({ name: 'snapshot_id', type: 'uuid', nullable: true }) snapshotId: string | null;
  @Column({ name: 'snapshot_seq', type: 'bigint' }) snapshotSeq: string;
  /** What the last round of the schedule did. */
  @Column({ name: 'last_run', type: 'jsonb', nullable: true }) lastRun: JsonObject | null;
  @Column({ name: 'updated_at', type: 'timestamptz' }) updatedAt: Date;
}

@Entity('lesson')
export class LessonRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ type: 'text' }) kind: LessonKind;
  @Column({ type: 'text' }) key: string;
  @Column({ type: 'text' }) status: LessonStatus;
  @Column({ type: 'jsonb' }) body: JsonObject;
  @Column({ type: 'text', array: true }) tasks: string[];
  @Column({ type: 'jsonb' }) versions: Record<string, string>;
  @Column({ type: 'text' }) origin: 'learned' | 'imported';
  @Column({ type: 'jsonb' }) statistics: LessonStatistics;
  @Column({ type: 'jsonb' }) history: LessonChange[];
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'updated_at', type: 'timestamptz' }) updatedAt: Date;
}

@Entity('lesson_source')
export class LessonSourceRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'lesson_id', type: 'uuid' }) lessonId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
}

@Entity('snapshot')
export class SnapshotRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ type: 'bigint' }) seq: string;
  @Column({ name: 'parent_id', type: 'uuid', nullable: true }) parentId: string | null;
  @Column({ type: 'text' }) reason: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

/** A lesson as it was when the snapshot was taken. */
@Entity('snapshot_lesson')
export class SnapshotLessonRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'snapshot_id', type: 'uuid' }) snapshotId: string;
  @PrimaryColumn({ name: 'lesson_id', type: 'uuid' }) lessonId: string;
  @Column({ type: 'text' }) kind: LessonKind;
  @Column({ type: 'text' }) key: string;
  @Column({ type: 'text' }) status: 'trial' | 'active';
  @Column({ type: 'text', array: true }) tasks: string[];
  @Column({ type: 'jsonb' }) body: JsonObject;
  /** Goals that this body rests on; null in snapshots of older versions. */
  @Column({ type: 'uuid', array: true, nullable: true }) sources: string[] | null;
}

@Entity('trial_assignment')
export class TrialAssignmentRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ name: 'lesson_id', type: 'uuid' }) lessonId: string;
  @Column({ type: 'boolean' }) given: boolean;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

/** That something was erased, without what it was. */
@Entity('erasure_receipt')
export class ErasureReceiptRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @Column({ type: 'integer' }) episodes: number;
  @Column({ type: 'integer' }) lessons: number;
  @Column({ type: 'integer' }) snapshots: number;
  @Column({ type: 'text' }) scope: 'memory' | 'goal';
  /** Rows that were taken or emptied, by table. */
  @Column({ type: 'jsonb' }) touched: Record<string, number>;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
