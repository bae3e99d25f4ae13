import type {
  Analysis,
  Fact,
  Goal,
  GoalFailure,
  GoalState,
  Observation,
  Plan,
  PlanFault,
  PlanStep,
  Recall,
  ToolDescriptor,
} from '@goalkeeper/domain';
import type { WorkflowStatus } from '../client';
import type { AnalyseInput, PlanGoalResult } from '../ports';

interface FailedCalls {
  readonly tool: string;
  readonly failures: number;
}

/** What is remembered of one step besides whether it is done. */
interface StepMemory {
  readonly calls: number;
  readonly failed: readonly FailedCalls[];
  readonly banned: readonly string[];
}

const UNTRIED: StepMemory = { calls: 0, failed: [], banned: [] };

/** What survives continue-as-new; everything else is read back from the store by `planGoal`. */
export interface CarriedRun {
  readonly revision: number;
  readonly paused: boolean;
  readonly isGateOpen: boolean;
  readonly recall: Recall;
  readonly memory: Readonly<Record<string, StepMemory>>;
  readonly analyses: readonly Analysis[];
}

type Planned = Extract<PlanGoalResult, { kind: 'planned' }>;

/** The bookkeeping of one goal's workflow: plain state and the few changes that it knows; no waiting, no decisions. */
export class GoalRun {
  state: GoalState = 'planning';
  paused = false;
  /** The goals it depends on are done, and memory has been asked. */
  isGateOpen = false;
  /** Why the goal is to be stopped, once somebody asked for it. */
  stopReason: string | null = null;
  recall: Recall = { episodes: [], toolStats: [], methodStats: [] };
  plan: Plan | null = null;
  tools: readonly ToolDescriptor[] = [];
  facts: readonly Fact[] = [];
  decisions: 'local' | 'remote' = 'local';
  callsMade = 0;
  progress = 0;
  revision = 1;
  /** What the next revision must work around. */
  faults: PlanFault[] = [];
  /** Set when going on makes no sense. */
  failure: GoalFailure | null = null;
  readonly succeeded = new Set<string>();
  readonly running = new Set<string>();
  private memory: Record<string, StepMemory> = {};
  private unstored: Analysis[] = [];

  constructor(
    readonly goal: Goal,
    carried: CarriedRun | null,
  ) {
    if (!carried) return;
    this.revision = carried.revision;
    this.paused = carried.paused;
    this.isGateOpen = carried.isGateOpen;
    this.recall = carried.recall;
    this.memory = { ...carried.memory };
    this.unstored = [...carried.analyses];
  }

  /** Takes over a plan together with what the store knows to be done already. */
  adopt(planned: Planned): void {
    const { plan } = planned;
    this.plan = plan;
    this.revision = plan.revision;
    this.tools = planned.tools;
    this.facts = planned.facts;
    this.decisions = planned.decisions;
    this.callsMade = Math.max(this.callsMade, planned.callsMade);
    this.faults = [];
    this.succeeded.clear();
    const known = new Set(plan.steps.map(({ id }) => id));
    for (const id of planned.completed) if (known.has(id)) this.succeeded.add(id);
    this.progress = known.size === 0 ? 0 : this.succeeded.size / known.size;
  }

  isPlanDone(): boolean {
    return this.plan !== null && this.plan.steps.every(({ id }) => this.succeeded.has(id));
  }

  /** True when nothing further may be dispatched before a repair or the end. */
  isBlocked(): boolean {
    return this.failure !== null || this.faults.length > 0;
  }

  begin(step: PlanStep): void {
    this.running.add(step.id);
  }

  end(step: PlanStep): void {
    this.running.delete(step.id);
  }

  /** Numbers the calls of a step from 1, over all revisions. */
  nextCall(step: PlanStep): number {
    const known = this.memoryOf(step);
    this.memory[step.id] = { ...known, calls: known.calls + 1 };
    this.callsMade += 1;
    return known.calls + 1;
  }

  bannedTools(step: PlanStep): readonly string[] {
    return this.memoryOf(step).banned;
  }

  /** What the analysis needs to know; a failed call is counted first. */
  judgementOf(step: PlanStep, observation: Observation): AnalyseInput {
    if (observation.outcome !== 'success') this.countFailure(step, observation.tool);
    return {
      stepCount: this.plan?.steps.length ?? 0,
      step,
      observation,
      succeeded: this.succeeded.size + (observation.outcome === 'success' ? 1 : 0),
      failedCalls: this.memoryOf(step).failed,
      maxSteps: this.goal.maxSteps,
      callsMade: this.callsMade,
    };
  }

  /** Carries out what the analysis says; `again` means another round for the step. */
  conclude(step: PlanStep, observation: Observation, analysis: Analysis): 'ended' | 'again' {
    this.unstored.push(analysis);
    this.progress = Math.max(this.progress, analysis.progress);
    switch (analysis.next) {
      case 'continue':
      case 'finish':
        this.succeeded.add(step.id);
        this.facts = [
          ...this.facts.filter((fact) => !observation.factsRemoved.some((gone) => isSame(fact, gone))),
          ...observation.factsAdded,
        ];
        return 'ended';
      case 'retry':
        return 'again';
      case 'alternative':
        this.ban(step, observation.tool);
        return 'again';
      case 'replan':
        this.block(step, observation.error?.code ?? 'step.failed', observation.error?.message ?? analysis.reason);
        return 'ended';
      case 'ask':
      case 'give_up':
        this.giveUp(step, observation, analysis);
        return 'ended';
    }
  }

  block(step: PlanStep, code: string, message: string): void {
    this.faults.push({ stepId: step.id, code, message });
  }

  /** Judgements that no transaction holds yet; whoever stores them takes them. */
  takeAnalyses(): readonly Analysis[] {
    return this.unstored.splice(0);
  }

  carry(): CarriedRun {
    const { revision, paused, isGateOpen, recall, memory, unstored } = this;
    return { revision, paused, isGateOpen, recall, memory, analyses: unstored };
  }

  status(historyLength: number): WorkflowStatus {
    const faulty = new Set(this.faults.map(({ stepId }) => stepId));
    const stateOf = (id: string): WorkflowStatus['steps'][number]['state'] =>
      this.succeeded.has(id) ? 'succeeded' : this.running.has(id) ? 'running' : faulty.has(id) ? 'failed' : 'pending';
    return {
      state: this.paused && this.state === 'running' ? 'paused' : this.state,
      revision: this.plan?.revision ?? 0,
      progress: this.progress,
      callsMade: this.callsMade,
      historyLength,
      steps: (this.plan?.steps ?? []).map(({ id, label }) => ({ id, label, state: stateOf(id) })),
    };
  }

  private memoryOf(step: PlanStep): StepMemory {
    return this.memory[step.id] ?? UNTRIED;
  }

  private ban(step: PlanStep, tool: string): void {
    const known = this.memoryOf(step);
    this.memory[step.id] = { ...known, banned: [...known.banned, tool] };
  }

  private countFailure(step: PlanStep, tool: string): void {
    const known = this.memoryOf(step);
    const before = known.failed.find((call) => call.tool === tool)?.failures ?? 0;
    const others = known.failed.filter((call) => call.tool !== tool);
    this.memory[step.id] = { ...known, failed: [...others, { tool, failures: before + 1 }] };
  }

  private giveUp(step: PlanStep, observation: Observation, analysis: Analysis): void {
    const uncertain = analysis.next === 'ask';
    this.failure = {
      code: uncertain ? 'effect.uncertain' : (observation.error?.code ?? 'goal.given_up'),
      message: `${step.label}: ${analysis.reason}`,
      hint: uncertain ? 'Find out outside whether the effect happened, then start the goal anew.' : '',
      details: { step: step.label, tool: observation.tool },
    };
  }
}

function isSame(a: Fact, b: Fact): boolean {
  return a.predicate === b.predicate && JSON.stringify(a.args) === JSON.stringify(b.args);
}
