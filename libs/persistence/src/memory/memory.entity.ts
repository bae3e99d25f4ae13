import type { CalibrationMap, TaskRequest } from '@goalkeeper/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('episode')
export class EpisodeRow {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ name: 'goal_id', type: 'uuid' }) goalId: string;
  @Column({ type: 'text' }) objective: string;
  @Column({ name: 'task_name', type: 'text' }) taskName: string;
  @Column({ type: 'jsonb' }) task: TaskRequest;
  @Column({ type: 'text' }) outcome: 'verified' | 'failed';
  @Column({ type: 'jsonb' }) methods: Record<string, string>;
  /** Stems of the objective, computed by PostgreSQL. */
  @Column({ type: 'tsvector', select: false, insert: false, update: false }) words: string;
  /** What learning keeps of the goal; null until the schedule has looked at it, `{}` where there is nothing to keep. */
  @Column({ type: 'jsonb', nullable: true }) evidence: Record<string, unknown> | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}

/** The stems of an episode's words, one a row. */
@Entity('episode_word')
export class EpisodeWordRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) stem: string;
  @PrimaryColumn({ name: 'episode_id', type: 'uuid' }) episodeId: string;
}

@Entity('episode_stem')
export class EpisodeStemRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) stem: string;
  @Column({ type: 'text', array: true }) trigrams: string[];
}

@Entity('tool_stat')
export class ToolStatRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) tool: string;
  /** Bucket of the calls' context; empty for the tool as a whole. */
  @PrimaryColumn({ type: 'text' }) context: string;
  /** Decayed to `updatedAt`, as all sums here. */
  @Column({ type: 'double precision' }) successes: number;
  @Column({ type: 'double precision' }) failures: number;
  /** Sum over all calls, milliseconds. */
  @Column({ name: 'duration_ms', type: 'double precision' }) durationMs: number;
  @Column({ name: 'log_ms', type: 'double precision' }) logMs: number;
  @Column({ name: 'squared_log_ms', type: 'double precision' }) squaredLogMs: number;
  @Column({ name: 'cost_usd', type: 'double precision' }) costUsd: number;
  /** Transient failures since the last call that worked. */
  @Column({ type: 'integer' }) failing: number;
  @Column({ name: 'failed_at', type: 'timestamptz', nullable: true }) failedAt: Date | null;
  @Column({ type: 'jsonb' }) samples: Record<string, number[]>;
  @Column({ name: 'updated_at', type: 'timestamptz' }) updatedAt: Date;
}

@Entity('method_stat')
export class MethodStatRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @PrimaryColumn({ type: 'text' }) task: string;
  @PrimaryColumn({ type: 'text' }) method: string;
  /** Decayed to `updatedAt`, as for tools. */
  @Column({ type: 'double precision' }) successes: number;
  @Column({ type: 'double precision' }) failures: number;
  @Column({ name: 'updated_at', type: 'timestamptz' }) updatedAt: Date;
}

@Entity('calibration')
export class CalibrationRow {
  @PrimaryColumn({ name: 'tenant_id', type: 'uuid' }) tenantId: string;
  @Column({ type: 'jsonb' }) body: CalibrationMap;
  @Column({ name: 'fitted_at', type: 'timestamptz' }) fittedAt: Date;
}
