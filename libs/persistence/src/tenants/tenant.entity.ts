import type { Json } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('tenant')
export class TenantRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) id: string;
  @Column({ type: 'text' }) name: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

@Entity('api_token')
export class ApiTokenRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ type: 'text' }) name: string;
  /** SHA-256 of the token. */
  @Column({ type: 'bytea' }) hash: Buffer;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true }) revokedAt: Date | null;
}

@Entity('idempotency_key')
export class IdempotencyKeyRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) principal: string;
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ name: 'body_hash', type: 'text' }) bodyHash: string;
  @Column({ type: 'uuid' }) claim: string;
  @Column({ type: 'integer', nullable: true }) status: number | null;
  @Column({ type: 'jsonb', nullable: true }) response: Json;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
