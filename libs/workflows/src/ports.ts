import type {
  Analysis,
  Judgement,
  Decision,
  Evidence,
  Fact,
  Goal,
  GoalFailure,
  GoalState,
  Observation,
  Plan,
  PlanFault,
  PlanStep,
  Recall,
  TerminalState,
  ToolDescriptor,
} from '@goalkeeper/domain';

/** Names a goal in the store. */
export interface GoalRef {
  readonly tenantId: string;
  readonly goalId: string;
}

// ---------------------------------------------------------------------------------------------- gate

export type GateResult =
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly unmet: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: GoalFailure };

// ------------------------------------------------------------------------------------------- planning

export interface PlanGoalInput {
  readonly goal: Goal;
  readonly recall: Recall;
  /** Present from the second revision on: what must be worked around and what holds already. */
  readonly repair: { readonly faults: readonly PlanFault[] } | null;
  /** The revision that is asked for, from 1; a repeat with the same number answers what is stored. */
  readonly revision: number;
  readonly analyses: readonly Judgement[];
  /** `quick`: within a search that takes milliseconds, or not at all; `full`: with the whole budget. */
  readonly effort: 'quick' | 'full';
}

export type PlanGoalResult =
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      /** Descriptors of every tool that the plan names. */
      readonly tools: readonly ToolDescriptor[];
      /** Steps that are already completed in the store: a goal that went on after its workflow was lost. */
      readonly completed: readonly string[];
      readonly facts: readonly Fact[];
      readonly callsMade: number;
      /** Where this goal's selection and analysis run: a setting of the worker, recorded so that replay repeats it. */
      readonly decisions: 'local' | 'remote';
      /** Where the goal is verified: in the workflow task when every verifier that the plan asks for is known to be short. */
      readonly verification: 'local' | 'remote';
    }
  /** A quick search is not enough. */
  | { readonly kind: 'needs_time' }
  | { readonly kind: 'failed'; readonly failure: GoalFailure };

// ------------------------------------------------------------------------------------------ selection

export interface SelectActionInput {
  readonly goalId: string;
  readonly step: PlanStep;
  readonly tools: readonly ToolDescriptor[];
  readonly recall: Recall;
  /** Tools that earlier failures shut out for this step. */
  readonly banned: readonly string[];
  readonly facts: readonly Fact[];
}

// ----------------------------------------------------------------------------------------------- call

export interface CallToolInput {
  readonly ref: GoalRef;
  readonly planRevision: number;
  readonly step: PlanStep;
  readonly decision: Decision;
  /** Counts the calls of this step from 1; a retry of the same activity keeps its number. */
  readonly callNo: number;
  /** Judgements of earlier calls that are not stored yet; they ride along in this call's transaction. */
  readonly analyses: readonly Judgement[];
  readonly lane: 'fast' | 'remote';
  /** Paths of the result that other steps of the plan refer to; absent in calls that an older version began. */
  readonly needs?: readonly string[];
}

/** What the workflow keeps of a call; outputs stay in the store. */
export interface CallToolResult {
  readonly observation: Observation;
  /** True when the goal was told to stop before the call went out: nothing was dispatched. */
  readonly refused: boolean;
}

// ------------------------------------------------------------------------------------------- analysis

export interface AnalyseInput {
  /** Steps of the current plan. */
  readonly stepCount: number;
  readonly step: PlanStep;
  readonly observation: Observation;
  /** Steps that succeeded, this one included when it did. */
  readonly done: number;
  readonly attempts: readonly { readonly tool: string; readonly failures: number }[];
  readonly maxSteps: number;
  readonly callsSoFar: number;
}

// --------------------------------------------------------------------------------------------- verify

export interface VerifyGoalInput {
  readonly ref: GoalRef;
  readonly plan: Pick<Plan, 'revision' | 'success'>;
  readonly analyses: readonly Judgement[];
}

export interface Verification {
  readonly holds: boolean;
  /** How many checks there were, and how many of them do not hold. */
  readonly checks: number;
  readonly broken: number;
  /** The most telling ones, broken ones first; the store has all. */
  readonly evidence: readonly Evidence[];
}

// ---------------------------------------------------------------------------------------------- learn

export interface LearnFromGoalInput {
  readonly ref: GoalRef;
  readonly state: TerminalState;
  readonly failure: GoalFailure | null;
  readonly verified: boolean;
  readonly analyses: readonly Judgement[];
}

export interface TransitionInput {
  readonly ref: GoalRef;
  readonly state: GoalState;
  readonly reason: string;
  /** The command that asked for it, marked as applied in the same transaction. */
  readonly commandId: string | null;
}

/** Everything a goal's workflow asks of the world; each is an activity type with a policy of its own. */
export interface GoalActivities {
  /** Are the goals it depends on done? */
  checkGate(input: GoalRef): Promise<GateResult>;
  recallMemory(input: { readonly goal: Goal }): Promise<Recall>;
  planGoal(input: PlanGoalInput): Promise<PlanGoalResult>;
  selectAction(input: SelectActionInput): Promise<Decision>;
  callTool(input: CallToolInput): Promise<CallToolResult>;
  analyseObservation(input: AnalyseInput): Promise<Analysis>;
  verifyGoal(input: VerifyGoalInput): Promise<Verification>;
  /** Closes the goal: its final state, the episode and what it teaches, in one transaction. */
  learnFromGoal(input: LearnFromGoalInput): Promise<void>;
  /** Stores a change of state that no other activity carries. */
  recordTransition(input: TransitionInput): Promise<void>;
}

// ------------------------------------------------------------------------------------------- learning

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
  /** Tenants with finished goals to read or lessons to look at. */
  listLearningTenants(input: object): Promise<readonly string[]>;
  /** Reads what ended, proposes, judges, promotes, forgets; all in one transaction. A repeat changes nothing. */
  learn(input: { readonly tenantId: string }): Promise<LearningRound>;
}
