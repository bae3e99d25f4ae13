import type { Analysis, Decision, Evidence, JsonObject, Observation, Outcome, PlanStep } from '@goalkeeper/domain';
import type { EffectState } from '@goalkeeper/domain';

export const STEP_STATES = ['pending', 'running', 'succeeded', 'failed', 'skipped'] as const;
export type StepState = (typeof STEP_STATES)[number];

/** A call that is about to go out. */
export interface BeginStep {
  readonly step: PlanStep;
  readonly planRevision: number;
  /** From 1; a repeat of the same call (a retried activity) keeps its number. */
  readonly callNo: number;
  readonly decision: Decision;
  readonly tool: string;
  /** Arguments with every reference resolved. */
  readonly args: JsonObject;
  readonly idempotencyKey: string;
}

export interface BegunStep {
  /** How often this step was begun since it last finished a call, this time included: the poison counter. */
  readonly attempts: number;
  /** Present when there is nothing to do: this call, or the whole step, is finished. Nothing was changed then. */
  readonly stored: Observation | null;
}

/** A call that came back. */
export interface FinishStep {
  readonly stepId: string;
  readonly callNo: number;
  readonly observation: Observation;
  /** What the step now is: `succeeded` closes it for good. */
  readonly state: 'succeeded' | 'failed' | 'running';
  readonly output: JsonObject | null;
  /** The ledger row of the call, settled in the same statement; its result is what a repeat is answered from. */
  readonly effect?: { readonly key: string; readonly state: EffectState; readonly result: JsonObject | null };
  /** Judgements of earlier calls that are not stored yet. */
  readonly analyses?: readonly Analysis[];
}

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
