import {
  applyObservation,
  applyPlan,
  attemptsAfterFailure,
  type GoalProgress,
  isPlanDone,
  MAX_REVISIONS,
  nextSteps,
  startGoal,
  startStep,
  stepsIn,
} from '../../goals/goal-progress';
import { loopBans, type LoopRecord, loopVerdict, NO_LOOPS, noteCall } from '../../goals/loop-guard';
import { UnknownTaskError } from '../../errors';
import type { TaskRequest } from '../../goals/goal';
import { resolveTask } from '../../intent/resolve-task';
import type { Recall } from '../../memory/memory';
import { analyseObservation } from '../../observation/analyse';
import { observe } from '../../observation/observe';
import type { Analysis, Observation } from '../../observation/observation';
import { offerOf } from '../../planning/offer';
import type { Plan, PlanStep } from '../../planning/plan';
import { planTask } from '../../planning/plan-goal';
import { repairPlan } from '../../planning/repair-plan';
import { lessonsForStep } from '../../selection/lessons-for-step';
import { selectAction } from '../../selection/select-action';
import { NoPlanError } from '../../errors';
import type { GoalEvidence } from '../evidence';
import { gatherEvidence } from '../gather-evidence';
import { lessonsOf } from '../lesson';
import { callWorld, WORKS_TOOLS, type WorldGoal, worksPack } from './world';

const MAX_CALLS = 50;
const { packs } = offerOf(
  [worksPack],
  WORKS_TOOLS.map(({ name }) => name),
);

interface At {
  readonly seed: string;
  readonly nowMs: number;
}

/**
 * Pursues a goal in the simulated world with the product's own understanding of words, planner, selection, observation, analysis
 * and loop guard, step after step as a goal's workflow does; no clock but the given.
 */
export function pursue(goal: WorldGoal, recall: Recall, at: At): GoalEvidence {
  const { task, questions } = understood(goal, recall);
  const pursuit = new Pursuit(goal, recall, at);
  pursuit.toItsEnd(task);
  const { plan, callsMade } = pursuit.progress;
  if (!plan) throw new Error(`the simulated goal ${goal.id} has no plan`);
  const { calls, earlierSteps } = pursuit;
  const took = [...pursuit.took];
  return gatherEvidence({
    ...{ goalId: goal.id, atMs: at.nowMs, arm: recall.learned?.arm ?? 'on', verified: isPlanDone(pursuit.progress) },
    ...{
      objective: goal.words ?? '',
      namedTask: goal.words === null,
      plan,
      earlierSteps,
      calls,
      callsMade,
      questions,
      took,
    },
    ...{ taint: [], versions: {} },
  });
}

/** What the words mean; where that is not clear a person is asked, who knows. */
function understood({ words, task, args }: WorldGoal, recall: Recall): { task: TaskRequest; questions: number } {
  const meant = { name: task, args };
  if (words === null) return { task: meant, questions: 0 };
  try {
    const learned = recall.learned;
    const found = resolveTask({ objective: words, task: null }, packs, learned ? { learned } : {});
    // A person who gets another task than the one that was meant says so.
    return found.request.name === task ? { task: found.request, questions: 0 } : { task: meant, questions: 2 };
  } catch (error) {
    if (error instanceof UnknownTaskError) return { task: meant, questions: 1 };
    throw error;
  }
}

/** One goal between its first plan and its end. */
class Pursuit {
  progress: GoalProgress = startGoal();
  readonly calls: { observation: Observation; analysis: Analysis }[] = [];
  readonly earlierSteps: PlanStep[] = [];
  /** Lessons that took part. */
  readonly took = new Set<string>();
  private readonly banned = new Map<string, string[]>();
  private readonly tries = new Map<string, number>();
  private loops: LoopRecord = NO_LOOPS;
  private isOver = false;

  constructor(
    private readonly goal: WorldGoal,
    private readonly recall: Recall,
    private readonly at: At,
  ) {}

  toItsEnd(request: TaskRequest): void {
    const { methodStats, learned } = this.recall;
    const known = { packs, methodStats, ...(learned ? { learned } : {}) };
    this.follow(planTask({ ...known, request }));
    while (!this.isOver && !isPlanDone(this.progress)) {
      const [step] = this.progress.faults.length > 0 ? [] : nextSteps(this.progress, 1);
      if (step) this.tryOnce(step);
      else if (!this.repair(known)) return;
    }
  }

  private follow(plan: Plan): void {
    plan.lessons?.forEach(({ id }) => this.took.add(id));
    this.progress = applyPlan(this.progress, plan);
  }

  /** False when no way is left. */
  private repair(known: Pick<Parameters<typeof repairPlan>[0], 'packs' | 'methodStats' | 'learned'>): boolean {
    const { plan, faults, facts } = this.progress;
    if (!plan || faults.length === 0) return false;
    const succeeded = stepsIn(this.progress, 'succeeded');
    try {
      const next = repairPlan({ ...known, plan, faults, succeeded, observed: { facts, denied: [] } });
      if (next.revision > MAX_REVISIONS) return false;
      this.earlierSteps.push(...plan.steps);
      this.follow(next);
      return true;
    } catch (error) {
      if (error instanceof NoPlanError) return false;
      throw error;
    }
  }

  private tryOnce(step: PlanStep): void {
    const tool = this.choose(step);
    if (tool === null) return this.block(step);
    const before = this.progress.facts;
    this.progress = startStep(this.progress, step.id);
    const observation = this.call(step, tool);
    const analysis = this.judge(step, observation);
    analysis.lessons?.forEach(({ id }) => this.took.add(id));
    this.calls.push({ observation, analysis });
    this.note(step, { observation, analysis, before });
    this.progress = applyObservation(this.progress, observation, analysis);
    if (analysis.next === 'alternative') this.banned.set(step.id, [...(this.banned.get(step.id) ?? []), tool]);
    if (analysis.next === 'give_up') this.isOver = true;
  }

  private choose(step: PlanStep): string | null {
    const { goal, recall, progress, at } = this;
    const names = new Set(step.tools.map(({ tool }) => tool));
    const banReasons = loopBans(this.loops, step.tools, progress.facts);
    const decision = selectAction({
      ...{ goalId: goal.id, step, episodes: recall.episodes, facts: progress.facts, nowMs: at.nowMs, banReasons },
      tools: WORKS_TOOLS.filter(({ name }) => names.has(name)),
      stats: recall.toolStats.filter((stat) => names.has(stat.tool)),
      learned: lessonsForStep(recall.learned, step),
      calibration: recall.calibration,
      banned: [...(this.banned.get(step.id) ?? []), ...Object.keys(banReasons)],
    });
    for (const { lessons = [] } of decision.candidates) lessons.forEach(({ id }) => this.took.add(id));
    return decision.chosen?.tool ?? null;
  }

  private call(step: PlanStep, tool: string): Observation {
    const key = `${step.operator} ${tool}`;
    const tryNo = (this.tries.get(key) ?? 0) + 1;
    this.tries.set(key, tryNo);
    const report = callWorld(this.at.seed, this.goal, { step, tool, tryNo, facts: this.progress.facts });
    return observe({ step, tool: { name: tool, costUsd: 0 }, report, summary: tool, facts: [], replayed: false });
  }

  private judge(step: PlanStep, observation: Observation): Analysis {
    const { progress, recall } = this;
    const { learned } = recall;
    const hasWorked = observation.outcome === 'success';
    return analyseObservation({
      ...{ stepCount: progress.plan?.steps.length ?? 0, step, observation, maxSteps: MAX_CALLS },
      done: stepsIn(progress, 'succeeded').length + (hasWorked ? 1 : 0),
      attempts: hasWorked
        ? (progress.attempts[step.id] ?? [])
        : attemptsAfterFailure(progress, step.id, observation.tool),
      callsSoFar: progress.callsMade,
      recoveries: learned?.arm === 'off' ? [] : lessonsOf(lessonsForStep(learned, step), 'error_recovery'),
    });
  }

  private note(
    step: PlanStep,
    { observation, analysis, before }: { observation: Observation; analysis: Analysis; before: GoalProgress['facts'] },
  ): void {
    const binding = step.tools.find(({ tool }) => tool === observation.tool);
    if (!binding) return;
    const { revision, plan } = this.progress;
    const [worked, isFinal] = [observation.outcome === 'success', analysis.next !== 'retry'];
    this.loops = noteCall(this.loops, { binding, facts: before, worked, isFinal, revision });
    if (analysis.next !== 'finish' && loopVerdict(this.loops, plan?.steps.length ?? 0)) this.isOver = true;
  }

  /** No action can be chosen: a fault for the next revision. */
  private block(step: PlanStep): void {
    const { faults, stepStates } = this.progress;
    const fault = { stepId: step.id, code: 'selection.no_candidate', message: 'no tool is left' };
    this.progress = {
      ...this.progress,
      faults: [...faults, fault],
      stepStates: { ...stepStates, [step.id]: 'failed' },
    };
  }
}
