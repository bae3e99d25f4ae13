/** What the workflows beside those of goals ask of the world: plans that are only shown, and learning. */
import type { Goal, GoalFailure, Plan, PlanEstimate } from '@goalkeeper/domain';

/** Another method in one place of the plan, and what the plan would take with it; nulls where it leads to no plan. */
export interface PreviewAlternative {
  readonly lineage: string;
  readonly task: string;
  readonly method: string;
  /** The method that the plan uses there. */
  readonly instead: string;
  readonly steps: number | null;
  readonly durationMs: number | null;
  readonly costUsd: number | null;
  /** Why there is no such plan. */
  readonly reason: string | null;
}

export type PlanPreview =
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      /** How sure it is that the words mean this task; 1 when the task was named. */
      readonly confidence: number;
      readonly estimate: PlanEstimate;
      readonly alternatives: readonly PreviewAlternative[];
    }
  | { readonly kind: 'failed'; readonly failure: GoalFailure };

/** What a preview asks of the world: to be read, and nothing else. */
export interface PreviewActivities {
  previewPlan(input: { readonly goal: Goal }): Promise<PlanPreview>;
}

/** What a round of learning did for one tenant. */
export interface LearningRound {
  /** Goals that were read since the round before. */
  readonly read: number;
  /** Lessons that are new or not what they were. */
  readonly changed: number;
  readonly promoted: number;
  readonly retired: number;
  /** Candidates that a gate refused. */
  readonly refused: number;
  /** The new set that goals pin from now on; null when it stayed as it was. */
  readonly snapshotId: string | null;
}

export interface LearningActivities {
  /** Tenants with finished goals to read or lessons to look at, in the order of their ids; those behind `after`. */
  listLearningTenants(input: { readonly after: string | null; readonly limit: number }): Promise<readonly string[]>;
  /** Reads what ended, proposes, judges, promotes, forgets; all in one transaction. A repeat changes nothing. */
  learn(input: { readonly tenantId: string }): Promise<LearningRound>;
}
