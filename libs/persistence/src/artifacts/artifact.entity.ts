import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('artifact')
export class ArtifactRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid', select: false }) tenantId: string;
  @Column({ name: 'goal_id', type: 'uuid', nullable: true }) goalId: string | null;
  @Column({ name: 'step_id', type: 'text', nullable: true }) stepId: string | null;
  @Column({ type: 'text' }) name: string;
  @Column({ name: 'media_type', type: 'text' }) mediaType: string;
  /** PostgreSQL's bigint arrives as text; sizes stay far below 2⁵³. */
  @Column({ name: 'size_bytes', type: 'bigint', transformer: { to: String, from: Number } }) sizeBytes: number;
  @Column({ type: 'text' }) sha256: string;
  @Column({ type: 'text' }) direction: 'in' | 'out';
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
