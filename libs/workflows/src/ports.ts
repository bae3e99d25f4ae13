import type {
  Analysis,
  Answer,
  Judgement,
  Decision,
  DependencyPolicy,
  Evidence,
  Fact,
  Goal,
  GoalFailure,
  GoalState,
  Lesson,
  NewQuestion,
  Observation,
  Plan,
  PlanFault,
  PlanStep,
  Recall,
  TerminalState,
  ToolDescriptor,
} from '@goalkeeper/domain';

export * from './side-ports';

/** Names a goal in the store. */
export interface GoalRef {
  readonly tenantId: string;
  readonly goalId: string;
}

// ---------------------------------------------------------------------------------------------- gate

export type GateResult =
  | { readonly kind: 'open' }
  | { readonly kind: 'waiting'; readonly unmet: readonly string[] }
  /** A person decides whether to go on without a goal that did not succeed. */
  | { readonly kind: 'ask'; readonly question: NewQuestion; readonly otherwise: GoalFailure }
  | { readonly kind: 'failed'; readonly failure: GoalFailure };

export interface GateInput extends GoalRef {
  /** Instead of the goal's own policy, once a person has decided. */
  readonly policy?: DependencyPolicy;
}

// ------------------------------------------------------------------------------------------ questions

export interface StoreQuestionInput {
  readonly ref: GoalRef;
  readonly question: NewQuestion;
  readonly withinMs: number;
}

/** A question that is stored; `answer` when it was answered before, by whoever asked it last. */
export interface AskedQuestion {
  readonly id: string;
  readonly expiresAtMs: number;
  readonly answer: Answer | null;
}

export interface ExpireQuestionInput {
  readonly ref: GoalRef;
  readonly questionId: string;
  /** Where the goal stands once it no longer waits. */
  readonly state: GoalState;
}

export interface SettleEffectInput {
  readonly ref: GoalRef;
  readonly step: PlanStep;
  readonly tool: Pick<ToolDescriptor, 'name' | 'costUsd'>;
  /** The call whose end nobody recorded. */
  readonly callNo: number;
  /** Whether the person says that it happened. */
  readonly happened: boolean;
  readonly by: string;
  readonly analyses: readonly Judgement[];
}

// ------------------------------------------------------------------------------------------- planning

export interface PlanGoalInput {
  readonly goal: Goal;
  readonly recall: Recall;
  /** Present from the second revision on: what must be worked around and what holds already. */
  readonly repair: { readonly faults: readonly PlanFault[] } | null;
  /** The revision that is asked for, from 1; a repeat with the same number answers what is stored. */
  readonly revision: number;
  readonly analyses: readonly Judgement[];
  /** What a person was asked about the words of the goal, and the answer. */
  readonly asked?: { readonly question: NewQuestion; readonly answer: Answer };
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
      /** Plain successes on the fast lane are judged together; absent in plans of an older version: each is judged alone. */
      readonly judging?: 'together';
      /** Where the goal is verified: in the workflow task when every verifier that the plan asks for is known to be short. */
      readonly verification: 'local' | 'remote';
    }
  /** A quick search is not enough. */
  | { readonly kind: 'needs_time' }
  /** The words can be read in several ways, or lack something: a person says which. */
  | { readonly kind: 'ask'; readonly question: NewQuestion }
  | { readonly kind: 'failed'; readonly failure: GoalFailure };

// ------------------------------------------------------------------------------------------ selection

export interface SelectActionInput {
  readonly goalId: string;
  readonly step: PlanStep;
  readonly tools: readonly ToolDescriptor[];
  readonly recall: Recall;
  /** Tools that earlier failures shut out for this step. */
  readonly banned: readonly string[];
  /** Why actions are among them that nobody shut out for this step. */
  readonly banReasons?: Readonly<Record<string, string>>;
  readonly facts: readonly Fact[];
  /** Steps to choose for on the way: what holds has no say in theirs, and nothing is banned. */
  readonly ahead?: readonly PlanStep[];
}

/** The choice for the step that was asked about, and those for the steps ahead. */
export type SelectActionResult = Decision & { readonly ahead?: readonly Decision[] };

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

/** A step that is done by a goal of its own. */
export interface SubGoalCall {
  readonly ref: GoalRef;
  readonly planRevision: number;
  readonly step: PlanStep;
  readonly decision: Decision;
  readonly callNo: number;
  readonly analyses: readonly Judgement[];
  readonly needs: readonly string[];
}

export interface BeginSubGoalInput extends SubGoalCall {
  /** Calls of the parent's budget that are not given away. */
  readonly left: number;
}

export type BegunSubGoal =
  /** To be pursued by a child workflow; the same goal for a repeat. */
  | { readonly kind: 'raised'; readonly child: Goal }
  /** There is nothing to pursue: it was done before, cannot be, or the parent is to stop. */
  | { readonly kind: 'known'; readonly result: CallToolResult };

export interface EndedSubGoal {
  readonly observation: Observation;
  /** Calls that the child made; they count among the parent's. */
  readonly callsMade: number;
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
  readonly predicates?: { readonly total: number; readonly held: number };
  /** Lessons about errors of this step's tools. */
  readonly recoveries?: readonly Extract<Lesson, { kind: 'error_recovery' }>[];
  /** What the tool returned before, by measure. */
  readonly samples?: Readonly<Record<string, readonly number[]>>;
  /** What the observation says against facts that the plan relies on. */
  readonly contradicts?: string | null;
}

export interface AnalyseObservationInput extends AnalyseInput {
  /** Successes that came back before and could decide nothing, oldest first. */
  readonly earlier?: readonly AnalyseInput[];
}

/** The judgement that was asked for, and one for each earlier success, in their order. */
export type AnalyseObservationResult = Analysis & { readonly earlier?: readonly Analysis[] };

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
  checkGate(input: GateInput): Promise<GateResult>;
  /** Puts a question to people: the goal waits for them. The same question asked again is the one that is stored. */
  storeQuestion(input: StoreQuestionInput): Promise<AskedQuestion>;
  /** Ends a question that nobody answered in time with its default; the answer that stands is returned. */
  expireQuestion(input: ExpireQuestionInput): Promise<Answer>;
  /** Records what a person says became of an effect; the observation of its success when it happened. */
  settleEffect(input: SettleEffectInput): Promise<Observation | null>;
  recallMemory(input: { readonly goal: Goal }): Promise<Recall>;
  planGoal(input: PlanGoalInput): Promise<PlanGoalResult>;
  selectAction(input: SelectActionInput): Promise<SelectActionResult>;
  callTool(input: CallToolInput): Promise<CallToolResult>;
  /** Stores the child goal of a step, once. */
  beginSubGoal(input: BeginSubGoalInput): Promise<BegunSubGoal>;
  /** Judges how a child goal ended and stores it as what the step returned. */
  endSubGoal(input: SubGoalCall & { readonly childId: string }): Promise<EndedSubGoal>;
  /** Where another goal stands; null when it is gone. */
  lookAtGoal(input: GoalRef): Promise<GoalState | null>;
  /** Judges what a call returned, and the successes that came back before it. */
  analyseObservation(input: AnalyseObservationInput): Promise<AnalyseObservationResult>;
  verifyGoal(input: VerifyGoalInput): Promise<Verification>;
  /** Closes the goal: its final state, the episode and what it teaches, in one transaction. */
  learnFromGoal(input: LearnFromGoalInput): Promise<void>;
  /** Stores a change of state that no other activity carries. */
  recordTransition(input: TransitionInput): Promise<void>;
}
