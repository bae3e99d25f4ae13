import type { JsonObject } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('goal_command')
export class GoalCommandRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid', select: false }) tenantId: string;
  @Column({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @Column({ type: 'text' }) kind: string;
  @Column({ type: 'text' }) reason: string;
  @Column({ type: 'jsonb', nullable: true }) payload: JsonObject | null;
  @Column({ name: 'requested_by', type: 'text' }) requestedBy: string;
  @Column({ type: 'text' }) state: 'requested' | 'applied' | 'refused';
  @Column({ type: 'jsonb', nullable: true }) answer: JsonObject | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'answered_at', type: 'timestamptz', nullable: true }) answeredAt: Date | null;
}

@Entity('outbox')
export class OutboxRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @Column({ type: 'text' }) kind: string;
  @Column({ type: 'jsonb' }) payload: JsonObject;
  @Column({ type: 'integer' }) attempts: number;
  @Column({ name: 'due_at', type: 'timestamptz' }) dueAt: Date;
  @Column({ name: 'last_error', type: 'text', nullable: true }) lastError: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
