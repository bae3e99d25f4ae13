import type { Json } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('research_corpus')
export class ResearchCorpusRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ type: 'text' }) corpus: string;
  @Column({ type: 'integer' }) passages: number;
  @Column({ type: 'bigint' }) words: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

@Entity('research_passage')
export class ResearchPassageRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ type: 'text' }) corpus: string;
  @PrimaryColumn({ type: 'integer' }) ordinal: number;
  @Column({ type: 'integer' }) document: number;
  @Column({ type: 'text' }) body: string;
  /** Places of the sentences: in the body and in the document. */
  @Column({ type: 'jsonb' }) sentences: Json;
  @Column({ type: 'tsvector' }) words: string;
  /** Words that count, repetitions included. */
  @Column({ type: 'integer' }) length: number;
}

@Entity('research_term')
export class ResearchTermRow {
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @PrimaryColumn({ type: 'text' }) corpus: string;
  @PrimaryColumn({ type: 'text' }) lexeme: string;
  /** How many passages have it. */
  @Column({ type: 'integer' }) passages: number;
}
