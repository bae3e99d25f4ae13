import type {
  Decision,
  EffectClass,
  EffectState,
  GoalState,
  JsonObject,
  Judgement,
  Observation,
  PlanStep,
} from '@goalkeeper/domain';
import type { NewEvent } from '../goals/event';

/** A call that is about to go out. */
export interface BeginCall {
  readonly step: PlanStep;
  readonly planRevision: number;
  /** From 1; a repeat of the same call (a retried activity) keeps its number. */
  readonly callNo: number;
  readonly decision: Decision;
  readonly tool: string;
  /** Arguments with every reference resolved. */
  readonly args: JsonObject;
  readonly idempotencyKey: string;
  /** The effect to enter in the ledger; `key` = hash(goal, lineage, tool, intent, occurrence). Null for a `pure` call. */
  readonly effect: {
    readonly key: string;
    /** Digest of the arguments that carry meaning. */
    readonly intent: string;
    readonly class: EffectClass;
  } | null;
  /** What the goal's readers are told now: of the first attempt, of a later one (`data.attempt` is added). Null: told at the end. */
  readonly events: { readonly first: NewEvent; readonly again: NewEvent } | null;
  /** Nothing is stored while the goal is in one of these states; looked at when there are events. */
  readonly refuseWhen?: readonly GoalState[];
}

/** What the ledger says of an effect that was claimed. */
export interface ClaimedEffect {
  /**
   * True when the caller may dispatch now. False when the ledger has the answer (`confirmed`), when nobody knows
   * (`uncertain`), or when a `once` effect was begun and its end was never recorded (`dispatched`): probe or ask.
   */
  readonly granted: boolean;
  readonly state: EffectState;
  readonly result: JsonObject | null;
  /** Dispatches so far, this one included when granted. */
  readonly attempts: number;
}

export interface BegunCall {
  /** How often this step was begun since it last finished a call, this time included: the poison counter. */
  readonly attempts: number;
  /** Present when there is nothing to do: this call, or the whole step, is finished. Nothing was changed then. */
  readonly stored: Observation | null;
  readonly claimed?: ClaimedEffect | null;
}

/** A file that came of a call, with the event that tells of it. */
export interface ProducedFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Told only where the goal did not list that file before. */
  readonly event: NewEvent;
}

/** A call that came back. */
export interface FinishCall {
  readonly stepId: string;
  readonly callNo: number;
  readonly observation: Observation;
  /** What the step now is: `succeeded` closes it for good. */
  readonly state: 'succeeded' | 'failed';
  readonly output: JsonObject | null;
  /** How the ledger row of the call ends; its result is what a repeat is answered from. Absent: it stays as it is. */
  readonly effect?: { readonly key: string; readonly state: EffectState; readonly result: JsonObject | null };
  readonly files: readonly ProducedFile[];
  /** Judgements of earlier calls that are not stored yet. */
  readonly analyses: readonly Judgement[];
  readonly eventsBefore: readonly NewEvent[];
  /** Events behind those of the files. */
  readonly eventsAfter: readonly NewEvent[];
  /** Nothing is stored while the goal is in one of these states. */
  readonly refuseWhen?: readonly GoalState[];
}

export type FinishedCall = { readonly end: 'stored' } | { readonly end: 'known'; readonly observation: Observation };
