import type { DomainPack, EffectClass, EffectState, JsonObject, ToolDescriptor } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('effect')
export class EffectRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @Column({ name: 'step_id', type: 'text' }) stepId: string;
  @Column({ type: 'text' }) lineage: string;
  @Column({ type: 'text' }) tool: string;
  @Column({ type: 'text' }) intent: string;
  @Column({ type: 'integer' }) occurrence: number;
  @Column({ type: 'text' }) class: EffectClass;
  @Column({ type: 'text' }) state: EffectState;
  @Column({ type: 'jsonb', nullable: true }) result: JsonObject | null;
  @Column({ type: 'integer' }) attempts: number;
  /** Token of whoever was let through last. */
  @Column({ type: 'uuid', nullable: true }) claim: string | null;
  @Column({ name: 'planned_at', type: 'timestamptz' }) plannedAt: Date;
  @Column({ name: 'dispatched_at', type: 'timestamptz', nullable: true }) dispatchedAt: Date | null;
  @Column({ name: 'settled_at', type: 'timestamptz', nullable: true }) settledAt: Date | null;
}

@Entity('tool')
export class ToolRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) name: string;
  @Column({ type: 'text' }) version: string;
  @Column({ type: 'jsonb' }) body: ToolDescriptor;
  @Column({ name: 'updated_at', type: 'timestamptz' }) updatedAt: Date;
}

@Entity('pack')
export class PackRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) name: string;
  @Column({ type: 'text' }) version: string;
  @Column({ type: 'jsonb' }) body: DomainPack;
  @Column({ name: 'updated_at', type: 'timestamptz' }) updatedAt: Date;
  @Column({ type: 'text' }) digest: string;
  @Column({ type: 'text' }) source: 'worker' | 'upload';
}

@Entity('pack_revision')
export class PackRevisionRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) name: string;
  @PrimaryColumn({ type: 'text' }) digest: string;
  @Column({ type: 'text' }) version: string;
  @Column({ type: 'jsonb' }) body: DomainPack;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

@Entity('pack_fault')
export class PackFaultRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) place: string;
  @Column({ type: 'jsonb' }) problems: JsonObject[];
  @Column({ name: 'updated_at', type: 'timestamptz' }) updatedAt: Date;
}
