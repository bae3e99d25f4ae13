import type { Plan } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PlanDiff } from './plan.repository';

@Entity('plan')
export class PlanRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ type: 'integer' }) revision: number;
  @Column({ type: 'jsonb' }) body: Plan;
  @Column({ type: 'text' }) reason: string;
  @Column({ type: 'jsonb', nullable: true }) diff: PlanDiff | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  /** Made by PostgreSQL from the body, for readers who need no more of it. */
  @Column({ type: 'jsonb', nullable: true, insert: false, update: false }) task: Plan['task'] | null;
  @Column({ type: 'jsonb', nullable: true, insert: false, update: false }) pack: Plan['pack'] | null;
  @Column({ type: 'integer', nullable: true, insert: false, update: false }) predicates: number | null;
}
