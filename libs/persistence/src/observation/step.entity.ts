import type { Decision, Evidence, JsonObject, Outcome } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StepState } from './step';

@Entity('step')
export class StepRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ type: 'text' }) id: string;
  @Column({ type: 'integer' }) position: number;
  @Column({ type: 'text' }) label: string;
  @Column({ type: 'text' }) operator: string;
  @Column({ type: 'text' }) state: StepState;
  @Column({ type: 'integer' }) revision: number;
  @Column({ type: 'integer' }) calls: number;
  @Column({ name: 'finished_call', type: 'integer' }) finishedCall: number;
  /** Begun since the last finished call: the poison counter. */
  @Column({ type: 'integer' }) attempts: number;
  @Column({ type: 'text', nullable: true }) tool: string | null;
  @Column({ type: 'jsonb', nullable: true }) output: JsonObject | null;
  @Column({ type: 'text' }) summary: string;
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true }) startedAt: Date | null;
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true }) finishedAt: Date | null;
}

@Entity('decision')
export class DecisionRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ name: 'step_id', type: 'text' }) stepId: string;
  @PrimaryColumn({ name: 'call_no', type: 'integer' }) callNo: number;
  @Column({ type: 'jsonb' }) body: Decision;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

@Entity('action')
export class ActionRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ name: 'step_id', type: 'text' }) stepId: string;
  @PrimaryColumn({ name: 'call_no', type: 'integer' }) callNo: number;
  @Column({ type: 'text' }) tool: string;
  @Column({ type: 'jsonb' }) args: JsonObject;
  @Column({ name: 'idempotency_key', type: 'text' }) idempotencyKey: string;
  @Column({ type: 'integer' }) attempts: number;
  @Column({ type: 'text', nullable: true }) outcome: Outcome | null;
  @Column({ name: 'started_at', type: 'timestamptz' }) startedAt: Date;
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true }) finishedAt: Date | null;
}

@Entity('verification')
export class VerificationRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ type: 'integer' }) revision: number;
  @Column({ type: 'boolean' }) holds: boolean;
  @Column({ type: 'jsonb' }) evidence: Evidence[];
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
