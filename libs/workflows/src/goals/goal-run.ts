import {
  type Analysis,
  applyObservation,
  applyPlan,
  attemptsAfterFailure,
  contradictionAt,
  contradictionOf,
  faultOf,
  type Goal,
  type GoalFailure,
  type GoalProgress,
  type GoalState,
  isPlanDone,
  type Judgement,
  lessonsForStep,
  lessonsOf,
  neededPaths,
  nextSteps,
  type Observation,
  type PlanStep,
  type Recall,
  startGoal,
  startStep,
  type StepState,
  stepsIn,
  type ToolDescriptor,
} from '@goalkeeper/domain/workflow';
import type { WorkflowStatus } from '../client';
import type { AnalyseInput, PlanGoalResult } from '../ports';
import { Bans, type CarriedBans } from './bans';
import { ChoicesAhead } from './choices-ahead';
import { endOf } from './end-of';
import type { DueJudgement } from './judging';
import { OpenQuestions } from './open-questions';

/** What survives continue-as-new; the plan and what it has achieved are read back from the store by `planGoal`. */
export interface CarriedRun extends CarriedBans {
  readonly revision: number;
  readonly paused: boolean;
  readonly held?: boolean;
  readonly isGateOpen: boolean;
  readonly recall: Recall;
  readonly attempts: GoalProgress['attempts'];
  readonly calls: Readonly<Record<string, number>>;
  readonly analyses: readonly Judgement[];
}

type Planned = Extract<PlanGoalResult, { kind: 'planned' }>;

/** One goal's workflow between two awaits: the goal's progress, and what the engine side adds to it. No waiting, no decisions. */
export class GoalRun {
  state: GoalState = 'planning';
  paused = false;
  /** The goal that raised this one rests. */
  held = false;
  /** Workflow ids of the goals that it raised and that are at work. */
  readonly raised = new Set<string>();
  /** The goals it depends on are done, and memory has been asked. */
  isGateOpen = false;
  /** Why the goal is to be stopped, once somebody asked for it. */
  stopReason: string | null = null;
  recall: Recall = { episodes: [], toolStats: [], methodStats: [] };
  progress: GoalProgress = startGoal();
  tools: readonly ToolDescriptor[] = [];
  decisions: 'local' | 'remote' = 'local';
  verification: 'local' | 'remote' = 'remote';
  /** The revision to ask for next, from 1. */
  revision = 1;
  /** Set when going on makes no sense. */
  failure: GoalFailure | null = null;
  readonly questions = new OpenQuestions();
  readonly choices = new ChoicesAhead();
  /** Plain successes may be judged together. */
  judgesTogether = false;
  /** Successes that are not judged yet, in the order in which they came back. */
  readonly due: DueJudgement[] = [];
  private readonly bans: Bans;
  private calls: Record<string, number> = {};
  private unstored: Judgement[] = [];
  /** Calls of the budget that child goals may make, by step. */
  readonly lent = new Map<string, number>();

  constructor(
    readonly goal: Goal,
    carried: CarriedRun | null,
  ) {
    this.bans = new Bans(carried);
    if (!carried) return;
    this.revision = carried.revision;
    this.paused = carried.paused;
    this.held = carried.held ?? false;
    this.isGateOpen = carried.isGateOpen;
    this.recall = carried.recall;
    this.progress = { ...this.progress, attempts: carried.attempts };
    this.calls = { ...carried.calls };
    this.unstored = [...carried.analyses];
  }

  /** Takes over a plan together with what the store knows to be done already. */
  adopt(planned: Planned): void {
    const { plan, completed, facts, callsMade } = planned;
    const done = Object.fromEntries(completed.map((id) => [id, 'succeeded' as const]));
    const stored = {
      ...this.progress,
      facts,
      callsMade: Math.max(this.progress.callsMade, callsMade),
      stepStates: done,
    };
    this.progress = applyPlan(stored, plan);
    this.choices.forget();
    this.revision = plan.revision;
    this.tools = planned.tools;
    this.decisions = planned.decisions;
    this.judgesTogether = planned.judging === 'together';
    this.verification = planned.verification;
    this.state = 'running';
  }

  /** True while no call may begin. */
  isResting(): boolean {
    return this.paused || this.held;
  }

  isPlanDone(): boolean {
    return isPlanDone(this.progress);
  }

  /** True when nothing further may be dispatched before a repair or the end. */
  isBlocked(): boolean {
    return this.failure !== null || this.progress.faults.length > 0;
  }

  /** The steps that may be dispatched now. */
  ready(): readonly PlanStep[] {
    return this.isBlocked() ? [] : nextSteps(this.progress, this.goal.parallelism);
  }

  /** Takes a step out of those that are ready, until it has ended or is put back. */
  take(step: PlanStep): void {
    this.setState(step, 'running');
  }

  putBack(step: PlanStep): void {
    this.setState(step, 'pending');
  }

  /** Marks a call as on its way and numbers it: from 1 for each step, over all revisions. */
  beginCall(step: PlanStep): number {
    this.bans.begin(step, this.progress.facts);
    this.progress = startStep(this.progress, step.id);
    const callNo = (this.calls[step.id] ?? 0) + 1;
    this.calls[step.id] = callNo;
    return callNo;
  }

  /** Calls that the goal may still make beyond those it has given to child goals. */
  callsLeft(): number {
    let left = this.goal.maxSteps - this.progress.callsMade;
    for (const calls of this.lent.values()) left -= calls;
    return left;
  }

  /** Gives calls of the budget to the child goal of a step; none takes them back. */
  lend(step: PlanStep, calls: number): void {
    if (calls > 0) this.lent.set(step.id, calls);
    else this.lent.delete(step.id);
  }

  /** Counts the calls of a child goal that has ended. */
  countCalls(calls: number): void {
    this.progress = { ...this.progress, callsMade: this.progress.callsMade + calls };
  }

  /** The number of the step's latest call; 0 before the first. */
  callsOf(step: PlanStep): number {
    return this.calls[step.id] ?? 0;
  }

  /** What must not be chosen for a step now. */
  bansOf(step: PlanStep): ReturnType<Bans['of']> {
    return this.bans.of(step, this.progress.facts);
  }

  /** What other steps want of this one's result: a result that lacks it is a failure here, where another tool may do better. */
  neededOf(step: PlanStep): readonly string[] {
    const { plan } = this.progress;
    return plan ? neededPaths(plan, step.id) : [];
  }

  /** What the analysis needs to know of the goal. */
  judgementOf(step: PlanStep, observation: Observation): AnalyseInput {
    const worked = observation.outcome === 'success' || observation.outcome === 'partial';
    const attempts = this.progress.attempts[step.id] ?? [];
    return {
      stepCount: this.progress.plan?.steps.length ?? 0,
      step,
      observation,
      done: stepsIn(this.progress, 'succeeded').length + (worked ? 1 : 0),
      attempts: worked ? attempts : attemptsAfterFailure(this.progress, step.id, observation.tool),
      maxSteps: this.goal.maxSteps,
      callsSoFar: this.progress.callsMade,
      predicates: { total: this.progress.plan?.success.length ?? 0, held: 0 }, // what holds is known when the goal is verified
      ...this.experienceOf(step, observation),
      ...this.lossIn(observation),
    };
  }

  /** What earlier goals know of the tool that was called and of its errors. */
  private experienceOf(step: PlanStep, { tool }: Observation): Pick<AnalyseInput, 'recoveries' | 'samples'> {
    const { toolStats, learned } = this.recall;
    const samples = toolStats.find((stat) => stat.tool === tool && (stat.context ?? '') === '')?.samples;
    const recoveries = learned?.arm === 'off' ? [] : lessonsOf(lessonsForStep(learned, step), 'error_recovery');
    return { ...(samples ? { samples } : {}), ...(recoveries.length > 0 ? { recoveries } : {}) };
  }

  /** What the observation says against facts that the plan relies on: the plan is repaired then. */
  private lossIn(observation: Observation): { readonly contradicts?: string } {
    const lost = observation.factsRemoved.length > 0 ? contradictionOf(this.progress, observation) : null;
    return lost ? { contradicts: faultOf(lost).message } : {};
  }

  /** Carries out what the analysis says; `again` means another round for the step, `ask` that a person has to say what happened. */
  conclude(step: PlanStep, observation: Observation, analysis: Analysis): 'ended' | 'again' | 'ask' {
    this.keep(analysis, this.calls[step.id] ?? 1);
    return this.carryOut(step, observation, analysis);
  }

  /** Keeps a judgement until it is stored; progress never falls. */
  keep(analysis: Analysis, callNo: number): void {
    this.unstored.push({ ...analysis, callNo });
    if (analysis.next !== 'continue' && analysis.next !== 'finish') return;
    this.progress = { ...this.progress, progress: Math.max(this.progress.progress, analysis.progress) };
  }

  /** As `conclude`, where the judgement is kept apart. */
  carryOut(step: PlanStep, observation: Observation, analysis: Analysis): 'ended' | 'again' | 'ask' {
    const planSteps = this.progress.plan?.steps.length ?? 0;
    this.failure = this.bans.note(step, observation, analysis, { revision: this.revision, planSteps }) ?? this.failure;
    this.progress = applyObservation(this.progress, observation, analysis);
    if (analysis.next === 'alternative') this.bans.shutOut(step, observation.tool);
    if (analysis.next === 'give_up') this.failure = endOf(step, observation, analysis);
    if (analysis.next !== 'alternative' && analysis.next !== 'retry' && analysis.next !== 'ask') return 'ended';
    this.take(step);
    return analysis.next === 'ask' ? 'ask' : 'again';
  }

  /** Ends the goal for what a person said, or nobody did. */
  giveUp(step: PlanStep, observation: Observation, analysis: Analysis): void {
    this.failure = endOf(step, observation, analysis);
  }

  /** Where the goal stands for those who look at it; `answeredId` is a question that no longer counts as open. */
  shown(answeredId?: string): GoalState {
    const isAtWork = this.state === 'running' || this.state === 'planning' || this.state === 'waiting_dependency';
    if (!isAtWork) return this.state;
    if (this.isResting()) return 'paused';
    return this.questions.isAnyOpen(answeredId) ? 'waiting_input' : this.state;
  }

  /** Notes that no action can be chosen for a step: a fault for the next revision. */
  block(step: PlanStep, reason: string): void {
    const { plan, stepStates, facts } = this.progress;
    const code = 'selection.no_candidate';
    const lost = plan && contradictionAt(plan, (id) => stepStates[id] === 'succeeded', step, facts);
    const fault = { ...(lost ? faultOf(lost, code) : {}), stepId: step.id, code, message: reason };
    this.progress = { ...this.progress, faults: [...this.progress.faults, fault] };
    this.setState(step, 'failed');
  }

  /** Judgements that no transaction holds yet; whoever stores them takes them. */
  takeAnalyses(): readonly Judgement[] {
    return this.unstored.splice(0);
  }

  private setState({ id }: PlanStep, state: StepState): void {
    this.progress = { ...this.progress, stepStates: { ...this.progress.stepStates, [id]: state } };
  }

  carry(): CarriedRun {
    const { revision, paused, held, isGateOpen, recall, progress, calls, unstored } = this;
    const { attempts } = progress;
    return { revision, paused, held, isGateOpen, recall, attempts, calls, analyses: unstored, ...this.bans.carry() };
  }

  status(historyLength: number): WorkflowStatus {
    const { plan, stepStates, callsMade, progress } = this.progress;
    return {
      state: this.shown(),
      revision: plan?.revision ?? 0,
      progress,
      callsMade,
      historyLength,
      steps: (plan?.steps ?? []).map(({ id, label }) => ({ id, label, state: stepStates[id] ?? 'pending' })),
    };
  }
}
