import type { Choice, GivenAnswer, JsonObject, QuestionKind } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('question')
export class QuestionRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @Column({ type: 'text' }) key: string;
  @Column({ type: 'text' }) kind: QuestionKind;
  @Column({ type: 'text' }) text: string;
  @Column({ type: 'jsonb' }) choices: readonly Choice[];
  /** JSON Schema of a free answer. */
  @Column({ name: 'answer_schema', type: 'jsonb', nullable: true }) answerSchema: JsonObject | null;
  @Column({ name: 'on_expiry', type: 'jsonb' }) onExpiry: GivenAnswer;
  @Column({ type: 'jsonb' }) context: JsonObject;
  @Column({ name: 'asked_at', type: 'timestamptz' }) askedAt: Date;
  @Column({ name: 'expires_at', type: 'timestamptz' }) expiresAt: Date;
  @Column({ name: 'answered_at', type: 'timestamptz', nullable: true }) answeredAt: Date | null;
  @Column({ type: 'jsonb', nullable: true }) answer: GivenAnswer | null;
  @Column({ name: 'answered_by', type: 'text', nullable: true }) answeredBy: string | null;
  /** When the goal acted on the answer, where that must not happen twice. */
  @Column({ name: 'applied_at', type: 'timestamptz', nullable: true }) appliedAt: Date | null;
}
