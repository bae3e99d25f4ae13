import type { Analysis, Decision, Evidence, JsonObject, Observation, Outcome } from '@goalkeeper/domain';

export const STEP_STATES = ['pending', 'running', 'succeeded', 'failed', 'skipped'] as const;
export type StepState = (typeof STEP_STATES)[number];

export interface StepRecord {
  readonly id: string;
  readonly label: string;
  readonly operator: string;
  readonly state: StepState;
  readonly revision: number;
  readonly calls: number;
  readonly attempts: number;
  readonly tool: string | null;
  readonly output: JsonObject | null;
  readonly summary: string;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** One call of a step with everything that led to it and came of it. */
export interface CallRecord {
  readonly stepId: string;
  readonly callNo: number;
  readonly tool: string;
  readonly args: JsonObject;
  readonly idempotencyKey: string;
  readonly attempts: number;
  readonly outcome: Outcome | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly decision: Decision | null;
  readonly observation: Observation | null;
  readonly analysis: Analysis | null;
}

export interface VerificationRecord {
  readonly revision: number;
  readonly holds: boolean;
  readonly evidence: readonly Evidence[];
  readonly createdAt: Date;
}
