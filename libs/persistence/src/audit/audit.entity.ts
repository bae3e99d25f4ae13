import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('audit_entry')
export class AuditEntryRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'bigint' }) seq: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'text' }) actor: string;
  @Column({ name: 'on_behalf_of', type: 'text', nullable: true }) onBehalfOf: string | null;
  @Column({ type: 'text' }) action: string;
  @Column({ type: 'text' }) target: string;
  @Column({ type: 'text' }) outcome: string;
  @Column({ type: 'text' }) reason: string;
  @Column({ name: 'request_id', type: 'text', nullable: true }) requestId: string | null;
  @Column({ type: 'text', nullable: true }) address: string | null;
  @Column({ name: 'previous_hash', type: 'text' }) previousHash: string;
  @Column({ type: 'text' }) hash: string;
}

/** Where a tenant's chain ends. */
@Entity('audit_head')
export class AuditHeadRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ type: 'bigint' }) seq: string;
  @Column({ name: 'previous_hash', type: 'text' }) previousHash: string;
  @Column({ type: 'text' }) hash: string;
}
